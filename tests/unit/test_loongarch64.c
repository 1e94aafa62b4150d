/* SPDX-License-Identifier: MIT */
/*
 * LoongArch64: each word below was assembled from the text beside it by llvm-mc 22. All of them
 * stand at the address AT.
 */
#include "trial.h"

#include "examples.h"
#include "frame_records.h"

static const struct example branches[] = {
	{ 0x53fffdff, 4, "b 0x7fffffc", { .flow = FLOW_JUMP, TO(0x7fffffc) } },
	{ 0x53fffbff, 4, "b -8", { .flow = FLOW_JUMP, TO(-8) } },
	{ 0x54000200, 4, "bl -0x8000000", { .flow = FLOW_CALL, TO(-0x8000000), .clobbers = X(1) } },
	{ 0x55234400, 4, "bl 0x12344", { .flow = FLOW_CALL, TO(0x12344), .clobbers = X(1) } },
	{ 0x59fffc85, 4, "beq $a0, $a1, 0x1fffc",
	  { .flow = FLOW_BRANCH, TO(0x1fffc), .effects = { COMPARE(R(4, 8), R(5, 8)) } } },
	{ 0x5e00019f, 4, "bne $t0, $s8, -0x20000",
	  { .flow = FLOW_BRANCH, TO(-0x20000), .effects = { COMPARE(R(12, 8), R(31, 8)) } } },
	{ 0x60000885, 4, "blt $a0, $a1, 8",
	  { .flow = FLOW_BRANCH, TO(8), .effects = { COMPARE(R(4, 8), R(5, 8)) } } },
	{ 0x64000880, 4, "bge $a0, $zero, 8",
	  { .flow = FLOW_BRANCH, TO(8), .effects = { COMPARE(R(4, 8), K(0, 8)) } } },
	{ 0x6bffe6fb, 4, "bltu $s0, $s4, -28",
	  { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(-28),
	    .effects = { COMPARE(R(23, 8), R(27, 8)) } } },
	{ 0x6c006afe, 4, "bgeu $s0, $s7, 104",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(104),
	    .effects = { COMPARE(R(23, 8), R(30, 8)) } } },
	{ 0x43fffdaf, 4, "beqz $t1, 0x3ffffc",
	  { .flow = FLOW_BRANCH, TO(0x3ffffc), .effects = { COMPARE(R(13, 8), K(0, 8)) } } },
	{ 0x440001b0, 4, "bnez $t1, -0x400000",
	  { .flow = FLOW_BRANCH, TO(-0x400000), .effects = { COMPARE(R(13, 8), K(0, 8)) } } },
	{ 0x48001000, 4, "bceqz $fcc0, 16", { .flow = FLOW_BRANCH, TO(16) } },
	{ 0x4bfffdff, 4, "bcnez $fcc7, -4", { .flow = FLOW_BRANCH, TO(-4) } },
	{ 0x4ffff981, 4, "jirl $ra, $t0, -8",
	  { .flow = FLOW_CALL, .via = AND_MORE(12, -8), .clobbers = X(1) } },
	{ 0x4dfffd80, 4, "jirl $zero, $t0, 0x1fffc",
	  { .flow = FLOW_JUMP, .via = AND_MORE(12, 0x1fffc) } },
	{ 0x4c001001, 4, "jirl $ra, $zero, 16",
	  { .flow = FLOW_CALL, .has_target = true, .target = 16, .clobbers = X(1) } },
	{ 0x4c000020, 4, "ret", { .flow = FLOW_END } },
	{ 0x002a0000, 4, "break 0", { .flow = FLOW_END } },
	{ 0x06483800, 4, "ertn", { .flow = FLOW_END } },
	{ 0x002b0000, 4, "syscall 0", { .clobbers = X(4) | UINT64_C(0x1ff000) } },
	{ 0x38720000, 4, "dbar 0", { .clobbers = 0 } },
	{ 0x38728000, 4, "ibar 0", { .clobbers = 0 } },
	{ 0x03400000, 4, "nop", { .clobbers = 0 } },
};

