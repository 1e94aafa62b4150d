/* SPDX-License-Identifier: MIT */
/* What a repair changes, turned into edits: slots, entries, symbols, and the places of the bounds. */
#ifndef IRELFIX_PUT_H
#define IRELFIX_PUT_H

#include "../startup/startup.h"
#include "plan.h"

/** Plans PT_NULL for every PT_INTERP: the kernel starts the program itself. */
bool put_no_interp(const struct startup *startup, struct plan *plan, struct outcome *why);

/**
 * Plans @value for the slot at virtual address @slot, of an entry against @symbol (may be NULL). What
 * else a slot must not be in, slots.h tells of all of them together.
 */
bool put_slot(const struct startup *startup, uint64_t slot, uint64_t value, const char *symbol,
              struct plan *plan, struct outcome *why);

/** Plans @reloc as entry @index of @table. */
bool put_entry(const struct startup *startup, const struct reloc_table *table, uint64_t index,
               struct reloc reloc, const struct purpose *purpose, struct plan *plan,
               struct outcome *why);

/** @reloc as R_*_NONE; what it said of its slot stays readable. */
struct reloc put_none(const struct startup *startup, struct reloc reloc);

/**
 * Plans @value for the symbol called @name in .symtab, if it is there and has value @old, and the
 * section that begins at or before @table for it, if it was in another one.
 */
bool put_symbol(const struct startup *startup, const char *name, uint64_t old, uint64_t value,
                uint64_t table, struct plan *plan, struct outcome *why);

/**
 * Plans @value into every one of @sites, which hold a bound.
 *
 * @param stage IRELFIX_STAGE_START or IRELFIX_STAGE_END
 * @return false with IRELFIX_REFUSED and the reason when one of them cannot hold it
 */
bool put_bound(const struct startup *startup, const struct sites *sites, uint64_t value,
               enum irelfix_stage stage, struct plan *plan, struct outcome *why);

/**
 * The bytes that the parts of @site, which is ORIGIN_CODE, have when they form @value.
 * @return false with IRELFIX_REFUSED when they cannot
 */
bool put_form(const struct startup *startup, const struct site *site, uint64_t value,
              unsigned char code[][INSN_MAX], struct outcome *why);

/** Whether a new value gets into @sites by one write: one word, or one instruction. */
bool put_is_one_write(const struct sites *sites);

/** Whether what an edit changes is in one place only: without that no order of edits is safe. */
bool put_can_be_ordered(const struct startup *startup);

#endif
