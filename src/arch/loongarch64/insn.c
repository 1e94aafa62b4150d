/* SPDX-License-Identifier: MIT */
/*
 * LoongArch64: what an instruction does.
 *
 * An instruction is looked up in a table of masks; the first row that fits counts. The row says
 * which general registers are written. Its function, where it has one, says what address arithmetic
 * and control flow make of the instruction.
 *
 * r0 reads as zero. Neither r0 nor r3, the stack pointer, is ever reported as written.
 */
#include "loongarch64.h"

enum { ZERO = LOONGARCH64_ZERO, RA = LOONGARCH64_RA, SP = LOONGARCH64_SP, A0 = LOONGARCH64_A0 };

/** The general registers that a row writes. */
enum written {
	RD = 1 << 0,     /**< bits 4:0 */
	RJ = 1 << 1,     /**< bits 9:5 */
	LINK = 1 << 2,   /**< ra */
	SYSTEM = 1 << 3, /**< what a system call loses: the result in a0, and the temporaries */
};

/** Instructions with the same shape. */
struct row {
	uint32_t mask, bits; /**< the words that are @bits where @mask has ones */
	unsigned writes;     /**< of enum written, or-ed */
	void (*meaning)(uint32_t word, unsigned detail, struct insn *out);
	unsigned detail;     /**< for @meaning */
};

/* ---- operands and effects ------------------------------------------------------------------- */

static uint64_t signed_field(uint32_t word, unsigned low, unsigned width)
{
	return sign_extended(word_field(word, low, width), width);
}

static uint8_t rd(uint32_t word)
{
	return (uint8_t)word_field(word, 0, 5);
}

static uint8_t rj(uint32_t word)
{
	return (uint8_t)word_field(word, 5, 5);
}

static uint8_t rk(uint32_t word)
{
	return (uint8_t)word_field(word, 10, 5);
}

static struct operand constant(uint64_t value)
{
	return operand_const(value, 8);
}

static struct operand source(uint8_t reg, unsigned width)
{
	return reg == ZERO ? operand_const(0, (uint8_t)width) : operand_reg(reg, (uint8_t)width);
}

/** The one effect of an instruction; to rd, unless it has none. */
static void effect(uint32_t word, struct insn *out, enum effect_kind kind, struct operand a,
                   struct operand b)
{
	if (rd(word) != ZERO && rd(word) != SP)
		insn_add(out, kind, operand_reg(rd(word), 8), a, b);
}

static void move(uint32_t word, struct insn *out, struct operand a)
{
	effect(word, out, EFFECT_MOVE, a, operand_none());
}

static void part(uint32_t word, struct insn *out, uint64_t value)
{
	effect(word, out, EFFECT_PART, constant(value), operand_none());
}

/** The bits @mask of rd become @value, the others those of @from. */
static void insert(uint32_t word, struct insn *out, uint8_t from, uint64_t mask, uint64_t value)
{
	effect(word, out, EFFECT_INSERT, source(from, 8), constant(value));
	if (out->effects[0].kind == EFFECT_INSERT)
		out->effects[0].dst.value = mask;
}

/* ---- addresses and constants ---------------------------------------------------------------- */

/** The 20 bits of pcaddi, lu12i.w and the like, shifted to the left. */
static uint64_t upper(uint32_t word, unsigned shift)
{
	return signed_field(word, 5, 20) << shift;
}

static void pcaddi(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	move(word, out, constant(out->address + upper(word, 2)));
}

static void pcalau12i(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	part(word, out, (out->address & ~UINT64_C(0xfff)) + upper(word, 12));
}

/** pcaddu12i, pcaddu18i; @shift: 12 or 18 */
static void pcaddu(uint32_t word, unsigned shift, struct insn *out)
{
	part(word, out, out->address + upper(word, shift));
}

static void lu12i(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	part(word, out, upper(word, 12));
}

