/* SPDX-License-Identifier: MIT */
/*
 * How it works. In each function that e_entry leads to, nearest first:
 *
 *   1. A type test is a comparison with the number of IRELATIVE of something that was loaded
 *      through a pointer, from where an entry has its type. A pointer that was advanced by part of an
 *      entry (S + 8 with a displacement of -4) counts with what was added, modulo the entry size.
 *   2. The values that this pointer may have come from are the candidates for START, and everything
 *      that they are compared with are the candidates for END.
 *   3. A pair is accepted if what it spans is a relocation table, or if it is empty at a place where
 *      linkers leave empty bounds. The guard before the loop may have copies of its own of both.
 *   4. All places that hold START or END are noted down: a bound that is changed in half of its
 *      places is worse than one that is not. Where some may be missing, nothing is accepted.
 *
 * Failing that, the loop is searched for in all code; and failing that, the values themselves, in one
 * function that has both.
 */
#include "loop.h"

#include "sweep.h"
#include "ways.h"

#include <inttypes.h>
#include <stdlib.h>

/* No real function has a tenth of these comparisons of two known values, or of type tests. */
enum { COMPARISONS_MAX = 4096, TESTS_MAX = 64 };

/* The search so far. */
struct locator {
	struct functions *functions;
	const struct image *image;
	const struct arch *arch;
	const struct reloc_tables *tables;
	struct reloc_form form; /* of the entries that startup walks */
	struct loop *out;
	size_t pairs;     /* different pairs of bounds found */
	size_t tests;     /* type tests seen */
	const struct insn *test; /* the one that is looked at; NULL: no test led to what is accepted */
	bool searching;   /* in functions that e_entry may not lead to */
	struct budget *budget;
};

/* ---- is it a pair of bounds? ---------------------------------------------------------------- */

/*
 * Every entry has a type that the psABI names and a slot inside the image, or no slot at all, and
 * there is an IRELATIVE one: zeros alone would pass as R_*_NONE.
 */
static bool entries_plausible(struct locator *locator, const struct reloc_table *table)
{
	const struct image *image = locator->image;
	bool irelative = false;

	for (uint64_t i = 0; i < table->count; i++) {
		struct reloc reloc = reloc_get(image, table, i);
		if (!budget_step(locator->budget, 1) ||
		    !arch_reloc_name(locator->arch, reloc.type))
			return false;
		if (reloc.offset != 0 && !image_segment(image, reloc.offset, 1))
			return false;
		irelative |= arch_is_irelative(locator->arch, reloc.type);
	}
	return irelative;
}

/* Whether @address is an edge of a table, or of entries that nothing names as one. */
static bool is_edge(const struct locator *locator, uint64_t address)
{
	const struct image *image = locator->image;
	const struct reloc_tables *tables = locator->tables;
	uint32_t irelative = locator->arch->irelative;

	for (size_t i = 0; i < tables->count; i++)
		if (address == tables->items[i].address || address == reloc_end(&tables->items[i]))
			return true;
	if (image->has_dynamic)
		return image->dynamic[DYN_ANDROID_RELA] == address ||
		       image->dynamic[DYN_ANDROID_REL] == address;
	return reloc_is_entry(image, locator->form, irelative, address) ||
	       reloc_is_entry(image, locator->form, irelative, address - locator->form.entsize);
}

/*
 * Where the linkers leave empty bounds: undefined (0), at the image base (__ehdr_start), or at
 * an edge of a table.
 */
static bool empty_plausible(const struct locator *locator, uint64_t address)
{
	return address == 0 || image_is_base(locator->image, address) || is_edge(locator, address);
}

/* A table that PT_DYNAMIC names is one whatever it holds: odd types are refused by name later. */
static bool plausible(struct locator *locator, uint64_t start, uint64_t end)
{
	const struct reloc_tables *tables = locator->tables;
	struct reloc_table range;

	if (start == end)
		return empty_plausible(locator, start);
	if (!reloc_range(locator->image, start, end, locator->form, &range))
		return false;
	for (size_t i = 0; i < tables->count; i++)
		if (start >= tables->items[i].address && end <= reloc_end(&tables->items[i]))
			return true;
	return entries_plausible(locator, &range);
}

