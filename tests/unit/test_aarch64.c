/* SPDX-License-Identifier: MIT */
/*
 * AArch64: each word below was assembled from the text beside it by llvm-mc 22
 * with every extension on. All of them stand at the address AT.
 */
#include "expect.h"

#define AT UINT64_C(0x200ffc)

struct example {
	uint32_t word;
	const char *text;
	struct insn expect; /* without address and length */
};

static const struct example branches[] = {
	{ 0x17fffc00, "b .-4096", { .flow = FLOW_JUMP, TO(-4096) } },
	{ 0x95ffffff, "bl .+0x7fffffc", { .flow = FLOW_CALL, TO(0x7fffffc), .clobbers = X(30) } },
	{ 0x54000042, "b.hs .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(8) } },
	{ 0x54ffffc3, "b.lo .-8", { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(-8) } },
	{ 0x547fffe8, "b.hi .+0xffffc", { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(0xffffc) } },
	{ 0x54800009, "b.ls .-0x100000",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, TO(-0x100000) } },
	{ 0x54000040, "b.eq .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0x5400004a, "b.ge .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0x54000058, "bc.hi .+8", { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(8) } },
	{ 0xb4000083, "cbz x3, .+16", { .flow = FLOW_BRANCH, TO(16) } },
	{ 0x35ffff83, "cbnz w3, .-16", { .flow = FLOW_BRANCH, TO(-16) } },
	{ 0xb6f80105, "tbz x5, #63, .+32", { .flow = FLOW_BRANCH, TO(32) } },
	{ 0x371c0005, "tbnz w5, #3, .-0x8000", { .flow = FLOW_BRANCH, TO(-0x8000) } },
	{ 0xf4420061, "cbhi x1, x2, .+12",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(12),
	    .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xf442007f, "cbhi xzr, x2, .+12",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(12),
	    .effects = { COMPARE(K(0, 8), R(2, 8)) } } },
	{ 0x74623fa1, "cbhs w1, w2, .-12",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(-12),
	    .effects = { COMPARE(R(1, 4), R(2, 4)) } } },
	{ 0xf4020061, "cbgt x1, x2, .+12",
	  { .flow = FLOW_BRANCH, TO(12), .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0x7442c041, "cbhhi w1, w2, .+8",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(8),
	    .effects = { COMPARE(R(1, 2), R(2, 2)) } } },
	{ 0x747f8041, "cbbhs w1, wzr, .+8",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(8),
	    .effects = { COMPARE(R(1, 1), K(0, 1)) } } },
	{ 0xf5428041, "cbhi x1, #5, .+8",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(8),
	    .effects = { COMPARE(R(1, 8), K(5, 8)) } } },
	{ 0xf542805f, "cbhi xzr, #5, .+8",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(8),
	    .effects = { COMPARE(K(0, 8), K(5, 8)) } } },
	{ 0x757f8041, "cblo w1, #63, .+8",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(8),
	    .effects = { COMPARE(R(1, 4), K(63, 4)) } } },
	{ 0xf5c00041, "cbeq x1, #0, .+8",
	  { .flow = FLOW_BRANCH, TO(8), .effects = { COMPARE(R(1, 8), K(0, 8)) } } },
	{ 0xd61f0200, "br x16", { .flow = FLOW_JUMP, .via = R(16, 8) } },
	{ 0xd71f0822, "braa x1, x2", { .flow = FLOW_JUMP, .via = R(1, 8) } },
	{ 0xd61f03e0, "br xzr", { .flow = FLOW_JUMP, .via = K(0, 8) } },
	{ 0xd61f0c7f, "brabz x3", { .flow = FLOW_JUMP, .via = R(3, 8) } },
	{ 0xd63f0100, "blr x8", { .flow = FLOW_CALL, .via = R(8, 8), .clobbers = X(30) } },
	{ 0xd63f093f, "blraaz x9", { .flow = FLOW_CALL, .via = R(9, 8), .clobbers = X(30) } },
	{ 0xd65f03c0, "ret", { .flow = FLOW_END } },
	{ 0xd65f0bff, "retaa", { .flow = FLOW_END } },
	{ 0xd65f00a0, "ret x5", { .flow = FLOW_END } },
	{ 0xd69f03e0, "eret", { .flow = FLOW_END } },
	{ 0xd4207d00, "brk #1000", { .flow = FLOW_END } },
	{ 0xd4400000, "hlt #0", { .flow = FLOW_END } },
	{ 0x00000000, "udf #0", { .flow = FLOW_END } },
	{ 0xd4000001, "svc #0", { .clobbers = X(0) } },
	{ 0xd503201f, "nop", { .flow = FLOW_NEXT } },
};