static const struct example constants[] = {
	{ 0x19e20517, 4, "pcaddi $s0, -61400",
	  { .effects = { MOVE(R(23, 8), K(AT - 4 * 61400, 8)) } } },
	{ 0x18fffff7, 4, "pcaddi $s0, 0x7ffff",
	  { .effects = { MOVE(R(23, 8), K(AT + 4 * 0x7ffff, 8)) } } },
	{ 0x1a000024, 4, "pcalau12i $a0, 1", { .effects = { PART(R(4, 8), K(0x201000, 8)) } } },
	{ 0x1b000004, 4, "pcalau12i $a0, -0x80000",
	  { .effects = { PART(R(4, 8), K(INT64_C(0x200000) - 0x80000000, 8)) } } },
	{ 0x1c000024, 4, "pcaddu12i $a0, 1", { .effects = { PART(R(4, 8), K(AT + 0x1000, 8)) } } },
	{ 0x1fffffe1, 4, "pcaddu18i $ra, -1",
	  { .effects = { PART(R(1, 8), K(AT - 0x40000, 8)) } } },
	{ 0x142468a4, 4, "lu12i.w $a0, 0x12345",
	  { .effects = { PART(R(4, 8), K(0x12345000, 8)) } } },
	{ 0x15000004, 4, "lu12i.w $a0, -0x80000",
	  { .effects = { PART(R(4, 8), K(-INT64_C(0x80000000), 8)) } } },
	{ 0x14000020, 4, "lu12i.w $zero, 1", { .clobbers = 0 } },
	{ 0x03aaf084, 4, "ori $a0, $a0, 0xabc",
	  { .effects = { INSERT(BITS(4, 8, 0xabc), R(4, 8), K(0xabc, 8)) } } },
	{ 0x038000a4, 4, "ori $a0, $a1, 0", { .effects = { ADD(R(4, 8), R(5, 8), K(0, 8)) } } },
	{ 0x0380301f, 4, "ori $s8, $zero, 12", { .effects = { MOVE(R(31, 8), K(12, 8)) } } },
	{ 0x17ffffcc, 4, "lu32i.d $t0, -2",
	  { .effects = { INSERT(BITS(12, 8, 0xffffffff00000000), R(12, 8), K(-INT64_C(0x200000000), 8)) } } },
	{ 0x033ffdac, 4, "lu52i.d $t0, $t1, -1",
	  { .effects = { INSERT(BITS(12, 8, 0xfff0000000000000), R(13, 8), K(0xfff0000000000000, 8)) } } },
	{ 0x0300040c, 4, "lu52i.d $t0, $zero, 1",
	  { .effects = { MOVE(R(12, 8), K(0x10000000000000, 8)) } } },
	{ 0x0280301f, 4, "addi.w $s8, $zero, 12", { .effects = { MOVE(R(31, 8), K(12, 8)) } } },
	{ 0x02e0000c, 4, "addi.d $t0, $zero, -2048",
	  { .effects = { MOVE(R(12, 8), K(-2048, 8)) } } },
	{ 0x00150089, 4, "move $a5, $a0", { .effects = { MOVE(R(9, 8), R(4, 8)) } } },
	{ 0x00150009, 4, "move $a5, $zero", { .effects = { MOVE(R(9, 8), K(0, 8)) } } },
	{ 0x001502c3, 4, "move $sp, $fp", { .clobbers = 0 } },
	{ 0x004080a4, 4, "slli.w $a0, $a1, 0", { .effects = { MOVE(R(4, 8), R(5, 4)) } } },
	{ 0x028000a4, 4, "addi.w $a0, $a1, 0", { .effects = { MOVE(R(4, 8), R(5, 4)) } } },
};

