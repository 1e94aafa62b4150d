/* SPDX-License-Identifier: MIT */
/*
 * ppc64le and 32-bit powerpc: each word below was assembled from the text beside it by llvm-mc 22.
 * All of them stand at the address AT; the TOC pointer is TOC.
 */
#include "trial.h"

#include "expect.h"

#define AT UINT64_C(0x10001000)
#define TOC UINT64_C(0x10108000)

enum { LR = 32, CTR = 33 };

struct example {
	uint32_t word, second; /* second 0: there is none */
	const char *text;
	struct insn expect; /* without address and length */
};

static const struct example branches[] = {
	{ 0x4bfff000, 0, "b .-4096", { .flow = FLOW_JUMP, TO(-4096) } },
	{ 0x49fffffd, 0, "bl .+0x1fffffc", { .flow = FLOW_CALL, TO(0x1fffffc), .clobbers = X(LR) } },
	{ 0x48000102, 0, "ba 0x100", { .flow = FLOW_JUMP, .has_target = true, .target = 0x100 } },
	{ 0x41800008, 0, "blt .+8", { .flow = FLOW_BRANCH, .cond = COND_BELOW, TO(8) } },
	{ 0x409cfff8, 0, "bge 7, .-8", { .flow = FLOW_BRANCH, .cond = COND_NOT_BELOW, TO(-8) } },
	{ 0x41817ffc, 0, "bgt .+0x7ffc", { .flow = FLOW_BRANCH, .cond = COND_ABOVE, TO(0x7ffc) } },
	{ 0x40818000, 0, "ble .-0x8000",
	  { .flow = FLOW_BRANCH, .cond = COND_NOT_ABOVE, TO(-0x8000) } },
	{ 0x41820008, 0, "beq .+8", { .flow = FLOW_BRANCH, TO(8) } },
	{ 0x4200fff0, 0, "bdnz .-16", { .flow = FLOW_BRANCH, TO(-16), .clobbers = X(CTR) } },
	{ 0x41000008, 0, "bdnzlt .+8", { .flow = FLOW_BRANCH, TO(8), .clobbers = X(CTR) } },
	{ 0x42800008, 0, "bc 20,0,.+8", { .flow = FLOW_JUMP, TO(8) } },
	{ 0x429f0005, 0, "bcl 20,31,.+4", { .effects = { MOVE(R(LR, 8), K(AT + 4, 8)) } } },
	{ 0x429f0009, 0, "bcl 20,31,.+8",
	  { .flow = FLOW_JUMP, TO(8), .effects = { MOVE(R(LR, 8), K(AT + 4, 8)) } } },
	{ 0x41820009, 0, "beql .+8",
	  { .flow = FLOW_CALL, .conditional = true, TO(8), .clobbers = X(LR) } },
	{ 0x4e800020, 0, "blr", { .flow = FLOW_END } },
	{ 0x4d820020, 0, "beqlr", { .flow = FLOW_BRANCH } },
	{ 0x4e000020, 0, "bdnzlr", { .flow = FLOW_BRANCH, .clobbers = X(CTR) } },
	{ 0x4e800021, 0, "blrl", { .flow = FLOW_CALL, .via = R(LR, 8), .clobbers = X(LR) } },
	{ 0x4e800420, 0, "bctr", { .flow = FLOW_JUMP, .via = R(CTR, 8) } },
	{ 0x4e800421, 0, "bctrl", { .flow = FLOW_CALL, .via = R(CTR, 8), .clobbers = X(LR) } },
	{ 0x4d820420, 0, "beqctr", { .flow = FLOW_BRANCH, .via = R(CTR, 8) } },
	{ 0x4e800460, 0, "bctar", { .flow = FLOW_JUMP } },
	{ 0x44000002, 0, "sc", { .clobbers = 0x1ff9 | X(LR) | X(CTR) } },
	{ 0x7fe00008, 0, "trap", { .flow = FLOW_END } },
	{ 0x7c832008, 0, "tweq 3,4", { .flow = FLOW_NEXT } },
	{ 0x4c000024, 0, "rfid", { .flow = FLOW_END } },
	{ 0x00000000, 0, ".long 0", { .flow = FLOW_END } },
};

