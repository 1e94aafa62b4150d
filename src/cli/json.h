/* SPDX-License-Identifier: MIT */
/* The machine-readable report: one JSON object per file and line (RFC 8259). */
#ifndef IRELFIX_JSON_H
#define IRELFIX_JSON_H

#include "options.h"

#include <stdio.h>

/** Prints the object for @path to @out; @file may be NULL when there was no memory. */
void json_file(const struct options *options, const char *path, const struct irelfix *file,
               enum irelfix_status status, FILE *out);

/** Prints the object for what could not even be opened. */
void json_error(const struct options *options, const char *path, const char *message, FILE *out);

#endif
