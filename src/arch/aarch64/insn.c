/* SPDX-License-Identifier: MIT */
/*
 * AArch64: what an instruction does.
 *
 * An instruction is looked up in a table of masks; the first row that fits counts.
 * The row says which general registers are written. Its function, where it has one,
 * says what address arithmetic and control flow make of the instruction.
 *
 * Register 31 is sp in some operands and zero in the others. Neither is ever
 * reported as written: a stack slot is named by the offset that the instruction
 * holds, and what goes to the zero register is lost.
 */
#include "aarch64.h"

enum { SP = AARCH64_SP, ZERO = AARCH64_ZERO };

/** The general registers that a row writes, by the field that names them or by number. */
enum written {
	RD = 1 << 0,       /**< bits 4:0, Rd or Rt */
	RN = 1 << 1,       /**< bits 9:5 */
	RT2 = 1 << 2,      /**< bits 14:10 */
	RM = 1 << 3,       /**< bits 20:16, Rm or Rs */
	RD_NEXT = 1 << 4,  /**< the register after RD */
	RM_NEXT = 1 << 5,  /**< the register after RM */
	RD_EIGHT = 1 << 6, /**< RD and the seven registers after it */
	X0 = 1 << 7,
	X16 = 1 << 8,
	X17 = 1 << 9,
	X30 = 1 << 10,
};

/** Instructions with the same shape. */
struct row {
	uint32_t mask, bits; /**< the words that are @bits where @mask has ones */
	unsigned writes;     /**< of enum written, or-ed */
	void (*meaning)(uint32_t word, struct insn *out);
};

static uint64_t signed_field(uint32_t word, unsigned low, unsigned width)
{
	return sign_extended(word_field(word, low, width), width);
}

static bool bit(uint32_t word, unsigned n)
{
	return (word >> n & 1) != 0;
}

static uint8_t width_of(uint32_t word)
{
	return aarch64_width(word);
}

/** The register in the field at bit @low. 31 is sp as a source; as a destination it is dropped. */
static struct operand reg(uint32_t word, unsigned low, uint8_t width)
{
	return operand_reg((uint8_t)word_field(word, low, 5), width);
}

/** The register in the field at bit @low; 31 reads as zero. */
static struct operand reg_or_zero(uint32_t word, unsigned low, uint8_t width)
{
	if (word_field(word, low, 5) == ZERO)
		return operand_const(0, width);
	return reg(word, low, width);
}

/** The memory at the base register in bits 9:5. */
static struct operand memory(uint32_t word, uint64_t displacement, uint8_t width)
{
	return (struct operand){
		.kind = OPERAND_MEMORY,
		.width = width,
		.reg = (uint8_t)word_field(word, 5, 5),
		.index = REG_NONE,
		.value = displacement,
	};
}

/** Adds an effect, unless it only writes sp or the zero register. */
static void effect(struct insn *out, enum effect_kind kind, struct operand dst, struct operand a,
                   struct operand b)
{
	insn_add_but(out, SP, kind, dst, a, b);
}

static void move(struct insn *out, struct operand dst, struct operand a)
{
	effect(out, EFFECT_MOVE, dst, a, operand_none());
}

/* Control flow. */

static void branch_to(struct insn *out, enum insn_flow flow, uint64_t words)
{
	out->flow = flow;
	out->has_target = true;
	out->target = out->address + 4 * words;
}

/** b and bl */
static void branch_immediate(uint32_t word, struct insn *out)
{
	branch_to(out, bit(word, 31) ? FLOW_CALL : FLOW_JUMP, signed_field(word, 0, 26));
}

/** br and blr, and their authenticating forms */
static void branch_register(uint32_t word, struct insn *out)
{
	out->flow = bit(word, 21) ? FLOW_CALL : FLOW_JUMP;
	out->via = reg_or_zero(word, 5, 8);
}

/** b.cond and bc.cond */
static void branch_on_flags(uint32_t word, struct insn *out)
{
	static const enum insn_cond conditions[16] = {
		[2] = COND_NOT_BELOW,
		[3] = COND_BELOW,
		[8] = COND_ABOVE,
		[9] = COND_NOT_ABOVE,
	};

	branch_to(out, FLOW_BRANCH, signed_field(word, 5, 19));
	out->cond = conditions[word_field(word, 0, 4)];
}

