/* SPDX-License-Identifier: MIT */
/* Copies of names, each once: they outlive the file that they were read from. */
#ifndef IRELFIX_NAMES_H
#define IRELFIX_NAMES_H

#include <stddef.h>

struct names {
	char **items; /**< a hash table; owned, as the strings are */
	size_t count, room;
};

/** The copy of @text, which lives until names_free(); NULL when there is no memory. */
const char *names_keep(struct names *names, const char *text);

void names_free(struct names *names);

#endif
