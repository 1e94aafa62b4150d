/* SPDX-License-Identifier: MIT */
/*
 * The list of edits: the only way in which a byte of a file is ever changed. The size and the
 * layout of the file stay. Edits are kept in the order of their stages, in which they have to be
 * written: the iplt bounds last, so that a repair that stops halfway can be completed by another
 * one.
 */
#ifndef IRELFIX_PLAN_H
#define IRELFIX_PLAN_H

#include "../base/names.h"
#include "../elf/image.h"

struct plan {
	const struct image *image;  /**< what is to be changed */
	struct irelfix_edit *edits; /**< owned */
	size_t count, room;
	struct names names;         /**< that the edits are about */
	enum irelfix_strategy strategy;
	bool ordered; /**< stopping after any edit leaves a file that another repair completes */
};

/** What an edit is for. */
struct purpose {
	enum irelfix_stage stage;
	const char *symbol; /**< that it is about, or NULL; copied */
	bool instruction;   /**< the bytes are an instruction, not a word */
};

/** Makes @plan an empty one for @image, which must outlive it. */
void plan_begin(struct plan *plan, const struct image *image);

void plan_free(struct plan *plan);

/** Drops the edits, so that another way can be tried. */
void plan_clear(struct plan *plan);

/**
 * Plans to replace the @size (at most 24) bytes at file @offset by @new_bytes. Equal bytes make
 * no edit.
 *
 * @param address virtual address of the bytes, or 0
 * @return false with the reason in @why when the bytes are not in the file, or no memory.
 */
bool plan_bytes(struct plan *plan, const struct purpose *purpose, uint64_t offset,
                uint64_t address, const unsigned char *new_bytes, uint32_t size,
                struct outcome *why);

/**
 * Plans the number @value into the address-sized word at virtual @address. One that is there already
 * is kept even if unchanged, so that plan_settle() can detect a conflicting edit; then dropped. A
 * word beyond the file-backed part of its segment is 0 already; it can only stay so.
 */
bool plan_word(struct plan *plan, const struct purpose *purpose, uint64_t address, uint64_t value,
               struct outcome *why);

/**
 * Makes sure that no two edits touch the same byte, after which those that are planned twice or
 * change nothing are dropped, and puts them in the order of their stages.
 * @return false with IRELFIX_REFUSED in @why when two of them contradict each other
 */
bool plan_settle(struct plan *plan, struct outcome *why);

/** Applies the edits to @data, a copy of the whole file in memory. */
bool plan_apply(const struct plan *plan, unsigned char *data, uint64_t size,
                struct outcome *why);

/** How many edits from @from on are of the same stage. */
size_t plan_stage(const struct plan *plan, size_t from);

#endif
