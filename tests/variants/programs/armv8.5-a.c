/* SPDX-License-Identifier: MIT */
/* FEAT_FRINTTS, FEAT_FlagM2, FEAT_SB, FEAT_DPB2, FEAT_BTI. */
#include <arm_acle.h>

#include "level.h"

#define COUNT 256

static void round_to_range(void)
{
	double sum = 0;

	for (int i = 0; i < COUNT; i++) {
		double value = (double)opaque(7) * 1e8 * i / 3;
		sum += __rint32z(value) / 2 + __rint64x(value);
	}
	print_real("frint32z, frint64x", sum);
}

static void convert_flags(void)
{
	uint64_t flags, sum = 0;

	for (uint64_t i = 0; i < 16; i++) {
		__asm__ volatile("msr nzcv, %1\n\txaflag\n\taxflag\n\tmrs %0, nzcv"
		                 : "=r"(flags) : "r"(i << 28) : "cc");
		sum = sum * 3 + (flags >> 28);
	}
	print_number("xaflag, axflag", sum);
}

static void clean_to_deep_persistence(void)
{
	static uint64_t words[COUNT];

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		__asm__ volatile("dc cvadp, %0\n\tsb" : : "r"(words + i) : "memory");
	print_number("dc cvadp, sb", digest(words, sizeof(words)));
}

static uint64_t level_twice(uint64_t value)
{
	return 2 * value;
}

static uint64_t level_next(uint64_t value)
{
	return value + 1;
}

/* Built with -mbranch-protection=standard: what is called indirectly begins with BTI. */
static void call_indirectly(void)
{
	static uint64_t (*const functions[])(uint64_t) = { level_twice, level_next };
	uint64_t value = 1;

	for (uint64_t i = 0; i < 20; i++)
		value = functions[opaque(i) & 1](value);
	print_number("bti", value);
}

void level(void)
{
	round_to_range();
	convert_flags();
	clean_to_deep_persistence();
	call_indirectly();
}
