/* SPDX-License-Identifier: MIT */
/* Images as image_parse() leaves them, of small files. */
#ifndef PROOF_IMAGE_H
#define PROOF_IMAGE_H

#include "proof.h"

#include "../../src/elf/reloc.h"

/** A number of few bits, so that a proof is quick. */
static inline uint64_t any_small(void)
{
	return nondet_u64() & 511;
}

/** An image of @file with up to @most segments: in the file, not wrapping. */
static struct image any_image(struct bytes file, struct segment *loads, unsigned most)
{
	struct image image = {
		.file = file, .is64 = nondet_bool(), .order = any_order(), .loads = loads,
		.load_count = any_up_to(most),
	};

	for (size_t i = 0; i < most; i++) {
		loads[i] = (struct segment){
			.offset = any_small(), .filesz = any_small(), .vaddr = nondet_u64(),
			.memsz = nondet_u64(), .flags = nondet_unsigned(),
		};
		__CPROVER_assume(bytes_has(file, loads[i].offset, loads[i].filesz));
		__CPROVER_assume(loads[i].filesz <= loads[i].memsz);
		__CPROVER_assume(loads[i].memsz <= UINT64_MAX - loads[i].vaddr);
	}
	return image;
}

#endif
