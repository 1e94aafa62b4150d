/* SPDX-License-Identifier: MIT */
#include "functions.h"

#include <stdlib.h>

/*
 * apply_irel, where it is a function of its own, is two calls away from _start, three with a
 * thunk between. Two thousand functions are far more than any startup has so near.
 */
enum { DEPTH_MAX = 3, FUNCTIONS_MAX = 2048 };

const struct budget reach_budget = { .steps = 1 << 24, .insns = 1 << 20 };

/* Functions still to be visited, and those that were; each once. */
struct queue {
	uint64_t addresses[FUNCTIONS_MAX];
	uint8_t depths[FUNCTIONS_MAX];
	size_t count;
};

static void enqueue(struct queue *queue, uint64_t address, unsigned depth)
{
	for (size_t i = 0; i < queue->count; i++)
		if (queue->addresses[i] == address)
			return;
	if (queue->count == FUNCTIONS_MAX || depth > DEPTH_MAX)
		return;
	queue->addresses[queue->count] = address;
	queue->depths[queue->count++] = (uint8_t)depth;
}

static void enqueue_callees(struct flow *flow, struct queue *queue, unsigned depth)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		struct origins targets;
		origins_clear(&targets);
		if (insn->flow == FLOW_CALL && insn->has_target)
			enqueue(queue, insn->target, depth);
		flow_origins(flow, insn, &insn->via, ORIGIN_EXACT, &targets);
		for (size_t j = 0; j < targets.count; j++)
			if (targets.items[j].kind != ORIGIN_PAGE)
				enqueue(queue, targets.items[j].value, depth);
	}
}

/* Decodes one function at the budget's expense; false when that is used up. */
static bool begin(const struct image *image, const struct arch *arch, uint64_t entry,
                  struct budget *budget, struct flow *flow)
{
	if (budget->exhausted || !flow_build(image, arch, entry, flow)) {
		budget->exhausted = true;
		return false;
	}
	if (flow->count > budget->insns) {
		budget->exhausted = true;
		flow_free(flow);
		return false;
	}
	budget->insns -= flow->count;
	flow->steps = budget->steps;
	return true;
}

static void end(struct budget *budget, struct flow *flow)
{
	budget->steps = flow->steps;
	budget->exhausted |= flow->failed;
	flow_free(flow);
}

bool reach_one(const struct image *image, const struct arch *arch, uint64_t entry,
               struct budget *budget, reach_visit *visit, void *context)
{
	struct flow flow;
	bool go_on;

	if (!begin(image, arch, entry, budget, &flow))
		return false;
	go_on = flow.count == 0 || visit(context, &flow);
	end(budget, &flow);
	return go_on;
}

void reach_all(const struct image *image, const struct arch *arch, struct budget *budget,
               reach_visit *visit, void *context)
{
	struct queue *queue = malloc(sizeof(*queue));
	bool go_on = queue != NULL;

	if (go_on) {
		queue->count = 0;
		enqueue(queue, image->entry, 0);
	}
	for (size_t i = 0; go_on && i < queue->count; i++) {
		struct flow flow;
		if (!begin(image, arch, queue->addresses[i], budget, &flow))
			break;
		go_on = flow.count == 0 || visit(context, &flow);
		if (go_on)
			enqueue_callees(&flow, queue, queue->depths[i] + 1u);
		end(budget, &flow);
	}
	free(queue);
}
