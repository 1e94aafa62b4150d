/* SPDX-License-Identifier: MIT */
#include "image.h"

#include "symbols.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

unsigned image_word_size(const struct image *image)
{
	return image->is64 ? 8 : 4;
}

uint64_t image_word_mask(const struct image *image)
{
	return image->is64 ? UINT64_MAX : UINT32_MAX;
}

static bool parse_ident(struct image *image, struct outcome *why)
{
	struct bytes ident;

	if (image->file.size < 4 || memcmp(image->file.data, "\177ELF", 4) != 0)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_NOT_ELF, "not an ELF file");
	if (!bytes_sub(image->file, 0, EI_NIDENT, &ident))
		return malformed(why, "e_ident needs %d bytes but the file has %" PRIu64, EI_NIDENT,
		                 image->file.size);
	if (ident.data[EI_CLASS] != ELFCLASS32 && ident.data[EI_CLASS] != ELFCLASS64)
		return malformed(why, "EI_CLASS is %d, expected %d or %d", ident.data[EI_CLASS],
		                 ELFCLASS32, ELFCLASS64);
	if (ident.data[EI_DATA] != ELFDATA2LSB && ident.data[EI_DATA] != ELFDATA2MSB)
		return malformed(why, "EI_DATA is %d, expected %d or %d", ident.data[EI_DATA],
		                 ELFDATA2LSB, ELFDATA2MSB);
	image->osabi = ident.data[EI_OSABI];
	if (ident.data[EI_VERSION] != EV_CURRENT)
		return malformed(why, "EI_VERSION is %d, expected %d", ident.data[EI_VERSION],
		                 EV_CURRENT);
	image->is64 = ident.data[EI_CLASS] == ELFCLASS64;
	image->order = ident.data[EI_DATA] == ELFDATA2MSB ? ORDER_BIG : ORDER_LITTLE;
	return true;
}

static bool parse_ehdr(struct image *image, struct outcome *why)
{
	struct bytes ehdr;
	unsigned size = EHDR_SIZE(image->is64);
	uint64_t version;

	if (!bytes_sub(image->file, 0, size, &ehdr))
		return malformed(why, "the ELF header needs %u bytes but the file has %" PRIu64,
		                 size, image->file.size);
	image->type = (uint16_t)image_known(image, ehdr, 0, E_TYPE);
	image->machine = (uint16_t)image_known(image, ehdr, 0, E_MACHINE);
	image->entry = image_known(image, ehdr, 0, E_ENTRY);
	image->phdrs = image_known(image, ehdr, 0, E_PHOFF);
	version = image_known(image, ehdr, 0, E_VERSION);
	if (version != EV_CURRENT)
		return malformed(why, "e_version is %" PRIu64 ", expected %d", version, EV_CURRENT);
	return true;
}

/*
 * Linux runs no file whose program headers take more than 64 KiB (fs/binfmt_elf.c), so nothing
 * is lost by stopping there, and the work on a hostile file stays bounded.
 */
enum { PHDRS_MAX_BYTES = 65536 };

static bool find_segments(const struct image *image, struct bytes *table, uint64_t *count,
                          struct outcome *why)
{
	uint64_t offset = image->phdrs;
	uint64_t entsize = image_known(image, image->file, 0, E_PHENTSIZE);
	unsigned size = PHDR_SIZE(image->is64);

	*count = image_known(image, image->file, 0, E_PHNUM);
	if (*count != 0 && entsize != size)
		return malformed(why, "e_phentsize is %" PRIu64 ", expected %u", entsize, size);
	if (*count > PHDRS_MAX_BYTES / size)
		return malformed(why, "e_phnum is %" PRIu64 ", but Linux runs at most %u", *count,
		                 PHDRS_MAX_BYTES / size);
	if (!bytes_table(image->file, offset, *count, size, table))
		return malformed(why, "e_phoff 0x%" PRIx64 ": %" PRIu64 " program headers of %u "
		                 "bytes end outside the file of %" PRIu64 " bytes",
		                 offset, *count, size, image->file.size);
	return true;
}

static struct segment read_segment(const struct image *image, struct bytes table, uint64_t index)
{
	uint64_t at = index * PHDR_SIZE(image->is64);