static void lu32i(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	insert(word, out, rd(word), ~(uint64_t)UINT32_MAX, upper(word, 32));
}

static void lu52i(uint32_t word, unsigned detail, struct insn *out)
{
	uint64_t value = (uint64_t)word_field(word, 10, 12) << 52;

	(void)detail;
	if (rj(word) == ZERO)
		move(word, out, constant(value));
	else
		insert(word, out, rj(word), UINT64_C(0xfff) << 52, value);
}

/** With lower bits that lu12i.w has left empty it inserts them; it is an OR in any case. */
static void ori(uint32_t word, unsigned detail, struct insn *out)
{
	uint64_t value = word_field(word, 10, 12);

	(void)detail;
	if (rj(word) == ZERO)
		move(word, out, constant(value));
	else if (value == 0)
		effect(word, out, EFFECT_ADD, source(rj(word), 8), constant(0));
	else
		insert(word, out, rj(word), value, value);
}

/** An addition of 0 may be the lower part of an address. */
static void add_immediate(uint32_t word, unsigned detail, struct insn *out)
{
	uint64_t value = signed_field(word, 10, 12);

	(void)detail;
	if (rj(word) == ZERO)
		move(word, out, constant(value));
	else
		effect(word, out, EFFECT_ADD, source(rj(word), 8), constant(value));
}

/** addi.w: li.w, or a difference; with 0 a sign-extension */
static void add_word(uint32_t word, unsigned detail, struct insn *out)
{
	struct operand number = constant(signed_field(word, 10, 12));

	(void)detail;
	if (rj(word) == ZERO) {
		move(word, out, number);
	} else if (number.value == 0) {
		move(word, out, source(rj(word), 4));
	} else {
		number.width = 4;
		effect(word, out, EFFECT_ADD, source(rj(word), 4), number);
	}
}

/** add.d, and or: with zero it is a move */
static void add_registers(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	if (rj(word) == ZERO || rk(word) == ZERO)
		move(word, out, source(rj(word) == ZERO ? rk(word) : rj(word), 8));
	else
		effect(word, out, EFFECT_ADD, source(rj(word), 8), source(rk(word), 8));
}

static void or_registers(uint32_t word, unsigned detail, struct insn *out)
{
	if (rj(word) == ZERO || rk(word) == ZERO)
		add_registers(word, detail, out);
}

/** @width: bytes */
static void compare_registers(uint32_t word, unsigned width, struct insn *out)
{
	insn_compare(out, source(rj(word), width), source(rk(word), width));
}

static void compare_immediate(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	insn_compare(out, source(rj(word), 8), constant(signed_field(word, 10, 12)));
}

/** @kind: of enum effect_kind */
static void compute_registers(uint32_t word, unsigned kind, struct insn *out)
{
	effect(word, out, kind, source(rj(word), 8), source(rk(word), 8));
}

/** @kind: of enum effect_kind */
static void compute_immediate(uint32_t word, unsigned kind, struct insn *out)
{
	effect(word, out, kind, source(rj(word), 8), constant(word_field(word, 10, 12)));
}

/** @kind: of enum effect_kind */
static void shift(uint32_t word, unsigned kind, struct insn *out)
{
	effect(word, out, kind, source(rj(word), 8), constant(word_field(word, 10, 6)));
}

/** slli.w by 0 is the usual sign-extension. */
static void shift_word(uint32_t word, unsigned detail, struct insn *out)
{
	(void)detail;
	if (word_field(word, 10, 5) == 0)
		move(word, out, source(rj(word), 4));
}

/** bstrpick.d: bits msb:lsb; from bit 0 on they are a mask */
static void pick(uint32_t word, unsigned detail, struct insn *out)
{
	unsigned last = word_field(word, 16, 6);

	(void)detail;
	if (word_field(word, 10, 6) == 0)
		effect(word, out, EFFECT_AND, source(rj(word), 8),
		       constant((UINT64_C(2) << last) - 1));
}

