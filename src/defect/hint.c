/* SPDX-License-Identifier: MIT */
#include "hint.h"

#include "../elf/symbols.h"

#include <string.h>

#define PTHREAD(name) { name, \
	"`" name "' is weak and undefined, so that a call of it crashes: with glibc before 2.34 link with " \
	"-Wl,--whole-archive -lpthread -Wl,--no-whole-archive" }

/*
 * Before glibc 2.34 libpthread.a was an archive of its own, of which weak references pull in nothing:
 * std::thread then calls an address of 0. Programs without threads do not refer to these.
 */
static const struct {
	const char *symbol, *sentence;
} rows[] = {
	PTHREAD("pthread_create"), PTHREAD("pthread_join"), PTHREAD("pthread_detach"),
	PTHREAD("pthread_cond_wait"),
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static size_t row_of(const char *name)
{
	size_t row = 0;

	while (row < ROWS && strcmp(rows[row].symbol, name) != 0)
		row++;
	return row;
}

/* The first row that has an undefined weak symbol in @table, of those before @row. */
static size_t look(const struct image *image, const struct symtab *table, size_t row)
{
	struct symbol symbol;

	for (uint64_t i = 0; row > 0 && symtab_get(image, table, i, &symbol); i++) {
		bool lacks = symbol.shndx == SHN_UNDEF && symbol.binding == STB_WEAK;
		size_t other = lacks ? row_of(symbol.name) : row;
		row = other < row ? other : row;
	}
	return row;
}

const char *hint_of(const struct image *image)
{
	struct symtab table;
	size_t row = ROWS;

	if (image_symtab(image, &table))
		row = look(image, &table, row);
	if (image_dynsym_section(image, &table))
		row = look(image, &table, row);
	return row < ROWS ? rows[row].sentence : NULL;
}
