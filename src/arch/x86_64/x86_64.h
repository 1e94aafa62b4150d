/* SPDX-License-Identifier: MIT */
/*
 * x86-64 (psABI: System V, AMD64 supplement).
 *
 * An address is formed relative to the instruction pointer (lea, +-2 GiB), or absolutely as the
 * immediate of mov, movabs or cmp (-fno-pie); a load relative to the instruction pointer reads a
 * GOT word. Compilers reach the weak iplt bounds through the GOT with R_X86_64_REX_GOTPCRELX, which
 * the linker relaxes: mov of a GOT word to lea, cmp with a GOT word to cmp with an immediate. The
 * type is the low word of r_info, at offset 8 of an entry of 24 bytes.
 *
 * Instructions are taken apart in ../x86, which i386 shares.
 */
#ifndef IRELFIX_X86_64_H
#define IRELFIX_X86_64_H

#include "../x86/fields.h"

/** See struct arch. */
bool x86_64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                   struct insn *out);
bool x86_64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                 const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
