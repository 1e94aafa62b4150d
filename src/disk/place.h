/* SPDX-License-Identifier: MIT */
/*
 * A name in an open directory. Everything that creates, links, renames or removes goes through
 * the descriptor, so that nobody can exchange a folder on the way between check and use.
 */
#ifndef IRELFIX_PLACE_H
#define IRELFIX_PLACE_H

#include "../base/status.h"

#include <sys/stat.h>

struct place {
	const char *path; /**< for messages; the caller's */
	int directory;    /**< -1: not open */
	char *name;
	char temporary[32]; /**< of the new file beside it, or "" */
};

/**
 * Opens the folder of @path.
 * @param out to be closed by place_close(), also after a failure
 * @return false with the reason in @why
 */
bool place_open(const char *path, struct place *out, struct outcome *why);

/** The same for the name of the file behind the symbolic links of @path. */
bool place_open_target(const char *path, struct place *out, struct outcome *why);

/** Removes the new file, if there is one, and closes the folder. */
void place_close(struct place *place);

/** Makes a new file beside the place, for its owner only. @return its descriptor, or -1 with errno. */
int place_create(struct place *place);

/** Renames the new file to the place. @return false with errno set. */
bool place_take(struct place *place);

/**
 * Names the new file @name, which must not exist: nothing is ever replaced.
 * @return false with errno set
 */
bool place_name(struct place *place, const char *name);

/** Removes the new file. @return false with errno set. */
bool place_remove(struct place *place);

/** A name is only sure to survive a crash once its directory is on disk. */
bool place_sync(const struct place *place);

#endif
