/* SPDX-License-Identifier: MIT */
/*
 * The functions that startup calls for the IRELATIVE entries. LLD 19 and 21 delete bytes from
 * LoongArch code and forget that the resolvers behind them move: then the entries point into functions
 * instead of at their starts, and the program dies with and without a shared library, or lives by luck.
 */
#ifndef IRELFIX_RESOLVERS_H
#define IRELFIX_RESOLVERS_H

#include "../startup/startup.h"

/**
 * Whether a resolver is inside a function, but not where one begins. Looked for on machines whose
 * code linkers shorten; see arch.shrinks.
 *
 * @param resolver receives its virtual address
 * @param function receives where that function begins
 */
bool resolvers_misplaced(struct startup *startup, uint64_t *resolver, uint64_t *function);

#endif
