/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

/* Often enough to be seen moving, seldom enough to cost nothing. */
enum { NANOSECONDS = 1000000000, PERIOD = NANOSECONDS / 4 };

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) +
	       (double)(now.tv_nsec - start->tv_nsec) / (double)NANOSECONDS;
}

void progress_hide(const struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}

/* The seconds go on where a single file takes long. A line that is too long would not be taken away. */
static void show(const struct progress *progress)
{
	double seconds = seconds_since(&progress->start);
	char line[128];
	size_t used = (size_t)snprintf(line, sizeof(line), "%zu file%s, %.0f/s, %.1f s: ",
	                               progress->files, progress->files == 1 ? "" : "s",
	                               (double)progress->files / seconds, seconds);
	size_t room = progress->columns > used + 1 ? progress->columns - used - 1 : 0;
	size_t length = strlen(progress->place);

	progress_hide(progress);
	fprintf(stderr, "%.*s", (int)progress->columns - 1, line);
	text_put(progress->place + (length > room ? length - room : 0), stderr);
	fflush(stderr);
}

static struct timespec next_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += PERIOD;
	time.tv_sec += time.tv_nsec / NANOSECONDS;
	time.tv_nsec %= NANOSECONDS;
	return time;
}

static void *tick(void *context)
{
	struct progress *progress = context;

	pthread_mutex_lock(progress->lock);
	while (!progress->stop) {
		struct timespec until = next_time();
		while (!progress->stop &&
		       pthread_cond_timedwait(&progress->ended, progress->lock, &until) == 0)
			;
		if (!progress->stop)
			show(progress);
	}
	pthread_mutex_unlock(progress->lock);
	return NULL;
}

void progress_begin(struct progress *progress, pthread_mutex_t *lock, unsigned columns)
{
	*progress = (struct progress){ .lock = lock, .columns = columns };
	if (columns == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &progress->start);
	pthread_cond_init(&progress->ended, NULL);
	progress->shown = pthread_create(&progress->thread, NULL, tick, progress) == 0;
	if (!progress->shown)
		pthread_cond_destroy(&progress->ended);
}

void progress_count(struct progress *progress)
{
	progress->files++;
}

void progress_at(struct progress *progress, const char *path)
{
	size_t length = strlen(path), most = sizeof(progress->place) - 1;

	if (progress->shown)
		strcpy(progress->place, path + (length > most ? length - most : 0));
}

void progress_end(struct progress *progress)
{
	if (!progress->shown)
		return;
	pthread_mutex_lock(progress->lock);
	progress->stop = true;
	pthread_cond_signal(&progress->ended);
	pthread_mutex_unlock(progress->lock);
	pthread_join(progress->thread, NULL);
	pthread_cond_destroy(&progress->ended);
	progress_hide(progress);
	progress->shown = false;
}
