/* SPDX-License-Identifier: MIT */
/* Arm: how a value gets into movw and movt. Everything else that holds one is a word. */
#include "arm.h"

/* Where the 16 bits of movw and movt stand: from the highest on. */
struct field {
	uint8_t low, width;
};

static const struct field a32_fields[] = { { 16, 4 }, { 0, 12 }, { 0, 0 } };
static const struct field t32_fields[] = { { 16, 4 }, { 26, 1 }, { 12, 3 }, { 0, 8 }, { 0, 0 } };

static void set_fields(uint32_t *word, const struct field *fields, uint32_t value)
{
	unsigned left = 16;

	for (; fields->width != 0; fields++) {
		uint32_t ones = (UINT32_C(1) << fields->width) - 1;
		left -= fields->width;
		*word = (*word & ~(ones << fields->low)) | (value >> left & ones) << fields->low;
	}
}

/* A pair of half words is taken as in insn_t32.c, the first one above. */
static uint32_t swap_halves(uint32_t word)
{
	return word >> 16 | word << 16;
}

/** Puts the share that the instruction has of @value into it: its low or high 16 bits. */
static bool set_share(uint32_t *word, bool thumb, uint32_t value)
{
	static const struct { bool thumb; uint32_t mask, bits; bool high; } forms[] = {
		{ false, 0x0ff00000, 0x03000000, false }, { false, 0x0ff00000, 0x03400000, true },
		{ true, 0xfbf08000, 0xf2400000, false }, { true, 0xfbf08000, 0xf2c00000, true },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].thumb != thumb || (*word & forms[i].mask) != forms[i].bits)
			continue;
		set_fields(word, thumb ? t32_fields : a32_fields,
		           forms[i].high ? value >> 16 : value & 0xffff);
		return true;
	}
	return false;
}

bool arm_form(const struct insn *const parts[], unsigned count, uint64_t value,
              const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	(void)context;
	for (unsigned i = 0; i < count; i++) {
		bool thumb = parts[i]->address & ARM_THUMB;
		uint64_t old = 0;
		uint32_t word;
		if (parts[i]->length != 4 || value > UINT32_MAX)
			return false;
		bytes_read((struct bytes){ code[i], 4 }, 0, 4, ORDER_LITTLE, &old);
		word = thumb ? swap_halves((uint32_t)old) : (uint32_t)old;
		if (!set_share(&word, thumb, (uint32_t)value))
			return false;
		bytes_store(code[i], 4, ORDER_LITTLE, thumb ? swap_halves(word) : word);
	}
	return true;
}
