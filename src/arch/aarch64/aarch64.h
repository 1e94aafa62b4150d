/* SPDX-License-Identifier: MIT */
/*
 * AArch64 (psABI: AAPCS64, AAELF64). Instructions are little-endian words, whatever the order of
 * the data.
 *
 * An address is formed by ADR (+-1 MiB), or by ADRP, which makes the page (4 KiB, +-4 GiB), and an
 * ADD or the displacement of a load that brings the rest; absolutely by MOVZ and MOVK, 16 bits
 * each. A load of a literal reads a word near the code. Compilers reach the weak iplt bounds
 * through the GOT, often from one shared ADRP; lld relaxes ADRP and LDR of a GOT word to ADRP and
 * ADD, or to NOP and ADR. The type is the low word of r_info, at offset 8 of an entry of 24 bytes.
 */
#ifndef IRELFIX_AARCH64_H
#define IRELFIX_AARCH64_H

#include "../build.h"

/** Register 31 is sp in some operands and zero in the others. */
enum { AARCH64_FP = 29, AARCH64_LR = 30, AARCH64_SP = 31, AARCH64_ZERO = 31 };

/** How far movz, movn and movk shift their 16 bits to the left. */
static inline unsigned aarch64_wide_shift(uint32_t word)
{
	return 16 * word_field(word, 21, 2);
}

/** The width in bytes of most data-processing instructions: bit 31. */
static inline uint8_t aarch64_width(uint32_t word)
{
	return word >> 31 ? 8 : 4;
}

/** See struct arch. */
bool aarch64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                    struct insn *out);
bool aarch64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                  const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