static const struct example sums[] = {
	{ 0x02c062f7, 4, "addi.d $s0, $s0, 24",
	  { .effects = { ADD(R(23, 8), R(23, 8), K(24, 8)) } } },
	{ 0x02c00084, 4, "addi.d $a0, $a0, 0", { .effects = { ADD(R(4, 8), R(4, 8), K(0, 8)) } } },
	{ 0x02fe0063, 4, "addi.d $sp, $sp, -128", { .clobbers = 0 } },
	{ 0x02c20076, 4, "addi.d $fp, $sp, 128",
	  { .effects = { ADD(R(22, 8), R(3, 8), K(128, 8)) } } },
	{ 0x02bfd18c, 4, "addi.w $t0, $t0, -12",
	  { .effects = { ADD(R(12, 8), R(12, 4), K(-12, 4)) } } },
	{ 0x0010b084, 4, "add.d $a0, $a0, $t0",
	  { .effects = { ADD(R(4, 8), R(4, 8), R(12, 8)) } } },
	{ 0x0010b004, 4, "add.d $a0, $zero, $t0", { .effects = { MOVE(R(4, 8), R(12, 8)) } } },
	{ 0x001198a4, 4, "sub.d $a0, $a1, $a2",
	  { .clobbers = X(4), .effects = { COMPARE(R(5, 8), R(6, 8)) } } },
	{ 0x001118a4, 4, "sub.w $a0, $a1, $a2",
	  { .clobbers = X(4), .effects = { COMPARE(R(5, 4), R(6, 4)) } } },
	{ 0x001218a4, 4, "slt $a0, $a1, $a2",
	  { .clobbers = X(4), .effects = { COMPARE(R(5, 8), R(6, 8)) } } },
	{ 0x00129804, 4, "sltu $a0, $zero, $a2",
	  { .clobbers = X(4), .effects = { COMPARE(K(0, 8), R(6, 8)) } } },
	{ 0x023ffca4, 4, "slti $a0, $a1, -1",
	  { .clobbers = X(4), .effects = { COMPARE(R(5, 8), K(-1, 8)) } } },
	{ 0x024030a4, 4, "sltui $a0, $a1, 12",
	  { .clobbers = X(4), .effects = { COMPARE(R(5, 8), K(12, 8)) } } },
	{ 0x001498a4, 4, "and $a0, $a1, $a2", { .effects = { AND(R(4, 8), R(5, 8), R(6, 8)) } } },
	{ 0x037ffca4, 4, "andi $a0, $a1, 0xfff",
	  { .effects = { AND(R(4, 8), R(5, 8), K(0xfff, 8)) } } },
	{ 0x001598a4, 4, "xor $a0, $a1, $a2", { .effects = { XOR(R(4, 8), R(5, 8), R(6, 8)) } } },
	{ 0x03c030a4, 4, "xori $a0, $a1, 12", { .effects = { XOR(R(4, 8), R(5, 8), K(12, 8)) } } },
	{ 0x0041fca4, 4, "slli.d $a0, $a1, 63",
	  { .effects = { LEFT(R(4, 8), R(5, 8), K(63, 8)) } } },
	{ 0x004580a4, 4, "srli.d $a0, $a1, 32",
	  { .effects = { RIGHT(R(4, 8), R(5, 8), K(32, 8)) } } },
	{ 0x00df00a4, 4, "bstrpick.d $a0, $a1, 31, 0",
	  { .effects = { AND(R(4, 8), R(5, 8), K(0xffffffff, 8)) } } },
	{ 0x00ff00a4, 4, "bstrpick.d $a0, $a1, 63, 0",
	  { .effects = { AND(R(4, 8), R(5, 8), K(-1, 8)) } } },
	{ 0x00ff80a4, 4, "bstrpick.d $a0, $a1, 63, 32", { .clobbers = X(4) } },
};

