/* SPDX-License-Identifier: MIT */
/*
 * s390x (psABI: "ELF Application Binary Interface s390x Supplement"). Big-endian, code and data.
 * Instructions have 2, 4 or 6 bytes, which the two highest bits of the first one tell, and stand at
 * even addresses. The manual ("z/Architecture Principles of Operation") numbers bits from the
 * highest one on; so do the field numbers here.
 *
 * An address is formed by LARL, from the distance in halfwords (+-4 GiB, even addresses), whole and
 * in one instruction, with and without -fpic. The word of a GOT is read by LGRL, compared with by
 * CLGRL, or, before z10, read by LARL and LG. lld relaxes LGRL of a GOT word to LARL, but has
 * nothing to replace CLGRL by: END may be a word where START is an instruction. Literal pools hold
 * the other constants.
 *
 * r15 is the stack pointer, r11 the frame pointer where there is one, r14 the return address.
 * Register 0 as a base or index means none. A comparison sets the condition code to equal, low or
 * high, and a branch has a mask of the codes that take it; from z10 on one instruction does both.
 * 32-bit instructions leave the upper half of a register as it is.
 *
 * The type is the low word of r_info: big-endian, so at offset 12 of an entry of 24 bytes.
 */
#ifndef IRELFIX_S390X_H
#define IRELFIX_S390X_H

#include "../build.h"

enum { S390X_FP = 11, S390X_RETURN = 14, S390X_SP = 15 };

/** See struct arch. */
bool s390x_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                  struct insn *out);
bool s390x_form(const struct insn *const parts[], unsigned count, uint64_t value,
                const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
