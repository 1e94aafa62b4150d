/* SPDX-License-Identifier: MIT */
/*
 * What the harnesses have in common. They are read by CBMC, which tries every value of what
 * any_...() gives. CBMC itself looks for undefined behaviour in all that is called; a harness says
 * with assert() what else shall hold, and with __CPROVER_assume() which cases are meant.
 */
#ifndef PROOF_H
#define PROOF_H

#include "../../src/elf/bytes.h"

#include <assert.h>
#include <stdlib.h>

/* CBMC gives any value to what is declared and nowhere defined. */
uint64_t nondet_u64(void);
unsigned nondet_unsigned(void);
unsigned char nondet_byte(void);
bool nondet_bool(void);
size_t nondet_size(void);

/** A number from 0 to @last. */
static inline uint64_t any_up_to(uint64_t last)
{
	uint64_t number = nondet_u64();

	__CPROVER_assume(number <= last);
	return number;
}

/** Memory of 0 to @most bytes, of any contents, with nothing around it that may be touched. */
static inline struct bytes any_bytes(uint64_t most)
{
	uint64_t size = any_up_to(most);
	unsigned char *data = malloc(size);

	__CPROVER_assume(data != NULL);
	return (struct bytes){ data, size };
}

static inline enum byte_order any_order(void)
{
	return nondet_bool() ? ORDER_LITTLE : ORDER_BIG;
}

#endif
