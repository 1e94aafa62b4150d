/* SPDX-License-Identifier: MIT */
/* Each failure class: what is broken, what is refused, what is healthy, and what a repair does. */
#include "startup.h"

#include "../../src/defect/defect.h"

static const struct arch *const machines[] = { &arch_x86_64, &arch_aarch64 };

/* A file, what was found out about it, and a plan for it. */
struct trial {
	struct synthetic s;
	const struct arch *arch;
	bool is_pie;
	struct subject subject;
	struct finding finding;
	struct plan plan;
	struct outcome why;
	unsigned char result[FILE_SIZE];
};

static void begin(struct trial *t, const struct arch *arch)
{
	memset(t, 0, sizeof(*t));
	t->arch = arch;
	synthetic_begin(&t->s, arch);
}

/* Adds an entry for each letter: G GLOB_DAT, A absolute, J JUMP_SLOT, N none, I IRELATIVE. */
static void put_entries(struct trial *t, const char *letters)
{
	const struct arch *arch = t->arch;

	for (size_t i = 0; letters[i]; i++) {
		uint64_t slot = GOT + 8 * i;
		uint32_t type = letters[i] == 'G' ? arch->glob_dat
		                : letters[i] == 'A' ? arch->absolute : arch->jump_slot;
		char name[] = { 'w', (char)('0' + i), '\0' };
		if (letters[i] == 'I')
			put_irelative(&t->s, arch, slot);
		else if (letters[i] == 'N')
			synthetic_entry(&t->s, (struct reloc){ 0 });
		else
			synthetic_entry(&t->s, (struct reloc){
				slot, type, synthetic_weak(&t->s, name), 0 });
	}
}

static void lower(struct synthetic *s, uint64_t base, struct elf_field field)
{
	uint64_t value = 0;

	assert_true(bytes_read((struct bytes){ s->data, FILE_SIZE }, base + field.offset[1],
	                       field.width[1], s->order, &value));
	if (value >= BASE && value < DATA_END)
		synthetic_set(s, base, field, value - BASE);
}

/* Static-PIEs are linked at 0, and some startup code relies on it. */
static void link_at_zero(struct synthetic *s)
{
	lower(s, 0, E_ENTRY);
	for (unsigned i = 0; i < s->phdrs; i++)
		lower(s, PHDRS_AT + i * PHDR_SIZE(true), P_VADDR);
	for (unsigned i = 0; i < s->tags; i++)
		lower(s, synthetic_offset(DYNAMIC) + i * DYN_SIZE(true), D_VAL);
	for (unsigned i = 0; i < s->entries; i++) {
		lower(s, synthetic_offset(RELA_DYN) + i * RELA_SIZE(true), R_OFFSET);
		lower(s, synthetic_offset(RELA_DYN) + i * RELA_SIZE(true), R_ADDEND);
	}
}

static void diagnose(struct trial *t)
{
	synthetic_finish(&t->s);
	if (t->is_pie)
		link_at_zero(&t->s);
	synthetic_parse(&t->s);
	assert_true(defect_diagnose(&t->s.image, &t->subject, &t->finding, &t->why));
	assert_int_equal(t->finding.status, t->finding.why.status);
	assert_int_equal(t->finding.defect == NULL, t->finding.status == IRELFIX_OK);
}

static void end(struct trial *t)
{
	plan_free(&t->plan);
	synthetic_free(&t->s);
}

static bool plan(struct trial *t, enum irelfix_strategy strategy)
{
	return defect_plan(&t->subject, &t->finding, strategy, &t->plan, &t->why);
}

static void assert_broken(const struct trial *t, const struct defect *defect)
{
	if (t->finding.status != IRELFIX_BROKEN)
		fail_msg("status %d: %s", t->finding.status, t->finding.why.text);
	assert_ptr_equal(t->finding.defect, defect);
}

static void assert_refused(const struct outcome *why, const char *text)
{
	assert_int_equal(why->status, IRELFIX_REFUSED);
	if (!strstr(why->text, text))
		fail_msg("%s", why->text);
}

static void assert_healthy(const struct trial *t, const char *text)
{
	if (t->finding.status != IRELFIX_OK)
		fail_msg("status %d: %s", t->finding.status, t->finding.why.text);
	assert_non_null(strstr(t->finding.why.text, text));
}

/* Applies the plan to a copy and has the copy verified. */
static bool verify(struct trial *t)
{
	struct image image;
	bool ok;

	memcpy(t->result, t->s.data, FILE_SIZE);
	assert_true(plan_apply(&t->plan, t->result, FILE_SIZE, &t->why));
	assert_true(image_parse((struct bytes){ t->result, FILE_SIZE }, &image, &t->why));
	ok = defect_verify(&image, &t->finding, &t->plan, &t->why);
	image_free(&image);
	return ok;
}

/* Plans a repair, which must succeed and verify. */
static void repair(struct trial *t, enum irelfix_strategy strategy)
{
	if (!plan(t, strategy) || !verify(t))
		fail_msg("%s", t->why.text);
}

