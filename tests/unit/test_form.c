/* SPDX-License-Identifier: MIT */
/*
 * What form() puts into instructions is what decode() reads off them again, on every machine: of all
 * groups of instructions that form a value, with a few registers, twenty thousand
 * values, those at the edges of the fields among them; what has no room is refused.
 */
#include "../../src/arch/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { AT = 0x2345678, TOC = 0x3408000, VALUES = 20000 };

/* Instructions that form a value together, as a disassembler prints their bytes. */
struct group {
	const struct arch *arch;
	const char *text;
	unsigned count;
	uint8_t length[PARTS_MAX];
	uint64_t number[PARTS_MAX]; /* in the machine's order; x86 bytes from the highest on */
	uint64_t reg[PARTS_MAX];    /* one more of each register in it */
	uint64_t state;             /* bits of the address that say how it is decoded */
};

static const struct group groups[] = {
	{ &arch_x86_64, "mov eax, imm32", 1, { 5 }, { 0xb800000000 }, { 0x0100000000 }, 0 },
	{ &arch_x86_64, "movabs rax, imm64", 1, { 10 }, { 0x48b8000000000000 },
	  { 0x0001000000000000 }, 0 },
	{ &arch_x86_64, "mov rax, imm32", 1, { 7 }, { 0x48c7c000000000 }, { 0x00000100000000 }, 0 },
	{ &arch_x86_64, "lea rax, [rip + disp32]", 1, { 7 }, { 0x488d0500000000 },
	  { 0x00000800000000 }, 0 },
	{ &arch_x86_64, "cmp rax, imm32", 1, { 7 }, { 0x4881f800000000 }, { 0x00000100000000 }, 0 },
	{ &arch_i386, "mov eax, imm32", 1, { 5 }, { 0xb800000000 }, { 0x0100000000 }, 0 },
	{ &arch_i386, "cmp eax, imm32", 1, { 6 }, { 0x81f800000000 }, { 0x000100000000 }, 0 },
	{ &arch_i386, "lea eax, disp32", 1, { 6 }, { 0x8d0500000000 }, { 0x000800000000 }, 0 },
	{ &arch_aarch64, "adr", 1, { 4 }, { 0x10000000 }, { 1 }, 0 },
	{ &arch_aarch64, "adrp, add", 2, { 4, 4 }, { 0x90000000, 0x91000000 }, { 1, 0x21 }, 0 },
	{ &arch_aarch64, "movz, movk", 2, { 4, 4 }, { 0xd2800000, 0xf2a00000 }, { 1, 1 }, 0 },
	{ &arch_aarch64, "movz, movk, movk, movk", 4, { 4, 4, 4, 4 },
	  { 0xd2800000, 0xf2a00000, 0xf2c00000, 0xf2e00000 }, { 1, 1, 1, 1 }, 0 },
	{ &arch_aarch64, "movz w, movk w", 2, { 4, 4 }, { 0x52800000, 0x72a00000 }, { 1, 1 }, 0 },
	{ &arch_riscv64, "auipc, addi", 2, { 4, 4 }, { 0x00000517, 0x00050513 },
	  { 0x80, 0x8080 }, 0 },
	{ &arch_riscv64, "lui, addi", 2, { 4, 4 }, { 0x00000537, 0x00050513 }, { 0x80, 0x8080 }, 0 },
	{ &arch_arm, "movw, movt", 2, { 4, 4 }, { 0xe3000000, 0xe3400000 }, { 0x1000, 0x1000 }, 0 },
	{ &arch_arm, "movw, movt of T32", 2, { 4, 4 }, { 0x0000f240, 0x0000f2c0 },
	  { 0x01000000, 0x01000000 }, 1 },
	{ &arch_s390x, "larl", 1, { 6 }, { 0xc00000000000 }, { 0x001000000000 }, 0 },
	{ &arch_ppc64le, "addis from r2, addi", 2, { 4, 4 }, { 0x3c620000, 0x38630000 },
	  { 0x200000, 0x210000 }, 0 },
	{ &arch_ppc64le, "lis, ori", 2, { 4, 4 }, { 0x3c600000, 0x60630000 }, { 0x200000, 0x210000 },
	  0 },
	{ &arch_ppc32, "lis, addi", 2, { 4, 4 }, { 0x3c600000, 0x38630000 }, { 0x200000, 0x210000 },
	  0 },
	{ &arch_loongarch64, "pcalau12i, addi.d", 2, { 4, 4 }, { 0x1a000004, 0x02c00084 },
	  { 1, 0x21 }, 0 },
	{ &arch_loongarch64, "lu12i.w, ori, lu32i.d, lu52i.d", 4, { 4, 4, 4, 4 },
	  { 0x14000004, 0x03800084, 0x16000004, 0x03000084 }, { 1, 0x21, 1, 0x21 }, 0 },
	{ &arch_loongarch64, "pcaddi", 1, { 4 }, { 0x18000004 }, { 1 }, 0 },
};

