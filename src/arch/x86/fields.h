/* SPDX-License-Identifier: MIT */
/*
 * What x86-64 and i386 share: an instruction taken apart into the fields of its encoding, which
 * also gives its exact length, and its meaning. No machine by itself: these are two modes of one
 * processor, and the mode is a value here.
 *
 *   opcodes  the opcode maps as tables
 *   fields   an instruction taken apart
 *   insn     what it means
 */
#ifndef IRELFIX_X86_FIELDS_H
#define IRELFIX_X86_FIELDS_H

#include "../build.h"
#include "opcodes.h"

/** Registers as instructions number them. */
enum {
	X86_AX, X86_CX, X86_DX, X86_BX, X86_SP, X86_BP, X86_SI, X86_DI,
	X86_R8, X86_R9, X86_R10, X86_R11
};

/** The operation of a cmp: the opcodes 38 to 3D, and /7 of 80, 81 and 83. */
enum { X86_CMP = 7 };

/** What the processor takes the bytes for. 32 bits: protected mode with 32-bit code segments. */
enum mode { MODE_64, MODE_32 };

/** An instruction's encoding. Register numbers include the bits of REX, VEX and EVEX. */
struct fields {
	struct bytes code; /**< at most INSN_MAX bytes */
	uint64_t address;
	enum mode mode;
	uint8_t length;    /**< bytes taken so far, in the end all of them */

	bool operand16, short_address, lock, segment; /**< there is a 66, 67, F0, FS or GS */
	uint8_t repeat;    /**< F2, F3 or 0 */
	uint8_t rex;       /**< the REX byte or 0 */
	bool w;            /**< the W of REX, VEX or EVEX */
	uint8_t r, x, b;   /**< their R, X, B: 8 or 0 */
	uint8_t vvvv;      /**< the register there */
	enum simd_prefix simd;

	enum opcode_map map;
	uint8_t opcode;
	struct opcode entry; /**< what the maps say about it */
	uint8_t width;       /**< bytes of a general operand that is not a single byte: 2, 4, 8 */

	uint8_t mod;     /**< 3: r/m is a register, or there is no ModRM */
	uint8_t member;  /**< ModRM.reg alone, which selects in a group */
	uint8_t reg, rm; /**< registers */
	struct operand memory; /**< r/m when it is memory, without width; its kind is OPERAND_NONE
	                            when `struct operand` cannot express it */
	bool rip_relative;
	uint64_t immediate; /**< sign-extended; a branch's distance too. Offsets are not signed */
};

/**
 * Takes the instruction at the start of @code, which is at virtual address @address, apart.
 * @return false when the bytes are no instruction or end too early.
 */
bool x86_parse(struct bytes code, uint64_t address, enum mode mode, struct fields *out);

/** What the instruction means, as far as it means the same in both modes. */
void x86_interpret(const struct fields *fields, struct insn *out);

#endif
