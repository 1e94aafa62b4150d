/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const stage_names[] = {
	[IRELFIX_STAGE_HEADER] = "program header",
	[IRELFIX_STAGE_SLOT] = "slot",
	[IRELFIX_STAGE_HARMLESS] = "entry",
	[IRELFIX_STAGE_ENTRY] = "entry",
	[IRELFIX_STAGE_SYMTAB] = ".symtab",
	[IRELFIX_STAGE_END] = "end bound",
	[IRELFIX_STAGE_START] = "start bound",
};

/*
 * A repair has some dozens of edits in a few pages. Each edit takes memory, also when it is printed, and
 * so does each page when the result is tried.
 */
enum { EDITS_MAX = 1 << 14, PAGES_MAX = 1 << 13, PAGE = 4096 };

enum { STAGES = sizeof(stage_names) / sizeof(stage_names[0]) };

const char *irelfix_stage_name(enum irelfix_stage stage)
{
	return (unsigned)stage < STAGES ? stage_names[stage] : NULL;
}

const char *irelfix_strategy_name(enum irelfix_strategy strategy)
{
	static const char *const names[] = {
		[IRELFIX_AUTO] = NULL,       [IRELFIX_NARROW] = "narrow",
		[IRELFIX_PAD] = "pad",       [IRELFIX_MOVE] = "move",
		[IRELFIX_DISARM] = "disarm", [IRELFIX_DETACH] = "detach",
	};

	return (unsigned)strategy < sizeof(names) / sizeof(names[0]) ? names[strategy] : NULL;
}

void plan_begin(struct plan *plan, const struct image *image)
{
	*plan = (struct plan){ .image = image };
}

void plan_clear(struct plan *plan)
{
	plan->count = 0;
	plan->strategy = IRELFIX_AUTO;
	plan->ordered = false;
}

void plan_free(struct plan *plan)
{
	free(plan->edits);
	names_free(&plan->names);
	plan_begin(plan, NULL);
}

/* ---- adding --------------------------------------------------------------------------------- */

/* Takes a copy of the name that the last edit is about. */
static bool keep_name(struct plan *plan, const char *name, struct outcome *why)
{
	const char *copy = names_keep(&plan->names, name);

	plan->edits[plan->count].symbol = copy;
	if (copy)
		return true;
	if (plan->names.bytes + strlen(name) >= NAMES_BYTES_MAX)
		return blocked(why, COSTLY, "the names of the symbols that it is about have more than "
		               "%d bytes", NAMES_BYTES_MAX);
	return no_memory(why, "no memory for the name of a symbol");
}

static bool add(struct plan *plan, const struct irelfix_edit *edit, struct outcome *why)
{
	if (plan->count == EDITS_MAX)
		return blocked(why, COSTLY, "its repair takes more than %d edits", EDITS_MAX);
	if (plan->count == plan->room) {
		size_t more = plan->room ? plan->room * 2 : 64;
		struct irelfix_edit *edits = realloc(plan->edits, more * sizeof(*edits));
		if (!edits)
			return no_memory(why, "no memory for %zu edits", more);
		plan->edits = edits;
		plan->room = more;
	}
	plan->edits[plan->count] = *edit;
	if (edit->symbol && !keep_name(plan, edit->symbol, why))
		return false;
	plan->count++;
	return true;
}

/* Whether it would change nothing. */
static bool is_idle(const struct irelfix_edit *edit)
{
	return memcmp(edit->old_bytes, edit->new_bytes, edit->size) == 0;
}

/* Completes @edit with what is and what shall be there. */
static bool complete(struct irelfix_edit *edit, const struct image *image,
                     const unsigned char *new_bytes, struct outcome *why)
{
	struct bytes old;

	if (edit->size > sizeof(edit->old_bytes) ||
	    !bytes_sub(image->file, edit->offset, edit->size, &old))
		return malformed(why, "%s: %" PRIu32 " bytes at 0x%" PRIx64 " are outside the "
		                 "file of %" PRIu64 " bytes", stage_names[edit->stage], edit->size,
		                 edit->offset, image->file.size);
	if (!effort_look(image->effort, old.data))
		return effort_sufficed(image->effort, why);
	memcpy(edit->old_bytes, old.data, edit->size);
	memcpy(edit->new_bytes, new_bytes, edit->size);
	return true;
}

static struct irelfix_edit edit_for(const struct purpose *purpose, uint64_t offset,
                                    uint64_t address, uint32_t size)
{
	return (struct irelfix_edit){
		.offset = offset, .address = address, .size = size, .stage = purpose->stage,
		.symbol = purpose->symbol, .instruction = purpose->instruction,
	};
}

bool plan_bytes(struct plan *plan, const struct purpose *purpose, uint64_t offset,
                uint64_t address, const unsigned char *new_bytes, uint32_t size,
                struct outcome *why)
{
	struct irelfix_edit edit = edit_for(purpose, offset, address, size);

	return complete(&edit, plan->image, new_bytes, why) &&
	       (is_idle(&edit) || add(plan, &edit, why));
}

