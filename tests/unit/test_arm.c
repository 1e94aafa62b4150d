/* SPDX-License-Identifier: MIT */
/*
 * Arm: each instruction below was assembled from the text beside it by llvm-mc 22 or GNU as. Those
 * of A32 stand at the address A32_AT; those of T32, of which a pair of half words has the first one
 * above, at T32_AT, which is no multiple of a word.
 */
#include "../../src/startup/startup.h"
#include "expect.h"
#include "startup_code.h"

#define A32_AT UINT64_C(0x200ff8)
#define T32_AT UINT64_C(0x200ffb)

/* What the instructions of the tables read as pc, and where literals are counted from. */
#define A32_PC (A32_AT + 8)
#define T32_PC (T32_AT - 1 + 4)
#define LITERALS (T32_PC - 2)

#define REG(n) R(n, 4)
#define INDEXED(base, with, by, w) \
	{ .kind = OPERAND_MEMORY, .width = (w), .reg = (base), .index = (with), .shift = (by) }
#define LIT(address, w) MEM(REG_NONE, address, w)

#define A32_TO(distance) .has_target = true, .target = A32_AT + (uint64_t)(distance)
#define T32_TO(distance) .has_target = true, .target = T32_AT + (uint64_t)(distance)

struct example {
	uint32_t word;
	const char *text;
	struct insn expect; /* without address and length */
};

/* ---- A32 ------------------------------------------------------------------------------------ */

