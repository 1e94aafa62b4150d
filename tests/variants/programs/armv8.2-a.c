/* SPDX-License-Identifier: MIT */
/* FEAT_DPB, which the level requires, and FEAT_FP16, which it allows. */
#include <arm_neon.h>

#include "level.h"

#define COUNT 256

static void clean_to_persistence(void)
{
	static uint64_t words[COUNT];

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		__asm__ volatile("dc cvap, %0" : : "r"(words + i) : "memory");
	print_number("dc cvap", digest(words, sizeof(words)));
}

static void compute_in_half_precision(void)
{
	float16_t x[COUNT], y[COUNT];
	float16_t factor = (float16_t)((float)opaque(3) / 7);

	for (int i = 0; i < COUNT; i++) {
		x[i] = (float16_t)i;
		y[i] = (float16_t)(1.0f / (float)(i + 1));
	}
	for (int i = 0; i < COUNT; i += 8)
		vst1q_f16(y + i, vfmaq_n_f16(vld1q_f16(y + i), vld1q_f16(x + i), factor));
	print_number("fmla .8h", digest(y, sizeof(y)));
}

void level(void)
{
	clean_to_persistence();
	compute_in_half_precision();
}
