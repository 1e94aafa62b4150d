/* SPDX-License-Identifier: MIT */
/*
 * Whether a repaired image is what was meant. It is looked at as a file that nobody knows: the loop is
 * found anew, and everything that startup will read is read.
 */
#ifndef IRELFIX_VERIFY_H
#define IRELFIX_VERIFY_H

#include "defect.h"

/** What is known of a repair. */
struct repair {
	struct startup *before;     /**< of the file as it was; NULL when that is no longer to be had
	                                 (it was written into) */
	const struct finding *finding;
	const char *allowed;        /**< see defect_diagnose() */
	const struct plan *plan;
};

/**
 * Checks @result: it is healthy, startup reads the bounds that were meant, each entry that it will
 * process is IRELATIVE with a writable slot and an executable resolver, none is left out, and
 * everything that was planned is there. With what was there before, which does not rely on the plan:
 * every stray entry is gone as its class says, every slot holds what a static link means, every other
 * entry is as it was, and the bounds stand in the same places.
 *
 * @return false with IRELFIX_UNVERIFIED and the reason in @why
 */
bool verify_repair(const struct repair *repair, const struct image *result, struct outcome *why);

#endif
