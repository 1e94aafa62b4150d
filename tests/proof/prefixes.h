/* SPDX-License-Identifier: MIT */
/* What is proved of x86 in both modes: instructions with few prefixes. */
#ifndef PROOF_PREFIXES_H
#define PROOF_PREFIXES_H

#include "decode.h"

#include <string.h>

/* CBMC has none. */
void *memchr(const void *bytes, int wanted, size_t size)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		if (at[i] == (unsigned char)wanted)
			return (void *)(at + i);
	return NULL;
}

enum { PREFIXES = 2 };

/* Those of both modes, and REX, which 32-bit mode has not. */
static bool is_prefix(unsigned char byte)
{
	return (byte & 0xe7) == 0x26 || (byte >= 0x64 && byte <= 0x67) || byte == 0xf0 ||
	       byte == 0xf2 || byte == 0xf3 || (byte & 0xf0) == 0x40;
}

/** Decodes any bytes, up to one more than the longest instruction, with up to PREFIXES prefixes. */
static void prove_prefixed(const struct arch *arch)
{
	const struct arch_context context = { .toc = 0 };
	struct bytes code = any_bytes(INSN_MAX + 1);
	uint64_t address = nondet_u64();
	struct insn insn;
	bool ends = code.size <= PREFIXES;

	for (unsigned i = 0; i <= PREFIXES && i < code.size; i++)
		ends = ends || !is_prefix(code.data[i]);
	__CPROVER_assume(ends);
	if (arch->decode(code, address, &context, &insn))
		check_insn(&insn, code, address, INSN_MAX);
}

#endif
