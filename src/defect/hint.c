/* SPDX-License-Identifier: MIT */
#include "hint.h"

#include "../elf/symbols.h"

/* Whether a symbol table has an undefined weak symbol of this name. */
static bool lacks(const struct image *image, const struct symtab *table, const char *name)
{
	struct symbol symbol;
	uint64_t index = 0;

	return symtab_find(image, table, name, &index, &symbol) && symbol.shndx == SHN_UNDEF &&
	       symbol.binding == STB_WEAK;
}

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

const char *hint_of(const struct image *image)
{
	struct symtab tables[2];
	bool there[] = {
		image_symtab(image, &tables[0]), image_dynsym_section(image, &tables[1]),
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int j = 0; j < 2; j++)
			if (there[j] && lacks(image, &tables[j], rows[i].symbol))
				return rows[i].sentence;
	return NULL;
}