/* ---- the type test -------------------------------------------------------------------------- */

/* Whether a load of @width bytes at @displacement from an entry has the whole type in it. */
static bool has_type(struct reloc_form form, int64_t displacement, unsigned width)
{
	int64_t at = (displacement % form.entsize + form.entsize) % form.entsize;

	return at <= form.type_at && at + width >= form.type_at + form.type_width;
}

/* Whether @operand is memory at a register that may point to an entry. */
static bool is_through_pointer(const struct locator *locator, const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->reg != REG_NONE &&
	       (operand->index == REG_NONE ||
	        (UINT64_C(1) << operand->shift) % locator->form.entsize == 0);
}

/* Adds the origins of the pointer through which @memory, an operand of @insn, has the type. */
static void pointers_of(const struct locator *locator, const struct flow *flow,
                        const struct insn *insn, const struct operand *memory,
                        struct origins *out)
{
	struct operand base = *memory;
	struct origins all;
	int64_t displacement = (int64_t)base.value;

	if (!is_through_pointer(locator, memory))
		return;
	base.kind = OPERAND_REG;
	origins_clear(&all);
	flow_origins(flow, insn, &base, ORIGIN_BASE, &all);
	out->truncated |= all.truncated;
	for (size_t i = 0; i < all.count; i++) {
		struct origin origin = all.items[i];
		if (!has_type(locator->form, displacement + origin.bias, memory->width))
			continue;
		origin.bias = 0;
		origins_add(out, &origin);
	}
}

/* Adds the origins of the pointers through which register @reg was loaded with the type. */
static void pointers_of_loaded(const struct locator *locator, const struct flow *flow,
                               const struct insn *insn, uint8_t reg, struct origins *out)
{
	struct definitions loads;

	flow_definitions(flow, insn, reg, ORIGIN_BITS, &loads);
	out->truncated |= loads.truncated;
	for (size_t i = 0; i < loads.count; i++)
		if (loads.items[i].effect->kind == EFFECT_MOVE)
			pointers_of(locator, flow, loads.items[i].insn, &loads.items[i].effect->a, out);
}

/* @value as a number of @width bytes. */
static uint64_t cut(uint64_t value, unsigned width)
{
	return width < 8 ? value & ((UINT64_C(1) << 8 * width) - 1) : value;
}

/* Whether the constant @operand, or its negative, is the number of IRELATIVE. */
static bool is_number(const struct locator *locator, const struct operand *operand, bool negative)
{
	uint64_t value = negative ? 0 - operand->value : operand->value;

	return operand->kind == OPERAND_CONST &&
	       arch_is_irelative(locator->arch, (uint32_t)cut(value, operand->width)) &&
	       cut(value, operand->width) <= UINT32_MAX;
}

/* Whether register @operand of @insn can only hold the number of IRELATIVE. */
static bool holds_number(const struct locator *locator, const struct flow *flow,
                         const struct insn *insn, const struct operand *operand)
{
	struct origins values;

	if (operand->kind != OPERAND_REG)
		return false;
	origins_clear(&values);
	flow_origins(flow, insn, operand, ORIGIN_EXACT, &values);
	return values.count == 1 && values.items[0].kind != ORIGIN_WORD &&
	       arch_is_irelative(locator->arch, (uint32_t)values.items[0].value) &&
	       values.items[0].value <= UINT32_MAX;
}

/* What is left of a comparison of @effect with the number of IRELATIVE: the other side, or NULL. */
static const struct operand *compared(const struct locator *locator, const struct flow *flow,
                                      const struct insn *insn, const struct effect *effect,
                                      bool hoisted)
{
	switch (effect->kind) {
	case EFFECT_COMPARE:
		if (is_number(locator, &effect->b, false) ||
		    (hoisted && holds_number(locator, flow, insn, &effect->b)))
			return &effect->a;
		return hoisted && holds_number(locator, flow, insn, &effect->a) ? &effect->b : NULL;
	case EFFECT_XOR:
		return is_number(locator, &effect->b, false) ? &effect->a : NULL;
	case EFFECT_ADD:
		return is_number(locator, &effect->b, true) ? &effect->a : NULL;
	default:
		return NULL;
	}
}

