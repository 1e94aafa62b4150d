/* SPDX-License-Identifier: MIT */
/* What following the code of an image may cost, as a part of the effort for the file. */
#ifndef IRELFIX_BUDGET_H
#define IRELFIX_BUDGET_H

#include "../base/effort.h"

#include <stddef.h>

/* What is rarely done stays out of what is done all the time. */
#ifdef __GNUC__
#define BUDGET_RARE __attribute__((noinline))
#else
#define BUDGET_RARE
#endif

/** What an analysis ran into. */
enum limit {
	LIMIT_NONE,
	LIMIT_MEMORY, /**< there is no memory left */
	LIMIT_INSNS,  /**< more instructions than the budget has */
	LIMIT_STEPS,  /**< more steps through them */
	LIMIT_PLACES, /**< more places that hold a bound, or things to compare, than can be kept */
};

/**
 * What of the effort for a file the analysis of its code may still cost. That it met a limit makes its
 * answer incomplete, and no more: others can still tell something.
 */
struct budget {
	struct effort *effort; /**< the whole, or NULL */
	uint64_t steps;   /**< looks at an instruction or a value, taken from the effort already */
	uint64_t more;    /**< that may still be taken from it */
	uint64_t insns;   /**< decoded instructions */
	enum limit met;   /**< the first limit that was met: answers since then are incomplete */
};

/** Notes down that @limit was met. @return false, so that a caller can end with it. */
bool budget_meet(struct budget *budget, enum limit limit);

/** Takes more of the effort, so that there are @count steps; false when there are not so many left. */
bool budget_refill(struct budget *budget, uint64_t count);

/** Takes @count steps; false when there are not so many left. */
static inline bool budget_step(struct budget *budget, uint64_t count)
{
	if (budget->steps < count && !budget_refill(budget, count))
		return false;
	budget->steps -= count;
	return true;
}

/**
 * Takes what @probes of a hash table cost, where they are many: addresses can be chosen so that they
 * meet in it.
 */
void budget_probed(struct budget *budget, size_t probes);

/** Takes from the effort what @count instructions cost, of which the last one is at @at in the file. */
bool budget_code(struct budget *budget, const void *at, unsigned count);

#endif
