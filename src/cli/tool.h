/* SPDX-License-Identifier: MIT */
/* What kind of tool a name stands for, and the tool behind a name that irelfix was called by. */
#ifndef IRELFIX_TOOL_H
#define IRELFIX_TOOL_H

#include <stdbool.h>

enum tool {
	TOOL_OTHER,
	TOOL_LINKER, /**< ld, ld.lld, aarch64-linux-gnu-ld.lld-22, ... */
	TOOL_DRIVER, /**< cc, x86_64-linux-gnu-gcc-12, clang++, ... */
};

/** The kind of tool, by the last part of its path. */
enum tool tool_kind(const char *path);

/** Whether @name, an argv[0], is not irelfix's own but that of a link to it. */
bool tool_is_alias(const char *name);

/** What a call by such a name stands for. */
struct tool_command {
	char **arguments; /**< ends with NULL */
	char *words;      /**< what some of them are part of */
	char *program;    /**< the first of them, where it was searched; or NULL */
};

/**
 * Finds the command behind an alias, argv[0]: for irelfix-cc and irelfix-c++ the compiler driver,
 * else the next linker of the same name.
 *
 * @param out to be freed by tool_free(), also after a failure
 * @return false when there is none, and a message has been printed
 */
bool tool_behind(int argc, char **argv, struct tool_command *out);

void tool_free(struct tool_command *command);

#endif
