/* SPDX-License-Identifier: MIT */
/*
 * RV64: what an instruction does.
 *
 * An instruction is looked up in a table of masks; the first row that fits counts. The row says
 * where the operands stand, whether a general register is written, and what address arithmetic and
 * control flow make of it. A compressed instruction is another place for the operands of an
 * ordinary one, so that both have the same meanings.
 *
 * x0 reads as zero. Neither x0 nor x2, the stack pointer, is ever reported as written.
 */
#include "riscv64.h"

enum { ZERO = RISCV64_ZERO, RA = RISCV64_RA, SP = RISCV64_SP, T0 = RISCV64_T0, A0 = RISCV64_A0 };

/* ---- operands ------------------------------------------------------------------------------- */

/** Where a register stands: @width 5 at bit @at; 3 for one of x8 to x15; 0: it is x@at. */
struct place {
	uint8_t at, width;
};

/** @width bits from bit @at on that become the immediate's bits from @to on. */
struct piece {
	uint8_t at, width, to;
};

enum { PIECES_MAX = 8 };

struct format {
	struct place rd, rs1, rs2;
	uint8_t sign; /**< the immediate's highest bit where it is signed, or 0 */
	struct piece pieces[PIECES_MAX];
};

/** The operands of one instruction. */
struct fields {
	uint8_t rd, rs1, rs2;
	uint64_t imm;
	unsigned detail; /**< the row's */
};

