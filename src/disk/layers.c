/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* name_to_handle_at, statx */
#endif
#include "layers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#ifdef __linux__

/* A handle that only says which file it is; libc may not know it yet. */
#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200
#endif

/* Linux, fs/overlayfs/overlayfs.h: struct ovl_fb behind three bytes, in a handle of this type. */
enum { OVERLAY_TYPE = 0xf8, OVERLAY_MAGIC = 0xfb, MAGIC_AT = 4, FLAGS_AT = 6, FLAG_UPPER = 4 };

bool layers_separate(int fd)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} file;
	unsigned char bytes[FLAGS_AT + 1];
	int mount;

	file.handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(fd, "", &file.handle, &mount, AT_EMPTY_PATH | AT_HANDLE_FID) != 0 ||
	    file.handle.handle_type != OVERLAY_TYPE || file.handle.handle_bytes < sizeof(bytes))
		return false;
	memcpy(bytes, file.room + sizeof(struct file_handle), sizeof(bytes));
	return bytes[MAGIC_AT] == OVERLAY_MAGIC && !(bytes[FLAGS_AT] & FLAG_UPPER);
}

#else

bool layers_separate(int fd)
{
	(void)fd;
	return false;
}

#endif

#ifdef STATX_BASIC_STATS

void layers_refresh(int fd)
{
	struct statx ignored;

	statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &ignored);
}

#else

void layers_refresh(int fd)
{
	(void)fd;
}

#endif
