/* SPDX-License-Identifier: MIT */
/*
 * Edits: what is planned, what is refused, and that nothing else is changed by them.
 *
 * Linked with --wrap=qsort, so that equal elements never stay as they were.
 */
#include "synthetic.h"

#include "../../src/edit/plan.h"

typedef int comparison(const void *, const void *);
void __real_qsort(void *items, size_t count, size_t size, comparison *compare);
void __wrap_qsort(void *items, size_t count, size_t size, comparison *compare);

/* glibc's is stable; musl's and those of the BSDs are not. */
void __wrap_qsort(void *items, size_t count, size_t size, comparison *compare)
{
	void **item = items;

	assert_int_equal(size, sizeof(*item));
	for (size_t i = 0; i < count / 2; i++) {
		void *other = item[count - 1 - i];
		item[count - 1 - i] = item[i];
		item[i] = other;
	}
	__real_qsort(items, count, size, compare);
}

static const struct purpose slot = { .stage = IRELFIX_STAGE_SLOT };

static void setup_image(struct synthetic *s, struct plan *plan)
{
	synthetic_begin(s, &arch_x86_64);
	for (unsigned i = 0; i < 64; i++)
		s->data[0x2800 + i] = (unsigned char)i;
	synthetic_end(s);
	plan_begin(plan, &s->image);
}

static void teardown_image(struct synthetic *s, struct plan *plan)
{
	plan_free(plan);
	synthetic_free(s);
}

/* Plans @bytes, which must work. */
static void add(struct synthetic *s, struct plan *plan, uint64_t offset, const char *bytes,
                uint32_t size)
{
	const unsigned char *new_bytes = (const unsigned char *)bytes;

	assert_true(plan_bytes(plan, &slot, offset, 0, new_bytes, size, &s->why));
}

static void test_bytes_make_an_edit(void **state)
{
	struct synthetic s;
	struct plan plan;
	const struct irelfix_edit *edit;
	char symbol[] = "symbol";
	const struct purpose purpose = { .stage = IRELFIX_STAGE_SLOT, .symbol = symbol };

	(void)state;
	setup_image(&s, &plan);
	assert_true(plan_bytes(&plan, &purpose, 0x2801, DATA + 0x801,
	                       (const unsigned char *)"xyz", 3, &s.why));
	memset(symbol, 0, sizeof(symbol)); /* the plan has a copy */
	assert_int_equal(plan.count, 1);
	edit = &plan.edits[0];
	assert_int_equal(edit->offset, 0x2801);
	assert_int_equal(edit->address, DATA + 0x801);
	assert_int_equal(edit->size, 3);
	assert_memory_equal(edit->old_bytes, "\1\2\3", 3);
	assert_memory_equal(edit->new_bytes, "xyz", 3);
	assert_int_equal(edit->stage, IRELFIX_STAGE_SLOT);
	assert_string_equal(edit->symbol, "symbol");
	assert_int_equal(s.data[0x2801], 1); /* nothing is written yet */
	teardown_image(&s, &plan);
}

static void test_equal_bytes_make_none(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, 0x2801, "\1\2\3", 3);
	assert_int_equal(plan.count, 0);
	teardown_image(&s, &plan);
}

static void test_bytes_outside_the_file(void **state)
{
	static const struct { uint64_t offset; uint32_t size; } places[] = {
		{ FILE_SIZE, 1 }, { FILE_SIZE - 1, 2 }, { UINT64_MAX, 1 }, { UINT64_MAX - 7, 8 },
		{ 0, 25 }, { 0, UINT32_MAX },
	};
	static const unsigned char bytes[25];
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		assert_false(plan_bytes(&plan, &slot, places[i].offset, 0, bytes, places[i].size,
		                        &s.why));
		assert_int_equal(plan.count, 0);
	}
	teardown_image(&s, &plan);
}

