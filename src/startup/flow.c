/* SPDX-License-Identifier: MIT */
/*
 * How it works. flow_build() decodes from the entry on along jumps and branches, and links each
 * instruction to those that may run just before it. A question is "what is in this place (a register
 * or a stack slot) just before this instruction runs?". It is answered backwards: an instruction that
 * sets the place is a definition; one that copies another place into it asks for that one; any other
 * passes the question on to its predecessors. Each question is asked once, so that loops end.
 *
 * Where many questions would only be passed on, they are not asked: through straight code that does
 * not touch the register the walk goes on to the next instruction that does, or that several others
 * lead to.
 *
 * Why that is enough. Paths that cannot be followed (calls, memory behind pointers, code that does
 * not decode) contribute nothing, so an answer may lack origins and may hold some that never meet
 * there. Nobody relies on an answer alone: the loop is accepted only if what its bounds span is a
 * relocation table, and the result of a repair goes through the same analysis once more.
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

/*
 * The largest startup function seen has 1,162 instructions. A GOT base that is itself loaded
 * from a literal needs three nested looks.
 */
enum { INSNS_MAX = 1 << 16, DEPTH_MAX = 4 };

/* Entries are words, of 4 bytes at least. */
enum { ENTRY_ALIGNMENT = 4 };

/* A second's work: a hundred times what the startup of any known program takes. */
static const struct budget whole_budget = { .steps = 1 << 24, .insns = 1 << 20 };

bool budget_meet(struct budget *budget, enum limit limit)
{
	if (budget->met == LIMIT_NONE)
		budget->met = limit;
	return false;
}

bool budget_step(struct budget *budget, uint64_t count)
{
	if (budget->steps < count)
		return budget_meet(budget, LIMIT_STEPS);
	budget->steps -= count;
	return true;
}

