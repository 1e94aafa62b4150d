/* SPDX-License-Identifier: MIT */
/* i386: what of its code is not x86-64's, and files whose startup is written as its compilers do. */
#include "trial.h"
#include "x86_rows.h"

#include <elf.h>

/* ---- decoding ------------------------------------------------------------------------------- */

static const struct row stack[] = {
	{ "push %ebx", "53", "1; [esp-0x4] = ebx" },
	{ "push $-2", "6a fe", "2; [esp-0x4] = 0xfffffffe" },
	{ "push $0x804a000", "68 00 a0 04 08", "5; [esp-0x4] = 0x804a000" },
	{ "push 0x10(%ebx)", "ff 73 10", "3; [esp-0x4] = [ebx+0x10]" },
	{ "push 0x804a000", "ff 35 00 a0 04 08", "6; [esp-0x4] = [0x804a000]" },
	{ "push %esi", "ff f6", "2; [esp-0x4] = esi" },
	{ "push %gs:0x10", "65 ff 35 10 00 00 00", "7" },
	{ "push %bx", "66 53", "2" },
	{ "push %es", "06", "1" },
	{ "pushf", "9c", "1" },
	{ "pusha", "60", "1" },
	{ "pop %ecx", "59", "1; ecx = [esp-0x4]" },
	{ "pop %eax", "8f c0", "2; eax = [esp-0x4]" },
	{ "pop 8(%eax)", "8f 40 08", "3" },
	{ "pop %cx", "66 59", "2; clobbers ecx" },
	{ "pop %esp", "5c", "1" },
	{ "pop %ds", "1f", "1" },
	{ "popa", "61", "1; clobbers eax ecx edx ebx ebp esi edi" },
};

static const struct row values[] = {
	{ "inc %ecx", "41", "1; ecx = ecx + 0x1" },
	{ "dec %edi", "4f", "1; edi = edi + 0xffffffff" },
	{ "inc %bx", "66 43", "2; clobbers ebx" },
	{ "inc %esp", "44", "1" },
	{ "mov %esp, %ebp", "89 e5", "2; ebp = esp" },
	{ "mov $0xfffffff0, %esi", "be f0 ff ff ff", "5; esi = 0xfffffff0" },
	{ "mov -8(%ebx), %edi", "8b 7b f8", "3; edi = [ebx-0x8]" },
	{ "mov 0xfffffff0, %ecx", "8b 0d f0 ff ff ff", "6; ecx = [0xfffffff0]" },
	{ "mov 0x804a000, %eax", "a1 00 a0 04 08", "5; eax = [0x804a000]" },
	{ "mov %eax, 0x804a000", "a3 00 a0 04 08", "5; [0x804a000] = eax" },
	{ "mov 0x1234, %eax", "67 a1 34 12", "4; clobbers eax" },
	{ "mov (%bx,%si), %eax", "67 8b 00", "3; clobbers eax" },
	{ "mov 0x1234, %eax", "67 8b 06 34 12", "5; clobbers eax" },
	{ "mov 0x1234(%bp), %eax", "67 8b 86 34 12", "5; clobbers eax" },
	{ "mov 4(%edx,%eax,8), %eax", "8b 44 c2 04", "4; clobbers eax" },
	{ "lea 0x1234(%ebx), %esi", "8d b3 34 12 00 00", "6; esi = ebx + 0x1234" },
	{ "lea 0x804a000, %esi", "8d 35 00 a0 04 08", "6; esi = 0x804a000" },
	{ "add $0x9b48, %ebx", "81 c3 48 9b 00 00", "6; ebx = ebx + 0x9b48" },
	{ "cmpb $42, 4(%esi)", "80 7e 04 2a", "4; [esi+0x4]:1 ? 0x2a:1" },
	{ "cmp $0x804a000, %eax", "3d 00 a0 04 08", "5; eax ? 0x804a000" },
	{ "cmp %edi, -4(%esi)", "39 7e fc", "3; [esi-0x4] ? edi" },
	{ "sub $8, %al", "82 e8 08", "3; eax:1 ? 0x8:1; clobbers eax" },
};

