/* SPDX-License-Identifier: MIT */
/*
 * Bytes of files. The only place that knows how Linux shares blocks between files, and how Linux,
 * macOS and FreeBSD find holes in them; elsewhere the portable way is taken.
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

/** Sets access and modification time of @fd to those of @status; false with errno set. */
bool copy_times(const struct stat *status, int fd);

#endif