/* The entry at @index of .rela.dyn in the result. */
static struct reloc entry_after(const struct trial *t, unsigned index)
{
	struct image image = { .is64 = true };
	struct reloc_table table = {
		.view = { t->result + synthetic_offset(RELA_DYN), 24 * t->s.entries },
		.count = t->s.entries, .entsize = 24, .rela = true,
	};

	return reloc_get(&image, &table, index);
}

static uint64_t word_after(const struct trial *t, uint64_t address)
{
	uint64_t value;

	assert_true(bytes_read((struct bytes){ t->result, FILE_SIZE }, synthetic_offset(address), 8,
	                       ORDER_LITTLE, &value));
	return value;
}

/* ---- the tables ----------------------------------------------------------------------------- */

static void test_rows(void **state)
{
	size_t count = 0;

	(void)state;
	for (; defect_row(count); count++) {
		const struct defect *row = defect_row(count);
		assert_non_null(row->name);
		assert_true(strlen(row->name) > 0);
		assert_non_null(row->detect);
		assert_non_null(row->plan);
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(row->name, defect_row(i)->name);
	}
	assert_true(count >= 3);
	assert_null(defect_row(SIZE_MAX));
}

static void test_machines(void **state)
{
	size_t count = 0;

	(void)state;
	for (unsigned machine = 0; machine <= UINT16_MAX; machine++) {
		const struct arch *arch = arch_find((uint16_t)machine);
		if (!arch)
			continue;
		count++;
		assert_int_equal(arch->machine, machine);
		assert_true(arch->name && arch->name[0] && arch->decode && arch->encode);
		assert_true(arch->code_alignment > 0);
		assert_non_null(strstr(arch_reloc_name(arch, arch->irelative), "_IRELATIVE"));
		assert_non_null(strstr(arch_reloc_name(arch, arch->none), "_NONE"));
		assert_non_null(strstr(arch_reloc_name(arch, arch->glob_dat), "_GLOB_DAT"));
		assert_non_null(strstr(arch_reloc_name(arch, arch->jump_slot), "_JUMP_SLOT"));
		assert_non_null(strstr(arch_reloc_name(arch, arch->relative), "_RELATIVE"));
		assert_non_null(strstr(arch_reloc_name(arch, arch->absolute), "64"));
		assert_null(arch_reloc_name(arch, RELOC_ABSENT));
	}
	assert_int_equal(count, 2);
	assert_string_not_equal(machines[0]->name, machines[1]->name);
}

/* ---- healthy files -------------------------------------------------------------------------- */

static void test_bounds_around_irelative_only(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin(&t, machines[i]);
		put_entries(&t, "GGII");
		put_startup(&t.s, RELA_DYN + 48, rela_end(&t.s));
		diagnose(&t);
		assert_healthy(&t, "statically linked");
		end(&t);
	}
}

static void test_no_relocations(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_startup(&t.s, 0, 0);
	diagnose(&t);
	assert_healthy(&t, "statically linked");
	end(&t);
}

static void begin_pie(struct trial *t, const struct arch *arch)
{
	begin(t, arch);
	t->is_pie = true;
	synthetic_set(&t->s, 0, E_TYPE, ET_DYN);
	synthetic_tag(&t->s, DT_FLAGS_1, DF_1_PIE);
	put_startup(&t->s, 0, 0);
}

/* The bounds are right, but the program lacks what a shared library has. */
static void test_incomplete(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_startup(&t.s, 0, 0);
	synthetic_plt_entry(&t.s, (struct reloc){ GOT, arch_x86_64.jump_slot,
	                                          synthetic_symbol(&t.s, "sin", STB_GLOBAL,
	                                                           SHN_UNDEF, 0), 0 });
	diagnose(&t);
	assert_healthy(&t, "healthy: statically linked, but R_X86_64_JUMP_SLOT against `sin', which "
	               "is undefined and not weak");
	end(&t);
}

/* The same of an entry that a dynamic linker resolves, and startup does not or dies of. */
static void test_thread_local(void **state)
{
	enum { TPOFF64 = 18 };

	(void)state;
	for (int is_pie = 0; is_pie < 2; is_pie++) {
		struct trial t;
		uint32_t symbol;
		if (is_pie) {
			begin_pie(&t, &arch_x86_64);
		} else {
			begin(&t, &arch_x86_64);
			put_startup(&t.s, 0, 0);
		}
		symbol = synthetic_symbol(&t.s, "errno", STB_GLOBAL, 5, 8);
		synthetic_set(&t.s, synthetic_offset(DYNSYM) + symbol * SYM_SIZE(true), ST_INFO,
		              STB_GLOBAL << 4 | STT_TLS);
		synthetic_plt_entry(&t.s, (struct reloc){ GOT, TPOFF64, symbol, 0 });
		diagnose(&t);
		assert_healthy(&t, "linked, but R_X86_64_TPOFF64 against `errno', which is thread-local");
		end(&t);
	}
}

