/* SPDX-License-Identifier: MIT */
/* s390x: the machine's data. */
#include "s390x.h"

static const struct reloc_name names[] = {
	{ 0, "R_390_NONE" },
	{ 9, "R_390_COPY" },
	{ 10, "R_390_GLOB_DAT" },
	{ 11, "R_390_JMP_SLOT" },
	{ 12, "R_390_RELATIVE" },
	{ 22, "R_390_64" },
	{ 54, "R_390_TLS_DTPMOD" },
	{ 55, "R_390_TLS_DTPOFF" },
	{ 56, "R_390_TLS_TPOFF" },
	{ 61, "R_390_IRELATIVE" },
};

static const unsigned char exit_stub[] = {
	0xa7, 0x19, 0x00, 0xf8,           /* lghi %r1,248 */
	0xa7, 0x29, 0x00, ARCH_EXIT_CODE, /* lghi %r2,... */
	0x0a, 0x00,                       /* svc 0 */
};

static const unsigned char return_stub[] = {
	0xa7, 0x29, 0x00, ARCH_EXIT_CODE, /* lghi %r2,... */
	0x07, 0xfe,                       /* br %r14 */
};

static const struct arch_model models[] = {
	{ "z900", "the first ones, of 2000: z/Architecture" },
	{ "qemu", "the emulator's usual one" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_s390x = {
	.name = "s390x",
	.machine = 22,
	.is64 = true,
	.order = ORDER_BIG,
	.rela = true,
	.none = 0,
	.absolute = 22,
	.glob_dat = 10,
	.jump_slot = 11,
	.relative = 12,
	.irelative = 61,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 2,
	.stack_pointer = S390X_SP,
	.frame_pointer = S390X_FP,
	.caller_saved = 0x403f, /* r0 to r5, and r14 */
	.main = { .kind = OPERAND_REG, .width = 8, .reg = 2, .index = REG_NONE },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 1, 1 }, /* behind the mask of the PSW */
	.return_position = { 2 + S390X_RETURN, 2 + S390X_RETURN },
	.hosts = "s390x",
	.emulator = "qemu-s390x",
	.models = models,
	.decode = s390x_decode,
	.form = s390x_form,
};
