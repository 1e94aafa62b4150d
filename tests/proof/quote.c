/* SPDX-License-Identifier: MIT */
/*
 * cli/text.c, cli/quote.c: of any bytes quote_string() makes one JSON string of valid UTF-8 without
 * any control character. Every step of its loop is proved, of any bytes that it finds, which is
 * true of texts of every length; and of whole texts of up to 2 bytes that the steps come together.
 *
 * cbmc: --unwind 22
 * sources:
 * mutant: src/cli/quote.c: else if (text_is_control(at)) -> else if (0)
 * mutant: src/cli/text.c: (text[0] == 0xed && text[1] > 0x9f) || -> 0 ||
 */
#include "proof.h"

#include <stdarg.h>
#include <stdio.h>

char nondet_char(void);

/* What is printed goes here instead. */
enum { WHOLE = 2, ROOM = 2 + 6 * (WHOLE + 1) };
static unsigned char sink[ROOM + 1];
static unsigned filled;

static int sink_char(int character, FILE *to)
{
	(void)to;
	assert(filled < ROOM);
	sink[filled++] = (unsigned char)character;
	return character;
}

static int sink_text(const char *text, FILE *to)
{
	for (; *text; text++)
		sink_char(*text, to);
	return 0;
}

static size_t sink_bytes(const unsigned char *from, size_t size, size_t count, FILE *to)
{
	for (size_t i = 0; i < size * count; i++)
		sink_char(from[i], to);
	return count;
}

static int hex_digit(unsigned value)
{
	return (int)(value < 10 ? '0' + value : 'a' + value - 10);
}

/* Of the formats that quote.c has: a character, or a number of four or two hexadecimal digits. */
static int sink_format(FILE *to, const char *format, unsigned value)
{
	sink_char('\\', to);
	if (format[1] == '%') {
		sink_char((int)value, to);
		return 0;
	}
	sink_char('u', to);
	sink_char(format[2] == '2' ? '2' : hex_digit(value >> 12 & 15), to);
	sink_char(format[2] == '2' ? '0' : hex_digit(value >> 8 & 15), to);
	sink_char(hex_digit(value >> 4 & 15), to);
	sink_char(hex_digit(value & 15), to);
	return 0;
}

#undef fputc
#undef fputs
#define fputc sink_char
#define fputs sink_text
#define fwrite sink_bytes
#define fprintf sink_format
#include "../../src/cli/text.c"
#include "../../src/cli/quote.c"

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The length of the escape at @at, or 0. */
static unsigned escape_at(const unsigned char *at)
{
	if (at[1] == '"' || at[1] == '\\')
		return 2;
	return at[1] == 'u' && is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5]) ? 6 : 0;
}

/* The length of the valid sequence of UTF-8 at @at, by the table of RFC 3629, or 0. */
static unsigned sequence_at(const unsigned char *at)
{
	bool second = at[1] >= 0x80 && at[1] <= 0xbf, third = at[2] >= 0x80 && at[2] <= 0xbf;
	bool fourth = at[3] >= 0x80 && at[3] <= 0xbf;

	if (at[0] < 0x80)
		return at[0] >= 0x20 && at[0] != 0x7f;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		return second && (at[0] != 0xc2 || at[1] >= 0xa0) ? 2 : 0;
	if (at[0] == 0xe0)
		return second && at[1] >= 0xa0 && third ? 3 : 0;
	if (at[0] == 0xed)
		return second && at[1] <= 0x9f && third ? 3 : 0;
	if (at[0] >= 0xe1 && at[0] <= 0xef)
		return second && third ? 3 : 0;
	if (at[0] == 0xf0)
		return second && at[1] >= 0x90 && third && fourth ? 4 : 0;
	if (at[0] == 0xf4)
		return second && at[1] <= 0x8f && third && fourth ? 4 : 0;
	return at[0] >= 0xf1 && at[0] <= 0xf3 && second && third && fourth ? 4 : 0;
}

/* Whatever came before, a step makes one sequence or one escape of what it takes, and ends in it. */
static void prove_step(void)
{
	unsigned char text[5] = { nondet_byte(), nondet_byte(), nondet_byte(), nondet_byte(), 0 };
	int length = text_utf8(text);

	__CPROVER_assume(text[0] != '\0');
	assert(length >= 0 && length <= 4);
	for (int i = 0; i < length; i++)
		assert(text[i] != '\0');
	if (length == 0)
		return;
	filled = 0;
	put_character(text, length, NULL);
	assert(sink[0] != '"');
	assert(filled == (sink[0] == '\\' ? escape_at(sink) : sequence_at(sink)));
}

/* The output is a quotation mark, then sequences and escapes, then the other quotation mark. */
static void prove_whole(void)
{
	char text[WHOLE + 1] = { nondet_char(), nondet_char(), '\0' };
	unsigned at = 1, length;

	for (unsigned i = 0; i < sizeof(sink); i++)
		sink[i] = 0;
	filled = 0;
	quote_string(text, NULL);
	assert(sink[0] == '"');
	for (unsigned i = 0; i < WHOLE && sink[at] != '"'; i++) {
		length = sink[at] == '\\' ? escape_at(sink + at) : sequence_at(sink + at);
		assert(length > 0);
		at += length;
	}
	assert(at + 1 == filled && sink[at] == '"');
}

int main(void)
{
	prove_step();
	prove_whole();
}