/** cbz, cbnz, tbz, tbnz */
static void branch_on_bits(uint32_t word, struct insn *out)
{
	bool one_bit = bit(word, 25);

	branch_to(out, FLOW_BRANCH, signed_field(word, 5, one_bit ? 14 : 19));
}

/** cb<cc> of two registers: the comparison is its own, the flags stay as they are. */
static void branch_on_register(uint32_t word, struct insn *out)
{
	static const enum insn_cond conditions[8] = { [2] = COND_ABOVE, [3] = COND_NOT_BELOW };
	uint8_t width = width_of(word);

	if (bit(word, 15))
		width = bit(word, 14) ? 2 : 1;
	branch_to(out, FLOW_BRANCH, signed_field(word, 5, 9));
	out->cond = conditions[word_field(word, 21, 3)];
	insn_compare(out, reg_or_zero(word, 0, width), reg_or_zero(word, 16, width));
}

/** cb<cc> of a register and a constant */
static void branch_on_constant(uint32_t word, struct insn *out)
{
	static const enum insn_cond conditions[8] = { [2] = COND_ABOVE, [3] = COND_BELOW };
	uint8_t width = width_of(word);

	branch_to(out, FLOW_BRANCH, signed_field(word, 5, 9));
	out->cond = conditions[word_field(word, 21, 3)];
	insn_compare(out, reg_or_zero(word, 0, width), operand_const(word_field(word, 15, 6), width));
}

static void end(uint32_t word, struct insn *out)
{
	(void)word;
	out->flow = FLOW_END;
}

/* Addresses and constants. */

static uint64_t adr_field(uint32_t word)
{
	return signed_field(word, 5, 19) << 2 | word_field(word, 29, 2);
}

static void adr(uint32_t word, struct insn *out)
{
	move(out, reg(word, 0, 8), operand_const(out->address + adr_field(word), 8));
}

static void adrp(uint32_t word, struct insn *out)
{
	uint64_t page = (out->address >> 12) + adr_field(word);

	effect(out, EFFECT_PART, reg(word, 0, 8), operand_const(page << 12, 8), operand_none());
}

static uint64_t wide_constant(uint32_t word)
{
	return (uint64_t)word_field(word, 5, 16) << aarch64_wide_shift(word);
}

/** movz and movn */
static void move_wide(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);
	uint64_t value = bit(word, 30) ? wide_constant(word) : ~wide_constant(word);

	move(out, reg(word, 0, width), operand_const(value, width));
}

static void movk(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);
	struct operand dst = reg(word, 0, width);

	dst.value = UINT64_C(0xffff) << aarch64_wide_shift(word);
	effect(out, EFFECT_INSERT, dst, reg(word, 0, width),
	       operand_const(wide_constant(word), width));
}

/** The immediate of a logical instruction: a run of ones, rotated, and repeated to 64 bits. */
static bool bitmask_immediate(uint32_t word, uint64_t *out)
{
	uint32_t size = 64;
	uint32_t size_bits = word_field(word, 22, 1) << 6 | (~word_field(word, 10, 6) & 0x3f);

	while (size > 1 && (size_bits & size) == 0)
		size /= 2;
	uint32_t ones = (word_field(word, 10, 6) & (size - 1)) + 1;
	uint32_t rotation = word_field(word, 16, 6) & (size - 1);
	if (ones >= size)
		return false;
	*out = 0;
	for (uint32_t i = 0; i < 64; i++)
		if ((i + rotation) % size < ones)
			*out |= UINT64_C(1) << i;
	return true;
}

/** mov of a bitmask: orr with the zero register */
static void move_bitmask(uint32_t word, struct insn *out)
{
	uint64_t value;
	uint8_t width = width_of(word);

	if (bitmask_immediate(word, &value))
		move(out, reg(word, 0, width), operand_const(value, width));
}

/** mov between registers: orr with the zero register */
static void move_register(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);

	move(out, reg(word, 0, width), reg_or_zero(word, 16, width));
}

/* Add, subtract, compare. */

