/* SPDX-License-Identifier: MIT */
/* Startup code in the shapes that compilers give it: which places hold the bounds. */
#include "startup_code.h"

#include "../../src/startup/startup.h"

/* Two stray entries and two IRELATIVE ones, and what was found out about them. */
static struct search {
	struct synthetic s;
	struct startup startup;
	const struct loop *loop;
} search;

static void forget(void)
{
	startup_free(&search.startup);
	synthetic_free(&search.s);
}

static void begin(const struct arch *arch)
{
	forget();
	synthetic_begin(&search.s, arch);
	put_stray(&search.s, arch, GOT, "absent_1");
	put_stray(&search.s, arch, GOT + 8, "absent_2");
	put_irelative(&search.s, arch, GOT + 16);
	put_irelative(&search.s, arch, GOT + 24);
}

static uint64_t table_end(void)
{
	return rela_end(&search.s);
}

static void locate(void)
{
	synthetic_end(&search.s);
	assert_true(startup_begin(&search.startup, &search.s.image, &search.s.why));
	startup_find_loop(&search.startup, true);
	search.loop = &search.startup.loop;
}

/* @sites are one place at each of these addresses, in any order; 0 ends them. */
static void assert_sites(const struct sites *sites, enum origin_kind kind,
                         const uint64_t addresses[])
{
	size_t count = 0;

	for (; addresses[count] != 0; count++) {
		size_t hits = 0;
		for (size_t i = 0; i < sites->count; i++)
			hits += sites->items[i].address == addresses[count] &&
			        sites->items[i].kind == kind;
		assert_int_equal(hits, 1);
	}
	assert_int_equal(sites->count, count);
}

#define AT(...) ((const uint64_t[]){ __VA_ARGS__, 0 })

static void assert_found(uint64_t start, uint64_t end)
{
	if (!search.loop->found)
		fail_msg("%s", search.startup.no_loop.text);
	assert_int_equal(search.loop->start, start);
	assert_int_equal(search.loop->end, end);
}

static void assert_refused(enum irelfix_reason reason, const char *text)
{
	assert_false(search.loop->found);
	assert_int_equal(search.startup.no_loop.status, IRELFIX_REFUSED);
	assert_int_equal(search.startup.no_loop.reason, reason);
	assert_non_null(strstr(search.startup.no_loop.text, text));
}

/* ---- the plain loop ------------------------------------------------------------------------- */

static void test_plain(void **state)
{
	const struct arch *machines[] = { &arch_x86_64, &arch_aarch64 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct formed formed;
		begin(machines[i]);
		formed = put_startup(&search.s, RELA_DYN, table_end());
		locate();
		assert_found(RELA_DYN, RELA_DYN + 96);
		assert_sites(&search.loop->starts, ORIGIN_CODE, AT(formed.start));
		assert_sites(&search.loop->ends, ORIGIN_CODE, AT(formed.end));
	}
}

/* Healthy bounds are found as well: what stands in them is for others to judge. */
static void test_narrow_already(void **state)
{
	(void)state;
	begin(&arch_x86_64);
	x86_startup(&search.s, RELA_DYN + 48, table_end());
	locate();
	assert_found(RELA_DYN + 48, RELA_DYN + 96);
}

static void test_loop_in_a_function_of_its_own(void **state)
{
	uint64_t at;

	(void)state;
	begin(&arch_x86_64);
	x86_startup(&search.s, RELA_DYN, table_end());
	x86_start(&search.s, TEXT + 0x400);
	at = X86_REL(&search.s, TEXT + 0x400, "\xe8", STARTUP);
	X86(&search.s, at, "\xc3");
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
}

/* A far call goes through a thunk: ldr x16, literal; br x16. */
static void test_thunk(void **state)
{
	uint64_t thunk = TEXT + 0x400;

	(void)state;
	begin(&arch_aarch64);
	aarch64_startup(&search.s, RELA_DYN, table_end());
	aarch64_start(&search.s, thunk);
	put_branch19(&search.s, thunk, 0x58000010, thunk + 8); /* ldr x16, thunk + 8 */
	put_word(&search.s, thunk + 4, 0xd61f0200);            /* br x16 */
	synthetic_word(&search.s, thunk + 8, STARTUP);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
}

/* ---- where the bounds come from ------------------------------------------------------------- */

