/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

unsigned image_word_size(const struct image *image)
{
	return image->is64 ? 8 : 4;
}

bool image_field(const struct image *image, struct bytes from, uint64_t base,
                 struct elf_field field, uint64_t *out)
{
	struct bytes at;
	unsigned offset = field.offset[image->is64], width = field.width[image->is64];

	return bytes_sub(from, base, from.size - (base < from.size ? base : from.size), &at) &&
	       bytes_read(at, offset, width, image->order, out);
}

/* A field of a structure whose size has been checked already. */
static uint64_t known(const struct image *image, struct bytes from, uint64_t base,
                      struct elf_field field)
{
	uint64_t value = 0;

	image_field(image, from, base, field, &value);
	return value;
}

static bool parse_ident(struct image *image, struct outcome *why)
{
	struct bytes ident;

	if (image->file.size < 4 || memcmp(image->file.data, "\177ELF", 4) != 0)
		return malformed(why, "not an ELF file");
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
	image->type = (uint16_t)known(image, ehdr, 0, E_TYPE);
	image->machine = (uint16_t)known(image, ehdr, 0, E_MACHINE);
	image->entry = known(image, ehdr, 0, E_ENTRY);
	image->phdrs = known(image, ehdr, 0, E_PHOFF);
	version = known(image, ehdr, 0, E_VERSION);
	if (version != EV_CURRENT)
		return malformed(why, "e_version is %" PRIu64 ", expected %d", version, EV_CURRENT);
	return true;
}

/*
 * Section headers serve messages and .symtab only, and no loader reads them: a table that does
 * not hold together counts as none. gABI: with many sections the numbers stand in section 0.
 */
static void find_sections(struct image *image)
{
	struct bytes ehdr = image->file;
	uint64_t offset = known(image, ehdr, 0, E_SHOFF);
	uint64_t count = known(image, ehdr, 0, E_SHNUM);
	uint64_t names = known(image, ehdr, 0, E_SHSTRNDX);
	unsigned size = SHDR_SIZE(image->is64);

	if (offset == 0 || known(image, ehdr, 0, E_SHENTSIZE) != size ||
	    !bytes_has(image->file, offset, size))
		return;
	if (count == 0)
		count = known(image, image->file, offset, SH_SIZE);
	if (names == SHN_XINDEX)
		names = known(image, image->file, offset, SH_LINK);
	if (!bytes_table(image->file, offset, count, size, &image->sections))
		return;
	image->section_count = count;
	image->section_names = names;
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
	uint64_t entsize = known(image, image->file, 0, E_PHENTSIZE);
	unsigned size = PHDR_SIZE(image->is64);

	*count = known(image, image->file, 0, E_PHNUM);
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
		.type = (uint32_t)known(image, table, at, P_TYPE),
		.flags = (uint32_t)known(image, table, at, P_FLAGS),
		.offset = known(image, table, at, P_OFFSET),
		.filesz = known(image, table, at, P_FILESZ),
		.vaddr = known(image, table, at, P_VADDR),
		.memsz = known(image, table, at, P_MEMSZ),
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
	if (segment->memsz > UINT64_MAX - segment->vaddr)
		return malformed(why, "program header %" PRIu64 ": p_vaddr 0x%" PRIx64
		                 " + p_memsz 0x%" PRIx64 " wraps", index, segment->vaddr,
		                 segment->memsz);
	return true;
}

/*
 * gABI: PT_LOADs ascend by p_vaddr. Linux starts an ET_EXEC whose ones do not, too (-Tdata below the
 * image base); looking addresses up by bisection relies on the order, so they are sorted.
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

/* A segment of real notes has a few hundred bytes; looking further only costs time. */
enum { NOTES_MAX_BYTES = 65536 };

