/* SPDX-License-Identifier: MIT */
/* AArch64: how a value gets into the instructions that form it. */
#include "aarch64.h"

/** The 21 bits of adr and adrp: @distance in units of 1 << @scale; false when it is too far. */
static bool set_adr_field(uint32_t *word, uint64_t distance, unsigned scale)
{
	uint64_t reach = UINT64_C(1) << (20 + scale);

	if (distance + reach >= 2 * reach)
		return false;
	word_set(word, 5, 19, distance >> (scale + 2));
	word_set(word, 29, 2, distance >> scale);
	return true;
}

static bool encode_adr(uint32_t *word, uint64_t address, uint64_t value)
{
	return set_adr_field(word, value - address, 0);
}

static bool encode_adrp(uint32_t *word, uint64_t address, uint64_t value)
{
	uint64_t in_page = 0xfff;

	return set_adr_field(word, (value & ~in_page) - (address & ~in_page), 12);
}

static bool encode_add(uint32_t *word, uint64_t address, uint64_t value)
{
	(void)address;
	word_set(word, 10, 12, value);
	return true;
}

/** A W register cannot hold more than 32 bits, whatever the other moves of the chain do. */
static bool encode_wide(uint32_t *word, uint64_t address, uint64_t value)
{
	(void)address;
	if (aarch64_width(*word) == 4 && value > UINT32_MAX)
		return false;
	word_set(word, 5, 16, value >> aarch64_wide_shift(*word));
	return true;
}

/** Puts the share that the instruction at @address has of @value into it. */
static bool encode(uint32_t *word, uint64_t address, uint64_t value)
{
	static const struct {
		uint32_t mask, bits;
		bool (*encode)(uint32_t *word, uint64_t address, uint64_t value);
	} forms[] = {
		{ 0x9f000000, 0x10000000, encode_adr },
		{ 0x9f000000, 0x90000000, encode_adrp },
		{ 0xffc00000, 0x91000000, encode_add }, /* 64 bits, not shifted, no flags */
		{ 0x7f800000, 0x52800000, encode_wide }, /* movz */
		{ 0x7f800000, 0x72800000, encode_wide }, /* movk */
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if ((*word & forms[i].mask) == forms[i].bits)
			return forms[i].encode(word, address, value);
	return false;
}

static uint32_t word_in(const unsigned char *code)
{
	return (uint32_t)bytes_number(code, 4, ORDER_LITTLE);
}

/** The bits of a value that the instruction has a place for; others may have them as well. */
static uint64_t room_in(uint32_t word)
{
	bool wide = (word & 0x5f800000) == 0x52800000; /* movz, movk */

	return wide ? UINT64_C(0xffff) << aarch64_wide_shift(word) : UINT64_MAX;
}

/** Whether nothing of @value is lost. A movz clears what no movk behind it sets. */
static bool has_room(unsigned char code[][INSN_MAX], unsigned count, uint64_t value)
{
	uint64_t room = (word_in(code[0]) & 0x7f800000) == 0x52800000 ? 0 : UINT64_MAX;

	for (unsigned i = 0; i < count; i++)
		room |= room_in(word_in(code[i]));
	return (value & ~room) == 0;
}

bool aarch64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                  const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	(void)context;
	if (!has_room(code, count, value))
		return false;
	for (unsigned i = 0; i < count; i++) {
		uint32_t word = word_in(code[i]);
		if (!encode(&word, parts[i]->address, value))
			return false;
		bytes_store(code[i], 4, ORDER_LITTLE, word);
	}
	return true;
}
