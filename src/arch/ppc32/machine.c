/* SPDX-License-Identifier: MIT */
/*
 * 32-bit PowerPC, big-endian (psABI: Power Architecture 32-bit ABI Supplement). What it shares with
 * ppc64le is in ../power.
 *
 * Code knows its own address from `bcl 20,31,.+4; mflr 30`, and adds the distance to a base by
 * addis and addi: with -fpie that is the GOT, with -fPIC a table of addresses of its own (.got2).
 * Addresses, those of the bounds, too, are words there: lwz 31,off(30). lld relaxes none of it.
 * Code that is not position-independent forms addresses by lis and addi.
 *
 * Calls further than 32 MiB go through stubs: lis 12,ha; addi 12,12,lo; mtctr 12; bctr; in
 * position-independent code as above.
 *
 * _start does not call __libc_start_main but jumps there (sysdeps/powerpc/powerpc32/start.S), with
 * r8 at a structure of addresses, of which main is the second.
 *
 * Of r_info the last byte, at offset 7 of an entry of 12 bytes, is the type. Debian's C library has
 * no IRELATIVE entry of its own: a repair makes the bounds empty.
 */
#include "../power/power.h"

/* Power Architecture 32-bit ABI Supplement, 4.13. */
static const struct reloc_name names[] = {
	{ 0, "R_PPC_NONE" },
	{ 1, "R_PPC_ADDR32" },
	{ 19, "R_PPC_COPY" },
	{ 20, "R_PPC_GLOB_DAT" },
	{ 21, "R_PPC_JMP_SLOT" },
	{ 22, "R_PPC_RELATIVE" },
	{ 24, "R_PPC_UADDR32" },
	{ 68, "R_PPC_DTPMOD32" },
	{ 73, "R_PPC_TPREL32" },
	{ 78, "R_PPC_DTPREL32" },
	{ 248, "R_PPC_IRELATIVE" },
};

static const unsigned char exit_stub[] = {
	0x38, 0x00, 0x00, 234,            /* li 0,234 */
	0x38, 0x60, 0x00, ARCH_EXIT_CODE, /* li 3,... */
	0x44, 0x00, 0x00, 0x02,           /* sc */
};

static const unsigned char return_stub[] = {
	0x38, 0x60, 0x00, ARCH_EXIT_CODE, /* li 3,... */
	0x4e, 0x80, 0x00, 0x20,           /* blr */
};

static const struct power ppc32 = { .order = ORDER_BIG, .word = 4 };

static bool decode(struct bytes code, uint64_t address, const struct arch_context *context,
                   struct insn *out)
{
	(void)context;
	return power_decode(ppc32, code, address, out);
}

static bool form(const struct insn *const parts[], unsigned count, uint64_t value,
                 const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	(void)context;
	return power_form(ppc32, parts, count, value, code);
}

static const struct arch_model models[] = {
	{ "603", "PowerBooks of 1996: 32-bit PowerPC" },
	{ "750", "G3, GameCube: 32-bit PowerPC" },
	{ "g4", "Macs since 1999: AltiVec (7400)" },
	{ "7447a", "the last PowerBooks G4: AltiVec" },
	{ NULL, NULL },
};

const struct arch arch_ppc32 = {
	.name = "powerpc",
	.machine = 20,
	.is64 = false,
	.order = ORDER_BIG,
	.rela = true,
	.none = 0,
	.absolute = 1,
	.glob_dat = 20,
	.jump_slot = 21,
	.relative = 22,
	.irelative = 248,
	.also_irelative = RELOC_ABSENT,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 4,
	.stack_pointer = POWER_SP,
	.frame_pointer = POWER_FP,
	.caller_saved = POWER_CALLER_SAVED,
	.main = { .kind = OPERAND_MEMORY, .width = 4, .reg = 8, .index = REG_NONE, .value = 4 },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 32, 32 },
	.return_position = { 36, 35 },
	.hosts = "ppc,ppc64",
	.emulator = "qemu-ppc",
	.models = models,
	.decode = decode,
	.form = form,
};
