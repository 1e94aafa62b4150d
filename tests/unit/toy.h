/* SPDX-License-Identifier: MIT */
/*
 * A machine that does not exist: 32-bit, big-endian, REL entries. It proves that a machine is no
 * more than what struct arch says. An instruction is a word: operation, two registers, 16 bits.
 *
 *   address  hi rd, n     rd = this address + n * 256: a part of an address
 *            lo rd, ra, n rd = ra + n: the part that hi lacks, signed, so that hi may be one more
 *            lit rd, n    rd = the word at this address + n
 *            addpc rd, ra rd = ra + this address: completes a word that holds a distance
 */
#ifndef TEST_TOY_H
#define TEST_TOY_H

#include "../../src/arch/arch.h"

enum toy_operation {
	TOY_NOP, TOY_RET, TOY_CALL, TOY_CALL_REG, TOY_BRANCH, TOY_HI, TOY_LO, TOY_LIT, TOY_ADDPC,
	TOY_ADD, TOY_LOAD_WORD, TOY_LOAD_BYTE, TOY_STORE_WORD, TOY_COMPARE, TOY_COMPARE_REG,
	TOY_OPERATIONS
};

/* The conditions of TOY_BRANCH, in the place of rd. */
enum { TOY_NE, TOY_BELOW, TOY_NOT_BELOW };

enum { TOY_SP = 15, TOY_MACHINE = 0x1234, TOY_IRELATIVE = 5, TOY_GLOB_DAT = 2, TOY_ABSOLUTE = 1 };

struct toy_fields {
	unsigned operation, rd, ra;
	uint64_t n; /* sign-extended */
};

static inline struct toy_fields toy_fields(uint64_t word)
{
	return (struct toy_fields){
		.operation = (unsigned)(word >> 24), .rd = (unsigned)(word >> 20 & 15),
		.ra = (unsigned)(word >> 16 & 15), .n = ((word & 0xffff) ^ 0x8000) - 0x8000,
	};
}

static inline struct operand toy_reg(unsigned reg)
{
	return (struct operand){ .kind = OPERAND_REG, .width = 4, .reg = (uint8_t)reg,
	                         .index = REG_NONE };
}

static inline struct operand toy_const(uint64_t value)
{
	return (struct operand){ .kind = OPERAND_CONST, .width = 4, .reg = REG_NONE,
	                         .index = REG_NONE, .value = value & UINT32_MAX };
}

static inline struct operand toy_memory(unsigned reg, uint64_t displacement, uint8_t width)
{
	return (struct operand){ .kind = OPERAND_MEMORY, .width = width, .reg = (uint8_t)reg,
	                         .index = REG_NONE, .value = displacement };
}

static inline void toy_effect(struct insn *out, enum effect_kind kind, struct operand dst,
                              struct operand a, struct operand b)
{
	out->effects[0] = (struct effect){ .kind = kind, .dst = dst, .a = a, .b = b };
}

static inline void toy_flow(const struct toy_fields *f, struct insn *out)
{
	static const enum insn_cond conditions[] = { COND_OTHER, COND_BELOW, COND_NOT_BELOW };

	out->has_target = f->operation == TOY_CALL || f->operation == TOY_BRANCH;
	out->target = (out->address + f->n) & UINT32_MAX;
	if (f->operation == TOY_RET)
		out->flow = FLOW_END;
	if (f->operation == TOY_CALL || f->operation == TOY_CALL_REG)
		out->flow = FLOW_CALL;
	if (f->operation == TOY_CALL_REG)
		out->via = toy_reg(f->ra);
	if (f->operation == TOY_BRANCH) {
		out->flow = FLOW_BRANCH;
		out->cond = conditions[f->rd % 3];
	}
}

