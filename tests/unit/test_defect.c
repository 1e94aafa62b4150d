/* SPDX-License-Identifier: MIT */
/* Each failure class: what is broken, what is refused, what is healthy, and what a repair does. */
#include "trial.h"

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

static void check_names(const struct arch *arch)
{
	assert_non_null(strstr(arch_reloc_name(arch, arch->irelative), "_IRELATIVE"));
	assert_non_null(strstr(arch_reloc_name(arch, arch->none), "_NONE"));
	assert_non_null(strstr(arch_reloc_name(arch, arch->relative), "_RELATIVE"));
	if (arch->glob_dat != RELOC_ABSENT)
		assert_non_null(strstr(arch_reloc_name(arch, arch->glob_dat), "_GLOB_DAT"));
	assert_non_null(strstr(arch_reloc_name(arch, arch->jump_slot), "_J"));
	assert_non_null(arch_reloc_name(arch, arch->absolute));
	assert_null(arch_reloc_name(arch, RELOC_ABSENT));
}

static void test_machines(void **state)
{
	const struct arch *arch;
	size_t count = 0;

	(void)state;
	for (; (arch = arch_row(count)) != NULL; count++) {
		assert_ptr_equal(arch_find(arch->machine, arch->is64, arch->order), arch);
		assert_true(arch->name && arch->name[0] && arch->decode && arch->form);
		assert_true(arch->code_alignment > 0);
		assert_true(arch->exit_stub.size > 0 && arch->return_stub.size > 0);
		assert_true(arch->hosts && arch->emulator && arch->models);
		check_names(arch);
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(arch->name, arch_row(i)->name);
	}
	assert_true(count >= 2);
	assert_null(arch_row(SIZE_MAX));
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
	assert_cannot_start(&t, "R_X86_64_JUMP_SLOT against `sin', which is undefined and not weak: it "
	                    "needs a dynamic linker; link with the archive that defines it (in Rust: "
	                    "kind = \"static\"), or dynamically; --allow-undefined=sin takes it for absent");
	end(&t);
}

/* It starts, if its user says that nobody calls that. */
static void test_allowed(void **state)
{
	static const struct { const char *allowed; bool healthy; } rows[] = {
		{ "sin", true }, { "cos,sin", true }, { "sin,cos", true }, { "all", true },
		{ NULL, false }, { "", false }, { "si", false }, { "sine", false }, { "cos", false },
		{ ",,", false }, { "sin cos", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		put_startup(&t.s, 0, 0);
		synthetic_plt_entry(&t.s, (struct reloc){
			GOT, arch_x86_64.jump_slot,
			synthetic_symbol(&t.s, "sin", STB_GLOBAL, SHN_UNDEF, 0), 0 });
		t.allowed = rows[i].allowed;
		diagnose(&t);
		assert_int_equal(t.finding.verdict == IRELFIX_VERDICT_HEALTHY, rows[i].healthy);
		end(&t);
	}
}

/* Non-PIC code has the address of a PLT entry, and takes the function for present. */
static void test_canonical_plt(void **state)
{
	(void)state;
	for (int broken = 0; broken < 2; broken++) {
		struct trial t;
		begin(&t, &arch_x86_64);
		if (broken)
			put_entries(&t, "GI");
		synthetic_plt_entry(&t.s, (struct reloc){
			GOT + 0x40, arch_x86_64.jump_slot,
			synthetic_symbol(&t.s, "lone", STB_WEAK, SHN_UNDEF, TEXT + 0x100), 0 });
		put_startup(&t.s, broken ? RELA_DYN : 0, broken ? rela_end(&t.s) : 0);
		diagnose(&t);
		assert_int_equal(t.finding.verdict, broken ? IRELFIX_VERDICT_REFUSED
		                                           : IRELFIX_VERDICT_CANNOT_START);
		assert_int_equal(t.finding.why.reason, IRELFIX_REASON_CANONICAL_PLT);
		assert_refused(&t.finding.why, "R_X86_64_JUMP_SLOT against `lone'");
		end(&t);
	}
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
		synthetic_set(&t.s, synthetic_offset(DYNSYM) + symbol * SYM_SIZE(t.s.is64), ST_INFO,
		              STB_GLOBAL << 4 | STT_TLS);
		synthetic_plt_entry(&t.s, (struct reloc){ GOT, TPOFF64, symbol, 0 });
		diagnose(&t);
		assert_cannot_start(&t, "R_X86_64_TPOFF64 against `errno', which is thread-local");
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
	assert_false(defect_diagnose(&t.s.image, NULL, &t.startup, &t.finding, &t.why));
	assert_int_equal(t.why.status, IRELFIX_FILE);
	end(&t);
}

/* ---- wide-bounds ---------------------------------------------------------------------------- */

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
			assert_int_equal(t.plan.strategy, IRELFIX_NARROW);
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
	assert_int_equal(t.plan.strategy, IRELFIX_NARROW);
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
	assert_int_equal(t.plan.strategy, IRELFIX_PAD);
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

/* BOLT orders the entries of a repaired file anew. */
static void test_moved_after_a_repair(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "INII");
	put_startup(&t.s, RELA_DYN + 24, rela_end(&t.s));
	diagnose(&t);
	assert_int_equal(t.finding.why.reason, IRELFIX_REASON_BOLT);
	assert_refused(&t.finding.why, "the iplt bounds hold 1 R_*_NONE, and 1 of 3 IRELATIVE entries "
	               "are outside");
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
	assert_int_equal(t.plan.strategy, IRELFIX_PAD);
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
	assert_true(t.startup.loop.starts.items[0].shared);
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
	assert_refused(&t.why, "forms a part (0x200000) of other addresses, too, which would change "
	                       "with it");
	repair(&t, IRELFIX_AUTO);
	assert_int_equal(t.plan.strategy, IRELFIX_PAD);
	assert_false(t.plan.ordered); /* when it is padded halfway, narrowing might succeed */
	end(&t);
}

/* ---- lost-irelative ------------------------------------------------------------------------- */

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
	assert_true(defect_diagnose(&t->s.image, NULL, &t->startup, &t->finding, &t->why));
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
	assert_cannot_start(&t, "R_X86_64_GLOB_DAT against `needed'");
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
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_canonical_plt),
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
		cmocka_unit_test(test_moved_after_a_repair),
		cmocka_unit_test(test_slot_in_memory_only),
		cmocka_unit_test(test_plt_entries_are_not_moved),
		cmocka_unit_test(test_shared_page),
		cmocka_unit_test(test_page_that_others_need),
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
