/* SPDX-License-Identifier: MIT */
/*
 * The Power ISA (3.1C, and what older and embedded processors have): what an instruction does.
 *
 * An instruction is looked up in a table of masks; the first row that fits counts. The row says
 * which general registers are written; its function, where it has one, what address arithmetic and
 * control flow make of the instruction. What no row fits writes no general register.
 *
 * The stack pointer is never reported as written: a stack slot is named by the displacement that
 * the instruction holds.
 */
#include "power.h"

/** The registers that a row writes. */
enum written {
	RT = 1 << 0,      /**< bits 25:21 */
	RA = 1 << 1,      /**< bits 20:16 */
	RT_NEXT = 1 << 2, /**< the register after RT */
	RT_LAST = 1 << 3, /**< RT and all behind it */
	ALL = 1 << 4,     /**< every one: their number stands in a register */
	KERNEL = 1 << 5,  /**< what Linux leaves unknown */
};

/** One instruction, and what its meaning depends on. */
struct code {
	struct power power;
	uint32_t word;   /**< of a prefixed instruction the second one */
	uint32_t prefix; /**< 0: it has none */
};

typedef void meaning(const struct code *code, struct insn *out);

/** Instructions with the same shape. */
struct row {
	uint32_t mask, bits; /**< the words that are @bits where @mask has ones */
	unsigned writes;     /**< of enum written, or-ed */
	meaning *meaning;
};

static uint32_t field(const struct code *code, unsigned low, unsigned width)
{
	return word_field(code->word, low, width);
}

static bool bit(const struct code *code, unsigned n)
{
	return field(code, n, 1) != 0;
}

/* ---- operands and effects ------------------------------------------------------------------- */

static uint64_t wrapped(const struct code *code, uint64_t value)
{
	return code->power.word == 4 ? value & UINT32_MAX : value;
}

static struct operand constant(const struct code *code, uint64_t value)
{
	return operand_const(value, code->power.word);
}

static struct operand reg(const struct code *code, uint8_t number)
{
	return operand_reg(number, code->power.word);
}

static struct operand rt(const struct code *code)
{
	return reg(code, power_rt(code->word));
}

static struct operand ra(const struct code *code)
{
	return reg(code, power_ra(code->word));
}

static struct operand rb(const struct code *code)
{
	return reg(code, power_rb(code->word));
}

/** The value of the base in the field RA, where the instruction itself tells it. */
static bool known_base(const struct code *code, const struct insn *insn, uint64_t *out)
{
	uint8_t base = power_ra(code->word);

	*out = 0;
	if (code->prefix != 0 && power_is_relative(code->prefix))
		*out = insn->address;
	else if (base == POWER_TOC && code->power.toc != 0)
		*out = code->power.toc;
	else
		return base == 0;
	return true;
}

/** The displacement or immediate number; of a prefixed instruction it has 34 bits. */
static uint64_t displacement(const struct code *code)
{
	uint64_t low = field(code, 0, 16);

	if (code->prefix == 0)
		return sign_extended(low, 16);
	return sign_extended((uint64_t)word_field(code->prefix, 0, 18) << 16 | low, 34);
}

/** The memory at the base plus @distance. */
static struct operand memory(const struct code *code, const struct insn *insn, uint64_t distance,
                             uint8_t width)
{
	uint64_t base;
	bool known = known_base(code, insn, &base);

	return (struct operand){
		.kind = OPERAND_MEMORY, .width = width, .index = REG_NONE,
		.reg = known ? REG_NONE : power_ra(code->word), .value = base + distance,
	};
}

/** The memory at the base plus the register in the field RB. */
static struct operand indexed(const struct code *code, uint8_t width)
{
	bool based = power_ra(code->word) != 0;

	return (struct operand){
		.kind = OPERAND_MEMORY, .width = width,
		.reg = based ? power_ra(code->word) : power_rb(code->word),
		.index = based ? power_rb(code->word) : REG_NONE,
	};
}

