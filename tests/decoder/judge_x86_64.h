/* SPDX-License-Identifier: MIT */
/*
 * Compares the decoders of x86-64 and i386 with Zydis, a disassembler that knows every operand of
 * every instruction, implicit ones too.
 */
#ifndef IRELFIX_JUDGE_X86_64_H
#define IRELFIX_JUDGE_X86_64_H

#include "../../src/arch/arch.h"

#include <Zydis/Zydis.h>

enum verdict {
	BOTH_REJECT,
	ONLY_JUDGE_REJECTS,
	ONLY_DECODER_REJECTS,
	SAME,   /**< length, flow, written registers and effects are the same */
	DIFFERENT,
};

struct judge {
	const struct arch *arch; /**< whose decoder is compared */
	ZydisDecoder decoder;
	ZydisFormatter formatter;
};

/** What the two say about one instruction. */
struct comparison {
	enum verdict verdict;
	unsigned word; /**< of an address, bytes */
	struct insn ours;
	ZydisDecodedInstruction theirs;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	const char *what; /**< when DIFFERENT: which part */
};

/** @arch: x86-64 or i386 */
void judge_init(struct judge *judge, const struct arch *arch);

/** Decodes the instruction at the start of @code, which is at @address, twice. */
void judge_compare(const struct judge *judge, struct bytes code, uint64_t address,
                   struct comparison *out);

/** Prints one line about @c: the bytes, the difference, the judge's text. */
void judge_print(const struct judge *judge, struct bytes code, const struct comparison *c);

#endif
