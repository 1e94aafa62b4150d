/* SPDX-License-Identifier: MIT */
/* main is a few bytes long, and a constructor stands right behind it; a destructor runs AFTER. */
#include <unistd.h>

static volatile int constructed;

int main(void)
{
	return 0;
}

__attribute__((constructor)) static void behind_main(void)
{
	constructed = 1;
}

__attribute__((destructor)) static void after_main(void)
{
	AFTER;
}