	return (struct segment){
		.type = (uint32_t)image_known(image, table, at, P_TYPE),
		.order = (uint32_t)index,
		.flags = (uint32_t)image_known(image, table, at, P_FLAGS),
		.offset = image_known(image, table, at, P_OFFSET),
		.filesz = image_known(image, table, at, P_FILESZ),
		.vaddr = image_known(image, table, at, P_VADDR),
		.memsz = image_known(image, table, at, P_MEMSZ),
	};
}

static bool check_segment(const struct image *image, const struct segment *segment,
                          uint64_t index, struct outcome *why)
{
	if (!bytes_has(image->file, segment->offset, segment->filesz))
		return malformed(why, "program header %" PRIu64 ": p_offset 0x%" PRIx64
		                 " + p_filesz 0x%" PRIx64 " ends outside the file of %" PRIu64
		                 " bytes", index, segment->offset, segment->filesz,
		                 image->file.size);
	if (segment->type == PT_LOAD && segment->filesz > segment->memsz)
		return malformed(why, "program header %" PRIu64 ": p_filesz 0x%" PRIx64
		                 " is larger than p_memsz 0x%" PRIx64, index, segment->filesz,
		                 segment->memsz);
	if (segment->memsz > image_word_mask(image) - segment->vaddr)
		return malformed(why, "program header %" PRIu64 ": p_vaddr 0x%" PRIx64
		                 " + p_memsz 0x%" PRIx64 " wraps", index, segment->vaddr,
		                 segment->memsz);
	return true;
}

/*
 * The gABI requires ascending p_vaddr; Linux also starts files that violate this (-Tdata below the
 * image base), so we sort: addresses are looked up by bisection.
 */
static bool add_load(struct image *image, const struct segment *segment, uint64_t index,
                     struct outcome *why)
{
	struct segment *loads = image->loads;
	const struct segment *other = NULL;
	size_t at = image->load_count;

	while (at > 0 && loads[at - 1].vaddr > segment->vaddr)
		at--;
	if (at > 0 && segment->vaddr < loads[at - 1].vaddr + loads[at - 1].memsz)
		other = &loads[at - 1];
	if (at < image->load_count && loads[at].vaddr < segment->vaddr + segment->memsz)
		other = &loads[at];
	if (other)
		return malformed(why, "program header %" PRIu64 ": PT_LOAD 0x%" PRIx64 "..0x%" PRIx64
		                 " overlaps the one at 0x%" PRIx64 "..0x%" PRIx64, index,
		                 segment->vaddr, segment->vaddr + segment->memsz, other->vaddr,
		                 other->vaddr + other->memsz);
	memmove(&loads[at + 1], &loads[at], (image->load_count - at) * sizeof(*loads));
	loads[at] = *segment;
	image->load_count++;
	return true;
}

/* The real notes of a file have a few hundred bytes; looking further only costs time. */
enum { NOTES_MAX_BYTES = 65536 };

/*
 * Notes: namesz, descsz, type, then name and descriptor, each padded to 4 bytes (gABI). At most @left
 * bytes are looked at, of which it takes those that were.
 */
static bool has_abi_tag(const struct image *image, const struct segment *segment, uint64_t *left)
{
	struct bytes notes;
	uint64_t at = 0, name_size, desc_size, type;
	uint64_t size = segment->filesz < *left ? segment->filesz : *left;

	if (!bytes_sub(image->file, segment->offset, size, &notes))
		return false;
	*left -= size;
	while (bytes_read(notes, at, 4, image->order, &name_size) &&
	       bytes_read(notes, at + 4, 4, image->order, &desc_size) &&
	       bytes_read(notes, at + 8, 4, image->order, &type)) {
		if (type == NT_GNU_ABI_TAG && name_size == 4 && bytes_has(notes, at + 12, 4) &&
		    memcmp(notes.data + at + 12, "GNU", 4) == 0)
			return true;
		at += 12 + ((name_size + 3) & ~(uint64_t)3) + ((desc_size + 3) & ~(uint64_t)3);
	}
	return false;
}