/*
 * Whether @insn compares an entry's type with IRELATIVE; then @out receives the origins of the
 * pointer to the entry. @hoisted: the number may stand in a register.
 */
static bool type_test(const struct locator *locator, const struct flow *flow,
                      const struct insn *insn, bool hoisted, struct origins *out)
{
	origins_clear(out);
	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++) {
		const struct effect *effect = &insn->effects[i];
		const struct operand *type = compared(locator, flow, insn, effect, hoisted);
		if (!type || type->width < locator->form.type_width)
			continue;
		if (type->kind == OPERAND_REG)
			pointers_of_loaded(locator, flow, insn, type->reg, out);
		else
			pointers_of(locator, flow, insn, type, out);
	}
	return out->count > 0;
}

/* Whether the function puts the number of IRELATIVE into a register somewhere: li s8, 58. */
static bool hoists_number(const struct locator *locator, const struct flow *flow)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct effect *effect = &flow->insns[i].effects[0];
		if (effect->kind == EFFECT_MOVE && effect->dst.kind == OPERAND_REG &&
		    is_number(locator, &effect->a, false))
			return true;
	}
	return false;
}

/* ---- what the pointer is compared with ------------------------------------------------------ */

/* One comparison of two values of known origin. */
struct comparison {
	const struct insn *insn;
	struct origins a, b;
};

struct comparisons {
	struct comparison *items;
	size_t count, room;
};

static bool add_comparison(struct comparisons *all, const struct comparison *one,
                           struct budget *budget)
{
	if (all->count == COMPARISONS_MAX)
		return budget_meet(budget, LIMIT_PLACES);
	if (all->count == all->room) {
		size_t more = all->room ? all->room * 2 : 16;
		struct comparison *items = realloc(all->items, more * sizeof(*items));
		if (!items)
			return budget_meet(budget, LIMIT_MEMORY);
		all->items = items;
		all->room = more;
	}
	all->items[all->count++] = *one;
	return true;
}

/* Whether @insn compares two addresses whose origins are known. */
static bool compares(const struct flow *flow, const struct insn *insn, struct comparison *out)
{
	unsigned width = image_word_size(flow->context->image);

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind != EFFECT_COMPARE || effect->a.width != width ||
		    effect->b.width != width)
			continue;
		out->insn = insn;
		origins_clear(&out->a);
		origins_clear(&out->b);
		flow_origins(flow, insn, &effect->a, ORIGIN_BASE, &out->a);
		if (out->a.count > 0)
			flow_origins(flow, insn, &effect->b, ORIGIN_BASE, &out->b);
		return out->a.count > 0 && out->b.count > 0;
	}
	return false;
}

static void find_comparisons(const struct flow *flow, struct comparisons *out)
{
	struct budget *budget = &flow->context->budget;
	struct comparison one;

	for (size_t i = 0; i < flow->count && budget->met == LIMIT_NONE; i++)
		if (compares(flow, &flow->insns[i], &one))
			add_comparison(out, &one, budget);
}

static bool have_common(const struct origins *a, const struct origins *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (origins_has(b, &a->items[i]))
			return true;
	return false;
}

static void add_all(struct origins *to, const struct origins *from)
{
	to->truncated |= from->truncated;
	for (size_t i = 0; i < from->count; i++)
		origins_add(to, &from->items[i]);
}

static void add_valued(struct origins *to, const struct origins *from, uint64_t value)
{
	to->truncated |= from->truncated;
	for (size_t i = 0; i < from->count; i++)
		if (from->items[i].value == value)
			origins_add(to, &from->items[i]);
}

