/* SPDX-License-Identifier: MIT */
/*
 * arch/i386, arch/x86: any bytes, whole instructions and shorter, at any address, with up to 2
 * prefixes. See decode.h for what is proved.
 *
 * cbmc: --unwind 17 --unwindset take_prefixes.0:4,x86_group.0:60,memchr.0:40 --external-sat-solver cadical
 * sources: src/arch/i386/*.c src/arch/x86/*.c
 * mutant: src/arch/x86/fields.c: if (f->length >= f->code.size) -> if (0)
 */
#include "prefixes.h"

int main(void)
{
	prove_prefixed(&arch_i386);
}
