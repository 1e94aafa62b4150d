/* SPDX-License-Identifier: MIT */
/* Tables of single instructions at one address, and what is expected of each. */
#ifndef TEST_EXAMPLES_H
#define TEST_EXAMPLES_H

#include "expect.h"

/* Where all examples stand. */
#define AT UINT64_C(0x200ffc)

struct example {
	uint64_t word; /* as the machine orders bytes */
	uint8_t length;
	const char *text;
	struct insn expect; /* without address and length */
};

static inline bool decode_word(const struct arch *arch, uint64_t word, unsigned length,
                               uint64_t address, struct insn *out)
{
	unsigned char code[8];

	bytes_store(code, length, arch->order, word);
	return decode_one(arch, code, length, address, out);
}

/* Also that an instruction of which the end lacks is none. */
static inline void check_examples(const struct arch *arch, const struct example *examples,
                                  size_t count)
{
	struct insn insn;

	for (size_t i = 0; i < count; i++) {
		unsigned char code[8];
		bytes_store(code, examples[i].length, arch->order, examples[i].word);
		if (!decode_one(arch, code, examples[i].length, AT, &insn))
			fail_msg("%s: not decoded", examples[i].text);
		same(examples[i].text, "address", insn.address, AT);
		same(examples[i].text, "length", insn.length, examples[i].length);
		same_insn(examples[i].text, &insn, &examples[i].expect);
		for (unsigned less = 0; less < examples[i].length; less++)
			assert_false(decode_one(arch, code, less, AT, &insn));
	}
}

/* Random words at random addresses. */
static inline void check_random_words(const struct arch *arch, uint64_t unreported, int count)
{
	uint64_t seed = 2;
	struct insn insn;
	char text[24];

	for (int i = 0; i < count; i++) {
		uint64_t word = next_random(&seed);
		uint64_t address = next_random(&seed) & ~(uint64_t)(arch->code_alignment - 1);
		if (!decode_word(arch, word, 8, address, &insn))
			continue;
		snprintf(text, sizeof(text), "%016llx", (unsigned long long)word);
		check_promises(text, &insn, unreported);
	}
}

#endif
