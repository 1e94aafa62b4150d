/* SPDX-License-Identifier: MIT */
/*
 * What an instruction means to x86-64 and to i386, which has some more of its own.
 *
 * The stack pointer is never reported as written: a stack slot is named by the
 * offset that the instruction holds.
 */
#include "fields.h"

enum {
	AX = X86_AX, CX = X86_CX, DX = X86_DX, BX = X86_BX, SP = X86_SP,
	BP = X86_BP, SI = X86_SI, DI = X86_DI, R11 = X86_R11,
};

/* ---- Which registers it writes -------------------------------------------------- */

static uint64_t bit(unsigned reg)
{
	return (uint64_t)1 << reg;
}

/* The register in the low three bits of the opcode. */
static uint8_t opcode_reg(const struct fields *f)
{
	return (uint8_t)((f->opcode & 7) | f->b);
}

/* Without REX the 8-bit registers 4 to 7 are ah, ch, dh and bh. */
static bool is_high_byte(const struct fields *f, uint8_t reg)
{
	return f->rex == 0 && reg >= 4 && reg < 8;
}

static uint64_t byte_bit(const struct fields *f, uint8_t reg)
{
	return bit(is_high_byte(f, reg) ? reg - 4u : reg);
}

static uint64_t rm_bit(const struct fields *f)
{
	return f->mod == 3 ? bit(f->rm) : 0;
}

static uint64_t rm_byte_bit(const struct fields *f)
{
	return f->mod == 3 ? byte_bit(f, f->rm) : 0;
}

/* The registers that the encoding names. */
static uint64_t named_writes(const struct fields *f)
{
	switch (f->entry.writes) {
	case WRITES_RM:         return rm_bit(f);
	case WRITES_RM_8:       return rm_byte_bit(f);
	case WRITES_REG:        return bit(f->reg);
	case WRITES_REG_8:      return byte_bit(f, f->reg);
	case WRITES_BOTH:       return rm_bit(f) | bit(f->reg);
	case WRITES_BOTH_8:     return rm_byte_bit(f) | byte_bit(f, f->reg);
	case WRITES_RM_AX:      return rm_bit(f) | bit(AX);
	case WRITES_RM_AX_8:    return rm_byte_bit(f) | bit(AX);
	case WRITES_OPCODE:     return bit(opcode_reg(f));
	case WRITES_OPCODE_8:   return byte_bit(f, opcode_reg(f));
	case WRITES_OPCODE_AX:  return opcode_reg(f) == AX ? 0 : bit(opcode_reg(f)) | bit(AX);
	case WRITES_VVVV:       return bit(f->vvvv);
	case WRITES_VVVV_REG:   return bit(f->vvvv) | bit(f->reg);
	case WRITES_REG_SCALAR: return f->simd >= SIMD_F3 ? bit(f->reg) : 0;
	case WRITES_REG_PREFIX: return f->simd != SIMD_NONE ? bit(f->reg) : 0;
	case WRITES_RM_PLAIN:   return f->simd == SIMD_NONE ? rm_bit(f) : 0;
	case WRITES_RM_NOT_F3:  return f->simd != SIMD_F3 ? rm_bit(f) : 0;
	case WRITES_RM_F3:      return f->simd == SIMD_F3 ? rm_bit(f) : 0;
	default:                return 0;
	}
}

/* The registers that the opcode implies. */
static uint64_t implied_writes(const struct fields *f)
{
	uint64_t count = f->repeat != 0 ? bit(CX) : 0;

	switch (f->entry.writes) {
	case WRITES_AX:       return bit(AX);
	case WRITES_CX:       return bit(CX);
	case WRITES_DX:       return bit(DX);
	case WRITES_BP:       return bit(BP);
	case WRITES_AX_DX:    return bit(AX) | bit(DX);
	case WRITES_AX_CX_DX: return bit(AX) | bit(CX) | bit(DX);
	case WRITES_AX_TO_DX: return bit(AX) | bit(BX) | bit(CX) | bit(DX);
	case WRITES_ALL:      return 0xff;
	case WRITES_SYSCALL:  return bit(AX) | bit(CX) | bit(R11);
	case WRITES_PADLOCK:  return bit(AX) | bit(CX) | bit(DX) | bit(SI) | bit(DI);
	case WRITES_SI:       return bit(SI) | count;
	case WRITES_DI:       return bit(DI) | count;
	case WRITES_SI_DI:    return bit(SI) | bit(DI) | count;
	case WRITES_AX_SI:    return bit(AX) | bit(SI) | count;
	default:              return 0;
	}
}

/* ---- Its operands --------------------------------------------------------------- */

static const struct operand none = { .kind = OPERAND_NONE };