/** Adds an effect, unless it only writes the stack pointer. */
static void effect(struct insn *out, enum effect_kind kind, struct operand dst, struct operand a,
                   struct operand b)
{
	insn_add_but(out, POWER_SP, kind, dst, a, b);
}

static void move(struct insn *out, struct operand dst, struct operand a)
{
	effect(out, EFFECT_MOVE, dst, a, operand_none());
}

/* ---- control flow --------------------------------------------------------------------------- */

/* BO, in the place of RT: when a branch is taken. BI, in that of RA: which flag it looks at. */
enum { BO_TRUE = 8, BO_NO_CTR = 4, BO_NO_FLAG = 16, BO_ALWAYS = BO_NO_CTR | BO_NO_FLAG };
enum { BI_SUMMARY_OF_7 = 31 };

static void end(const struct code *code, struct insn *out)
{
	(void)code;
	out->flow = FLOW_END;
}

/** Whether the instruction's bit LK sets LR to the address behind it. */
static bool links(const struct code *code)
{
	return bit(code, 0);
}

static void branch_to(const struct code *code, struct insn *out, enum insn_flow flow,
                      uint64_t distance)
{
	bool absolute = bit(code, 1);

	out->flow = flow;
	out->has_target = true;
	out->target = wrapped(code, absolute ? distance : out->address + distance);
}

static void note_link(const struct code *code, struct insn *out)
{
	if (links(code))
		out->clobbers |= UINT64_C(1) << POWER_LR;
}

/** b, bl */
static void branch(const struct code *code, struct insn *out)
{
	branch_to(code, out, links(code) ? FLOW_CALL : FLOW_JUMP,
	          sign_extended(code->word & 0x03fffffc, 26));
	note_link(code, out);
}

/** What BO and BI say of a comparison of unsigned numbers. */
static enum insn_cond condition(const struct code *code)
{
	static const enum insn_cond conditions[4][2] = {
		{ COND_NOT_BELOW, COND_BELOW },
		{ COND_NOT_ABOVE, COND_ABOVE },
	};
	uint8_t bo = power_rt(code->word);

	if ((bo & BO_ALWAYS) != BO_NO_CTR)
		return COND_OTHER;
	return conditions[power_ra(code->word) & 3][(bo & BO_TRUE) != 0];
}

/** Notes down what BO says of CTR; true when the branch is taken in any case. */
static bool is_unconditional(const struct code *code, struct insn *out)
{
	uint8_t bo = power_rt(code->word);

	if ((bo & BO_NO_CTR) == 0)
		out->clobbers |= UINT64_C(1) << POWER_CTR;
	return (bo & BO_ALWAYS) == BO_ALWAYS;
}

/** bcl 20,31 is no call: position-independent code learns by it where it is. */
static void take_address(const struct code *code, struct insn *out)
{
	uint64_t behind = out->address + out->length;

	move(out, reg(code, POWER_LR), constant(code, behind));
	if (out->target == wrapped(code, behind)) {
		out->flow = FLOW_NEXT;
		out->has_target = false;
		out->target = 0;
	}
}

/** What runs after a branch that may have a condition; @always is how it goes on without one. */
static void set_flow(const struct code *code, struct insn *out, enum insn_flow always)
{
	bool unconditional = is_unconditional(code, out);

	out->conditional = links(code) && !unconditional;
	out->flow = links(code) ? FLOW_CALL : unconditional ? always : FLOW_BRANCH;
	note_link(code, out);
}

/** bc, bcl */
static void branch_conditional(const struct code *code, struct insn *out)
{
	bool address = links(code) && power_rt(code->word) == BO_ALWAYS &&
	               power_ra(code->word) == BI_SUMMARY_OF_7;

	branch_to(code, out, FLOW_JUMP, sign_extended(code->word & 0xfffc, 16));
	out->cond = condition(code);
	if (address)
		take_address(code, out);
	else
		set_flow(code, out, FLOW_JUMP);
}

