/* SPDX-License-Identifier: MIT */
/*
 * How it works. A question is "what is in this place just before this instruction runs?". It is
 * answered backwards: an instruction that sets the place is a definition; one that copies another
 * place into it asks for that one; any other passes the question on to its predecessors. Each
 * question is asked once, so that loops end.
 *
 * Where many questions would only be passed on, they are not asked: through straight code that does
 * not touch the register the walk goes on to the next instruction that does, or that several others
 * lead to.
 */
#include "definitions.h"

#include <stdlib.h>

/* Entries are words, of 4 bytes at least. */
enum { ENTRY_ALIGNMENT = 4 };

/* Questions that one walk asks, each of 32 bytes and some for its place in a table. */
enum { QUESTIONS_MAX = 1 << 18 };

/* What a question costs, in steps; so many others go with it. */
enum { QUESTION_STEPS = 6, FREE_STEPS = 8 };

/* ---- questions ------------------------------------------------------------------------------ */

/* "What is in @place just before @insn runs, to which @bias will be added?" */
struct question {
	uint32_t insn;
	uint32_t seen_at; /* where the walk's table has it */
	struct location place;
	uint8_t bias;
};

/* The questions asked so far; those from @next on are still open. */
struct walk {
	struct question *items;
	size_t count, next, room;
	uint32_t *seen; /* hash table of question indices + 1 */
	size_t seen_count;
	enum origin_mode mode;
	struct definitions *out;
	struct budget *budget;
};

static bool location_equal(struct location a, struct location b)
{
	return a.slot == b.slot && a.reg == b.reg && a.offset == b.offset;
}

static bool question_equal(const struct question *a, const struct question *b)
{
	return a->insn == b->insn && a->bias == b->bias && location_equal(a->place, b->place);
}

static bool is_slot_of(const struct walk *walk, size_t at, const struct question *question)
{
	return walk->seen[at] == 0 || question_equal(&walk->items[walk->seen[at] - 1], question);
}

/* The first one behind @first, which is another question's. */
BUDGET_RARE
static uint32_t next_slot_of(const struct walk *walk, size_t first, const struct question *question)
{
	size_t at = first;

	while (!is_slot_of(walk, at, question))
		at = (at + 1) & (walk->seen_count - 1);
	budget_probed(walk->budget, (at - first) & (walk->seen_count - 1));
	return (uint32_t)at;
}

static uint32_t seen_slot(const struct walk *walk, const struct question *question)
{
	const struct location *place = &question->place;
	uint64_t key = question->insn * 0x9e3779b97f4a7c15u ^
	               (place->offset + place->reg * 2u + place->slot + question->bias * 128u) *
	               0xc2b2ae3d27d4eb4fu;
	size_t at = (size_t)(key >> 24) & (walk->seen_count - 1);

	return is_slot_of(walk, at, question) ? (uint32_t)at : next_slot_of(walk, at, question);
}

struct walk *walk_new(void)
{
	return calloc(1, sizeof(struct walk));
}

void walk_free(struct walk *walk)
{
	if (walk) {
		free(walk->items);
		free(walk->seen);
	}
	free(walk);
}

static bool walk_grow(struct walk *walk)
{
	size_t more = walk->room ? walk->room * 2 : 64;
	struct question *items;
	uint32_t *seen;

	if (more > QUESTIONS_MAX)
		return budget_meet(walk->budget, LIMIT_STEPS);
	items = realloc(walk->items, more * sizeof(*items));
	seen = items ? calloc(more * 2, sizeof(*seen)) : NULL;
	if (items)
		walk->items = items;
	if (!seen)
		return budget_meet(walk->budget, LIMIT_MEMORY);
	walk->room = more;
	free(walk->seen);
	walk->seen = seen;
	walk->seen_count = more * 2;
	for (size_t i = 0; i < walk->count; i++) {
		items[i].seen_at = seen_slot(walk, &items[i]);
		walk->seen[items[i].seen_at] = (uint32_t)i + 1;
	}
	return true;
}

