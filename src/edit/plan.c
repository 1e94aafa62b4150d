/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void plan_free(struct plan *plan)
{
	free(plan->edits);
	*plan = (struct plan){ .count = 0 };
}

static bool add(struct plan *plan, const struct irelfix_edit *edit, struct outcome *error)
{
	if (plan->count == plan->room) {
		size_t more = plan->room ? plan->room * 2 : 64;
		struct irelfix_edit *edits = realloc(plan->edits, more * sizeof(*edits));
		if (!edits)
			return malformed(error, "no memory for %zu edits", more);
		plan->edits = edits;
		plan->room = more;
	}
	plan->edits[plan->count++] = *edit;
	return true;
}

/* Whether it would change nothing. */
static bool is_idle(const struct irelfix_edit *edit)
{
	return memcmp(edit->old_bytes, edit->new_bytes, edit->size) == 0;
}

/* Completes @edit with what is and what shall be there. */
static bool fill(struct irelfix_edit *edit, const struct image *image,
                 const unsigned char *new_bytes, struct outcome *error)
{
	struct bytes old;

	if (edit->size > sizeof(edit->old_bytes) ||
	    !bytes_sub(image->file, edit->offset, edit->size, &old))
		return malformed(error, "%s: %" PRIu32 " bytes at 0x%" PRIx64 " are outside the "
		                 "file of %" PRIu64 " bytes", edit->why, edit->size, edit->offset,
		                 image->file.size);
	memcpy(edit->old_bytes, old.data, edit->size);
	memcpy(edit->new_bytes, new_bytes, edit->size);
	return true;
}

bool plan_bytes(struct plan *plan, const struct image *image, uint64_t offset, uint64_t address,
                const unsigned char *new_bytes, uint32_t size, const char *why,
                const char *detail, struct outcome *error)
{
	struct irelfix_edit edit = {
		.offset = offset, .address = address, .size = size, .why = why, .detail = detail,
	};

	return fill(&edit, image, new_bytes, error) && (is_idle(&edit) || add(plan, &edit, error));
}

bool plan_word(struct plan *plan, const struct image *image, uint64_t address, uint64_t value,
               const char *why, const char *detail, struct outcome *error)
{
	unsigned width = image_word_size(image);
	struct irelfix_edit edit = {
		.address = address, .size = width, .why = why, .detail = detail,
	};
	unsigned char word[8];

	if (!image_offset(image, address, width, &edit.offset)) {
		const struct segment *segment = image_segment(image, address, width);
		if (segment && value == 0 && address - segment->vaddr >= segment->filesz)
			return true;
		return refused(error, "%s at 0x%" PRIx64 " (%s) is not in the file, so it cannot "
		               "be set to 0x%" PRIx64, why, address, detail ? detail : "no symbol",
		               value);
	}
	bytes_store(word, width, image->order, value);
	return fill(&edit, image, word, error) && add(plan, &edit, error);
}

static int by_offset(const void *left, const void *right)
{
	const struct irelfix_edit *a = *(struct irelfix_edit *const *)left;
	const struct irelfix_edit *b = *(struct irelfix_edit *const *)right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

static bool is_twin(const struct irelfix_edit *a, const struct irelfix_edit *b)
{
	return a->offset == b->offset && a->size == b->size &&
	       memcmp(a->new_bytes, b->new_bytes, a->size) == 0;
}

/* Of @sorted edits, of each kind of twins all but one become empty. */
static bool check_neighbours(struct irelfix_edit **sorted, size_t count, struct outcome *error)
{
	for (size_t i = 1; i < count; i++) {
		struct irelfix_edit *before = sorted[i - 1], *edit = sorted[i];
		if (edit->offset - before->offset >= before->size)
			continue;
		if (!is_twin(before, edit))
			return refused(error, "its %s at 0x%" PRIx64 " and its %s at 0x%" PRIx64
			               " overlap", before->why, before->offset, edit->why,
			               edit->offset);
		before->size = 0;
	}
	return true;
}

bool plan_settle(struct plan *plan, struct outcome *error)
{
	struct irelfix_edit **sorted = calloc(plan->count + 1, sizeof(*sorted));
	size_t kept = 0;
	bool ok;

	if (!sorted)
		return malformed(error, "no memory for %zu edits", plan->count);
	for (size_t i = 0; i < plan->count; i++)
		sorted[i] = &plan->edits[i];
	qsort(sorted, plan->count, sizeof(*sorted), by_offset);
	ok = check_neighbours(sorted, plan->count, error);
	free(sorted);
	for (size_t i = 0; ok && i < plan->count; i++)
		if (!is_idle(&plan->edits[i]))
			plan->edits[kept++] = plan->edits[i];
	plan->count = ok ? kept : plan->count;
	return ok;
}

bool plan_apply(const struct plan *plan, unsigned char *data, uint64_t size,
                struct outcome *error)
{
	struct bytes file = { data, size };

	for (size_t i = 0; i < plan->count; i++) {
		const struct irelfix_edit *edit = &plan->edits[i];
		if (!bytes_has(file, edit->offset, edit->size) ||
		    memcmp(data + edit->offset, edit->old_bytes, edit->size) != 0)
			return malformed(error, "edit %zu at 0x%" PRIx64 " does not find the bytes "
			                 "that were read there", i, edit->offset);
		memcpy(data + edit->offset, edit->new_bytes, edit->size);
	}
	return true;
}
