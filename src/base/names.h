/* SPDX-License-Identifier: MIT */
/* Copies of names: they outlive the file that they were read from. */
#ifndef IRELFIX_NAMES_H
#define IRELFIX_NAMES_H

#include <stddef.h>

/** One name can be asked for again and again: no more bytes than these are kept. */
enum { NAMES_BYTES_MAX = 1 << 20 };

struct names {
	char **items; /**< owned, as the strings are */
	size_t count, room;
	size_t bytes; /**< of all strings */
};

/**
 * The copy of @text, which lives until names_free(); NULL when there is no memory, or when the bytes
 * of all would be more than NAMES_BYTES_MAX.
 */
const char *names_keep(struct names *names, const char *text);

void names_free(struct names *names);

#endif
