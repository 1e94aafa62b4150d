/* SPDX-License-Identifier: MIT */
/* What a file may cost: looks run out, pages are let go, and names are kept up to a bound. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../src/base/effort.h"
#include "../../src/base/names.h"

#include <string.h>

static unsigned char *const file = (unsigned char *)(uintptr_t)0x10000000; /* nobody reads it */

static void count_up(void *context)
{
	++*(unsigned *)context;
}

/* Promise: A file takes at most 2 seconds */
static void test_looks_run_out(void **state)
{
	struct effort effort;
	struct outcome why;

	(void)state;
	effort_begin(&effort, 0, NULL, NULL);
	assert_true(effort_spend(&effort, EFFORT_LOOKS - 1));
	assert_true(effort_look(&effort, file));
	assert_true(effort_sufficed(&effort, &why));
	assert_false(effort_look(&effort, file));
	assert_false(effort_sufficed(&effort, &why));
	assert_int_equal(why.status, IRELFIX_REFUSED);
	assert_int_equal(why.reason, IRELFIX_REASON_COSTLY);
	assert_string_equal(why.text, "looking through it takes more than 134217728 looks, and no more "
	                    "are spent on a file of this size");
}

static void test_what_is_on_disk_pays_for_itself(void **state)
{
	struct effort effort;

	(void)state;
	effort_begin(&effort, 1 << 30, NULL, NULL);
	assert_true(effort_spend(&effort, EFFORT_LOOKS));
	assert_true(effort_spend(&effort, (UINT64_C(1) << 30) * EFFORT_PER_BYTE));
	assert_false(effort_spend(&effort, 1));
}

/* Who has asked for too much gets nothing any more, however little. */
static void test_more_at_once_than_there_is(void **state)
{
	struct effort effort;

	(void)state;
	effort_begin(&effort, 0, NULL, NULL);
	assert_false(effort_spend(&effort, UINT64_MAX));
	assert_false(effort_spend(&effort, 1));
}

static void test_no_bound(void **state)
{
	struct outcome why;

	(void)state;
	assert_true(effort_spend(NULL, UINT64_MAX));
	assert_true(effort_look(NULL, file));
	assert_true(effort_sufficed(NULL, &why));
}

/* Nothing is let go of a file that has most of its bytes on disk: no window costs anything. */
static void test_a_dense_file(void **state)
{
	struct effort effort;

	(void)state;
	effort_begin(&effort, 0, NULL, NULL);
	for (unsigned i = 0; i < EFFORT_WINDOWS * 4; i++)
		assert_true(effort_look(&effort, file + (size_t)i * EFFORT_WINDOW));
	assert_int_equal(effort.looks, EFFORT_LOOKS - EFFORT_WINDOWS * 4);
}

/* A window costs most when it is new, and a look while it is there. */
static void test_windows(void **state)
{
	struct effort effort;
	uint64_t left = EFFORT_LOOKS;
	unsigned times = 0;

	(void)state;
	effort_begin(&effort, 0, count_up, &times);
	assert_true(effort_look(&effort, file));
	assert_int_equal(effort.looks, left -= EFFORT_NEW + 1);
	assert_true(effort_look(&effort, file + EFFORT_WINDOW - 1));
	assert_int_equal(effort.looks, left -= 1);
	assert_true(effort_look(&effort, file + EFFORT_WINDOW));
	assert_int_equal(effort.looks, left -= EFFORT_NEW + 1);
	assert_true(effort_look(&effort, file));
	assert_int_equal(effort.looks, left - 1);
	assert_int_equal(times, 0);
}

/* Addresses can be chosen so that two windows have one place: each is new again and again. */
static void test_windows_in_one_place(void **state)
{
	struct effort effort;
	unsigned times = 0;

	(void)state;
	effort_begin(&effort, 0, count_up, &times);
	for (unsigned i = 0; i < 8; i++)
		assert_true(effort_look(&effort, file + (i % 2) * (size_t)EFFORT_WINDOW * EFFORT_KNOWN));
	assert_int_equal(effort.looks, EFFORT_LOOKS - 8 * (EFFORT_NEW + 1));
}

/* Promise: A file takes at most 2 seconds */
static void test_pages_are_let_go(void **state)
{
	struct effort effort;
	unsigned times = 0;
	uint64_t left;

	(void)state;
	effort_begin(&effort, 0, count_up, &times);
	for (unsigned i = 0; i < EFFORT_WINDOWS; i++)
		assert_true(effort_look(&effort, file + (size_t)i * EFFORT_WINDOW));
	assert_int_equal(times, 0);
	assert_true(effort_look(&effort, file + (size_t)EFFORT_WINDOWS * EFFORT_WINDOW));
	assert_int_equal(times, 1);
	/* also the last one has to come back, for less than it cost before */
	left = effort.looks;
	assert_true(effort_look(&effort, file + (size_t)(EFFORT_WINDOWS - 1) * EFFORT_WINDOW));
	assert_int_equal(effort.looks, left - EFFORT_AGAIN - 1);
	assert_int_equal(effort.windows, 2);
}

static void test_names(void **state)
{
	struct names names = { .count = 0 };
	char text[1024];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < NAMES_BYTES_MAX / sizeof(text); i++)
		assert_string_equal(names_keep(&names, text), text);
	assert_null(names_keep(&names, ""));
	names_free(&names);
	assert_string_equal(names_keep(&names, text), text);
	names_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_run_out),
		cmocka_unit_test(test_what_is_on_disk_pays_for_itself),
		cmocka_unit_test(test_more_at_once_than_there_is),
		cmocka_unit_test(test_no_bound),
		cmocka_unit_test(test_a_dense_file),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_windows_in_one_place),
		cmocka_unit_test(test_pages_are_let_go),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
