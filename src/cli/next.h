/* SPDX-License-Identifier: MIT */
/* What somebody at a terminal who has asked about one file may do next. */
#ifndef IRELFIX_NEXT_H
#define IRELFIX_NEXT_H

#include "options.h"

#include <stdio.h>

/**
 * Says what will happen to a broken file and how to repair it; with -v what to do if a healthy one
 * crashes. Nothing where standard output is no terminal, or of one file of many.
 */
void next_put(const struct options *options, const char *path, const struct irelfix *file,
              enum irelfix_status status, FILE *out);

/** Says where more is told of the reason for a refusal, where standard error is a terminal. */
void next_put_refused(const struct options *options, const struct irelfix *file,
                      enum irelfix_status status, FILE *err);

#endif
