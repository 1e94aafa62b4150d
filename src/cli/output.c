/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "response.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

/* Who reads an option: the command, or the linker that it hands words to. Each has its own -o. */
struct reader {
	enum tool kind;
	const char *const *without_link; /* the options with which it links no executable */
	enum { NEXT_ANY, NEXT_OUTPUT, NEXT_VALUE, NEXT_FOR_LINKER } next;
	char *path;
};

struct scan {
	struct reader driver, linker;
	struct response response;
	bool links, failed;
};

static const char *const driver_without_link[] = {
	"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-###", "-r", "-shared", "--shared",
	"--version", "--help", "-dumpversion", "-dumpmachine", NULL,
};

static const char *const linker_without_link[] = {
	"-r", "--relocatable", "-relocatable", "-shared", "--shared", "-Bshareable", "--version",
	"--help", NULL,
};

static bool is_one_of(const char *argument, const char *const *options)
{
	while (*options && strcmp(argument, *options) != 0)
		options++;
	return *options != NULL;
}

/* What stands behind @prefix in @argument, or NULL. */
static const char *behind(const char *argument, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(argument, prefix, length) == 0 ? argument + length : NULL;
}

static void keep(struct scan *scan, struct reader *reader, const char *path)
{
	free(reader->path);
	reader->path = strdup(path);
	scan->failed = scan->failed || !reader->path;
}

/* -output is -o utput: so read it the linkers and the drivers. */
static void take_option(struct scan *scan, struct reader *reader, const char *argument)
{
	const char *path = behind(argument, "--output=");

	if (!path && strcmp(argument, "-o") != 0)
		path = behind(argument, "-o");
	if (path)
		keep(scan, reader, path);
	else if (strcmp(argument, "-o") == 0 || strcmp(argument, "--output") == 0)
		reader->next = NEXT_OUTPUT;
	else if (values_takes_one(reader->kind, argument))
		reader->next = NEXT_VALUE;
	else if (is_one_of(argument, reader->without_link))
		scan->links = false;
}

static void take(struct scan *scan, struct reader *reader, const char *argument)
{
	if (reader->next == NEXT_ANY) {
		take_option(scan, reader, argument);
		return;
	}
	if (reader->next == NEXT_OUTPUT)
		keep(scan, reader, argument);
	reader->next = NEXT_ANY;
}

static void visit_linker(void *context, const char *argument)
{
	struct scan *scan = context;

	take(scan, &scan->linker, argument);
}

/* A driver leaves @FILE among the words for the linker to the linker. */
static void take_word(struct scan *scan, const char *word)
{
	response_expand(&scan->response, word, visit_linker, scan);
}

/* -Wl,WORD,WORD: each is an argument of the linker. */
static void take_words(struct scan *scan, const char *list)
{
	char *words = strdup(list), *word = words;

	scan->failed = scan->failed || !words;
	while (word) {
		char *comma = strchr(word, ',');
		if (comma)
			*comma = '\0';
		take_word(scan, word);
		word = comma ? comma + 1 : NULL;
	}
	free(words);
}

/* What is no option reaches the linker at its place, and may be what -Wl,-o stands in front of. */
static bool is_linkers(const struct scan *scan, const char *argument)
{
	return argument[0] != '-' && scan->linker.next != NEXT_ANY;
}

static void take_first_word(struct scan *scan, const char *argument)
{
	if (behind(argument, "-Wl,"))
		take_words(scan, behind(argument, "-Wl,"));
	else if (behind(argument, "--for-linker="))
		take_word(scan, behind(argument, "--for-linker="));
	else if (strcmp(argument, "-Xlinker") == 0 || strcmp(argument, "--for-linker") == 0)
		scan->driver.next = NEXT_FOR_LINKER;
	else
		take(scan, is_linkers(scan, argument) ? &scan->linker : &scan->driver, argument);
}

static void visit_driver(void *context, const char *argument)
{
	struct scan *scan = context;

	if (scan->driver.next == NEXT_FOR_LINKER) {
		take_word(scan, argument);
		scan->driver.next = NEXT_ANY;
	} else if (scan->driver.next == NEXT_ANY) {
		take_first_word(scan, argument);
	} else {
		take(scan, &scan->driver, argument);
	}
}

/* As the tools do: said on the command line itself, by the last of such options. */
static bool has_windows_quoting(char *const *arguments)
{
	const char *how = "";

	for (; *arguments; arguments++) {
		const char *option = strstr(*arguments, "--rsp-quoting=");
		if (option)
			how = behind(option, "--rsp-quoting=");
		else if (strcmp(*arguments, "--rsp-quoting") == 0 && arguments[1])
			how = arguments[1];
	}
	return behind(how, "windows") != NULL;
}

/* What a driver hands on stands behind the driver's own -o. */
static char *path_of(struct scan *scan)
{
	bool by_linker = scan->linker.path != NULL;

	free(by_linker ? scan->driver.path : NULL);
	return by_linker ? scan->linker.path : scan->driver.path;
}

bool output_of(enum tool kind, char *const *arguments, char **out)
{
	struct scan scan = {
		.response = { .windows = has_windows_quoting(arguments) }, .links = true,
		.driver = { .kind = TOOL_DRIVER, .without_link = driver_without_link },
		.linker = { .kind = TOOL_LINKER, .without_link = linker_without_link },
	};

	for (; *arguments; arguments++)
		response_expand(&scan.response, *arguments,
		                kind == TOOL_LINKER ? visit_linker : visit_driver, &scan);
	*out = path_of(&scan);
	/* Of an unknown command an option may mean anything: what it writes will show. */
	if (!scan.links && kind != TOOL_OTHER && !scan.response.failed) {
		free(*out);
		*out = NULL;
		return true;
	}
	if (!*out)
		*out = strdup("a.out");
	return *out && !scan.failed && !scan.response.failed;
}