/* Makes the scratch memory ready for another walk. */
static void walk_begin(struct walk *walk, enum origin_mode mode, struct definitions *out,
                       struct budget *budget)
{
	for (size_t i = 0; i < walk->count; i++)
		walk->seen[walk->items[i].seen_at] = 0;
	walk->count = walk->next = 0;
	walk->mode = mode;
	walk->out = out;
	walk->budget = budget;
}

static void ask(const struct flow *flow, size_t insn, struct location place, uint8_t bias)
{
	struct walk *walk = flow->context->walk;
	struct budget *budget = &flow->context->budget;
	struct question question = { .insn = (uint32_t)insn, .place = place, .bias = bias };

	if (!budget_step(budget, QUESTION_STEPS))
		return;
	if (walk->count == walk->room && !walk_grow(walk))
		return;
	question.seen_at = seen_slot(walk, &question);
	if (walk->seen[question.seen_at] != 0)
		return;
	walk->items[walk->count++] = question;
	walk->seen[question.seen_at] = (uint32_t)walk->count;
}

/* ---- places --------------------------------------------------------------------------------- */

/* Whether @reg is one that functions reach their stack slots by. */
static bool is_frame_register(const struct arch *arch, uint8_t reg)
{
	return reg == arch->stack_pointer || reg == arch->frame_pointer ||
	       (reg == arch->state_frame_pointer && reg != 0);
}

bool location_of_slot(const struct flow *flow, const struct operand *operand, struct location *out)
{
	if (operand->kind != OPERAND_MEMORY || operand->index != REG_NONE ||
	    !is_frame_register(flow->context->arch, operand->reg))
		return false;
	*out = (struct location){ .slot = true, .reg = operand->reg, .offset = operand->value };
	return true;
}

/* A slot's register is a frame register: see location_of_slot(). */
static bool sets(const struct effect *effect, struct location place)
{
	const struct operand *dst = &effect->dst;

	if (effect->kind == EFFECT_NONE || effect->kind == EFFECT_COMPARE || dst->reg != place.reg)
		return false;
	return place.slot ? dst->kind == OPERAND_MEMORY && dst->index == REG_NONE &&
	                    dst->value == place.offset
	                  : dst->kind == OPERAND_REG;
}

/* Whether the instruction loses what was in @place without setting it. */
static bool loses(const struct flow *flow, size_t index, struct location place)
{
	return !place.slot && place.reg < REG_COUNT && (flow->runs[index].writes >> place.reg & 1);
}

/* ---- answers -------------------------------------------------------------------------------- */

static void define(struct definitions *out, const struct insn *insn, const struct effect *effect,
                   uint8_t bias)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i].effect == effect && out->items[i].bias == bias)
			return;
	if (out->count < DEFINITIONS_MAX)
		out->items[out->count++] = (struct definition){ insn, effect, bias };
	else
		out->truncated = true;
}

/* @constant as a signed number of the machine's words, which may be narrower than ours. */
static int64_t with_sign(const struct flow *flow, uint64_t constant)
{
	const struct image *image = flow->context->image;

	return (int64_t)sign_extended(constant & image_word_mask(image), 8 * image_word_size(image));
}

/* @bias and what an addition of @constant makes of it. */
static uint8_t biased(const struct flow *flow, uint8_t bias, int64_t constant)
{
	int64_t entsize = flow->context->entsize;
	int64_t sum = bias + constant % entsize;

	return (uint8_t)((sum + entsize) % entsize);
}

/*
 * Whether a pointer to an entry, or a bound, may be added @constant to. Others count something. END
 * - 1 is what the number of rounds is computed from.
 */
static bool moves_pointer(int64_t constant)
{
	return constant % ENTRY_ALIGNMENT == 0 || constant == -1;
}

/* Asks for the operands, of which the result of @effect is made, as far as the mode goes on there. */
static void ask_operands(const struct flow *flow, size_t at, const struct effect *effect,
                         enum origin_mode mode, uint8_t bias)
{
	bool adds = effect->kind == EFFECT_ADD;
	bool masks = effect->kind == EFFECT_AND || effect->kind == EFFECT_LEFT ||
	             effect->kind == EFFECT_RIGHT;

