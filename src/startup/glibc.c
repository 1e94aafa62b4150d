/* SPDX-License-Identifier: MIT */
#include "glibc.h"

/*
 * elf_get_dynamic_info (elf/get-dynamic-info.h) compares each d_tag with DT_NUM. That is 35
 * before glibc 2.36, which added DT_RELR, and 38 from there on; the comparison tells the age. The
 * function is known by two values that it expects, DT_PLTREL and the size of an entry.
 */
enum { DT_NUM_OLD = 35, DT_NUM = 38 };

struct reader {
	const struct image *image;
	const struct arch *arch;
	uint64_t pltrel, entsize; /* what is expected */
	struct glibc *out;
};

/* The one value that @operand can be; false when there is another possibility, or none. */
static bool only_value(const struct flow *flow, const struct insn *insn,
                       const struct operand *operand, struct origin *out)
{
	struct origins origins;

	origins_clear(&origins);
	flow_origins(flow, insn, operand, ORIGIN_EXACT, &origins);
	*out = origins.items[0];
	return origins.count == 1;
}

/* Whether the function puts @value into a register somewhere: for want of compares with constants. */
static bool hoists(const struct flow *flow, uint64_t value)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct effect *effect = &flow->insns[i].effects[0];
		if (effect->kind == EFFECT_MOVE && effect->dst.kind == OPERAND_REG &&
		    effect->a.kind == OPERAND_CONST && effect->a.value == value)
			return true;
	}
	return false;
}

/* A number that is looked for in comparisons. */
struct number {
	uint64_t value;
	bool hoisted; /* it may be in a register */
};

static struct number number_of(const struct flow *flow, uint64_t value)
{
	return (struct number){ .value = value, .hoisted = hoists(flow, value) };
}

/* Whether @operand is the number, or a register that can only hold it. */
static bool is_number(const struct flow *flow, const struct insn *insn,
                      const struct operand *operand, struct number number)
{
	struct origin value;

	if (operand->kind == OPERAND_CONST)
		return operand->value == number.value;
	return number.hoisted && operand->kind == OPERAND_REG &&
	       only_value(flow, insn, operand, &value) && value.kind != ORIGIN_WORD &&
	       value.value == number.value;
}

/* What @effect of @insn compares with the number: the other side, or NULL. */
static const struct operand *compared(const struct flow *flow, const struct insn *insn,
                                      const struct effect *effect, struct number number)
{
	if (effect->kind != EFFECT_COMPARE)
		return NULL;
	if (is_number(flow, insn, &effect->b, number))
		return &effect->a;
	return is_number(flow, insn, &effect->a, number) ? &effect->b : NULL;
}

/* Whether @insn compares an address-sized value with the number. */
static bool compares(const struct flow *flow, const struct insn *insn, struct number number)
{
	unsigned width = image_word_size(flow->context->image);

	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++)
		if (insn->effects[i].a.width == width &&
		    compared(flow, insn, &insn->effects[i], number))
			return true;
	return false;
}

static bool compares_with(const struct flow *flow, uint64_t value)
{
	struct number number = number_of(flow, value);

	for (size_t i = 0; i < flow->count; i++)
		if (compares(flow, &flow->insns[i], number))
			return true;
	return false;
}

/*
 * The load bias is &_DYNAMIC minus _DYNAMIC as linked; before glibc 2.35 that stood in GOT[0].
 * From there on startup takes the address of the ELF header for the bias, until glibc 2.40.
 */
static void note_bias(const struct reader *reader, const struct flow *flow,
                      const struct insn *insn)
{
	uint64_t dynamic = reader->image->dynamic_segment.vaddr;
	unsigned width = image_word_size(reader->image);

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		struct origin here, linked;
		if (effect->kind != EFFECT_COMPARE || effect->a.kind != OPERAND_REG ||
		    effect->b.kind == OPERAND_CONST || effect->b.width != width)
			continue;
		if (!only_value(flow, insn, &effect->b, &linked) || linked.kind != ORIGIN_WORD ||
		    !only_value(flow, insn, &effect->a, &here) || here.value != dynamic)
			continue;
		if (linked.value == dynamic)
			reader->out->knows_bias = true;
		else
			reader->out->unrelocated = linked.word;
	}
}

