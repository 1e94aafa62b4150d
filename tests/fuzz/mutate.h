/* SPDX-License-Identifier: MIT */
/*
 * Changes one field of an ELF header, program header, dynamic entry, relocation, symbol or
 * section header to a value that is likely to matter. What is no ELF file any more, and every
 * other time anything, is left to libFuzzer's own mutations.
 */
#ifndef IRELFIX_MUTATE_H
#define IRELFIX_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/** Mutates the file of @size bytes in @data. @return its new size, at most @max_size. */
size_t mutate_elf(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

#endif
