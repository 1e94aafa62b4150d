/* SPDX-License-Identifier: MIT */
/*
 * Arm: what an instruction of T32 does. One of two half words is taken as a word, the first half
 * word above. What IT says of the instructions behind it is for whoever decodes these, too.
 */
#include "arm.h"

enum { ALWAYS = 14 };

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

/* ---- 16 bits: data processing --------------------------------------------------------------- */

static void shift(uint32_t half, struct insn *out)
{
	arm_compute(out, ARM_MOV, word_field(half, 0, 3), 0,
	            arm_shifted(word_field(half, 3, 3), word_field(half, 11, 2),
	                        word_field(half, 6, 5)));
}

static enum arm_operation add_or_sub(bool subtracts)
{
	return subtracts ? ARM_SUB : ARM_ADD;
}

/** add and sub of three registers, or of a constant of 3 bits */
static void add_three(uint32_t half, struct insn *out)
{
	uint32_t last = word_field(half, 6, 3);

	arm_compute(out, add_or_sub(arm_bit(half, 9)), word_field(half, 0, 3), word_field(half, 3, 3),
	            arm_plain(arm_bit(half, 10) ? arm_constant(last) : arm_register(last)));
}

/** mov, cmp, add, sub of a constant of 8 bits */
static void compute_eight(uint32_t half, struct insn *out)
{
	static const enum arm_operation operations[4] = { ARM_MOV, ARM_CMP, ARM_ADD, ARM_SUB };
	uint32_t rd = word_field(half, 8, 3);

	arm_compute(out, operations[word_field(half, 11, 2)], rd, rd,
	            arm_plain(arm_constant(word_field(half, 0, 8))));
}

/** Two low registers. What is written like adc is only lost, as shifts by a register are. */
static void compute_low(uint32_t half, struct insn *out)
{
	static const enum arm_operation operations[16] = {
		ARM_AND, ARM_EOR, ARM_LOST, ARM_LOST, ARM_LOST, ARM_LOST, ARM_LOST, ARM_LOST,
		ARM_TST, ARM_LOST, ARM_CMP, ARM_CMN, ARM_ORR, ARM_LOST, ARM_BIC, ARM_MVN,
	};
	uint32_t rd = word_field(half, 0, 3);

	arm_compute(out, operations[word_field(half, 6, 4)], rd, rd,
	            arm_plain(arm_register(word_field(half, 3, 3))));
}

static uint32_t high_register(uint32_t half)
{
	return word_field(half, 7, 1) << 3 | word_field(half, 0, 3);
}

/** add, cmp, mov of any two registers */
static void compute_high(uint32_t half, struct insn *out)
{
	static const enum arm_operation operations[4] = { ARM_ADD, ARM_CMP, ARM_MOV, ARM_MOV };
	enum arm_operation operation = operations[word_field(half, 8, 2)];
	uint32_t rd = high_register(half);

	if (operation != ARM_CMP)
		out->clobbers |= UINT64_C(1) << rd;
	arm_compute(out, operation, rd, rd, arm_plain(arm_register(word_field(half, 3, 4))));
}

/** The address of a literal, or sp and a constant */
static void form_address(uint32_t half, struct insn *out)
{
	uint32_t rd = word_field(half, 8, 3), offset = 4 * word_field(half, 0, 8);

	if (arm_bit(half, 11))
		arm_compute(out, ARM_ADD, rd, ARM_SP, arm_plain(arm_constant(offset)));
	else
		arm_move(out, arm_register(rd), arm_constant((arm_pc(out) & ~UINT64_C(3)) + offset));
}

/** uxtb and uxth: what a mask does */
static void extend(uint32_t half, struct insn *out)
{
	if (arm_bit(half, 7))
		arm_compute(out, ARM_AND, word_field(half, 0, 3), word_field(half, 3, 3),
		            arm_plain(arm_constant(arm_bit(half, 6) ? 0xff : 0xffff)));
}

