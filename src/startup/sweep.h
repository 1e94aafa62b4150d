/* SPDX-License-Identifier: MIT */
/* The apply_irel loop in an image whose startup cannot be followed from e_entry. */
#ifndef IRELFIX_SEARCH_H
#define IRELFIX_SEARCH_H

#include "../arch/arch.h"
#include "../elf/image.h"

/**
 * Goes through all executable segments for instructions that compare something with the number
 * of IRELATIVE, and calls @visit with the virtual address of each function that contains one:
 * as PT_GNU_EH_FRAME says, or the nearest call target before it. @visit returns false to stop.
 */
void search_loops(const struct image *image, const struct arch *arch,
                  bool (*visit)(void *context, uint64_t function), void *context);

#endif
