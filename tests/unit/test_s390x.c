/* SPDX-License-Identifier: MIT */
/*
 * s390x: each word below was assembled from the text beside it by llvm-mc 22 for arch15. All of
 * them stand at the address AT.
 */
#include "trial.h"

#include "examples.h"

static const struct example branches[] = {
	{ 0xa7f47fff, 4, "j .+0xfffe", { .flow = FLOW_JUMP, TO(0xfffe) } },
	{ 0xc0f480000000, 6, "jg .-0x100000000", { .flow = FLOW_JUMP, TO(-INT64_C(0x100000000)) } },
	{ 0xa7440004, 4, "jl .+8", { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(8) } },
	{ 0xa7b40004, 4, "jnl .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(8) } },
	{ 0xa7a40004, 4, "jhe .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(8) } },
	{ 0xa7248000, 4, "jh .-0x10000",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(-0x10000) } },
	{ 0xa7c40004, 4, "jle .+8", { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, TO(8) } },
	{ 0xc0d47fffffff, 6, "jgnh .+0xfffffffe",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, TO(0xfffffffe) } },
	{ 0xa7840004, 4, "je .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0xa7740004, 4, "jne .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0xa7e40004, 4, "jno .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0xa7f40001, 4, "j .+2, a trap", { .flow = FLOW_JUMP, TO(2) } },
	{ 0xa7040004, 4, "jnop .+8", { .flow = FLOW_NEXT } },
	{ 0xc00400000004, 6, "jgnop .+8", { .flow = FLOW_NEXT } },
	{ 0x07fe, 2, "br %r14", { .flow = FLOW_END } },
	{ 0x07f1, 2, "br %r1", { .flow = FLOW_JUMP, .via = R(1, 8) } },
	{ 0x07ae, 2, "bher %r14", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW } },
	{ 0x0773, 2, "bner %r3", { .flow = FLOW_BRANCH, .via = R(3, 8) } },
	{ 0x0707, 2, "nopr %r7", { .flow = FLOW_NEXT } },
	{ 0x07f0, 2, "bcr 15,%r0", { .flow = FLOW_NEXT } },
	{ 0x47f03008, 4, "b 8(%r3)", { .flow = FLOW_JUMP, .via = AND_MORE(3, 8) } },
	{ 0x47f0e000, 4, "b 0(%r14)", { .flow = FLOW_END } },
	{ 0x47f34008, 4, "b 8(%r3,%r4)", { .flow = FLOW_JUMP } },
	{ 0x4740e000, 4, "bl 0(%r14)", { .flow = FLOW_BRANCH, .cond = COND_BELOW } },
	{ 0x47000000, 4, "nop 0", { .flow = FLOW_NEXT } },
	{ 0xe3f230100047, 6, "bi 16(%r2,%r3)",
	  { .flow = FLOW_JUMP,
	    .via = { .kind = OPERAND_MEMORY, .width = 8, .reg = 3, .index = 2, .value = 16 } } },
	{ 0xc0e500000800, 6, "brasl %r14,.+0x1000",
	  { .flow = FLOW_CALL, TO(0x1000), .clobbers = X(14) } },
	{ 0xa7e5ffff, 4, "bras %r14,.-2", { .flow = FLOW_CALL, TO(-2), .clobbers = X(14) } },
	{ 0x0de1, 2, "basr %r14,%r1", { .flow = FLOW_CALL, .via = R(1, 8), .clobbers = X(14) } },
	{ 0x0dd0, 2, "basr %r13,%r0", { .effects = { MOVE(R(13, 8), K(AT + 2, 8)) } } },
	{ 0x4de02004, 4, "bas %r14,4(%r2)",
	  { .flow = FLOW_CALL, .via = AND_MORE(2, 4), .clobbers = X(14) } },
	{ 0xa757fff6, 4, "brctg %r5,.-20",
	  { .flow = FLOW_BRANCH, TO(-20), .effects = { ADD(R(5, 8), R(5, 8), K(-1, 8)) } } },
	{ 0xa756fff6, 4, "brct %r5,.-20",
	  { .flow = FLOW_BRANCH, TO(-20),
	    .effects = { ADD(R(5, 4), R(5, 4), K(0xffffffff, 4)) } } },
	{ 0xcc56fffffff6, 6, "brcth %r5,.-20", { .flow = FLOW_BRANCH, TO(-20), .clobbers = X(5) } },
	{ 0xb9460050, 4, "bctgr %r5,%r0", { .effects = { ADD(R(5, 8), R(5, 8), K(-1, 8)) } } },
	{ 0xb9460056, 4, "bctgr %r5,%r6",
	  { .flow = FLOW_BRANCH, .effects = { ADD(R(5, 8), R(5, 8), K(-1, 8)) } } },
	{ 0xe35060000046, 6, "bctg %r5,0(%r6)",
	  { .flow = FLOW_BRANCH, .via = R(6, 8), .clobbers = X(5) } },
	{ 0xec1400040045, 6, "brxlg %r1,%r4,.+8",
	  { .flow = FLOW_BRANCH, TO(8),
	    .effects = { COMPARE(R(1, 8), R(5, 8)), ADD(R(1, 8), R(1, 8), R(4, 8)) } } },
	{ 0x84130004, 4, "brxh %r1,%r3,.+8",
	  { .flow = FLOW_BRANCH, TO(8), .clobbers = X(1),
	    .effects = { COMPARE(R(1, 4), R(3, 4)) } } },
	{ 0xeb1420000045, 6, "bxleg %r1,%r4,0(%r2)",
	  { .flow = FLOW_BRANCH,
	    .effects = { COMPARE(R(1, 8), R(5, 8)), ADD(R(1, 8), R(1, 8), R(4, 8)) } } },
	{ 0x0a00, 2, "svc 0", { .clobbers = X(2) } },
};

