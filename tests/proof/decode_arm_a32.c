/* SPDX-License-Identifier: MIT */
/*
 * arch/arm/insn_a32.c, arch/arm/insn.c: any word at any address, by each table of A32, the one for
 * others and that for coprocessors. Which table it is, arm_decode_a32() says, whose every choice in
 * one go is too dear: 100 s were not enough. See decode.h for what is proved.
 *
 * cbmc: --unwind 40 --external-sat-solver cadical
 * sources: src/arch/arm/insn.c src/arch/arm/insn_t32.c
 * mutant: src/arch/arm/insn_a32.c: if (by != 0) -> if (1)
 */
#include "decode.h"

#include "../../src/arch/arm/insn_a32.c"

static void prove_rows(const struct arm_row *rows, size_t count)
{
	struct insn insn = { .address = nondet_u64() & ~UINT64_C(3), .length = 4 };
	struct bytes code = { NULL, 4 };
	uint32_t word = (uint32_t)any_up_to(UINT32_MAX);

	if (!arm_decode_row(rows, count, word, &insn))
		return;
	insn_settle(&insn);
	check_insn(&insn, code, insn.address, 4);
}

int main(void)
{
	for (unsigned i = 0; i < 8; i++)
		prove_rows(classes[i].rows, classes[i].count);
	prove_rows(other_rows, sizeof(other_rows) / sizeof(other_rows[0]));
	prove_rows(arm_coprocessor_rows, arm_coprocessor_row_count);
}
