/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include "functions.h"
#include "sweep.h"

#include <inttypes.h>
#include <stdlib.h>

/* No real function has a tenth of these comparisons of two known values, or of type tests. */
enum { COMPARISONS_MAX = 4096, TESTS_MAX = 64 };

/* A hundred times as many entries as any known program has, read in a second. */
enum { ENTRIES_MAX = 1 << 24 };

/* The search so far. */
struct locator {
	const struct image *image;
	const struct arch *arch;
	const struct reloc_tables *tables;
	struct bounds *out;
	size_t pairs;     /* different pairs of bounds found */
	size_t tests;     /* type tests seen */
	uint64_t entries; /* that may still be read to tell whether a range is a table */
	bool searching;   /* in functions that e_entry may not lead to */
	struct budget budget;
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
		if (locator->entries == 0) {
			locator->budget.exhausted = true;
			return false;
		}
		locator->entries--;
		if (!arch_reloc_name(locator->arch, reloc.type))
			return false;
		if (reloc.offset != 0 && !image_segment(image, reloc.offset, 1))
			return false;
		irelative |= reloc.type == locator->arch->irelative;
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
		return image->dynamic[DYN_ANDROID_RELA] == address;
	return reloc_is_entry(image, irelative, address) ||
	       reloc_is_entry(image, irelative, address - RELA_SIZE(image->is64));
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
	if (!reloc_range(locator->image, start, end, true, &range))
		return false;
	for (size_t i = 0; i < tables->count; i++)
		if (start >= tables->items[i].address && end <= reloc_end(&tables->items[i]))
			return true;
	return entries_plausible(locator, &range);
}

/* ---- the loop of apply_irel ----------------------------------------------------------------- */

/* Where r_info, whose low word is the type, stands in a little-endian ELF64 entry. */
enum { INFO_OFFSET = 8 };

static bool is_memory(const struct operand *operand, uint64_t displacement)
{
	return operand->kind == OPERAND_MEMORY && operand->reg != REG_NONE &&
	       operand->index == REG_NONE && operand->value == displacement &&
	       operand->width >= 4;
}

/* The origins of the pointer through which register @reg was loaded from r_info. */
static void pointer_of_loaded(struct flow *flow, const struct insn *insn, uint8_t reg,
                              struct origins *out)
{
	struct definitions loads;

	flow_definitions(flow, insn, reg, &loads);
	out->truncated |= loads.truncated;
	for (size_t i = 0; i < loads.count; i++) {
		const struct definition *load = &loads.items[i];
		struct operand base = load->effect->a;
		if (load->effect->kind != EFFECT_MOVE || !is_memory(&base, INFO_OFFSET))
			continue;
		base.kind = OPERAND_REG;
		flow_origins(flow, load->insn, &base, ORIGIN_BASE, out);
	}
}

/*
 * Whether @insn compares an entry's type with IRELATIVE; then @out receives the origins of the
 * pointer to the entry.
 */
static bool type_test(struct flow *flow, const struct insn *insn, struct origins *out)
{
	origins_clear(out);
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		struct operand base = effect->a;
		if (effect->kind != EFFECT_COMPARE || effect->b.kind != OPERAND_CONST ||
		    effect->b.value != flow->arch->irelative || base.width < 4)
			continue;
		if (base.kind == OPERAND_REG)
			pointer_of_loaded(flow, insn, base.reg, out);
		if (!is_memory(&base, INFO_OFFSET))
			continue;
		base.kind = OPERAND_REG;
		flow_origins(flow, insn, &base, ORIGIN_BASE, out);
	}
	return out->count > 0;
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

static bool add_comparison(struct comparisons *all, const struct comparison *one)
{
	if (all->count == COMPARISONS_MAX)
		return false;
	if (all->count == all->room) {
		size_t more = all->room ? all->room * 2 : 16;
		struct comparison *items = realloc(all->items, more * sizeof(*items));
		if (!items)
			return false;
		all->items = items;
		all->room = more;
	}
	all->items[all->count++] = *one;
	return true;
}

static bool compares(struct flow *flow, const struct insn *insn, struct comparison *out)
{
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind != EFFECT_COMPARE || effect->a.width != effect->b.width)
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

static void find_comparisons(struct flow *flow, struct comparisons *out)
{
	struct comparison one;

	for (size_t i = 0; i < flow->count && !flow->failed; i++)
		if (compares(flow, &flow->insns[i], &one) && !add_comparison(out, &one))
			flow->failed = true;
}

static bool overlap(const struct origins *a, const struct origins *b)
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
		if (overlap(&one->a, starts))
			add_all(ends, &one->b);
		if (overlap(&one->b, starts))
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

