/* SPDX-License-Identifier: MIT */
/* A whole build, with irelfix in front of its linkers and compiler drivers. */
#ifndef IRELFIX_RUN_H
#define IRELFIX_RUN_H

#include "options.h"

/**
 * Runs @command with a folder in front of its PATH that holds a link to irelfix for every linker and
 * compiler driver on PATH. The folder is gone at the end.
 *
 * @param name argv[0]
 * @return the exit status: the command's
 */
int run_build(const struct options *options, const char *name, char **command);

/** What became of a program that was linked. */
enum run_outcome { RUN_HEALTHY = 'h', RUN_REPAIRED = 'r', RUN_KEPT = 'k', RUN_REMOVED = 'x' };

/** Notes it down for the run_build() around this process, if any. */
void run_note(enum run_outcome outcome);

#endif