/* The psABI manual's formats. Those of compressed instructions bear the names of their rows. */
static const struct format
	none = { .pieces = { { 0, 0, 0 } } },
	r_type = { { 7, 5 }, { 15, 5 }, { 20, 5 }, 0, { { 0, 0, 0 } } },
	i_type = { { 7, 5 }, { 15, 5 }, { 0, 0 }, 11, { { 20, 12, 0 } } },
	shift = { { 7, 5 }, { 15, 5 }, { 0, 0 }, 0, { { 20, 6, 0 } } },
	s_type = { { 0, 0 }, { 15, 5 }, { 20, 5 }, 11, { { 7, 5, 0 }, { 25, 7, 5 } } },
	b_type = { { 0, 0 }, { 15, 5 }, { 20, 5 }, 12,
	           { { 8, 4, 1 }, { 25, 6, 5 }, { 7, 1, 11 }, { 31, 1, 12 } } },
	u_type = { { 7, 5 }, { 0, 0 }, { 0, 0 }, 31, { { 12, 20, 12 } } },
	j_type = { { 7, 5 }, { 0, 0 }, { 0, 0 }, 20,
	           { { 21, 10, 1 }, { 20, 1, 11 }, { 12, 8, 12 }, { 31, 1, 20 } } },
	c_addi4spn = { { 2, 3 }, { SP, 0 }, { 0, 0 }, 0,
	               { { 11, 2, 4 }, { 7, 4, 6 }, { 6, 1, 2 }, { 5, 1, 3 } } },
	c_lw = { { 2, 3 }, { 7, 3 }, { 0, 0 }, 0, { { 10, 3, 3 }, { 6, 1, 2 }, { 5, 1, 6 } } },
	c_ld = { { 2, 3 }, { 7, 3 }, { 0, 0 }, 0, { { 10, 3, 3 }, { 5, 2, 6 } } },
	c_lbu = { { 2, 3 }, { 7, 3 }, { 0, 0 }, 0, { { 6, 1, 0 }, { 5, 1, 1 } } },
	c_lh = { { 2, 3 }, { 7, 3 }, { 0, 0 }, 0, { { 5, 1, 1 } } },
	c_sw = { { 0, 0 }, { 7, 3 }, { 2, 3 }, 0, { { 10, 3, 3 }, { 6, 1, 2 }, { 5, 1, 6 } } },
	c_sd = { { 0, 0 }, { 7, 3 }, { 2, 3 }, 0, { { 10, 3, 3 }, { 5, 2, 6 } } },
	c_sb = { { 0, 0 }, { 7, 3 }, { 2, 3 }, 0, { { 6, 1, 0 }, { 5, 1, 1 } } },
	c_sh = { { 0, 0 }, { 7, 3 }, { 2, 3 }, 0, { { 5, 1, 1 } } },
	c_addi = { { 7, 5 }, { 7, 5 }, { 0, 0 }, 5, { { 2, 5, 0 }, { 12, 1, 5 } } },
	c_li = { { 7, 5 }, { ZERO, 0 }, { 0, 0 }, 5, { { 2, 5, 0 }, { 12, 1, 5 } } },
	c_lui = { { 7, 5 }, { 0, 0 }, { 0, 0 }, 17, { { 2, 5, 12 }, { 12, 1, 17 } } },
	c_srli = { { 7, 3 }, { 7, 3 }, { 0, 0 }, 0, { { 2, 5, 0 }, { 12, 1, 5 } } },
	c_andi = { { 7, 3 }, { 7, 3 }, { 0, 0 }, 5, { { 2, 5, 0 }, { 12, 1, 5 } } },
	c_sub = { { 7, 3 }, { 7, 3 }, { 2, 3 }, 0, { { 0, 0, 0 } } },
	c_j = { { ZERO, 0 }, { 0, 0 }, { 0, 0 }, 11,
	        { { 3, 3, 1 }, { 11, 1, 4 }, { 2, 1, 5 }, { 7, 1, 6 }, { 6, 1, 7 }, { 9, 2, 8 },
	          { 8, 1, 10 }, { 12, 1, 11 } } },
	c_beqz = { { 0, 0 }, { 7, 3 }, { ZERO, 0 }, 8,
	           { { 3, 2, 1 }, { 2, 1, 5 }, { 5, 2, 6 }, { 10, 2, 3 }, { 12, 1, 8 } } },
	c_slli = { { 7, 5 }, { 7, 5 }, { 0, 0 }, 0, { { 2, 5, 0 }, { 12, 1, 5 } } },
	c_lwsp = { { 7, 5 }, { SP, 0 }, { 0, 0 }, 0, { { 4, 3, 2 }, { 12, 1, 5 }, { 2, 2, 6 } } },
	c_ldsp = { { 7, 5 }, { SP, 0 }, { 0, 0 }, 0, { { 5, 2, 3 }, { 12, 1, 5 }, { 2, 3, 6 } } },
	c_swsp = { { 0, 0 }, { SP, 0 }, { 2, 5 }, 0, { { 9, 4, 2 }, { 7, 2, 6 } } },
	c_sdsp = { { 0, 0 }, { SP, 0 }, { 2, 5 }, 0, { { 10, 3, 3 }, { 7, 3, 6 } } },
	c_jr = { { ZERO, 0 }, { 7, 5 }, { 0, 0 }, 0, { { 0, 0, 0 } } },
	c_jalr = { { RA, 0 }, { 7, 5 }, { 0, 0 }, 0, { { 0, 0, 0 } } },
	c_mv = { { 7, 5 }, { ZERO, 0 }, { 2, 5 }, 0, { { 0, 0, 0 } } },
	c_add = { { 7, 5 }, { 7, 5 }, { 2, 5 }, 0, { { 0, 0, 0 } } };

static uint8_t register_in(uint32_t word, struct place place)
{
	uint32_t number = word_field(word, place.at, place.width);

	return (uint8_t)(place.width == 0 ? place.at : place.width == 3 ? number + 8 : number);
}

static uint64_t immediate_in(uint32_t word, const struct format *format)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < PIECES_MAX && format->pieces[i].width > 0; i++) {
		const struct piece *piece = &format->pieces[i];
		value |= (uint64_t)word_field(word, piece->at, piece->width) << piece->to;
	}
	return format->sign ? sign_extended(value, format->sign + 1u) : value;
}

/* ---- effects -------------------------------------------------------------------------------- */

static struct operand constant(uint64_t value)
{
	return operand_const(value, 8);
}

static struct operand source(uint8_t reg, uint8_t width)
{
	return reg == ZERO ? operand_const(0, width) : operand_reg(reg, width);
}

static struct operand memory(const struct fields *f)
{
	return (struct operand){
		.kind = OPERAND_MEMORY, .width = (uint8_t)f->detail, .index = REG_NONE,
		.reg = f->rs1 == ZERO ? REG_NONE : f->rs1, .value = f->imm,
	};
}

