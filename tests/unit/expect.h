/* SPDX-License-Identifier: MIT */
/* What a decoder is expected to make of an instruction, and what any decoder promises of every one. */
#ifndef TEST_EXPECT_H
#define TEST_EXPECT_H

#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define R(n, w) { .kind = OPERAND_REG, .width = (w), .reg = (n) }
#define BITS(n, w, mask) { .kind = OPERAND_REG, .width = (w), .reg = (n), .value = (mask) }
/* a jump to a register plus @more */
#define AND_MORE(n, more) \
	{ .kind = OPERAND_REG, .width = 8, .reg = (n), .value = (uint64_t)(more) }
#define K(v, w) { .kind = OPERAND_CONST, .width = (w), .value = (uint64_t)(v) }
#define K32(v) { .kind = OPERAND_CONST, .width = 4, .value = (uint32_t)(v) }
#define SUM(base, with, disp, w) \
	{ .kind = OPERAND_MEMORY, .width = (w), .reg = (base), .index = (with), \
	  .value = (uint64_t)(disp) }
#define MEM(base, disp, w) SUM(base, REG_NONE, disp, w)

#define MOVE(to, from) { .kind = EFFECT_MOVE, .dst = to, .a = from }
#define PART(to, from) { .kind = EFFECT_PART, .dst = to, .a = from }
#define ADD(to, x, y) { .kind = EFFECT_ADD, .dst = to, .a = x, .b = y }
#define REBASE(to, x, y) { .kind = EFFECT_REBASE, .dst = to, .a = x, .b = y }
#define INSERT(to, x, y) { .kind = EFFECT_INSERT, .dst = to, .a = x, .b = y }
#define AND(to, x, y) { .kind = EFFECT_AND, .dst = to, .a = x, .b = y }
#define XOR(to, x, y) { .kind = EFFECT_XOR, .dst = to, .a = x, .b = y }
#define LEFT(to, x, y) { .kind = EFFECT_LEFT, .dst = to, .a = x, .b = y }
#define RIGHT(to, x, y) { .kind = EFFECT_RIGHT, .dst = to, .a = x, .b = y }
#define COMPARE(x, y) { .kind = EFFECT_COMPARE, .a = x, .b = y }

#define TO(distance) .has_target = true, .target = AT + (uint64_t)(distance)
#define X(n) (UINT64_C(1) << (n))

static inline void same(const char *text, const char *what, uint64_t got, uint64_t expected)
{
	if (got != expected)
		fail_msg("%s: %s is %#llx, not %#llx", text, what, (unsigned long long)got,
		         (unsigned long long)expected);
}

static inline void same_operand(const char *text, const struct operand *got,
                                const struct operand *expected)
{
	same(text, "operand kind", got->kind, expected->kind);
	if (got->kind == OPERAND_NONE)
		return;
	same(text, "operand width", got->width, expected->width);
	if (got->kind != OPERAND_CONST)
		same(text, "operand register", got->reg, expected->reg);
	if (got->kind == OPERAND_MEMORY)
		same(text, "operand index", got->index, expected->index);
	same(text, "operand shift", got->shift, expected->shift);
	same(text, "operand value", got->value, expected->value);
}

/* All but the address and the length. */
static inline void same_insn(const char *text, const struct insn *got, const struct insn *expected)
{
	same(text, "flow", got->flow, expected->flow);
	same(text, "cond", got->cond, expected->cond);
	same(text, "has_target", got->has_target, expected->has_target);
	same(text, "target", got->target, expected->target);
	same(text, "conditional", got->conditional, expected->conditional);
	same(text, "makes_conditional", got->makes_conditional, expected->makes_conditional);
	same(text, "clobbers", got->clobbers, expected->clobbers);
	same_operand(text, &got->via, &expected->via);
	for (size_t i = 0; i < EFFECT_MAX; i++) {
		same(text, "effect", got->effects[i].kind, expected->effects[i].kind);
		same_operand(text, &got->effects[i].dst, &expected->effects[i].dst);
		same_operand(text, &got->effects[i].a, &expected->effects[i].a);
		same_operand(text, &got->effects[i].b, &expected->effects[i].b);
	}
}

/* ---- promises ------------------------------------------------------------------------------- */

static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline void check_register(const char *text, const struct operand *operand)
{
	if (operand->kind == OPERAND_REG)
		assert_in_range(operand->reg, 0, REG_COUNT - 1);
	if (operand->kind == OPERAND_MEMORY && operand->reg != REG_NONE)
		same(text, "base register", operand->reg < REG_COUNT, true);
}

/* What struct insn promises; @unreported: registers that are never reported as written. */
static inline void check_promises(const char *text, const struct insn *insn, uint64_t unreported)
{
	bool ended = false;

	same(text, "reported", insn->clobbers & unreported, 0);
	if (insn->flow == FLOW_NEXT || insn->flow == FLOW_END)
		same(text, "has_target", insn->has_target, false);
	for (size_t i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		same(text, "gap", ended && effect->kind != EFFECT_NONE, false);
		ended |= effect->kind == EFFECT_NONE;
		check_register(text, &effect->dst);
		check_register(text, &effect->a);
		check_register(text, &effect->b);
		same(text, "written constant", effect->dst.kind == OPERAND_CONST, false);
		if (effect->dst.kind == OPERAND_REG)
			same(text, "written twice or silently",
			     (insn->clobbers | unreported) & X(effect->dst.reg), 0);
	}
}

#endif
