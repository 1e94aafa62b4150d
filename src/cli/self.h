/* SPDX-License-Identifier: MIT */
/* This program: where it is, and the folder of links that make it stand in front of a linker. */
#ifndef IRELFIX_SELF_H
#define IRELFIX_SELF_H

#include "../../include/irelfix.h"

#include <stdbool.h>
#include <sys/stat.h>

/** The real path of what is running, which was called @name. To be freed; NULL: not to be had. */
char *self_path(const char *name);

/** What is running, as a file. */
bool self_stat(const char *name, struct stat *out);

/**
 * Prints the folder that holds the links ld and ld.lld, as it was installed and wherever that was
 * moved to; or says what is missing.
 */
enum irelfix_status self_print_links(const char *name);

#endif
