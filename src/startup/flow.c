/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

/*
 * The largest startup function seen has 1,162 instructions. A GOT base that is itself loaded
 * from a literal needs three nested looks.
 */
enum { INSNS_MAX = 1 << 16, DEPTH_MAX = 4 };

/* ---- instructions by address ---------------------------------------------------------------- */

static size_t slot_of(const struct flow *flow, uint64_t address)
{
	size_t at = (size_t)(address * 0x9e3779b97f4a7c15u >> 20) & (flow->slot_count - 1);

	while (flow->slots[at] != 0 && flow->insns[flow->slots[at] - 1].address != address)
		at = (at + 1) & (flow->slot_count - 1);
	return at;
}

const struct insn *flow_at(const struct flow *flow, uint64_t address)
{
	uint32_t found = flow->slot_count ? flow->slots[slot_of(flow, address)] : 0;

	return found ? &flow->insns[found - 1] : NULL;
}

/* Doubles the room for instructions, and the hash table with it. */
static bool grow(struct flow *flow, size_t *room)
{
	size_t more = *room ? *room * 2 : 32;
	struct insn *insns = realloc(flow->insns, more * sizeof(*insns));

	if (insns)
		flow->insns = insns;
	free(flow->slots);
	flow->slots = insns ? calloc(more * 2, sizeof(*flow->slots)) : NULL;
	flow->slot_count = flow->slots ? more * 2 : 0;
	if (!flow->slots)
		return false;
	for (size_t i = 0; i < flow->count; i++)
		flow->slots[slot_of(flow, flow->insns[i].address)] = (uint32_t)i + 1;
	*room = more;
	return true;
}

/* ---- discovery ------------------------------------------------------------------------------ */

static bool decode_at(const struct flow *flow, uint64_t address, struct insn *out)
{
	const struct segment *segment = image_segment(flow->image, address, 1);
	struct bytes code;
	uint64_t left;

	if (!segment || !(segment->flags & PF_X) || address - segment->vaddr >= segment->filesz)
		return false;
	left = segment->filesz - (address - segment->vaddr);
	return image_view(flow->image, address, left < INSN_MAX ? left : INSN_MAX, &code) &&
	       flow->arch->decode(code, address, out);
}

static bool falls_through(const struct insn *insn)
{
	return insn->flow == FLOW_NEXT || insn->flow == FLOW_BRANCH || insn->flow == FLOW_CALL;
}

static bool branches(const struct insn *insn)
{
	return insn->has_target && (insn->flow == FLOW_BRANCH || insn->flow == FLOW_JUMP);
}

/* Decodes straight on from @address, as far as that is new. */
static bool discover_run(struct flow *flow, size_t *room, uint64_t address)
{
	while (!flow_at(flow, address) && flow->count < INSNS_MAX) {
		struct insn *insn;
		if (flow->count == *room && !grow(flow, room))
			return false;
		insn = &flow->insns[flow->count];
		if (!decode_at(flow, address, insn))
			break;
		flow->slots[slot_of(flow, address)] = (uint32_t)++flow->count;
		if (!falls_through(insn))
			break;
		address += insn->length;
	}
	return true;
}

/* The instructions found so far are also the list of branches still to be followed. */
static bool discover(struct flow *flow, uint64_t entry)
{
	size_t room = 0;
	bool ok = grow(flow, &room) && discover_run(flow, &room, entry);

	for (size_t i = 0; ok && i < flow->count; i++)
		if (branches(&flow->insns[i]))
			ok = discover_run(flow, &room, flow->insns[i].target);
	return ok;
}

/* Index of the instruction that runs after @insn (0: straight on, 1: branched), or count. */
static size_t successor(const struct flow *flow, const struct insn *insn, int which)
{
	const struct insn *next = NULL;

	if (which == 0 && falls_through(insn))
		next = flow_at(flow, insn->address + insn->length);
	if (which == 1 && branches(insn))
		next = flow_at(flow, insn->target);
	return next ? (size_t)(next - flow->insns) : flow->count;
}

static bool link_predecessors(struct flow *flow)
{
	size_t n = flow->count, total = 0;

	flow->pred_start = calloc(n + 2, sizeof(*flow->pred_start));
	if (!flow->pred_start)
		return false;
	for (size_t i = 0; i < 2 * n; i++) {
		size_t to = successor(flow, &flow->insns[i / 2], i % 2);
		if (to < n) {
			flow->pred_start[to + 2]++;
			total++;
		}
	}
	for (size_t i = 2; i <= n + 1; i++)
		flow->pred_start[i] += flow->pred_start[i - 1];
	flow->preds = calloc(total ? total : 1, sizeof(*flow->preds));
	if (!flow->preds)
		return false;
	for (size_t i = 0; i < 2 * n; i++) {
		size_t to = successor(flow, &flow->insns[i / 2], i % 2);
		if (to < n)
			flow->preds[flow->pred_start[to + 1]++] = (uint32_t)(i / 2);
	}
	return true;
}

