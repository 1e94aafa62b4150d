/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0 (OASIS), which code scanners speak: one log with one run for all files. Its rules are
 * the failure classes and the reasons, its results the files that do not start. What could not be
 * read is no result but a notification of the tool's (3.58 of the standard); these stand behind the
 * results.
 */
#ifndef IRELFIX_SARIF_H
#define IRELFIX_SARIF_H

#include "options.h"

#include <stdio.h>

/** Prints the log up to its first result. */
void sarif_begin(FILE *out);

/** Prints the result, or for IRELFIX_FILE the notification, of one file; of a good one nothing. */
void sarif_file(const struct options *options, const char *path, const struct irelfix *file,
                enum irelfix_status status, FILE *out);

/** Prints the notification of what could not even be opened. */
void sarif_error(const char *path, const char *message, FILE *out);

/** How a run ended. */
struct sarif_end {
	const char *notifications; /**< separated by commas */
	bool failed;               /**< not every file could be read and written */
	enum irelfix_status exit;
	int signal;                /**< that interrupted it, or 0 */
};

/** Prints the rest of the log. */
void sarif_end(const struct sarif_end *end, FILE *out);

#endif
