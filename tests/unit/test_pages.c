/* SPDX-License-Identifier: MIT */
/* PT_LOADs that share pages, as Linux maps them: whole pages, the later one wins. */
#include "trial.h"

#include "../../src/defect/pages.h"

/* One PT_LOAD: where it is in memory and in the file, and its rights. */
struct load {
	uint64_t vaddr, offset, filesz, memsz;
	uint32_t flags;
};

/* An image of nothing but these, in the order of their headers. */
static void make(struct image *image, struct segment *loads, const struct load *from, size_t count)
{
	*image = (struct image){ .is64 = true, .loads = loads, .load_count = count };
	for (size_t i = 0; i < count; i++)
		loads[i] = (struct segment){
			.type = PT_LOAD, .flags = from[i].flags, .order = (uint32_t)i,
			.vaddr = from[i].vaddr, .offset = from[i].offset,
			.filesz = from[i].filesz, .memsz = from[i].memsz,
		};
}

enum { R = PF_R, RX = PF_R | PF_X, RW = PF_R | PF_W };

struct row {
	const char *what;
	struct load first, second;
	uint64_t lost; /* the page; 0: none */
};

static void test_two(void **state)
{
	static const struct row rows[] = {
		{ "a page each", { 0x10000, 0, 0x1000, 0x1000, R },
		  { 0x11000, 0x1000, 0x800, 0x800, RX }, 0 },
		{ "the later one has more rights", { 0x10000, 0, 0x270, 0x270, R },
		  { 0x10270, 0x270, 0x800, 0x800, RX }, 0 },
		{ "the later one has fewer", { 0x10000, 0, 0x270, 0x270, RX },
		  { 0x10270, 0x270, 0x800, 0x800, R }, 0x10000 },
		{ "other ones", { 0x10000, 0, 0x1270, 0x1270, RX },
		  { 0x11270, 0x1270, 0x800, 0x800, RW }, 0x11000 },
		{ "the same rights, other bytes of the file", { 0x10000, 0, 0x270, 0x270, R },
		  { 0x10270, 0x1270, 0x800, 0x800, R }, 0x10000 },
		{ "zeros that become bytes of the file", { 0x10000, 0, 0x100, 0x270, RW },
		  { 0x10270, 0x270, 0x800, 0x800, RW }, 0x10000 },
		{ "nothing in memory", { 0x10000, 0, 0, 0, RX },
		  { 0x10270, 0x270, 0x800, 0x800, R }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct load both[] = { rows[i].first, rows[i].second };
		struct segment loads[2];
		struct image image;
		uint64_t page = 0;
		bool lost;
		make(&image, loads, both, 2);
		lost = pages_lost(&image, &page);
		if (lost != (rows[i].lost != 0) || (lost && page != rows[i].lost))
			fail_msg("%s: 0x%llx", rows[i].what, (unsigned long long)page);
		assert_true(pages_keep(&image, rows[i].second.vaddr, 1, PF_R));
		if (rows[i].first.memsz != 0)
			assert_int_equal(pages_keep(&image, rows[i].second.vaddr - 1, 1, PF_R),
			                 !(lost && page == (rows[i].second.vaddr & ~0xfffull)));
	}
}

/* What comes later among the headers wins, wherever it is: -Tdata below the image base. */
static void test_order_of_the_headers(void **state)
{
	static const struct load both[] = {
		{ 0x10000, 0, 0x270, 0x270, RX }, { 0x10270, 0x270, 0x800, 0x800, R },
	};
	struct segment loads[2];
	struct image image;
	uint64_t page;

	(void)state;
	make(&image, loads, both, 2);
	assert_true(pages_lost(&image, &page));
	loads[0].order = 1;
	loads[1].order = 0;
	assert_false(pages_lost(&image, &page));
}

static void test_headers_in_a_page(void **state)
{
	static const struct load one[] = { { 0x200190, 0x190, 0x100, 0x100, R } };
	struct segment loads[1];
	struct image image;

	(void)state;
	make(&image, loads, one, 1);
	assert_true(pages_hold(&image, 0x40, 0x100));  /* before the segment, in its page */
	assert_true(pages_hold(&image, 0xf00, 0x100));
	assert_false(pages_hold(&image, 0xf00, 0x101));
	assert_false(pages_hold(&image, 0x1000, 1));
	loads[0].offset = 0x1190;
	assert_false(pages_hold(&image, 0x40, 0x100));
	assert_false(pages_hold(&image, UINT64_MAX, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_order_of_the_headers),
		cmocka_unit_test(test_headers_in_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