/** The one effect of an instruction; to rd, unless it has none. */
static void effect(struct insn *out, enum effect_kind kind, uint8_t rd, struct operand a,
                   struct operand b)
{
	if (rd != ZERO && rd != SP)
		insn_add(out, kind, operand_reg(rd, 8), a, b);
}

static void move(struct insn *out, uint8_t rd, struct operand a)
{
	effect(out, EFFECT_MOVE, rd, a, operand_none());
}

/* ---- meanings ------------------------------------------------------------------------------- */

typedef void meaning(const struct fields *f, struct insn *out);

/** detail: the width in bytes */
static void load(const struct fields *f, struct insn *out)
{
	move(out, f->rd, memory(f));
}

/** detail: the width in bytes */
static void store(const struct fields *f, struct insn *out)
{
	insn_add(out, EFFECT_MOVE, memory(f), source(f->rs2, (uint8_t)f->detail), operand_none());
}

static void lui(const struct fields *f, struct insn *out)
{
	effect(out, EFFECT_PART, f->rd, constant(f->imm), operand_none());
}

static void auipc(const struct fields *f, struct insn *out)
{
	effect(out, EFFECT_PART, f->rd, constant(out->address + f->imm), operand_none());
}

/** An addition of 0 may be the lower part of an address. */
static void add_immediate(const struct fields *f, struct insn *out)
{
	if (f->rs1 == ZERO)
		move(out, f->rd, constant(f->imm));
	else
		effect(out, EFFECT_ADD, f->rd, source(f->rs1, 8), constant(f->imm));
}

/** addiw: li of a 32-bit number, and sext.w */
static void add_word(const struct fields *f, struct insn *out)
{
	struct operand number = constant(f->imm);

	number.width = 4;
	if (f->rs1 == ZERO)
		move(out, f->rd, constant(f->imm));
	else if (f->imm == 0)
		move(out, f->rd, source(f->rs1, 4));
	else
		effect(out, EFFECT_ADD, f->rd, source(f->rs1, 4), number);
}

static void add(const struct fields *f, struct insn *out)
{
	if (f->rs1 == ZERO || f->rs2 == ZERO)
		move(out, f->rd, source(f->rs1 == ZERO ? f->rs2 : f->rs1, 8));
	else
		effect(out, EFFECT_ADD, f->rd, source(f->rs1, 8), source(f->rs2, 8));
}

/** sub, slt, sltu; detail: the width in bytes */
static void subtract(const struct fields *f, struct insn *out)
{
	insn_compare(out, source(f->rs1, (uint8_t)f->detail), source(f->rs2, (uint8_t)f->detail));
}

/** slti, sltiu */
static void compare_immediate(const struct fields *f, struct insn *out)
{
	insn_compare(out, source(f->rs1, 8), constant(f->imm));
}

/** A zero-extension: zext.w, zext.h; detail: the width in bytes of what is left */
static void extend(const struct fields *f, struct insn *out)
{
	move(out, f->rd, source(f->rs1, (uint8_t)f->detail));
}

/** detail: of enum effect_kind */
static void compute(const struct fields *f, struct insn *out)
{
	effect(out, f->detail, f->rd, source(f->rs1, 8), source(f->rs2, 8));
}

/** detail: of enum effect_kind */
static void compute_immediate(const struct fields *f, struct insn *out)
{
	effect(out, f->detail, f->rd, source(f->rs1, 8), constant(f->imm));
}

static void zero_extend_byte(const struct fields *f, struct insn *out)
{
	effect(out, EFFECT_AND, f->rd, source(f->rs1, 8), constant(0xff));
}

/** beqi, bnei: compare with a small constant */
static void branch(const struct fields *f, struct insn *out)
{
	out->flow = FLOW_BRANCH;
	out->has_target = true;
	out->target = out->address + f->imm;
}

/** detail: of enum insn_cond */
static void branch_on_registers(const struct fields *f, struct insn *out)
{
	branch(f, out);
	out->cond = f->detail;
	insn_compare(out, source(f->rs1, 8), source(f->rs2, 8));
}