static const struct example a32_branches[] = {
	{ 0xea7ffffe, "b .+0x2000000", { .flow = FLOW_JUMP, A32_TO(0x2000000) } },
	{ 0xeafffffc, "b .-8", { .flow = FLOW_JUMP, A32_TO(-8) } },
	{ 0xebffffbe, "bl .-0x100", { .flow = FLOW_CALL, A32_TO(-0x100), .clobbers = X(14) } },
	{ 0x1b000002, "blne .+16",
	  { .flow = FLOW_CALL, A32_TO(16), .clobbers = X(14), .conditional = true } },
	{ 0xfb00003e, "blx .+0x102", { .flow = FLOW_CALL, A32_TO(0x102 + 1), .clobbers = X(14) } },
	{ 0x2a000000, "bhs .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, A32_TO(8) } },
	{ 0x3afffffc, "blo .-8", { .flow = FLOW_BRANCH, .cond = COND_BELOW, A32_TO(-8) } },
	{ 0x8a000006, "bhi .+32", { .flow = FLOW_BRANCH, .cond = COND_ABOVE, A32_TO(32) } },
	{ 0x9a000006, "bls .+32", { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, A32_TO(32) } },
	{ 0x0a000000, "beq .+8", { .flow = FLOW_BRANCH, A32_TO(8) } },
	{ 0xe12fff1e, "bx lr", { .flow = FLOW_END } },
	{ 0x212fff1e, "bxhs lr", { .flow = FLOW_END, .conditional = true } },
	{ 0xe12fff1c, "bx r12", { .flow = FLOW_JUMP, .via = REG(12) } },
	{ 0xe12fff1f, "bx pc", { .flow = FLOW_JUMP, A32_TO(8) } },
	{ 0xe12fff33, "blx r3", { .flow = FLOW_CALL, .via = REG(3), .clobbers = X(14) } },
	{ 0xe1a0f00e, "mov pc, lr", { .flow = FLOW_END } },
	{ 0xe1a0f003, "mov pc, r3", { .flow = FLOW_JUMP, .via = REG(3) } },
	{ 0xe08ff103, "add pc, pc, r3, lsl #2", { .flow = FLOW_JUMP } },
	{ 0xe25ef004, "subs pc, lr, #4", { .flow = FLOW_JUMP } },
	{ 0xe51ff004, "ldr pc, [pc, #-4]", { .flow = FLOW_JUMP, .via = LIT(A32_PC - 4, 4) } },
	{ 0xe5bcf008, "ldr pc, [r12, #8]!",
	  { .flow = FLOW_JUMP, .via = MEM(12, 8, 4), .effects = { ADD(REG(12), REG(12), K32(8)) } } },
	{ 0x979ff103, "ldrls pc, [pc, r3, lsl #2]", { .flow = FLOW_JUMP, .conditional = true } },
	{ 0xe49df004, "ldr pc, [sp], #4", { .flow = FLOW_END } },
	{ 0xe8bd8030, "pop {r4, r5, pc}", { .flow = FLOW_END, .clobbers = X(4) | X(5) } },
	{ 0xe91ba810, "ldmdb r11, {r4, r11, sp, pc}",
	  { .flow = FLOW_END, .effects = { MOVE(REG(4), MEM(11, -16, 4)),
	                                   MOVE(REG(11), MEM(11, -12, 4)) } } },
	{ 0xe1200071, "bkpt #1", { .flow = FLOW_END } },
	{ 0xe7f001f0, "udf #16", { .flow = FLOW_END } },
	{ 0xef000000, "svc #0", { .clobbers = X(0) } },
	{ 0xe320f000, "nop", { .flow = FLOW_NEXT } },
};

static const struct example a32_values[] = {
	{ 0xe1a04005, "mov r4, r5", { .effects = { MOVE(REG(4), REG(5)) } } },
	{ 0x01a04005, "moveq r4, r5", { .conditional = true, .effects = { MOVE(REG(4), REG(5)) } } },
	{ 0xe1a0400f, "mov r4, pc", { .effects = { MOVE(REG(4), K32(A32_PC)) } } },
	{ 0xe3a044ff, "mov r4, #0xff000000", { .effects = { MOVE(REG(4), K32(0xff000000)) } } },
	{ 0xe3e04000, "mvn r4, #0", { .effects = { MOVE(REG(4), K32(0xffffffff)) } } },
	{ 0xe30a4bcd, "movw r4, #0xabcd", { .effects = { PART(REG(4), K32(0xabcd)) } } },
	{ 0xe34a4bcd, "movt r4, #0xabcd",
	  { .effects = { INSERT(BITS(4, 4, 0xffff0000), REG(4), K32(0xabcd0000)) } } },
	{ 0xe2854fff, "add r4, r5, #0x3fc", { .effects = { ADD(REG(4), REG(5), K32(0x3fc)) } } },
	{ 0xe2454008, "sub r4, r5, #8", { .effects = { ADD(REG(4), REG(5), K32(-8)) } } },
	{ 0xe0854006, "add r4, r5, r6", { .effects = { ADD(REG(4), REG(5), REG(6)) } } },
	{ 0xe0854186, "add r4, r5, r6, lsl #3", { .clobbers = X(4) } },
	{ 0xe0854716, "add r4, r5, r6, lsl r7", { .clobbers = X(4) } },
	{ 0xe28dd008, "add sp, sp, #8", { .clobbers = 0 } },
	{ 0xe08f7007, "add r7, pc, r7", { .effects = { REBASE(REG(7), REG(7), K32(A32_PC)) } } },
	{ 0xe087700f, "add r7, r7, pc", { .effects = { REBASE(REG(7), REG(7), K32(A32_PC)) } } },
	{ 0xe28f3018, "add r3, pc, #24", { .effects = { MOVE(REG(3), K32(A32_PC + 24)) } } },
	{ 0xe24f3018, "sub r3, pc, #24", { .effects = { MOVE(REG(3), K32(A32_PC - 24)) } } },
	{ 0xe0454006, "sub r4, r5, r6", { .clobbers = X(4), .effects = { COMPARE(REG(5), REG(6)) } } },
	{ 0xe0654006, "rsb r4, r5, r6", { .clobbers = X(4), .effects = { COMPARE(REG(6), REG(5)) } } },
	{ 0xe2654000, "rsb r4, r5, #0", { .clobbers = X(4) } },
	{ 0xe35500a0, "cmp r5, #160", { .effects = { COMPARE(REG(5), K32(160)) } } },
	{ 0xe3750001, "cmn r5, #1", { .effects = { COMPARE(REG(5), K32(0xffffffff)) } } },
	{ 0xe1350006, "teq r5, r6", { .effects = { COMPARE(REG(5), REG(6)) } } },
	{ 0xe3150001, "tst r5, #1", { .clobbers = 0 } },
	{ 0xe20540ff, "and r4, r5, #255", { .effects = { AND(REG(4), REG(5), K32(255)) } } },
	{ 0xe3c540ff, "bic r4, r5, #255", { .effects = { AND(REG(4), REG(5), K32(0xffffff00)) } } },
	{ 0xe22540a0, "eor r4, r5, #160", { .effects = { XOR(REG(4), REG(5), K32(160)) } } },
	{ 0xe1854006, "orr r4, r5, r6", { .clobbers = X(4) } },
	{ 0xe1a04185, "lsl r4, r5, #3", { .effects = { LEFT(REG(4), REG(5), K32(3)) } } },
	{ 0xe1a041a5, "lsr r4, r5, #3", { .effects = { RIGHT(REG(4), REG(5), K32(3)) } } },
	{ 0xe1a04025, "lsr r4, r5, #32", { .clobbers = X(4) } },
	{ 0xe1a041c5, "asr r4, r5, #3", { .clobbers = X(4) } },
	{ 0xe6ef4075, "uxtb r4, r5", { .effects = { AND(REG(4), REG(5), K32(255)) } } },
	{ 0xe6ff4075, "uxth r4, r5", { .effects = { AND(REG(4), REG(5), K32(0xffff)) } } },
	{ 0xe6ef4475, "uxtb r4, r5, ror #8", { .clobbers = X(4) } },
	{ 0xe7e341d5, "ubfx r4, r5, #3, #4", { .clobbers = X(4) } },
};

static const struct example a32_transfers[] = {
	{ 0xe5154008, "ldr r4, [r5, #-8]", { .effects = { MOVE(REG(4), MEM(5, -8, 4)) } } },
	{ 0xe5d54004, "ldrb r4, [r5, #4]", { .effects = { MOVE(REG(4), MEM(5, 4, 1)) } } },
	{ 0xe1d540b6, "ldrh r4, [r5, #6]", { .effects = { MOVE(REG(4), MEM(5, 6, 2)) } } },
	{ 0xe15540d6, "ldrsb r4, [r5, #-6]", { .effects = { MOVE(REG(4), MEM(5, -6, 1)) } } },
	{ 0xe1d540f0, "ldrsh r4, [r5]", { .effects = { MOVE(REG(4), MEM(5, 0, 2)) } } },
	{ 0xe59f4010, "ldr r4, [pc, #16]", { .effects = { MOVE(REG(4), LIT(A32_PC + 16, 4)) } } },
	{ 0xe79f4004, "ldr r4, [pc, r4]", { .effects = { MOVE(REG(4), MEM(4, A32_PC, 4)) } } },
	{ 0xe7954006, "ldr r4, [r5, r6]", { .effects = { MOVE(REG(4), INDEXED(5, 6, 0, 4)) } } },
	{ 0xe7d54186, "ldrb r4, [r5, r6, lsl #3]",
	  { .effects = { MOVE(REG(4), INDEXED(5, 6, 3, 1)) } } },
	{ 0xe7154006, "ldr r4, [r5, -r6]", { .clobbers = X(4) } },
	{ 0xe79541a6, "ldr r4, [r5, r6, lsr #3]", { .clobbers = X(4) } },
	{ 0xe4954008, "ldr r4, [r5], #8",
	  { .effects = { MOVE(REG(4), MEM(5, 0, 4)), ADD(REG(5), REG(5), K32(8)) } } },
	{ 0xe5754008, "ldrb r4, [r5, #-8]!",
	  { .effects = { MOVE(REG(4), MEM(5, -8, 1)), ADD(REG(5), REG(5), K32(-8)) } } },
	{ 0xe6954006, "ldr r4, [r5], r6",
	  { .clobbers = X(5), .effects = { MOVE(REG(4), MEM(5, 0, 4)) } } },
	{ 0xe19540b6, "ldrh r4, [r5, r6]", { .effects = { MOVE(REG(4), INDEXED(5, 6, 0, 2)) } } },
	{ 0xe14640d8, "ldrd r4, r5, [r6, #-8]",
	  { .effects = { MOVE(REG(4), MEM(6, -8, 4)), MOVE(REG(5), MEM(6, -4, 4)) } } },
	{ 0xe1cd40f8, "strd r4, r5, [sp, #8]",
	  { .effects = { MOVE(MEM(13, 8, 4), REG(4)), MOVE(MEM(13, 12, 4), REG(5)) } } },
	{ 0xe52d4004, "str r4, [sp, #-4]!", { .effects = { MOVE(MEM(13, -4, 4), REG(4)) } } },
	{ 0xe5c54000, "strb r4, [r5]", { .effects = { MOVE(MEM(5, 0, 1), R(4, 1)) } } },
	{ 0xe8b500c0, "ldm r5!, {r6, r7}",
	  { .effects = { MOVE(REG(6), MEM(5, 0, 4)), MOVE(REG(7), MEM(5, 4, 4)),
	                 ADD(REG(5), REG(5), K32(8)) } } },
	{ 0xe99500c0, "ldmib r5, {r6, r7}",
	  { .effects = { MOVE(REG(6), MEM(5, 4, 4)), MOVE(REG(7), MEM(5, 8, 4)) } } },
	{ 0xe81500c0, "ldmda r5, {r6, r7}",
	  { .effects = { MOVE(REG(6), MEM(5, -4, 4)), MOVE(REG(7), MEM(5, 0, 4)) } } },
	{ 0xe895003e, "ldm r5, {r1, r2, r3, r4, r5}",
	  { .clobbers = X(4) | X(5), .effects = { MOVE(REG(1), MEM(5, 0, 4)),
	                                          MOVE(REG(2), MEM(5, 4, 4)),
	                                          MOVE(REG(3), MEM(5, 8, 4)) } } },
	{ 0xe92500c0, "stmdb r5!, {r6, r7}",
	  { .effects = { MOVE(MEM(5, -8, 4), REG(6)), MOVE(MEM(5, -4, 4), REG(7)),
	                 ADD(REG(5), REG(5), K32(-8)) } } },
	{ 0xe92d4030, "push {r4, r5, lr}", { .clobbers = 0 } },
	{ 0xe8bd0030, "pop {r4, r5}", { .clobbers = X(4) | X(5) } },
};

static const struct example a32_others[] = {
	{ 0xe0040695, "mul r4, r5, r6", { .clobbers = X(4) } },
	{ 0xe0854796, "umull r4, r5, r6, r7", { .clobbers = X(4) | X(5) } },
	{ 0xe1047685, "smlabb r4, r5, r6, r7", { .clobbers = X(4) } },
	{ 0xe714f615, "sdiv r4, r5, r6", { .clobbers = X(4) } },
	{ 0xe16f4f15, "clz r4, r5", { .clobbers = X(4) } },
	{ 0xe1954f9f, "ldrex r4, [r5]", { .clobbers = X(4) } },
	{ 0xe1864f95, "strex r4, r5, [r6]", { .clobbers = X(4) } },
	{ 0xe1b64f9f, "ldrexd r4, r5, [r6]", { .clobbers = X(4) | X(5) } },
	{ 0xe1064095, "swp r4, r5, [r6]", { .clobbers = X(4) } },
	{ 0xe10f4000, "mrs r4, apsr", { .clobbers = X(4) } },
	{ 0xee1d4f70, "mrc p15, #0, r4, c13, c0, #3", { .clobbers = X(4) } },
	{ 0xee0d4f70, "mcr p15, #0, r4, c13, c0, #3", { .clobbers = 0 } },
	{ 0xec554b16, "vmov r4, r5, d6", { .clobbers = X(4) | X(5) } },
	{ 0xec454b16, "vmov d6, r4, r5", { .clobbers = 0 } },
	{ 0xee134a10, "vmov r4, s6", { .clobbers = X(4) } },
	{ 0xecb46b02, "vldmia r4!, {d6}", { .clobbers = X(4) } },
	{ 0xed946b00, "vldr d6, [r4]", { .clobbers = 0 } },
	{ 0xf424678d, "vld1.32 {d6}, [r4]!", { .clobbers = X(4) } },
	{ 0xf424678f, "vld1.32 {d6}, [r4]", { .clobbers = 0 } },
	{ 0xf2220844, "vadd.i32 q0, q1, q2", { .clobbers = 0 } },
	{ 0xf5d4f008, "pld [r4, #8]", { .clobbers = 0 } },
	{ 0xf57ff05b, "dmb ish", { .clobbers = 0 } },
};

/* ---- T32 ------------------------------------------------------------------------------------ */

static const struct example t32_branches[] = {
	{ 0xf000bbfd, "b .+0x7fe", { .flow = FLOW_JUMP, T32_TO(0x7fe) } },
	{ 0xf6ffbffe, "b.w .-0x100000", { .flow = FLOW_JUMP, T32_TO(-0x100000) } },
	{ 0xf7ffff7e, "bl .-0x100", { .flow = FLOW_CALL, T32_TO(-0x100), .clobbers = X(14) } },
	{ 0xf3ffd7fd, "bl .+0xfffffe", { .flow = FLOW_CALL, T32_TO(0xfffffe), .clobbers = X(14) } },
	{ 0xf000e886, "blx .+0x10e",
	  { .flow = FLOW_CALL, .has_target = true, .target = 0x201108, .clobbers = X(14) } },
	{ 0xd202, "bhs .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, T32_TO(8) } },
	{ 0xd3fa, "blo .-8", { .flow = FLOW_BRANCH, .cond = COND_BELOW, T32_TO(-8) } },
	{ 0xf23fa7fe, "bhi.w .+0x80000", { .flow = FLOW_BRANCH, .cond = COND_ABOVE, T32_TO(0x80000) } },
	{ 0xf67fa7fe, "bls.w .-0x80000",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, T32_TO(-0x80000) } },
	{ 0xb303, "cbz r3, .+0x44", { .flow = FLOW_BRANCH, T32_TO(0x44) } },
	{ 0xb903, "cbnz r3, .+4", { .flow = FLOW_BRANCH, T32_TO(4) } },
	{ 0x4770, "bx lr", { .flow = FLOW_END } },
	{ 0x4760, "bx r12", { .flow = FLOW_JUMP, .via = REG(12) } },
	{ 0x4778, "bx pc", { .flow = FLOW_JUMP, .has_target = true, .target = 0x200ffc } },
	{ 0x4798, "blx r3", { .flow = FLOW_CALL, .via = REG(3), .clobbers = X(14) } },
	{ 0x46f7, "mov pc, lr", { .flow = FLOW_END } },
	{ 0x469f, "mov pc, r3", { .flow = FLOW_JUMP, .via = REG(3) } },
	{ 0x449f, "add pc, r3", { .flow = FLOW_JUMP } },
	{ 0xe8dff003, "tbb [pc, r3]", { .flow = FLOW_JUMP } },
	{ 0xe8dff013, "tbh [pc, r3, lsl #1]", { .flow = FLOW_JUMP } },
	{ 0xf8dff004, "ldr.w pc, [pc, #4]", { .flow = FLOW_JUMP, .via = LIT(LITERALS + 4, 4) } },
	{ 0xf85dfb04, "ldr pc, [sp], #4", { .flow = FLOW_END } },
	{ 0xbd10, "pop {r4, pc}", { .flow = FLOW_END, .clobbers = X(4) } },
	{ 0xe8bd8110, "pop.w {r4, r8, pc}", { .flow = FLOW_END, .clobbers = X(4) | X(8) } },
	{ 0xbe01, "bkpt #1", { .flow = FLOW_END } },
	{ 0xde10, "udf #16", { .flow = FLOW_END } },
	{ 0xf7f0a010, "udf.w #16", { .flow = FLOW_END } },
	{ 0xdf00, "svc #0", { .clobbers = X(0) } },
	{ 0xbf00, "nop", { .flow = FLOW_NEXT } },
	{ 0xf3af8000, "nop.w", { .flow = FLOW_NEXT } },
	{ 0xbf28, "it hs", { .makes_conditional = 1 } },
	{ 0xbf06, "itte eq", { .makes_conditional = 3 } },
	{ 0xbf35, "itete lo", { .makes_conditional = 4 } },
};

static const struct example t32_values[] = {
	{ 0x462c, "mov r4, r5", { .effects = { MOVE(REG(4), REG(5)) } } },
	{ 0x002c, "movs r4, r5", { .effects = { MOVE(REG(4), REG(5)) } } },
	{ 0xea4f0408, "mov.w r4, r8", { .effects = { MOVE(REG(4), REG(8)) } } },
	{ 0x467c, "mov r4, pc", { .effects = { MOVE(REG(4), K32(T32_PC)) } } },
	{ 0x24a0, "movs r4, #160", { .effects = { MOVE(REG(4), K32(160)) } } },
	{ 0xf04f28ab, "mov.w r8, #0xab00ab00", { .effects = { MOVE(REG(8), K32(0xab00ab00)) } } },
	{ 0xf44f78ff, "mov.w r8, #0x1fe", { .effects = { MOVE(REG(8), K32(0x1fe)) } } },
	{ 0xf06f0800, "mvn r8, #0", { .effects = { MOVE(REG(8), K32(0xffffffff)) } } },
	{ 0xf64a38cd, "movw r8, #0xabcd", { .effects = { PART(REG(8), K32(0xabcd)) } } },
	{ 0xf6ca38cd, "movt r8, #0xabcd",
	  { .effects = { INSERT(BITS(8, 4, 0xffff0000), REG(8), K32(0xabcd0000)) } } },
	{ 0x3408, "adds r4, #8", { .effects = { ADD(REG(4), REG(4), K32(8)) } } },
	{ 0x3c08, "subs r4, #8", { .effects = { ADD(REG(4), REG(4), K32(-8)) } } },
	{ 0x1dec, "adds r4, r5, #7", { .effects = { ADD(REG(4), REG(5), K32(7)) } } },
	{ 0x19ac, "adds r4, r5, r6", { .effects = { ADD(REG(4), REG(5), REG(6)) } } },
	{ 0x4444, "add r4, r8", { .effects = { ADD(REG(4), REG(4), REG(8)) } } },
	{ 0xeb09080a, "add.w r8, r9, r10", { .effects = { ADD(REG(8), REG(9), REG(10)) } } },
	{ 0xeb0908ca, "add.w r8, r9, r10, lsl #3", { .clobbers = X(8) } },
	{ 0xf1033aff, "add.w r10, r3, #-1", { .effects = { ADD(REG(10), REG(3), K32(-1)) } } },
	{ 0xf60978ff, "addw r8, r9, #0xfff", { .effects = { ADD(REG(8), REG(9), K32(0xfff)) } } },
	{ 0xf6a978ff, "subw r8, r9, #0xfff", { .effects = { ADD(REG(8), REG(9), K32(-0xfff)) } } },
	{ 0xac04, "add r4, sp, #16", { .effects = { ADD(REG(4), REG(13), K32(16)) } } },
	{ 0xb002, "add sp, #8", { .clobbers = 0 } },
	{ 0x447f, "add r7, pc", { .effects = { REBASE(REG(7), REG(7), K32(T32_PC)) } } },
	{ 0xf20f0420, "adr r4, .+0x22", { .effects = { MOVE(REG(4), K32(LITERALS + 0x20)) } } },
	{ 0xf2af0820, "adr.w r8, .-0x1e", { .effects = { MOVE(REG(8), K32(LITERALS - 0x20)) } } },
	{ 0xebaa0a04, "sub.w r10, r10, r4",
	  { .clobbers = X(10), .effects = { COMPARE(REG(10), REG(4)) } } },
	{ 0x1bac, "subs r4, r5, r6", { .clobbers = X(4), .effects = { COMPARE(REG(5), REG(6)) } } },
	{ 0xebc9080a, "rsb r8, r9, r10",
	  { .clobbers = X(8), .effects = { COMPARE(REG(10), REG(9)) } } },
	{ 0x2ba0, "cmp r3, #160", { .effects = { COMPARE(REG(3), K32(160)) } } },
	{ 0xf1b80fa0, "cmp.w r8, #160", { .effects = { COMPARE(REG(8), K32(160)) } } },
	{ 0x42a3, "cmp r3, r4", { .effects = { COMPARE(REG(3), REG(4)) } } },
	{ 0x4543, "cmp r3, r8", { .effects = { COMPARE(REG(3), REG(8)) } } },
	{ 0xebb80f09, "cmp.w r8, r9", { .effects = { COMPARE(REG(8), REG(9)) } } },
	{ 0xf1180f01, "cmn.w r8, #1", { .effects = { COMPARE(REG(8), K32(0xffffffff)) } } },
	{ 0x4223, "tst r3, r4", { .clobbers = 0 } },
	{ 0xf0130f01, "tst.w r3, #1", { .clobbers = 0 } },
	{ 0xf0930fa0, "teq r3, #160", { .effects = { COMPARE(REG(3), K32(160)) } } },
	{ 0x402c, "ands r4, r5", { .effects = { AND(REG(4), REG(4), REG(5)) } } },
	{ 0xf00908ff, "and r8, r9, #255", { .effects = { AND(REG(8), REG(9), K32(255)) } } },
	{ 0xf02908ff, "bic r8, r9, #255", { .effects = { AND(REG(8), REG(9), K32(0xffffff00)) } } },
	{ 0xf08908a0, "eor r8, r9, #160", { .effects = { XOR(REG(8), REG(9), K32(160)) } } },
	{ 0x432c, "orrs r4, r5", { .clobbers = X(4) } },
	{ 0x426c, "rsbs r4, r5, #0", { .clobbers = X(4) } },
	{ 0x436c, "muls r4, r5, r4", { .clobbers = X(4) } },
	{ 0x00ec, "lsls r4, r5, #3", { .effects = { LEFT(REG(4), REG(5), K32(3)) } } },
	{ 0x08ec, "lsrs r4, r5, #3", { .effects = { RIGHT(REG(4), REG(5), K32(3)) } } },
	{ 0x082c, "lsrs r4, r5, #32", { .clobbers = X(4) } },
	{ 0x10ec, "asrs r4, r5, #3", { .clobbers = X(4) } },
	{ 0x40ac, "lsls r4, r5", { .clobbers = X(4) } },
	{ 0xea4f0ada, "lsr.w r10, r10, #3", { .effects = { RIGHT(REG(10), REG(10), K32(3)) } } },
	{ 0xb2ec, "uxtb r4, r5", { .effects = { AND(REG(4), REG(5), K32(255)) } } },
	{ 0xb2ac, "uxth r4, r5", { .effects = { AND(REG(4), REG(5), K32(0xffff)) } } },
	{ 0xb26c, "sxtb r4, r5", { .clobbers = X(4) } },
	{ 0xfa5ff889, "uxtb.w r8, r9", { .effects = { AND(REG(8), REG(9), K32(255)) } } },
	{ 0xfa5ff899, "uxtb.w r8, r9, ror #8", { .clobbers = X(8) } },
	{ 0xba2c, "rev r4, r5", { .clobbers = X(4) } },
	{ 0xf3c908c3, "ubfx r8, r9, #3, #4", { .clobbers = X(8) } },
	{ 0xea69080a, "orn r8, r9, r10", { .clobbers = X(8) } },
};

static const struct example t32_transfers[] = {
	{ 0x6fec, "ldr r4, [r5, #124]", { .effects = { MOVE(REG(4), MEM(5, 124, 4)) } } },
	{ 0x792c, "ldrb r4, [r5, #4]", { .effects = { MOVE(REG(4), MEM(5, 4, 1)) } } },
	{ 0x88ec, "ldrh r4, [r5, #6]", { .effects = { MOVE(REG(4), MEM(5, 6, 2)) } } },
	{ 0x60ac, "str r4, [r5, #8]", { .effects = { MOVE(MEM(5, 8, 4), REG(4)) } } },
	{ 0x722c, "strb r4, [r5, #8]", { .effects = { MOVE(MEM(5, 8, 1), R(4, 1)) } } },
	{ 0x812c, "strh r4, [r5, #8]", { .effects = { MOVE(MEM(5, 8, 2), R(4, 2)) } } },
	{ 0x59ac, "ldr r4, [r5, r6]", { .effects = { MOVE(REG(4), INDEXED(5, 6, 0, 4)) } } },
	{ 0x57ac, "ldrsb r4, [r5, r6]", { .effects = { MOVE(REG(4), INDEXED(5, 6, 0, 1)) } } },
	{ 0x5fac, "ldrsh r4, [r5, r6]", { .effects = { MOVE(REG(4), INDEXED(5, 6, 0, 2)) } } },
	{ 0x53ac, "strh r4, [r5, r6]", { .effects = { MOVE(INDEXED(5, 6, 0, 2), R(4, 2)) } } },
	{ 0x9c04, "ldr r4, [sp, #16]", { .effects = { MOVE(REG(4), MEM(13, 16, 4)) } } },
	{ 0x9404, "str r4, [sp, #16]", { .effects = { MOVE(MEM(13, 16, 4), REG(4)) } } },
	{ 0x4c04, "ldr r4, [pc, #16]", { .effects = { MOVE(REG(4), LIT(LITERALS + 16, 4)) } } },
	{ 0xf85f8010, "ldr.w r8, [pc, #-16]",
	  { .effects = { MOVE(REG(8), LIT(LITERALS - 16, 4)) } } },
	{ 0xf8143c04, "ldrb r3, [r4, #-4]", { .effects = { MOVE(REG(3), MEM(4, -4, 1)) } } },
	{ 0xf8d98ffc, "ldr.w r8, [r9, #0xffc]", { .effects = { MOVE(REG(8), MEM(9, 0xffc, 4)) } } },
	{ 0xf81b3034, "ldrb.w r3, [r11, r4, lsl #3]",
	  { .effects = { MOVE(REG(3), INDEXED(11, 4, 3, 1)) } } },
	{ 0xf8598b08, "ldr r8, [r9], #8",
	  { .effects = { MOVE(REG(8), MEM(9, 0, 4)), ADD(REG(9), REG(9), K32(8)) } } },
	{ 0xf8198d08, "ldrb r8, [r9, #-8]!",
	  { .effects = { MOVE(REG(8), MEM(9, -8, 1)), ADD(REG(9), REG(9), K32(-8)) } } },
	{ 0xf84d8d04, "str r8, [sp, #-4]!", { .effects = { MOVE(MEM(13, -4, 4), REG(8)) } } },
	{ 0xf9b98002, "ldrsh.w r8, [r9, #2]", { .effects = { MOVE(REG(8), MEM(9, 2, 2)) } } },
	{ 0xe9598a02, "ldrd r8, r10, [r9, #-8]",
	  { .effects = { MOVE(REG(8), MEM(9, -8, 4)), MOVE(REG(10), MEM(9, -4, 4)) } } },
	{ 0xe8f98a04, "ldrd r8, r10, [r9], #16",
	  { .effects = { MOVE(REG(8), MEM(9, 0, 4)), MOVE(REG(10), MEM(9, 4, 4)),
	                 ADD(REG(9), REG(9), K32(16)) } } },
	{ 0xe9cd8a02, "strd r8, r10, [sp, #8]",
	  { .effects = { MOVE(MEM(13, 8, 4), REG(8)), MOVE(MEM(13, 12, 4), REG(10)) } } },
	{ 0xcdc0, "ldm r5!, {r6, r7}",
	  { .effects = { MOVE(REG(6), MEM(5, 0, 4)), MOVE(REG(7), MEM(5, 4, 4)),
	                 ADD(REG(5), REG(5), K32(8)) } } },
	{ 0xc5c0, "stm r5!, {r6, r7}",
	  { .effects = { MOVE(MEM(5, 0, 4), REG(6)), MOVE(MEM(5, 4, 4), REG(7)),
	                 ADD(REG(5), REG(5), K32(8)) } } },
	{ 0xe9190140, "ldmdb r9, {r6, r8}",
	  { .effects = { MOVE(REG(6), MEM(9, -8, 4)), MOVE(REG(8), MEM(9, -4, 4)) } } },
	{ 0xb510, "push {r4, lr}", { .clobbers = 0 } },
	{ 0xe92d4110, "push.w {r4, r8, lr}", { .clobbers = 0 } },
	{ 0xbc30, "pop {r4, r5}", { .clobbers = X(4) | X(5) } },
};

static const struct example t32_others[] = {
	{ 0xfb09f80a, "mul r8, r9, r10", { .clobbers = X(8) } },
	{ 0xfbaa890b, "umull r8, r9, r10, r11", { .clobbers = X(8) | X(9) } },
	{ 0xfb19b80a, "smlabb r8, r9, r10, r11", { .clobbers = X(8) } },
	{ 0xfbb9f8fa, "udiv r8, r9, r10", { .clobbers = X(8) } },
	{ 0xfab9f889, "clz r8, r9", { .clobbers = X(8) } },
	{ 0xe8598f00, "ldrex r8, [r9]", { .clobbers = X(8) } },
	{ 0xe84a9800, "strex r8, r9, [r10]", { .clobbers = X(8) } },
	{ 0xe8da897f, "ldrexd r8, r9, [r10]", { .clobbers = X(8) | X(9) } },
	{ 0xe8ca9f48, "strexb r8, r9, [r10]", { .clobbers = X(8) } },
	{ 0xe8da8f4f, "ldrexb r8, [r10]", { .clobbers = X(8) } },
	{ 0xf3ef8800, "mrs r8, apsr", { .clobbers = X(8) } },
	{ 0xee1d8f70, "mrc p15, #0, r8, c13, c0, #3", { .clobbers = X(8) } },
	{ 0xeef1fa10, "vmrs apsr_nzcv, fpscr", { .clobbers = 0 } },
	{ 0xec598b16, "vmov r8, r9, d6", { .clobbers = X(8) | X(9) } },
	{ 0xecb86b02, "vldmia r8!, {d6}", { .clobbers = X(8) } },
	{ 0xf9286789, "vld1.32 {d6}, [r8], r9", { .clobbers = X(8) } },
	{ 0xf908678f, "vst1.32 {d6}, [r8]", { .clobbers = 0 } },
	{ 0xef220844, "vadd.i32 q0, q1, q2", { .clobbers = 0 } },
	{ 0xf898f008, "pld [r8, #8]", { .clobbers = 0 } },
	{ 0xf3bf8f5b, "dmb ish", { .clobbers = 0 } },
	{ 0xf36908c6, "bfi r8, r9, #3, #4", { .clobbers = X(8) } },
	{ 0xe8c98faf, "stl r8, [r9]", { .clobbers = 0 } },
	{ 0xe8d98faf, "lda r8, [r9]", { .clobbers = X(8) } },
};

/* ---- decoding ------------------------------------------------------------------------------- */

/* Stores an instruction, as large as it is. @return its bytes. */
static unsigned store(uint32_t word, bool thumb, unsigned char code[4])
{
	bool pair = thumb && word > 0xffff;

	bytes_store(code, 4, ORDER_LITTLE, pair ? word >> 16 | word << 16 : word);
	return thumb && !pair ? 2 : 4;
}

static bool decode_word(uint32_t word, uint64_t address, struct insn *out)
{
	unsigned char code[4];

	return decode_one(&arch_arm, code, store(word, address & 1, code), address, out);
}

static void check(const struct example *examples, size_t count, uint64_t address)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *example = &examples[i];
		unsigned char code[4];
		unsigned size = store(example->word, address & 1, code);
		struct insn insn;
		if (!decode_one(&arch_arm, code, size, address, &insn))
			fail_msg("%s: not decoded", example->text);
		same(example->text, "address", insn.address, address);
		same(example->text, "length", insn.length, size);
		same_insn(example->text, &insn, &example->expect);
	}
}