/* Notes: namesz, descsz, type, then name and descriptor, each padded to 4 bytes (gABI). */
static bool has_abi_tag(const struct image *image, const struct segment *segment)
{
	struct bytes notes;
	uint64_t at = 0, name_size, desc_size, type;
	uint64_t size = segment->filesz < NOTES_MAX_BYTES ? segment->filesz : NOTES_MAX_BYTES;

	if (!bytes_sub(image->file, segment->offset, size, &notes))
		return false;
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
		uint64_t tag = known(image, table, at, D_TAG);
		if (tag == DT_NULL)
			break;
		for (unsigned i = 0; i < DYN_COUNT; i++)
			if (dynamic_tags[i] == tag)
				image->dynamic[i] = known(image, table, at, D_VAL);
	}
}

static enum image_kind classify(const struct image *image, bool interp)
{
	if (interp)
		return IMAGE_DYNAMIC;
	if (image->dynamic[DYN_FLAGS_1] & DF_1_PIE)
		return IMAGE_STATIC_PIE;
	return image->type == ET_EXEC ? IMAGE_STATIC : IMAGE_DYNAMIC;
}

/* A file with PT_INTERP is done with before anything else in it is judged. */
static void survey(struct image *image, struct bytes table, uint64_t count)
{
	bool interp = false;

	for (uint64_t i = 0; i < count && !interp; i++)
		interp = read_segment(image, table, i).type == PT_INTERP;
	for (uint64_t i = 0; i < count && !interp; i++) {
		struct segment segment = read_segment(image, table, i);
		if (segment.type == PT_DYNAMIC)
			parse_dynamic(image, &segment);
		if (segment.type == PT_NOTE)
			image->has_abi_tag |= has_abi_tag(image, &segment);
	}
	image->kind = classify(image, interp);
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
		return malformed(why, "no memory for %" PRIu64 " program headers", count);
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

bool image_parse(struct bytes file, struct image *out, struct outcome *why)
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
	find_sections(out);
	return load_segments(out, table, count, why);
}

void image_free(struct image *image)
{
	free(image->loads);
	image->loads = NULL;
	image->load_count = 0;
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

	return image_view(image, address, width, &word) &&
	       bytes_read(word, 0, width, image->order, out);
}

/* Names are compared and printed; one that is longer than this serves for neither. */
enum { NAME_MAX_BYTES = 4096 };

/* The NUL-terminated string at @at of @strings, or "" when it does not end inside. */
static const char *string_at(struct bytes strings, uint64_t at)
{
	uint64_t left = at < strings.size ? strings.size - at : 0;

	if (left > NAME_MAX_BYTES)
		left = NAME_MAX_BYTES;
	if (left == 0 || !memchr(strings.data + at, 0, (size_t)left))
		return "";
	return (const char *)strings.data + at;
}

static void read_section(const struct image *image, uint64_t index, struct section *out)
{
	uint64_t at = index * SHDR_SIZE(image->is64);

	*out = (struct section){
		.name = "",
		.type = (uint32_t)known(image, image->sections, at, SH_TYPE),
		.link = (uint32_t)known(image, image->sections, at, SH_LINK),
		.address = known(image, image->sections, at, SH_ADDR),
		.offset = known(image, image->sections, at, SH_OFFSET),
		.size = known(image, image->sections, at, SH_SIZE),
		.entsize = known(image, image->sections, at, SH_ENTSIZE),
	};
}

bool image_section(const struct image *image, uint64_t index, struct section *out)
{
	struct section names;
	struct bytes strings;

	if (index >= image->section_count)
		return false;
	read_section(image, index, out);
	if (image->section_names >= image->section_count)
		return true;
	read_section(image, image->section_names, &names);
	if (bytes_sub(image->file, names.offset, names.size, &strings))
		out->name = string_at(strings, known(image, image->sections,
		                                     index * SHDR_SIZE(image->is64), SH_NAME));
	return true;
}

bool image_section_at(const struct image *image, uint64_t address, uint64_t size,
                      struct section *out)
{
	for (uint64_t i = 0; i < image->section_count; i++) {
		read_section(image, i, out);
		if (out->address == address && out->size == size && out->type != SHT_NOBITS)
			return image_section(image, i, out);
	}
	return false;
}

