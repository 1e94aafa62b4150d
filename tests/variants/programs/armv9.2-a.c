/* SPDX-License-Identifier: MIT */
/* FEAT_WFxT and FEAT_XS, which the level requires, and FEAT_SME, which it allows. */
#include "wait.h"

/* What smstart and smstop set to zero. */
#define VECTORS \
	"z0", "z1", "z2", "z3", "z4", "z5", "z6", "z7", "z8", "z9", "z10", "z11", "z12", "z13", \
	"z14", "z15", "z16", "z17", "z18", "z19", "z20", "z21", "z22", "z23", "z24", "z25", "z26", \
	"z27", "z28", "z29", "z30", "z31", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", \
	"p9", "p10", "p11", "p12", "p13", "p14", "p15"

/* Every element of the tile is the same: the first row does not depend on the vector length. */
static void outer_product(void)
{
	float row[64] = { 0 };

	__asm__ volatile("smstart\n\t"
	                 "ptrue p0.s\n\t"
	                 "zero {za}\n\t"
	                 "dup z0.s, %w1\n\t"
	                 "scvtf z0.s, p0/m, z0.s\n\t"
	                 "fmopa za0.s, p0/m, p0/m, z0.s, z0.s\n\t"
	                 "fmopa za0.s, p0/m, p0/m, z0.s, z0.s\n\t"
	                 "mov w12, #0\n\t"
	                 "st1w {za0h.s[w12, #0]}, p0, [%0]\n\t"
	                 "smstop"
	                 : : "r"(row), "r"(opaque(3))
	                 : "memory", "x12", VECTORS);
	print_real("fmopa", (double)row[0]);
}

void level(void)
{
	wait_with_limit();
	wait_for_stores();
	outer_product();
}