static void test_branches(void **state)
{
	(void)state;
	check(a32_branches, COUNT(a32_branches), A32_AT);
	check(t32_branches, COUNT(t32_branches), T32_AT);
}

static void test_values(void **state)
{
	(void)state;
	check(a32_values, COUNT(a32_values), A32_AT);
	check(t32_values, COUNT(t32_values), T32_AT);
}

static void test_transfers(void **state)
{
	(void)state;
	check(a32_transfers, COUNT(a32_transfers), A32_AT);
	check(t32_transfers, COUNT(t32_transfers), T32_AT);
}

static void test_others(void **state)
{
	(void)state;
	check(a32_others, COUNT(a32_others), A32_AT);
	check(t32_others, COUNT(t32_others), T32_AT);
}

static void test_no_instruction(void **state)
{
	unsigned char code[4];
	struct insn insn;

	(void)state;
	store(0xf3af8000, true, code); /* nop.w, which is something in A32 as well */
	for (uint64_t size = 0; size < 4; size++) {
		assert_false(decode_one(&arch_arm, code, size, A32_AT, &insn));
		assert_false(decode_one(&arch_arm, code, size, T32_AT, &insn));
	}
	assert_true(decode_one(&arch_arm, code, 4, T32_AT, &insn));
	assert_false(decode_one(&arch_arm, code, 4, A32_AT + 2, &insn));
	assert_false(decode_word(0xff000000, A32_AT, &insn)); /* svc has a condition */
	assert_false(decode_word(0xb800, T32_AT, &insn));     /* 16 bits that mean nothing */
	assert_false(decode_word(0xf000c001, T32_AT, &insn)); /* blx to a half word */
}

