/* SPDX-License-Identifier: MIT */
/* SSE2, which every x86-64 processor has. */
#include <emmintrin.h>

#include "level.h"

#define COUNT 256

static void sum_of_differences(void)
{
	unsigned char a[COUNT], b[COUNT];
	__m128i sum = _mm_setzero_si128();

	fill(a, sizeof(a));
	for (int i = 0; i < COUNT; i++)
		b[i] = a[COUNT - 1 - i];
	for (int i = 0; i < COUNT; i += 16)
		sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_loadu_si128((const void *)(a + i)),
		                                      _mm_loadu_si128((const void *)(b + i))));
	sum = _mm_add_epi64(sum, _mm_unpackhi_epi64(sum, sum));
	print_number("psadbw", (uint64_t)_mm_cvtsi128_si64(sum));
}

static void scale(void)
{
	double values[COUNT];
	double factor = (double)opaque(3) / 7;

	for (int i = 0; i < COUNT; i++)
		values[i] = (double)i * factor + 1;
	print_number("mulpd", digest(values, sizeof(values)));
}

void level(void)
{
	sum_of_differences();
	scale();
}
