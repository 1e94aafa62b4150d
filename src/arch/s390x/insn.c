/* SPDX-License-Identifier: MIT */
/*
 * s390x: what an instruction does.
 *
 * The first byte tells the format: how long the instruction is, where the rest of its opcode
 * stands, and whether an instruction that is not in the second table must be taken to write R1.
 * That table holds what is not as the format says: registers that are written, and the function
 * that says what address arithmetic and control flow make of the instruction.
 *
 * All fields are read from the instruction's bytes as one number of 48 bits, zeros behind a short
 * one.
 */
#include "s390x.h"

/** The general registers that an instruction writes, by the field that names them or by number. */
enum written {
	R1 = 1 << 0,
	R1_PAIR = 1 << 1, /**< R1 and the register after it */
	R1_TO_R3 = 1 << 2, /**< R1, R3 and those between, from r15 on to r0 */
	R2 = 1 << 3,
	R2_PAIR = 1 << 4,
	R3 = 1 << 5,
	R3_PAIR = 1 << 6,
	GR0 = 1 << 7,
	GR1 = 1 << 8,
	GR2 = 1 << 9,
};

/** Where the opcode goes on. */
enum extension {
	NOWHERE,
	SECOND_BYTE,
	SECOND_NIBBLE, /**< the lower half of the second byte */
	LAST_BYTE,     /**< of six */
};

/** The second operand; constants by their width in bits. */
enum source {
	NO_SOURCE,
	REG_2,
	REG_3,
	MEMORY, /**< base, index and displacement */
	NEAR,   /**< memory at a distance from the instruction */
	SIGNED_8, UNSIGNED_8,
	SIGNED_16, UNSIGNED_16,
	SIGNED_32, UNSIGNED_32,
	MINUS_ONE,
};

/** One instruction. */
struct row {
	uint16_t opcode; /**< the first byte, then its extension */
	uint16_t writes; /**< of enum written, or-ed */
	void (*meaning)(const struct row *row, uint64_t word, struct insn *out);
	uint8_t width;   /**< of the result, or of what is compared, in bytes */
	uint8_t from;    /**< of the source */
	enum source source;
};

/* ---- fields --------------------------------------------------------------------------------- */

static uint64_t field(uint64_t word, unsigned first, unsigned width)
{
	return word >> (48 - first - width) & ((UINT64_C(1) << width) - 1);
}

static uint64_t signed_field(uint64_t word, unsigned first, unsigned width)
{
	return sign_extended(field(word, first, width), width);
}

static uint8_t first_byte(uint64_t word)
{
	return (uint8_t)field(word, 0, 8);
}

/** RRE and RRF have their registers in the last byte. */
static bool is_rre(uint64_t word)
{
	return first_byte(word) == 0xb2 || first_byte(word) == 0xb3 || first_byte(word) == 0xb9;
}

static uint8_t r1(uint64_t word)
{
	return (uint8_t)field(word, is_rre(word) ? 24 : 8, 4);
}

static uint8_t r2(uint64_t word)
{
	return (uint8_t)field(word, is_rre(word) ? 28 : 12, 4);
}

static uint8_t r3(uint64_t word)
{
	return (uint8_t)field(word, is_rre(word) ? 16 : 12, 4);
}

/** The address at the instruction's distance, in halfwords: RIL has 32 bits for it, others 16. */
static uint64_t near(uint64_t word, const struct insn *insn)
{
	bool ril = first_byte(word) >= 0xc0 && first_byte(word) < 0xd0;

	return insn->address + 2 * signed_field(word, 16, ril ? 32 : 16);
}

/** The 16 bits of an RI or RIE instruction; SIL has them behind the memory operand. */
static unsigned first_of_16(uint64_t word)
{
	return first_byte(word) == 0xe5 ? 32 : 16;
}

/** The 8 bits of an SI instruction; RIE has them behind the distance. */
static unsigned first_of_8(uint64_t word)
{
	return first_byte(word) == 0xec ? 32 : 8;
}

/* ---- operands ------------------------------------------------------------------------------- */

