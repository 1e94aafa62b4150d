/* SPDX-License-Identifier: MIT */
/* Where a report goes, and what can be shown there. */
#ifndef IRELFIX_PAGE_H
#define IRELFIX_PAGE_H

#include <stdbool.h>
#include <stdio.h>

struct page {
	FILE *out;
	bool color;       /**< colors are understood */
	bool utf8;        /**< more than ASCII is */
	unsigned columns; /**< of the terminal; 0: it is none */
};

/** What a color says; the numbers are those of ISO 6429's "select graphic rendition". */
enum tone { PLAIN = 0, BAD = 31, GOOD = 32, UNSURE = 33 };

/** The words that a locale with UTF-8 has a nicer character for. */
#define PAGE_ARROW(page) ((page)->utf8 ? "→" : "->")
#define PAGE_TIMES(page) ((page)->utf8 ? "×" : "x")

/** Prints @text in @tone. */
void page_put(const struct page *page, enum tone tone, const char *text);

/** Whether the environment's locale is one with UTF-8. */
bool page_is_utf8(void);

/** The columns of the terminal at @fd; 0: it is none. */
unsigned page_columns(int fd);

/**
 * Prints @path as a shell takes it for a file name.
 *
 * @return false, with nothing printed, where that needs characters that could control a terminal
 */
bool page_put_word(const char *path, FILE *out);

#endif
