/* SPDX-License-Identifier: MIT */
/*
 * arch/aarch64/insn.c: any bytes, whole instructions and shorter, at any address.
 * See decode.h for what is proved.
 *
 * cbmc: --unwind 66
 * sources: src/arch/aarch64/*.c
 * mutant: src/arch/aarch64/insn.c: insn_settle(out); ->
 */
#include "decode.h"

int main(void)
{
	prove_decode(&arch_aarch64, 4);
}
