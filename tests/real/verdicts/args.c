/* SPDX-License-Identifier: MIT */
/* Runs through some of the C library, IFUNCs included. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	printf("%d argument, %s\n", argc, strchr(argv[0], '/') ? "by its path" : "by its name");
	return 0;
}