static struct operand place(uint8_t base, uint8_t index, uint64_t displacement, uint8_t width)
{
	return (struct operand){
		.kind = OPERAND_MEMORY, .width = width, .value = displacement,
		.reg = base ? base : index ? index : REG_NONE,
		.index = base && index ? index : REG_NONE,
	};
}

/** RXY, RSY and SIY have 8 more bits of displacement, signed, in front of the others. */
static uint64_t displacement(uint64_t word)
{
	if (first_byte(word) != 0xe3 && first_byte(word) != 0xeb)
		return field(word, 20, 12);
	return signed_field(word, 32, 8) << 12 | field(word, 20, 12);
}

/** Only RX and RXY have an index. */
static struct operand memory(uint64_t word, uint8_t width)
{
	uint8_t first = first_byte(word);
	bool indexed = first == 0xe3 || (first >= 0x40 && first < 0x80);
	uint8_t index = indexed ? (uint8_t)field(word, 12, 4) : 0;

	return place((uint8_t)field(word, 16, 4), index, displacement(word), width);
}

static struct operand source(const struct row *row, uint64_t word, const struct insn *insn)
{
	switch (row->source) {
	case NO_SOURCE: break;
	case REG_2: return operand_reg(r2(word), row->from);
	case REG_3: return operand_reg(r3(word), row->from);
	case MEMORY: return memory(word, row->from);
	case NEAR: return place(0, 0, near(word, insn), row->from);
	case SIGNED_8: return operand_const(signed_field(word, first_of_8(word), 8), row->width);
	case UNSIGNED_8: return operand_const(field(word, first_of_8(word), 8), row->width);
	case SIGNED_16: return operand_const(signed_field(word, first_of_16(word), 16), row->width);
	case UNSIGNED_16: return operand_const(field(word, first_of_16(word), 16), row->width);
	case SIGNED_32: return operand_const(signed_field(word, 16, 32), row->width);
	case UNSIGNED_32: return operand_const(field(word, 16, 32), row->width);
	case MINUS_ONE: return operand_const(UINT64_MAX, row->width);
	}
	return operand_none();
}

/** Adds an effect, unless it only writes the stack pointer. */
static void effect(struct insn *out, enum effect_kind kind, struct operand dst, struct operand a,
                   struct operand b)
{
	insn_add_but(out, S390X_SP, kind, dst, a, b);
}

static void set(struct insn *out, struct operand dst, struct operand a)
{
	effect(out, EFFECT_MOVE, dst, a, operand_none());
}

/* ---- moves ---------------------------------------------------------------------------------- */

static void move(const struct row *row, uint64_t word, struct insn *out)
{
	set(out, operand_reg(r1(word), row->width), source(row, word, out));
}

/** Load on condition, and its like. */
static void move_if(const struct row *row, uint64_t word, struct insn *out)
{
	move(row, word, out);
	out->conditional = true;
}

static void store(const struct row *row, uint64_t word, struct insn *out)
{
	set(out, source(row, word, out), operand_reg(r1(word), row->from));
}

static void store_if(const struct row *row, uint64_t word, struct insn *out)
{
	store(row, word, out);
	out->conditional = true;
}

static void store_constant(const struct row *row, uint64_t word, struct insn *out)
{
	set(out, memory(word, row->from), source(row, word, out));
}

/** MVC of as many bytes as a register may have. */
static void move_memory(const struct row *row, uint64_t word, struct insn *out)
{
	uint64_t bytes = field(word, 8, 8) + 1;
	uint8_t width = bytes == 4 ? 4 : 8;

	(void)row;
	if (bytes == 4 || bytes == 8)
		set(out, memory(word, width),
		    place((uint8_t)field(word, 32, 4), 0, field(word, 36, 12), width));
}

/** The registers of LM and STM, from R1 to R3. */
static unsigned count_of(uint64_t word)
{
	return ((r3(word) + 16u - r1(word)) & 15u) + 1u;
}

/** LM and STM: as many effects as an instruction may have, or none. */
static void move_multiple(const struct row *row, uint64_t word, struct insn *out)
{
	bool loads = row->writes != 0;

	for (unsigned i = 0; i < count_of(word) && count_of(word) <= EFFECT_MAX; i++) {
		struct operand one = operand_reg((r1(word) + i) & 15, row->width);
		struct operand there = memory(word, row->width);
		there.value += (uint64_t)i * row->width;
		set(out, loads ? one : there, loads ? there : one);
	}
}

