/* SPDX-License-Identifier: MIT */
/* Where values come from, in small functions of both machines. */
#include "synthetic.h"

#include "../../src/startup/values.h"

enum { RAX = 0, RBX = 3 };

#define WORD_VALUE UINT64_C(0x203456)

/* A function under analysis, and what was found out about one of its registers. */
struct analysis {
	struct synthetic s;
	struct flow_context context;
	struct flow flow;
	struct origins origins;
};

static void begin(struct analysis *a, const struct arch *arch)
{
	synthetic_begin(&a->s, arch);
	synthetic_word(&a->s, GOT, WORD_VALUE);
}

/* Analyses the function at TEXT: the origins of @reg before the instruction at @at. */
static void analyse(struct analysis *a, uint64_t at, uint8_t reg, enum origin_mode mode)
{
	struct operand what = { .kind = OPERAND_REG, .width = 8, .reg = reg, .index = REG_NONE };
	const struct insn *insn;

	synthetic_end(&a->s);
	assert_true(flow_begin(&a->context, &a->s.image, a->s.arch, synthetic_entsize(&a->s)));
	assert_true(flow_build(&a->context, TEXT, &a->flow));
	insn = flow_at(&a->flow, at);
	assert_non_null(insn);
	origins_clear(&a->origins);
	flow_origins(&a->flow, insn, &what, mode, &a->origins);
	assert_int_equal(a->context.budget.met, LIMIT_NONE);
}

static void end(struct analysis *a)
{
	flow_free(&a->flow);
	flow_end(&a->context);
	synthetic_free(&a->s);
}

static bool has_value(const struct origins *origins, uint64_t value)
{
	for (size_t i = 0; i < origins->count; i++)
		if (origins->items[i].value == value)
			return true;
	return false;
}

/* The one origin is @value, formed by @parts instructions, the first of which is at @at. */
static void assert_code(const struct analysis *a, uint64_t value, uint64_t at, unsigned parts)
{
	const struct origin *origin = &a->origins.items[0];

	assert_int_equal(a->origins.count, 1);
	assert_int_equal(origin->kind, ORIGIN_CODE);
	assert_int_equal(origin->value, value);
	assert_int_equal(origin->part_count, parts);
	assert_int_equal(origin->parts[0]->address, at);
}

/* The one origin is the word in the GOT, read at @reader. */
static void assert_got_word(const struct analysis *a, uint64_t reader)
{
	const struct origin *origin = &a->origins.items[0];

	assert_int_equal(a->origins.count, 1);
	assert_int_equal(origin->kind, ORIGIN_WORD);
	assert_int_equal(origin->word, GOT);
	assert_int_equal(origin->value, WORD_VALUE);
	assert_int_equal(origin->parts[0]->address, reader);
}

/* ---- the function itself -------------------------------------------------------------------- */

static void test_follows_branches_and_ends(void **state)
{
	struct analysis a;
	uint64_t at = TEXT, branch, behind;

	(void)state;
	begin(&a, &arch_x86_64);
	branch = X86_REL(&a.s, at, "\x0f\x84", TEXT + 0x40);  /* je TEXT + 0x40 */
	at = X86_REL(&a.s, branch, "\xe8", TEXT + 0x80);      /* call: falls through */
	behind = X86(&a.s, at, "\xc3");                       /* ret */
	X86(&a.s, behind, "\x90");                            /* nobody gets here */
	X86(&a.s, TEXT + 0x40, "\xeb\xfe");                   /* jmp to itself */
	X86(&a.s, TEXT + 0x80, "\xc3");                       /* another function */
	analyse(&a, TEXT, RAX, ORIGIN_EXACT);
	assert_int_equal(a.flow.count, 4);
	assert_int_equal(a.flow.insns[0].address, TEXT);
	assert_non_null(flow_at(&a.flow, branch));
	assert_non_null(flow_at(&a.flow, TEXT + 0x40));
	assert_null(flow_at(&a.flow, behind));
	assert_null(flow_at(&a.flow, TEXT + 0x80));
	assert_null(flow_at(&a.flow, TEXT + 1));
	end(&a);
}