static const struct example comparisons[] = {
	{ 0xec890023a065, 6, "clgrjhe %r8,%r9,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(70),
	    .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec89ffdd4065, 6, "clgrjl %r8,%r9,.-70",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(-70),
	    .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec8900232065, 6, "clgrjh %r8,%r9,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(70),
	    .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec890023c065, 6, "clgrjle %r8,%r9,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, TO(70),
	    .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec8900236064, 6, "cgrjne %r8,%r9,.+70",
	  { .flow = FLOW_BRANCH, TO(70), .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec1200238076, 6, "crje %r1,%r2,.+70",
	  { .flow = FLOW_BRANCH, TO(70), .effects = { COMPARE(R(1, 4), R(2, 4)) } } },
	{ 0xec1200234077, 6, "clrjl %r1,%r2,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(70),
	    .effects = { COMPARE(R(1, 4), R(2, 4)) } } },
	{ 0xec8900230065, 6, "clgrj %r8,%r9,0,.+70",
	  { .flow = FLOW_NEXT, .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec890023e065, 6, "clgrj %r8,%r9,14,.+70",
	  { .flow = FLOW_JUMP, TO(70), .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0xec1600233d7e, 6, "cijne %r1,61,.+70",
	  { .flow = FLOW_BRANCH, TO(70), .effects = { COMPARE(R(1, 4), K(61, 4)) } } },
	{ 0xec1800233d7f, 6, "clije %r1,61,.+70",
	  { .flow = FLOW_BRANCH, TO(70), .effects = { COMPARE(R(1, 4), K(61, 4)) } } },
	{ 0xec120023ff7c, 6, "cgijh %r1,-1,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(70),
	    .effects = { COMPARE(R(1, 8), K(-1, 8)) } } },
	{ 0xec1a0023ff7d, 6, "clgijnl %r1,255,.+70",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(70),
	    .effects = { COMPARE(R(1, 8), K(255, 8)) } } },
	{ 0xec12e00040e5, 6, "clgrbl %r1,%r2,0(%r14)",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xec18400807fc, 6, "cgibe %r1,7,8(%r4)",
	  { .flow = FLOW_BRANCH, .via = AND_MORE(4, 8),
	    .effects = { COMPARE(R(1, 8), K(7, 8)) } } },
	{ 0xb9210089, 4, "clgr %r8,%r9", { .effects = { COMPARE(R(8, 8), R(9, 8)) } } },
	{ 0x1989, 2, "cr %r8,%r9", { .effects = { COMPARE(R(8, 4), R(9, 4)) } } },
	{ 0x158f, 2, "clr %r8,%r15", { .effects = { COMPARE(R(8, 4), R(15, 4)) } } },
	{ 0xb9310089, 4, "clgfr %r8,%r9", { .effects = { COMPARE(R(8, 8), R(9, 4)) } } },
	{ 0xa71e003d, 4, "chi %r1,61", { .effects = { COMPARE(R(1, 4), K(61, 4)) } } },
	{ 0xa71f8000, 4, "cghi %r1,-32768", { .effects = { COMPARE(R(1, 8), K(-32768, 8)) } } },
	{ 0xc21f0000003d, 6, "clfi %r1,61", { .effects = { COMPARE(R(1, 4), K(61, 4)) } } },
	{ 0xc21efffffff0, 6, "clgfi %r1,0xfffffff0",
	  { .effects = { COMPARE(R(1, 8), K(0xfffffff0, 8)) } } },
	{ 0xc21cfffffff0, 6, "cgfi %r1,-16", { .effects = { COMPARE(R(1, 8), K(-16, 8)) } } },
	{ 0xe55d200c003d, 6, "clfhsi 12(%r2),61",
	  { .effects = { COMPARE(MEM(2, 12, 4), K(61, 4)) } } },
	{ 0xe55c2fffffff, 6, "chsi 4095(%r2),-1",
	  { .effects = { COMPARE(MEM(2, 4095, 4), K(0xffffffff, 4)) } } },
	{ 0xe5592008ffff, 6, "clghsi 8(%r2),0xffff",
	  { .effects = { COMPARE(MEM(2, 8, 8), K(0xffff, 8)) } } },
	{ 0x953d200f, 4, "cli 15(%r2),61", { .effects = { COMPARE(MEM(2, 15, 1), K(61, 1)) } } },
	{ 0xeb3d2fffff55, 6, "cliy -1(%r2),61",
	  { .effects = { COMPARE(MEM(2, -1, 1), K(61, 1)) } } },
	{ 0xe310f0a00021, 6, "clg %r1,160(%r15)",
	  { .effects = { COMPARE(R(1, 8), MEM(15, 160, 8)) } } },
	{ 0x55132000, 4, "cl %r1,0(%r3,%r2)", { .effects = { COMPARE(R(1, 4), SUM(2, 3, 0, 4)) } } },
	{ 0xe31020000030, 6, "cgf %r1,0(%r2)", { .effects = { COMPARE(R(1, 8), MEM(2, 0, 4)) } } },
	{ 0xc61a00000800, 6, "clgrl %r1,.+0x1000",
	  { .effects = { COMPARE(R(1, 8), MEM(REG_NONE, AT + 0x1000, 8)) } } },
	{ 0xc61dfffff800, 6, "crl %r1,.-0x1000",
	  { .effects = { COMPARE(R(1, 4), MEM(REG_NONE, AT - 0x1000, 4)) } } },
	{ 0xb9090012, 4, "sgr %r1,%r2",
	  { .clobbers = X(1), .effects = { COMPARE(R(1, 8), R(2, 8)) } } },
	{ 0xb9eb3012, 4, "slgrk %r1,%r2,%r3",
	  { .clobbers = X(1), .effects = { COMPARE(R(2, 8), R(3, 8)) } } },
	{ 0x1b12, 2, "sr %r1,%r2", { .clobbers = X(1) } },
	{ 0xb9606012, 4, "cgrtne %r1,%r2", { .clobbers = 0 } },
};

