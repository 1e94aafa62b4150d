/* SPDX-License-Identifier: MIT */
/* A program with IFUNCs of its own: made by the compiler on x86-64, written out elsewhere. */
#include <math.h>

#include "startup.h"

#define COUNT 1000

#ifdef __x86_64__

__attribute__((target_clones("default", "sse4.2", "avx2")))
unsigned long sum_of_squares(const unsigned int *numbers, size_t count)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (unsigned long)numbers[i] * numbers[i];
	return sum;
}

__attribute__((target_clones("default", "arch=haswell")))
unsigned int bits_set(unsigned long word)
{
	return (unsigned int)__builtin_popcountl(word);
}

#else

static unsigned long sum_forwards(const unsigned int *numbers, size_t count)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (unsigned long)numbers[i] * numbers[i];
	return sum;
}

static unsigned long sum_backwards(const unsigned int *numbers, size_t count)
{
	unsigned long sum = 0;

	while (count-- > 0)
		sum += (unsigned long)numbers[count] * numbers[count];
	return sum;
}

static unsigned int bits_by_builtin(unsigned long word)
{
	return (unsigned int)__builtin_popcountl(word);
}

/* The first argument of a resolver is AT_HWCAP; bit 1 is Advanced SIMD, which all machines have. */
#define HWCAP_ASIMD 2

static unsigned long (*resolve_sum(unsigned long hwcap))(const unsigned int *, size_t)
{
	return hwcap & HWCAP_ASIMD ? sum_forwards : sum_backwards;
}

static unsigned int (*resolve_bits(void))(unsigned long)
{
	return bits_by_builtin;
}

unsigned long sum_of_squares(const unsigned int *, size_t) __attribute__((ifunc("resolve_sum")));
unsigned int bits_set(unsigned long) __attribute__((ifunc("resolve_bits")));

#endif

/* The address of an IFUNC in data and a call of it need not share one relocation. */
static unsigned int (*volatile bits_in_data)(unsigned long) = bits_set;

/* libm.a brings its own IFUNCs. */
static void print_math_functions(void)
{
	volatile double half = 0.5, tenth = 10.25;

	printf("math: %.6f %.6f %.6f %.1f\n", sin(half), exp(half), pow(tenth, half), floor(tenth));
}

int main(void)
{
	unsigned int numbers[COUNT];

	check_startup();
	print_math_functions();
	for (unsigned int i = 0; i < COUNT; i++)
		numbers[i] = i;
	printf("sum of squares: %lu\n", sum_of_squares(numbers, COUNT));
	printf("bits: %u %u\n", bits_set(0xf0f0f), bits_in_data(0xff));
	return EXIT_SUCCESS;
}
