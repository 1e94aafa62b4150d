/* SPDX-License-Identifier: MIT */
/* FEAT_CSSC and FEAT_CHK, which Armv8.9-A and Armv9.4-A require. */
#ifndef SHORT_H
#define SHORT_H

#include <stdlib.h>

#include "level.h"

#define SHORT_COUNT 256

static inline void compute_shortly(void)
{
	int64_t words[SHORT_COUNT];
	uint64_t bits = 0, zeros = 0, sizes = 0;
	int64_t largest = INT64_MIN;

	fill(words, sizeof(words));
	for (int i = 0; i < SHORT_COUNT; i++) {
		int64_t word = (int64_t)opaque((uint64_t)words[i]);
		bits += (uint64_t)__builtin_popcountll((uint64_t)word);
		zeros += (uint64_t)__builtin_ctzll((uint64_t)word | 1 << 20);
		sizes += (uint64_t)llabs(word);
		largest = word > largest ? word : largest;
	}
	print_number("cnt", bits);
	print_number("ctz", zeros);
	print_number("abs", sizes);
	print_number("smax", (uint64_t)largest);
}

/* The bit of a feature that is on is cleared; this bit belongs to none. */
static inline void check_feature(void)
{
	register uint64_t features __asm__("x16") = opaque(0x100);

	__asm__ volatile("chkfeat x16" : "+r"(features));
	print_number("chkfeat", features);
}

#endif
