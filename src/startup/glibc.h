/* SPDX-License-Identifier: MIT */
/*
 * Whether glibc's startup can relocate a static-PIE at all. Some of lld's cannot start for
 * reasons of their own, with or without a shared library on the line; repairing their weak
 * references would only pretend to help.
 */
#ifndef IRELFIX_PIE_H
#define IRELFIX_PIE_H

#include "../elf/reloc.h"

struct arch;

/**
 * Looks for what glibc's static-PIE startup is known to fail on: packed (APS2) relocations,
 * program headers that are not loaded, RELR and a read-only PT_DYNAMIC before glibc 2.36, and
 * GOT words that are read before they are relocated.
 *
 * @return false with IRELFIX_REFUSED and what to link differently in @why
 */
bool pie_can_start(const struct image *image, const struct arch *arch,
                   const struct reloc_tables *tables, struct outcome *why);

#endif