static const uint32_t dynamic_tags[DYN_COUNT] = {
	[DYN_RELA] = DT_RELA, [DYN_RELASZ] = DT_RELASZ, [DYN_RELAENT] = DT_RELAENT,
	[DYN_REL] = DT_REL, [DYN_RELSZ] = DT_RELSZ, [DYN_RELENT] = DT_RELENT,
	[DYN_JMPREL] = DT_JMPREL, [DYN_PLTRELSZ] = DT_PLTRELSZ, [DYN_PLTREL] = DT_PLTREL,
	[DYN_SYMTAB] = DT_SYMTAB, [DYN_SYMENT] = DT_SYMENT,
	[DYN_STRTAB] = DT_STRTAB, [DYN_STRSZ] = DT_STRSZ,
	[DYN_RELR] = DT_RELR, [DYN_RELRSZ] = DT_RELRSZ,
	[DYN_ANDROID_REL] = DT_ANDROID_REL, [DYN_ANDROID_RELSZ] = DT_ANDROID_RELSZ,
	[DYN_ANDROID_RELA] = DT_ANDROID_RELA, [DYN_ANDROID_RELASZ] = DT_ANDROID_RELASZ,
	[DYN_ANDROID_RELR] = DT_ANDROID_RELR,
	[DYN_RPATH] = DT_RPATH, [DYN_RUNPATH] = DT_RUNPATH,
	[DYN_FLAGS_1] = DT_FLAGS_1,
};

/* One outside the file is reported later, once it is clear that startup would read it. */
static void parse_dynamic(struct image *image, const struct segment *segment)
{
	struct bytes table;
	unsigned size = DYN_SIZE(image->is64);

	if (image->has_dynamic)
		return;
	image->has_dynamic = true;
	image->dynamic_segment = *segment;
	if (!bytes_sub(image->file, segment->offset, segment->filesz, &table))
		return;
	for (uint64_t at = 0; bytes_has(table, at, size); at += size) {
		uint64_t tag = image_known(image, table, at, D_TAG);
		if (tag == DT_NULL)
			break;
		for (unsigned i = 0; i < DYN_COUNT; i++)
			if (dynamic_tags[i] == tag)
				image->dynamic[i] = image_known(image, table, at, D_VAL);
	}
}

static enum image_kind classify(const struct image *image)
{
	if (image->dynamic[DYN_FLAGS_1] & DF_1_PIE)
		return IMAGE_STATIC_PIE;
	return image->type == ET_EXEC ? IMAGE_STATIC : IMAGE_DYNAMIC;
}

/* Which kind of file it is follows from what nothing else has to be judged for. */
static void survey(struct image *image, struct bytes table, uint64_t count)
{
	uint64_t notes = NOTES_MAX_BYTES;

	for (uint64_t i = 0; i < count; i++) {
		struct segment segment = read_segment(image, table, i);
		if (segment.type == PT_INTERP && !image->has_interp) {
			image->has_interp = true;
			image->interp = segment;
		}
		if (segment.type == PT_DYNAMIC)
			parse_dynamic(image, &segment);
		if (segment.type == PT_NOTE)
			image->has_abi_tag |= has_abi_tag(image, &segment, &notes);
	}
	image->kind = classify(image);
}

/*
 * Whether a byte may be in memory twice, or PT_DYNAMIC in another place than its address says. No
 * linker writes that.
 */
static bool shares_bytes(const struct image *image)
{
	const struct segment *dynamic = &image->dynamic_segment;
	uint64_t offset;

	for (size_t i = 1; i < image->load_count; i++) {
		const struct segment *before = &image->loads[i - 1], *load = &image->loads[i];
		if (load->offset < before->offset ||
		    load->offset - before->offset < before->filesz)
			return true;
	}
	return image->has_dynamic &&
	       !(image_offset(image, dynamic->vaddr, dynamic->filesz, &offset) &&
	         offset == dynamic->offset);
}

static bool load_segments(struct image *image, struct bytes table, uint64_t count,
                          struct outcome *why)
{
	image->loads = calloc((size_t)count + 1, sizeof(*image->loads));
	if (!image->loads)
		return no_memory(why, "no memory for %" PRIu64 " program headers", count);
	for (uint64_t i = 0; i < count; i++) {
		struct segment segment = read_segment(image, table, i);
		if (segment.type == PT_GNU_EH_FRAME)
			image->eh_frame = segment;
		if (segment.type != PT_LOAD && segment.type != PT_DYNAMIC)
			continue;
		if (!check_segment(image, &segment, i, why))
			return false;
		if (segment.type == PT_LOAD && !add_load(image, &segment, i, why))
			return false;
	}
	image->shares_bytes = shares_bytes(image);
	return true;
}

