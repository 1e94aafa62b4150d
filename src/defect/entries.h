/* SPDX-License-Identifier: MIT */
/*
 * What static startup makes of one relocation entry: one verdict, which the classes, the obstacles and
 * the verification share.
 */
#ifndef IRELFIX_ENTRIES_H
#define IRELFIX_ENTRIES_H

#include "../startup/startup.h"

enum entry_verdict {
	ENTRY_NONE,         /**< R_*_NONE */
	ENTRY_IRELATIVE,    /**< its resolver is called */
	ENTRY_OWN,          /**< against no symbol: a static link means the addend (in a static-PIE plus
	                         the load bias, which is right) */
	ENTRY_DEFINED,      /**< against a symbol that is defined in the file */
	ENTRY_DEFINED_ODD,  /**< the same with a type that a static link does not resolve: R_*_COPY */
	ENTRY_WEAK,         /**< against a weak undefined symbol: a static link means 0 plus the addend */
	ENTRY_WEAK_ODD,     /**< the same with such a type */
	ENTRY_ODD,          /**< against no symbol, with such a type */
	ENTRY_CANONICAL,    /**< against a weak undefined function, of which the code has the address of
	                         a PLT entry: st_value in DT_SYMTAB */
	ENTRY_UNDEFINED,    /**< against an undefined symbol that is not weak */
	ENTRY_NO_SYMBOL,    /**< against a symbol that is not in DT_SYMTAB */
	ENTRY_THREAD_LOCAL, /**< against a thread-local symbol of the file */
};

/** An entry, its verdict, and what that is about. */
struct entry {
	struct reloc reloc;
	enum entry_verdict verdict;
	uint64_t value;         /**< what its slot is to hold, for ENTRY_OWN and ENTRY_WEAK */
	const char *symbol;     /**< that it is against, or NULL; points into the image */
	uint64_t defined_at;    /**< virtual address, for ENTRY_DEFINED */
};

/** The entry that @reloc is; @rela: it has an addend of its own. */
struct entry entry_of(const struct startup *startup, struct reloc reloc, bool rela);

/** Entry @index of @table. */
struct entry entry_at(const struct startup *startup, const struct reloc_table *table,
                      uint64_t index);

/**
 * Whether a static-PIE's startup stores the load bias where a static link means 0
 * (elf/dl-reloc-static-pie.c resolves what is undefined to the load address).
 */
bool entry_is_biased(const struct startup *startup, const struct entry *entry);

/** Whether that does harm by itself: nothing compares the slot of a JUMP_SLOT. */
bool entry_does_harm(const struct startup *startup, const struct entry *entry);

/** Fills in why @entry cannot be resolved without a dynamic linker. @return false */
bool entry_blocks(const struct startup *startup, const struct entry *entry, struct outcome *why);

/** Whether the user takes an undefined symbol called @name for a weak one. */
bool entry_is_allowed(const struct startup *startup, const char *name);

/** Says in @why what to do about an undefined @symbol. @return false */
bool entry_advise(const struct image *image, const char *symbol, struct outcome *why);

/** The psABI's name of a relocation type; for one without a name @buffer, with its number. */
const char *entry_type_name(const struct arch *arch, uint32_t type, char buffer[24]);

/** Whether entry @index of @table is IRELATIVE: the quick form of entry_at(). */
bool entry_is_irelative(const struct startup *startup, const struct reloc_table *table,
                        uint64_t index);

/** The number of IRELATIVE entries in @table. */
uint64_t entries_irelative(const struct startup *startup, const struct reloc_table *table);

/** The number of IRELATIVE entries in all tables that PT_DYNAMIC names. */
uint64_t entries_irelative_in_all(const struct startup *startup);

#endif
