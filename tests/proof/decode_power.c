/* SPDX-License-Identifier: MIT */
/*
 * power/insn.c, as ppc64le reads it: any bytes, whole instructions and shorter, at any address.
 * See decode.h for what is proved.
 *
 * cbmc: --unwind 50
 * sources: src/arch/power/*.c src/arch/ppc64le/*.c
 * mutant: src/arch/power/insn.c: if (prefixed && !bytes_read(bytes, 4, 4, power.order, &second)) -> if (0)
 */
#include "decode.h"

int main(void)
{
	prove_decode(&arch_ppc64le, 8);
}
