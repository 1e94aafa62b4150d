/* SPDX-License-Identifier: MIT */
#include "effort.h"

#include <inttypes.h>
#include <string.h>

void effort_begin(struct effort *effort, uint64_t on_disk, void (*let_go)(void *context),
                  void *context)
{
	effort->whole = effort->looks = EFFORT_LOOKS + on_disk * EFFORT_PER_BYTE;
	effort->spent = false;
	effort->let_go = let_go;
	effort->context = context;
	effort->round = 1;
	effort->windows = effort->last = 0;
	if (let_go) /* otherwise it is not looked at, and not worth the time */
		memset(effort->known, 0, sizeof(effort->known));
}

/* What a look at a window costs, which is noted down. */
static uint64_t cost_of(struct effort *effort, uint32_t number)
{
	struct effort_window *window = &effort->known[number % EFFORT_KNOWN];
	bool known = window->number == number, there = known && window->round == effort->round;

	*window = (struct effort_window){ number, effort->round };
	effort->windows += !there;
	return there ? 0 : known ? EFFORT_AGAIN : EFFORT_NEW;
}

bool effort_open(struct effort *effort, uint32_t number)
{
	if (effort->windows == EFFORT_WINDOWS) {
		effort->windows = 0;
		effort->round++;
		effort->let_go(effort->context);
	}
	effort->last = number;
	return effort_spend(effort, cost_of(effort, number));
}

bool effort_sufficed(const struct effort *effort, struct outcome *why)
{
	return !effort || !effort->spent ||
	       blocked(why, COSTLY, "looking through it takes more than %" PRIu64 " looks, and no more "
	               "are spent on a file of this size", effort->whole);
}
