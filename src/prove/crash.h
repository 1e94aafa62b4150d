/* SPDX-License-Identifier: MIT */
/* Where a program dies. */
#ifndef IRELFIX_CRASH_H
#define IRELFIX_CRASH_H

#include "../arch/arch.h"
#include "keeper.h"

/** Addresses of one run: a static-PIE is somewhere else in each. */
struct crash {
	uint64_t entry;   /**< of the first instruction */
	uint64_t died_at; /**< of the instruction that raised the fatal signal */
	uint64_t caller;  /**< if that is a function's first: where it was called; else anything */
};

/**
 * Runs @argv up to its first fatal signal: natively under ptrace, or under qemu-user, whose gdb
 * stub is asked.
 *
 * @param argv        a program; or qemu-user's command line, with `-g` and @socket_path in it
 * @param socket_path a path at which a socket can be made; NULL: natively
 * @return false where tracing is not possible, or the program does not die.
 */
bool crash_trace(const char *const *argv, const char *socket_path, const struct arch *arch,
                 const struct keeper_limits *limits, struct crash *out);

#endif
