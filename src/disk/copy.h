/* SPDX-License-Identifier: MIT */
/*
 * Bytes and attributes of files; the only place that knows what Linux alone has: sharing blocks,
 * extended attributes, fs-verity. Elsewhere the portable way is taken, and there are no attributes
 * beyond owner, mode and times.
 */
#ifndef IRELFIX_COPY_H
#define IRELFIX_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/**
 * Copies the first @size bytes of descriptor @from to the empty file @to, sharing blocks where
 * the file system can. The file offsets of both are undefined afterwards.
 *
 * @return false with errno set; EIO when @from ends early.
 */
bool copy_contents(int from, int to, uint64_t size);

/** The portable way of copy_contents(), through a buffer; [@done, @size) is copied. */
bool copy_buffered(int from, int to, uint64_t done, uint64_t size);

/** Writes all @len bytes at @offset; false with errno set. */
bool copy_write(int fd, const unsigned char *data, uint64_t len, uint64_t offset);

/** Reads all @len bytes at @offset; false with errno set, EIO when the file ends early. */
bool copy_read(int fd, unsigned char *data, uint64_t len, uint64_t offset);

/**
 * Gives @to the owner, then the mode with its special bits, then the extended attributes of
 * @from (ACLs, capabilities, labels): in this order, because each clears what comes after it.
 *
 * @param lost receives the name of what could not be kept
 * @return false with errno set when something could not be kept
 */
bool copy_attributes(int from, const struct stat *status, int to, char *lost, size_t size);

/** Sets access and modification time of @fd to those of @status; false with errno set. */
bool copy_times(const struct stat *status, int fd);

/** What a write takes away from a file: its special mode bits and its capabilities. */
struct privileges {
	mode_t mode;
	unsigned char capability[64];
	size_t capability_size; /**< 0: none */
};

/**
 * Notes down the privileges of @fd and makes sure, before anything is written, that they can be
 * put back.
 *
 * @param what receives the name of what could not be put back
 * @return false with errno set
 */
bool copy_note_privileges(int fd, const struct stat *status, struct privileges *out,
                          const char **what);

/** Puts them back after a write; false with errno set. */
bool copy_restore_privileges(int fd, const struct privileges *privileges);

/** What seals the contents of @fd ("fs-verity", "IMA signature", ...), or NULL. */
const char *copy_seal(int fd);

#endif