/* ---- forming -------------------------------------------------------------------------------- */

/* Forms @value by a pair of movw and movt. @return whether it was possible. */
static bool form_pair(uint64_t address, const uint32_t words[2], uint64_t value, uint32_t out[2])
{
	unsigned char code[2][INSN_MAX];
	struct insn insns[2];
	const struct insn *parts[2] = { &insns[0], &insns[1] };
	bool done;

	for (unsigned i = 0; i < 2; i++) {
		store(words[i], address & 1, code[i]);
		assert_true(decode_one(&arch_arm, code[i], 4, address, &insns[i]));
	}
	done = arch_arm.form(parts, 2, value, &no_context, code);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t word = (uint32_t)bytes_number(code[i], 4, ORDER_LITTLE);
		out[i] = address & 1 ? word >> 16 | word << 16 : word;
	}
	return done;
}

static void test_form(void **state)
{
	static const uint32_t a32[2] = { 0xe3004000, 0xe3404000 }, t32[2] = { 0xf2400800, 0xf2c00800 };
	static const uint32_t other[2] = { 0xe3004000, 0xe2844008 };
	uint32_t out[2];

	(void)state;
	assert_true(form_pair(A32_AT, a32, 0x12345678, out));
	assert_int_equal(out[0], 0xe3054678); /* movw r4, #0x5678 */
	assert_int_equal(out[1], 0xe3414234); /* movt r4, #0x1234 */
	assert_true(form_pair(T32_AT, t32, 0xfedcba98, out));
	assert_int_equal(out[0], 0xf64b2898); /* movw r8, #0xba98 */
	assert_int_equal(out[1], 0xf6cf68dc); /* movt r8, #0xfedc */
	assert_false(form_pair(A32_AT, a32, 0x100000000, out));
	assert_false(form_pair(A32_AT, other, 0x12345678, out)); /* movw and add */
}

