/* SPDX-License-Identifier: MIT */
/*
 * Slots where an enemy wants them: in what a diagnosis reads. They are refused before anything is
 * written. A repair that was stopped behind such a slot could not be recognised, let alone completed.
 */
#include "trial.h"

/* Everything may be written, so that only the place of a slot counts. */
static void allow_all(struct synthetic *s)
{
	for (unsigned i = 0; i < 3; i++)
		synthetic_set(s, PHDRS_AT + i * PHDR_SIZE(s->is64), P_FLAGS,
		              PF_R | PF_W | (i == 1 ? PF_X : 0u));
}

static void begin_exec(struct trial *t, const struct arch *arch, uint64_t slot)
{
	begin(t, arch);
	allow_all(&t->s);
	put_stray(&t->s, arch, slot, "w");
	put_entries(t, "GI");
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
	synthetic_bound_symbols(&t->s, RELA_DYN, rela_end(&t->s));
}

static void begin_static_pie(struct trial *t, const struct arch *arch, uint64_t slot)
{
	begin_pie(t, arch);
	allow_all(&t->s);
	put_stray(&t->s, arch, slot, "w");
	put_entries(t, "G");
	synthetic_bound_symbols(&t->s, 0, 0);
}

static void check_refused(struct trial *t, const char *text)
{
	diagnose(t);
	assert_int_equal(t->finding.verdict, IRELFIX_VERDICT_BROKEN);
	if (plan(t, IRELFIX_AUTO))
		fail_msg("%s: planned, though its slot %s", t->arch->name, text);
	assert_refused(&t->why, text);
	assert_int_equal(t->why.reason, IRELFIX_REASON_PLACE);
	end(t);
}

static void check_repaired(struct trial *t, bool ordered)
{
	diagnose(t);
	repair(t, IRELFIX_AUTO);
	assert_int_equal(t->plan.ordered, ordered);
	end(t);
}

/* ---- places --------------------------------------------------------------------------------- */

/* Where a file's offset is in the data segment. */
#define IN_DATA(offset) (DATA + (offset) - 0x2000)

