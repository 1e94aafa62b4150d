/* SPDX-License-Identifier: MIT */
/* Runs one program under limits, and tells how it ended. */
#ifndef IRELFIX_SANDBOX_H
#define IRELFIX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** How a program ended. */
struct sandbox_result {
	int error;        /**< errno when it could not be executed, else 0 */
	bool timed_out;
	int exit_code;    /**< -1 when a signal ended it */
	int signal;       /**< 0 when it exited */
	char output[512]; /**< the beginning of what it wrote to stdout and stderr, terminated */
};

/**
 * Finds @name as a shell would: as it is when it has a slash, else in PATH.
 * @return the path of an executable file, to be freed, or NULL.
 */
char *sandbox_find(const char *name);

/**
 * Starts @argv with no input, an almost empty environment, no core file and a process group of
 * its own. Its output goes to @output. A failed execution leaves its errno in @failure.
 *
 * @param argv     argv[0] is a path
 * @param seconds  of processor time, at most
 * @param traced   whether the caller will trace it: it stops when it has been executed
 * @return the process, or -1 with errno set.
 */
pid_t sandbox_start(const char *const *argv, unsigned seconds, int output, int failure, bool traced);

/**
 * Runs @argv as sandbox_start() does, to its end. Its process group is killed after @seconds, and
 * in any case once it has ended.
 *
 * @return false with errno set when not even a process could be made.
 */
bool sandbox_run(const char *const *argv, unsigned seconds, struct sandbox_result *out);

#endif
