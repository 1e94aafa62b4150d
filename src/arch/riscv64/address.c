/* SPDX-License-Identifier: MIT */
/* RV64: how a value gets into the instructions that form it. */
#include "riscv64.h"

/* The lower part is signed: it takes away up to 0x800 of what the upper part has too much. */
enum { LOWER_BITS = 12, ROUNDING = 1 << (LOWER_BITS - 1) };

enum { OPCODE = 0x7f, FUNCT3 = 0x707f, AUIPC = 0x17, LUI = 0x37, ADDI = 0x13, ADDIW = 0x1b };

static uint32_t word_in(const unsigned char *code)
{
	return (uint32_t)bytes_number(code, 4, ORDER_LITTLE);
}

/**
 * auipc and addi, lui and addi. What stands in them is the value, or its distance from the first
 * one. Compressed ones have no room for another value.
 */
bool riscv64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                  const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	uint32_t upper, lower;

	(void)context;
	if (count != 2 || parts[0]->length != 4 || parts[1]->length != 4)
		return false;
	upper = word_in(code[0]);
	lower = word_in(code[1]);
	if ((upper & OPCODE) == AUIPC)
		value -= parts[0]->address;
	else if ((upper & OPCODE) != LUI)
		return false;
	if (((lower & FUNCT3) != ADDI && (lower & FUNCT3) != ADDIW) || 
	    !fits_signed(value + ROUNDING, 32))
		return false;
	upper = (upper & 0xfff) | ((uint32_t)(value + ROUNDING) & ~UINT32_C(0xfff));
	lower = (lower & 0xfffff) | (uint32_t)value << 20;
	bytes_store(code[0], 4, ORDER_LITTLE, upper);
	bytes_store(code[1], 4, ORDER_LITTLE, lower);
	return true;
}