/* Without glibc's note and without IRELATIVE entries it is another library: musl. */
static void test_another_library(void **state)
{
	(void)state;
	for (int has_irelative = 0; has_irelative < 2; has_irelative++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		t.s.data[synthetic_offset(NOTE) + 12] = 'X';
		put_entries(&t, has_irelative ? "GGI" : "GG");
		put_startup(&t.s, RELA_DYN, rela_end(&t.s));
		diagnose(&t);
		if (has_irelative)
			assert_broken(&t, &defect_wide_bounds);
		else
			assert_healthy(&t, "not glibc's startup code");
		end(&t);
	}
}

/* FreeBSD's startup passes over what is not IRELATIVE. */
static void test_freebsd(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "GGI");
	put_startup(&t.s, RELA_DYN, rela_end(&t.s));
	t.s.data[EI_OSABI] = ELFOSABI_FREEBSD;
	diagnose(&t);
	assert_healthy(&t, "not glibc's startup code");
	end(&t);
}

static void test_what_is_not_examined(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "GI");
	put_startup(&t.s, RELA_DYN, rela_end(&t.s));
	synthetic_set(&t.s, 0, E_MACHINE, 3); /* i386 */
	diagnose(&t);
	assert_healthy(&t, "not examined: e_machine 3, ELF64, little-endian is not supported");
	end(&t);
	begin(&t, &arch_x86_64);
	put_entries(&t, "GI");
	synthetic_phdr(&t.s, PT_INTERP, DYNSTR, 1, 1, PF_R);
	diagnose(&t);
	assert_healthy(&t, "dynamically linked");
	end(&t);
	begin(&t, &arch_x86_64);
	synthetic_set(&t.s, 0, E_TYPE, ET_REL);
	diagnose(&t);
	assert_healthy(&t, "not an executable");
	end(&t);
}

static void test_malformed_is_no_finding(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	synthetic_tag(&t.s, DT_RELASZ, 25);
	synthetic_tag(&t.s, DT_RELA, RELA_DYN);
	synthetic_end(&t.s);
	assert_false(defect_diagnose(&t.s.image, &t.subject, &t.finding, &t.why));
	assert_int_equal(t.why.status, IRELFIX_FILE);
	end(&t);
}

/* ---- wide-bounds ---------------------------------------------------------------------------- */

static void begin_wide(struct trial *t, const struct arch *arch, const char *letters)
{
	begin(t, arch);
	put_entries(t, letters);
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
}

/* After narrow: NONE in front, then the IRELATIVE entries in their old order. */
static void check_narrowed(const struct trial *t, const char *letters)
{
	unsigned strays = 0, next;

	for (size_t i = 0; letters[i]; i++)
		strays += letters[i] != 'I';
	for (unsigned i = 0; i < strays; i++) {
		struct reloc entry = entry_after(t, i);
		assert_int_equal(entry.type, t->arch->none);
		assert_int_equal(entry.symbol, 0);
	}
	next = strays;
	for (unsigned i = 0; letters[i]; i++) {
		if (letters[i] != 'I')
			continue;
		assert_int_equal(entry_after(t, next).type, t->arch->irelative);
		assert_int_equal(entry_after(t, next).offset, GOT + 8 * i);
		assert_int_equal(entry_after(t, next++).addend, RESOLVER);
	}
	assert_int_equal(t->finding.new_start, RELA_DYN + 24 * strays);
	assert_int_equal(t->finding.new_end, RELA_DYN + 24 * t->s.entries);
}

static void test_narrow(void **state)
{
	static const char *const orders[] = {
		"GII", "GGAJII", "IG", "IGIAGI", "IIIG", "GIGIGIGI", "NGI", "NNI", "G", "GGG", "N",
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(orders) / sizeof(orders[0]); j++) {
			struct trial t;
			begin_wide(&t, machines[i], orders[j]);
			diagnose(&t);
			assert_broken(&t, &defect_wide_bounds);
			repair(&t, IRELFIX_NARROW);
			assert_string_equal(t.plan.strategy, "narrow");
			check_narrowed(&t, orders[j]);
			end(&t);
		}
	}
}

static void test_counts(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_x86_64, "GNAII");
	diagnose(&t);
	assert_int_equal(t.finding.stray, 3);
	assert_int_equal(t.finding.irelative, 2);
	assert_true(t.finding.has_range);
	assert_int_equal(t.finding.range.address, RELA_DYN);
	assert_string_equal(t.finding.why.text, "3 stray entries inside the iplt bounds");
	end(&t);
}

/* No IRELATIVE entry at all: the bounds become empty, at their end. */
static void test_no_irelative_at_all(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_aarch64, "GGA");
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_int_equal(t.finding.new_start, rela_end(&t.s));
	assert_int_equal(t.finding.new_end, rela_end(&t.s));
	assert_false(plan(&t, IRELFIX_PAD));
	assert_refused(&t.why, "there is no IRELATIVE entry to pad with");
	repair(&t, IRELFIX_AUTO);
	assert_string_equal(t.plan.strategy, "narrow");
	end(&t);
}