/* ---- 16 bits: loads and stores -------------------------------------------------------------- */

static void literal(uint32_t half, struct insn *out)
{
	arm_transfer(out, true, word_field(half, 8, 3),
	             arm_memory(out, ARM_PC, 4 * word_field(half, 0, 8), 4));
}

/** str, strh, strb, ldrsb, ldr, ldrh, ldrb, ldrsh: bits 11:9 */
static void indexed(uint32_t half, struct insn *out)
{
	static const uint8_t widths[8] = { 4, 2, 1, 1, 4, 2, 1, 2 };
	uint32_t kind = word_field(half, 9, 3);
	struct arm_source index = arm_plain(arm_register(word_field(half, 6, 3)));

	arm_transfer(out, kind >= 3, word_field(half, 0, 3),
	             arm_memory_indexed(out, word_field(half, 3, 3), index, widths[kind]));
}

static void displaced(uint32_t half, struct insn *out)
{
	uint8_t width = arm_bit(half, 15) ? 2 : arm_bit(half, 12) ? 1 : 4;

	arm_transfer(out, arm_bit(half, 11), word_field(half, 0, 3),
	             arm_memory(out, word_field(half, 3, 3), (uint64_t)width * word_field(half, 6, 5),
	                        width));
}

static void on_stack(uint32_t half, struct insn *out)
{
	arm_transfer(out, arm_bit(half, 11), word_field(half, 8, 3),
	             arm_memory(out, ARM_SP, 4 * word_field(half, 0, 8), 4));
}

static uint64_t size_of(uint32_t list)
{
	uint64_t size = 0;

	for (; list != 0; list &= list - 1)
		size += 4;
	return size;
}

static void multiple(uint32_t half, struct insn *out)
{
	uint32_t list = word_field(half, 0, 8), base = word_field(half, 8, 3);

	arm_multiple(out, arm_bit(half, 11), base, list, 0, size_of(list));
}

static void pop(uint32_t half, struct insn *out)
{
	out->clobbers |= word_field(half, 0, 8);
	if (arm_bit(half, 8))
		out->flow = FLOW_END;
}

/* ---- 16 bits: control flow ------------------------------------------------------------------ */

static void branch_register(uint32_t half, struct insn *out)
{
	arm_branch_register(out, arm_bit(half, 7) ? FLOW_CALL : FLOW_JUMP, word_field(half, 3, 4));
}

/** Whatever branches within T32 keeps the state. */
static void branch(struct insn *out, enum insn_flow flow, uint64_t distance)
{
	arm_branch(out, flow, arm_pc(out) + distance + ARM_THUMB);
}

/** cbz, cbnz */
static void branch_on_zero(uint32_t half, struct insn *out)
{
	branch(out, FLOW_BRANCH, 2 * (word_field(half, 9, 1) << 5 | word_field(half, 3, 5)));
}

static void branch_short(uint32_t half, struct insn *out)
{
	branch(out, FLOW_JUMP, 2 * sign_extended(word_field(half, 0, 11), 11));
}

static void branch_short_on_flags(uint32_t half, struct insn *out)
{
	branch(out, FLOW_BRANCH, 2 * sign_extended(word_field(half, 0, 8), 8));
	out->cond = arm_condition(word_field(half, 8, 4));
}

/** The lowest one of the mask says how many follow. */
static void it(uint32_t half, struct insn *out)
{
	uint32_t mask = word_field(half, 0, 4);

	for (out->makes_conditional = 4; !(mask & 1); mask >>= 1)
		out->makes_conditional--;
	if (word_field(half, 4, 4) >= ALWAYS)
		out->makes_conditional = 0;
}

/* ---- 32 bits: data processing --------------------------------------------------------------- */

