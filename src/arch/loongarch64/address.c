/* SPDX-License-Identifier: MIT */
/* LoongArch64: how a value gets into the instructions that form it. */
#include "loongarch64.h"

#define PAGE UINT64_C(0xfff)

/* What the first instructions of a value are told by. */
enum {
	UPPER = 0xfe000000, LU12I = 0x14000000, LU32I = 0x16000000, PCADDI = 0x18000000,
	PCALAU12I = 0x1a000000, PCADDU12I = 0x1c000000,
};

static uint32_t word_in(const unsigned char *code)
{
	return (uint32_t)bytes_number(code, 4, ORDER_LITTLE);
}

/* ---- shares --------------------------------------------------------------------------------- */

/** What the value is relative to, in the first instruction. */
static uint64_t base_of(uint32_t word, uint64_t address)
{
	switch (word & UPPER) {
	case PCALAU12I: return address & ~PAGE;
	case PCADDU12I: case PCADDI: return address;
	default: return 0;
	}
}

/** What an addition of the signed lower part takes away of the upper one. */
static uint64_t rounding(uint32_t lower)
{
	bool adds = (lower & 0xff800000) == 0x02800000; /* addi.w, addi.d */

	return adds ? 0x800 : 0;
}

/** Puts the share that an instruction has of @value into it; false when it is none of these. */
static bool set_share(uint32_t *word, uint64_t value, uint64_t round)
{
	static const struct {
		uint32_t mask, bits;
		uint8_t low, width, shift; /* the field, and the lowest bit of the value in it */
		bool rounded;
	} forms[] = {
		{ UPPER, PCADDI, 5, 20, 2, false },
		{ UPPER, PCALAU12I, 5, 20, 12, true },
		{ UPPER, PCADDU12I, 5, 20, 12, true },
		{ UPPER, LU12I, 5, 20, 12, true },
		{ UPPER, LU32I, 5, 20, 32, false },
		{ 0xffc00000, 0x03000000, 10, 12, 52, false }, /* lu52i.d */
		{ 0xffc00000, 0x03800000, 10, 12, 0, false },  /* ori */
		{ 0xff800000, 0x02800000, 10, 12, 0, false },  /* addi.w, addi.d */
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((*word & forms[i].mask) != forms[i].bits)
			continue;
		word_set(word, forms[i].low, forms[i].width,
		         (value + (forms[i].rounded ? round : 0)) >> forms[i].shift);
		return true;
	}
	return false;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/** What the words form, one after the other. */
static uint64_t formed(const struct insn *const parts[], unsigned count, const uint32_t words[])
{
	const struct arch_context none = { 0 };
	uint64_t value = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned char code[4];
		struct insn insn;
		const struct effect *effect = &insn.effects[0];
		bytes_store(code, 4, ORDER_LITTLE, words[i]);
		if (!loongarch64_decode((struct bytes){ code, 4 }, parts[i]->address, &none, &insn))
			break;
		if (effect->kind == EFFECT_ADD)
			value += effect->b.value;
		else if (effect->kind == EFFECT_INSERT)
			value = (value & ~effect->dst.value) | effect->b.value;
		else
			value = effect->a.value;
	}
	return value;
}

/** Fields are cut to their widths; what comes out tells whether the value has room in them. */
bool loongarch64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                      const struct arch_context *context, unsigned char code[][INSN_MAX])
{
	uint32_t words[PARTS_MAX];
	uint64_t share, round;

	(void)context;
	if (count == 0 || count > PARTS_MAX)
		return false;
	for (unsigned i = 0; i < count; i++)
		words[i] = word_in(code[i]);
	share = value - base_of(words[0], parts[0]->address);
	round = count > 1 ? rounding(words[1]) : 0;
	for (unsigned i = 0; i < count; i++)
		if (!set_share(&words[i], share, round))
			return false;
	if (formed(parts, count, words) != value)
		return false;
	for (unsigned i = 0; i < count; i++)
		bytes_store(code[i], 4, ORDER_LITTLE, words[i]);
	return true;
}
