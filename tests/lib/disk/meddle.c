/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: runs the shell command MEDDLE right after the program has mapped a file for the
 * MEDDLE_AT-th time, before it looks at a byte of that mapping.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>

static void meddle(void)
{
	static int count;
	const char *command = getenv("MEDDLE"), *at = getenv("MEDDLE_AT");

	if (!command || !at || ++count != atoi(at))
		return;
	unsetenv("LD_PRELOAD");
	if (system(command) != 0)
		abort();
}

void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off64_t) = dlsym(RTLD_NEXT, "mmap64");
	void *data = next(address, size, protection, flags, fd, offset);

	if (fd >= 0 && !(flags & MAP_FIXED))
		meddle();
	return data;
}
