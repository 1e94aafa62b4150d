/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_NORESERVE, where there is one */
#include "map.h"

#include "layers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* A private copy of a huge file needs memory for the few pages that change only. */
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

static const unsigned char nothing[1];

/* A file needs room for its bytes, and its result for as many again. */
static const char *const remedy = sizeof(void *) < 8 ? "; use a 64-bit irelfix" : "";

/* An empty file cannot be mapped, and needs not be. */
static bool map_bytes(struct map *map, int fd, uint64_t size, int protection,
                      struct outcome *why)
{
	void *data;

	map->bytes = (struct bytes){ .data = nothing, .size = 0 };
	if (size == 0)
		return true;
	if (size > SIZE_MAX)
		return failed(why, "cannot map %llu bytes: more than this irelfix addresses%s",
		              (unsigned long long)size, remedy);
	data = mmap(NULL, (size_t)size, protection, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
	if (data == MAP_FAILED)
		return failed(why, "cannot map %llu bytes: %s%s", (unsigned long long)size,
		              strerror(errno), remedy);
	map->bytes = (struct bytes){ .data = data, .size = size };
	return true;
}

#ifdef LOCK_NB

/* Others may lock a file for their own reasons, so nobody waits for long. */
static void lock(int fd, int kind)
{
	enum { TRIES = 1000 };
	const struct timespec pause = { .tv_nsec = 2000000 };

	for (int i = 0; i < TRIES && flock(fd, kind | LOCK_NB) != 0 && errno == EWOULDBLOCK; i++)
		nanosleep(&pause, NULL);
}

static void lock_to_read(int fd)
{
	lock(fd, LOCK_SH);
}

void map_lock_to_write(const struct map *map)
{
	lock(map->fd, LOCK_EX);
}

#else

static void lock_to_read(int fd)
{
	(void)fd;
}

void map_lock_to_write(const struct map *map)
{
	(void)map;
}

#endif

/* Goes on with the descriptor that @out has got. */
static bool map_opened(struct map *out, struct outcome *why)
{
	if (out->fd >= 0)
		layers_refresh(out->fd);
	if (out->fd < 0 || fstat(out->fd, &out->status) != 0)
		return failed(why, "cannot open: %s", strerror(errno));
	if (!S_ISREG(out->status.st_mode))
		return failed(why, S_ISDIR(out->status.st_mode) ? "is a directory"
		                                                : "is not a regular file");
	return map_bytes(out, out->fd, (uint64_t)out->status.st_size, PROT_READ, why);
}

bool map_open(const char *path, struct map *out, struct outcome *why)
{
	/* O_NONBLOCK: opening a FIFO must not wait for a writer. */
	*out = (struct map){
		.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK),
	};
	if (out->fd >= 0)
		lock_to_read(out->fd);
	return map_opened(out, why);
}

bool map_descriptor(int fd, struct map *out, struct outcome *why)
{
	*out = (struct map){ .fd = fcntl(fd, F_DUPFD_CLOEXEC, 0) };
	return map_opened(out, why);
}

void map_memory(struct bytes bytes, struct map *out)
{
	*out = (struct map){ .bytes = bytes, .borrowed = true, .fd = -1 };
	out->status.st_mode = S_IFREG | 0755;
	out->status.st_size = (off_t)bytes.size;
}

/* Memory without a file behind it. */
static bool copy_memory(const struct map *from, struct map *out, struct outcome *why)
{
	unsigned char *data = malloc((size_t)from->bytes.size + 1);

	if (!data)
		return no_memory(why, "no memory for %llu bytes",
		                 (unsigned long long)from->bytes.size);
	memcpy(data, from->bytes.data, (size_t)from->bytes.size);
	out->bytes = (struct bytes){ .data = data, .size = from->bytes.size };
	out->allocated = true;
	return true;
}

bool map_copy(const struct map *from, struct map *out, struct outcome *why)
{
	*out = (struct map){ .fd = -1, .status = from->status };
	if (from->borrowed)
		return copy_memory(from, out, why);
	return map_bytes(out, from->fd, from->bytes.size, PROT_READ | PROT_WRITE, why);
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool map_check(const struct map *map, struct outcome *why)
{
	struct stat now;

	if (map->borrowed)
		return true;
	layers_refresh(map->fd);
	if (fstat(map->fd, &now) != 0)
		return failed(why, "cannot stat: %s", strerror(errno));
	if (now.st_size != map->status.st_size)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "changed its size while it "
		                   "was read: from %lld to %lld bytes",
		                   (long long)map->status.st_size, (long long)now.st_size);
	return is_same_time(&now.st_mtim, &map->status.st_mtim) ||
	       outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "was written while it was "
	                   "read");
}

bool map_is_same(const struct map *map, const struct stat *status)
{
	return status->st_dev == map->status.st_dev && status->st_ino == map->status.st_ino;
}

unsigned char *map_writable(const struct map *copy)
{
	return (unsigned char *)(uintptr_t)copy->bytes.data;
}

uint64_t map_on_disk(const struct map *map)
{
	enum { BLOCK = 512 }; /* whatever st_blksize is */

	return map->borrowed ? map->bytes.size : (uint64_t)map->status.st_blocks * BLOCK;
}

#ifdef __linux__

void map_let_go(const struct map *map)
{
	if (map->bytes.size != 0 && !map->borrowed && !map->allocated)
		madvise((void *)(uintptr_t)map->bytes.data, (size_t)map->bytes.size,
		        MADV_DONTNEED);
}

#else

/* Elsewhere the system takes them when it wants to. */
void map_let_go(const struct map *map)
{
	(void)map;
}

#endif

void map_close(struct map *map)
{
	if (map->allocated)
		free((void *)(uintptr_t)map->bytes.data);
	else if (map->bytes.size != 0 && !map->borrowed)
		munmap((void *)(uintptr_t)map->bytes.data, (size_t)map->bytes.size);
	if (map->fd >= 0)
		close(map->fd);
	*map = (struct map){ .fd = -1 };
}