/* Whether @insn, through operand @base, adds to or loads through the page of @adrp. */
static bool builds_on(struct flow *flow, const struct insn *insn, struct operand base,
                      const struct insn *adrp)
{
	struct origins origins = { .count = 0 };

	if (base.reg == REG_NONE || (base.kind != OPERAND_REG && base.kind != OPERAND_MEMORY))
		return false;
	base.kind = OPERAND_REG;
	flow_origins(flow, insn, &base, ORIGIN_EXACT, &origins);
	for (size_t i = 0; i < origins.count; i++)
		if (origins.items[i].kind == ORIGIN_PAGE && origins.items[i].parts[0] == adrp)
			return true;
	return false;
}

/* Whether an instruction outside @origin builds upon its ADRP: then the page must stay. */
static bool page_is_shared(struct flow *flow, const struct origin *origin)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		if (insn == origin->parts[0] || insn == origin->parts[1])
			continue;
		for (int j = 0; j < EFFECT_MAX; j++) {
			const struct effect *effect = &insn->effects[j];
			bool adds = effect->kind == EFFECT_ADD;
			if ((adds || effect->a.kind == OPERAND_MEMORY) &&
			    builds_on(flow, insn, effect->a, origin->parts[0]))
				return true;
			if (effect->dst.kind == OPERAND_MEMORY &&
			    builds_on(flow, insn, effect->dst, origin->parts[0]))
				return true;
		}
	}
	return false;
}

static bool site_equal(const struct site *a, const struct site *b)
{
	return a->kind == b->kind && a->address == b->address;
}

static bool add_site(struct flow *flow, const struct origin *origin, struct sites *out)
{
	struct site site = {
		.kind = origin->kind,
		.address = origin->kind == ORIGIN_WORD ? origin->word : origin->parts[0]->address,
		.reader = origin->parts[origin->part_count - 1]->address,
		.part_count = origin->part_count,
	};

	for (size_t i = 0; i < out->count; i++)
		if (site_equal(&out->items[i], &site))
			return true;
	for (unsigned i = 0; i < origin->part_count; i++)
		site.parts[i] = *origin->parts[i];
	if (origin->kind == ORIGIN_CODE && origin->part_count == 2 &&
	    site.parts[0].effects[0].kind == EFFECT_PAGE)
		site.shared_page = page_is_shared(flow, origin);
	if (out->count == SITES_MAX)
		return false;
	out->items[out->count++] = site;
	return true;
}

/* Whether the value stands somewhere as a whole: half an address or a sum does not. */
static bool stands(const struct origin *origin)
{
	return origin->kind == ORIGIN_CODE || origin->kind == ORIGIN_WORD;
}

/* The sites among @origins that hold @value; false when there is none, or too many. */
static bool add_sites(struct flow *flow, const struct origins *origins, uint64_t value,
                      struct sites *out)
{
	for (size_t i = 0; i < origins->count; i++) {
		const struct origin *origin = &origins->items[i];
		if (stands(origin) && origin->value == value && !add_site(flow, origin, out))
			return false;
	}
	return out->count > 0;
}

/* ---- one function --------------------------------------------------------------------------- */

/*
 * Notes down a consistent pair of bounds; a second, different one only counts. An empty pair may
 * be no more than two constants, so it gives way to any other, and it counts only in a function
 * that e_entry leads to. Where some places may be missing, the pair is not accepted: a bound that
 * is changed in half of its places is worse than one that is not.
 */
static void accept(struct locator *locator, struct flow *flow, uint64_t start, uint64_t end,
                   const struct origins *starts, const struct origins *ends,
                   enum bounds_method method)
{
	struct bounds *out = locator->out;
	bool differs = locator->pairs > 0 && (out->start != start || out->end != end);

	if ((start == end && (locator->searching || differs)) || starts->truncated ||
	    ends->truncated)
		return;
	if (differs && out->start == out->end) {
		locator->pairs = 0;
	} else if (differs) {
		locator->pairs++;
		return;
	}
	if (locator->pairs == 0)
		*out = (struct bounds){ .start = start, .end = end };
	if (!add_sites(flow, starts, start, &out->starts) ||
	    !add_sites(flow, ends, end, &out->ends) || flow->failed)
		return;
	out->function = flow->insns[0].address;
	out->method = method;
	locator->pairs = 1;
}

/* Tries every value of START with every value of END. */
static void accept_pairs(struct locator *locator, struct flow *flow,
                         const struct comparisons *all, const struct origins *starts)
{
	struct origins ends;

	limits_of(all, starts, &ends);
	for (size_t i = 0; i < starts->count; i++) {
		for (size_t j = 0; j < ends.count; j++) {
			uint64_t start = starts->items[i].value, end = ends.items[j].value;
			struct origins all_starts = *starts, all_ends = ends;
			if (!stands(&starts->items[i]) || !stands(&ends.items[j]) ||
			    !plausible(locator, start, end))
				continue;
			add_guards(flow, all, start, end, &all_starts, &all_ends);
			accept(locator, flow, start, end, &all_starts, &all_ends, BOUNDS_FLOW);
		}
	}
}