static const struct example sums[] = {
	{ 0x41102018, 4, "la %r1,24(%r2)", { .effects = { ADD(R(1, 8), R(2, 8), K(24, 8)) } } },
	{ 0x41132000, 4, "la %r1,0(%r3,%r2)", { .effects = { ADD(R(1, 8), R(2, 8), R(3, 8)) } } },
	{ 0x41132008, 4, "la %r1,8(%r3,%r2)", { .clobbers = X(1) } },
	{ 0x41100018, 4, "la %r1,24", { .effects = { MOVE(R(1, 8), K(24, 8)) } } },
	{ 0xe31020008071, 6, "lay %r1,-524288(%r2)",
	  { .effects = { ADD(R(1, 8), R(2, 8), K(-524288, 8)) } } },
	{ 0xe3f0ff60ff71, 6, "lay %r15,-160(%r15)", { .clobbers = 0 } },
	{ 0xa7fbff60, 4, "aghi %r15,-160", { .clobbers = 0 } },
	{ 0xa71bffc3, 4, "aghi %r1,-61", { .effects = { ADD(R(1, 8), R(1, 8), K(-61, 8)) } } },
	{ 0xa71affc3, 4, "ahi %r1,-61",
	  { .effects = { ADD(R(1, 4), R(1, 4), K(0xffffffc3, 4)) } } },
	{ 0xec12001800d9, 6, "aghik %r1,%r2,24",
	  { .effects = { ADD(R(1, 8), R(2, 8), K(24, 8)) } } },
	{ 0xc21afffffff0, 6, "algfi %r1,0xfffffff0",
	  { .effects = { ADD(R(1, 8), R(1, 8), K(0xfffffff0, 8)) } } },
	{ 0xc21400000018, 6, "slgfi %r1,24", { .effects = { ADD(R(1, 8), R(1, 8), K(-24, 8)) } } },
	{ 0xc218ffffffe8, 6, "agfi %r1,-24", { .effects = { ADD(R(1, 8), R(1, 8), K(-24, 8)) } } },
	{ 0xb90a0012, 4, "algr %r1,%r2", { .effects = { ADD(R(1, 8), R(1, 8), R(2, 8)) } } },
	{ 0xb9e83012, 4, "agrk %r1,%r2,%r3", { .effects = { ADD(R(1, 8), R(2, 8), R(3, 8)) } } },
	{ 0x1a12, 2, "ar %r1,%r2", { .clobbers = X(1) } },
	{ 0xe31020000008, 6, "ag %r1,0(%r2)", { .clobbers = X(1) } },
	{ 0xc01b000000ff, 6, "nilf %r1,255",
	  { .effects = { AND(R(1, 8), R(1, 8), K(UINT64_C(0xffffffff000000ff), 8)) } } },
	{ 0xa5140000, 4, "nihh %r1,0",
	  { .effects = { AND(R(1, 8), R(1, 8), K(UINT64_C(0x0000ffffffffffff), 8)) } } },
	{ 0xc01a00000000, 6, "nihf %r1,0",
	  { .effects = { AND(R(1, 8), R(1, 8), K(0xffffffff, 8)) } } },
	{ 0xc0170000003d, 6, "xilf %r1,61", { .effects = { XOR(R(1, 8), R(1, 8), K(61, 8)) } } },
	{ 0xc01600000001, 6, "xihf %r1,1",
	  { .effects = { XOR(R(1, 8), R(1, 8), K(UINT64_C(0x100000000), 8)) } } },
	{ 0xeb120003000d, 6, "sllg %r1,%r2,3", { .effects = { LEFT(R(1, 8), R(2, 8), K(3, 8)) } } },
	{ 0xeb120020000c, 6, "srlg %r1,%r2,32",
	  { .effects = { RIGHT(R(1, 8), R(2, 8), K(32, 8)) } } },
	{ 0xeb123000000c, 6, "srlg %r1,%r2,0(%r3)", { .clobbers = X(1) } },
	{ 0x89100003, 4, "sll %r1,3", { .clobbers = X(1) } },
	{ 0xec1220bf0055, 6, "risbg %r1,%r2,32,191,0",
	  { .effects = { AND(R(1, 8), R(2, 8), K(0xffffffff, 8)) } } },
	{ 0xec123c830059, 6, "risbgn %r1,%r2,60,131,0",
	  { .effects = { AND(R(1, 8), R(2, 8), K(UINT64_C(0xf00000000000000f), 8)) } } },
	{ 0xec12203f0055, 6, "risbg %r1,%r2,32,63,0", { .clobbers = X(1) } },
	{ 0xec1220bf0855, 6, "risbg %r1,%r2,32,191,8", { .clobbers = X(1) } },
};