static const struct example sums[] = {
	{ 0x3860ffff, 0, "li 3,-1", { .effects = { MOVE(R(3, 8), K(-1, 8)) } } },
	{ 0x3c601001, 0, "lis 3,4097", { .effects = { PART(R(3, 8), K(0x10010000, 8)) } } },
	{ 0x3c60ffff, 0, "lis 3,-1", { .effects = { PART(R(3, 8), K(-0x10000, 8)) } } },
	{ 0x3c4c000c, 0, "addis 2,12,12", { .clobbers = X(2) } },
	{ 0x3842c9f8, 0, "addi 2,2,-13832", { .clobbers = X(2) } },
	{ 0x3d22fff0, 0, "addis 9,2,-16", { .effects = { PART(R(9, 8), K(TOC - 0x100000, 8)) } } },
	{ 0x39227428, 0, "addi 9,2,29736", { .effects = { MOVE(R(9, 8), K(TOC + 29736, 8)) } } },
	{ 0x3922fffc, 0, "addi 9,2,-4", { .effects = { MOVE(R(9, 8), K(TOC - 4, 8)) } } },
	{ 0x3929fff8, 0, "addi 9,9,-8", { .effects = { ADD(R(9, 8), R(9, 8), K(-8, 8)) } } },
	{ 0x3fde0002, 0, "addis 30,30,2", { .effects = { ADD(R(30, 8), R(30, 8), K(0x20000, 8)) } } },
	{ 0x38210020, 0, "addi 1,1,32", { .clobbers = 0 } },
	{ 0x30600005, 0, "addic 3,0,5", { .effects = { ADD(R(3, 8), R(0, 8), K(5, 8)) } } },
	{ 0x7c642a14, 0, "add 3,4,5", { .effects = { ADD(R(3, 8), R(4, 8), R(5, 8)) } } },
	{ 0x7c642850, 0, "subf 3,4,5",
	  { .effects = { COMPARE(R(5, 8), R(4, 8)) }, .clobbers = X(3) } },
	{ 0x06100000, 0x39200010, "paddi 9,0,16,1", { .effects = { MOVE(R(9, 8), K(AT + 16, 8)) } } },
	{ 0x0603ffff, 0x3929fff8, "paddi 9,9,-8",
	  { .effects = { ADD(R(9, 8), R(9, 8), K(-8, 8)) } } },
	{ 0x06012345, 0x39206789, "pli 9,0x123456789",
	  { .effects = { MOVE(R(9, 8), K(0x123456789, 8)) } } },
	{ 0x7c3fc040, 0, "cmpld 31,24", { .effects = { COMPARE(R(31, 8), R(24, 8)) } } },
	{ 0x7f9fc040, 0, "cmplw 7,31,24", { .effects = { COMPARE(R(31, 4), R(24, 4)) } } },
	{ 0x7c232000, 0, "cmpd 3,4", { .effects = { COMPARE(R(3, 8), R(4, 8)) } } },
	{ 0x280900f8, 0, "cmplwi 9,248", { .effects = { COMPARE(R(9, 4), K(248, 4)) } } },
	{ 0x2829ffff, 0, "cmpldi 9,65535", { .effects = { COMPARE(R(9, 8), K(65535, 8)) } } },
	{ 0x2c09ffff, 0, "cmpwi 9,-1", { .effects = { COMPARE(R(9, 4), K(UINT32_MAX, 4)) } } },
	{ 0x2c29ffff, 0, "cmpdi 9,-1", { .effects = { COMPARE(R(9, 8), K(-1, 8)) } } },
};

static const struct example bits[] = {
	{ 0x61298001, 0, "ori 9,9,0x8001",
	  { .effects = { INSERT(BITS(9, 8, 0x8001), R(9, 8), K(0x8001, 8)) } } },
	{ 0x65298001, 0, "oris 9,9,0x8001",
	  { .effects = { INSERT(BITS(9, 8, 0x80010000), R(9, 8), K(0x80010000, 8)) } } },
	{ 0x60c50000, 0, "ori 5,6,0", { .effects = { MOVE(R(5, 8), R(6, 8)) } } },
	{ 0x60000000, 0, "nop", { .effects = { MOVE(R(0, 8), R(0, 8)) } } },
	{ 0x7cc53378, 0, "mr 5,6", { .effects = { MOVE(R(5, 8), R(6, 8)) } } },
	{ 0x7cc53b78, 0, "or 5,6,7", { .clobbers = X(5) } },
	{ 0x692900f8, 0, "xori 9,9,248", { .effects = { XOR(R(9, 8), R(9, 8), K(248, 8)) } } },
	{ 0x6d290001, 0, "xoris 9,9,1", { .effects = { XOR(R(9, 8), R(9, 8), K(0x10000, 8)) } } },
	{ 0x712900ff, 0, "andi. 9,9,255", { .effects = { AND(R(9, 8), R(9, 8), K(255, 8)) } } },
	{ 0x75290001, 0, "andis. 9,9,1", { .effects = { AND(R(9, 8), R(9, 8), K(0x10000, 8)) } } },
	{ 0x7d0907b4, 0, "extsw 9,8", { .effects = { MOVE(R(9, 8), R(8, 4)) } } },
	{ 0x79090020, 0, "clrldi 9,8,32", { .effects = { MOVE(R(9, 8), R(8, 4)) } } },
	{ 0x79090620, 0, "clrldi 9,8,56", { .effects = { AND(R(9, 8), R(8, 8), K(0xff, 8)) } } },
	{ 0x790906e4, 0, "clrrdi 9,8,4", { .effects = { AND(R(9, 8), R(8, 8), K(-16, 8)) } } },
	{ 0x7909e8c2, 0, "srdi 9,8,3", { .effects = { RIGHT(R(9, 8), R(8, 8), K(3, 8)) } } },
	{ 0x79091f24, 0, "sldi 9,8,3", { .effects = { LEFT(R(9, 8), R(8, 8), K(3, 8)) } } },
	{ 0x790940c0, 0, "rldicl 9,8,8,3", { .clobbers = X(9) } },
	{ 0x79091908, 0, "rldic 9,8,3,4", { .clobbers = X(9) } },
	{ 0x5509063e, 0, "clrlwi 9,8,24", { .effects = { AND(R(9, 8), R(8, 8), K(0xff, 8)) } } },
	{ 0x55091838, 0, "slwi 9,8,3", { .clobbers = X(9) } },
	{ 0x5509e8fe, 0, "srwi 9,8,3", { .clobbers = X(9) } },
	{ 0x550940ca, 0, "rlwinm 9,8,8,3,5", { .clobbers = X(9) } },
	{ 0x55090782, 0, "rlwinm 9,8,0,30,1", { .clobbers = X(9) } },
	{ 0x7c0802a6, 0, "mflr 0", { .effects = { MOVE(R(0, 8), R(LR, 8)) } } },
	{ 0x7ca902a6, 0, "mfctr 5", { .effects = { MOVE(R(5, 8), R(CTR, 8)) } } },
	{ 0x7c0803a6, 0, "mtlr 0", { .effects = { MOVE(R(LR, 8), R(0, 8)) } } },
	{ 0x7d8903a6, 0, "mtctr 12", { .effects = { MOVE(R(CTR, 8), R(12, 8)) } } },
	{ 0x7ca102a6, 0, "mfspr 5,1", { .clobbers = X(5) } },
	{ 0x7ca103a6, 0, "mtspr 1,5", { .clobbers = 0 } },
	{ 0x7ca00026, 0, "mfcr 5", { .clobbers = X(5) } },
};

