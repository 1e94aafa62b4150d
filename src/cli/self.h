/* SPDX-License-Identifier: MIT */
/* This program: where it is. */
#ifndef IRELFIX_SELF_H
#define IRELFIX_SELF_H

#include <stdbool.h>
#include <sys/stat.h>

/** The real path of what is running, which was called @name. To be freed; NULL: not to be had. */
char *self_path(const char *name);

/** What is running, as a file. */
bool self_stat(const char *name, struct stat *out);

#endif