/** Of the 32-bit forms only the comparison is told: no address is formed in a W register. */
static void add_or_compare(uint32_t word, struct insn *out, struct operand a, struct operand b)
{
	bool subtract = bit(word, 30);
	bool flags = bit(word, 29);
	struct operand sum = b;

	if (subtract && (flags || b.kind == OPERAND_REG))
		insn_compare(out, a, b);
	if (subtract)
		sum.value = 0 - sum.value;
	if (width_of(word) == 8 && (!subtract || b.kind == OPERAND_CONST))
		effect(out, EFFECT_ADD, reg(word, 0, 8), a, sum);
}

static void add_immediate(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);
	uint64_t value = word_field(word, 10, 12) << (bit(word, 22) ? 12 : 0);

	add_or_compare(word, out, reg(word, 5, width), operand_const(value, width));
}

static void add_register(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);

	if (word_field(word, 10, 6) == 0)
		add_or_compare(word, out, reg_or_zero(word, 5, width),
		               reg_or_zero(word, 16, width));
}

/** uxtx and sxtx change nothing, and neither do uxtw and sxtw in a 32-bit operation. */
static void add_extended(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);
	uint32_t whole = width == 8 ? 3 : 2;

	if (word_field(word, 10, 3) == 0 && word_field(word, 13, 2) >= whole)
		add_or_compare(word, out, reg(word, 5, width), reg_or_zero(word, 16, width));
}

static void conditional_compare(uint32_t word, struct insn *out)
{
	uint8_t width = width_of(word);
	struct operand b = bit(word, 11) ? operand_const(word_field(word, 16, 5), width)
	                                 : reg_or_zero(word, 16, width);

	insn_compare(out, reg_or_zero(word, 5, width), b);
}

/* Loads and stores. */

/**
 * The register in the field at bit @low is loaded from @place, or stored there. Loads of
 * bytes and half words only clobber: they extend, where other machines' merge.
 */
static void transfer(uint32_t word, struct insn *out, bool load, unsigned low,
                     struct operand place)
{
	if (!load)
		move(out, place, reg_or_zero(word, low, place.width));
	else if (place.width >= 4)
		move(out, reg(word, low, place.width), place);
}

/** The new value of the base register after pre- and post-index addressing. */
static void write_back(uint32_t word, struct insn *out, uint64_t offset)
{
	effect(out, EFFECT_ADD, reg(word, 5, 8), reg(word, 5, 8), operand_const(offset, 8));
}

static uint8_t single_width(uint32_t word)
{
	return (uint8_t)(1u << word_field(word, 30, 2));
}

/** ldar, ldlar, ldapr */
static void load_ordered(uint32_t word, struct insn *out)
{
	transfer(word, out, true, 0, memory(word, 0, single_width(word)));
}

/** stlr, stllr */
static void store_ordered(uint32_t word, struct insn *out)
{
	transfer(word, out, false, 0, memory(word, 0, single_width(word)));
}

/** Whether an instruction that moves one register is a load. */
static bool single_loads(uint32_t word)
{
	return word_field(word, 22, 2) != 0;
}

/** One register, an unsigned scaled offset. */
static void single_scaled(uint32_t word, struct insn *out)
{
	uint8_t width = single_width(word);
	uint64_t offset = (uint64_t)word_field(word, 10, 12) * width;

	transfer(word, out, single_loads(word), 0, memory(word, offset, width));
}

/** One register, a signed unscaled offset. */
static void single_unscaled(uint32_t word, struct insn *out)
{
	struct operand place = memory(word, signed_field(word, 12, 9), single_width(word));

	transfer(word, out, single_loads(word), 0, place);
}

/** Pre- and post-index, of any register file. */
static void single_indexed(uint32_t word, struct insn *out)
{
	bool simd = bit(word, 26);
	bool pre = bit(word, 11);
	uint64_t offset = signed_field(word, 12, 9);
	struct operand place = memory(word, pre ? offset : 0, single_width(word));

	if (!simd)
		transfer(word, out, single_loads(word), 0, place);
	write_back(word, out, offset);
}

/** One register at base + index. A scaled or extended index is left out. */
static void single_register(uint32_t word, struct insn *out)
{
	bool whole = word_field(word, 13, 2) == 3;
	bool scaled = bit(word, 12) && word_field(word, 30, 2) != 0;
	struct operand place = memory(word, 0, single_width(word));

	if (!whole || scaled)
		return;
	if (word_field(word, 16, 5) != ZERO)
		place.index = (uint8_t)word_field(word, 16, 5);
	transfer(word, out, single_loads(word), 0, place);
}

