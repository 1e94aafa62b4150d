/* SPDX-License-Identifier: MIT */
/*
 * lost-irelative: with --pack-dyn-relocs=android LLVM 19 puts the IRELATIVE entries into
 * .rela.plt, but leaves both iplt bounds at the start of the packed .rela.dyn, or without a
 * PT_DYNAMIC at the image base. mold before its version 3 leaves them at 0 when there was a shared
 * library on the line. GNU ld's linker script (-T) defines them around .rela.iplt, which ld.lld does
 * not know: there they are empty, right behind the entries. No resolver ever runs, and the first call
 * through an IFUNC slot jumps into nowhere. Both bounds have to move to the entries.
 */
#include "repair.h"

#include <inttypes.h>

/* The run of IRELATIVE entries of @table: [*first, *first + *count). */
static bool find_run(const struct subject *subject, const struct reloc_table *table,
                     uint64_t *first, uint64_t *count)
{
	uint64_t i = 0;

	while (i < table->count && !repair_is_irelative(subject, table, i))
		i++;
	*first = i;
	while (i < table->count && repair_is_irelative(subject, table, i))
		i++;
	*count = i - *first;
	return *count > 0;
}

/*
 * Without PT_DYNAMIC nothing names the table. It is at the bounds, or these say nothing of it: the
 * image base, or 0.
 */
static bool scan(const struct subject *subject, struct reloc_table *out)
{
	const struct image *image = subject->image;
	uint32_t irelative = subject->arch->irelative;
	uint64_t bound = subject->bounds.start;

	if (image->has_dynamic)
		return false;
	return reloc_run(image, irelative, bound, out) ||
	       ((bound == 0 || image_is_base(image, bound)) && reloc_scan(image, irelative, out));
}

static bool find_table(const struct subject *subject, struct reloc_table *out)
{
	for (size_t i = 0; i < subject->tables.count; i++) {
		*out = subject->tables.items[i];
		if (repair_count_irelative(subject, out) > 0)
			return true;
	}
	return scan(subject, out);
}

static bool refuse_rel(struct finding *out)
{
	out->status = IRELFIX_REFUSED;
	return refused(&out->why, "IRELATIVE entries are in REL form (-z rel), but this machine's "
	               "startup reads RELA entries of 24 bytes; link without -z rel");
}

/* The entries must be one contiguous run, because they are not moved. */
static void check_run(const struct subject *subject, struct finding *out)
{
	uint64_t total = repair_count_irelative(subject, &out->range), first = 0, count = 0;

	find_run(subject, &out->range, &first, &count);
	out->irelative = total;
	out->stray = out->range.count - total;
	out->new_start = out->range.address + first * out->range.entsize;
	out->new_end = out->new_start + count * out->range.entsize;
	if (count == total) {
		outcome_set(&out->why, IRELFIX_BROKEN, "%" PRIu64 " IRELATIVE entries outside the "
		            "iplt bounds, which are empty", total);
		return;
	}
	out->status = IRELFIX_REFUSED;
	refused(&out->why, "the %" PRIu64 " IRELATIVE entries outside the iplt bounds are not "
	        "contiguous: the first run has %" PRIu64, total, count);
}

static bool detect(const struct subject *subject, struct finding *out)
{
	const struct bounds *bounds = &subject->bounds;

	if (subject->image->kind != IMAGE_STATIC || bounds->method == BOUNDS_NONE ||
	    bounds->start != bounds->end || !find_table(subject, &out->range))
		return false;
	if (!out->range.rela) {
		refuse_rel(out);
		return true;
	}
	out->has_range = true;
	check_run(subject, out);
	if (out->status == IRELFIX_BROKEN && !repair_can_start(subject, &out->why))
		out->status = IRELFIX_REFUSED;
	return true;
}

static bool plan(const struct subject *subject, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	const struct bounds *bounds = &subject->bounds;

	if (strategy == IRELFIX_PAD)
		return refused(why, "nothing to pad: the iplt bounds are empty and have to move");
	out->strategy = "narrow";
	return repair_symtab(subject, "__rela_iplt_start", bounds->start, finding->new_start,
	                     finding->range.address, out, why) &&
	       repair_symtab(subject, "__rela_iplt_end", bounds->end, finding->new_end,
	                     finding->range.address, out, why) &&
	       repair_bound(subject, &bounds->ends, finding->new_end, "end bound", out, why) &&
	       repair_bound(subject, &bounds->starts, finding->new_start, "start bound", out, why);
}

const struct defect defect_lost_irelative = {
	.name = "lost-irelative",
	.detect = detect,
	.plan = plan,
};
