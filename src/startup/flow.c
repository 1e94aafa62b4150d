/* SPDX-License-Identifier: MIT */
/*
 * How it works. flow_build() decodes from the entry on along jumps and branches, and links each
 * instruction to those that may run just before it. Of straight code it is noted down what it
 * writes as a whole, so that a question about a register need not be passed on from one instruction
 * to the next (definitions.c).
 *
 * Paths that cannot be followed (calls, jumps through registers, code that does not decode) are not
 * there: see values.h for what that means to answers.
 */
#include "flow.h"

#include "definitions.h"

#include <stdlib.h>

/* The largest startup function seen has 1,162 instructions. */
enum { INSNS_MAX = 1 << 16 };

/* Five times what the dearest known program takes, which is qemu's, a static-PIE. */
static const struct budget whole_budget = { .more = 1 << 26, .insns = 1 << 20 };

/* So many instructions are paid for at once. */
enum { RUN = 32 };

static bool is_over(const struct flow *flow)
{
	return flow->context->budget.met != LIMIT_NONE;
}

/* ---- all functions of an image -------------------------------------------------------------- */

bool flow_begin(struct flow_context *context, const struct image *image, const struct arch *arch,
                unsigned entsize)
{
	struct bytes code;

	*context = (struct flow_context){
		.image = image, .arch = arch, .entsize = entsize, .budget = whole_budget,
		.walk = walk_new(),
	};
	context->budget.effort = image->effort;
	if (!context->walk)
		budget_meet(&context->budget, LIMIT_MEMORY);
	return !arch->prepare ||
	       (image_view(image, image->entry & ~arch->state_bits, INSN_MAX, &code) &&
	        arch->prepare(code, image->entry, &context->decoder));
}

void flow_end(struct flow_context *context)
{
	walk_free(context->walk);
	context->walk = NULL;
}

/* ---- instructions by address ---------------------------------------------------------------- */

static bool is_slot_of(const struct flow *flow, size_t at, uint64_t address)
{
	return flow->slots[at] == 0 || flow->insns[flow->slots[at] - 1].address == address;
}

/* The first one behind @first, which is another one's; when a limit was met, any. */
BUDGET_RARE
static size_t next_slot_of(const struct flow *flow, size_t first, uint64_t address)
{
	size_t at = first;

	if (is_over(flow))
		return at;
	while (!is_slot_of(flow, at, address))
		at = (at + 1) & (flow->slot_count - 1);
	budget_probed(&flow->context->budget, (at - first) & (flow->slot_count - 1));
	return at;
}

static size_t slot_of(const struct flow *flow, uint64_t address)
{
	size_t at = (size_t)(address * 0x9e3779b97f4a7c15u >> 20) & (flow->slot_count - 1);

	return is_slot_of(flow, at, address) ? at : next_slot_of(flow, at, address);
}

const struct insn *flow_at(const struct flow *flow, uint64_t address)
{
	uint32_t found = flow->slot_count ? flow->slots[slot_of(flow, address)] : 0;

	return found ? &flow->insns[found - 1] : NULL;
}

/* Doubles the hash table, of which a quarter is used at most. */
static bool grow_slots(struct flow *flow)
{
	size_t more = flow->slot_count ? flow->slot_count * 2 : 512;

	free(flow->slots);
	flow->slots = calloc(more, sizeof(*flow->slots));
	flow->slot_count = flow->slots ? more : 0;
	if (!flow->slots)
		return budget_meet(&flow->context->budget, LIMIT_MEMORY);
	for (size_t i = 0; i < flow->count; i++)
		flow->slots[slot_of(flow, flow->insns[i].address)] = (uint32_t)i + 1;
	return !is_over(flow);
}

/* Doubles the room for instructions. Most functions have fewer than it begins with: none is moved. */
static bool grow(struct flow *flow, size_t *room)
{
	size_t more = *room ? *room * 2 : 512;
	struct insn *insns = realloc(flow->insns, more * sizeof(*insns));

	if (!insns)
		return budget_meet(&flow->context->budget, LIMIT_MEMORY);
	flow->insns = insns;
	*room = more;
	return true;
}

/* Gives the room back that is not needed. */
static bool shrink(struct flow *flow)
{
	struct insn *insns = realloc(flow->insns, (flow->count + 1) * sizeof(*insns));

	if (!insns)
		return budget_meet(&flow->context->budget, LIMIT_MEMORY);
	flow->insns = insns;
	return true;
}

/* ---- discovery ------------------------------------------------------------------------------ */

