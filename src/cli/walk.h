/* SPDX-License-Identifier: MIT */
/* What is in a folder: ELF files, and further folders. */
#ifndef IRELFIX_WALK_H
#define IRELFIX_WALK_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>

/** Inodes that were seen, so that each is visited once. */
struct walk_seen {
	struct walk_inode { unsigned long long device, inode; } *items; /**< a hash table */
	unsigned long count, room; /**< room: 0 or a power of two; inode 0 is a free place */
	pthread_mutex_t lock; /**< several folders may be walked at a time */
};

/** Who is told what was found, by its @path: "folder/name". */
struct walk_visitor {
	void (*file)(void *context, const char *path);
	void (*folder)(void *context, const char *path);
	void (*error)(void *context, const char *path, int error); /**< @error is an errno */
	void *context;
};

void walk_begin(struct walk_seen *seen);
void walk_end(struct walk_seen *seen);

/** Notes down an inode; false when it was seen before. */
bool walk_is_new(struct walk_seen *seen, const struct stat *status);

/**
 * Looks through the folder at @path, not below, unless it was seen before. Files are recognised by their first four bytes;
 * symbolic links and what is neither file nor folder are passed over.
 *
 * @param follow whether @path itself may be a symbolic link
 */
void walk_folder(const char *path, bool follow, struct walk_seen *seen,
                 const struct walk_visitor *visitor);

#endif