/* ---- addresses and constants ---------------------------------------------------------------- */

static void load_near_address(const struct row *row, uint64_t word, struct insn *out)
{
	set(out, operand_reg(r1(word), row->width), operand_const(near(word, out), row->width));
}

/** LA: a sum of three parts is left out. */
static void load_address(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand sum = memory(word, row->width), dst = operand_reg(r1(word), row->width);

	if (sum.reg == REG_NONE)
		set(out, dst, operand_const(sum.value, row->width));
	else if (sum.index == REG_NONE)
		effect(out, EFFECT_ADD, dst, operand_reg(sum.reg, row->width),
		       operand_const(sum.value, row->width));
	else if (sum.value == 0)
		effect(out, EFFECT_ADD, dst, operand_reg(sum.reg, row->width),
		       operand_reg(sum.index, row->width));
}

/** A constant for 16 or 32 of the bits of R1, and which these are. */
static uint64_t part(uint64_t word, uint64_t *mask)
{
	unsigned width = first_byte(word) == 0xa5 ? 16 : 32;
	unsigned from_left = (unsigned)field(word, 12, 4) * width % 64;
	unsigned shift = 64 - width - from_left;

	*mask = ((UINT64_C(1) << width) - 1) << shift;
	return field(word, 16, width) << shift;
}

/** LLIHH and the like: zeros elsewhere. */
static void load_part(const struct row *row, uint64_t word, struct insn *out)
{
	uint64_t mask;

	set(out, operand_reg(r1(word), row->width), operand_const(part(word, &mask), row->width));
}

/** IIHH and the like. */
static void insert_part(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand r = operand_reg(r1(word), row->width), dst = r;
	uint64_t value = part(word, &dst.value);

	effect(out, EFFECT_INSERT, dst, r, operand_const(value, row->width));
}

/** NIHH and the like. */
static void and_part(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand r = operand_reg(r1(word), row->width);
	uint64_t mask, value = part(word, &mask);

	effect(out, EFFECT_AND, r, r, operand_const(value | ~mask, row->width));
}

static void xor_part(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand r = operand_reg(r1(word), row->width);
	uint64_t mask, value = part(word, &mask);

	effect(out, EFFECT_XOR, r, r, operand_const(value, row->width));
}

/** RISBG that rotates nothing and sets the bits around the selected ones to zero. */
static void and_selected(const struct row *row, uint64_t word, struct insn *out)
{
	unsigned first = (unsigned)field(word, 18, 6), last = (unsigned)field(word, 26, 6);
	bool zeros = field(word, 24, 1) != 0, rotates = field(word, 34, 6) != 0;
	uint64_t from = UINT64_MAX >> first, to = UINT64_MAX << (63 - last);

	if (zeros && !rotates)
		effect(out, EFFECT_AND, operand_reg(r1(word), row->width), operand_reg(r2(word), row->width),
		       operand_const(first <= last ? from & to : from | to, row->width));
}

/** SLLG and SRLG, by as much as the displacement says. */
static void shift(const struct row *row, uint64_t word, struct insn *out)
{
	bool right = row->opcode == 0xeb0c;

	if (field(word, 16, 4) == 0)
		effect(out, right ? EFFECT_RIGHT : EFFECT_LEFT, operand_reg(r1(word), row->width),
		       operand_reg(r3(word), row->width), operand_const(displacement(word) % 64, row->width));
}

/* ---- sums and comparisons ------------------------------------------------------------------- */

static void add(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand r = operand_reg(r1(word), row->width);

	effect(out, EFFECT_ADD, r, r, source(row, word, out));
}

static void subtract_constant(const struct row *row, uint64_t word, struct insn *out)
{
	struct operand r = operand_reg(r1(word), row->width), less = source(row, word, out);

	effect(out, EFFECT_ADD, r, r, operand_const(0 - less.value, row->width));
}

