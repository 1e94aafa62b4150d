/* SPDX-License-Identifier: MIT */
#include "values.h"

/* A GOT base that is itself loaded from a literal needs three nested looks. */
enum { DEPTH_MAX = 4 };

/* ---- sets of origins ------------------------------------------------------------------------ */

/* Whether both are the same place with the same value; how they were biased since does not count. */
static bool is_equal(const struct origin *a, const struct origin *b)
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
		if (is_equal(&set->items[i], origin))
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
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].bias == origin->bias && is_equal(&set->items[i], origin))
			return;
	if (set->count < ORIGINS_MAX)
		set->items[set->count++] = *origin;
	else
		set->truncated = true;
}

/* ---- single ones ---------------------------------------------------------------------------- */

/* A sum of addresses wraps as they do in the machine. */
static uint64_t wrapped(const struct flow *flow, uint64_t value)
{
	return value & image_word_mask(flow->context->image);
}

static void add_code(const struct flow *flow, struct origins *out, enum origin_kind kind,
                     uint64_t value, const struct definition *by)
{
	origins_add(out, &(struct origin){
		.kind = kind, .value = wrapped(flow, value), .parts = { by->insn },
		.part_count = 1, .bias = by->bias,
	});
}

static void register_origins(const struct flow *flow, const struct insn *at, uint8_t reg,
                             enum origin_mode mode, int depth, struct origins *out);

/* Exact values of @reg before @at. If incomplete, @whole is marked incomplete too. */
static void exact(const struct flow *flow, const struct insn *at, uint8_t reg, int depth,
                  struct origins *out, struct origins *whole)
{
	origins_clear(out);
	if (depth < DEPTH_MAX)
		register_origins(flow, at, reg, ORIGIN_EXACT, depth + 1, out);
	whole->truncated |= out->truncated;
}

static void add_word(const struct flow *flow, const struct definition *by, uint64_t address,
                     struct origins *out)
{
	uint64_t value;

	address = wrapped(flow, address);
	if (image_word(flow->context->image, address, &value))
		origins_add(out, &(struct origin){
			.kind = ORIGIN_WORD, .value = value, .word = address,
			.parts = { by->insn }, .part_count = 1, .bias = by->bias,
		});
}

/* The words that the address-sized memory operand @what may be. */
static void word_origins(const struct flow *flow, const struct definition *by,
                         const struct operand *what, int depth, struct origins *out)
{
	struct origins bases, indices = { .count = 1 };

	if (what->width != image_word_size(flow->context->image))
		return;
	if (what->reg == REG_NONE) {
		add_word(flow, by, what->value, out);
		return;
	}
	exact(flow, by->insn, what->reg, depth, &bases, out);
	indices.items[0].value = 0;
	if (what->index != REG_NONE)
		exact(flow, by->insn, what->index, depth, &indices, out);
	budget_step(&flow->context->budget, bases.count * indices.count);
	for (size_t i = 0; i < bases.count; i++)
		for (size_t j = 0; j < indices.count; j++)
			add_word(flow, by, bases.items[i].value +
			         (indices.items[j].value << what->shift) + what->value, out);
}

/* ---- arithmetic ----------------------------------------------------------------------------- */

/* dst = a + constant: completes a part, or derives a value. */
static void added_constant(const struct flow *flow, const struct definition *definition,
                           enum origin_mode mode, int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins bases;

	exact(flow, definition->insn, effect->a.reg, depth, &bases, out);
	for (size_t i = 0; i < bases.count; i++) {
		struct origin sum = bases.items[i];
		bool part = sum.kind == ORIGIN_PART && sum.part_count < PARTS_MAX;
		if (!part && mode == ORIGIN_BASE)
			continue; /* its origin is found by walking on through the addition */
		sum.value = wrapped(flow, sum.value + effect->b.value);
		if (part)
			sum.kind = ORIGIN_CODE;
		else if (effect->b.value != 0) /* 0: a copy, which RISC-V writes so */
			sum.kind = ORIGIN_DERIVED;
		sum.bias = definition->bias;
		if (part)
			sum.parts[sum.part_count++] = definition->insn;
		origins_add(out, &sum);
	}
}

/* dst = a + the instruction's own address, where a is a word that holds the difference. */
static void rebased(const struct flow *flow, const struct definition *definition, int depth,
                    struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins bases;

	exact(flow, definition->insn, effect->a.reg, depth, &bases, out);
	for (size_t i = 0; i < bases.count; i++) {
		struct origin sum = bases.items[i];
		sum.kind = sum.kind == ORIGIN_WORD && sum.base == 0 ? ORIGIN_WORD : ORIGIN_DERIVED;
		sum.value = wrapped(flow, sum.value + effect->b.value);
		sum.base = effect->b.value;
		sum.bias = definition->bias;
		origins_add(out, &sum);
	}
}

/* What a computation of two exact values makes of them. */
static uint64_t computed(const struct effect *effect, uint64_t a, uint64_t b)
{
	switch (effect->kind) {
	case EFFECT_ADD: return a + b;
	case EFFECT_AND: return a & b;
	case EFFECT_XOR: return a ^ b;
	case EFFECT_LEFT: return b < 64 ? a << b : 0;
	case EFFECT_RIGHT: return b < 64 ? a >> b : 0;
	default: return 0;
	}
}

