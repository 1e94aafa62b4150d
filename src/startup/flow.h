/* SPDX-License-Identifier: MIT */
/*
 * One function: its instructions by control flow, and where the values in its registers and
 * stack slots come from. The analysis is a may-analysis and unsound on purpose: memory behind
 * other pointers is not followed, an unknown path adds nothing. Whoever asks must validate the
 * answer (loop.c does).
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
bool budget_step(struct budget *budget, uint64_t count);

/** What the analyses of all functions of an image have in common. */
struct flow_context {
	const struct image *image;
	const struct arch *arch;
	struct arch_context decoder;
	unsigned entsize;     /**< of an entry that startup walks, bytes; see struct definition */
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
};

struct flow {
	struct flow_context *context;
	struct insn *insns;   /**< in order of discovery; [0] is the entry; owned */
	struct run *runs;     /**< of each: what it and the straight code in front of it writes */
	size_t count;
	uint32_t *pred_start; /**< predecessors of insn i: preds[pred_start[i]..pred_start[i+1]) */
	uint32_t *preds;
	uint32_t *slots;      /**< hash table of insn indices + 1 by address */
	size_t slot_count;    /**< a power of two */
	bool cut_off;         /**< it has more instructions than a function may have */
};

/** Where a value was born. */
enum origin_kind {
	ORIGIN_CODE,    /**< @parts form it: lea, mov imm, adr, adrp+add, movz+movk, cmp imm */
	ORIGIN_WORD,    /**< it is the word at @word (a GOT entry, a literal), read by @parts[0],
	                     plus @base */
	ORIGIN_PART,    /**< only a part of an address, by @parts: ADRP */
	ORIGIN_DERIVED, /**< computed from others: the value is right, but it stands nowhere */
};

struct origin {
	enum origin_kind kind;
	uint8_t part_count;
	uint8_t bias;   /**< ORIGIN_BASE: what was added to it since, modulo the entry size */
	uint64_t value;
	uint64_t word;  /**< virtual address of the word, for ORIGIN_WORD */
	uint64_t base;  /**< what is added to the word's number to get @value */
	const struct insn *parts[PARTS_MAX];
};

enum { ORIGINS_MAX = 24 };

struct origins {
	struct origin items[ORIGINS_MAX];
	size_t count;
	bool truncated; /**< there are more than could be kept */
};

/** How to treat arithmetic on the way to where a value was born. */
enum origin_mode {
	ORIGIN_BASE,  /**< where a pointer started: P = P + 24 in a loop keeps P's origin */
	ORIGIN_EXACT, /**< the exact value: adding makes a derived one */
	ORIGIN_BITS,  /**< where a number was loaded, of which some bits are looked at */
};

/** The instruction and its effect that give a register or stack slot its value. */
struct definition {
	const struct insn *insn;
	const struct effect *effect;
	uint8_t bias; /**< ORIGIN_BASE: what is added to it since then, modulo the entry size: a
	                   pointer that is advanced by whole entries keeps its bias */
};

enum { DEFINITIONS_MAX = 64 };

struct definitions {
	struct definition items[DEFINITIONS_MAX];
	size_t count;
	bool truncated; /**< there are more than could be kept */
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

/** The definitions that may reach register @reg before @at runs, through copies and slots. */
void flow_definitions(const struct flow *flow, const struct insn *at, uint8_t reg,
                      enum origin_mode mode, struct definitions *out);

/** The origins of @what as @at sees it, added to @out. */
void flow_origins(const struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out);

/** The origins of the value that @definition makes, added to @out. */
void flow_defined(const struct flow *flow, const struct definition *definition,
                  enum origin_mode mode, struct origins *out);

/** Whether both are the same place with the same value; how they were biased since does not count. */
bool origin_equal(const struct origin *a, const struct origin *b);

/** Makes @set empty: faster than an initializer, which also clears the items. */
void origins_clear(struct origins *set);

/** Adds @origin unless it is there or there is no room. */
void origins_add(struct origins *set, const struct origin *origin);

bool origins_has(const struct origins *set, const struct origin *origin);

#endif