static const struct example transfers[] = {
	{ 0x28ffe2e4, 4, "ld.d $a0, $s0, -8", { .effects = { MOVE(R(4, 8), MEM(23, -8, 8)) } } },
	{ 0x2a8022ec, 4, "ld.wu $t0, $s0, 8", { .effects = { MOVE(R(12, 8), MEM(23, 8, 4)) } } },
	{ 0x289ffeec, 4, "ld.w $t0, $s0, 2047",
	  { .effects = { MOVE(R(12, 8), MEM(23, 2047, 4)) } } },
	{ 0x2a400aec, 4, "ld.hu $t0, $s0, 2", { .effects = { MOVE(R(12, 8), MEM(23, 2, 2)) } } },
	{ 0x28400aec, 4, "ld.h $t0, $s0, 2", { .effects = { MOVE(R(12, 8), MEM(23, 2, 2)) } } },
	{ 0x2a000eec, 4, "ld.bu $t0, $s0, 3", { .effects = { MOVE(R(12, 8), MEM(23, 3, 1)) } } },
	{ 0x28000eec, 4, "ld.b $t0, $s0, 3", { .effects = { MOVE(R(12, 8), MEM(23, 3, 1)) } } },
	{ 0x28c0400c, 4, "ld.d $t0, $zero, 16",
	  { .effects = { MOVE(R(12, 8), MEM(REG_NONE, 16, 8)) } } },
	{ 0x28c04180, 4, "ld.d $zero, $t0, 16", { .clobbers = 0 } },
	{ 0x267ffc8c, 4, "ldptr.d $t0, $a0, 0x7ffc",
	  { .effects = { MOVE(R(12, 8), MEM(4, 0x7ffc, 8)) } } },
	{ 0x2480008c, 4, "ldptr.w $t0, $a0, -0x8000",
	  { .effects = { MOVE(R(12, 8), MEM(4, -0x8000, 4)) } } },
	{ 0x380c148c, 4, "ldx.d $t0, $a0, $a1", { .effects = { MOVE(R(12, 8), SUM(4, 5, 0, 8)) } } },
	{ 0x3828148c, 4, "ldx.wu $t0, $a0, $a1", { .effects = { MOVE(R(12, 8), SUM(4, 5, 0, 4)) } } },
	{ 0x380c008c, 4, "ldx.d $t0, $a0, $zero", { .effects = { MOVE(R(12, 8), MEM(4, 0, 8)) } } },
	{ 0x380c100c, 4, "ldx.d $t0, $zero, $a0", { .clobbers = X(12) } },
	{ 0x29c1e061, 4, "st.d $ra, $sp, 120", { .effects = { MOVE(MEM(3, 120, 8), R(1, 8)) } } },
	{ 0x29bff080, 4, "st.w $zero, $a0, -4", { .effects = { MOVE(MEM(4, -4, 4), K(0, 4)) } } },
	{ 0x29400885, 4, "st.h $a1, $a0, 2", { .effects = { MOVE(MEM(4, 2, 2), R(5, 2)) } } },
	{ 0x29000485, 4, "st.b $a1, $a0, 1", { .effects = { MOVE(MEM(4, 1, 1), R(5, 1)) } } },
	{ 0x27040085, 4, "stptr.d $a1, $a0, 1024",
	  { .effects = { MOVE(MEM(4, 1024, 8), R(5, 8)) } } },
	{ 0x25fffc85, 4, "stptr.w $a1, $a0, -4", { .effects = { MOVE(MEM(4, -4, 4), R(5, 4)) } } },
	{ 0x381c18a4, 4, "stx.d $a0, $a1, $a2", { .clobbers = 0 } },
	{ 0x2ac02080, 4, "preld 0, $a0, 8", { .clobbers = 0 } },
	{ 0x382c1480, 4, "preldx 0, $a0, $a1", { .clobbers = 0 } },
	{ 0x2b802080, 4, "fld.d $fa0, $a0, 8", { .clobbers = 0 } },
	{ 0x2bc02080, 4, "fst.d $fa0, $a0, 8", { .clobbers = 0 } },
	{ 0x38341480, 4, "fldx.d $fa0, $a0, $a1", { .clobbers = 0 } },
	{ 0x38381480, 4, "fstx.s $fa0, $a0, $a1", { .clobbers = 0 } },
	{ 0x2c002080, 4, "vld $vr0, $a0, 8", { .clobbers = 0 } },
	{ 0x2c402080, 4, "vst $vr0, $a0, 8", { .clobbers = 0 } },
	{ 0x38401480, 4, "vldx $vr0, $a0, $a1", { .clobbers = 0 } },
	{ 0x384c1480, 4, "xvstx $xr0, $a0, $a1", { .clobbers = 0 } },
	{ 0x30100480, 4, "vldrepl.d $vr0, $a0, 8", { .clobbers = 0 } },
};