/* A register; NONE for ah, ch, dh and bh. */
static struct operand reg_operand(const struct fields *f, uint8_t reg, unsigned width)
{
	if (width == 1 && is_high_byte(f, reg))
		return none;
	return operand_reg(reg, (uint8_t)width);
}

/* The r/m operand; NONE when `struct operand` cannot express it. */
static struct operand rm_operand(const struct fields *f, unsigned width)
{
	struct operand memory = f->memory;

	if (f->mod == 3)
		return reg_operand(f, f->rm, width);
	memory.width = (uint8_t)width;
	return memory;
}

/* The memory whose address a mov of the accumulator holds in full. */
static struct operand offset_operand(const struct fields *f)
{
	if (f->segment || f->short_address)
		return none;
	return (struct operand){ OPERAND_MEMORY, f->width, REG_NONE, REG_NONE, 0, f->immediate };
}

static struct operand const_operand(uint64_t value, unsigned width)
{
	return operand_const(value, (uint8_t)width);
}

/* ---- What runs next ------------------------------------------------------------- */

static enum insn_cond condition(uint8_t opcode)
{
	switch (opcode & 15) {
	case 2: return COND_BELOW;
	case 3: return COND_NOT_BELOW;
	case 6: return COND_NOT_ABOVE;
	case 7: return COND_ABOVE;
	default: return COND_OTHER;
	}
}

/* What the instruction pointer holds after a branch: in 32-bit mode 66 cuts it, but for xbegin. */
static uint64_t pointer_mask(const struct fields *f)
{
	if (f->mode == MODE_64)
		return UINT64_MAX;
	return f->operand16 && f->opcode != 0xc7 ? UINT16_MAX : UINT32_MAX;
}

static void set_target(const struct fields *f, enum insn_flow flow, struct insn *out)
{
	out->flow = flow;
	out->has_target = true;
	out->target = (f->address + f->length + f->immediate) & pointer_mask(f);
}

static void set_branch(const struct fields *f, enum insn_cond cond, struct insn *out)
{
	set_target(f, FLOW_BRANCH, out);
	out->cond = cond;
}

/* Group 5: call and jmp through r/m, near and far. */
static void set_indirect_flow(const struct fields *f, struct insn *out)
{
	if (f->member < 2 || f->member > 5)
		return;
	out->flow = f->member < 4 ? FLOW_CALL : FLOW_JUMP;
	if (f->member % 2 == 0)
		out->via = rm_operand(f, f->mode == MODE_64 ? 8 : f->width);
}

static void set_flow_one(const struct fields *f, struct insn *out)
{
	switch (f->opcode) {
	case 0xc2: case 0xc3: case 0xca: case 0xcb: case 0xcf: /* ret, iret */
	case 0xcc: case 0xf1: case 0xf4:                       /* int3 int1 hlt */
		out->flow = FLOW_END;
		break;
	case 0xc7: /* xbegin: continues at the target when the transaction fails */
		if (f->member == 7)
			set_branch(f, COND_OTHER, out);
		break;
	case 0xe0: case 0xe1: case 0xe2: case 0xe3: /* loop, jrcxz */
		set_branch(f, COND_OTHER, out);
		break;
	case 0x9a: /* far, 32-bit mode only, and below */
		out->flow = FLOW_CALL;
		break;
	case 0xea:
		out->flow = FLOW_JUMP;
		break;
	case 0xe8:
		set_target(f, FLOW_CALL, out);
		break;
	case 0xe9: case 0xeb:
		set_target(f, FLOW_JUMP, out);
		break;
	case 0xff:
		set_indirect_flow(f, out);
		break;
	default:
		if (f->opcode >> 4 == 7)
			set_branch(f, condition(f->opcode), out);
	}
}

static void set_flow_0f(const struct fields *f, struct insn *out)
{
	switch (f->opcode) {
	case 0x07: case 0x35: case 0xaa: /* sysret sysexit rsm */
	case 0x0b: case 0xb9: case 0xff: /* ud2 ud1 ud0 */
		out->flow = FLOW_END;
		break;
	case 0x01: /* uiret */
		if (f->mod == 3 && f->member == 5 && (f->rm & 7) == 4)
			out->flow = FLOW_END;
		break;
	default:
		if (f->opcode >> 4 == 8)
			set_branch(f, condition(f->opcode), out);
	}
}

/* ---- What it does to values ----------------------------------------------------- */

/* Appends an effect; what it sets is no longer unknown. */
static void add_effect(struct insn *out, enum effect_kind kind, struct operand dst,
                       struct operand a, struct operand b)
{
	if (dst.kind == OPERAND_REG && dst.reg == SP)
		return;
	insn_add(out, kind, dst, a, b);
	if (dst.kind == OPERAND_REG)
		out->clobbers &= ~bit(dst.reg);
}

