/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is read at a time when nothing has come yet; then it doubles. */
enum { FIRST_ROOM = 1 << 16 };

bool stream_is(const char *path)
{
	return strcmp(path, "-") == 0;
}

static bool grow(struct stream *stream, size_t *room)
{
	size_t more = *room ? *room * 2 : FIRST_ROOM;
	unsigned char *data = more > *room ? realloc(stream->data, more) : NULL;

	if (!data)
		return false;
	stream->data = data;
	*room = more;
	return true;
}

/* Reads up to the end; false with errno. */
static bool read_all(int fd, struct stream *out)
{
	size_t room = 0;
	ssize_t n = 1;

	while (n > 0) {
		if (out->size == room && !grow(out, &room)) {
			errno = ENOMEM;
			return false;
		}
		n = read(fd, out->data + out->size, room - out->size);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			out->size += (size_t)n;
	}
	return n == 0;
}

bool stream_read(const char *path, struct stream *out)
{
	int fd = stream_is(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	*out = (struct stream){ .size = 0 };
	ok = fd >= 0 && read_all(fd, out);
	if (!ok) {
		fputs("irelfix: ", stderr);
		text_put(path, stderr);
		fprintf(stderr, ": cannot be read: %s\n", strerror(errno));
	}
	if (fd > STDIN_FILENO)
		close(fd);
	return ok;
}

enum irelfix_status stream_write(struct irelfix *file, const struct stream *input)
{
	unsigned char *result = malloc(input->size + 1);
	enum irelfix_status status;

	if (!result)
		return irelfix_reject(file, "there is no memory for the result");
	memcpy(result, input->data, input->size);
	status = irelfix_apply(file, result, input->size);
	if (status == IRELFIX_OK && (fwrite(result, 1, input->size, stdout) != input->size ||
	                             fflush(stdout) != 0))
		status = irelfix_reject(file, "standard output cannot be written");
	free(result);
	return status;
}

void stream_free(struct stream *stream)
{
	free(stream->data);
}
