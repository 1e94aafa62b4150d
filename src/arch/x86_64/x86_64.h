/* SPDX-License-Identifier: MIT */
/*
 * x86-64 (psABI: System V, AMD64 supplement).
 *
 * An address is formed relative to the instruction pointer (lea, +-2 GiB), or absolutely as the
 * immediate of mov, movabs or cmp (-fno-pie); a load relative to the instruction pointer reads a GOT
 * word. Compilers reach the weak iplt bounds through the GOT with R_X86_64_REX_GOTPCRELX, which the
 * linker relaxes: mov of a GOT word to lea, cmp with a GOT word to cmp with an immediate. The type is
 * the low word of r_info, at offset 8 of an entry of 24 bytes.
 *
 *   opcodes  the opcode maps as tables
 *   fields   an instruction taken apart, and its length
 *   insn     what it means
 *   address  how a value gets into it
 *   machine  data
 */
#ifndef IRELFIX_X86_64_H
#define IRELFIX_X86_64_H

#include "../arch.h"

/** Registers as instructions number them. */
enum {
	X86_64_AX, X86_64_CX, X86_64_DX, X86_64_BX, X86_64_SP, X86_64_BP, X86_64_SI, X86_64_DI,
	X86_64_R8, X86_64_R9, X86_64_R10, X86_64_R11
};

/** The operation of a cmp: the opcodes 38 to 3D, and /7 of 80, 81 and 83. */
enum { X86_64_CMP = 7 };

/** See struct arch. */
bool x86_64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                   struct insn *out);
bool x86_64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                 const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