static void test_slots(void **state)
{
	static const enum irelfix_strategy strategies[] = { IRELFIX_NARROW, IRELFIX_PAD };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.glob_dat,
		                                      synthetic_weak(&t.s, "a"), 0 });
		synthetic_entry(&t.s, (struct reloc){ GOT + 8, arch_x86_64.absolute,
		                                      synthetic_weak(&t.s, "b"), 0x1234 });
		synthetic_entry(&t.s, (struct reloc){ MEMORY_ONLY, arch_x86_64.glob_dat,
		                                      synthetic_weak(&t.s, "c"), 0 });
		synthetic_entry(&t.s, (struct reloc){ GOT + 16, arch_x86_64.relative, 0, TEXT });
		put_irelative(&t.s, &arch_x86_64, GOT + 24);
		synthetic_word(&t.s, GOT, 0xdead);
		synthetic_word(&t.s, GOT + 24, 0xbeef);
		put_startup(&t.s, RELA_DYN, rela_end(&t.s));
		diagnose(&t);
		repair(&t, strategies[i]);
		assert_int_equal(word_after(&t, GOT), 0);
		assert_int_equal(word_after(&t, GOT + 8), 0x1234);
		assert_int_equal(word_after(&t, GOT + 16), TEXT);
		assert_int_equal(word_after(&t, GOT + 24), 0xbeef);
		end(&t);
	}
}

static void test_pad(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_aarch64, "GIGIA");
	diagnose(&t);
	repair(&t, IRELFIX_PAD);
	assert_string_equal(t.plan.strategy, "pad");
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(entry_after(&t, i).type, arch_aarch64.irelative);
		assert_int_equal(entry_after(&t, i).offset, i == 3 ? GOT + 24 : GOT + 8);
	}
	assert_memory_equal(t.result + synthetic_offset(TEXT), t.s.data + synthetic_offset(TEXT),
	                    0x1000);
	end(&t);
}

/* Why a file with a stray entry is refused. */
struct refusal {
	uint32_t type;
	unsigned binding, shndx;
	const char *text;
};

static void test_refusals(void **state)
{
	static const struct refusal refusals[] = {
		{ 1025, STB_GLOBAL, SHN_UNDEF,
		  "R_AARCH64_GLOB_DAT against `needed', which is undefined and not weak" },
		{ 1026, STB_GLOBAL, SHN_UNDEF, "R_AARCH64_JUMP_SLOT against `needed'" },
		{ 1025, STB_WEAK, 5,
		  "R_AARCH64_GLOB_DAT against `needed', which is defined (0x1234)" },
		{ 257, STB_GLOBAL, 5, "R_AARCH64_ABS64 against `needed', which is defined" },
		{ 1025, STB_LOCAL, SHN_UNDEF, "undefined and not weak" },
		{ 1024, STB_WEAK, SHN_UNDEF, "R_AARCH64_COPY at 0x204400 is not a type" },
		{ 1030, STB_WEAK, SHN_UNDEF, "R_AARCH64_TLS_TPREL64 at 0x204400 is not a type" },
		{ 0x411, STB_WEAK, SHN_UNDEF, "R_AARCH64_AUTH_RELATIVE at 0x204400 is not a type" },
		{ 0x414, STB_WEAK, SHN_UNDEF,
		  "R_AARCH64_AUTH_IRELATIVE at 0x204400 is not a type" },
		{ 7777, STB_WEAK, SHN_UNDEF, "type 7777 at 0x204400 is not a type" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *refusal = &refusals[i];
		struct trial t;
		uint32_t symbol;
		begin(&t, &arch_aarch64);
		symbol = synthetic_symbol(&t.s, "needed", refusal->binding, refusal->shndx, 0x1234);
		synthetic_entry(&t.s, (struct reloc){ GOT, refusal->type, symbol, 0 });
		put_irelative(&t.s, &arch_aarch64, GOT + 8);
		put_startup(&t.s, RELA_DYN, rela_end(&t.s));
		diagnose(&t);
		assert_ptr_equal(t.finding.defect, &defect_wide_bounds);
		assert_refused(&t.finding.why, refusal->text);
		end(&t);
	}
}

static void test_symbol_outside(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.glob_dat, 5000, 0 });
	put_irelative(&t.s, &arch_x86_64, GOT + 8);
	put_startup(&t.s, RELA_DYN, rela_end(&t.s));
	diagnose(&t);
	assert_refused(&t.finding.why, "R_X86_64_GLOB_DAT against symbol 5000");
	end(&t);
}

static void test_irelative_left_outside(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "IGI");
	put_startup(&t.s, RELA_DYN + 24, rela_end(&t.s));
	diagnose(&t);
	assert_ptr_equal(t.finding.defect, &defect_wide_bounds);
	assert_refused(&t.finding.why, "1 of 2 IRELATIVE entries are outside the iplt bounds");
	end(&t);
}

/* A slot that the file does not hold cannot get anything but 0. */
static void test_slot_in_memory_only(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	synthetic_entry(&t.s, (struct reloc){ MEMORY_ONLY, arch_x86_64.absolute,
	                                      synthetic_weak(&t.s, "w"), 8 });
	put_irelative(&t.s, &arch_x86_64, GOT);
	put_startup(&t.s, RELA_DYN, rela_end(&t.s));
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_false(plan(&t, IRELFIX_AUTO));
	assert_refused(&t.why, "slot at 0x205000 (w) is not in the file");
	end(&t);
}

