/* SPDX-License-Identifier: MIT */
/* FEAT_CMPBR. */
#include "level.h"

#define COUNT 256

/* The compiler makes one instruction of each comparison and its branch. */
static void sort(void)
{
	int64_t words[COUNT];

	fill(words, sizeof(words));
	for (int i = 1; i < COUNT; i++) {
		int64_t word = words[i];
		int at = i;
		for (; at > 0 && words[at - 1] > word; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
	print_number("cbgt", digest(words, sizeof(words)));
}

static void branch_on_bytes(void)
{
	unsigned char bytes[COUNT];
	uint64_t sum = 0;

	fill(bytes, sizeof(bytes));
	for (int i = 1; i < COUNT; i++)
		__asm__ volatile("cbbhi %w1, %w2, 1f\n\tadd %0, %0, %1\n1:\n\t"
		                 "cblt %w1, #17, 2f\n\tadd %0, %0, %2\n2:"
		                 : "+r"(sum) : "r"((uint64_t)bytes[i]), "r"((uint64_t)bytes[i - 1]));
	print_number("cbbhi, cblt", sum);
}

void level(void)
{
	sort();
	branch_on_bytes();
}
