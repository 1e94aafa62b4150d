/* SPDX-License-Identifier: MIT */
#include "reloc.h"

#include <inttypes.h>
#include <string.h>

/* r_info: the type is the low 32 bits of ELF64, the low 8 bits of ELF32. */
struct reloc_form reloc_form(const struct image *image, bool rela)
{
	struct elf_field info = R_INFO;
	unsigned width = info.width[image->is64], type_width = image->is64 ? 4 : 1;
	unsigned at = info.offset[image->is64];

	return (struct reloc_form){
		.rela = rela,
		.entsize = (uint8_t)(rela ? RELA_SIZE(image->is64) : REL_SIZE(image->is64)),
		.type_at = (uint8_t)(image->order == ORDER_BIG ? at + width - type_width : at),
		.type_width = (uint8_t)type_width,
	};
}

bool reloc_range(const struct image *image, uint64_t start, uint64_t end, struct reloc_form form,
                 struct reloc_table *out)
{
	if (end < start || (end - start) % form.entsize != 0)
		return false;
	*out = (struct reloc_table){
		.tag = "", .address = start, .count = (end - start) / form.entsize, .form = form,
	};
	return image_offset(image, start, end - start, &out->offset) &&
	       bytes_sub(image->file, out->offset, end - start, &out->view);
}

uint64_t reloc_address(const struct reloc_table *table, uint64_t index)
{
	return table->address + index * table->form.entsize;
}

uint64_t reloc_end(const struct reloc_table *table)
{
	return table->address + table->view.size;
}

/* What names one table in PT_DYNAMIC. */
struct table_tags {
	const char *name, *size_name;
	enum dynamic_tag address, size, entsize;
	bool rela;
};

static bool add_table(const struct image *image, const struct table_tags *tags,
                      struct reloc_tables *out, struct outcome *why)
{
	uint64_t address = image->dynamic[tags->address], size = image->dynamic[tags->size];
	struct reloc_form form = reloc_form(image, tags->rela);
	uint64_t said = tags->entsize == DYN_COUNT ? 0 : image->dynamic[tags->entsize];
	struct reloc_table *table = &out->items[out->count];

	if (size == 0)
		return true;
	if (said != 0 && said != form.entsize)
		return malformed(why, "%sENT is %" PRIu64 ", expected %u", tags->name, said,
		                 form.entsize);
	if (size % form.entsize != 0)
		return malformed(why, "%s is %" PRIu64 ", not a multiple of %u", tags->size_name,
		                 size, form.entsize);
	if (address > UINT64_MAX - size ||
	    !reloc_range(image, address, address + size, form, table))
		return malformed(why, "%s 0x%" PRIx64 " + %s 0x%" PRIx64
		                 " is not inside the file-backed part of one PT_LOAD",
		                 tags->name, address, tags->size_name, size);
	table->tag = tags->name;
	out->count++;
	return true;
}

static bool overlap(const struct reloc_tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		for (size_t j = 0; j < tables->count; j++)
			if (i != j && tables->items[i].address <= tables->items[j].address &&
			    tables->items[j].address < reloc_end(&tables->items[i]))
				return true;
	return false;
}

bool reloc_find(const struct image *image, struct reloc_tables *out, struct outcome *why)
{
	const uint64_t *dynamic = image->dynamic;
	bool jmprel_rela = dynamic[DYN_PLTREL] == DT_RELA;
	const struct table_tags all[RELOC_TABLES_MAX] = {
		{ "DT_RELA", "DT_RELASZ", DYN_RELA, DYN_RELASZ, DYN_RELAENT, true },
		{ "DT_REL", "DT_RELSZ", DYN_REL, DYN_RELSZ, DYN_RELENT, false },
		{ "DT_JMPREL", "DT_PLTRELSZ", DYN_JMPREL, DYN_PLTRELSZ, DYN_COUNT, jmprel_rela },
	};

	*out = (struct reloc_tables){ .count = 0 };
	out->packed = dynamic[DYN_ANDROID_RELA] != 0 || dynamic[DYN_ANDROID_REL] != 0 ||
	              dynamic[DYN_RELR] != 0;
	if (dynamic[DYN_PLTRELSZ] != 0 && !jmprel_rela && dynamic[DYN_PLTREL] != DT_REL)
		return malformed(why, "DT_PLTREL is %" PRIu64 ", expected %u or %u",
		                 dynamic[DYN_PLTREL], DT_RELA, DT_REL);
	for (size_t i = 0; i < RELOC_TABLES_MAX; i++)
		if (!add_table(image, &all[i], out, why))
			return false;
	out->overlap = overlap(out);
	return true;
}