static const struct example transfers[] = {
	{ 0x81280004, 0, "lwz 9,4(8)", { .effects = { MOVE(R(9, 8), MEM(8, 4, 4)) } } },
	{ 0x84770018, 0, "lwzu 3,24(23)",
	  { .effects = { MOVE(R(3, 8), MEM(23, 24, 4)), ADD(R(23, 8), R(23, 8), K(24, 8)) } } },
	{ 0x893f0007, 0, "lbz 9,7(31)", { .effects = { MOVE(R(9, 8), MEM(31, 7, 1)) } } },
	{ 0xa12a002a, 0, "lhz 9,42(10)", { .effects = { MOVE(R(9, 8), MEM(10, 42, 2)) } } },
	{ 0xad2afffe, 0, "lhau 9,-2(10)",
	  { .effects = { MOVE(R(9, 8), MEM(10, -2, 2)), ADD(R(10, 8), R(10, 8), K(-2, 8)) } } },
	{ 0x91210008, 0, "stw 9,8(1)", { .effects = { MOVE(MEM(1, 8, 4), R(9, 8)) } } },
	{ 0x9421fff0, 0, "stwu 1,-16(1)", { .effects = { MOVE(MEM(1, -16, 4), R(1, 8)) } } },
	{ 0x9d280001, 0, "stbu 9,1(8)",
	  { .effects = { MOVE(MEM(8, 1, 1), R(9, 8)), ADD(R(8, 8), R(8, 8), K(1, 8)) } } },
	{ 0xb1280002, 0, "sth 9,2(8)", { .effects = { MOVE(MEM(8, 2, 2), R(9, 8)) } } },
	{ 0xe93f0008, 0, "ld 9,8(31)", { .effects = { MOVE(R(9, 8), MEM(31, 8, 8)) } } },
	{ 0xe9228420, 0, "ld 9,-31712(2)",
	  { .effects = { MOVE(R(9, 8), MEM(REG_NONE, TOC - 31712, 8)) } } },
	{ 0xe9200000, 0, "ld 9,0(0)", { .effects = { MOVE(R(9, 8), MEM(REG_NONE, 0, 8)) } } },
	{ 0xe93f0019, 0, "ldu 9,24(31)",
	  { .effects = { MOVE(R(9, 8), MEM(31, 24, 8)), ADD(R(31, 8), R(31, 8), K(24, 8)) } } },
	{ 0xe93f000a, 0, "lwa 9,8(31)", { .effects = { MOVE(R(9, 8), MEM(31, 8, 4)) } } },
	{ 0xf8410018, 0, "std 2,24(1)", { .effects = { MOVE(MEM(1, 24, 8), R(2, 8)) } } },
	{ 0xf821ff81, 0, "stdu 1,-128(1)", { .effects = { MOVE(MEM(1, -128, 8), R(1, 8)) } } },
	{ 0xe1090010, 0, "lq 8,16(9)", { .clobbers = X(8) | X(9) } },
	{ 0xbba10008, 0, "lmw 29,8(1)", { .clobbers = X(29) | X(30) | X(31) } },
	{ 0xbfa10008, 0, "stmw 29,8(1)", { .clobbers = 0 } },
	{ 0xcc290008, 0, "lfdu 1,8(9)", { .effects = { ADD(R(9, 8), R(9, 8), K(8, 8)) } } },
	{ 0x7c29556e, 0, "stfsux 1,9,10", { .effects = { ADD(R(9, 8), R(9, 8), R(10, 8)) } } },
	{ 0x7d28502e, 0, "lwzx 9,8,10", { .effects = { MOVE(R(9, 8), SUM(8, 10, 0, 4)) } } },
	{ 0x7d20502e, 0, "lwzx 9,0,10", { .effects = { MOVE(R(9, 8), MEM(10, 0, 4)) } } },
	{ 0x7d2850ee, 0, "lbzux 9,8,10",
	  { .effects = { MOVE(R(9, 8), SUM(8, 10, 0, 1)), ADD(R(8, 8), R(8, 8), R(10, 8)) } } },
	{ 0x7d28532e, 0, "sthx 9,8,10", { .effects = { MOVE(SUM(8, 10, 0, 2), R(9, 8)) } } },
	{ 0x7d28502a, 0, "ldx 9,8,10", { .effects = { MOVE(R(9, 8), SUM(8, 10, 0, 8)) } } },
	{ 0x7d28512a, 0, "stdx 9,8,10", { .effects = { MOVE(SUM(8, 10, 0, 8), R(9, 8)) } } },
	{ 0x7d2852ea, 0, "lwaux 9,8,10",
	  { .effects = { MOVE(R(9, 8), SUM(8, 10, 0, 4)), ADD(R(8, 8), R(8, 8), R(10, 8)) } } },
	{ 0x7fa9a4aa, 0, "lswi 29,9,20", { .clobbers = X(29) | X(30) | X(31) | X(0) } },
	{ 0x7d285028, 0, "lwarx 9,8,10", { .clobbers = X(9) } },
	{ 0x04100000, 0xe5200040, "pld 9,64(0),1",
	  { .effects = { MOVE(R(9, 8), MEM(REG_NONE, AT + 64, 8)) } } },
	{ 0x0403ffff, 0xe528fff8, "pld 9,-8(8)", { .effects = { MOVE(R(9, 8), MEM(8, -8, 8)) } } },
	{ 0x04000000, 0xf5280008, "pstd 9,8(8)", { .effects = { MOVE(MEM(8, 8, 8), R(9, 8)) } } },
	{ 0x06000001, 0x81280004, "plwz 9,0x10004(8)",
	  { .effects = { MOVE(R(9, 8), MEM(8, 0x10004, 4)) } } },
	{ 0x04000000, 0xa5280008, "plwa 9,8(8)", { .effects = { MOVE(R(9, 8), MEM(8, 8, 4)) } } },
	{ 0x06000000, 0x99280008, "pstb 9,8(8)", { .effects = { MOVE(MEM(8, 8, 1), R(9, 8)) } } },
	{ 0x04000000, 0xe1090010, "plq 8,16(9)", { .clobbers = X(8) | X(9) } },
	{ 0x05000000, 0x80260005, "xxspltiw 1,5", { .clobbers = 0 } },
};