static const struct example constants[] = {
	{ 0x707fffe1, "adr x1, .+0xfffff", { .effects = { MOVE(R(1, 8), K(AT + 0xfffff, 8)) } } },
	{ 0x10800001, "adr x1, .-0x100000", { .effects = { MOVE(R(1, 8), K(AT - 0x100000, 8)) } } },
	{ 0x1000005f, "adr xzr, .+8", { .clobbers = 0 } },
	{ 0xb0000002, "adrp x2, #0x1000", { .effects = { PART(R(2, 8), K(0x201000, 8)) } } },
	{ 0x90800002, "adrp x2, #-0x100000000",
	  { .effects = { PART(R(2, 8), K(UINT64_C(0x200000) - UINT64_C(0x100000000), 8)) } } },
	{ 0xaa0603e5, "mov x5, x6", { .effects = { MOVE(R(5, 8), R(6, 8)) } } },
	{ 0x2a0603e5, "mov w5, w6", { .effects = { MOVE(R(5, 4), R(6, 4)) } } },
	{ 0xaa1f03e5, "mov x5, xzr", { .effects = { MOVE(R(5, 8), K(0, 8)) } } },
	{ 0xaa0503ff, "mov xzr, x5", { .clobbers = 0 } },
	{ 0xd2808104, "movz x4, #0x408", { .effects = { MOVE(R(4, 8), K(0x408, 8)) } } },
	{ 0xd2a00404, "movz x4, #0x20, lsl #16", { .effects = { MOVE(R(4, 8), K(0x200000, 8)) } } },
	{ 0x52bfffe4, "movz w4, #0xffff, lsl #16",
	  { .effects = { MOVE(R(4, 4), K(UINT32_C(0xffff0000), 4)) } } },
	{ 0x92800004, "movn x4, #0", { .effects = { MOVE(R(4, 8), K(-1, 8)) } } },
	{ 0x12a00024, "movn w4, #1, lsl #16",
	  { .effects = { MOVE(R(4, 4), K(UINT32_C(0xfffeffff), 4)) } } },
	{ 0xf2e24684, "movk x4, #0x1234, lsl #48",
	  { .effects = { INSERT(BITS(4, 8, UINT64_C(0xffff000000000000)), R(4, 8),
	                        K(UINT64_C(0x1234000000000000), 8)) } } },
	{ 0x72a24684, "movk w4, #0x1234, lsl #16",
	  { .effects = { INSERT(BITS(4, 4, UINT32_C(0xffff0000)), R(4, 4), K(0x12340000, 4)) } } },
	{ 0xb200f3e4, "orr x4, xzr, #0x5555555555555555",
	  { .effects = { MOVE(R(4, 8), K(UINT64_C(0x5555555555555555), 8)) } } },
	{ 0x32009fe4, "orr w4, wzr, #0xff00ff", { .effects = { MOVE(R(4, 4), K(0xff00ff, 4)) } } },
	{ 0xb2441fe4, "orr x4, xzr, #0xf00000000000000f",
	  { .effects = { MOVE(R(4, 8), K(UINT64_C(0xf00000000000000f), 8)) } } },
	{ 0x32049fe4, "orr w4, wzr, #0xf00ff00f",
	  { .effects = { MOVE(R(4, 4), K(UINT32_C(0xf00ff00f), 4)) } } },
	{ 0xb201f3e4, "orr x4, xzr, #0xaaaaaaaaaaaaaaaa",
	  { .effects = { MOVE(R(4, 8), K(UINT64_C(0xaaaaaaaaaaaaaaaa), 8)) } } },
	{ 0x320107e4, "orr w4, wzr, #0x80000001",
	  { .effects = { MOVE(R(4, 4), K(UINT32_C(0x80000001), 4)) } } },
	{ 0xb27ce7e4, "orr x4, xzr, #0x3ffffffffffffff0",
	  { .effects = { MOVE(R(4, 8), K(UINT64_C(0x3ffffffffffffff0), 8)) } } },
	{ 0xb240ffe4, "orr x4, xzr, of nothing but ones: unallocated", { .clobbers = X(4) } },
	{ 0xb2401fff, "orr sp, xzr, #0xff", { .clobbers = 0 } },
	{ 0xb2401ca4, "orr x4, x5, #0xff", { .clobbers = X(4) } },
};

