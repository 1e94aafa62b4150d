/* SPDX-License-Identifier: MIT */
/*
 * What can be read off the startup code of a static-PIE about the glibc that it comes from: how
 * _dl_relocate_static_pie will treat the file.
 */
#ifndef IRELFIX_GLIBC_H
#define IRELFIX_GLIBC_H

#include "../elf/reloc.h"
#include "functions.h"

struct glibc {
	bool read;       /**< the rest is valid */
	bool relocates;  /**< elf_get_dynamic_info is in it: for itself, or for what it loads (dlopen) */
	bool old;        /**< it is older than 2.36 */
	bool knows_bias; /**< it finds out where it was linked, which need not be at 0 */
	uint64_t dynamic;     /**< where it takes _DYNAMIC to be, virtual address; 0: not known */
	uint64_t unrelocated; /**< a word that it reads before it is relocated, or 0 */
	enum limit limit;     /**< what kept the code from being read as a whole */
};

/** Reads the functions that e_entry leads to. */
void glibc_read(struct functions *functions, struct glibc *out);

#endif