/** bclr: a return, unless it links */
static void branch_to_lr(const struct code *code, struct insn *out)
{
	set_flow(code, out, FLOW_END);
	if (links(code))
		out->via = reg(code, POWER_LR);
}

/** bcctr */
static void branch_to_ctr(const struct code *code, struct insn *out)
{
	set_flow(code, out, FLOW_JUMP);
	out->via = reg(code, POWER_CTR);
}

/** bctar: through a register that nothing else here knows */
static void branch_to_tar(const struct code *code, struct insn *out)
{
	set_flow(code, out, FLOW_JUMP);
}

/** tw, td, twi, tdi: TO, in the place of RT, has a bit for each outcome of a comparison. */
static void trap(const struct code *code, struct insn *out)
{
	enum { TO_ALWAYS = 31 };

	if (power_rt(code->word) == TO_ALWAYS)
		out->flow = FLOW_END;
}

/* ---- addresses, arithmetic, comparisons ------------------------------------------------------ */

/** @kind says what a sum with a known base is: an address, or a part of one. */
static void add_number(const struct code *code, struct insn *out, uint64_t number,
                       enum effect_kind kind)
{
	uint64_t base;

	if (power_rt(code->word) == POWER_TOC && code->power.toc != 0)
		return; /* it makes r2 what it is; what it was before does not matter */
	if (known_base(code, out, &base))
		effect(out, kind, rt(code), constant(code, base + number), operand_none());
	else
		effect(out, EFFECT_ADD, rt(code), ra(code), constant(code, number));
}

/** addi, li, paddi */
static void add_immediate(const struct code *code, struct insn *out)
{
	add_number(code, out, displacement(code), EFFECT_MOVE);
}

/** addis, lis */
static void add_shifted(const struct code *code, struct insn *out)
{
	add_number(code, out, displacement(code) << 16, EFFECT_PART);
}

/** addic, addic.: register 0 is one like the others */
static void add_carrying(const struct code *code, struct insn *out)
{
	effect(out, EFFECT_ADD, rt(code), ra(code), constant(code, displacement(code)));
}

static void add(const struct code *code, struct insn *out)
{
	effect(out, EFFECT_ADD, rt(code), ra(code), rb(code));
}

/** subf: the difference tells how they compare */
static void subtract(const struct code *code, struct insn *out)
{
	insn_compare(out, rb(code), ra(code));
}

/** The width of what a comparison looks at: bit L. */
static uint8_t compared_width(const struct code *code)
{
	return bit(code, 21) ? 8 : 4;
}

/** cmpi, cmpli */
static void compare_immediate(const struct code *code, struct insn *out)
{
	bool is_signed = bit(code, 26);
	uint8_t width = compared_width(code);
	uint64_t number = is_signed ? displacement(code) : field(code, 0, 16);

	insn_compare(out, operand_reg(power_ra(code->word), width), operand_const(number, width));
}

/** cmp, cmpl */
static void compare_registers(const struct code *code, struct insn *out)
{
	uint8_t width = compared_width(code);

	insn_compare(out, operand_reg(power_ra(code->word), width),
	        operand_reg(power_rb(code->word), width));
}

/* ---- bits: from RT into RA ------------------------------------------------------------------ */

/** The number of ori, xori, andi.; oris, xoris and andis. have it in the upper half. */
static uint64_t logical_number(const struct code *code)
{
	return (uint64_t)field(code, 0, 16) << (bit(code, 26) ? 16 : 0);
}

/** ori, oris: the bits that are ones replace what was there */
static void or_immediate(const struct code *code, struct insn *out)
{
	struct operand dst = ra(code), number = constant(code, logical_number(code));

	dst.value = number.value;
	if (number.value == 0)
		move(out, dst, rt(code)); /* nop: of r0 to r0 */
	else
		effect(out, EFFECT_INSERT, dst, rt(code), number);
}

