/* SPDX-License-Identifier: MIT */
/* Arm: what an instruction of A32 does. Bits 31:28 are its condition, 15 makes room for others. */
#include "arm.h"

enum { ALWAYS = 14, OTHERS = 15 };

/* ---- data processing ------------------------------------------------------------------------ */

static void compute(uint32_t word, struct insn *out, struct arm_source b)
{
	arm_compute(out, (enum arm_operation)word_field(word, 21, 4), word_field(word, 12, 4),
	            word_field(word, 16, 4), b);
}

/** 8 bits, rotated to the right by an even number. */
static void compute_immediate(uint32_t word, struct insn *out)
{
	uint32_t value = word_field(word, 0, 8), by = 2 * word_field(word, 8, 4);

	if (by != 0)
		value = value >> by | value << (32 - by);
	compute(word, out, arm_plain(arm_constant(value)));
}

static struct arm_source shifted(uint32_t word)
{
	return arm_shifted(word_field(word, 0, 4), word_field(word, 5, 2), word_field(word, 7, 5));
}

static void compute_shifted(uint32_t word, struct insn *out)
{
	compute(word, out, shifted(word));
}

/** Shifted by a register, which is not followed. */
static void compute_unknown(uint32_t word, struct insn *out)
{
	compute(word, out, arm_plain((struct operand){ .kind = OPERAND_NONE }));
}

static void movw(uint32_t word, struct insn *out)
{
	arm_move_low(out, word_field(word, 12, 4), word_field(word, 16, 4) << 12 |
	             word_field(word, 0, 12));
}

static void movt(uint32_t word, struct insn *out)
{
	arm_move_high(out, word_field(word, 12, 4), word_field(word, 16, 4) << 12 |
	              word_field(word, 0, 12));
}

/** uxtb and uxth without a rotation */
static void extend(uint32_t word, struct insn *out)
{
	arm_compute(out, ARM_AND, word_field(word, 12, 4), word_field(word, 0, 4),
	            arm_plain(arm_constant(arm_bit(word, 20) ? 0xffff : 0xff)));
}

/* ---- loads and stores ----------------------------------------------------------------------- */

static bool loads(uint32_t word)
{
	return arm_bit(word, 20);
}

/** Whether the base register moves on: post-index, or pre-index with "!". */
static bool moves_base(uint32_t word)
{
	return !arm_bit(word, 24) || arm_bit(word, 21);
}

/** What the address is before the access: nothing is added yet with post-index addressing. */
static uint64_t displacement(uint32_t word, uint64_t offset)
{
	return arm_bit(word, 24) ? offset : 0;
}

static uint64_t upwards(uint32_t word, uint64_t offset)
{
	return arm_bit(word, 23) ? offset : 0 - offset;
}

static uint8_t single_width(uint32_t word)
{
	return arm_bit(word, 22) ? 1 : 4;
}

static void single_immediate(uint32_t word, struct insn *out)
{
	uint64_t offset = upwards(word, word_field(word, 0, 12));
	unsigned base = word_field(word, 16, 4);

	arm_transfer(out, loads(word), word_field(word, 12, 4),
	             arm_memory(out, base, displacement(word, offset), single_width(word)));
	if (moves_base(word))
		arm_write_back(out, base, offset);
}

/** The place at a base and an index register, of which a negative one is not followed. */
static struct operand indexed(uint32_t word, struct insn *out, struct arm_source index,
                              uint8_t width)
{
	unsigned base = word_field(word, 16, 4);

	if (moves_base(word))
		out->clobbers |= UINT64_C(1) << base;
	if (!arm_bit(word, 24))
		return arm_memory(out, base, 0, width);
	if (!arm_bit(word, 23))
		return (struct operand){ .kind = OPERAND_NONE };
	return arm_memory_indexed(out, base, index, width);
}

static void single_indexed(uint32_t word, struct insn *out)
{
	arm_transfer(out, loads(word), word_field(word, 12, 4),
	             indexed(word, out, shifted(word), single_width(word)));
}

/** A register and the one after it. */
static void dual(uint32_t word, struct insn *out, bool load, struct operand place)
{
	unsigned rt = word_field(word, 12, 4);

	arm_transfer(out, load, rt, place);
	place.value += 4;
	if (place.kind == OPERAND_MEMORY && rt + 1 < ARM_PC)
		arm_transfer(out, load, rt + 1, place);
}

