/* SPDX-License-Identifier: MIT */
/*
 * Compares the decoder of x86-64 or i386 with Zydis over every opcode of every map, with each
 * prefix that matters and a selection of operands, and over random bytes.
 *
 *   sweep_x86_64 64|32 [RANDOM [SEED]]    RANDOM: how many random instructions (default 5000000)
 *
 * Every instruction ends where a page without access begins, so a read past the end is a
 * crash in any build; and without its last byte it must be rejected. Exit status 1 on any
 * difference: where both accept, or where only the decoder rejects.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "judge_x86_64.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct sweep {
	struct judge judge;
	unsigned char *end; /* of the page that instructions are put on */
	uint64_t tried, same, lenient, differences;
	bool shown[ZYDIS_MNEMONIC_MAX_VALUE + 1]; /* one difference a mnemonic is enough */
};

static unsigned char *guarded_page_end(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *data = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (data == MAP_FAILED || mprotect(data + page, page, PROT_NONE) != 0) {
		perror("sweep_x86_64");
		exit(2);
	}
	return data + page;
}

/* @bytes, @size of them, as code that ends at the page without access. */
static struct bytes at_end(const struct sweep *sweep, const unsigned char *bytes, size_t size)
{
	memcpy(sweep->end - size, bytes, size);
	return (struct bytes){ sweep->end - size, size };
}

/* Whether exactly @length bytes are enough and one fewer is not. */
static bool is_exact(const struct sweep *sweep, const unsigned char *bytes, unsigned length)
{
	const struct arch_context context = { 0 };
	struct insn insn;

	return sweep->judge.arch->decode(at_end(sweep, bytes, length), 0, &context, &insn)
	    && insn.length == length
	    && !sweep->judge.arch->decode(at_end(sweep, bytes, length - 1), 0, &context, &insn);
}

static void try(struct sweep *sweep, const unsigned char bytes[INSN_MAX])
{
	struct comparison c;
	struct bytes code = at_end(sweep, bytes, INSN_MAX);

	judge_compare(&sweep->judge, code, 0x400000, &c);
	sweep->tried++;
	if (c.verdict == SAME && !is_exact(sweep, bytes, c.ours.length)) {
		c.verdict = DIFFERENT;
		c.what = "not exact";
	}
	sweep->same += c.verdict == SAME;
	sweep->lenient += c.verdict == ONLY_JUDGE_REJECTS;
	if (c.verdict != DIFFERENT && c.verdict != ONLY_DECODER_REJECTS)
		return;
	sweep->differences++;
	if (!sweep->shown[c.theirs.mnemonic])
		judge_print(&sweep->judge, at_end(sweep, bytes, INSN_MAX), &c);
	sweep->shown[c.theirs.mnemonic] = true;
}

/* Every opcode after @head, with a selection of ModRM and SIB bytes. */
static void try_opcodes(struct sweep *sweep, const unsigned char *head, size_t size)
{
	static const unsigned char rms[] = { 0, 3, 4, 5 }, sibs[] = { 0x05, 0x08, 0x21, 0x65, 0xe3 };
	unsigned char bytes[INSN_MAX] = {
		0x01, 0x02, 0x83, 0x04, 0x85, 0x06, 0x07, 0x88, 0x09, 0x0a, 0x0b, 0x8c, 0x0d, 0x0e, 0x0f
	};

	memcpy(bytes, head, size);
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		bytes[size] = (unsigned char)opcode;
		for (unsigned n = 0; n < 4 * 8 * sizeof rms; n++) {
			unsigned rm = rms[n / 32];

			bytes[size + 1] = (unsigned char)((n & 3) << 6 | (n >> 2 & 7) << 3 | rm);
			bytes[size + 2] = sibs[n % sizeof sibs];
			try(sweep, bytes);
		}
	}
}

static void report(struct sweep *sweep, const char *what)
{
	printf("%s: %" PRIu64 " tried, %" PRIu64 " same, %" PRIu64 " accepted by the decoder only, %"
	       PRIu64 " differences\n", what, sweep->tried, sweep->same, sweep->lenient,
	       sweep->differences);
	sweep->tried = sweep->same = sweep->lenient = 0;
}

