/* SPDX-License-Identifier: MIT */
/*
 * i386: what an instruction means, beyond what it means to x86-64 as well.
 *
 * A push is a store and a pop a load of the word just below the stack pointer: there it is before
 * the one and after the other. Nobody follows the stack pointer, and named so a word that was
 * pushed is not taken for a variable at (%esp), which is a different one as soon as the stack
 * pointer has moved.
 */
#include "i386.h"

enum { WIDTH = 4 };

/* r/m of 32 bits; its kind is NONE when it cannot be expressed. */
static struct operand rm_operand(const struct fields *f)
{
	struct operand memory = f->memory;

	memory.width = WIDTH;
	return f->mod == 3 ? operand_reg(f->rm, WIDTH) : memory;
}

static void add_effect(struct insn *out, enum effect_kind kind, struct operand dst,
                       struct operand a, struct operand b)
{
	if (dst.kind == OPERAND_REG && dst.reg == X86_SP)
		return;
	insn_add(out, kind, dst, a, b);
	insn_settle(out);
}

static void add_move(struct insn *out, struct operand dst, struct operand a)
{
	if (a.kind != OPERAND_NONE)
		add_effect(out, EFFECT_MOVE, dst, a, operand_none());
}

/* One-byte opcodes that x86-64 has not, or that move 64 bits there; the long forms of push and pop. */
static void set_effect(const struct fields *f, struct insn *out)
{
	const struct operand top = {
		.kind = OPERAND_MEMORY, .width = WIDTH, .reg = X86_SP, .index = REG_NONE,
		.value = I386_PUSHED,
	};
	struct operand reg = operand_reg(f->opcode & 7u, WIDTH);

	switch (f->opcode & 0xf8) {
	case 0x40: add_effect(out, EFFECT_ADD, reg, reg, operand_const(1, WIDTH)); return; /* inc */
	case 0x48: add_effect(out, EFFECT_ADD, reg, reg, operand_const(UINT32_MAX, WIDTH)); return;
	case 0x50: add_move(out, top, reg); return;
	case 0x58: add_move(out, reg, top); return; /* pop */
	case 0x68:
		if (f->opcode == 0x68 || f->opcode == 0x6a)
			add_move(out, top, operand_const(f->immediate, WIDTH));
		return;
	case 0x88:
		if (f->opcode == 0x8f && f->mod == 3)
			add_move(out, rm_operand(f), top);
		return;
	case 0xf8:
		if (f->opcode == 0xff && f->member == 6)
			add_move(out, top, rm_operand(f));
	}
}

bool i386_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                 struct insn *out)
{
	struct fields f;

	(void)context;
	if (!x86_parse(code, address, MODE_32, &f))
		return false;
	x86_interpret(&f, out);
	if (f.map == MAP_ONE && f.width == WIDTH)
		set_effect(&f, out);
	return true;
}