bool flow_build(const struct image *image, const struct arch *arch, uint64_t entry,
                struct flow *out)
{
	*out = (struct flow){ .image = image, .arch = arch, .steps = UINT64_MAX };
	if (discover(out, entry) && link_predecessors(out))
		return true;
	flow_free(out);
	return false;
}

void flow_free(struct flow *flow)
{
	free(flow->insns);
	free(flow->pred_start);
	free(flow->preds);
	free(flow->slots);
	*flow = (struct flow){ .count = 0 };
}

/* ---- definitions ---------------------------------------------------------------------------- */

/* A register, or a stack slot: the word at a frame register plus an offset as written. */
struct place {
	bool slot;
	uint8_t reg;
	uint64_t offset;
};

/* "What is in @place just before @insn runs?" */
struct question {
	uint32_t insn;
	struct place place;
};

/* The questions asked so far; those from @next on are still open. */
struct walk {
	struct question *items;
	size_t count, next, room;
	uint32_t *seen; /* hash table of question indices + 1 */
	size_t seen_count;
};

static bool place_equal(struct place a, struct place b)
{
	return a.slot == b.slot && a.reg == b.reg && a.offset == b.offset;
}

static size_t seen_slot(const struct walk *walk, struct question question)
{
	uint64_t key = question.insn * 0x9e3779b97f4a7c15u ^
	               (question.place.offset + question.place.reg * 2u + question.place.slot) *
	               0xc2b2ae3d27d4eb4fu;
	size_t at = (size_t)(key >> 24) & (walk->seen_count - 1);

	while (walk->seen[at] != 0) {
		const struct question *other = &walk->items[walk->seen[at] - 1];
		if (other->insn == question.insn && place_equal(other->place, question.place))
			break;
		at = (at + 1) & (walk->seen_count - 1);
	}
	return at;
}

static bool walk_grow(struct walk *walk)
{
	size_t more = walk->room ? walk->room * 2 : 64;
	struct question *items = realloc(walk->items, more * sizeof(*items));

	if (!items)
		return false;
	walk->items = items;
	walk->room = more;
	free(walk->seen);
	walk->seen_count = more * 2;
	walk->seen = calloc(walk->seen_count, sizeof(*walk->seen));
	if (!walk->seen)
		return false;
	for (size_t i = 0; i < walk->count; i++)
		walk->seen[seen_slot(walk, walk->items[i])] = (uint32_t)i + 1;
	return true;
}

static void ask(struct flow *flow, struct walk *walk, size_t insn, struct place place)
{
	struct question question = { (uint32_t)insn, place };
	size_t at;

	if (flow->failed)
		return;
	if (flow->steps == 0 || (walk->count == walk->room && !walk_grow(walk))) {
		flow->failed = true;
		return;
	}
	flow->steps--;
	at = seen_slot(walk, question);
	if (walk->seen[at] != 0)
		return;
	walk->items[walk->count++] = question;
	walk->seen[at] = (uint32_t)walk->count;
}

static struct place reg_place(uint8_t reg)
{
	return (struct place){ .reg = reg };
}

/* Whether @operand is a stack slot: a frame register plus a constant. */
static bool is_slot(const struct flow *flow, const struct operand *operand, struct place *out)
{
	if (operand->kind != OPERAND_MEMORY || operand->index != REG_NONE)
		return false;
	if (operand->reg != flow->arch->stack_pointer && operand->reg != flow->arch->frame_pointer)
		return false;
	*out = (struct place){ .slot = true, .reg = operand->reg, .offset = operand->value };
	return true;
}

static bool sets(const struct flow *flow, const struct effect *effect, struct place place)
{
	struct place target;

	if (effect->kind == EFFECT_NONE || effect->kind == EFFECT_COMPARE)
		return false;
	if (!place.slot)
		return effect->dst.kind == OPERAND_REG && effect->dst.reg == place.reg;
	return is_slot(flow, &effect->dst, &target) && place_equal(target, place);
}

static bool loses(const struct flow *flow, const struct insn *insn, struct place place)
{
	uint32_t lost = insn->clobbers;

	if (place.slot || place.reg > 31)
		return false;
	if (insn->flow == FLOW_CALL)
		lost |= flow->arch->caller_saved;
	return lost >> place.reg & 1;
}

static void define(struct definitions *out, const struct insn *insn, const struct effect *effect)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i].effect == effect)
			return;
	if (out->count < DEFINITIONS_MAX)
		out->items[out->count++] = (struct definition){ insn, effect };
	else
		out->truncated = true;
}