static void test_got_words(void **state)
{
	uint64_t at;

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	at = X86_REL(&search.s, STARTUP, "\x48\x8b\x1d", GOT + 0x80); /* mov rbx, [rip + word] */
	at = X86_REL(&search.s, at, "\x48\x8b\x2d", GOT + 0x88);      /* mov rbp, [rip + word] */
	x86_loop(&search.s, at);
	synthetic_word(&search.s, GOT + 0x80, RELA_DYN);
	synthetic_word(&search.s, GOT + 0x88, table_end());
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_WORD, AT(GOT + 0x80));
	assert_sites(&search.loop->ends, ORIGIN_WORD, AT(GOT + 0x88));
}

/* After relaxation the words are still in the GOT, but nothing reads them. */
static void test_dead_got_words_are_no_sites(void **state)
{
	struct formed formed;

	(void)state;
	begin(&arch_x86_64);
	formed = x86_startup(&search.s, RELA_DYN, table_end());
	synthetic_word(&search.s, GOT + 0x80, RELA_DYN);
	synthetic_word(&search.s, GOT + 0x88, table_end());
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(formed.start));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(formed.end));
}

static void test_dead_got_words_are_not_believed(void **state)
{
	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	x86_loop(&search.s, X86(&search.s, STARTUP, "\x5b\x5d")); /* pop rbx; pop rbp */
	synthetic_word(&search.s, GOT + 0x80, RELA_DYN);
	synthetic_word(&search.s, GOT + 0x88, table_end());
	locate();
	assert_false(search.loop->found);
}

/* -fno-pie: mov ebx, START; cmp rbx, END as constants. */
static void test_constants(void **state)
{
	uint64_t at, guard, loop;

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	guard = X86_IMM(&search.s, STARTUP, "\xbb", RELA_DYN);      /* mov ebx, START */
	at = X86_IMM(&search.s, guard, "\x48\x81\xfb", RELA_DYN + 96); /* cmp rbx, END */
	loop = X86_REL(&search.s, at, "\x0f\x83", TEXT);            /* jae */
	at = X86(&search.s, loop, "\x83\x7b\x08\x25");              /* cmp dword [rbx + 8], 37 */
	at = X86_REL(&search.s, at, "\x0f\x85", TEXT);              /* jne */
	at = X86(&search.s, at, "\x48\x83\xc3\x18");                /* add rbx, 24 */
	guard = at;
	at = X86_IMM(&search.s, at, "\x48\x81\xfb", RELA_DYN + 96); /* cmp rbx, END, once more */
	at = X86_REL(&search.s, at, "\x0f\x82", loop);              /* jb loop */
	X86(&search.s, at, "\xc3");
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(STARTUP));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(STARTUP + 5, guard));
}

/* The type is loaded first: mov eax, [rbx + 8]; cmp eax, 37. */
static void test_type_in_a_register(void **state)
{
	uint64_t at, loop;

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	at = X86_REL(&search.s, STARTUP, "\x48\x8d\x1d", RELA_DYN);
	loop = X86_REL(&search.s, at, "\x48\x8d\x2d", RELA_DYN + 96);
	at = X86(&search.s, loop, "\x8b\x43\x08");                  /* mov eax, [rbx + 8] */
	at = X86(&search.s, at, "\x83\xf8\x25");                    /* cmp eax, 37 */
	at = X86_REL(&search.s, at, "\x0f\x85", TEXT);
	at = X86(&search.s, at, "\x48\x83\xc3\x18\x48\x39\xeb");    /* add rbx, 24; cmp rbx, rbp */
	at = X86_REL(&search.s, at, "\x0f\x82", loop);
	X86(&search.s, at, "\xc3");
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
}

/* clang and gcc -O1: the guard has its own copies, which never reach the loop. */
static void test_guard_with_copies_of_its_own(void **state)
{
	uint64_t at, starts[2], ends[2];

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	starts[0] = STARTUP;
	ends[0] = X86_REL(&search.s, starts[0], "\x48\x8d\x05", RELA_DYN);  /* lea rax, START */
	at = X86_REL(&search.s, ends[0], "\x48\x8d\x0d", RELA_DYN + 96);    /* lea rcx, END */
	at = X86(&search.s, at, "\x48\x39\xc8");                            /* cmp rax, rcx */
	starts[1] = X86_REL(&search.s, at, "\x0f\x83", TEXT);               /* jae */
	ends[1] = X86_REL(&search.s, starts[1], "\x48\x8d\x1d", RELA_DYN);  /* lea rbx, START */
	at = X86_REL(&search.s, ends[1], "\x48\x8d\x2d", RELA_DYN + 96);    /* lea rbp, END */
	x86_loop(&search.s, at);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(starts[0], starts[1]));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(ends[0], ends[1]));
}