static void jal(const struct fields *f, struct insn *out)
{
	out->flow = f->rd == ZERO ? FLOW_JUMP : FLOW_CALL;
	out->has_target = true;
	out->target = out->address + f->imm;
}

/** A jump to x1 or x5 is a return: the calling convention's hint to the processor. */
static void jalr(const struct fields *f, struct insn *out)
{
	bool returns = f->rd == ZERO && (f->rs1 == RA || f->rs1 == T0);

	out->flow = returns ? FLOW_END : f->rd == ZERO ? FLOW_JUMP : FLOW_CALL;
	out->has_target = f->rs1 == ZERO;
	out->target = out->has_target ? f->imm : 0;
	if (returns || out->has_target)
		return;
	out->via = source(f->rs1, 8);
	out->via.value = f->imm;
}

static void end(const struct fields *f, struct insn *out)
{
	(void)f;
	out->flow = FLOW_END;
}

/* ---- the rows ------------------------------------------------------------------------------- */

/** The registers that a row writes. */
enum written {
	RD = 1 << 0,
	RD_NEXT = 1 << 1, /**< the register after it */
	RS1 = 1 << 2,
	RS2 = 1 << 3,
	SYSTEM = 1 << 4,  /**< what the kernel answers in: a0 */
};

struct row {
	uint32_t mask, bits; /**< the words that are @bits where @mask has ones */
	const struct format *format;
	unsigned writes;     /**< of enum written, or-ed */
	meaning *meaning;
	unsigned detail;     /**< for @meaning */
};

/* Only the rows that write a general register, branch, or have a meaning are here, and those that
 * must not be taken for one of these; the last row stands for the rest of the class. */

static const struct row load_rows[] = {
	{ 0x0000707f, 0x00000003, &i_type, RD, load, 1 }, /* lb */
	{ 0x0000707f, 0x00001003, &i_type, RD, load, 2 }, /* lh */
	{ 0x0000707f, 0x00002003, &i_type, RD, load, 4 }, /* lw */
	{ 0x0000707f, 0x00003003, &i_type, RD, load, 8 }, /* ld */
	{ 0x0000707f, 0x00004003, &i_type, RD, load, 1 }, /* lbu */
	{ 0x0000707f, 0x00005003, &i_type, RD, load, 2 }, /* lhu */
	{ 0x0000707f, 0x00006003, &i_type, RD, load, 4 }, /* lwu */
	{ 0, 0, &i_type, RD, NULL, 0 },
};

static const struct row store_rows[] = {
	{ 0x0000707f, 0x00000023, &s_type, 0, store, 1 }, /* sb */
	{ 0x0000707f, 0x00001023, &s_type, 0, store, 2 }, /* sh */
	{ 0x0000707f, 0x00002023, &s_type, 0, store, 4 }, /* sw */
	{ 0x0000707f, 0x00003023, &s_type, 0, store, 8 }, /* sd */
	{ 0, 0, &none, 0, NULL, 0 },
};

static const struct row immediate_rows[] = {
	{ 0x0000707f, 0x00000013, &i_type, RD, add_immediate, 0 },
	{ 0x0000707f, 0x00002013, &i_type, RD, compare_immediate, 0 }, /* slti */
	{ 0x0000707f, 0x00003013, &i_type, RD, compare_immediate, 0 }, /* sltiu */
	{ 0x0000707f, 0x00004013, &i_type, RD, compute_immediate, EFFECT_XOR },
	{ 0x0000707f, 0x00007013, &i_type, RD, compute_immediate, EFFECT_AND },
	{ 0xfc00707f, 0x00001013, &shift, RD, compute_immediate, EFFECT_LEFT },
	{ 0xfc00707f, 0x00005013, &shift, RD, compute_immediate, EFFECT_RIGHT },
	{ 0, 0, &i_type, RD, NULL, 0 },
};

static const struct row immediate_word_rows[] = {
	{ 0x0000707f, 0x0000001b, &i_type, RD, add_word, 0 },
	{ 0, 0, &i_type, RD, NULL, 0 },
};

