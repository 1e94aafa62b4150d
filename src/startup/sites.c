/* SPDX-License-Identifier: MIT */
#include "sites.h"

#include <stdlib.h>

/* A bound stands in a dozen places at most. */
enum { SITES_MAX = 1024 };

/* So many sites are compared in a step. */
enum { STEP_SITES = 16 };

/* ---- parts that others need as well --------------------------------------------------------- */

/* Whether @insn, through operand @base, adds to or loads through what @part forms. */
static bool builds_on(const struct flow *flow, const struct insn *insn, struct operand base,
                      const struct insn *part)
{
	struct origins origins;

	if (base.reg == REG_NONE || (base.kind != OPERAND_REG && base.kind != OPERAND_MEMORY))
		return false;
	base.kind = OPERAND_REG;
	origins_clear(&origins);
	flow_origins(flow, insn, &base, ORIGIN_EXACT, &origins);
	for (size_t i = 0; i < origins.count; i++) {
		const struct origin *origin = &origins.items[i];
		if (origin->kind == ORIGIN_PART && origin->parts[origin->part_count - 1] == part)
			return true;
	}
	return false;
}

/* Whether @insn belongs to one of @sites. */
static bool is_part(const struct sites *sites, const struct insn *insn)
{
	for (size_t i = 0; i < sites->count; i++)
		for (unsigned j = 0; j < sites->items[i].part_count; j++)
			if (sites->items[i].parts[j] == insn)
				return true;
	return false;
}

static bool effect_builds_on(const struct flow *flow, const struct insn *insn,
                             const struct effect *effect, const struct insn *part)
{
	bool completes = effect->kind == EFFECT_ADD || effect->kind == EFFECT_INSERT;

	return ((completes || effect->a.kind == OPERAND_MEMORY) &&
	        builds_on(flow, insn, effect->a, part)) ||
	       (effect->dst.kind == OPERAND_MEMORY && builds_on(flow, insn, effect->dst, part));
}

/* Whether an instruction that belongs to none of @sites builds upon @part of an address. */
static bool is_shared(const struct flow *flow, const struct sites *sites, const struct insn *part)
{
	if (part->effects[0].kind != EFFECT_PART)
		return false;
	budget_step(&flow->context->budget, flow->count * (1 + sites->count / STEP_SITES));
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		for (int j = 0; j < EFFECT_MAX && !is_part(sites, insn); j++)
			if (effect_builds_on(flow, insn, &insn->effects[j], part))
				return true;
	}
	return false;
}

/* Notes down which parts of the sites must keep their value, because others need it, too. */
static void note_sharers(const struct flow *flow, struct sites *sites)
{
	for (size_t i = 0; i < sites->count; i++) {
		struct site *site = &sites->items[i];
		site->shared = 0;
		for (unsigned j = 0; site->kind == ORIGIN_CODE && j + 1 < site->part_count; j++)
			if (is_shared(flow, sites, site->parts[j]))
				site->shared |= (uint8_t)(1u << j);
	}
}

/* ---- the set -------------------------------------------------------------------------------- */

/* Two sites may have their first part in common: one lui, two addi. */
static bool site_equal(const struct site *a, const struct site *b)
{
	if (a->kind != b->kind || a->address != b->address)
		return false;
	if (a->kind == ORIGIN_WORD)
		return true;
	for (unsigned i = 0; i < PARTS_MAX; i++)
		if (a->parts[i] != b->parts[i])
			return false;
	return true;
}

static bool add_site(struct budget *budget, const struct origin *origin, struct sites *out)
{
	struct site site = {
		.kind = origin->kind,
		.address = origin->kind == ORIGIN_WORD ? origin->word : origin->parts[0]->address,
		.base = origin->base,
		.part_count = origin->part_count,
	};
	struct site *items;

	for (unsigned i = 0; i < origin->part_count; i++)
		site.parts[i] = origin->parts[i];
	for (size_t i = 0; i < out->count; i++)
		if (site_equal(&out->items[i], &site))
			return true;
	if (out->count == SITES_MAX)
		return budget_meet(budget, LIMIT_PLACES);
	items = realloc(out->items, (out->count + 1) * sizeof(*items));
	if (!items)
		return budget_meet(budget, LIMIT_MEMORY);
	out->items = items;
	out->items[out->count++] = site;
	return true;
}

bool sites_hold(const struct origin *origin)
{
	return origin->kind == ORIGIN_CODE || origin->kind == ORIGIN_WORD;
}

bool sites_add(const struct flow *flow, const struct origins *origins, uint64_t value,
               struct sites *out)
{
	for (size_t i = 0; i < origins->count; i++) {
		const struct origin *origin = &origins->items[i];
		if (sites_hold(origin) && origin->value == value &&
		    !add_site(&flow->context->budget, origin, out))
			return false;
	}
	note_sharers(flow, out);
	return out->count > 0;
}

void sites_clear(struct sites *sites)
{
	free(sites->items);
	*sites = (struct sites){ .count = 0 };
}
