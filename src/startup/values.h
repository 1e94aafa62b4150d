/* SPDX-License-Identifier: MIT */
/*
 * Where the values in registers and stack slots come from, and which instructions or words hold
 * them.
 *
 * The analysis is a may-analysis and unsound on purpose: memory behind other pointers is not
 * followed, an unknown path adds nothing. So an answer may lack origins, and may hold some that
 * never meet there. Nobody relies on an answer alone: the loop is accepted only if what its bounds
 * span is a relocation table (loop.c), and the result of a repair goes through the same analysis
 * once more.
 */
#ifndef IRELFIX_VALUES_H
#define IRELFIX_VALUES_H

#include "definitions.h"

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

/** The origins of @what as @at sees it, added to @out. */
void flow_origins(const struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out);

/** The origins of the value that @definition makes, added to @out. */
void flow_defined(const struct flow *flow, const struct definition *definition,
                  enum origin_mode mode, struct origins *out);

/** Makes @set empty: faster than an initializer, which also clears the items. */
void origins_clear(struct origins *set);

/** Adds @origin unless it is there or there is no room. */
void origins_add(struct origins *set, const struct origin *origin);

bool origins_has(const struct origins *set, const struct origin *origin);

#endif
