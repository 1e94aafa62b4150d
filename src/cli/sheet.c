/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* fopencookie */
#endif
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#ifdef __linux__

/*
 * glibc's open_memstream() tells of missing memory only by what each single call returns: neither
 * ferror() nor fclose() knows of it, and what comes after the gap is kept.
 */
static ssize_t add(void *context, const char *bytes, size_t size)
{
	struct sheet *sheet = context;

	if (!sheet->torn && size > sheet->room - sheet->size) {
		size_t more = sheet->room + (sheet->room > size ? sheet->room : size);
		char *text = realloc(sheet->text, more);
		sheet->torn = !text;
		sheet->text = text ? text : sheet->text;
		sheet->room = text ? more : sheet->room;
	}
	if (sheet->torn)
		return 0;
	memcpy(sheet->text + sheet->size, bytes, size);
	sheet->size += size;
	return (ssize_t)size;
}

static FILE *open_stream(struct sheet *sheet)
{
	return fopencookie(sheet, "w", (cookie_io_functions_t){ .write = add });
}

#else

static FILE *open_stream(struct sheet *sheet)
{
	return open_memstream(&sheet->text, &sheet->size);
}

#endif

bool sheet_open(struct sheet *sheet)
{
	*sheet = (struct sheet){ .size = 0 };
	sheet->stream = open_stream(sheet);
	return sheet->stream != NULL;
}

bool sheet_close(struct sheet *sheet)
{
	if (!sheet->stream)
		return false;
	sheet->torn |= ferror(sheet->stream) != 0;
	sheet->torn |= fclose(sheet->stream) != 0;
	sheet->stream = NULL;
	return !sheet->torn;
}

void sheet_free(struct sheet *sheet)
{
	free(sheet->text);
	*sheet = (struct sheet){ .size = 0 };
}
