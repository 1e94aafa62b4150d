/* SPDX-License-Identifier: MIT */
/* Relocation entries of every width and byte order, and tables that are not where they should. */
#include "synthetic.h"

/* ---- one entry ------------------------------------------------------------------------------ */

/* An entry as the gABI stores it. */
struct stored {
	bool is64;
	enum byte_order order;
	bool rela;
	unsigned size;
	const char *bytes;
};

static const struct stored examples[] = {
	{ true, ORDER_LITTLE, true, 24,
	  "\x88\x77\x66\x55\x44\x33\x22\x11" "\x08\x04\x00\x00\x21\x43\x65\x07"
	  "\xf0\xff\xff\xff\xff\xff\xff\xff" },
	{ true, ORDER_BIG, true, 24,
	  "\x11\x22\x33\x44\x55\x66\x77\x88" "\x07\x65\x43\x21\x00\x00\x04\x08"
	  "\xff\xff\xff\xff\xff\xff\xff\xf0" },
	{ true, ORDER_LITTLE, false, 16,
	  "\x88\x77\x66\x55\x44\x33\x22\x11" "\x08\x04\x00\x00\x21\x43\x65\x07" },
	{ false, ORDER_LITTLE, true, 12, "\x44\x33\x22\x11" "\x2a\x21\x43\x65" "\xf0\xff\xff\xff" },
	{ false, ORDER_BIG, true, 12, "\x11\x22\x33\x44" "\x65\x43\x21\x2a" "\xff\xff\xff\xf0" },
	{ false, ORDER_BIG, false, 8, "\x11\x22\x33\x44" "\x65\x43\x21\x2a" },
};

static struct image image_of(const struct stored *stored)
{
	return (struct image){ .is64 = stored->is64, .order = stored->order };
}

static struct reloc_table table_of(const struct image *image, const struct stored *stored)
{
	return (struct reloc_table){
		.view = { (const unsigned char *)stored->bytes, stored->size },
		.count = 1, .form = reloc_form(image, stored->rela),
	};
}

/* Where the type stands, and that it is found there. */
static void test_form(void **state)
{
	static const unsigned type_at[] = { 8, 12, 8, 4, 7, 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct image image = image_of(&examples[i]);
		struct reloc_table table = table_of(&image, &examples[i]);
		assert_int_equal(table.form.entsize, examples[i].size);
		assert_int_equal(table.form.rela, examples[i].rela);
		assert_int_equal(table.form.type_at, type_at[i]);
		assert_int_equal(table.form.type_width, examples[i].is64 ? 4 : 1);
		assert_int_equal(reloc_type(&image, &table, 0), examples[i].is64 ? 0x408 : 0x2a);
	}
}

static void test_get(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct stored *stored = &examples[i];
		struct image image = image_of(stored);
		struct reloc_table table = table_of(&image, stored);
		struct reloc reloc = reloc_get(&image, &table, 0);
		uint64_t addend = stored->is64 ? UINT64_MAX - 15 : UINT32_MAX - 15;
		assert_int_equal(reloc.offset, stored->is64 ? 0x1122334455667788 : 0x11223344);
		assert_int_equal(reloc.type, stored->is64 ? 0x408 : 0x2a);
		assert_int_equal(reloc.symbol, stored->is64 ? 0x07654321 : 0x654321);
		assert_int_equal(reloc.addend, stored->rela ? addend : 0);
	}
}

static void test_put(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct stored *stored = &examples[i];
		struct image image = image_of(stored);
		struct reloc_table table = table_of(&image, stored);
		unsigned char entry[RELOC_SIZE_MAX];
		memset(entry, 0xee, sizeof(entry));
		reloc_put(&image, table.form, reloc_get(&image, &table, 0), entry);
		assert_memory_equal(entry, stored->bytes, stored->size);
		if (stored->size < sizeof(entry))
			assert_int_equal(entry[stored->size], 0xee);
	}
}

/* ---- a range -------------------------------------------------------------------------------- */

static void test_range(void **state)
{
	struct synthetic s;
	struct reloc_table table;
	struct reloc_form rela, rel;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_entry(&s, (struct reloc){ GOT, 6, 1, 0 });
	synthetic_entry(&s, (struct reloc){ GOT + 8, 37, 0, TEXT });
	synthetic_end(&s);
	rela = reloc_form(&s.image, true);
	rel = reloc_form(&s.image, false);
	assert_true(reloc_range(&s.image, RELA_DYN, RELA_DYN + 48, rela, &table));
	assert_int_equal(table.count, 2);
	assert_int_equal(table.form.entsize, 24);
	assert_int_equal(table.offset, 0x800);
	assert_int_equal(reloc_end(&table), RELA_DYN + 48);
	assert_int_equal(reloc_get(&s.image, &table, 1).type, 37);
	assert_int_equal(reloc_get(&s.image, &table, 1).addend, TEXT);
	assert_true(reloc_range(&s.image, RELA_DYN, RELA_DYN + 48, rel, &table));
	assert_int_equal(table.count, 3);
	synthetic_free(&s);
}

