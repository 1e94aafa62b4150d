/* SPDX-License-Identifier: MIT */
#include "budget.h"

/* A step costs a look, and so many are taken at once; an instruction costs more. */
enum { REFILL = 1 << 12, INSN_LOOKS = 16 };

/* Probes that cost nothing, and what each costs where there are more, in steps. */
enum { FREE_PROBES = 8, PROBE_STEPS = 3 };

bool budget_meet(struct budget *budget, enum limit limit)
{
	if (budget->met == LIMIT_NONE)
		budget->met = limit;
	return false;
}

bool budget_refill(struct budget *budget, uint64_t count)
{
	uint64_t steps = count < REFILL ? REFILL : count;

	if (budget->more < steps || !effort_spend(budget->effort, steps))
		return budget_meet(budget, LIMIT_STEPS);
	budget->more -= steps;
	budget->steps += steps;
	return true;
}

bool budget_code(struct budget *budget, const void *at, unsigned count)
{
	return (effort_touch(budget->effort, at) &&
	        effort_spend(budget->effort, count * INSN_LOOKS)) ||
	       budget_meet(budget, LIMIT_INSNS);
}

void budget_probed(struct budget *budget, size_t probes)
{
	if (probes > FREE_PROBES)
		budget_step(budget, probes * PROBE_STEPS);
}