/** ldr and ldrsw of a literal */
static void literal(uint32_t word, struct insn *out)
{
	struct operand place = {
		.kind = OPERAND_MEMORY,
		.width = word_field(word, 30, 2) == 1 ? 8 : 4,
		.reg = REG_NONE,
		.index = REG_NONE,
		.value = out->address + 4 * signed_field(word, 5, 19),
	};

	transfer(word, out, true, 0, place);
}

/** A pair of general registers: offset, post-index or pre-index. */
static void pair(uint32_t word, struct insn *out)
{
	enum { WORDS, MIXED, POST = 1, PRE = 3 };
	bool load = bit(word, 22);
	uint32_t mode = word_field(word, 23, 2);
	uint32_t size = word_field(word, 30, 2);
	bool granules = size == MIXED && !load; /* stgp; the load of this size is ldpsw */
	uint8_t width = size == WORDS || (size == MIXED && load) ? 4 : 8;
	uint64_t offset = signed_field(word, 15, 7) * (granules ? 16 : width);
	uint64_t first = mode == POST ? 0 : offset;

	transfer(word, out, load, 0, memory(word, first, width));
	transfer(word, out, load, 10, memory(word, first + width, width));
	if (mode == POST || mode == PRE)
		write_back(word, out, offset);
}

/** A pair of SIMD registers, post- or pre-index. */
static void pair_simd_indexed(uint32_t word, struct insn *out)
{
	uint32_t size = word_field(word, 30, 2);
	uint64_t width = size == 0 ? 4 : size == 1 ? 8 : 16;

	write_back(word, out, signed_field(word, 15, 7) * width);
}

/*
 * The tables, one for each class of bits 28:25. Only the rows that write a general
 * register, branch, or have a meaning are here, and those that must not be taken for
 * one of these; the last row stands for the rest of the class.
 */

static const struct row reserved_and_sme_rows[] = {
	{ 0xffff0000, 0x00000000, 0, end },   /* udf */
	{ 0xffff8fe0, 0xc04c03e0, RD, NULL }, /* movt from zt0 */
	{ 0x80000000, 0x80000000, 0, NULL },
};

static const struct row sve_rows[] = {
	{ 0xff30fc00, 0x0420e000, RD, NULL }, /* cntb, cnth, cntw, cntd */
	{ 0xff30f800, 0x0430e000, RD, NULL }, /* incb ... decd */
	{ 0xff20f000, 0x0420f000, RD, NULL }, /* sqincb ... uqdecd */
	{ 0xffa0f000, 0x04205000, RD, NULL }, /* addvl, addpl, addsvl, addspl */
	{ 0xfffff000, 0x04bf5000, RD, NULL }, /* rdvl, rdsvl */
	{ 0xff2ee000, 0x0520a000, RD, NULL }, /* lasta, lastb, clasta, clastb */
	{ 0xff38c000, 0x25208000, RD, NULL }, /* cntp, firstp, lastp */
	{ 0xff38f800, 0x25288800, RD, NULL }, /* incp ... uqdecp */
	{ 0x00000000, 0x00000000, 0, NULL },
};