/* The entries of .rela.plt that the bounds are around, in this order. */
static void begin_plt(struct trial *t, const char *letters)
{
	begin(t, &arch_aarch64);
	for (unsigned i = 0; letters[i]; i++) {
		struct reloc reloc = { GOT + 8 * i, arch_aarch64.irelative, 0, RESOLVER };
		if (letters[i] == 'J')
			reloc = (struct reloc){ GOT + 8 * i, arch_aarch64.jump_slot,
			                        synthetic_weak(&t->s, "w"), 0 };
		synthetic_plt_entry(&t->s, reloc);
	}
	put_startup(&t->s, RELA_PLT, RELA_PLT + 24 * t->s.plt_entries);
}

/* PLT stubs hold indices into .rela.plt. */
static void test_plt_entries_are_not_moved(void **state)
{
	struct trial t;

	(void)state;
	begin_plt(&t, "JJII");
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	repair(&t, IRELFIX_NARROW);
	assert_int_equal(t.finding.new_start, RELA_PLT + 48);
	end(&t);
	begin_plt(&t, "JIJI");
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_false(plan(&t, IRELFIX_NARROW));
	assert_refused(&t.why, "must not change");
	repair(&t, IRELFIX_AUTO);
	assert_string_equal(t.plan.strategy, "pad");
	end(&t);
}

/* START is formed by an ADRP that something else builds upon, too. The table is at @table. */
static void begin_shared_page(struct trial *t, uint64_t table)
{
	uint64_t at = STARTUP;

	begin(t, &arch_aarch64);
	synthetic_set(&t->s, 0, E_ENTRY, STARTUP);
	synthetic_put_entry(&t->s, table, 0, (struct reloc){ GOT, arch_aarch64.glob_dat,
	                                                     synthetic_weak(&t->s, "w"), 0 });
	synthetic_put_entry(&t->s, table, 1, (struct reloc){ GOT + 8, arch_aarch64.irelative, 0,
	                                                     RESOLVER });
	synthetic_tag(&t->s, DT_RELA, table);
	synthetic_tag(&t->s, DT_RELASZ, 48);
	at = put_adrp(&t->s, at, 8, table);
	at = put_add_lo12(&t->s, at, 19, 8, table);
	at = put_add_lo12(&t->s, at, 21, 8, BASE);
	at = put_adrp(&t->s, at, 9, table + 48);
	at = put_add_lo12(&t->s, at, 20, 9, table + 48);
	aarch64_loop(&t->s, at);
}

static void test_shared_page(void **state)
{
	struct trial t;

	(void)state;
	begin_shared_page(&t, RELA_DYN);
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_true(t.subject.bounds.starts.items[0].shared_page);
	repair(&t, IRELFIX_NARROW); /* START stays on the page */
	end(&t);
}

/* START would move to the next page: the ADRP cannot change, and padding is left. */
static void test_page_that_others_need(void **state)
{
	struct trial t;

	(void)state;
	begin_shared_page(&t, BASE + 0x1000 - 24);
	/* the first segment has a second page, which is in the file what .text begins with */
	synthetic_set(&t.s, PHDRS_AT, P_FILESZ, 0x2000);
	synthetic_set(&t.s, PHDRS_AT, P_MEMSZ, 0x2000);
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_false(plan(&t, IRELFIX_NARROW));
	assert_refused(&t.why, "forms page 0x200000 for other instructions too, and 0x201000 is on "
	                       "another page");
	plan_free(&t.plan);
	repair(&t, IRELFIX_AUTO);
	assert_string_equal(t.plan.strategy, "pad");
	assert_false(t.plan.ordered); /* when it is padded halfway, narrowing might succeed */
	end(&t);
}

/* ---- verification --------------------------------------------------------------------------- */

static void assert_unverified(struct trial *t, const char *text)
{
	assert_false(verify(t));
	assert_int_equal(t->why.status, IRELFIX_UNVERIFIED);
	if (!strstr(t->why.text, text))
		fail_msg("%s", t->why.text);
}

/* An IRELATIVE entry with this slot and resolver behind a stray one. */
static void begin_odd_irelative(struct trial *t, uint64_t slot, uint64_t resolver)
{
	begin(t, &arch_x86_64);
	put_entries(t, "G");
	synthetic_entry(&t->s, (struct reloc){ slot, arch_x86_64.irelative, 0, resolver });
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
	diagnose(t);
	assert_broken(t, &defect_wide_bounds);
	assert_true(plan(t, IRELFIX_NARROW));
}

