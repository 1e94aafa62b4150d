/* SPDX-License-Identifier: MIT */
/*
 * The places that hold a bound. All of them are changed together or none is: a bound that is
 * changed in half of its places is worse than one that is not. Where instructions form an address
 * in parts, others may build upon the same part; then it has to keep its value.
 */
#ifndef IRELFIX_SITES_H
#define IRELFIX_SITES_H

#include "values.h"

/** One place: a word, or instructions that form the bound together. */
struct site {
	enum origin_kind kind; /**< ORIGIN_WORD or ORIGIN_CODE */
	uint8_t part_count;
	uint8_t shared;        /**< bit n: other instructions build upon parts[n], too */
	uint64_t address;      /**< of the first instruction, or of the word */
	uint64_t base;         /**< what is added to the word's number to get the bound */
	const struct insn *parts[PARTS_MAX]; /**< owned by the functions */
};

struct sites {
	struct site *items; /**< owned */
	size_t count;
};

/** Whether a value stands somewhere as a whole: half an address or a sum does not. */
bool sites_hold(const struct origin *origin);

/**
 * Adds the places among @origins, of one function, that hold @value.
 *
 * @return false when there is none, or no memory
 */
bool sites_add(const struct flow *flow, const struct origins *origins, uint64_t value,
               struct sites *out);

/** Makes @sites empty. */
void sites_clear(struct sites *sites);

#endif
