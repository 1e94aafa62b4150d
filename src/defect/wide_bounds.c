/* SPDX-License-Identifier: MIT */
/*
 * wide-bounds: since LLVM 19, with a shared library on the line of a static link, ld.lld makes
 * weak undefined symbols preemptible and lets __rela_iplt_start/_end span the whole .rela.dyn,
 * with GLOB_DAT and other entries in front of the IRELATIVE ones. glibc's elf_irela
 * (sysdeps/x86_64/dl-irel.h, sysdeps/aarch64/dl-irel.h) stops at the first of them. R_*_NONE
 * is no exception, so the bounds have to move.
 */
#include "defect.h"
#include "entries.h"
#include "obstacle.h"

#include "../edit/put.h"
#include "../elf/symbols.h"

#include <inttypes.h>

/* ---- recognising it ------------------------------------------------------------------------- */

/* Counts what [start, end) holds. */
static bool set_range(const struct startup *startup, uint64_t start, uint64_t end,
                      struct finding *out)
{
	if (!reloc_range(startup->image, start, end, startup->form, &out->range))
		return false;
	out->has_range = true;
	out->irelative = entries_irelative(startup, &out->range);
	out->stray = out->range.count - out->irelative;
	out->new_end = end;
	out->new_start = reloc_address(&out->range, out->stray);
	return true;
}

/*
 * Without bounds: the symbols tell, or else a table that mixes IRELATIVE with others is what
 * startup walks. LLVM 18 wrote such tables, too, and kept its bounds right; where neither code
 * nor symbols tell, padding is harmless to them.
 */
static bool find_range(const struct startup *startup, struct finding *out)
{
	struct symbol start, end;

	if (startup->loop.found)
		return set_range(startup, startup->loop.start, startup->loop.end, out);
	if (image_symbol(startup->image, startup->arch->start_symbol, &start) &&
	    image_symbol(startup->image, startup->arch->end_symbol, &end))
		return set_range(startup, start.value, end.value, out);
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		if (table->form.rela == startup->form.rela &&
		    set_range(startup, table->address, reloc_end(table), out) &&
		    out->irelative > 0 && out->stray > 0)
			return true;
	}
	return false;
}

/* Whether a static link resolves the entry by itself. */
static bool is_resolvable(const struct entry *entry)
{
	return entry->verdict == ENTRY_NONE || entry->verdict == ENTRY_IRELATIVE ||
	       entry->verdict == ENTRY_OWN || entry->verdict == ENTRY_WEAK;
}

/* Whether all strays are what a repair leaves. */
static bool is_empty(const struct startup *startup, const struct reloc_table *range)
{
	for (uint64_t i = 0; reloc_has(startup->image, range, i); i++) {
		uint32_t type = reloc_type(startup->image, range, i);
		if (type != startup->arch->none && !arch_is_irelative(startup->arch, type))
			return false;
	}
	return true;
}

/* Every stray must be one that a static link resolves by itself, and no IRELATIVE left out. */
static bool check_entries(struct startup *startup, struct finding *out)
{
	uint64_t total = entries_irelative_in_all(startup);

	if (total > out->irelative && is_empty(startup, &out->range))
		return blocked(&out->why, BOLT, "the iplt bounds hold %" PRIu64 " R_*_NONE, and %" PRIu64
		               " of %" PRIu64 " IRELATIVE entries are outside: the file was repaired, and "
		               "its entries moved since", out->stray, total - out->irelative, total);
	if (total > out->irelative)
		return blocked(&out->why, SCATTERED, "%" PRIu64 " of %" PRIu64 " IRELATIVE entries are "
		               "outside the iplt bounds, which hold %" PRIu64 " stray ones",
		               total - out->irelative, total, out->stray);
	if (!obstacle_free(startup, &out->why))
		return false;
	for (uint64_t i = 0; reloc_has(startup->image, &out->range, i); i++) {
		struct entry entry = entry_at(startup, &out->range, i);
		if (!is_resolvable(&entry))
			return entry_blocks(startup, &entry, &out->why);
	}
	return true;
}

static bool detect(struct startup *startup, struct finding *out)
{
	if (startup->image->kind != IMAGE_STATIC || startup->loop.skips ||
	    !find_range(startup, out) || out->stray == 0)
		return false;
	if (check_entries(startup, out))
		outcome_set(&out->why, IRELFIX_BROKEN, IRELFIX_REASON_NONE, "%" PRIu64 " stray entr%s "
		            "inside the iplt bounds", out->stray, out->stray == 1 ? "y" : "ies");
	return true;
}

static bool is_stray(const struct startup *startup, const struct entry *entry)
{
	return !arch_is_irelative(startup->arch, entry->reloc.type);
}

/* ---- repairing it --------------------------------------------------------------------------- */

/* PLT stubs hold indices into .rela.plt: its entries must stay where they are. */
static bool is_jmprel(const struct startup *startup, const struct reloc_table *range)
{
	uint64_t address = startup->image->dynamic[DYN_JMPREL];
	uint64_t size = startup->image->dynamic[DYN_PLTRELSZ];

	return range->address >= address && range->address - address < size;
}

/* Whether the IRELATIVE entries stand at the tail already. */
static bool is_partitioned(const struct startup *startup, const struct finding *finding)
{
	for (uint64_t i = finding->stray; reloc_has(startup->image, &finding->range, i); i++)
		if (!entry_is_irelative(startup, &finding->range, i))
			return false;
	return true;
}

