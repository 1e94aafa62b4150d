/* SPDX-License-Identifier: MIT */
/*
 * Arm: what the two instruction sets have in common. Each looks an instruction up in a table of
 * masks, of which the first row that fits counts: it says which general registers are written, and
 * its function, where it has one, what address arithmetic and control flow make of the instruction.
 *
 * Neither sp nor pc is ever reported as written: a stack slot is named by the offset that the
 * instruction holds, and who writes pc jumps.
 */
#include "arm.h"

enum { SP = ARM_SP, LR = ARM_LR, PC = ARM_PC };

/* ---- operands ------------------------------------------------------------------------------- */

uint64_t arm_pc(const struct insn *insn)
{
	return insn->address & ARM_THUMB ? insn->address - ARM_THUMB + 4 : insn->address + 8;
}

struct operand arm_register(unsigned reg)
{
	return operand_reg((uint8_t)reg, 4);
}

struct operand arm_constant(uint64_t value)
{
	return operand_const(value, 4);
}

struct operand arm_memory(const struct insn *out, unsigned base, uint64_t displacement,
                          uint8_t width)
{
	struct operand place = {
		.kind = OPERAND_MEMORY, .width = width, .reg = (uint8_t)base, .index = REG_NONE,
		.value = displacement,
	};

	if (base == PC) {
		place.reg = REG_NONE;
		place.value = ((arm_pc(out) & ~UINT64_C(3)) + displacement) & UINT32_MAX;
	}
	return place;
}

struct operand arm_memory_indexed(const struct insn *out, unsigned base, struct arm_source index,
                                  uint8_t width)
{
	struct operand place = arm_memory(out, base, 0, width);

	if (index.operand.kind != OPERAND_REG || index.shift == EFFECT_RIGHT ||
	    (base == PC && index.amount != 0))
		return operand_none();
	if (base == PC) {
		place.reg = index.operand.reg;
	} else {
		place.index = index.operand.reg;
		place.shift = index.amount;
	}
	return place;
}

struct arm_source arm_plain(struct operand operand)
{
	return (struct arm_source){ .operand = operand };
}

/* Of lsr, 0 means 32, which leaves nothing. */
struct arm_source arm_shifted(unsigned reg, unsigned kind, unsigned amount)
{
	enum { LSL, LSR };
	struct arm_source source = { .operand = arm_register(reg), .amount = (uint8_t)amount };

	if (kind == LSL && amount != 0)
		source.shift = EFFECT_LEFT;
	else if (kind == LSR && amount != 0)
		source.shift = EFFECT_RIGHT;
	else if (kind != LSL)
		source.operand = operand_none();
	return source;
}

/* ---- effects -------------------------------------------------------------------------------- */

/** Adds an effect, unless it only writes sp or pc, or there is no room. */
static void effect(struct insn *out, enum effect_kind kind, struct operand dst, struct operand a,
                   struct operand b)
{
	if (dst.kind != OPERAND_REG || (dst.reg != SP && dst.reg != PC))
		insn_add(out, kind, dst, a, b);
}

void arm_move(struct insn *out, struct operand dst, struct operand a)
{
	effect(out, EFFECT_MOVE, dst, a, operand_none());
}

/** The sum with pc is an address; where the other side was loaded, that holds a distance. */
static void add(struct insn *out, unsigned rd, unsigned rn, struct operand b)
{
	struct operand dst = arm_register(rd), pc = arm_constant(arm_pc(out));

	if (rn == PC && b.kind == OPERAND_CONST)
		arm_move(out, dst, arm_constant(pc.value + b.value));
	else if (rn == PC)
		effect(out, EFFECT_REBASE, dst, b, pc);
	else if (b.kind == OPERAND_REG && b.reg == PC)
		effect(out, EFFECT_REBASE, dst, arm_register(rn), pc);
	else
		effect(out, EFFECT_ADD, dst, arm_register(rn), b);
}

/** The difference of two registers tells how they compare, and nothing else of it is followed. */
static void subtract(struct insn *out, unsigned rd, unsigned rn, struct operand b)
{
	if (b.kind == OPERAND_CONST)
		add(out, rd, rn, arm_constant(0 - b.value));
	else
		insn_compare(out, arm_register(rn), b);
}

