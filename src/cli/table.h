/* SPDX-License-Identifier: MIT */
/* The relocation entries at stake, as -v shows them. */
#ifndef IRELFIX_TABLE_H
#define IRELFIX_TABLE_H

#include "page.h"

#include "../../include/irelfix.h"

/**
 * Prints the table of @file: a picture of the entries with the bounds, before and, once planned,
 * after the repair, and what its letters mean. Where there are no bounds to be shown (static-PIE),
 * the stray entries instead. Nothing where no entries are at stake.
 */
void table_put(const struct page *page, const struct irelfix *file);

#endif
