/* SPDX-License-Identifier: MIT */
/*
 * Whether startup needs what a later PT_LOAD has taken (see pages.h): a function that e_entry leads to,
 * or the slot or resolver of an IFUNC. What only the program needs may be lost without harm.
 */
#ifndef IRELFIX_LOST_CODE_H
#define IRELFIX_LOST_CODE_H

#include "../startup/startup.h"

/**
 * @param address receives the first of them
 * @param what    receives what that is, for a sentence
 */
bool lost_code_find(struct startup *startup, uint64_t *address, const char **what);

#endif