/* A limit: x < n, or x <= n - 1. */
struct limits {
	struct number below, not_above;
};

static struct limits limits_of(const struct flow *flow, uint64_t value)
{
	return (struct limits){ number_of(flow, value), number_of(flow, value - 1) };
}

static bool is_limit(const struct flow *flow, const struct insn *insn, struct limits limits)
{
	return compares(flow, insn, limits.below) || compares(flow, insn, limits.not_above);
}

/* Whether @value rather than what was noted is where _DYNAMIC is expected. */
static bool is_better(const struct reader *reader, uint64_t value)
{
	uint64_t real = reader->image->dynamic_segment.vaddr, noted = reader->out->dynamic;

	return noted == 0 || value == real ||
	       (noted != real && value < noted && reader->arch->pc_thunks);
}

/*
 * The pointer through which @load reads a tag begins at _DYNAMIC. Where addresses are sums, its
 * origin is a base of everything: there its exact values are looked at, of which _DYNAMIC is the
 * lowest.
 */
static void note_pointer(const struct reader *reader, const struct flow *flow,
                         const struct definition *load)
{
	bool sums = reader->arch->pc_thunks;
	struct operand base = load->effect->a;
	struct origins origins;

	if (load->effect->kind != EFFECT_MOVE || base.kind != OPERAND_MEMORY || base.reg == REG_NONE)
		return;
	base.kind = OPERAND_REG;
	origins_clear(&origins);
	flow_origins(flow, load->insn, &base, sums ? ORIGIN_EXACT : ORIGIN_BASE, &origins);
	for (size_t i = 0; i < origins.count; i++) {
		uint64_t value = origins.items[i].value + (sums ? base.value : 0);
		value &= image_word_mask(reader->image);
		if (origins.items[i].kind != ORIGIN_PART && image_segment(reader->image, value, 1) &&
		    is_better(reader, value))
			reader->out->dynamic = value;
	}
}

/* Where the tag comes from that @operand of @insn is. */
static void note_tag(const struct reader *reader, const struct flow *flow,
                     const struct insn *insn, const struct operand *operand)
{
	struct definitions loads;

	if (operand->kind != OPERAND_REG)
		return;
	flow_definitions(flow, insn, operand->reg, ORIGIN_BITS, &loads);
	for (size_t i = 0; i < loads.count; i++)
		note_pointer(reader, flow, &loads.items[i]);
}

/* Where the tags come from that @insn compares with DT_NUM. */
static void note_tags(const struct reader *reader, const struct flow *flow,
                      const struct insn *insn)
{
	for (int i = 0; i < EFFECT_MAX; i++) {
		if (insn->effects[i].kind != EFFECT_COMPARE)
			continue;
		note_tag(reader, flow, insn, &insn->effects[i].a);
		note_tag(reader, flow, insn, &insn->effects[i].b);
	}
}

/* ---- the first PT_LOAD ----------------------------------------------------------------------- */

/* The definitions of the pointer through which @memory is read, where it is @field of a structure. */
static bool pointer_to(const struct flow *flow, const struct insn *insn,
                       const struct operand *memory, struct elf_field field,
                       struct definitions *out)
{
	bool is64 = flow->context->image->is64;

	if (memory->kind != OPERAND_MEMORY || memory->reg == REG_NONE ||
	    memory->index != REG_NONE || memory->width != field.width[is64] ||
	    memory->value != field.offset[is64])
		return false;
	flow_definitions(flow, insn, memory->reg, ORIGIN_BASE, out);
	return true;
}

