/* SPDX-License-Identifier: MIT */
/* A machine of another class, order and relocation form goes all the way: it is a row and a folder. */
#include "trial.h"
#include "toy.h"

#include "../../include/irelfix.h"

#include <stdio.h>
#include <unistd.h>

/* Linked with --wrap=arch_find: this machine is in no product. */
const struct arch *__real_arch_find(uint16_t machine, bool is64, enum byte_order order);
const struct arch *__wrap_arch_find(uint16_t machine, bool is64, enum byte_order order);

const struct arch *__wrap_arch_find(uint16_t machine, bool is64, enum byte_order order)
{
	return machine == TOY_MACHINE ? &arch_toy : __real_arch_find(machine, is64, order);
}

/* ---- code ----------------------------------------------------------------------------------- */

static uint64_t put(struct synthetic *s, uint64_t at, unsigned operation, unsigned rd, unsigned ra,
                    uint64_t n)
{
	bytes_store(s->data + synthetic_offset(at), 4, ORDER_BIG,
	            (uint64_t)operation << 24 | rd << 20 | ra << 16 | (n & 0xffff));
	return at + 4;
}

/* Puts code at @at that forms @value in @reg. @return the address behind it. */
typedef uint64_t put_value(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value);

static uint64_t by_parts(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	uint64_t low = (((value - at) & 0xff) ^ 0x80) - 0x80;

	put(s, at, TOY_HI, reg, 0, (value - at - low) >> 8);
	return put(s, at + 4, TOY_LO, reg, reg, low);
}

/* A literal for each register stands behind the code. */
static uint64_t literal_of(unsigned reg)
{
	return TEXT + 0x300 + 4 * reg;
}

static uint64_t by_literal(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	synthetic_word(s, literal_of(reg), value);
	return put(s, at, TOY_LIT, reg, 0, literal_of(reg) - at);
}

static uint64_t by_distance(struct synthetic *s, uint64_t at, unsigned reg, uint64_t value)
{
	put(s, at, TOY_LIT, reg, 0, literal_of(reg) - at);
	synthetic_word(s, literal_of(reg), value - (at + 4));
	return put(s, at + 4, TOY_ADDPC, reg, reg, 0);
}

enum { POINTER = 4, TYPE = 5, LIMIT = 6, RESOLVED = 7 };

/* The loop over [r4, r6); the pointer is @bias behind the entry that it stands for. */
static void put_toy_loop(struct synthetic *s, uint64_t at, uint64_t bias)
{
	uint64_t guard = at + 4, loop = at + 8, done;

	put(s, at, TOY_COMPARE_REG, POINTER, LIMIT, 0);
	at = put(s, loop, TOY_ADD, POINTER, POINTER, bias);
	at = put(s, at, TOY_LOAD_BYTE, TYPE, POINTER, 7 - bias);
	at = put(s, at, TOY_COMPARE, 0, TYPE, TOY_IRELATIVE);
	at = put(s, at, TOY_BRANCH, TOY_NE, 0, TEXT - at);
	at = put(s, at, TOY_LOAD_WORD, RESOLVED, POINTER, 0 - bias);
	at = put(s, at, TOY_CALL_REG, 0, RESOLVED, 0);
	at = put(s, at, TOY_ADD, POINTER, POINTER, 8 - bias);
	at = put(s, at, TOY_COMPARE_REG, POINTER, LIMIT, 0);
	at = put(s, at, TOY_BRANCH, TOY_BELOW, 0, loop - at);
	done = at;
	put(s, done, TOY_RET, 0, 0, 0);
	put(s, guard, TOY_BRANCH, TOY_NOT_BELOW, 0, done - guard);
}

static void put_toy_startup(struct synthetic *s, put_value *form, uint64_t bias, uint64_t start,
                            uint64_t end)
{
	uint64_t at = put(s, TEXT, TOY_CALL, 0, 0, STARTUP - TEXT);

	put(s, at, TOY_RET, 0, 0, 0);
	put_toy_loop(s, form(s, form(s, STARTUP, POINTER, start), LIMIT, end), bias);
}

static void begin_toy(struct trial *t, const char *letters, put_value *form, uint64_t bias)
{
	begin(t, &arch_toy);
	put_entries(t, letters);
	put_toy_startup(&t->s, form, bias, RELA_DYN, rela_end(&t->s));
}

/* ---- tests ---------------------------------------------------------------------------------- */

static put_value *const forms[] = { by_parts, by_literal, by_distance };

