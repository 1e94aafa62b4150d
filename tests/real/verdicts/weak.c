/* SPDX-License-Identifier: MIT */
/* Asks whether a function is there. Without PIC its address may be that of a PLT entry. */
#include <stdio.h>

int lone(void) __attribute__((weak));

int main(void)
{
	puts(lone ? "there" : "absent");
	fflush(stdout);
	return lone ? lone() : 0;
}
