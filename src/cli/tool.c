/* SPDX-License-Identifier: MIT */
#include "tool.h"

#include <string.h>

const char *tool_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The length of a name without a version, "clang-22", "gcc-12.2". */
static size_t length_without_version(const char *name)
{
	const char *dash = strrchr(name, '-');

	if (dash && dash[1] && dash[1 + strspn(dash + 1, "0123456789.")] == '\0')
		return (size_t)(dash - name);
	return strlen(name);
}

/* Whether @name is @tool, or ends in it behind a dash, as after a target triplet. */
static bool is_tool(const char *name, size_t length, const char *tool)
{
	size_t tail = strlen(tool);

	return length >= tail && strncmp(name + length - tail, tool, tail) == 0 &&
	       (length == tail || name[length - tail - 1] == '-');
}

static bool is_one_of(const char *name, const char *const *tools)
{
	size_t length = length_without_version(name);

	while (*tools && !is_tool(name, length, *tools))
		tools++;
	return *tools != NULL;
}

enum tool tool_kind(const char *path)
{
	static const char *const linkers[] = { "ld", "ld.lld", "ld.bfd", "ld.gold", "ld.mold",
	                                       "lld", "mold", "wild", NULL };
	static const char *const drivers[] = { "cc", "c++", "gcc", "g++", "clang", "clang++",
	                                       "gfortran", "flang", NULL };

	if (is_one_of(tool_name(path), linkers))
		return TOOL_LINKER;
	return is_one_of(tool_name(path), drivers) ? TOOL_DRIVER : TOOL_OTHER;
}

enum tool tool_of_command(char *const *command, char *const **arguments)
{
	static const char *const launchers[] = { "ccache", "sccache", "distcc", "icecc", NULL };
	char *const *tool = command + 1;

	while (*tool && strchr(*tool, '=')) /* ccache's own settings */
		tool++;
	if (!is_one_of(tool_name(command[0]), launchers) || !*tool || **tool == '-')
		tool = command;
	*arguments = tool + 1;
	return tool_kind(*tool);
}

bool tool_is_own_driver(const char *path)
{
	return strcmp(tool_name(path), "irelfix-cc") == 0 ||
	       strcmp(tool_name(path), "irelfix-c++") == 0;
}

bool tool_is_generic_lld(const char *path)
{
	static const char *const generic[] = { "lld", NULL };

	return is_one_of(tool_name(path), generic);
}