/* The code from virtual @address on, to the end of its segment. */
static bool code_at(const struct flow *flow, uint64_t address, struct bytes *out)
{
	const struct flow_context *context = flow->context;
	uint64_t at = address & ~context->arch->state_bits;
	const struct segment *segment = image_segment(context->image, at, 1);

	return segment && (segment->flags & PF_X) && at - segment->vaddr < segment->filesz &&
	       bytes_sub(context->image->file, segment->offset + (at - segment->vaddr),
	                 segment->filesz - (at - segment->vaddr), out);
}

static bool decode(const struct flow *flow, struct bytes code, uint64_t address,
                   struct insn *out)
{
	const struct flow_context *context = flow->context;

	return context->arch->decode(code, address, &context->decoder, out);
}

static bool decode_at(const struct flow *flow, uint64_t address, struct insn *out)
{
	struct bytes code;

	return code_at(flow, address, &code) && decode(flow, code, address, out);
}

/* Whether the instruction has no effect that matters: nop, endbr32. */
static bool is_idle(const struct insn *insn)
{
	return insn->flow == FLOW_NEXT && insn->effects[0].kind == EFFECT_NONE &&
	       insn->clobbers == 0;
}

/* Whether all that @insn does is to read a word of the stack: mov (%esp), %ebx; pop %ebx. */
static bool reads_stack(const struct flow *flow, const struct insn *insn)
{
	const struct effect *effect = &insn->effects[0];

	return effect->kind == EFFECT_MOVE && effect->dst.kind == OPERAND_REG &&
	       effect->a.kind == OPERAND_MEMORY &&
	       effect->a.reg == flow->context->arch->stack_pointer &&
	       effect->a.index == REG_NONE && insn->effects[1].kind == EFFECT_NONE;
}

/* The address behind @call goes into @dst, and nothing is called. */
static void make_move(const struct flow *flow, struct insn *call, struct operand dst)
{
	call->flow = FLOW_NEXT;
	call->has_target = false;
	call->effects[0] = (struct effect){
		.kind = EFFECT_MOVE, .dst = dst,
		.a = { .kind = OPERAND_CONST, .width = dst.width, .reg = REG_NONE,
		       .index = REG_NONE,
		       .value = (call->address + call->length) &
		                image_word_mask(flow->context->image) },
	};
}

/*
 * i386 has no address of its own: it calls a function that returns where it was called from. Such a
 * call is a move of the address behind it. With -mtune=atom eight nops stand in the function. Or it
 * calls what stands behind the call, which pops the address: such a call is a push.
 */
static void take_thunk(const struct flow *flow, struct insn *call)
{
	enum { IDLE_MAX = 12 };
	uint64_t at = call->target;
	struct insn insn = { .address = 0 }, last;

	for (int i = 0; i < IDLE_MAX && decode_at(flow, at, &insn) && is_idle(&insn); i++)
		at += insn.length;
	if (insn.length == 0 || !reads_stack(flow, &insn))
		return;
	if (call->target == call->address + call->length)
		make_move(flow, call, insn.effects[0].a);
	else if (insn.effects[0].a.value == 0 && decode_at(flow, at + insn.length, &last) &&
	         last.flow == FLOW_END)
		make_move(flow, call, insn.effects[0].dst);
}

/* The registers that hold something else afterwards. */
static uint64_t written_by(const struct flow *flow, const struct insn *insn)
{
	uint64_t writes = insn->clobbers;

	if (insn->flow == FLOW_CALL)
		writes |= flow->context->arch->caller_saved;
	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++) {
		const struct operand *dst = &insn->effects[i].dst;
		if (dst->kind == OPERAND_REG && dst->reg < REG_COUNT)
			writes |= UINT64_C(1) << dst->reg;
	}
	return writes;
}

static bool falls_through(const struct insn *insn)
{
	return insn->flow == FLOW_NEXT || insn->flow == FLOW_BRANCH || insn->flow == FLOW_CALL ||
	       insn->conditional;
}

static bool branches(const struct insn *insn)
{
	return insn->has_target && (insn->flow == FLOW_BRANCH || insn->flow == FLOW_JUMP);
}

/* @pending: how many instructions from @insn on an earlier one makes conditional. */
static void take_condition(struct insn *insn, unsigned *pending)
{
	insn->conditional |= *pending > 0;
	if (*pending > 0)
		--*pending;
	if (insn->makes_conditional > 0)
		*pending = insn->makes_conditional;
}

