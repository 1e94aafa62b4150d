/* SPDX-License-Identifier: MIT */
/* Arm: the machine's data. */
#include "arm.h"

/* AAELF32: dynamic relocations. */
static const struct reloc_name names[] = {
	{ 0, "R_ARM_NONE" },
	{ 2, "R_ARM_ABS32" },
	{ 3, "R_ARM_REL32" },
	{ 13, "R_ARM_TLS_DESC" },
	{ 17, "R_ARM_TLS_DTPMOD32" },
	{ 18, "R_ARM_TLS_DTPOFF32" },
	{ 19, "R_ARM_TLS_TPOFF32" },
	{ 20, "R_ARM_COPY" },
	{ 21, "R_ARM_GLOB_DAT" },
	{ 22, "R_ARM_JUMP_SLOT" },
	{ 23, "R_ARM_RELATIVE" },
	{ 160, "R_ARM_IRELATIVE" },
};

static const unsigned char a32_exit_stub[] = {
	ARCH_EXIT_CODE, 0x00, 0xa0, 0xe3, /* mov r0, #... */
	0xf8, 0x70, 0xa0, 0xe3,           /* mov r7, #248 */
	0x00, 0x00, 0x00, 0xef,           /* svc #0 */
};

static const unsigned char a32_return_stub[] = {
	ARCH_EXIT_CODE, 0x00, 0xa0, 0xe3, /* mov r0, #... */
	0x1e, 0xff, 0x2f, 0xe1,           /* bx lr */
};

static const unsigned char t32_exit_stub[] = {
	ARCH_EXIT_CODE, 0x20, /* movs r0, #... */
	0xf8, 0x27,           /* movs r7, #248 */
	0x00, 0xdf,           /* svc #0 */
};

static const unsigned char t32_return_stub[] = {
	ARCH_EXIT_CODE, 0x20, /* movs r0, #... */
	0x70, 0x47,           /* bx lr */
};

static const struct arch_model models[] = {
	{ "cortex-a8", "BeagleBone: Armv7-A, the first Thumb-2" },
	{ "cortex-a9", "many boards since 2008: Armv7-A, NEON or not" },
	{ "cortex-a7", "Raspberry Pi 2: Armv7-A with division" },
	{ "cortex-a15", "Chromebooks, Jetson TK1: Armv7-A, VFPv4" },
	{ "max", "all that this emulator can do" },
	{ NULL, NULL },
};

const struct arch arch_arm = {
	.name = "Arm",
	.machine = 40,
	.is64 = false,
	.order = ORDER_LITTLE,
	.rela = false,
	.none = 0,
	.absolute = 2,
	.glob_dat = 21,
	.jump_slot = 22,
	.relative = 23,
	.irelative = 160,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rel_iplt_start",
	.end_symbol = "__rel_iplt_end",
	.code_alignment = 2,
	.state_bits = ARM_THUMB,
	.stack_pointer = ARM_SP,
	.frame_pointer = ARM_FP,
	.state_frame_pointer = ARM_THUMB_FP,
	.caller_saved = 0x500f, /* r0 to r3, r12, and lr */
	.main = { .kind = OPERAND_REG, .width = 4, .reg = 0, .index = REG_NONE },
	.exit_stub = { a32_exit_stub, sizeof(a32_exit_stub) },
	.return_stub = { a32_return_stub, sizeof(a32_return_stub) },
	.state_exit_stub = { t32_exit_stub, sizeof(t32_exit_stub) },
	.state_return_stub = { t32_return_stub, sizeof(t32_return_stub) },
	.pc_position = { ARM_PC, ARM_PC },
	.return_position = { ARM_LR, ARM_LR },
	.hosts = "armv7l,armv8l,armv6l,armv5tejl",
	.emulator = "qemu-arm",
	.models = models,
	.decode = arm_decode,
	.form = arm_form,
};