/* ---- loads and stores ----------------------------------------------------------------------- */

static struct operand memory(uint32_t word, uint64_t displacement, unsigned width)
{
	return (struct operand){
		.kind = OPERAND_MEMORY, .width = (uint8_t)width, .index = REG_NONE,
		.reg = rj(word) == ZERO ? REG_NONE : rj(word), .value = displacement,
	};
}

static void load(uint32_t word, unsigned width, struct insn *out)
{
	move(word, out, memory(word, signed_field(word, 10, 12), width));
}

/** ldptr.w, ldptr.d */
static void load_pointer(uint32_t word, unsigned width, struct insn *out)
{
	move(word, out, memory(word, signed_field(word, 10, 14) << 2, width));
}

static void load_indexed(uint32_t word, unsigned width, struct insn *out)
{
	struct operand place = memory(word, 0, width);

	if (rk(word) != ZERO)
		place.index = rk(word);
	if (place.reg != REG_NONE)
		move(word, out, place);
}

static void store_at(uint32_t word, struct operand place, struct insn *out)
{
	insn_add(out, EFFECT_MOVE, place, source(rd(word), place.width), operand_none());
}

static void store(uint32_t word, unsigned width, struct insn *out)
{
	store_at(word, memory(word, signed_field(word, 10, 12), width), out);
}

/** stptr.w, stptr.d */
static void store_pointer(uint32_t word, unsigned width, struct insn *out)
{
	store_at(word, memory(word, signed_field(word, 10, 14) << 2, width), out);
}

/* ---- control flow --------------------------------------------------------------------------- */

static void go_to(struct insn *out, enum insn_flow flow, uint64_t words)
{
	out->flow = flow;
	out->has_target = true;
	out->target = out->address + 4 * words;
}

/** b and bl */
static void branch_always(uint32_t word, unsigned flow, struct insn *out)
{
	uint64_t words = (uint64_t)word_field(word, 0, 10) << 16 | word_field(word, 10, 16);

	go_to(out, flow, sign_extended(words, 26));
}

/** bceqz, bcnez */
static void branch_on_flag(uint32_t word, unsigned detail, struct insn *out)
{
	uint64_t words = (uint64_t)word_field(word, 0, 5) << 16 | word_field(word, 10, 16);

	(void)detail;
	go_to(out, FLOW_BRANCH, sign_extended(words, 21));
}

/** beqz, bnez */
static void branch_on_zero(uint32_t word, unsigned detail, struct insn *out)
{
	branch_on_flag(word, detail, out);
	insn_compare(out, source(rj(word), 8), constant(0));
}

/** @cond: of enum insn_cond */
static void branch_on_registers(uint32_t word, unsigned cond, struct insn *out)
{
	go_to(out, FLOW_BRANCH, signed_field(word, 10, 16));
	out->cond = cond;
	insn_compare(out, source(rj(word), 8), source(rd(word), 8));
}

/** A jump to ra is a return. */
static void jirl(uint32_t word, unsigned detail, struct insn *out)
{
	uint64_t offset = signed_field(word, 10, 16) << 2;

	(void)detail;
	out->flow = rd(word) != ZERO ? FLOW_CALL : rj(word) == RA ? FLOW_END : FLOW_JUMP;
	out->has_target = rj(word) == ZERO;
	out->target = out->has_target ? offset : 0;
	if (out->flow == FLOW_END || out->has_target)
		return;
	out->via = source(rj(word), 8);
	out->via.value = offset;
}

static void jump_somewhere(uint32_t word, unsigned detail, struct insn *out)
{
	(void)word;
	(void)detail;
	out->flow = FLOW_JUMP;
}

static void end(uint32_t word, unsigned detail, struct insn *out)
{
	(void)word;
	(void)detail;
	out->flow = FLOW_END;
}

/* ---- the rows ------------------------------------------------------------------------------- */