static void test_form_nothing_else(void **state)
{
	static const struct { uint64_t address; uint32_t word; } words[] = {
		{ A32_AT, 0xe3a04001 }, { A32_AT, 0xe28f3018 }, { A32_AT, 0xe59f4010 },
		{ T32_AT, 0x2401 }, { T32_AT, 0xa408 }, { T32_AT, 0xf04f0801 },
	};
	struct insn insn;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		unsigned char code[4], before[4];
		unsigned size = store(words[i].word, words[i].address & 1, code);
		memcpy(before, code, 4);
		assert_true(decode_one(&arch_arm, code, size, words[i].address, &insn));
		assert_false(form_one(&arch_arm, &insn, 2, code));
		assert_memory_equal(code, before, 4);
	}
}

/* ---- promises ------------------------------------------------------------------------------- */

static void test_random_words(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 2000000; i++) {
		uint32_t word = (uint32_t)next_random(&seed);
		uint64_t address = next_random(&seed) & UINT32_MAX & (i % 2 ? ~UINT64_C(0) : ~UINT64_C(3));
		unsigned char code[4];
		char text[12];
		struct insn insn;
		bytes_store(code, 4, ORDER_LITTLE, word);
		if (!decode_one(&arch_arm, code, 4, address, &insn))
			continue;
		snprintf(text, sizeof(text), "%08x", word);
		check_promises(text, &insn, X(13) | X(15) | ~UINT64_C(0xffff));
		if (form_one(&arch_arm, &insn, next_random(&seed) & UINT32_MAX, code))
			assert_true(decode_one(&arch_arm, code, 4, address, &insn));
	}
}

