/* SPDX-License-Identifier: MIT */
/*
 * Text as JSON strings (RFC 8259). Names of files and symbols are bytes, JSON strings are not: what
 * is no UTF-8 is shown as U+FFFD, byte for byte, and a second member holds the bytes of the name.
 * Every control character and line separator is escaped, so that a string never ends a line.
 */
#ifndef IRELFIX_QUOTE_H
#define IRELFIX_QUOTE_H

#include <stddef.h>
#include <stdio.h>

/** Prints @text as a string; NULL: null. */
void quote_string(const char *text, FILE *out);

/** Prints @text as a message of SARIF, in which braces that mean themselves are doubled. */
void quote_message(const char *text, FILE *out);

/** Prints `,"key":` and @text as a string. */
void quote_member(const char *key, const char *text, FILE *out);

/** The same for a name, and when that is no UTF-8 `,"key_bytes":` and its bytes in hexadecimal. */
void quote_name(const char *key, const char *name, FILE *out);

/** Prints `,"key":` and @size bytes in hexadecimal. */
void quote_bytes(const char *key, const void *bytes, size_t size, FILE *out);

#endif
