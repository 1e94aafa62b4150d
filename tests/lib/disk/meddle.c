/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: runs the shell command MEDDLE right after the program has mapped a file for the
 * MEDDLE_AT-th time, before it looks at a byte of that mapping; with MEDDLE_AT=write, right before it
 * opens a file for writing for the first time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

static void run(const char *command)
{
	unsetenv("LD_PRELOAD");
	if (system(command) != 0)
		abort();
}

static void meddle(void)
{
	static int count;
	const char *command = getenv("MEDDLE"), *at = getenv("MEDDLE_AT");

	if (command && at && ++count == atoi(at))
		run(command);
}

int openat64(int folder, const char *name, int flags, ...)
{
	int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, "openat64");
	const char *command = getenv("MEDDLE"), *at = getenv("MEDDLE_AT");
	static int count;
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	if (command && at && strcmp(at, "write") == 0 && (flags & O_ACCMODE) == O_RDWR &&
	    ++count == 1)
		run(command);
	return next(folder, name, flags, mode);
}

void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off64_t) = dlsym(RTLD_NEXT, "mmap64");
	void *data = next(address, size, protection, flags, fd, offset);

	if (fd >= 0 && !(flags & MAP_FIXED))
		meddle();
	return data;
}