static const struct example others[] = {
	{ 0x001418a4, 4, "nor $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x001518a4, 4, "or $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x001618a4, 4, "orn $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x001018a4, 4, "add.w $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x002d18a4, 4, "alsl.d $a0, $a1, $a2, 3", { .clobbers = X(4) } },
	{ 0x001d98a4, 4, "mul.d $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x001318a4, 4, "maskeqz $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x00408ca4, 4, "slli.w $a0, $a1, 3", { .clobbers = X(4) } },
	{ 0x00490ca4, 4, "srai.d $a0, $a1, 3", { .clobbers = X(4) } },
	{ 0x00830004, 4, "bstrins.d $a0, $zero, 3, 0", { .clobbers = X(4) } },
	{ 0x00830003, 4, "bstrins.d $sp, $zero, 3, 0", { .clobbers = 0 } },
	{ 0x006780a4, 4, "bstrpick.w $a0, $a1, 7, 0", { .clobbers = X(4) } },
	{ 0x100004a4, 4, "addu16i.d $a0, $a1, 1", { .clobbers = X(4) } },
	{ 0x000024a4, 4, "clz.d $a0, $a1", { .clobbers = X(4) } },
	{ 0x002418a4, 4, "crc.w.b.w $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x00006ca4, 4, "cpucfg $a0, $a1", { .clobbers = X(4) } },
	{ 0x000068a4, 4, "rdtime.d $a0, $a1", { .clobbers = X(4) | X(5) } },
	{ 0x000060a4, 4, "rdtimel.w $a0, $a1", { .clobbers = X(4) | X(5) } },
	{ 0x220000a4, 4, "ll.d $a0, $a1, 0", { .clobbers = X(4) } },
	{ 0x230000a4, 4, "sc.d $a0, $a1, 0", { .clobbers = X(4) } },
	{ 0x386a94c4, 4, "amadd_db.d $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x385994c4, 4, "amcas.d $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x387998a4, 4, "ldgt.d $a0, $a1, $a2", { .clobbers = X(4) } },
	{ 0x04000004, 4, "csrrd $a0, 0", { .clobbers = X(4) } },
	{ 0x0114b804, 4, "movfr2gr.d $a0, $fa0", { .clobbers = X(4) } },
	{ 0x0114bc04, 4, "movfrh2gr.s $a0, $fa0", { .clobbers = X(4) } },
	{ 0x0114a880, 4, "movgr2fr.d $fa0, $a0", { .clobbers = 0 } },
	{ 0x0114c804, 4, "movfcsr2gr $a0, $fcsr0", { .clobbers = X(4) } },
	{ 0x0114c080, 4, "movgr2fcsr $fcsr0, $a0", { .clobbers = 0 } },
	{ 0x0114dc04, 4, "movcf2gr $a0, $fcc0", { .clobbers = X(4) } },
	{ 0x0114d880, 4, "movgr2cf $fcc0, $a0", { .clobbers = 0 } },
	{ 0x0114d400, 4, "movcf2fr $fa0, $fcc0", { .clobbers = 0 } },
	{ 0x01010820, 4, "fadd.d $fa0, $fa1, $fa2", { .clobbers = 0 } },
	{ 0x08218820, 4, "fmadd.d $fa0, $fa1, $fa2, $fa3", { .clobbers = 0 } },
	{ 0x011aa820, 4, "ftintrz.l.d $fa0, $fa1", { .clobbers = 0 } },
	{ 0x72eff404, 4, "vpickve2gr.d $a0, $vr0, 1", { .clobbers = X(4) } },
	{ 0x72f38404, 4, "vpickve2gr.bu $a0, $vr0, 1", { .clobbers = X(4) } },
	{ 0x76f3c404, 4, "xvpickve2gr.wu $a0, $xr0, 1", { .clobbers = X(4) } },
	{ 0x72ebf480, 4, "vinsgr2vr.d $vr0, $a0, 1", { .clobbers = 0 } },
	{ 0x700b8820, 4, "vadd.d $vr0, $vr1, $vr2", { .clobbers = 0 } },
	{ 0x740b8820, 4, "xvadd.d $xr0, $xr1, $xr2", { .clobbers = 0 } },
};

static void test_branches(void **state)
{
	(void)state;
	check_examples(&arch_loongarch64, branches, COUNT(branches));
}

static void test_constants(void **state)
{
	(void)state;
	check_examples(&arch_loongarch64, constants, COUNT(constants));
}

static void test_sums(void **state)
{
	(void)state;
	check_examples(&arch_loongarch64, sums, COUNT(sums));
}

static void test_transfers(void **state)
{
	(void)state;
	check_examples(&arch_loongarch64, transfers, COUNT(transfers));
}

static void test_others(void **state)
{
	(void)state;
	check_examples(&arch_loongarch64, others, COUNT(others));
}

static void test_no_instruction(void **state)
{
	struct insn insn;

	(void)state;
	for (unsigned off = 1; off < 4; off++)
		assert_false(decode_word(&arch_loongarch64, 0x03400000, 4, AT + off, &insn));
	assert_false(decode_word(&arch_loongarch64, 0x3c000000, 4, AT, &insn));
	assert_false(decode_word(&arch_loongarch64, 0xffffffff, 4, AT, &insn));
}

static void test_random(void **state)
{
	(void)state;
	check_random_words(&arch_loongarch64, X(0) | X(3), 2000000);
}

/* ---- form ----------------------------------------------------------------------------------- */

/* Instructions that form a value in a0, and how far it reaches. */
struct shape {
	const char *name;
	unsigned count;
	uint32_t words[4];
	uint64_t base, first, last; /* relative to @base */
	uint64_t step;
};

static const struct shape shapes[] = {
	{ "pcaddi", 1, { 0x18000004 }, AT, -(uint64_t)0x200000, 0x1ffffc, 4 },
	{ "pcalau12i, addi.d", 2, { 0x1a000004, 0x02c00084 }, AT & ~UINT64_C(0xfff),
	  -(uint64_t)0x80000800, 0x7ffff7ff, 1 },
	{ "pcaddu12i, addi.d", 2, { 0x1c000004, 0x02c00084 }, AT, -(uint64_t)0x80000800, 0x7ffff7ff,
	  1 },
	{ "lu12i.w, ori", 2, { 0x14000004, 0x03800084 }, 0, -(uint64_t)0x80000000, 0x7fffffff, 1 },
	{ "lu12i.w, addi.d", 2, { 0x14000004, 0x02c00084 }, 0, -(uint64_t)0x80000800, 0x7ffff7ff, 1 },
	{ "lu12i.w, ori, lu32i.d, lu52i.d", 4, { 0x14000004, 0x03800084, 0x16000004, 0x03000084 }, 0,
	  0, UINT64_MAX, 1 },
};

/* Makes the words of @shape form @value, and decodes them; false: they cannot, and are as they were. */
static bool form_words(const struct shape *shape, uint64_t value, struct insn insns[4])
{
	const struct insn *parts[4];
	unsigned char code[4][INSN_MAX], old[4][INSN_MAX];
	bool done;

	memset(code, 0, sizeof(code));
	for (unsigned i = 0; i < shape->count; i++) {
		bytes_store(code[i], 4, ORDER_LITTLE, shape->words[i]);
		parts[i] = &insns[i];
		assert_true(decode_one(&arch_loongarch64, code[i], 4, AT + 4 * i, &insns[i]));
	}
	memcpy(old, code, sizeof(code));
	done = arch_loongarch64.form(parts, shape->count, value, &no_context, code);
	if (!done)
		assert_memory_equal(old, code, sizeof(code));
	for (unsigned i = 0; i < shape->count; i++)
		assert_true(decode_one(&arch_loongarch64, code[i], 4, AT + 4 * i, &insns[i]));
	return done;
}

static void assert_formed(const struct shape *shape, uint64_t value)
{
	struct insn insns[4];
	uint64_t formed = 0;

	if (!form_words(shape, value, insns))
		fail_msg("%s: %#llx is not formed", shape->name, (unsigned long long)value);
	for (unsigned i = 0; i < shape->count; i++) {
		const struct effect *effect = &insns[i].effects[0];
		assert_int_equal(effect->dst.reg, 4);
		if (effect->kind == EFFECT_ADD)
			formed += effect->b.value;
		else if (effect->kind == EFFECT_INSERT)
			formed = (formed & ~effect->dst.value) | effect->b.value;
		else
			formed = effect->a.value;
	}
	same(shape->name, "value", formed, value);
}

static void test_form(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		const struct shape *shape = &shapes[i];
		uint64_t span = shape->last - shape->first;
		assert_formed(shape, shape->base + shape->first);
		assert_formed(shape, shape->base + shape->last);
		for (int n = 0; n < 10000; n++) {
			uint64_t distance = next_random(&seed);
			if (span != UINT64_MAX)
				distance %= span + 1;
			distance -= distance % shape->step;
			assert_formed(shape, shape->base + shape->first + distance);
		}
	}
}

