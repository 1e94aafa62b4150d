/* SPDX-License-Identifier: MIT */
/* GitHub's workflow commands: an annotation for each file that does not start or cannot be read. */
#ifndef IRELFIX_GITHUB_H
#define IRELFIX_GITHUB_H

#include "options.h"

#include <stdio.h>

/** Prints the annotation of one file; of a good one nothing. */
void github_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out);

/** Prints the annotation of what could not even be opened. */
void github_error(const char *path, const char *message, FILE *out);

#endif
