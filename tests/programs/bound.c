/* SPDX-License-Identifier: MIT */
/* Truly needs the shared library: without libm.a, sin is bound to libm.so.6. Not repairable. */
#include <math.h>

#include "startup.h"

int main(int argc, char **argv)
{
	(void)argv;
	check_startup();
	printf("sin: %.6f\n", sin(argc));
	return EXIT_SUCCESS;
}