static void xor_immediate(const struct code *code, struct insn *out)
{
	effect(out, EFFECT_XOR, ra(code), rt(code), constant(code, logical_number(code)));
}

static void and_number(const struct code *code, struct insn *out, uint64_t number)
{
	effect(out, EFFECT_AND, ra(code), rt(code), constant(code, number));
}

static void and_immediate(const struct code *code, struct insn *out)
{
	and_number(code, out, logical_number(code));
}

/** or: mr, when both are the same */
static void or_registers(const struct code *code, struct insn *out)
{
	if (power_rt(code->word) == power_rb(code->word))
		move(out, ra(code), rt(code));
}

/** extsw */
static void extend_word(const struct code *code, struct insn *out)
{
	move(out, ra(code), operand_reg(power_rt(code->word), 4));
}

static void shift(const struct code *code, struct insn *out, enum effect_kind kind, unsigned count)
{
	effect(out, kind, ra(code), rt(code), constant(code, count));
}

/** Ones from bit @first to bit @last of a word of 32 bits, as the manual counts them: bit 0 is the
 * sign. */
static uint64_t word_mask(unsigned first, unsigned last)
{
	return (UINT32_MAX >> first) & (UINT32_MAX << (31 - last));
}

/**
 * rlwinm: rotates to the left, and keeps the bits from MB to ME. In a register of 64 bits the
 * others come out as zeros, so that slwi and srwi there are no plain shifts.
 */
static void rotate_word(const struct code *code, struct insn *out)
{
	unsigned count = field(code, 11, 5), first = field(code, 6, 5), last = field(code, 1, 5);
	bool whole = code->power.word == 4;

	if (count == 0 && first <= last)
		and_number(code, out, word_mask(first, last));
	else if (whole && first == 0 && last == 31 - count)
		shift(code, out, EFFECT_LEFT, count);
	else if (whole && last == 31 && first == 32 - count)
		shift(code, out, EFFECT_RIGHT, 32 - count);
}

/** The counts of the 64-bit rotations have 6 bits, one of which stands apart. */
static unsigned rotation(const struct code *code)
{
	return field(code, 11, 5) | field(code, 1, 1) << 5;
}

static unsigned mask_edge(const struct code *code)
{
	return field(code, 6, 5) | field(code, 5, 1) << 5;
}

/** rldicl: clrldi (an extension by zeros), srdi */
static void rotate_clear_left(const struct code *code, struct insn *out)
{
	unsigned count = rotation(code), first = mask_edge(code);

	if (count == 0 && first == 32)
		move(out, ra(code), operand_reg(power_rt(code->word), 4));
	else if (count == 0)
		and_number(code, out, UINT64_MAX >> first);
	else if (first == 64 - count)
		shift(code, out, EFFECT_RIGHT, first);
}

/** rldicr: clrrdi, sldi */
static void rotate_clear_right(const struct code *code, struct insn *out)
{
	unsigned count = rotation(code), last = mask_edge(code);

	if (count == 0)
		and_number(code, out, UINT64_MAX << (63 - last));
	else if (last == 63 - count)
		shift(code, out, EFFECT_LEFT, count);
}

/* ---- special registers ---------------------------------------------------------------------- */

/** LR or CTR, by the number that mfspr and mtspr have in the place of RA. */
static struct operand special(const struct code *code)
{
	enum { SPR_LR = 8 };

	return reg(code, power_ra(code->word) == SPR_LR ? POWER_LR : POWER_CTR);
}

/** mflr, mfctr */
static void from_special(const struct code *code, struct insn *out)
{
	move(out, rt(code), special(code));
}

/** mtlr, mtctr */
static void to_special(const struct code *code, struct insn *out)
{
	move(out, special(code), rt(code));
}

/* ---- loads and stores ----------------------------------------------------------------------- */