static void test_stops_at_the_end_of_the_code(void **state)
{
	struct analysis a;
	uint64_t last = TEXT + 0x1000 - 2;

	(void)state;
	begin(&a, &arch_x86_64);
	X86_REL(&a.s, TEXT, "\x0f\x84", last);                /* je last */
	X86_REL(&a.s, TEXT + 6, "\xe9", BASE);                /* jmp into what is no code */
	X86(&a.s, last, "\x90\xe8");                          /* nop, then part of a call */
	analyse(&a, TEXT, RAX, ORIGIN_EXACT);
	assert_int_equal(a.flow.count, 3);
	end(&a);
}

static void test_entry_that_is_no_code(void **state)
{
	static const uint64_t entries[] = { 0, BASE, DATA, TEXT + 0x1000, UINT64_MAX };
	struct flow_context context;
	struct synthetic s;
	struct flow flow;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_end(&s);
	assert_true(flow_begin(&context, &s.image, &arch_x86_64, 24));
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		assert_true(flow_build(&context, entries[i], &flow));
		assert_int_equal(flow.count, 0);
		assert_null(flow_at(&flow, entries[i]));
		flow_free(&flow);
	}
	flow_end(&context);
	synthetic_free(&s);
}

/* A thousand instructions, each of which has to be found again by its address. */
static void test_large_function(void **state)
{
	struct analysis a;

	(void)state;
	begin(&a, &arch_aarch64);
	for (uint64_t at = TEXT; at < TEXT + 0x1000; at += 4)
		put_word(&a.s, at, 0xd503201f); /* nop */
	analyse(&a, TEXT, 0, ORIGIN_EXACT);
	assert_int_equal(a.flow.count, 0x400);
	for (uint64_t at = TEXT; at < TEXT + 0x1000; at += 4)
		assert_int_equal(flow_at(&a.flow, at)->address, at);
	end(&a);
}

/* What a function of these instructions costs is taken from the budget. */
static void test_a_budget_of_instructions(void **state)
{
	struct flow_context context;
	struct synthetic s;
	struct flow flow;

	(void)state;
	synthetic_begin(&s, &arch_aarch64);
	for (uint64_t at = TEXT; at < TEXT + 0x1000; at += 4)
		put_word(&s, at, 0xd503201f); /* nop */
	synthetic_end(&s);
	assert_true(flow_begin(&context, &s.image, &arch_aarch64, 24));
	context.budget.insns = 0x400 + 10;
	assert_true(flow_build(&context, TEXT, &flow));
	assert_int_equal(context.budget.insns, 9); /* one was tried behind the end of the code */
	flow_free(&flow);
	assert_false(flow_build(&context, TEXT, &flow));
	assert_int_equal(context.budget.met, LIMIT_INSNS);
	flow_end(&context);
	synthetic_free(&s);
}

static void test_a_budget_of_steps(void **state)
{
	struct analysis a;
	struct operand rbx = { .kind = OPERAND_REG, .width = 8, .reg = RBX, .index = REG_NONE };
	uint64_t at = TEXT;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, at, "\x48\x8d\x1d", GOT);          /* lea rbx, [rip + GOT] */
	for (int i = 0; i < 100; i++)
		at = X86(&a.s, at, "\x74\x00");                 /* je to the next one: two ways */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_code(&a, GOT, TEXT, 1);
	a.context.budget.steps = 50;
	a.context.budget.more = 0;
	origins_clear(&a.origins);
	flow_origins(&a.flow, flow_at(&a.flow, at), &rbx, ORIGIN_EXACT, &a.origins);
	assert_int_equal(a.context.budget.met, LIMIT_STEPS);
	assert_int_equal(a.origins.count, 0);
	end(&a);
}