/* Opcodes that x86-64 has dropped or put to other use. */
static const struct row opcodes[] = {
	{ "daa", "27", "1; clobbers eax" },
	{ "aas", "3f", "1; clobbers eax" },
	{ "aam $10", "d4 0a", "2; clobbers eax" },
	{ "aad $10", "d5 0a", "2; clobbers eax" },
	{ "salc", "d6", "1; clobbers eax" },
	{ "into", "ce", "1" },
	{ "arpl %ax, %cx", "63 c1", "2; clobbers ecx" },
	{ "arpl %ax, (%ecx)", "63 01", "2" },
	{ "bound %eax, 8(%ecx)", "62 41 08", "3" },
	{ "les 8(%ecx), %eax", "c4 41 08", "3; clobbers eax" },
	{ "lds 8(%ecx), %eax", "c5 41 08", "3; clobbers eax" },
	{ "vzeroupper", "c5 f8 77", "3" },
	{ "vmovd %xmm0, %ecx", "c5 f9 7e c1", "4; clobbers ecx" },
	{ "vmovd, W ignored", "c4 e1 f9 7e c1", "5; clobbers ecx" },
	{ "andn, B and W ignored", "c4 c2 f0 f2 c1", "5; clobbers eax" },
	{ "blsr %edx, %ecx", "c4 e2 70 f3 ca", "5; clobbers ecx" },
	{ "vaddps %zmm0, %zmm0, %zmm0", "62 f1 7c 48 58 c0", "6" },
	{ "vpmacssww", "8f e8 78 85 c1 00", "6" },
	{ "cmpxchg8b 8(%eax)", "0f c7 48 08", "4; clobbers eax edx" },
	{ "int $0x80", "cd 80", "2; clobbers eax" },
};

static const struct row flow[] = {
	{ "call", "e8 00 01 00 00", "5; call 0x401105" },
	{ "jmp, down", "e9 00 00 00 80", "5; jump 0x80401005" },
	{ "jae, up", "0f 83 00 00 c0 ff", "6; branch not below 0x1006" },
	{ "jmp, around", "e9 00 00 00 ff", "5; jump 0xff401005" },
	{ "callw", "66 e8 00 01", "4; call 0x1104" },
	{ "jew", "66 74 10", "3; branch 0x1013" },
	{ "jaw rel16", "66 0f 87 00 f0", "5; branch above 0x5" },
	{ "jcxz", "67 e3 10", "3; branch 0x401013" },
	{ "loop", "e2 fe", "2; branch 0x401000; clobbers ecx" },
	{ "xbegin rel16", "66 c7 f8 00 01", "5; branch 0x401105; clobbers eax" },
	{ "lcall", "9a 00 a0 04 08 23 00", "7; call" },
	{ "ljmp", "ea 00 a0 04 08 23 00", "7; jump" },
	{ "ljmpw", "66 ea 00 a0 23 00", "6; jump" },
	{ "call *%eax", "ff d0", "2; call via eax" },
	{ "call *0x10(%ebx)", "ff 53 10", "3; call via [ebx+0x10]" },
	{ "call *%gs:0x10", "65 ff 15 10 00 00 00", "7; call" },
	{ "jmp *0x804a000", "ff 25 00 a0 04 08", "6; jump via [0x804a000]" },
	{ "lcall *(%ecx)", "ff 19", "2; call" },
	{ "ret", "c3", "1; end" },
	{ "hlt", "f4", "1; end" },
};

static void test_decode(void **state)
{
	(void)state;
	check_rows(&arch_i386, stack, COUNT(stack));
	check_rows(&arch_i386, values, COUNT(values));
	check_rows(&arch_i386, opcodes, COUNT(opcodes));
	check_rows(&arch_i386, flow, COUNT(flow));
}

static void test_reject(void **state)
{
	static const char *const invalid[] = {
		"62 41", "c4", "c5", "66 c5 f8 77", "8f c8", "f0 40", "f0 82 f8 01", "8d c0",
		"c4 e0 78 58 c0", "62 f1 78 48 58 c0", "0f 04", "ff f8", "ff d8",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(invalid); i++) {
		unsigned char bytes[2 * INSN_MAX] = { 0 };
		struct insn insn;
		size_t size = from_hex(invalid[i], bytes);
		if (decode(&arch_i386, bytes, size, &insn))
			fail_msg("%s: accepted, %u bytes", invalid[i], insn.length);
	}
}

