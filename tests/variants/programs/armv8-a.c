/* SPDX-License-Identifier: MIT */
/* Advanced SIMD and exclusive loads and stores, which every Armv8-A processor has. */
#include <arm_neon.h>

#include "level.h"

#define COUNT 256

static void multiply_and_add(void)
{
	float x[COUNT], y[COUNT];
	float factor = (float)opaque(3) / 7;

	for (int i = 0; i < COUNT; i++) {
		x[i] = (float)i;
		y[i] = 1.0f / (float)(i + 1);
	}
	for (int i = 0; i < COUNT; i += 4)
		vst1q_f32(y + i, vfmaq_n_f32(vld1q_f32(y + i), vld1q_f32(x + i), factor));
	print_number("fmla", digest(y, sizeof(y)));
}

static void count_with_exclusives(void)
{
	static uint64_t counter;

	for (uint64_t i = 0; i < COUNT; i++)
		__atomic_fetch_add(&counter, opaque(i), __ATOMIC_SEQ_CST);
	print_number("ldaxr, stlxr", counter);
}

void level(void)
{
	multiply_and_add();
	count_with_exclusives();
}
