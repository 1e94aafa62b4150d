/* SPDX-License-Identifier: MIT */
/*
 * wide-bounds: since LLVM 19, with a shared library on the line of a static link, ld.lld makes
 * weak undefined symbols preemptible and lets __rela_iplt_start/_end span the whole .rela.dyn,
 * with GLOB_DAT and other entries in front of the IRELATIVE ones. glibc's elf_irela
 * (sysdeps/x86_64/dl-irel.h, sysdeps/aarch64/dl-irel.h) stops at the first of them. R_*_NONE
 * is no exception, so the bounds have to move.
 */
#include "repair.h"

#include <inttypes.h>

/* Counts what [start, end) holds. */
static bool set_range(const struct subject *subject, uint64_t start, uint64_t end,
                      struct finding *out)
{
	if (!reloc_range(subject->image, start, end, true, &out->range))
		return false;
	out->has_range = true;
	out->irelative = repair_count_irelative(subject, &out->range);
	out->stray = out->range.count - out->irelative;
	out->new_end = end;
	out->new_start = end - out->irelative * out->range.entsize;
	return true;
}

/*
 * Without bounds: the symbols tell, or else a table that mixes IRELATIVE with others is what
 * startup walks. LLVM 18 wrote such tables, too, and kept its bounds right; where neither code
 * nor symbols tell, padding is harmless to them.
 */
static bool find_range(const struct subject *subject, struct finding *out)
{
	struct symbol start, end;

	if (subject->bounds.method != BOUNDS_NONE)
		return set_range(subject, subject->bounds.start, subject->bounds.end, out);
	if (image_symbol(subject->image, "__rela_iplt_start", &start) &&
	    image_symbol(subject->image, "__rela_iplt_end", &end))
		return set_range(subject, start.value, end.value, out);
	for (size_t i = 0; i < subject->tables.count; i++) {
		const struct reloc_table *table = &subject->tables.items[i];
		if (table->rela && set_range(subject, table->address, reloc_end(table), out) &&
		    out->irelative > 0 && out->stray > 0)
			return true;
	}
	return false;
}

/* Every stray must be one that a static link resolves by itself, and no IRELATIVE left out. */
static bool check_entries(const struct subject *subject, struct finding *out)
{
	uint64_t total = repair_total_irelative(subject);

	if (total > out->irelative) {
		out->status = IRELFIX_REFUSED;
		return refused(&out->why, "%" PRIu64 " of %" PRIu64 " IRELATIVE entries are outside "
		               "the iplt bounds, which hold %" PRIu64 " stray ones",
		               total - out->irelative, total, out->stray);
	}
	if (!repair_can_start(subject, &out->why)) {
		out->status = IRELFIX_REFUSED;
		return false;
	}
	for (uint64_t i = 0; i < out->range.count; i++) {
		struct reloc reloc = reloc_get(subject->image, &out->range, i);
		uint64_t value;
		if (reloc.type == subject->arch->irelative || reloc.type == subject->arch->none)
			continue;
		if (!repair_resolve(subject, reloc, &value, &out->why)) {
			out->status = IRELFIX_REFUSED;
			return false;
		}
	}
	return true;
}

static bool detect(const struct subject *subject, struct finding *out)
{
	if (subject->image->kind != IMAGE_STATIC || !find_range(subject, out) || out->stray == 0)
		return false;
	if (check_entries(subject, out))
		outcome_set(&out->why, IRELFIX_BROKEN, "%" PRIu64 " stray entr%s inside the iplt "
		            "bounds", out->stray, out->stray == 1 ? "y" : "ies");
	return true;
}

/* PLT stubs hold indices into .rela.plt: its entries must stay where they are. */
static bool is_jmprel(const struct subject *subject, const struct reloc_table *range)
{
	uint64_t address = subject->image->dynamic[DYN_JMPREL];
	uint64_t size = subject->image->dynamic[DYN_PLTRELSZ];

	return range->address >= address && range->address - address < size;
}

/* Whether the IRELATIVE entries stand at the tail already. */
static bool is_partitioned(const struct subject *subject, const struct finding *finding)
{
	for (uint64_t i = finding->stray; i < finding->range.count; i++)
		if (!repair_is_irelative(subject, &finding->range, i))
			return false;
	return true;
}

