/* SPDX-License-Identifier: MIT */
#include "verify.h"

#include "entries.h"

#include "../edit/put.h"
#include "../elf/symbols.h"

#include <inttypes.h>
#include <string.h>

/* The result, and what it is compared with. */
struct check {
	const struct repair *repair;
	const struct finding *finding; /* before the repair */
	struct startup *after;
	struct outcome *why;
};

/* ---- what startup will process --------------------------------------------------------------- */

/* What apply_irel will do with one entry: store what the resolver returns in the slot. */
static bool check_processed(const struct check *check, const struct reloc_table *table,
                            uint64_t index)
{
	const struct startup *startup = check->after;
	const struct image *image = startup->image;
	struct reloc reloc = reloc_get(image, table, index);
	char buffer[24];

	if (!arch_is_irelative(startup->arch, reloc.type))
		return unverified(check->why, "entry %" PRIu64 " of the result is %s", index,
		                  entry_type_name(startup->arch, reloc.type, buffer));
	if (!image_allows(image, reloc.offset, image_word_size(image), PF_W))
		return unverified(check->why, "entry %" PRIu64 ": its slot 0x%" PRIx64
		                  " is not writable", index, reloc.offset);
	if (!image_allows(image, reloc.addend & ~startup->arch->state_bits, 1, PF_X))
		return unverified(check->why, "entry %" PRIu64 ": its resolver 0x%" PRIx64
		                  " is not executable", index, reloc.addend);
	return true;
}

static bool check_inside(const struct check *check, uint64_t start, uint64_t end)
{
	struct reloc_table range;

	if (!reloc_range(check->after->image, start, end, check->after->form, &range))
		return unverified(check->why, "the bounds 0x%" PRIx64 "..0x%" PRIx64
		                  " of the result are no table", start, end);
	for (uint64_t i = 0; reloc_has(check->after->image, &range, i); i++)
		if (!check_processed(check, &range, i))
			return false;
	return true;
}

/* No IRELATIVE entry of the tables may be left outside [@start, @end). */
static bool check_outside(const struct check *check, uint64_t start, uint64_t end)
{
	const struct reloc_tables *tables = &check->after->tables;

	for (size_t i = 0; i < tables->count; i++) {
		const struct reloc_table *table = &tables->items[i];
		for (uint64_t j = 0; reloc_has(check->after->image, table, j); j++) {
			uint64_t address = reloc_address(table, j);
			if ((address < start || address >= end) &&
			    entry_is_irelative(check->after, table, j))
				return unverified(check->why, "IRELATIVE at 0x%" PRIx64 " is outside the "
				                  "bounds 0x%" PRIx64 "..0x%" PRIx64 " of the result",
				                  address, start, end);
		}
	}
	return true;
}

/* Whether startup reads the bounds that were meant. */
static bool check_bounds(const struct check *check)
{
	const struct loop *found = &check->after->loop;

	if (!found->found)
		return unverified(check->why, "the bounds of the result were not found: %.400s",
		                  check->after->no_loop.text);
	if (found->start != check->finding->new_start || found->end != check->finding->new_end)
		return unverified(check->why, "startup reads the bounds 0x%" PRIx64 "..0x%" PRIx64
		                  " from the result, expected 0x%" PRIx64 "..0x%" PRIx64,
		                  found->start, found->end, check->finding->new_start,
		                  check->finding->new_end);
	return true;
}

/* What a padded file's startup walks is what it walked before. */
static bool check_walked(const struct check *check)
{
	const struct finding *finding = check->finding;
	bool padded = check->repair->plan->strategy == IRELFIX_PAD;
	uint64_t start = padded ? finding->range.address : finding->new_start;
	uint64_t end = padded ? reloc_end(&finding->range) : finding->new_end;

	if (check->after->image->kind != IMAGE_STATIC ||
	    check->repair->plan->strategy == IRELFIX_DETACH)
		return true;
	return (padded || check_bounds(check)) && check_inside(check, start, end) &&
	       check_outside(check, start, end);
}

/* ---- what was planned ------------------------------------------------------------------------- */