/* The exact values of operand @what of @definition. */
static void operand_values(const struct flow *flow, const struct definition *definition,
                           const struct operand *what, int depth, struct origins *out,
                           struct origins *whole)
{
	origins_clear(out);
	if (what->kind == OPERAND_CONST)
		add_code(flow, out, ORIGIN_CODE, what->value, definition);
	else if (what->kind == OPERAND_REG)
		exact(flow, definition->insn, what->reg, depth, out, whole);
}

static void computed_origins(const struct flow *flow, const struct definition *definition,
                             int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins left, right;

	operand_values(flow, definition, &effect->a, depth, &left, out);
	operand_values(flow, definition, &effect->b, depth, &right, out);
	budget_step(&flow->context->budget, left.count * right.count);
	for (size_t i = 0; i < left.count; i++)
		for (size_t j = 0; j < right.count; j++)
			add_code(flow, out, ORIGIN_DERIVED,
			         computed(effect, left.items[i].value, right.items[j].value),
			         definition);
}

/* dst = a with some bits replaced: MOVK continues what MOVZ began. */
static void inserted(const struct flow *flow, const struct definition *definition, int depth,
                     struct origins *out)
{
	const struct effect *effect = definition->effect;
	struct origins bases;

	exact(flow, definition->insn, effect->a.reg, depth, &bases, out);
	for (size_t i = 0; i < bases.count; i++) {
		struct origin whole = bases.items[i];
		if ((whole.kind != ORIGIN_CODE && whole.kind != ORIGIN_PART) ||
		    whole.part_count == PARTS_MAX)
			continue;
		whole.kind = ORIGIN_CODE;
		whole.value = wrapped(flow, (whole.value & ~effect->dst.value) | effect->b.value);
		whole.bias = definition->bias;
		whole.parts[whole.part_count++] = definition->insn;
		origins_add(out, &whole);
	}
}

static void added(const struct flow *flow, const struct definition *definition,
                  enum origin_mode mode, int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;

	if (effect->a.kind == OPERAND_REG && effect->b.kind == OPERAND_CONST)
		added_constant(flow, definition, mode, depth, out);
	else if (effect->a.kind == OPERAND_REG && effect->b.kind == OPERAND_REG)
		computed_origins(flow, definition, depth, out);
}

/* ---- of definitions, places, operands ------------------------------------------------------- */

static void defined_origins(const struct flow *flow, const struct definition *definition,
                            enum origin_mode mode, int depth, struct origins *out)
{
	const struct effect *effect = definition->effect;

	switch (effect->kind) {
	case EFFECT_MOVE:
		if (effect->a.kind == OPERAND_CONST)
			add_code(flow, out, ORIGIN_CODE, effect->a.value, definition);
		else if (effect->a.kind == OPERAND_MEMORY)
			word_origins(flow, definition, &effect->a, depth, out);
		return;
	case EFFECT_PART:
		add_code(flow, out, ORIGIN_PART, effect->a.value, definition);
		return;
	case EFFECT_ADD:
		added(flow, definition, mode, depth, out);
		return;
	case EFFECT_AND: case EFFECT_XOR: case EFFECT_LEFT: case EFFECT_RIGHT:
		computed_origins(flow, definition, depth, out);
		return;
	case EFFECT_REBASE:
		rebased(flow, definition, depth, out);
		return;
	case EFFECT_INSERT:
		inserted(flow, definition, depth, out);
		return;
	case EFFECT_NONE: case EFFECT_COMPARE:
		return;
	}
}

static void place_origins(const struct flow *flow, const struct insn *at, struct location place,
                          enum origin_mode mode, int depth, struct origins *out)
{
	struct definitions definitions;

	definitions_of(flow, at, place, mode, &definitions);
	out->truncated |= definitions.truncated;
	for (size_t i = 0; i < definitions.count; i++)
		defined_origins(flow, &definitions.items[i], mode, depth, out);
}

static void register_origins(const struct flow *flow, const struct insn *at, uint8_t reg,
                             enum origin_mode mode, int depth, struct origins *out)
{
	place_origins(flow, at, location_of(reg), mode, depth, out);
}

void flow_origins(const struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out)
{
	const struct definition here = { .insn = at };
	struct location slot;

	switch (what->kind) {
	case OPERAND_REG:
		register_origins(flow, at, what->reg, mode, 0, out);
		return;
	case OPERAND_CONST:
		add_code(flow, out, ORIGIN_CODE, what->value, &here);
		return;
	case OPERAND_MEMORY:
		if (location_of_slot(flow, what, &slot))
			place_origins(flow, at, slot, mode, 0, out);
		word_origins(flow, &here, what, 0, out);
		return;
	case OPERAND_NONE:
		return;
	}
}

void flow_defined(const struct flow *flow, const struct definition *definition,
                  enum origin_mode mode, struct origins *out)
{
	defined_origins(flow, definition, mode, 0, out);
}
