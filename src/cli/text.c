/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdarg.h>

int text_utf8(const unsigned char *text)
{
	int length = text[0] < 0x80 ? 1 : text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;

	if (length > 1 && (text[0] < 0xc2 || text[0] > 0xf4))
		return 0;
	for (int i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

int text_is_control(const unsigned char *text)
{
	return text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

void text_put(const char *text, FILE *to)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		int length = text_utf8(at);
		if (length == 0 || text_is_control(at))
			fputc('?', to);
		else
			fwrite(at, 1, (size_t)length, to);
		at += length ? length : 1;
	}
}

void text_complain(const char *about, const char *format, ...)
{
	va_list values;

	fputs("irelfix: ", stderr);
	text_put(about, stderr);
	fputs(": ", stderr);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
}