static const struct example sums[] = {
	{ 0x91102020, "add x0, x1, #0x408", { .effects = { ADD(R(0, 8), R(1, 8), K(0x408, 8)) } } },
	{ 0x91400420, "add x0, x1, #1, lsl #12",
	  { .effects = { ADD(R(0, 8), R(1, 8), K(0x1000, 8)) } } },
	{ 0xd1006063, "sub x3, x3, #24", { .effects = { ADD(R(3, 8), R(3, 8), K(-24, 8)) } } },
	{ 0x910043fd, "add x29, sp, #16", { .effects = { ADD(R(29, 8), R(31, 8), K(16, 8)) } } },
	{ 0x910003fd, "mov x29, sp", { .effects = { ADD(R(29, 8), R(31, 8), K(0, 8)) } } },
	{ 0x910003bf, "mov sp, x29", { .clobbers = 0 } },
	{ 0xd101c3ff, "sub sp, sp, #0x70", { .clobbers = 0 } },
	{ 0x11001020, "add w0, w1, #4", { .clobbers = X(0) } },
	{ 0xb1000420, "adds x0, x1, #1", { .effects = { ADD(R(0, 8), R(1, 8), K(1, 8)) } } },
	{ 0xf1000420, "subs x0, x1, #1",
	  { .effects = { COMPARE(R(1, 8), K(1, 8)), ADD(R(0, 8), R(1, 8), K(-1, 8)) } } },
	{ 0x71000420, "subs w0, w1, #1",
	  { .clobbers = X(0), .effects = { COMPARE(R(1, 4), K(1, 4)) } } },
	{ 0xf110207f, "cmp x3, #0x408", { .effects = { COMPARE(R(3, 8), K(0x408, 8)) } } },
	{ 0x7110207f, "cmp w3, #0x408", { .effects = { COMPARE(R(3, 4), K(0x408, 4)) } } },
	{ 0xb100047f, "cmn x3, #1", { .clobbers = 0 } },
	{ 0xf10043ff, "cmp sp, #16", { .effects = { COMPARE(R(31, 8), K(16, 8)) } } },
	{ 0x8b020020, "add x0, x1, x2", { .effects = { ADD(R(0, 8), R(1, 8), R(2, 8)) } } },
	{ 0x8b020c20, "add x0, x1, x2, lsl #3", { .clobbers = X(0) } },
	{ 0x8b224020, "add x0, x1, w2, uxtw", { .clobbers = X(0) } },
	{ 0x8b228020, "add x0, x1, w2, sxtb", { .clobbers = X(0) } },
	{ 0x8b22e020, "add x0, x1, x2, sxtx", { .effects = { ADD(R(0, 8), R(1, 8), R(2, 8)) } } },
	{ 0x8b3f63e0, "add x0, sp, xzr", { .effects = { ADD(R(0, 8), R(31, 8), K(0, 8)) } } },
	{ 0x8b2263e0, "add x0, sp, x2", { .effects = { ADD(R(0, 8), R(31, 8), R(2, 8)) } } },
	{ 0xcb020020, "sub x0, x1, x2",
	  { .clobbers = X(0), .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xeb020020, "subs x0, x1, x2",
	  { .clobbers = X(0), .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xeb1402bf, "cmp x21, x20", { .effects = { COMPARE(R(21, 8), R(20, 8)) } } },
	{ 0x6b1402bf, "cmp w21, w20", { .effects = { COMPARE(R(21, 4), R(20, 4)) } } },
	{ 0xeb1f02bf, "cmp x21, xzr", { .effects = { COMPARE(R(21, 8), K(0, 8)) } } },
	{ 0xeb1403ff, "cmp xzr, x20", { .effects = { COMPARE(K(0, 8), R(20, 8)) } } },
	{ 0xeb1406bf, "cmp x21, x20, lsl #1", { .clobbers = 0 } },
	{ 0xeb3462bf, "cmp x21, x20, uxtx", { .effects = { COMPARE(R(21, 8), R(20, 8)) } } },
	{ 0x6b3442bf, "cmp w21, w20, uxtw", { .effects = { COMPARE(R(21, 4), R(20, 4)) } } },
	{ 0xeb3442bf, "cmp x21, w20, uxtw", { .clobbers = 0 } },
	{ 0xeb3463ff, "cmp sp, x20", { .effects = { COMPARE(R(31, 8), R(20, 8)) } } },
	{ 0xfa421020, "ccmp x1, x2, #0, ne", { .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xfa5f1020, "ccmp x1, xzr, #0, ne", { .effects = { COMPARE(R(1, 8), K(0, 8)) } } },
	{ 0xfa4213e0, "ccmp xzr, x2, #0, ne", { .effects = { COMPARE(K(0, 8), R(2, 8)) } } },
	{ 0x7a5f8822, "ccmp w1, #31, #2, hi", { .effects = { COMPARE(R(1, 4), K(31, 4)) } } },
	{ 0xba421020, "ccmn x1, x2, #0, ne", { .clobbers = 0 } },
};

static const struct example transfers[] = {
	{ 0xf97ffc20, "ldr x0, [x1, #0x7ff8]",
	  { .effects = { MOVE(R(0, 8), MEM(1, 0x7ff8, 8)) } } },
	{ 0xb9400820, "ldr w0, [x1, #8]", { .effects = { MOVE(R(0, 4), MEM(1, 8, 4)) } } },
	{ 0xf94037e0, "ldr x0, [sp, #104]", { .effects = { MOVE(R(0, 8), MEM(31, 104, 8)) } } },
	{ 0xf940003f, "ldr xzr, [x1]", { .clobbers = 0 } },
	{ 0xb9800820, "ldrsw x0, [x1, #8]", { .effects = { MOVE(R(0, 4), MEM(1, 8, 4)) } } },
	{ 0x39400420, "ldrb w0, [x1, #1]", { .clobbers = X(0) } },
	{ 0x79800420, "ldrsh x0, [x1, #2]", { .clobbers = X(0) } },
	{ 0xf90007e0, "str x0, [sp, #8]", { .effects = { MOVE(MEM(31, 8, 8), R(0, 8)) } } },
	{ 0xf900003f, "str xzr, [x1]", { .effects = { MOVE(MEM(1, 0, 8), K(0, 8)) } } },
	{ 0xb9000420, "str w0, [x1, #4]", { .effects = { MOVE(MEM(1, 4, 4), R(0, 4)) } } },
	{ 0x39000c20, "strb w0, [x1, #3]", { .effects = { MOVE(MEM(1, 3, 1), R(0, 1)) } } },
	{ 0xf9800020, "prfm pldl1keep, [x1]", { .clobbers = 0 } },
	{ 0xf85f8020, "ldur x0, [x1, #-8]", { .effects = { MOVE(R(0, 8), MEM(1, -8, 8)) } } },
	{ 0xb8100020, "stur w0, [x1, #-256]", { .effects = { MOVE(MEM(1, -256, 4), R(0, 4)) } } },
	{ 0xf84ff820, "ldtr x0, [x1, #255]", { .effects = { MOVE(R(0, 8), MEM(1, 255, 8)) } } },
	{ 0xf8418420, "ldr x0, [x1], #24",
	  { .effects = { MOVE(R(0, 8), MEM(1, 0, 8)), ADD(R(1, 8), R(1, 8), K(24, 8)) } } },
	{ 0xb85f8c20, "ldr w0, [x1, #-8]!",
	  { .effects = { MOVE(R(0, 4), MEM(1, -8, 4)), ADD(R(1, 8), R(1, 8), K(-8, 8)) } } },
	{ 0xf8010c20, "str x0, [x1, #16]!",
	  { .effects = { MOVE(MEM(1, 16, 8), R(0, 8)), ADD(R(1, 8), R(1, 8), K(16, 8)) } } },
	{ 0xf81f0ffe, "str x30, [sp, #-16]!", { .effects = { MOVE(MEM(31, -16, 8), R(30, 8)) } } },
	{ 0xf84107fe, "ldr x30, [sp], #16", { .effects = { MOVE(R(30, 8), MEM(31, 0, 8)) } } },
	{ 0x3cc10420, "ldr q0, [x1], #16", { .effects = { ADD(R(1, 8), R(1, 8), K(16, 8)) } } },
	{ 0xfc1f8c20, "str d0, [x1, #-8]!", { .effects = { ADD(R(1, 8), R(1, 8), K(-8, 8)) } } },
	{ 0xf8626820, "ldr x0, [x1, x2]", { .effects = { MOVE(R(0, 8), SUM(1, 2, 0, 8)) } } },
	{ 0xf8627820, "ldr x0, [x1, x2, lsl #3]", { .clobbers = X(0) } },
	{ 0xb862e820, "ldr w0, [x1, x2, sxtx]", { .effects = { MOVE(R(0, 4), SUM(1, 2, 0, 4)) } } },
	{ 0xb8624820, "ldr w0, [x1, w2, uxtw]", { .clobbers = X(0) } },
	{ 0xf8226820, "str x0, [x1, x2]", { .effects = { MOVE(SUM(1, 2, 0, 8), R(0, 8)) } } },
	{ 0xf83f6820, "str x0, [x1, xzr]", { .effects = { MOVE(MEM(1, 0, 8), R(0, 8)) } } },
	{ 0x38226820, "strb w0, [x1, x2]", { .effects = { MOVE(SUM(1, 2, 0, 1), R(0, 1)) } } },
	{ 0x38227820, "strb w0, [x1, x2, lsl #0]",
	  { .effects = { MOVE(SUM(1, 2, 0, 1), R(0, 1)) } } },
	{ 0x78227820, "strh w0, [x1, x2, lsl #1]", { .clobbers = 0 } },
	{ 0x78226820, "strh w0, [x1, x2]", { .effects = { MOVE(SUM(1, 2, 0, 2), R(0, 2)) } } },
	{ 0xf87e6820, "ldr x0, [x1, x30]", { .effects = { MOVE(R(0, 8), SUM(1, 30, 0, 8)) } } },
	{ 0x587fffe7, "ldr x7, .+0xffffc",
	  { .effects = { MOVE(R(7, 8), MEM(REG_NONE, AT + 0xffffc, 8)) } } },
	{ 0x18800007, "ldr w7, .-0x100000",
	  { .effects = { MOVE(R(7, 4), MEM(REG_NONE, AT - 0x100000, 4)) } } },
	{ 0x98000047, "ldrsw x7, .+8", { .effects = { MOVE(R(7, 4), MEM(REG_NONE, AT + 8, 4)) } } },
	{ 0x9c000087, "ldr q7, .+16", { .clobbers = 0 } },
	{ 0xd8000080, "prfm pldl1keep, .+16", { .clobbers = 0 } },
	{ 0xc8dffc20, "ldar x0, [x1]", { .effects = { MOVE(R(0, 8), MEM(1, 0, 8)) } } },
	{ 0xb8bfc020, "ldapr w0, [x1]", { .effects = { MOVE(R(0, 4), MEM(1, 0, 4)) } } },
	{ 0xd95f8020, "ldapur x0, [x1, #-8]", { .effects = { MOVE(R(0, 8), MEM(1, -8, 8)) } } },
	{ 0xc89ffc20, "stlr x0, [x1]", { .effects = { MOVE(MEM(1, 0, 8), R(0, 8)) } } },
	{ 0x99004020, "stlur w0, [x1, #4]", { .effects = { MOVE(MEM(1, 4, 4), R(0, 4)) } } },
};

static const struct example pairs[] = {
	{ 0xa9600440, "ldp x0, x1, [x2, #-512]",
	  { .effects = { MOVE(R(0, 8), MEM(2, -512, 8)), MOVE(R(1, 8), MEM(2, -504, 8)) } } },
	{ 0x295f8440, "ldp w0, w1, [x2, #252]",
	  { .effects = { MOVE(R(0, 4), MEM(2, 252, 4)), MOVE(R(1, 4), MEM(2, 256, 4)) } } },
	{ 0xa8c10440, "ldp x0, x1, [x2], #16",
	  { .effects = { MOVE(R(0, 8), MEM(2, 0, 8)), MOVE(R(1, 8), MEM(2, 8, 8)),
	                 ADD(R(2, 8), R(2, 8), K(16, 8)) } } },
	{ 0xa9b97bfd, "stp x29, x30, [sp, #-112]!",
	  { .effects = { MOVE(MEM(31, -112, 8), R(29, 8)), MOVE(MEM(31, -104, 8), R(30, 8)) } } },
	{ 0xa8c77bfd, "ldp x29, x30, [sp], #112",
	  { .effects = { MOVE(R(29, 8), MEM(31, 0, 8)), MOVE(R(30, 8), MEM(31, 8, 8)) } } },
	{ 0xa9817c40, "stp x0, xzr, [x2, #16]!",
	  { .effects = { MOVE(MEM(2, 16, 8), R(0, 8)), MOVE(MEM(2, 24, 8), K(0, 8)),
	                 ADD(R(2, 8), R(2, 8), K(16, 8)) } } },
	{ 0x69410440, "ldpsw x0, x1, [x2, #8]",
	  { .effects = { MOVE(R(0, 4), MEM(2, 8, 4)), MOVE(R(1, 4), MEM(2, 12, 4)) } } },
	{ 0x68810440, "stgp x0, x1, [x2], #32",
	  { .effects = { MOVE(MEM(2, 0, 8), R(0, 8)), MOVE(MEM(2, 8, 8), R(1, 8)),
	                 ADD(R(2, 8), R(2, 8), K(32, 8)) } } },
	{ 0xa8410440, "ldnp x0, x1, [x2, #16]",
	  { .effects = { MOVE(R(0, 8), MEM(2, 16, 8)), MOVE(R(1, 8), MEM(2, 24, 8)) } } },
	{ 0xe8c10440, "ldtp x0, x1, [x2], #16",
	  { .effects = { MOVE(R(0, 8), MEM(2, 0, 8)), MOVE(R(1, 8), MEM(2, 8, 8)),
	                 ADD(R(2, 8), R(2, 8), K(16, 8)) } } },
	{ 0x68c10440, "ldpsw x0, x1, [x2], #8",
	  { .effects = { MOVE(R(0, 4), MEM(2, 0, 4)), MOVE(R(1, 4), MEM(2, 4, 4)),
	                 ADD(R(2, 8), R(2, 8), K(8, 8)) } } },
	{ 0x2cc10440, "ldp s0, s1, [x2], #8", { .effects = { ADD(R(2, 8), R(2, 8), K(8, 8)) } } },
	{ 0x6dbf0440, "stp d0, d1, [x2, #-16]!",
	  { .effects = { ADD(R(2, 8), R(2, 8), K(-16, 8)) } } },
	{ 0xacc10440, "ldp q0, q1, [x2], #32", { .effects = { ADD(R(2, 8), R(2, 8), K(32, 8)) } } },
	{ 0x6dff0440, "ldp d0, d1, [x2, #-16]!",
	  { .effects = { ADD(R(2, 8), R(2, 8), K(-16, 8)) } } },
};

/* Instructions of which only the registers matter that they write. */
static const struct example others[] = {
	{ 0xd503233f, "paciasp", { .clobbers = X(30) } },
	{ 0xd503219f, "autia1716", { .clobbers = X(17) } },
	{ 0xd503245f, "bti c", { .clobbers = 0 } },
	{ 0xd53bd043, "mrs x3, tpidr_el0", { .clobbers = X(3) } },
	{ 0xd51bd043, "msr tpidr_el0, x3", { .clobbers = 0 } },
	{ 0x92401ca4, "and x4, x5, #0xff", { .clobbers = X(4) } },
	{ 0xc8037c20, "stxr w3, x0, [x1]", { .clobbers = X(3) } },
	{ 0xc8238440, "stlxp w3, x0, x1, [x2]", { .clobbers = X(3) } },
	{ 0xc85ffc20, "ldaxr x0, [x1]", { .clobbers = X(0) } },
	{ 0xc87f0440, "ldxp x0, x1, [x2]", { .clobbers = X(0) | X(1) } },
	{ 0x48207c82, "casp x0, x1, x2, x3, [x4]", { .clobbers = X(0) | X(1) } },
	{ 0xc8a07c41, "cas x0, x1, [x2]", { .clobbers = X(0) } },
	{ 0xf8208041, "swp x0, x1, [x2]", { .clobbers = X(1) } },
	{ 0xf820005f, "stadd x0, [x2]", { .clobbers = 0 } },
	{ 0xf8e00041, "ldaddal x0, x1, [x2]", { .clobbers = X(1) } },
	{ 0x19211040, "ldclrp x0, x1, [x2]", { .clobbers = X(0) | X(1) } },
	{ 0xf83fd140, "ld64b x0, [x10]", { .clobbers = 0xff } },
	{ 0xf823b044, "st64bv x3, x4, [x2]", { .clobbers = X(3) } },
	{ 0xf8201c20, "ldraa x0, [x1, #8]!", { .clobbers = X(0) | X(1) } },
	{ 0x19010440, "cpyfp [x0]!, [x1]!, x2!", { .clobbers = X(0) | X(1) | X(2) } },
	{ 0x19c20420, "setp [x0]!, x1!, x2", { .clobbers = X(0) | X(1) } },
	{ 0xd9600020, "ldg x0, [x1]", { .clobbers = X(0) } },
	{ 0xd9a02420, "st2g x0, [x1], #32", { .clobbers = X(1) } },
	{ 0x4cdf7020, "ld1 {v0.16b}, [x1], #16", { .clobbers = X(1) } },
	{ 0x4c407020, "ld1 {v0.16b}, [x1]", { .clobbers = 0 } },
	{ 0x9a828020, "csel x0, x1, x2, hi", { .clobbers = X(0) } },
	{ 0x9b020c20, "madd x0, x1, x2, x3", { .clobbers = X(0) } },
	{ 0xd37df020, "lsl x0, x1, #3", { .clobbers = X(0) } },
	{ 0xdac10020, "pacia x0, x1", { .clobbers = X(0) } },
	{ 0xea02003f, "ands xzr, x1, x2", { .clobbers = 0 } },
	{ 0xba018422, "rmif x1, #3, #2", { .clobbers = 0 } },
	{ 0x3a00082d, "setf8 w1", { .clobbers = 0 } },
	{ 0x9e660020, "fmov x0, d1", { .clobbers = X(0) } },
	{ 0x9e670020, "fmov d0, x1", { .clobbers = 0 } },
	{ 0x9eae0020, "fmov x0, v1.d[1]", { .clobbers = X(0) } },
	{ 0x9e780020, "fcvtzs x0, d1", { .clobbers = X(0) } },
	{ 0x1e18f420, "fcvtzs w0, s1, #3", { .clobbers = X(0) } },
	{ 0x9e620020, "scvtf d0, x1", { .clobbers = 0 } },
	{ 0x0e073c20, "umov w0, v1.b[3]", { .clobbers = X(0) } },
	{ 0x4e0e2c20, "smov x0, v1.h[3]", { .clobbers = X(0) } },
	{ 0x4e071c20, "ins v0.b[3], w1", { .clobbers = 0 } },
	{ 0x0420e3e0, "cntb x0", { .clobbers = X(0) } },
	{ 0x04f1e3e0, "incd x0, all, mul #2", { .clobbers = X(0) } },
	{ 0x04bf5020, "rdvl x0, #1", { .clobbers = X(0) } },
	{ 0x043f57ff, "addvl sp, sp, #-1", { .clobbers = 0 } },
	{ 0x25208020, "cntp x0, p0, p1.b", { .clobbers = X(0) } },
	{ 0x252c8820, "incp x0, p1.b", { .clobbers = X(0) } },
	{ 0x05e0a020, "lasta x0, p0, z1.d", { .clobbers = X(0) } },
	{ 0x04b0c3e0, "incw z0.s", { .clobbers = 0 } },
	{ 0x04220020, "add z0.b, z1.b, z2.b", { .clobbers = 0 } },
	{ 0xc04c03e0, "movt x0, zt0[0]", { .clobbers = X(0) } },
	{ 0xd503477f, "smstart", { .clobbers = 0 } },
};

static bool decode_word(uint32_t word, uint64_t address, struct insn *out)
{
	unsigned char code[4];

	bytes_store(code, 4, ORDER_LITTLE, word);
	return decode_one(&arch_aarch64, code, 4, address, out);
}

static void check(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct insn insn;
		if (!decode_word(examples[i].word, AT, &insn))
			fail_msg("%s: not decoded", examples[i].text);
		same(examples[i].text, "address", insn.address, AT);
		same(examples[i].text, "length", insn.length, 4);
		same_insn(examples[i].text, &insn, &examples[i].expect);
	}
}

static void test_branches(void **state)
{
	(void)state;
	check(branches, COUNT(branches));
}

static void test_constants(void **state)
{
	(void)state;
	check(constants, COUNT(constants));
}

static void test_sums(void **state)
{
	(void)state;
	check(sums, COUNT(sums));
}

static void test_transfers(void **state)
{
	(void)state;
	check(transfers, COUNT(transfers));
}

static void test_pairs(void **state)
{
	(void)state;
	check(pairs, COUNT(pairs));
}

static void test_others(void **state)
{
	(void)state;
	check(others, COUNT(others));
}

static void test_no_instruction(void **state)
{
	static const unsigned char nop[4] = { 0x1f, 0x20, 0x03, 0xd5 };
	struct insn insn;

	(void)state;
	assert_true(decode_one(&arch_aarch64, nop, 4, AT, &insn));
	for (uint64_t size = 0; size < 4; size++)
		assert_false(decode_one(&arch_aarch64, nop, size, AT, &insn));
	for (uint64_t off = 1; off < 4; off++)
		assert_false(decode_one(&arch_aarch64, nop, 4, AT + off, &insn));
	assert_false(decode_word(0x00010000, AT, &insn)); /* reserved, but not udf */
	assert_false(decode_word(0x02000000, AT, &insn)); /* bits 28:25 are 0001 */
	assert_false(decode_word(0x06000000, AT, &insn)); /* 0011 */
}

/* What @word becomes when it has to form @value, or 0 when it cannot. */
static uint32_t encoded(uint32_t word, uint64_t value)
{
	struct insn insn;
	unsigned char code[4];
	uint64_t result;

	bytes_store(code, 4, ORDER_LITTLE, word);
	assert_true(decode_one(&arch_aarch64, code, 4, AT, &insn));
	bool done = form_one(&arch_aarch64, &insn, value, code);
	assert_true(bytes_read((struct bytes){ code, 4 }, 0, 4, ORDER_LITTLE, &result));
	if (!done) {
		assert_int_equal(result, word); /* a refusal leaves the code alone */
		return 0;
	}
	return (uint32_t)result;
}

static void test_encode(void **state)
{
	static const uint64_t page = UINT64_C(0x200000);
	static const struct {
		const char *text;
		uint32_t word;
		uint64_t value;
		uint32_t expect; /* 0: cannot */
	} cases[] = {
		{ "adr x1, .+0xfffff", 0x10000001, AT + 0xfffff, 0x707fffe1 },
		{ "adr, too far", 0x10000001, AT + 0x100000, 0 },
		{ "adr x1, .-0x100000", 0x707fffe1, AT - 0x100000, 0x10800001 },
		{ "adr, too far back", 0x10000001, AT - 0x100001, 0 },
		{ "adrp x2, #0x1000", 0x90000002, page + 0x1abc, 0xb0000002 },
		{ "adrp x2, #0xfffff000", 0x90000002, page + 0xfffff000, 0xf07fffe2 },
		{ "adrp, too far", 0x90000002, page + 0x100000000, 0 },
		{ "adrp x2, #-0x100000000", 0xb0000002, page - 0x100000000, 0x90800002 },
		{ "adrp, too far back", 0x90000002, page - 0x100000001, 0 },
		{ "add x0, x1, #0x408", 0x91000020, 0x12345408, 0x91102020 },
		{ "add, shifted", 0x91400020, 0x408, 0 },
		{ "add of 32 bits", 0x11000020, AT + 4, 0 },
		{ "adds", 0xb1000020, 0x408, 0 },
		{ "sub", 0xd1000020, 0x408, 0 },
		{ "movz x4, #0x408", 0xd2800004, 0x408, 0xd2808104 },
		{ "movz x4, #0x20, lsl #16", 0xd2a00004, 0x200000, 0xd2a00404 },
		{ "movz of 16 bits", 0xd2800004, 0x1234000000000408, 0 },
		{ "movz, lsl #16", 0xd2a00004, 0x00200408, 0 },
		{ "movz w4, #0xffff, lsl #16", 0x52a00004, 0xffff0000, 0x52bfffe4 },
		{ "movz of 32 bits", 0x52a00004, 0x100000000, 0 },
		{ "movk x4, #0x1234, lsl #48", 0xf2e00004, 0x1234000000000408, 0xf2e24684 },
		{ "movk w4, #0x1234, lsl #16", 0x72a00004, 0x12340408, 0x72a24684 },
		{ "movk of 32 bits", 0x72a00004, 0x112340408, 0 },
		{ "movn", 0x92800004, 0, 0 },
		{ "mov of a bitmask", 0xb200f3e4, 0x5555555555555555, 0 },
		{ "ldr, literal", 0x58000007, AT, 0 },
		{ "ldr x0, [x1]", 0xf9400020, 8, 0 },
		{ "cmp x3, #0x408", 0xf110207f, 0x408, 0 },
		{ "b", 0x14000000, AT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		same(cases[i].text, "word", encoded(cases[i].word, cases[i].value),
		     cases[i].expect);
}

/* The first effect of @word once it forms @value. */
static struct effect formed(uint32_t word, uint64_t value)
{
	struct insn insn;

	assert_true(decode_word(encoded(word, value), AT, &insn));
	return insn.effects[0];
}

/* Decoding gives back what was encoded: adr; adrp and add; movz and three movk. */
static void test_encode_round_trip(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		uint64_t value = next_random(&seed);
		uint64_t near = AT + (value & 0x1fffff) - 0x100000;
		uint64_t far = AT + (value & 0xffffffff) - 0x80000000;
		assert_int_equal(formed(0x10000001, near).a.value, near);
		assert_int_equal(formed(0x90000001, far).a.value +
		                 formed(0x91000021, far).b.value, far);
		uint64_t whole = formed(0xd2800001, value & 0xffff).a.value;
		for (uint32_t part = 1; part < 4; part++) {
			struct effect insert = formed(0xf2800001 | part << 21, value);
			whole = (whole & ~insert.dst.value) | insert.b.value;
		}
		assert_int_equal(whole, value);
	}
}

static void test_random_words(void **state)
{
	uint64_t seed = 2;
	struct insn insn;

	(void)state;
	for (int i = 0; i < 2000000; i++) {
		uint64_t random = next_random(&seed);
		uint32_t word = (uint32_t)random;
		uint64_t address = next_random(&seed) & ~UINT64_C(3);
		unsigned char code[4];
		char text[12];
		if (!decode_word(word, address, &insn))
			continue;
		snprintf(text, sizeof(text), "%08x", word);
		same(text, "length", insn.length, 4);
		check_promises(text, &insn, X(31) | ~(uint64_t)UINT32_MAX);
		bytes_store(code, 4, ORDER_LITTLE, word);
		if (form_one(&arch_aarch64, &insn, next_random(&seed), code))
			assert_true(decode_one(&arch_aarch64, code, 4, address, &insn));
	}
}

static void test_relocations(void **state)
{
	static const struct {
		uint32_t type;
		const char *name;
	} psabi[] = {
		{ 0, "R_AARCH64_NONE" },
		{ 0x100, "R_AARCH64_NONE" },
		{ 0x101, "R_AARCH64_ABS64" },
		{ 0x400, "R_AARCH64_COPY" },
		{ 0x401, "R_AARCH64_GLOB_DAT" },
		{ 0x402, "R_AARCH64_JUMP_SLOT" },
		{ 0x403, "R_AARCH64_RELATIVE" },
		{ 0x404, "R_AARCH64_TLS_DTPMOD64" },
		{ 0x405, "R_AARCH64_TLS_DTPREL64" },
		{ 0x406, "R_AARCH64_TLS_TPREL64" },
		{ 0x407, "R_AARCH64_TLSDESC" },
		{ 0x408, "R_AARCH64_IRELATIVE" },
		{ 0x244, "R_AARCH64_AUTH_ABS64" },
		{ 0x411, "R_AARCH64_AUTH_RELATIVE" },
		{ 0x412, "R_AARCH64_AUTH_GLOB_DAT" },
		{ 0x413, "R_AARCH64_AUTH_TLSDESC" },
		{ 0x414, "R_AARCH64_AUTH_IRELATIVE" },
	};
	const struct arch *arch = arch_find(183, true, ORDER_LITTLE);

	(void)state;
	assert_ptr_equal(arch, &arch_aarch64);
	assert_null(arch_find(0, true, ORDER_LITTLE));
	assert_null(arch_find(183, true, ORDER_BIG));
	assert_null(arch_find(183, false, ORDER_LITTLE));
	assert_int_equal(arch->name_count, COUNT(psabi));
	for (size_t i = 0; i < COUNT(psabi); i++) {
		assert_non_null(arch_reloc_name(arch, psabi[i].type));
		assert_string_equal(arch_reloc_name(arch, psabi[i].type), psabi[i].name);
	}
	assert_null(arch_reloc_name(arch, 0x409));
	assert_string_equal(arch_reloc_name(arch, arch->none), "R_AARCH64_NONE");
	assert_string_equal(arch_reloc_name(arch, arch->absolute), "R_AARCH64_ABS64");
	assert_string_equal(arch_reloc_name(arch, arch->glob_dat), "R_AARCH64_GLOB_DAT");
	assert_string_equal(arch_reloc_name(arch, arch->jump_slot), "R_AARCH64_JUMP_SLOT");
	assert_string_equal(arch_reloc_name(arch, arch->relative), "R_AARCH64_RELATIVE");
	assert_string_equal(arch_reloc_name(arch, arch->irelative), "R_AARCH64_IRELATIVE");
}

/* AAPCS64: x0 to x18 and the link register; x19 to x29 and sp belong to the caller. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < 32; reg++)
		assert_int_equal((arch_aarch64.caller_saved >> reg) & 1, reg <= 18 || reg == 30);
	assert_int_equal(arch_aarch64.stack_pointer, 31);
	assert_int_equal(arch_aarch64.frame_pointer, 29);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),     cmocka_unit_test(test_constants),
		cmocka_unit_test(test_sums),         cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_pairs),        cmocka_unit_test(test_others),
		cmocka_unit_test(test_no_instruction), cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_round_trip), cmocka_unit_test(test_random_words),
		cmocka_unit_test(test_relocations),  cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
