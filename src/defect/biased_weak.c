/* SPDX-License-Identifier: MIT */
/*
 * biased-weak: in a static-PIE, ld.lld's GLOB_DAT and absolute entries against weak undefined
 * symbols reach glibc's _dl_relocate_static_pie (elf/dl-reloc-static-pie.c), which resolves an
 * undefined symbol to the load base instead of 0. Code then takes the absent function for
 * present and calls the ELF header. The entries become R_*_NONE and their slots what they mean.
 */
#include "defect.h"
#include "entries.h"
#include "obstacle.h"

#include "../edit/put.h"

#include <inttypes.h>

/* Takes the table for the range at stake: the first one with an entry that does harm. */
static void set_range(const struct startup *startup, const struct reloc_table *table,
                      struct finding *out)
{
	if (out->has_range)
		return;
	out->has_range = true;
	out->range = *table;
	out->irelative = entries_irelative(startup, table);
}

/* Counts the entries that do harm: in @table, and in the range of @out. */
static uint64_t survey(const struct startup *startup, const struct reloc_table *table,
                       struct finding *out)
{
	uint64_t harmful = 0;

	for (uint64_t i = 0; reloc_has(startup->image, table, i); i++) {
		struct entry entry = entry_at(startup, table, i);
		if (!entry_does_harm(startup, &entry))
			continue;
		set_range(startup, table, out);
		harmful++;
	}
	if (out->has_range && out->range.address == table->address)
		out->stray = harmful;
	return harmful;
}

static bool detect(struct startup *startup, struct finding *out)
{
	uint64_t harmful = 0;

	if (startup->image->kind != IMAGE_STATIC_PIE || startup->library != LIBRARY_GLIBC)
		return false;
	for (size_t i = 0; i < startup->tables.count; i++)
		harmful += survey(startup, &startup->tables.items[i], out);
	if (harmful == 0)
		return false;
	if (obstacle_free(startup, &out->why))
		outcome_set(&out->why, IRELFIX_BROKEN, IRELFIX_REASON_NONE, "%" PRIu64 " weak undefined "
		            "reference%s that startup would resolve to the load base", harmful,
		            harmful == 1 ? "" : "s");
	return true;
}

/* Plans what @stage does to one entry. */
static bool plan_entry(struct startup *startup, const struct reloc_table *table, uint64_t index,
                       enum irelfix_stage stage, struct plan *out, struct outcome *why)
{
	struct entry entry = entry_at(startup, table, index);
	struct purpose purpose = { .stage = stage, .symbol = entry.symbol };

	if (!entry_is_biased(startup, &entry))
		return true;
	if (stage == IRELFIX_STAGE_SLOT)
		return put_slot(startup, entry.reloc.offset, entry.value, entry.symbol, out, why);
	if (entry_does_harm(startup, &entry) != (stage == IRELFIX_STAGE_ENTRY))
		return true;
	return put_entry(startup, table, index, put_none(startup, entry.reloc), &purpose, out, why);
}

static bool plan_stage_of(struct startup *startup, enum irelfix_stage stage, struct plan *out,
                          struct outcome *why)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; reloc_has(startup->image, table, j); j++)
			if (!plan_entry(startup, table, j, stage, out, why))
				return false;
	}
	return true;
}

/*
 * The slots go before the entries that say where they are, and the entries that do no harm alone
 * before those by which a repair that was interrupted is recognised.
 */
static bool plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	(void)finding;
	if (strategy == IRELFIX_PAD)
		return blocked(why, STRATEGY, "a static-PIE has no iplt bounds that could be padded");
	out->strategy = IRELFIX_DISARM;
	out->ordered = put_can_be_ordered(startup);
	return plan_stage_of(startup, IRELFIX_STAGE_SLOT, out, why) &&
	       plan_stage_of(startup, IRELFIX_STAGE_HARMLESS, out, why) &&
	       plan_stage_of(startup, IRELFIX_STAGE_ENTRY, out, why);
}

const struct defect defect_biased_weak = {
	.name = "biased-weak",
	.meaning = "a static-PIE whose startup resolves weak undefined symbols to the load base",
	.detect = detect,
	.is_stray = entry_does_harm,
	.plan = plan,
};
