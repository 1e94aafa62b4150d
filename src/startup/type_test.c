/* SPDX-License-Identifier: MIT */
#include "type_test.h"

/* Whether a load of @width bytes at @displacement from an entry has the whole type in it. */
static bool has_type(struct reloc_form form, int64_t displacement, unsigned width)
{
	int64_t at = (displacement % form.entsize + form.entsize) % form.entsize;

	return at <= form.type_at && at + width >= form.type_at + form.type_width;
}

/*
 * Whether @operand is memory at a register that may point to an entry, and has room for the type.
 * Where text is read a character may be the same number (R_RISCV_IRELATIVE is ':').
 */
static bool is_through_pointer(const struct tester *tester, const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->reg != REG_NONE &&
	       operand->width >= tester->form.type_width &&
	       (operand->index == REG_NONE ||
	        (UINT64_C(1) << operand->shift) % tester->form.entsize == 0);
}

/* Adds the origins of the pointer through which @memory, an operand of @insn, has the type. */
static void pointers_of(const struct tester *tester, const struct insn *insn,
                        const struct operand *memory, struct origins *out)
{
	struct operand base = *memory;
	struct origins all;
	int64_t displacement = (int64_t)base.value;

	if (!is_through_pointer(tester, memory))
		return;
	base.kind = OPERAND_REG;
	origins_clear(&all);
	flow_origins(tester->flow, insn, &base, ORIGIN_BASE, &all);
	out->truncated |= all.truncated;
	for (size_t i = 0; i < all.count; i++) {
		struct origin origin = all.items[i];
		if (!has_type(tester->form, displacement + origin.bias, memory->width))
			continue;
		origin.bias = 0;
		origins_add(out, &origin);
	}
}

/* Adds the origins of the pointers through which register @reg was loaded with the type. */
static void pointers_of_loaded(const struct tester *tester, const struct insn *insn, uint8_t reg,
                               struct origins *out)
{
	struct definitions loads;

	flow_definitions(tester->flow, insn, reg, ORIGIN_BITS, &loads);
	out->truncated |= loads.truncated;
	for (size_t i = 0; i < loads.count; i++)
		if (loads.items[i].effect->kind == EFFECT_MOVE)
			pointers_of(tester, loads.items[i].insn, &loads.items[i].effect->a, out);
}

/* Whether the constant @operand, or its negative, is the number of IRELATIVE. */
static bool is_number(const struct tester *tester, const struct operand *operand, bool negative)
{
	uint64_t value = bytes_cut(negative ? 0 - operand->value : operand->value, operand->width);

	return operand->kind == OPERAND_CONST && value <= UINT32_MAX &&
	       arch_is_irelative(tester->flow->context->arch, (uint32_t)value);
}

/* Whether register @operand of @insn can only hold the number of IRELATIVE. */
static bool holds_number(const struct tester *tester, const struct insn *insn,
                         const struct operand *operand)
{
	struct origins values;

	if (operand->kind != OPERAND_REG)
		return false;
	origins_clear(&values);
	flow_origins(tester->flow, insn, operand, ORIGIN_EXACT, &values);
	return values.count == 1 && values.items[0].kind != ORIGIN_WORD &&
	       arch_is_irelative(tester->flow->context->arch, (uint32_t)values.items[0].value) &&
	       values.items[0].value <= UINT32_MAX;
}

/* What is left of a comparison of @effect with the number of IRELATIVE: the other side, or NULL. */
static const struct operand *compared(const struct tester *tester, const struct insn *insn,
                                      const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_COMPARE:
		if (is_number(tester, &effect->b, false) ||
		    (tester->hoisted && holds_number(tester, insn, &effect->b)))
			return &effect->a;
		if (tester->hoisted && holds_number(tester, insn, &effect->a))
			return &effect->b;
		return NULL;
	case EFFECT_XOR:
		return is_number(tester, &effect->b, false) ? &effect->a : NULL;
	case EFFECT_ADD:
		return is_number(tester, &effect->b, true) ? &effect->a : NULL;
	default:
		return NULL;
	}
}

/* Whether the function puts the number of IRELATIVE into a register somewhere: li s8, 58. */
static bool hoists_number(const struct tester *tester)
{
	const struct flow *flow = tester->flow;

	for (size_t i = 0; i < flow->count; i++) {
		const struct effect *effect = &flow->insns[i].effects[0];
		if (effect->kind == EFFECT_MOVE && effect->dst.kind == OPERAND_REG &&
		    is_number(tester, &effect->a, false))
			return true;
	}
	return false;
}

struct tester tester_of(const struct flow *flow, struct reloc_form form)
{
	struct tester tester = { .flow = flow, .form = form };

	tester.hoisted = hoists_number(&tester);
	return tester;
}

bool type_test(const struct tester *tester, const struct insn *insn, struct origins *out)
{
	origins_clear(out);
	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++) {
		const struct operand *type = compared(tester, insn, &insn->effects[i]);
		if (!type || type->width < tester->form.type_width)
			continue;
		if (type->kind == OPERAND_REG)
			pointers_of_loaded(tester, insn, type->reg, out);
		else
			pointers_of(tester, insn, type, out);
	}
	return out->count > 0;
}