/* ---- x86-64 --------------------------------------------------------------------------------- */

static void test_lea_and_copies(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, TEXT, "\x48\x8d\x05", RELA_DYN);   /* lea rax, [rip + RELA_DYN] */
	at = X86(&a.s, at, "\x49\x89\xc4");                   /* mov r12, rax */
	at = X86(&a.s, at, "\x4c\x89\xe3");                   /* mov rbx, r12 */
	at = X86(&a.s, at, "\x31\xc0");                       /* xor eax, eax */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
}

static void test_constants(void **state)
{
	static const struct { const char *code; size_t size; uint64_t value; } moves[] = {
		{ "\xbb\x00\x08\x20\x00", 5, 0x200800 },         /* mov ebx, 0x200800 */
		{ "\x48\xc7\xc3\x00\x08\x20\x00", 7, 0x200800 }, /* mov rbx, 0x200800 */
		{ "\x48\xbb\x00\x08\x20\x00\x01\x00\x00\x00", 10, 0x100200800 }, /* movabs rbx */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		struct analysis a;
		uint64_t at;
		begin(&a, &arch_x86_64);
		at = put_code(&a.s, TEXT, moves[i].code, moves[i].size);
		X86(&a.s, at, "\xc3");
		analyse(&a, at, RBX, ORIGIN_EXACT);
		assert_code(&a, moves[i].value, TEXT, 1);
		end(&a);
	}
}

static void test_got_word(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, TEXT, "\x48\x8b\x1d", GOT);        /* mov rbx, [rip + GOT] */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_got_word(&a, TEXT);
	end(&a);
}

/* A word that the file does not hold has no value. */
static void test_word_in_memory_only(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, TEXT, "\x48\x8b\x1d", MEMORY_ONLY);
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_int_equal(a.origins.count, 0);
	end(&a);
}

/* -mcmodel=large: the GOT's address plus an offset. */
static void test_got_word_by_index(void **state)
{
	struct analysis a;
	uint64_t at, load;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, TEXT, "\x48\x8d\x0d", DATA);       /* lea rcx, [rip + DATA] */
	load = X86(&a.s, at, "\x48\xb8\x00\x04\x00\x00\x00\x00\x00\x00"); /* movabs rax, 0x400 */
	at = X86(&a.s, load, "\x48\x8b\x1c\x01");             /* mov rbx, [rcx + rax] */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_got_word(&a, load);
	end(&a);
}

static void test_stack_slot(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_x86_64);
	at = X86_REL(&a.s, TEXT, "\x48\x8d\x05", RELA_DYN);   /* lea rax, [rip + RELA_DYN] */
	at = X86(&a.s, at, "\x48\x89\x44\x24\x18");           /* mov [rsp + 0x18], rax */
	at = X86(&a.s, at, "\x31\xc0");                       /* xor eax, eax */
	at = X86(&a.s, at, "\x48\x89\x44\x24\x10");           /* mov [rsp + 0x10], rax */
	at = X86(&a.s, at, "\x48\x8b\x5c\x24\x18");           /* mov rbx, [rsp + 0x18] */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
}

static void test_two_paths(void **state)
{
	struct analysis a;
	uint64_t join = TEXT + 0x30, at;

	(void)state;
	begin(&a, &arch_x86_64);
	X86_REL(&a.s, TEXT, "\x0f\x84", TEXT + 0x20);         /* je other */
	at = X86_IMM(&a.s, TEXT + 6, "\xbb", 0x1111);         /* mov ebx, 0x1111 */
	X86_REL(&a.s, at, "\xe9", join);                      /* jmp join */
	at = X86_IMM(&a.s, TEXT + 0x20, "\xbb", 0x2222);      /* other: mov ebx, 0x2222 */
	X86_REL(&a.s, at, "\xe9", join);                      /* jmp join */
	X86(&a.s, join, "\xc3");
	analyse(&a, join, RBX, ORIGIN_EXACT);
	assert_int_equal(a.origins.count, 2);
	assert_true(has_value(&a.origins, 0x1111));
	assert_true(has_value(&a.origins, 0x2222));
	end(&a);
}