/** What the number of an integer load or store says: lwz is 0, then by ones. */
enum { ACCESS_UPDATES = 1, ACCESS_BYTE = 2, ACCESS_STORES = 4, ACCESS_HALF = 8 };

static uint8_t access_width(uint32_t number)
{
	if (number & ACCESS_HALF)
		return 2;
	return number & ACCESS_BYTE ? 1 : 4;
}

static void transfer(const struct code *code, struct insn *out, bool stores, struct operand place)
{
	if (stores)
		move(out, place, rt(code));
	else
		move(out, rt(code), place);
}

/** The base register of an update form becomes the address. */
static void update(const struct code *code, struct insn *out, struct operand added)
{
	effect(out, EFFECT_ADD, ra(code), ra(code), added);
}

static void access(const struct code *code, struct insn *out, uint32_t number, uint8_t width,
                   uint64_t distance)
{
	transfer(code, out, number & ACCESS_STORES, memory(code, out, distance, width));
	if (number & ACCESS_UPDATES)
		update(code, out, constant(code, distance));
}

/** lwz ... sthu, and with a prefix plwz ... psth */
static void access_word(const struct code *code, struct insn *out)
{
	uint32_t number = power_opcode(code->word) - 32;

	access(code, out, number, access_width(number), displacement(code));
}

/** The displacement where the last two bits belong to the opcode. */
static uint64_t aligned_displacement(const struct code *code)
{
	return code->prefix != 0 ? displacement(code) : sign_extended(code->word & 0xfffc, 16);
}

/** ld, ldu, std, stdu; pld, pstd */
static void access_double(const struct code *code, struct insn *out)
{
	uint32_t updates = code->prefix == 0 && bit(code, 0) ? ACCESS_UPDATES : 0;

	access(code, out, updates | (bit(code, 28) ? ACCESS_STORES : 0), 8,
	       aligned_displacement(code));
}

/** lwa, plwa */
static void load_signed_word(const struct code *code, struct insn *out)
{
	access(code, out, 0, 4, aligned_displacement(code));
}

static void access_indexed(const struct code *code, struct insn *out, uint32_t number,
                           uint8_t width)
{
	transfer(code, out, number & ACCESS_STORES, indexed(code, width));
	if (number & ACCESS_UPDATES)
		update(code, out, rb(code));
}

/** lwzx ... sthux: the same numbers as those of the opcodes with a displacement */
static void access_word_indexed(const struct code *code, struct insn *out)
{
	uint32_t number = field(code, 6, 5);

	access_indexed(code, out, number, access_width(number));
}

/** ldx, ldux, stdx, stdux, lwax, lwaux */
static void access_double_indexed(const struct code *code, struct insn *out)
{
	uint32_t number = field(code, 6, 5);

	access_indexed(code, out, number, number & ACCESS_HALF ? 4 : 8);
}

/** lfsu, stfdu and the like: only the base register is a general one. */
static void update_only(const struct code *code, struct insn *out)
{
	update(code, out, constant(code, displacement(code)));
}

static void update_only_indexed(const struct code *code, struct insn *out)
{
	update(code, out, rb(code));
}

/** lswi: four bytes a register; r0 follows r31. */
static void load_string(const struct code *code, struct insn *out)
{
	unsigned bytes = power_rb(code->word) ? power_rb(code->word) : 32;

	for (unsigned i = 0; i < (bytes + 3) / 4; i++)
		out->clobbers |= UINT64_C(1) << (power_rt(code->word) + i) % 32;
}

/* ---- the tables ----------------------------------------------------------------------------- */

/* The primary opcode; extended opcodes in bits 10:1. */
#define OP(number) (UINT32_C(number) << 26)
#define X(number) (UINT32_C(number) << 1)

