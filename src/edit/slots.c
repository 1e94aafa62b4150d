/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include "../elf/symbols.h"

#include <inttypes.h>
#include <stdlib.h>

/* The slots among the edits. Ranges are of the file: several addresses may share its bytes. */
struct slots {
	struct startup *startup;
	const struct irelfix_edit **items; /* by offset; owned */
	size_t count;
	bool in_code; /* one of them may be in memory that is executed */
	struct outcome *why;
	bool ok;
};

/* ---- which ---------------------------------------------------------------------------------- */

static int by_offset(const void *left, const void *right)
{
	const struct irelfix_edit *a = *(const struct irelfix_edit *const *)left;
	const struct irelfix_edit *b = *(const struct irelfix_edit *const *)right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

static bool collect(struct slots *slots, const struct plan *plan)
{
	slots->items = calloc(plan->count + 1, sizeof(struct irelfix_edit *));
	if (!slots->items)
		return no_memory(slots->why, "no memory for %zu slots", plan->count);
	for (size_t i = 0; i < plan->count; i++) {
		const struct irelfix_edit *edit = &plan->edits[i];
		if (edit->stage != IRELFIX_STAGE_SLOT)
			continue;
		slots->items[slots->count++] = edit;
		slots->in_code = slots->in_code || plan->image->shares_bytes ||
		                 image_allows(plan->image, edit->address, edit->size, PF_X);
	}
	qsort(slots->items, slots->count, sizeof(struct irelfix_edit *), by_offset);
	return true;
}

/* The first slot that ends behind @offset, or NULL. All of them have the same size. */
static const struct irelfix_edit *first_behind(const struct slots *slots, uint64_t offset)
{
	size_t low = 0, high = slots->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct irelfix_edit *slot = slots->items[middle];
		if (slot->offset + slot->size <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < slots->count ? slots->items[low] : NULL;
}

/* A slot that has some of the @size bytes at @offset of the file, or NULL. */
static const struct irelfix_edit *slot_in(const struct slots *slots, uint64_t offset,
                                          uint64_t size)
{
	const struct irelfix_edit *slot = size > 0 ? first_behind(slots, offset) : NULL;

	return slot && (slot->offset < offset || slot->offset - offset < size) ? slot : NULL;
}

/* Refuses a slot in the @size bytes at @offset of the file, which are @what. */
static void keep_off(struct slots *slots, uint64_t offset, uint64_t size, const char *what)
{
	const struct irelfix_edit *slot = slots->ok ? slot_in(slots, offset, size) : NULL;

	if (slot)
		slots->ok = blocked(slots->why, PLACE, "slot at 0x%" PRIx64 " (%s) is in %s",
		                    slot->address, slot->symbol ? slot->symbol : "no symbol", what);
}

/* The same for what has an address. */
static void keep_off_address(struct slots *slots, uint64_t address, uint64_t size,
                             const char *what)
{
	uint64_t offset;

	if (size > 0 && image_offset(slots->startup->image, address, 1, &offset))
		keep_off(slots, offset, size, what);
}

/* The same for a part of the file. */
static void keep_off_view(struct slots *slots, struct bytes view, const char *what)
{
	if (view.size > 0)
		keep_off(slots, (uint64_t)(view.data - slots->startup->image->file.data), view.size,
		         what);
}

/* ---- places --------------------------------------------------------------------------------- */

static void check_headers(struct slots *slots)
{
	const struct image *image = slots->startup->image;
	uint64_t count = image_known(image, image->file, 0, E_PHNUM);

	keep_off(slots, 0, EHDR_SIZE(image->is64), "the ELF header");
	keep_off(slots, image->phdrs, count * PHDR_SIZE(image->is64), "the program headers");
	keep_off_view(slots, image->sections, "the section headers");
}

/* A segment that ends outside the file is read by nobody. */
static void check_segments(struct slots *slots, uint32_t type, const char *what)
{
	const struct image *image = slots->startup->image;
	struct bytes view;
	uint64_t at;

	for (uint64_t i = 0; image_phdr(image, type, &i, &at); i++) {
		uint64_t header = at - P_TYPE.offset[image->is64];
		uint64_t offset = image_known(image, image->file, header, P_OFFSET);
		uint64_t size = image_known(image, image->file, header, P_FILESZ);
		if (bytes_sub(image->file, offset, size, &view))
			keep_off_view(slots, view, what);
	}
}

/* The tables, and the range that startup walks, which needs not be in one. */
static void check_tables(struct slots *slots)
{
	const struct startup *startup = slots->startup;
	const uint64_t *dynamic = startup->image->dynamic;

	for (size_t i = 0; i < startup->tables.count; i++)
		keep_off(slots, startup->tables.items[i].offset, startup->tables.items[i].view.size,
		         startup->tables.items[i].tag);
	if (startup->loop.found)
		keep_off_address(slots, startup->loop.start, startup->loop.end - startup->loop.start,
		                 "the entries that startup walks");
	keep_off_address(slots, dynamic[DYN_RELR], dynamic[DYN_RELRSZ], "DT_RELR");
}

/* How many symbols the entries are about. */
static uint64_t count_symbols(const struct startup *startup)
{
	uint64_t count = 0;

	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; j < table->count; j++) {
			uint32_t symbol = reloc_get(startup->image, table, j).symbol;
			count = symbol >= count ? symbol + UINT64_C(1) : count;
		}
	}
	return count;
}

