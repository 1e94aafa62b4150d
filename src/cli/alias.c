/* SPDX-License-Identifier: MIT */
#include "alias.h"

#include "child.h"
#include "response.h"
#include "search.h"
#include "self.h"
#include "text.h"

#include "../../include/irelfix.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool alias_is(const char *name)
{
	return tool_is_own_driver(name) || tool_kind(name) != TOOL_OTHER;
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

/* ---- the words of the command --------------------------------------------------------------- */

/* The variable that names the tool behind an alias; NULL: a driver under its own name has none. */
static const char *variable_of(const char *alias)
{
	if (tool_is_own_driver(alias))
		return strcmp(tool_name(alias), "irelfix-c++") == 0 ? "IRELFIX_CXX" : "IRELFIX_CC";
	return tool_kind(alias) == TOOL_LINKER ? "IRELFIX_LD" : NULL;
}

/* What the environment names, or NULL. */
static const char *named_words(const char *alias)
{
	const char *variable = variable_of(alias);
	const char *words = variable ? getenv(variable) : NULL;

	return words && words[strspn(words, " \t\r\n")] ? words : NULL;
}

static const char *default_word(const char *alias)
{
	if (!tool_is_own_driver(alias))
		return tool_name(alias);
	return strcmp(tool_name(alias), "irelfix-c++") == 0 ? "c++" : "cc";
}

/* Splits @words, quoted as in a response file, into @out. @return how many there are. */
static size_t split(char *words, char **out)
{
	size_t count = 0;
	char *word;

	while ((word = response_word(&words, false)) != NULL)
		out[count++] = word;
	return count;
}

/* ---- the program ---------------------------------------------------------------------------- */

static int complain_of_self(const char *alias, const char *name)
{
	text_complain(name, "is irelfix itself, and %s is to name the tool that irelfix runs",
	              variable_of(alias));
	return IRELFIX_USAGE;
}

static int complain_of_none(const char *alias, const char *name)
{
	const char *variable = variable_of(alias);

	text_complain(name, "no other program of this name is on PATH%s%s%s",
	              variable ? "; " : "", variable ? variable : "",
	              variable ? " may name another" : "");
	return CHILD_NOT_FOUND;
}

/* Whether the environment names irelfix, by its path or by what PATH leads to first. */
static bool names_itself(const char *alias, const char *name, const struct stat *self)
{
	char *found = strchr(name, '/') ? strdup(name) : search_other(name, NULL);
	bool itself = named_words(alias) && found && search_is_file(found, self);

	free(found);
	return itself;
}

/* Puts the path of the program called @name into @out, if it is to be searched. */
static int find_program(const char *alias, const char *name, char **out)
{
	struct stat file;
	const struct stat *self = self_stat(alias, &file) ? &file : NULL;
	bool itself = names_itself(alias, name, self), searched = !strchr(name, '/');

	if (searched) { /* gcc -B leads to a linker wherever that is; drivers are found on PATH */
		*out = tool_kind(alias) == TOOL_LINKER ? search_other(name, self)
		                                       : search_behind(name, self);
		search_leave_out(name, self);
	}
	if (searched && !*out && strcmp(name, "ld.lld") == 0)
		*out = find_rust_lld();
	if (*out || (!searched && !itself))
		return 0;
	return itself ? complain_of_self(alias, name) : complain_of_none(alias, name);
}

int alias_find(int argc, char **argv, struct alias *out)
{
	static char flavor[] = "-flavor", gnu[] = "gnu";
	const char *alias = argv[0], *named = named_words(alias);
	char **command;
	size_t count;
	int status;

	*out = (struct alias){
		.kind = tool_kind(alias), .words = strdup(named ? named : default_word(alias)),
	};
	out->command = command = calloc((out->words ? strlen(out->words) : 0) + (size_t)argc + 3,
	                                sizeof(*command));
	if (!out->words || !command)
		return child_not_run(alias, ENOMEM);
	count = split(out->words, command);
	status = find_program(alias, command[0], &out->program);
	if (out->program)
		command[0] = out->program;
	if (count == 1 && tool_is_generic_lld(command[0]) && !tool_is_generic_lld(alias)) {
		command[count++] = flavor;
		command[count++] = gnu;
	}
	out->arguments = command + count;
	memcpy(command + count, argv + 1, (size_t)argc * sizeof(*command));
	return status;
}

void alias_free(struct alias *alias)
{
	free(alias->command);
	free(alias->words);
	free(alias->program);
}