static const struct row rows[] = {
	/* Loads and stores. */
	{ OP(60), OP(32), RT, access_word },       /* lwz, lwzu, lbz, lbzu */
	{ OP(60), OP(36), 0, access_word },        /* stw, stwu, stb, stbu */
	{ OP(60), OP(40), RT, access_word },       /* lhz, lhzu, lha, lhau */
	{ OP(62), OP(44), 0, access_word },        /* sth, sthu */
	{ OP(63) | 2, OP(58), RT, access_double }, /* ld, ldu */
	{ OP(63) | 3, OP(58) | 2, RT, load_signed_word }, /* lwa */
	{ OP(63) | 2, OP(62), 0, access_double },  /* std, stdu */
	{ OP(63), OP(46), RT_LAST, NULL },         /* lmw */
	{ OP(63), OP(56), RT | RT_NEXT, NULL },    /* lq */
	{ OP(57), OP(49), 0, update_only },        /* lfsu, lfdu, stfsu, stfdu */
	/* Addresses, arithmetic, comparisons. */
	{ OP(63), OP(14), RT, add_immediate },
	{ OP(63), OP(15), RT, add_shifted },
	{ OP(62), OP(12), RT, add_carrying },      /* addic, addic. */
	{ OP(62), OP(10), 0, compare_immediate },  /* cmpli, cmpi */
	{ OP(63), OP(7), RT, NULL },               /* mulli */
	{ OP(63), OP(8), RT, NULL },               /* subfic */
	/* Bits. */
	{ OP(62), OP(24), RA, or_immediate },      /* ori, oris */
	{ OP(62), OP(26), RA, xor_immediate },     /* xori, xoris */
	{ OP(62), OP(28), RA, and_immediate },     /* andi., andis. */
	{ OP(63), OP(21), RA, rotate_word },       /* rlwinm */
	{ OP(60), OP(20), RA, NULL },              /* rlwimi, rlwnm */
	{ OP(63) | 0x1c, OP(30), RA, rotate_clear_left },      /* rldicl */
	{ OP(63) | 0x1c, OP(30) | 4, RA, rotate_clear_right }, /* rldicr */
	{ OP(63), OP(30), RA, NULL },
	/* Control flow. */
	{ OP(63), OP(18), 0, branch },
	{ OP(63), OP(16), 0, branch_conditional },
	{ OP(63) | X(1023), OP(19) | X(16), 0, branch_to_lr },
	{ OP(63) | X(1023), OP(19) | X(528), 0, branch_to_ctr },
	{ OP(63) | X(1023), OP(19) | X(560), 0, branch_to_tar },
	{ OP(63) | X(1023), OP(19) | X(18), 0, end },  /* rfid */
	{ OP(63) | X(1022), OP(19) | X(38), 0, end },  /* rfmci, rfdi */
	{ OP(63) | X(1022), OP(19) | X(50), 0, end },  /* rfi, rfci */
	{ OP(63) | X(1023), OP(19) | X(82), 0, end },  /* rfscv */
	{ OP(63) | X(1023), OP(19) | X(102), 0, end }, /* rfgi */
	{ OP(63) | X(1023), OP(19) | X(146), 0, end }, /* rfebb */
	{ OP(63) | X(1023), OP(19) | X(274), 0, end }, /* hrfid */
	{ OP(63) | X(31), OP(19) | X(2), RT, NULL },   /* addpcis */
	{ OP(63), OP(17), KERNEL, NULL },              /* sc, scv */
	{ OP(62), OP(2), 0, trap },                    /* tdi, twi */
	{ OP(63), OP(0), 0, end },                     /* reserved for good; attn */
	/* Vectors and floating point. */
	{ OP(63) | 0x3e, OP(4) | 0x30, RT, NULL },             /* maddhd, maddhdu */
	{ OP(63) | 0x3f, OP(4) | 0x33, RT, NULL },             /* maddld */
	{ OP(63) | 0x7ff, OP(4) | 0x4cc, RT, NULL },           /* vgnb */
	{ OP(63) | 0x63f, OP(4) | 0x60d, RT, NULL },           /* vextublx ... vextuwrx */
	{ OP(63) | 0x1e07ff, OP(4) | 0x602, RT, NULL },        /* vclzlsbb, vctzlsbb */
	{ OP(63) | 0x0807ff, OP(4) | 0x080642, RT, NULL },     /* vextractbm ..., vcntmbb ... */
	{ OP(63) | 0x1e07fc, OP(60) | 0x56c, RT, NULL },       /* xsxexpdp, xsxsigdp */
};

