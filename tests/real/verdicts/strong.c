/* SPDX-License-Identifier: MIT */
/* Calls what only a shared library has. */
#include <stdio.h>

int lone(void);

int main(int argc, char **argv)
{
	(void)argv;
	puts("main"); /* startup is survived: what it calls is not there */
	fflush(stdout);
	return argc == 1 ? lone() : 0;
}
