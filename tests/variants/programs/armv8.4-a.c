/* SPDX-License-Identifier: MIT */
/* FEAT_DotProd, FEAT_FlagM, FEAT_LRCPC2, FEAT_LSE2, FEAT_DIT. */
#include <arm_neon.h>

#include "level.h"

#define COUNT 256

static void dot_product(void)
{
	int8_t a[COUNT], b[COUNT];
	int32x4_t sum = vdupq_n_s32(0);

	fill(a, sizeof(a));
	for (int i = 0; i < COUNT; i++)
		b[i] = a[COUNT - 1 - i];
	for (int i = 0; i < COUNT; i += 16)
		sum = vdotq_s32(sum, vld1q_s8(a + i), vld1q_s8(b + i));
	print_number("sdot", (uint64_t)(uint32_t)vaddvq_s32(sum));
}

static void set_flags(void)
{
	uint64_t flags, sum = 0;

	for (uint64_t i = 0; i < COUNT; i++) {
		__asm__ volatile("setf8 %w1\n\trmif %1, #5, #2\n\tcfinv\n\tmrs %0, nzcv"
		                 : "=r"(flags) : "r"(i) : "cc");
		sum = sum * 3 + (flags >> 28);
	}
	print_number("setf8, rmif, cfinv", sum);
}

static void load_acquire_at_offset(void)
{
	static uint64_t words[COUNT];
	uint64_t word, sum = 0;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT - 1; i++) {
		__asm__ volatile("stlur %1, [%2, #8]\n\tldapur %0, [%2]"
		                 : "=&r"(word) : "r"(words[i + 1] + sum), "r"(words + i) : "memory");
		sum = sum * 3 + word;
	}
	print_number("ldapur, stlur", sum);
}

static void compute_in_constant_time(void)
{
	uint64_t on, off;

	__asm__ volatile("msr dit, #1\n\tmrs %0, dit\n\tmsr dit, #0\n\tmrs %1, dit"
	                 : "=r"(on), "=r"(off));
	print_number("dit", (on >> 24) * 10 + (off >> 24));
}

void level(void)
{
	dot_product();
	set_flags();
	load_acquire_at_offset();
	compute_in_constant_time();
}