static bool plan_slots(const struct subject *subject, const struct finding *finding,
                       struct plan *plan, struct outcome *why)
{
	for (uint64_t i = 0; i < finding->range.count; i++) {
		struct reloc reloc = reloc_get(subject->image, &finding->range, i);
		if (reloc.type != subject->arch->irelative &&
		    !repair_slot(subject, reloc, plan, why))
			return false;
	}
	return true;
}

/*
 * R_*_NONE in front, the IRELATIVE entries behind them in their old order. Of an entry that
 * becomes R_*_NONE only r_info changes: one aligned word, which no interruption cuts in half.
 */
static bool plan_entries(const struct subject *subject, const struct finding *finding,
                         struct plan *plan, struct outcome *why)
{
	const struct reloc_table *range = &finding->range;
	uint64_t to = finding->stray;

	for (uint64_t i = 0; i < finding->stray; i++)
		if (!repair_none(subject, range, i, plan, why))
			return false;
	for (uint64_t i = 0; i < range->count; i++) {
		struct reloc reloc = reloc_get(subject->image, range, i);
		if (reloc.type == subject->arch->irelative &&
		    !repair_entry(subject, range, to++, reloc, plan, why))
			return false;
	}
	return true;
}

static bool narrow(const struct subject *subject, const struct finding *finding,
                   struct plan *plan, struct outcome *why)
{
	const struct bounds *bounds = &subject->bounds;

	if (bounds->method == BOUNDS_NONE)
		return refused(why, "the iplt bounds were not found: %.400s",
		               subject->no_bounds.text);
	if (is_jmprel(subject, &finding->range) && !is_partitioned(subject, finding))
		return refused(why, "the entries of .rela.plt stand in an order that must not "
		               "change, and IRELATIVE ones are not at its end");
	plan->strategy = "narrow";
	plan->ordered = repair_can_be_ordered(subject) && is_partitioned(subject, finding) &&
	                repair_is_one_write(&bounds->starts);
	return plan_slots(subject, finding, plan, why) &&
	       plan_entries(subject, finding, plan, why) &&
	       repair_symtab(subject, "__rela_iplt_start", bounds->start, finding->new_start,
	                     finding->range.address, plan, why) &&
	       repair_bound(subject, &bounds->starts, finding->new_start, "start bound", plan, why);
}

/* Each stray becomes a copy of an IRELATIVE entry: its resolver runs twice, which is harmless. */
static bool pad(const struct subject *subject, const struct finding *finding, struct plan *plan,
                struct outcome *why)
{
	const struct reloc_table *range = &finding->range;
	struct reloc copy;
	uint64_t first = 0;

	if (finding->irelative == 0)
		return refused(why, "there is no IRELATIVE entry to pad with; link with "
		               REPAIR_LINK_FLAGS);
	while (!repair_is_irelative(subject, range, first))
		first++;
	copy = reloc_get(subject->image, range, first);
	plan->strategy = "pad";
	/* where the bounds are not known, a file that is padded halfway may show other ones */
	plan->ordered = repair_can_be_ordered(subject) && subject->bounds.method != BOUNDS_NONE;
	if (!plan_slots(subject, finding, plan, why))
		return false;
	for (uint64_t i = 0; i < range->count; i++)
		if (!repair_is_irelative(subject, range, i) &&
		    !repair_entry(subject, range, i, copy, plan, why))
			return false;
	return true;
}

static bool plan(const struct subject *subject, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	struct outcome no_narrow, no_pad;

	if (strategy == IRELFIX_PAD)
		return pad(subject, finding, out, why);
	if (narrow(subject, finding, out, why))
		return true;
	if (strategy == IRELFIX_NARROW)
		return false;
	no_narrow = *why; /* stays in @why when padding works: the reason for it */
	plan_free(out);
	if (!pad(subject, finding, out, &no_pad))
		return refused(why, "%.220s; padding does not help: %.220s", no_narrow.text,
		               no_pad.text);
	out->ordered = false; /* what is padded halfway, the next run might narrow */
	return true;
}

const struct defect defect_wide_bounds = {
	.name = "wide-bounds",
	.detect = detect,
	.plan = plan,
};
