/* SPDX-License-Identifier: MIT */
/* FEAT_MOPS and FEAT_HBC, which Armv8.8-A and Armv9.3-A require. */
#ifndef MOVE_H
#define MOVE_H

#include <string.h>

#include "level.h"

#define MOVE_SIZE 5000

/* With FEAT_MOPS the compiler expands these calls instead of calling the C library. */
static inline void move_memory(void)
{
	static unsigned char from[MOVE_SIZE], to[MOVE_SIZE];
	size_t size = opaque(MOVE_SIZE);

	fill(from, sizeof(from));
	memcpy(to, from, size);
	memmove(to + 100, to, size - 100);
	memset(to + 2000, (int)opaque(7), size - 4000);
	print_number("cpyfp, cpyp, setp", digest(to, sizeof(to)));
}

static inline void branch_consistently(void)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < 100; i++)
		__asm__ volatile("cmp %1, %2\n\tbc.hs 1f\n\tadd %0, %0, %1\n1:"
		                 : "+r"(sum) : "r"(i), "r"(opaque(50)) : "cc");
	print_number("bc", sum);
}

#endif