static const struct row rows_31[] = {
	/* What forms addresses, compares, and copies. */
	{ X(1023 & ~32), X(0), 0, compare_registers }, /* cmp, cmpl */
	{ X(511), X(40), RT, subtract },
	{ X(511), X(266), RT, add },
	{ X(1023), X(444), RA, or_registers },
	{ X(1023), X(986), RA, extend_word },
	{ 0x001efffe, 0x000802a6, RT, from_special },  /* mflr, mfctr */
	{ 0x001efffe, 0x000803a6, 0, to_special },     /* mtlr, mtctr */
	{ X(1023 & ~64), X(4), 0, trap },              /* tw, td */
	/* Loads and stores. */
	{ X(0x29f), X(23), RT, access_word_indexed },    /* lwzx ... lbzux, lhzx ... lhaux */
	{ X(0x29f), X(151), 0, access_word_indexed },    /* stwx ... stbux, sthx, sthux */
	{ X(0x33f), X(567), 0, update_only_indexed },    /* lfsux, lfdux, stfsux, stfdux */
	{ X(0x3df), X(21), RT, access_double_indexed },  /* ldx, ldux */
	{ X(0x3df), X(149), 0, access_double_indexed },  /* stdx, stdux */
	{ X(0x3df), X(341), RT, access_double_indexed }, /* lwax, lwaux */
	{ X(1023), X(533), ALL, NULL },                  /* lswx */
	{ X(1023), X(597), 0, load_string },
	{ X(0x39f), X(789), RT, NULL },                  /* lwzcix ... ldcix */
	{ X(1023), X(276), RT | RT_NEXT, NULL },         /* lqarx */
	{ X(0x39f), X(20), RT, NULL },                   /* lwarx, lbarx, ldarx, lharx */
	{ X(1023), X(532), RT, NULL },                   /* ldbrx */
	{ X(0x2ff), X(534), RT, NULL },                  /* lwbrx, lhbrx */
	{ X(1023), X(310), RT, NULL },                   /* eciwx */
	{ X(1023), X(29), RT, NULL },                    /* ldepx */
	{ X(0x29f), X(31), RT, NULL },                   /* lwepx, lbepx, lhepx */
	{ X(0x3df), X(582), RT, NULL },                  /* lwat, ldat */
	/* Arithmetic, and bits. */
	{ X(0x1c), X(8), RT, NULL },
	{ X(0x1f), X(15), RT, NULL }, /* isel */
	{ X(0x1c), X(24), RA, NULL },
	{ X(0x1f), X(28), RA, NULL },
	/* From special registers, flags and vectors. */
	{ X(1023), X(19), RT, NULL },        /* mfcr, mfocrf */
	{ X(1023), X(83), RT, NULL },        /* mfmsr */
	{ X(0x3bf), X(51), RA, NULL },       /* mfvsrd, mfvsrwz */
	{ X(1023), X(307), RA, NULL },       /* mfvsrld */
	{ X(1023), X(128), RT, NULL },       /* setb */
	{ X(0x39f), X(384), RT, NULL },      /* setbc ... setnbcr */
	{ X(0x3df), X(259), RT, NULL },      /* mfdcrx, mfdcrux */
	{ X(1023), X(323), RT, NULL },       /* mfdcr */
	{ X(1023), X(302), RT, NULL },       /* mfbhrbe */
	{ X(1023), X(334), RT, NULL },       /* mfpmr */
	{ X(0x3df), X(339), RT, NULL },      /* mfspr, mftb */
	{ X(1023), X(595), RT, NULL },       /* mfsr */
	{ X(1023), X(659), RT, NULL },       /* mfsrin */
	{ X(1023), X(755), RT, NULL },       /* darn */
	{ X(0x33f), X(787), RT, NULL },      /* slbmfev, slbmfee, slbfee. */
	{ X(0x3df), X(914), RT, NULL },      /* tlbsx, tlbre */
};

