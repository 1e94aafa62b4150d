/* SPDX-License-Identifier: MIT */
/*
 * One function: its instructions, and which of them may run just before each. What is in its
 * registers and stack slots is asked in definitions.h, where that comes from in values.h.
 */
#ifndef IRELFIX_FLOW_H
#define IRELFIX_FLOW_H

#include "../arch/arch.h"
#include "../elf/image.h"

/** What an analysis ran into. */
enum limit {
	LIMIT_NONE,
	LIMIT_MEMORY, /**< there is no memory left */
	LIMIT_INSNS,  /**< more instructions than the budget has */
	LIMIT_STEPS,  /**< more steps through them */
	LIMIT_PLACES, /**< more places that hold a bound, or things to compare, than can be kept */
};

/** What the analysis of an image may still cost: so that a hostile file is dealt with in time. */
struct budget {
	uint64_t steps;   /**< looks at an instruction, an entry or a symbol */
	uint64_t insns;   /**< decoded instructions */
	enum limit met;   /**< the first limit that was met: answers since then are incomplete */
};

/** Notes down that @limit was met. @return false, so that a caller can end with it. */
bool budget_meet(struct budget *budget, enum limit limit);

/** Takes @count steps; false when there are not so many left. */
static inline bool budget_step(struct budget *budget, uint64_t count)
{
	if (budget->steps < count)
		return budget_meet(budget, LIMIT_STEPS);
	budget->steps -= count;
	return true;
}

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
