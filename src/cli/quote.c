/* SPDX-License-Identifier: MIT */
#include "quote.h"

#include "text.h"

#include <stdbool.h>
#include <string.h>

/* U+2028 and U+2029, at which many readers of lines end one. */
static bool is_separator(const unsigned char *text)
{
	return text[0] == 0xe2 && text[1] == 0x80 && (text[2] == 0xa8 || text[2] == 0xa9);
}

/* Prints the valid sequence of @length bytes at @at. */
static void put_character(const unsigned char *at, int length, FILE *out)
{
	if (*at == '"' || *at == '\\')
		fprintf(out, "\\%c", *at);
	else if (text_is_control(at))
		fprintf(out, "\\u%04x", at[length - 1]);
	else if (length == 3 && is_separator(at))
		fprintf(out, "\\u20%02x", at[2] - 0x80);
	else
		fwrite(at, 1, (size_t)length, out);
}

static void put_text(const char *text, bool doubled, FILE *out)
{
	const unsigned char *at = (const unsigned char *)text;

	fputc('"', out);
	while (*at) {
		int length = text_utf8(at);
		if (length == 0)
			fputs("\\ufffd", out);
		else
			put_character(at, length, out);
		if (doubled && (*at == '{' || *at == '}'))
			fputc(*at, out);
		at += length ? length : 1;
	}
	fputc('"', out);
}

void quote_string(const char *text, FILE *out)
{
	if (text)
		put_text(text, false, out);
	else
		fputs("null", out);
}

void quote_message(const char *text, FILE *out)
{
	put_text(text, true, out);
}

void quote_member(const char *key, const char *text, FILE *out)
{
	fprintf(out, ",\"%s\":", key);
	quote_string(text, out);
}

static bool is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	int length = 1;

	while (*at && (length = text_utf8(at)) != 0)
		at += length;
	return length != 0;
}

static void put_hex(const unsigned char *bytes, size_t size, FILE *out)
{
	fputc('"', out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
	fputc('"', out);
}

void quote_bytes(const char *key, const void *bytes, size_t size, FILE *out)
{
	fprintf(out, ",\"%s\":", key);
	put_hex(bytes, size, out);
}

void quote_name(const char *key, const char *name, FILE *out)
{
	quote_member(key, name, out);
	if (!name || is_utf8(name))
		return;
	fprintf(out, ",\"%s_bytes\":", key);
	put_hex((const unsigned char *)name, strlen(name), out);
}