static const struct edit edits[] = {
	{ "mov", "be 00 a0 04 08", 0xfffffff8, "be f8 ff ff ff" },
	{ "mov", "be 00 a0 04 08", UINT64_C(0x100000000), NULL },
	{ "mov", "c7 c6 00 a0 04 08", 0x804a010, "c7 c6 10 a0 04 08" },
	{ "mov to memory", "c7 44 24 08 00 a0 04 08", 0x804a010, "c7 44 24 08 10 a0 04 08" },
	{ "cmp %eax", "3d 00 a0 04 08", 0xfffffff8, "3d f8 ff ff ff" },
	{ "cmp", "81 fe 00 a0 04 08", 0x804a010, "81 fe 10 a0 04 08" },
	{ "lea", "8d 35 00 a0 04 08", 0x804a010, "8d 35 10 a0 04 08" },
	{ "lea with a base", "8d b3 34 12 00 00", 0x804a010, NULL },
	{ "add", "81 c6 00 a0 04 08", 0x804a010, NULL },
	{ "cmp imm8", "83 fe 08", 0x10, NULL },
	{ "movw", "66 be 00 a0", 0x10, NULL },
	{ "push", "68 00 a0 04 08", 0x804a010, NULL },
	{ "call", "e8 00 01 00 00", 0x401105, NULL },
};

static void test_form_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(edits); i++)
		check_edit(&arch_i386, &edits[i]);
}

/* ---- the machine ---------------------------------------------------------------------------- */

#define TYPE(name) { name, #name }

