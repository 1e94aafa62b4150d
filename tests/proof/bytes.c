/* SPDX-License-Identifier: MIT */
/*
 * bytes.h: of every view, offset, width and order nothing outside the view is read or written, and
 * what is stored is read back. Views with bytes in them are up to 24
 * bytes (10 for numbers) here; offsets, lengths and counts are any of 64 bits.
 *
 * cbmc: --unwind 25
 * mutant: src/elf/bytes.h: off <= b.size && len <= b.size - off -> off + len <= b.size
 */
#include "proof.h"

static void prove_has(void)
{
	struct bytes view = { NULL, nondet_u64() };
	uint64_t off = nondet_u64(), len = nondet_u64();
	bool fits = off + len >= off && off + len <= view.size;

	assert(bytes_has(view, off, len) == fits);
}

static void prove_sub(void)
{
	struct bytes view = any_bytes(24), part;
	uint64_t off = nondet_u64(), len = nondet_u64(), at = nondet_u64();

	if (!bytes_sub(view, off, len, &part))
		return;
	assert(part.size == len);
	if (at < len)
		assert(part.data[at] == view.data[off + at]);
}

/* Of the sizes that entries have: to divide by any number is too dear. */
static void prove_table(struct bytes view, uint64_t entsize)
{
	uint64_t off = nondet_u64(), n = nondet_u64();
	struct bytes part;

	if (!bytes_table(view, off, n, entsize, &part))
		return;
	assert(entsize == 0 ? part.size == 0 : n <= view.size / entsize);
	assert(part.size == n * entsize && part.size <= view.size);
}

static void prove_tables(void)
{
	static const uint8_t sizes[] = { 0, 1, 8, 12, 16, 24, 32, 40, 56, 64 };
	struct bytes view = any_bytes(24);

	for (unsigned i = 0; i < sizeof(sizes); i++)
		prove_table(view, sizes[i]);
}

static void prove_number(unsigned width, enum byte_order order)
{
	struct bytes view = any_bytes(10);
	uint64_t off = nondet_u64(), value = 0, again = 0;
	unsigned char *copy = malloc(width);

	__CPROVER_assume(copy != NULL);
	if (!bytes_read(view, off, width, order, &value)) {
		assert(!bytes_has(view, off, width));
		return;
	}
	bytes_store(copy, width, order, value);
	for (unsigned i = 0; i < width; i++)
		assert(copy[i] == view.data[off + i]);
	assert(bytes_read((struct bytes){ copy, width }, 0, width, order, &again) && again == value);
}

static void prove_numbers(void)
{
	for (unsigned width = 0; width <= 8; width++) {
		prove_number(width, ORDER_LITTLE);
		prove_number(width, ORDER_BIG);
	}
}

int main(void)
{
	prove_has();
	prove_sub();
	prove_tables();
	prove_numbers();
}
