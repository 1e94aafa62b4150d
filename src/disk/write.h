/* SPDX-License-Identifier: MIT */
/* Puts the result on disk. */
#ifndef IRELFIX_WRITE_H
#define IRELFIX_WRITE_H

#include "map.h"
#include "../edit/plan.h"

/** Judges the finished file before it gets its name; false with the reason in @why. */
typedef bool write_check(void *context, struct bytes result, struct outcome *why);

/** What is to be written. */
struct write_job {
	const struct map *in;
	const struct plan *plan;
	write_check *check;
	void *context; /**< for @check */
	const struct irelfix_write_options *options;
};

/**
 * Writes the bytes of the input with the planned edits to @path, whole or not at all: into a new
 * file in the same directory (created 0600, never wider than it ends up), which is checked,
 * synced and renamed. Its mode becomes that of the input & 0777. A symbolic link at @path is
 * replaced, not followed.
 *
 * @return false with IRELFIX_FILE, or what the check sets, in @why; no file is left behind.
 */
bool write_file(const struct write_job *job, const char *path, struct outcome *why);

/**
 * Writes the planned edits into the input itself, called @path. Where the plan is ordered, they
 * are written one by one into the file as it is: everything else about it stays, and stopping
 * in between leaves a file that another repair completes. Otherwise, or where the file cannot be
 * opened for writing, or with the option atomic, it is replaced as by write_file(), with owner,
 * mode and attributes kept. What cannot be kept is an error before the first write. Where another
 * process has done the same meanwhile, nothing is written.
 */
bool write_in_place(const struct write_job *job, const char *path, struct outcome *why);

/** Writes the edits into the open file @fd, each only where its old bytes (or already its new
 *  ones) are. */
bool write_edits(const struct plan *plan, int fd, struct outcome *why);

#endif
