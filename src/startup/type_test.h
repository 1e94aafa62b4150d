/* SPDX-License-Identifier: MIT */
/*
 * The type test of apply_irel: a comparison with the number of IRELATIVE of something that was
 * loaded through a pointer, from where an entry has its type. A pointer that was advanced by part
 * of an entry (S + 8 with a displacement of -4) counts with what was added, modulo the entry size.
 */
#ifndef IRELFIX_TYPE_TEST_H
#define IRELFIX_TYPE_TEST_H

#include "../elf/reloc.h"
#include "values.h"

/** What is looked for in one function. */
struct tester {
	const struct flow *flow;
	struct reloc_form form; /**< of the entries that startup walks */
	bool hoisted;           /**< the number may stand in a register: li s8, 58 */
};

struct tester tester_of(const struct flow *flow, struct reloc_form form);

/** Whether @insn could be one. Most instructions could not, and are asked nothing more. */
static inline bool type_test_may_be(const struct insn *insn)
{
	return insn->effects[0].kind > EFFECT_MOVE || insn->effects[1].kind > EFFECT_MOVE;
}

/**
 * Whether @insn compares an entry's type with IRELATIVE.
 *
 * @param out receives the origins of the pointer to the entry
 */
bool type_test(const struct tester *tester, const struct insn *insn, struct origins *out);

#endif
