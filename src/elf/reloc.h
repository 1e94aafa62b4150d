/* SPDX-License-Identifier: MIT */
/*
 * Relocation tables as values. What an entry looks like depends on class, byte order, and whether
 * the table is REL or RELA; `struct reloc_form` says it once.
 */
#ifndef IRELFIX_RELOC_H
#define IRELFIX_RELOC_H

#include "image.h"

/** The largest entry, ELF64 RELA, in bytes. */
enum { RELOC_SIZE_MAX = 24 };

/** The form of the entries of a table. */
struct reloc_form {
	bool rela;          /**< addends stand in the entries; otherwise in the slots (REL) */
	uint8_t entsize;    /**< of an entry, bytes */
	uint8_t type_at;    /**< where the type's number stands in an entry, bytes */
	uint8_t type_width; /**< and in how many bytes: what startup may compare */
};

/** One entry in host order. */
struct reloc {
	uint64_t offset; /**< r_offset: virtual address of the slot */
	uint32_t type, symbol;
	uint64_t addend; /**< r_addend; of a REL entry what its slot holds in the file, or 0 */
};

/** A range of entries in the image. */
struct reloc_table {
	const char *tag;  /**< what names it: "DT_RELA"; "" for a range that nothing names */
	struct bytes view;
	uint64_t address; /**< virtual address */
	uint64_t offset;  /**< in the file, bytes */
	uint64_t count;   /**< entries */
	struct reloc_form form;
};

/** The tables that PT_DYNAMIC names. */
enum { RELOC_TABLES_MAX = 3 };
struct reloc_tables {
	struct reloc_table items[RELOC_TABLES_MAX];
	size_t count;
	bool overlap; /**< an entry is in two of them */
	bool packed; /**< there are packed (APS2, RELR) relocations besides */
};

/** The form of REL or RELA entries in files of this class and byte order: gABI, "Relocation". */
struct reloc_form reloc_form(const struct image *image, bool rela);

/** Finds the tables; false with IRELFIX_FILE in @why when one is not inside the image. */
bool reloc_find(const struct image *image, struct reloc_tables *out, struct outcome *why);

/** The entries in [@start, @end); false when it is not a file-backed table. */
bool reloc_range(const struct image *image, uint64_t start, uint64_t end, struct reloc_form form,
                 struct reloc_table *out);

/**
 * Whether an entry of @type stands at virtual @address, by what it says: a slot in writable memory,
 * an addend in code, no symbol. For images without PT_DYNAMIC.
 */
bool reloc_is_entry(const struct image *image, struct reloc_form form, uint32_t type,
                    uint64_t address);

/** The run of such entries around virtual @address, which may be one of its edges. */
bool reloc_run(const struct image *image, struct reloc_form form, uint32_t type, uint64_t address,
               struct reloc_table *out);

/** The first run of such entries; in a writable segment (-N) only if there is none elsewhere. */
bool reloc_scan(const struct image *image, struct reloc_form form, uint32_t type,
                struct reloc_table *out);

/**
 * The same for REL entries that have lost their addends, because the file has no bytes for their
 * slots: at least two, for words that follow each other.
 */
bool reloc_scan_bare(const struct image *image, uint32_t type, struct reloc_table *out);

/** The addend of a REL entry: what the linker left in its slot; 0 where the file has no bytes for it. */
uint64_t reloc_addend_in_slot(const struct image *image, uint64_t slot);

/** Whether there is an entry @index, for a walk over the table that can still be paid for. */
static inline bool reloc_has(const struct image *image, const struct reloc_table *table,
                             uint64_t index)
{
	return index < table->count &&
	       effort_step(image->effort, index, table->view.data + index * table->form.entsize);
}

/** Entry @index, which must be below @table->count. */
struct reloc reloc_get(const struct image *image, const struct reloc_table *table,
                       uint64_t index);

/** The type of entry @index, which must be below @table->count. */
uint32_t reloc_type(const struct image *image, const struct reloc_table *table, uint64_t index);

/** Stores @reloc as an entry at @to. The addend of a REL entry is not part of it. */
void reloc_put(const struct image *image, struct reloc_form form, struct reloc reloc,
               unsigned char to[RELOC_SIZE_MAX]);

/** The type that the entry of this form at @from has. */
uint32_t reloc_type_at(const struct image *image, struct reloc_form form,
                       const unsigned char *from);

/** Finds the first entry of @type for the slot at virtual @address; false: none. */
bool reloc_at(const struct image *image, const struct reloc_tables *tables, uint32_t type,
              uint64_t address, struct reloc *out);

/** Whether DT_RELR has the word at virtual @address: the load bias is added to what it holds. */
bool reloc_is_relr(const struct image *image, uint64_t address);

/** Virtual address of entry @index; of the end of the table for @table->count. */
uint64_t reloc_address(const struct reloc_table *table, uint64_t index);

/** Virtual address just behind the table. */
uint64_t reloc_end(const struct reloc_table *table);

#endif
