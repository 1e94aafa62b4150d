/* SPDX-License-Identifier: MIT */
/* FEAT_SVE, FEAT_SVE2. */
#include <arm_sve.h>

#include "level.h"

#define COUNT 1000

/* The compiler vectorises this: the count is no multiple of any vector length. */
static void multiply_and_add(void)
{
	float x[COUNT], y[COUNT];
	float factor = (float)opaque(3) / 7;

	for (int i = 0; i < COUNT; i++) {
		x[i] = (float)i;
		y[i] = 1.0f / (float)(i + 1);
	}
	for (size_t i = 0; i < opaque(COUNT); i += svcntw()) {
		svbool_t some = svwhilelt_b32_u64(i, COUNT);
		svfloat32_t sum = svmla_n_f32_x(some, svld1_f32(some, y + i), svld1_f32(some, x + i),
		                                factor);
		svst1_f32(some, y + i, sum);
	}
	print_number("whilelo, fmla", digest(y, sizeof(y)));
}

static void match(void)
{
	const svuint8_t set = svdupq_n_u8(3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79);
	uint8_t text[COUNT];
	uint64_t count = 0;

	fill(text, sizeof(text));
	for (size_t i = 0; i < COUNT; i += svcntb()) {
		svbool_t some = svwhilelt_b8_u64(i, COUNT);
		count += svcntp_b8(some, svmatch_u8(some, svld1_u8(some, text + i), set));
	}
	print_number("match", count);
}

static void exclusive_or_three(void)
{
	uint64_t words[COUNT];

	fill(words, sizeof(words));
	for (size_t i = 0; i < COUNT; i += svcntd()) {
		svbool_t some = svwhilelt_b64_u64(i, COUNT);
		svuint64_t a = svld1_u64(some, words + i);
		svuint64_t b = svlsr_n_u64_x(some, a, 7), c = svlsl_n_u64_x(some, a, 9);
		svst1_u64(some, words + i, svbcax_u64(sveor3_u64(a, b, c), b, c));
	}
	print_number("eor3, bcax", digest(words, sizeof(words)));
}

void level(void)
{
	multiply_and_add();
	match();
	exclusive_or_three();
}
