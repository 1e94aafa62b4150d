/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer target: bytes through the decoder of a machine, one instruction after the other. What is
 * decoded is what startup/values.c relies on (tests/proof/insn.h), and the bytes behind an instruction
 * have no say in it. Some decoders have too many cases for a proof; here no number of prefixes is left
 * out.
 */
#include "../../proof/insn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In front of the code: the machine, and an address. */
enum { HEAD = 9 };

/* Executions by row of machines.def. */
enum { MACHINES_MAX = 16 };
static uint64_t executions[MACHINES_MAX], instructions[MACHINES_MAX];

static void print_executions(void)
{
	for (size_t row = 0; arch_row(row); row++)
		fprintf(stderr, "executions: %llu %s, %llu instructions\n",
		        (unsigned long long)executions[row], arch_row(row)->name,
		        (unsigned long long)instructions[row]);
}

static size_t row_of(uint8_t byte)
{
	size_t count = 0;

	while (arch_row(count))
		count++;
	return byte % count;
}

/* In memory of its own, so that nothing behind it can be read. */
static void check_alone(const struct arch *arch, struct bytes code, const struct insn *insn)
{
	const struct arch_context none = { 0 };
	unsigned char *copy = malloc(insn->length);
	struct insn again;

	assert(copy);
	memcpy(copy, code.data, insn->length);
	assert(arch->decode((struct bytes){ copy, insn->length }, insn->address, &none, &again));
	assert(again.length == insn->length && again.flow == insn->flow);
	assert(again.target == insn->target && again.clobbers == insn->clobbers);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct arch_context none = { 0 };
	const struct arch *arch;
	struct bytes code;
	uint64_t address;
	struct insn insn;
	size_t row;

	if (size < HEAD)
		return 0;
	row = row_of(data[0]);
	executions[row]++;
	arch = arch_row(row);
	address = bytes_number(data + 1, 8, ORDER_LITTLE);
	code = (struct bytes){ data + HEAD, size - HEAD };
	while (arch->decode(code, address, &none, &insn)) {
		check_insn(&insn, code, address, INSN_MAX);
		check_alone(arch, code, &insn);
		instructions[row]++;
		address += insn.length;
		code = (struct bytes){ code.data + insn.length, code.size - insn.length };
	}
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return atexit(print_executions);
}
