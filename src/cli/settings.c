/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An empty variable is none. */
static const char *value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value ? value : NULL;
}

/* The row of @value; -1: none. */
static int find(const char *value, const char *const *rows)
{
	int i = 0;

	while (rows[i] && strcmp(value, rows[i]) != 0)
		i++;
	return rows[i] ? i : -1;
}

static bool complain(const char *variable, const char *value, const char *allowed)
{
	text_complain(value, "is no value of %s, which are %s", variable, allowed);
	return false;
}

static bool read_policy(enum policy *out)
{
	static const char *const names[] = { "", "off", "warn", "strict", NULL };
	const char *value = value_of("IRELFIX_WRAP");
	int row = find(value ? value : "", names);

	*out = (enum policy)row;
	return row >= 0 || complain("IRELFIX_WRAP", value, "off, warn, strict");
}

static bool read_verbosity(struct settings *out)
{
	static const char *const levels[] = { "0", "1", "2", NULL };
	const char *value = value_of("IRELFIX_VERBOSE");
	int level = value ? find(value, levels) : 0;

	out->quiet = value && level == 0;
	out->verbose = level;
	return level >= 0 || complain("IRELFIX_VERBOSE", value, "0, 1, 2");
}

bool settings_read(struct settings *out)
{
	*out = (struct settings){ .log = value_of("IRELFIX_LOG") };
	return read_policy(&out->policy) && read_verbosity(out);
}
