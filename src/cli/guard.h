/* SPDX-License-Identifier: MIT */
/* Keeps the program alive, where that is needed to leave all files in order. */
#ifndef IRELFIX_GUARD_H
#define IRELFIX_GUARD_H

#include <stdbool.h>

/**
 * Takes the numbers of closed standard streams, so that no file gets them. Answers SIGBUS, which
 * an access behind the end of a shrunk file or to an unreadable page raises, by a page of zeros.
 */
void guard_install(void);

/**
 * Whether this thread has read such a page since it last asked: whatever was found is worthless.
 * The library only notices that itself when the file changed.
 */
bool guard_missed(void);

/**
 * From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE, unless they are ignored, are only noted down,
 * so that no thread ends in the middle of a write. One that comes more than a second later ends
 * the program (SIGPIPE: never).
 */
void guard_hold_stops(void);

/** The one that was noted down, or 0: what is begun should be finished, nothing else begun. */
int guard_stopped(void);

/** Ends the program by the signal that was noted down, if any. */
void guard_stop(void);

#endif
