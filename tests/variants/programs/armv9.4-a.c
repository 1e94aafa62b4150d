/* SPDX-License-Identifier: MIT */
/* FEAT_CSSC, FEAT_CHK, FEAT_SVE2p1. */
#include <arm_sve.h>

#include "short.h"

#define COUNT 1024

static void clamp(void)
{
	float values[COUNT];

	for (int i = 0; i < COUNT; i++)
		values[i] = (float)opaque(1) * (float)(i - COUNT / 2) / 3;
	for (size_t i = 0; i < COUNT; i += svcntw()) {
		svfloat32_t some = svld1_f32(svptrue_b32(), values + i);
		some = svclamp_f32(some, svdup_n_f32(-50), svdup_n_f32(70));
		svst1_f32(svptrue_b32(), values + i, some);
	}
	print_number("fclamp", digest(values, sizeof(values)));
}

static void load_pairs_of_vectors(void)
{
	uint64_t words[COUNT], sums[COUNT] = { 0 };
	size_t count = opaque(COUNT - 3);

	fill(words, sizeof(words));
	for (size_t i = 0; i < count; i += 2 * svcntd()) {
		svcount_t some = svwhilelt_c64_u64(i, count, 2);
		svuint64x2_t pair = svld1_u64_x2(some, words + i);
		svuint64_t first = svadd_n_u64_x(svptrue_b64(), svget2_u64(pair, 0), count);
		svuint64_t second = svadd_n_u64_x(svptrue_b64(), svget2_u64(pair, 1), count);
		svst1_u64_x2(some, sums + i, svcreate2_u64(first, second));
	}
	print_number("whilelo pn, ld1d x2", digest(sums, sizeof(sums)));
}

void level(void)
{
	compute_shortly();
	check_feature();
	clamp();
	load_pairs_of_vectors();
}
