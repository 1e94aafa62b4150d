/* SPDX-License-Identifier: MIT */
/*
 * RV64: each word below was assembled from the text beside it by llvm-mc 22. All of them stand at
 * the address AT.
 */
#include "trial.h"

#include "examples.h"

static const struct example branches[] = {
	{ 0x00b50463, 4, "beq a0, a1, .+8",
	  { .flow = FLOW_BRANCH, TO(8), .effects = { COMPARE(R(10, 8), R(11, 8)) } } },
	{ 0x81879063, 4, "bne a5, s8, .-4096",
	  { .flow = FLOW_BRANCH, TO(-4096), .effects = { COMPARE(R(15, 8), R(24, 8)) } } },
	{ 0x7eb54fe3, 4, "blt a0, a1, .+4094",
	  { .flow = FLOW_BRANCH, TO(4094), .effects = { COMPARE(R(10, 8), R(11, 8)) } } },
	{ 0x00055463, 4, "bge a0, zero, .+8",
	  { .flow = FLOW_BRANCH, TO(8), .effects = { COMPARE(R(10, 8), K(0, 8)) } } },
	{ 0xff7468e3, 4, "bltu s0, s7, .-16",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(-16),
	    .effects = { COMPARE(R(8, 8), R(23, 8)) } } },
	{ 0x05747363, 4, "bgeu s0, s7, .+70",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(70),
	    .effects = { COMPARE(R(8, 8), R(23, 8)) } } },
	{ 0xcc7d, 2, "c.beqz s0, .+254",
	  { .flow = FLOW_BRANCH, TO(254), .effects = { COMPARE(R(8, 8), K(0, 8)) } } },
	{ 0xf381, 2, "c.bnez a5, .-256",
	  { .flow = FLOW_BRANCH, TO(-256), .effects = { COMPARE(R(15, 8), K(0, 8)) } } },
	{ 0x7ffff0ef, 4, "jal ra, .+0xffffe", { .flow = FLOW_CALL, TO(0xffffe), .clobbers = X(1) } },
	{ 0x800002ef, 4, "jal t0, .-0x100000", { .flow = FLOW_CALL, TO(-0x100000), .clobbers = X(5) } },
	{ 0x3441206f, 4, "j .+0x12344", { .flow = FLOW_JUMP, TO(0x12344) } },
	{ 0xb001, 2, "c.j .-2048", { .flow = FLOW_JUMP, TO(-2048) } },
	{ 0xab91, 2, "c.j .+0x554", { .flow = FLOW_JUMP, TO(0x554) } },
	{ 0xffa080e7, 4, "jalr ra, -6(ra)",
	  { .flow = FLOW_CALL, .via = AND_MORE(1, -6), .clobbers = X(1) } },
	{ 0x000e03e7, 4, "jalr t2, 0(t3)", { .flow = FLOW_CALL, .via = R(28, 8), .clobbers = X(7) } },
	{ 0x01030067, 4, "jalr zero, 16(t1)", { .flow = FLOW_JUMP, .via = AND_MORE(6, 16) } },
	{ 0x010000e7, 4, "jalr ra, 16(zero)",
	  { .flow = FLOW_CALL, .has_target = true, .target = 16, .clobbers = X(1) } },
	{ 0x8302, 2, "c.jr t1", { .flow = FLOW_JUMP, .via = R(6, 8) } },
	{ 0x9782, 2, "c.jalr a5", { .flow = FLOW_CALL, .via = R(15, 8), .clobbers = X(1) } },
	{ 0x00008067, 4, "ret", { .flow = FLOW_END } },
	{ 0x00028067, 4, "jr t0", { .flow = FLOW_END } },
	{ 0x8082, 2, "c.jr ra", { .flow = FLOW_END } },
	{ 0x00100073, 4, "ebreak", { .flow = FLOW_END } },
	{ 0x9002, 2, "c.ebreak", { .flow = FLOW_END } },
	{ 0x0000, 2, "c.unimp", { .flow = FLOW_END } },
	{ 0xc0001073, 4, "unimp", { .flow = FLOW_END } },
	{ 0x30200073, 4, "mret", { .flow = FLOW_END } },
	{ 0x10200073, 4, "sret", { .flow = FLOW_END } },
	{ 0x00000073, 4, "ecall", { .clobbers = X(10) } },
	{ 0x0330000f, 4, "fence rw, rw", { .flow = FLOW_NEXT } },
	{ 0x00000013, 4, "nop", { .flow = FLOW_NEXT } },
	{ 0x0001, 2, "c.nop", { .flow = FLOW_NEXT } },
};

