/* SPDX-License-Identifier: MIT */
/* AArch64: the machine's data. */
#include "aarch64.h"

/* AAELF64, and the PAuth ABI's extension of it. */
static const struct reloc_name names[] = {
	{ 0, "R_AARCH64_NONE" },
	{ 256, "R_AARCH64_NONE" }, /* withdrawn, to be treated as 0 */
	{ 257, "R_AARCH64_ABS64" },
	{ 0x244, "R_AARCH64_AUTH_ABS64" },
	{ 1024, "R_AARCH64_COPY" },
	{ 1025, "R_AARCH64_GLOB_DAT" },
	{ 1026, "R_AARCH64_JUMP_SLOT" },
	{ 1027, "R_AARCH64_RELATIVE" },
	{ 1028, "R_AARCH64_TLS_DTPMOD64" },
	{ 1029, "R_AARCH64_TLS_DTPREL64" },
	{ 1030, "R_AARCH64_TLS_TPREL64" },
	{ 1031, "R_AARCH64_TLSDESC" },
	{ 1032, "R_AARCH64_IRELATIVE" },
	{ 0x411, "R_AARCH64_AUTH_RELATIVE" },
	{ 0x412, "R_AARCH64_AUTH_GLOB_DAT" },
	{ 0x413, "R_AARCH64_AUTH_TLSDESC" },
	{ 0x414, "R_AARCH64_AUTH_IRELATIVE" },
};

static const unsigned char exit_stub[] = {
	0xc8, 0x0b, 0x80, 0xd2,                                      /* mov x8, #94 */
	ARCH_EXIT_CODE << 5 & 0xff, ARCH_EXIT_CODE >> 3, 0x80, 0xd2, /* mov x0, #... */
	0x01, 0x00, 0x00, 0xd4,                                      /* svc #0 */
};

static const unsigned char return_stub[] = {
	ARCH_EXIT_CODE << 5 & 0xff, ARCH_EXIT_CODE >> 3, 0x80, 0xd2, /* mov x0, #... */
	0xc0, 0x03, 0x5f, 0xd6,                                      /* ret */
};

static const struct arch_model models[] = {
	{ "cortex-a53", "Raspberry Pi 3, many phones: Armv8.0-A" },
	{ "cortex-a72", "Raspberry Pi 4, Graviton 1: Armv8.0-A" },
	{ "cortex-a76", "Raspberry Pi 5: Armv8.2-A, LSE atomics" },
	{ "neoverse-n1", "Graviton 2, Ampere Altra: Armv8.2-A" },
	{ "neoverse-v1", "Graviton 3: Armv8.4-A, SVE" },
	{ "cortex-a710", "phones since 2022: Armv9.0-A, SVE2, MTE" },
	{ "a64fx", "Fugaku: Armv8.2-A, SVE of 512 bits" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_aarch64 = {
	.name = "AArch64",
	.machine = 183,
	.is64 = true,
	.order = ORDER_LITTLE,
	.rela = true,
	.none = 0,
	.absolute = 257,
	.glob_dat = 1025,
	.jump_slot = 1026,
	.relative = 1027,
	.irelative = 1032,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 4,
	.stack_pointer = AARCH64_SP,
	.frame_pointer = AARCH64_FP,
	.caller_saved = 0x4007ffff, /* x0 to x18, and x30 */
	.main = { .kind = OPERAND_REG, .width = 8, .reg = 0, .index = REG_NONE },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 32, 32 },
	.return_position = { AARCH64_LR, AARCH64_LR },
	.hosts = "aarch64",
	.emulator = "qemu-aarch64",
	.models = models,
	.decode = aarch64_decode,
	.form = aarch64_form,
};