/** R1 = R2 or R3 + source */
static void add_to_other(const struct row *row, uint64_t word, struct insn *out)
{
	uint8_t other = is_rre(word) ? r2(word) : r3(word);

	effect(out, EFFECT_ADD, operand_reg(r1(word), row->width), operand_reg(other, row->width),
	       source(row, word, out));
}

/** Also subtracts: a difference tells how two registers compare. */
static void compare(const struct row *row, uint64_t word, struct insn *out)
{
	insn_compare(out, operand_reg(r1(word), row->width), source(row, word, out));
}

static void compare_other(const struct row *row, uint64_t word, struct insn *out)
{
	insn_compare(out, operand_reg(r2(word), row->width), source(row, word, out));
}

static void compare_memory(const struct row *row, uint64_t word, struct insn *out)
{
	insn_compare(out, memory(word, row->width), source(row, word, out));
}

/* ---- control flow --------------------------------------------------------------------------- */

/**
 * A branch for the condition codes in @mask: equal, low and high from the left; the fourth does not
 * come of a comparison. Whether low means less than by sign is the comparison's matter.
 */
static void branch_on(uint64_t mask, uint64_t always, struct insn *out)
{
	static const enum insn_cond conditions[8] = {
		[1] = COND_ABOVE,
		[2] = COND_BELOW,
		[5] = COND_NOT_BELOW,
		[6] = COND_NOT_ABOVE,
	};

	mask &= always;
	if (mask == 0)
		return;
	out->flow = mask == always ? FLOW_JUMP : FLOW_BRANCH;
	if (mask != always)
		out->cond = conditions[mask >> 1];
}

static void go_to(struct insn *out, uint64_t target)
{
	out->has_target = out->flow != FLOW_NEXT;
	out->target = out->has_target ? target : 0;
}

/** To the address in a register plus @added. Register 14 has a function's return address. */
static void go_via(struct insn *out, uint8_t number, uint64_t added)
{
	bool returns = number == S390X_RETURN && added == 0;

	if (out->flow == FLOW_JUMP && returns)
		out->flow = FLOW_END;
	if (out->flow == FLOW_NEXT || returns)
		return;
	out->via = operand_reg(number, 8);
	out->via.value = added;
}

/** The address that a memory operand has; none where it has two registers, or no register. */
static void go_to_sum(struct insn *out, struct operand sum)
{
	if (sum.reg != REG_NONE && sum.index == REG_NONE)
		go_via(out, sum.reg, sum.value);
}

/** BRC and BRCL; one that branches nowhere is a NOP. */
static void branch_near(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	branch_on(field(word, 8, 4), 15, out);
	go_to(out, near(word, out));
}

static void branch_register(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	if (r2(word) == 0)
		return;
	branch_on(field(word, 8, 4), 15, out);
	go_via(out, r2(word), 0);
}

/** BSM */
static void jump_register(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	if (r2(word) == 0)
		return;
	out->flow = FLOW_JUMP;
	go_via(out, r2(word), 0);
}

static void branch_memory(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	branch_on(field(word, 8, 4), 15, out);
	go_to_sum(out, memory(word, 8));
}

/** BIC: the address stands in memory. */
static void branch_indirect(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	branch_on(field(word, 8, 4), 15, out);
	if (out->flow != FLOW_NEXT)
		out->via = memory(word, 8);
}

static void call_near(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	out->flow = FLOW_CALL;
	go_to(out, near(word, out));
}

/** BASR and the like: with register 0 it does not branch, and R1 has the address behind it. */
static void call_register(const struct row *row, uint64_t word, struct insn *out)
{
	out->flow = r2(word) == 0 ? FLOW_NEXT : FLOW_CALL;
	if (out->flow == FLOW_CALL)
		out->via = operand_reg(r2(word), 8);
	else
		set(out, operand_reg(r1(word), row->width),
		    operand_const(out->address + out->length, row->width));
}

static void call_memory(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	out->flow = FLOW_CALL;
	go_to_sum(out, memory(word, 8));
}

/** BRCT and BRCTG: one less, and a branch unless that is zero. */
static void count_near(const struct row *row, uint64_t word, struct insn *out)
{
	out->flow = FLOW_BRANCH;
	go_to(out, near(word, out));
	if (row->source != NO_SOURCE)
		add(row, word, out);
}