static bool is_over(const struct flow *flow)
{
	return flow->context->budget.met != LIMIT_NONE;
}

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
	size_t more = *room ? *room * 2 : 64;
	struct insn *insns = realloc(flow->insns, more * sizeof(*insns));

	if (insns)
		flow->insns = insns;
	free(flow->slots);
	flow->slots = insns ? calloc(more * 2, sizeof(*flow->slots)) : NULL;
	flow->slot_count = flow->slots ? more * 2 : 0;
	if (!flow->slots)
		return budget_meet(&flow->context->budget, LIMIT_MEMORY);
	for (size_t i = 0; i < flow->count; i++)
		flow->slots[slot_of(flow, flow->insns[i].address)] = (uint32_t)i + 1;
	*room = more;
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
	while (!flow_at(flow, address) && flow->count < INSNS_MAX) {
		struct insn *insn;
		if (flow->count == *room && !grow(flow, room))
			return false;
		if (budget->insns == 0)
			return budget_meet(budget, LIMIT_INSNS);
		budget->insns--;
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
	bool ok = grow(flow, &room) && discover_run(flow, &room, entry);

	for (size_t i = 0; ok && i < flow->count; i++)
		if (branches(&flow->insns[i]))
			ok = discover_run(flow, &room, flow->insns[i].target);
	return ok;
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
	for (size_t i = 0; i < 2 * n; i++)
		successors[i] = successor(flow, &flow->insns[i / 2], i % 2);
	link_edges(flow, successors);
	find_runs(flow);
	free(successors);
	return true;
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

/* ---- definitions ---------------------------------------------------------------------------- */

/* A register, or a stack slot: the word at a frame register plus an offset as written. */
struct place {
	bool slot;
	uint8_t reg;
	uint64_t offset;
};

/* "What is in @place just before @insn runs, to which @bias will be added?" */
struct question {
	uint32_t insn;
	uint32_t seen_at; /* where the walk's table has it */
	struct place place;
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
};

static bool place_equal(struct place a, struct place b)
{
	return a.slot == b.slot && a.reg == b.reg && a.offset == b.offset;
}

static bool question_equal(const struct question *a, const struct question *b)
{
	return a->insn == b->insn && a->bias == b->bias && place_equal(a->place, b->place);
}

static uint32_t seen_slot(const struct walk *walk, const struct question *question)
{
	const struct place *place = &question->place;
	uint64_t key = question->insn * 0x9e3779b97f4a7c15u ^
	               (place->offset + place->reg * 2u + place->slot + question->bias * 128u) *
	               0xc2b2ae3d27d4eb4fu;
	size_t at = (size_t)(key >> 24) & (walk->seen_count - 1);

	while (walk->seen[at] != 0 && !question_equal(&walk->items[walk->seen[at] - 1], question))
		at = (at + 1) & (walk->seen_count - 1);
	return (uint32_t)at;
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
	for (size_t i = 0; i < walk->count; i++) {
		items[i].seen_at = seen_slot(walk, &items[i]);
		walk->seen[items[i].seen_at] = (uint32_t)i + 1;
	}
	return true;
}

/* Makes the scratch memory ready for another walk. */
static void walk_begin(struct walk *walk, enum origin_mode mode, struct definitions *out)
{
	for (size_t i = 0; i < walk->count; i++)
		walk->seen[walk->items[i].seen_at] = 0;
	walk->count = walk->next = 0;
	walk->mode = mode;
	walk->out = out;
}

bool flow_begin(struct flow_context *context, const struct image *image, const struct arch *arch,
                unsigned entsize)
{
	struct bytes code;

	*context = (struct flow_context){
		.image = image, .arch = arch, .entsize = entsize, .budget = whole_budget,
		.walk = calloc(1, sizeof(*context->walk)),
	};
	if (!context->walk)
		budget_meet(&context->budget, LIMIT_MEMORY);
	return !arch->prepare ||
	       (image_view(image, image->entry & ~arch->state_bits, INSN_MAX, &code) &&
	        arch->prepare(code, image->entry, &context->decoder));
}

void flow_end(struct flow_context *context)
{
	if (context->walk) {
		free(context->walk->items);
		free(context->walk->seen);
	}
	free(context->walk);
	context->walk = NULL;
}

static void ask(const struct flow *flow, size_t insn, struct place place, uint8_t bias)
{
	struct walk *walk = flow->context->walk;
	struct budget *budget = &flow->context->budget;
	struct question question = { .insn = (uint32_t)insn, .place = place, .bias = bias };

	if (budget->met != LIMIT_NONE || !budget_step(budget, 1))
		return;
	if (walk->count == walk->room && !walk_grow(walk)) {
		walk->room = 0; /* the table is gone: nothing is asked any more */
		budget_meet(budget, LIMIT_MEMORY);
		return;
	}
	question.seen_at = seen_slot(walk, &question);
	if (walk->seen[question.seen_at] != 0)
		return;
	walk->items[walk->count++] = question;
	walk->seen[question.seen_at] = (uint32_t)walk->count;
}

static struct place reg_place(uint8_t reg)
{
	return (struct place){ .reg = reg };
}

/* Whether @reg is one that functions reach their stack slots by. */
static bool is_frame_register(const struct arch *arch, uint8_t reg)
{
	return reg == arch->stack_pointer || reg == arch->frame_pointer ||
	       (reg == arch->state_frame_pointer && reg != 0);
}

/* Whether @operand is a stack slot: a frame register plus a constant. */
static bool is_slot(const struct flow *flow, const struct operand *operand, struct place *out)
{
	if (operand->kind != OPERAND_MEMORY || operand->index != REG_NONE ||
	    !is_frame_register(flow->context->arch, operand->reg))
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

/* Whether the instruction loses what was in @place without setting it. */
static bool loses(const struct flow *flow, size_t index, struct place place)
{
	return !place.slot && place.reg < REG_COUNT && (flow->runs[index].writes >> place.reg & 1);
}

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

/* @bias and what an addition of @constant makes of it. */
static uint8_t biased(const struct flow *flow, uint8_t bias, uint64_t constant)
{
	int64_t entsize = flow->context->entsize;
	int64_t sum = bias + (int64_t)constant % entsize;

	return (uint8_t)((sum + entsize) % entsize);
}

/*
 * Whether a pointer to an entry, or a bound, may be added @constant to. Others count something. END - 1
 * is what the number of rounds is computed from.
 */
static bool moves_pointer(uint64_t constant)
{
	return constant % ENTRY_ALIGNMENT == 0 || constant == UINT64_MAX;
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
	if (adds && effect->b.kind == OPERAND_CONST && !moves_pointer(effect->b.value))
		return;
	if (adds && effect->b.kind == OPERAND_CONST)
		bias = biased(flow, bias, effect->b.value);
	if (effect->a.kind == OPERAND_REG)
		ask(flow, at, reg_place(effect->a.reg), bias);
	if (effect->b.kind == OPERAND_REG)
		ask(flow, at, reg_place(effect->b.reg), bias);
}

/* @effect of @insn sets the place in question: go on to what it copies, or note it down. */
static void answer(const struct flow *flow, size_t at, const struct effect *effect, uint8_t bias)
{
	struct walk *walk = flow->context->walk;
	struct place slot;

	if (effect->kind == EFFECT_MOVE && effect->a.kind == OPERAND_REG) {
		ask(flow, at, reg_place(effect->a.reg), bias);
		return;
	}
	if (effect->kind == EFFECT_MOVE && is_slot(flow, &effect->a, &slot))
		ask(flow, at, slot, bias);
	ask_operands(flow, at, effect, walk->mode, bias);
	define(walk->out, &flow->insns[at], effect, bias);
}

/* Whether instruction @at has anything to do with @place. */
static bool touches(const struct flow *flow, size_t at, struct place place)
{
	const struct insn *insn = &flow->insns[at];

	if (!place.slot)
		return place.reg >= REG_COUNT || (flow->runs[at].writes >> place.reg & 1);
	for (int i = 0; i < EFFECT_MAX; i++)
		if (sets(flow, &insn->effects[i], place))
			return true;
	return false;
}

/* Looks at instruction @at, which runs just before the point in question, and on backwards. */
static void look(const struct flow *flow, size_t at, struct place place, uint8_t bias)
{
	const struct insn *insn;

	while (!touches(flow, at, place)) {
		size_t before;
		if (!place.slot && !(flow->runs[at].all >> place.reg & 1))
			at = flow->runs[at].head;
		before = only_predecessor(flow, at);
		if (before == at) {
			ask(flow, at, place, bias);
			return;
		}
		at = before;
	}
	insn = &flow->insns[at];
	if (insn->conditional)
		ask(flow, at, place, bias);
	for (int i = 0; i < EFFECT_MAX; i++) {
		if (sets(flow, &insn->effects[i], place)) {
			answer(flow, at, &insn->effects[i], bias);
			return;
		}
	}
	if (!loses(flow, at, place))
		ask(flow, at, place, bias);
}

static void definitions_of(const struct flow *flow, const struct insn *at, struct place place,
                           enum origin_mode mode, struct definitions *out)
{
	struct walk *walk = flow->context->walk;

	out->count = 0;
	out->truncated = false;
	if (!walk)
		return;
	walk_begin(walk, mode, out);
	ask(flow, (size_t)(at - flow->insns), place, 0);
	while (walk->next < walk->count && !is_over(flow)) {
		struct question question = walk->items[walk->next++];
		uint32_t first = flow->pred_start[question.insn];
		uint32_t end = flow->pred_start[question.insn + 1];
		for (uint32_t i = first; i < end; i++)
			look(flow, flow->preds[i], question.place, question.bias);
	}
}

void flow_definitions(const struct flow *flow, const struct insn *at, uint8_t reg,
                      enum origin_mode mode, struct definitions *out)
{
	definitions_of(flow, at, reg_place(reg), mode, out);
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
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].bias == origin->bias && origin_equal(&set->items[i], origin))
			return;
	if (set->count < ORIGINS_MAX)
		set->items[set->count++] = *origin;
	else
		set->truncated = true;
}

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
	for (size_t i = 0; i < bases.count; i++)
		for (size_t j = 0; j < indices.count; j++)
			add_word(flow, by, bases.items[i].value +
			         (indices.items[j].value << what->shift) + what->value, out);
}

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

static void place_origins(const struct flow *flow, const struct insn *at, struct place place,
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
	place_origins(flow, at, reg_place(reg), mode, depth, out);
}

void flow_origins(const struct flow *flow, const struct insn *at, const struct operand *what,
                  enum origin_mode mode, struct origins *out)
{
	const struct definition here = { .insn = at };
	struct place slot;

	switch (what->kind) {
	case OPERAND_REG:
		register_origins(flow, at, what->reg, mode, 0, out);
		return;
	case OPERAND_CONST:
		add_code(flow, out, ORIGIN_CODE, what->value, &here);
		return;
	case OPERAND_MEMORY:
		if (is_slot(flow, what, &slot))
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
