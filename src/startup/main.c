/* SPDX-License-Identifier: MIT */
#include "main.h"

#include "../elf/symbols.h"

#include <string.h>

enum { STUBS_MAX = 4, STUB_INSNS_MAX = 6 };

/* ---- what _start passes --------------------------------------------------------------------- */

/* What a search has to do with. */
struct finder {
	struct functions *functions;
	const struct image *image;
	const struct arch *arch;
	const struct reloc_tables *tables;
	struct entry_point *out;
};

/* The entry that fills the word of @origin before startup reads it, or not in time. */
static bool is_relocated(const struct finder *finder, const struct origin *origin,
                         struct reloc *out)
{
	if (origin->kind != ORIGIN_WORD)
		return false;
	if (reloc_at(finder->image, finder->tables, finder->arch->relative, origin->word, out))
		return true;
	*out = (struct reloc){ .offset = origin->word, .addend = origin->value };
	return reloc_is_relr(finder->image, origin->word);
}

/* Looks at the words that @operand of the call may be: a RELATIVE entry comes too late for them. */
static void note_unrelocated(const struct finder *finder, const struct origins *origins)
{
	struct reloc reloc;

	for (size_t i = 0; i < origins->count; i++)
		if (is_relocated(finder, &origins->items[i], &reloc))
			finder->out->unrelocated = origins->items[i].word;
}

/* The address of code among @origins: what a relocated word holds is its entry's addend. */
static bool find_code(const struct finder *finder, const struct origins *origins, uint64_t *out)
{
	for (size_t i = 0; i < origins->count; i++) {
		const struct origin *origin = &origins->items[i];
		struct reloc reloc;
		*out = is_relocated(finder, origin, &reloc) ? reloc.addend : origin->value;
		if (origin->kind != ORIGIN_PART &&
		    image_allows(finder->image, *out & ~finder->arch->state_bits, 1, PF_X))
			return true;
	}
	return false;
}

/* The jump that _start ends with where it calls nothing, or NULL. ppc64: b __libc_start_main */
static const struct insn *last_jump(const struct flow *flow)
{
	size_t last = 0;

	while (last < flow->count && flow->insns[last].flow != FLOW_JUMP &&
	       flow->insns[last].flow != FLOW_CALL && flow->insns[last].flow != FLOW_END)
		last++;
	return last < flow->count && flow->insns[last].flow == FLOW_JUMP ? &flow->insns[last] : NULL;
}

/* The calls of _start: the first one that passes code counts, or else the first one at all. */
static void read_calls(const struct finder *finder, const struct flow *flow)
{
	const struct insn *first = NULL, *jump = last_jump(flow);
	struct origins argument, callee;

	for (size_t i = 0; i < flow->count && !finder->out->found; i++) {
		const struct insn *insn = &flow->insns[i];
		if (insn->flow != FLOW_CALL && insn != jump)
			continue;
		origins_clear(&argument);
		flow_origins(flow, insn, &finder->arch->main, ORIGIN_EXACT, &argument);
		finder->out->found = find_code(finder, &argument, &finder->out->main);
		if (first && !finder->out->found)
			continue;
		first = insn;
		finder->out->unrelocated = 0;
		origins_clear(&callee);
		flow_origins(flow, insn, &insn->via, ORIGIN_EXACT, &callee);
		note_unrelocated(finder, &callee);
		note_unrelocated(finder, &argument);
	}
}

/* Other C libraries find main in their own way. */
static void read_symbol(const struct finder *finder)
{
	struct symbol symbol;

	if (!image_symbol(finder->image, "main", &symbol) ||
	    !image_allows(finder->image, symbol.value & ~finder->arch->state_bits, 1, PF_X))
		return;
	finder->out->found = true;
	finder->out->main = symbol.value;
}

/* ---- stubs ---------------------------------------------------------------------------------- */

/* Whether @insn, which is not a jump, does nothing but write registers. */
static bool only_writes_registers(const struct insn *insn)
{
	for (int i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++)
		if (insn->effects[i].dst.kind != OPERAND_REG)
			return false;
	return insn->flow == FLOW_NEXT;
}

/* The jump of the stub at @address, before which only the register that it goes to is written. */
static const struct insn *jump_of_stub(const struct flow *flow, uint64_t address)
{
	const struct insn *insn = flow_at(flow, address);
	uint64_t written = 0, via;

	for (int i = 0; i < STUB_INSNS_MAX && insn && only_writes_registers(insn); i++) {
		written |= flow->runs[insn - flow->insns].writes;
		insn = flow_at(flow, insn->address + insn->length);
	}
	if (!insn || insn->flow != FLOW_JUMP)
		return NULL;
	via = insn->via.kind == OPERAND_REG ? UINT64_C(1) << insn->via.reg : 0;
	return (written & ~via) == 0 ? insn : NULL;
}

/* Where the stub at @address jumps to, or @address when it is none. */
static uint64_t target_of_stub(const struct finder *finder, const struct flow *flow,
                               uint64_t address)
{
	const struct insn *jump = jump_of_stub(flow, address);
	struct origins origins;
	uint64_t target;

	if (!jump)
		return address;
	if (jump->has_target)
		return jump->target;
	origins_clear(&origins);
	flow_origins(flow, jump, &jump->via, ORIGIN_EXACT, &origins);
	if (origins.count != 1 || !find_code(finder, &origins, &target))
		return address;
	return target + (jump->via.kind == OPERAND_REG ? jump->via.value : 0);
}

/*
 * On some machines glibc's start.S passes a stub, which branches to main, or loads its address from
 * the GOT. A linker may put a thunk between.
 */
static uint64_t behind_stubs(const struct finder *finder, uint64_t address)
{
	for (int i = 0; i < STUBS_MAX; i++) {
		struct function *function = functions_get(finder->functions, address);
		uint64_t target;
		if (!function)
			break;
		target = target_of_stub(finder, &function->flow, address);
		functions_release(finder->functions, function);
		if (target == address)
			break;
		address = target;
	}
	return address;
}

/* ---- main ----------------------------------------------------------------------------------- */

void main_find(struct functions *functions, const struct reloc_tables *tables,
               struct entry_point *out)
{
	const struct finder finder = {
		.functions = functions, .image = functions->context.image,
		.arch = functions->context.arch, .tables = tables, .out = out,
	};
	struct function *start = functions_get(functions, finder.image->entry);

	*out = (struct entry_point){ .found = false };
	if (start) {
		read_calls(&finder, &start->flow);
		functions_release(functions, start);
	}
	if (!out->found)
		read_symbol(&finder);
	if (out->found)
		out->main = behind_stubs(&finder, out->main);
}

/* What .symtab says of the size of the function at @address; UINT64_MAX when it does not. */
static uint64_t size_said(const struct image *image, uint64_t address)
{
	struct symtab table;
	struct symbol symbol;

	if (image_symtab(image, &table))
		for (uint64_t i = 0; symtab_get(image, &table, i, &symbol); i++)
			if (symbol.type == STT_FUNC && symbol.value == address && symbol.size != 0)
				return symbol.size;
	return UINT64_MAX;
}

uint64_t main_room(struct functions *functions, uint64_t main)
{
	uint64_t size = 0, said = size_said(functions->context.image, main);
	struct function *function = functions_get(functions, main);
	const struct insn *insn;

	if (!function)
		return 0;
	while ((insn = flow_at(&function->flow, main + size)) != NULL)
		size += insn->length;
	functions_release(functions, function);
	return size < said ? size : said;
}
