/* SPDX-License-Identifier: MIT */
/* Relocation tables as values. */
#ifndef IRELFIX_RELOC_H
#define IRELFIX_RELOC_H

#include "image.h"

/** The largest entry, ELF64 RELA, in bytes. */
enum { RELOC_SIZE_MAX = 24 };

/** One entry in host order; a REL entry's addend, which stands in the slot, reads as 0. */
struct reloc {
	uint64_t offset; /**< r_offset: virtual address of the slot */
	uint32_t type, symbol;
	uint64_t addend;
};

/** A range of entries in the image. */
struct reloc_table {
	const char *tag;  /**< what names it: "DT_RELA" */
	struct bytes view;
	uint64_t address; /**< virtual address */
	uint64_t offset;  /**< in the file, bytes */
	uint64_t count;   /**< entries */
	unsigned entsize; /**< bytes */
	bool rela;
};

/** The tables that PT_DYNAMIC names. */
enum { RELOC_TABLES_MAX = 3 };
struct reloc_tables {
	struct reloc_table items[RELOC_TABLES_MAX];
	size_t count;
	bool overlap; /**< an entry is in two of them */
	bool packed; /**< there are packed (APS2, RELR) relocations besides */
};

/** Finds the tables; false with IRELFIX_FILE in @why when one is not inside the image. */
bool reloc_find(const struct image *image, struct reloc_tables *out, struct outcome *why);

/** The RELA or REL entries in [@start, @end); false when it is not a file-backed table. */
bool reloc_range(const struct image *image, uint64_t start, uint64_t end, bool rela,
                 struct reloc_table *out);

/**
 * Whether a RELA entry of @type stands at virtual @address, by what it says: a slot in writable
 * memory, an addend in code, no symbol. For images without PT_DYNAMIC.
 */
bool reloc_is_entry(const struct image *image, uint32_t type, uint64_t address);

/** The run of such entries around virtual @address, which may be one of its edges. */
bool reloc_run(const struct image *image, uint32_t type, uint64_t address,
               struct reloc_table *out);

/** The first run of such entries; in a writable segment (-N) only if there is none elsewhere. */
bool reloc_scan(const struct image *image, uint32_t type, struct reloc_table *out);

/** Entry @index, which must be below @table->count. */
struct reloc reloc_get(const struct image *image, const struct reloc_table *table,
                       uint64_t index);

/** Stores @reloc as an entry of @table->entsize bytes at @to. */
void reloc_put(const struct image *image, const struct reloc_table *table, struct reloc reloc,
               unsigned char to[RELOC_SIZE_MAX]);

/** Finds the first RELA entry of @type for the slot at virtual @address; false: none. */
bool reloc_at(const struct image *image, const struct reloc_tables *tables, uint32_t type,
              uint64_t address, struct reloc *out);

/** Virtual address just behind the table. */
uint64_t reloc_end(const struct reloc_table *table);

#endif