	if (!(adds && mode == ORIGIN_BASE) && !(masks && mode == ORIGIN_BITS))
		return;
	if (adds && effect->b.kind == OPERAND_CONST) {
		int64_t constant = with_sign(flow, effect->b.value);
		if (!moves_pointer(constant))
			return;
		bias = biased(flow, bias, constant);
	}
	if (effect->a.kind == OPERAND_REG)
		ask(flow, at, location_of(effect->a.reg), bias);
	if (effect->b.kind == OPERAND_REG)
		ask(flow, at, location_of(effect->b.reg), bias);
}

/* @effect of @insn sets the place in question: go on to what it copies, or note it down. */
static void answer(const struct flow *flow, size_t at, const struct effect *effect, uint8_t bias)
{
	struct walk *walk = flow->context->walk;
	struct location slot;

	if (effect->kind == EFFECT_MOVE && effect->a.kind == OPERAND_REG) {
		ask(flow, at, location_of(effect->a.reg), bias);
		return;
	}
	if (effect->kind == EFFECT_MOVE && location_of_slot(flow, &effect->a, &slot))
		ask(flow, at, slot, bias);
	ask_operands(flow, at, effect, walk->mode, bias);
	define(walk->out, &flow->insns[at], effect, bias);
	if (walk->out->truncated) /* of one too many it is only told that there are such */
		walk->next = walk->count;
}

/* Whether instruction @at has anything to do with @place. */
static bool touches(const struct flow *flow, size_t at, struct location place)
{
	const struct insn *insn = &flow->insns[at];

	if (!place.slot)
		return place.reg >= REG_COUNT || (flow->runs[at].writes >> place.reg & 1);
	for (int i = 0; i < EFFECT_MAX; i++)
		if (sets(&insn->effects[i], place))
			return true;
	return false;
}

/* Looks at instruction @at, which runs just before the point in question, and on backwards. */
static void look(const struct flow *flow, size_t at, struct location place, uint8_t bias)
{
	const struct insn *insn;
	unsigned steps = 0;

	for (; !touches(flow, at, place); steps++) {
		const struct run *run = &flow->runs[at];
		if (!place.slot && !(run->all >> place.reg & 1)) {
			ask(flow, run->head, place, bias);
			return;
		}
		if (run->before == at) {
			if (steps > FREE_STEPS)
				budget_step(&flow->context->budget, steps);
			ask(flow, at, place, bias);
			return;
		}
		at = run->before;
	}
	if (steps > FREE_STEPS)
		budget_step(&flow->context->budget, steps);
	insn = &flow->insns[at];
	if (insn->conditional)
		ask(flow, at, place, bias);
	for (int i = 0; i < EFFECT_MAX; i++) {
		if (sets(&insn->effects[i], place)) {
			answer(flow, at, &insn->effects[i], bias);
			return;
		}
	}
	if (!loses(flow, at, place))
		ask(flow, at, place, bias);
}

void definitions_of(const struct flow *flow, const struct insn *at, struct location place,
                    enum origin_mode mode, struct definitions *out)
{
	struct walk *walk = flow->context->walk;
	struct budget *budget = &flow->context->budget;

	out->count = 0;
	out->truncated = false;
	if (!walk)
		return;
	walk_begin(walk, mode, out, budget);
	ask(flow, (size_t)(at - flow->insns), place, 0);
	while (walk->next < walk->count && budget->met == LIMIT_NONE) {
		struct question question = walk->items[walk->next++];
		uint32_t first = flow->pred_start[question.insn];
		uint32_t end = flow->pred_start[question.insn + 1];
		if (end - first > FREE_STEPS)
			budget_step(budget, end - first);
		for (uint32_t i = first; i < end; i++)
			look(flow, flow->preds[i], question.place, question.bias);
	}
}

void flow_definitions(const struct flow *flow, const struct insn *at, uint8_t reg,
                      enum origin_mode mode, struct definitions *out)
{
	definitions_of(flow, at, location_of(reg), mode, out);
}