static const struct example others[] = {
	{ 0x7d2851d2, 0, "mulld 9,8,10", { .clobbers = X(9) } },
	{ 0x7d28509e, 0, "iseleq 9,8,10", { .clobbers = X(9) } },
	{ 0x7d090074, 0, "cntlzd 9,8", { .clobbers = X(9) } },
	{ 0x7c290066, 0, "mfvsrd 9,1", { .clobbers = X(9) } },
	{ 0x7c290166, 0, "mtvsrd 1,9", { .clobbers = 0 } },
	{ 0x7d220300, 0, "setbc 9,2", { .clobbers = X(9) } },
	{ 0x1128560d, 0, "vextublx 9,8,10", { .clobbers = X(9) } },
	{ 0x112852f3, 0, "maddld 9,8,10,11", { .clobbers = X(9) } },
	{ 0xfc22182a, 0, "fadd 1,2,3", { .clobbers = 0 } },
};

/* What 32-bit machines do otherwise. */
static const struct example words[] = {
	{ 0x429f0005, 0, "bcl 20,31,.+4", { .effects = { MOVE(R(LR, 4), K(AT + 4, 4)) } } },
	{ 0x3860ffff, 0, "li 3,-1", { .effects = { MOVE(R(3, 4), K(UINT32_MAX, 4)) } } },
	{ 0x3922fffc, 0, "addi 9,2,-4", { .effects = { ADD(R(9, 4), R(2, 4), K32(-4)) } } },
	{ 0x3c4c000c, 0, "addis 2,12,12", { .effects = { ADD(R(2, 4), R(12, 4), K(0xc0000, 4)) } } },
	{ 0x800d8000, 0, "lwz 0,-32768(13)", { .effects = { MOVE(R(0, 4), MEM(13, -32768, 4)) } } },
	{ 0x55091838, 0, "slwi 9,8,3", { .effects = { LEFT(R(9, 4), R(8, 4), K(3, 4)) } } },
	{ 0x5509e8fe, 0, "srwi 9,8,3", { .effects = { RIGHT(R(9, 4), R(8, 4), K(3, 4)) } } },
	{ 0x5509063e, 0, "clrlwi 9,8,24", { .effects = { AND(R(9, 4), R(8, 4), K(0xff, 4)) } } },
	{ 0x4bffeffe, 0, "ba 0xffffeffc",
	  { .flow = FLOW_JUMP, .has_target = true, .target = 0xffffeffc } },
};

/* ---- decoding ------------------------------------------------------------------------------- */

