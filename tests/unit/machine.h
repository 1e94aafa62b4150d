/* SPDX-License-Identifier: MIT */
/* Calls of a machine's functions for one instruction. */
#ifndef TEST_MACHINE_H
#define TEST_MACHINE_H

#include "../../src/arch/arch.h"

#include <string.h>

static const struct arch_context no_context;

static inline bool decode_one(const struct arch *arch, const unsigned char *code, size_t size,
                              uint64_t address, struct insn *out)
{
	return arch->decode((struct bytes){ code, size }, address, &no_context, out);
}

/* Makes @code, the bytes of @insn, form @value. */
static inline bool form_one(const struct arch *arch, const struct insn *insn, uint64_t value,
                            unsigned char *code)
{
	unsigned char parts[1][INSN_MAX];
	bool done;

	memcpy(parts[0], code, insn->length);
	done = arch->form(&insn, 1, value, &no_context, parts);
	memcpy(code, parts[0], insn->length);
	return done;
}

#endif