static const struct example constants[] = {
	{ 0xc01000000800, 6, "larl %r1,.+0x1000",
	  { .effects = { MOVE(R(1, 8), K(AT + 0x1000, 8)) } } },
	{ 0xc01080000000, 6, "larl %r1,.-0x100000000",
	  { .effects = { MOVE(R(1, 8), K(AT - UINT64_C(0x100000000), 8)) } } },
	{ 0xa718ffff, 4, "lhi %r1,-1", { .effects = { MOVE(R(1, 4), K(0xffffffff, 4)) } } },
	{ 0xa719ffff, 4, "lghi %r1,-1", { .effects = { MOVE(R(1, 8), K(-1, 8)) } } },
	{ 0xc01180000000, 6, "lgfi %r1,-0x80000000",
	  { .effects = { MOVE(R(1, 8), K(-INT64_C(0x80000000), 8)) } } },
	{ 0xc01ffffffff0, 6, "llilf %r1,0xfffffff0",
	  { .effects = { MOVE(R(1, 8), K(0xfffffff0, 8)) } } },
	{ 0xc01e00000001, 6, "llihf %r1,1",
	  { .effects = { MOVE(R(1, 8), K(UINT64_C(0x100000000), 8)) } } },
	{ 0xa51c0001, 4, "llihh %r1,1", { .effects = { MOVE(R(1, 8), K(UINT64_C(1) << 48, 8)) } } },
	{ 0xa51e0100, 4, "llilh %r1,0x100", { .effects = { MOVE(R(1, 8), K(0x1000000, 8)) } } },
	{ 0xa51f003d, 4, "llill %r1,61", { .effects = { MOVE(R(1, 8), K(61, 8)) } } },
	{ 0xc0190000003d, 6, "iilf %r1,61",
	  { .effects = { INSERT(BITS(1, 8, 0xffffffff), R(1, 8), K(61, 8)) } } },
	{ 0xc01800000001, 6, "iihf %r1,1",
	  { .effects = { INSERT(BITS(1, 8, UINT64_C(0xffffffff00000000)), R(1, 8),
	                 K(UINT64_C(0x100000000), 8)) } } },
	{ 0xa5110001, 4, "iihl %r1,1",
	  { .effects = { INSERT(BITS(1, 8, UINT64_C(0xffff00000000)), R(1, 8),
	                 K(UINT64_C(0x100000000), 8)) } } },
	{ 0xa5130001, 4, "iill %r1,1",
	  { .effects = { INSERT(BITS(1, 8, 0xffff), R(1, 8), K(1, 8)) } } },
	{ 0xb9040012, 4, "lgr %r1,%r2", { .effects = { MOVE(R(1, 8), R(2, 8)) } } },
	{ 0xb90400bf, 4, "lgr %r11,%r15", { .effects = { MOVE(R(11, 8), R(15, 8)) } } },
	{ 0xb90400fb, 4, "lgr %r15,%r11", { .clobbers = 0 } },
	{ 0x1812, 2, "lr %r1,%r2", { .effects = { MOVE(R(1, 4), R(2, 4)) } } },
	{ 0xb9020011, 4, "ltgr %r1,%r1", { .effects = { MOVE(R(1, 8), R(1, 8)) } } },
	{ 0xb9160012, 4, "llgfr %r1,%r2", { .effects = { MOVE(R(1, 8), R(2, 4)) } } },
	{ 0xb9140012, 4, "lgfr %r1,%r2", { .effects = { MOVE(R(1, 8), R(2, 4)) } } },
	{ 0xb9840012, 4, "llgcr %r1,%r2", { .effects = { MOVE(R(1, 8), R(2, 1)) } } },
	{ 0xb9070012, 4, "lghr %r1,%r2", { .effects = { MOVE(R(1, 8), R(2, 2)) } } },
	{ 0xb9e2a012, 4, "locgrhe %r1,%r2",
	  { .conditional = true, .effects = { MOVE(R(1, 8), R(2, 8)) } } },
	{ 0xec18ffff0046, 6, "locghie %r1,-1",
	  { .conditional = true, .effects = { MOVE(R(1, 8), K(-1, 8)) } } },
	{ 0xb9e33812, 4, "selgre %r1,%r2,%r3", { .clobbers = X(1) } },
};