static const struct {
	uint64_t slot;
	const char *text;
} places[] = {
	{ BASE, "(w) is in the ELF header" },
	{ BASE + 0x30, "(w) is in the ELF header" },
	{ BASE + PHDRS_AT, "(w) is in the program headers" },
	{ BASE + PHDRS_AT + 5 * 56 - 4, "(w) is in the program headers" }, /* half of it */
	{ NOTE + 4, "(w) is in PT_NOTE" },
	{ DYNAMIC, "(w) is in PT_DYNAMIC" },
	{ DYNAMIC + 24, "(w) is in PT_DYNAMIC" },
	{ DYNSYM, "(w) is in DT_SYMTAB" },
	{ DYNSYM + 24 + 8, "(w) is in DT_SYMTAB" },
	{ DYNSTR, "(w) is in DT_STRTAB" },
	{ RELA_DYN, "(w) is in DT_RELA" },
	{ RELA_DYN + 24 + 8, "(w) is in DT_RELA" },
	{ TEXT, "(w) is in startup's code" },
	{ IN_DATA(BOUND_SECTIONS_AT) + 64, "(w) is in the section headers" },
	{ IN_DATA(BOUND_SYMTAB_AT) + 24, "(w) is in .symtab" },
	{ IN_DATA(BOUND_STRTAB_AT), "(w) is in the strings of .symtab" },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

static void check_places(void (*begin_with)(struct trial *, const struct arch *, uint64_t slot))
{
	for (size_t i = 0; i < 2 * PLACES; i++) {
		struct trial t;
		begin_with(&t, machines[i % 2], places[i / 2].slot);
		check_refused(&t, places[i / 2].text);
	}
}

/* Promise: A slot that lies in what a diagnosis reads */
static void test_exec(void **state)
{
	(void)state;
	check_places(begin_exec);
}

/* Promise: A slot that lies in what a diagnosis reads */
static void test_static_pie(void **state)
{
	(void)state;
	check_places(begin_static_pie);
}

/* The same bytes under another address, which no header names. */
static void test_an_alias(void **state)
{
	struct trial t;

	(void)state;
	begin_exec(&t, &arch_x86_64, 0x300040);
	synthetic_phdr(&t.s, PT_LOAD, BASE, 0x1000, 0x1000, PF_R | PF_W);
	synthetic_set(&t.s, PHDRS_AT + (t.s.phdrs - 1) * PHDR_SIZE(true), P_VADDR, 0x300000);
	check_refused(&t, "slot at 0x300040 (w) is in the program headers");
	begin_exec(&t, &arch_x86_64, 0x300000);
	synthetic_phdr(&t.s, PT_LOAD, TEXT, 0x1000, 0x1000, PF_R | PF_W);
	synthetic_set(&t.s, PHDRS_AT + (t.s.phdrs - 1) * PHDR_SIZE(true), P_VADDR, 0x300000);
	check_refused(&t, "slot at 0x300000 (w) is in startup's code");
}

/* x86-64: the bounds are loaded from words, as in PIC. */
static void begin_words(struct trial *t, uint64_t slot)
{
	const uint64_t words = GOT + 0x100;
	uint64_t at;

	begin(t, &arch_x86_64);
	put_stray(&t->s, t->arch, slot, "w");
	put_entries(t, "GI");
	x86_start(&t->s, STARTUP);
	at = X86_REL(&t->s, STARTUP, "\x48\x8b\x1d", words); /* mov rbx, [rip + word] */
	x86_loop(&t->s, X86_REL(&t->s, at, "\x48\x8b\x2d", words + 8));
	synthetic_word(&t->s, words, RELA_DYN);
	synthetic_word(&t->s, words + 8, rela_end(&t->s));
}

static void test_words_of_bounds(void **state)
{
	struct trial t;

	(void)state;
	for (uint64_t at = GOT + 0x100 - 4; at < GOT + 0x110; at += 4) {
		begin_words(&t, at);
		check_refused(&t, "(w) is in a word that holds a bound");
	}
}

/* Right beside such places, and where -N has data and code in one segment. */
static void test_data_is_data(void **state)
{
	struct trial t;

	(void)state;
	begin_words(&t, GOT + 0x100 - 8);
	check_repaired(&t, true);
	begin_words(&t, GOT + 0x110);
	check_repaired(&t, true);
	for (int i = 0; i < 2; i++) {
		begin_exec(&t, machines[i], NOTE + 0x20);
		check_repaired(&t, true);
		begin_exec(&t, machines[i], TEXT + 0x600);
		check_repaired(&t, false);
		begin_static_pie(&t, machines[i], TEXT + 0x600);
		check_repaired(&t, false);
	}
}

/* What follows the call in _start, which does not come back: the section headers call it code, or not. */
static void test_behind_the_last_call(void **state)
{
	const uint64_t slot = TEXT + 8;
	struct trial t;

	(void)state;
	for (int i = 0; i < 2; i++) {
		begin_exec(&t, &arch_x86_64, slot);
		X86(&t.s, TEXT + 7, "\x90"); /* call function; nop */
		if (i == 0) {
			check_refused(&t, "slot at 0x202008 (w) is in startup's code");
			continue;
		}
		synthetic_section(&t.s, 2, SHT_PROGBITS, slot, synthetic_offset(slot), 8, 0);
		synthetic_set(&t.s, BOUND_SECTIONS_AT + 2 * SHDR_SIZE(true), SH_FLAGS, 0);
		check_repaired(&t, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_static_pie),
		cmocka_unit_test(test_an_alias),
		cmocka_unit_test(test_words_of_bounds),
		cmocka_unit_test(test_data_is_data),
		cmocka_unit_test(test_behind_the_last_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