/** Half words, signed bytes, and pairs of registers */
static void extra(uint32_t word, struct insn *out)
{
	enum { HALF = 1, SIGNED_BYTE_OR_LOAD_DUAL, SIGNED_HALF_OR_STORE_DUAL };
	uint32_t kind = word_field(word, 5, 2), base = word_field(word, 16, 4);
	bool is_dual = !loads(word) && kind != HALF;
	uint8_t width = is_dual ? 4 : kind == SIGNED_BYTE_OR_LOAD_DUAL ? 1 : 2;
	uint64_t offset = upwards(word, word_field(word, 8, 4) << 4 | word_field(word, 0, 4));
	struct operand place = arm_memory(out, base, displacement(word, offset), width);

	if (!arm_bit(word, 22))
		place = indexed(word, out, arm_plain(arm_register(word_field(word, 0, 4))), width);
	if (is_dual)
		dual(word, out, kind == SIGNED_BYTE_OR_LOAD_DUAL, place);
	else
		arm_transfer(out, loads(word), word_field(word, 12, 4), place);
	if (arm_bit(word, 22) && moves_base(word))
		arm_write_back(out, base, offset);
}

/** ldm and stm: the registers stand above or below the base, which may be before or among them. */
static void multiple(uint32_t word, struct insn *out)
{
	uint32_t list = word_field(word, 0, 16);
	bool before = arm_bit(word, 24), up = arm_bit(word, 23);
	uint64_t size = 0, first;

	for (unsigned reg = 0; reg < 16; reg++)
		size += arm_bit(list, reg) ? 4 : 0;
	first = up == before ? 4 : 0;
	arm_multiple(out, loads(word), word_field(word, 16, 4), list, up ? first : first - size,
	             arm_bit(word, 21) ? upwards(word, size) : 0);
}

/* ---- control flow --------------------------------------------------------------------------- */

static uint64_t branch_target(uint32_t word, const struct insn *out)
{
	return arm_pc(out) + 4 * sign_extended(word_field(word, 0, 24), 24);
}

static void b(uint32_t word, struct insn *out)
{
	bool always = word_field(word, 28, 4) == ALWAYS;

	arm_branch(out, always ? FLOW_JUMP : FLOW_BRANCH, branch_target(word, out));
	out->cond = arm_condition(word_field(word, 28, 4));
}

static void bl(uint32_t word, struct insn *out)
{
	arm_branch(out, FLOW_CALL, branch_target(word, out));
}

/** blx to T32: bit 24 is the half word. */
static void blx(uint32_t word, struct insn *out)
{
	arm_branch(out, FLOW_CALL, branch_target(word, out) + (arm_bit(word, 24) ? 2 : 0) + ARM_THUMB);
}

static void bx_register(uint32_t word, struct insn *out)
{
	arm_branch_register(out, FLOW_JUMP, word_field(word, 0, 4));
}

static void blx_register(uint32_t word, struct insn *out)
{
	arm_branch_register(out, FLOW_CALL, word_field(word, 0, 4));
}

/* ---- tables: one for each value of bits 27:25 ----------------------------------------------- */

enum {
	RD = ARM_AT_12, RT = ARM_AT_12, RN = ARM_AT_16, /* what the manual calls these fields */
	RT2 = ARM_NEXT_12, RD_MULTIPLY = ARM_AT_16, RD_LONG = ARM_AT_16 | ARM_AT_12,
};

static const struct arm_row register_rows[] = {
	/* Multiplications, exclusive loads and stores, half words: bits 7 and 4. */
	{ 0x0ff000f0, 0x00400090, RD_LONG, NULL },            /* umaal */
	{ 0x0f8000f0, 0x00800090, RD_LONG, NULL },            /* umull, umlal, smull, smlal */
	{ 0x0f0000f0, 0x00000090, RD_MULTIPLY, NULL },        /* mul, mla, mls */
	{ 0x0ff000f0, 0x01b00090, RT | RT2, NULL },           /* ldrexd, ldaexd */
	{ 0x0f0000f0, 0x01000090, RT, NULL },                 /* swp, ldrex, strex, lda, stl */
	{ 0x0e1000f0, 0x001000b0, RT, extra },                /* ldrh */
	{ 0x0e1000f0, 0x000000b0, 0, extra },                 /* strh */
	{ 0x0e1000d0, 0x001000d0, RT, extra },                /* ldrsb, ldrsh */
	{ 0x0e1000f0, 0x000000d0, RT | RT2, extra },          /* ldrd */
	{ 0x0e1000f0, 0x000000f0, 0, extra },                 /* strd */
	/* Comparisons that do not set flags are others. */
	{ 0x0fb000f0, 0x01000000, RD, NULL },                 /* mrs */
	{ 0x0fb000f0, 0x01200000, 0, NULL },                  /* msr */
	{ 0x0ff000f0, 0x01200010, 0, bx_register },
	{ 0x0ff000f0, 0x01600010, RD, NULL },                 /* clz */
	{ 0x0ff000f0, 0x01200020, 0, bx_register },           /* bxj */
	{ 0x0ff000f0, 0x01200030, ARM_R14, blx_register },
	{ 0x0f9000f0, 0x01000040, RD, NULL },                 /* crc32 */
	{ 0x0f9000f0, 0x01000050, RD, NULL },                 /* qadd ... qdsub */
	{ 0x0ff000f0, 0x01600060, 0, arm_end },               /* eret */
	{ 0x0fd000f0, 0x01000070, 0, arm_end },               /* hlt, bkpt */
	{ 0x0f9000f0, 0x01000070, 0, NULL },                  /* hvc, smc */
	{ 0x0ff00090, 0x01400080, RD_LONG, NULL },            /* smlal of half words */
	{ 0x0f900090, 0x01000080, RD_MULTIPLY, NULL },        /* smla, smlaw, smulw, smul */
	{ 0x0f900000, 0x01000000, RD, NULL },
	/* Data processing. */
	{ 0x0f900010, 0x01100000, 0, compute_shifted },       /* tst, teq, cmp, cmn */
	{ 0x0f900010, 0x01100010, 0, compute_unknown },
	{ 0x0e000010, 0x00000000, RD, compute_shifted },
	{ 0x0e000010, 0x00000010, RD, compute_unknown },
};

