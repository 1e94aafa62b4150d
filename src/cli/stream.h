/* SPDX-License-Identifier: MIT */
/* A file that is read from a pipe, or whose repair is written into one. */
#ifndef IRELFIX_STREAM_H
#define IRELFIX_STREAM_H

#include "../../include/irelfix.h"

struct stream {
	unsigned char *data; /**< owned */
	size_t size;
};

/** Whether @path stands for standard input or output: "-". */
bool stream_is(const char *path);

/** Reads all of @path, or of standard input. @return false, and says why on standard error */
bool stream_read(const char *path, struct stream *out);

/**
 * Writes @input, from which @file was opened, with the planned edits to standard output.
 *
 * @return IRELFIX_OK, or why the edits or the output failed
 */
enum irelfix_status stream_write(struct irelfix *file, const struct stream *input);

void stream_free(struct stream *stream);

#endif
