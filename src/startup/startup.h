/* SPDX-License-Identifier: MIT */
/*
 * Everything that the startup of an image does, worked out once: the tables it reads, the loop and
 * its bounds, what its glibc is like, main. The classes of defects, the verification and the proof
 * read it and decode nothing themselves.
 */
#ifndef IRELFIX_STARTUP_H
#define IRELFIX_STARTUP_H

#include "glibc.h"
#include "loop.h"
#include "main.h"

/** Whose startup it is, as far as that makes a difference here. */
enum library {
	LIBRARY_OTHER,   /**< it walks no bounds */
	LIBRARY_GLIBC,   /**< or one that is as strict; also where the code could not be followed */
	LIBRARY_LENIENT, /**< it walks the bounds and passes over other types */
};

struct startup {
	const struct image *image;
	const struct arch *arch; /**< NULL: a machine that nobody knows here; then only @image is valid */
	struct reloc_form form;  /**< of the entries that this machine's startup reads */
	struct reloc_tables tables;
	const char *allowed;     /**< undefined symbols that count as weak, comma-separated; "all"; NULL */
	struct functions functions;
	bool unreadable;         /**< what its code is relative to cannot be told: see arch.prepare */
	enum library library;    /**< see library_find() */
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

/** Whether functions can be asked for: the code tells what it has to be decoded with. */
bool startup_begin_functions(struct startup *startup);

/**
 * Finds the loop and its bounds, where the image has such.
 *
 * @param everywhere also in code that e_entry is not seen to lead to
 */
void startup_find_loop(struct startup *startup, bool everywhere);

/** What the startup code's glibc is like; read when it is first asked for. */
const struct glibc *startup_glibc(struct startup *startup);

/** What _start does; read when it is first asked for. */
const struct entry_point *startup_entry(struct startup *startup);

void startup_free(struct startup *startup);

#endif
