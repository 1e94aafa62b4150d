/* SPDX-License-Identifier: MIT */
/* i386: the machine's data. */
#include "i386.h"

/* What may be in an executable: the others stand in relocatable files only. */
static const struct reloc_name names[] = {
	{ 0, "R_386_NONE" },
	{ 1, "R_386_32" },
	{ 2, "R_386_PC32" },
	{ 5, "R_386_COPY" },
	{ 6, "R_386_GLOB_DAT" },
	{ 7, "R_386_JMP_SLOT" },
	{ 8, "R_386_RELATIVE" },
	{ 14, "R_386_TLS_TPOFF" },
	{ 35, "R_386_TLS_DTPMOD32" },
	{ 36, "R_386_TLS_DTPOFF32" },
	{ 37, "R_386_TLS_TPOFF32" },
	{ 41, "R_386_TLS_DESC" },
	{ 42, "R_386_IRELATIVE" },
};

/* As short as can be: main may be the same. */
static const unsigned char exit_stub[] = {
	0x31, 0xc0,           /* xor eax, eax */
	0xb0, 252,            /* mov al, 252 */
	0x6a, ARCH_EXIT_CODE, /* push */
	0x5b,                 /* pop ebx */
	0xcd, 0x80,           /* int 0x80 */
};

/* Of an exit code only the lowest byte counts. */
static const unsigned char return_stub[] = {
	0xb0, ARCH_EXIT_CODE, /* mov al, ... */
	0xc3,                 /* ret */
};

static const struct arch_model models[] = {
	{ "pentium3", "Intel since 1999: i686 with cmov, SSE" },
	{ "athlon", "AMD since 1999: i686 with cmov, 3DNow!" },
	{ "core2duo", "Intel since 2006: SSSE3" },
	{ "Nehalem", "Intel since 2008: SSE4.2" },
	{ "Haswell", "Intel since 2013: AVX2 and BMI2" },
	{ "EPYC", "AMD Zen since 2017: AVX2, SHA" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_i386 = {
	.name = "i386",
	.machine = 3,
	.is64 = false,
	.order = ORDER_LITTLE,
	.rela = false,
	.none = 0,
	.absolute = 1,
	.glob_dat = 6,
	.jump_slot = 7,
	.relative = 8,
	.irelative = 42,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rel_iplt_start",
	.end_symbol = "__rel_iplt_end",
	.code_alignment = 1,
	.pc_thunks = true,
	.stack_pointer = X86_SP,
	.frame_pointer = X86_BP,
	.caller_saved = 1 << X86_AX | 1 << X86_CX | 1 << X86_DX,
	.main = { .kind = OPERAND_MEMORY, .width = 4, .reg = X86_SP, .index = REG_NONE,
	          .value = I386_PUSHED }, /* last */
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 12, 8 },
	.return_position = { 15, 4 },
	.return_on_stack = true,
	.hosts = "x86_64,i686,i586,i486,i386",
	.emulator = "qemu-i386",
	.models = models,
	.decode = i386_decode,
	.form = i386_form,
};