/** BCTR and BCTGR: with register 0 it only counts. */
static void count_register(const struct row *row, uint64_t word, struct insn *out)
{
	out->flow = r2(word) == 0 ? FLOW_NEXT : FLOW_BRANCH;
	add(row, word, out);
}

static void count_away(const struct row *row, uint64_t word, struct insn *out)
{
	(void)row;
	out->flow = FLOW_BRANCH;
	go_to_sum(out, memory(word, 8));
}

/** BXH and the like: R1 becomes R1 + R3, which is compared with the odd register of R3's pair. */
static void step_and_branch(const struct row *row, uint64_t word, struct insn *out)
{
	out->flow = FLOW_BRANCH;
	insn_compare(out, operand_reg(r1(word), row->width), operand_reg(r3(word) | 1, row->width));
	if (row->width == 8)
		add(row, word, out);
}

static void step_and_branch_near(const struct row *row, uint64_t word, struct insn *out)
{
	step_and_branch(row, word, out);
	go_to(out, near(word, out));
}

/** The mask stands behind the registers, or in place of the second one where that is a constant. */
static void compare_and_branch(const struct row *row, uint64_t word, struct insn *out)
{
	insn_compare(out, operand_reg(r1(word), row->width), source(row, word, out));
	branch_on(field(word, row->source == REG_2 ? 32 : 12, 4), 14, out);
}

static void compare_and_branch_near(const struct row *row, uint64_t word, struct insn *out)
{
	compare_and_branch(row, word, out);
	go_to(out, near(word, out));
}

static void compare_and_branch_away(const struct row *row, uint64_t word, struct insn *out)
{
	compare_and_branch(row, word, out);
	go_to_sum(out, memory(word, 8));
}

/* ---- the tables ----------------------------------------------------------------------------- */

/** What the first byte tells; a byte that is not here begins nothing that compilers emit. */
static const struct format {
	uint8_t first, last; /**< first bytes, from one to the other */
	enum extension extension;
	uint16_t writes; /**< by an instruction that is not in the other table */
} formats[] = {
	{ 0x01, 0x01, SECOND_BYTE, 0 },
	{ 0x04, 0x04, NOWHERE, 0 },
	{ 0x05, 0x06, NOWHERE, R1 },
	{ 0x07, 0x07, NOWHERE, 0 },
	{ 0x0a, 0x0a, NOWHERE, 0 },
	{ 0x0b, 0x1f, NOWHERE, R1 },
	{ 0x20, 0x3f, NOWHERE, 0 }, /* floating point */
	{ 0x40, 0x5f, NOWHERE, R1 },
	{ 0x60, 0x70, NOWHERE, 0 }, /* floating point */
	{ 0x71, 0x71, NOWHERE, R1 },
	{ 0x78, 0x7f, NOWHERE, 0 }, /* floating point */
	{ 0x84, 0x8f, NOWHERE, R1 },
	{ 0x90, 0x9b, NOWHERE, 0 },
	{ 0xa5, 0xa5, SECOND_NIBBLE, R1 },
	{ 0xa7, 0xa7, SECOND_NIBBLE, R1 },
	{ 0xa8, 0xa9, NOWHERE, R1_PAIR | R3_PAIR },
	{ 0xb2, 0xb3, SECOND_BYTE, 0 },
	{ 0xb9, 0xb9, SECOND_BYTE, R1 },
	{ 0xba, 0xba, NOWHERE, R1 },
	{ 0xbb, 0xbb, NOWHERE, R1_PAIR },
	{ 0xbd, 0xbe, NOWHERE, 0 },
	{ 0xbf, 0xbf, NOWHERE, R1 },
	{ 0xc0, 0xc4, SECOND_NIBBLE, R1 },
	{ 0xc5, 0xc5, NOWHERE, 0 },
	{ 0xc6, 0xc6, SECOND_NIBBLE, 0 },
	{ 0xc7, 0xc7, NOWHERE, 0 },
	{ 0xc8, 0xc8, SECOND_NIBBLE, 0 },
	{ 0xcc, 0xcc, SECOND_NIBBLE, R1 },
	{ 0xd0, 0xe2, NOWHERE, 0 }, /* memory to memory */
	{ 0xe3, 0xe3, LAST_BYTE, R1 },
	{ 0xe5, 0xe5, SECOND_BYTE, 0 },
	{ 0xe6, 0xe7, LAST_BYTE, 0 }, /* vectors */
	{ 0xe8, 0xea, NOWHERE, 0 },
	{ 0xeb, 0xec, LAST_BYTE, R1 },
	{ 0xed, 0xed, LAST_BYTE, 0 }, /* floating point */
	{ 0xee, 0xee, NOWHERE, R1_PAIR | R3_PAIR },
	{ 0xef, 0xef, NOWHERE, R1_TO_R3 },
	{ 0xf0, 0xfd, NOWHERE, 0 }, /* decimal */
};

