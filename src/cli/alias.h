/* SPDX-License-Identifier: MIT */
/* The tool behind a name that irelfix was called by: that of a linker or a compiler driver. */
#ifndef IRELFIX_ALIAS_H
#define IRELFIX_ALIAS_H

#include "tool.h"

/** Whether @name, an argv[0], is not irelfix's own but that of a tool. */
bool alias_is(const char *name);

/** What a call by such a name stands for. */
struct alias {
	enum tool kind;         /**< as which tool it is called */
	char **command;         /**< what to run; ends with NULL */
	char *const *arguments; /**< those in @command that the caller gave */
	char *words, *program;  /**< what some of them are part of; or NULL */
};

/**
 * Finds the command behind an alias, argv[0]: what the environment names, or the next program of the
 * same name; for irelfix-cc and irelfix-c++ the compiler drivers cc and c++. Folders in which
 * that name leads back here are taken out of PATH.
 *
 * @param out to be freed by alias_free(), also after a failure
 * @return 0; or an exit status, and a message has been printed
 */
int alias_find(int argc, char **argv, struct alias *out);

void alias_free(struct alias *alias);

#endif
