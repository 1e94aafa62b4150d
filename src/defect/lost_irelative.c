/* SPDX-License-Identifier: MIT */
/*
 * lost-irelative: with --pack-dyn-relocs=android LLVM 19 puts the IRELATIVE entries into
 * .rela.plt, but leaves both iplt bounds at the start of the packed .rela.dyn, or without a
 * PT_DYNAMIC at the image base. mold before its version 3 leaves them at 0 when there was a shared
 * library on the line. GNU ld's linker script (-T) defines them around .rela.iplt, which ld.lld
 * does not know: there they are empty, right behind the entries. No resolver ever runs, and the
 * first call through an IFUNC slot jumps into nowhere. Both bounds have to move to the entries.
 */
#include "defect.h"
#include "entries.h"
#include "obstacle.h"

#include "../edit/put.h"

#include <inttypes.h>

/* The run of IRELATIVE entries of @table: [*first, *first + *count). */
static bool find_run(const struct startup *startup, const struct reloc_table *table,
                     uint64_t *first, uint64_t *count)
{
	uint64_t i = 0;

	while (reloc_has(startup->image, table, i) && !entry_is_irelative(startup, table, i))
		i++;
	*first = i;
	while (reloc_has(startup->image, table, i) && entry_is_irelative(startup, table, i))
		i++;
	*count = i - *first;
	return *count > 0;
}

/*
 * Bounds of 0 are undefined: the linker has named others, because its entries are in the other form
 * (-z rel, -z rela). Where startup reads REL entries they are searched for only so: the longer RELA
 * ones pass as REL entries that do not exist. Where it reads RELA entries, REL ones may be without
 * addends as well: ppc64's psABI has .plt without bytes in the file.
 */
static bool scan_undefined(const struct startup *startup, struct reloc_table *out)
{
	const struct image *image = startup->image;
	uint32_t irelative = startup->arch->irelative;
	bool rela = startup->form.rela;

	return (rela && reloc_scan(image, startup->form, irelative, out)) ||
	       reloc_scan(image, reloc_form(image, !rela), irelative, out) ||
	       (rela && reloc_scan_bare(image, irelative, out));
}

/*
 * Without PT_DYNAMIC nothing names the table. The table either touches the bounds, or the bounds
 * are 0 or the image base and tell nothing; then scan.
 */
static bool scan(const struct startup *startup, struct reloc_table *out)
{
	const struct image *image = startup->image;
	uint32_t irelative = startup->arch->irelative;
	uint64_t bound = startup->loop.start;

	if (image->has_dynamic)
		return false;
	if (bound == 0)
		return scan_undefined(startup, out);
	return reloc_run(image, startup->form, irelative, bound, out) ||
	       (image_is_base(image, bound) &&
	        reloc_scan(image, startup->form, irelative, out));
}

static bool find_table(const struct startup *startup, struct reloc_table *out)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		*out = startup->tables.items[i];
		if (entries_irelative(startup, out) > 0)
			return true;
	}
	return scan(startup, out);
}

static bool refuse_form(const struct startup *startup, struct finding *out)
{
	blocked(&out->why, FORM, "IRELATIVE entries are in %s, but this machine's startup reads %s "
	        "entries of %u bytes",
	        startup->form.rela ? "REL form (-z rel)" : "RELA form (-z rela)",
	        startup->form.rela ? "RELA" : "REL", startup->form.entsize);
	return true;
}

/* The entries must be one contiguous run, because they are not moved. */
static void check_run(const struct startup *startup, struct finding *out)
{
	uint64_t total = entries_irelative(startup, &out->range), first = 0, count = 0;

	find_run(startup, &out->range, &first, &count);
	out->irelative = total;
	out->new_start = reloc_address(&out->range, first);
	out->new_end = reloc_address(&out->range, first + count);
	if (count == total) {
		outcome_set(&out->why, IRELFIX_BROKEN, IRELFIX_REASON_NONE, "%" PRIu64 " IRELATIVE "
		            "entries outside the iplt bounds, which are empty", total);
		return;
	}
	blocked(&out->why, SCATTERED, "the %" PRIu64 " IRELATIVE entries outside the iplt bounds are "
	        "not contiguous: the first run has %" PRIu64, total, count);
}

static bool detect(struct startup *startup, struct finding *out)
{
	const struct loop *loop = &startup->loop;

	if (startup->image->kind != IMAGE_STATIC || !loop->found || loop->start != loop->end ||
	    !find_table(startup, &out->range))
		return false;
	if (out->range.form.rela != startup->form.rela)
		return refuse_form(startup, out);
	out->has_range = true;
	check_run(startup, out);
	if (out->why.status == IRELFIX_BROKEN)
		obstacle_free(startup, &out->why);
	return true;
}

static bool plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	const struct loop *loop = &startup->loop;
	const struct arch *arch = startup->arch;

	if (strategy == IRELFIX_PAD)
		return blocked(why, STRATEGY, "nothing to pad: the iplt bounds are empty and have to "
		               "move");
	out->strategy = IRELFIX_MOVE;
	return put_symbol(startup, arch->start_symbol, loop->start, finding->new_start,
	                  finding->range.address, out, why) &&
	       put_symbol(startup, arch->end_symbol, loop->end, finding->new_end,
	                  finding->range.address, out, why) &&
	       put_bound(startup, &loop->ends, finding->new_end, IRELFIX_STAGE_END, out, why) &&
	       put_bound(startup, &loop->starts, finding->new_start, IRELFIX_STAGE_START, out, why);
}

const struct defect defect_lost_irelative = {
	.name = "lost-irelative",
	.meaning = "the iplt bounds are empty and the IRELATIVE entries outside",
	.detect = detect,
	.plan = plan,
};
