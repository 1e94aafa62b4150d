/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer target: one file through all stages that work in memory. Whatever the file says, the
 * edits of a plan are inside it, no two that are applied touch the same byte, nothing else
 * changes, and what passed its verification is healthy and needs no second repair.
 */
#include "../../src/defect/defect.h"
#include "../../src/defect/verify.h"
#include "../../src/elf/symbols.h"
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Like assert(), and never compiled out. */
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* ---- how many of which machine -------------------------------------------------------------- */

/* Executions by row of machines.def; the last one is what is of no machine, or no ELF file. */
enum { MACHINES_MAX = 16 };
static uint64_t executions[MACHINES_MAX + 1];

static void count_execution(const struct image *image)
{
	const struct arch *arch = arch_find(image->machine, image->is64, image->order);
	size_t row = 0;

	while (row < MACHINES_MAX && (!arch || arch_row(row) != arch))
		row++;
	executions[row]++;
}

static void print_executions(void)
{
	for (size_t row = 0; arch_row(row); row++)
		fprintf(stderr, "executions: %llu %s\n", (unsigned long long)executions[row],
		        arch_row(row)->name);
	fprintf(stderr, "executions: %llu other\n", (unsigned long long)executions[MACHINES_MAX]);
}

/* ---- what must be true ---------------------------------------------------------------------- */

static void check_edits(const struct plan *plan, struct bytes file)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct irelfix_edit *edit = &plan->edits[i];
		MUST(edit->size > 0 && edit->size <= sizeof(edit->old_bytes));
		MUST(bytes_has(file, edit->offset, edit->size));
		MUST(memcmp(file.data + edit->offset, edit->old_bytes, edit->size) == 0);
		MUST(memcmp(edit->new_bytes, edit->old_bytes, edit->size) != 0);
		MUST(irelfix_stage_name(edit->stage));
		MUST(i == 0 || edit->stage >= plan->edits[i - 1].stage);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct irelfix_edit *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void check_disjoint(const struct plan *plan)
{
	struct irelfix_edit *sorted = malloc((plan->count + 1) * sizeof(*sorted));

	MUST(sorted);
	if (plan->count > 0)
		memcpy(sorted, plan->edits, plan->count * sizeof(*sorted));
	qsort(sorted, plan->count, sizeof(*sorted), by_offset);
	for (size_t i = 1; i < plan->count; i++)
		MUST(sorted[i].offset - sorted[i - 1].offset >= sorted[i - 1].size);
	free(sorted);
}

/* Every byte that no edit names is as it was. */
static void check_rest(const struct plan *plan, struct bytes before, unsigned char *after)
{
	for (size_t i = 0; i < plan->count; i++)
		memcpy(after + plan->edits[i].offset, plan->edits[i].old_bytes,
		       plan->edits[i].size);
	MUST(memcmp(before.data, after, before.size) == 0);
}

/* A second run finds nothing to do. */
static void check_healthy(const struct image *image)
{
	struct startup startup;
	struct finding finding;
	struct outcome why;

	MUST(defect_diagnose(image, NULL, &startup, &finding, &why));
	MUST(finding.why.status == IRELFIX_OK && !finding.defect);
	startup_free(&startup);
}

/* A result that does not pass is never written, so nothing more is asked of it. */
static bool check_result(struct startup *before, const struct finding *finding,
                         const struct plan *plan, struct bytes result)
{
	const struct repair repair = { .before = before, .finding = finding, .plan = plan };
	struct outcome why = { .status = IRELFIX_OK };
	struct image image;
	bool passed = false;

	if (!image_parse(result, &image, &why)) {
		MUST(why.status == IRELFIX_FILE && why.text[0]);
	} else if (!verify_repair(&repair, &image, &why)) {
		MUST(why.status == IRELFIX_UNVERIFIED && why.text[0]);
	} else {
		check_healthy(&image);
		passed = true;
	}
	image_free(&image);
	return passed;
}

/* After the first edits of an ordered plan, another repair leads to the same @result. */
static void check_completion(struct bytes file, const struct plan *whole, size_t done,
                             enum irelfix_strategy strategy, const unsigned char *result)
{
	struct plan part = *whole, rest;
	unsigned char *copy = malloc(file.size);
	struct outcome why;
	struct startup startup;
	struct finding finding;
	struct image image;

