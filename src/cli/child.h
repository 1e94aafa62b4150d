/* SPDX-License-Identifier: MIT */
/* The wrapped command as a process: it has the terminal, the streams and the signals. */
#ifndef IRELFIX_CHILD_H
#define IRELFIX_CHILD_H

#include <signal.h>

/** The exit statuses of a command that cannot be run, as shells have them. */
enum { CHILD_NOT_RUN = 126, CHILD_NOT_FOUND = 127 };

/**
 * From here to child_release() no signal ends this process: those that arrive wait. While a child
 * runs in between, it gets them.
 *
 * @param mask receives the signals that are blocked already
 */
void child_hold(sigset_t *mask);

void child_release(const sigset_t *mask);

/**
 * Runs a command, found on PATH, to its end. A signal that is sent to this process alone to end it
 * reaches the command; one from the terminal does anyway. To be called between child_hold() and
 * child_release().
 *
 * @param mask   of child_hold(), which is the command's
 * @param status receives what waitpid() says
 * @return 0, or the errno of why it could not be run
 */
int child_run(char *const *command, const sigset_t *mask, int *status);

/** Ends as a child did, whose status waitpid() gave: by its signal, or @return its exit status. */
int child_end(int status);

/** Becomes the command. @return the errno of why it could not be run */
int child_become(char *const *command);

/** Says why a command could not be run. @return the exit status */
int child_not_run(const char *command, int error);

#endif
