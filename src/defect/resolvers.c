/* SPDX-License-Identifier: MIT */
#include "resolvers.h"

#include "entries.h"

#include "../elf/frames.h"
#include "../elf/symbols.h"

/* More IRELATIVE entries than that are not looked at: where a linker forgets to move them, it is all. */
enum { RESOLVERS_MAX = 64 };

struct resolvers {
	uint64_t addresses[RESOLVERS_MAX];
	size_t count;
};

static void add_resolvers(struct startup *startup, const struct reloc_table *table,
                          struct resolvers *out)
{
	uint64_t state_bits = startup->arch->state_bits;

	for (uint64_t i = 0; out->count < RESOLVERS_MAX && reloc_has(startup->image, table, i); i++)
		if (entry_is_irelative(startup, table, i))
			out->addresses[out->count++] =
				reloc_get(startup->image, table, i).addend & ~state_bits;
}

/* Without a PT_DYNAMIC the bounds tell where the entries are, or if they do not, the entries. */
static void find_resolvers(struct startup *startup, struct resolvers *out)
{
	const struct image *image = startup->image;
	const struct loop *loop = &startup->loop;
	struct reloc_table table;

	out->count = 0;
	for (size_t i = 0; i < startup->tables.count; i++)
		add_resolvers(startup, &startup->tables.items[i], out);
	if (image->has_dynamic)
		return;
	if (loop->found && loop->start != loop->end) {
		if (!reloc_range(image, loop->start, loop->end, startup->form, &table))
			return;
	} else if (!reloc_scan(image, startup->form, startup->arch->irelative, &table)) {
		return;
	}
	add_resolvers(startup, &table, out);
}

/* Whether .symtab has a function at @address: hand-written code may have several in one. */
static bool is_function(const struct image *image, uint64_t address)
{
	struct symtab table;
	struct symbol symbol;

	if (image_symtab(image, &table))
		for (uint64_t i = 0; symtab_get(image, &table, i, &symbol); i++)
			if (symbol.value == address &&
			    (symbol.type == STT_FUNC || symbol.type == STT_GNU_IFUNC))
				return true;
	return false;
}

bool resolvers_misplaced(struct startup *startup, uint64_t *resolver, uint64_t *function)
{
	struct resolvers resolvers;
	size_t which;

	if (!startup->arch->shrinks)
		return false;
	find_resolvers(startup, &resolvers);
	if (!frames_inside(startup->image, resolvers.addresses, resolvers.count, &which, function))
		return false;
	*resolver = resolvers.addresses[which];
	return !is_function(startup->image, *resolver);
}
