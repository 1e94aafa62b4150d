/* SPDX-License-Identifier: MIT */
/* FEAT_PAuth, FEAT_JSCVT, FEAT_FCMA, FEAT_LRCPC. */
#include <arm_acle.h>
#include <arm_neon.h>

#include "level.h"

#define COUNT 64

/* The keys are random: what can be printed is only that signing can be undone. */
static void sign(void)
{
	static int object;
	void *plain = &object, *kept = &object;
	uint64_t tag;

	__asm__ volatile("pacda %0, %1" : "+r"(kept) : "r"(opaque(42)));
	__asm__ volatile("autda %0, %1" : "+r"(kept) : "r"(opaque(42)));
	__asm__ volatile("pacga %0, %1, %2" : "=r"(tag) : "r"(plain), "r"(opaque(42)));
	print_number("pacda, autda", kept == plain);
	print_number("pacga", tag & 0xffffffff);
}

static void convert(void)
{
	int64_t sum = 0;

	for (int i = 0; i < COUNT; i++)
		sum = sum * 3 + __jcvt((double)opaque(1) * 1e9 * i * i);
	print_number("fjcvtzs", (uint64_t)sum);
}

static void multiply_complex(void)
{
	float32x4_t product = vdupq_n_f32((float)opaque(1));
	const float32x4_t factor = { 0.6f, 0.8f, -0.8f, 0.6f };

	for (int i = 0; i < COUNT; i++) {
		float32x4_t next = vcmlaq_f32(vdupq_n_f32(0), factor, product);
		product = vcmlaq_rot90_f32(next, factor, product);
	}
	print_number("fcmla", digest(&product, sizeof(product)));
}

static void load_acquire(void)
{
	static uint64_t words[COUNT];
	uint64_t sum = 0;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		sum = sum * 3 + __atomic_load_n(words + i, __ATOMIC_ACQUIRE);
	print_number("ldapr", sum);
}

void level(void)
{
	sign();
	convert();
	multiply_complex();
	load_acquire();
}
