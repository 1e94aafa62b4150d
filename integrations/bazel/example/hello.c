/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[argc - 1], '/');

	printf("hello from %s\n", name ? name + 1 : argv[argc - 1]);
	return 0;
}