static const struct arch_context context = { .toc = TOC };

static unsigned store(const struct arch *arch, uint32_t word, uint32_t second,
                      unsigned char code[8])
{
	bytes_store(code, 4, arch->order, word);
	bytes_store(code + 4, 4, arch->order, second);
	return word >> 26 == 1 ? 8 : 4;
}

static bool decode(const struct arch *arch, uint32_t word, uint32_t second, uint64_t address,
                   struct insn *out)
{
	unsigned char code[8];
	unsigned size = store(arch, word, second, code);

	return arch->decode((struct bytes){ code, size }, address, &context, out);
}

static void check(const struct arch *arch, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *one = &examples[i];
		struct insn insn;
		if (!decode(arch, one->word, one->second, AT, &insn))
			fail_msg("%s: no instruction", one->text);
		same(one->text, "address", insn.address, AT);
		same(one->text, "length", insn.length, one->second != 0 ? 8 : 4);
		same_insn(one->text, &insn, &one->expect);
	}
}

static void test_branches(void **state)
{
	(void)state;
	check(&arch_ppc64le, branches, COUNT(branches));
}

static void test_sums(void **state)
{
	(void)state;
	check(&arch_ppc64le, sums, COUNT(sums));
}

static void test_bits(void **state)
{
	(void)state;
	check(&arch_ppc64le, bits, COUNT(bits));
}

static void test_transfers(void **state)
{
	(void)state;
	check(&arch_ppc64le, transfers, COUNT(transfers));
}

static void test_others(void **state)
{
	(void)state;
	check(&arch_ppc64le, others, COUNT(others));
	check(&arch_ppc32, others, COUNT(others));
}

static void test_words(void **state)
{
	(void)state;
	check(&arch_ppc32, words, COUNT(words));
}

/* Without a TOC pointer r2 is a register like any other. */
static void test_no_toc(void **state)
{
	const struct arch_context unknown = { .toc = 0 };
	const struct insn expect = { .effects = { ADD(R(9, 8), R(2, 8), K(-0x100000, 8)) } };
	unsigned char code[8];
	struct insn insn;

	(void)state;
	store(&arch_ppc64le, 0x3d22fff0, 0, code);
	assert_true(arch_ppc64le.decode((struct bytes){ code, 4 }, AT, &unknown, &insn));
	same_insn("addis 9,2,-16", &insn, &expect);
}

static void test_no_instruction(void **state)
{
	unsigned char code[8];
	struct insn insn;

	(void)state;
	store(&arch_ppc32, 0x06100000, 0x39200010, code); /* paddi */
	for (uint64_t size = 0; size < 8; size++)
		assert_false(arch_ppc32.decode((struct bytes){ code, size }, AT, &context, &insn));
	for (uint64_t off = 1; off < 4; off++)
		assert_false(arch_ppc32.decode((struct bytes){ code, 8 }, AT + off, &context, &insn));
}

/* ---- forming -------------------------------------------------------------------------------- */

/* The parts of one place, at AT and behind it, and what they become. */
struct place {
	const char *text;
	uint32_t words[2], seconds[2];
	unsigned count;
	uint64_t value;
	uint32_t expect[2]; /* 0: it cannot hold the value */
};

static void check_form(const struct arch *arch, const struct place *place)
{
	unsigned char code[PARTS_MAX][INSN_MAX] = { { 0 } }, old[PARTS_MAX][INSN_MAX];
	struct insn insns[PARTS_MAX];
	const struct insn *parts[PARTS_MAX];
	bool done;

	for (unsigned i = 0; i < place->count; i++) {
		unsigned size = store(arch, place->words[i], place->seconds[i], code[i]);
		parts[i] = &insns[i];
		assert_true(arch->decode((struct bytes){ code[i], size }, AT + 4 * i, &context,
		                         &insns[i]));
	}
	memcpy(old, code, sizeof(old));
	done = arch->form(parts, place->count, place->value, &context, code);
	same(place->text, "formed", done, place->expect[0] != 0);
	if (!done)
		assert_memory_equal(old, code, sizeof(old)); /* a refusal leaves the code alone */
	for (unsigned i = 0; done && i < place->count; i++)
		same(place->text, "word", bytes_number(code[i], 4, arch->order), place->expect[i]);
}

