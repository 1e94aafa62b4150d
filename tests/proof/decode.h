/* SPDX-License-Identifier: MIT */
/* What is proved of every machine's decoder. */
#ifndef PROOF_DECODE_H
#define PROOF_DECODE_H

#include "insn.h"
#include "proof.h"

/** Decodes any bytes, up to one more than @most, at @address. */
static void prove_decode_at(const struct arch *arch, unsigned most, uint64_t address)
{
	const struct arch_context context = { .toc = nondet_u64() };
	struct bytes code = any_bytes(most + 1);
	struct insn insn;

	if (arch->decode(code, address, &context, &insn))
		check_insn(&insn, code, address, most);
}

/** The same at any address. */
static inline void prove_decode(const struct arch *arch, unsigned most)
{
	prove_decode_at(arch, most, nondet_u64());
}

#endif