/* Looks for the loop in one function. */
static void examine(struct locator *locator, struct flow *flow)
{
	struct comparisons all = { 0 };
	struct origins starts;

	for (size_t i = 0; i < flow->count; i++) {
		if (!type_test(flow, &flow->insns[i], &starts))
			continue;
		if (++locator->tests > TESTS_MAX) {
			flow->failed = true;
			break;
		}
		if (!all.items)
			find_comparisons(flow, &all);
		accept_pairs(locator, flow, &all, &starts);
	}
	free(all.items);
}

/* One of the functions that e_entry leads to; the first one with a pair is the last. */
static bool visit_reached(void *context, struct flow *flow)
{
	struct locator *locator = context;

	examine(locator, flow);
	return locator->pairs == 0;
}

/* ---- fallback: a loop that is not reachable from e_entry ------------------------------------ */

static bool visit_found(void *context, struct flow *flow)
{
	struct locator *locator = context;

	examine(locator, flow);
	if (locator->pairs > 0)
		locator->out->method = BOUNDS_SEARCH;
	return true;
}

/* Looking at all code is dear, and in vain where nothing could be inside the bounds. */
static bool is_worth_searching(const struct locator *locator)
{
	struct reloc_table table;

	return locator->tests == 0 &&
	       (locator->tables->count > 0 ||
	        (!locator->image->has_dynamic &&
	         reloc_scan(locator->image, locator->arch->irelative, &table)));
}

static bool visit_hit(void *context, uint64_t function)
{
	struct locator *locator = context;

	return reach_one(locator->image, locator->arch, function, &locator->budget, visit_found,
	                 locator);
}

/* ---- fallback: the values themselves -------------------------------------------------------- */

/* Every value that @insn forms, loads or compares with. */
static void values_of(struct flow *flow, const struct insn *insn, struct origins *out)
{
	origins_clear(out);
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		struct definition definition = { insn, effect };
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

static void collect_values(struct flow *flow, uint64_t start, uint64_t end,
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
static void examine_value(struct locator *locator, struct flow *flow, uint64_t start, uint64_t end)
{
	const struct segment *segment = image_segment(locator->image, start, 1);
	struct origins starts, ends;

	if (start == end || (segment && segment->vaddr == start))
		return; /* code refers to the start of a segment for other reasons */
	collect_values(flow, start, end, &starts, &ends);
	if (starts.count > 0 && ends.count > 0)
		accept(locator, flow, start, end, &starts, &ends, BOUNDS_VALUE);
}

/* Where the IRELATIVE entries at the tail of @table begin: START in a repaired file. */
static uint64_t tail_of(const struct locator *locator, const struct reloc_table *table)
{
	uint64_t first = table->count;

	while (first > 0 &&
	       reloc_get(locator->image, table, first - 1).type == locator->arch->irelative)
		first--;
	return table->address + first * table->entsize;
}

static void examine_values(struct locator *locator, struct flow *flow)
{
	for (size_t i = 0; i < locator->tables->count; i++) {
		const struct reloc_table *table = &locator->tables->items[i];
		uint64_t end = reloc_end(table), tail = tail_of(locator, table);
		examine_value(locator, flow, table->address, end);
		if (tail != table->address)
			examine_value(locator, flow, tail, end);
	}
}

static bool visit_values(void *context, struct flow *flow)
{
	struct locator *locator = context;

	examine_values(locator, flow);
	return locator->pairs == 0;
}

/* ---- all together --------------------------------------------------------------------------- */

bool bounds_locate(const struct image *image, const struct arch *arch,
                   const struct reloc_tables *tables, struct bounds *out, struct outcome *why)
{
	struct locator locator = {
		.image = image, .arch = arch, .tables = tables, .out = out,
		.entries = ENTRIES_MAX, .budget = reach_budget,
	};

	*out = (struct bounds){ .method = BOUNDS_NONE };
	reach_all(image, arch, &locator.budget, visit_reached, &locator);
	locator.searching = true;
	if (is_worth_searching(&locator))
		search_loops(image, arch, visit_hit, &locator);
	if (locator.pairs == 0)
		reach_all(image, arch, &locator.budget, visit_values, &locator);
	if (locator.pairs == 1 && out->method != BOUNDS_NONE)
		return true;
	out->method = BOUNDS_NONE;
	if (locator.pairs > 1)
		return refused(why, "%zu different pairs of iplt bounds fit the startup code",
		               locator.pairs);
	if (locator.budget.exhausted)
		return refused(why, "the startup code is too complex to be followed");
	if (locator.tests == 0)
		return refused(why, "no loop that compares a relocation type with IRELATIVE was "
		               "found from e_entry 0x%" PRIx64 " on", image->entry);
	return refused(why, "the apply_irel loop was found, but not where its bounds come from");
}
