/* SPDX-License-Identifier: MIT */
/*
 * An x86-64 instruction taken apart into the fields of its encoding, which also gives
 * its exact length.
 */
#ifndef IRELFIX_X86_64_FIELDS_H
#define IRELFIX_X86_64_FIELDS_H

#include "../arch.h"
#include "opcodes.h"

/** An instruction's encoding. Register numbers include the bits of REX, VEX and EVEX. */
struct fields {
	struct bytes code; /**< at most INSN_MAX bytes */
	uint64_t address;
	uint8_t length;    /**< bytes taken so far, in the end all of them */

	bool operand16, address32, lock, segment; /**< there is a 66, 67, F0, FS or GS */
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

/** The signed number in the low @width bytes of @value. */
uint64_t x86_64_sign_extend(uint64_t value, unsigned width);

/**
 * Takes the instruction at the start of @code, which is at virtual address @address, apart.
 * @return false when the bytes are no instruction or end too early.
 */
bool x86_64_parse(struct bytes code, uint64_t address, struct fields *out);

#endif