static void sweep_legacy(struct sweep *sweep)
{
	static const char *const prefixes[] = {
		"", "\x66", "\xf3", "\xf2", "\x67", "\xf0", "\x65", "\x3e", "\x66\xf3", "\xf2\x66",
		"\x40", "\x41", "\x42", "\x44", "\x48", "\x4f", "\x66\x48", "\xf3\x4c", "\xf2\x49",
		"\x67\x48", "\x48\x66", "\xf0\x48", "\xf3\xf2", "\xf2\xf3", "\x48\x41"
	};
	static const char *const escapes[] = { "", "\x0f", "\x0f\x38", "\x0f\x3a" };
	unsigned char head[INSN_MAX];

	for (size_t p = 0; p < sizeof prefixes / sizeof prefixes[0]; p++) {
		for (size_t e = 0; e < sizeof escapes / sizeof escapes[0]; e++) {
			size_t a = strlen(prefixes[p]), b = strlen(escapes[e]);

			memcpy(head, prefixes[p], a);
			memcpy(head + a, escapes[e], b);
			try_opcodes(sweep, head, a + b);
		}
	}
	report(sweep, "legacy");
}

static void sweep_vex2(struct sweep *sweep)
{
	for (unsigned rvvvvlpp = 0; rvvvvlpp < 256; rvvvvlpp += (rvvvvlpp & 7) == 7 ? 57 : 1)
		try_opcodes(sweep, (unsigned char[]){ 0xc5, (unsigned char)rvvvvlpp }, 2);
	for (unsigned lpp = 0; lpp < 8; lpp++)
		try_opcodes(sweep, (unsigned char[]){ 0xc5, (unsigned char)(0x78 | lpp) }, 2);
	report(sweep, "VEX, two bytes");
}

/* VEX and XOP: all of W, L and pp with some of R, X, B and vvvv. */
static void sweep_vex3(struct sweep *sweep, unsigned char prefix, unsigned map, const char *what)
{
	static const unsigned char rxbs[] = { 0xe0, 0x40, 0xa0 }, vvvvs[] = { 0x78, 0x30 };

	for (unsigned n = 0; n < 3 * sizeof rxbs * sizeof vvvvs * 16; n++) {
		unsigned wlpp = n & 15, rxb = rxbs[n / 16 % 3], vvvv = vvvvs[n / 48 % 2];
		unsigned char head[3] = { prefix, (unsigned char)(rxb | (map + n / 96)),
		                          (unsigned char)((wlpp & 8) << 4 | vvvv | (wlpp & 7)) };

		try_opcodes(sweep, head, sizeof head);
	}
	report(sweep, what);
}

/* EVEX: all of W, pp and L'L with some of b, aaa, R, X, B and vvvv. */
static void sweep_evex(struct sweep *sweep)
{
	static const unsigned char maps[] = { 1, 2, 3, 5, 6 }, rxbs[] = { 0xf0, 0x50 };
	static const unsigned char vvvvs[] = { 0x7c, 0x34 }, tails[] = { 0x08, 0x19 };

	for (unsigned n = 0; n < sizeof maps * 2 * 2 * 2 * 32; n++) {
		unsigned wpp = n & 7, ll = n >> 3 & 3, rxb = rxbs[n >> 5 & 1];
		unsigned vvvv = vvvvs[n >> 6 & 1], tail = tails[n >> 7 & 1];
		unsigned char head[4] = { 0x62, (unsigned char)(rxb | maps[n >> 8]),
		                          (unsigned char)((wpp & 4) << 5 | vvvv | (wpp & 3)),
		                          (unsigned char)(tail | ll << 5) };

		try_opcodes(sweep, head, sizeof head);
	}
	report(sweep, "EVEX");
}

/* A 64-bit xorshift generator. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void sweep_random(struct sweep *sweep, uint64_t count, uint64_t seed)
{
	unsigned char bytes[16];

	for (uint64_t i = 0; i < count; i++) {
		uint64_t halves[2] = { next_random(&seed), next_random(&seed) };

		memcpy(bytes, halves, sizeof bytes);
		try(sweep, bytes);
	}
	report(sweep, "random");
}

int main(int argc, char **argv)
{
	static struct sweep sweep;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : 5000000;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	bool is32 = argc > 1 && strcmp(argv[1], "32") == 0;

	judge_init(&sweep.judge, is32 ? &arch_i386 : &arch_x86_64);
	sweep.end = guarded_page_end();
	sweep_legacy(&sweep);
	sweep_vex2(&sweep);
	sweep_vex3(&sweep, 0xc4, 1, "VEX, three bytes");
	sweep_vex3(&sweep, 0x8f, 8, "XOP");
	sweep_evex(&sweep);
	sweep_random(&sweep, count, seed != 0 ? seed : 1);
	return sweep.differences != 0;
}
