/* SPDX-License-Identifier: MIT */
/*
 * What the machines of the Power ISA share: the meaning of an instruction, and how a value gets
 * into the instructions that form it. No machine by itself: the folders that are one (ppc64le,
 * ppc32) name byte order and word.
 *
 * Instructions are words of 4 bytes, in the order of the data; from Power10 on there are prefixed
 * ones of 8. An address that the code does not have in a register is base + 32 bits: addis adds the
 * upper half (of which the lower one's sign was taken away: @ha), addi or the displacement of a
 * load the lower half (@l). The base is nothing (lis: addis with register 0), on ppc64le the TOC
 * pointer in r2, on ppc32 a GOT base, of which the code knows its distance. A word that the base
 * reaches by 16 bits needs no addis.
 *
 * As a base, register 0 means the number 0. LR holds where a call returns to, CTR where an indirect
 * jump or call goes; both are set from a general register. The instructions that compare leave
 * flags in one of eight fields, which say nothing of signs: blt after cmplw means below.
 */
#ifndef IRELFIX_POWER_H
#define IRELFIX_POWER_H

#include "../build.h"

enum { POWER_SP = 1, POWER_TOC = 2, POWER_FP = 31, POWER_LR = 32, POWER_CTR = 33 };

/** Registers that a call leaves unknown: r0, r3 to r12, LR and CTR. */
#define POWER_CALLER_SAVED \
	(UINT64_C(0x1ff9) | UINT64_C(1) << POWER_LR | UINT64_C(1) << POWER_CTR)

/** What the machines differ in. */
struct power {
	enum byte_order order;
	uint8_t word; /**< width of a general register, bytes */
	uint64_t toc; /**< what r2 holds everywhere; 0: nothing that is known */
};

/** The primary opcode. */
static inline uint32_t power_opcode(uint32_t word)
{
	return word >> 26;
}

/** The registers of most instructions. */
static inline uint8_t power_rt(uint32_t word)
{
	return (uint8_t)word_field(word, 21, 5);
}

static inline uint8_t power_ra(uint32_t word)
{
	return (uint8_t)word_field(word, 16, 5);
}

static inline uint8_t power_rb(uint32_t word)
{
	return (uint8_t)word_field(word, 11, 5);
}

/** The displacement of a prefixed instruction counts from its own address. */
static inline bool power_is_relative(uint32_t prefix)
{
	return word_field(prefix, 20, 1) != 0;
}

/** See struct arch. */
bool power_decode(struct power power, struct bytes code, uint64_t address, struct insn *out);
bool power_form(struct power power, const struct insn *const parts[], unsigned count,
                uint64_t value, unsigned char code[][INSN_MAX]);

#endif