static bool parse(struct bytes file, struct image *out, struct outcome *why)
{
	struct bytes table;
	uint64_t count;

	*out = (struct image){ .file = file, .kind = IMAGE_OTHER };
	if (!parse_ident(out, why) || !parse_ehdr(out, why))
		return false;
	if (out->type != ET_EXEC && out->type != ET_DYN)
		return true;
	if (!find_segments(out, &table, &count, why))
		return false;
	survey(out, table, count);
	if (out->kind == IMAGE_DYNAMIC)
		return true;
	sections_find(out);
	return load_segments(out, table, count, why);
}

bool image_parse(struct bytes file, struct image *out, struct outcome *why)
{
	if (parse(file, out, why))
		return true;
	if (!out->has_interp || why->reason != IRELFIX_REASON_MALFORMED)
		return false;
	image_free(out);
	out->kind = IMAGE_DYNAMIC;
	return true;
}

void image_free(struct image *image)
{
	free(image->loads);
	image->loads = NULL;
	image->load_count = 0;
}

bool image_phdr(const struct image *image, uint32_t type, uint64_t *index, uint64_t *offset)
{
	struct bytes table;
	struct outcome ignored;
	uint64_t count;

	if (!find_segments(image, &table, &count, &ignored))
		return false;
	for (; *index < count; ++*index) {
		if (read_segment(image, table, *index).type != type)
			continue;
		*offset = image->phdrs + *index * PHDR_SIZE(image->is64) + P_TYPE.offset[image->is64];
		return true;
	}
	return false;
}

/* UPX writes its l_info behind the program headers: a checksum, then the magic number. */
bool image_is_packed(const struct image *image)
{
	uint64_t count = image_known(image, image->file, 0, E_PHNUM);
	struct bytes magic;

	return count <= PHDRS_MAX_BYTES / PHDR_SIZE(image->is64) && image->phdrs <= image->file.size &&
	       bytes_sub(image->file, image->phdrs + count * PHDR_SIZE(image->is64) + 4, 4, &magic) &&
	       memcmp(magic.data, "UPX!", 4) == 0;
}

const char *image_interp(const struct image *image)
{
	struct bytes name;

	if (!image->has_interp ||
	    !bytes_sub(image->file, image->interp.offset, image->interp.filesz, &name) ||
	    name.size == 0 || !memchr(name.data, '\0', (size_t)name.size))
		return "";
	return (const char *)name.data;
}

const struct segment *image_segment(const struct image *image, uint64_t address, uint64_t len)
{
	size_t low = 0, high = image->load_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct segment *segment = &image->loads[middle];
		if (address < segment->vaddr)
			high = middle;
		else if (address - segment->vaddr >= segment->memsz)
			low = middle + 1;
		else
			return len <= segment->memsz - (address - segment->vaddr) ? segment : NULL;
	}
	return NULL;
}

bool image_is_base(const struct image *image, uint64_t address)
{
	const struct segment *segment = image_segment(image, address, 1);

	return (segment && segment->vaddr == address) ||
	       (image->load_count > 0 &&
	        address == image->loads[0].vaddr - image->loads[0].offset);
}

bool image_allows(const struct image *image, uint64_t address, uint64_t len, uint32_t flags)
{
	const struct segment *segment = image_segment(image, address, len);

	return segment && (segment->flags & flags) == flags;
}

bool image_offset(const struct image *image, uint64_t address, uint64_t len, uint64_t *offset)
{
	const struct segment *segment = image_segment(image, address, len);

	if (!segment || address - segment->vaddr > segment->filesz ||
	    len > segment->filesz - (address - segment->vaddr))
		return false;
	*offset = segment->offset + (address - segment->vaddr);
	return true;
}

bool image_view(const struct image *image, uint64_t address, uint64_t len, struct bytes *out)
{
	uint64_t offset;

	return image_offset(image, address, len, &offset) &&
	       bytes_sub(image->file, offset, len, out);
}

bool image_word(const struct image *image, uint64_t address, uint64_t *out)
{
	unsigned width = image_word_size(image);
	struct bytes word;

	return image_view(image, address, width, &word) && effort_look(image->effort, word.data) &&
	       bytes_read(word, 0, width, image->order, out);
}