/* Everything that is compared with a value that comes from START. */
static void limits_of(const struct comparisons *all, const struct origins *starts,
                      struct origins *ends)
{
	origins_clear(ends);
	for (size_t i = 0; i < all->count; i++) {
		const struct comparison *one = &all->items[i];
		if (have_common(&one->a, starts))
			add_all(ends, &one->b);
		if (have_common(&one->b, starts))
			add_all(ends, &one->a);
	}
}

/* The condition of the branch that uses the flags which @insn sets. */
static enum insn_cond condition_after(const struct flow *flow, const struct insn *insn)
{
	for (int i = 0; i < 8 && insn; i++) {
		if (insn->flow == FLOW_BRANCH)
			return insn->cond;
		if (insn->flow != FLOW_NEXT)
			break;
		insn = flow_at(flow, insn->address + insn->length);
	}
	return COND_OTHER;
}

static bool has_value(const struct origins *set, uint64_t value)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].value == value)
			return true;
	return false;
}

/*
 * The guard before the loop compares START with END, perhaps through copies of its own that
 * never reach the loop (bounds as constants). Which side is which follows from the condition
 * of the branch, and from the values only where they differ: both may be the same address.
 */
static void add_guards(const struct flow *flow, const struct comparisons *all, uint64_t start,
                       uint64_t end, struct origins *starts, struct origins *ends)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct comparison *one = &all->items[i];
		enum insn_cond cond = condition_after(flow, one->insn);
		bool forward = cond == COND_NOT_BELOW || cond == COND_BELOW;
		bool backward = cond == COND_ABOVE || cond == COND_NOT_ABOVE;
		if (start != end)
			forward = backward = true;
		if (forward && has_value(&one->a, start) && has_value(&one->b, end)) {
			add_valued(starts, &one->a, start);
			add_valued(ends, &one->b, end);
		}
		if (backward && has_value(&one->b, start) && has_value(&one->a, end)) {
			add_valued(starts, &one->b, start);
			add_valued(ends, &one->a, end);
		}
	}
}

/* ---- sites ---------------------------------------------------------------------------------- */

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

static bool add_site(struct locator *locator, const struct origin *origin, struct sites *out)
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
	items = realloc(out->items, (out->count + 1) * sizeof(*items));
	if (!items)
		return budget_meet(locator->budget, LIMIT_MEMORY);
	out->items = items;
	out->items[out->count++] = site;
	return true;
}

/* Whether the value stands somewhere as a whole: half an address or a sum does not. */
static bool stands(const struct origin *origin)
{
	return origin->kind == ORIGIN_CODE || origin->kind == ORIGIN_WORD;
}

/* The sites among @origins that hold @value; false when there is none. */
static bool add_sites(struct locator *locator, const struct flow *flow,
                      const struct origins *origins, uint64_t value, struct sites *out)
{
	for (size_t i = 0; i < origins->count; i++) {
		const struct origin *origin = &origins->items[i];
		if (stands(origin) && origin->value == value && !add_site(locator, origin, out))
			return false;
	}
	note_sharers(flow, out);
	return out->count > 0;
}

/* Forgets what was found so far. */
static void sites_free(struct loop *loop)
{
	free(loop->starts.items);
	free(loop->ends.items);
	loop->starts = loop->ends = (struct sites){ .count = 0 };
	loop->found = false;
}

/* ---- one function --------------------------------------------------------------------------- */

/*
 * Records the pair. A different second pair makes the result ambiguous; an empty pair is replaced by
 * any other, as it may be no more than two constants, and it counts only in a function that e_entry
 * leads to.
 */
