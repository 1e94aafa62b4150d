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
	uint64_t pltrel, entsize; /* what is expected */
	struct glibc *out;
};

/* Whether @insn compares an address-sized value with this one. */
static bool compares(const struct flow *flow, const struct insn *insn, uint64_t value)
{
	unsigned width = image_word_size(flow->context->image);

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind == EFFECT_COMPARE && effect->a.width == width &&
		    effect->b.kind == OPERAND_CONST && effect->b.value == value)
			return true;
	}
	return false;
}

static bool compares_with(const struct flow *flow, uint64_t value)
{
	for (size_t i = 0; i < flow->count; i++)
		if (compares(flow, &flow->insns[i], value))
			return true;
	return false;
}

/* The one word that @operand can be; false when there is another possibility, or none. */
static bool only_word(const struct flow *flow, const struct insn *insn,
                      const struct operand *operand, struct origin *out)
{
	struct origins origins;

	origins_clear(&origins);
	flow_origins(flow, insn, operand, ORIGIN_EXACT, &origins);
	*out = origins.items[0];
	return origins.count == 1;
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
		if (!only_word(flow, insn, &effect->b, &linked) || linked.kind != ORIGIN_WORD ||
		    !only_word(flow, insn, &effect->a, &here) || here.value != dynamic)
			continue;
		if (linked.value == dynamic)
			reader->out->knows_bias = true;
		else
			reader->out->unrelocated = linked.word;
	}
}

/* Whether @insn compares something with @number: x < n, or x <= n - 1. */
static bool is_limit(const struct flow *flow, const struct insn *insn, uint64_t number)
{
	return compares(flow, insn, number) || compares(flow, insn, number - 1);
}

/* The pointer through which @load reads a tag begins at _DYNAMIC. */
static void note_pointer(const struct reader *reader, const struct flow *flow,
                         const struct definition *load)
{
	struct operand base = load->effect->a;
	struct origins origins;

	if (load->effect->kind != EFFECT_MOVE || base.kind != OPERAND_MEMORY || base.reg == REG_NONE)
		return;
	base.kind = OPERAND_REG;
	origins_clear(&origins);
	flow_origins(flow, load->insn, &base, ORIGIN_BASE, &origins);
	for (size_t i = 0; i < origins.count; i++) {
		uint64_t value = origins.items[i].value;
		if (origins.items[i].kind == ORIGIN_PART || !image_segment(reader->image, value, 1))
			continue;
		if (reader->out->dynamic == 0 || value == reader->image->dynamic_segment.vaddr)
			reader->out->dynamic = value;
	}
}

/* Where the tags come from that @insn compares with DT_NUM. */
static void note_tags(const struct reader *reader, const struct flow *flow,
                      const struct insn *insn)
{
	struct definitions loads;

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct operand *tag = &insn->effects[i].a;
		if (insn->effects[i].kind != EFFECT_COMPARE || tag->kind != OPERAND_REG)
			continue;
		flow_definitions(flow, insn, tag->reg, ORIGIN_BITS, &loads);
		for (size_t j = 0; j < loads.count; j++)
			note_pointer(reader, flow, &loads.items[j]);
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

/* The same for what an instruction compares with @value, in memory or loaded before. */
static bool pointer_of_compared(const struct flow *flow, const struct insn *insn,
                                struct elf_field field, uint64_t value, struct definitions *out)
{
	const struct effect *compare = &insn->effects[0];
	struct definitions loads;

	if (compare->kind != EFFECT_COMPARE || compare->b.kind != OPERAND_CONST ||
	    compare->b.value != value ||
	    compare->a.width != field.width[flow->context->image->is64])
		return false;
	if (compare->a.kind != OPERAND_REG)
		return pointer_to(flow, insn, &compare->a, field, out);
	flow_definitions(flow, insn, compare->a.reg, ORIGIN_EXACT, &loads);
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
	struct definitions phdr;

	for (size_t i = 0; i < flow->count; i++)
		if (pointer_of_compared(flow, &flow->insns[i], P_TYPE, PT_LOAD, &phdr) &&
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
	if (!compares_with(flow, reader->pltrel) || !compares_with(flow, reader->entsize))
		return;
	reader->out->knows_bias |= !is_at_zero(reader->image) && subtracts_base(flow);
	for (size_t i = 0; i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		bool old = is_limit(flow, insn, DT_NUM_OLD);
		if (!old && !is_limit(flow, insn, DT_NUM))
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
		.pltrel = functions->context.arch->rela ? DT_RELA : DT_REL,
		.entsize = functions->context.entsize,
		.out = out,
	};

	*out = (struct glibc){ .read = true };
	functions_reach(functions, visit, &reader);
	out->limit = functions->context.budget.met;
}
