/* SPDX-License-Identifier: MIT */
/*
 * Arm, 32 bits, little-endian (psABI: AAPCS32, AAELF32). There are two instruction sets: A32,
 * words, nearly all of which can be made conditional; and T32 (Thumb), half words and pairs of
 * them, of which IT makes up to four conditional. Bit 0 of a code address says T32: in e_entry, in
 * symbols, in words that hold the address of a function, and here in struct insn. BX, BLX and loads
 * of pc change the state.
 *
 * Who reads pc gets the address of the second instruction behind: A32 + 8, T32 + 4, which T32
 * rounds down to a word for literals and ADR, but not for ADD. There is no long relative form:
 * compilers put what they need into literals behind the function and load it relative to pc.
 *
 *   ldr r3, [pc, #n]; ldr r4, [r7, r3]     T32: the literal is the offset of a GOT word, r7 the GOT:
 *   ldr r7, [pc, #n]; add r7, pc           its distance, made an address
 *   ldr r7, [pc, #n]; ldr r7, [pc, r7]     A32, clang: the distance of a GOT word
 *   ldr r4, [pc, #n]                       not PIC: the literal is the address
 *   movw r4, #lo; movt r4, #hi             the same from ARMv7 on, 16 bits each
 *
 * The iplt bounds are weak: where libc is PIE, they are GOT words. ld.lld relaxes none of these.
 *
 * Entries are REL, of 8 bytes: addends stand in the slots. The type is the byte at 4, which is what
 * compilers load; gcc advances the pointer first (ldrb r3, [r4, #-4], r4 = S + 8), or walks an
 * index (ldrb r3, [r4, r5, lsl #3], r4 = S + 4), and makes END a number of rounds.
 */
#ifndef IRELFIX_ARM_H
#define IRELFIX_ARM_H

#include "../build.h"

enum { ARM_THUMB_FP = 7, ARM_FP = 11, ARM_SP = 13, ARM_LR = 14, ARM_PC = 15 };

/** The bit of a code address that says T32. */
enum { ARM_THUMB = 1 };

/** Data processing, as A32 numbers it. */
enum arm_operation {
	ARM_AND, ARM_EOR, ARM_SUB, ARM_RSB, ARM_ADD, ARM_ADC, ARM_SBC, ARM_RSC,
	ARM_TST, ARM_TEQ, ARM_CMP, ARM_CMN, ARM_ORR, ARM_MOV, ARM_BIC, ARM_MVN,
	ARM_LOST = ARM_ADC, /**< any one of which nothing is told */
};

/** The last operand of data processing, or an index: a constant, or a register, perhaps shifted. */
struct arm_source {
	struct operand operand; /**< NONE: shifted in a way that is not followed */
	enum effect_kind shift; /**< EFFECT_NONE, EFFECT_LEFT, EFFECT_RIGHT */
	uint8_t amount;         /**< bits */
};

/** The general registers that a row writes: by the field that names them, or by number. */
enum arm_written {
	ARM_AT_0_3 = 1 << 0,  /**< bits 2:0 */
	ARM_AT_8_3 = 1 << 1,  /**< bits 10:8 */
	ARM_AT_0 = 1 << 2,    /**< bits 3:0 */
	ARM_AT_8 = 1 << 3,    /**< bits 11:8 */
	ARM_AT_12 = 1 << 4,   /**< bits 15:12 */
	ARM_AT_16 = 1 << 5,   /**< bits 19:16 */
	ARM_NEXT_12 = 1 << 6, /**< the register after the one in bits 15:12 */
	ARM_R0 = 1 << 7,
	ARM_R14 = 1 << 8,
};

/** Instructions with the same shape. */
struct arm_row {
	uint32_t mask, bits; /**< those that are @bits where @mask has ones */
	unsigned writes;     /**< of enum arm_written, or-ed */
	void (*meaning)(uint32_t word, struct insn *out);
};

/** The rows for coprocessors and SIMD, which A32 and T32 have in common below bit 28. */
extern const struct arm_row arm_coprocessor_rows[];
extern const size_t arm_coprocessor_row_count;

static inline bool arm_bit(uint32_t word, unsigned n)
{
	return (word >> n & 1) != 0;
}

/** What the instruction reads as pc. */
uint64_t arm_pc(const struct insn *insn);

struct operand arm_register(unsigned reg);
struct operand arm_constant(uint64_t value);

/** The memory at register @base (or the literal at pc) plus @displacement. */
struct operand arm_memory(const struct insn *out, unsigned base, uint64_t displacement,
                          uint8_t width);

/** The memory at register @base plus @index; NONE when that cannot be told. */
struct operand arm_memory_indexed(const struct insn *out, unsigned base, struct arm_source index,
                                  uint8_t width);

struct arm_source arm_plain(struct operand operand);

/** Register @reg shifted by a constant, as the instruction sets write it. */
struct arm_source arm_shifted(unsigned reg, unsigned kind, unsigned amount);

/** Adds a move, unless it only writes sp or pc, or there is no room. */
void arm_move(struct insn *out, struct operand dst, struct operand a);

/** Data processing: @rd = @rn @op @b. */
void arm_compute(struct insn *out, enum arm_operation op, unsigned rd, unsigned rn,
                 struct arm_source b);

/** movw and movt: 16 bits of @rd. */
void arm_move_low(struct insn *out, unsigned rd, uint32_t value);
void arm_move_high(struct insn *out, unsigned rd, uint32_t value);

/** Loads register @rt from @place, or stores it there. */
void arm_transfer(struct insn *out, bool load, unsigned rt, struct operand place);

/** The base register moves on by @offset, after pre- and post-index addressing. */
void arm_write_back(struct insn *out, unsigned base, uint64_t offset);

/** ldm and stm: the registers in @list, from @base + @offset on; the base moves on by @move. */
void arm_multiple(struct insn *out, bool load, unsigned base, uint32_t list, uint64_t offset,
                  uint64_t move);

/** Jumps and calls. @target is with its state. */
void arm_branch(struct insn *out, enum insn_flow flow, uint64_t target);
void arm_branch_register(struct insn *out, enum insn_flow flow, unsigned reg);

/** Nothing runs afterwards: the meaning of several rows. */
void arm_end(uint32_t word, struct insn *out);

/** Somewhere unknown is next: the meaning of several rows. */
void arm_jump(uint32_t word, struct insn *out);

/** SIMD loads and stores of structures: the base register may move on. */
void arm_structures(uint32_t word, struct insn *out);

/** When a branch with condition @field is taken. */
enum insn_cond arm_condition(uint32_t field);

/** Decodes @word by the first of the @count rows that fits. @return false when none does. */
bool arm_decode_row(const struct arm_row *rows, size_t count, uint32_t word, struct insn *out);

/** Decodes one instruction of one state; @out has its address, 0 else. */
bool arm_decode_a32(struct bytes code, struct insn *out);
bool arm_decode_t32(struct bytes code, struct insn *out);

/** See struct arch. */
bool arm_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                struct insn *out);
bool arm_form(const struct insn *const parts[], unsigned count, uint64_t value,
              const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
