/* SPDX-License-Identifier: MIT */
/* The functions that the startup code reaches, one after the other, at a bounded cost. */
#ifndef IRELFIX_REACH_H
#define IRELFIX_REACH_H

#include "flow.h"

/** What following the code of one file may still cost. */
struct budget {
	uint64_t steps; /**< of analysis */
	uint64_t insns; /**< to be decoded */
	bool exhausted; /**< it did not suffice, or memory did not: answers are incomplete */
};

/** Enough for any real program's startup many times over; a hostile one ends in a second. */
extern const struct budget reach_budget;

/** Looks at one function. @return false to stop. */
typedef bool reach_visit(void *context, struct flow *flow);

/** Decodes the function at @entry and shows it to @visit. @return false to stop. */
bool reach_one(const struct image *image, const struct arch *arch, uint64_t entry,
               struct budget *budget, reach_visit *visit, void *context);

/**
 * Shows @visit each function that is at most three calls away from e_entry, breadth first.
 * Jumps through a register or a word whose value is known count as calls: range-extension
 * thunks end in one.
 */
void reach_all(const struct image *image, const struct arch *arch, struct budget *budget,
               reach_visit *visit, void *context);

#endif
