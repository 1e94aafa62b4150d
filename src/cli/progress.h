/* SPDX-License-Identifier: MIT */
/* What is shown of a long run meanwhile: a line on the terminal at standard error. */
#ifndef IRELFIX_PROGRESS_H
#define IRELFIX_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
	bool shown;            /**< there is a terminal; everything else is for that only */
	unsigned columns;
	pthread_mutex_t *lock; /**< whoever prints holds it */
	pthread_cond_t ended;
	pthread_t thread;
	bool stop;
	struct timespec start;
	size_t files;          /**< that are done */
	char place[512];       /**< what is being looked at: the end of its path */
};

/**
 * From now on shows a line several times a second, whether or not anything gets done.
 *
 * @param lock    is held for that; by the caller for the calls below, but for the last one
 * @param columns of the terminal; 0: nothing is shown
 */
void progress_begin(struct progress *progress, pthread_mutex_t *lock, unsigned columns);

/** One more file is done. */
void progress_count(struct progress *progress);

/** The folder or file at @path is being looked at. */
void progress_at(struct progress *progress, const char *path);

/** Takes the line away, so that another one can be printed. */
void progress_hide(const struct progress *progress);

/** Ends it. Called without the lock. */
void progress_end(struct progress *progress);

#endif