static void move_source(struct insn *out, unsigned rd, struct arm_source b)
{
	struct operand dst = arm_register(rd);

	if (b.shift != EFFECT_NONE)
		effect(out, b.shift, dst, b.operand, arm_constant(b.amount));
	else if (b.operand.kind == OPERAND_REG && b.operand.reg == PC)
		arm_move(out, dst, arm_constant(arm_pc(out)));
	else
		arm_move(out, dst, b.operand);
}

/** Data processing whose destination is pc. */
static void compute_pc(struct insn *out, enum arm_operation op, struct arm_source b)
{
	out->flow = FLOW_JUMP;
	if (op == ARM_MOV && b.operand.kind == OPERAND_REG && b.shift == EFFECT_NONE)
		arm_branch_register(out, FLOW_JUMP, b.operand.reg);
}

/** An operation on values that are known as they are. */
static void compute(struct insn *out, enum arm_operation op, unsigned rd, unsigned rn,
                    struct operand b)
{
	struct operand a = arm_register(rn), dst = arm_register(rd);
	bool constant = b.kind == OPERAND_CONST;

	switch (op) {
	case ARM_ADD: add(out, rd, rn, b); break;
	case ARM_SUB: subtract(out, rd, rn, b); break;
	case ARM_RSB: if (!constant) insn_compare(out, b, a); break;
	case ARM_CMP: case ARM_TEQ: insn_compare(out, a, b); break;
	case ARM_CMN: if (constant) insn_compare(out, a, arm_constant(0 - b.value)); break;
	case ARM_AND: effect(out, EFFECT_AND, dst, a, b); break;
	case ARM_EOR: effect(out, EFFECT_XOR, dst, a, b); break;
	case ARM_BIC: if (constant) effect(out, EFFECT_AND, dst, a, arm_constant(~b.value)); break;
	case ARM_MVN: if (constant) arm_move(out, dst, arm_constant(~b.value)); break;
	default: break;
	}
}

void arm_compute(struct insn *out, enum arm_operation op, unsigned rd, unsigned rn,
                 struct arm_source b)
{
	bool only_compares = op >= ARM_TST && op <= ARM_CMN;

	if (rd == PC && !only_compares)
		compute_pc(out, op, b);
	else if (b.operand.kind != OPERAND_NONE && op == ARM_MOV)
		move_source(out, rd, b);
	else if (b.operand.kind != OPERAND_NONE && b.shift == EFFECT_NONE)
		compute(out, op, rd, rn, b.operand);
}

void arm_move_low(struct insn *out, unsigned rd, uint32_t value)
{
	effect(out, EFFECT_PART, arm_register(rd), arm_constant(value), operand_none());
}

void arm_move_high(struct insn *out, unsigned rd, uint32_t value)
{
	struct operand dst = arm_register(rd);

	dst.value = UINT32_C(0xffff) << 16;
	effect(out, EFFECT_INSERT, dst, arm_register(rd), arm_constant((uint64_t)value << 16));
}

/* ---- loads and stores ----------------------------------------------------------------------- */

void arm_transfer(struct insn *out, bool load, unsigned rt, struct operand place)
{
	struct operand reg = arm_register(rt);

	if (load && rt == PC) {
		out->flow = place.reg == SP ? FLOW_END : FLOW_JUMP;
		out->via = out->flow == FLOW_END ? operand_none() : place;
	} else if (place.kind == OPERAND_MEMORY && load) {
		arm_move(out, reg, place);
	} else if (place.kind == OPERAND_MEMORY && rt != PC) {
		reg.width = place.width;
		arm_move(out, place, reg);
	}
}

void arm_write_back(struct insn *out, unsigned base, uint64_t offset)
{
	effect(out, EFFECT_ADD, arm_register(base), arm_register(base), arm_constant(offset));
}

/**
 * As many transfers as there is room for; the other registers are only lost. What is pushed and
 * popped is not followed.
 */
void arm_multiple(struct insn *out, bool load, unsigned base, uint32_t list, uint64_t offset,
                  uint64_t move)
{
	bool stack = base == SP && move != 0, moves = move != 0 && !(load && arm_bit(list, base));
	int room = EFFECT_MAX - (moves ? 1 : 0);

	for (unsigned reg = 0; reg < PC; reg++) {
		if (!arm_bit(list, reg))
			continue;
		if (!stack && room-- > 0)
			arm_transfer(out, load, reg, arm_memory(out, base, offset, 4));
		offset += 4;
	}
	if (moves)
		arm_write_back(out, base, move);
	if (load)
		out->clobbers |= list;
	if (load && arm_bit(list, PC))
		out->flow = FLOW_END;
}

