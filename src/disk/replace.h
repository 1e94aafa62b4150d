/* SPDX-License-Identifier: MIT */
/*
 * A new file that takes a name, whole or not at all: created beside it for its owner only, filled,
 * judged by the caller, and renamed.
 */
#ifndef IRELFIX_REPLACE_H
#define IRELFIX_REPLACE_H

#include "../edit/plan.h"
#include "map.h"
#include "place.h"

/** The bytes that are to be written: those of @in with the edits of @plan. */
struct source {
	const struct map *in;
	const struct plan *plan;
};

/** A new file that has no name yet. */
struct replacement {
	struct place place;
	int fd; /**< open for reading and writing; -1: none */
};

/** Opens the place that @path names, which must be one that may be replaced: no device, no folder. */
bool replace_begin(struct replacement *out, const char *path, struct outcome *why);

/** The same for the place @place, which becomes the replacement's. */
void replace_begin_at(struct replacement *out, struct place *place);

/** Fills the new file with what is in the old one. */
bool replace_fill(struct replacement *replacement, const struct source *source,
                  struct outcome *why);

/** What the new file gets from the old one. */
enum replace_keep {
	REPLACE_MODE, /**< the mode & 0777: it is another file */
	REPLACE_ALL,  /**< owner, mode, attributes: it is the same file with other bytes, and must still
	                   be there under its name */
};

/**
 * Gives the new file its attributes and its name, and syncs both.
 * @param dates keep access and modification time
 */
bool replace_end(struct replacement *replacement, const struct source *source,
                 enum replace_keep keep, bool dates, struct outcome *why);

/** Removes what has got no name; always to be called in the end. */
void replace_abort(struct replacement *replacement);

/** Whether @place still is the file that was read. */
bool replace_is_there(const struct place *place, const struct map *in, struct outcome *why);

/** Writes the edits of @plan into the open file @fd, each only where its old bytes (or already its
 *  new ones) are. */
bool replace_put_edits(const struct plan *plan, int fd, struct outcome *why);

#endif