static const struct example constants[] = {
	{ 0x0004d417, 4, "auipc s0, 0x4d", { .effects = { PART(R(8, 8), K(AT + 0x4d000, 8)) } } },
	{ 0xfffff517, 4, "auipc a0, 0xfffff", { .effects = { PART(R(10, 8), K(AT - 0x1000, 8)) } } },
	{ 0x80000517, 4, "auipc a0, 0x80000",
	  { .effects = { PART(R(10, 8), K(AT - 0x80000000, 8)) } } },
	{ 0x000107b7, 4, "lui a5, 0x10", { .effects = { PART(R(15, 8), K(0x10000, 8)) } } },
	{ 0x800007b7, 4, "lui a5, 0x80000",
	  { .effects = { PART(R(15, 8), K(-INT64_C(0x80000000), 8)) } } },
	{ 0x00010037, 4, "lui zero, 0x10", { .clobbers = 0 } },
	{ 0x67fd, 2, "c.lui a5, 0x1f", { .effects = { PART(R(15, 8), K(0x1f000, 8)) } } },
	{ 0x7781, 2, "c.lui a5, 0xfffe0", { .effects = { PART(R(15, 8), K(-0x20000, 8)) } } },
	{ 0x03a00c13, 4, "li s8, 58", { .effects = { MOVE(R(24, 8), K(58, 8)) } } },
	{ 0x80000b93, 4, "li s7, -2048", { .effects = { MOVE(R(23, 8), K(-2048, 8)) } } },
	{ 0x5bfd, 2, "c.li s7, -1", { .effects = { MOVE(R(23, 8), K(-1, 8)) } } },
	{ 0x4bfd, 2, "c.li s7, 31", { .effects = { MOVE(R(23, 8), K(31, 8)) } } },
	{ 0x03a0051b, 4, "addiw a0, zero, 58", { .effects = { MOVE(R(10, 8), K(58, 8)) } } },
	{ 0x8526, 2, "c.mv a0, s1", { .effects = { MOVE(R(10, 8), R(9, 8)) } } },
	{ 0x00048533, 4, "add a0, s1, zero", { .effects = { MOVE(R(10, 8), R(9, 8)) } } },
	{ 0x00000533, 4, "add a0, zero, zero", { .effects = { MOVE(R(10, 8), K(0, 8)) } } },
	{ 0x8126, 2, "c.mv sp, s1", { .clobbers = 0 } },
	{ 0x0005851b, 4, "sext.w a0, a1", { .effects = { MOVE(R(10, 8), R(11, 4)) } } },
	{ 0x2501, 2, "c.addiw a0, 0", { .effects = { MOVE(R(10, 8), R(10, 4)) } } },
	{ 0x0805853b, 4, "zext.w a0, a1", { .effects = { MOVE(R(10, 8), R(11, 4)) } } },
	{ 0x0805c53b, 4, "zext.h a0, a1", { .effects = { MOVE(R(10, 8), R(11, 2)) } } },
	{ 0x9d71, 2, "c.zext.w a0", { .effects = { MOVE(R(10, 8), R(10, 4)) } } },
	{ 0x9d69, 2, "c.zext.h a0", { .effects = { MOVE(R(10, 8), R(10, 2)) } } },
	{ 0x9d61, 2, "c.zext.b a0", { .effects = { AND(R(10, 8), R(10, 8), K(0xff, 8)) } } },
};