/* ---- entries --------------------------------------------------------------------------------- */

uint32_t reloc_type_at(const struct image *image, struct reloc_form form,
                       const unsigned char *from)
{
	return (uint32_t)bytes_number(from + form.type_at, form.type_width, image->order);
}

uint32_t reloc_type(const struct image *image, const struct reloc_table *table, uint64_t index)
{
	return reloc_type_at(image, table->form, table->view.data + index * table->form.entsize);
}

uint64_t reloc_addend_in_slot(const struct image *image, uint64_t slot)
{
	uint64_t value;

	return image_word(image, slot, &value) ? value : 0;
}

struct reloc reloc_get(const struct image *image, const struct reloc_table *table, uint64_t index)
{
	uint64_t at = index * table->form.entsize;
	uint64_t info = image_known(image, table->view, at, R_INFO);
	struct reloc reloc = {
		.offset = image_known(image, table->view, at, R_OFFSET),
		.type = (uint32_t)(info & (image->is64 ? UINT32_MAX : 0xff)),
		.symbol = (uint32_t)(image->is64 ? info >> 32 : info >> 8),
	};

	reloc.addend = table->form.rela ? image_known(image, table->view, at, R_ADDEND)
	                                : reloc_addend_in_slot(image, reloc.offset);
	return reloc;
}

static void put_field(const struct image *image, unsigned char *to, struct elf_field field,
                      uint64_t value)
{
	bytes_store(to + field.offset[image->is64], field.width[image->is64], image->order, value);
}

void reloc_put(const struct image *image, struct reloc_form form, struct reloc reloc,
               unsigned char to[RELOC_SIZE_MAX])
{
	uint64_t info = image->is64 ? (uint64_t)reloc.symbol << 32 | reloc.type
	                            : (uint64_t)reloc.symbol << 8 | (reloc.type & 0xff);

	put_field(image, to, R_OFFSET, reloc.offset);
	put_field(image, to, R_INFO, info);
	if (form.rela)
		put_field(image, to, R_ADDEND, reloc.addend);
}

bool reloc_at(const struct image *image, const struct reloc_tables *tables, uint32_t type,
              uint64_t address, struct reloc *out)
{
	for (size_t i = 0; i < tables->count; i++) {
		const struct reloc_table *table = &tables->items[i];
		for (uint64_t j = 0; reloc_has(image, table, j); j++) {
			if (reloc_type(image, table, j) != type)
				continue;
			*out = reloc_get(image, table, j);
			if (out->offset == address)
				return true;
		}
	}
	return false;
}

/*
 * DT_RELR is a list of words. An even one is an address; an odd one is a map of the words behind what
 * the list has covered so far, a bit each from bit 1 on.
 */
bool reloc_is_relr(const struct image *image, uint64_t address)
{
	unsigned width = image_word_size(image), mapped = 8 * width - 1;
	uint64_t covered = 0, word;
	struct bytes list;

	if (!image_view(image, image->dynamic[DYN_RELR], image->dynamic[DYN_RELRSZ], &list))
		return false;
	for (uint64_t at = 0; bytes_read(list, at, width, image->order, &word) &&
	                      effort_look(image->effort, list.data + at); at += width) {
		uint64_t distance = address - covered, index = distance / width;
		bool is_map = word & 1;
		if (is_map && distance % width == 0 && index < mapped && word >> (index + 1) & 1)
			return true;
		if (!is_map && word == address)
			return true;
		covered = is_map ? covered + mapped * width : word + width;
	}
	return false;
}

/* ---- entries that nothing names ------------------------------------------------------------- */