static void test_form(void **state)
{
	static const struct place places[] = {
		{ "addis, addi", { 0x3d220000, 0x39290000 }, { 0 }, 2, TOC - 0x8001,
		  { 0x3d22ffff, 0x39297fff } },
		{ "with carry", { 0x3d220000, 0x39290000 }, { 0 }, 2, TOC + 0x18000,
		  { 0x3d220002, 0x39298000 } },
		{ "as far as it goes", { 0x3d220000, 0x39290000 }, { 0 }, 2, TOC + 0x7fff7fff,
		  { 0x3d227fff, 0x39297fff } },
		{ "too far", { 0x3d220000, 0x39290000 }, { 0 }, 2, TOC + 0x7fff8000, { 0 } },
		{ "too far back", { 0x3d220000, 0x39290000 }, { 0 }, 2,
		  TOC - UINT64_C(0x80008001), { 0 } },
		{ "lis, addi", { 0x3d200000, 0x39290000 }, { 0 }, 2, 0x1000fff8,
		  { 0x3d201001, 0x3929fff8 } },
		{ "lis, ori", { 0x3d200000, 0x61290000 }, { 0 }, 2, 0x1000fff8,
		  { 0x3d201000, 0x6129fff8 } },
		{ "lis, ori, too far", { 0x3d200000, 0x61290000 }, { 0 }, 2, 0x80000000, { 0 } },
		{ "addi", { 0x39220000 }, { 0 }, 1, TOC - 0x8000, { 0x39228000 } },
		{ "addi, too far", { 0x39220000 }, { 0 }, 1, TOC + 0x8000, { 0 } },
		{ "li", { 0x39200000 }, { 0 }, 1, 0x7fff, { 0x39207fff } },
		{ "addi of a register", { 0x39290000 }, { 0 }, 1, 8, { 0 } },
		{ "addis of a register", { 0x3fde0000, 0x3bde0000 }, { 0 }, 2, 8, { 0 } },
		{ "addis, ld", { 0x3d220000, 0xe9290000 }, { 0 }, 2, TOC, { 0 } },
		{ "ld", { 0xe9220000 }, { 0 }, 1, TOC, { 0 } },
		{ "paddi", { 0x06100000 }, { 0x39200000 }, 1, AT + 0x54321, { 0x06100005 } },
		{ "paddi, too far", { 0x06100000 }, { 0x39200000 }, 1,
		  AT + (UINT64_C(1) << 33), { 0 } },
	};
	static const struct place wrapped = {
		"lis, addi of 32 bits", { 0x3d200000, 0x39290000 }, { 0 }, 2, 0xfffffff8,
		{ 0x3d200000, 0x3929fff8 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++)
		check_form(&arch_ppc64le, &places[i]);
	check_form(&arch_ppc32, &wrapped);
}

static void test_prepare(void **state)
{
	static const struct {
		uint32_t high, low;
		uint64_t toc; /* 0: it cannot be told */
	} cases[] = {
		{ 0x3c4c000c, 0x3842c9f8, AT + 0xc0000 - 13832 },
		{ 0x3c40100f, 0x384291a0, 0x100f0000 - 0x6e60 }, /* lis */
		{ 0x3c4bfff0, 0x38420000, 0 }, /* of another register */
		{ 0x3c4c000c, 0x3862c9f8, 0 }, /* into another one */
		{ 0x60000000, 0x3c4c000c, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arch_context out = { .toc = 0 };
		unsigned char code[8];
		bytes_store(code, 4, ORDER_LITTLE, cases[i].high);
		bytes_store(code + 4, 4, ORDER_LITTLE, cases[i].low);
		same("prepare", "result", arch_ppc64le.prepare((struct bytes){ code, 8 }, AT, &out),
		     cases[i].toc != 0);
		same("prepare", "TOC", out.toc, cases[i].toc);
		assert_false(arch_ppc64le.prepare((struct bytes){ code, 7 }, AT, &out));
	}
	assert_null(arch_ppc32.prepare);
}

/* ---- whatever the bytes --------------------------------------------------------------------- */

static void test_random(void **state)
{
	const struct arch *const both[] = { &arch_ppc64le, &arch_ppc32 };
	uint64_t seed = 2;

	(void)state;
	for (unsigned i = 0; i < 2000000; i++) {
		const struct arch *arch = both[i % 2];
		uint32_t word = (uint32_t)next_random(&seed), second = (uint32_t)next_random(&seed);
		uint64_t address = next_random(&seed) & ~UINT64_C(3);
		unsigned char code[PARTS_MAX][INSN_MAX];
		char text[24];
		struct insn insn;
		const struct insn *parts[PARTS_MAX] = { &insn, &insn };
		if (!decode(arch, word, second, address, &insn))
			continue;
		snprintf(text, sizeof(text), "%08x %08x", word, second);
		check_promises(text, &insn, X(1));
		store(arch, word, second, code[0]);
		store(arch, second, word, code[1]);
		arch->form(parts, 1 + i / 2 % 2, next_random(&seed), &context, code);
	}
}

/* ---- startup -------------------------------------------------------------------------------- */

enum { STRUCTURE_REG = 8, TYPE = 9, BASE_REG = 30, POINTER = 31, LIMIT = 24 };

/* Behind the table of words that the code has of the bounds: what _start passes, and main. */
#define R2 (GOT + 0x300)
#define WORDS (GOT + 0x200)
#define STRUCTURE (GOT + 0x240)
#define MAIN (TEXT + 0xe00)
#define STUB (TEXT + 0xf00)

static uint64_t put(struct synthetic *s, uint64_t at, uint32_t word)
{
	bytes_store(s->data + synthetic_offset(at), 4, s->order, word);
	return at + 4;
}

/* An instruction with two registers and 16 bits. */
static uint64_t put_d(struct synthetic *s, uint64_t at, uint32_t opcode, unsigned rt, unsigned ra,
                      uint64_t number)
{
	return put(s, at, opcode << 26 | rt << 21 | ra << 16 | (uint32_t)(number & 0xffff));
}

/* Puts code at @at that forms @value in @reg. @return the address behind it. */
typedef uint64_t put_value(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value);

static uint64_t put_sum(struct synthetic *s, uint64_t at, unsigned reg, unsigned base,
                        uint64_t distance)
{
	at = put_d(s, at, 15, reg, base, (distance + 0x8000) >> 16);
	return put_d(s, at, 14, reg, reg, distance);
}

static uint64_t by_toc(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	return put_sum(s, at, reg, 2, value - R2);
}

static uint64_t by_one(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	return put_d(s, at, 14, reg, 2, value - R2);
}

static uint64_t by_number(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	return put_sum(s, at, reg, 0, value);
}

/* A word for each register. */
static uint64_t by_word(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	uint64_t word = WORDS + synthetic_word_size(s) * (reg == LIMIT);

	synthetic_word(s, word, value);
	return s->is64 ? put_d(s, at, 58, reg, 2, word - R2)
	               : put_d(s, at, 32, reg, BASE_REG, word - GOT);
}

/* The guard and the loop over [r31, r24), which tests what @put_test puts. */
typedef uint64_t put_test(struct synthetic *s, uint64_t at, uint64_t otherwise);

static uint64_t test_double(struct synthetic *s, uint64_t at, uint64_t otherwise)
{
	at = put_d(s, at, 58, TYPE, POINTER, 8);   /* ld 9,8(31) */
	at = put(s, at, 0x280900f8);               /* cmplwi 9,248 */
	return put(s, at, 0x40820000 | (uint32_t)(otherwise - at)); /* bne */
}

/* What clang makes of two numbers, at a pointer of which 16 was taken. */
static uint64_t test_both(struct synthetic *s, uint64_t at, uint64_t otherwise)
{
	at = put_d(s, at, 14, 23, POINTER, (uint64_t)-16); /* addi 23,31,-16 */
	at = put_d(s, at, 33, TYPE, 23, 24);       /* lwzu 9,24(23) */
	at = put_d(s, at, 14, TYPE, TYPE, (uint64_t)-247);
	at = put(s, at, 0x28090002);               /* cmplwi 9,2 */
	return put(s, at, 0x40800000 | (uint32_t)(otherwise - at)); /* bge */
}

static uint64_t test_byte(struct synthetic *s, uint64_t at, uint64_t otherwise)
{
	at = put_d(s, at, 34, TYPE, POINTER, 7);   /* lbz 9,7(31) */
	at = put(s, at, 0x280900f8);
	return put(s, at, 0x40820000 | (uint32_t)(otherwise - at));
}

static void put_loop(struct synthetic *s, uint64_t at, put_test *test)
{
	uint32_t compare = s->is64 ? 0x7c3fc040 : 0x7c1fc040; /* cmpld, cmplw 31,24 */
	uint64_t done = at + 0x100, loop;

	put(s, done, 0x4e800020); /* blr */
	at = put(s, at, compare);
	loop = put(s, at, 0x40800000 | (uint32_t)(done - at)); /* bge done */
	at = test(s, loop, done);
	at = put_d(s, at, s->is64 ? 58 : 32, 12, POINTER, s->is64 ? 16 : 8);
	at = put(s, at, 0x7d8903a6); /* mtctr 12 */
	at = put(s, at, 0x4e800421); /* bctrl */
	at = put_d(s, at, 14, POINTER, POINTER, synthetic_entsize(s));
	at = put(s, at, compare);
	at = put(s, at, 0x41800000 | (uint32_t)((loop - at) & 0xfffc)); /* blt loop */
	put(s, at, 0x4e800020);
}

static uint64_t put_jump(struct synthetic *s, uint64_t at, uint64_t target)
{
	return put(s, at, 0x48000000 | (uint32_t)((target - at) & 0x03fffffc));
}

/* _start of ppc64le, which jumps to @target with r8 at {0, main}. */
static void put_start(struct synthetic *s, uint64_t target)
{
	uint64_t at = put_sum(s, TEXT, 2, 12, R2 - TEXT);

	at = put(s, at, 0x60000000);
	at = by_toc(s, at, STRUCTURE_REG, STRUCTURE);
	put_jump(s, at, target);
	synthetic_word(s, STRUCTURE + 8, MAIN);
	put(s, MAIN, 0x4e800020);
}

/* A call that is too far for one instruction. */
static void put_stub(struct synthetic *s)
{
	uint64_t at = by_word(s, STUB, 12, STARTUP);

	at = put(s, at, 0x7d8903a6); /* mtctr 12 */
	put(s, at, 0x4e800420);      /* bctr */
}

static void begin_startup(struct trial *t, put_value *form, put_test *test)
{
	uint64_t at = STARTUP;

	begin(t, &arch_ppc64le);
	put_entries(t, "GAIIGI");
	put_start(&t->s, STARTUP);
	at = form(&t->s, at, POINTER, RELA_DYN);
	at = form(&t->s, at, LIMIT, rela_end(&t->s));
	put_loop(&t->s, at, test);
}

static void assert_repaired(struct trial *t)
{
	diagnose(t);
	assert_broken(t, &defect_wide_bounds);
	assert_true(startup_entry(&t->startup)->found);
	assert_int_equal(startup_entry(&t->startup)->main, MAIN);
	repair(t, IRELFIX_NARROW);
	end(t);
}

static void test_ppc64le(void **state)
{
	static put_value *const forms[] = { by_toc, by_one, by_word, by_number };
	static put_test *const tests[] = { test_double, test_both };

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < COUNT(tests); j++) {
			struct trial t;
			begin_startup(&t, forms[i], tests[j]);
			assert_repaired(&t);
		}
	}
}