static void test_form_refused(void **state)
{
	static const struct shape wrong[] = {
		{ "add.d", 1, { 0x0010b084 }, 0, 0, 0, 1 },
		{ "ld.d", 1, { 0x28c02084 }, 0, 0, 0, 1 },
		{ "pcalau12i, ld.d", 2, { 0x1a000004, 0x28c00084 }, 0, 0, 0, 1 },
		{ "pcalau12i", 1, { 0x1a000004 }, 0, 1, 0, 1 },
	};
	struct insn insns[4];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(form_words(&wrong[i], AT + 0x1234, insns));
	for (size_t i = 0; i + 1 < COUNT(shapes); i++) {
		const struct shape *shape = &shapes[i];
		assert_false(form_words(shape, shape->base + shape->first - shape->step, insns));
		assert_false(form_words(shape, shape->base + shape->last + shape->step, insns));
	}
	assert_false(form_words(&shapes[0], AT + 2, insns));
}

/* ---- startup -------------------------------------------------------------------------------- */

enum { A0 = 4, T0 = 12, T1 = 13, T3 = 15, S0 = 23, S7 = 30 };

static uint32_t field20(uint64_t value)
{
	return (uint32_t)(value & 0xfffff) << 5;
}

static uint32_t field12(uint64_t value)
{
	return (uint32_t)(value & 0xfff) << 10;
}

static uint64_t put_pcaddi(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value)
{
	return put_word(s, at, 0x18000000 | rd | field20((value - at) >> 2));
}

/* pcalau12i and addi.d */
static uint64_t put_page(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value)
{
	at = put_word(s, at, 0x1a000000 | rd | field20(((value + 0x800) >> 12) - (at >> 12)));
	return put_word(s, at, 0x02c00000 | rd | rd << 5 | field12(value));
}

/* lu12i.w and ori */
static uint64_t put_absolute(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value)
{
	at = put_word(s, at, 0x14000000 | rd | field20(value >> 12));
	return put_word(s, at, 0x03800000 | rd | rd << 5 | field12(value));
}