/** As A32 numbers them; T32 has fewer, of which some are others with 15 for a register. */
static enum arm_operation operation(uint32_t word)
{
	static const struct { uint32_t code; enum arm_operation normal, compares, unary; } operations[] = {
		{ 0, ARM_AND, ARM_TST, ARM_LOST }, { 1, ARM_BIC, ARM_LOST, ARM_LOST },
		{ 2, ARM_ORR, ARM_LOST, ARM_MOV }, { 3, ARM_LOST, ARM_LOST, ARM_MVN },
		{ 4, ARM_EOR, ARM_TEQ, ARM_LOST }, { 8, ARM_ADD, ARM_CMN, ARM_LOST },
		{ 13, ARM_SUB, ARM_CMP, ARM_LOST }, { 14, ARM_RSB, ARM_LOST, ARM_LOST },
	};

	for (size_t i = 0; i < COUNT(operations); i++) {
		if (operations[i].code != word_field(word, 21, 4))
			continue;
		if (word_field(word, 8, 4) == ARM_PC)
			return operations[i].compares;
		return word_field(word, 16, 4) == ARM_PC ? operations[i].unary : operations[i].normal;
	}
	return ARM_LOST;
}

static void compute(uint32_t word, struct insn *out, struct arm_source b)
{
	enum arm_operation op = operation(word);

	if (word_field(word, 8, 4) != ARM_PC || (op >= ARM_TST && op <= ARM_CMN))
		arm_compute(out, op, word_field(word, 8, 4), word_field(word, 16, 4), b);
}

static void compute_shifted(uint32_t word, struct insn *out)
{
	compute(word, out, arm_shifted(word_field(word, 0, 4), word_field(word, 4, 2),
	                               word_field(word, 12, 3) << 2 | word_field(word, 6, 2)));
}

/** i:imm3:imm8 of the constants */
static uint32_t twelve_bits(uint32_t word)
{
	return word_field(word, 26, 1) << 11 | word_field(word, 12, 3) << 8 | word_field(word, 0, 8);
}

/** A byte repeated in one of four ways, or 8 bits that begin with a one, rotated to the right. */
static uint32_t modified_constant(uint32_t word)
{
	static const uint32_t repeated[4] = { 1, 0x00010001, 0x01000100, 0x01010101 };
	uint32_t code = twelve_bits(word), by = code >> 7;

	if (code < 0x400)
		return (code & 0xff) * repeated[code >> 8];
	return ((code & 0x7f) | 0x80) << (32 - by);
}

static void compute_immediate(uint32_t word, struct insn *out)
{
	compute(word, out, arm_plain(arm_constant(modified_constant(word))));
}

/** add and sub of 12 bits; with pc: adr */
static void add_wide(uint32_t word, struct insn *out)
{
	uint32_t rd = word_field(word, 8, 4), rn = word_field(word, 16, 4);
	uint64_t offset = twelve_bits(word), literals = arm_pc(out) & ~UINT64_C(3);

	if (rn == ARM_PC)
		arm_move(out, arm_register(rd),
		         arm_constant(arm_bit(word, 23) ? literals - offset : literals + offset));
	else
		arm_compute(out, add_or_sub(arm_bit(word, 23)), rd, rn, arm_plain(arm_constant(offset)));
}

static uint32_t sixteen_bits(uint32_t word)
{
	return word_field(word, 16, 4) << 12 | twelve_bits(word);
}

static void movw(uint32_t word, struct insn *out)
{
	arm_move_low(out, word_field(word, 8, 4), sixteen_bits(word));
}

static void movt(uint32_t word, struct insn *out)
{
	arm_move_high(out, word_field(word, 8, 4), sixteen_bits(word));
}

/** uxtb and uxth without a rotation */
static void extend_wide(uint32_t word, struct insn *out)
{
	arm_compute(out, ARM_AND, word_field(word, 8, 4), word_field(word, 0, 4),
	            arm_plain(arm_constant(arm_bit(word, 22) ? 0xff : 0xffff)));
}

/* ---- 32 bits: loads and stores -------------------------------------------------------------- */

static bool loads(uint32_t word)
{
	return arm_bit(word, 20);
}

