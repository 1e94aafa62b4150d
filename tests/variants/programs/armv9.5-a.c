/* SPDX-License-Identifier: MIT */
/* FEAT_FAMINMAX, FEAT_LUT. */
#include <arm_neon.h>
#include <arm_sve.h>

#include "level.h"

#define COUNT 1024

static void largest_magnitudes(void)
{
	float a[COUNT], b[COUNT], c[COUNT];

	for (int i = 0; i < COUNT; i++) {
		a[i] = (float)opaque(1) * (float)(i - 500) / 3;
		b[i] = (float)opaque(1) * (float)(200 - i) / 7;
	}
	for (int i = 0; i < COUNT; i += 4) {
		float32x4_t x = vld1q_f32(a + i), y = vld1q_f32(b + i);
		vst1q_f32(c + i, vsubq_f32(vamaxq_f32(x, y), vaminq_f32(x, y)));
	}
	print_number("famax, famin", digest(c, sizeof(c)));
	for (size_t i = 0; i < COUNT; i += svcntw()) {
		svfloat32_t x = svld1_f32(svptrue_b32(), a + i), y = svld1_f32(svptrue_b32(), b + i);
		svst1_f32(svptrue_b32(), c + i, svamax_f32_x(svptrue_b32(), x, y));
	}
	print_number("famax z", digest(c, sizeof(c)));
}

static void look_up(void)
{
	uint8_t indices[COUNT / 2], results[COUNT];

	fill(indices, sizeof(indices));
	fill(results, sizeof(results));
	const uint8x16_t table = vld1q_u8(results);
	for (int i = 0; i < COUNT / 2; i += 8)
		vst1q_u8(results + 2 * i, vluti4q_lane_u8(table, vld1_u8(indices + i), 0));
	for (int i = 0; i < COUNT; i += 16)
		vst1q_u8(results + i, vaddq_u8(vld1q_u8(results + i),
		                               vluti2q_laneq_u8(table, vld1q_u8(results + i), 3)));
	print_number("luti4, luti2", digest(results, sizeof(results)));
}

void level(void)
{
	largest_magnitudes();
	look_up();
}
