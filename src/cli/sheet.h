/* SPDX-License-Identifier: MIT */
/* What there is to say about one file, kept in memory until it is whole. */
#ifndef IRELFIX_SHEET_H
#define IRELFIX_SHEET_H

#include <stdbool.h>
#include <stdio.h>

struct sheet {
	FILE *stream; /**< to be written to; NULL when there is no memory */
	char *text;   /**< valid after sheet_close(); owned */
	size_t size;  /**< of the text, bytes */
	size_t room;
	bool torn;    /**< something that was written is missing */
};

/** Starts with an empty one. @return false when there is no memory. */
bool sheet_open(struct sheet *sheet);

/** Ends writing. @return whether the text is all that was written. */
bool sheet_close(struct sheet *sheet);

void sheet_free(struct sheet *sheet);

#endif