static const struct row register_rows[] = {
	{ 0xfe00707f, 0x00000033, &r_type, RD, add, 0 },
	{ 0xfe00707f, 0x40000033, &r_type, RD, subtract, 8 },
	{ 0xfe00707f, 0x00002033, &r_type, RD, subtract, 8 }, /* slt */
	{ 0xfe00707f, 0x00003033, &r_type, RD, subtract, 8 }, /* sltu */
	{ 0xfe00707f, 0x00004033, &r_type, RD, compute, EFFECT_XOR },
	{ 0xfe00707f, 0x00007033, &r_type, RD, compute, EFFECT_AND },
	{ 0, 0, &r_type, RD, NULL, 0 },
};

static const struct row register_word_rows[] = {
	{ 0xfe00707f, 0x4000003b, &r_type, RD, subtract, 4 }, /* subw */
	{ 0xfff0707f, 0x0800003b, &r_type, RD, extend, 4 },   /* zext.w: add.uw with zero */
	{ 0xfff0707f, 0x0800403b, &r_type, RD, extend, 2 },   /* zext.h */
	{ 0, 0, &r_type, RD, NULL, 0 },
};

static const struct row branch_rows[] = {
	{ 0x0000707f, 0x00000063, &b_type, 0, branch_on_registers, COND_OTHER }, /* beq */
	{ 0x0000707f, 0x00001063, &b_type, 0, branch_on_registers, COND_OTHER }, /* bne */
	{ 0x0000707f, 0x00004063, &b_type, 0, branch_on_registers, COND_OTHER }, /* blt */
	{ 0x0000707f, 0x00005063, &b_type, 0, branch_on_registers, COND_OTHER }, /* bge */
	{ 0x0000707f, 0x00006063, &b_type, 0, branch_on_registers, COND_BELOW }, /* bltu */
	{ 0x0000707f, 0x00007063, &b_type, 0, branch_on_registers, COND_NOT_BELOW }, /* bgeu */
	{ 0, 0, &b_type, 0, branch, 0 }, /* beqi, bnei */
};

static const struct row system_rows[] = {
	{ 0xffffffff, 0x00000073, &none, SYSTEM, NULL, 0 }, /* ecall */
	{ 0xffffffff, 0x00100073, &none, 0, end, 0 },       /* ebreak */
	{ 0xffffffff, 0xc0001073, &none, 0, end, 0 },       /* unimp */
	{ 0xcfffffff, 0x00200073, &none, 0, end, 0 },       /* sret, mret */
	{ 0xffffffff, 0x70200073, &none, 0, end, 0 },       /* mnret */
	{ 0xffffffff, 0x7b200073, &none, 0, end, 0 },       /* dret */
	{ 0, 0, &r_type, RD, NULL, 0 },                     /* csrrw, hlv, mop... */
};

static const struct row float_rows[] = {
	{ 0xf800007f, 0xa0000053, &r_type, RD, NULL, 0 }, /* feq, flt, fle */
	{ 0xf800007f, 0xc0000053, &r_type, RD, NULL, 0 }, /* fcvt to an integer */
	{ 0xf800007f, 0xe0000053, &r_type, RD, NULL, 0 }, /* fmv to a general register, fclass */
	{ 0, 0, &none, 0, NULL, 0 },
};

static const struct row vector_rows[] = {
	{ 0x0000707f, 0x00007057, &r_type, RD, NULL, 0 }, /* vsetvl, vsetvli, vsetivli */
	{ 0xfc00707f, 0x40002057, &r_type, RD, NULL, 0 }, /* vmv.x.s, vcpop, vfirst */
	{ 0, 0, &none, 0, NULL, 0 },
};

static const struct row atomic_rows[] = {
	{ 0xf800707f, 0x2800402f, &r_type, RD | RD_NEXT, NULL, 0 }, /* amocas.q */
	{ 0, 0, &r_type, RD, NULL, 0 },
};

static const struct row lui_rows[] = { { 0, 0, &u_type, RD, lui, 0 } };
static const struct row auipc_rows[] = { { 0, 0, &u_type, RD, auipc, 0 } };
static const struct row jal_rows[] = { { 0, 0, &j_type, RD, jal, 0 } };
static const struct row jalr_rows[] = { { 0x0000707f, 0x00000067, &i_type, RD, jalr, 0 } };
static const struct row silent_rows[] = { { 0, 0, &none, 0, NULL, 0 } };
static const struct row custom_rows[] = { { 0, 0, &r_type, RD, NULL, 0 } };
/* T-Head's loads of pairs, and with a base that moves, are here. */
static const struct row custom_0_rows[] = { { 0, 0, &r_type, RD | RS1 | RS2, NULL, 0 } };

