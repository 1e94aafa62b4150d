/* SPDX-License-Identifier: MIT */
/* What must be true of every decoded instruction: for the proofs, and for the fuzzer. */
#ifndef PROOF_INSN_H
#define PROOF_INSN_H

#include "../../src/arch/arch.h"

#include <assert.h>

static bool is_register(uint8_t reg)
{
	return reg < REG_COUNT;
}

static bool is_width(uint8_t width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static void check_operand(const struct operand *operand)
{
	switch (operand->kind) {
	case OPERAND_NONE:
		return;
	case OPERAND_REG:
		assert(is_register(operand->reg));
		break;
	case OPERAND_CONST:
		break;
	case OPERAND_MEMORY:
		assert(is_register(operand->reg) || operand->reg == REG_NONE);
		assert(is_register(operand->index) || operand->index == REG_NONE);
		assert(operand->shift < 64);
		break;
	default:
		assert(false); /* of no kind */
	}
	assert(is_width(operand->width));
}

static bool is_value(const struct operand *operand)
{
	return operand->kind == OPERAND_REG || operand->kind == OPERAND_CONST;
}

static bool is_constant(const struct operand *operand)
{
	return operand->kind == OPERAND_CONST;
}

/* What startup/values.c relies on, effect by effect. */
static void check_effect(const struct effect *effect)
{
	bool to_register = effect->dst.kind == OPERAND_REG;

	switch (effect->kind) {
	case EFFECT_NONE:
		break;
	case EFFECT_MOVE:
		assert(to_register || effect->dst.kind == OPERAND_MEMORY);
		assert(effect->a.kind != OPERAND_NONE);
		break;
	case EFFECT_PART:
		assert(to_register && is_constant(&effect->a));
		break;
	case EFFECT_ADD:
	case EFFECT_AND:
	case EFFECT_XOR:
		assert(effect->dst.kind != OPERAND_NONE && effect->dst.kind != OPERAND_CONST);
		assert(is_value(&effect->b));
		break;
	case EFFECT_REBASE:
		assert(to_register && effect->a.kind == OPERAND_REG && is_constant(&effect->b));
		break;
	case EFFECT_INSERT:
		assert(to_register && is_constant(&effect->b));
		break;
	case EFFECT_LEFT:
	case EFFECT_RIGHT:
		assert(to_register && is_constant(&effect->b));
		assert(effect->b.value < 64);
		break;
	case EFFECT_COMPARE:
		break;
	default:
		assert(false); /* of no kind */
	}
	check_operand(&effect->dst);
	check_operand(&effect->a);
	check_operand(&effect->b);
}

/** @most: the bytes of the longest instruction. */
static void check_insn(const struct insn *insn, struct bytes code, uint64_t address,
                       unsigned most)
{
	bool ended = false;

	assert(insn->length >= 1 && insn->length <= most && insn->length <= code.size);
	assert(insn->address == address);
	assert(insn->flow <= FLOW_END && insn->cond <= COND_NOT_ABOVE);
	assert(!insn->has_target || (insn->flow != FLOW_NEXT && insn->flow != FLOW_END));
	check_operand(&insn->via);
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		assert(!ended || effect->kind == EFFECT_NONE);
		ended = effect->kind == EFFECT_NONE;
		check_effect(effect);
		if (effect->kind != EFFECT_NONE && effect->dst.kind == OPERAND_REG)
			assert((insn->clobbers >> effect->dst.reg & 1) == 0);
	}
}

#endif
