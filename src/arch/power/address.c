/* SPDX-License-Identifier: MIT */
/* The Power ISA: how a value gets into the instructions that form it. */
#include "power.h"

enum { OP_ADDI = 14, OP_ADDIS = 15, OP_ORI = 24 };

/** A part that is rewritten: the words of its instruction. */
struct part {
	uint32_t prefix; /**< 0: it has none */
	uint32_t word;
};

static struct part read_part(struct power power, const unsigned char *code, unsigned length)
{
	uint32_t first = (uint32_t)bytes_number(code, 4, power.order);

	if (length != 8)
		return (struct part){ .word = first };
	return (struct part){ first, (uint32_t)bytes_number(code + 4, 4, power.order) };
}

static void write_part(struct power power, const struct part *part, unsigned char *code)
{
	if (part->prefix != 0) {
		bytes_store(code, 4, power.order, part->prefix);
		code += 4;
	}
	bytes_store(code, 4, power.order, part->word);
}

/** Whether @value is one of the signed numbers of @width bits; machine words of 32 bits wrap. */
static bool fits(struct power power, uint64_t value, unsigned width)
{
	return fits_signed(power.word == 4 ? sign_extended(value & UINT32_MAX, 32) : value, width);
}

/** What the first part adds to: @value becomes the distance from there. */
static bool subtract_base(struct power power, const struct part *first, uint64_t address,
                          uint64_t *value)
{
	uint8_t base = power_ra(first->word);

	if (first->prefix != 0 && power_is_relative(first->prefix))
		*value -= address;
	else if (base == POWER_TOC && power.toc != 0)
		*value -= power.toc;
	else
		return base == 0;
	return true;
}

/** addi or paddi alone */
static bool form_one(struct power power, struct part *part, uint64_t value)
{
	if (power_opcode(part->word) != OP_ADDI ||
	    !fits(power, value, part->prefix != 0 ? 34 : 16))
		return false;
	word_set(&part->word, 0, 16, value);
	if (part->prefix != 0)
		word_set(&part->prefix, 0, 18, value >> 16);
	return true;
}

/** addis, and addi or ori: the lower half of addi is signed, which the upper one makes up for. */
static bool form_halves(struct power power, struct part *high, struct part *low, uint64_t value)
{
	uint64_t carry = power_opcode(low->word) == OP_ADDI ? 0x8000 : 0;

	if (power_opcode(high->word) != OP_ADDIS || high->prefix != 0 || low->prefix != 0 ||
	    (carry == 0 && power_opcode(low->word) != OP_ORI) || !fits(power, value + carry, 32))
		return false;
	word_set(&high->word, 0, 16, (value + carry) >> 16);
	word_set(&low->word, 0, 16, value);
	return true;
}

bool power_form(struct power power, const struct insn *const parts[], unsigned count,
                uint64_t value, unsigned char code[][INSN_MAX])
{
	struct part old[2];

	if (count != 1 && count != 2)
		return false;
	for (unsigned i = 0; i < count; i++)
		old[i] = read_part(power, code[i], parts[i]->length);
	if (!subtract_base(power, &old[0], parts[0]->address, &value) ||
	    !(count == 1 ? form_one(power, &old[0], value)
	                 : form_halves(power, &old[0], &old[1], value)))
		return false;
	for (unsigned i = 0; i < count; i++)
		write_part(power, &old[i], code[i]);
	return true;
}