static void test_two_starts_on_aarch64(void **state)
{
	uint64_t at = STARTUP;

	(void)state;
	begin(&arch_aarch64);
	aarch64_start(&search.s, STARTUP);
	at = put_adr(&search.s, at, 9, RELA_DYN);                 /* the guard's START */
	at = put_adr(&search.s, at, 20, RELA_DYN + 96);
	at = put_word(&search.s, at, 0xeb14013f);                 /* cmp x9, x20 */
	at = put_branch19(&search.s, at, 0x54000002, TEXT);       /* b.hs */
	at = put_adr(&search.s, at, 19, RELA_DYN);                /* the loop's START */
	aarch64_loop(&search.s, at);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(STARTUP, STARTUP + 16));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(STARTUP + 4));
}

static void test_pages(void **state)
{
	uint64_t at = STARTUP;

	(void)state;
	begin(&arch_aarch64);
	aarch64_start(&search.s, STARTUP);
	at = put_adrp(&search.s, at, 8, RELA_DYN);
	at = put_add_lo12(&search.s, at, 19, 8, RELA_DYN);
	at = put_adrp(&search.s, at, 9, RELA_DYN + 96);
	at = put_add_lo12(&search.s, at, 20, 9, RELA_DYN + 96);
	aarch64_loop(&search.s, at);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(STARTUP));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(STARTUP + 8));
	assert_int_equal(search.loop->starts.items[0].part_count, 2);
	assert_int_equal(search.loop->starts.items[0].shared, 0);
	assert_int_equal(search.loop->ends.items[0].shared, 0);
}

/* One ADRP for both: its page cannot be changed for one of them alone. */
static void test_shared_page(void **state)
{
	uint64_t at = STARTUP;

	(void)state;
	begin(&arch_aarch64);
	aarch64_start(&search.s, STARTUP);
	at = put_adrp(&search.s, at, 8, RELA_DYN);
	at = put_add_lo12(&search.s, at, 19, 8, RELA_DYN);
	at = put_add_lo12(&search.s, at, 20, 8, RELA_DYN + 96);
	aarch64_loop(&search.s, at);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_int_equal(search.loop->starts.items[0].shared, 1);
	assert_int_equal(search.loop->ends.items[0].shared, 1);
}

/* ---- both bounds at one address ------------------------------------------------------------- */

/* How the guard compares, and which of rax and rcx is START. */
struct guard {
	const char *compare, *branch;
	bool start_is_rax;
};

/* Which side is which can only be told by the condition of the branch. */
static void test_equal_bounds(void **state)
{
	static const struct guard guards[] = {
		{ "\x48\x39\xc8", "\x0f\x83", true },  /* cmp rax, rcx; jae */
		{ "\x48\x39\xc8", "\x0f\x82", true },  /* cmp rax, rcx; jb */
		{ "\x48\x39\xc8", "\x0f\x86", false }, /* cmp rax, rcx; jbe */
		{ "\x48\x39\xc8", "\x0f\x87", false }, /* cmp rax, rcx; ja */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		const struct guard *guard = &guards[i];
		uint64_t at, rax = STARTUP, rcx, rbx, rbp;
		begin(&arch_x86_64);
		synthetic_tag(&search.s, DT_ANDROID_RELA, RELA_PLT);
		x86_start(&search.s, STARTUP);
		rcx = X86_REL(&search.s, rax, "\x48\x8d\x05", RELA_PLT); /* lea rax */
		at = X86_REL(&search.s, rcx, "\x48\x8d\x0d", RELA_PLT);  /* lea rcx */
		at = put_code(&search.s, at, guard->compare, 3);
		rbx = put_rel32(&search.s, at, guard->branch, 2, TEXT);
		rbp = X86_REL(&search.s, rbx, "\x48\x8d\x1d", RELA_PLT); /* lea rbx, START */
		at = X86_REL(&search.s, rbp, "\x48\x8d\x2d", RELA_PLT);  /* lea rbp, END */
		x86_loop(&search.s, at);
		locate();
		assert_found(RELA_PLT, RELA_PLT);
		assert_sites(&search.loop->starts, ORIGIN_CODE,
		             AT(guard->start_is_rax ? rax : rcx, rbx));
		assert_sites(&search.loop->ends, ORIGIN_CODE,
		             AT(guard->start_is_rax ? rcx : rax, rbp));
	}
}

