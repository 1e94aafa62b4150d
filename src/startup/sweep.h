/* SPDX-License-Identifier: MIT */
/* The startup loop in an image that cannot be followed from e_entry. */
#ifndef IRELFIX_SWEEP_H
#define IRELFIX_SWEEP_H

#include "functions.h"

/**
 * Visits each function in which a number is compared with that of IRELATIVE, found by a linear sweep
 * of all code, until @visit has enough or a limit is met. A function begins where the sorted table in
 * PT_GNU_EH_FRAME says, or without one at the nearest call target.
 */
void sweep_loops(struct functions *functions, functions_visit *visit, void *context);

#endif