/** At base + index, base + 12 bits, or base +- 8 bits, by which the base may move. */
static void single(uint32_t word, struct insn *out)
{
	uint32_t base = word_field(word, 16, 4), rt = word_field(word, 12, 4);
	uint8_t width = (uint8_t)(1u << word_field(word, 21, 2));
	uint64_t offset = word_field(word, 0, 12);
	bool up = arm_bit(word, 23), short_form = base != ARM_PC && !up;
	struct operand place;

	if (loads(word) && rt == ARM_PC && width != 4)
		return; /* pld, pli */
	if (short_form && !arm_bit(word, 11)) {
		place = arm_memory_indexed(out, base, arm_shifted(word_field(word, 0, 4), 0,
		                           word_field(word, 4, 2)), width);
		arm_transfer(out, loads(word), rt, place);
		return;
	}
	if (short_form) {
		offset &= 0xff;
		up = arm_bit(word, 9);
	}
	offset = up ? offset : 0 - offset;
	place = arm_memory(out, base, short_form && !arm_bit(word, 10) ? 0 : offset, width);
	arm_transfer(out, loads(word), rt, place);
	if (short_form && arm_bit(word, 8))
		arm_write_back(out, base, offset);
}

/** ldrd, strd */
static void dual(uint32_t word, struct insn *out)
{
	uint32_t base = word_field(word, 16, 4);
	uint64_t offset = 4 * word_field(word, 0, 8);
	struct operand place;

	offset = arm_bit(word, 23) ? offset : 0 - offset;
	place = arm_memory(out, base, arm_bit(word, 24) ? offset : 0, 4);
	arm_transfer(out, loads(word), word_field(word, 12, 4), place);
	place.value += 4;
	arm_transfer(out, loads(word), word_field(word, 8, 4), place);
	if (arm_bit(word, 21))
		arm_write_back(out, base, offset);
}

static void multiple_wide(uint32_t word, struct insn *out)
{
	uint32_t list = word_field(word, 0, 16);
	bool up = arm_bit(word, 23);
	uint64_t size = size_of(list), move = up ? size : 0 - size;

	arm_multiple(out, loads(word), word_field(word, 16, 4), list, up ? 0 : move,
	             arm_bit(word, 21) ? move : 0);
}

/* ---- 32 bits: control flow ------------------------------------------------------------------ */

/** The distance of b, bl and blx: S, I1, I2, then 21 bits. */
static uint64_t far(uint32_t word)
{
	uint32_t sign = word_field(word, 26, 1);
	uint32_t i1 = ~(word_field(word, 13, 1) ^ sign) & 1, i2 = ~(word_field(word, 11, 1) ^ sign) & 1;

	return 2 * sign_extended(sign << 23 | i1 << 22 | i2 << 21 | word_field(word, 16, 10) << 11 |
	                      word_field(word, 0, 11), 24);
}

static void branch_far(uint32_t word, struct insn *out)
{
	branch(out, FLOW_JUMP, far(word));
}

static void bl(uint32_t word, struct insn *out)
{
	branch(out, FLOW_CALL, far(word));
}

/** To A32, whose instructions are words. */
static void blx(uint32_t word, struct insn *out)
{
	arm_branch(out, FLOW_CALL, (arm_pc(out) & ~UINT64_C(3)) + far(word));
}

static void branch_on_flags(uint32_t word, struct insn *out)
{
	uint32_t distance = word_field(word, 26, 1) << 19 | word_field(word, 11, 1) << 18 |
	                    word_field(word, 13, 1) << 17 | word_field(word, 16, 6) << 11 |
	                    word_field(word, 0, 11);

	branch(out, FLOW_BRANCH, 2 * sign_extended(distance, 20));
	out->cond = arm_condition(word_field(word, 22, 4));
}

static void bxj(uint32_t word, struct insn *out)
{
	arm_branch_register(out, FLOW_JUMP, word_field(word, 16, 4));
}

/* ---- tables --------------------------------------------------------------------------------- */