bool symtab_get(const struct image *image, const struct symtab *table, uint64_t index,
                struct symbol *out)
{
	uint64_t at, name, info;

	if (index >= table->count)
		return false;
	at = index * SYM_SIZE(image->is64);
	name = known(image, table->entries, at, ST_NAME);
	info = known(image, table->entries, at, ST_INFO);
	*out = (struct symbol){
		.name = string_at(table->strings, name),
		.binding = (uint8_t)(info >> 4),
		.type = (uint8_t)(info & 15),
		.shndx = (uint16_t)known(image, table->entries, at, ST_SHNDX),
		.value = known(image, table->entries, at, ST_VALUE),
		.size = known(image, table->entries, at, ST_SIZE),
	};
	return true;
}

bool image_dynsym(const struct image *image, uint64_t index, struct symbol *out)
{
	unsigned size = SYM_SIZE(image->is64);
	uint64_t base = image->dynamic[DYN_SYMTAB];
	struct symtab one = { .count = 1 };

	if (base == 0 || index > (UINT64_MAX - base) / size ||
	    !image_view(image, base + index * size, size, &one.entries))
		return false;
	if (!image_view(image, image->dynamic[DYN_STRTAB], image->dynamic[DYN_STRSZ], &one.strings))
		return false;
	return symtab_get(image, &one, 0, out);
}

bool image_symtab(const struct image *image, struct symtab *out)
{
	unsigned size = SYM_SIZE(image->is64);
	struct section table, strings;

	for (uint64_t i = 0; i < image->section_count; i++) {
		read_section(image, i, &table);
		if (table.type != SHT_SYMTAB)
			continue;
		if (table.entsize != size || table.link >= image->section_count)
			return false;
		read_section(image, table.link, &strings);
		out->offset = table.offset;
		out->count = table.size / size;
		return bytes_sub(image->file, table.offset, table.size, &out->entries) &&
		       bytes_sub(image->file, strings.offset, strings.size, &out->strings);
	}
	return false;
}

bool image_symbol(const struct image *image, const char *name, struct symbol *out)
{
	struct symtab table;

	if (!image_symtab(image, &table))
		return false;
	for (uint64_t i = 0; symtab_get(image, &table, i, out); i++)
		if (strcmp(out->name, name) == 0)
			return true;
	return false;
}

/* Where "@name <digit>" stands in @comment, or NULL. @name ends in a space. */
static const unsigned char *find_name(struct bytes comment, const char *name)
{
	size_t len = strlen(name);

	for (uint64_t i = 0; bytes_has(comment, i, len + 1); i++) {
		const unsigned char *at = comment.data + i;
		if (memcmp(at, name, len) == 0 && at[len] >= '0' && at[len] <= '9')
			return at;
	}
	return NULL;
}

static bool find_comment(const struct image *image, struct bytes *out)
{
	struct section section;

	for (uint64_t i = 0; i < image->section_count; i++)
		if (image_section(image, i, &section) && strcmp(section.name, ".comment") == 0)
			return bytes_sub(image->file, section.offset, section.size, out);
	return false;
}

/* Copies "@name VERSION" from @comment; false when it is not there. */
static bool copy_name(struct bytes comment, const char *name, char *out, size_t size)
{
	const unsigned char *at = find_name(comment, name), *end = comment.data + comment.size;
	size_t n = 0;

	if (!at)
		return false;
	for (; at + n < end && n + 1 < size; n++) {
		bool digit = at[n] >= '0' && at[n] <= '9';
		if (n >= strlen(name) && at[n] != '.' && !digit)
			break;
		out[n] = (char)at[n];
	}
	out[n] = '\0';
	return true;
}

bool image_linker(const struct image *image, char *out, size_t size)
{
	struct bytes comment;

	return find_comment(image, &comment) && (copy_name(comment, "LLD ", out, size) ||
	                                         copy_name(comment, "mold ", out, size));
}
