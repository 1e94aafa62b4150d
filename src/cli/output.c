/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "response.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

/* Who reads an option: the command, or the linker that it hands words to. Each has its own -o. */
struct reader {
	const char *const *without_link; /* the options with which it links no executable */
	enum { NEXT_ANY, NEXT_OUTPUT, NEXT_VALUE, NEXT_FOR_LINKER } next;
	char *path;
};

struct scan {
	enum tool kind;
	struct reader driver, linker;
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

/* Their value is the next argument, and may look like an option itself. */
static const char *const with_value[] = {
	"-mllvm", "--mllvm", "-plugin-opt", "--plugin-opt", "-Xclang", "-Xassembler",
	"-Xpreprocessor", NULL,
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
	else if (is_one_of(argument, with_value))
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

/* -Wl,WORD,WORD: each is an argument of the linker. */
static void take_words(struct scan *scan, const char *list)
{
	char *words = strdup(list), *word = words;

	scan->failed = scan->failed || !words;
	while (word) {
		char *comma = strchr(word, ',');
		if (comma)
			*comma = '\0';
		take(scan, &scan->linker, word);
		word = comma ? comma + 1 : NULL;
	}
	free(words);
}

static void visit(void *context, const char *argument)
{
	struct scan *scan = context;
	struct reader *driver = &scan->driver;

	if (scan->kind == TOOL_LINKER) {
		take(scan, &scan->linker, argument);
	} else if (driver->next == NEXT_FOR_LINKER) {
		take(scan, &scan->linker, argument);
		driver->next = NEXT_ANY;
	} else if (driver->next == NEXT_ANY && behind(argument, "-Wl,")) {
		take_words(scan, behind(argument, "-Wl,"));
	} else if (driver->next == NEXT_ANY && strcmp(argument, "-Xlinker") == 0) {
		driver->next = NEXT_FOR_LINKER;
	} else {
		take(scan, driver, argument);
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

bool output_of(char *const *command, char **out)
{
	struct response response = { .windows = has_windows_quoting(command + 1) };
	struct scan scan = {
		.kind = tool_kind(command[0]), .links = true,
		.driver = { .without_link = driver_without_link },
		.linker = { .without_link = linker_without_link },
	};
	struct reader *says, *other;

	for (char *const *argument = command + 1; *argument; argument++)
		response_expand(&response, *argument, visit, &scan);
	/* What a driver hands on stands behind the driver's own -o. */
	says = scan.linker.path ? &scan.linker : &scan.driver;
	other = scan.linker.path ? &scan.driver : &scan.linker;
	free(other->path);
	/* Of an unknown command an option may mean anything: what it writes will show. */
	if (!scan.links && scan.kind != TOOL_OTHER) {
		free(says->path);
		*out = NULL;
		return true;
	}
	*out = says->path ? says->path : strdup("a.out");
	return *out && !scan.failed;
}
