/* SPDX-License-Identifier: MIT */
/*
 * Where a slot may not be. A slot is data of the program. Where an enemy lets an entry name what a
 * diagnosis reads (a header, a table, the startup's code), the repair would change its own ground: the
 * result might be another program, and a repair that was stopped could not be recognised any more.
 */
#ifndef IRELFIX_SLOTS_H
#define IRELFIX_SLOTS_H

#include "../startup/startup.h"
#include "plan.h"

/** Whether no planned slot lies in such a place; false with IRELFIX_REFUSED and the place in @why. */
bool slots_are_data(struct startup *startup, const struct plan *plan, struct outcome *why);

#endif
