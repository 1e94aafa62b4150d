/* SPDX-License-Identifier: MIT */
/*
 * i386 (psABI: System V, Intel386 supplement). Instructions are x86-64's in the processor's other
 * mode: ../x86 takes both apart. Entries are REL: 8 bytes, the addend stands in the slot, the type
 * is the byte at offset 4.
 *
 * No instruction knows its own address. Position-independent code fetches the address behind a
 * call:
 *
 *   gcc:    call __x86.get_pc_thunk.bx    which is   mov (%esp), %ebx; ret
 *   clang:  call .+5; pop %ebx
 *
 * and adds a constant to it, which gives the GOT's base: _GLOBAL_OFFSET_TABLE_, in lld's files the
 * start of .got.plt. What is defined in the program is that base plus a constant (R_386_GOTOFF).
 * The weak iplt bounds are words of the GOT (R_386_GOT32X, which lld does not relax): mov 12(%ebx),
 * %esi, cmp 16(%ebx), %esi. With -fno-pie they are the immediates of mov and cmp.
 *
 * The startup code tests the type with cmpb $42, 4(%esi). _start pushes main last before it calls
 * __libc_start_main: the address of a stub (glibc 2.37 on), a constant, or a word of the GOT, which
 * in a static-PIE is not relocated yet when it is read.
 *
 *   insn     what i386 has of its own: pushes and pops
 *   address  how a value gets into an instruction
 *   machine  data
 */
#ifndef IRELFIX_I386_H
#define IRELFIX_I386_H

#include "../x86/fields.h"

/** Where what was pushed is, from the stack pointer: as insn.c names it. */
#define I386_PUSHED (UINT64_MAX - 3)

/** See struct arch. */
bool i386_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                 struct insn *out);
bool i386_form(const struct insn *const parts[], unsigned count, uint64_t value,
               const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