enum { RD = ARM_AT_0_3, RD8 = ARM_AT_8_3 };

static const struct arm_row short_rows[] = {
	{ 0xf800, 0x1000, RD, NULL },              /* asr */
	{ 0xf800, 0x1800, RD, add_three },
	{ 0xe000, 0x0000, RD, shift },             /* lsl, mov, lsr */
	{ 0xf800, 0x2800, 0, compute_eight },      /* cmp */
	{ 0xe000, 0x2000, RD8, compute_eight },    /* mov, add, sub */
	{ 0xffc0, 0x4200, 0, NULL },               /* tst */
	{ 0xff80, 0x4280, 0, compute_low },        /* cmp, cmn */
	{ 0xfc00, 0x4000, RD, compute_low },
	{ 0xff80, 0x4780, ARM_R14, branch_register }, /* blx */
	{ 0xff80, 0x4700, 0, branch_register },    /* bx */
	{ 0xfc00, 0x4400, 0, compute_high },
	{ 0xf800, 0x4800, RD8, literal },
	{ 0xfe00, 0x5600, RD, indexed },           /* ldrsb */
	{ 0xf800, 0x5800, RD, indexed },
	{ 0xf000, 0x5000, 0, indexed },
	{ 0xe800, 0x6800, RD, displaced },
	{ 0xe000, 0x6000, 0, displaced },
	{ 0xf800, 0x8800, RD, displaced },
	{ 0xf800, 0x8000, 0, displaced },
	{ 0xf800, 0x9800, RD8, on_stack },
	{ 0xf800, 0x9000, 0, on_stack },
	{ 0xf000, 0xa000, RD8, form_address },
	{ 0xff00, 0xb000, 0, NULL },               /* add, sub of sp */
	{ 0xf500, 0xb100, 0, branch_on_zero },
	{ 0xff00, 0xb200, RD, extend },            /* sxth, sxtb, uxth, uxtb */
	{ 0xfe00, 0xb400, 0, NULL },               /* push */
	{ 0xff00, 0xb600, 0, NULL },               /* setpan, setend, cps */
	{ 0xffc0, 0xba80, 0, arm_end },            /* hlt */
	{ 0xff00, 0xba00, RD, NULL },              /* rev, rev16, revsh */
	{ 0xfe00, 0xbc00, 0, pop },
	{ 0xff00, 0xbe00, 0, arm_end },            /* bkpt */
	{ 0xff0f, 0xbf00, 0, NULL },               /* nop and other hints */
	{ 0xff00, 0xbf00, 0, it },
	{ 0xf000, 0xc000, 0, multiple },
	{ 0xff00, 0xde00, 0, arm_end },            /* udf */
	{ 0xff00, 0xdf00, ARM_R0, NULL },          /* svc: the kernel answers in r0 */
	{ 0xf000, 0xd000, 0, branch_short_on_flags },
	{ 0xf800, 0xe000, 0, branch_short },
};

