/* SPDX-License-Identifier: MIT */
/* The wrapped command as a process: it has the terminal, the streams and the signals. */
#ifndef IRELFIX_CHILD_H
#define IRELFIX_CHILD_H

/**
 * Runs a command, found on PATH, to its end. A signal that is sent to this process alone to end it
 * reaches the command; one from the terminal does anyway.
 *
 * @param status receives what waitpid() says
 * @return 0, or the errno of why it could not be run
 */
int child_run(char *const *command, int *status);

/** Ends as a child did, whose status waitpid() gave: by its signal, or @return its exit status. */
int child_end(int status);

/** Becomes the command. @return the errno of why it could not be run */
int child_become(char *const *command);

#endif