static void test_many_edits(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	for (unsigned i = 0; i < 1000; i++)
		add(&s, &plan, 0x1000 + i, "\x5a", 1);
	assert_int_equal(plan.count, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(plan.edits[i].offset, 0x1000 + i); /* in the order of planning */
	teardown_image(&s, &plan);
}

/* ---- words ---------------------------------------------------------------------------------- */

static void test_word(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	assert_true(plan_word(&plan, &slot, DATA + 0x808, 0x1122334455667788, &s.why));
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.edits[0].offset, 0x2808);
	assert_memory_equal(plan.edits[0].old_bytes, "\x8\x9\xa\xb\xc\xd\xe\xf", 8);
	assert_memory_equal(plan.edits[0].new_bytes, "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
	teardown_image(&s, &plan);
}

/* Memory that the file does not hold is 0 when the program starts. */
static void test_word_in_memory_only(void **state)
{
	const struct purpose of_symbol = { .stage = IRELFIX_STAGE_SLOT, .symbol = "symbol" };
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	assert_true(plan_word(&plan, &of_symbol, MEMORY_ONLY, 0, &s.why));
	assert_true(plan_word(&plan, &of_symbol, DATA_END - 8, 0, &s.why));
	assert_int_equal(plan.count, 0);
	assert_false(plan_word(&plan, &of_symbol, MEMORY_ONLY, 1, &s.why));
	assert_int_equal(s.why.status, IRELFIX_REFUSED);
	assert_string_equal(s.why.text, "slot at 0x205000 (symbol) is not in the file, so it "
	                                "cannot be set to 0x1");
	teardown_image(&s, &plan);
}

static void test_word_nowhere(void **state)
{
	static const uint64_t addresses[] = {
		0, BASE - 8, BASE + 0xffc, MEMORY_ONLY - 4, DATA_END - 4, DATA_END, UINT64_MAX,
	};
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		assert_false(plan_word(&plan, &slot, addresses[i], 0, &s.why));
		assert_int_equal(s.why.status, IRELFIX_REFUSED);
	}
	assert_int_equal(plan.count, 0);
	teardown_image(&s, &plan);
}

/* ---- applying ------------------------------------------------------------------------------- */

static void test_apply(void **state)
{
	struct synthetic s;
	struct plan plan;
	unsigned char copy[FILE_SIZE];

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, 0x2810, "abcd", 4);
	add(&s, &plan, FILE_SIZE - 1, "z", 1);
	memcpy(copy, s.data, FILE_SIZE);
	assert_true(plan_apply(&plan, copy, FILE_SIZE, &s.why));
	assert_memory_equal(copy + 0x2810, "abcd", 4);
	assert_int_equal(copy[FILE_SIZE - 1], 'z');
	memcpy(copy + 0x2810, s.data + 0x2810, 4);
	copy[FILE_SIZE - 1] = s.data[FILE_SIZE - 1];
	assert_memory_equal(copy, s.data, FILE_SIZE); /* and nothing else */
	teardown_image(&s, &plan);
}

static void test_apply_refuses_other_old_bytes(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, 0x2810, "abcd", 4);
	s.data[0x2813]++;
	assert_false(plan_apply(&plan, s.data, FILE_SIZE, &s.why));
	assert_true(strstr(s.why.text, "0x2810") != NULL);
	assert_int_equal(s.data[0x2810], 0x10);
	teardown_image(&s, &plan);
}

static void test_apply_refuses_a_shorter_file(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, FILE_SIZE - 2, "yz", 2);
	assert_false(plan_apply(&plan, s.data, FILE_SIZE - 1, &s.why));
	teardown_image(&s, &plan);
}

/* Two edits of one place cannot both be right. */
static void test_apply_refuses_what_overlaps(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, 0x2810, "abcd", 4);
	add(&s, &plan, 0x2813, "efg", 3);
	assert_false(plan_apply(&plan, s.data, FILE_SIZE, &s.why));
	teardown_image(&s, &plan);
}

