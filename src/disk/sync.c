/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <fcntl.h>
#include <unistd.h>

/* Not every file system of XNU knows these calls. */
#ifdef F_FULLFSYNC
#define FULL_SYNC(fd) (fcntl(fd, F_FULLFSYNC) == 0)
#else
#define FULL_SYNC(fd) false
#endif
#ifdef F_BARRIERFSYNC
#define BARRIER(fd) (fcntl(fd, F_BARRIERFSYNC) == 0)
#else
#define BARRIER(fd) false
#endif

bool sync_now(int fd)
{
	return FULL_SYNC(fd) || fsync(fd) == 0;
}

bool sync_order(int fd)
{
	return BARRIER(fd) || sync_now(fd);
}
