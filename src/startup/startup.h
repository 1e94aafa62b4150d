/* SPDX-License-Identifier: MIT */
/*
 * Everything that the startup of an image does, worked out once: the tables it reads, the loop and its
 * bounds, what its glibc is like, main. The classes of defects, the verification and the proof read it
 * and decode nothing themselves.
 */
#ifndef IRELFIX_STARTUP_H
#define IRELFIX_STARTUP_H

#include "glibc.h"
#include "loop.h"
#include "main.h"

struct startup {
	const struct image *image;
	const struct arch *arch; /**< NULL: a machine that nobody knows here; then only @image is valid */
	struct reloc_form form;  /**< of the entries that this machine's startup reads */
	struct reloc_tables tables;
	struct functions functions;
	struct loop loop;        /**< of an ET_EXEC */
	struct outcome no_loop;  /**< why it was not found */
	struct glibc glibc;      /**< see startup_glibc() */
	struct entry_point entry; /**< see startup_entry() */
	bool entry_read;
};

/**
 * Works out the tables of @image, which must outlive @out.
 *
 * @param out to be freed by startup_free(), also after a failure
 * @return false with IRELFIX_FILE in @why when one of them is malformed
 */
bool startup_begin(struct startup *out, const struct image *image, struct outcome *why);

/** Finds the loop and its bounds, where the image has such. */
void startup_find_loop(struct startup *startup);

/** What the startup code's glibc is like; read when it is first asked for. */
const struct glibc *startup_glibc(struct startup *startup);

/** What _start does; read when it is first asked for. */
const struct entry_point *startup_entry(struct startup *startup);

void startup_free(struct startup *startup);

#endif