static bool check_planned(const struct check *check)
{
	const struct plan *plan = check->repair->plan;

	for (size_t i = 0; i < plan->count; i++) {
		const struct irelfix_edit *edit = &plan->edits[i];
		struct bytes there;
		if (!bytes_sub(check->after->image->file, edit->offset, edit->size, &there) ||
		    memcmp(there.data, edit->new_bytes, edit->size) != 0)
			return unverified(check->why, "the %s at 0x%" PRIx64 " of the result is not what was "
			                  "planned", irelfix_stage_name(edit->stage), edit->offset);
	}
	return true;
}

/* ---- what was there before -------------------------------------------------------------------- */

/* Whether the slot of @entry holds what a static link means. */
static bool check_slot(const struct check *check, const struct entry *entry)
{
	const struct image *image = check->after->image;
	uint64_t slot = entry->reloc.offset, there = 0;
	bool in_file = image_word(image, slot, &there);

	if (!in_file && !image_segment(image, slot, image_word_size(image)))
		return unverified(check->why, "the slot 0x%" PRIx64 " is in no segment", slot);
	return there == (entry->value & image_word_mask(image)) ||
	       unverified(check->why, "the slot 0x%" PRIx64 " of the result holds 0x%" PRIx64
	                  ", expected 0x%" PRIx64, slot, there, entry->value);
}

static bool reloc_equal(const struct reloc *a, const struct reloc *b)
{
	return a->offset == b->offset && a->type == b->type && a->symbol == b->symbol &&
	       a->addend == b->addend;
}

/* Whether entry @index of @table, which stands where it stood, is @expected now. */
static bool check_entry(const struct check *check, const struct reloc_table *table,
                        uint64_t index, struct reloc expected)
{
	struct reloc_table now;
	struct reloc there;

	if (!reloc_range(check->after->image, table->address, reloc_end(table), table->form, &now) ||
	    !reloc_has(check->after->image, &now, index)) /* when it is walked in order */
		return unverified(check->why, "the table at 0x%" PRIx64 " is gone", table->address);
	there = reloc_get(check->after->image, &now, index);
	if (!table->form.rela)
		there.addend = expected.addend; /* it stands in the slot, which is checked by itself */
	return reloc_equal(&there, &expected) ||
	       unverified(check->why, "the entry at 0x%" PRIx64 " of the result is not what it should "
	                  "be", reloc_address(table, index));
}

/* wide-bounds: every stray entry is gone, the IRELATIVE ones are there in their order. */
static bool check_narrowed(const struct check *check)
{
	const struct startup *before = check->repair->before;
	const struct reloc_table *range = &check->finding->range;
	uint64_t to = check->finding->stray;

	for (uint64_t i = 0; reloc_has(before->image, range, i); i++) {
		struct reloc reloc = reloc_get(before->image, range, i);
		struct reloc none = reloc;
		none.type = before->arch->none;
		none.symbol = 0;
		if (i < check->finding->stray && !check_entry(check, range, i, none))
			return false;
		if (entry_is_irelative(before, range, i) && !check_entry(check, range, to++, reloc))
			return false;
	}
	return true;
}

/* wide-bounds, padded: every stray entry is a copy of the first IRELATIVE one. */
static bool check_padded(const struct check *check)
{
	const struct startup *before = check->repair->before;
	const struct reloc_table *range = &check->finding->range;
	struct reloc copy = { 0 };

	for (uint64_t i = range->count; i > 0 && reloc_has(before->image, range, i - 1); i--)
		if (entry_is_irelative(before, range, i - 1))
			copy = reloc_get(before->image, range, i - 1);
	for (uint64_t i = 0; reloc_has(before->image, range, i); i++) {
		bool stays = entry_is_irelative(before, range, i);
		struct reloc reloc = reloc_get(before->image, range, i);
		if (!check_entry(check, range, i, stays ? reloc : copy))
			return false;
	}
	return true;
}

static bool check_slots_of_strays(const struct check *check)
{
	struct startup *before = check->repair->before;
	const struct reloc_table *range = &check->finding->range;

	for (uint64_t i = 0; reloc_has(before->image, range, i); i++) {
		struct entry entry = entry_at(before, range, i);
		if ((entry.verdict == ENTRY_OWN || entry.verdict == ENTRY_WEAK) &&
		    !check_slot(check, &entry))
			return false;
	}
	return true;
}