/* dst = src, when both can be expressed and nothing of dst is left over. */
static void add_move(struct insn *out, struct operand dst, struct operand src)
{
	if (dst.kind != OPERAND_NONE && src.kind != OPERAND_NONE && dst.width >= 4)
		add_effect(out, EFFECT_MOVE, dst, src, none);
}

/* dst = a + b, between registers and constants. */
static void add_sum(struct insn *out, struct operand dst, struct operand a, struct operand b)
{
	if (dst.kind == OPERAND_REG && dst.width >= 4
	    && (b.kind == OPERAND_REG || b.kind == OPERAND_CONST))
		add_effect(out, EFFECT_ADD, dst, a, b);
}

static void add_compare(struct insn *out, struct operand left, struct operand right)
{
	add_effect(out, EFFECT_COMPARE, none, left, right);
}

/* The eight operations of the opcodes 00 to 3F and of group 1. */
enum { OPERATION_ADD = 0, OPERATION_SUB = 5, OPERATION_CMP = X86_CMP };

/* What `sub operand` adds; NONE when it is not known. */
static struct operand negated(struct operand operand)
{
	if (operand.kind != OPERAND_CONST)
		return none;
	return const_operand(0 - operand.value, operand.width);
}

/* left OPERATION= right */
static void add_arithmetic(struct insn *out, unsigned operation, struct operand left,
                           struct operand right)
{
	switch (operation) {
	case OPERATION_ADD:
		add_sum(out, left, left, right);
		break;
	case OPERATION_SUB:
		add_sum(out, left, left, negated(right));
		add_compare(out, left, right);
		break;
	case OPERATION_CMP:
		add_compare(out, left, right);
		break;
	}
}

/* The opcodes 00 to 3D: r/m with reg, reg with r/m, or the accumulator with a constant. */
static void set_arithmetic(const struct fields *f, unsigned width, struct insn *out)
{
	struct operand reg = reg_operand(f, f->reg, width), rm = rm_operand(f, width);
	unsigned operation = f->opcode >> 3;

	if ((f->opcode & 4) != 0)
		add_arithmetic(out, operation, reg_operand(f, AX, width),
		               const_operand(f->immediate, width));
	else if ((f->opcode & 2) != 0)
		add_arithmetic(out, operation, reg, rm);
	else
		add_arithmetic(out, operation, rm, reg);
}

/* lea: an address formed from the instruction pointer, or from a base and a displacement. */
static void set_lea(const struct fields *f, struct insn *out)
{
	struct operand dst = reg_operand(f, f->reg, f->width);
	struct operand distance = const_operand(f->memory.value, f->width);

	if (f->memory.kind == OPERAND_NONE || f->memory.index != REG_NONE)
		return;
	if (f->memory.reg == REG_NONE)
		add_move(out, dst, distance);
	else
		add_sum(out, dst, reg_operand(f, f->memory.reg, f->width), distance);
}

/* Everything that moves, adds or compares is in the one-byte map. */
static void set_effects(const struct fields *f, struct insn *out)
{
	unsigned width = (f->opcode & 1) != 0 ? f->width : 1;
	struct operand reg = reg_operand(f, f->reg, f->width), rm = rm_operand(f, width);
	struct operand ax = reg_operand(f, AX, f->width);

	switch (f->opcode) {
	case 0x80: case 0x81: case 0x82: case 0x83:
		add_arithmetic(out, f->member, rm, const_operand(f->immediate, width));
		break;
	case 0x89: add_move(out, rm, reg); break;
	case 0x8b: add_move(out, reg, rm); break;
	case 0x8d: set_lea(f, out); break;
	case 0xa1: add_move(out, ax, offset_operand(f)); break;
	case 0xa3: add_move(out, offset_operand(f), ax); break;
	case 0xb8: case 0xb9: case 0xba: case 0xbb: case 0xbc: case 0xbd: case 0xbe: case 0xbf:
		add_move(out, reg_operand(f, opcode_reg(f), f->width),
		         const_operand(f->immediate, f->width));
		break;
	case 0xc7:
		if (f->member == 0)
			add_move(out, rm, const_operand(f->immediate, width));
		break;
	case 0xff: /* inc, dec */
		if (f->member < 2)
			add_sum(out, rm, rm, const_operand(f->member == 0 ? 1 : UINT64_MAX, width));
		break;
	default:
		if (f->opcode < 0x40 && (f->opcode & 7) < 6)
			set_arithmetic(f, width, out);
	}
}

void x86_interpret(const struct fields *f, struct insn *out)
{
	*out = (struct insn){ .address = f->address, .length = f->length };
	out->clobbers = (named_writes(f) | implied_writes(f)) & ~bit(SP);
	if (f->map == MAP_ONE) {
		set_flow_one(f, out);
		set_effects(f, out);
	} else if (f->map == MAP_0F) {
		set_flow_0f(f, out);
	}
}