static const struct example transfers[] = {
	{ 0xe31020008004, 6, "lg %r1,-524288(%r2)",
	  { .effects = { MOVE(R(1, 8), MEM(2, -524288, 8)) } } },
	{ 0xe3102fff7f04, 6, "lg %r1,524287(%r2)",
	  { .effects = { MOVE(R(1, 8), MEM(2, 524287, 8)) } } },
	{ 0x5810200c, 4, "l %r1,12(%r2)", { .effects = { MOVE(R(1, 4), MEM(2, 12, 4)) } } },
	{ 0x5812000c, 4, "l %r1,12(%r2,%r0)", { .effects = { MOVE(R(1, 4), MEM(2, 12, 4)) } } },
	{ 0xe3102ff4ff58, 6, "ly %r1,-12(%r2)", { .effects = { MOVE(R(1, 4), MEM(2, -12, 4)) } } },
	{ 0xe31320000004, 6, "lg %r1,0(%r3,%r2)", { .effects = { MOVE(R(1, 8), SUM(2, 3, 0, 8)) } } },
	{ 0xe31000080004, 6, "lg %r1,8", { .effects = { MOVE(R(1, 8), MEM(REG_NONE, 8, 8)) } } },
	{ 0xe31020080002, 6, "ltg %r1,8(%r2)", { .effects = { MOVE(R(1, 8), MEM(2, 8, 8)) } } },
	{ 0xe310200c0016, 6, "llgf %r1,12(%r2)", { .effects = { MOVE(R(1, 8), MEM(2, 12, 4)) } } },
	{ 0xe310200c0014, 6, "lgf %r1,12(%r2)", { .effects = { MOVE(R(1, 8), MEM(2, 12, 4)) } } },
	{ 0xe310200f0090, 6, "llgc %r1,15(%r2)", { .effects = { MOVE(R(1, 8), MEM(2, 15, 1)) } } },
	{ 0x48102002, 4, "lh %r1,2(%r2)", { .effects = { MOVE(R(1, 4), MEM(2, 2, 2)) } } },
	{ 0x43102002, 4, "ic %r1,2(%r2)", { .clobbers = X(1) } },
	{ 0xe3102000000f, 6, "lrvg %r1,0(%r2)", { .clobbers = X(1) } },
	{ 0xc41800000800, 6, "lgrl %r1,.+0x1000",
	  { .effects = { MOVE(R(1, 8), MEM(REG_NONE, AT + 0x1000, 8)) } } },
	{ 0xc41efffff800, 6, "llgfrl %r1,.-0x1000",
	  { .effects = { MOVE(R(1, 8), MEM(REG_NONE, AT - 0x1000, 4)) } } },
	{ 0xe310f0a80024, 6, "stg %r1,168(%r15)",
	  { .effects = { MOVE(MEM(15, 168, 8), R(1, 8)) } } },
	{ 0x50102000, 4, "st %r1,0(%r2)", { .effects = { MOVE(MEM(2, 0, 4), R(1, 4)) } } },
	{ 0xe3102fffff72, 6, "stcy %r1,-1(%r2)", { .effects = { MOVE(MEM(2, -1, 1), R(1, 1)) } } },
	{ 0xc41b00000800, 6, "stgrl %r1,.+0x1000",
	  { .effects = { MOVE(MEM(REG_NONE, AT + 0x1000, 8), R(1, 8)) } } },
	{ 0xe548f0a8ffff, 6, "mvghi 168(%r15),-1",
	  { .effects = { MOVE(MEM(15, 168, 8), K(-1, 8)) } } },
	{ 0xe54c2004003d, 6, "mvhi 4(%r2),61", { .effects = { MOVE(MEM(2, 4, 4), K(61, 4)) } } },
	{ 0x923d2004, 4, "mvi 4(%r2),61", { .effects = { MOVE(MEM(2, 4, 1), K(61, 1)) } } },
	{ 0xd207f0a82010, 6, "mvc 168(8,%r15),16(%r2)",
	  { .effects = { MOVE(MEM(15, 168, 8), MEM(2, 16, 8)) } } },
	{ 0xd21710002000, 6, "mvc 0(24,%r1),0(%r2)", { .clobbers = 0 } },
	{ 0xeb23f0a80004, 6, "lmg %r2,%r3,168(%r15)",
	  { .effects = { MOVE(R(2, 8), MEM(15, 168, 8)), MOVE(R(3, 8), MEM(15, 176, 8)) } } },
	{ 0xeb6ff0d00004, 6, "lmg %r6,%r15,208(%r15)", { .clobbers = 0x7fc0 } },
	{ 0xebe010000004, 6, "lmg %r14,%r0,0(%r1)",
	  { .effects = { MOVE(R(14, 8), MEM(1, 0, 8)), MOVE(R(0, 8), MEM(1, 16, 8)) } } },
	{ 0x98142000, 4, "lm %r1,%r4,0(%r2)", { .clobbers = 0x1e } },
	{ 0xeb24f0a80024, 6, "stmg %r2,%r4,168(%r15)",
	  { .effects = { MOVE(MEM(15, 168, 8), R(2, 8)),
	                 MOVE(MEM(15, 176, 8), R(3, 8)), MOVE(MEM(15, 184, 8), R(4, 8)) } } },
	{ 0xeb6ff0300024, 6, "stmg %r6,%r15,48(%r15)", { .clobbers = 0 } },
	{ 0xeb18200800e2, 6, "locg %r1,8(%r2),8",
	  { .conditional = true, .effects = { MOVE(R(1, 8), MEM(2, 8, 8)) } } },
	{ 0xeb18200800e3, 6, "stocg %r1,8(%r2),8",
	  { .conditional = true, .effects = { MOVE(MEM(2, 8, 8), R(1, 8)) } } },
};

static const struct example others[] = {
	{ 0xb9860025, 4, "mlgr %r2,%r5", { .clobbers = X(2) | X(3) } },
	{ 0xb9870041, 4, "dlgr %r4,%r1", { .clobbers = X(4) | X(5) } },
	{ 0xb90d0007, 4, "dsgr %r0,%r7", { .clobbers = X(0) | X(1) } },
	{ 0x1c61, 2, "mr %r6,%r1", { .clobbers = X(6) | X(7) } },
	{ 0xe3e010000087, 6, "dlg %r14,0(%r1)", { .clobbers = X(14) } },
	{ 0xb9830025, 4, "flogr %r2,%r5", { .clobbers = X(2) | X(3) } },
	{ 0x8e200020, 4, "srda %r2,32", { .clobbers = X(2) | X(3) } },
	{ 0xba123000, 4, "cs %r1,%r2,0(%r3)", { .clobbers = X(1) } },
	{ 0xeb1230000030, 6, "csg %r1,%r2,0(%r3)", { .clobbers = X(1) } },
	{ 0xbb241000, 4, "cds %r2,%r4,0(%r1)", { .clobbers = X(2) | X(3) } },
	{ 0xeb241000003e, 6, "cdsg %r2,%r4,0(%r1)", { .clobbers = X(2) | X(3) } },
	{ 0xeb12300000e8, 6, "laag %r1,%r2,0(%r3)", { .clobbers = X(1) } },
	{ 0xe3201000008f, 6, "lpq %r2,0(%r1)", { .clobbers = X(2) | X(3) } },
	{ 0xe3201000008e, 6, "stpq %r2,0(%r1)", { .clobbers = 0 } },
	{ 0xa8240000, 4, "mvcle %r2,%r4,0", { .clobbers = X(2) | X(3) | X(4) | X(5) } },
	{ 0xb25d0025, 4, "clst %r2,%r5", { .clobbers = X(2) | X(5) } },
	{ 0xb25e0025, 4, "srst %r2,%r5", { .clobbers = X(2) | X(5) } },
	{ 0xb2a60024, 4, "cu21 %r2,%r4", { .clobbers = X(2) | X(3) | X(4) | X(5) } },
	{ 0xb92e0024, 4, "km %r2,%r4", { .clobbers = X(2) | X(3) | X(4) | X(5) } },
	{ 0xdd0750006000, 6, "trt 0(8,%r5),0(%r6)", { .clobbers = X(0) | X(1) | X(2) } },
	{ 0xdc0750006000, 6, "tr 0(8,%r5),0(%r6)", { .clobbers = 0 } },
	{ 0xd50750006000, 6, "clc 0(8,%r5),0(%r6)", { .clobbers = 0 } },
	{ 0xd70750006000, 6, "xc 0(8,%r5),0(%r6)", { .clobbers = 0 } },
	{ 0xc61000000004, 6, "exrl %r1,.+8", { .clobbers = X(1) | X(2) } },
	{ 0xb2b05000, 4, "stfle 0(%r5)", { .clobbers = X(0) } },
	{ 0xb24f0070, 4, "ear %r7,%a0", { .clobbers = X(7) } },
	{ 0xb2220070, 4, "ipm %r7", { .clobbers = X(7) } },
	{ 0xb3cd0034, 4, "lgdr %r3,%f4", { .clobbers = X(3) } },
	{ 0xb3c10043, 4, "ldgr %f4,%r3", { .clobbers = 0 } },
	{ 0xb3a95034, 4, "cgdbr %r3,5,%f4", { .clobbers = X(3) } },
	{ 0xb3a50043, 4, "cdgbr %f4,%r3", { .clobbers = 0 } },
	{ 0xb31a0046, 4, "adbr %f4,%f6", { .clobbers = 0 } },
	{ 0x68403000, 4, "ld %f4,0(%r3)", { .clobbers = 0 } },
	{ 0xe73400013021, 6, "vlgvg %r3,%v4,1", { .clobbers = X(3) } },
	{ 0xe74300013022, 6, "vlvgg %v4,%r3,1", { .clobbers = 0 } },
	{ 0xe74030000006, 6, "vl %v4,0(%r3)", { .clobbers = 0 } },
	{ 0xeb01f0a8007a, 6, "agsi 168(%r15),1", { .clobbers = 0 } },
	{ 0xeb012fffff56, 6, "oiy -1(%r2),1", { .clobbers = 0 } },
	{ 0x91012000, 4, "tm 0(%r2),1", { .clobbers = 0 } },
	{ 0xa7210001, 4, "tmll %r2,1", { .clobbers = 0 } },
	{ 0xe31020000036, 6, "pfd 1,0(%r2)", { .clobbers = 0 } },
	{ 0xa72d0003, 4, "mghi %r2,3", { .clobbers = X(2) } },
	{ 0xb9e10023, 4, "popcnt %r2,%r3", { .clobbers = X(2) } },
	{ 0xb9527043, 4, "cdlgtr %f4,7,%r3,0", { .clobbers = 0 } },
	{ 0xb2ec0030, 4, "etnd %r3", { .clobbers = X(3) } },
};