/* Prefixed instructions that load, store and add, by their second word: of type 0 and of type 2. */
static const struct row rows_8ls[] = {
	{ OP(63), OP(41), RT, load_signed_word },  /* plwa */
	{ OP(63), OP(57), RT, access_double },     /* pld */
	{ OP(63), OP(61), 0, access_double },      /* pstd */
	{ OP(63), OP(56), RT | RT_NEXT, NULL },    /* plq */
};

static const struct row rows_mls[] = {
	{ OP(63), OP(14), RT, add_immediate },     /* paddi */
	{ OP(61), OP(32), RT, access_word },       /* plwz, plbz */
	{ OP(61), OP(36), 0, access_word },        /* pstw, pstb */
	{ OP(61), OP(40), RT, access_word },       /* plhz, plha */
	{ OP(63), OP(44), 0, access_word },        /* psth */
};

/** The first row that fits, or NULL. */
static const struct row *find_row(const struct row *from, size_t count, uint32_t word)
{
	for (size_t i = 0; i < count; i++)
		if ((word & from[i].mask) == from[i].bits)
			return &from[i];
	return NULL;
}

#define FIND(table, word) find_row(table, sizeof(table) / sizeof((table)[0]), word)

static const struct row *row_of(const struct code *code)
{
	if (code->prefix == 0)
		return power_opcode(code->word) == 31 ? FIND(rows_31, code->word)
		                                      : FIND(rows, code->word);
	switch (word_field(code->prefix, 24, 2)) {
	case 0: return FIND(rows_8ls, code->word);
	case 2: return FIND(rows_mls, code->word);
	default: return NULL; /* register to register: vectors */
	}
}

/** Bits of the registers that a row writes. */
static uint64_t written_registers(const struct code *code, unsigned writes)
{
	uint64_t general = UINT32_MAX, one = UINT64_C(1) << power_rt(code->word), out = 0;

	if (writes & RT)
		out |= one;
	if (writes & RA)
		out |= UINT64_C(1) << power_ra(code->word);
	if (writes & RT_NEXT)
		out |= one << 1 & general;
	if (writes & RT_LAST)
		out |= general & ~(one - 1);
	if (writes & ALL)
		out |= general;
	if (writes & KERNEL)
		out |= POWER_CALLER_SAVED;
	return out;
}

static void describe(const struct code *code, struct insn *out)
{
	const struct row *row = row_of(code);

	if (row != NULL)
		out->clobbers = written_registers(code, row->writes);
	if (row != NULL && row->meaning != NULL)
		row->meaning(code, out);
	insn_settle(out);
	out->clobbers &= ~(UINT64_C(1) << POWER_SP);
}

bool power_decode(struct power power, struct bytes bytes, uint64_t address, struct insn *out)
{
	enum { PREFIXED = 1 };
	struct code code = { .power = power };
	uint64_t first, second = 0;
	bool prefixed;

	if (address % 4 != 0 || !bytes_read(bytes, 0, 4, power.order, &first))
		return false;
	prefixed = power_opcode((uint32_t)first) == PREFIXED;
	if (prefixed && !bytes_read(bytes, 4, 4, power.order, &second))
		return false;
	code.word = (uint32_t)(prefixed ? second : first);
	code.prefix = prefixed ? (uint32_t)first : 0;
	*out = (struct insn){ .address = address, .length = prefixed ? 8 : 4 };
	describe(&code, out);
	return true;
}