/* ---- in functions --------------------------------------------------------------------------- */

/* A program with two strays and two IRELATIVE entries, and its startup. */
static struct program {
	struct synthetic s;
	struct startup startup;
} program;

enum { START = RELA_DYN, END = RELA_DYN + 4 * 8, WORDS = GOT + 16 };

static void forget(void)
{
	startup_free(&program.startup);
	synthetic_free(&program.s);
}

/* Begins a program whose code, entered in the state of @thumb, is @code. */
static void begin(const void *code, size_t size, bool thumb)
{
	struct synthetic *s = &program.s;

	forget();
	synthetic_begin(s, &arch_arm);
	synthetic_set(s, 0, E_ENTRY, TEXT + thumb);
	put_stray(s, &arch_arm, GOT + 32, "absent_1");
	put_stray(s, &arch_arm, GOT + 36, "absent_2");
	put_irelative(s, &arch_arm, GOT + 40);
	put_irelative(s, &arch_arm, GOT + 44);
	put_code(s, TEXT, code, size);
	synthetic_word(s, WORDS, START);
	synthetic_word(s, WORDS + 4, END);
}

static const struct loop *locate(void)
{
	synthetic_end(&program.s);
	assert_true(startup_begin(&program.startup, &program.s.image, &program.s.why));
	startup_find_loop(&program.startup, true);
	return &program.startup.loop;
}