#define WRITES(opcode, registers) { opcode, registers, NULL, 0, 0, NO_SOURCE }

/** By opcode, ascending. */
static const struct row rows[] = {
#include "opcodes.def"
};

/* ---- decoding ------------------------------------------------------------------------------- */

static const struct format *find_format(uint8_t first)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (first >= formats[i].first && first <= formats[i].last)
			return &formats[i];
	return NULL;
}

static uint16_t opcode_of(uint64_t word, enum extension extension)
{
	static const struct {
		uint8_t first, width;
	} places[] = {
		[NOWHERE] = { 0, 0 },
		[SECOND_BYTE] = { 8, 8 },
		[SECOND_NIBBLE] = { 12, 4 },
		[LAST_BYTE] = { 40, 8 },
	};
	unsigned width = places[extension].width;

	return (uint16_t)(field(word, 0, 8) << 8 | field(word, places[extension].first, width));
}

/** The row of an opcode; @fallback without a meaning when there is none. */
static struct row find_row(uint16_t opcode, uint16_t writes)
{
	size_t low = 0, high = sizeof(rows) / sizeof(rows[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (rows[middle].opcode == opcode)
			return rows[middle];
		if (rows[middle].opcode < opcode)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct row){ .opcode = opcode, .writes = writes };
}

/** @count registers from @first on, r0 behind r15. */
static uint64_t registers(uint8_t first, unsigned count)
{
	uint64_t out = 0;

	for (unsigned i = 0; i < count; i++)
		out |= UINT64_C(1) << ((first + i) & 15);
	return out;
}

static uint64_t written_registers(uint64_t word, unsigned writes)
{
	uint64_t out = (writes / GR0) & 7; /* r0, r1, r2 */

	if (writes & (R1 | R1_PAIR))
		out |= registers(r1(word), writes & R1_PAIR ? 2 : 1);
	if (writes & R1_TO_R3)
		out |= registers(r1(word), count_of(word));
	if (writes & (R2 | R2_PAIR))
		out |= registers(r2(word), writes & R2_PAIR ? 2 : 1);
	if (writes & (R3 | R3_PAIR))
		out |= registers(r3(word), writes & R3_PAIR ? 2 : 1);
	return out & ~(UINT64_C(1) << S390X_SP);
}

/** The bytes of the instruction as the upper ones of a number of 48 bits. */
static bool read_word(struct bytes code, uint8_t *length, uint64_t *word)
{
	static const uint8_t lengths[4] = { 2, 4, 4, 6 };

	if (code.size == 0)
		return false;
	*length = lengths[code.data[0] >> 6];
	if (!bytes_read(code, 0, *length, ORDER_BIG, word))
		return false;
	*word <<= 8 * (6 - *length);
	return true;
}

bool s390x_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                  struct insn *out)
{
	const struct format *format;
	uint8_t length;
	uint64_t word;

	(void)context;
	if (address % 2 != 0 || !read_word(code, &length, &word) ||
	    (format = find_format(first_byte(word))) == NULL)
		return false;
	struct row row = find_row(opcode_of(word, format->extension), format->writes);
	*out = (struct insn){ .address = address, .length = length };
	out->clobbers = written_registers(word, row.writes);
	if (row.meaning != NULL)
		row.meaning(&row, word, out);
	insn_settle(out);
	return true;
}
