/* SPDX-License-Identifier: MIT */
#include "judge_x86_64.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 };

void judge_init(struct judge *judge, const struct arch *arch)
{
	judge->arch = arch;
	if (arch->is64)
		ZydisDecoderInit(&judge->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	else
		ZydisDecoderInit(&judge->decoder, ZYDIS_MACHINE_MODE_LONG_COMPAT_32,
		                 ZYDIS_STACK_WIDTH_32);
	ZydisFormatterInit(&judge->formatter, ZYDIS_FORMATTER_STYLE_ATT);
}

/* ---- Registers ------------------------------------------------------------------ */

static bool is_gpr(ZydisRegister reg)
{
	ZydisRegisterClass class = ZydisRegisterGetClass(reg);

	return class == ZYDIS_REGCLASS_GPR8 || class == ZYDIS_REGCLASS_GPR16
	    || class == ZYDIS_REGCLASS_GPR32 || class == ZYDIS_REGCLASS_GPR64;
}

static uint8_t number(ZydisRegister reg)
{
	return (uint8_t)ZydisRegisterGetId(
		ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg));
}

/* String instructions step the registers that point to memory; Zydis says so of some. */
static uint32_t stepped(const struct comparison *c)
{
	uint32_t written = 0;

	if (c->theirs.meta.category != ZYDIS_CATEGORY_STRINGOP
	    && c->theirs.meta.category != ZYDIS_CATEGORY_IOSTRINGOP)
		return 0;
	for (unsigned i = 0; i < c->theirs.operand_count; i++)
		if (c->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			written |= 1u << number(c->operands[i].mem.base);
	return written;
}

/* Corrects what Zydis says in @written where a manual says otherwise. */
static uint32_t corrected(const struct comparison *c, uint32_t written)
{
	switch (c->theirs.mnemonic) {
	case ZYDIS_MNEMONIC_SYSCALL: case ZYDIS_MNEMONIC_INT: /* the kernel's result */
	case ZYDIS_MNEMONIC_XBEGIN:                           /* the reason, at the target */
		return written | 1u << RAX;
	case ZYDIS_MNEMONIC_ENCLV: case ZYDIS_MNEMONIC_GETSEC: /* differs between the leaves */
		return 1u << RAX | 1u << RCX | 1u << RDX | 1u << RBX;
	case ZYDIS_MNEMONIC_PAUSE: /* with REX.B to LLVM xchg: the decoder assumes the worse */
		return c->theirs.raw.rex.B != 0 ? 1u << RAX | 1u << R8 : 0;
	case ZYDIS_MNEMONIC_LLWPCB: case ZYDIS_MNEMONIC_LWPINS: case ZYDIS_MNEMONIC_LWPVAL:
		return 0; /* they read the register */
	default:
		break;
	}
	if (c->theirs.meta.category == ZYDIS_CATEGORY_PADLOCK) /* the decoder has one set for all */
		return 1u << RAX | 1u << RCX | 1u << RDX | 1u << RSI | 1u << RDI;
	return written | stepped(c);
}

/* The general registers that the judge says are written, but for the stack pointer. */
static uint32_t judged_writes(const struct comparison *c)
{
	uint32_t written = 0;

	for (unsigned i = 0; i < c->theirs.operand_count; i++) {
		const ZydisDecodedOperand *o = &c->operands[i];

		if (o->type == ZYDIS_OPERAND_TYPE_REGISTER && is_gpr(o->reg.value)
		    && (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0)
			written |= 1u << number(o->reg.value);
	}
	return corrected(c, written) & ~(1u << RSP);
}

/* The general registers that our decoder says are written, or set to something known. */
static uint32_t our_writes(const struct insn *ours)
{
	uint32_t written = ours->clobbers;

	for (unsigned i = 0; i < EFFECT_MAX; i++)
		if (ours->effects[i].kind != EFFECT_NONE && ours->effects[i].dst.kind == OPERAND_REG)
			written |= 1u << ours->effects[i].dst.reg;
	return written;
}

/* ---- Operands ------------------------------------------------------------------- */

static uint64_t truncated(uint64_t value, unsigned width)
{
	return width >= 8 ? value : value & ((UINT64_C(1) << 8 * width) - 1);
}

static struct operand judged_const(uint64_t value, unsigned width)
{
	return (struct operand){ OPERAND_CONST, (uint8_t)width, REG_NONE, REG_NONE, 0,
	                         truncated(value, width) };
}

static struct operand judged_reg(ZydisRegister reg, unsigned width)
{
	bool high = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;

	if (!is_gpr(reg) || high)
		return (struct operand){ 0 };
	return (struct operand){ OPERAND_REG, (uint8_t)width, number(reg), REG_NONE, 0, 0 };
}

/* FS and GS; lea ignores them, but nobody writes them there. */
static bool has_segment_prefix(const ZydisDecodedInstruction *theirs)
{
	for (unsigned i = 0; i < theirs->raw.prefix_count; i++)
		if (theirs->raw.prefixes[i].value == 0x64 || theirs->raw.prefixes[i].value == 0x65)
			return true;
	return false;
}

/* Memory that `struct operand` expresses: a base, an unscaled index, a displacement. */
static struct operand judged_memory(const struct comparison *c, uint64_t address,
                                    const ZydisDecodedOperand *o, unsigned width)
{
	const ZydisDecodedOperandMem *mem = &o->mem;
	struct operand out = { OPERAND_MEMORY, (uint8_t)width, REG_NONE, REG_NONE, 0,
	                       (uint64_t)mem->disp.value };

	if (has_segment_prefix(&c->theirs) || c->theirs.address_width != 8 * c->word ||
	    mem->scale > 1)
		return (struct operand){ 0 };
	if (mem->base == ZYDIS_REGISTER_RIP)
		out.value += address + c->theirs.length;
	else if (mem->base != ZYDIS_REGISTER_NONE)
		out.reg = number(mem->base);
	else if (mem->index != ZYDIS_REGISTER_NONE)
		return (struct operand){ 0 };
	else
		out.value = truncated(out.value, c->word);
	if (mem->index != ZYDIS_REGISTER_NONE)
		out.index = number(mem->index);
	return out;
}

static struct operand judged_operand(const struct comparison *c, uint64_t address, unsigned n)
{
	const ZydisDecodedOperand *o = &c->operands[n];
	unsigned width = c->operands[0].size / 8u;

	switch (o->type) {
	case ZYDIS_OPERAND_TYPE_REGISTER: return judged_reg(o->reg.value, width);
	case ZYDIS_OPERAND_TYPE_MEMORY: return judged_memory(c, address, o, width);
	case ZYDIS_OPERAND_TYPE_IMMEDIATE: return judged_const(o->imm.value.u, width);
	default: return (struct operand){ 0 };
	}
}

static bool same_operand(struct operand a, struct operand b)
{
	return a.kind == b.kind
	    && (a.kind == OPERAND_NONE
	        || (a.width == b.width && a.value == b.value
	            && (a.kind == OPERAND_CONST || a.reg == b.reg)
	            && (a.kind != OPERAND_MEMORY || a.index == b.index)));
}

/* ---- Effects -------------------------------------------------------------------- */

/* The effects that the instruction must have, as far as its mnemonic and operands tell. */
struct expected {
	unsigned count;
	struct effect effects[EFFECT_MAX];
};

static void expect(struct expected *e, enum effect_kind kind, struct operand dst,
                   struct operand a, struct operand b)
{
	if (dst.kind == OPERAND_REG && dst.reg == RSP)
		return;
	e->effects[e->count++] = (struct effect){ kind, dst, a, b };
}

static void expect_move(struct expected *e, struct operand dst, struct operand src)
{
	if (dst.kind != OPERAND_NONE && src.kind != OPERAND_NONE && dst.width >= 4)
		expect(e, EFFECT_MOVE, dst, src, (struct operand){ 0 });
}

static void expect_sum(struct expected *e, struct operand dst, struct operand a,
                       struct operand b)
{
	if (dst.kind == OPERAND_REG && dst.width >= 4
	    && (b.kind == OPERAND_REG || b.kind == OPERAND_CONST))
		expect(e, EFFECT_ADD, dst, a, b);
}

static void expect_lea(struct expected *e, struct operand dst, struct operand memory)
{
	struct operand base = { OPERAND_REG, dst.width, memory.reg, REG_NONE, 0, 0 };

	if (memory.kind == OPERAND_NONE || memory.index != REG_NONE)
		return;
	if (memory.reg == REG_NONE)
		expect_move(e, dst, judged_const(memory.value, dst.width));
	else
		expect_sum(e, dst, base, judged_const(memory.value, dst.width));
}

/* What i386's decoder says of the stack, and x86-64's does not: only of whole words. */
static void expect_stack(struct expected *e, const struct comparison *c, struct operand what)
{
	struct operand top = { OPERAND_MEMORY, 4, RSP, REG_NONE, 0, (uint64_t)-4 };

	if (c->word != 4 || c->theirs.operand_width != 32 || what.kind == OPERAND_NONE)
		return;
	if (what.kind == OPERAND_CONST) /* push of a byte extends it */
		what.value = truncated((uint64_t)c->operands[0].imm.value.s, 4);
	what.width = 4;
	if (c->theirs.mnemonic == ZYDIS_MNEMONIC_PUSH)
		expect(e, EFFECT_MOVE, top, what, (struct operand){ 0 });
	else if (what.kind == OPERAND_REG)
		expect(e, EFFECT_MOVE, what, top, (struct operand){ 0 });
}

static struct expected judged_effects(const struct comparison *c, uint64_t address)
{
	struct expected e = { 0 };
	struct operand dst = judged_operand(c, address, 0), src = judged_operand(c, address, 1);
	struct operand none = { 0 };

	switch (c->theirs.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
		expect_move(&e, dst, src);
		break;
	case ZYDIS_MNEMONIC_PUSH: case ZYDIS_MNEMONIC_POP:
		expect_stack(&e, c, dst);
		break;
	case ZYDIS_MNEMONIC_LEA:
		expect_lea(&e, dst, src);
		break;
	case ZYDIS_MNEMONIC_ADD:
		expect_sum(&e, dst, dst, src);
		break;
	case ZYDIS_MNEMONIC_INC:
		expect_sum(&e, dst, dst, judged_const(1, dst.width));
		break;
	case ZYDIS_MNEMONIC_DEC:
		expect_sum(&e, dst, dst, judged_const(UINT64_MAX, dst.width));
		break;
	case ZYDIS_MNEMONIC_SUB:
		if (src.kind == OPERAND_CONST)
			expect_sum(&e, dst, dst, judged_const(0 - src.value, dst.width));
		expect(&e, EFFECT_COMPARE, none, dst, src);
		break;
	case ZYDIS_MNEMONIC_CMP:
		expect(&e, EFFECT_COMPARE, none, dst, src);
		break;
	default:
		break;
	}
	return e;
}

static bool same_effects(const struct comparison *c, uint64_t address)
{
	struct expected e = judged_effects(c, address);

	for (unsigned i = 0; i < EFFECT_MAX; i++) {
		const struct effect *a = &c->ours.effects[i], *b = &e.effects[i];

		if (a->kind != b->kind || !same_operand(a->dst, b->dst) || !same_operand(a->a, b->a)
		    || !same_operand(a->b, b->b))
			return false;
	}
	return true;
}

/* ---- Flow ----------------------------------------------------------------------- */

static enum insn_flow judged_flow(const ZydisDecodedInstruction *theirs)
{
	switch (theirs->mnemonic) {
	case ZYDIS_MNEMONIC_INT3: case ZYDIS_MNEMONIC_INT1: case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_UD0: case ZYDIS_MNEMONIC_UD1: case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_SYSRET: case ZYDIS_MNEMONIC_SYSEXIT: case ZYDIS_MNEMONIC_RSM:
	case ZYDIS_MNEMONIC_UIRET:
		return FLOW_END;
	case ZYDIS_MNEMONIC_XABORT: case ZYDIS_MNEMONIC_XEND:
		return FLOW_NEXT; /* to Zydis conditional branches */
	default:
		break;
	}
	switch (theirs->meta.category) {
	case ZYDIS_CATEGORY_COND_BR: return FLOW_BRANCH;
	case ZYDIS_CATEGORY_UNCOND_BR: return FLOW_JUMP;
	case ZYDIS_CATEGORY_CALL: return FLOW_CALL;
	case ZYDIS_CATEGORY_RET: return FLOW_END;
	default: return FLOW_NEXT;
	}
}

static enum insn_cond judged_cond(const ZydisDecodedInstruction *theirs)
{
	switch (theirs->mnemonic) {
	case ZYDIS_MNEMONIC_JB: return COND_BELOW;
	case ZYDIS_MNEMONIC_JNB: return COND_NOT_BELOW;
	case ZYDIS_MNEMONIC_JNBE: return COND_ABOVE;
	case ZYDIS_MNEMONIC_JBE: return COND_NOT_ABOVE;
	default: return COND_OTHER;
	}
}

static bool same_flow(const struct comparison *c, uint64_t address)
{
	const struct insn *ours = &c->ours;
	enum insn_flow flow = judged_flow(&c->theirs);
	bool relative, far = c->theirs.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR;
	ZyanU64 target = 0;

	if (ours->flow != flow || ours->cond != judged_cond(&c->theirs))
		return false;
	if (flow == FLOW_NEXT || flow == FLOW_END)
		return !ours->has_target && ours->via.kind == OPERAND_NONE;
	relative = c->operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
	if (ours->has_target != relative)
		return false;
	if (!relative)
		return same_operand(ours->via, far ? (struct operand){ 0 }
		                                   : judged_operand(c, address, 0));
	ZydisCalcAbsoluteAddress(&c->theirs, &c->operands[0], address, &target);
	return ours->target == truncated(target, c->word) && ours->via.kind == OPERAND_NONE;
}

/* ---- The comparison ------------------------------------------------------------- */

static const char *difference(const struct comparison *c, uint64_t address)
{
	if (c->ours.length != c->theirs.length)
		return "length";
	if (!same_flow(c, address))
		return "flow";
	if (our_writes(&c->ours) != judged_writes(c))
		return "written registers";
	if (!same_effects(c, address))
		return "effects";
	return NULL;
}

/*
 * What the decoder leaves out on purpose: the Knights Corner instructions, and near branches
 * with 66 but without REX.W, whose distance has 32 bits on Intel's processors and 16 on AMD's.
 */
static bool is_left_out(const ZydisDecodedInstruction *theirs)
{
	switch (theirs->meta.isa_ext) {
	case ZYDIS_ISA_EXT_KNC: case ZYDIS_ISA_EXT_KNCE: case ZYDIS_ISA_EXT_KNCV:
		return true;
	default:
		return theirs->encoding == ZYDIS_INSTRUCTION_ENCODING_MVEX
		    || (theirs->meta.branch_type == ZYDIS_BRANCH_TYPE_NEAR
		        && theirs->raw.imm[0].is_relative
		        && (theirs->attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE) != 0
		        && theirs->raw.rex.W == 0);
	}
}

void judge_compare(const struct judge *judge, struct bytes code, uint64_t address,
                   struct comparison *out)
{
	const struct arch_context context = { 0 };
	bool ours = judge->arch->decode(code, address, &context, &out->ours);
	bool theirs = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&judge->decoder, code.data, code.size,
	                                                  &out->theirs, out->operands));

	theirs = theirs && !(!ours && is_left_out(&out->theirs));
	out->what = NULL;
	out->word = judge->arch->is64 ? 8 : 4;
	if (!ours || !theirs) {
		out->verdict = ours ? ONLY_JUDGE_REJECTS : theirs ? ONLY_DECODER_REJECTS : BOTH_REJECT;
		return;
	}
	out->what = difference(out, address);
	out->verdict = out->what == NULL ? SAME : DIFFERENT;
}

void judge_print(const struct judge *judge, struct bytes code, const struct comparison *c)
{
	char text[256] = "";

	for (uint64_t i = 0; i < code.size && i < INSN_MAX; i++)
		printf("%02x ", code.data[i]);
	if (c->verdict != ONLY_JUDGE_REJECTS)
		ZydisFormatterFormatInstruction(&judge->formatter, &c->theirs, c->operands,
		                                c->theirs.operand_count_visible, text, sizeof text,
		                                ZYDIS_RUNTIME_ADDRESS_NONE, NULL);
	if (c->verdict == ONLY_JUDGE_REJECTS)
		printf("not rejected, length %u\n", c->ours.length);
	else if (c->verdict == ONLY_DECODER_REJECTS)
		printf("rejected; judge: %u %s\n", c->theirs.length, text);
	else
		printf("%s: length %u, writes %#" PRIx32 "; judge: %u %#" PRIx32 " %s\n", c->what,
		       c->ours.length, our_writes(&c->ours), c->theirs.length, judged_writes(c), text);
}
