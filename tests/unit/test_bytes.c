/* SPDX-License-Identifier: MIT */
/* Views at their edges, where sums wrap and widths do not fit. */
#include "../../src/elf/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char digits[] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99 };
static const struct bytes nine = { digits, sizeof(digits) };
static const struct bytes nothing = { NULL, 0 };

static void test_has(void **state)
{
	(void)state;
	assert_true(bytes_has(nine, 0, 9));
	assert_true(bytes_has(nine, 9, 0));
	assert_true(bytes_has(nine, 8, 1));
	assert_false(bytes_has(nine, 0, 10));
	assert_false(bytes_has(nine, 9, 1));
	assert_false(bytes_has(nine, 10, 0));
	assert_true(bytes_has(nothing, 0, 0));
	assert_false(bytes_has(nothing, 0, 1));
}

static void test_has_does_not_wrap(void **state)
{
	(void)state;
	assert_false(bytes_has(nine, UINT64_MAX, 1));
	assert_false(bytes_has(nine, UINT64_MAX, 2));
	assert_false(bytes_has(nine, 1, UINT64_MAX));
	assert_false(bytes_has(nine, UINT64_MAX - 3, 8));
	assert_false(bytes_has(nine, 5, UINT64_MAX - 4));
	assert_true(bytes_has((struct bytes){ digits, UINT64_MAX }, UINT64_MAX, 0));
	assert_true(bytes_has((struct bytes){ digits, UINT64_MAX }, 1, UINT64_MAX - 1));
}

static void test_sub(void **state)
{
	struct bytes part = nothing;

	(void)state;
	assert_true(bytes_sub(nine, 2, 3, &part));
	assert_ptr_equal(part.data, digits + 2);
	assert_int_equal(part.size, 3);
	assert_true(bytes_sub(nine, 9, 0, &part));
	assert_int_equal(part.size, 0);
	part = nothing;
	assert_false(bytes_sub(nine, 7, 3, &part));
	assert_null(part.data);
}

static void test_table(void **state)
{
	struct bytes table;

	(void)state;
	assert_true(bytes_table(nine, 1, 2, 4, &table));
	assert_int_equal(table.size, 8);
	assert_false(bytes_table(nine, 2, 2, 4, &table));
	assert_true(bytes_table(nine, 9, 0, 24, &table));
	assert_true(bytes_table(nine, 0, UINT64_MAX, 0, &table));
	assert_int_equal(table.size, 0);
}

static void test_table_does_not_wrap(void **state)
{
	struct bytes table;

	(void)state;
	assert_false(bytes_table(nine, 0, UINT64_MAX / 2 + 2, 2, &table));
	assert_false(bytes_table(nine, 0, (UINT64_MAX / 24) + 1, 24, &table));
	assert_false(bytes_table(nine, 0, (uint64_t)1 << 61, 8, &table));
}

static void test_read(void **state)
{
	static const uint64_t little[] = {
		0, 0x22, 0x3322, 0x443322, 0x55443322, 0x6655443322, 0x776655443322,
		0x88776655443322, 0x9988776655443322,
	};
	static const uint64_t big[] = {
		0, 0x22, 0x2233, 0x223344, 0x22334455, 0x2233445566, 0x223344556677,
		0x22334455667788, 0x2233445566778899,
	};
	uint64_t value;

	(void)state;
	for (unsigned width = 1; width <= 8; width++) {
		assert_true(bytes_read(nine, 1, width, ORDER_LITTLE, &value));
		assert_int_equal(value, little[width]);
		assert_true(bytes_read(nine, 1, width, ORDER_BIG, &value));
		assert_int_equal(value, big[width]);
	}
}

static void test_read_at_the_end(void **state)
{
	uint64_t value = 42;

	(void)state;
	assert_true(bytes_read(nine, 8, 1, ORDER_BIG, &value));
	assert_int_equal(value, 0x99);
	for (unsigned width = 1; width <= 8; width++) {
		value = 42;
		assert_false(bytes_read(nine, 10 - width, width, ORDER_LITTLE, &value));
		assert_false(bytes_read(nine, UINT64_MAX, width, ORDER_LITTLE, &value));
		assert_int_equal(value, 42);
	}
}

static void test_store(void **state)
{
	unsigned char room[10];
	uint64_t value;

	(void)state;
	for (unsigned width = 1; width <= 8; width++) {
		for (int order = ORDER_LITTLE; order <= ORDER_BIG; order++) {
			memset(room, 0xee, sizeof(room));
			bytes_store(room + 1, width, (enum byte_order)order, 0x8877665544332211);
			assert_int_equal(room[0], 0xee);
			assert_int_equal(room[1 + width], 0xee);
			assert_int_equal(room[order == ORDER_LITTLE ? 1 : width], 0x11);
			assert_true(bytes_read((struct bytes){ room, sizeof(room) }, 1, width,
			                       (enum byte_order)order, &value));
			assert_int_equal(value,
			                 0x8877665544332211 & UINT64_MAX >> (64 - 8 * width));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_has_does_not_wrap),
		cmocka_unit_test(test_sub),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_does_not_wrap),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_at_the_end),
		cmocka_unit_test(test_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
