/* SPDX-License-Identifier: MIT */
/* Lists of processor models: names with commas between them. */
#ifndef IRELFIX_MODELS_H
#define IRELFIX_MODELS_H

#include "../arch/arch.h"

/** The length of the next name, to which @names moves on; 0 at the end. */
size_t models_next(const char **names);

/** How many there are. */
size_t models_count(const char *names);

/** Whether this machine runs the program's instructions itself. */
bool models_native(const struct arch *arch);

/** How many the machine's table has. */
size_t models_of(const struct arch *arch);

/** The machine's table, and "native" where that is one: a list, to be freed, or NULL. */
char *models_usual(const struct arch *arch);

/**
 * All that an emulator has, and "native" where that is one: what @help, the output of qemu-user's
 * `-cpu help`, lists, without second names for the same.
 *
 * @return a list, to be freed, or NULL when there is no memory
 */
char *models_all(const struct arch *arch, const char *help);

#endif
