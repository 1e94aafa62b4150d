/* SPDX-License-Identifier: MIT */
/* s390x: how a value gets into the instruction that forms it. */
#include "s390x.h"

/** LARL: the distance in halfwords, 32 bits of it. */
static bool form_larl(const struct insn *larl, uint64_t value, unsigned char *code)
{
	uint64_t distance = value - larl->address;

	if (distance % 2 != 0 || !fits_signed(distance, 33))
		return false;
	bytes_store(code + 2, 4, ORDER_BIG, distance / 2 & UINT32_MAX);
	return true;
}

bool s390x_form(const struct insn *const parts[], unsigned count, uint64_t value,
                const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	(void)context;
	return count == 1 && code[0][0] == 0xc0 && (code[0][1] & 0x0f) == 0 &&
	       form_larl(parts[0], value, code[0]);
}
