/* SPDX-License-Identifier: MIT */
#include "x86_64.h"

bool x86_64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                   struct insn *out)
{
	struct fields f;

	(void)context;
	if (!x86_parse(code, address, MODE_64, &f))
		return false;
	x86_interpret(&f, out);
	return true;
}
