/* SPDX-License-Identifier: MIT */
/* x86-64: the machine's data. */
#include "x86_64.h"

static const struct reloc_name names[] = {
	{ 0, "R_X86_64_NONE" },
	{ 1, "R_X86_64_64" },
	{ 2, "R_X86_64_PC32" },
	{ 3, "R_X86_64_GOT32" },
	{ 4, "R_X86_64_PLT32" },
	{ 5, "R_X86_64_COPY" },
	{ 6, "R_X86_64_GLOB_DAT" },
	{ 7, "R_X86_64_JUMP_SLOT" },
	{ 8, "R_X86_64_RELATIVE" },
	{ 9, "R_X86_64_GOTPCREL" },
	{ 10, "R_X86_64_32" },
	{ 11, "R_X86_64_32S" },
	{ 12, "R_X86_64_16" },
	{ 13, "R_X86_64_PC16" },
	{ 14, "R_X86_64_8" },
	{ 15, "R_X86_64_PC8" },
	{ 16, "R_X86_64_DTPMOD64" },
	{ 17, "R_X86_64_DTPOFF64" },
	{ 18, "R_X86_64_TPOFF64" },
	{ 19, "R_X86_64_TLSGD" },
	{ 20, "R_X86_64_TLSLD" },
	{ 21, "R_X86_64_DTPOFF32" },
	{ 22, "R_X86_64_GOTTPOFF" },
	{ 23, "R_X86_64_TPOFF32" },
	{ 24, "R_X86_64_PC64" },
	{ 25, "R_X86_64_GOTOFF64" },
	{ 26, "R_X86_64_GOTPC32" },
	{ 27, "R_X86_64_GOT64" },
	{ 28, "R_X86_64_GOTPCREL64" },
	{ 29, "R_X86_64_GOTPC64" },
	{ 30, "R_X86_64_GOTPLT64" },
	{ 31, "R_X86_64_PLTOFF64" },
	{ 32, "R_X86_64_SIZE32" },
	{ 33, "R_X86_64_SIZE64" },
	{ 34, "R_X86_64_GOTPC32_TLSDESC" },
	{ 35, "R_X86_64_TLSDESC_CALL" },
	{ 36, "R_X86_64_TLSDESC" },
	{ 37, "R_X86_64_IRELATIVE" },
	{ 38, "R_X86_64_RELATIVE64" },
	{ 41, "R_X86_64_GOTPCRELX" },
	{ 42, "R_X86_64_REX_GOTPCRELX" },
	{ 43, "R_X86_64_CODE_4_GOTPCRELX" },
	{ 44, "R_X86_64_CODE_4_GOTTPOFF" },
	{ 45, "R_X86_64_CODE_4_GOTPC32_TLSDESC" },
	{ 46, "R_X86_64_CODE_5_GOTPCRELX" },
	{ 47, "R_X86_64_CODE_5_GOTTPOFF" },
	{ 48, "R_X86_64_CODE_5_GOTPC32_TLSDESC" },
	{ 49, "R_X86_64_CODE_6_GOTPCRELX" },
	{ 50, "R_X86_64_CODE_6_GOTTPOFF" },
	{ 51, "R_X86_64_CODE_6_GOTPC32_TLSDESC" },
};

/* As short as can be: main may be the same. */
static const unsigned char exit_stub[] = {
	0x31, 0xc0,           /* xor eax, eax */
	0xb0, 231,            /* mov al, 231 */
	0x6a, ARCH_EXIT_CODE, /* push */
	0x5f,                 /* pop rdi */
	0x0f, 0x05,           /* syscall */
};

/* Of an exit code only the lowest byte counts. */
static const unsigned char return_stub[] = {
	0xb0, ARCH_EXIT_CODE, /* mov al, ... */
	0xc3,                 /* ret */
};

static const struct arch_model models[] = {
	{ "qemu64", "the first ones: x86-64, no more than SSE3" },
	{ "Nehalem", "Intel since 2008: x86-64-v2, SSE4.2" },
	{ "Haswell", "Intel since 2013: x86-64-v3, AVX2 and BMI2" },
	{ "EPYC", "AMD Zen since 2017: x86-64-v3, SHA" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_x86_64 = {
	.name = "x86-64",
	.machine = 62,
	.is64 = true,
	.order = ORDER_LITTLE,
	.rela = true,
	.none = 0,
	.absolute = 1,
	.glob_dat = 6,
	.jump_slot = 7,
	.relative = 8,
	.irelative = 37,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof names / sizeof names[0],
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 1,
	.stack_pointer = X86_SP,
	.frame_pointer = X86_BP,
	.caller_saved = 1 << X86_AX | 1 << X86_CX | 1 << X86_DX | 1 << X86_SI |
	                1 << X86_DI | 1 << X86_R8 | 1 << X86_R9 | 1 << X86_R10 |
	                1 << X86_R11,
	.main = { .kind = OPERAND_REG, .width = 8, .reg = X86_DI, .index = REG_NONE },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 16, 16 },
	.return_position = { 19, 7 },
	.return_on_stack = true,
	.hosts = "x86_64",
	.emulator = "qemu-x86_64",
	.models = models,
	.decode = x86_64_decode,
	.form = x86_64_form,
};
