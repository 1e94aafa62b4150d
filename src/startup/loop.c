/* SPDX-License-Identifier: MIT */
/*
 * How it works. In each function that e_entry leads to, nearest first:
 *
 *   1. A type test (type_test.h) compares an entry's type, which was loaded through a pointer.
 *   2. The values that this pointer may have come from are the candidates for START, and everything
 *      that they are compared with are the candidates for END.
 *   3. A pair is accepted if what it spans is a relocation table, or if it is empty at a place where
 *      linkers leave empty bounds. The guard before the loop may have copies of its own of both.
 *   4. All places that hold START or END are noted down (sites.h). Where some may be missing, nothing
 *      is accepted.
 *
 * Failing that, the loop is searched for in all code; and failing that, the values themselves, in
 * one function that has both.
 */
#include "loop.h"

#include "sweep.h"
#include "type_test.h"
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

	for (uint64_t i = 0; reloc_has(image, table, i); i++) {
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

/* ---- what the pointer is compared with ------------------------------------------------------ */

/* One comparison of two values of known origin. */
struct comparison {
	enum insn_cond cond; /* of the branch that it is for */
	struct origins a, b;
};

/* What it costs to look for something in one of them, in steps. */
enum { COMPARISON_STEPS = 8 };

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

/* Whether @insn compares two addresses whose origins are known. */
static bool compares(const struct flow *flow, const struct insn *insn, struct comparison *out)
{
	unsigned width = image_word_size(flow->context->image);

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind != EFFECT_COMPARE || effect->a.width != width ||
		    effect->b.width != width)
			continue;
		out->cond = condition_after(flow, insn);
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

/* Comparing the origins of @one with so many. */
static bool budget_compare(struct budget *budget, const struct comparison *one, size_t with)
{
	return budget_step(budget, COMPARISON_STEPS + (one->a.count + one->b.count) * with);
}

/* Everything that is compared with a value that comes from START. */
static void limits_of(struct budget *budget, const struct comparisons *all,
                      const struct origins *starts, struct origins *ends)
{
	origins_clear(ends);
	for (size_t i = 0; i < all->count; i++) {
		const struct comparison *one = &all->items[i];
		if (!budget_compare(budget, one, starts->count))
			return;
		if (have_common(&one->a, starts))
			add_all(ends, &one->b);
		if (have_common(&one->b, starts))
			add_all(ends, &one->a);
	}
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
static void add_guards(struct budget *budget, const struct comparisons *all, uint64_t start,
                       uint64_t end, struct origins *starts, struct origins *ends)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct comparison *one = &all->items[i];
		bool forward = one->cond == COND_NOT_BELOW || one->cond == COND_BELOW;
		bool backward = one->cond == COND_ABOVE || one->cond == COND_NOT_ABOVE;
		if (!budget_compare(budget, one, 1))
			return;
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

/* Forgets what was found so far. */
static void forget(struct loop *loop)
{
	sites_clear(&loop->starts);
	sites_clear(&loop->ends);
	loop->found = false;
}

/* ---- one function --------------------------------------------------------------------------- */

/*
 * Records the pair. A different second pair makes the result ambiguous; an empty pair is replaced
 * by any other, as it may be no more than two constants, and it counts only in a function that
 * e_entry leads to.
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
		forget(out);
		out->start = start;
		out->end = end;
		out->skips = locator->test && ways_come_back(&function->flow, locator->test);
	}
	if (!functions_pin(locator->functions, function) ||
	    !sites_add(&function->flow, starts, start, &out->starts) ||
	    !sites_add(&function->flow, ends, end, &out->ends) ||
	    locator->budget->met != LIMIT_NONE)
		return;
	out->found = true;
	locator->pairs = 1;
}

/* Tries every value of START with every value of END. */
static void accept_pairs(struct locator *locator, struct function *function,
                         const struct comparisons *all, const struct origins *starts)
{
	struct origins ends;

	limits_of(locator->budget, all, starts, &ends);
	for (size_t i = 0; i < starts->count; i++) {
		for (size_t j = 0; j < ends.count; j++) {
			uint64_t start = starts->items[i].value, end = ends.items[j].value;
			struct origins all_starts, all_ends;
			if (!budget_step(locator->budget, 1))
				return;
			if (!sites_hold(&starts->items[i]) || !sites_hold(&ends.items[j]) ||
			    !plausible(locator, start, end))
				continue;
			all_starts = *starts;
			all_ends = ends;
			add_guards(locator->budget, all, start, end, &all_starts, &all_ends);
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
	const struct tester tester = tester_of(flow, locator->form);
	struct comparisons all = { 0 };
	struct origins starts;

	for (size_t i = 0; i < flow->count; i++) {
		if (!type_test_may_be(&flow->insns[i]) ||
		    !type_test(&tester, &flow->insns[i], &starts))
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
	for (size_t i = 0; i < flow->count && budget_step(&flow->context->budget, 1); i++) {
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

	while (first > 0 && reloc_has(locator->image, table, first - 1) &&
	       arch_is_irelative(locator->arch, reloc_type(locator->image, table, first - 1)))
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
	/* behind a limit there may be more places that hold a bound */
	if (locator.pairs == 1 && out->found && locator.budget->met == LIMIT_NONE)
		return true;
	forget(out);
	return not_found(&locator, why);
}

void loop_free(struct loop *loop)
{
	forget(loop);
	*loop = (struct loop){ .found = false };
}
