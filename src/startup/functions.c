/* SPDX-License-Identifier: MIT */
#include "functions.h"

#include <stdlib.h>

/*
 * apply_irel, where it is a function of its own, is two calls away from _start, three with a
 * thunk between. Two thousand functions are far more than any startup has so near.
 */
enum { DEPTH_MAX = 3, REACHED_MAX = 2048 };

/*
 * How many decoded instructions, of some 230 bytes, are kept, and functions, of some pages; what is
 * beyond is decoded again. The bounds stand in one function, or in a few of which each has a copy of
 * the loop.
 */
enum { KEPT_INSNS_MAX = 1 << 15, KEPT_MAX = 1 << 12, PINNED_INSNS_MAX = 1 << 16 };

bool functions_begin(struct functions *functions, const struct image *image,
                     const struct arch *arch, unsigned entsize)
{
	*functions = (struct functions){ .count = 0 };
	return flow_begin(&functions->context, image, arch, entsize);
}

void functions_end(struct functions *functions)
{
	for (size_t i = 0; i < functions->room; i++) {
		if (functions->items[i] && functions->items[i]->decoded)
			flow_free(&functions->items[i]->flow);
		free(functions->items[i]);
	}
	free(functions->items);
	free(functions->reached);
	flow_end(&functions->context);
	*functions = (struct functions){ .count = 0 };
}

/* ---- by address ----------------------------------------------------------------------------- */

/* Where the function at @entry stands in the table, or would. */
static struct function **place_of(struct functions *functions, uint64_t entry)
{
	size_t at = (size_t)(entry * 0x9e3779b97f4a7c15u >> 20) & (functions->room - 1);
	size_t first = at;

	while (functions->items[at] && functions->items[at]->entry != entry)
		at = (at + 1) & (functions->room - 1);
	budget_probed(&functions->context.budget, (at - first) & (functions->room - 1));
	return &functions->items[at];
}

static bool grow(struct functions *functions)
{
	size_t old_room = functions->room, room = old_room ? old_room * 2 : 64;
	struct function **old = functions->items;
	struct function **items = calloc(room, sizeof(struct function *));

	if (!items)
		return false;
	functions->items = items;
	functions->room = room;
	for (size_t i = 0; i < old_room; i++)
		if (old[i])
			*place_of(functions, old[i]->entry) = old[i];
	free(old);
	return true;
}

/* The function at @entry, decoded or not; NULL when there is no memory. */
static struct function *find(struct functions *functions, uint64_t entry)
{
	struct function **place;

	if (functions->count * 2 >= functions->room && !grow(functions)) {
		budget_meet(&functions->context.budget, LIMIT_MEMORY);
		return NULL;
	}
	place = place_of(functions, entry);
	if (*place)
		return *place;
	*place = calloc(1, sizeof(**place));
	if (!*place) {
		budget_meet(&functions->context.budget, LIMIT_MEMORY);
		return NULL;
	}
	(*place)->entry = entry;
	functions->count++;
	return *place;
}

struct function *functions_get(struct functions *functions, uint64_t entry)
{
	struct function *function = find(functions, entry);

	if (!function || function->decoded)
		return function;
	if (functions->context.budget.met != LIMIT_NONE ||
	    !flow_build(&functions->context, entry, &function->flow))
		return NULL;
	function->decoded = true;
	functions->decodings++;
	functions->insns += function->flow.count;
	functions->kept++;
	return function;
}

bool functions_pin(struct functions *functions, struct function *function)
{
	if (function->pinned)
		return true;
	if (function->flow.count > PINNED_INSNS_MAX - functions->pinned)
		return budget_meet(&functions->context.budget, LIMIT_PLACES);
	functions->pinned += function->flow.count;
	return function->pinned = true;
}

void functions_release(struct functions *functions, struct function *function)
{
	if (function->pinned ||
	    (functions->insns <= KEPT_INSNS_MAX && functions->kept <= KEPT_MAX))
		return;
	functions->kept--;
	functions->insns -= function->flow.count;
	flow_free(&function->flow);
	function->decoded = false;
}

/* ---- what e_entry leads to ------------------------------------------------------------------ */

static void reach(struct functions *functions, uint64_t entry, unsigned depth)
{
	struct function *function;

	if (functions->reached_count == REACHED_MAX || depth > DEPTH_MAX)
		return;
	function = find(functions, entry);
	if (!function || function->reached)
		return;
	function->reached = true;
	function->depth = (uint8_t)depth;
	functions->reached[functions->reached_count++] = function;
}

/* What a call or jump through a register or memory leads to, where that is known. */
static void reach_via(struct functions *functions, const struct flow *flow,
                      const struct insn *insn, unsigned depth)
{
	uint64_t added = insn->via.kind == OPERAND_REG ? insn->via.value : 0;
	struct origins targets;

	origins_clear(&targets);
	flow_origins(flow, insn, &insn->via, ORIGIN_EXACT, &targets);
	for (size_t i = 0; i < targets.count; i++)
		reach(functions, targets.items[i].value + added, depth);
}

static void expand(struct functions *functions, struct function *function)
{
	const struct flow *flow = &function->flow;
	unsigned depth = function->depth + 1u;

	for (size_t i = 0; i < flow->count && depth <= DEPTH_MAX; i++) {
		const struct insn *insn = &flow->insns[i];
		if (insn->flow == FLOW_CALL && insn->has_target)
			reach(functions, insn->target, depth);
		if (insn->via.kind != OPERAND_NONE)
			reach_via(functions, flow, insn, depth);
	}
	function->expanded = true;
}

/* Visits one of the reached functions; false: enough. */
static bool visit_one(struct functions *functions, uint64_t entry, functions_visit *visit,
                      void *context)
{
	struct function *function = functions_get(functions, entry);
	bool go_on;

	if (!function)
		return false;
	go_on = function->flow.count == 0 || visit(context, function);
	if (go_on && !function->expanded)
		expand(functions, function);
	functions_release(functions, function);
	return go_on;
}

static bool begin_at_entry(struct functions *functions)
{
	if (functions->reached)
		return true;
	functions->reached = malloc(REACHED_MAX * sizeof(struct function *));
	if (!functions->reached)
		return budget_meet(&functions->context.budget, LIMIT_MEMORY);
	reach(functions, functions->context.image->entry, 0);
	return true;
}

void functions_reach(struct functions *functions, functions_visit *visit, void *context)
{
	if (!begin_at_entry(functions))
		return;
	for (size_t i = 0; i < functions->reached_count; i++)
		if (!visit_one(functions, functions->reached[i]->entry, visit, context))
			return;
}