static void test_settle(void **state)
{
	static const struct { uint64_t offset; uint32_t size; bool settles; } others[] = {
		{ 0x2814, 4, true }, { 0x280c, 4, true }, { 0x2813, 1, false }, { 0x280d, 4, false },
		{ 0x2810, 4, false }, { 0x2811, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct synthetic s;
		struct plan plan;
		setup_image(&s, &plan);
		assert_true(plan_settle(&plan, &s.why));
		add(&s, &plan, 0x2810, "abcd", 4);
		assert_true(plan_settle(&plan, &s.why));
		add(&s, &plan, others[i].offset, "efgh", others[i].size);
		assert_int_equal(plan_settle(&plan, &s.why), others[i].settles);
		assert_int_equal(plan.count, 2);
		teardown_image(&s, &plan);
	}
}

static void test_settle_drops_what_is_planned_twice(void **state)
{
	struct synthetic s;
	struct plan plan;

	(void)state;
	setup_image(&s, &plan);
	add(&s, &plan, 0x2820, "abcd", 4);
	add(&s, &plan, 0x2810, "efgh", 4);
	add(&s, &plan, 0x2820, "abcd", 4);
	assert_true(plan_settle(&plan, &s.why));
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.edits[0].offset, 0x2810); /* the same one of the two on every host */
	assert_true(plan_apply(&plan, s.data, FILE_SIZE, &s.why));
	teardown_image(&s, &plan);
}

/* A word that has its value already is no edit, but nothing else may change it. */
static void test_settle_and_a_word_that_stays(void **state)
{
	uint64_t old = 0x0f0e0d0c0b0a0908;

	(void)state;
	for (int contradicted = 0; contradicted < 2; contradicted++) {
		struct synthetic s;
		struct plan plan;
		setup_image(&s, &plan);
		assert_true(plan_word(&plan, &slot, DATA + 0x808, old, &s.why));
		if (contradicted)
			assert_true(plan_word(&plan, &slot, DATA + 0x808, 0, &s.why));
		assert_int_equal(plan_settle(&plan, &s.why), !contradicted);
		if (!contradicted)
			assert_int_equal(plan.count, 0);
		teardown_image(&s, &plan);
	}
}

/* Whatever order they are planned in, they are written stage by stage. */
static void test_settle_orders_the_stages(void **state)
{
	static const enum irelfix_stage stages[] = {
		IRELFIX_STAGE_START, IRELFIX_STAGE_ENTRY, IRELFIX_STAGE_SLOT, IRELFIX_STAGE_END,
		IRELFIX_STAGE_SYMTAB, IRELFIX_STAGE_HARMLESS, IRELFIX_STAGE_ENTRY,
		IRELFIX_STAGE_HEADER,
	};
	static const unsigned sizes[] = { 1, 1, 1, 2, 1, 1, 1 };
	struct synthetic s;
	struct plan plan;
	size_t at = 0;

	(void)state;
	setup_image(&s, &plan);
	for (uint64_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		const struct purpose purpose = { .stage = stages[i] };
		assert_true(plan_bytes(&plan, &purpose, 0x2800 + i, 0,
		                       (const unsigned char *)"z", 1, &s.why));
	}
	assert_true(plan_settle(&plan, &s.why));
	for (size_t stage = 0; stage < sizeof(sizes) / sizeof(sizes[0]); stage++) {
		assert_int_equal(plan.edits[at].stage, stage);
		assert_int_equal(plan_stage(&plan, at), sizes[stage]);
		at += sizes[stage];
	}
	assert_int_equal(at, plan.count);
	assert_true(plan.edits[3].offset < plan.edits[4].offset); /* of one stage as planned */
	teardown_image(&s, &plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_make_an_edit),
		cmocka_unit_test(test_equal_bytes_make_none),
		cmocka_unit_test(test_bytes_outside_the_file),
		cmocka_unit_test(test_many_edits),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_word_in_memory_only),
		cmocka_unit_test(test_word_nowhere),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_apply_refuses_other_old_bytes),
		cmocka_unit_test(test_apply_refuses_a_shorter_file),
		cmocka_unit_test(test_apply_refuses_what_overlaps),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_settle_drops_what_is_planned_twice),
		cmocka_unit_test(test_settle_and_a_word_that_stays),
		cmocka_unit_test(test_settle_orders_the_stages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
