/* SPDX-License-Identifier: MIT */
/* FEAT_CSSC, FEAT_CHK, FEAT_CLRBHB, FEAT_PRFMSLC. */
#include "short.h"

static void hint(void)
{
	static uint64_t words[64];

	fill(words, sizeof(words));
	for (int i = 0; i < 64; i++)
		__asm__ volatile("prfm pldslckeep, [%0]\n\tclrbhb" : : "r"(words + i) : "memory");
	print_number("prfm slc, clrbhb", digest(words, sizeof(words)));
}

void level(void)
{
	compute_shortly();
	check_feature();
	hint();
}