static void test_verification_looks_at_slots_and_resolvers(void **state)
{
	struct trial t;

	(void)state;
	begin_odd_irelative(&t, GOT, TEXT);
	assert_true(verify(&t));
	end(&t);
	begin_odd_irelative(&t, DATA_END - 8, TEXT + 0xfff);
	assert_true(verify(&t));
	end(&t);
	begin_odd_irelative(&t, TEXT, TEXT);
	assert_unverified(&t, "entry 0: its slot 0x202000 is not writable");
	end(&t);
	begin_odd_irelative(&t, DATA_END - 7, TEXT);
	assert_unverified(&t, "entry 0: its slot 0x205ff9 is not writable");
	end(&t);
	begin_odd_irelative(&t, GOT, DATA);
	assert_unverified(&t, "entry 0: its resolver 0x204000 is not executable");
	end(&t);
	begin_odd_irelative(&t, GOT, 0);
	assert_unverified(&t, "entry 0: its resolver 0x0 is not executable");
	end(&t);
}

/* Leaving out any edit of entries or bounds must be noticed. */
static void test_verification_notices_a_missing_edit(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		size_t count;
		begin_wide(&t, machines[i], "IGGI");
		diagnose(&t);
		repair(&t, IRELFIX_NARROW);
		count = t.plan.count;
		assert_true(count > 1);
		for (size_t left_out = 0; left_out < count; left_out++) {
			struct irelfix_edit saved = t.plan.edits[left_out];
			const char *why = saved.why;
			memcpy(t.plan.edits[left_out].new_bytes, saved.old_bytes, saved.size);
			if (strcmp(why, "start bound") == 0 ||
			    (strcmp(why, "entry") == 0 && saved.address >= t.finding.new_start))
				assert_false(verify(&t));
			t.plan.edits[left_out] = saved;
		}
		assert_true(verify(&t));
		end(&t);
	}
}

/* Bounds that leave an entry out hold nothing that is wrong, but they are not the expected ones. */
static void test_verification_notices_other_bounds(void **state)
{
	struct trial t;
	struct irelfix_edit *edit;

	(void)state;
	begin_wide(&t, &arch_x86_64, "GII");
	diagnose(&t);
	repair(&t, IRELFIX_NARROW);
	edit = &t.plan.edits[t.plan.count - 1];
	assert_string_equal(edit->why, "start bound");
	edit->new_bytes[3] = (unsigned char)(edit->new_bytes[3] + 24); /* the distance of the lea */
	assert_unverified(&t, "startup reads the bounds 0x200830..0x200848 from the result, expected "
	                      "0x200818..0x200848");
	end(&t);
}

/* ---- stopping in between -------------------------------------------------------------------- */

/* After the first @done edits, another repair leads to the very same bytes. */
static void check_completion(struct trial *t, size_t done, enum irelfix_strategy strategy)
{
	static struct trial other;
	size_t all = t->plan.count;

	memset(&other, 0, sizeof(other));
	memcpy(other.s.data, t->s.data, FILE_SIZE);
	t->plan.count = done;
	assert_true(plan_apply(&t->plan, other.s.data, FILE_SIZE, &other.why));
	t->plan.count = all;
	synthetic_parse(&other.s);
	assert_true(defect_diagnose(&other.s.image, &other.subject, &other.finding, &other.why));
	memcpy(other.result, other.s.data, FILE_SIZE);
	if (other.finding.status == IRELFIX_BROKEN) {
		if (!plan(&other, strategy) || !verify(&other))
			fail_msg("after %zu of %zu edits: %s", done, all, other.why.text);
	} else {
		assert_int_equal(other.finding.status, IRELFIX_OK);
	}
	assert_memory_equal(other.result, t->result, FILE_SIZE);
	plan_free(&other.plan);
	image_free(&other.s.image);
}

static void test_ordered_plans_can_be_completed(void **state)
{
	static const enum irelfix_strategy strategies[] = { IRELFIX_NARROW, IRELFIX_PAD };

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 2; j++) {
			struct trial t;
			begin_wide(&t, machines[i], "GGAII");
			synthetic_word(&t.s, GOT, 0xdead);
			diagnose(&t);
			repair(&t, strategies[j]);
			assert_true(t.plan.ordered);
			for (size_t done = 0; done <= t.plan.count; done++)
				check_completion(&t, done, strategies[j]);
			end(&t);
		}
	}
}

/* Entries that move, two places for one bound, or no known bounds: no order of edits is safe. */
static void test_plans_that_are_not_ordered(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_x86_64, "IGI");
	diagnose(&t);
	repair(&t, IRELFIX_NARROW);
	assert_false(t.plan.ordered);
	end(&t);
	begin(&t, &arch_x86_64);
	put_entries(&t, "GGI");
	diagnose(&t);
	assert_int_equal(t.subject.bounds.method, BOUNDS_NONE);
	repair(&t, IRELFIX_PAD);
	assert_false(t.plan.ordered);
	end(&t);
}

/* ---- lost-irelative ------------------------------------------------------------------------- */

/* Both bounds are empty at the packed .rela.dyn, the entries in .rela.plt. */
static void begin_lost(struct trial *t, const struct arch *arch, const char *letters)
{
	begin(t, arch);
	synthetic_tag(&t->s, DT_ANDROID_RELA, RELA_DYN);
	synthetic_tag(&t->s, DT_ANDROID_RELASZ, 8);
	for (unsigned i = 0; letters[i]; i++) {
		struct reloc reloc = { GOT + 8 * i, arch->irelative, 0, RESOLVER };
		if (letters[i] == 'J')
			reloc = (struct reloc){ GOT + 8 * i, arch->jump_slot,
			                        synthetic_weak(&t->s, "w"), 0 };
		synthetic_plt_entry(&t->s, reloc);
	}
	put_startup(&t->s, RELA_DYN, RELA_DYN);
}

