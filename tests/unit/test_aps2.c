/* SPDX-License-Identifier: MIT */
/* Packed relocations, and what of them a static-PIE can do without. */
#include "trial.h"

#include "../../src/elf/aps2.h"

/* Puts signed LEB128 numbers behind the magic. @return how many bytes there are */
static unsigned put_packed(struct synthetic *s, const int64_t *numbers, size_t count)
{
	unsigned char *at = s->data + synthetic_offset(RELA_PLT), *start = at;

	memcpy(at, "APS2", 4);
	at += 4;
	for (size_t i = 0; i < count; i++) {
		int64_t left = numbers[i];
		bool more = true;
		while (more) {
			unsigned char byte = (unsigned char)(left & 0x7f);
			left = left < 0 ? ~(~left / 128) : left / 128;
			more = !((left == 0 && !(byte & 0x40)) || (left == -1 && (byte & 0x40)));
			*at++ = (unsigned char)(byte | (more ? 0x80 : 0));
		}
	}
	return (unsigned)(at - start);
}

#define PUT(s, ...) \
	put_packed(s, (const int64_t[]){ __VA_ARGS__ }, \
	           sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

enum { BY_INFO = 1, BY_DELTA = 2, BY_ADDEND = 4, HAS_ADDEND = 8 };

static void begin_packed(struct trial *t, unsigned size)
{
	synthetic_tag(&t->s, DT_ANDROID_RELA, RELA_PLT);
	synthetic_tag(&t->s, DT_ANDROID_RELASZ, size);
}

static void test_groups(void **state)
{
	static const struct reloc expected[] = {
		{ 0x1008, 8, 0, 0x10 }, { 0x1010, 8, 0, 0x30 }, { 0x1030, 6, 1, 0 },
		{ 0x1028, 6, 2, 0 }, { 0x1030, 1, 3, 5 }, { 0x1038, 1, 3, 5 },
	};
	struct trial t;
	struct aps2 walk;
	struct reloc reloc;
	size_t count = 0;

	(void)state;
	begin(&t, &arch_x86_64);
	begin_packed(&t, PUT(&t.s, 6, 0x1000,
	                     2, BY_INFO | BY_DELTA | HAS_ADDEND, 8, 8, 0x10, 0x20,
	                     2, 0, 0x20, 6 | INT64_C(1) << 32, -8, 6 | INT64_C(2) << 32,
	                     2, BY_INFO | BY_DELTA | HAS_ADDEND | BY_ADDEND, 8,
	                     1 | INT64_C(3) << 32, 5));
	synthetic_end(&t.s);
	assert_true(aps2_begin(&t.s.image, &walk));
	for (; aps2_next(&walk, &reloc); count++) {
		assert_int_equal(reloc.offset, expected[count].offset);
		assert_int_equal(reloc.type, expected[count].type);
		assert_int_equal(reloc.symbol, expected[count].symbol);
		assert_int_equal(reloc.addend, expected[count].addend);
	}
	assert_int_equal(count, 6);
	assert_false(walk.malformed);
	synthetic_free(&t.s);
}

static void test_lies(void **state)
{
	static const int64_t tables[][6] = {
		{ 6, 0, 0, 0, 0, 0 },               /* an empty group */
		{ 600, 0, 600, 0, 8, 6 },           /* it ends too early */
		{ -1, 0, 1, 0, 8, 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct trial t;
		struct aps2 walk;
		struct reloc reloc;
		begin(&t, &arch_x86_64);
		begin_packed(&t, put_packed(&t.s, tables[i], 6));
		synthetic_end(&t.s);
		assert_true(aps2_begin(&t.s.image, &walk));
		while (aps2_next(&walk, &reloc))
			continue;
		assert_true(walk.malformed);
		synthetic_free(&t.s);
	}
}

static void begin_pie_with(struct trial *t, int64_t info)
{
	begin_pie(t, &arch_x86_64);
	synthetic_weak(&t->s, "weak");
	begin_packed(t, PUT(&t->s, 2, GOT - BASE, 2, BY_INFO | BY_DELTA, 8, info));
}

/* A weak undefined symbol's slot is 0 without anybody's doing; others nobody fills. */
static void test_what_is_harmless(void **state)
{
	static const struct { int64_t info; bool harmless; } rows[] = {
		{ 6 | INT64_C(1) << 32, true }, { 1 | INT64_C(1) << 32, true }, { 0, true },
		{ 8, false }, { 37, false }, { 6 | INT64_C(9) << 32, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trial t;
		begin_pie_with(&t, rows[i].info);
		diagnose(&t);
		assert_int_equal(t.finding.verdict, rows[i].harmless ? IRELFIX_VERDICT_HEALTHY
		                                                     : IRELFIX_VERDICT_CANNOT_START);
		if (!rows[i].harmless)
			assert_int_equal(t.finding.why.reason, IRELFIX_REASON_PACKED);
		end(&t);
	}
}

/* A slot that lacks its addend is wrong even then. */
static void test_an_addend_that_nobody_adds(void **state)
{
	(void)state;
	for (int there = 0; there < 2; there++) {
		struct trial t;
		begin_pie(&t, &arch_x86_64);
		synthetic_weak(&t.s, "weak");
		begin_packed(&t, PUT(&t.s, 1, GOT - BASE, 1, BY_INFO | HAS_ADDEND,
		                     1 | INT64_C(1) << 32, 0, 0x10));
		synthetic_word(&t.s, GOT, there ? 0x10 : 0);
		diagnose(&t);
		assert_int_equal(t.finding.verdict, there ? IRELFIX_VERDICT_HEALTHY
		                                          : IRELFIX_VERDICT_CANNOT_START);
		end(&t);
	}
}

/* Entries without addends have them in their slots. */
static void test_an_addend_in_the_slot(void **state)
{
	enum { R_386_32 = 1, R_386_GLOB_DAT = 6 };
	static const uint32_t expected[][2] = { { R_386_32, 0x10 }, { R_386_GLOB_DAT, 0x20 } };
	struct trial t;
	struct aps2 walk;
	struct reloc reloc;

	(void)state;
	begin(&t, &arch_i386);
	synthetic_tag(&t.s, DT_ANDROID_REL, RELA_PLT);
	synthetic_tag(&t.s, DT_ANDROID_RELSZ,
	              PUT(&t.s, 2, GOT - 4, 2, BY_DELTA, 4, R_386_32 | 1 << 8, R_386_GLOB_DAT | 1 << 8));
	synthetic_word(&t.s, GOT, 0x10);
	synthetic_word(&t.s, GOT + 4, 0x20);
	synthetic_end(&t.s);
	assert_true(aps2_begin(&t.s.image, &walk));
	assert_false(walk.rela);
	for (size_t i = 0; i < 2; i++) {
		assert_true(aps2_next(&walk, &reloc));
		assert_int_equal(reloc.type, expected[i][0]);
		assert_int_equal(reloc.addend, expected[i][1]);
	}
	assert_false(aps2_next(&walk, &reloc));
	synthetic_free(&t.s);
}

/* 2^60 entries that take no byte each end nobody's patience. */
static void test_many(void **state)
{
	struct trial t;

	(void)state;
	begin_pie(&t, &arch_x86_64);
	begin_packed(&t, PUT(&t.s, INT64_C(1) << 60, 0, INT64_C(1) << 60, BY_INFO | BY_DELTA, 0, 0));
	diagnose(&t);
	assert_cannot_start(&t, "packed (APS2) relocations");
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_what_is_harmless),
		cmocka_unit_test(test_an_addend_that_nobody_adds),
		cmocka_unit_test(test_an_addend_in_the_slot),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
