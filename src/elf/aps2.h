/* SPDX-License-Identifier: MIT */
/*
 * Android's packed relocations (APS2), DT_ANDROID_REL and DT_ANDROID_RELA: groups of entries that share
 * what they have in common, as signed LEB128 numbers (bionic, linker/linker_reloc_iterators.h).
 */
#ifndef IRELFIX_APS2_H
#define IRELFIX_APS2_H

#include "reloc.h"

/** Where a walk over the entries stands. */
struct aps2 {
	const struct image *image;
	struct bytes data;
	uint64_t at;       /* in @data */
	uint64_t left;     /* entries of the table that are still to come */
	uint64_t in_group; /* and of the group */
	uint64_t flags, delta, info; /* of the group */
	struct reloc reloc;          /* the one before */
	bool rela;         /**< addends stand in the entries; otherwise in the slots (REL) */
	bool malformed;    /**< the data ended too early, or is no such table */
};

/** Begins a walk; false when the image has no packed entries. */
bool aps2_begin(const struct image *image, struct aps2 *out);

/** The next entry; false at the end, also where the data is malformed. */
bool aps2_next(struct aps2 *walk, struct reloc *out);

#endif