/*
 * By bits 31:26. Only the rows that write a general register, branch, or have a meaning are here, and
 * those that must not be taken for one of these; the last row stands for the rest of the class.
 */

static const struct row integer_rows[] = {
	{ 0xfffff800, 0x00006000, RD | RJ, NULL, 0 },                     /* rdtimel.w, rdtimeh.w */
	{ 0xfffffc00, 0x00006800, RD | RJ, NULL, 0 },                     /* rdtime.d */
	{ 0xffff8000, 0x00108000, RD, add_registers, 0 },                 /* add.d */
	{ 0xffff8000, 0x00110000, RD, compare_registers, 4 },             /* sub.w */
	{ 0xffff8000, 0x00118000, RD, compare_registers, 8 },             /* sub.d */
	{ 0xffff0000, 0x00120000, RD, compare_registers, 8 },             /* slt, sltu */
	{ 0xffff8000, 0x00148000, RD, compute_registers, EFFECT_AND },    /* and */
	{ 0xffff8000, 0x00150000, RD, or_registers, 0 },                  /* or */
	{ 0xffff8000, 0x00158000, RD, compute_registers, EFFECT_XOR },    /* xor */
	{ 0xffff8000, 0x002a0000, 0, end, 0 },                            /* break */
	{ 0xffff8000, 0x002b0000, SYSTEM, NULL, 0 },                      /* syscall */
	{ 0xffff8000, 0x00408000, RD, shift_word, 0 },                    /* slli.w */
	{ 0xffff0000, 0x00410000, RD, shift, EFFECT_LEFT },               /* slli.d */
	{ 0xffff0000, 0x00450000, RD, shift, EFFECT_RIGHT },              /* srli.d */
	{ 0xffc00000, 0x00c00000, RD, pick, 0 },                          /* bstrpick.d */
	{ 0xfffff000, 0x0114b000, RD, NULL, 0 },                          /* movfr2gr, movfrh2gr */
	{ 0xfffffc00, 0x0114c800, RD, NULL, 0 },                          /* movfcsr2gr */
	{ 0xfffffc00, 0x0114dc00, RD, NULL, 0 },                          /* movcf2gr */
	{ 0xff000000, 0x01000000, 0, NULL, 0 },                           /* floating point */
	{ 0xffc00000, 0x02000000, RD, compare_immediate, 0 },             /* slti */
	{ 0xffc00000, 0x02400000, RD, compare_immediate, 0 },             /* sltui */
	{ 0xffc00000, 0x02800000, RD, add_word, 0 },                      /* addi.w */
	{ 0xffc00000, 0x02c00000, RD, add_immediate, 0 },                 /* addi.d */
	{ 0xffc00000, 0x03000000, RD, lu52i, 0 },
	{ 0xffc00000, 0x03400000, RD, compute_immediate, EFFECT_AND },    /* andi */
	{ 0xffc00000, 0x03800000, RD, ori, 0 },
	{ 0xffc00000, 0x03c00000, RD, compute_immediate, EFFECT_XOR },    /* xori */
	{ 0x00000000, 0x00000000, RD, NULL, 0 },
};

static const struct row privileged_rows[] = {
	{ 0xfffffc00, 0x06483800, 0, end, 0 }, /* ertn */
	{ 0x00000000, 0x00000000, RD, NULL, 0 },
};

static const struct row upper_rows[] = {
	{ 0xfe000000, 0x14000000, RD, lu12i, 0 },
	{ 0xfe000000, 0x16000000, RD, lu32i, 0 },
	{ 0xfe000000, 0x18000000, RD, pcaddi, 0 },
	{ 0xfe000000, 0x1a000000, RD, pcalau12i, 0 },
	{ 0xfe000000, 0x1c000000, RD, pcaddu, 12 },
	{ 0xfe000000, 0x1e000000, RD, pcaddu, 18 },
	{ 0x00000000, 0x00000000, RD, NULL, 0 }, /* addu16i.d */
};

