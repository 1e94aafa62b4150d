/* SPDX-License-Identifier: MIT */
/* Options that are none. */
#ifndef IRELFIX_MISTAKE_H
#define IRELFIX_MISTAKE_H

#include <getopt.h>
#include <stdbool.h>

/** Whether @word, "--name" or "--name=value", spells @option whole: what is short today may be
 *  ambiguous tomorrow. */
bool mistake_is_whole(const char *word, const struct option *option);

/** Says on standard error that @word is no option of @table, and which one may have been meant.
 *  @return true */
bool mistake_unknown(const char *word, const struct option *table);

/**
 * Says on standard error what is wrong with the option at which getopt_long() has stopped.
 *
 * @param result what it has returned, ':' or '?'
 * @param word   the argument before optind
 */
void mistake_put(int result, const char *word, const struct option *table);

#endif