static const struct row quadrant_0_rows[] = {
	{ 0xffff, 0x0000, &none, 0, end, 0 }, /* c.unimp */
	{ 0xe003, 0x0000, &c_addi4spn, RD, add_immediate, 0 },
	{ 0xe003, 0x2000, &none, 0, NULL, 0 }, /* c.fld */
	{ 0xe003, 0x4000, &c_lw, RD, load, 4 },
	{ 0xe003, 0x6000, &c_ld, RD, load, 8 },
	{ 0xfc03, 0x8000, &c_lbu, RD, load, 1 },
	{ 0xfc03, 0x8400, &c_lh, RD, load, 2 }, /* and c.lhu */
	{ 0xfc03, 0x8800, &c_sb, 0, store, 1 },
	{ 0xfc43, 0x8c00, &c_sh, 0, store, 2 },
	{ 0xe003, 0xa000, &none, 0, NULL, 0 }, /* c.fsd */
	{ 0xe003, 0xc000, &c_sw, 0, store, 4 },
	{ 0xe003, 0xe000, &c_sd, 0, store, 8 },
};

static const struct row quadrant_1_rows[] = {
	{ 0xe003, 0x0001, &c_addi, RD, add_immediate, 0 },
	{ 0xe003, 0x2001, &c_addi, RD, add_word, 0 },
	{ 0xe003, 0x4001, &c_li, RD, add_immediate, 0 },
	{ 0xef83, 0x6101, &none, 0, NULL, 0 }, /* c.addi16sp */
	{ 0xf8ff, 0x6081, &none, 0, NULL, 0 }, /* c.mop, c.sspush, c.sspopchk */
	{ 0xe003, 0x6001, &c_lui, RD, lui, 0 },
	{ 0xec03, 0x8001, &c_srli, RD, compute_immediate, EFFECT_RIGHT },
	{ 0xec03, 0x8401, &c_srli, RD, NULL, 0 }, /* c.srai */
	{ 0xec03, 0x8801, &c_andi, RD, compute_immediate, EFFECT_AND },
	{ 0xfc63, 0x8c01, &c_sub, RD, subtract, 8 },
	{ 0xfc63, 0x8c21, &c_sub, RD, compute, EFFECT_XOR },
	{ 0xfc63, 0x8c61, &c_sub, RD, compute, EFFECT_AND },
	{ 0xfc63, 0x9c01, &c_sub, RD, subtract, 4 }, /* c.subw */
	{ 0xfc7f, 0x9c61, &c_sub, RD, zero_extend_byte, 0 },
	{ 0xfc7f, 0x9c69, &c_sub, RD, extend, 2 }, /* c.zext.h */
	{ 0xfc7f, 0x9c71, &c_sub, RD, extend, 4 }, /* c.zext.w */
	{ 0xec03, 0x8c01, &c_sub, RD, NULL, 0 },
	{ 0xe003, 0xa001, &c_j, 0, jal, 0 },
	{ 0xc003, 0xc001, &c_beqz, 0, branch_on_registers, COND_OTHER }, /* and c.bnez */
};

static const struct row quadrant_2_rows[] = {
	{ 0xe003, 0x0002, &c_slli, RD, compute_immediate, EFFECT_LEFT },
	{ 0xe003, 0x2002, &none, 0, NULL, 0 }, /* c.fldsp */
	{ 0xe003, 0x4002, &c_lwsp, RD, load, 4 },
	{ 0xe003, 0x6002, &c_ldsp, RD, load, 8 },
	{ 0xffff, 0x9002, &none, 0, end, 0 }, /* c.ebreak */
	{ 0xf07f, 0x8002, &c_jr, 0, jalr, 0 },
	{ 0xf07f, 0x9002, &c_jalr, RD, jalr, 0 },
	{ 0xf003, 0x8002, &c_mv, RD, add, 0 },
	{ 0xf003, 0x9002, &c_add, RD, add, 0 },
	{ 0xe003, 0xa002, &none, 0, NULL, 0 }, /* c.fsdsp */
	{ 0xe003, 0xc002, &c_swsp, 0, store, 4 },
	{ 0xe003, 0xe002, &c_sdsp, 0, store, 8 },
};

