/* SPDX-License-Identifier: MIT */
#include "glibc.h"

/*
 * elf_get_dynamic_info (elf/get-dynamic-info.h) compares each d_tag with DT_NUM. That is 35
 * before glibc 2.36, which added DT_RELR, and 38 from there on; the comparison tells the age. The
 * function is known by two values that it expects, DT_PLTREL and the size of an entry.
 */
enum { DT_NUM_OLD = 35 };

struct reader {
	const struct image *image;
	uint64_t pltrel, entsize; /* what is expected */
	struct glibc *out;
};

/* Whether an address-sized value is compared with this one. */
static bool compares_with(const struct flow *flow, uint64_t value)
{
	unsigned width = image_word_size(flow->context->image);

	for (size_t i = 0; i < flow->count; i++) {
		for (int j = 0; j < EFFECT_MAX; j++) {
			const struct effect *effect = &flow->insns[i].effects[j];
			if (effect->kind == EFFECT_COMPARE && effect->a.width == width &&
			    effect->b.kind == OPERAND_CONST && effect->b.value == value)
				return true;
		}
	}
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

static bool visit(void *context, struct function *function)
{
	const struct reader *reader = context;
	const struct flow *flow = &function->flow;

	for (size_t i = 0; i < flow->count; i++)
		note_bias(reader, flow, &flow->insns[i]);
	reader->out->old |= (compares_with(flow, DT_NUM_OLD) ||
	                     compares_with(flow, DT_NUM_OLD - 1)) &&
	                    compares_with(flow, reader->pltrel) &&
	                    compares_with(flow, reader->entsize);
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