/* The same for what an instruction compares with the number, in memory or loaded before. */
static bool pointer_of_compared(const struct flow *flow, const struct insn *insn,
                                struct elf_field field, struct number number,
                                struct definitions *out)
{
	const struct operand *value = compared(flow, insn, &insn->effects[0], number);
	struct definitions loads;

	if (!value || value->width < field.width[flow->context->image->is64])
		return false;
	if (value->kind != OPERAND_REG)
		return pointer_to(flow, insn, value, field, out);
	flow_definitions(flow, insn, value->reg, ORIGIN_EXACT, &loads);
	for (size_t i = 0; i < loads.count; i++)
		if (loads.items[i].effect->kind == EFFECT_MOVE &&
		    pointer_to(flow, loads.items[i].insn, &loads.items[i].effect->a, field, out))
			return true;
	return false;
}

/* Whether both pointers were loaded by the same instruction: from GL(dl_phdr). */
static bool have_common_load(const struct definitions *a, const struct definitions *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (a->items[i].insn == b->items[j].insn &&
			    a->items[i].effect->a.kind == OPERAND_MEMORY)
				return true;
	return false;
}

/* Whether @field of the program header at the pointer @phdr is read: moved or compared. */
static bool reads(const struct flow *flow, const struct definitions *phdr, struct elf_field field)
{
	struct definitions pointer;

	if (!budget_step(&flow->context->budget, flow->count))
		return false;
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		for (int j = 0; j < EFFECT_MAX; j++)
			if (pointer_to(flow, insn, &insn->effects[j].a, field, &pointer) &&
			    have_common_load(&pointer, phdr))
				return true;
	}
	return false;
}

/*
 * From 2.40 on the load bias is the address of the ELF header minus p_vaddr of the PT_LOAD with p_offset
 * 0, for which startup looks.
 */
static bool subtracts_base(const struct flow *flow)
{
	struct number load = number_of(flow, PT_LOAD);
	struct definitions phdr;

	for (size_t i = 0; i < flow->count; i++)
		if (pointer_of_compared(flow, &flow->insns[i], P_TYPE, load, &phdr) &&
		    reads(flow, &phdr, P_OFFSET) && reads(flow, &phdr, P_VADDR))
			return true;
	return false;
}

/* ---- both ------------------------------------------------------------------------------------ */

/* Whether it was linked at 0, where nobody has to know where it was linked. */
static bool is_at_zero(const struct image *image)
{
	return image->load_count == 0 || image->loads[0].vaddr == 0;
}

/* elf_get_dynamic_info, wherever it is inlined. */
static void note_dynamic_info(const struct reader *reader, const struct flow *flow)
{
	struct limits limits, limits_old;

	if (!compares_with(flow, reader->pltrel) || !compares_with(flow, reader->entsize))
		return;
	limits = limits_of(flow, DT_NUM);
	limits_old = limits_of(flow, DT_NUM_OLD);
	reader->out->knows_bias |= !is_at_zero(reader->image) && subtracts_base(flow);
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		bool old = is_limit(flow, insn, limits_old);
		if (!old && !is_limit(flow, insn, limits))
			continue;
		reader->out->old |= old;
		reader->out->relocates = true;
		note_tags(reader, flow, insn);
	}
}

static bool visit(void *context, struct function *function)
{
	const struct reader *reader = context;
	const struct flow *flow = &function->flow;

	for (size_t i = 0; i < flow->count; i++)
		note_bias(reader, flow, &flow->insns[i]);
	note_dynamic_info(reader, flow);
	return true;
}

void glibc_read(struct functions *functions, struct glibc *out)
{
	struct reader reader = {
		.image = functions->context.image,
		.arch = functions->context.arch,
		.pltrel = functions->context.arch->rela ? DT_RELA : DT_REL,
		.entsize = functions->context.entsize,
		.out = out,
	};

	*out = (struct glibc){ .read = true };
	functions_reach(functions, visit, &reader);
	out->limit = functions->context.budget.met;
}
