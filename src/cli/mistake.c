/* SPDX-License-Identifier: MIT */
#include "mistake.h"

#include "near.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LENGTH_MAX = 64, OPTIONS_MAX = 64 };

bool mistake_is_whole(const char *word, const struct option *option)
{
	size_t length = strlen(option->name);

	return strncmp(word, "--", 2) == 0 && strncmp(word + 2, option->name, length) == 0 &&
	       (word[2 + length] == '\0' || word[2 + length] == '=');
}

/* The option that @word may have meant, or NULL. */
static const char *meant_by(const char *word, const struct option *table)
{
	const char *names[OPTIONS_MAX + 1] = { NULL };
	char name[LENGTH_MAX];
	size_t length = strcspn(word, "=");

	if (length < 3 || length - 2 >= sizeof(name))
		return NULL;
	memcpy(name, word + 2, length - 2);
	name[length - 2] = '\0';
	for (size_t i = 0; table[i].name && i < OPTIONS_MAX; i++)
		names[i] = table[i].name;
	return near_name(name, names);
}

bool mistake_unknown(const char *word, const struct option *table)
{
	const char *meant = meant_by(word, table);

	fputs("irelfix: unrecognized option '", stderr);
	text_put(word, stderr);
	fputs("'", stderr);
	if (meant)
		fprintf(stderr, "; did you mean --%s?", meant);
	fputc('\n', stderr);
	return true;
}

/* A letter that is an option is never invalid: then "--name=value" was given where none is taken. */
static bool is_value(int value, const struct option *table)
{
	while (table->name && table->val != value)
		table++;
	return table->name != NULL;
}

void mistake_put(int result, const char *word, const struct option *table)
{
	bool is_long = strncmp(word, "--", 2) == 0;

	if (result == ':' && is_long)
		fprintf(stderr, "irelfix: option '%s' requires an argument\n", word);
	else if (result == ':')
		fprintf(stderr, "irelfix: option requires an argument -- '%c'\n", optopt);
	else if (optopt != 0 && is_value(optopt, table))
		fprintf(stderr, "irelfix: option '%.*s' doesn't allow an argument\n",
		        (int)strcspn(word, "="), word);
	else if (optopt == 0)
		mistake_unknown(word, table);
	else
		fprintf(stderr, "irelfix: invalid option -- '%c'\n", isprint(optopt) ? optopt : '?');
}
