/* SPDX-License-Identifier: MIT */
/*
 * A function that is not there, but that startup takes for present and calls: it compares with 0
 * what the linker has made of the address of a PLT entry. On most machines the symbol tells
 * (ENTRY_CANONICAL); where one relocation type is for calls and addresses alike (LoongArch) only
 * the code does.
 */
#ifndef IRELFIX_ABSENT_CALL_H
#define IRELFIX_ABSENT_CALL_H

#include "entries.h"

/**
 * Looks at the function that has the loop, which has to be found.
 * @param out receives the JUMP_SLOT against the weak undefined symbol, as an ENTRY_CANONICAL
 */
bool absent_call_find(struct startup *startup, struct entry *out);

#endif