bool plan_word(struct plan *plan, const struct purpose *purpose, uint64_t address, uint64_t value,
               struct outcome *why)
{
	const struct image *image = plan->image;
	unsigned width = image_word_size(image);
	struct irelfix_edit edit = edit_for(purpose, 0, address, width);
	unsigned char word[8];

	if (!image_offset(image, address, width, &edit.offset)) {
		const struct segment *segment = image_segment(image, address, width);
		if (segment && value == 0 && address - segment->vaddr >= segment->filesz)
			return true;
		return blocked(why, PLACE, "%s at 0x%" PRIx64 " (%s) is not in the file, so it "
		               "cannot be set to 0x%" PRIx64, stage_names[purpose->stage], address,
		               purpose->symbol ? purpose->symbol : "no symbol", value);
	}
	bytes_store(word, width, image->order, value);
	return complete(&edit, image, word, why) && add(plan, &edit, why);
}

/* ---- settling ------------------------------------------------------------------------------- */

/* Those at one offset stay as they were planned: not every libc's qsort() is stable. */
static int by_offset(const void *left, const void *right)
{
	const struct irelfix_edit *a = *(struct irelfix_edit *const *)left;
	const struct irelfix_edit *b = *(struct irelfix_edit *const *)right;

	if (a->offset != b->offset)
		return a->offset > b->offset ? 1 : -1;
	return (a > b) - (a < b);
}

static bool is_twin(const struct irelfix_edit *a, const struct irelfix_edit *b)
{
	return a->offset == b->offset && a->size == b->size &&
	       memcmp(a->new_bytes, b->new_bytes, a->size) == 0;
}

/* Of @sorted edits, of each kind of twins all but one become empty. */
static bool check_neighbours(struct irelfix_edit **sorted, size_t count, struct outcome *why)
{
	for (size_t i = 1; i < count; i++) {
		struct irelfix_edit *before = sorted[i - 1], *edit = sorted[i];
		if (edit->offset - before->offset >= before->size)
			continue;
		if (!is_twin(before, edit))
			return blocked(why, PLACE, "its %s at 0x%" PRIx64 " and its %s at 0x%" PRIx64
			               " overlap", stage_names[before->stage], before->offset,
			               stage_names[edit->stage], edit->offset);
		before->size = 0;
	}
	return true;
}

/* Whether @sorted edits are in few enough pages. */
static bool check_pages(struct irelfix_edit **sorted, size_t count, struct outcome *why)
{
	size_t pages = 0;

	for (size_t i = 0; i < count; i++)
		pages += i == 0 || sorted[i]->offset / PAGE != sorted[i - 1]->offset / PAGE;
	return pages <= PAGES_MAX ||
	       blocked(why, COSTLY, "its edits are in %zu pages of %d bytes, more than %d", pages,
	               PAGE, PAGES_MAX);
}

/* Makes @to those of @count edits at @from that change something, in the order of their stages. */
static size_t keep(struct irelfix_edit *to, const struct irelfix_edit *from, size_t count)
{
	size_t kept = 0;

	for (int stage = 0; stage < STAGES; stage++)
		for (size_t i = 0; i < count; i++)
			if ((int)from[i].stage == stage && !is_idle(&from[i]))
				to[kept++] = from[i];
	return kept;
}

bool plan_settle(struct plan *plan, struct outcome *why)
{
	struct irelfix_edit **sorted = calloc(plan->count + 1, sizeof(struct irelfix_edit *));
	struct irelfix_edit *edits = calloc(plan->count + 1, sizeof(*edits));
	bool ok = sorted && edits;

	for (size_t i = 0; ok && i < plan->count; i++)
		sorted[i] = &plan->edits[i];
	if (!ok)
		no_memory(why, "no memory for %zu edits", plan->count);
	else
		qsort(sorted, plan->count, sizeof(*sorted), by_offset);
	ok = ok && check_pages(sorted, plan->count, why) &&
	     check_neighbours(sorted, plan->count, why);
	free(sorted);
	if (!ok) {
		free(edits);
		return false;
	}
	plan->room = plan->count + 1;
	plan->count = keep(edits, plan->edits, plan->count);
	free(plan->edits);
	plan->edits = edits;
	return true;
}

size_t plan_stage(const struct plan *plan, size_t from)
{
	size_t n = 1;

	while (from + n < plan->count && plan->edits[from + n].stage == plan->edits[from].stage)
		n++;
	return n;
}

bool plan_apply(const struct plan *plan, unsigned char *data, uint64_t size,
                struct outcome *why)
{
	struct bytes file = { data, size };

	for (size_t i = 0; i < plan->count; i++) {
		const struct irelfix_edit *edit = &plan->edits[i];
		if (!bytes_has(file, edit->offset, edit->size) ||
		    memcmp(data + edit->offset, edit->old_bytes, edit->size) != 0)
			return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "edit %zu at 0x%"
			                   PRIx64 " does not find the bytes that were read there", i,
			                   edit->offset);
		memcpy(data + edit->offset, edit->new_bytes, edit->size);
	}
	return true;
}
