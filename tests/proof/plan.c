/* SPDX-License-Identifier: MIT */
/*
 * edit/plan.c, in three claims. An edit is planned only where the whole of it is in the file, with
 * the bytes that are there. Edits that overlap are found. To apply edits changes nothing beside
 * them. A file has up to 32 bytes and any contents, a plan has 3 edits of up to 2 bytes at any
 * offsets; where two are the same, one is dropped.
 *
 * cbmc: --unwind 33 --unwindset memcmp.0:3 --no-malloc-may-fail
 * sources: src/edit/plan.c
 * mutant: src/edit/plan.c: if (edit->offset - before->offset >= before->size) -> if (1)
 * mutant: src/edit/plan.c: !bytes_sub(image->file, edit->offset, edit->size, &old)) -> !(bytes_sub(image->file, edit->offset, edit->size, &old), 1))
 * mutant: src/edit/plan.c: if (!bytes_has(file, edit->offset, edit->size) || -> if (
 */
#include "proof.h"

#include "../../src/edit/plan.h"

#include <string.h>

enum { EDITS = 3, SIZE = 2, FILE_SIZE = 32 };

/* What plan.c calls of other files, and of libc what a loop says cheaper. */
bool outcome_set(struct outcome *out, enum irelfix_status status, enum irelfix_reason reason,
                 const char *format, ...)
{
	(void)reason;
	(void)format;
	out->status = status;
	return false;
}

bool outcome_advise(struct outcome *out)
{
	(void)out;
	return false;
}

void *memcpy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
	return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
	const unsigned char *a = left, *b = right;

	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* To take the edits as they are and what follows of the order as given is every case of a sort. */
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	struct irelfix_edit **item = items;

	assert(size == sizeof(*item));
	for (size_t i = 1; i < count; i++)
		__CPROVER_assume(compare(&item[i - 1], &item[i]) <= 0);
}

/* Of any offset, size and bytes; in a stage of its own, so that the order is to be changed. */
static struct irelfix_edit any_edit(int i)
{
	struct irelfix_edit edit = {
		.offset = nondet_u64(), .size = (uint32_t)any_up_to(SIZE),
		.stage = i == 0 ? IRELFIX_STAGE_START : IRELFIX_STAGE_SLOT,
	};

	for (int j = 0; j < SIZE; j++) {
		edit.old_bytes[j] = nondet_byte();
		edit.new_bytes[j] = nondet_byte();
	}
	return edit;
}

static bool overlap(const struct irelfix_edit *a, const struct irelfix_edit *b)
{
	return a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static void prove_planned(void)
{
	struct image image = { .file = any_bytes(FILE_SIZE) };
	struct purpose purpose = { .stage = IRELFIX_STAGE_SLOT };
	unsigned char new[SIZE] = { nondet_byte(), nondet_byte() };
	struct irelfix_edit edits[1];
	struct plan plan = { .image = &image, .edits = edits, .room = 1 };
	struct outcome why;
	uint64_t offset = nondet_u64();
	uint32_t size = (uint32_t)any_up_to(SIZE);

	if (plan_bytes(&plan, &purpose, offset, 0, new, size, &why))
		assert(bytes_has(image.file, offset, size));
	if (plan.count == 0)
		return;
	assert(edits[0].offset == offset && edits[0].size == size);
	assert(memcmp(edits[0].old_bytes, image.file.data + offset, size) == 0);
	assert(memcmp(edits[0].new_bytes, new, size) == 0);
}

/* Those that are planned are in the file, which is shorter than an offset can be. */
static void prove_settled(void)
{
	struct plan plan = { .edits = malloc(EDITS * sizeof(*plan.edits)), .count = EDITS };
	struct outcome why;

	for (int i = 0; i < EDITS; i++) {
		plan.edits[i] = any_edit(i);
		__CPROVER_assume(plan.edits[i].offset <= UINT64_MAX - SIZE);
	}
	if (!plan_settle(&plan, &why))
		return;
	assert(plan.count <= EDITS);
	for (size_t i = 0; i < EDITS; i++)
		for (size_t j = 0; j < i; j++)
			if (i < plan.count)
				assert(!overlap(&plan.edits[i], &plan.edits[j]) &&
				       plan.edits[j].stage <= plan.edits[i].stage);
	free(plan.edits);
}

/* A byte that no edit names stays as it is, whether all of them are applied or one does not fit. */
static void prove_applied(void)
{
	unsigned char file[FILE_SIZE], result[FILE_SIZE];
	struct irelfix_edit edits[EDITS];
	struct plan plan = { .edits = edits, .count = EDITS };
	struct outcome why;
	uint64_t size = any_up_to(FILE_SIZE), at = any_up_to(FILE_SIZE - 1);
	bool is_edited = false;

	for (int i = 0; i < FILE_SIZE; i++)
		file[i] = result[i] = nondet_byte();
	for (int i = 0; i < EDITS; i++) {
		edits[i] = any_edit(i);
		is_edited |= at - edits[i].offset < edits[i].size;
	}
	plan_apply(&plan, result, size, &why);
	if (at >= size || !is_edited)
		assert(result[at] == file[at]);
}

int main(void)
{
	prove_planned();
	prove_settled();
	prove_applied();
}