static void test_relocation_names(void **state)
{
	static const struct reloc_name expected[] = {
		TYPE(R_386_NONE), TYPE(R_386_32), TYPE(R_386_PC32), TYPE(R_386_COPY),
		TYPE(R_386_GLOB_DAT), TYPE(R_386_JMP_SLOT), TYPE(R_386_RELATIVE),
		TYPE(R_386_TLS_TPOFF), TYPE(R_386_TLS_DTPMOD32), TYPE(R_386_TLS_DTPOFF32),
		TYPE(R_386_TLS_TPOFF32), TYPE(R_386_TLS_DESC), TYPE(R_386_IRELATIVE),
	};

	(void)state;
	assert_int_equal(arch_i386.name_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_int_equal(arch_i386.names[i].type, expected[i].type);
		assert_string_equal(arch_i386.names[i].name, expected[i].name);
	}
	assert_ptr_equal(arch_find(EM_386, false, ORDER_LITTLE), &arch_i386);
	assert_int_equal(arch_i386.irelative, R_386_IRELATIVE);
	assert_int_equal(arch_i386.glob_dat, R_386_GLOB_DAT);
	assert_int_equal(arch_i386.relative, R_386_RELATIVE);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* What stands in the way of an address. */
#define THUNK (TEXT + 0x400)
#define START_WORD (GOT + 0x80)
#define END_WORD (GOT + 0x84)
#define MAIN_WORD (GOT + 0x88)
#define MAIN (TEXT + 0x600)

/* ebx = GOT by gcc's get_pc_thunk. */
static uint64_t put_thunk(struct synthetic *s, uint64_t at)
{
	X86(s, THUNK, "\x8b\x1c\x24\xc3");           /* mov (%esp), %ebx; ret */
	at = X86_REL(s, at, "\xe8", THUNK);          /* call THUNK */
	return X86_IMM(s, at, "\x81\xc3", GOT - at); /* add $GOT - ., %ebx */
}

/* The same with the eight nops of -mtune=atom. */
static uint64_t put_atom_thunk(struct synthetic *s, uint64_t at)
{
	at = put_thunk(s, at);
	X86(s, THUNK, "\xf3\x0f\x1e\xfb\x90\x90\x90\x90\x90\x90\x90\x90\x8b\x1c\x24\xc3");
	return at;
}

/* The same by clang's pop, with something else on the stack. */
static uint64_t put_pop(struct synthetic *s, uint64_t at)
{
	at = X86(s, at, "\x57");                         /* push %edi */
	at = X86_REL(s, at, "\xe8", at + 5);             /* call .+5 */
	X86(s, at, "\x5b");                              /* pop %ebx */
	return X86_IMM(s, at + 1, "\x81\xc3", GOT - at); /* add $GOT - ., %ebx */
}

/* The same, kept at (%esp) while something is pushed and popped. */
static uint64_t put_spilled(struct synthetic *s, uint64_t at)
{
	at = X86(s, put_pop(s, at), "\x89\x1c\x24");           /* mov %ebx, (%esp) */
	at = X86(s, at, "\x6a\x01\x6a\x02\x31\xdb\x83\xc4\x08"); /* push; push; xor; add $8, %esp */
	return X86(s, at, "\x8b\x1c\x24");                    /* mov (%esp), %ebx */
}

/* The loop over [esi, edi). */
static void put_walk(struct synthetic *s, uint64_t at)
{
	at = X86(s, at, "\x39\xfe\x73\x14"               /* cmp %edi, %esi; jae done */
	         "\x80\x7e\x04\x2a\x75\x0e");            /* loop: cmpb $42, 4(%esi); jne done */
	at = X86(s, at, "\x8b\x2e\xff\x55\x00\x89\x45\x00" /* slot = (*slot)() */
	         "\x83\xc6\x08\x39\xfe");                /* add $8, %esi; cmp %edi, %esi */
	at = X86(s, at, "\x72\xed\xc3");                 /* jb loop; done: ret */
}

typedef uint64_t put_base(struct synthetic *s, uint64_t at);

/* Position-independent startup: the bounds are words of the GOT, which @base finds. */
static void put_pic(struct synthetic *s, put_base *base, uint64_t start, uint64_t end)
{
	uint64_t at = base(s, STARTUP);

	synthetic_word(s, START_WORD, start);
	synthetic_word(s, END_WORD, end);
	at = X86_IMM(s, at, "\x8b\xb3", START_WORD - GOT); /* mov d(%ebx), %esi */
	put_walk(s, X86_IMM(s, at, "\x8b\xbb", END_WORD - GOT));
}

/* _start as glibc's: it pushes main last, which is the word at @word of the GOT or @main itself. */
static void put_start(struct synthetic *s, uint64_t word, uint64_t main)
{
	uint64_t at = put_thunk(s, X86(s, TEXT, "\x31\xed\x5e")); /* xor %ebp, %ebp; pop %esi */

	at = X86(s, at, "\x6a\x00\x6a\x00\x56");          /* push $0; push $0; push %esi */
	at = word ? X86_IMM(s, at, "\xff\xb3", word - GOT) /* push d(%ebx) */
	          : X86(s, X86_IMM(s, at, "\x8d\x83", main - GOT), "\x50"); /* lea; push %eax */
	X86(s, X86_REL(s, at, "\xe8", STARTUP), "\xf4");
	X86(s, MAIN, "\x31\xc0\xc3");
}

/* Two stray entries in front of two IRELATIVE ones are taken out of the bounds. */
static void check_wide(put_base *base)
{
	struct trial t;

	begin(&t, &arch_i386);
	put_entries(&t, "GAII");
	synthetic_word(&t.s, GOT, 0xdead);
	put_start(&t.s, 0, MAIN);
	put_pic(&t.s, base, RELA_DYN, rela_end(&t.s));
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_int_equal(t.finding.stray, 2);
	repair(&t, IRELFIX_NARROW);
	assert_int_equal(word_after(&t, START_WORD), RELA_DYN + 2 * 8);
	assert_int_equal(word_after(&t, END_WORD), rela_end(&t.s));
	assert_int_equal(word_after(&t, GOT), 0);
	assert_int_equal(entry_after(&t, 1).type, R_386_NONE);
	assert_int_equal(entry_after(&t, 2).addend, RESOLVER);
	assert_int_equal(startup_entry(&t.startup)->main, MAIN);
	end(&t);
}

static void test_wide_bounds(void **state)
{
	(void)state;
	check_wide(put_thunk);
	check_wide(put_atom_thunk);
	check_wide(put_pop);
	check_wide(put_spilled);
}

/* With -fno-pie the bounds are immediates, END more than once. */
static void test_constants(void **state)
{
	struct trial t;
	uint64_t at;

	(void)state;
	begin(&t, &arch_i386);
	put_entries(&t, "GII");
	put_start(&t.s, 0, MAIN);
	at = X86_IMM(&t.s, STARTUP, "\xbe", RELA_DYN);           /* mov $START, %esi */
	at = X86_IMM(&t.s, at, "\x81\xfe", rela_end(&t.s));      /* cmp $END, %esi */
	at = X86(&t.s, at, "\x73\x15\x80\x7e\x04\x2a\x75\x0f"    /* jae; cmpb $42, 4(%esi); jne */
	         "\x8b\x2e\xff\x55\x00\x83\xc6\x08");
	at = X86_IMM(&t.s, at, "\x81\xfe", rela_end(&t.s));
	X86(&t.s, at, "\x72\xea\xc3");
	diagnose(&t);
	assert_broken(&t, &defect_wide_bounds);
	assert_int_equal(t.startup.loop.ends.count, 2);
	repair(&t, IRELFIX_NARROW);
	assert_int_equal(t.result[synthetic_offset(STARTUP) + 1], (RELA_DYN + 8) & 0xff);
	end(&t);
}

/* What a REL entry's first resolver has found is no resolver: nothing can be padded. */
static void test_no_padding(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, &arch_i386);
	put_entries(&t, "GII");
	put_start(&t.s, 0, MAIN);
	put_pic(&t.s, put_thunk, RELA_DYN, rela_end(&t.s));
	diagnose(&t);
	assert_false(plan(&t, IRELFIX_PAD));
	assert_refused(&t.why, "REL form");
	end(&t);
}

