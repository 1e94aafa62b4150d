/* SPDX-License-Identifier: MIT */
/*
 * 64-bit PowerPC, little-endian (psABI: OpenPOWER ELF V2). What it shares with ppc32 is in
 * ../power.
 *
 * Code reaches everything from the TOC pointer in r2, which one executable has one of: ld.lld makes
 * one TOC. A function that others call from anywhere begins with `addis 2,12,hi; addi 2,2,lo`,
 * where r12 is its own address; calls inside the executable go to the instruction behind them, the
 * local entry. _start begins so as well: that tells the TOC pointer, without which nothing can be
 * followed. (ELF V1 has the address of a descriptor in e_entry, and no such code.) Compilers load
 * an address from the TOC (addis rX,2,ha; ld rY,lo(rX)); linkers relax that to addis and addi, with
 * or without --no-relax, and where the upper half is 0 to nop and one instruction at r2. With
 * -mcmodel=small it is one load, ld rX,off(2). Both bounds are formed by addis and addi, so that a
 * new one takes two writes.
 *
 * Calls further than 32 MiB go through stubs: addis 12,2,ha; ld 12,lo(12); mtctr 12; bctr.
 *
 * _start does not call __libc_start_main but jumps there (sysdeps/powerpc/powerpc64/start.S), with
 * r8 at a structure of addresses, of which main is the second.
 *
 * Of r_info the low word, at offset 8 of an entry of 24 bytes, is the type. Startup
 * (sysdeps/powerpc/powerpc64/dl-irel.h) accepts R_PPC64_IRELATIVE and R_PPC64_JMP_IREL; clang makes
 * one comparison of both: addi rX,rY,-247; cmplwi rX,2.
 */
#include "../power/power.h"

/* OpenPOWER ELF V2, 3.5.4. */
static const struct reloc_name names[] = {
	{ 0, "R_PPC64_NONE" },
	{ 1, "R_PPC64_ADDR32" },
	{ 19, "R_PPC64_COPY" },
	{ 20, "R_PPC64_GLOB_DAT" },
	{ 21, "R_PPC64_JMP_SLOT" },
	{ 22, "R_PPC64_RELATIVE" },
	{ 24, "R_PPC64_UADDR32" },
	{ 38, "R_PPC64_ADDR64" },
	{ 43, "R_PPC64_UADDR64" },
	{ 68, "R_PPC64_DTPMOD64" },
	{ 73, "R_PPC64_TPREL64" },
	{ 78, "R_PPC64_DTPREL64" },
	{ 247, "R_PPC64_JMP_IREL" },
	{ 248, "R_PPC64_IRELATIVE" },
};

static const unsigned char exit_stub[] = {
	234, 0x00, 0x00, 0x38,            /* li 0,234 */
	ARCH_EXIT_CODE, 0x00, 0x60, 0x38, /* li 3,... */
	0x02, 0x00, 0x00, 0x44,           /* sc */
};

static const unsigned char return_stub[] = {
	ARCH_EXIT_CODE, 0x00, 0x60, 0x38, /* li 3,... */
	0x20, 0x00, 0x80, 0x4e,           /* blr */
};

static struct power power_of(const struct arch_context *context)
{
	return (struct power){ .order = ORDER_LITTLE, .word = 8, .toc = context->toc };
}

/** _start sets r2 from its own address in r12; a linker may have made that lis. */
static bool prepare(struct bytes code, uint64_t entry, struct arch_context *out)
{
	enum { ADDIS_2_12 = 0x3c4c, LIS_2 = 0x3c40, ADDI_2_2 = 0x3842 };
	uint64_t high, low;

	if (!bytes_read(code, 0, 4, ORDER_LITTLE, &high) ||
	    !bytes_read(code, 4, 4, ORDER_LITTLE, &low) || low >> 16 != ADDI_2_2 ||
	    (high >> 16 != ADDIS_2_12 && high >> 16 != LIS_2))
		return false;
	out->toc = (high >> 16 == LIS_2 ? 0 : entry) + (sign_extended(high & 0xffff, 16) << 16) +
	           sign_extended(low & 0xffff, 16);
	return true;
}

static bool decode(struct bytes code, uint64_t address, const struct arch_context *context,
                   struct insn *out)
{
	return power_decode(power_of(context), code, address, out);
}

static bool form(const struct insn *const parts[], unsigned count, uint64_t value,
                 const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	return power_form(power_of(context), parts, count, value, code);
}

static const struct arch_model models[] = {
	{ "power8", "the first little-endian ones: Power ISA 2.07" },
	{ "power9", "Talos II, Summit: Power ISA 3.0" },
	{ "power10", "servers since 2021: Power ISA 3.1" },
	{ "power11", "servers since 2025: Power ISA 3.1" },
	{ NULL, NULL },
};

const struct arch arch_ppc64le = {
	.name = "ppc64le",
	.machine = 21,
	.is64 = true,
	.order = ORDER_LITTLE,
	.rela = true,
	.none = 0,
	.absolute = 38,
	.glob_dat = 20,
	.jump_slot = 21,
	.relative = 22,
	.irelative = 248,
	.also_irelative = 247,
	.names = names,
	.name_count = sizeof(names) / sizeof(names[0]),
	.start_symbol = "__rela_iplt_start",
	.end_symbol = "__rela_iplt_end",
	.code_alignment = 4,
	.stack_pointer = POWER_SP,
	.frame_pointer = POWER_FP,
	.caller_saved = POWER_CALLER_SAVED,
	.main = { .kind = OPERAND_MEMORY, .width = 8, .reg = 8, .index = REG_NONE, .value = 8 },
	.exit_stub = { exit_stub, sizeof(exit_stub) },
	.return_stub = { return_stub, sizeof(return_stub) },
	.pc_position = { 32, 32 },
	.return_position = { 36, 34 },
	.return_bytes = 4,
	.hosts = "ppc64le",
	.emulator = "qemu-ppc64le",
	.models = models,
	.prepare = prepare,
	.decode = decode,
	.form = form,
};
