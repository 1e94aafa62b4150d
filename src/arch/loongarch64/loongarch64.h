/* SPDX-License-Identifier: MIT */
/*
 * LoongArch64 (LoongArch ELF psABI, LP64). Instructions are little-endian words.
 *
 * An address is formed relative to the program by PCALAU12I, which makes a page (4 KiB, +-2 GiB),
 * and an ADDI.D or the displacement of a load that brings 12 signed lower bits; in the extreme code
 * model these are ADDI.D from zero, LU32I.D, LU52I.D and an addition. PCADDI (+-2 MiB, words) forms
 * it at once, PCADDU12I and PCADDU18I add to their own address. Absolutely: LU12I.W and ORI, with
 * LU32I.D and LU52I.D for 64 bits. Compilers reach the weak iplt bounds through the GOT: PCALAU12I
 * and LD.D; lld relaxes this to PCALAU12I and ADDI.D, and from LLVM 20 on further to PCADDI. Calls
 * are BL.
 *
 * Branches compare two registers, so that a number is in one: addi.w s8, zero, 12. The type is the
 * low word of r_info, at offset 8 of an entry of 24 bytes. _start has main in a0, formed by five
 * instructions.
 *
 *   insn     a table row for each form of instruction: what it writes, and what it means
 *   address  how a value gets into the instructions that form it
 *   machine  data
 */
#ifndef IRELFIX_LOONGARCH64_H
#define IRELFIX_LOONGARCH64_H

#include "../build.h"

/** r0 is zero, r1 the return address, r3 the stack pointer, r22 the frame pointer. */
enum {
	LOONGARCH64_ZERO = 0, LOONGARCH64_RA = 1, LOONGARCH64_SP = 3, LOONGARCH64_A0 = 4,
	LOONGARCH64_FP = 22
};

/** The temporaries t0 to t8, bit n = register n: Linux keeps none of them over a system call. */
#define LOONGARCH64_TEMPORARIES UINT64_C(0x1ff000)

/** See struct arch. */
bool loongarch64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                        struct insn *out);
bool loongarch64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                      const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