static void test_lost(void **state)
{
	static const char *const orders[] = { "II", "JII", "JJJI", "IIJ" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(orders) / sizeof(orders[0]); j++) {
			size_t first = strcspn(orders[j], "I");
			size_t count = strspn(orders[j] + first, "I");
			struct trial t;
			begin_lost(&t, machines[i], orders[j]);
			diagnose(&t);
			assert_broken(&t, &defect_lost_irelative);
			assert_int_equal(t.finding.new_start, RELA_PLT + 24 * first);
			assert_int_equal(t.finding.new_end, RELA_PLT + 24 * (first + count));
			assert_false(plan(&t, IRELFIX_PAD));
			assert_refused(&t.why, "nothing to pad");
			repair(&t, IRELFIX_AUTO);
			assert_memory_equal(t.result, t.s.data, 0x1000); /* no table changes */
			end(&t);
		}
	}
}

static void test_lost_in_two_runs(void **state)
{
	struct trial t;

	(void)state;
	begin_lost(&t, &arch_x86_64, "IJI");
	diagnose(&t);
	assert_ptr_equal(t.finding.defect, &defect_lost_irelative);
	assert_refused(&t.finding.why, "not contiguous: the first run has 1");
	end(&t);
}

/* Looks at a file without PT_DYNAMIC. */
static void diagnose_without_dynamic(struct trial *t)
{
	assert_true(image_parse((struct bytes){ t->s.data, FILE_SIZE }, &t->s.image, &t->why));
	assert_true(defect_diagnose(&t->s.image, &t->subject, &t->finding, &t->why));
}

/* Without PT_DYNAMIC nothing names the table: it is found by what it holds, or by its bounds. */
static void test_lost_without_dynamic(void **state)
{
	static const uint64_t bounds[] = { 0, BASE, RELA_DYN, RELA_DYN + 24, RELA_DYN + 48 };

	(void)state;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		put_irelative(&t.s, &arch_x86_64, GOT);
		put_irelative(&t.s, &arch_x86_64, GOT + 8);
		put_startup(&t.s, bounds[i], bounds[i]);
		diagnose_without_dynamic(&t);
		assert_broken(&t, &defect_lost_irelative);
		assert_int_equal(t.finding.new_start, RELA_DYN);
		assert_int_equal(t.finding.new_end, rela_end(&t.s));
		repair(&t, IRELFIX_AUTO);
		end(&t);
	}
}

/* What looks like an entry but has no slot or no resolver is none, and bounds elsewhere are none. */
static void test_lost_without_dynamic_and_entries(void **state)
{
	static const uint64_t bounds[] = { 0, BASE, RELA_DYN, RELA_DYN + 72, RELA_DYN + 80 };

	(void)state;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		synthetic_entry(&t.s, (struct reloc){ TEXT, arch_x86_64.irelative, 0, RESOLVER });
		synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.irelative, 0, DATA });
		synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.irelative, 1, RESOLVER });
		put_startup(&t.s, bounds[i], bounds[i]);
		diagnose_without_dynamic(&t);
		assert_healthy(&t, "statically linked");
		end(&t);
	}
}

static void test_rel_form(void **state)
{
	struct trial t;
	uint64_t at;

	(void)state;
	begin(&t, &arch_x86_64);
	synthetic_tag(&t.s, DT_REL, RELA_DYN);
	synthetic_tag(&t.s, DT_RELSZ, 16);
	synthetic_set(&t.s, synthetic_offset(RELA_DYN), R_OFFSET, GOT);
	synthetic_set(&t.s, synthetic_offset(RELA_DYN), R_INFO, arch_x86_64.irelative);
	x86_start(&t.s, STARTUP);
	at = X86_REL(&t.s, STARTUP, "\x48\x8b\x1d", GOT + 0x80);
	x86_loop(&t.s, X86_REL(&t.s, at, "\x48\x8b\x2d", GOT + 0x88)); /* both words are 0 */
	diagnose(&t);
	assert_ptr_equal(t.finding.defect, &defect_lost_irelative);
	assert_refused(&t.finding.why, "-z rel");
	end(&t);
}

/* ---- biased-weak ---------------------------------------------------------------------------- */

