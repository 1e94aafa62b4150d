/* SPDX-License-Identifier: MIT */
/*
 * elf/reloc.c, of either form, class and order. In every image of up to 511 bytes and one segment,
 * which keeps what image_parse() makes sure of, a range of up to 511 bytes at any address is a table in
 * the file or refused; that others lead to nothing outside of the file is proved in image.c. Of every
 * table of up to 3 entries each one is read as it stands there, and nothing beside it.
 *
 * cbmc: --unwind 25 --unwindset image_segment.0:3
 * sources: src/elf/image.c src/elf/reloc.c
 * mutant: src/elf/reloc.c: if (end < start || (end - start) % form.entsize != 0) -> if (end < start)
 * mutant: src/elf/reloc.c: .count = (end - start) / form.entsize, -> .count = (end - start) / form.entsize + 1,
 * mutant: src/elf/reloc.c: image->order == ORDER_BIG ? at + width - type_width : at -> at
 */
#include "image.h"

enum { FILE_MAX = 511, ENTRIES = 3 };

static void prove_range(bool is64, bool rela)
{
	struct segment load;
	struct image image = any_image(any_bytes(FILE_MAX), &load, 1);
	uint64_t start = nondet_u64(), length = any_small();
	struct reloc_form form;
	struct reloc_table table;

	image.is64 = is64;
	form = reloc_form(&image, rela);
	if (!reloc_range(&image, start, start + length, form, &table))
		return;
	assert(table.count * form.entsize == length && table.view.size == length);
	assert(bytes_has(image.file, table.offset, length));
}

static void prove_entry(bool is64, bool rela, enum byte_order order)
{
	struct image image = { .is64 = is64, .order = order };
	struct reloc_form form = reloc_form(&image, rela);
	uint64_t count = any_up_to(ENTRIES), index = nondet_u64();
	unsigned char *entries = malloc(ENTRIES * RELOC_SIZE_MAX), stored[RELOC_SIZE_MAX];
	struct reloc_table table = {
		.view = { entries, count * form.entsize }, .count = count, .form = form,
	};
	struct reloc reloc;

	__CPROVER_assume(entries != NULL && index < count);
	reloc = reloc_get(&image, &table, index);
	assert(reloc_type(&image, &table, index) == reloc.type);
	reloc_put(&image, form, reloc, stored);
	for (unsigned i = 0; i < form.entsize; i++)
		assert(stored[i] == entries[index * form.entsize + i]);
}

/* One form after the other: to divide by any number is too dear. */
int main(void)
{
	for (unsigned form = 0; form < 4; form++) {
		prove_range(form & 1, form & 2);
		prove_entry(form & 1, form & 2, ORDER_LITTLE);
		prove_entry(form & 1, form & 2, ORDER_BIG);
	}
}