static const struct row load_store_rows[] = {
	/* Exclusive, ordered, compare and swap. */
	{ 0x3fe00000, 0x08000000, RM, NULL },            /* stxr, stlxr */
	{ 0x3fe00000, 0x08400000, RD, NULL },            /* ldxr, ldaxr */
	{ 0xbfe00000, 0x88200000, RM, NULL },            /* stxp, stlxp */
	{ 0xbfe00000, 0x88600000, RD | RT2, NULL },      /* ldxp, ldaxp */
	{ 0xbfa00000, 0x08200000, RM | RM_NEXT, NULL },  /* casp */
	{ 0x3fe00000, 0x08800000, 0, store_ordered },    /* stlr, stllr */
	{ 0x3fe00000, 0x08c00000, RD, load_ordered },    /* ldar, ldlar */
	{ 0x3fa00000, 0x08a00000, RM, NULL },            /* cas */
	{ 0xbfe00000, 0x89000000, RM, NULL },            /* sttxr */
	{ 0xbfe00000, 0x89400000, RD, NULL },            /* ldtxr */
	{ 0xffa00000, 0xc9800000, RM, NULL },            /* cast */
	{ 0xffa00000, 0x49800000, RM | RM_NEXT, NULL },  /* caspt */
	/* Memory set and copy. */
	{ 0xfbe00c00, 0x19c00400, RD | RN, NULL },       /* setp, setm, sete, setg... */
	{ 0xffff0c00, 0x1ddf0000, RD | RN, NULL },       /* setgop, setgom, setgoe */
	{ 0xfb200c00, 0x19000400, RD | RN | RM, NULL },  /* cpyp, cpym, cpye, cpyf... */
	/* Atomic on pairs, read-check-write, unprivileged. */
	{ 0xbf20fc00, 0x19200800, RM, NULL },            /* rcwcas */
	{ 0xbf20fc00, 0x19200c00, RM | RM_NEXT, NULL },  /* rcwcasp */
	{ 0xbf200c00, 0x19200000, RD | RM, NULL },       /* ldclrp, ldsetp, swpp, rcw... */
	{ 0xbf200c00, 0x19200400, RD, NULL },            /* ldtadd, ldtclr, ldtset, swpt */
	/* Memory tags. */
	{ 0xffe00c00, 0xd9600000, RD, NULL },            /* ldg */
	{ 0xffe00c00, 0xd9e00000, RD, NULL },            /* ldgm */
	{ 0xff200400, 0xd9200400, RN, NULL },            /* stg, st2g..., post- or pre-index */
	/* Ordered with offset, index or pair. */
	{ 0xbfe0fc00, 0x99400800, RD | RM | RN, NULL },  /* ldiapp, post-index */
	{ 0xbfe0fc00, 0x99401800, RD | RM, NULL },       /* ldiapp */
	{ 0xffe0dc00, 0xd9405800, RD | RM, NULL },       /* ldap, ldapp */
	{ 0xbfe0fc00, 0x99000800, RN, NULL },            /* stilp, pre-index */
	{ 0xbfe0fc00, 0x99c00800, RD | RN, NULL },       /* ldapr, post-index */
	{ 0xbfe0fc00, 0x99800800, RN, NULL },            /* stlr, pre-index */
	{ 0x3fe00c00, 0x19000000, 0, single_unscaled },  /* stlur */
	{ 0x3f200c00, 0x19000000, RD, single_unscaled }, /* ldapur */
	/* Literals and pairs. */
	{ 0xff000000, 0xd8000000, 0, NULL },             /* prfm */
	{ 0x3f000000, 0x18000000, RD, literal },         /* ldr, ldrsw */
	{ 0x3e400000, 0x28000000, 0, pair },             /* stp, stnp, stgp, sttp */
	{ 0x3e400000, 0x28400000, RD | RT2, pair },      /* ldp, ldnp, ldpsw, ldtp */
	{ 0x3e800000, 0x2c800000, 0, pair_simd_indexed },
	/* One register. */
	{ 0xffc00000, 0xf9800000, 0, NULL },             /* prfm */
	{ 0x3fc00000, 0x39000000, 0, single_scaled },    /* str */
	{ 0x3f000000, 0x39000000, RD, single_scaled },   /* ldr */
	{ 0xffe00c00, 0xf8a00800, 0, NULL },             /* prfm, rprfm */
	{ 0x3fe00c00, 0x38200800, 0, single_register },  /* str */
	{ 0x3f200c00, 0x38200800, RD, single_register }, /* ldr */
	{ 0xffe00c00, 0xf8800000, 0, NULL },             /* prfum */
	{ 0x3fe00400, 0x38000000, 0, single_unscaled },  /* stur, sttr */
	{ 0x3f200400, 0x38000000, RD, single_unscaled }, /* ldur, ldtr */
	{ 0x3fe00400, 0x38000400, 0, single_indexed },   /* str */
	{ 0x3f200400, 0x38000400, RD, single_indexed },  /* ldr */
	{ 0x3f200400, 0x3c000400, 0, single_indexed },   /* SIMD */
	{ 0xff200c00, 0xf8200400, RD, NULL },            /* ldraa, ldrab */
	{ 0xff200c00, 0xf8200c00, RD | RN, NULL },       /* ldraa, ldrab, pre-index */
	/* Atomic. */
	{ 0xfffffc00, 0xf83f9000, 0, NULL },             /* st64b */
	{ 0xffe0ec00, 0xf820a000, RM, NULL },            /* st64bv, st64bv0 */
	{ 0xfffffc00, 0xf83fd000, RD_EIGHT, NULL },      /* ld64b */
	{ 0x3ffffc00, 0x38bfc000, RD, load_ordered },    /* ldapr */
	{ 0x3f200c00, 0x38200000, RD, NULL },            /* ldadd ... ldumin, swp, rcw... */
	/* SIMD structures. */
	{ 0xbe800000, 0x0c800000, RN, NULL },            /* ld1 ... st4, post-index */
	{ 0x00000000, 0x00000000, 0, NULL },
};