static const struct row pointer_rows[] = {
	{ 0xff000000, 0x24000000, RD, load_pointer, 4 },
	{ 0xff000000, 0x25000000, 0, store_pointer, 4 },
	{ 0xff000000, 0x26000000, RD, load_pointer, 8 },
	{ 0xff000000, 0x27000000, 0, store_pointer, 8 },
	{ 0x00000000, 0x00000000, RD, NULL, 0 }, /* ll, sc */
};

static const struct row memory_rows[] = {
	{ 0xffc00000, 0x28000000, RD, load, 1 },
	{ 0xffc00000, 0x28400000, RD, load, 2 },
	{ 0xffc00000, 0x28800000, RD, load, 4 },
	{ 0xffc00000, 0x28c00000, RD, load, 8 },
	{ 0xffc00000, 0x29000000, 0, store, 1 },
	{ 0xffc00000, 0x29400000, 0, store, 2 },
	{ 0xffc00000, 0x29800000, 0, store, 4 },
	{ 0xffc00000, 0x29c00000, 0, store, 8 },
	{ 0xffc00000, 0x2a000000, RD, load, 1 }, /* ld.bu */
	{ 0xffc00000, 0x2a400000, RD, load, 2 },
	{ 0xffc00000, 0x2a800000, RD, load, 4 },
	{ 0xff000000, 0x2e000000, RD, NULL, 0 }, /* ldl, ldr */
	{ 0x00000000, 0x00000000, 0, NULL, 0 },  /* preld; to and from other registers; stl, str */
};

static const struct row indexed_rows[] = {
	{ 0xffff8000, 0x38000000, RD, load_indexed, 1 },
	{ 0xffff8000, 0x38040000, RD, load_indexed, 2 },
	{ 0xffff8000, 0x38080000, RD, load_indexed, 4 },
	{ 0xffff8000, 0x380c0000, RD, load_indexed, 8 },
	{ 0xfff00000, 0x38100000, 0, NULL, 0 }, /* stx */
	{ 0xffff8000, 0x38200000, RD, load_indexed, 1 }, /* ldx.bu */
	{ 0xffff8000, 0x38240000, RD, load_indexed, 2 },
	{ 0xffff8000, 0x38280000, RD, load_indexed, 4 },
	{ 0xffff8000, 0x382c0000, 0, NULL, 0 }, /* preldx */
	{ 0xfff00000, 0x38300000, 0, NULL, 0 }, /* fldx, fstx */
	{ 0xfff00000, 0x38400000, 0, NULL, 0 }, /* vldx, vstx, xvldx, xvstx */
	{ 0xffff0000, 0x38720000, 0, NULL, 0 }, /* dbar, ibar */
	{ 0x00000000, 0x00000000, RD, NULL, 0 }, /* atomic, bounds checked */
};

/* Of the vector instructions a few take an element to a general register. */
static const struct row vector_rows[] = {
	{ 0xfff80000, 0x72e80000, RD, NULL, 0 }, /* vpickve2gr.b ... .d */
	{ 0xfff80000, 0x72f00000, RD, NULL, 0 }, /* vpickve2gr.bu ... .du */
	{ 0xfff80000, 0x76e80000, RD, NULL, 0 }, /* xvpickve2gr.w, .d */
	{ 0xfff80000, 0x76f00000, RD, NULL, 0 }, /* xvpickve2gr.wu, .du */
	{ 0x00000000, 0x00000000, 0, NULL, 0 },
};

static const struct row silent_rows[] = {
	{ 0x00000000, 0x00000000, 0, NULL, 0 },
};

static const struct row zero_rows[] = {
	{ 0x00000000, 0x00000000, 0, branch_on_zero, 0 },
};

static const struct row flag_rows[] = {
	{ 0x00000200, 0x00000000, 0, branch_on_flag, 0 },
	{ 0x00000200, 0x00000200, 0, jump_somewhere, 0 }, /* jiscr0, jiscr1 */
};

