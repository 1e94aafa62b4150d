/* SPDX-License-Identifier: MIT */
/* A weak thread-local variable that nothing defines: its slot is relocated by offset from TP. */
#include "../../programs/startup.h"

extern __thread int absent __attribute__((weak));

__attribute__((noinline)) static int *address(void)
{
	return &absent;
}

int main(void)
{
	int *volatile taken = address();

	(void)taken;
	check_startup();
	return EXIT_SUCCESS;
}