static void test_far_jump(void **state)
{
	struct trial t;

	(void)state;
	begin_startup(&t, by_toc, test_double);
	put_start(&t.s, STUB);
	put_stub(&t.s);
	assert_repaired(&t);
}

/* r2 is not set where the entry is: nothing can be said of a file that tables do not convict. */
static void test_unreadable(void **state)
{
	struct trial t;

	(void)state;
	begin_startup(&t, by_toc, test_double);
	put(&t.s, TEXT, 0x60000000);
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_false(plan(&t, IRELFIX_NARROW));
	assert_refused(&t.why, "does not tell what the rest of the code is relative to");
	repair(&t, IRELFIX_PAD);
	end(&t);

	begin(&t, &arch_ppc64le);
	put_entries(&t, "II");
	diagnose(&t);
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_NOT_EXAMINED);
	assert_healthy(&t, "not examined");
	end(&t);
}

/* bcl 20,31,.+4; mflr 30; and the distance to the GOT. */
static uint64_t put_base(struct synthetic *s, uint64_t at)
{
	at = put(s, at, 0x429f0005);
	at = put(s, at, 0x7fc802a6);
	return put_sum(s, at, BASE_REG, BASE_REG, GOT - (at - 4));
}

static void begin_words(struct trial *t, put_value *form, const char *entries)
{
	uint64_t at;

	begin(t, arch_find(20, false, ORDER_BIG));
	put_entries(t, entries);
	at = put_base(&t->s, TEXT);
	at = put_d(&t->s, at, 14, STRUCTURE_REG, BASE_REG, STRUCTURE - GOT);
	put_jump(&t->s, at, STARTUP);
	synthetic_word(&t->s, STRUCTURE + 4, MAIN);
	put(&t->s, MAIN, 0x4e800020);
	at = put_base(&t->s, STARTUP);
	at = form(&t->s, at, POINTER, RELA_DYN);
	at = form(&t->s, at, LIMIT, rela_end(&t->s));
	put_loop(&t->s, at, test_byte);
}

