/* SPDX-License-Identifier: MIT */
/*
 * The edits in the file itself. They are written stage by stage, with a sync between stages: what
 * comes later relies on what comes before, so that stopping at any point, even by power loss, leaves a
 * file that another repair completes to the same bytes. Why that holds: slots change nothing that a
 * diagnosis looks at; an entry is recognised as stray until it is R_*_NONE, which is one word of r_info;
 * and startup reads the new start bound only when everything in front of it is on disk.
 *
 * Where that order cannot be had, the file is replaced instead.
 */
#ifndef IRELFIX_IN_PLACE_H
#define IRELFIX_IN_PLACE_H

#include "attributes.h"
#include "replace.h"

/** How the file will get its new bytes. */
enum in_place_way {
	IN_PLACE_DONE,    /**< it has them: another irelfix was quicker */
	IN_PLACE_WRITE,   /**< they are written into it */
	IN_PLACE_REPLACE, /**< another file takes its name */
};

struct in_place {
	enum in_place_way way;
	struct place place; /**< the name, behind symbolic links */
	int fd;             /**< open for writing; -1 where it is to be replaced */
	struct privileges privileges; /**< that a write takes away */
};

/**
 * Locks the file of @source, called @path, finds out which way can be gone, and makes the backup. What
 * cannot be kept is an error here, before the first write.
 */
bool in_place_begin(struct in_place *out, const struct source *source, const char *path,
                    const struct irelfix_write_options *options, struct outcome *why);

/** Writes the edits: IN_PLACE_WRITE. */
bool in_place_write(struct in_place *in_place, const struct source *source, struct outcome *why);

/** Completes what in_place_write() has begun, when the result has been judged. */
bool in_place_end(struct in_place *in_place, const struct source *source, bool dates,
                  struct outcome *why);

/** Always to be called in the end. */
void in_place_close(struct in_place *in_place);

#endif
