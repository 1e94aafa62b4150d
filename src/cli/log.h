/* SPDX-License-Identifier: MIT */
/* What is said about a wrapped link: on standard error, and in a file. */
#ifndef IRELFIX_LOG_H
#define IRELFIX_LOG_H

#include "options.h"

/** From now on every line on standard error comes out in one piece, whoever else writes. */
void log_in_lines(void);

/**
 * Says how the repair of @path, which was linked, ended: a line for a repair, errors and refusals;
 * with options->verbose all that -i reports.
 *
 * @param file the handle, or NULL when there was no memory for it
 */
void log_say(const struct options *options, const char *path, const struct irelfix *file,
             enum irelfix_status status);

/** Appends to the file @log the object that --json prints: one line, in one piece. */
void log_append(const char *log, const struct options *options, const char *path,
                const struct irelfix *file, enum irelfix_status status);

#endif