/* A pointer that a loop moves on keeps its origin, and has more than one exact value. */
static void test_latch(void **state)
{
	struct analysis a;
	uint64_t loop, at;

	(void)state;
	begin(&a, &arch_x86_64);
	loop = X86_REL(&a.s, TEXT, "\x48\x8d\x1d", RELA_DYN); /* lea rbx, [rip + RELA_DYN] */
	at = X86(&a.s, loop, "\x48\x8b\x0b");                 /* loop: mov rcx, [rbx] */
	at = X86(&a.s, at, "\x48\x83\xc3\x18");               /* add rbx, 24 */
	at = X86_REL(&a.s, at, "\x0f\x82", loop);             /* jb loop */
	X86(&a.s, at, "\xc3");
	analyse(&a, loop, RBX, ORIGIN_BASE);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
	begin(&a, &arch_x86_64);
	loop = X86_REL(&a.s, TEXT, "\x48\x8d\x1d", RELA_DYN);
	at = X86(&a.s, loop, "\x48\x83\xc3\x18");
	at = X86_REL(&a.s, at, "\x0f\x82", loop);
	X86(&a.s, at, "\xc3");
	analyse(&a, loop, RBX, ORIGIN_EXACT);
	assert_true(has_value(&a.origins, RELA_DYN));
	assert_true(has_value(&a.origins, RELA_DYN + 24));
	end(&a);
}

/* Some compilers add into another register and copy it back. */
static void test_latch_through_another_register(void **state)
{
	struct analysis a;
	uint64_t loop, at;

	(void)state;
	begin(&a, &arch_x86_64);
	loop = X86_REL(&a.s, TEXT, "\x48\x8d\x1d", RELA_DYN); /* lea rbx, [rip + RELA_DYN] */
	at = X86(&a.s, loop, "\x48\x8d\x43\x18");             /* loop: lea rax, [rbx + 24] */
	at = X86(&a.s, at, "\x48\x89\xc3");                   /* mov rbx, rax */
	at = X86_REL(&a.s, at, "\x0f\x82", loop);             /* jb loop */
	X86(&a.s, at, "\xc3");
	analyse(&a, loop, RBX, ORIGIN_BASE);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
}

static void test_calls_lose_some_registers(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	for (int saved = 0; saved < 2; saved++) {
		begin(&a, &arch_x86_64);
		at = saved ? X86_REL(&a.s, TEXT, "\x48\x8d\x1d", GOT)  /* lea rbx */
		           : X86_REL(&a.s, TEXT, "\x48\x8d\x05", GOT); /* lea rax */
		at = X86_REL(&a.s, at, "\xe8", TEXT + 0x80);           /* call */
		X86(&a.s, at, "\xc3");
		analyse(&a, at, saved ? RBX : RAX, ORIGIN_EXACT);
		assert_int_equal(a.origins.count, saved);
		end(&a);
	}
}

static void test_unknown_values_have_no_origin(void **state)
{
	static const struct { const char *code; size_t size; } writes[] = {
		{ "\x5b", 1 },             /* pop rbx */
		{ "\x48\x0f\xaf\xd8", 4 }, /* imul rbx, rax */
		{ "\x48\xc1\xe3\x03", 4 }, /* shl rbx, 3 */
		{ "\x48\x8b\x18", 3 },     /* mov rbx, [rax] */
		{ "\x87\xd9", 2 },         /* xchg ecx, ebx */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		struct analysis a;
		uint64_t at;
		begin(&a, &arch_x86_64);
		at = X86_REL(&a.s, TEXT, "\x48\x8d\x1d", GOT);
		at = put_code(&a.s, at, writes[i].code, writes[i].size);
		X86(&a.s, at, "\xc3");
		analyse(&a, at, RBX, ORIGIN_BASE);
		assert_int_equal(a.origins.count, 0);
		end(&a);
	}
}

