/* SPDX-License-Identifier: MIT */
/* The stray entries as they were diagnosed: a repair in place changes the bytes they stand in. */
#ifndef IRELFIX_STRAYS_H
#define IRELFIX_STRAYS_H

#include "defect.h"

#include "../base/names.h"

struct strays {
	struct irelfix_stray items[IRELFIX_STRAYS_MAX];
	size_t count;
	struct names names; /**< of types and symbols, which @items point to */
};

/**
 * Notes down the stray entries of a finding, as many as there is room for.
 *
 * @param out receives them; NULL where there is none; to be freed by strays_free(), also after a
 *            failure
 * @return false when there is no memory
 */
bool strays_keep(const struct startup *startup, const struct finding *finding, struct strays **out);

/** Frees what strays_keep() has noted down; NULL is allowed. */
void strays_free(struct strays *strays);

#endif