/* A static-PIE: what was biased is R_*_NONE, and its slot right; everything else is as it was. */
static bool check_disarmed_table(const struct check *check, const struct reloc_table *table)
{
	const struct startup *before = check->repair->before;

	for (uint64_t i = 0; reloc_has(before->image, table, i); i++) {
		struct entry entry = entry_at(before, table, i);
		struct reloc expected = entry.reloc;
		if (entry_is_biased(before, &entry)) {
			expected.type = before->arch->none;
			expected.symbol = 0;
			if (!check_slot(check, &entry))
				return false;
		}
		if (!check_entry(check, table, i, expected))
			return false;
	}
	return true;
}

static bool check_disarmed(const struct check *check)
{
	const struct reloc_tables *tables = &check->repair->before->tables;

	for (size_t i = 0; i < tables->count; i++)
		if (!check_disarmed_table(check, &tables->items[i]))
			return false;
	return true;
}

/* The section of a bound's symbol: one that the table is in, if there is such a one. */
static bool check_section(const struct check *check, uint16_t was, uint16_t is)
{
	const struct image *image = check->after->image;
	uint64_t table = check->finding->range.address;
	struct section section;

	if (!image_section_of(image, table, &section))
		return is == was;
	return image_section(image, is, &section) && table >= section.address &&
	       table - section.address < section.size;
}

/* A bound's symbol is wherever it was, with the bound's new value. */
static bool check_symbol(const struct check *check, const char *name, uint64_t old, uint64_t new)
{
	const struct image *before = check->repair->before->image, *after = check->after->image;
	struct symtab table, table_after;
	struct symbol was, is;

	if (!image_symtab(before, &table))
		return true;
	if (!image_symtab(after, &table_after))
		return unverified(check->why, "the result has lost its .symtab");
	for (uint64_t i = 0; symtab_find(before, &table, name, &i, &was); i++) {
		if (was.value != old)
			continue;
		if (!symtab_get(after, &table_after, i, &is) || is.value != new)
			return unverified(check->why, "`%s' in .symtab of the result is not 0x%" PRIx64,
			                  name, new);
		if (!check_section(check, was.shndx, is.shndx))
			return unverified(check->why, "`%s' in .symtab of the result is in section %d, "
			                  "which its table is not in", name, is.shndx);
	}
	return true;
}

static bool has_site(const struct sites *sites, const struct site *site)
{
	for (size_t i = 0; i < sites->count; i++)
		if (sites->items[i].kind == site->kind && sites->items[i].address == site->address &&
		    sites->items[i].part_count == site->part_count)
			return true;
	return false;
}

static bool all_among(const struct sites *some, const struct sites *sites)
{
	for (size_t i = 0; i < some->count; i++)
		if (!has_site(sites, &some->items[i]))
			return false;
	return true;
}

/* Whether the instructions of @site are what they were, but form @value now. */
static bool check_code(const struct check *check, const struct site *site, uint64_t value)
{
	struct startup *before = check->repair->before;
	unsigned char code[PARTS_MAX][INSN_MAX];
	struct outcome ignored;
	struct bytes there;

	if (!put_form(before, site, value, code, &ignored))
		return false;
	for (unsigned i = 0; i < site->part_count; i++)
		if (!image_view(check->after->image,
		                site->parts[i]->address & ~before->arch->state_bits,
		                site->parts[i]->length, &there) ||
		    memcmp(there.data, code[i], (size_t)there.size) != 0)
			return false;
	return true;
}

static bool check_word(const struct check *check, const struct site *site, uint64_t value)
{
	const struct image *image = check->after->image;
	uint64_t there;

	return image_word(image, site->address, &there) &&
	       there == ((value - site->base) & image_word_mask(image));
}

/*
 * Whether each place that held the bound holds @value. Which of two equal bounds a copy in the guard
 * is, the analysis can tell less often than which of two different ones: where they have become equal,
 * some places may not be seen any more.
 */