struct class {
	const struct row *rows;
	size_t count;
};

#define ROWS(table) { table, sizeof(table) / sizeof(table[0]) }

/* By the lowest two bits. */
static const struct class compressed[3] = {
	ROWS(quadrant_0_rows), ROWS(quadrant_1_rows), ROWS(quadrant_2_rows),
};

/* By bits 6:2, the major opcode. Where there is none, the instruction is reserved or longer. */
static const struct class classes[32] = {
	[0] = ROWS(load_rows),
	[1] = ROWS(silent_rows), /* loads to floating-point and vector registers */
	[2] = ROWS(custom_0_rows),
	[3] = ROWS(silent_rows), /* fence, cbo */
	[4] = ROWS(immediate_rows),
	[5] = ROWS(auipc_rows),
	[6] = ROWS(immediate_word_rows),
	[8] = ROWS(store_rows),
	[9] = ROWS(silent_rows),
	[10] = ROWS(custom_rows),
	[11] = ROWS(atomic_rows),
	[12] = ROWS(register_rows),
	[13] = ROWS(lui_rows),
	[14] = ROWS(register_word_rows),
	[16] = ROWS(silent_rows), /* fmadd, fmsub, fnmsub, fnmadd */
	[17] = ROWS(silent_rows),
	[18] = ROWS(silent_rows),
	[19] = ROWS(silent_rows),
	[20] = ROWS(float_rows),
	[21] = ROWS(vector_rows),
	[22] = ROWS(custom_rows),
	[24] = ROWS(branch_rows),
	[25] = ROWS(jalr_rows),
	[27] = ROWS(jal_rows),
	[28] = ROWS(system_rows),
	[29] = ROWS(silent_rows), /* vector cryptography */
	[30] = ROWS(custom_rows),
};

static const struct row *find_row(const struct class *class, uint32_t word)
{
	for (size_t i = 0; i < class->count; i++)
		if ((word & class->rows[i].mask) == class->rows[i].bits)
			return &class->rows[i];
	return NULL;
}

static uint64_t written_registers(const struct fields *f, unsigned writes)
{
	uint64_t out = 0;

	if (writes & (RD | RD_NEXT))
		out |= UINT64_C(1) << f->rd;
	if (writes & RD_NEXT)
		out |= UINT64_C(2) << f->rd;
	if (writes & RS1)
		out |= UINT64_C(1) << f->rs1;
	if (writes & RS2)
		out |= UINT64_C(1) << f->rs2;
	if (writes & SYSTEM)
		out |= UINT64_C(1) << A0;
	return out & ~(UINT64_C(1) << ZERO | UINT64_C(1) << SP) & UINT32_MAX;
}

static void decode_row(const struct row *row, uint32_t word, struct insn *out)
{
	const struct fields fields = {
		.rd = register_in(word, row->format->rd), .rs1 = register_in(word, row->format->rs1),
		.rs2 = register_in(word, row->format->rs2), .imm = immediate_in(word, row->format),
		.detail = row->detail,
	};

	out->clobbers = written_registers(&fields, row->writes);
	if (row->meaning)
		row->meaning(&fields, out);
	insn_settle(out);
}

bool riscv64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                    struct insn *out)
{
	const struct row *row;
	uint64_t word;
	bool whole;

	(void)context;
	if (address % 2 != 0 || !bytes_read(code, 0, 2, ORDER_LITTLE, &word))
		return false;
	whole = word_field((uint32_t)word, 0, 2) == 3;
	if (whole && !bytes_read(code, 0, 4, ORDER_LITTLE, &word))
		return false;
	row = find_row(whole ? &classes[word_field((uint32_t)word, 2, 5)] : &compressed[word & 3],
	               (uint32_t)word);
	if (!row)
		return false;
	*out = (struct insn){ .address = address, .length = whole ? 4 : 2 };
	decode_row(row, (uint32_t)word, out);
	return true;
}
