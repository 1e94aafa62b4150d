/* SPDX-License-Identifier: MIT */
/*
 * One function: its instructions by control flow, and where the values in its registers and
 * stack slots come from. The analysis is a may-analysis and unsound on purpose: memory behind
 * other pointers is not followed, an unknown path adds nothing. Whoever asks must validate the
 * answer (bounds.c does).
 */
#ifndef IRELFIX_FLOW_H
#define IRELFIX_FLOW_H

#include "../arch/arch.h"
#include "../elf/image.h"

struct flow {
	const struct image *image;
	const struct arch *arch;
	struct insn *insns; /**< in order of discovery; [0] is the entry; owned */
	size_t count;
	uint32_t *pred_start; /**< predecessors of insn i: preds[pred_start[i]..pred_start[i+1]) */
	uint32_t *preds;
	uint32_t *slots;      /**< hash table of insn indices + 1 by address */
	size_t slot_count;    /**< a power of two */
	uint64_t steps;       /**< what the analysis may still cost; the caller may set it */
	bool failed;          /**< out of memory or of steps: answers are incomplete */
};

/** Where a value was born. */
enum origin_kind {
	ORIGIN_CODE,    /**< @parts form it: lea, mov imm, adr, adrp+add, movz+movk, cmp imm */
	ORIGIN_WORD,    /**< it is the word at @word (a GOT entry, a literal), read by @parts[0] */
	ORIGIN_PAGE,    /**< only the page of an address, by ADRP @parts[0] */
	ORIGIN_DERIVED, /**< computed from others: the value is right, but it stands nowhere */
};

enum { ORIGIN_PARTS_MAX = 4 };

struct origin {
	enum origin_kind kind;
	uint64_t value;
	uint64_t word; /**< virtual address of the word, for ORIGIN_WORD */
	const struct insn *parts[ORIGIN_PARTS_MAX];
	unsigned part_count;
};

enum { ORIGINS_MAX = 24 };

struct origins {
	struct origin items[ORIGINS_MAX];
	size_t count;
	bool truncated; /**< there are more than could be kept */
};

/** How to treat an added constant. */
enum origin_mode {
	/** The value where the pointer started: P = P + 24 in a loop keeps P's origin. */
	ORIGIN_BASE,
	/** The exact value: adding makes a derived one. */
	ORIGIN_EXACT,
};

/** The instruction and its effect that give a register or stack slot its value. */
struct definition {
	const struct insn *insn;
	const struct effect *effect;
};

enum { DEFINITIONS_MAX = 64 };

struct definitions {
	struct definition items[DEFINITIONS_MAX];
	size_t count;
	bool truncated; /**< there are more than could be kept */
};

/**
 * Decodes the function at virtual address @entry by following its control flow.
 * @return false when there is no memory; a function that does not decode has count 0.
 */
bool flow_build(const struct image *image, const struct arch *arch, uint64_t entry,
                struct flow *out);

void flow_free(struct flow *flow);

/** The instruction at virtual @address, or NULL when the function does not run it. */
const struct insn *flow_at(const struct flow *flow, uint64_t address);

/** The definitions that may reach register @reg before @at runs, through copies and slots. */
void flow_definitions(struct flow *flow, const struct insn *at, uint8_t reg,
                      struct definitions *out);

/** The origins of @what as @at sees it, added to @out. */
void flow_origins(struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out);

/** The origins of the value that @definition makes, added to @out. */
void flow_defined(struct flow *flow, const struct definition *definition, enum origin_mode mode,
                  struct origins *out);

bool origin_equal(const struct origin *a, const struct origin *b);

/** Makes @set empty: faster than an initializer, which also clears the items. */
void origins_clear(struct origins *set);

/** Adds @origin unless it is there or there is no room. */
void origins_add(struct origins *set, const struct origin *origin);

bool origins_has(const struct origins *set, const struct origin *origin);

#endif
