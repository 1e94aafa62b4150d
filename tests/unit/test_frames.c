/* SPDX-License-Identifier: MIT */
/* Where functions begin and end. */
#include "frame_records.h"

#include "../../src/elf/frames.h"

static const struct arch *const machines[] = { &arch_x86_64, &arch_aarch64 };

static void begin_frames(struct synthetic *s, const struct arch *arch, bool sorted)
{
	uint64_t first;

	synthetic_begin(s, arch);
	first = put_records(s, "zR", SECOND);
	if (sorted)
		put_table(s, first, SECOND);
	else
		put_section(s);
	synthetic_end(s);
}

/* ---- frames --------------------------------------------------------------------------------- */

static void assert_inside(const struct image *image, uint64_t address, uint64_t expected)
{
	const uint64_t addresses[] = { FIRST, SECOND, address };
	uint64_t start;
	size_t which;

	assert_int_equal(frames_inside(image, addresses, 3, &which, &start), expected != 0);
	if (expected == 0)
		return;
	assert_int_equal(which, 2);
	assert_int_equal(start, expected);
}

static void test_inside(void **state)
{
	(void)state;
	for (size_t m = 0; m < 2; m++) {
		for (int sorted = 0; sorted < 2; sorted++) {
			struct synthetic s;
			uint64_t start;
			begin_frames(&s, machines[m], sorted);
			assert_int_equal(frames_before(&s.image, SECOND, &start), sorted);
			assert_inside(&s.image, FIRST - 1, 0);
			assert_inside(&s.image, FIRST, 0);
			assert_inside(&s.image, FIRST + 1, FIRST);
			assert_inside(&s.image, FIRST + FIRST_SIZE - 1, FIRST);
			assert_inside(&s.image, FIRST + FIRST_SIZE, 0);
			assert_inside(&s.image, SECOND + 4, SECOND);
			assert_inside(&s.image, SECOND + SECOND_SIZE, 0);
			assert_inside(&s.image, UINT64_MAX, 0);
			synthetic_free(&s);
		}
	}
}

static void test_before(void **state)
{
	struct synthetic s;
	uint64_t start;

	(void)state;
	begin_frames(&s, machines[0], true);
	assert_false(frames_before(&s.image, FIRST - 1, &start));
	assert_true(frames_before(&s.image, FIRST, &start));
	assert_int_equal(start, FIRST);
	assert_true(frames_before(&s.image, SECOND - 1, &start));
	assert_int_equal(start, FIRST);
	assert_true(frames_before(&s.image, UINT64_MAX, &start));
	assert_int_equal(start, SECOND);
	synthetic_free(&s);
	begin_frames(&s, machines[0], false);
	assert_false(frames_before(&s.image, FIRST, &start));
	synthetic_free(&s);
}

/* Records that are not understood tell nothing. */
static void test_other_augmentation(void **state)
{
	static const struct {
		const char *text;
		bool understood;
	} cases[] = {
		{ "zR", true }, { "zRS", true }, { "zPLR", false }, { "eh", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct synthetic s;
		synthetic_begin(&s, machines[0]);
		put_table(&s, put_records(&s, cases[i].text, SECOND), SECOND);
		synthetic_end(&s);
		assert_inside(&s.image, FIRST + 4, cases[i].understood ? FIRST : 0);
		synthetic_free(&s);
	}
}

/* Whatever stands there is read without harm. */
static void test_garbage(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const uint64_t addresses[] = { FIRST + 4, SECOND + 4, 0 };
		struct synthetic s;
		uint64_t start;
		size_t which;
		begin_frames(&s, machines[i % 2], i % 4 < 2);
		for (int bytes = 0; bytes < 3; bytes++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			s.data[synthetic_offset(HEADER) + (random >> 33) % 0x100] =
				(unsigned char)(random >> 56);
		}
		frames_inside(&s.image, addresses, 3, &which, &start);
		frames_before(&s.image, FIRST, &start);
		synthetic_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_other_augmentation),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
