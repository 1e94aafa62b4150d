/* SPDX-License-Identifier: MIT */
/*
 * The loop of apply_irel, and which instructions and words hold its bounds.
 *
 * glibc's static startup (csu/libc-start.c, apply_irel) walks a pointer from
 * __rela_iplt_start to __rela_iplt_end and compares each entry's type with IRELATIVE. That
 * comparison is found by following the program from e_entry; the pointer it reads through
 * comes from START, and what the pointer is compared with comes from END.
 */
#ifndef IRELFIX_LOOP_H
#define IRELFIX_LOOP_H

#include "../elf/reloc.h"
#include "functions.h"
#include "sites.h"

struct loop {
	size_t tests;        /**< comparisons of an entry's type with IRELATIVE, in functions that
	                          e_entry leads to; elsewhere other code has such as well */
	bool found;          /**< the rest is valid */
	bool skips;          /**< it passes over other types: not glibc's, which ends the program */
	uint64_t start, end; /**< the bounds, virtual addresses */
	struct sites starts, ends;
};

/**
 * Finds the iplt bounds of a static executable. Exactly one pair must be consistent with the
 * code and with the image; else nothing is found.
 *
 * @param everywhere also in code that e_entry is not seen to lead to
 * @param out to be freed by loop_free(); its sites point into @functions
 * @return false with IRELFIX_REFUSED and the step that failed in @why.
 */
bool loop_find(struct functions *functions, const struct reloc_tables *tables, bool everywhere,
               struct loop *out, struct outcome *why);

void loop_free(struct loop *loop);

#endif
