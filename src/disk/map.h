/* SPDX-License-Identifier: MIT */
/* A file as read-only bytes. */
#ifndef IRELFIX_MAP_H
#define IRELFIX_MAP_H

#include "../base/status.h"
#include "../elf/bytes.h"

#include <sys/stat.h>

#ifdef __APPLE__ /* its names for what POSIX calls so */
#define st_atim st_atimespec
#define st_mtim st_mtimespec
#endif

struct map {
	struct bytes bytes;
	bool borrowed;      /**< the bytes are the caller's memory */
	bool allocated;     /**< they are memory of its own */
	int fd;             /**< open for reading, -1 when closed */
	struct stat status; /**< of the file, when it was opened */
};

/**
 * Maps a regular file. Waits some seconds at most while another irelfix writes into it, and keeps
 * others from doing so (an advisory lock) until map_close().
 * @return false with IRELFIX_FILE and a sentence in @why.
 */
bool map_open(const char *path, struct map *out, struct outcome *why);

/** Maps the regular file behind @fd, which stays the caller's: the map has one of its own. */
bool map_descriptor(int fd, struct map *out, struct outcome *why);

/** Makes a map of the caller's memory. It has no descriptor, and a file's usual mode. */
void map_memory(struct bytes bytes, struct map *out);

/**
 * Maps the same file again, or copies the memory, as private bytes that may be changed without
 * changing the file. The map has no descriptor of its own.
 */
bool map_copy(const struct map *from, struct map *out, struct outcome *why);

/**
 * Waits some seconds at most until no other irelfix reads or writes the file of a map_open(), and
 * keeps them away until map_close(). Meanwhile another one may have written.
 */
void map_lock_to_write(const struct map *map);

/** Whether size and modification time are those of the mapped file; false with IRELFIX_FILE. */
bool map_check(const struct map *map, struct outcome *why);

/** Whether @status is that of the file of @map. */
bool map_is_same(const struct map *map, const struct stat *status);

/** Writable bytes of a map_copy(). */
unsigned char *map_writable(const struct map *copy);

/** How many bytes of it are on disk; of memory all. */
uint64_t map_on_disk(const struct map *map);

/**
 * Lets go the pages that are in memory: they come back when they are looked at. What was changed in a
 * map_copy() of a file is as it was.
 */
void map_let_go(const struct map *map);

void map_close(struct map *map);

#endif
