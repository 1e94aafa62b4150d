/* SPDX-License-Identifier: MIT */
/*
 * biased-weak: in a static-PIE, ld.lld's GLOB_DAT and absolute entries against weak undefined
 * symbols reach glibc's _dl_relocate_static_pie (elf/dl-reloc-static-pie.c), which resolves an
 * undefined symbol to the load base instead of 0. Code then takes the absent function for
 * present and calls the ELF header. The entries become R_*_NONE and their slots what they mean.
 */
#include "repair.h"

#include "../startup/glibc.h"

#include <inttypes.h>

/* Whether startup would store a wrong value for this entry. */
static bool is_biased(const struct subject *subject, struct reloc reloc)
{
	const struct arch *arch = subject->arch;

	return reloc.symbol != 0 &&
	       (reloc.type == arch->absolute || reloc.type == arch->glob_dat ||
	        reloc.type == arch->jump_slot);
}

/* Nothing compares the slot of a JUMP_SLOT, so alone it does no harm. */
static bool does_harm(const struct subject *subject, struct reloc reloc)
{
	return is_biased(subject, reloc) && reloc.type != subject->arch->jump_slot;
}

/* A symbol that is defined in the executable itself is resolved rightly. */
static bool is_defined(const struct subject *subject, struct reloc reloc)
{
	struct symbol symbol;

	return image_dynsym(subject->image, reloc.symbol, &symbol) && symbol.shndx != SHN_UNDEF;
}

/* Looks at one table; false when the class is decided by a refusal. */
static bool survey(const struct subject *subject, const struct reloc_table *table,
                   struct finding *out)
{
	for (uint64_t i = 0; i < table->count; i++) {
		struct reloc reloc = reloc_get(subject->image, table, i);
		uint64_t value;
		if (!is_biased(subject, reloc) || is_defined(subject, reloc))
			continue;
		if (!repair_resolve(subject, reloc, &value, &out->why)) {
			out->status = IRELFIX_REFUSED;
			return false;
		}
		if (!does_harm(subject, reloc))
			continue;
		out->stray++;
		if (!out->has_range)
			out->range = *table;
		out->has_range = true;
	}
	return true;
}

/* Thread-local variables, above all: what startup would make of their entries, it dies of. */
static bool check_types(const struct subject *subject, const struct reloc_table *table,
                        struct outcome *why)
{
	for (uint64_t i = 0; i < table->count; i++) {
		struct reloc reloc = reloc_get(subject->image, table, i);
		uint64_t value;
		if (reloc.symbol != 0 && reloc.type != subject->arch->none &&
		    !is_defined(subject, reloc) && !repair_resolve(subject, reloc, &value, why))
			return false;
	}
	return true;
}

/* Whether the file will start when the entries that do harm are gone. */
static bool can_start(const struct subject *subject, struct outcome *why)
{
	for (size_t i = 0; i < subject->tables.count; i++) {
		const struct reloc_table *table = &subject->tables.items[i];
		if (table->rela && !check_types(subject, table, why))
			return false;
	}
	return repair_is_complete(subject, why) &&
	       pie_can_start(subject->image, subject->arch, &subject->tables, why);
}

static bool detect(const struct subject *subject, struct finding *out)
{
	const struct image *image = subject->image;
	bool packed;

	if (image->kind != IMAGE_STATIC_PIE)
		return false;
	for (size_t i = 0; i < subject->tables.count; i++) {
		const struct reloc_table *table = &subject->tables.items[i];
		if (!survey(subject, table, out))
			return true;
		out->irelative += repair_count_irelative(subject, table);
	}
	packed = image->dynamic[DYN_ANDROID_RELA] != 0 || image->dynamic[DYN_ANDROID_REL] != 0;
	if (out->stray == 0 && !packed)
		return false;
	if (!can_start(subject, &out->why)) {
		out->status = IRELFIX_REFUSED;
		return true;
	}
	outcome_set(&out->why, IRELFIX_BROKEN, "%" PRIu64 " weak undefined reference%s that startup "
	            "would resolve to the load base", out->stray, out->stray == 1 ? "" : "s");
	return true;
}

/* One pass over the entries that go: in a step of its own each, see plan(). */
enum pass { SLOTS, HARMLESS_ENTRIES, HARMFUL_ENTRIES, PASSES };

static bool plan_entry(const struct subject *subject, const struct reloc_table *table,
                       uint64_t index, enum pass pass, struct plan *out, struct outcome *why)
{
	struct reloc reloc = reloc_get(subject->image, table, index);

	if (!is_biased(subject, reloc) || is_defined(subject, reloc))
		return true;
	if (pass == SLOTS)
		return repair_slot(subject, reloc, out, why);
	if (does_harm(subject, reloc) != (pass == HARMFUL_ENTRIES))
		return true;
	return repair_none(subject, table, index, out, why);
}

/*
 * The slots go before the entries that say where they are, and the entries that do no harm alone
 * before those by which a repair that was interrupted is recognised.
 */
static bool plan(const struct subject *subject, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	const struct reloc_tables *tables = &subject->tables;

	(void)finding;
	if (strategy == IRELFIX_PAD)
		return refused(why, "a static-PIE has no iplt bounds that could be padded");
	out->strategy = "narrow";
	out->ordered = repair_can_be_ordered(subject);
	for (size_t i = 0; i < PASSES * tables->count; i++) {
		const struct reloc_table *table = &tables->items[i % tables->count];
		for (uint64_t j = 0; table->rela && j < table->count; j++)
			if (!plan_entry(subject, table, j, (enum pass)(i / tables->count), out, why))
				return false;
	}
	return true;
}

const struct defect defect_biased_weak = {
	.name = "biased-weak",
	.detect = detect,
	.plan = plan,
};