static void test_range_edges(void **state)
{
	struct synthetic s;
	struct reloc_table table;
	struct reloc_form rela;
	uint64_t end = BASE + 0x1000;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_end(&s);
	rela = reloc_form(&s.image, true);
	assert_true(reloc_range(&s.image, BASE, BASE, rela, &table));
	assert_int_equal(table.count, 0);
	assert_true(reloc_range(&s.image, end - 24, end, rela, &table));
	assert_false(reloc_range(&s.image, end - 24, end + 24, rela, &table));
	assert_false(reloc_range(&s.image, end - 23, end + 1, rela, &table));
	assert_false(reloc_range(&s.image, BASE, BASE + 25, rela, &table));
	assert_false(reloc_range(&s.image, BASE + 24, BASE, rela, &table));
	assert_false(reloc_range(&s.image, MEMORY_ONLY - 24, MEMORY_ONLY + 24, rela, &table));
	assert_false(reloc_range(&s.image, MEMORY_ONLY, MEMORY_ONLY + 24, rela, &table));
	assert_false(reloc_range(&s.image, 0, 24, rela, &table));
	assert_false(reloc_range(&s.image, UINT64_MAX - 23, UINT64_MAX, rela, &table));
	synthetic_free(&s);
}

/* ---- entries that nothing names ------------------------------------------------------------- */

/* REL entries for @first and the word @second bytes behind it, which has this type and symbol. */
static bool scans_bare(uint64_t first, uint64_t second, uint32_t type, uint32_t symbol)
{
	struct synthetic s;
	struct reloc_table table;
	bool found;

	synthetic_begin(&s, &arch_ppc64le);
	synthetic_word(&s, RELA_PLT, first);
	synthetic_word(&s, RELA_PLT + 8, 248);
	synthetic_word(&s, RELA_PLT + 16, first + second);
	synthetic_word(&s, RELA_PLT + 24, (uint64_t)symbol << 32 | type);
	synthetic_parse(&s);
	found = reloc_scan_bare(&s.image, 248, &table);
	if (found) {
		assert_int_equal(table.address, RELA_PLT);
		assert_int_equal(table.count, 2);
		assert_false(table.form.rela);
	}
	synthetic_free(&s);
	return found;
}

/* Their slots are in memory only, and follow each other. */
static void test_scan_bare(void **state)
{
	(void)state;
	assert_true(scans_bare(MEMORY_ONLY, 8, 248, 0));
	assert_true(scans_bare(DATA_END - 16, 8, 248, 0));
	assert_false(scans_bare(MEMORY_ONLY, 16, 248, 0));
	assert_false(scans_bare(MEMORY_ONLY, 0, 248, 0));
	assert_false(scans_bare(MEMORY_ONLY, 8, 249, 0));
	assert_false(scans_bare(MEMORY_ONLY, 8, 248, 1));
	assert_false(scans_bare(MEMORY_ONLY - 16, 8, 248, 0));
	assert_false(scans_bare(DATA_END - 8, 8, 248, 0));
	assert_false(scans_bare(TEXT, 8, 248, 0));
	assert_false(scans_bare(0, 8, 248, 0));
}

/* ---- the tables of PT_DYNAMIC --------------------------------------------------------------- */

static void test_find(void **state)
{
	struct synthetic s;
	struct reloc_tables tables;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_entry(&s, (struct reloc){ GOT, 37, 0, TEXT });
	synthetic_plt_entry(&s, (struct reloc){ GOT + 8, 7, 0, 0 });
	synthetic_plt_entry(&s, (struct reloc){ GOT + 16, 7, 0, 0 });
	synthetic_end(&s);
	assert_true(reloc_find(&s.image, &tables, &s.why));
	assert_int_equal(tables.count, 2);
	assert_string_equal(tables.items[0].tag, "DT_RELA");
	assert_int_equal(tables.items[0].count, 1);
	assert_string_equal(tables.items[1].tag, "DT_JMPREL");
	assert_int_equal(tables.items[1].count, 2);
	assert_true(tables.items[1].form.rela);
	assert_false(tables.packed);
	synthetic_free(&s);
}

