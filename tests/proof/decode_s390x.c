/* SPDX-License-Identifier: MIT */
/*
 * arch/s390x/insn.c: any bytes, whole instructions and shorter, at any address.
 * See decode.h for what is proved.
 *
 * cbmc: --unwind 17 --unwindset find_format.0:40 --external-sat-solver cadical
 * sources: src/arch/s390x/*.c
 * mutant: src/arch/s390x/insn.c: if (!bytes_read(code, 0, *length, ORDER_BIG, word)) -> if (0)
 */
#include "decode.h"

int main(void)
{
	prove_decode(&arch_s390x, 6);
}
