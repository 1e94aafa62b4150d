/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include "../elf/frames.h"

#include <stdlib.h>

/*
 * Comparisons with the number of IRELATIVE, ascending. The nearest call target before each is where
 * its function begins. Addresses are with the state of the processor in which the code was read.
 */
struct hit {
	uint64_t address;
	uint64_t function; /* virtual address; 0: not known */
};

struct hits {
	struct hit *items;
	size_t count, room;
	uint64_t state;    /* of arch.state_bits */
	struct budget *budget;
};

/* What is compared with this number is in some dozens of functions, also of the largest programs. */
enum { HITS_MAX = 1 << 14 };

/* What an instruction costs, in looks. */
enum { INSN_LOOKS = 8 };

static bool compares_with_irelative(const struct arch *arch, const struct insn *insn)
{
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind == EFFECT_COMPARE && effect->b.kind == OPERAND_CONST &&
		    effect->b.value == arch->irelative &&
		    effect->a.width >= (arch->is64 ? 4 : 1))
			return true;
	}
	return false;
}

static void note_hit(const struct arch *arch, const struct insn *insn, struct hits *hits)
{
	if (!compares_with_irelative(arch, insn))
		return;
	if (hits->count == HITS_MAX) {
		budget_meet(hits->budget, LIMIT_PLACES);
		return;
	}
	if (hits->count == hits->room) {
		size_t more = hits->room ? hits->room * 2 : 64;
		struct hit *items = realloc(hits->items, more * sizeof(*items));
		if (!items) {
			budget_meet(hits->budget, LIMIT_MEMORY);
			return;
		}
		hits->items = items;
		hits->room = more;
	}
	hits->items[hits->count++] = (struct hit){ .address = insn->address };
}

/* The first hit at or behind @address. */
static size_t first_from(const struct hits *hits, uint64_t address)
{
	size_t low = 0, high = hits->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (hits->items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A call target counts for the first hit behind it; spread() hands it on to the others. */
static void note_call(const struct arch *arch, const struct insn *insn, struct hits *hits)
{
	size_t at;

	if (insn->flow != FLOW_CALL || !insn->has_target ||
	    (insn->target & arch->state_bits) != hits->state)
		return;
	at = first_from(hits, insn->target);
	if (at < hits->count && insn->target > hits->items[at].function)
		hits->items[at].function = insn->target;
}

static void spread(struct hits *hits)
{
	for (size_t i = 1; i < hits->count; i++)
		if (hits->items[i].function < hits->items[i - 1].function)
			hits->items[i].function = hits->items[i - 1].function;
}

typedef void note_fn(const struct arch *arch, const struct insn *insn, struct hits *hits);

/* Whether one more instruction, at @at in the file, may be looked at. */
static bool may_go_on(struct budget *budget, const void *at)
{
	return budget->met == LIMIT_NONE &&
	       ((effort_look(budget->effort, at) && effort_spend(budget->effort, INSN_LOOKS)) ||
	        budget_meet(budget, LIMIT_INSNS));
}

/* Linear sweep; skip undecodable bytes. */
static void sweep_segment(const struct flow_context *context, const struct segment *segment,
                          note_fn *note, struct hits *hits)
{
	const struct arch *arch = context->arch;
	struct bytes code, rest;
	struct insn insn;

	if (!bytes_sub(context->image->file, segment->offset, segment->filesz, &code))
		return;
	for (uint64_t at = 0; bytes_sub(code, at, code.size - at, &rest) && rest.size > 0 &&
	                      may_go_on(hits->budget, rest.data);) {
		uint64_t address = (segment->vaddr + at) | hits->state;
		if (arch->decode(rest, address, &context->decoder, &insn)) {
			note(arch, &insn, hits);
			at += insn.length;
		} else {
			at += arch->code_alignment;
		}
	}
}

static void sweep(const struct flow_context *context, note_fn *note, struct hits *hits)
{
	const struct image *image = context->image;

	for (size_t i = 0; i < image->load_count; i++)
		if (image->loads[i].flags & PF_X)
			sweep_segment(context, &image->loads[i], note, hits);
}

static bool functions_by_fde(const struct image *image, struct hits *hits)
{
	bool ok = true;

	for (size_t i = 0; i < hits->count && ok; i++) {
		ok = frames_before(image, hits->items[i].address, &hits->items[i].function);
		hits->items[i].function |= hits->state;
	}
	for (size_t i = 0; i < hits->count && !ok; i++)
		hits->items[i].function = 0;
	return ok;
}

static int by_function(const void *left, const void *right)
{
	uint64_t a = ((const struct hit *)left)->function, b = ((const struct hit *)right)->function;

	return (a > b) - (a < b);
}

/* Visits the function of each hit, once; false: enough. */
static void visit_functions(struct functions *functions, struct hits *hits,
                            functions_visit *visit, void *context)
{
	struct function *function;
	bool go_on = true;

	if (hits->count > 0)
		qsort(hits->items, hits->count, sizeof(*hits->items), by_function);
	for (size_t i = 0; i < hits->count && go_on; i++) {
		uint64_t entry = hits->items[i].function;
		if (entry == 0 || (i > 0 && entry == hits->items[i - 1].function))
			continue;
		function = functions_get(functions, entry);
		if (!function)
			return;
		go_on = function->flow.count == 0 || visit(context, function);
		functions_release(functions, function);
	}
}

/* Reads all code as if the processor were in one of its states. */
static void sweep_state(struct functions *functions, uint64_t state, functions_visit *visit,
                        void *context)
{
	struct hits hits = { .state = state, .budget = &functions->context.budget };

	sweep(&functions->context, note_hit, &hits);
	if (!functions_by_fde(functions->context.image, &hits)) {
		sweep(&functions->context, note_call, &hits);
		spread(&hits);
	}
	if (hits.budget->met == LIMIT_NONE)
		visit_functions(functions, &hits, visit, context);
	free(hits.items);
}

void sweep_loops(struct functions *functions, functions_visit *visit, void *context)
{
	uint64_t bits = functions->context.arch->state_bits;

	sweep_state(functions, 0, visit, context);
	if (bits != 0)
		sweep_state(functions, bits, visit, context);
}
