/* SPDX-License-Identifier: MIT */
/*
 * elf/image.c: in every image of up to 2 segments, which keep what image_parse() makes sure of,
 * every address and length leads to bytes of the file or to none. Files have up to 511 bytes;
 * addresses and lengths are any of 64 bits. No byte of the file is read, so that its contents do not
 * matter.
 *
 * cbmc: --unwind 5 --external-sat-solver cadical
 * sources: src/elf/image.c
 * mutant: src/elf/image.c: len > segment->filesz - (address - segment->vaddr)) -> 0)
 * mutant: src/elf/image.c: address - segment->vaddr > segment->filesz || -> 0 ||
 * mutant: src/elf/image.c: return len <= segment->memsz - (address - segment->vaddr) ? segment : NULL; -> return segment;
 */
#include "image.h"

enum { SEGMENTS = 2 };

int main(void)
{
	struct segment loads[SEGMENTS];
	struct image image = any_image((struct bytes){ NULL, any_small() }, loads, SEGMENTS);
	uint64_t address = nondet_u64(), len = nondet_u64(), offset = 0;
	const struct segment *segment = image_segment(&image, address, len);
	bool there = image_offset(&image, address, len, &offset);

	assert(!segment || (address >= segment->vaddr &&
	                    len <= segment->memsz - (address - segment->vaddr)));
	assert(!there || (segment && bytes_has(image.file, offset, len)));
}
