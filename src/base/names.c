/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash(const char *text)
{
	uint64_t value = 0xcbf29ce484222325u;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 0x100000001b3u;
	return value;
}

/* Where @text stands in the table, or would. */
static char **place_of(const struct names *names, const char *text)
{
	size_t at = (size_t)hash(text) & (names->room - 1);

	while (names->items[at] && strcmp(names->items[at], text) != 0)
		at = (at + 1) & (names->room - 1);
	return &names->items[at];
}

static bool grow(struct names *names)
{
	struct names old = *names;

	names->room = old.room ? old.room * 2 : 32;
	names->items = calloc(names->room, sizeof(*names->items));
	if (!names->items) {
		*names = old;
		return false;
	}
	for (size_t i = 0; i < old.room; i++)
		if (old.items[i])
			*place_of(names, old.items[i]) = old.items[i];
	free(old.items);
	return true;
}

const char *names_keep(struct names *names, const char *text)
{
	char **place;

	if (names->count * 2 >= names->room && !grow(names))
		return NULL;
	place = place_of(names, text);
	if (!*place) {
		*place = strdup(text);
		names->count += *place != NULL;
	}
	return *place;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->room; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ .count = 0 };
}
