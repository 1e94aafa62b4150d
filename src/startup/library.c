/* SPDX-License-Identifier: MIT */
#include "library.h"

#include "../elf/symbols.h"

#include <string.h>

/* What crt1.o calls: of the C library, whether it is a shared or a static one. */
#define START_MAIN "__libc_start_main"

static bool has_irelative(const struct startup *startup)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; reloc_has(startup->image, table, j); j++)
			if (arch_is_irelative(startup->arch, reloc_type(startup->image, table, j)))
				return true;
	}
	return false;
}

/*
 * The note comes with glibc's crt1.o; without it the code must say it. FreeBSD's startup passes over
 * everything in what has a PT_DYNAMIC.
 */
static bool may_be_concerned(const struct startup *startup)
{
	return startup->image->osabi != ELFOSABI_FREEBSD &&
	       (startup->image->has_abi_tag || has_irelative(startup));
}

void library_find(struct startup *startup)
{
	bool pie = startup->image->kind == IMAGE_STATIC_PIE, strict;

	startup->library = LIBRARY_OTHER;
	if (!may_be_concerned(startup))
		return;
	if (!pie)
		startup_find_loop(startup, true);
	strict = startup->image->has_abi_tag ||
	         (pie ? startup_glibc(startup)->relocates
	              : startup->loop.tests > 0 || startup->loop.found);
	startup->library = startup->loop.skips ? LIBRARY_LENIENT
	                   : strict ? LIBRARY_GLIBC : LIBRARY_OTHER;
}

/* ---- inside of what names a dynamic linker ---------------------------------------------------- */

/* Whether an entry is against an undefined symbol of this name: the last ones are the symbolic ones. */
static bool imports(const struct startup *startup, const char *name)
{
	for (size_t i = startup->tables.count; i-- > 0;) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = table->count; j-- > 0 && reloc_has(startup->image, table, j);) {
			struct reloc reloc = reloc_get(startup->image, table, j);
			struct symbol symbol;
			if (reloc.symbol != 0 &&
			    image_dynsym(startup->image, reloc.symbol, &symbol) &&
			    symbol.shndx == SHN_UNDEF && strcmp(symbol.name, name) == 0)
				return true;
		}
	}
	return false;
}

static bool defines(const struct startup *startup, const char *name)
{
	struct symbol symbol;

	return image_symbol(startup->image, name, &symbol) && symbol.shndx != SHN_UNDEF &&
	       symbol.type == STT_FUNC;
}

bool library_is_inside(struct startup *startup)
{
	if (imports(startup, START_MAIN))
		return false;
	if (defines(startup, START_MAIN))
		return true;
	startup_find_loop(startup, false);
	return startup->loop.tests > 0 ||
	       (startup->image->kind == IMAGE_STATIC_PIE && startup_glibc(startup)->relocates);
}