static void test_undefined_bounds(void **state)
{
	uint64_t at;

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	at = X86_REL(&search.s, STARTUP, "\x48\x8b\x1d", GOT + 0x80);
	at = X86_REL(&search.s, at, "\x48\x8b\x2d", GOT + 0x88);
	x86_loop(&search.s, at);
	locate();
	assert_found(0, 0);
}

/* Two equal constants somewhere else in the image are no bounds. */
static void test_equal_constants_are_not_believed(void **state)
{
	(void)state;
	begin(&arch_x86_64);
	x86_startup(&search.s, RELA_DYN + 0x200, RELA_DYN + 0x200);
	locate();
	assert_refused(IRELFIX_REASON_NOT_FOUND, "not where its bounds come from");
}

/* ---- what is not believed ------------------------------------------------------------------- */

static void test_ranges_that_are_no_table(void **state)
{
	static const uint64_t ranges[][2] = {
		{ RELA_DYN + 72, RELA_DYN + 24 },      /* START behind END */
		{ RELA_DYN, RELA_DYN + 95 },           /* no whole entries */
		{ NOTE, NOTE + 48 },                   /* no relocations */
		{ RELA_PLT, RELA_PLT + 48 },           /* zeros */
		{ MEMORY_ONLY, MEMORY_ONLY + 48 },     /* not in the file */
		{ BASE + 0x1000 - 24, BASE + 0x1000 + 24 },
		{ 0x1000, 0x1030 },                    /* nowhere */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		begin(&arch_x86_64);
		x86_startup(&search.s, ranges[i][0], ranges[i][1]);
		locate();
		assert_refused(IRELFIX_REASON_NOT_FOUND, "not where its bounds come from");
	}
}

static void test_two_candidates(void **state)
{
	uint64_t at, second;

	(void)state;
	begin(&arch_x86_64);
	x86_startup(&search.s, RELA_DYN, table_end());
	/* je to a second loop over a part of the table, in the same function */
	x86_start(&search.s, TEXT + 0x400);
	second = TEXT + 0x500;
	at = X86_REL(&search.s, TEXT + 0x400, "\x0f\x84", second);
	at = X86_REL(&search.s, at, "\x48\x8d\x1d", RELA_DYN);
	x86_loop(&search.s, X86_REL(&search.s, at, "\x48\x8d\x2d", RELA_DYN + 96));
	at = X86_REL(&search.s, second, "\x48\x8d\x1d", RELA_DYN + 48);
	x86_loop(&search.s, X86_REL(&search.s, at, "\x48\x8d\x2d", RELA_DYN + 96));
	locate();
	assert_refused(IRELFIX_REASON_AMBIGUOUS, "2 different pairs of iplt bounds fit the startup code");
}

/*
 * The pointer may come from more places than are kept apart. Whichever are forgotten, START must
 * not be changed in some of its places only.
 */
static void test_more_origins_than_are_kept(void **state)
{
	enum { PATHS = ORIGINS_MAX + 4 };
	uint64_t at = STARTUP, join = STARTUP + PATHS * 13, starts = 0;

	(void)state;
	begin(&arch_x86_64);
	x86_start(&search.s, STARTUP);
	for (unsigned i = 0; i < PATHS; i++) {
		bool is_start = i % (PATHS - 1) == 0; /* the first and the last */
		starts += is_start;
		at = X86_REL(&search.s, at, "\x48\x8d\x1d", is_start ? RELA_DYN : DATA + 8 * i);
		at = X86_REL(&search.s, at, "\x0f\x84", join); /* lea rbx, ...; je join */
	}
	assert_int_equal(at, join);
	x86_loop(&search.s, X86_REL(&search.s, join, "\x48\x8d\x2d", RELA_DYN + 96));
	locate();
	assert_int_equal(starts, 2);
	assert_true(!search.loop->found || search.loop->starts.count == starts);
}