	MUST(copy);
	memcpy(copy, file.data, file.size);
	part.count = done;
	MUST(plan_apply(&part, copy, file.size, &why));
	MUST(image_parse((struct bytes){ copy, file.size }, &image, &why));
	MUST(defect_diagnose(&image, NULL, &startup, &finding, &why));
	MUST(finding.why.status != IRELFIX_REFUSED);
	plan_begin(&rest, &image);
	if (finding.why.status == IRELFIX_BROKEN) {
		MUST(defect_plan(&startup, &finding, strategy, &rest, &why));
		MUST(plan_apply(&rest, copy, file.size, &why));
	}
	MUST(memcmp(copy, result, file.size) == 0);
	plan_free(&rest);
	startup_free(&startup);
	image_free(&image);
	free(copy);
}

/* One way of repairing a file is tried, and one place to stop; which ones, its bytes decide. */
static uint64_t choice_of(struct bytes file)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (uint64_t i = 0; i < file.size; i++)
		hash = (hash ^ file.data[i]) * 0x100000001b3;
	return hash >> 16;
}

static void repair(struct bytes file, struct startup *startup,
                   const struct finding *finding)
{
	static const enum irelfix_strategy strategies[] = {
		IRELFIX_AUTO, IRELFIX_NARROW, IRELFIX_PAD,
	};
	uint64_t choice = choice_of(file);
	enum irelfix_strategy strategy = strategies[choice % 3];
	struct plan plan;
	struct outcome why = { .status = IRELFIX_OK };
	unsigned char *copy = malloc(file.size);

	MUST(copy);
	memcpy(copy, file.data, file.size);
	plan_begin(&plan, startup->image);
	if (!defect_plan(startup, finding, strategy, &plan, &why)) {
		MUST(why.status == IRELFIX_REFUSED && why.text[0]);
		goto done;
	}
	MUST(irelfix_strategy_name(plan.strategy));
	check_edits(&plan, file);
	check_disjoint(&plan);
	MUST(plan_apply(&plan, copy, file.size, &why));
	if (check_result(startup, finding, &plan, (struct bytes){ copy, file.size }) && plan.ordered)
		check_completion(file, &plan, choice / 3 % (plan.count + 1), strategy, copy);
	check_rest(&plan, file, copy);
done:
	free(copy);
	plan_free(&plan);
}

/* What only messages need: names of sections and symbols. */
static size_t read_names(const struct image *image)
{
	struct section section;
	struct symtab table;
	struct symbol symbol;
	char linker[32];
	size_t length = image_linker(image, linker, sizeof(linker)) ? strlen(linker) : 0;

	for (uint64_t i = 0; image_section(image, i, &section); i++)
		length += strlen(section.name);
	if (image_symtab(image, &table))
		for (uint64_t i = 0; symtab_get(image, &table, i, &symbol); i++)
			length += strlen(symbol.name);
	return length;
}

/*
 * The same bound as in the product, and a lower one: what takes longer finds less in the same time.
 * What a repair leads to is looked at without one, so that it has to come out right.
 */
enum { LOOKS = 1 << 16 };

static struct effort *small_effort(void)
{
	static struct effort effort;

	effort_begin(&effort, 0, NULL, NULL);
	effort.looks = LOOKS;
	return &effort;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes file = { data, size };
	struct outcome why = { .status = IRELFIX_OK };
	struct startup startup = { .image = NULL };
	struct finding finding;
	struct image image;
	bool parsed = image_parse(file, &image, &why);

	count_execution(&image);
	image.effort = small_effort();
	if (!parsed ||
	    !defect_diagnose(&image, NULL, &startup, &finding, &why)) {
		MUST(why.status == IRELFIX_FILE && why.text[0]);
	} else {
		MUST(finding.why.text[0]);
		MUST(!finding.defect == (finding.verdict != IRELFIX_VERDICT_BROKEN &&
		                         finding.verdict != IRELFIX_VERDICT_REFUSED));
		if (finding.why.status == IRELFIX_BROKEN)
			repair(file, &startup, &finding);
		MUST(read_names(&image) <= SIZE_MAX / 2);
	}
	startup_free(&startup);
	image_free(&image);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return atexit(print_executions);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	return mutate_elf(data, size, max_size, seed);
}
