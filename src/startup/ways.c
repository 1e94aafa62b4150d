/* SPDX-License-Identifier: MIT */
/* How it works: backwards, from one instruction to those that may run before it. */
#include "ways.h"

#include <stdlib.h>

struct search {
	const struct flow *flow;
	uint32_t *open; /* instructions of which the predecessors are still to be looked at */
	size_t count;
	bool *seen;
};

static bool search_begin(struct search *search, const struct flow *flow)
{
	*search = (struct search){
		.flow = flow, .open = malloc((flow->count + 1) * sizeof(*search->open)),
		.seen = calloc(flow->count + 1, sizeof(*search->seen)),
	};
	return (search->open && search->seen) ||
	       budget_meet(&flow->context->budget, LIMIT_MEMORY);
}

static void search_end(struct search *search)
{
	free(search->open);
	free(search->seen);
}

static void open_insn(struct search *search, uint32_t insn)
{
	if (!search->seen[insn])
		search->open[search->count++] = insn;
	search->seen[insn] = true;
}

/* Takes the next one; false when there is none, or no budget for it. */
static bool next(struct search *search, uint32_t *insn)
{
	if (search->count == 0 || !budget_step(&search->flow->context->budget, 1))
		return false;
	*insn = search->open[--search->count];
	return true;
}

static bool is_certain_call(const struct insn *insn)
{
	return insn->flow == FLOW_CALL && !insn->conditional;
}

bool ways_come_back(const struct flow *flow, const struct insn *at)
{
	uint32_t goal = (uint32_t)(at - flow->insns), insn = goal;
	struct search search;
	bool found = false;

	if (search_begin(&search, flow)) {
		search.open[search.count++] = goal; /* not seen: it is what is looked for */
		while (!search.seen[goal] && next(&search, &insn))
			for (uint32_t i = flow->pred_start[insn]; i < flow->pred_start[insn + 1]; i++)
				if (!is_certain_call(&flow->insns[flow->preds[i]]))
					open_insn(&search, flow->preds[i]);
		found = search.seen[goal];
	}
	search_end(&search);
	return found;
}
