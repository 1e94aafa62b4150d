/* SPDX-License-Identifier: MIT */
/* What a person or a machine reads about one file. */
#ifndef IRELFIX_REPORT_H
#define IRELFIX_REPORT_H

#include "options.h"

#include <stdio.h>

/**
 * Reports what is known of @path before it is proved, where options.live says; nothing of a file that
 * is not reported, or with other forms of output.
 */
void report_begin(const struct options *options, const char *path, const struct irelfix *file);

/**
 * Reports how @path ended: results to @out, errors and refusals to @err; with --format what a
 * machine reads to @out instead of the results.
 *
 * @param file   the handle, or NULL when there was no memory for it
 * @param status how its last step ended
 */
void report_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out, FILE *err);

#endif