static const struct row register_rows[] = {
	{ 0x7fe0ffe0, 0x2a0003e0, RD, move_register },
	{ 0x1f200000, 0x0b000000, RD, add_register },
	{ 0x1fe00000, 0x0b200000, RD, add_extended },
	{ 0x7fe00410, 0x7a400000, 0, conditional_compare }, /* ccmp */
	{ 0x7fe00410, 0x3a400000, 0, NULL },                /* ccmn */
	{ 0xffe07c10, 0xba000400, 0, NULL },                /* rmif */
	{ 0xffffbc1f, 0x3a00080d, 0, NULL },                /* setf8, setf16 */
	{ 0xffffcbff, 0xdac18bfe, X17, NULL },              /* pacia171615 ... autib171615 */
	{ 0x00000000, 0x00000000, RD, NULL },
};

static const struct row simd_rows[] = {
	{ 0x7f26fc00, 0x1e200000, RD, NULL }, /* fcvtns ... fcvtzu */
	{ 0x7f3efc00, 0x1e240000, RD, NULL }, /* fcvtas, fcvtau */
	{ 0x7f3ffc00, 0x1e260000, RD, NULL }, /* fmov to a general register */
	{ 0x7f3ffc00, 0x1e2e0000, RD, NULL }, /* fmov from the upper half */
	{ 0x7f3ffc00, 0x1e3e0000, RD, NULL }, /* fjcvtzs */
	{ 0x7f3e0000, 0x1e180000, RD, NULL }, /* fcvtzs, fcvtzu, fixed point */
	{ 0xbfe0ec00, 0x0e002c00, RD, NULL }, /* smov, umov */
	{ 0x00000000, 0x00000000, 0, NULL },
};

static const struct row immediate_rows[] = {
	{ 0x9f000000, 0x10000000, RD, adr },
	{ 0x9f000000, 0x90000000, RD, adrp },
	{ 0x1f800000, 0x11000000, RD, add_immediate },
	{ 0x7f8003e0, 0x320003e0, RD, move_bitmask },
	{ 0x7f800000, 0x12800000, RD, move_wide }, /* movn */
	{ 0x7f800000, 0x52800000, RD, move_wide }, /* movz */
	{ 0x7f800000, 0x72800000, RD, movk },
	{ 0xffc0001f, 0xf380001f, X30, NULL },     /* autiasppc, autibsppc */
	{ 0x00000000, 0x00000000, RD, NULL },
};

