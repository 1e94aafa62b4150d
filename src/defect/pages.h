/* SPDX-License-Identifier: MIT */
/*
 * What the kernel maps for the PT_LOADs. It maps whole pages of the file, one PT_LOAD after the other in
 * the order of the program headers (fs/binfmt_elf.c): where two share a page, the later one's file bytes
 * and rights are what is there.
 */
#ifndef IRELFIX_PAGES_H
#define IRELFIX_PAGES_H

#include "../elf/image.h"

/**
 * Whether the @len bytes at virtual @address are there as their PT_LOAD says: with the rights @flags
 * (PF_*) and its bytes of the file.
 */
bool pages_keep(const struct image *image, uint64_t address, uint64_t len, uint32_t flags);

/** The first page of which a later PT_LOAD takes rights or bytes from an earlier one; false: none. */
bool pages_lost(const struct image *image, uint64_t *page);

/** Whether the @len bytes at file @offset are in memory, with the rest of some page. */
bool pages_hold(const struct image *image, uint64_t offset, uint64_t len);

#endif