/* Without any IRELATIVE entry the bounds become empty. */
static void test_ppc32(void **state)
{
	static put_value *const forms[] = { by_word, by_number };
	static const char *const entries[] = { "GGII", "GG", "IGAI" };

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < COUNT(entries); j++) {
			struct trial t;
			begin_words(&t, forms[i], entries[j]);
			assert_repaired(&t);
		}
	}
}

/* ---- data ----------------------------------------------------------------------------------- */

static void test_relocations(void **state)
{
	(void)state;
	assert_ptr_equal(arch_find(21, true, ORDER_LITTLE), &arch_ppc64le);
	assert_ptr_equal(arch_find(20, false, ORDER_BIG), &arch_ppc32);
	assert_null(arch_find(21, true, ORDER_BIG));
	assert_null(arch_find(20, false, ORDER_LITTLE));
	assert_string_equal(arch_reloc_name(&arch_ppc64le, 38), "R_PPC64_ADDR64");
	assert_string_equal(arch_reloc_name(&arch_ppc64le, 247), "R_PPC64_JMP_IREL");
	assert_string_equal(arch_reloc_name(&arch_ppc32, 1), "R_PPC_ADDR32");
	assert_string_equal(arch_reloc_name(&arch_ppc32, 20), "R_PPC_GLOB_DAT");
	assert_true(arch_is_irelative(&arch_ppc64le, 247));
	assert_true(arch_is_irelative(&arch_ppc64le, 248));
	assert_true(arch_is_irelative(&arch_ppc32, 248));
	assert_false(arch_is_irelative(&arch_ppc32, 247));
}

/* r0, r3 to r12, and where calls go and return to; r2 stays what it is. */
static void test_registers(void **state)
{
	(void)state;
	for (unsigned reg = 0; reg < REG_COUNT; reg++)
		assert_int_equal(arch_ppc64le.caller_saved >> reg & 1,
		                 reg == 0 || (reg >= 3 && reg <= 12) || reg == LR || reg == CTR);
	assert_int_equal(arch_ppc32.caller_saved, arch_ppc64le.caller_saved);
	assert_int_equal(arch_ppc64le.stack_pointer, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),       cmocka_unit_test(test_sums),
		cmocka_unit_test(test_bits),           cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_others),         cmocka_unit_test(test_words),
		cmocka_unit_test(test_no_toc),         cmocka_unit_test(test_no_instruction),
		cmocka_unit_test(test_form),           cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_random),         cmocka_unit_test(test_ppc64le),
		cmocka_unit_test(test_far_jump),       cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_ppc32),          cmocka_unit_test(test_relocations),
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
