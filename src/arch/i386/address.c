/* SPDX-License-Identifier: MIT */
/* i386: how a value gets into the instruction that forms it. */
#include "i386.h"

/* Whether the instruction forms the value of its last four bytes: all addresses fit there. */
static bool holds_address(const struct fields *f)
{
	if (f->map != MAP_ONE || f->width != 4)
		return false;
	switch (f->opcode) {
	case 0x3d:
		return true; /* cmp with eax */
	case 0x81:
		return f->member == X86_CMP;
	case 0x8d: /* lea of an address in full */
		return !f->short_address && f->memory.reg == REG_NONE &&
		       f->memory.index == REG_NONE;
	case 0xc7:
		return f->member == 0;
	default:
		return (f->opcode & 0xf8) == 0xb8; /* mov */
	}
}

bool i386_form(const struct insn *const parts[], unsigned count, uint64_t value,
               const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	const struct insn *insn = parts[0];
	struct fields f;

	(void)context;
	if (count != 1 || value > UINT32_MAX ||
	    !x86_parse((struct bytes){ code[0], insn->length }, insn->address, MODE_32, &f) ||
	    !holds_address(&f))
		return false;
	bytes_store(code[0] + f.length - 4, 4, ORDER_LITTLE, value);
	return true;
}