static void test_branches(void **state)
{
	(void)state;
	check_examples(&arch_s390x, branches, COUNT(branches));
}

static void test_comparisons(void **state)
{
	(void)state;
	check_examples(&arch_s390x, comparisons, COUNT(comparisons));
}

static void test_sums(void **state)
{
	(void)state;
	check_examples(&arch_s390x, sums, COUNT(sums));
}

static void test_constants(void **state)
{
	(void)state;
	check_examples(&arch_s390x, constants, COUNT(constants));
}

static void test_transfers(void **state)
{
	(void)state;
	check_examples(&arch_s390x, transfers, COUNT(transfers));
}

static void test_others(void **state)
{
	(void)state;
	check_examples(&arch_s390x, others, COUNT(others));
}

static void test_no_instruction(void **state)
{
	struct insn insn;

	(void)state;
	assert_true(decode_word(&arch_s390x, 0x0707, 2, AT, &insn));
	assert_false(decode_word(&arch_s390x, 0x0707, 2, AT + 1, &insn));
	assert_false(decode_word(&arch_s390x, 0x0001, 2, AT, &insn)); /* where j .+2 goes */
	assert_false(decode_word(&arch_s390x, 0x82000000, 4, AT, &insn)); /* lpsw */
	assert_false(decode_word(&arch_s390x, 0xfe0000000000, 6, AT, &insn));
}

static void test_random(void **state)
{
	(void)state;
	check_random_words(&arch_s390x, X(15), 2000000);
}

/* ---- form ----------------------------------------------------------------------------------- */

#define LARL_R3 UINT64_C(0xc03000000000)

/* Makes @word at AT form @value; false: it cannot, and is as it was. */
static bool form_word(uint64_t word, uint64_t value, struct insn *out)
{
	unsigned char code[6], old[6];
	bool done;

	bytes_store(code, 6, ORDER_BIG, word);
	memcpy(old, code, sizeof(old));
	assert_true(decode_one(&arch_s390x, code, 6, AT, out));
	done = form_one(&arch_s390x, out, value, code);
	if (!done)
		assert_memory_equal(old, code, sizeof(old));
	assert_true(decode_one(&arch_s390x, code, 6, AT, out));
	return done;
}

static void test_form(void **state)
{
	uint64_t seed = 1;
	struct insn insn;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		uint64_t value = AT + (next_random(&seed) & 0x1fffffffe) - UINT64_C(0x100000000);
		assert_true(form_word(LARL_R3, value, &insn));
		assert_int_equal(insn.effects[0].a.value, value);
		assert_int_equal(insn.effects[0].dst.reg, 3);
	}
	assert_true(form_word(LARL_R3, AT + 0xfffffffe, &insn));
	assert_true(form_word(LARL_R3, AT - UINT64_C(0x100000000), &insn));
}

static void test_form_refused(void **state)
{
	struct insn insn;

	(void)state;
	assert_false(form_word(LARL_R3, AT + UINT64_C(0x100000000), &insn));
	assert_false(form_word(LARL_R3, AT - UINT64_C(0x100000002), &insn));
	assert_false(form_word(LARL_R3, AT + 1, &insn));
	assert_false(form_word(0xc03100000000, AT, &insn)); /* lgfi */
	assert_false(form_word(0xc43800000000, AT, &insn)); /* lgrl */
}

/* ---- startup -------------------------------------------------------------------------------- */

/* The words of the bounds in the GOT, behind the slots of the entries; and that of main. */
#define START_WORD (GOT + 0x100)
#define END_WORD (GOT + 0x108)
#define MAIN_WORD (GOT + 0x110)
#define STUB (TEXT + 0x20)
#define MAIN (TEXT + 0x400)