static void put_loop(struct synthetic *s, uint64_t at)
{
	at = put_word(s, at, 0x0280301f); /* addi.w s8, zero, 12 */
	at = put_word(s, at, 0x6c0026fe); /* bgeu s0, s7, ret */
	at = put_word(s, at, 0x2a8022ec); /* loop: ld.wu t0, s0, 8 */
	at = put_word(s, at, 0x5c001d9f); /* bne t0, s8, ret */
	at = put_word(s, at, 0x28c042ec); /* ld.d t0, s0, 16 */
	at = put_word(s, at, 0x4c000181); /* jirl ra, t0, 0 */
	at = put_word(s, at, 0x28c002ec); /* ld.d t0, s0, 0 */
	at = put_word(s, at, 0x29c00184); /* st.d a0, t0, 0 */
	at = put_word(s, at, 0x02c062f7); /* addi.d s0, s0, 24 */
	at = put_word(s, at, 0x6bffe6fe); /* bltu s0, s7, loop */
	put_word(s, at, 0x4c000020);      /* ret */
}

static void begin_startup(struct trial *t)
{
	begin(t, &arch_loongarch64);
	put_entries(t, "AAII");
	put_word(&t->s, TEXT, 0x54000000 | (uint32_t)(STARTUP - TEXT) << 8); /* bl */
	put_word(&t->s, TEXT + 4, 0x002a0000);                               /* break */
}

typedef uint64_t put_value(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value);

/* Also where the new START has no lower part. */
static void test_bounds(void **state)
{
	static put_value *const forms[] = { put_pcaddi, put_page, put_absolute };

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct trial t;
		uint64_t at = STARTUP;
		begin_startup(&t);
		at = forms[i](&t.s, at, S0, RELA_DYN);
		at = forms[i](&t.s, at, S7, rela_end(&t.s));
		put_loop(&t.s, at);
		diagnose(&t);
		assert_broken(&t, &defect_wide_bounds);
		repair(&t, IRELFIX_NARROW);
		end(&t);
	}
}

/* The extreme code model: pcalau12i and a distance of 64 bits. */
static uint64_t put_far(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value)
{
	uint64_t page = at & ~UINT64_C(0xfff), lower = ((value & 0xfff) ^ 0x800) - 0x800;
	uint64_t rest = value - page - 0x1000 - lower; /* but for the page behind this one */

	assert_int_equal(rest, 0);
	at = put_word(s, at, 0x1a000000 | rd | field20(1));
	at = put_word(s, at, 0x02c00000 | T0 | field12(value));
	at = put_word(s, at, 0x16000000 | T0 | field20(lower >> 32));
	at = put_word(s, at, 0x03000000 | T0 | T0 << 5 | field12(lower >> 52));
	return put_word(s, at, 0x00108000 | rd | rd << 5 | T0 << 10);
}

static void test_main(void **state)
{
	struct trial t;
	uint64_t at = TEXT;

	(void)state;
	begin_startup(&t);
	at = put_far(&t.s, at, A0, TEXT + 0xf04);
	at = put_word(&t.s, at, 0x54002000); /* bl .+32 */
	put_word(&t.s, at, 0x002a0000);      /* break */
	put_word(&t.s, TEXT + 0xf04, 0x4c000020);
	diagnose(&t);
	assert_true(startup_entry(&t.startup)->found);
	assert_int_equal(startup_entry(&t.startup)->main, TEXT + 0xf04);
	end(&t);
}

/* ---- absent functions ----------------------------------------------------------------------- */

enum { STUB = TEXT + 0xe00 };

/* A PLT entry that jumps through the word at @slot. */
static void put_stub(struct synthetic *s, uint64_t slot)
{
	uint64_t at = put_word(s, STUB, 0x1c000000 | T3 | field20((slot - STUB + 0x800) >> 12));

	at = put_word(s, at, 0x28c00000 | T3 | T3 << 5 | field12(slot - STUB)); /* ld.d */
	put_word(s, at, 0x4c0001ed);                                           /* jirl t1, t3, 0 */
}

/* if (@address) stub(); in front of the loop. */
static void begin_call(struct trial *t, put_value *form, uint64_t address, uint64_t slot)
{
	uint64_t at = STARTUP;

	begin(t, &arch_loongarch64);
	put_entries(t, "AJII");
	put_word(&t->s, TEXT, 0x54000000 | (uint32_t)(STARTUP - TEXT) << 8); /* bl */
	put_word(&t->s, TEXT + 4, 0x002a0000);                               /* break */
	put_stub(&t->s, slot);
	at = form(&t->s, at, T1, address);
	at = put_word(&t->s, at, 0x400009a0);                              /* beqz t1, 8 */
	at = put_word(&t->s, at, 0x54000000 | (uint32_t)(STUB - at) << 8); /* bl */
	at = put_pcaddi(&t->s, at, S0, RELA_DYN);
	at = put_pcaddi(&t->s, at, S7, rela_end(&t->s));
	put_loop(&t->s, at);
	diagnose(t);
}

