/* SPDX-License-Identifier: MIT */
#include "foreign.h"

/* What a row says of EI_CLASS and EI_DATA, bits. */
enum { CLASS_32 = 1, CLASS_64 = 2, LITTLE = 4, BIG = 8, ANY = CLASS_32 | CLASS_64 | LITTLE | BIG };

/* The e_machine of the gABI; the first row that fits counts. */
static const struct {
	uint16_t machine;
	unsigned variants;
	char name[16];
} rows[] = {
	{ 2, ANY, "sparc" },
	{ 4, ANY, "m68k" },
	{ 8, ANY, "MIPS" },
	{ 15, ANY, "hppa" },
	{ 18, ANY, "sparc" }, /* 32 bits of V9 */
	{ 20, CLASS_32 | LITTLE, "powerpcle" },
	{ 21, CLASS_64 | BIG, "ppc64" },
	{ 22, CLASS_32 | BIG, "s390" },
	{ 40, CLASS_32 | BIG, "armeb" },
	{ 42, ANY, "SuperH" },
	{ 43, ANY, "sparc64" },
	{ 50, ANY, "ia64" },
	{ 62, CLASS_32 | LITTLE, "x32" },
	{ 92, ANY, "or1k" },
	{ 93, ANY, "ARC" },
	{ 113, ANY, "nios2" },
	{ 183, CLASS_64 | BIG, "aarch64_be" },
	{ 183, CLASS_32 | LITTLE | BIG, "AArch64 ILP32" },
	{ 189, ANY, "MicroBlaze" },
	{ 195, ANY, "ARC" },
	{ 243, CLASS_32 | LITTLE, "riscv32" },
	{ 252, ANY, "C-SKY" },
	{ 258, CLASS_32 | LITTLE, "loongarch32" },
	{ 0x9026, ANY, "alpha" },
};

const char *foreign_name(uint16_t machine, bool is64, enum byte_order order)
{
	unsigned class = is64 ? CLASS_64 : CLASS_32;
	unsigned variant = class | (order == ORDER_LITTLE ? LITTLE : BIG);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].machine == machine && (rows[i].variants & variant) == variant)
			return rows[i].name;
	return NULL;
}
