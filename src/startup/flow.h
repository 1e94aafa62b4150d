/* SPDX-License-Identifier: MIT */
/*
 * One function: its instructions, and which of them may run just before each. What is in its
 * registers and stack slots is asked in definitions.h, where that comes from in values.h.
 */
#ifndef IRELFIX_FLOW_H
#define IRELFIX_FLOW_H

#include "budget.h"

#include "../arch/arch.h"
#include "../elf/image.h"

/** What the analyses of all functions of an image have in common. */
struct flow_context {
	const struct image *image;
	const struct arch *arch;
	struct arch_context decoder;
	unsigned entsize;     /**< of an entry that startup walks, bytes; see definitions.h */
	struct budget budget;
	struct walk *walk;    /**< the analysis' scratch memory; owned */
};

/** Starts with a fresh budget. @return false when the machine's context cannot be told. */
bool flow_begin(struct flow_context *context, const struct image *image, const struct arch *arch,
                unsigned entsize);

void flow_end(struct flow_context *context);

/** What an instruction writes, and the straight code before it. Bit n = register n. */
struct run {
	uint64_t writes; /**< registers that the instruction sets or loses */
	uint64_t all;    /**< and that any from @head on to it does */
	uint32_t head;   /**< index of the first instruction of the straight code */
	uint32_t before; /**< of the only one that runs just before it; of itself: several, or it is the
	                      entry */
};

struct flow {
	struct flow_context *context;
	struct insn *insns;   /**< in order of discovery; [0] is the entry; owned */
	struct run *runs;     /**< of each; owned */
	size_t count;
	uint32_t *pred_start; /**< predecessors of insn i: preds[pred_start[i]..pred_start[i+1]) */
	uint32_t *preds;
	uint32_t *slots;      /**< hash table of insn indices + 1 by address */
	size_t slot_count;    /**< a power of two */
	bool cut_off;         /**< it has more instructions than a function may have */
};

/**
 * Decodes the function at virtual address @entry by following its control flow, at the expense of
 * the budget.
 *
 * @return false when there is no memory or no budget for it; a function that does not decode has
 *         count 0.
 */
bool flow_build(struct flow_context *context, uint64_t entry, struct flow *out);

void flow_free(struct flow *flow);

/** The instruction at virtual @address, or NULL when the function does not run it. */
const struct insn *flow_at(const struct flow *flow, uint64_t address);

#endif
