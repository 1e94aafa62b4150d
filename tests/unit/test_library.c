/* SPDX-License-Identifier: MIT */
/* Whose startup it is, and whether it is a static program at all. */
#include "trial.h"

/* ---- another type in the bounds --------------------------------------------------------------- */

/* LLVM's libc and FreeBSD's pass over it: nothing is wrong. */
static void test_other_types_are_passed_over(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin(&t, machines[i]);
		put_entries(&t, "GGII");
		put_lenient_startup(&t.s, RELA_DYN, rela_end(&t.s));
		diagnose(&t);
		assert_true(t.startup.loop.found && t.startup.loop.skips);
		assert_int_equal(t.startup.library, LIBRARY_LENIENT);
		assert_healthy(&t, "healthy: statically linked");
		end(&t);
		begin_wide(&t, machines[i], "GGII");
		diagnose(&t);
		assert_false(t.startup.loop.skips);
		assert_broken(&t, &defect_wide_bounds);
		end(&t);
	}
}

/* Bounds that hold none are wrong for it as well. */
static void test_lost_without_strictness(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "II");
	put_lenient_startup(&t.s, RELA_DYN, RELA_DYN);
	diagnose(&t);
	assert_broken(&t, &defect_lost_irelative);
	repair(&t, IRELFIX_AUTO);
	end(&t);
}

/* Entries alone are no evidence: musl's programs may have an IFUNC of their own. */
static void test_without_note_and_loop(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_x86_64);
	put_entries(&t, "GI");
	t.s.data[synthetic_offset(NOTE) + 12] = 'X';
	diagnose(&t);
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_NOT_CONCERNED);
	assert_healthy(&t, "not concerned: not glibc's startup code");
	end(&t);
	begin_wide(&t, &arch_x86_64, "GI");
	t.s.data[synthetic_offset(NOTE) + 12] = 'X';
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	end(&t);
}

/* ---- the name of a dynamic linker ------------------------------------------------------------- */

static void begin_interp(struct trial *t, const struct arch *arch, const char *letters)
{
	begin_wide(t, arch, letters);
	put_interp(t);
}

static void test_static_interp(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin_interp(&t, machines[i], "II");
		diagnose(&t);
		assert_broken(&t, &defect_static_interp);
		assert_true(t.finding.detach);
		assert_non_null(strstr(t.finding.why.text, "a dynamic linker (/lib/ld.so.1)"));
		repair(&t, IRELFIX_AUTO);
		assert_int_equal(t.plan.strategy, IRELFIX_DETACH);
		assert_int_equal(t.plan.count, 1);
		assert_int_equal(t.plan.edits[0].stage, IRELFIX_STAGE_HEADER);
		end(&t);
		begin_interp(&t, machines[i], "GII");
		diagnose(&t);
		assert_broken(&t, &defect_wide_bounds);
		assert_string_equal(t.finding.why.text, "names a dynamic linker (/lib/ld.so.1), and 1 "
		                    "stray entry inside the iplt bounds");
		repair(&t, IRELFIX_AUTO);
		assert_int_equal(t.plan.strategy, IRELFIX_NARROW);
		assert_int_equal(t.plan.edits[0].stage, IRELFIX_STAGE_HEADER);
		end(&t);
	}
}

/* What asks a shared C library to start it is what PT_INTERP says. */
static void test_dynamic(void **state)
{
	struct trial t;

	(void)state;
	begin_interp(&t, &arch_x86_64, "II");
	synthetic_plt_entry(&t.s, (struct reloc){
		GOT + 0x40, arch_x86_64.jump_slot,
		synthetic_symbol(&t.s, "__libc_start_main", STB_GLOBAL, SHN_UNDEF, 0), 0 });
	diagnose(&t);
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_NOT_CONCERNED);
	assert_healthy(&t, "not concerned: dynamically linked");
	end(&t);
	begin(&t, &arch_x86_64);
	put_entries(&t, "GI"); /* nothing that walks them */
	put_interp(&t);
	diagnose(&t);
	assert_healthy(&t, "not concerned: dynamically linked");
	end(&t);
}

