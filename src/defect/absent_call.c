/* SPDX-License-Identifier: MIT */
#include "absent_call.h"

/* So many instructions may stand between the comparison and the call. */
enum { GUARD_MAX = 4 };

/* The function that has the loop: what holds a bound is part of it. */
static struct function *function_of_loop(const struct startup *startup)
{
	const struct functions *functions = &startup->functions;
	const struct insn *part;

	if (!startup->loop.found || startup->loop.starts.count == 0)
		return NULL;
	part = startup->loop.starts.items[0].parts[0];
	for (size_t i = 0; i < functions->room; i++) {
		struct function *function = functions->items[i];
		if (function && function->pinned && flow_at(&function->flow, part->address) == part)
			return function;
	}
	return NULL;
}

/* The only instruction that runs just before @insn, or NULL. */
static const struct insn *before(const struct flow *flow, const struct insn *insn)
{
	size_t i = (size_t)(insn - flow->insns);

	return flow->pred_start[i + 1] - flow->pred_start[i] == 1
	       ? &flow->insns[flow->preds[flow->pred_start[i]]] : NULL;
}

/*
 * Whether @insn compares an address that is not 0 with 0. It need not be that of the PLT entry:
 * with --no-relax LLD gives the instruction for the lower bits those of 0.
 */
static bool compares_with_zero(const struct flow *flow, const struct insn *insn)
{
	struct origins origins;

	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind != EFFECT_COMPARE || effect->a.kind != OPERAND_REG ||
		    effect->b.kind != OPERAND_CONST || effect->b.value != 0)
			continue;
		origins_clear(&origins);
		flow_origins(flow, insn, &effect->a, ORIGIN_EXACT, &origins);
		if (origins.count == 1 && origins.items[0].kind == ORIGIN_CODE &&
		    origins.items[0].value != 0)
			return true;
	}
	return false;
}

/* Whether @call is made because of such a comparison. */
static bool is_guarded(const struct flow *flow, const struct insn *call)
{
	const struct insn *at = before(flow, call);

	for (int i = 0; i < GUARD_MAX && at; i++) {
		if (compares_with_zero(flow, at))
			return true;
		at = before(flow, at);
	}
	return false;
}

/* The word through which a PLT entry jumps; some machines note down where it came from (jirl). */
static bool slot_of_stub(const struct flow *flow, uint64_t *slot)
{
	const struct insn *insn = flow->count > 0 ? &flow->insns[0] : NULL;
	struct origins origins;

	while (insn && insn->flow == FLOW_NEXT)
		insn = flow_at(flow, insn->address + insn->length);
	if (!insn || insn->via.kind == OPERAND_NONE)
		return false;
	origins_clear(&origins);
	flow_origins(flow, insn, &insn->via, ORIGIN_EXACT, &origins);
	*slot = origins.items[0].word;
	return origins.count == 1 && origins.items[0].kind == ORIGIN_WORD;
}

/* Whether @stub is the PLT entry of a weak undefined symbol. */
static bool is_absent(struct startup *startup, uint64_t stub, struct entry *out)
{
	struct function *function = functions_get(&startup->functions, stub);
	struct reloc reloc;
	uint64_t slot;
	bool found;

	if (!function)
		return false;
	found = slot_of_stub(&function->flow, &slot);
	functions_release(&startup->functions, function);
	if (!found || !reloc_at(startup->image, &startup->tables, startup->arch->jump_slot, slot,
	                        &reloc))
		return false;
	*out = entry_of(startup, reloc, startup->form.rela);
	found = out->verdict == ENTRY_WEAK;
	out->verdict = ENTRY_CANONICAL;
	out->defined_at = stub;
	return found;
}

bool absent_call_find(struct startup *startup, struct entry *out)
{
	const struct function *function = function_of_loop(startup);
	const struct flow *flow = function ? &function->flow : NULL;

	for (size_t i = 0; flow && i < flow->count; i++) {
		const struct insn *insn = &flow->insns[i];
		if (insn->flow == FLOW_CALL && insn->has_target && is_guarded(flow, insn) &&
		    is_absent(startup, insn->target, out))
			return true;
	}
	return false;
}
