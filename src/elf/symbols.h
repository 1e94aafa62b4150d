/* SPDX-License-Identifier: MIT */
/*
 * Sections and symbols of an image. Nothing that starts a program reads section headers: what of them
 * does not hold together counts as not there.
 */
#ifndef IRELFIX_SYMBOLS_H
#define IRELFIX_SYMBOLS_H

#include "image.h"

struct section {
	const char *name; /**< "" when it has none */
	uint32_t type, link;
	uint64_t flags, address, offset, size, entsize;
};

struct symbol {
	const char *name; /**< "" when it has none */
	uint8_t binding, type;
	uint16_t shndx;
	uint64_t value, size;
};

/** A symbol table in the file: .symtab. */
struct symtab {
	struct bytes entries, strings;
	uint64_t offset; /**< of the entries in the file */
	uint64_t count;
};

/** Finds the section headers of @image; image_parse() does it. */
void sections_find(struct image *image);

/** Section header @index; false when there is none. */
bool image_section(const struct image *image, uint64_t index, struct section *out);

/** The first section that covers virtual @address with bytes of the file; false: none. */
bool image_section_of(const struct image *image, uint64_t address, struct section *out);

/** Entry @index of DT_SYMTAB; false when it or its name is outside the image. */
bool image_dynsym(const struct image *image, uint64_t index, struct symbol *out);

/** The library that DT_NEEDED number @index names; NULL: there is none. */
const char *image_needed(const struct image *image, unsigned index);

/** Finds .symtab; false when there is none that holds together. */
bool image_symtab(const struct image *image, struct symtab *out);

/** The same for .dynsym, which may be there without a PT_DYNAMIC. */
bool image_dynsym_section(const struct image *image, struct symtab *out);

/** Entry @index of a symbol table; false when there is none. */
bool symtab_get(const struct image *image, const struct symtab *table, uint64_t index,
                struct symbol *out);

/**
 * The first symbol called @name at or behind *@index, which becomes its index; false when there is
 * none.
 */
bool symtab_find(const struct image *image, const struct symtab *table, const char *name,
                 uint64_t *index, struct symbol *out);

/** The first symbol of .symtab called @name; false when there is none. */
bool image_symbol(const struct image *image, const char *name, struct symbol *out);

/**
 * Copies what .comment says of the linker, "LLD 22.1.8" or "mold 1.10.1", to @out.
 * @return false when it names neither.
 */
bool image_linker(const struct image *image, char *out, size_t size);

#endif
