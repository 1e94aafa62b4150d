/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* More files than any build names on one line: what is deeper includes itself. */
enum { FILES_MAX = 1000 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A backslash takes the next character for what it is, inside quotes as well. */
static void gnu_unquote(char **read, char **write)
{
	char quote = '\0';

	for (; **read && (quote || !is_blank(**read)); (*read)++) {
		char c = **read;
		if (c == '\\' && (*read)[1])
			*(*write)++ = *++*read;
		else if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else
			*(*write)++ = c;
	}
}

/* Backslashes count only in front of a double quote: half of them stay, an odd one escapes it. */
static void windows_backslashes(char **read, char **write)
{
	size_t count = strspn(*read, "\\");
	size_t kept = (*read)[count] == '"' ? count / 2 : count;

	memset(*write, '\\', kept);
	*write += kept;
	*read += count;
	if (kept < count && count % 2 == 1)
		*(*write)++ = *(*read)++;
}

static void windows_unquote(char **read, char **write)
{
	bool quoted = false;

	while (**read && (quoted || !is_blank(**read))) {
		if (**read == '\\') {
			windows_backslashes(read, write);
		} else if (**read == '"' && quoted && (*read)[1] == '"') {
			*(*write)++ = '"';
			*read += 2;
		} else if (**read == '"') {
			quoted = !quoted;
			(*read)++;
		} else {
			*(*write)++ = *(*read)++;
		}
	}
}

char *response_word(char **at, bool windows)
{
	char *read = *at, *word, *write;

	while (is_blank(*read))
		read++;
	if (!*read)
		return NULL;
	word = write = read;
	if (windows)
		windows_unquote(&read, &write);
	else
		gnu_unquote(&read, &write);
	*at = *read ? read + 1 : read;
	*write = '\0';
	return word;
}

/* The text of a regular file, to be freed. A pipe is left to the tool: it can be read only once. */
static char *read_text(struct response *response, const char *path)
{
	struct stat status;
	bool regular = stat(path, &status) == 0 && S_ISREG(status.st_mode);
	FILE *file = regular ? fopen(path, "r") : NULL;
	char *text = file ? malloc((size_t)status.st_size + 1) : NULL;

	if (regular && !text && errno == ENOMEM)
		response->failed = true;
	if (text)
		text[fread(text, 1, (size_t)status.st_size, file)] = '\0';
	if (file)
		fclose(file);
	return text;
}

void response_expand(struct response *response, const char *argument, response_visit *visit,
                     void *context)
{
	bool named = argument[0] == '@' && response->opened < FILES_MAX;
	char *text = named ? read_text(response, argument + 1) : NULL;
	char *at = text, *word;

	if (!text) {
		visit(context, argument);
		return;
	}
	response->opened++;
	while ((word = response_word(&at, response->windows)) != NULL)
		response_expand(response, word, visit, context);
	free(text);
}