static void assert_bounds(const struct loop *loop, uint64_t start, uint64_t end)
{
	assert_true(loop->found);
	assert_int_equal(loop->start, start);
	assert_int_equal(loop->end, end);
}

static void assert_site(const struct sites *sites, size_t index, enum origin_kind kind,
                        uint64_t address)
{
	assert_true(index < sites->count);
	assert_int_equal(sites->items[index].kind, kind);
	assert_int_equal(sites->items[index].address, address);
}

/* The words of the GOT hold the bounds. */
static void assert_words(const struct loop *loop)
{
	assert_bounds(loop, START, END);
	assert_int_equal(loop->starts.count, 1);
	assert_int_equal(loop->ends.count, 1);
	assert_site(&loop->starts, 0, ORIGIN_WORD, WORDS);
	assert_site(&loop->ends, 0, ORIGIN_WORD, WORDS + 4);
}

/* The pointer is S + 8 when the type is read, and END becomes a number of rounds. */
static const uint16_t gcc_pie[] = {
	0xf000, 0xf801, /*    bl 1f */
	0xde00,         /*    udf #0 */
	0x4f10,         /* 1: ldr r7, 7f */
	0x447f,         /* 2: add r7, pc */
	0x4b10,         /*    ldr r3, 8f */
	0x58fc,         /*    ldr r4, [r7, r3] */
	0x4b10,         /*    ldr r3, 9f */
	0x58fb,         /*    ldr r3, [r7, r3] */
	0x429c,         /*    cmp r4, r3 */
	0xd217,         /*    bhs 6f */
	0xf103, 0x3aff, /*    add.w r10, r3, #-1 */
	0xebaa, 0x0a04, /*    sub.w r10, r10, r4 */
	0x2500,         /*    movs r5, #0 */
	0x3408,         /*    adds r4, #8 */
	0xea4f, 0x0ada, /*    lsr.w r10, r10, #3 */
	0xe008,         /*    b 4f */
	0xf8d9, 0x3000, /* 3: ldr.w r3, [r9] */
	0x3408,         /*    adds r4, #8 */
	0x4798,         /*    blx r3 */
	0x4555,         /*    cmp r5, r10 */
	0xf8c9, 0x0000, /*    str.w r0, [r9] */
	0xd006,         /*    beq 6f */
	0x3501,         /*    adds r5, #1 */
	0xf814, 0x3c04, /* 4: ldrb r3, [r4, #-4] */
	0xf854, 0x9c08, /*    ldr r9, [r4, #-8] */
	0x2ba0,         /*    cmp r3, #160 */
	0xd0f0,         /*    beq 3b */
	0x4770,         /* 6: bx lr */
	0x23f4, 0x0000, /* 7: .word 0x204400 - (0x202000 + (2b - start) + 4) */
	0x0010, 0x0000, /* 8: .word 0x10 */
	0x0014, 0x0000, /* 9: .word 0x14 */
};

static void test_gcc_pie(void **state)
{
	(void)state;
	begin(gcc_pie, sizeof(gcc_pie), true);
	assert_words(locate());
}

/* The base is pc itself; of conditions of A32 only those of branches end the code before them. */
static const uint32_t clang_pie[] = {
	0xeb000000, /*    bl 1f */
	0xe7f000f0, /*    udf #0 */
	0xe59f7038, /* 1: ldr r7, 7f */
	0xe79f7007, /* 2: ldr r7, [pc, r7] */
	0xe59f6034, /*    ldr r6, 8f */
	0xe79f6006, /* 3: ldr r6, [pc, r6] */
	0xe1570006, /*    cmp r7, r6 */
	0x212fff1e, /*    bxhs lr */
	0xe5d70004, /* 4: ldrb r0, [r7, #4] */
	0xe4975008, /*    ldr r5, [r7], #8 */
	0xe35000a0, /*    cmp r0, #160 */
	0x1a000004, /*    bne 6f */
	0xe5951000, /*    ldr r1, [r5] */
	0xe12fff31, /*    blx r1 */
	0xe5850000, /*    str r0, [r5] */
	0xe1570006, /*    cmp r7, r6 */
	0x3afffff6, /*    blo 4b */
	0xe12fff1e, /* 6: bx lr */
	0x000023fc, /* 7: .word 0x204410 - (0x202000 + (2b - start) + 8) */
	0x000023f8, /* 8: .word 0x204414 - (0x202000 + (3b - start) + 8) */
};

static void test_clang_pie(void **state)
{
	(void)state;
	begin(clang_pie, sizeof(clang_pie), false);
	assert_words(locate());
}