void arm_structures(uint32_t word, struct insn *out)
{
	if (word_field(word, 0, 4) != PC)
		out->clobbers |= UINT64_C(1) << word_field(word, 16, 4);
}

/* ---- control flow --------------------------------------------------------------------------- */

void arm_branch(struct insn *out, enum insn_flow flow, uint64_t target)
{
	out->flow = flow;
	out->has_target = true;
	out->target = target & UINT32_MAX;
}

/** `bx pc` goes on behind it in A32. */
void arm_branch_register(struct insn *out, enum insn_flow flow, unsigned reg)
{
	out->flow = flow;
	if (flow == FLOW_JUMP && reg == LR)
		out->flow = FLOW_END;
	else if (reg == PC)
		arm_branch(out, flow, arm_pc(out) & ~UINT64_C(3));
	else
		out->via = arm_register(reg);
}

void arm_end(uint32_t word, struct insn *out)
{
	(void)word;
	out->flow = FLOW_END;
}

void arm_jump(uint32_t word, struct insn *out)
{
	(void)word;
	out->flow = FLOW_JUMP;
}

enum insn_cond arm_condition(uint32_t field)
{
	static const enum insn_cond conditions[16] = {
		[2] = COND_NOT_BELOW,
		[3] = COND_BELOW,
		[8] = COND_ABOVE,
		[9] = COND_NOT_ABOVE,
	};

	return conditions[field & 15];
}

/* ---- tables --------------------------------------------------------------------------------- */

const struct arm_row arm_coprocessor_rows[] = {
	{ 0x0ff00000, 0x0c500000, ARM_AT_12 | ARM_AT_16, NULL }, /* mrrc, vmov of two */
	{ 0x0ff00000, 0x0c400000, 0, NULL },                     /* mcrr */
	{ 0x0e200000, 0x0c200000, ARM_AT_16, NULL },             /* ldc, stc, vldm, vstm, base moves */
	{ 0x0e000000, 0x0c000000, 0, NULL },
	{ 0x0f100010, 0x0e100010, ARM_AT_12, NULL },             /* mrc, vmov, vmrs */
	{ 0x0f000000, 0x0e000000, 0, NULL },                     /* mcr, cdp, VFP */
};
const size_t arm_coprocessor_row_count =
	sizeof(arm_coprocessor_rows) / sizeof(arm_coprocessor_rows[0]);

static uint64_t written_registers(uint32_t word, unsigned writes)
{
	static const struct { unsigned written; uint8_t low, width, add; } fields[] = {
		{ ARM_AT_0_3, 0, 3, 0 }, { ARM_AT_8_3, 8, 3, 0 }, { ARM_AT_0, 0, 4, 0 },
		{ ARM_AT_8, 8, 4, 0 }, { ARM_AT_12, 12, 4, 0 }, { ARM_AT_16, 16, 4, 0 },
		{ ARM_NEXT_12, 12, 4, 1 }, { ARM_R0, 0, 0, 0 }, { ARM_R14, 0, 0, LR },
	};
	uint64_t out = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (writes & fields[i].written)
			out |= UINT64_C(1) << (word_field(word, fields[i].low, fields[i].width) +
			                       fields[i].add);
	return out;
}

bool arm_decode_row(const struct arm_row *rows, size_t count, uint32_t word, struct insn *out)
{
	for (size_t i = 0; i < count; i++) {
		if ((word & rows[i].mask) != rows[i].bits)
			continue;
		out->clobbers = written_registers(word, rows[i].writes);
		if (rows[i].meaning)
			rows[i].meaning(word, out);
		return true;
	}
	return false;
}

bool arm_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                struct insn *out)
{
	uint64_t never = UINT64_C(1) << SP | UINT64_C(1) << PC | UINT64_C(1) << (PC + 1);

	(void)context;
	*out = (struct insn){ .address = address };
	if (!(address & ARM_THUMB ? arm_decode_t32(code, out) : arm_decode_a32(code, out)))
		return false;
	insn_settle(out);
	out->clobbers &= ~never;
	return true;
}
