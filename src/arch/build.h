/* SPDX-License-Identifier: MIT */
/*
 * What every machine's decoder makes `struct insn` of, and what its address.c puts into
 * instructions.
 */
#ifndef IRELFIX_BUILD_H
#define IRELFIX_BUILD_H

#include "arch.h"

/* ---- numbers in instructions ---------------------------------------------------------------- */

/** The @width bits of @word from bit @low on; bit 0 is the lowest one. */
static inline uint32_t word_field(uint32_t word, unsigned low, unsigned width)
{
	return word >> low & ((UINT32_C(1) << width) - 1);
}

static inline void word_set(uint32_t *word, unsigned low, unsigned width, uint64_t value)
{
	uint32_t mask = ((UINT32_C(1) << width) - 1) << low;

	*word = (*word & ~mask) | ((uint32_t)(value << low) & mask);
}

/** Whether @value is a signed number of @width bits. */
static inline bool fits_signed(uint64_t value, unsigned width)
{
	uint64_t half = UINT64_C(1) << (width - 1);

	return value + half < 2 * half;
}

/* ---- operands ------------------------------------------------------------------------------- */

static inline struct operand operand_none(void)
{
	return (struct operand){ .kind = OPERAND_NONE };
}

static inline struct operand operand_reg(uint8_t reg, uint8_t width)
{
	return (struct operand){ .kind = OPERAND_REG, .width = width, .reg = reg, .index = REG_NONE };
}

/** @value, cut to @width bytes. */
static inline struct operand operand_const(uint64_t value, uint8_t width)
{
	return (struct operand){
		.kind = OPERAND_CONST, .width = width, .reg = REG_NONE, .index = REG_NONE,
		.value = bytes_cut(value, width),
	};
}

/* ---- effects -------------------------------------------------------------------------------- */

/** Adds an effect, as far as there is room. */
static inline void insn_add(struct insn *out, enum effect_kind kind, struct operand dst,
                            struct operand a, struct operand b)
{
	unsigned n = 0;

	while (n < EFFECT_MAX && out->effects[n].kind != EFFECT_NONE)
		n++;
	if (n < EFFECT_MAX)
		out->effects[n] = (struct effect){ .kind = kind, .dst = dst, .a = a, .b = b };
}

/** The same, unless it only writes register @sp, the stack pointer. */
static inline void insn_add_but(struct insn *out, uint8_t sp, enum effect_kind kind,
                                struct operand dst, struct operand a, struct operand b)
{
	if (dst.kind != OPERAND_REG || dst.reg != sp)
		insn_add(out, kind, dst, a, b);
}

static inline void insn_compare(struct insn *out, struct operand a, struct operand b)
{
	insn_add(out, EFFECT_COMPARE, operand_none(), a, b);
}

/** Takes the registers that effects set out of those that are lost. */
static inline void insn_settle(struct insn *out)
{
	for (int i = 0; i < EFFECT_MAX; i++)
		if (out->effects[i].dst.kind == OPERAND_REG)
			out->clobbers &= ~(UINT64_C(1) << out->effects[i].dst.reg);
}

#endif
