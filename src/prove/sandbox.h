/* SPDX-License-Identifier: MIT */
/* Runs one program under limits, and tells how it ended. */
#ifndef IRELFIX_SANDBOX_H
#define IRELFIX_SANDBOX_H

#include "keeper.h"

#include <sys/types.h>

/** How a program ended. */
struct sandbox_result {
	enum keeper_end end; /**< DONE, TIMED_OUT or STOPPED: of the last two, only @output counts */
	int error;           /**< errno when it could not be executed, else 0 */
	int exit_code;       /**< -1 when a signal ended it */
	int signal;          /**< 0 when it exited */
	char output[32768];  /**< the beginning of what it wrote to stdout and stderr, terminated */
};

/**
 * Finds @name as a shell would: as it is when it has a slash, else in PATH.
 * @return the path of an executable file, to be freed, or NULL.
 */
char *sandbox_find(const char *name);

/**
 * For a keeper's work: starts @argv with no input, an almost empty environment, no core file, no
 * terminal and a process group of its own. It ends with its keeper.
 *
 * @param argv     argv[0] is a path
 * @param seconds  of processor time, at most
 * @param output   where its stdout and stderr go
 * @param failure  in shared memory: receives the errno of a failed execution
 * @param traced   whether the caller will trace it: it stops when it has been executed
 * @return the process, or -1 with errno set.
 */
pid_t sandbox_start(const char *const *argv, unsigned seconds, int output, int *failure,
                    bool traced);

/**
 * Runs @argv as sandbox_start() does, to its end. What it started ends with it.
 *
 * @return for sandbox_free(); NULL with errno set when not even a process could be made.
 */
struct sandbox_result *sandbox_run(const char *const *argv, const struct keeper_limits *limits);

void sandbox_free(struct sandbox_result *result);

#endif