static void test_find_rel(void **state)
{
	struct synthetic s;
	struct reloc_tables tables;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_tag(&s, DT_REL, RELA_DYN);
	synthetic_tag(&s, DT_RELSZ, 32);
	synthetic_tag(&s, DT_JMPREL, RELA_PLT);
	synthetic_tag(&s, DT_PLTRELSZ, 16);
	synthetic_tag(&s, DT_PLTREL, DT_REL);
	synthetic_end(&s);
	assert_true(reloc_find(&s.image, &tables, &s.why));
	assert_int_equal(tables.count, 2);
	for (size_t i = 0; i < tables.count; i++) {
		assert_false(tables.items[i].form.rela);
		assert_int_equal(tables.items[i].form.entsize, 16);
	}
	synthetic_free(&s);
}

static void test_packed(void **state)
{
	static const uint64_t tags[] = { DT_ANDROID_RELA, DT_ANDROID_REL, DT_RELR };

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct synthetic s;
		struct reloc_tables tables;
		synthetic_begin(&s, &arch_x86_64);
		synthetic_tag(&s, tags[i], RELA_DYN);
		synthetic_end(&s);
		assert_true(reloc_find(&s.image, &tables, &s.why));
		assert_true(tables.packed);
		assert_int_equal(tables.count, 0);
		synthetic_free(&s);
	}
}

/* An address, a map of the 31 or 63 words behind it, and one of those behind them. */
static void test_relr(void **state)
{
	static const struct arch *const archs[] = { &arch_x86_64, &arch_x86_64 };

	(void)state;
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		unsigned width = archs[i]->is64 ? 8 : 4, mapped = 8 * width - 1;
		struct synthetic s;
		synthetic_begin(&s, archs[i]);
		synthetic_tag(&s, DT_RELR, RELA_PLT);
		synthetic_tag(&s, DT_RELRSZ, 3 * width);
		synthetic_word(&s, RELA_PLT, GOT);
		synthetic_word(&s, RELA_PLT + width, 1 | 1 << 2);
		synthetic_word(&s, RELA_PLT + 2 * width, 1 | 1 << 1);
		synthetic_end(&s);
		assert_true(reloc_is_relr(&s.image, GOT));
		assert_false(reloc_is_relr(&s.image, GOT + width));
		assert_true(reloc_is_relr(&s.image, GOT + 2 * width));
		assert_false(reloc_is_relr(&s.image, GOT + 2 * width + 1));
		assert_true(reloc_is_relr(&s.image, GOT + (mapped + 1) * width));
		assert_false(reloc_is_relr(&s.image, GOT + (mapped + 2) * width));
		assert_false(reloc_is_relr(&s.image, GOT - width));
		synthetic_free(&s);
	}
}

/* One lie of PT_DYNAMIC: tags with their values, and what is said of them. */
struct lie {
	uint64_t tags[3][2];
	const char *text;
};

static const struct lie lies[] = {
	{ { { DT_RELA, RELA_DYN }, { DT_RELASZ, 25 } }, "DT_RELASZ is 25, not a multiple of 24" },
	{ { { DT_RELA, RELA_DYN }, { DT_RELASZ, 24 }, { DT_RELAENT, 23 } },
	  "DT_RELAENT is 23, expected 24" },
	{ { { DT_REL, RELA_DYN }, { DT_RELSZ, 16 }, { DT_RELENT, 24 } },
	  "DT_RELENT is 24, expected 16" },
	{ { { DT_RELASZ, 24 } },
	  "DT_RELA 0x0 + DT_RELASZ 0x18 is not inside the file-backed part of one PT_LOAD" },
	{ { { DT_RELA, UINT64_MAX - 7 }, { DT_RELASZ, 24 } },
	  "DT_RELA 0xfffffffffffffff8 + DT_RELASZ 0x18 is not inside the file-backed part of one "
	  "PT_LOAD" },
	{ { { DT_JMPREL, RELA_PLT }, { DT_PLTRELSZ, 24 } }, "DT_PLTREL is 0, expected 7 or 17" },
	{ { { DT_JMPREL, RELA_PLT }, { DT_PLTRELSZ, 24 }, { DT_PLTREL, DT_REL } },
	  "DT_PLTRELSZ is 24, not a multiple of 16" },
};

static void test_find_lies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct synthetic s;
		struct reloc_tables tables;
		synthetic_begin(&s, &arch_x86_64);
		for (size_t j = 0; j < 3 && lies[i].tags[j][0] != DT_NULL; j++)
			synthetic_tag(&s, lies[i].tags[j][0], lies[i].tags[j][1]);
		synthetic_end(&s);
		assert_false(reloc_find(&s.image, &tables, &s.why));
		assert_int_equal(s.why.status, IRELFIX_FILE);
		assert_string_equal(s.why.text, lies[i].text);
		synthetic_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_range_edges),
		cmocka_unit_test(test_scan_bare),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_rel),
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_relr),
		cmocka_unit_test(test_find_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