static void test_no_loop(void **state)
{
	(void)state;
	begin(&arch_x86_64);
	X86(&search.s, TEXT, "\x31\xed\xc3");
	locate();
	assert_refused(IRELFIX_REASON_NOT_FOUND, "from e_entry 0x202000 on");
}

static void test_another_type(void **state)
{
	struct formed formed;

	(void)state;
	begin(&arch_x86_64);
	formed = x86_startup(&search.s, RELA_DYN + 24, table_end());
	/* cmp dword [rbx + 8], 36: no test for IRELATIVE */
	search.s.data[synthetic_offset(formed.end + 7 + 9 + 3)] = 36;
	locate();
	assert_false(search.loop->found);
}

/* ---- fallbacks ------------------------------------------------------------------------------ */

/* e_entry leads nowhere; the nearest target of a call tells where the function starts. */
static void test_loop_that_is_not_reachable(void **state)
{
	(void)state;
	begin(&arch_x86_64);
	x86_startup(&search.s, RELA_DYN, table_end());
	X86(&search.s, TEXT + 0x400, "\xc3");
	X86_REL(&search.s, TEXT + 0x500, "\xe8", STARTUP - 0x20);
	X86_REL(&search.s, TEXT + 0x600, "\xe8", STARTUP + 0x200);
	synthetic_set(&search.s, 0, E_ENTRY, TEXT + 0x400);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
}

/* .eh_frame_hdr: version, encodings, the frame pointer, a count, rows of function and FDE. */
static void put_eh_frame_header(struct synthetic *s, uint64_t at, uint64_t function)
{
	uint64_t offset = synthetic_offset(at);

	memcpy(s->data + offset, "\1\x1b\3\x3b", 4);
	bytes_store(s->data + offset + 8, 4, ORDER_LITTLE, 2);
	bytes_store(s->data + offset + 12, 4, ORDER_LITTLE, TEXT - at);
	bytes_store(s->data + offset + 20, 4, ORDER_LITTLE, function - at);
	synthetic_phdr(s, PT_GNU_EH_FRAME, at, 28, 28, PF_R);
}

static void test_function_by_its_frame_description(void **state)
{
	(void)state;
	begin(&arch_aarch64);
	aarch64_startup(&search.s, RELA_DYN, table_end());
	put_word(&search.s, TEXT, RET); /* nobody calls it */
	put_eh_frame_header(&search.s, BASE + 0xe00, STARTUP);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
}

/* The loop tests nothing, but the values of the table's bounds stand together in it. */
static void test_values(void **state)
{
	struct formed formed;

	(void)state;
	begin(&arch_x86_64);
	formed = x86_startup(&search.s, RELA_DYN, table_end());
	memcpy(search.s.data + synthetic_offset(formed.end + 7 + 9), "\x90\x90\x90\x90", 4);
	locate();
	assert_found(RELA_DYN, RELA_DYN + 96);
	assert_sites(&search.loop->starts, ORIGIN_CODE, AT(formed.start));
	assert_sites(&search.loop->ends, ORIGIN_CODE, AT(formed.end));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_narrow_already),
		cmocka_unit_test(test_loop_in_a_function_of_its_own),
		cmocka_unit_test(test_thunk),
		cmocka_unit_test(test_got_words),
		cmocka_unit_test(test_dead_got_words_are_no_sites),
		cmocka_unit_test(test_dead_got_words_are_not_believed),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_type_in_a_register),
		cmocka_unit_test(test_guard_with_copies_of_its_own),
		cmocka_unit_test(test_two_starts_on_aarch64),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_shared_page),
		cmocka_unit_test(test_equal_bounds),
		cmocka_unit_test(test_undefined_bounds),
		cmocka_unit_test(test_equal_constants_are_not_believed),
		cmocka_unit_test(test_ranges_that_are_no_table),
		cmocka_unit_test(test_two_candidates),
		cmocka_unit_test(test_more_origins_than_are_kept),
		cmocka_unit_test(test_no_loop),
		cmocka_unit_test(test_another_type),
		cmocka_unit_test(test_loop_that_is_not_reachable),
		cmocka_unit_test(test_function_by_its_frame_description),
		cmocka_unit_test(test_values),
	};
	int failures = cmocka_run_group_tests(tests, NULL, NULL);

	forget();
	return failures;
}
