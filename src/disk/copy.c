/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* copy_file_range */
#endif
#include "copy.h"

#include "map.h" /* the names of macOS in struct stat */

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

bool copy_write(int fd, const unsigned char *data, uint64_t len, uint64_t offset)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, data, (size_t)len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? EIO : errno;
			return false;
		}
		data += n;
		offset += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return true;
}

bool copy_read(int fd, unsigned char *data, uint64_t len, uint64_t offset)
{
	while (len > 0) {
		ssize_t n = pread(fd, data, (size_t)len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? EIO : errno;
			return false;
		}
		data += n;
		offset += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return true;
}

bool copy_buffered(int from, int to, uint64_t done, uint64_t size)
{
	unsigned char buffer[65536];

	while (done < size) {
		uint64_t part = size - done < sizeof(buffer) ? size - done : sizeof(buffer);
		if (!copy_read(from, buffer, part, done) || !copy_write(to, buffer, part, done))
			return false;
		done += part;
	}
	return true;
}

#if defined(SEEK_DATA) && defined(SEEK_HOLE)

#ifdef __linux__

/* Copies [@done, @end) as far as the kernel does it. @return where it stopped. */
static uint64_t copy_extent(int from, int to, uint64_t done, uint64_t end)
{
	while (done < end) {
		off_t in = (off_t)done, out = (off_t)done;
		uint64_t part = end - done < 1u << 30 ? end - done : 1u << 30;
		ssize_t n = copy_file_range(from, &in, to, &out, (size_t)part, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* another file system, an old kernel: the buffer does the rest */
		done += (uint64_t)n;
	}
	return done;
}

#else

static uint64_t copy_extent(int from, int to, uint64_t done, uint64_t end)
{
	(void)from, (void)to, (void)end;
	return done;
}

#endif

/* The first extent of data at or behind @at: holes stay holes. */
static bool next_extent(int fd, uint64_t at, uint64_t size, uint64_t *start, uint64_t *end)
{
	off_t data = lseek(fd, (off_t)at, SEEK_DATA);
	off_t hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);

	if (data < 0 && errno == ENXIO) {
		*start = *end = size;
		return true;
	}
	*start = data < 0 ? at : (uint64_t)data;
	*end = hole < 0 || (uint64_t)hole > size ? size : (uint64_t)hole;
	return *start < *end;
}

static bool copy_extents(int from, int to, uint64_t size)
{
	uint64_t at = 0, start, end;

	if (ftruncate(to, (off_t)size) != 0)
		return false;
	while (at < size) {
		if (!next_extent(from, at, size, &start, &end)) {
			errno = EIO;
			return false;
		}
		if (!copy_buffered(from, to, copy_extent(from, to, start, end), end))
			return false;
		at = end;
	}
	return true;
}

#else

static bool copy_extents(int from, int to, uint64_t size)
{
	return copy_buffered(from, to, 0, size);
}

#endif

bool copy_contents(int from, int to, uint64_t size)
{
	struct stat now;

	if (!copy_extents(from, to, size) || fstat(from, &now) != 0)
		return false;
	if ((uint64_t)now.st_size >= size)
		return true;
	errno = EIO; /* it shrank: what looked like a hole at its end was none */
	return false;
}

bool copy_times(const struct stat *status, int fd)
{
	const struct timespec times[2] = { status->st_atim, status->st_mtim };

	return futimens(fd, times) == 0;
}
