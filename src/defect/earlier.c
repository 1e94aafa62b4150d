/* SPDX-License-Identifier: MIT */
#include "earlier.h"

/* narrow, disarm: R_*_NONE that still says where its slot is. Linkers leave zeros. */
static bool is_emptied(const struct startup *startup, const struct reloc_table *table, uint64_t index)
{
	const struct image *image = startup->image;
	struct reloc reloc = reloc_get(image, table, index);

	return reloc.type == startup->arch->none && reloc.symbol == 0 &&
	       image_allows(image, reloc.offset, image_word_size(image), PF_W);
}

/* The entry in front of the bounds. */
static bool is_narrowed(const struct startup *startup)
{
	uint64_t start = startup->loop.start;
	struct reloc_table before;

	return reloc_range(startup->image, start - startup->form.entsize, start, startup->form, &before) &&
	       reloc_has(startup->image, &before, 0) && is_emptied(startup, &before, 0);
}

/* The first two entries are of one slot. */
static bool is_padded(const struct startup *startup)
{
	const struct image *image = startup->image;
	struct reloc_table range;

	return reloc_range(image, startup->loop.start, startup->loop.end, startup->form, &range) &&
	       reloc_has(image, &range, 0) && range.count > 1 &&
	       reloc_get(image, &range, 0).offset == reloc_get(image, &range, 1).offset;
}

static bool is_disarmed(const struct startup *startup)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; reloc_has(startup->image, table, j); j++)
			if (is_emptied(startup, table, j))
				return true;
	}
	return false;
}

/* A header without a type whose bytes are a path. */
static bool is_detached(const struct image *image)
{
	for (uint64_t i = 0, at; image_phdr(image, PT_NULL, &i, &at); i++) {
		uint64_t header = at - P_TYPE.offset[image->is64];
		uint64_t offset = image_known(image, image->file, header, P_OFFSET);
		uint64_t size = image_known(image, image->file, header, P_FILESZ);
		struct bytes path;
		if (size > 1 && bytes_sub(image->file, offset, size, &path) &&
		    effort_look(image->effort, path.data) && path.data[0] == '/')
			return true;
	}
	return false;
}

bool earlier_repaired(const struct startup *startup)
{
	bool bounds = startup->image->kind == IMAGE_STATIC && startup->loop.found;

	return (bounds && (is_narrowed(startup) || is_padded(startup))) ||
	       (startup->image->kind == IMAGE_STATIC_PIE && is_disarmed(startup)) ||
	       is_detached(startup->image);
}
