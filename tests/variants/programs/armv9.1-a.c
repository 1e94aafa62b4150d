/* SPDX-License-Identifier: MIT */
/* FEAT_BF16 and FEAT_I8MM together with FEAT_SVE2. */
#include <arm_sve.h>

#include "level.h"

#define COUNT 1024

static void multiply_bfloat16(void)
{
	float values[COUNT];
	bfloat16_t halves[2 * COUNT];
	float results[COUNT];

	for (int i = 0; i < COUNT; i++)
		values[i] = (float)opaque(1) / (float)(i + 1);
	for (size_t i = 0; i < COUNT; i += svcntw()) {
		svfloat32_t some = svld1_f32(svptrue_b32(), values + i);
		svbfloat16_t narrow = svcvt_bf16_f32_x(svptrue_b32(), some);
		svst1_bf16(svptrue_b16(), halves + 2 * i, narrow);
		svst1_f32(svptrue_b32(), results + i,
		          svbfmmla_f32(svbfdot_f32(some, narrow, narrow), narrow, narrow));
	}
	print_number("bfcvt", digest(halves, sizeof(halves)));
	print_number("bfdot, bfmmla", digest(results, sizeof(results)));
}

static void multiply_int8(void)
{
	int8_t a[COUNT];
	int32_t results[COUNT / 4];

	fill(a, sizeof(a));
	for (size_t i = 0; i < COUNT; i += svcntb()) {
		svint8_t some = svld1_s8(svptrue_b8(), a + i);
		svint32_t product = svmmla_s32(svdup_n_s32(0), some, some);
		product = svusdot_s32(product, svreinterpret_u8_s8(some), some);
		svst1_s32(svptrue_b32(), results + i / 4, product);
	}
	print_number("smmla, usdot", digest(results, sizeof(results)));
}

void level(void)
{
	multiply_bfloat16();
	multiply_int8();
}
