/* SPDX-License-Identifier: MIT */
/*
 * The functions that startup reaches, each decoded once. They are found from e_entry on, nearest
 * first.
 */
#ifndef IRELFIX_FUNCTIONS_H
#define IRELFIX_FUNCTIONS_H

#include "values.h"

struct function {
	uint64_t entry;    /**< virtual address */
	uint8_t depth;     /**< calls between e_entry and this function, when @reached */
	bool reached;      /**< e_entry leads to it */
	bool expanded;     /**< what it calls is known as well */
	bool decoded;      /**< @flow is valid */
	bool pinned;       /**< @flow stays so until functions_end() */
	struct flow flow;
};

struct functions {
	struct flow_context context;
	struct function **items; /**< all that were asked for, by address; owned */
	size_t count, room;      /**< room is a power of two: a hash table */
	struct function **reached; /**< those that e_entry leads to, nearest first */
	size_t reached_count;
	size_t kept;             /**< functions that are decoded */
	size_t insns;            /**< decoded instructions that are kept */
	size_t pinned;           /**< of these, those that stay kept */
	size_t decodings;        /**< how often a function was decoded */
};

/** Starts without any function. @return false when the machine's context cannot be told. */
bool functions_begin(struct functions *functions, const struct image *image,
                     const struct arch *arch, unsigned entsize);

void functions_end(struct functions *functions);

/**
 * The decoded function at virtual address @entry, to be given back by functions_release().
 * @return NULL when a limit was met
 */
struct function *functions_get(struct functions *functions, uint64_t entry);

/** Gives back what functions_get() returned. Its flow may be gone afterwards. */
void functions_release(struct functions *functions, struct function *function);

/** Keeps @function decoded until functions_end(); false when it would be too much that is kept. */
bool functions_pin(struct functions *functions, struct function *function);

/** Visits one function; false: enough. */
typedef bool functions_visit(void *context, struct function *function);

/**
 * Visits the functions that e_entry leads to by at most three calls, nearest first, until @visit
 * has enough or a limit is met. Functions that do not decode are passed over.
 */
void functions_reach(struct functions *functions, functions_visit *visit, void *context);

#endif
