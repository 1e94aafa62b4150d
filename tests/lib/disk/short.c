/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: SHORT=FUNCTION:N makes the N-th call of that function transfer one byte only;
 * N = 0 means every call of more than 7 bytes, which then transfers 7.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* How much of @count the call of @name may transfer; @calls counts those of the function. */
static size_t shorten(const char *name, unsigned long *calls, size_t count)
{
	const char *order = getenv("SHORT");
	size_t length = strlen(name);
	unsigned long at;

	++*calls;
	if (!order || strncmp(order, name, length) != 0 || order[length] != ':')
		return count;
	at = strtoul(order + length + 1, NULL, 10);
	if (at == 0)
		return count > 7 ? 7 : count;
	return at == *calls && count > 1 ? 1 : count;
}

ssize_t read(int fd, void *data, size_t count)
{
	static unsigned long calls;
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	return next(fd, data, shorten("read", &calls, count));
}

ssize_t pread64(int fd, void *data, size_t count, off64_t at)
{
	static unsigned long calls;
	ssize_t (*next)(int, void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pread64");

	return next(fd, data, shorten("pread64", &calls, count), at);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at)
{
	static unsigned long calls;
	ssize_t (*next)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");

	return next(fd, data, shorten("pwrite64", &calls, count), at);
}

ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t count, unsigned flags)
{
	static unsigned long calls;
	ssize_t (*next)(int, off64_t *, int, off64_t *, size_t, unsigned) =
		dlsym(RTLD_NEXT, "copy_file_range");

	return next(from, in, to, out, shorten("copy_file_range", &calls, count), flags);
}