static const struct arch_context context = { .toc = TOC };

/* So many registers are tried, none of which is special. */
enum { REGISTERS = 4 };

static uint64_t drawn(uint64_t *state) /* splitmix64 */
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Near 0 or near the code, at any distance, or beside a power of two. */
static uint64_t any_value(uint64_t *state)
{
	uint64_t random = drawn(state), far = drawn(state) >> random % 64;
	uint64_t edge = (UINT64_C(1) << (random >> 8) % 64) * (random & 64 ? 1 : -UINT64_C(1));
	uint64_t near = (random >> 16) % 3 - 1 + (random & 128 ? 0x800 : 0);
	uint64_t from = random >> 32 & 1 ? 0 : random >> 33 & 1 ? AT : TOC;

	return from + (random >> 34 & 1 ? edge + near : random >> 35 & 1 ? far : -far);
}

static void put_code(const struct group *group, uint64_t reg, unsigned char code[][INSN_MAX])
{
	enum byte_order order = group->arch->order;

	if (group->arch == &arch_x86_64 || group->arch == &arch_i386)
		order = ORDER_BIG;
	memset(code, 0, PARTS_MAX * INSN_MAX);
	for (unsigned i = 0; i < group->count; i++) {
		unsigned width = group->length[i] < 8 ? group->length[i] : 8;
		bytes_store(code[i], width, order, group->number[i] + reg * group->reg[i]);
	}
}

static void decode_all(const struct group *group, unsigned char code[][INSN_MAX],
                       struct insn insns[])
{
	uint64_t address = AT | group->state;

	for (unsigned i = 0; i < group->count; i++) {
		struct bytes bytes = { code[i], group->length[i] };
		if (!group->arch->decode(bytes, address, &context, &insns[i]))
			fail_msg("%s %s: part %u", group->arch->name, group->text, i);
		assert_int_equal(insns[i].length, group->length[i]);
		address += insns[i].length;
	}
}

/* What the instructions form, by what they do. */
static uint64_t formed(const struct group *group, const struct insn insns[])
{
	uint64_t value = 0;

	for (unsigned i = 0; i < group->count; i++) {
		const struct effect *effect = &insns[i].effects[0];
		switch (effect->kind) {
		case EFFECT_ADD: value += effect->b.value; break;
		case EFFECT_COMPARE: value = effect->b.value; break;
		case EFFECT_INSERT:
			value = (value & ~effect->dst.value) | effect->b.value;
			break;
		default: /* or a number of zeros that is inserted */
			value = effect->a.kind == OPERAND_REG ? value : effect->a.value;
		}
	}
	return group->arch->is64 ? value : bytes_cut(value, 4);
}

/* What it does is as before, but for numbers. */
static void assert_same_but_numbers(const struct insn *before, const struct insn *after)
{
	const struct effect *a = &before->effects[0], *b = &after->effects[0];

	assert_int_equal(a->dst.kind, b->dst.kind);
	assert_int_equal(a->dst.reg, b->dst.reg);
	assert_int_equal(a->a.reg, b->a.reg);
	assert_int_equal(before->flow, after->flow);
	assert_int_equal(before->clobbers, after->clobbers);
}

/* @return whether there is room for it. */
static bool check_value(const struct group *group, uint64_t reg, uint64_t any)
{
	uint64_t value = group->arch->is64 ? any : bytes_cut(any, 4);
	unsigned char code[PARTS_MAX][INSN_MAX];
	struct insn before[PARTS_MAX], after[PARTS_MAX];
	const struct insn *parts[PARTS_MAX];

	put_code(group, reg, code);
	decode_all(group, code, before);
	for (unsigned i = 0; i < group->count; i++)
		parts[i] = &before[i];
	if (!group->arch->form(parts, group->count, value, &context, code))
		return false;
	decode_all(group, code, after);
	if (formed(group, after) != value)
		fail_msg("%s %s: %llx became %llx", group->arch->name, group->text,
		         (unsigned long long)value, (unsigned long long)formed(group, after));
	for (unsigned i = 0; i < group->count; i++)
		assert_same_but_numbers(&before[i], &after[i]);
	return true;
}

static void test_what_is_formed_is_decoded(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		unsigned done = 0;
		for (unsigned n = 0; n < VALUES; n++)
			done += check_value(&groups[i], n % REGISTERS, any_value(&random));
		if (done < VALUES / 50)
			fail_msg("%s %s: %u values formed", groups[i].arch->name, groups[i].text, done);
		print_message("%s %s: %u values\n", groups[i].arch->name, groups[i].text, done);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_what_is_formed_is_decoded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
