/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	printf("hello from C, %zu\n", strlen(argv[argc - 1]));
	return 0;
}