/* The address of an absent function is that of its PLT entry, or of a page that it is near. */
static void test_absent_call(void **state)
{
	static const struct { put_value *form; uint64_t address; } rows[] = {
		{ put_pcaddi, STUB }, { put_page, STUB }, { put_page, TEXT + 0x1000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trial t;
		begin_call(&t, rows[i].form, rows[i].address, GOT + 8);
		assert_refused(&t.finding.why, "taken for present and called");
		assert_int_equal(t.finding.why.reason, IRELFIX_REASON_CANONICAL_PLT);
		end(&t);
	}
}

/* addi.d: of zero, which is what a static link means. */
static uint64_t put_zero(struct synthetic *s, uint64_t at, unsigned rd, uint64_t value)
{
	(void)value;
	return put_word(s, at, 0x02c00000 | rd);
}

static void test_no_absent_call(void **state)
{
	struct trial t;

	(void)state;
	begin_call(&t, put_zero, 0, GOT + 8);
	assert_broken(&t, &defect_wide_bounds);
	repair(&t, IRELFIX_NARROW);
	end(&t);
	begin_call(&t, put_pcaddi, STUB, GOT + 16); /* of an IFUNC */
	assert_broken(&t, &defect_wide_bounds);
	end(&t);
}

/* ---- resolvers ------------------------------------------------------------------------------ */

/* The resolver's function begins at @function. */
static void begin_resolvers(struct trial *t, bool sorted, uint64_t function, uint64_t start)
{
	uint64_t first, at = STARTUP;

	begin_startup(t);
	at = put_pcaddi(&t->s, at, S0, start);
	at = put_pcaddi(&t->s, at, S7, rela_end(&t->s));
	put_loop(&t->s, at);
	first = put_records(&t->s, "zR", function);
	if (sorted)
		put_table(&t->s, first, function);
	else
		put_section(&t->s);
}

static void test_resolvers(void **state)
{
	(void)state;
	for (int sorted = 0; sorted < 2; sorted++) {
		struct trial t;
		begin_resolvers(&t, sorted, RESOLVER, RELA_DYN);
		diagnose(&t);
		assert_broken(&t, &defect_wide_bounds);
		end(&t);
		begin_resolvers(&t, sorted, RESOLVER - 4, RELA_DYN);
		diagnose(&t);
		assert_refused(&t.finding.why, "inside the function");
		assert_int_equal(t.finding.why.reason, IRELFIX_REASON_RESOLVER);
		end(&t);
	}
}

/* Its bounds are right, and it dies all the same. */
static void test_resolvers_in_right_bounds(void **state)
{
	(void)state;
	for (int sorted = 0; sorted < 2; sorted++) {
		struct trial t;
		begin_resolvers(&t, sorted, RESOLVER - 4, RELA_DYN + 48);
		diagnose(&t);
		assert_cannot_start(&t, "inside the function");
		end(&t);
	}
}

/* Hand-written code may have several functions in one record. */
static void test_symbol(void **state)
{
	uint64_t at = BOUND_SYMTAB_AT + 2 * SYM_SIZE(true);
	struct trial t;

	(void)state;
	begin_resolvers(&t, true, RESOLVER - 4, RELA_DYN);
	synthetic_bound_symbols(&t.s, RELA_DYN, RESOLVER);
	synthetic_set(&t.s, at, ST_INFO, STT_GNU_IFUNC);
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	end(&t);
}

/* ---- data ----------------------------------------------------------------------------------- */

/* The calling convention: ra, a0 to a7 and t0 to t8 belong to the callee. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < 32; reg++)
		assert_int_equal((arch_loongarch64.caller_saved >> reg) & 1,
		                 reg == 1 || (reg >= 4 && reg <= 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),     cmocka_unit_test(test_constants),
		cmocka_unit_test(test_sums),         cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_others),       cmocka_unit_test(test_no_instruction),
		cmocka_unit_test(test_random),       cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_refused), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_main),         cmocka_unit_test(test_resolvers),
		cmocka_unit_test(test_resolvers_in_right_bounds),      cmocka_unit_test(test_symbol),
		cmocka_unit_test(test_absent_call),  cmocka_unit_test(test_no_absent_call),
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
