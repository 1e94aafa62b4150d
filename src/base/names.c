/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool grow(struct names *names)
{
	size_t more = names->room ? names->room * 2 : 32;
	char **items = realloc(names->items, more * sizeof(*items));

	if (!items)
		return false;
	names->items = items;
	names->room = more;
	return true;
}

const char *names_keep(struct names *names, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy;

	if (size > NAMES_BYTES_MAX - names->bytes || (names->count == names->room && !grow(names)))
		return NULL;
	copy = malloc(size);
	if (!copy)
		return NULL;
	names->bytes += size;
	names->items[names->count++] = copy;
	return memcpy(copy, text, size);
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ .count = 0 };
}
