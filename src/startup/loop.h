/* SPDX-License-Identifier: MIT */
/*
 * Which instructions and words hold the iplt bounds.
 *
 * glibc's static startup (csu/libc-start.c, apply_irel) walks a pointer from
 * __rela_iplt_start to __rela_iplt_end and compares each entry's type with IRELATIVE. That
 * comparison is found by following the program from e_entry; the pointer it reads through
 * comes from START, and what the pointer is compared with comes from END.
 */
#ifndef IRELFIX_BOUNDS_H
#define IRELFIX_BOUNDS_H

#include "flow.h"
#include "../elf/reloc.h"

/** A place that holds a bound: one word, or up to four instructions that form it together. */
struct site {
	enum origin_kind kind; /**< ORIGIN_WORD or ORIGIN_CODE */
	uint64_t address;      /**< of the first instruction, or of the word */
	uint64_t reader;       /**< of the instruction that brings the value into the loop */
	struct insn parts[ORIGIN_PARTS_MAX];
	unsigned part_count;
	bool shared_page; /**< parts[0] is an ADRP that other instructions build upon, too */
};

enum { SITES_MAX = 12 };

struct sites {
	struct site items[SITES_MAX];
	size_t count;
};

/** How the bounds were found. */
enum bounds_method {
	BOUNDS_NONE,     /**< not found */
	BOUNDS_FLOW,     /**< from e_entry, by control and data flow */
	BOUNDS_SEARCH,   /**< the loop was searched for in the whole image, then as above */
	BOUNDS_VALUE,    /**< by their values in a function that startup reaches */
};

struct bounds {
	enum bounds_method method;
	uint64_t start, end; /**< virtual addresses */
	struct sites starts, ends;
	uint64_t function;   /**< virtual address of the function with the loop */
};

/**
 * Finds the iplt bounds of a static executable. Exactly one pair must be consistent with the
 * code and with the image; else nothing is found.
 *
 * @return false with IRELFIX_REFUSED and the step that failed in @why.
 */
bool bounds_locate(const struct image *image, const struct arch *arch,
                   const struct reloc_tables *tables, struct bounds *out, struct outcome *why);

#endif