static void test_definitions(void **state)
{
	struct analysis a;
	struct definitions found;
	uint64_t load, at;

	(void)state;
	begin(&a, &arch_x86_64);
	load = X86_REL(&a.s, TEXT, "\x48\x8d\x1d", RELA_DYN); /* lea rbx, [rip + RELA_DYN] */
	at = X86(&a.s, load, "\x8b\x43\x08");                 /* mov eax, [rbx + 8] */
	at = X86(&a.s, at, "\x89\xc1");                       /* mov ecx, eax */
	X86(&a.s, at, "\xc3");
	analyse(&a, at, RBX, ORIGIN_EXACT);
	flow_definitions(&a.flow, flow_at(&a.flow, at), 1, ORIGIN_BITS, &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].insn->address, load);
	assert_int_equal(found.items[0].effect->a.kind, OPERAND_MEMORY);
	assert_int_equal(found.items[0].effect->a.value, 8);
	end(&a);
}

/* ---- AArch64 -------------------------------------------------------------------------------- */

#define RET UINT32_C(0xd65f03c0)

static void test_adrp_add(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adrp(&a.s, TEXT, 8, RELA_DYN);
	at = put_word(&a.s, at, 0xd503201f);              /* nop */
	at = put_add_lo12(&a.s, at, 19, 8, RELA_DYN);
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_code(&a, RELA_DYN, TEXT, 2);
	assert_int_equal(a.origins.items[0].parts[1]->address, TEXT + 8);
	end(&a);
}

static void test_page_alone(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adrp(&a.s, TEXT, 8, RELA_DYN);
	put_word(&a.s, at, RET);
	analyse(&a, at, 8, ORIGIN_EXACT);
	assert_int_equal(a.origins.count, 1);
	assert_int_equal(a.origins.items[0].kind, ORIGIN_PART);
	assert_int_equal(a.origins.items[0].value, BASE);
	end(&a);
}

static void test_adrp_ldr(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adrp(&a.s, TEXT, 8, GOT);
	at = put_ldr_lo12(&a.s, at, 19, 8, GOT);
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_got_word(&a, TEXT + 4);
	end(&a);
}

static void test_adr_and_literal(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adr(&a.s, TEXT, 19, RELA_DYN);
	at = put_word(&a.s, at, 0xaa1303f4);              /* mov x20, x19 */
	put_word(&a.s, at, RET);
	analyse(&a, at, 20, ORIGIN_EXACT);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
	begin(&a, &arch_aarch64);
	at = put_branch19(&a.s, TEXT, 0x58000013, GOT);   /* ldr x19, GOT */
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_got_word(&a, TEXT);
	end(&a);
}