static bool plan_slots(const struct startup *startup, const struct finding *finding,
                       struct plan *plan, struct outcome *why)
{
	for (uint64_t i = 0; reloc_has(startup->image, &finding->range, i); i++) {
		struct entry entry = entry_at(startup, &finding->range, i);
		if ((entry.verdict == ENTRY_OWN || entry.verdict == ENTRY_WEAK) &&
		    !put_slot(startup, entry.reloc.offset, entry.value, entry.symbol, plan, why))
			return false;
	}
	return true;
}

/* Plans @reloc in place of entry @index of the range. */
static bool replace(const struct startup *startup, const struct finding *finding, uint64_t index,
                    struct reloc reloc, struct plan *plan, struct outcome *why)
{
	struct entry old = entry_at(startup, &finding->range, index);
	const struct purpose purpose = { .stage = IRELFIX_STAGE_ENTRY, .symbol = old.symbol };

	return put_entry(startup, &finding->range, index, reloc, &purpose, plan, why);
}

/*
 * R_*_NONE in front, the IRELATIVE entries behind them in their old order. Of an entry that
 * becomes R_*_NONE only r_info changes: one aligned word, which no interruption cuts in half.
 */
static bool plan_entries(const struct startup *startup, const struct finding *finding,
                         struct plan *plan, struct outcome *why)
{
	const struct reloc_table *range = &finding->range;
	uint64_t to = finding->stray;

	for (uint64_t i = 0; i < finding->stray; i++) {
		struct reloc reloc = reloc_get(startup->image, range, i);
		if (!replace(startup, finding, i, put_none(startup, reloc), plan, why))
			return false;
	}
	for (uint64_t i = 0; reloc_has(startup->image, range, i); i++)
		if (entry_is_irelative(startup, range, i) &&
		    !replace(startup, finding, to++, reloc_get(startup->image, range, i), plan, why))
			return false;
	return true;
}

static bool narrow(const struct startup *startup, const struct finding *finding,
                   struct plan *plan, struct outcome *why)
{
	const struct loop *loop = &startup->loop;

	if (!loop->found)
		return outcome_set(why, IRELFIX_REFUSED, startup->no_loop.reason, "the iplt bounds were "
		                   "not found: %.400s", startup->no_loop.text);
	if (is_jmprel(startup, &finding->range) && !is_partitioned(startup, finding))
		return blocked(why, FIXED_ORDER, "the entries of .rela.plt stand in an order that must "
		               "not change, and IRELATIVE ones are not at its end");
	plan->strategy = IRELFIX_NARROW;
	plan->ordered = put_can_be_ordered(startup) && is_partitioned(startup, finding) &&
	                put_is_one_write(&loop->starts);
	return plan_slots(startup, finding, plan, why) &&
	       plan_entries(startup, finding, plan, why) &&
	       put_symbol(startup, startup->arch->start_symbol, loop->start, finding->new_start,
	                  finding->range.address, plan, why) &&
	       put_bound(startup, &loop->starts, finding->new_start, IRELFIX_STAGE_START, plan, why);
}

/*
 * Each stray becomes a copy of an IRELATIVE entry: its resolver runs twice. That is harmless only
 * where the entry holds the resolver's address: of a REL entry the first run overwrites it.
 */
static bool pad(const struct startup *startup, const struct finding *finding, struct plan *plan,
                struct outcome *why)
{
	const struct reloc_table *range = &finding->range;
	struct reloc copy;
	uint64_t first = 0;

	if (finding->irelative == 0)
		return blocked(why, NO_IRELATIVE, "there is no IRELATIVE entry to pad with");
	if (!range->form.rela)
		return blocked(why, STRATEGY, "entries in REL form cannot be padded: the second run of "
		               "a resolver would call what the first one has found");
	while (!entry_is_irelative(startup, range, first))
		first++;
	copy = reloc_get(startup->image, range, first);
	plan->strategy = IRELFIX_PAD;
	/* where the bounds are not known, a file that is padded halfway may show other ones */
	plan->ordered = put_can_be_ordered(startup) && startup->loop.found;
	if (!plan_slots(startup, finding, plan, why))
		return false;
	for (uint64_t i = 0; reloc_has(startup->image, range, i); i++)
		if (!entry_is_irelative(startup, range, i) &&
		    !replace(startup, finding, i, copy, plan, why))
			return false;
	return true;
}

static bool plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	struct outcome no_narrow, no_pad;

	if (strategy == IRELFIX_PAD)
		return pad(startup, finding, out, why);
	if (narrow(startup, finding, out, why))
		return true;
	if (strategy == IRELFIX_NARROW || why->status != IRELFIX_REFUSED)
		return false;
	no_narrow = *why; /* stays in @why when padding works: the reason for it */
	plan_clear(out);
	if (!pad(startup, finding, out, &no_pad)) {
		*why = no_pad;
		return no_pad.status == IRELFIX_REFUSED &&
		       outcome_set(why, IRELFIX_REFUSED, no_narrow.reason,
		                   "%.220s; padding does not help: %.220s", no_narrow.text,
		                   no_pad.text);
	}
	out->ordered = false; /* what is padded halfway, the next run might narrow */
	return true;
}

const struct defect defect_wide_bounds = {
	.name = "wide-bounds",
	.meaning = "entries that are not IRELATIVE stand inside the iplt bounds",
	.detect = detect,
	.is_stray = is_stray,
	.plan = plan,
};