static const struct arm_row long_rows[] = {
	/* Registers in a list. */
	{ 0xffd00000, 0xe8100000, ARM_AT_16, arm_end },            /* rfedb */
	{ 0xffd00000, 0xe9900000, ARM_AT_16, arm_end },            /* rfeia */
	{ 0xff500000, 0xe8000000, 0, multiple_wide },              /* stm, and srs, of sp */
	{ 0xff500000, 0xe9000000, 0, multiple_wide },
	{ 0xfe500000, 0xe8100000, 0, multiple_wide },              /* ldm */
	/* Exclusive, ordered, table branches, pairs. */
	{ 0xfff00000, 0xe8400000, ARM_AT_8, NULL },                /* strex */
	{ 0xfff00000, 0xe8500000, ARM_AT_12, NULL },               /* ldrex */
	{ 0xfff00040, 0xe8c00040, ARM_AT_0, NULL },                /* strexb ... stlexd */
	{ 0xfff00000, 0xe8c00000, 0, NULL },                       /* stl */
	{ 0xfff000e0, 0xe8d00000, 0, arm_jump },                   /* tbb, tbh */
	{ 0xfff00000, 0xe8d00000, ARM_AT_12 | ARM_AT_8, NULL },    /* ldrexb ... ldaexd, lda */
	{ 0xfe500000, 0xe8400000, 0, dual },
	{ 0xfe500000, 0xe8500000, ARM_AT_12 | ARM_AT_8, dual },
	/* Data processing. */
	{ 0xfe100f00, 0xea100f00, 0, compute_shifted },            /* tst, teq, cmn, cmp */
	{ 0xfe000000, 0xea000000, ARM_AT_8, compute_shifted },
	{ 0xfa108f00, 0xf0100f00, 0, compute_immediate },
	{ 0xfa008000, 0xf0000000, ARM_AT_8, compute_immediate },
	{ 0xfbf08000, 0xf2000000, ARM_AT_8, add_wide },            /* addw, adr */
	{ 0xfbf08000, 0xf2a00000, ARM_AT_8, add_wide },            /* subw, adr */
	{ 0xfbf08000, 0xf2400000, ARM_AT_8, movw },
	{ 0xfbf08000, 0xf2c00000, ARM_AT_8, movt },
	{ 0xfa008000, 0xf2000000, ARM_AT_8, NULL },                /* bit fields, saturation */
	{ 0xffbff0f0, 0xfa1ff080, ARM_AT_8, extend_wide },
	{ 0xff000000, 0xfa000000, ARM_AT_8, NULL },
	{ 0xff800000, 0xfb000000, ARM_AT_8, NULL },                /* mul ... usada8 */
	{ 0xff800000, 0xfb800000, ARM_AT_12 | ARM_AT_8, NULL },    /* smull ..., sdiv, udiv */
	/* Branches and control. */
	{ 0xf800d000, 0xf000d000, ARM_R14, bl },
	{ 0xf800d001, 0xf000c000, ARM_R14, blx },
	{ 0xf800d000, 0xf0009000, 0, branch_far },
	{ 0xffe0d000, 0xf3e08000, ARM_AT_8, NULL },                /* mrs */
	{ 0xfff0d000, 0xf3d08000, 0, arm_end },                    /* eret, subs pc */
	{ 0xfff0d000, 0xf3c08000, 0, bxj },
	{ 0xfff0f000, 0xf7f0a000, 0, arm_end },                    /* udf */
	{ 0xfb80d000, 0xf3808000, 0, NULL },                       /* msr, hints, barriers, smc */
	{ 0xf800d000, 0xf0008000, 0, branch_on_flags },
	/* Loads and stores of one register. */
	{ 0xff100000, 0xf9000000, 0, arm_structures },
	{ 0xfe600000, 0xf8600000, 0, arm_end },                    /* undefined */
	{ 0xff100000, 0xf8000000, 0, single },
	{ 0xfe100000, 0xf8100000, ARM_AT_12, single },
	{ 0xef000000, 0xef000000, 0, NULL },                       /* SIMD */
};

static bool is_long(uint64_t half)
{
	return half >> 11 >= 0x1d;
}

bool arm_decode_t32(struct bytes code, struct insn *out)
{
	uint64_t first, second;
	uint32_t word;

	if (out->address % 2 != ARM_THUMB || !bytes_read(code, 0, 2, ORDER_LITTLE, &first))
		return false;
	out->length = 2;
	if (!is_long(first))
		return arm_decode_row(short_rows, COUNT(short_rows), (uint32_t)first, out);
	if (!bytes_read(code, 2, 2, ORDER_LITTLE, &second))
		return false;
	out->length = 4;
	word = (uint32_t)(first << 16 | second);
	return arm_decode_row(long_rows, COUNT(long_rows), word, out) ||
	       ((word >> 26 & 0x3b) == 0x3b &&
	        arm_decode_row(arm_coprocessor_rows, arm_coprocessor_row_count, word, out));
}
