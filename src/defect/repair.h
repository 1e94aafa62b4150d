/* SPDX-License-Identifier: MIT */
/* What the failure classes have in common: looking at entries, and the kinds of edits. */
#ifndef IRELFIX_REPAIR_H
#define IRELFIX_REPAIR_H

#include "defect.h"

/** What keeps the defect out of an executable when it is linked, per linker version. */
#define REPAIR_LINK_FLAGS "-Wl,-Bstatic before the shared library, " \
	"-z nodynamic-undefined-weak (LLVM 21 and later) or --no-dynamic-linker (LLVM 19)"

/** The name of a relocation type; for one without a name @buffer, with its number. */
const char *repair_type_name(const struct arch *arch, uint32_t type, char buffer[24]);

/** Whether entry @index of @table is IRELATIVE. */
bool repair_is_irelative(const struct subject *subject, const struct reloc_table *table,
                         uint64_t index);

/** The number of IRELATIVE entries in @table. */
uint64_t repair_count_irelative(const struct subject *subject, const struct reloc_table *table);

/** The number of IRELATIVE entries in all tables that PT_DYNAMIC names. */
uint64_t repair_total_irelative(const struct subject *subject);

/** The name of the dynamic symbol that @reloc is against, or NULL. */
const char *repair_symbol(const struct subject *subject, struct reloc reloc);

/**
 * What a static link means by an entry that is not IRELATIVE: its symbol is weak and undefined,
 * so the slot holds 0 plus the addend.
 *
 * @param value receives what belongs in the slot
 * @return false with IRELFIX_REFUSED, naming symbol and type, when it means anything else
 */
bool repair_resolve(const struct subject *subject, struct reloc reloc, uint64_t *value,
                    struct outcome *why);

/**
 * Whether startup reads every table, and no entry needs what only a dynamic linker gives: a symbol
 * that is neither here nor weak, or a thread-local one.
 */
bool repair_is_complete(const struct subject *subject, struct outcome *why);

/**
 * Whether a static executable would start if its bounds were right: it is complete, and each
 * PT_LOAD has pages of its own.
 */
bool repair_can_start(const struct subject *subject, struct outcome *why);

/** Plans the slot of @reloc as repair_resolve() says; R_*_NONE has none. */
bool repair_slot(const struct subject *subject, struct reloc reloc, struct plan *plan,
                 struct outcome *why);

/** Plans @reloc as entry @index of @table. @return false with the reason in @why. */
bool repair_entry(const struct subject *subject, const struct reloc_table *table, uint64_t index,
                  struct reloc reloc, struct plan *plan, struct outcome *why);

/** Plans R_*_NONE for entry @index of @table; what it said of its slot stays readable. */
bool repair_none(const struct subject *subject, const struct reloc_table *table, uint64_t index,
                 struct plan *plan, struct outcome *why);

/**
 * Plans @value for the symbol called @name in .symtab, if it is there and has value @old, and the
 * section that begins at or before @table for it, if it was in another one.
 */
bool repair_symtab(const struct subject *subject, const char *name, uint64_t old, uint64_t value,
                   uint64_t table, struct plan *plan, struct outcome *why);

/** Whether what an edit changes is in one place only: without that no order of edits is safe. */
bool repair_can_be_ordered(const struct subject *subject);

/** Whether a new value gets into @sites by one write: one word, or one instruction. */
bool repair_is_one_write(const struct sites *sites);

/**
 * Plans @value into every one of @sites.
 *
 * @param what "start bound" or "end bound"
 * @return false with IRELFIX_REFUSED and the reason when one of them cannot hold it
 */
bool repair_bound(const struct subject *subject, const struct sites *sites, uint64_t value,
                  const char *what, struct plan *plan, struct outcome *why);

#endif
