/* SPDX-License-Identifier: MIT */
/* SSE3, SSSE3, SSE4.1, SSE4.2, POPCNT, CMPXCHG16B. */
#include <nmmintrin.h>

#include "level.h"

#define COUNT 256

static void count_bits(void)
{
	uint64_t words[COUNT], count = 0;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		count += (uint64_t)__builtin_popcountll(words[i]);
	print_number("popcnt", count);
}

static void checksum(void)
{
	uint64_t words[COUNT], sum = ~0u;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i++)
		sum = _mm_crc32_u64(sum, words[i]);
	print_number("crc32", sum);
}

static void find(void)
{
	const __m128i set = _mm_setr_epi8(3, 14, 15, 92, 65, 35, 89, 79, 0, 0, 0, 0, 0, 0, 0, 0);
	unsigned char text[COUNT];
	uint64_t places = 0;

	fill(text, sizeof(text));
	for (int i = 0; i < COUNT; i += 16)
		places += (uint64_t)_mm_cmpestri(set, 8, _mm_loadu_si128((const void *)(text + i)), 16,
		                                 _SIDD_CMP_EQUAL_ANY);
	print_number("pcmpestri", places);
}

static void shuffle_and_multiply(void)
{
	const __m128i reverse = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m128i words[COUNT / 16];

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT / 16; i++)
		words[i] = _mm_mullo_epi32(_mm_shuffle_epi8(words[i], reverse), words[i]);
	print_number("pshufb, pmulld", digest(words, sizeof(words)));
}

static void exchange_pair(void)
{
	static __int128 pair = 1;
	__int128 wanted = (__int128)opaque(5) << 64 | 7;

	__sync_bool_compare_and_swap(&pair, 1, wanted);
	print_number("cmpxchg16b", (uint64_t)(pair >> 64) * 10 + (uint64_t)pair);
}

void level(void)
{
	count_bits();
	checksum();
	find();
	shuffle_and_multiply();
	exchange_pair();
}
