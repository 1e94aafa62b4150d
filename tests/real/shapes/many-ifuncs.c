/* SPDX-License-Identifier: MIT */
/* COUNT functions, each an IFUNC with an IRELATIVE entry of its own; all of them are called. */
#include "../../programs/startup.h"

#ifndef COUNT
#define COUNT 100000
#endif

#define STRING(x) #x
#define VALUE_STRING(x) STRING(x)

typedef long function(long);

static long twice(long number)
{
	return 2 * number;
}

static long twice_and_one(long number)
{
	return 2 * number + 1;
}

__attribute__((used)) static function *resolve_even(void)
{
	return twice;
}

__attribute__((used)) static function *resolve_odd(void)
{
	return twice_and_one;
}

extern function *const functions[COUNT] __attribute__((visibility("hidden")));

__asm__(
	"	.macro ifunc resolver\n"
	"	.globl ifunc\\@\n"
	"	.type ifunc\\@, %gnu_indirect_function\n"
	"	.set ifunc\\@, \\resolver\n"
	"	.quad ifunc\\@\n"
	"	.endm\n"
	"	.section .data.rel.ro, \"aw\"\n"
	"	.balign 8\n"
	"functions:\n"
	"	.rept " VALUE_STRING(COUNT) " / 2\n"
	"	ifunc resolve_even\n"
	"	ifunc resolve_odd\n"
	"	.endr\n"
	"	.text\n");

int main(void)
{
	long right = 1;

	check_startup();
	for (long i = 0; i < COUNT; i++)
		right &= functions[i](i) == 2 * i + i % 2;
	print_checked("every function", right);
	return EXIT_SUCCESS;
}