/* Every way to form the bounds, pointers to anywhere in an entry, any order of entries. */
static void test_narrow(void **state)
{
	static const char *const orders[] = { "GGII", "GAGI", "IGIAGI", "GG" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (uint64_t bias = 0; bias < 8; bias += 4) {
			for (size_t j = 0; j < sizeof(orders) / sizeof(orders[0]); j++) {
				struct trial t;
				begin_toy(&t, orders[j], forms[i], bias);
				diagnose(&t);
				assert_broken(&t, &defect_wide_bounds);
				assert_int_equal(t.finding.range.form.entsize, 8);
				repair(&t, IRELFIX_NARROW);
				assert_int_equal(t.plan.strategy, IRELFIX_NARROW);
				end(&t);
			}
		}
	}
}

/* REL: a GLOB_DAT's slot becomes 0, an absolute one's addend stands there already. */
static void test_slots(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_toy);
	put_entries(&t, "GAI");
	synthetic_word(&t.s, GOT, 0xdead);
	synthetic_word(&t.s, GOT + 4, 0x1234);
	put_toy_startup(&t.s, by_parts, 0, RELA_DYN, rela_end(&t.s));
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	repair(&t, IRELFIX_AUTO);
	assert_int_equal(word_after(&t, GOT), 0);
	assert_int_equal(word_after(&t, GOT + 4), 0x1234);
	assert_int_equal(word_after(&t, GOT + 8), RESOLVER);
	assert_int_equal(entry_after(&t, 0).type, arch_toy.none);
	assert_int_equal(entry_after(&t, 2).type, arch_toy.irelative);
	end(&t);
}

/* The second run of a resolver would call what the first one has put into the slot. */
static void test_no_padding(void **state)
{
	struct trial t;

	(void)state;
	begin_toy(&t, "GI", by_parts, 0);
	diagnose(&t);
	assert_false(plan(&t, IRELFIX_PAD));
	assert_refused(&t.why, "entries in REL form cannot be padded");
	end(&t);
}

/* What is read from somewhere else in an entry is no type. */
static void test_the_wrong_place_of_the_type(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < 8; at++) {
		struct trial t;
		begin(&t, &arch_toy);
		put_entries(&t, "GI");
		put_toy_startup(&t.s, by_parts, 0, RELA_DYN, RELA_DYN); /* empty: told by code only */
		put(&t.s, STARTUP + 28, TOY_LOAD_BYTE, TYPE, POINTER, at);
		diagnose(&t);
		assert_int_equal(t.startup.loop.found, at == 7);
		end(&t);
	}
}

static void test_mutations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct trial t;
		begin_toy(&t, "GIAGI", forms[i], 4);
		synthetic_word(&t.s, GOT, 0xdead);
		diagnose(&t);
		repair(&t, IRELFIX_NARROW);
		for (size_t j = 0; j < t.plan.count; j++) {
			struct irelfix_edit *edit = &t.plan.edits[j];
			for (uint32_t k = 0; k < edit->size; k++) {
				edit->new_bytes[k] ^= 0xff;
				assert_unverified(&t, "");
				edit->new_bytes[k] ^= 0xff;
			}
		}
		end(&t);
	}
}

/* ---- on disk -------------------------------------------------------------------------------- */

static void write_out(const char *path, const unsigned char *data)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, FILE_SIZE, file), FILE_SIZE);
	fclose(file);
}

static void assert_file_is(const char *path, const unsigned char *data)
{
	static unsigned char there[FILE_SIZE];
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	assert_int_equal(fread(there, 1, FILE_SIZE, file), FILE_SIZE);
	fclose(file);
	assert_memory_equal(there, data, FILE_SIZE);
}

/* One write into the file itself where the bound is a word, a replacement where it is two parts. */
static void test_in_place(void **state)
{
	char path[] = "/tmp/irelfix-toy-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct irelfix *file;
		struct trial t;
		begin_toy(&t, "GAII", forms[i], 0);
		synthetic_word(&t.s, GOT, 0xdead);
		diagnose(&t);
		repair(&t, IRELFIX_AUTO);
		assert_int_equal(t.plan.ordered, forms[i] != by_parts);
		write_out(path, t.s.data);
		assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
		assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
		assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
		if (irelfix_write_in_place(file, NULL) != IRELFIX_OK)
			fail_msg("%s", irelfix_message(file));
		irelfix_close(file);
		assert_file_is(path, t.result);
		assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
		assert_int_equal(irelfix_diagnose(file), IRELFIX_OK);
		irelfix_close(file);
		end(&t);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_no_padding),
		cmocka_unit_test(test_the_wrong_place_of_the_type),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
