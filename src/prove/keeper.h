/* SPDX-License-Identifier: MIT */
/*
 * Runs work that starts programs, and leaves none of them behind.
 *
 * A program may fork, and what it forks may leave its process group and session. Therefore the
 * work is done in a process of its own, the keeper, which has no terminal, and which Linux makes
 * the parent of whatever its descendants leave behind. It ends when all of them have. It also ends,
 * with all of them, when its caller does. Where it may, it puts them into a namespace of process
 * numbers, which ends as a whole.
 */
#ifndef IRELFIX_KEEPER_H
#define IRELFIX_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

/** How long work may take. */
struct keeper_limits {
	unsigned seconds;
	bool (*stop)(void *context); /**< asked every few milliseconds: whether to end it; or NULL */
	void *context;
};

/** How work ended. */
enum keeper_end {
	KEEPER_DONE,
	KEEPER_TIMED_OUT,
	KEEPER_STOPPED, /**< as keeper_limits.stop asked for */
	KEEPER_FAILED,  /**< there was no process, or it was killed: errno says which */
};

/**
 * What is done in the keeper. Nothing is open there but /dev/null as standard streams, and of
 * memory only what keeper_share() gave is shared. The caller may have threads: no memory is
 * allocated here.
 */
typedef void keeper_work(void *shared);

/** @return @size zero bytes that a keeper shares, for keeper_unshare(), or NULL with errno set. */
void *keeper_share(size_t size);

void keeper_unshare(void *shared);

/** Does @work with @shared, and returns when nothing is left of what it started. */
enum keeper_end keeper_run(keeper_work *work, void *shared, const struct keeper_limits *limits);

#endif
