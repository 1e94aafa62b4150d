/* SPDX-License-Identifier: MIT */
/* A link command, and the repair of what it links. */
#ifndef IRELFIX_WRAP_H
#define IRELFIX_WRAP_H

#include "batch.h"

/** The exit statuses of a command that cannot be run, as shells have them. */
enum { WRAP_NOT_RUN = 126, WRAP_NOT_FOUND = 127 };

/**
 * Runs @command unchanged. When it succeeds and has linked an ELF file anew, that is handed to
 * @repair; a repair that fails makes the link fail, and the file is removed, as linkers do.
 *
 * @return the exit status: the command's, or that of the repair
 */
int wrap_run(const struct options *options, char **command, batch_work *repair);

/** The same for a call by the name of a tool, for which tool_is_alias() holds. */
int wrap_alias(int argc, char **argv, batch_work *repair);

#endif
