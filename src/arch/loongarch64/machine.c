/* SPDX-License-Identifier: MIT */
/* LoongArch64: the machine's data. */
#include "loongarch64.h"

/* LoongArch ELF psABI, "Relocations": those of dynamic linking. */
static const struct reloc_name names[] = {
	{ 0, "R_LARCH_NONE" },
	{ 1, "R_LARCH_32" },
	{ 2, "R_LARCH_64" },
	{ 3, "R_LARCH_RELATIVE" },
	{ 4, "R_LARCH_COPY" },
	{ 5, "R_LARCH_JUMP_SLOT" },
	{ 6, "R_LARCH_TLS_DTPMOD32" },
	{ 7, "R_LARCH_TLS_DTPMOD64" },
	{ 8, "R_LARCH_TLS_DTPREL32" },
	{ 9, "R_LARCH_TLS_DTPREL64" },
	{ 10, "R_LARCH_TLS_TPREL32" },
	{ 11, "R_LARCH_TLS_TPREL64" },
	{ 12, "R_LARCH_IRELATIVE" },
	{ 13, "R_LARCH_TLS_DESC32" },
	{ 14, "R_LARCH_TLS_DESC64" },
};

static const unsigned char exit_stub[] = {
	0x0b, 0x78, 0x81, 0x02,                                            /* li.w a7, 94 */
	0x04, ARCH_EXIT_CODE << 2 & 0xff, 0x80 | ARCH_EXIT_CODE >> 6, 0x02, /* li.w a0, ... */
	0x00, 0x00, 0x2b, 0x00,                                            /* syscall 0 */
};

static const unsigned char return_stub[] = {
	0x04, ARCH_EXIT_CODE << 2 & 0xff, 0x80 | ARCH_EXIT_CODE >> 6, 0x02, /* li.w a0, ... */
	0x20, 0x00, 0x00, 0x4c,                                            /* ret */
};

static const struct arch_model models[] = {
	{ "la464", "Loongson 3A5000: LSX and LASX" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_loongarch64 = {
	.name = "loongarch64",
	.machine = 258,
	.is64 = true,
	.order = ORDER_LITTLE,
	.rela = true,
	.none = 0,
	.absolute = 2,
	.glob_dat = RELOC_ABSENT, /* the psABI takes R_LARCH_64 */
	.jump_slot = 5,
	.relative = 3,
	.irelative = 12,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 4,
	.shrinks = true,
	.stack_pointer = LOONGARCH64_SP,
	.frame_pointer = LOONGARCH64_FP,
	.caller_saved = LOONGARCH64_TEMPORARIES | 0xff2, /* ra, a0 to a7 */
	.main = { .kind = OPERAND_REG, .width = 8, .reg = LOONGARCH64_A0, .index = REG_NONE },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 33, 33 },
	.return_position = { LOONGARCH64_RA, LOONGARCH64_RA },
	.hosts = "loongarch64",
	.emulator = "qemu-loongarch64",
	.models = models,
	.decode = loongarch64_decode,
	.form = loongarch64_form,
};
