/* SPDX-License-Identifier: MIT */
/* What a command links, as its arguments say. */
#ifndef IRELFIX_OUTPUT_H
#define IRELFIX_OUTPUT_H

#include <stdbool.h>

/**
 * Finds the file that a command is going to link: behind the last -o, or a.out. Response files
 * are read, so it has to be called before the command runs: drivers delete theirs.
 *
 * @param out receives the path, to be freed, or NULL where an option says for certain that no
 *            executable comes of it: -c, -shared, --version, ...
 * @return false when there is no memory
 */
bool output_of(char *const *command, char **out);

#endif
