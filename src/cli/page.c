/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* TIOCGWINSZ, where there is one */
#include "page.h"

#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where nothing tells the size of a terminal. */
enum { USUAL_COLUMNS = 80 };

void page_put(const struct page *page, enum tone tone, const char *text)
{
	if (page->color && tone != PLAIN)
		fprintf(page->out, "\033[%dm%s\033[%dm", (int)tone, text, (int)PLAIN);
	else
		fputs(text, page->out);
}

/* The first of these that is set and not empty counts (POSIX, "Environment Variables"). */
static const char *locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return "C";
}

bool page_is_utf8(void)
{
	const char *charset = strchr(locale(), '.');

	return charset && (strncasecmp(charset, ".utf-8", 6) == 0 ||
	                   strncasecmp(charset, ".utf8", 5) == 0);
}

unsigned page_columns(int fd)
{
#ifdef TIOCGWINSZ
	struct winsize size;

	if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
#endif
	return isatty(fd) ? USUAL_COLUMNS : 0;
}

static bool is_plain(const char *path)
{
	for (; *path; path++)
		if (!isalnum((unsigned char)*path) && !strchr("/._-+,:@%=", *path))
			return false;
	return true;
}

static bool is_printable(const char *path)
{
	const unsigned char *at = (const unsigned char *)path;

	while (*at) {
		int length = text_utf8(at);
		if (length == 0 || text_is_control(at))
			return false;
		at += length;
	}
	return true;
}

bool page_put_word(const char *path, FILE *out)
{
	if (!is_printable(path))
		return false;
	fputs(path[0] == '-' ? "./" : "", out); /* it would be an option */
	if (is_plain(path)) {
		fputs(path, out);
		return true;
	}
	fputc('\'', out);
	for (; *path; path++) {
		if (*path == '\'')
			fputs("'\\''", out);
		else
			fputc(*path, out);
	}
	fputc('\'', out);
	return true;
}
