/* SPDX-License-Identifier: MIT */
/* --explain: the failure classes and reasons in words, each with its cause and what to do. */
#ifndef IRELFIX_EXPLAIN_H
#define IRELFIX_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

/**
 * Explains the class or reason @name, or "all" of them, to @out.
 *
 * @return false when there is none of that name; @err then has the names
 */
bool explain(const char *name, FILE *out, FILE *err);

/** What happens to a program of the failure class @name, one sentence; NULL: no such class. */
const char *explain_fate(const char *name);

#endif
