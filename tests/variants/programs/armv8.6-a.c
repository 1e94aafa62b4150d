/* SPDX-License-Identifier: MIT */
/* FEAT_BF16, FEAT_I8MM. */
#include <arm_neon.h>

#include "level.h"

#define COUNT 256

static void multiply_bfloat16(void)
{
	float values[COUNT];
	bfloat16_t a[COUNT];
	float32x4_t dot = vdupq_n_f32(0), product = vdupq_n_f32(0);

	for (int i = 0; i < COUNT; i++)
		values[i] = (float)opaque(1) / (float)(i + 1);
	for (int i = 0; i < COUNT; i += 4)
		vst1_bf16(a + i, vcvt_bf16_f32(vld1q_f32(values + i)));
	for (int i = 0; i < COUNT; i += 8) {
		bfloat16x8_t row = vld1q_bf16(a + i), column = vld1q_bf16(a + COUNT - 8 - i);
		dot = vbfdotq_f32(dot, row, column);
		product = vbfmmlaq_f32(product, row, column);
	}
	print_number("bfcvtn", digest(a, sizeof(a)));
	print_real("bfdot", (double)vaddvq_f32(dot));
	print_real("bfmmla", (double)vaddvq_f32(product));
}

static void multiply_int8(void)
{
	int8_t a[COUNT];
	uint8_t b[COUNT];
	int32x4_t same = vdupq_n_s32(0), mixed = same, dot = same;

	fill(a, sizeof(a));
	for (int i = 0; i < COUNT; i++)
		b[i] = (uint8_t)a[COUNT - 1 - i];
	for (int i = 0; i < COUNT; i += 16) {
		int8x16_t x = vld1q_s8(a + i);
		uint8x16_t y = vld1q_u8(b + i);
		same = vmmlaq_s32(same, x, vreinterpretq_s8_u8(y));
		mixed = vusmmlaq_s32(mixed, y, x);
		dot = vusdotq_s32(dot, y, x);
	}
	print_number("smmla", digest(&same, sizeof(same)));
	print_number("usmmla", digest(&mixed, sizeof(mixed)));
	print_number("usdot", digest(&dot, sizeof(dot)));
}

void level(void)
{
	multiply_bfloat16();
	multiply_int8();
}