static const struct example sums[] = {
	{ 0x01840413, 4, "addi s0, s0, 24", { .effects = { ADD(R(8, 8), R(8, 8), K(24, 8)) } } },
	{ 0x80078513, 4, "addi a0, a5, -2048",
	  { .effects = { ADD(R(10, 8), R(15, 8), K(-2048, 8)) } } },
	{ 0x00050513, 4, "addi a0, a0, 0", { .effects = { ADD(R(10, 8), R(10, 8), K(0, 8)) } } },
	{ 0xff010113, 4, "addi sp, sp, -16", { .clobbers = 0 } },
	{ 0x00810513, 4, "addi a0, sp, 8", { .effects = { ADD(R(10, 8), R(2, 8), K(8, 8)) } } },
	{ 0x0461, 2, "c.addi s0, 24", { .effects = { ADD(R(8, 8), R(8, 8), K(24, 8)) } } },
	{ 0x1401, 2, "c.addi s0, -32", { .effects = { ADD(R(8, 8), R(8, 8), K(-32, 8)) } } },
	{ 0x7101, 2, "c.addi16sp sp, -512", { .clobbers = 0 } },
	{ 0x1fe8, 2, "c.addi4spn a0, sp, 1020", { .effects = { ADD(R(10, 8), R(2, 8), K(1020, 8)) } } },
	{ 0x0ac0, 2, "c.addi4spn s0, sp, 340", { .effects = { ADD(R(8, 8), R(2, 8), K(340, 8)) } } },
	{ 0xfc67879b, 4, "addiw a5, a5, -58", { .effects = { ADD(R(15, 8), R(15, 4), K(-58, 4)) } } },
	{ 0x3799, 2, "c.addiw a5, -26", { .effects = { ADD(R(15, 8), R(15, 4), K(-26, 4)) } } },
	{ 0x00c58533, 4, "add a0, a1, a2", { .effects = { ADD(R(10, 8), R(11, 8), R(12, 8)) } } },
	{ 0x957e, 2, "c.add a0, t6", { .effects = { ADD(R(10, 8), R(10, 8), R(31, 8)) } } },
	{ 0x40c58533, 4, "sub a0, a1, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 8), R(12, 8)) } } },
	{ 0x8d11, 2, "c.sub a0, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(10, 8), R(12, 8)) } } },
	{ 0x40c5853b, 4, "subw a0, a1, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 4), R(12, 4)) } } },
	{ 0x9d11, 2, "c.subw a0, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(10, 4), R(12, 4)) } } },
	{ 0x00c5b533, 4, "sltu a0, a1, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 8), R(12, 8)) } } },
	{ 0x00c5a533, 4, "slt a0, a1, a2",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 8), R(12, 8)) } } },
	{ 0x03a5b513, 4, "sltiu a0, a1, 58",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 8), K(58, 8)) } } },
	{ 0xfff5a513, 4, "slti a0, a1, -1",
	  { .clobbers = X(10), .effects = { COMPARE(R(11, 8), K(-1, 8)) } } },
	{ 0x01777733, 4, "and a4, a4, s7", { .effects = { AND(R(14, 8), R(14, 8), R(23, 8)) } } },
	{ 0x8f61, 2, "c.and a4, s0", { .effects = { AND(R(14, 8), R(14, 8), R(8, 8)) } } },
	{ 0x0ff7f713, 4, "andi a4, a5, 255", { .effects = { AND(R(14, 8), R(15, 8), K(255, 8)) } } },
	{ 0x9b41, 2, "c.andi a4, -16", { .effects = { AND(R(14, 8), R(14, 8), K(-16, 8)) } } },
	{ 0x01874733, 4, "xor a4, a4, s8", { .effects = { XOR(R(14, 8), R(14, 8), R(24, 8)) } } },
	{ 0x03a7c713, 4, "xori a4, a5, 58", { .effects = { XOR(R(14, 8), R(15, 8), K(58, 8)) } } },
	{ 0x8f25, 2, "c.xor a4, s1", { .effects = { XOR(R(14, 8), R(14, 8), R(9, 8)) } } },
	{ 0x03f79713, 4, "slli a4, a5, 63", { .effects = { LEFT(R(14, 8), R(15, 8), K(63, 8)) } } },
	{ 0x1c02, 2, "c.slli s8, 32", { .effects = { LEFT(R(24, 8), R(24, 8), K(32, 8)) } } },
	{ 0x0207d713, 4, "srli a4, a5, 32", { .effects = { RIGHT(R(14, 8), R(15, 8), K(32, 8)) } } },
	{ 0x9305, 2, "c.srli a4, 33", { .effects = { RIGHT(R(14, 8), R(14, 8), K(33, 8)) } } },
};

