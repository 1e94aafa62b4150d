/* SPDX-License-Identifier: MIT */
/* x86-64: how a value gets into the instruction that forms it. */
#include "x86_64.h"

static bool fits(uint64_t value, unsigned bits)
{
	return value >> bits == 0;
}

/* The distance of a lea from the instruction pointer to @value; false when out of reach. */
static bool lea_distance(const struct fields *f, uint64_t value, uint64_t *distance)
{
	*distance = value - (f->address + f->length);
	return f->rip_relative && !f->short_address && (f->width == 8 || fits(value, 32))
	    && fits_signed(*distance, 32);
}

/*
 * What an instruction that forms @value holds in its last bytes, and in how many: the
 * constant always stands at the end. @return 0: not such an instruction, or out of reach.
 */
static unsigned constant_field(const struct fields *f, uint64_t value, uint64_t *stored)
{
	*stored = value;
	if (f->map != MAP_ONE || f->width < 4)
		return 0;
	switch (f->opcode) {
	case 0x8d: /* lea */
		return lea_distance(f, value, stored) ? 4 : 0;
	case 0xb8: case 0xb9: case 0xba: case 0xbb: case 0xbc: case 0xbd: case 0xbe: case 0xbf:
		return f->width == 8 || fits(value, 32) ? f->width : 0;
	case 0xc7: /* mov; sign-extended to 64 bits */
		return f->member == 0 && fits(value, f->width == 8 ? 31 : 32) ? 4 : 0;
	case 0x3d: /* cmp, likewise */
		return fits(value, 31) ? 4 : 0;
	case 0x81:
		return f->member == X86_CMP && fits(value, 31) ? 4 : 0;
	default:
		return 0;
	}
}

bool x86_64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                 const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	const struct insn *insn = parts[0];
	struct fields f;
	uint64_t stored;
	unsigned width;

	(void)context;
	if (count != 1 ||
	    !x86_parse((struct bytes){ code[0], insn->length }, insn->address, MODE_64,
	                  &f))
		return false;
	width = constant_field(&f, value, &stored);
	if (width == 0)
		return false;
	bytes_store(code[0] + f.length - width, width, ORDER_LITTLE, stored);
	return true;
}
