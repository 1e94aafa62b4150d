/* SPDX-License-Identifier: MIT */
/* A link command, and the repair of what it links. */
#ifndef IRELFIX_WRAP_H
#define IRELFIX_WRAP_H

#include "options.h"

/** Repairs one file in place; @file receives the handle, which is the caller's to close. */
typedef enum irelfix_status wrap_work(const struct options *options, const char *path,
                                      struct irelfix **file);

/**
 * Runs @command unchanged. When it succeeds and has linked an ELF file anew, that is handed to
 * @repair; a repair that fails makes the link fail, and the file is removed, as linkers do.
 *
 * @return the exit status: the command's, or that of the repair
 */
int wrap_run(const struct options *options, char **command, wrap_work *repair);

/** The same for a call by the name of a tool, for which alias_is() holds. */
int wrap_alias(int argc, char **argv, wrap_work *repair);

#endif
