/* SPDX-License-Identifier: MIT */
#include "lost_code.h"

#include "pages.h"

struct finder {
	struct startup *startup;
	uint64_t *address;
	const char **what;
	bool found;
};

static bool is_lost(const struct finder *finder, uint64_t address, uint32_t flags, const char *what)
{
	const struct image *image = finder->startup->image;

	address &= ~finder->startup->arch->state_bits;
	*finder->address = address;
	*finder->what = what;
	return image_allows(image, address, 1, flags) && !pages_keep(image, address, 1, flags);
}

static bool visit(void *context, struct function *function)
{
	struct finder *finder = context;

	finder->found = is_lost(finder, function->entry, PF_X, "startup code");
	return !finder->found;
}

static bool find_function(struct finder *finder)
{
	functions_reach(&finder->startup->functions, visit, finder);
	return finder->found;
}

static bool find_irelative(const struct finder *finder)
{
	const struct startup *startup = finder->startup;

	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; reloc_has(startup->image, table, j); j++) {
			struct reloc reloc = reloc_get(startup->image, table, j);
			if (arch_is_irelative(startup->arch, reloc.type) &&
			    (is_lost(finder, reloc.offset, PF_W, "the slot of an IFUNC") ||
			     is_lost(finder, reloc.addend, PF_X, "the resolver of an IFUNC")))
				return true;
		}
	}
	return false;
}

bool lost_code_find(struct startup *startup, uint64_t *address, const char **what)
{
	struct finder finder = { .startup = startup, .address = address, .what = what };
	uint64_t page;

	return pages_lost(startup->image, &page) && startup_begin_functions(startup) &&
	       (find_irelative(&finder) || find_function(&finder));
}