/* @effect of @insn sets the place in question: go on to what it copies, or note it down. */
static void answer(struct flow *flow, struct walk *walk, const struct insn *insn,
                   const struct effect *effect, enum origin_mode mode, struct definitions *out)
{
	size_t at = (size_t)(insn - flow->insns);
	struct place slot;

	if (effect->kind == EFFECT_MOVE && effect->a.kind == OPERAND_REG) {
		ask(flow, walk, at, reg_place(effect->a.reg));
		return;
	}
	if (effect->kind == EFFECT_MOVE && is_slot(flow, &effect->a, &slot))
		ask(flow, walk, at, slot);
	if (effect->kind == EFFECT_ADD && effect->b.kind == OPERAND_CONST &&
	    effect->a.kind == OPERAND_REG && mode == ORIGIN_BASE)
		ask(flow, walk, at, reg_place(effect->a.reg));
	define(out, insn, effect);
}

/* Looks at @insn, which runs just before the point in question. */
static void look(struct flow *flow, struct walk *walk, size_t index, struct place place,
                 enum origin_mode mode, struct definitions *out)
{
	const struct insn *insn = &flow->insns[index];

	for (int i = 0; i < EFFECT_MAX; i++) {
		if (sets(flow, &insn->effects[i], place)) {
			answer(flow, walk, insn, &insn->effects[i], mode, out);
			return;
		}
	}
	if (!loses(flow, insn, place))
		ask(flow, walk, index, place);
}

static void definitions_of(struct flow *flow, const struct insn *at, struct place place,
                           enum origin_mode mode, struct definitions *out)
{
	struct walk walk = { 0 };

	out->count = 0;
	out->truncated = false;
	ask(flow, &walk, (size_t)(at - flow->insns), place);
	while (walk.next < walk.count && !flow->failed) {
		struct question question = walk.items[walk.next++];
		uint32_t first = flow->pred_start[question.insn];
		uint32_t end = flow->pred_start[question.insn + 1];
		for (uint32_t i = first; i < end; i++)
			look(flow, &walk, flow->preds[i], question.place, mode, out);
	}
	free(walk.items);
	free(walk.seen);
}

void flow_definitions(struct flow *flow, const struct insn *at, uint8_t reg,
                      struct definitions *out)
{
	definitions_of(flow, at, reg_place(reg), ORIGIN_BASE, out);
}

/* ---- origins -------------------------------------------------------------------------------- */

bool origin_equal(const struct origin *a, const struct origin *b)
{
	if (a->kind != b->kind || a->value != b->value || a->word != b->word ||
	    a->part_count != b->part_count)
		return false;
	for (unsigned i = 0; i < a->part_count; i++)
		if (a->parts[i] != b->parts[i])
			return false;
	return true;
}

bool origins_has(const struct origins *set, const struct origin *origin)
{
	for (size_t i = 0; i < set->count; i++)
		if (origin_equal(&set->items[i], origin))
			return true;
	return false;
}

void origins_clear(struct origins *set)
{
	set->count = 0;
	set->truncated = false;
}

void origins_add(struct origins *set, const struct origin *origin)
{
	if (origins_has(set, origin))
		return;
	if (set->count < ORIGINS_MAX)
		set->items[set->count++] = *origin;
	else
		set->truncated = true;
}

static void add_code(struct origins *out, enum origin_kind kind, uint64_t value,
                     const struct insn *insn)
{
	origins_add(out, &(struct origin){
		.kind = kind, .value = value, .parts = { insn }, .part_count = 1,
	});
}

static void register_origins(struct flow *flow, const struct insn *at, uint8_t reg,
                             enum origin_mode mode, int depth, struct origins *out);

/* The exact values that register @reg may have before @at, on which those in @whole depend. */
static void exact(struct flow *flow, const struct insn *at, uint8_t reg, int depth,
                  struct origins *out, struct origins *whole)
{
	origins_clear(out);
	if (depth < DEPTH_MAX)
		register_origins(flow, at, reg, ORIGIN_EXACT, depth + 1, out);
	whole->truncated |= out->truncated;
}

static void add_word(struct flow *flow, const struct insn *at, uint64_t address,
                     struct origins *out)
{
	uint64_t value;

	if (image_word(flow->image, address, &value))
		origins_add(out, &(struct origin){
			.kind = ORIGIN_WORD, .value = value, .word = address,
			.parts = { at }, .part_count = 1,
		});
}

