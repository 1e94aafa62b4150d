/* SPDX-License-Identifier: MIT */
/* RV64: the machine's data. */
#include "riscv64.h"

/* RISC-V ELF psABI, "Relocations": those of dynamic linking. */
static const struct reloc_name names[] = {
	{ 0, "R_RISCV_NONE" },
	{ 1, "R_RISCV_32" },
	{ 2, "R_RISCV_64" },
	{ 3, "R_RISCV_RELATIVE" },
	{ 4, "R_RISCV_COPY" },
	{ 5, "R_RISCV_JUMP_SLOT" },
	{ 6, "R_RISCV_TLS_DTPMOD32" },
	{ 7, "R_RISCV_TLS_DTPMOD64" },
	{ 8, "R_RISCV_TLS_DTPREL32" },
	{ 9, "R_RISCV_TLS_DTPREL64" },
	{ 10, "R_RISCV_TLS_TPREL32" },
	{ 11, "R_RISCV_TLS_TPREL64" },
	{ 12, "R_RISCV_TLSDESC" },
	{ 58, "R_RISCV_IRELATIVE" },
};

static const unsigned char exit_stub[] = {
	0x93, 0x08, 0xe0, 0x05,                                       /* li a7, 94 */
	0x13, 0x05, ARCH_EXIT_CODE << 4 & 0xff, ARCH_EXIT_CODE >> 4,  /* li a0, ... */
	0x73, 0x00, 0x00, 0x00,                                       /* ecall */
};

static const unsigned char return_stub[] = {
	0x13, 0x05, ARCH_EXIT_CODE << 4 & 0xff, ARCH_EXIT_CODE >> 4,  /* li a0, ... */
	0x67, 0x80, 0x00, 0x00,                                       /* ret */
};

static const struct arch_model models[] = {
	{ "rv64", "the emulator's usual one: RV64GC and later ones" },
	{ "sifive-u54", "HiFive Unleashed, PolarFire: RV64GC" },
	{ "thead-c906", "Allwinner D1, Lichee RV: RV64GC, T-Head's own" },
	{ "rva22u64", "what the profile RVA22 asks for: Zba, Zbb, Zbs" },
	{ "rva23u64", "what the profile RVA23 asks for: vectors as well" },
	{ "veyron-v1", "Ventana's servers: RV64GC, Zba, Zbb, Zbc, Zbs" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_riscv64 = {
	.name = "riscv64",
	.machine = 243,
	.is64 = true,
	.order = ORDER_LITTLE,
	.rela = true,
	.none = 0,
	.absolute = 2,
	.glob_dat = RELOC_ABSENT, /* the psABI takes R_RISCV_64 */
	.jump_slot = 5,
	.relative = 3,
	.irelative = 58,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 2,
	.shrinks = true,
	.stack_pointer = RISCV64_SP,
	.frame_pointer = RISCV64_FP,
	.caller_saved = 0xf003fce2, /* ra, t0 to t6, a0 to a7 */
	.main = { .kind = OPERAND_REG, .width = 8, .reg = RISCV64_A0, .index = REG_NONE },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 0, 32 },
	.return_position = { RISCV64_RA, RISCV64_RA },
	.hosts = "riscv64",
	.emulator = "qemu-riscv64",
	.models = models,
	.decode = riscv64_decode,
	.form = riscv64_form,
};
