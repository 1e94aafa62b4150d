/* SPDX-License-Identifier: MIT */
/* AVX, AVX2, BMI1, BMI2, F16C, FMA, LZCNT, MOVBE. */
#include <immintrin.h>

#include "level.h"

#define COUNT 256

static void multiply_and_add(void)
{
	double x[COUNT], y[COUNT];
	double factor = (double)opaque(3) / 7;

	for (int i = 0; i < COUNT; i++) {
		x[i] = i;
		y[i] = 1.0 / (i + 1);
	}
	for (int i = 0; i < COUNT; i++)
		y[i] = __builtin_fma(x[i], factor, y[i]);
	print_number("vfmadd", digest(y, sizeof(y)));
}

static void gather_and_permute(void)
{
	uint32_t table[COUNT], result[COUNT];

	fill(table, sizeof(table));
	for (int i = 0; i < COUNT; i += 8) {
		__m256i at = _mm256_and_si256(_mm256_loadu_si256((const void *)(table + i)),
		                              _mm256_set1_epi32(COUNT - 1));
		__m256i found = _mm256_i32gather_epi32((const int *)table, at, 4);
		_mm256_storeu_si256((void *)(result + i), _mm256_permutevar8x32_epi32(found, at));
	}
	print_number("vpgatherdd, vpermd", digest(result, sizeof(result)));
}

static void move_bits(void)
{
	uint64_t words[COUNT], sum = 0;

	fill(words, sizeof(words));
	for (int i = 1; i < COUNT; i++) {
		sum += _pext_u64(words[i], words[i - 1]) ^ _pdep_u64(words[i], words[i - 1]);
		sum += _andn_u64(words[i], words[i - 1]) ^ __bextr_u64(words[i], words[i - 1] & 0x3f3f);
		sum += _lzcnt_u64(words[i] >> (i & 63)) + _tzcnt_u64(words[i] << (i & 63));
	}
	print_number("pext, pdep, andn, bextr, lzcnt, tzcnt", sum);
}

static void swap_bytes(void)
{
	uint64_t words[COUNT], sum = 0;

	fill(words, sizeof(words));
	for (size_t i = 0; i < COUNT; i++)
		sum = sum * 3 + _loadbe_i64(words + opaque(i));
	print_number("movbe", sum);
}

static void halve_precision(void)
{
	float values[COUNT];
	uint16_t halves[COUNT];

	for (int i = 0; i < COUNT; i++)
		values[i] = 1.0f / (float)(i + 1);
	for (int i = 0; i < COUNT; i += 8)
		_mm_storeu_si128((void *)(halves + i), _mm256_cvtps_ph(_mm256_loadu_ps(values + i), 0));
	print_number("vcvtps2ph", digest(halves, sizeof(halves)));
}

void level(void)
{
	multiply_and_add();
	gather_and_permute();
	move_bits();
	swap_bytes();
	halve_precision();
}
