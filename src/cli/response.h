/* SPDX-License-Identifier: MIT */
/* Response files: the arguments in a file, @FILE, read as lld and the drivers read them. */
#ifndef IRELFIX_RESPONSE_H
#define IRELFIX_RESPONSE_H

#include <stdbool.h>

/** How words are quoted, and how many files have been opened: a cycle must end. */
struct response {
	bool windows; /**< as with --rsp-quoting=windows; otherwise as GNU tools do */
	unsigned opened;
	bool failed; /**< there was no memory for one */
};

typedef void response_visit(void *context, const char *argument);

/**
 * Visits @argument; where it is @FILE, the arguments in FILE instead, and those of files named
 * there. As for the tools, it stands for itself where FILE cannot be read. The strings last as
 * long as the call.
 */
void response_expand(struct response *response, const char *argument, response_visit *visit,
                     void *context);

/**
 * Takes the next word out of the text at @at, unquoted in place, and moves @at behind it.
 * @return the word, or NULL at the end of the text
 */
char *response_word(char **at, bool windows);

#endif