static const struct row jirl_rows[] = { { 0, 0, RD, jirl, 0 } };
static const struct row b_rows[] = { { 0, 0, 0, branch_always, FLOW_JUMP } };
static const struct row bl_rows[] = { { 0, 0, LINK, branch_always, FLOW_CALL } };
static const struct row equal_rows[] = { { 0, 0, 0, branch_on_registers, COND_OTHER } };
static const struct row below_rows[] = { { 0, 0, 0, branch_on_registers, COND_BELOW } };
static const struct row not_below_rows[] = { { 0, 0, 0, branch_on_registers, COND_NOT_BELOW } };

#define ROWS(table) { table, sizeof(table) / sizeof(table[0]) }

static const struct {
	const struct row *rows;
	size_t count;
} classes[64] = {
	[0x00] = ROWS(integer_rows),
	[0x01] = ROWS(privileged_rows),
	[0x02] = ROWS(silent_rows), /* fmadd, vfmadd, fcmp, fsel, vshuf */
	[0x03] = ROWS(silent_rows),
	[0x04] = ROWS(upper_rows),
	[0x05] = ROWS(upper_rows),
	[0x06] = ROWS(upper_rows),
	[0x07] = ROWS(upper_rows),
	[0x08] = ROWS(pointer_rows),
	[0x09] = ROWS(pointer_rows),
	[0x0a] = ROWS(memory_rows),
	[0x0b] = ROWS(memory_rows),
	[0x0c] = ROWS(silent_rows), /* vldrepl, vstelm */
	[0x0d] = ROWS(silent_rows),
	[0x0e] = ROWS(indexed_rows),
	[0x10] = ROWS(zero_rows),
	[0x11] = ROWS(zero_rows),
	[0x12] = ROWS(flag_rows),
	[0x13] = ROWS(jirl_rows),
	[0x14] = ROWS(b_rows),
	[0x15] = ROWS(bl_rows),
	[0x16] = ROWS(equal_rows),
	[0x17] = ROWS(equal_rows),
	[0x18] = ROWS(equal_rows), /* blt */
	[0x19] = ROWS(equal_rows), /* bge */
	[0x1a] = ROWS(below_rows),
	[0x1b] = ROWS(not_below_rows),
	[0x1c] = ROWS(vector_rows),
	[0x1d] = ROWS(vector_rows),
};

/** The row of an instruction, or NULL: in a class without instructions. */
static const struct row *find_row(uint32_t word)
{
	uint32_t class = word_field(word, 26, 6);

	for (size_t i = 0; i < classes[class].count; i++) {
		const struct row *row = &classes[class].rows[i];
		if ((word & row->mask) == row->bits)
			return row;
	}
	return NULL;
}

static uint64_t written_registers(uint32_t word, unsigned writes)
{
	uint64_t out = 0;

	if (writes & RD)
		out |= UINT64_C(1) << rd(word);
	if (writes & RJ)
		out |= UINT64_C(1) << rj(word);
	if (writes & LINK)
		out |= UINT64_C(1) << RA;
	if (writes & SYSTEM)
		out |= UINT64_C(1) << A0 | LOONGARCH64_TEMPORARIES;
	return out & ~(UINT64_C(1) << ZERO | UINT64_C(1) << SP);
}

bool loongarch64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                        struct insn *out)
{
	const struct row *row;
	uint64_t value;
	uint32_t word;

	(void)context;
	if (address % 4 != 0 || !bytes_read(code, 0, 4, ORDER_LITTLE, &value))
		return false;
	word = (uint32_t)value;
	row = find_row(word);
	if (!row)
		return false;
	*out = (struct insn){ .address = address, .length = 4 };
	out->clobbers = written_registers(word, row->writes);
	if (row->meaning)
		row->meaning(word, row->detail, out);
	insn_settle(out);
	return true;
}
