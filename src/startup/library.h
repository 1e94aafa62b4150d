/* SPDX-License-Identifier: MIT */
/*
 * Whose startup it is, and what that makes of the file, as its code says. glibc's ends the program at an
 * entry in the bounds that is not IRELATIVE; LLVM's libc and FreeBSD's pass over it; musl walks none.
 */
#ifndef IRELFIX_LIBRARY_H
#define IRELFIX_LIBRARY_H

#include "startup.h"

/** Finds the loop of @startup where that is needed to tell, and with it the library. */
void library_find(struct startup *startup);

/**
 * Whether a static startup is inside of what names a dynamic linker: the kernel starts that, and
 * nobody what e_entry leads to before ld.so has made it a dynamic program.
 */
bool library_is_inside(struct startup *startup);

#endif
