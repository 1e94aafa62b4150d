/* SPDX-License-Identifier: MIT */
/* An IFUNC, which musl's startup does not know, and a weak function of a shared library. */
#include <stdio.h>

int lone(void) __attribute__((weak));

static int one(void)
{
	return 1;
}

static int (*resolve(void))(void)
{
	return one;
}

int chosen(void) __attribute__((ifunc("resolve")));

int main(int argc, char **argv)
{
	(void)argv;
	printf("%d\n", lone ? 1 : 0);
	return argc > 1 ? chosen() : 0;
}