#define CODE(s, at, code) put_code(s, at, code, sizeof(code) - 1)

/* An instruction of six bytes with the distance to @target in its last four. */
static uint64_t put_near(struct synthetic *s, uint64_t at, uint16_t opcode, uint64_t target)
{
	unsigned char *code = s->data + synthetic_offset(at);

	bytes_store(code, 2, ORDER_BIG, opcode);
	bytes_store(code + 2, 4, ORDER_BIG, (target - at) / 2);
	return at + 6;
}

/* _start, which calls @function with @main in r2, and a stub that goes to main. */
static void put_start(struct synthetic *s, uint64_t main, uint64_t function)
{
	uint64_t at = put_near(s, TEXT, 0xc020, main);       /* larl %r2,main */

	at = put_near(s, at, 0xc0e5, function);              /* brasl %r14,function */
	CODE(s, at, "\x00\x00");
	at = put_near(s, STUB, 0xc010, MAIN_WORD);           /* larl %r1,MAIN_WORD */
	at = CODE(s, at, "\xe3\x10\x10\x00\x00\x04");       /* lg %r1,0(%r1) */
	CODE(s, at, "\x07\xf1");                             /* br %r1 */
	CODE(s, MAIN, "\xa7\x19\x00\x00\xa7\x29\x00\x00\x07\xfe"); /* two lghi; br %r14 */
}

static void begin_startup(struct trial *t)
{
	begin(t, &arch_s390x);
	put_entries(t, "GAII");
	synthetic_word(&t->s, START_WORD, RELA_DYN);
	synthetic_word(&t->s, END_WORD, rela_end(&t->s));
	put_start(&t->s, MAIN, STARTUP);
}

/* What the loop does with one entry, r8 pointing to it, and clgrjl @latch. */
static uint64_t put_body(struct synthetic *s, uint64_t at)
{
	at = CODE(s, at, "\xe3\x10\x80\x10\x00\x04");       /* lg %r1,16(%r8) */
	at = CODE(s, at, "\x0d\xe1");                        /* basr %r14,%r1 */
	at = CODE(s, at, "\xe3\x10\x80\x00\x00\x04");       /* lg %r1,0(%r8) */
	at = CODE(s, at, "\xe3\x20\x10\x00\x00\x24");       /* stg %r2,0(%r1) */
	return CODE(s, at, "\x41\x80\x80\x18");              /* la %r8,24(%r8) */
}

/* The loop over [r8, r9), with a type test of @size bytes that goes on where there is IRELATIVE. */
static void put_loop(struct synthetic *s, uint64_t at, const char *test, size_t size)
{
	uint64_t loop = CODE(s, at, "\xec\x89\x00\x40\xa0\x65"); /* clgrjhe %r8,%r9,.+128 */

	CODE(s, at + 128, "\x07\xfe");                       /* br %r14 */
	at = put_body(s, put_code(s, loop, test, size));
	CODE(s, at, "\xec\x89\x00\x00\x40\x65\x07\xfe");    /* clgrjl %r8,%r9,loop; br %r14 */
	bytes_store(s->data + synthetic_offset(at) + 2, 2, ORDER_BIG, (loop - at) / 2);
}

#define CHI "\x58\x10\x80\x0c\xa7\x1e\x00\x3d\xa7\x74\x00\x20" /* l %r1,12(%r8); chi; jne .+64 */

static void assert_repaired(struct trial *t, enum origin_kind start, enum origin_kind end_kind)
{
	diagnose(t);
	assert_broken(t, &defect_wide_bounds);
	assert_int_equal(t->startup.loop.starts.count, 1);
	assert_int_equal(t->startup.loop.ends.count, 1);
	assert_int_equal(t->startup.loop.starts.items[0].kind, start);
	assert_int_equal(t->startup.loop.ends.items[0].kind, end_kind);
	repair(t, IRELFIX_NARROW);
	end(t);
}

/* Every way in which compilers have been seen to look at the type. */
static void test_type(void **state)
{
#define TEST(code) { code, sizeof(code) - 1 }
	static const struct { const char *code; size_t size; } tests[] = {
		TEST(CHI),
		TEST("\xe5\x5d\x80\x0c\x00\x3d\xa7\x74\x00\x20"), /* clfhsi 12(%r8),61; jne */
		TEST("\xe5\x5c\x80\x0c\x00\x3d\xa7\x74\x00\x20"), /* chsi 12(%r8),61; jne */
		/* l %r1,12(%r8); cijne %r1,61,.+64 */
		TEST("\x58\x10\x80\x0c\xec\x16\x00\x20\x3d\x7e"),
		/* llgf %r1,12(%r8); xilf %r1,61; aghi %r1,-1; ltgr %r1,%r1; jnl .+64 */
		TEST("\xe3\x10\x80\x0c\x00\x16\xc0\x17\x00\x00\x00\x3d\xa7\x1b\xff\xff"
		     "\xb9\x02\x00\x11\xa7\xb4\x00\x20"),
		/* lg %r1,8(%r8); llgfr %r1,%r1; cghi %r1,61; jne .+64 */
		TEST("\xe3\x10\x80\x08\x00\x04\xb9\x16\x00\x11\xa7\x1f\x00\x3d\xa7\x74\x00\x20"),
		/* lg %r1,8(%r8); risbg %r1,%r1,32,191,0; cghi %r1,61; jne .+64 */
		TEST("\xe3\x10\x80\x08\x00\x04\xec\x11\x20\xbf\x00\x55\xa7\x1f\x00\x3d"
		     "\xa7\x74\x00\x20"),
		/* lhi %r3,61; l %r1,12(%r8); crjne %r1,%r3,.+64 */
		TEST("\xa7\x38\x00\x3d\x58\x10\x80\x0c\xec\x13\x00\x20\x60\x76"),
	};
#undef TEST

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		uint64_t at = STARTUP;
		struct trial t;
		begin_startup(&t);
		at = put_near(&t.s, at, 0xc080, RELA_DYN);          /* larl %r8,START */
		at = put_near(&t.s, at, 0xc090, rela_end(&t.s));    /* larl %r9,END */
		put_loop(&t.s, at, tests[i].code, tests[i].size);
		assert_repaired(&t, ORIGIN_CODE, ORIGIN_CODE);
	}
}