static const struct arm_row immediate_rows[] = {
	{ 0x0ff00000, 0x03000000, RD, movw },
	{ 0x0ff00000, 0x03400000, RD, movt },
	{ 0x0fb00000, 0x03200000, 0, NULL },                  /* msr, nop and other hints */
	{ 0x0f900000, 0x03100000, 0, compute_immediate },     /* tst, teq, cmp, cmn */
	{ 0x0e000000, 0x02000000, RD, compute_immediate },
};

static const struct arm_row single_rows[] = {
	{ 0x0e100000, 0x04100000, RT, single_immediate },
	{ 0x0e100000, 0x04000000, 0, single_immediate },
};

static const struct arm_row indexed_and_media_rows[] = {
	{ 0x0e100010, 0x06100000, RT, single_indexed },
	{ 0x0e100010, 0x06000000, 0, single_indexed },
	{ 0x0ff000f0, 0x07f000f0, 0, arm_end },               /* udf */
	{ 0x0ff00010, 0x07400010, RD_LONG, NULL },            /* smlald, smlsld */
	{ 0x0f800010, 0x07000010, RD_MULTIPLY, NULL },        /* smlad ... smmls, sdiv, udiv */
	{ 0x0ff000f0, 0x07800010, RD_MULTIPLY, NULL },        /* usad8, usada8 */
	{ 0x0fef0ff0, 0x06ef0070, RD, extend },               /* uxtb, uxth */
	{ 0x0e000010, 0x06000010, RD, NULL },
};

static const struct arm_row multiple_rows[] = {
	{ 0x0e000000, 0x08000000, 0, multiple },
};

static const struct arm_row branch_rows[] = {
	{ 0x0f000000, 0x0a000000, 0, b },
	{ 0x0f000000, 0x0b000000, ARM_R14, bl },
};

static const struct arm_row svc_rows[] = {
	{ 0x0f000000, 0x0f000000, ARM_R0, NULL },             /* svc: the kernel answers in r0 */
};

/** What has condition 15. */
static const struct arm_row other_rows[] = {
	{ 0x0f000000, 0x01000000, 0, NULL },                  /* cps, setend, setpan */
	{ 0x0e000000, 0x02000000, 0, NULL },                  /* SIMD */
	{ 0x0f100000, 0x04000000, 0, arm_structures },
	{ 0x0f100000, 0x04100000, 0, NULL },                  /* pli */
	{ 0x0f000000, 0x05000000, 0, NULL },                  /* pld, barriers */
	{ 0x0e000010, 0x06000000, 0, NULL },                  /* pli, pld */
	{ 0x0e500000, 0x08100000, RN, arm_end },              /* rfe */
	{ 0x0e500000, 0x08400000, 0, NULL },                  /* srs */
	{ 0x0e000000, 0x0a000000, ARM_R14, blx },
};

#define ROWS(table) { table, sizeof(table) / sizeof(table[0]) }

static const struct { const struct arm_row *rows; size_t count; } classes[8] = {
	ROWS(register_rows), ROWS(immediate_rows), ROWS(single_rows), ROWS(indexed_and_media_rows),
	ROWS(multiple_rows), ROWS(branch_rows), { NULL, 0 }, ROWS(svc_rows),
};

bool arm_decode_a32(struct bytes code, struct insn *out)
{
	const struct arm_row *rows = other_rows;
	size_t count = sizeof(other_rows) / sizeof(other_rows[0]);
	uint64_t value;
	uint32_t word, condition, class;

	if (out->address % 4 != 0 || !bytes_read(code, 0, 4, ORDER_LITTLE, &value))
		return false;
	word = (uint32_t)value;
	condition = word_field(word, 28, 4);
	class = word_field(word, 25, 3);
	out->length = 4;
	if (condition != OTHERS) {
		rows = classes[class].rows;
		count = classes[class].count;
	}
	if (!arm_decode_row(rows, count, word, out) &&
	    !arm_decode_row(arm_coprocessor_rows, arm_coprocessor_row_count, word, out))
		return false;
	out->conditional = condition < ALWAYS && out->flow != FLOW_BRANCH;
	return true;
}
