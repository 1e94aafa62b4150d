/* SPDX-License-Identifier: MIT */
/* What kind of tool a name stands for. */
#ifndef IRELFIX_TOOL_H
#define IRELFIX_TOOL_H

#include <stdbool.h>

enum tool {
	TOOL_OTHER,
	TOOL_LINKER, /**< ld, ld.lld, aarch64-linux-gnu-ld.lld-22, ... */
	TOOL_DRIVER, /**< cc, x86_64-linux-gnu-gcc-12, clang++, ... */
};

/** The last part of @path. */
const char *tool_name(const char *path);

/** The kind of tool, by the last part of its path. */
enum tool tool_kind(const char *path);

/**
 * The kind of tool that a command runs: for "ccache gcc" that of gcc.
 *
 * @param arguments receives the place of its arguments in @command
 */
enum tool tool_of_command(char *const *command, char *const **arguments);

/** Whether @path has one of irelfix's own names for a driver: irelfix-cc, irelfix-c++. */
bool tool_is_own_driver(const char *path);

/** Whether @path is lld under a name that does not say as which linker it is to work. */
bool tool_is_generic_lld(const char *path);

#endif