static void accept(struct locator *locator, struct function *function, uint64_t start,
                   uint64_t end, const struct origins *starts, const struct origins *ends)
{
	struct loop *out = locator->out;
	bool differs = locator->pairs > 0 && (out->start != start || out->end != end);

	if ((start == end && (locator->searching || differs)) || starts->truncated ||
	    ends->truncated || function->flow.cut_off)
		return;
	if (differs && out->start == out->end) {
		locator->pairs = 0;
	} else if (differs) {
		locator->pairs++;
		return;
	}
	if (locator->pairs == 0) {
		sites_free(out);
		out->start = start;
		out->end = end;
		out->skips = locator->test && ways_come_back(&function->flow, locator->test);
	}
	if (!add_sites(locator, &function->flow, starts, start, &out->starts) ||
	    !add_sites(locator, &function->flow, ends, end, &out->ends) ||
	    locator->budget->met != LIMIT_NONE)
		return;
	function->pinned = true;
	out->found = true;
	locator->pairs = 1;
}

/* Tries every value of START with every value of END. */
static void accept_pairs(struct locator *locator, struct function *function,
                         const struct comparisons *all, const struct origins *starts)
{
	struct origins ends;

	limits_of(all, starts, &ends);
	for (size_t i = 0; i < starts->count; i++) {
		for (size_t j = 0; j < ends.count; j++) {
			uint64_t start = starts->items[i].value, end = ends.items[j].value;
			struct origins all_starts, all_ends;
			if (!stands(&starts->items[i]) || !stands(&ends.items[j]) ||
			    !plausible(locator, start, end))
				continue;
			all_starts = *starts;
			all_ends = ends;
			add_guards(&function->flow, all, start, end, &all_starts, &all_ends);
			accept(locator, function, start, end, &all_starts, &all_ends);
		}
	}
}

/* Whether the compare at @at is for less or more: musl's startup asks which tags fit into an array. */
static bool asks_for_order(const struct flow *flow, size_t at)
{
	return at + 1 < flow->count && flow->insns[at + 1].flow == FLOW_BRANCH &&
	       flow->insns[at + 1].cond != COND_OTHER;
}

/* Looks for the loop in one function. */
static void examine(struct locator *locator, struct function *function)
{
	const struct flow *flow = &function->flow;
	bool hoisted = hoists_number(locator, flow);
	struct comparisons all = { 0 };
	struct origins starts;

	for (size_t i = 0; i < flow->count; i++) {
		if (!type_test(locator, flow, &flow->insns[i], hoisted, &starts))
			continue;
		locator->test = &flow->insns[i];
		locator->out->tests += !locator->searching && !asks_for_order(flow, i);
		if (++locator->tests > TESTS_MAX) {
			budget_meet(locator->budget, LIMIT_PLACES);
			break;
		}
		if (!all.items)
			find_comparisons(flow, &all);
		accept_pairs(locator, function, &all, &starts);
	}
	locator->test = NULL;
	free(all.items);
}

/* One of the functions that e_entry leads to; the first one with a pair is the last. */
static bool visit_reached(void *context, struct function *function)
{
	struct locator *locator = context;

	examine(locator, function);
	return locator->pairs == 0;
}

/* ---- fallback: a loop that is not reachable from e_entry ------------------------------------ */

static bool visit_found(void *context, struct function *function)
{
	examine(context, function);
	return true;
}

/* Looking at all code is dear, and in vain where nothing could be inside the bounds. */
static bool is_worth_searching(const struct locator *locator)
{
	struct reloc_table table;

	return locator->tests == 0 &&
	       (locator->tables->count > 0 ||
	        (!locator->image->has_dynamic &&
	         reloc_scan(locator->image, locator->form, locator->arch->irelative, &table)));
}

/* ---- fallback: the values themselves -------------------------------------------------------- */

/* Every value that @insn forms, loads or compares with. */
static void values_of(const struct flow *flow, const struct insn *insn, struct origins *out)
{
	origins_clear(out);
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		struct definition definition = { .insn = insn, .effect = effect };
		if (effect->kind == EFFECT_COMPARE) {
			if (effect->a.kind != OPERAND_REG)
				flow_origins(flow, insn, &effect->a, ORIGIN_EXACT, out);
			if (effect->b.kind != OPERAND_REG)
				flow_origins(flow, insn, &effect->b, ORIGIN_EXACT, out);
		} else if (effect->dst.kind == OPERAND_REG) {
			flow_defined(flow, &definition, ORIGIN_BASE, out);
		}
	}
}

