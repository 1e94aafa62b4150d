/* SPDX-License-Identifier: MIT */
/* Which ways a function's control can take. */
#ifndef IRELFIX_WAYS_H
#define IRELFIX_WAYS_H

#include "flow.h"

/**
 * Whether what runs after @at may come back to it without a call on the way; a call that flags decide
 * upon (Arm) may not happen. False when there is no memory to tell.
 */
bool ways_come_back(const struct flow *flow, const struct insn *at);

#endif