static bool check_places(const struct check *check, const struct sites *was,
                         const struct sites *is, uint64_t value)
{
	bool equal = check->after->loop.start == check->after->loop.end;

	for (size_t i = 0; i < was->count; i++)
		if (!(was->items[i].kind == ORIGIN_WORD ? check_word : check_code)(
			    check, &was->items[i], value))
			return unverified(check->why, "the place at 0x%" PRIx64 " of the result does not "
			                  "hold the bound 0x%" PRIx64, was->items[i].address, value);
	return equal || all_among(was, is) ||
	       unverified(check->why, "the bounds of the result stand in other places than before");
}

/* The bounds moved, but stand where they stood, in code and in .symtab. */
static bool check_moved(const struct check *check)
{
	const struct loop *was = &check->repair->before->loop, *is = &check->after->loop;
	const struct arch *arch = check->after->arch;

	return check_places(check, &was->starts, &is->starts, check->finding->new_start) &&
	       check_places(check, &was->ends, &is->ends, check->finding->new_end) &&
	       check_symbol(check, arch->start_symbol, was->start, is->start) &&
	       (was->end == is->end || check_symbol(check, arch->end_symbol, was->end, is->end));
}

/* Every PT_INTERP is PT_NULL now. */
static bool check_detached(const struct check *check)
{
	const struct image *before = check->repair->before->image, *after = check->after->image;
	uint64_t offset, type;

	for (uint64_t i = 0; image_phdr(before, PT_INTERP, &i, &offset); i++) {
		bytes_read(after->file, offset, P_TYPE.width[after->is64], after->order, &type);
		if (type != PT_NULL)
			return unverified(check->why, "program header %" PRIu64 " of the result has p_type "
			                  "0x%" PRIx64 ", expected PT_NULL", i, type);
	}
	return true;
}

/* What the class was to change, independently of the plan. */
static bool check_against_before(const struct check *check)
{
	if (!check->repair->before)
		return true;
	if (!check_detached(check))
		return false;
	switch (check->repair->plan->strategy) {
	case IRELFIX_NARROW:
		return check_narrowed(check) && check_slots_of_strays(check) && check_moved(check);
	case IRELFIX_PAD:
		return check_padded(check) && check_slots_of_strays(check);
	case IRELFIX_MOVE:
		return check_moved(check);
	case IRELFIX_DISARM:
		return check_disarmed(check);
	case IRELFIX_DETACH:
		return true; /* as in every case, it is healthy as a static program */
	case IRELFIX_AUTO:
		break;
	}
	return unverified(check->why, "nothing was planned");
}

/* ---- all together ----------------------------------------------------------------------------- */

/* Whether not all was looked at. Padding is for code that cannot be followed, before and after. */
static bool is_cut_short(const struct check *check, const struct finding *after)
{
	bool padded = check->repair->plan->strategy == IRELFIX_PAD;

	return after->verdict == IRELFIX_VERDICT_NOT_EXAMINED &&
	       (after->why.reason == IRELFIX_REASON_COSTLY ||
	        (after->why.reason == IRELFIX_REASON_COMPLEX && !padded));
}

static bool check_all(const struct check *check, const struct finding *after)
{
	if (is_cut_short(check, after))
		return unverified(check->why, "the result is %.400s", after->why.text);
	if (after->why.status != IRELFIX_OK)
		return unverified(check->why, "the result is still %s: %.300s",
		                  after->defect ? after->defect->name
		                                : irelfix_verdict_name(after->verdict),
		                  after->why.text);
	if (check->after->image->has_interp)
		return unverified(check->why, "the result still names a dynamic linker (%.100s)",
		                  image_interp(check->after->image));
	return check_walked(check) && check_against_before(check) && check_planned(check);
}

bool verify_repair(const struct repair *repair, const struct image *result, struct outcome *why)
{
	struct startup after;
	struct finding finding;
	struct outcome malformation, spent;
	const struct check check = {
		.repair = repair, .finding = repair->finding, .after = &after, .why = why,
	};
	bool ok = defect_diagnose(result, repair->allowed, &after, &finding, &malformation);

	if (ok)
		ok = check_all(&check, &finding);
	else if (malformation.reason == IRELFIX_REASON_MEMORY)
		*why = malformation;
	else
		unverified(why, "the result is malformed: %.300s", malformation.text);
	startup_free(&after);
	if (ok && !effort_sufficed(result->effort, &spent))
		ok = unverified(why, "not all of the result was looked at: %.400s", spent.text);
	return ok;
}