/* Decodes straight on from @address, as far as that is new. */
static bool discover_run(struct flow *flow, size_t *room, uint64_t address)
{
	struct budget *budget = &flow->context->budget;
	unsigned pending = 0;
	struct bytes code;

	if (flow_at(flow, address) || !code_at(flow, address, &code))
		return true;
	if (!budget_code(budget, code.data, 1))
		return false;
	while (!flow_at(flow, address) && flow->count < INSNS_MAX) {
		struct insn *insn;
		if (flow->count == *room && !grow(flow, room))
			return false;
		if (flow->count * 4 >= flow->slot_count && !grow_slots(flow))
			return false;
		if (budget->insns == 0)
			return budget_meet(budget, LIMIT_INSNS);
		if (budget->insns-- % RUN == 0 && !budget_code(budget, code.data, RUN))
			return false;
		insn = &flow->insns[flow->count];
		if (!decode(flow, code, address, insn))
			break;
		take_condition(insn, &pending);
		if (insn->flow == FLOW_CALL && insn->has_target && flow->context->arch->pc_thunks)
			take_thunk(flow, insn);
		flow->slots[slot_of(flow, address)] = (uint32_t)++flow->count;
		if (!falls_through(insn))
			break;
		address += insn->length;
		bytes_sub(code, insn->length, code.size - insn->length, &code);
	}
	flow->cut_off |= flow->count == INSNS_MAX;
	return true;
}

/* The instructions found so far are also the list of branches still to be followed. */
static bool discover(struct flow *flow, uint64_t entry)
{
	size_t room = 0;
	bool ok = discover_run(flow, &room, entry);

	for (size_t i = 0; ok && i < flow->count; i++)
		if (branches(&flow->insns[i]))
			ok = discover_run(flow, &room, flow->insns[i].target);
	return (room == 0 || shrink(flow)) && ok;
}

/* Index of the instruction that runs after @insn (0: straight on, 1: branched), or count. */
static uint32_t successor(const struct flow *flow, const struct insn *insn, int which)
{
	const struct insn *next = NULL;

	if (which == 0 && falls_through(insn))
		next = flow_at(flow, insn->address + insn->length);
	if (which == 1 && branches(insn))
		next = flow_at(flow, insn->target);
	return next ? (uint32_t)(next - flow->insns) : (uint32_t)flow->count;
}

/* Fills pred_start and preds from @successors, two of each instruction. */
static void link_edges(struct flow *flow, const uint32_t *successors)
{
	size_t n = flow->count;

	for (size_t i = 0; i < 2 * n; i++)
		if (successors[i] < n)
			flow->pred_start[successors[i] + 2]++;
	for (size_t i = 2; i <= n + 1; i++)
		flow->pred_start[i] += flow->pred_start[i - 1];
	for (size_t i = 0; i < 2 * n; i++)
		if (successors[i] < n)
			flow->preds[flow->pred_start[successors[i] + 1]++] = (uint32_t)(i / 2);
}

/* The only instruction that runs before @at; @at where there are several, or it is the entry. */
static size_t only_predecessor(const struct flow *flow, size_t at)
{
	uint32_t first = flow->pred_start[at];

	return at != 0 && flow->pred_start[at + 1] - first == 1 ? flow->preds[first] : at;
}

static void find_runs(struct flow *flow)
{
	for (size_t i = 0; i < flow->count; i++) {
		size_t before = only_predecessor(flow, i);
		struct run *run = &flow->runs[i];
		run->before = (uint32_t)before;
		run->writes = written_by(flow, &flow->insns[i]);
		run->all = run->writes | (before < i ? flow->runs[before].all : 0);
		run->head = before < i ? flow->runs[before].head : (uint32_t)i;
	}
}

static bool link_predecessors(struct flow *flow)
{
	size_t n = flow->count;
	uint32_t *successors = malloc((2 * n + 1) * sizeof(*successors));

	flow->pred_start = calloc(n + 2, sizeof(*flow->pred_start));
	flow->preds = malloc((2 * n + 1) * sizeof(*flow->preds));
	flow->runs = malloc((n + 1) * sizeof(*flow->runs));
	if (!successors || !flow->pred_start || !flow->preds || !flow->runs) {
		free(successors);
		return budget_meet(&flow->context->budget, LIMIT_MEMORY);
	}
	for (size_t i = 0; i < n; i++) {
		successors[2 * i] = successor(flow, &flow->insns[i], 0);
		successors[2 * i + 1] = successor(flow, &flow->insns[i], 1);
	}
	if (!is_over(flow)) {
		link_edges(flow, successors);
		find_runs(flow);
	}
	free(successors);
	return !is_over(flow);
}

bool flow_build(struct flow_context *context, uint64_t entry, struct flow *out)
{
	*out = (struct flow){ .context = context };
	if (discover(out, entry) && link_predecessors(out))
		return true;
	flow_free(out);
	return false;
}

void flow_free(struct flow *flow)
{
	free(flow->insns);
	free(flow->runs);
	free(flow->pred_start);
	free(flow->preds);
	free(flow->slots);
	*flow = (struct flow){ .context = flow->context };
}
