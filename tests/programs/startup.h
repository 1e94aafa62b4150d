/* SPDX-License-Identifier: MIT */
/* What every C program here checks first: the C library's own IFUNCs were resolved. */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_LENGTH 4099

static void print_checked(const char *what, int right)
{
	printf("%s: %s\n", what, right ? "right" : "WRONG");
}

/* The lengths are volatile so that the compiler must call the functions. */
static void check_startup(void)
{
	static char text[TEXT_LENGTH + 1], copy[TEXT_LENGTH + 1];
	volatile size_t length = TEXT_LENGTH;

	memset(text, 'a', length);
	text[length / 2] = 'b';
	memcpy(copy, text, length + 1);
	print_checked("strlen", strlen(copy) == length);
	print_checked("memcmp", memcmp(copy, text, length) == 0);
	print_checked("strchr", strchr(copy, 'b') == copy + length / 2);
	memmove(copy + 1, copy, length - 1);
	print_checked("memmove", strrchr(copy, 'b') == copy + length / 2 + 1);
	print_checked("strcmp", strcmp(copy, text) < 0);
}

#endif
