/* SPDX-License-Identifier: MIT */
/*
 * The code at e_entry, and main. glibc's start.S passes main to __libc_start_main; on some machines
 * through a stub, or in a structure.
 */
#ifndef IRELFIX_MAIN_H
#define IRELFIX_MAIN_H

#include "../elf/reloc.h"
#include "functions.h"

/** What _start does. */
struct entry_point {
	bool found;           /**< @main is known */
	uint64_t main;        /**< virtual address of main, behind stubs */
	uint64_t unrelocated; /**< a word that it reads, which only a RELATIVE entry fills; or 0 */
};

/**
 * Reads the code at e_entry: what it passes to the function that it calls or jumps to is main if it
 * is code; else the symbol main is.
 */
void main_find(struct functions *functions, const struct reloc_tables *tables,
               struct entry_point *out);

/** How many bytes from @main on are that function's, in a row. Constructors may follow. */
uint64_t main_room(struct functions *functions, uint64_t main);

#endif
