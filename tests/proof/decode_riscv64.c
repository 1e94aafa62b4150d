/* SPDX-License-Identifier: MIT */
/*
 * arch/riscv64/insn.c: any bytes, whole instructions and shorter, at any address.
 * See decode.h for what is proved.
 *
 * cbmc: --unwind 26
 * sources: src/arch/riscv64/*.c
 * mutant: src/arch/riscv64/insn.c: if (whole && !bytes_read(code, 0, 4, ORDER_LITTLE, &word)) -> if (0)
 */
#include "decode.h"

int main(void)
{
	prove_decode(&arch_riscv64, 4);
}