/* The words that the address-sized memory operand @what may be. */
static void word_origins(struct flow *flow, const struct insn *at, const struct operand *what,
                         int depth, struct origins *out)
{
	struct origins bases, indices = { .count = 1 };

	if (what->width != image_word_size(flow->image))
		return;
	if (what->reg == REG_NONE) {
		add_word(flow, at, what->value, out);
		return;
	}
	exact(flow, at, what->reg, depth, &bases, out);
	indices.items[0].value = 0;
	if (what->index != REG_NONE)
		exact(flow, at, what->index, depth, &indices, out);
	for (size_t i = 0; i < bases.count; i++)
		for (size_t j = 0; j < indices.count; j++)
			add_word(flow, at, bases.items[i].value + indices.items[j].value +
			         what->value, out);
}

/* dst = a + constant: completes a page, or derives a value. */
static void added_constant(struct flow *flow, const struct definition *definition,
                           enum origin_mode mode, int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins bases;

	exact(flow, definition->insn, effect->a.reg, depth, &bases, out);
	for (size_t i = 0; i < bases.count; i++) {
		struct origin sum = bases.items[i];
		bool page = sum.kind == ORIGIN_PAGE;
		if (!page && mode == ORIGIN_BASE)
			continue; /* its origin is found by walking on through the addition */
		sum.value += effect->b.value;
		sum.kind = page ? ORIGIN_CODE : ORIGIN_DERIVED;
		if (page)
			sum.parts[sum.part_count++] = definition->insn;
		origins_add(out, &sum);
	}
}

static void added_register(struct flow *flow, const struct definition *definition, int depth,
                           struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins left, right;

	exact(flow, definition->insn, effect->a.reg, depth, &left, out);
	exact(flow, definition->insn, effect->b.reg, depth, &right, out);
	for (size_t i = 0; i < left.count; i++)
		for (size_t j = 0; j < right.count; j++)
			add_code(out, ORIGIN_DERIVED,
			         left.items[i].value + right.items[j].value, definition->insn);
}

/* dst = a with some bits replaced: MOVK continues what MOVZ began. */
static void inserted(struct flow *flow, const struct definition *definition, int depth,
                     struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins bases;

	exact(flow, definition->insn, effect->a.reg, depth, &bases, out);
	for (size_t i = 0; i < bases.count; i++) {
		struct origin whole = bases.items[i];
		if (whole.kind != ORIGIN_CODE || whole.part_count == ORIGIN_PARTS_MAX)
			continue;
		whole.value = (whole.value & ~effect->dst.value) | effect->b.value;
		whole.parts[whole.part_count++] = definition->insn;
		origins_add(out, &whole);
	}
}

static void defined_origins(struct flow *flow, const struct definition *definition,
                            enum origin_mode mode, int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;

	switch (effect->kind) {
	case EFFECT_MOVE:
		if (effect->a.kind == OPERAND_CONST)
			add_code(out, ORIGIN_CODE, effect->a.value, definition->insn);
		else if (effect->a.kind == OPERAND_MEMORY)
			word_origins(flow, definition->insn, &effect->a, depth, out);
		return;
	case EFFECT_PAGE:
		add_code(out, ORIGIN_PAGE, effect->a.value, definition->insn);
		return;
	case EFFECT_ADD:
		if (effect->a.kind == OPERAND_REG && effect->b.kind == OPERAND_CONST)
			added_constant(flow, definition, mode, depth, out);
		else if (effect->a.kind == OPERAND_REG && effect->b.kind == OPERAND_REG)
			added_register(flow, definition, depth, out);
		return;
	case EFFECT_INSERT:
		inserted(flow, definition, depth, out);
		return;
	default:
		return;
	}
}

static void place_origins(struct flow *flow, const struct insn *at, struct place place,
                          enum origin_mode mode, int depth, struct origins *out)
{
	struct definitions definitions;

	definitions_of(flow, at, place, mode, &definitions);
	out->truncated |= definitions.truncated;
	for (size_t i = 0; i < definitions.count; i++)
		defined_origins(flow, &definitions.items[i], mode, depth, out);
}

static void register_origins(struct flow *flow, const struct insn *at, uint8_t reg,
                             enum origin_mode mode, int depth, struct origins *out)
{
	place_origins(flow, at, reg_place(reg), mode, depth, out);
}

void flow_origins(struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out)
{
	struct place slot;

	switch (what->kind) {
	case OPERAND_REG:
		register_origins(flow, at, what->reg, mode, 0, out);
		return;
	case OPERAND_CONST:
		add_code(out, ORIGIN_CODE, what->value, at);
		return;
	case OPERAND_MEMORY:
		if (is_slot(flow, what, &slot))
			place_origins(flow, at, slot, mode, 0, out);
		word_origins(flow, at, what, 0, out);
		return;
	default:
		return;
	}
}

void flow_defined(struct flow *flow, const struct definition *definition, enum origin_mode mode,
                  struct origins *out)
{
	defined_origins(flow, definition, mode, 0, out);
}
