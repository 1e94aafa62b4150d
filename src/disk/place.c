/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath, which glibc counts to X/Open */
#include "place.h"

#include "sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __has_include
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif
#endif

bool place_open(const char *path, struct place *out, struct outcome *why)
{
	const char *slash = strrchr(path, '/');
	char *folder = strdup(path);

	*out = (struct place){
		.path = path, .directory = -1, .name = strdup(slash ? slash + 1 : path),
	};
	if (!folder || !out->name) {
		free(folder);
		return no_memory(why, "no memory for the name %.400s", path);
	}
	folder[slash ? slash - path + 1 : 0] = '\0';
	out->directory = open(folder[0] ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return (out->directory >= 0 && out->name[0]) ||
	       failed(why, "cannot write %s: %s", path,
	              out->directory < 0 ? strerror(errno) : "it names no file");
}

bool place_open_target(const char *path, struct place *out, struct outcome *why)
{
	char *target = realpath(path, NULL);
	bool ok;

	*out = (struct place){ .directory = -1 };
	if (!target)
		return failed(why, "cannot resolve the name: %s", strerror(errno));
	ok = place_open(target, out, why);
	out->path = path;
	free(target);
	return ok;
}

void place_close(struct place *place)
{
	if (place->directory >= 0) {
		place_remove(place);
		close(place->directory);
	}
	free(place->name);
	*place = (struct place){ .directory = -1 };
}

/* ---- a new file beside it ------------------------------------------------------------------- */

#ifdef __APPLE__
#define system_random(bytes, size) (getentropy(bytes, size) == 0)
#elif defined(GRND_NONBLOCK) /* some systems have the header without the call */
#define system_random(bytes, size) (getrandom(bytes, size, 0) == (ssize_t)(size))
#else
#define system_random(bytes, size) false
#endif

/* Where there is no such call, or an older kernel. */
static bool read_random(unsigned char *bytes, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0;

	while (ok && size > 0) {
		ssize_t n = read(fd, bytes, size);
		ok = n > 0 || (n < 0 && errno == EINTR);
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

/* A bare container has no /dev. */
static bool random_bytes(unsigned char *bytes, size_t size)
{
	return system_random(bytes, size) || read_random(bytes, size);
}

/* Nobody else can tell the name in advance. */
static bool random_name(char out[32])
{
	unsigned char bytes[8];

	if (!random_bytes(bytes, sizeof(bytes)))
		return false;
	strcpy(out, ".irelfix-");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + strlen(out), 3, "%02x", bytes[i]);
	return true;
}

int place_create(struct place *place)
{
	int fd = random_name(place->temporary)
	         ? openat(place->directory, place->temporary,
	                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
	         : -1;

	if (fd < 0)
		place->temporary[0] = '\0';
	return fd;
}

bool place_remove(struct place *place)
{
	if (place->temporary[0] && unlinkat(place->directory, place->temporary, 0) != 0)
		return false;
	place->temporary[0] = '\0';
	return true;
}

static bool rename_temporary(struct place *place, const char *name)
{
	if (renameat(place->directory, place->temporary, place->directory, name) != 0)
		return false;
	place->temporary[0] = '\0';
	return true;
}

bool place_take(struct place *place)
{
	return rename_temporary(place, place->name);
}

/* No hard links here: reserve the name with O_EXCL, then rename over our own empty file. */
static bool reserve_and_rename(struct place *place, const char *name)
{
	int error, fd = openat(place->directory, name,
	                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	close(fd);
	if (rename_temporary(place, name))
		return true;
	error = errno;
	unlinkat(place->directory, name, 0);
	errno = error;
	return false;
}

/* A link never replaces what is there. */
bool place_name(struct place *place, const char *name)
{
	if (linkat(place->directory, place->temporary, place->directory, name, 0) == 0)
		return place_remove(place);
	return errno != EEXIST && reserve_and_rename(place, name);
}

bool place_sync(const struct place *place)
{
	return sync_now(place->directory) || errno == EINVAL; /* EINVAL: it needs none here */
}
