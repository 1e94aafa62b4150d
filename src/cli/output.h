/* SPDX-License-Identifier: MIT */
/* What a command links, as its arguments say. */
#ifndef IRELFIX_OUTPUT_H
#define IRELFIX_OUTPUT_H

#include "tool.h"

#include <stdbool.h>

/**
 * Finds the file that a tool is going to link: behind the last -o, or a.out. Response files
 * are read, so it has to be called before the tool runs: drivers delete theirs.
 *
 * @param arguments of the tool, without its name; NULL ends them
 * @param out receives the path, to be freed, or NULL where an option says for certain that no
 *            executable comes of it: -c, -shared, --version, ...
 * @return false when there is no memory
 */
bool output_of(enum tool kind, char *const *arguments, char **out);

#endif
