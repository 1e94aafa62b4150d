/* SPDX-License-Identifier: MIT */
/* FEAT_LSE, FEAT_RDM, FEAT_CRC32. */
#include <arm_acle.h>
#include <arm_neon.h>

#include "level.h"

#define COUNT 256

static void count_atomically(void)
{
	static uint64_t counter, largest, wanted = COUNT;
	uint64_t before = COUNT;

	for (uint64_t i = 0; i < COUNT; i++) {
		uint64_t now = __atomic_fetch_add(&counter, opaque(i), __ATOMIC_SEQ_CST);
		__atomic_fetch_max(&largest, now, __ATOMIC_SEQ_CST);
	}
	__atomic_compare_exchange_n(&wanted, &before, counter, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	print_number("ldadd", counter);
	print_number("ldumax", largest);
	print_number("cas", wanted + __atomic_exchange_n(&wanted, 1, __ATOMIC_SEQ_CST));
}

static void multiply_rounding(void)
{
	int16_t a[COUNT], b[COUNT];

	fill(a, sizeof(a));
	for (int i = 0; i < COUNT; i++)
		b[i] = a[COUNT - 1 - i];
	for (int i = 0; i < COUNT; i += 8) {
		int16x8_t x = vld1q_s16(a + i), y = vld1q_s16(b + i);
		vst1q_s16(a + i, vqrdmlahq_s16(x, x, y));
	}
	print_number("sqrdmlah", digest(a, sizeof(a)));
}

static void checksum(void)
{
	uint64_t words[COUNT];
	uint32_t sum = ~0u;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		sum = __crc32cd(sum, words[i]);
	print_number("crc32cx", sum);
}

void level(void)
{
	count_atomically();
	multiply_rounding();
	checksum();
}