/* gcc -O1: the guard has a START of its own, the loop no END but what the rounds are counted from. */
static const uint16_t gcc_nopie[] = {
	0xf000, 0xf801, /*    bl 1f */
	0xde00,         /*    udf #0 */
	0xf640, 0x0200, /* 1: movw r2, #0x0800 */
	0xf2c0, 0x0220, /*    movt r2, #0x0020 */
	0xf640, 0x0320, /*    movw r3, #0x0820 */
	0xf2c0, 0x0320, /*    movt r3, #0x0020 */
	0x429a,         /*    cmp r2, r3 */
	0xd21a,         /*    bhs 6f */
	0xf640, 0x0200, /*    movw r2, #0x0800 */
	0xf2c0, 0x0220, /*    movt r2, #0x0020 */
	0x3b01,         /*    subs r3, #1 */
	0xeba3, 0x0802, /*    sub.w r8, r3, r2 */
	0xea4f, 0x08d8, /*    lsr.w r8, r8, #3 */
	0x2400,         /*    movs r4, #0 */
	0x4691,         /*    mov r9, r2 */
	0xf102, 0x0b04, /*    add.w r11, r2, #4 */
	0xe000,         /*    b 4f */
	0x461c,         /* 3: mov r4, r3 */
	0xf859, 0x5034, /* 4: ldr.w r5, [r9, r4, lsl #3] */
	0xf81b, 0x3034, /*    ldrb.w r3, [r11, r4, lsl #3] */
	0x2ba0,         /*    cmp r3, #160 */
	0xd105,         /*    bne 6f */
	0x682b,         /*    ldr r3, [r5] */
	0x4798,         /*    blx r3 */
	0x6028,         /*    str r0, [r5] */
	0x1c63,         /*    adds r3, r4, #1 */
	0x4544,         /*    cmp r4, r8 */
	0xd1f2,         /*    bne 3b */
	0x4770,         /* 6: bx lr */
};

static void assert_pairs(const struct loop *loop, uint64_t start, uint64_t end)
{
	const uint64_t guard = TEXT + 1 + 0x06, loops = TEXT + 1 + 0x1a;
	bool swapped;

	assert_bounds(loop, start, end);
	assert_int_equal(loop->starts.count, 2);
	assert_int_equal(loop->ends.count, 1);
	swapped = loop->starts.items[0].address == guard;
	assert_site(&loop->starts, swapped ? 0 : 1, ORIGIN_CODE, guard);
	assert_site(&loop->starts, swapped ? 1 : 0, ORIGIN_CODE, loops);
	assert_site(&loop->ends, 0, ORIGIN_CODE, TEXT + 1 + 0x0e);
	assert_int_equal(loop->ends.items[0].part_count, 2);
}

static void test_gcc_nopie(void **state)
{
	(void)state;
	begin(gcc_nopie, sizeof(gcc_nopie), true);
	assert_pairs(locate(), START, END);
}

/* Both bounds are one address: only the subtraction tells which is which. */
static void test_gcc_nopie_empty(void **state)
{
	(void)state;
	begin(gcc_nopie, sizeof(gcc_nopie), true);
	put_code(&program.s, TEXT + 0x0e, "\x40\xf6\x00\x03", 4); /* movw r3, #0x0800 */
	assert_pairs(locate(), START, START);
}

/* The origins of r0 in front of the instruction at @at, which are numbers. */
static void assert_numbers(uint64_t at, uint64_t first, uint64_t second)
{
	const struct operand r0 = { .kind = OPERAND_REG, .width = 4, .index = REG_NONE };
	struct flow_context *context = &program.startup.functions.context;
	struct origins origins;
	struct flow flow;
	uint64_t sum = 0;

	locate();
	assert_true(flow_build(context, program.s.image.entry, &flow));
	assert_non_null(flow_at(&flow, at));
	origins_clear(&origins);
	flow_origins(&flow, flow_at(&flow, at), &r0, ORIGIN_EXACT, &origins);
	assert_int_equal(origins.count, 2);
	for (size_t i = 0; i < origins.count; i++)
		sum += origins.items[i].value;
	assert_int_equal(sum, first + second);
	flow_free(&flow);
}

static void test_conditions(void **state)
{
	static const uint32_t a32[] = { 0xe3a00001, 0x03a00002, 0x112fff1e, 0xe1a00000, 0xe12fff1e };
	static const uint16_t t32[] = { 0x2001, 0xbf0c, 0x2002, 0x4770, 0x46c0, 0x4770 };

	(void)state;
	begin(a32, sizeof(a32), false); /* mov r0, #1; moveq r0, #2; bxne lr; nop; bx lr */
	assert_numbers(TEXT + 16, 1, 2);
	begin(t32, sizeof(t32), true);  /* movs r0, #1; ite eq; moveq r0, #2; bxne lr; nop; bx lr */
	assert_numbers(TEXT + 1 + 10, 1, 2);
}

/* ---- data ----------------------------------------------------------------------------------- */

static void test_relocations(void **state)
{
	const struct arch *arch = arch_find(40, false, ORDER_LITTLE);

	(void)state;
	assert_ptr_equal(arch, &arch_arm);
	assert_null(arch_find(40, false, ORDER_BIG)); /* BE8 */
	assert_string_equal(arch_reloc_name(arch, arch->none), "R_ARM_NONE");
	assert_string_equal(arch_reloc_name(arch, arch->absolute), "R_ARM_ABS32");
	assert_string_equal(arch_reloc_name(arch, arch->glob_dat), "R_ARM_GLOB_DAT");
	assert_string_equal(arch_reloc_name(arch, arch->jump_slot), "R_ARM_JUMP_SLOT");
	assert_string_equal(arch_reloc_name(arch, arch->relative), "R_ARM_RELATIVE");
	assert_string_equal(arch_reloc_name(arch, arch->irelative), "R_ARM_IRELATIVE");
	assert_null(arch_reloc_name(arch, 161));
}

/* AAPCS32: r0 to r3, r12 and the link register belong to the callee. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < 16; reg++)
		assert_int_equal((arch_arm.caller_saved >> reg) & 1, reg <= 3 || reg == 12 || reg == 14);
	assert_int_equal(arch_arm.stack_pointer, 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),     cmocka_unit_test(test_values),
		cmocka_unit_test(test_transfers),    cmocka_unit_test(test_others),
		cmocka_unit_test(test_no_instruction), cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_nothing_else), cmocka_unit_test(test_random_words),
		cmocka_unit_test(test_gcc_pie),      cmocka_unit_test(test_clang_pie),
		cmocka_unit_test(test_gcc_nopie),    cmocka_unit_test(test_gcc_nopie_empty),
		cmocka_unit_test(test_conditions),   cmocka_unit_test(test_relocations),
		cmocka_unit_test(test_registers),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	forget();
	return failed;
}
