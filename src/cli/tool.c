/* SPDX-License-Identifier: MIT */
#include "tool.h"

#include "response.h"
#include "text.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- kinds ---------------------------------------------------------------------------------- */

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

static bool is_one_of(const char *name, size_t length, const char *const *tools)
{
	while (*tools && !is_tool(name, length, *tools))
		tools++;
	return *tools != NULL;
}

/* lld under names that do not say as which linker it is to work. */
static bool is_generic_lld(const char *path)
{
	const char *name = base_name(path);

	return is_tool(name, length_without_version(name), "lld");
}

enum tool tool_kind(const char *path)
{
	static const char *const linkers[] = { "ld", "ld.lld", "ld.bfd", "ld.gold", "ld.mold",
	                                       "lld", "mold", "wild", NULL };
	static const char *const drivers[] = { "cc", "c++", "gcc", "g++", "clang", "clang++",
	                                       "gfortran", "flang", NULL };
	const char *name = base_name(path);
	size_t length = length_without_version(name);

	if (is_one_of(name, length, linkers))
		return TOOL_LINKER;
	return is_one_of(name, length, drivers) ? TOOL_DRIVER : TOOL_OTHER;
}

static bool is_own_driver(const char *path)
{
	const char *name = base_name(path);

	return strcmp(name, "irelfix-cc") == 0 || strcmp(name, "irelfix-c++") == 0;
}

bool tool_is_alias(const char *name)
{
	return is_own_driver(name) || tool_kind(name) == TOOL_LINKER;
}

/* ---- the next one on PATH ------------------------------------------------------------------- */

/* The first program of this name on PATH that is another file than @self, or NULL. */
static char *find_other(const char *name, const struct stat *self)
{
	const char *path = getenv("PATH");
	char *out = path ? malloc(strlen(path) + strlen(name) + 2) : NULL;
	struct stat found;

	while (out && path) {
		size_t length = strcspn(path, ":");
		sprintf(out, "%.*s%s%s", (int)length, path, length ? "/" : "", name);
		if (access(out, X_OK) == 0 && stat(out, &found) == 0 && S_ISREG(found.st_mode) &&
		    !(self && found.st_dev == self->st_dev && found.st_ino == self->st_ino))
			return out;
		path = path[length] ? path + length + 1 : NULL;
	}
	free(out);
	return NULL;
}

/* What is running: the path it was called by, what the kernel says, or what PATH led to. */
static bool stat_self(const char *name, struct stat *out)
{
	char *found;
	bool ok;

	if (strchr(name, '/'))
		return stat(name, out) == 0;
	if (stat("/proc/self/exe", out) == 0)
		return true;
	found = find_other(name, NULL);
	ok = found && stat(found, out) == 0;
	free(found);
	return ok;
}

/* ---- rustc's own ---------------------------------------------------------------------------- */

/* The first line that a shell command prints, without its end; to be freed. */
static char *first_line(const char *command)
{
	FILE *output = popen(command, "r");
	char *line = NULL;
	size_t room = 0;
	bool ok = output && getline(&line, &room, output) > 0;

	if (output)
		pclose(output);
	if (!ok) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* The ld.lld that comes with rustc, below lib/rustlib/HOST/bin/gcc-ld in its sysroot, or NULL. */
static char *find_rust_lld(void)
{
	static const char below[] = "/lib/rustlib/*/bin/gcc-ld/ld.lld";
	char *sysroot = first_line("rustc --print sysroot 2>/dev/null"), *out = NULL;
	char *pattern = sysroot ? malloc(strlen(sysroot) + sizeof(below)) : NULL;
	glob_t found;

	if (pattern) {
		strcat(strcpy(pattern, sysroot), below);
		if (glob(pattern, 0, NULL, &found) == 0)
			out = strdup(found.gl_pathv[0]);
		globfree(&found);
	}
	free(pattern);
	free(sysroot);
	return out;
}

/* ---- the command ---------------------------------------------------------------------------- */

/* What the environment names, quoted as in a response file; by default one word. To be freed. */
static char *words_behind(const char *alias)
{
	bool linker = !is_own_driver(alias), cxx = strcmp(base_name(alias), "irelfix-c++") == 0;
	const char *variable = linker ? "IRELFIX_LD" : cxx ? "IRELFIX_CXX" : "IRELFIX_CC";
	const char *words = getenv(variable);

	if (words && words[strspn(words, " \t\r\n")])
		return strdup(words);
	return strdup(linker ? base_name(alias) : cxx ? "c++" : "cc");
}

/* Splits @words into @out, which has room. @return how many there are. */
static size_t split(char *words, char **out)
{
	size_t count = 0;
	char *word;

	while ((word = response_word(&words, false)) != NULL)
		out[count++] = word;
	return count;
}

/* The program of this name that is not irelfix itself, which is called @alias. To be freed. */
static char *find_program(const char *name, const char *alias)
{
	struct stat self;
	char *found = find_other(name, stat_self(alias, &self) ? &self : NULL);

	return found || strcmp(name, "ld.lld") != 0 ? found : find_rust_lld();
}

static bool complain(const char *alias, const char *name)
{
	fputs("irelfix: ", stderr);
	text_put(base_name(alias), stderr);
	fputs(": no other program called '", stderr);
	text_put(name, stderr);
	fprintf(stderr, "' on PATH; %s may name one\n",
	        is_own_driver(alias) ? "IRELFIX_CC or IRELFIX_CXX" : "IRELFIX_LD");
	return false;
}

bool tool_behind(int argc, char **argv, struct tool_command *out)
{
	static char flavor[] = "-flavor", gnu[] = "gnu";
	char **command;
	size_t count;

	*out = (struct tool_command){ .words = words_behind(argv[0]) };
	out->arguments = command = calloc((out->words ? strlen(out->words) : 0) + (size_t)argc + 3,
	                                  sizeof(*command));
	if (!out->words || !command)
		return complain(argv[0], "");
	count = split(out->words, command);
	if (!strchr(command[0], '/')) {
		out->program = find_program(command[0], argv[0]);
		if (!out->program)
			return complain(argv[0], command[0]);
		command[0] = out->program;
	}
	if (count == 1 && is_generic_lld(command[0]) && !is_generic_lld(argv[0])) {
		command[count++] = flavor;
		command[count++] = gnu;
	}
	memcpy(command + count, argv + 1, (size_t)argc * sizeof(*command));
	return true;
}

void tool_free(struct tool_command *command)
{
	free(command->arguments);
	free(command->words);
	free(command->program);
}