bool reloc_is_entry(const struct image *image, struct reloc_form form, uint32_t type,
                    uint64_t address)
{
	struct reloc_table one;
	struct reloc reloc;

	if (!reloc_range(image, address, address + form.entsize, form, &one) ||
	    !effort_look(image->effort, one.view.data) || reloc_type(image, &one, 0) != type)
		return false;
	reloc = reloc_get(image, &one, 0);
	return reloc.symbol == 0 &&
	       image_allows(image, reloc.offset, image_word_size(image), PF_W) &&
	       image_allows(image, reloc.addend, 1, PF_X);
}

/* The run of entries of @type that begins at virtual @address; false when there is none. */
static bool run_at(const struct image *image, uint64_t address, struct reloc_form form,
                   uint32_t type, struct reloc_table *out)
{
	uint64_t end = address;

	while (reloc_is_entry(image, form, type, end))
		end += form.entsize;
	return end > address && reloc_range(image, address, end, form, out);
}

bool reloc_run(const struct image *image, struct reloc_form form, uint32_t type, uint64_t address,
               struct reloc_table *out)
{
	while (reloc_is_entry(image, form, type, address - form.entsize))
		address -= form.entsize;
	return run_at(image, address, form, type, out);
}

/* Whether the word at virtual @address is in writable memory, but not in the file. */
static bool is_memory_only(const struct image *image, uint64_t address)
{
	unsigned width = image_word_size(image);
	uint64_t offset;

	return image_allows(image, address, width, PF_W) &&
	       !image_offset(image, address, width, &offset);
}

/* Whether an entry of @type for @slot stands at virtual @address. */
static bool is_entry_for(const struct image *image, struct reloc_form form, uint32_t type,
                         uint64_t address, uint64_t slot)
{
	struct reloc_table one;
	struct reloc reloc;

	if (!reloc_range(image, address, address + form.entsize, form, &one) ||
	    !effort_look(image->effort, one.view.data))
		return false;
	reloc = reloc_get(image, &one, 0);
	return reloc.type == type && reloc.symbol == 0 && reloc.offset == slot;
}

/* The same for entries without addends. One alone could be data: a pointer and a number. */
static bool bare_run_at(const struct image *image, uint64_t address, struct reloc_form form,
                        uint32_t type, struct reloc_table *out)
{
	uint64_t end = address, slot;

	if (!image_word(image, address, &slot)) /* r_offset comes first */
		return false;
	while (is_memory_only(image, slot) && is_entry_for(image, form, type, end, slot)) {
		end += form.entsize;
		slot += image_word_size(image);
	}
	return end - address > form.entsize && reloc_range(image, address, end, form, out);
}

/* How the run of entries at an address is told. */
typedef bool run_reader(const struct image *image, uint64_t address, struct reloc_form form,
                        uint32_t type, struct reloc_table *out);

/* So many bytes are looked through at once, which takes as long as so many looks. */
enum { CHUNK = 4096, CHUNK_LOOKS = 256 };

/* Linkers align entries to a word. */
static bool scan_segment(const struct image *image, const struct segment *segment,
                         struct reloc_form form, uint32_t type, run_reader *run,
                         struct reloc_table *out)
{
	unsigned step = image_word_size(image);
	struct bytes data;

	if (!bytes_sub(image->file, segment->offset, segment->filesz, &data))
		return false;
	for (uint64_t at = 0; bytes_has(data, at, form.entsize); at += step) {
		if (at % CHUNK == 0 && !(effort_look(image->effort, data.data + at) &&
		                         effort_spend(image->effort, CHUNK_LOOKS)))
			return false;
		if (reloc_type_at(image, form, data.data + at) == type &&
		    run(image, segment->vaddr + at, form, type, out))
			return true;
	}
	return false;
}

static bool scan(const struct image *image, struct reloc_form form, uint32_t type,
                 run_reader *run, struct reloc_table *out)
{
	for (uint32_t writable = 0; writable <= PF_W; writable += PF_W)
		for (size_t i = 0; i < image->load_count; i++)
			if ((image->loads[i].flags & PF_W) == writable &&
			    scan_segment(image, &image->loads[i], form, type, run, out))
				return true;
	return false;
}

bool reloc_scan(const struct image *image, struct reloc_form form, uint32_t type,
                struct reloc_table *out)
{
	return scan(image, form, type, run_at, out);
}

bool reloc_scan_bare(const struct image *image, uint32_t type, struct reloc_table *out)
{
	return scan(image, reloc_form(image, false), type, bare_run_at, out);
}