/* What it needs from a library it would not get. */
static void test_interp_with_needs(void **state)
{
	struct trial t;

	(void)state;
	begin_interp(&t, &arch_x86_64, "II");
	synthetic_plt_entry(&t.s, (struct reloc){
		GOT + 0x40, arch_x86_64.jump_slot,
		synthetic_symbol(&t.s, "needed", STB_GLOBAL, SHN_UNDEF, 0), 0 });
	diagnose(&t);
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_REFUSED);
	assert_ptr_equal(t.finding.defect, &defect_static_interp);
	assert_refused(&t.finding.why, "against `needed', which is undefined and not weak");
	end(&t);
	begin_interp(&t, &arch_x86_64, "II");
	synthetic_plt_entry(&t.s, (struct reloc){
		GOT + 0x40, 5, synthetic_symbol(&t.s, "stdout", STB_GLOBAL, 5, DATA), 0 });
	diagnose(&t);
	assert_int_equal(t.finding.why.reason, IRELFIX_REASON_COPY);
	assert_refused(&t.finding.why, "`stdout' has its value from a shared library");
	end(&t);
}

/*
 * Where nothing says that it is glibc's, and no table has its entries, only the dynamic linker is wrong:
 * once it is gone nobody would look for more, and an interrupted repair would not be completed.
 */
static void test_interp_of_another_library(void **state)
{
	struct trial t;

	(void)state;
	begin_interp(&t, &arch_x86_64, "GII");
	t.s.data[synthetic_offset(NOTE) + 12] = 'X';
	t.s.entries = 0; /* DT_RELA tells of none, the bounds do */
	diagnose(&t);
	assert_int_equal(t.startup.library, LIBRARY_OTHER);
	assert_true(t.startup.loop.found);
	assert_broken(&t, &defect_static_interp);
	repair(&t, IRELFIX_AUTO);
	assert_int_equal(t.plan.count, 1);
	end(&t);
}

/* A static-PIE must relocate itself; of this one nobody has seen that it does. */
static void test_interp_of_a_pie(void **state)
{
	struct trial t;

	(void)state;
	begin_pie(&t, &arch_x86_64);
	put_entries(&t, "G");
	put_interp(&t);
	diagnose(&t);
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_REFUSED);
	assert_int_equal(t.finding.why.reason, IRELFIX_REASON_START_FILE);
	end(&t);
}

/* Malformed tables are the dynamic linker's business. */
static void test_malformed_dynamic(void **state)
{
	struct trial t;

	(void)state;
	begin_interp(&t, &arch_x86_64, "II");
	synthetic_tag(&t.s, DT_JMPREL, 0xfff00000);
	synthetic_tag(&t.s, DT_PLTRELSZ, 24);
	synthetic_tag(&t.s, DT_PLTREL, DT_RELA);
	diagnose(&t);
	assert_healthy(&t, "not concerned: dynamically linked");
	end(&t);
}

/* ---- a packed program ------------------------------------------------------------------------- */

static void test_packed_program(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_x86_64, "GI");
	synthetic_finish(&t.s);
	memcpy(t.s.data + PHDRS_AT + t.s.phdrs * PHDR_SIZE(true) + 4, "UPX!", 4);
	synthetic_parse(&t.s);
	assert_true(defect_diagnose(&t.s.image, NULL, &t.startup, &t.finding, &t.why));
	assert_int_equal(t.finding.verdict, IRELFIX_VERDICT_NOT_EXAMINED);
	assert_int_equal(t.finding.why.reason, IRELFIX_REASON_PACKER);
	assert_non_null(strstr(t.finding.why.text, "upx -d"));
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_types_are_passed_over),
		cmocka_unit_test(test_lost_without_strictness),
		cmocka_unit_test(test_without_note_and_loop),
		cmocka_unit_test(test_static_interp),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_interp_with_needs),
		cmocka_unit_test(test_interp_of_another_library),
		cmocka_unit_test(test_interp_of_a_pie),
		cmocka_unit_test(test_malformed_dynamic),
		cmocka_unit_test(test_packed_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