static void test_movz_movk(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_word(&a.s, TEXT, 0xd2810013);            /* movz x19, 0x800 */
	at = put_word(&a.s, at, 0xf2a00413);              /* movk x19, 0x20, lsl 16 */
	at = put_word(&a.s, at, 0xf2c02473);              /* movk x19, 0x123, lsl 32 */
	at = put_word(&a.s, at, 0xf2e00013);              /* movk x19, 0, lsl 48 */
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_code(&a, 0x12300200800, TEXT, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(a.origins.items[0].parts[i]->address, TEXT + 4 * i);
	end(&a);
}

static void test_movk_replaces(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_word(&a.s, TEXT, 0x92800013);            /* movn x19, 0: all ones */
	at = put_word(&a.s, at, 0xf2a00413);              /* movk x19, 0x20, lsl 16 */
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_code(&a, 0xffffffff0020ffff, TEXT, 2);
	end(&a);
}

/* The base of the GOT is spilled, and loaded again where a bound is read. */
static void test_spilled_got_base(void **state)
{
	struct analysis a;
	uint64_t at, load;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adrp(&a.s, TEXT, 0, GOT);
	at = put_word(&a.s, at, 0xf90037e0);              /* str x0, [sp, 104] */
	at = put_word(&a.s, at, 0xd2800000);              /* mov x0, 0 */
	load = put_word(&a.s, at, 0xf94037e0);            /* ldr x0, [sp, 104] */
	at = put_ldr_lo12(&a.s, load, 2, 0, GOT);
	put_word(&a.s, at, RET);
	analyse(&a, at, 2, ORIGIN_EXACT);
	assert_got_word(&a, load);
	end(&a);
}

static void test_pairs_on_the_stack(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	begin(&a, &arch_aarch64);
	at = put_adr(&a.s, TEXT, 1, RELA_DYN);
	at = put_word(&a.s, at, 0xa90207e0);              /* stp x0, x1, [sp, 32] */
	at = put_word(&a.s, at, 0xa9424fe2);              /* ldp x2, x19, [sp, 32] */
	put_word(&a.s, at, RET);
	analyse(&a, at, 19, ORIGIN_EXACT);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
}

/* ldr x8, [x19], 24 moves the pointer on. */
static void test_post_index_latch(void **state)
{
	struct analysis a;
	uint64_t loop, at;

	(void)state;
	begin(&a, &arch_aarch64);
	loop = put_adr(&a.s, TEXT, 19, RELA_DYN);
	at = put_word(&a.s, loop, 0xf8418668);            /* loop: ldr x8, [x19], 24 */
	at = put_branch19(&a.s, at, 0xb5000008, loop);    /* cbnz x8, loop */
	put_word(&a.s, at, RET);
	analyse(&a, loop, 19, ORIGIN_BASE);
	assert_code(&a, RELA_DYN, TEXT, 1);
	end(&a);
}

static void test_calls_lose_registers_of_aarch64(void **state)
{
	struct analysis a;
	uint64_t at;

	(void)state;
	for (int saved = 0; saved < 2; saved++) {
		begin(&a, &arch_aarch64);
		at = put_adr(&a.s, TEXT, saved ? 19 : 8, GOT);
		at = put_branch26(&a.s, at, 0x94000000, TEXT + 0x80); /* bl */
		put_word(&a.s, at, RET);
		analyse(&a, at, saved ? 19 : 8, ORIGIN_EXACT);
		assert_int_equal(a.origins.count, saved);
		end(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follows_branches_and_ends),
		cmocka_unit_test(test_stops_at_the_end_of_the_code),
		cmocka_unit_test(test_entry_that_is_no_code),
		cmocka_unit_test(test_large_function),
		cmocka_unit_test(test_a_budget_of_instructions),
		cmocka_unit_test(test_a_budget_of_steps),
		cmocka_unit_test(test_lea_and_copies),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_got_word),
		cmocka_unit_test(test_word_in_memory_only),
		cmocka_unit_test(test_got_word_by_index),
		cmocka_unit_test(test_stack_slot),
		cmocka_unit_test(test_two_paths),
		cmocka_unit_test(test_latch),
		cmocka_unit_test(test_latch_through_another_register),
		cmocka_unit_test(test_calls_lose_some_registers),
		cmocka_unit_test(test_unknown_values_have_no_origin),
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_adrp_add),
		cmocka_unit_test(test_page_alone),
		cmocka_unit_test(test_adrp_ldr),
		cmocka_unit_test(test_adr_and_literal),
		cmocka_unit_test(test_movz_movk),
		cmocka_unit_test(test_movk_replaces),
		cmocka_unit_test(test_spilled_got_base),
		cmocka_unit_test(test_pairs_on_the_stack),
		cmocka_unit_test(test_post_index_latch),
		cmocka_unit_test(test_calls_lose_registers_of_aarch64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
