/* SPDX-License-Identifier: MIT */
/* Text that comes from elsewhere: names in files, names of files. */
#ifndef IRELFIX_TEXT_H
#define IRELFIX_TEXT_H

#include <stdio.h>

/** Length of the valid UTF-8 sequence at @text (RFC 3629), or 0. */
int text_utf8(const unsigned char *text);

/** Whether the valid sequence at @text is a control character: C0, DEL or C1. */
int text_is_control(const unsigned char *text);

/** Prints @text with a question mark for all that could control a terminal. */
void text_put(const char *text, FILE *to);

/** Prints "irelfix: ABOUT: ..." and the end of the line to standard error. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void text_complain(const char *about, const char *format, ...);

#endif
