/* SPDX-License-Identifier: MIT */
/* --format: which report of a file is printed, and what holds those of a run together. */
#ifndef IRELFIX_FORMAT_H
#define IRELFIX_FORMAT_H

#include "options.h"

#include <stdio.h>

/** Finds the format called @name. */
bool format_parse(const char *name, enum format *out);

/**
 * Prints to @out what a machine reads about @path: nothing for FORMAT_TEXT.
 *
 * @param file   the handle, or NULL when there was no memory for it
 * @param status how its last step ended
 */
void format_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out);

/** The same for what could not even be opened. */
void format_error(const struct options *options, const char *path, const char *message, FILE *out);

/** What is printed of a whole run. */
struct format_run {
	const struct options *options;
	FILE *out;
	size_t results;            /**< that were printed */
	char *errors;              /**< what has to wait until the results are complete */
	size_t errors_size;
	bool failed;               /**< a file could not be read or written */
};

void format_begin(struct format_run *run, const struct options *options, FILE *out);

/**
 * Prints @size bytes of @text, which format_file() or format_error() printed about a file that
 * ended with @status. One call at a time.
 */
void format_add(struct format_run *run, enum irelfix_status status, const char *text, size_t size);

/**
 * Completes what was printed, also when the run was interrupted.
 *
 * @param worst  the exit status of the run
 * @param signal that interrupted it, or 0
 */
void format_end(struct format_run *run, enum irelfix_status worst, int signal);

#endif
