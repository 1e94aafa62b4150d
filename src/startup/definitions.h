/* SPDX-License-Identifier: MIT */
/*
 * What is in a register or a stack slot just before an instruction runs: the instructions that may
 * have put it there, along the paths of one function. See values.h for what such an answer is good
 * for.
 */
#ifndef IRELFIX_DEFINITIONS_H
#define IRELFIX_DEFINITIONS_H

#include "flow.h"

/** A register, or a stack slot: the word at a frame register plus an offset as written. */
struct location {
	bool slot;
	uint8_t reg;
	uint64_t offset;
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

/** Register @reg as a place. */
static inline struct location location_of(uint8_t reg)
{
	return (struct location){ .reg = reg };
}

/** Whether @operand is a stack slot: a frame register plus a constant. */
bool location_of_slot(const struct flow *flow, const struct operand *operand, struct location *out);

/** The definitions that may reach @place before @at runs, through copies and slots. */
void definitions_of(const struct flow *flow, const struct insn *at, struct location place,
                    enum origin_mode mode, struct definitions *out);

/** The same of register @reg. */
void flow_definitions(const struct flow *flow, const struct insn *at, uint8_t reg,
                      enum origin_mode mode, struct definitions *out);

/** What the answers of a struct flow_context need; NULL when there is no memory. */
struct walk *walk_new(void);

void walk_free(struct walk *walk);

#endif