static void test_biased(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin_pie(&t, machines[i]);
		synthetic_entry(&t.s, (struct reloc){ GOT, machines[i]->relative, 0, TEXT });
		synthetic_entry(&t.s, (struct reloc){ GOT + 8, machines[i]->glob_dat,
		                                      synthetic_weak(&t.s, "a"), 0 });
		synthetic_entry(&t.s, (struct reloc){ GOT + 16, machines[i]->absolute,
		                                      synthetic_weak(&t.s, "b"), 0x10 });
		synthetic_word(&t.s, GOT + 8, 0xdead);
		diagnose(&t);
		assert_broken(&t, &defect_biased_weak);
		assert_int_equal(t.finding.stray, 2);
		repair(&t, IRELFIX_AUTO);
		assert_int_equal(entry_after(&t, 0).type, machines[i]->relative);
		assert_int_equal(entry_after(&t, 1).type, machines[i]->none);
		assert_int_equal(entry_after(&t, 2).type, machines[i]->none);
		assert_int_equal(word_after(&t, GOT + 8), 0);
		assert_int_equal(word_after(&t, GOT + 16), 0x10);
		for (size_t done = 0; done <= t.plan.count; done++)
			check_completion(&t, done, IRELFIX_AUTO);
		end(&t);
	}
}

/* Nothing compares the slot of a JUMP_SLOT: alone it does no harm, but it goes with the others. */
static void test_biased_jump_slots(void **state)
{
	struct trial t;

	(void)state;
	begin_pie(&t, &arch_x86_64);
	put_entries(&t, "J");
	diagnose(&t);
	assert_healthy(&t, "static-PIE linked");
	end(&t);
	begin_pie(&t, &arch_x86_64);
	put_entries(&t, "JG");
	diagnose(&t);
	assert_broken(&t, &defect_biased_weak);
	assert_int_equal(t.finding.stray, 1);
	repair(&t, IRELFIX_AUTO);
	assert_int_equal(entry_after(&t, 0).type, arch_x86_64.none);
	end(&t);
}

/* What is defined in the executable itself, startup resolves rightly. */
static void test_biased_defined(void **state)
{
	struct trial t;
	uint32_t symbol;

	(void)state;
	begin_pie(&t, &arch_x86_64);
	symbol = synthetic_symbol(&t.s, "here", STB_GLOBAL, 5, TEXT);
	synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.glob_dat, symbol, 0 });
	diagnose(&t);
	assert_healthy(&t, "static-PIE linked");
	end(&t);
}

static void test_biased_refusals(void **state)
{
	struct trial t;
	uint32_t symbol;

	(void)state;
	begin_pie(&t, &arch_x86_64);
	symbol = synthetic_symbol(&t.s, "needed", STB_GLOBAL, SHN_UNDEF, 0);
	synthetic_entry(&t.s, (struct reloc){ GOT, arch_x86_64.glob_dat, symbol, 0 });
	diagnose(&t);
	assert_ptr_equal(t.finding.defect, &defect_biased_weak);
	assert_refused(&t.finding.why, "R_X86_64_GLOB_DAT against `needed'");
	end(&t);
	begin_pie(&t, &arch_x86_64);
	put_entries(&t, "G");
	diagnose(&t);
	assert_false(plan(&t, IRELFIX_PAD));
	assert_refused(&t.why, "a static-PIE has no iplt bounds");
	end(&t);
}

/* With these in PT_DYNAMIC a static-PIE does not start, whatever its entries are. */
static void test_biased_beyond_repair(void **state)
{
	static const struct {
		uint64_t tag;
		const char *text;
	} tags[] = {
		{ DT_ANDROID_RELA, "packed (APS2) relocations" },
		{ DT_ANDROID_REL, "packed (APS2) relocations" },
		{ DT_ANDROID_RELR, "relocations in DT_ANDROID_RELR" },
		{ DT_RPATH, "a DT_RPATH" },
		{ DT_RUNPATH, "a DT_RUNPATH" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct trial t;
		begin_pie(&t, &arch_x86_64);
		synthetic_tag(&t.s, tags[i].tag, RELA_PLT);
		put_entries(&t, "G");
		diagnose(&t);
		assert_refused(&t.finding.why, tags[i].text);
		end(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_bounds_around_irelative_only),
		cmocka_unit_test(test_no_relocations),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_thread_local),
		cmocka_unit_test(test_another_library),
		cmocka_unit_test(test_freebsd),
		cmocka_unit_test(test_what_is_not_examined),
		cmocka_unit_test(test_malformed_is_no_finding),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_no_irelative_at_all),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_symbol_outside),
		cmocka_unit_test(test_irelative_left_outside),
		cmocka_unit_test(test_slot_in_memory_only),
		cmocka_unit_test(test_plt_entries_are_not_moved),
		cmocka_unit_test(test_shared_page),
		cmocka_unit_test(test_page_that_others_need),
		cmocka_unit_test(test_verification_looks_at_slots_and_resolvers),
		cmocka_unit_test(test_verification_notices_a_missing_edit),
		cmocka_unit_test(test_verification_notices_other_bounds),
		cmocka_unit_test(test_ordered_plans_can_be_completed),
		cmocka_unit_test(test_plans_that_are_not_ordered),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_lost_in_two_runs),
		cmocka_unit_test(test_lost_without_dynamic),
		cmocka_unit_test(test_lost_without_dynamic_and_entries),
		cmocka_unit_test(test_rel_form),
		cmocka_unit_test(test_biased),
		cmocka_unit_test(test_biased_jump_slots),
		cmocka_unit_test(test_biased_defined),
		cmocka_unit_test(test_biased_refusals),
		cmocka_unit_test(test_biased_beyond_repair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
