/* SPDX-License-Identifier: MIT */
/*
 * The list of edits: the only way in which a byte of a file is ever changed. The size and the
 * layout of the file stay. Edits are kept in the order in which they have to be written: the
 * iplt bounds last, so that a repair that stops halfway can be completed by another one.
 */
#ifndef IRELFIX_PLAN_H
#define IRELFIX_PLAN_H

#include "../elf/image.h"

struct plan {
	struct irelfix_edit *edits; /**< owned */
	size_t count, room;
	const char *strategy; /**< "narrow" or "pad"; NULL: nothing to do */
	bool ordered; /**< stopping after any edit leaves a file that another repair completes */
};

void plan_free(struct plan *plan);

/**
 * Plans to replace the @size (at most 24) bytes at file @offset by @new_bytes. Equal bytes make
 * no edit.
 *
 * @param address virtual address of the bytes, or 0
 * @param why     static string
 * @param detail  a string that outlives the plan, or NULL
 * @return false with the reason in @error when the bytes are not in the file, or no memory.
 */
bool plan_bytes(struct plan *plan, const struct image *image, uint64_t offset, uint64_t address,
                const unsigned char *new_bytes, uint32_t size, const char *why,
                const char *detail, struct outcome *error);

/**
 * Plans the number @value into the address-sized word at virtual @address; one that is there
 * already is noted until plan_settle(), lest another edit wants something else in its place. A
 * word beyond the file-backed part of its segment is 0 already; it can only stay so.
 */
bool plan_word(struct plan *plan, const struct image *image, uint64_t address, uint64_t value,
               const char *why, const char *detail, struct outcome *error);

/**
 * Makes sure that no two edits touch the same byte, after which those that are planned twice or
 * change nothing are dropped.
 * @return false with IRELFIX_REFUSED in @error when two of them contradict each other
 */
bool plan_settle(struct plan *plan, struct outcome *error);

/** Applies the edits to @data, a copy of the whole file in memory. */
bool plan_apply(const struct plan *plan, unsigned char *data, uint64_t size,
                struct outcome *error);

#endif