/*
 * With -z rela and no library there is no PT_DYNAMIC, and the bounds are undefined. RELA entries of
 * the same slots would pass as REL ones.
 */
static void test_undefined_bounds(void **state)
{
	const struct reloc_form rela = { .rela = true, .entsize = 12 };
	struct trial t;

	(void)state;
	begin(&t, &arch_i386);
	put_start(&t.s, 0, MAIN);
	put_pic(&t.s, put_thunk, 0, 0);
	for (unsigned i = 0; i < 3; i++) {
		synthetic_set(&t.s, synthetic_offset(RELA_DYN + rela.entsize * i), R_OFFSET,
		              GOT + 4 * i);
		synthetic_set(&t.s, synthetic_offset(RELA_DYN + rela.entsize * i), R_INFO,
		              R_386_IRELATIVE);
		synthetic_set(&t.s, synthetic_offset(RELA_DYN + rela.entsize * i), R_ADDEND, RESOLVER);
		synthetic_word(&t.s, GOT + 4 * i, RESOLVER);
	}
	synthetic_parse(&t.s);
	assert_true(defect_diagnose(&t.s.image, NULL, &t.startup, &t.finding, &t.why));
	assert_ptr_equal(t.finding.defect, &defect_lost_irelative);
	assert_refused(&t.finding.why, "RELA form (-z rela)");
	end(&t);
}

/* ---- main of static-PIEs -------------------------------------------------------------------- */

/* It is linked at 0: what it holds of addresses is BASE less than what stands here. */
static void begin_static_pie(struct trial *t, uint64_t word, uint64_t main)
{
	begin(t, &arch_i386);
	t->is_pie = true;
	synthetic_set(&t->s, 0, E_TYPE, ET_DYN);
	synthetic_tag(&t->s, DT_FLAGS_1, DF_1_PIE);
	put_start(&t->s, word, main);
	put_pic(&t->s, put_thunk, 0, 0);
	put_entries(t, "GI");
}

static void test_main_in_pie(void **state)
{
	struct trial t;

	(void)state;
	begin_static_pie(&t, 0, MAIN);
	diagnose(&t);
	assert_broken(&t, &defect_biased_weak);
	assert_int_equal(startup_entry(&t.startup)->main, MAIN - BASE);
	repair(&t, IRELFIX_AUTO);
	end(&t);
}

/* Before glibc 2.37 _start reads main from a word that a RELATIVE entry fills later. */
static void test_main_comes_too_late(void **state)
{
	struct trial t;

	(void)state;
	begin_static_pie(&t, MAIN_WORD, 0);
	synthetic_entry(&t.s, (struct reloc){ MAIN_WORD, R_386_RELATIVE, 0, MAIN - BASE });
	diagnose(&t);
	assert_refused(&t.finding.why, "before it is relocated");
	assert_int_equal(startup_entry(&t.startup)->main, MAIN - BASE);
	end(&t);
}

/* The same with --pack-dyn-relocs=relr. */
static void test_main_in_relr(void **state)
{
	struct trial t;

	(void)state;
	begin_static_pie(&t, MAIN_WORD, 0);
	synthetic_word(&t.s, MAIN_WORD, MAIN - BASE);
	synthetic_tag(&t.s, DT_RELR, RELA_PLT);
	synthetic_tag(&t.s, DT_RELRSZ, 4);
	synthetic_word(&t.s, RELA_PLT, MAIN_WORD - BASE);
	diagnose(&t);
	assert_refused(&t.finding.why, "before it is relocated");
	end(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_reject),
		cmocka_unit_test(test_form_values),
		cmocka_unit_test(test_relocation_names),
		cmocka_unit_test(test_wide_bounds),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_no_padding),
		cmocka_unit_test(test_undefined_bounds),
		cmocka_unit_test(test_main_in_pie),
		cmocka_unit_test(test_main_comes_too_late),
		cmocka_unit_test(test_main_in_relr),
	};

	(void)machines;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
