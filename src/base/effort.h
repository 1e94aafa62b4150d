/* SPDX-License-Identifier: MIT */
/*
 * What a file may cost. All stages spend from one purse, and every look at something of which the file
 * says how much there is takes a part of it: so a hostile file is dealt with in bounded time.
 *
 * What is on disk pays for itself, so that no real file is too large. Holes do not: of a sparse file
 * each page has to be made when it is looked at, which takes longer than any look, and it stays in
 * memory. There pages are counted, and let go again.
 */
#ifndef IRELFIX_EFFORT_H
#define IRELFIX_EFFORT_H

#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/** How many looks a file gets, each of some nanoseconds; and for each byte that it has on disk. */
enum { EFFORT_LOOKS = 1 << 27, EFFORT_PER_BYTE = 4 };

/** The unit in which pages are counted; what one costs for the first time, and when it was let go. */
enum { EFFORT_WINDOW = 1 << 16, EFFORT_NEW = 1 << 15, EFFORT_AGAIN = 1 << 9 };

/** Of items that follow each other, so many are paid for at once. */
enum { EFFORT_NEAR = 64 };

/** After so many windows they are let go: 16 MiB. */
enum { EFFORT_WINDOWS = 256 };

/** One that was looked at. */
struct effort_window {
	uint32_t number; /**< from the address, plus one: 0 is none */
	uint32_t round;  /**< the last one in which it was looked at */
};

enum { EFFORT_KNOWN = 1 << 12 };

struct effort {
	uint64_t whole, looks; /**< what there was, and what is left */
	bool spent;       /**< more was asked for: what was found since is incomplete */
	void (*let_go)(void *context); /**< forgets pages of a sparse file; NULL: they stay */
	void *context;
	uint32_t round;   /**< one more each time that pages are let go */
	unsigned windows; /**< looked at in this round */
	uint32_t last;    /**< the number of the window that was looked at last */
	struct effort_window known[EFFORT_KNOWN]; /**< by number */
};

/**
 * Starts with all looks.
 *
 * @param on_disk how many bytes the file has there
 * @param let_go  see struct effort; for a sparse file only
 */
void effort_begin(struct effort *effort, uint64_t on_disk, void (*let_go)(void *context),
                  void *context);

/** Takes @looks; false when there are not so many left. @effort may be NULL: there is no bound. */
static inline bool effort_spend(struct effort *effort, uint64_t looks)
{
	if (!effort)
		return true;
	if (effort->looks < looks) {
		effort->looks = 0;
		effort->spent = true;
		return false;
	}
	effort->looks -= looks;
	return true;
}

/** Brings in the window with this number, of a sparse file. */
bool effort_open(struct effort *effort, uint32_t number);

/** Whether nothing was left out; false with the reason in @why. */
bool effort_sufficed(const struct effort *effort, struct outcome *why);

/** The same for a look at what is at @at in the file, for which somebody has paid already. */
static inline bool effort_touch(struct effort *effort, const void *at)
{
	uint32_t number;

	if (!effort || !effort->let_go)
		return true;
	number = (uint32_t)((uintptr_t)at / EFFORT_WINDOW) + 1;
	return effort->last == number || effort_open(effort, number);
}

/** Takes a look at what is at @at in the file. */
static inline bool effort_look(struct effort *effort, const void *at)
{
	return effort_spend(effort, 1) && effort_touch(effort, at);
}

/** Whether item @index, at @at in the file, may be looked at. Paid is for all that are near it. */
static inline bool effort_step(struct effort *effort, uint64_t index, const void *at)
{
	return index % EFFORT_NEAR != 0 ||
	       (effort_spend(effort, EFFORT_NEAR) && effort_touch(effort, at));
}

#endif
