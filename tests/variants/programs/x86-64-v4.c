/* SPDX-License-Identifier: MIT */
/* AVX512F, AVX512BW, AVX512CD, AVX512DQ, AVX512VL. */
#include <immintrin.h>

#include "level.h"

#define COUNT 256

static void compress(void)
{
	int32_t words[COUNT], kept[COUNT] = { 0 };
	size_t n = 0;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT; i += 16) {
		__m512i some = _mm512_loadu_si512(words + i);
		__mmask16 positive = _mm512_cmpgt_epi32_mask(some, _mm512_setzero_si512());
		_mm512_mask_compressstoreu_epi32(kept + n, positive, some);
		n += (size_t)__builtin_popcount(positive);
	}
	print_number("vpcompressd", digest(kept, n * sizeof(*kept)));
}

static void permute(void)
{
	__m512i words[COUNT / 32];

	fill(words, sizeof(words));
	for (int i = 1; i < COUNT / 32; i++)
		words[i] = _mm512_permutexvar_epi16(words[i - 1], words[i]);
	print_number("vpermw", digest(words, sizeof(words)));
}

static void conflicts(void)
{
	__m512i words[COUNT / 16];
	uint64_t sum = 0;

	fill(words, sizeof(words));
	for (int i = 0; i < COUNT / 16; i++) {
		__m512i few = _mm512_and_si512(words[i], _mm512_set1_epi32(7));
		sum += (uint64_t)_mm512_reduce_add_epi32(_mm512_conflict_epi32(few)) * (uint64_t)(i + 1);
	}
	print_number("vpconflictd", sum);
}

static void multiply(void)
{
	uint64_t a[COUNT], b[COUNT];

	fill(a, sizeof(a));
	for (size_t i = 0; i < COUNT; i++)
		b[i] = a[COUNT - 1 - i] + opaque(1);
	for (int i = 0; i < COUNT; i += 8)
		_mm512_storeu_si512(a + i, _mm512_mullo_epi64(_mm512_loadu_si512(a + i),
		                                              _mm512_loadu_si512(b + i)));
	print_number("vpmullq", digest(a, sizeof(a)));
}

static void rotate(void)
{
	__m256i words[COUNT / 8];

	fill(words, sizeof(words));
	for (int i = 1; i < COUNT / 8; i++)
		words[i] = _mm256_rolv_epi32(words[i], words[i - 1]);
	print_number("vprolvd", digest(words, sizeof(words)));
}

void level(void)
{
	compress();
	permute();
	conflicts();
	multiply();
	rotate();
}