static const struct row branch_rows[] = {
	{ 0xfc000000, 0x14000000, 0, branch_immediate },   /* b */
	{ 0xfc000000, 0x94000000, X30, branch_immediate }, /* bl */
	{ 0x7c000000, 0x34000000, 0, branch_on_bits },     /* cbz, cbnz, tbz, tbnz */
	{ 0xff000000, 0x54000000, 0, branch_on_flags },    /* b.cond, bc.cond */
	{ 0x7f000000, 0x74000000, 0, branch_on_register }, /* cb<cc> */
	{ 0x7f000000, 0x75000000, 0, branch_on_constant }, /* cb<cc> */
	{ 0xfee00000, 0xd6000000, 0, branch_register },    /* br, braa, brab */
	{ 0xfee00000, 0xd6200000, X30, branch_register },  /* blr, blraa, blrab */
	{ 0xffe00000, 0xd6400000, 0, end },                /* ret, retaa, retab */
	{ 0xffc00000, 0xd6800000, 0, end },                /* eret, drps */
	{ 0xff00001f, 0x5500001f, 0, end },                /* retaasppc, retabsppc */
	{ 0xffe0001f, 0xd4000001, X0, NULL },              /* svc: the kernel answers in x0 */
	{ 0xffe0001f, 0xd4200000, 0, end },                /* brk */
	{ 0xffe0001f, 0xd4400000, 0, end },                /* hlt */
	{ 0xffffff3f, 0xd503211f, X17, NULL },             /* pacia1716 ... autib1716 */
	{ 0xffffffff, 0xd50320ff, X30, NULL },             /* xpaclri */
	{ 0xffffff1f, 0xd503231f, X30, NULL },             /* paciaz ... autibsp */
	{ 0xffffffff, 0xd503251f, X16, NULL },             /* chkfeat */
	{ 0xffe00000, 0xd5200000, RD, NULL },              /* mrs, sysl, tstart, ttest */
	{ 0xffe00000, 0xd5600000, RD | RD_NEXT, NULL },    /* mrrs */
	{ 0xffe00000, 0xd5800000, RD, NULL },              /* tchangef, tchangeb */
	{ 0x00000000, 0x00000000, 0, NULL },
};

#define ROWS(table) { table, sizeof(table) / sizeof(table[0]) }

static const struct {
	const struct row *rows;
	size_t count;
} classes[16] = {
	[0] = ROWS(reserved_and_sme_rows),
	[2] = ROWS(sve_rows),
	[4] = ROWS(load_store_rows),
	[5] = ROWS(register_rows),
	[6] = ROWS(load_store_rows),
	[7] = ROWS(simd_rows),
	[8] = ROWS(immediate_rows),
	[9] = ROWS(immediate_rows),
	[10] = ROWS(branch_rows),
	[11] = ROWS(branch_rows),
	[12] = ROWS(load_store_rows),
	[13] = ROWS(register_rows),
	[14] = ROWS(load_store_rows),
	[15] = ROWS(simd_rows),
};

/** The row of an instruction, or NULL: reserved for good, or in a class without instructions. */
static const struct row *find_row(uint32_t word)
{
	uint32_t class = word_field(word, 25, 4);

	for (size_t i = 0; i < classes[class].count; i++) {
		const struct row *row = &classes[class].rows[i];
		if ((word & row->mask) == row->bits)
			return row;
	}
	return NULL;
}

/** The bits of @count registers from the one in the field at bit @low on. */
static uint64_t registers(uint32_t word, unsigned low, unsigned count)
{
	return ((UINT64_C(1) << count) - 1) << word_field(word, low, 5);
}

static uint64_t written_registers(uint32_t word, unsigned writes)
{
	uint64_t out = 0;

	if (writes & (RD | RD_NEXT | RD_EIGHT))
		out |= registers(word, 0, writes & RD_EIGHT ? 8 : writes & RD_NEXT ? 2 : 1);
	if (writes & RN)
		out |= registers(word, 5, 1);
	if (writes & RT2)
		out |= registers(word, 10, 1);
	if (writes & (RM | RM_NEXT))
		out |= registers(word, 16, writes & RM_NEXT ? 2 : 1);
	if (writes & (X0 | X16 | X17 | X30))
		out |= (writes & X0 ? UINT64_C(1) << 0 : 0) | (writes & X16 ? UINT64_C(1) << 16 : 0) |
		       (writes & X17 ? UINT64_C(1) << 17 : 0) |
		       (writes & X30 ? UINT64_C(1) << 30 : 0);
	return out & ~(UINT64_C(1) << ZERO) & UINT32_MAX;
}

/**
 * A word that no version of the architecture has allocated yet, but whose class has
 * instructions, is decoded as the class's last row says: the next version may use it.
 */
bool aarch64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                    struct insn *out)
{
	uint64_t value;

	(void)context;
	if (address % 4 != 0 || !bytes_read(code, 0, 4, ORDER_LITTLE, &value))
		return false;
	uint32_t word = (uint32_t)value;
	const struct row *row = find_row(word);
	if (row == NULL)
		return false;
	*out = (struct insn){ .address = address, .length = 4 };
	out->clobbers = written_registers(word, row->writes);
	if (row->meaning != NULL)
		row->meaning(word, out);
	insn_settle(out);
	return true;
}
