/* SPDX-License-Identifier: MIT */
/*
 * arch/loongarch64/insn.c: any bytes, whole instructions and shorter, at any address.
 * See decode.h for what is proved.
 *
 * cbmc: --unwind 34
 * sources: src/arch/loongarch64/*.c
 * mutant: src/arch/loongarch64/insn.c: insn_settle(out); ->
 */
#include "decode.h"

int main(void)
{
	prove_decode(&arch_loongarch64, 4);
}