static void collect_values(const struct flow *flow, uint64_t start, uint64_t end,
                           struct origins *starts, struct origins *ends)
{
	struct origins values;

	origins_clear(starts);
	origins_clear(ends);
	for (size_t i = 0; i < flow->count; i++) {
		values_of(flow, &flow->insns[i], &values);
		add_valued(starts, &values, start);
		add_valued(ends, &values, end);
	}
}

/* A value is believed only where START and END both stand in one function and mean a table. */
static void examine_value(struct locator *locator, struct function *function, uint64_t start,
                          uint64_t end)
{
	const struct segment *segment = image_segment(locator->image, start, 1);
	struct origins starts, ends;

	if (start == end || (segment && segment->vaddr == start))
		return; /* code refers to the start of a segment for other reasons */
	collect_values(&function->flow, start, end, &starts, &ends);
	if (starts.count > 0 && ends.count > 0)
		accept(locator, function, start, end, &starts, &ends);
}

/* Where the IRELATIVE entries at the tail of @table begin: START in a repaired file. */
static uint64_t tail_of(const struct locator *locator, const struct reloc_table *table)
{
	uint64_t first = table->count;

	while (first > 0 && arch_is_irelative(locator->arch,
	                                      reloc_type(locator->image, table, first - 1)))
		first--;
	return reloc_address(table, first);
}

static bool visit_values(void *context, struct function *function)
{
	struct locator *locator = context;

	for (size_t i = 0; i < locator->tables->count; i++) {
		const struct reloc_table *table = &locator->tables->items[i];
		uint64_t end = reloc_end(table), tail = tail_of(locator, table);
		examine_value(locator, function, table->address, end);
		if (tail != table->address)
			examine_value(locator, function, tail, end);
	}
	return locator->pairs == 0;
}

/* ---- all together --------------------------------------------------------------------------- */

/* Why no pair was found, or more than one. */
static bool not_found(const struct locator *locator, struct outcome *why)
{
	static const char *const limits[] = {
		[LIMIT_NONE] = "",
		[LIMIT_MEMORY] = "there is not enough memory",
		[LIMIT_INSNS] = "it has more instructions than are looked at",
		[LIMIT_STEPS] = "it takes more steps than are taken",
		[LIMIT_PLACES] = "it has more comparisons than are looked at",
	};

	if (locator->pairs > 1)
		return blocked(why, AMBIGUOUS, "%zu different pairs of iplt bounds fit the startup "
		               "code", locator->pairs);
	if (locator->budget->met != LIMIT_NONE)
		return blocked(why, COMPLEX, "the startup code is too complex to be followed: %s",
		               limits[locator->budget->met]);
	if (locator->tests == 0)
		return blocked(why, NOT_FOUND, "no loop that compares a relocation type with "
		               "IRELATIVE was found from e_entry 0x%" PRIx64 " on",
		               locator->image->entry);
	return blocked(why, NOT_FOUND, "the apply_irel loop was found, but not where its bounds come "
	               "from");
}

bool loop_find(struct functions *functions, const struct reloc_tables *tables, bool everywhere,
               struct loop *out, struct outcome *why)
{
	struct locator locator = {
		.functions = functions, .image = functions->context.image,
		.arch = functions->context.arch, .tables = tables, .out = out,
		.form = reloc_form(functions->context.image, functions->context.arch->rela),
		.budget = &functions->context.budget,
	};

	*out = (struct loop){ .found = false };
	functions_reach(functions, visit_reached, &locator);
	locator.searching = true;
	if (everywhere && is_worth_searching(&locator))
		sweep_loops(functions, visit_found, &locator);
	if (locator.pairs == 0)
		functions_reach(functions, visit_values, &locator);
	if (locator.pairs == 1 && out->found)
		return true;
	sites_free(out);
	return not_found(&locator, why);
}

void loop_free(struct loop *loop)
{
	sites_free(loop);
	*loop = (struct loop){ .found = false };
}