static void check_symbols(struct slots *slots)
{
	const struct image *image = slots->startup->image;
	struct section names;
	struct symtab table;

	keep_off_address(slots, image->dynamic[DYN_SYMTAB],
	                 count_symbols(slots->startup) * SYM_SIZE(image->is64), "DT_SYMTAB");
	keep_off_address(slots, image->dynamic[DYN_STRTAB], image->dynamic[DYN_STRSZ],
	                 "DT_STRTAB");
	if (image_symtab(image, &table)) {
		keep_off_view(slots, table.entries, ".symtab");
		keep_off_view(slots, table.strings, "the strings of .symtab");
	}
	if (image_dynsym_section(image, &table)) {
		keep_off_view(slots, table.entries, ".dynsym");
		keep_off_view(slots, table.strings, "the strings of .dynsym");
	}
	if (image_section(image, image->section_names, &names))
		keep_off(slots, names.offset, names.size, "the names of sections");
}

/* ---- code ----------------------------------------------------------------------------------- */

static uint64_t address_of(const struct slots *slots, const struct insn *insn)
{
	return insn->address & ~slots->startup->arch->state_bits;
}

static void check_insn(struct slots *slots, const struct insn *insn, const char *what)
{
	keep_off_address(slots, address_of(slots, insn), insn->length, what);
}

static bool is_hit(const struct slots *slots, const struct insn *insn)
{
	uint64_t offset;

	return image_offset(slots->startup->image, address_of(slots, insn), 1, &offset) &&
	       slot_in(slots, offset, insn->length);
}

/*
 * What follows a call that does not come back looks like more code: with -N the data, where .text ends in
 * such a call. The section headers tell.
 */
static bool is_code(const struct slots *slots, const struct insn *insn)
{
	struct section section;

	return !image_section_of(slots->startup->image, address_of(slots, insn), &section) ||
	       (section.flags & SHF_EXECINSTR) != 0;
}

static bool check_function(void *context, struct function *function)
{
	struct slots *slots = context;

	for (size_t i = 0; slots->ok && i < function->flow.count; i++) {
		const struct insn *insn = &function->flow.insns[i];
		if (is_hit(slots, insn) && is_code(slots, insn))
			check_insn(slots, insn, "startup's code");
	}
	return slots->ok;
}

static void check_code(struct slots *slots)
{
	struct startup *startup = slots->startup;

	if (!slots->in_code || !slots->ok)
		return;
	if (startup_begin_functions(startup))
		functions_reach(&startup->functions, check_function, slots);
	if (slots->ok && startup->functions.context.budget.met != LIMIT_NONE)
		slots->ok = blocked(slots->why, COMPLEX, "%s", "a slot is in memory that may be "
		                    "executed, and the startup code is too complex to be kept off");
}

static void check_sites(struct slots *slots, const struct sites *sites)
{
	unsigned width = image_word_size(slots->startup->image);

	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->items[i];
		if (site->kind == ORIGIN_WORD)
			keep_off_address(slots, site->address, width, "a word that holds a bound");
		for (unsigned part = 0; part < site->part_count; part++)
			check_insn(slots, site->parts[part], "code that forms a bound");
	}
}

/* ---- all together --------------------------------------------------------------------------- */

bool slots_are_data(struct startup *startup, const struct plan *plan, struct outcome *why)
{
	struct slots slots = { .startup = startup, .why = why, .ok = true };

	if (!collect(&slots, plan))
		return false;
	check_headers(&slots);
	check_segments(&slots, PT_DYNAMIC, "PT_DYNAMIC");
	check_segments(&slots, PT_INTERP, "PT_INTERP");
	check_segments(&slots, PT_NOTE, "PT_NOTE");
	check_segments(&slots, PT_GNU_EH_FRAME, "PT_GNU_EH_FRAME");
	check_tables(&slots);
	check_symbols(&slots);
	check_sites(&slots, &startup->loop.starts);
	check_sites(&slots, &startup->loop.ends);
	check_code(&slots);
	free(slots.items);
	return slots.ok;
}