static inline void toy_values(const struct toy_fields *f, struct insn *out)
{
	const struct operand none = { .kind = OPERAND_NONE }, rd = toy_reg(f->rd);
	const struct operand ra = toy_reg(f->ra);

	switch (f->operation) {
	case TOY_HI:
		toy_effect(out, EFFECT_PART, rd, toy_const(out->address + f->n * 256), none);
		break;
	case TOY_LO: case TOY_ADD:
		toy_effect(out, EFFECT_ADD, rd, ra, toy_const(f->n));
		out->effects[0].b.value = f->n;
		break;
	case TOY_LIT:
		toy_effect(out, EFFECT_MOVE, rd,
		           toy_memory(REG_NONE, out->address + f->n, 4), none);
		break;
	case TOY_ADDPC:
		toy_effect(out, EFFECT_REBASE, rd, ra, toy_const(out->address));
		break;
	case TOY_LOAD_WORD: case TOY_LOAD_BYTE:
		toy_effect(out, EFFECT_MOVE, rd,
		           toy_memory(f->ra, f->n, f->operation == TOY_LOAD_WORD ? 4 : 1), none);
		break;
	case TOY_STORE_WORD:
		toy_effect(out, EFFECT_MOVE, toy_memory(f->ra, f->n, 4), rd, none);
		break;
	case TOY_COMPARE:
		toy_effect(out, EFFECT_COMPARE, none, ra, toy_const(f->n));
		break;
	case TOY_COMPARE_REG:
		toy_effect(out, EFFECT_COMPARE, none, rd, ra);
		break;
	}
}

static bool toy_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                       struct insn *out)
{
	struct toy_fields f;
	uint64_t word;

	(void)context;
	if (!bytes_read(code, 0, 4, ORDER_BIG, &word) || word >> 24 >= TOY_OPERATIONS)
		return false;
	f = toy_fields(word);
	*out = (struct insn){ .address = address, .length = 4 };
	toy_flow(&f, out);
	toy_values(&f, out);
	return true;
}

/* hi and lo share a distance from hi's own address: the lower part is signed. */
static bool toy_form(const struct insn *const parts[], unsigned count, uint64_t value,
                     const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	uint64_t distance = value - parts[0]->address, low = ((distance & 0xff) ^ 0x80) - 0x80;

	(void)context;
	if (count != 2 || code[0][0] != TOY_HI || code[1][0] != TOY_LO)
		return false;
	bytes_store(code[0] + 2, 2, ORDER_BIG, (distance - low) >> 8);
	bytes_store(code[1] + 2, 2, ORDER_BIG, low);
	return true;
}

static const struct reloc_name toy_names[] = {
	{ 0, "R_TOY_NONE" }, { 1, "R_TOY_32" }, { 2, "R_TOY_GLOB_DAT" }, { 3, "R_TOY_JUMP_SLOT" },
	{ 4, "R_TOY_RELATIVE" }, { 5, "R_TOY_IRELATIVE" },
};

static const struct arch_model toy_models[] = { { "toy", "nothing" }, { NULL, NULL } };

static const struct arch arch_toy = {
	.name = "toy", .machine = TOY_MACHINE, .is64 = false, .order = ORDER_BIG, .rela = false,
	.none = 0, .absolute = TOY_ABSOLUTE, .glob_dat = TOY_GLOB_DAT, .jump_slot = 3,
	.relative = 4, .irelative = TOY_IRELATIVE, .also_irelative = RELOC_ABSENT,
	.names = toy_names, .name_count = sizeof(toy_names) / sizeof(toy_names[0]),
	.start_symbol = "__rel_iplt_start", .end_symbol = "__rel_iplt_end",
	.code_alignment = 4, .stack_pointer = TOY_SP, .frame_pointer = TOY_SP,
	.caller_saved = 0xf, .main = { .kind = OPERAND_REG, .width = 4, .reg = 0,
	                               .index = REG_NONE },
	.hosts = "toy", .emulator = "qemu-toy", .models = toy_models,
	.decode = toy_decode, .form = toy_form,
};

#endif