/* lgrl of both words: the GOT as it is linked with --no-relax. */
static void test_words(void **state)
{
	uint64_t at = STARTUP;
	struct trial t;

	(void)state;
	begin_startup(&t);
	at = put_near(&t.s, at, 0xc488, START_WORD);            /* lgrl %r8,START_WORD */
	at = put_near(&t.s, at, 0xc498, END_WORD);              /* lgrl %r9,END_WORD */
	put_loop(&t.s, at, CHI, sizeof(CHI) - 1);
	assert_repaired(&t, ORIGIN_WORD, ORIGIN_WORD);
}

/* larl and lg, as before z10. */
static void test_words_by_larl(void **state)
{
	uint64_t at = STARTUP;
	struct trial t;

	(void)state;
	begin_startup(&t);
	at = put_near(&t.s, at, 0xc010, START_WORD);            /* larl %r1,START_WORD */
	at = CODE(&t.s, at, "\xe3\x80\x10\x00\x00\x04");       /* lg %r8,0(%r1) */
	at = CODE(&t.s, at, "\xe3\x90\x10\x08\x00\x04");       /* lg %r9,8(%r1) */
	put_loop(&t.s, at, CHI, sizeof(CHI) - 1);
	assert_repaired(&t, ORIGIN_WORD, ORIGIN_WORD);
}

/* START by larl, and END's word as the operand of two comparisons (glibc 2.43). */
static void test_compared_word(void **state)
{
	uint64_t at = STARTUP, loop;
	struct trial t;

	(void)state;
	begin_startup(&t);
	at = put_near(&t.s, at, 0xc080, RELA_DYN);              /* larl %r8,START */
	at = put_near(&t.s, at, 0xc68a, END_WORD);              /* clgrl %r8,END_WORD */
	loop = CODE(&t.s, at, "\xa7\xa4\x00\x40");             /* jhe .+128 */
	CODE(&t.s, at + 128, "\x07\xfe");                      /* br %r14 */
	at = put_body(&t.s, CODE(&t.s, loop, CHI));
	at = put_near(&t.s, at, 0xc68a, END_WORD);              /* clgrl %r8,END_WORD */
	at = put_near(&t.s, at, 0xc044, loop);                  /* jgl loop */
	CODE(&t.s, at, "\x07\xfe");                            /* br %r14 */
	assert_repaired(&t, ORIGIN_CODE, ORIGIN_WORD);
}

/* ---- main ----------------------------------------------------------------------------------- */

static void put_healthy(struct trial *t, uint64_t main)
{
	uint64_t at = STARTUP;

	begin(t, &arch_s390x);
	put_start(&t->s, main, STARTUP);
	synthetic_word(&t->s, MAIN_WORD, MAIN);
	at = put_near(&t->s, at, 0xc080, 0);
	at = put_near(&t->s, at, 0xc090, 0);
	put_loop(&t->s, at, CHI, sizeof(CHI) - 1);
}

static void assert_main(struct trial *t, uint64_t expected)
{
	const struct entry_point *entry;

	diagnose(t);
	entry = startup_entry(&t->startup);
	assert_true(entry->found);
	assert_int_equal(entry->main, expected);
	assert_int_equal(entry->unrelocated, 0);
	end(t);
}

static void test_main(void **state)
{
	struct trial t;

	(void)state;
	put_healthy(&t, MAIN);
	assert_main(&t, MAIN);
}

static void test_main_behind_stub(void **state)
{
	struct trial t;

	(void)state;
	put_healthy(&t, STUB);
	assert_main(&t, MAIN);
}

/* In a static-PIE the word is filled by a RELATIVE entry. */
static void test_main_behind_relocated_stub(void **state)
{
	struct trial t;

	(void)state;
	put_healthy(&t, STUB);
	t.is_pie = true;
	synthetic_set(&t.s, 0, E_TYPE, ET_DYN);
	synthetic_tag(&t.s, DT_FLAGS_1, DF_1_PIE);
	synthetic_word(&t.s, MAIN_WORD, 0);
	synthetic_entry(&t.s, (struct reloc){ MAIN_WORD, arch_s390x.relative, 0, MAIN });
	assert_main(&t, MAIN - BASE);
}

/* What sets more than the register that it jumps to is a function. */
static void test_main_that_jumps(void **state)
{
	struct trial t;

	(void)state;
	put_healthy(&t, STUB);
	CODE(&t.s, put_near(&t.s, STUB, 0xc020, MAIN_WORD), "\xe3\x10\x20\x00\x00\x04"); /* larl %r2 */
	assert_main(&t, STUB);
}

/* ---- data ----------------------------------------------------------------------------------- */

/* The calling convention: r6 to r13 and r15 belong to the caller. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < 16; reg++)
		assert_int_equal((arch_s390x.caller_saved >> reg) & 1, reg <= 5 || reg == 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),       cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_sums),           cmocka_unit_test(test_constants),
		cmocka_unit_test(test_transfers),      cmocka_unit_test(test_others),
		cmocka_unit_test(test_no_instruction), cmocka_unit_test(test_random),
		cmocka_unit_test(test_form),           cmocka_unit_test(test_form_refused),
		cmocka_unit_test(test_type),           cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_by_larl),  cmocka_unit_test(test_compared_word),
		cmocka_unit_test(test_main),           cmocka_unit_test(test_main_behind_stub),
		cmocka_unit_test(test_main_behind_relocated_stub),
		cmocka_unit_test(test_main_that_jumps), cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