static const struct example transfers[] = {
	{ 0x00843703, 4, "ld a4, 8(s0)", { .effects = { MOVE(R(14, 8), MEM(8, 8, 8)) } } },
	{ 0xf4e43403, 4, "ld s0, -178(s0)", { .effects = { MOVE(R(8, 8), MEM(8, -178, 8)) } } },
	{ 0x00846783, 4, "lwu a5, 8(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 8, 4)) } } },
	{ 0x7ff42783, 4, "lw a5, 2047(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 2047, 4)) } } },
	{ 0x00245783, 4, "lhu a5, 2(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 2, 2)) } } },
	{ 0x00241783, 4, "lh a5, 2(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 2, 2)) } } },
	{ 0x00344783, 4, "lbu a5, 3(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 3, 1)) } } },
	{ 0x00340783, 4, "lb a5, 3(s0)", { .effects = { MOVE(R(15, 8), MEM(8, 3, 1)) } } },
	{ 0x01003783, 4, "ld a5, 16(zero)", { .effects = { MOVE(R(15, 8), MEM(REG_NONE, 16, 8)) } } },
	{ 0x01053003, 4, "ld zero, 16(a0)", { .clobbers = 0 } },
	{ 0xfea43c23, 4, "sd a0, -8(s0)", { .effects = { MOVE(MEM(8, -8, 8), R(10, 8)) } } },
	{ 0x7ea12fa3, 4, "sw a0, 2047(sp)", { .effects = { MOVE(MEM(2, 2047, 4), R(10, 4)) } } },
	{ 0x00059123, 4, "sh zero, 2(a1)", { .effects = { MOVE(MEM(11, 2, 2), K(0, 2)) } } },
	{ 0x80a58023, 4, "sb a0, -2048(a1)", { .effects = { MOVE(MEM(11, -2048, 1), R(10, 1)) } } },
	{ 0x7c78, 2, "c.ld a4, 248(s0)", { .effects = { MOVE(R(14, 8), MEM(8, 248, 8)) } } },
	{ 0x6bb8, 2, "c.ld a4, 80(a5)", { .effects = { MOVE(R(14, 8), MEM(15, 80, 8)) } } },
	{ 0x5cf8, 2, "c.lw a4, 124(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 124, 4)) } } },
	{ 0x40f8, 2, "c.lw a4, 68(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 68, 4)) } } },
	{ 0x80d8, 2, "c.lbu a4, 1(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 1, 1)) } } },
	{ 0x80b8, 2, "c.lbu a4, 2(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 2, 1)) } } },
	{ 0x84b8, 2, "c.lhu a4, 2(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 2, 2)) } } },
	{ 0x84d8, 2, "c.lh a4, 0(s1)", { .effects = { MOVE(R(14, 8), MEM(9, 0, 2)) } } },
	{ 0xf7d8, 2, "c.sd a4, 168(a5)", { .effects = { MOVE(MEM(15, 168, 8), R(14, 8)) } } },
	{ 0xc3d8, 2, "c.sw a4, 4(a5)", { .effects = { MOVE(MEM(15, 4, 4), R(14, 4)) } } },
	{ 0x8bf8, 2, "c.sb a4, 3(a5)", { .effects = { MOVE(MEM(15, 3, 1), R(14, 1)) } } },
	{ 0x8fb8, 2, "c.sh a4, 2(a5)", { .effects = { MOVE(MEM(15, 2, 2), R(14, 2)) } } },
	{ 0x7c7e, 2, "c.ldsp s8, 504(sp)", { .effects = { MOVE(R(24, 8), MEM(2, 504, 8)) } } },
	{ 0x7c22, 2, "c.ldsp s8, 40(sp)", { .effects = { MOVE(R(24, 8), MEM(2, 40, 8)) } } },
	{ 0x5c7e, 2, "c.lwsp s8, 252(sp)", { .effects = { MOVE(R(24, 8), MEM(2, 252, 4)) } } },
	{ 0x4c56, 2, "c.lwsp s8, 84(sp)", { .effects = { MOVE(R(24, 8), MEM(2, 84, 4)) } } },
	{ 0xffe2, 2, "c.sdsp s8, 504(sp)", { .effects = { MOVE(MEM(2, 504, 8), R(24, 8)) } } },
	{ 0xf506, 2, "c.sdsp ra, 168(sp)", { .effects = { MOVE(MEM(2, 168, 8), R(1, 8)) } } },
	{ 0xca82, 2, "c.swsp zero, 84(sp)", { .effects = { MOVE(MEM(2, 84, 4), K(0, 4)) } } },
	{ 0x2500, 2, "c.fld fs0, 8(a0)", { .clobbers = 0 } },
	{ 0x2422, 2, "c.fldsp fs0, 8(sp)", { .clobbers = 0 } },
	{ 0xa500, 2, "c.fsd fs0, 8(a0)", { .clobbers = 0 } },
	{ 0xa422, 2, "c.fsdsp fs0, 8(sp)", { .clobbers = 0 } },
	{ 0x00853407, 4, "fld fs0, 8(a0)", { .clobbers = 0 } },
	{ 0x00852427, 4, "fsw fs0, 8(a0)", { .clobbers = 0 } },
};

static const struct example others[] = {
	{ 0x00c5e533, 4, "or a0, a1, a2", { .clobbers = X(10) } },
	{ 0x0015e513, 4, "ori a0, a1, 1", { .clobbers = X(10) } },
	{ 0x4205d513, 4, "srai a0, a1, 32", { .clobbers = X(10) } },
	{ 0x9501, 2, "c.srai a0, 32", { .clobbers = X(10) } },
	{ 0x0035951b, 4, "slliw a0, a1, 3", { .clobbers = X(10) } },
	{ 0x00c5853b, 4, "addw a0, a1, a2", { .clobbers = X(10) } },
	{ 0x9d2d, 2, "c.addw a0, a1", { .clobbers = X(10) } },
	{ 0x8d4d, 2, "c.or a0, a1", { .clobbers = X(10) } },
	{ 0x9d75, 2, "c.not a0", { .clobbers = X(10) } },
	{ 0x9d4d, 2, "c.mul a0, a1", { .clobbers = X(10) } },
	{ 0x02c5b533, 4, "mulhu a0, a1, a2", { .clobbers = X(10) } },
	{ 0x20c5e533, 4, "sh3add a0, a1, a2", { .clobbers = X(10) } },
	{ 0x08c5853b, 4, "add.uw a0, a1, a2", { .clobbers = X(10) } },
	{ 0x0835951b, 4, "slli.uw a0, a1, 3", { .clobbers = X(10) } },
	{ 0x60059513, 4, "clz a0, a1", { .clobbers = X(10) } },
	{ 0x6085d513, 4, "rori a0, a1, 8", { .clobbers = X(10) } },
	{ 0x4885d513, 4, "bexti a0, a1, 8", { .clobbers = X(10) } },
	{ 0x0ec5d533, 4, "czero.eqz a0, a1, a2", { .clobbers = X(10) } },
	{ 0x02156013, 4, "prefetch.r 32(a0)", { .clobbers = 0 } },
	{ 0x0045200f, 4, "cbo.zero (a0)", { .clobbers = 0 } },
	{ 0x1005b52f, 4, "lr.d a0, (a1)", { .clobbers = X(10) } },
	{ 0x18c5a52f, 4, "sc.w a0, a2, (a1)", { .clobbers = X(10) } },
	{ 0x00c5b02f, 4, "amoadd.d zero, a2, (a1)", { .clobbers = 0 } },
	{ 0x28c5b52f, 4, "amocas.d a0, a2, (a1)", { .clobbers = X(10) } },
	{ 0x28c5c52f, 4, "amocas.q a0, a2, (a1)", { .clobbers = X(10) | X(11) } },
	{ 0xc0102573, 4, "rdtime a0", { .clobbers = X(10) } },
	{ 0x00159573, 4, "fsflags a0, a1", { .clobbers = X(10) } },
	{ 0xa2c5a553, 4, "feq.d a0, fa1, fa2", { .clobbers = X(10) } },
	{ 0xc225f553, 4, "fcvt.l.d a0, fa1", { .clobbers = X(10) } },
	{ 0xd225f553, 4, "fcvt.d.l fa0, a1", { .clobbers = 0 } },
	{ 0xe2058553, 4, "fmv.x.d a0, fa1", { .clobbers = X(10) } },
	{ 0xf2058553, 4, "fmv.d.x fa0, a1", { .clobbers = 0 } },
	{ 0xe0059553, 4, "fclass.s a0, fa1", { .clobbers = X(10) } },
	{ 0xa2c5c553, 4, "fleq.d a0, fa1, fa2", { .clobbers = X(10) } },
	{ 0xf2180553, 4, "fli.d fa0, 1.0", { .clobbers = 0 } },
	{ 0x02c5f553, 4, "fadd.d fa0, fa1, fa2", { .clobbers = 0 } },
	{ 0x6ac5f543, 4, "fmadd.d fa0, fa1, fa2, fa3", { .clobbers = 0 } },
	{ 0x0c05f557, 4, "vsetvli a0, a1, e8, m1, ta, ma", { .clobbers = X(10) } },
	{ 0xcc047557, 4, "vsetivli a0, 8, e8, m1, ta, ma", { .clobbers = X(10) } },
	{ 0x80c5f557, 4, "vsetvl a0, a1, a2", { .clobbers = X(10) } },
	{ 0x42102557, 4, "vmv.x.s a0, v1", { .clobbers = X(10) } },
	{ 0x4218a557, 4, "vfirst.m a0, v1", { .clobbers = X(10) } },
	{ 0x42182557, 4, "vcpop.m a0, v1", { .clobbers = X(10) } },
	{ 0x420560d7, 4, "vmv.s.x v1, a0", { .clobbers = 0 } },
	{ 0x42101557, 4, "vfmv.f.s fa0, v1", { .clobbers = 0 } },
	{ 0x022180d7, 4, "vadd.vv v1, v2, v3", { .clobbers = 0 } },
	{ 0x02050507, 4, "vle8.v v10, (a0)", { .clobbers = 0 } },
	{ 0x02050527, 4, "vse8.v v10, (a0)", { .clobbers = 0 } },
	{ 0xa2912577, 4, "vaesem.vv v10, v9", { .clobbers = 0 } },
	{ 0xf8b6450b, 4, "th.ldd a0, a1, (a2), 0, 4", { .clobbers = X(10) | X(11) | X(12) } },
	{ 0x1885c50b, 4, "th.lbia a0, (a1), 8, 0", { .clobbers = X(8) | X(10) | X(11) } },
};

static void test_branches(void **state)
{
	(void)state;
	check_examples(&arch_riscv64, branches, COUNT(branches));
}

static void test_constants(void **state)
{
	(void)state;
	check_examples(&arch_riscv64, constants, COUNT(constants));
}

static void test_sums(void **state)
{
	(void)state;
	check_examples(&arch_riscv64, sums, COUNT(sums));
}

static void test_transfers(void **state)
{
	(void)state;
	check_examples(&arch_riscv64, transfers, COUNT(transfers));
}

static void test_others(void **state)
{
	(void)state;
	check_examples(&arch_riscv64, others, COUNT(others));
}

static void test_no_instruction(void **state)
{
	struct insn insn;

	(void)state;
	assert_true(decode_word(&arch_riscv64, 0x00000013, 4, AT + 2, &insn));
	assert_false(decode_word(&arch_riscv64, 0x00000013, 4, AT + 1, &insn));
	assert_false(decode_word(&arch_riscv64, 0x0000001f, 4, AT, &insn)); /* of 48 bits */
	assert_false(decode_word(&arch_riscv64, 0x0000003f, 4, AT, &insn)); /* of 64 bits */
	assert_false(decode_word(&arch_riscv64, 0x0000007f, 4, AT, &insn)); /* longer */
	assert_false(decode_word(&arch_riscv64, 0x0000006b, 4, AT, &insn)); /* reserved */
	assert_false(decode_word(&arch_riscv64, 0x00001067, 4, AT, &insn));
	assert_false(decode_word(&arch_riscv64, 0x9000, 2, AT, &insn));
}

static void test_random(void **state)
{
	(void)state;
	check_random_words(&arch_riscv64, X(0) | X(2), 2000000);
}

/* ---- form ----------------------------------------------------------------------------------- */

#define AUIPC_A0 UINT32_C(0x00000517)
#define LUI_A0 UINT32_C(0x00000537)
#define ADDI_S0_A0 UINT32_C(0x00050413)

/* Makes @upper at AT and @lower behind it form @value; false: they cannot, and are as they were. */
static bool form_pair(uint32_t upper, uint32_t lower, uint64_t value, struct insn insns[2])
{
	const struct insn *const parts[] = { &insns[0], &insns[1] };
	unsigned char code[2][INSN_MAX], old[2][INSN_MAX];
	bool done;

	memset(code, 0, sizeof(code));
	bytes_store(code[0], 4, ORDER_LITTLE, upper);
	bytes_store(code[1], 4, ORDER_LITTLE, lower);
	memcpy(old, code, sizeof(code));
	assert_true(decode_one(&arch_riscv64, code[0], 4, AT, &insns[0]));
	assert_true(decode_one(&arch_riscv64, code[1], 4, AT + 4, &insns[1]));
	done = arch_riscv64.form(parts, 2, value, &no_context, code);
	if (!done)
		assert_memory_equal(old, code, sizeof(code));
	assert_true(decode_one(&arch_riscv64, code[0], 4, AT, &insns[0]));
	assert_true(decode_one(&arch_riscv64, code[1], 4, AT + 4, &insns[1]));
	return done;
}

static void assert_formed(uint32_t upper, uint64_t value)
{
	struct insn insns[2];

	assert_true(form_pair(upper, ADDI_S0_A0, value, insns));
	assert_int_equal(insns[0].effects[0].a.value + insns[1].effects[0].b.value, value);
	assert_int_equal(insns[0].effects[0].dst.reg, 10);
	assert_int_equal(insns[1].effects[0].dst.reg, 8);
}

static void test_form(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		uint64_t distance = (next_random(&seed) & 0xffffffff) - 0x80000800;
		assert_formed(AUIPC_A0, AT + distance);
		assert_formed(LUI_A0, distance);
	}
	assert_formed(LUI_A0, 0x7ffff7ff);
	assert_formed(LUI_A0, (uint64_t)-INT64_C(0x80000800));
	assert_formed(AUIPC_A0, AT + 0x7ffff7ff);
	assert_formed(AUIPC_A0, AT - 0x80000800);
}

static void test_form_refused(void **state)
{
	struct insn insns[2];
	unsigned char code[4];

	(void)state;
	assert_false(form_pair(LUI_A0, ADDI_S0_A0, 0x7ffff800, insns));
	assert_false(form_pair(LUI_A0, ADDI_S0_A0, (uint64_t)-INT64_C(0x80000801), insns));
	assert_false(form_pair(AUIPC_A0, ADDI_S0_A0, AT + 0x7ffff800, insns));
	assert_false(form_pair(AUIPC_A0, ADDI_S0_A0, AT - 0x80000801, insns));
	assert_false(form_pair(ADDI_S0_A0, ADDI_S0_A0, 0x1000, insns));
	assert_false(form_pair(LUI_A0, AUIPC_A0, 0x1000, insns));
	bytes_store(code, 4, ORDER_LITTLE, LUI_A0);
	assert_true(decode_one(&arch_riscv64, code, 4, AT, insns));
	assert_false(form_one(&arch_riscv64, insns, 0x1000, code));
	bytes_store(code, 2, ORDER_LITTLE, 0x657d); /* c.lui a0, 31 */
	assert_true(decode_one(&arch_riscv64, code, 2, AT, insns));
	assert_false(form_one(&arch_riscv64, insns, 0x1000, code));
}

/* ---- startup -------------------------------------------------------------------------------- */

enum { A0 = 10, A4 = 14, A5 = 15, S0 = 8, S7 = 23 };

/* auipc or lui of the upper part of @value; @address: what it is relative to, or 0 */
static uint64_t put_upper(struct synthetic *s, uint64_t at, uint32_t word, unsigned rd,
                          uint64_t value, uint64_t address)
{
	return put_word(s, at, word | rd << 7 | ((uint32_t)(value - address + 0x800) & 0xfffff000));
}

static uint64_t put_lower(struct synthetic *s, uint64_t at, unsigned rd, unsigned rs,
                          uint64_t value, uint64_t address)
{
	return put_word(s, at, 0x13 | rd << 7 | rs << 15 | (uint32_t)(value - address) << 20);
}

/* The loop over [s0, s7), and a guard that compares @guard with s7. */
static void put_loop(struct synthetic *s, uint64_t at, unsigned guard)
{
	at = put_word(s, at, 0x03a00c13);               /* li s8, 58 */
	at = put_word(s, at, 0x037070e3 | guard << 15); /* bgeu guard, s7, .+2080 */
	put_word(s, at + 2076, 0x8082);                 /* ret */
	at = put_word(s, at, 0x00846783);               /* loop: lwu a5, 8(s0) */
	at = put_word(s, at, 0x01879ce3);               /* bne a5, s8, .+2072 */
	at = put_word(s, at, 0x01043783);               /* ld a5, 16(s0) */
	at = put_word(s, at, 0x000780e7);               /* jalr a5 */
	at = put_word(s, at, 0x00043703);               /* ld a4, 0(s0) */
	at = put_word(s, at, 0x00a73023);               /* sd a0, 0(a4) */
	at = put_word(s, at, 0x01840413);               /* addi s0, s0, 24 */
	at = put_word(s, at, 0xff7462e3);               /* bltu s0, s7, loop */
	put_word(s, at, 0x8082);                        /* ret */
}

/* _start, which calls @function. */
static void put_start(struct synthetic *s, uint64_t function)
{
	uint64_t at = put_upper(s, TEXT, 0x17, 1, function, TEXT);

	at = put_word(s, at, 0x000080e7 | (uint32_t)(function - TEXT) << 20); /* jalr */
	put_word(s, at, 0x00100073);                                          /* ebreak */
}

static void begin_startup(struct trial *t)
{
	begin(t, &arch_riscv64);
	put_entries(t, "AAII");
}

static void assert_repaired(struct trial *t, size_t places)
{
	diagnose(t);
	assert_broken(t, &defect_wide_bounds);
	assert_int_equal(t->startup.loop.starts.count, places);
	repair(t, IRELFIX_NARROW);
	end(t);
}

/* auipc and addi, wherever the function is: the distance of the new START may have no lower part. */
static void test_pcrel(void **state)
{
	(void)state;
	for (uint64_t at = TEXT + 0x800; at < TEXT + 0x860; at += 4) {
		struct trial t;
		uint64_t next;
		begin_startup(&t);
		put_start(&t.s, at);
		next = put_upper(&t.s, at, 0x17, A5, RELA_DYN, at);
		next = put_lower(&t.s, next, S0, A5, RELA_DYN, at);
		next = put_upper(&t.s, next, 0x17, S7, rela_end(&t.s), at + 8);
		next = put_lower(&t.s, next, S7, S7, rela_end(&t.s), at + 8);
		put_loop(&t.s, next, S0);
		assert_repaired(&t, 1);
	}
}

/* One lui, and an addi each for the guard and for the loop. */
static void test_shared_upper(void **state)
{
	uint64_t at = STARTUP;
	struct trial t;

	(void)state;
	begin_startup(&t);
	put_start(&t.s, at);
	at = put_upper(&t.s, at, 0x37, A4, RELA_DYN, 0);
	at = put_lower(&t.s, at, S0, A4, RELA_DYN, 0);
	at = put_lower(&t.s, at, A5, A4, RELA_DYN, 0);
	at = put_upper(&t.s, at, 0x37, S7, rela_end(&t.s), 0);
	at = put_lower(&t.s, at, S7, S7, rela_end(&t.s), 0);
	put_loop(&t.s, at, A5);
	assert_repaired(&t, 2);
}

/* A call of what begins where the upper part of an address points to. */
static void test_call_of_upper(void **state)
{
	const uint64_t start = TEXT + 0xf00;
	uint64_t at = TEXT;
	struct trial t;

	(void)state;
	begin_startup(&t);
	synthetic_set(&t.s, 0, E_ENTRY, start);
	put_word(&t.s, put_word(&t.s, start, 0x002020b7), 0x000080e7); /* lui ra; jalr */
	put_word(&t.s, start + 8, 0x00100073);
	at = put_upper(&t.s, at, 0x37, S0, RELA_DYN, 0);
	at = put_lower(&t.s, at, S0, S0, RELA_DYN, 0);
	at = put_upper(&t.s, at, 0x37, S7, rela_end(&t.s), 0);
	at = put_lower(&t.s, at, S7, S7, rela_end(&t.s), 0);
	put_loop(&t.s, at, S0);
	assert_repaired(&t, 1);
}

/* ---- data ----------------------------------------------------------------------------------- */

/* ---- glibc's startup ------------------------------------------------------------------------ */

enum { A3 = 13, LAST_TAG = 37, LAST_TAG_OLD = 34 }; /* DT_NUM - 1: since glibc 2.36, and before */

/* li a3, @number and a branch on a3 and a5, to what follows in any case. */
static uint64_t put_compare(struct synthetic *s, uint64_t at, unsigned number, uint32_t branch)
{
	at = put_word(s, at, 0x13 | A3 << 7 | (uint32_t)number << 20);
	return put_word(s, at, branch | 2 << 8);
}

/* What elf_get_dynamic_info compares, with numbers that are in registers. */
static void begin_dynamic_info(struct trial *t, unsigned pltrel, unsigned last_tag)
{
	const uint32_t bne = 0x1063 | A5 << 15 | A3 << 20, bgeu = 0x7063 | A3 << 15 | A5 << 20;
	uint64_t at = TEXT + 0x800;

	begin_startup(t);
	put_start(&t->s, at);
	at = put_word(&t->s, at, 0x00053783); /* ld a5, 0(a0) */
	at = put_compare(&t->s, at, pltrel, bne);
	at = put_compare(&t->s, at, 24, bne);
	at = put_upper(&t->s, at, 0x17, A4, DYNAMIC, at);
	at = put_lower(&t->s, at, A4, A4, DYNAMIC, at - 4);
	at = put_word(&t->s, at, 0x00073783); /* ld a5, 0(a4) */
	at = put_compare(&t->s, at, last_tag, bgeu);
	put_word(&t->s, at, 0x8082);
	diagnose(t);
}

static void test_numbers_in_registers(void **state)
{
	static const struct { unsigned pltrel, last_tag; bool relocates, old; } rows[] = {
		{ DT_RELA, LAST_TAG, true, false },      { DT_RELA, LAST_TAG_OLD, true, true },
		{ DT_RELA, LAST_TAG + 2, false, false }, { DT_REL, LAST_TAG, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trial t;
		const struct glibc *glibc;
		begin_dynamic_info(&t, rows[i].pltrel, rows[i].last_tag);
		glibc = startup_glibc(&t.startup);
		assert_int_equal(glibc->relocates, rows[i].relocates);
		assert_int_equal(glibc->old, rows[i].old);
		assert_int_equal(glibc->dynamic, rows[i].relocates ? DYNAMIC : 0);
		end(&t);
	}
}

/* The calling convention: ra, t0 to t6 and a0 to a7 belong to the callee. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < 32; reg++)
		assert_int_equal((arch_riscv64.caller_saved >> reg) & 1,
		                 reg == 1 || (reg >= 5 && reg <= 7) || (reg >= 10 && reg <= 17) ||
		                 reg >= 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),       cmocka_unit_test(test_constants),
		cmocka_unit_test(test_sums),           cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_others),         cmocka_unit_test(test_no_instruction),
		cmocka_unit_test(test_random),         cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_refused),   cmocka_unit_test(test_pcrel),
		cmocka_unit_test(test_shared_upper),   cmocka_unit_test(test_call_of_upper),
		cmocka_unit_test(test_numbers_in_registers), cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
