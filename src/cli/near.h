/* SPDX-License-Identifier: MIT */
/* What somebody may have meant who mistyped a name. */
#ifndef IRELFIX_NEAR_H
#define IRELFIX_NEAR_H

/**
 * The one of @names, a list that ends with NULL, that is nearest to @word: it begins with it, or
 * few letters are other ones, missing, too many, or swapped.
 *
 * @return NULL where none is near
 */
const char *near_name(const char *word, const char *const *names);

#endif
