/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* d_type, where there is one: it saves a stat per file */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One folder. @path is the name of what is being looked at in it. */
struct walker {
	struct walk_seen *seen;
	const struct walk_visitor *visitor;
	int fd;
	char *path;
	size_t folder; /* length of "folder/" */
	size_t room;
};

void walk_begin(struct walk_seen *seen)
{
	*seen = (struct walk_seen){ .count = 0 };
	pthread_mutex_init(&seen->lock, NULL);
}

void walk_end(struct walk_seen *seen)
{
	pthread_mutex_destroy(&seen->lock);
	free(seen->items);
}

/* Where an inode stands in the table, or would. */
static struct walk_inode *place_of(const struct walk_seen *seen, struct walk_inode inode)
{
	unsigned long long hash = (inode.inode + inode.device) * 0x9e3779b97f4a7c15u;
	unsigned long at = (unsigned long)(hash >> 20) & (seen->room - 1);

	while (seen->items[at].inode != 0 && (seen->items[at].inode != inode.inode ||
	                                      seen->items[at].device != inode.device))
		at = (at + 1) & (seen->room - 1);
	return &seen->items[at];
}

static bool grow(struct walk_seen *seen)
{
	unsigned long old_room = seen->room, room = old_room ? old_room * 2 : 64;
	struct walk_inode *old = seen->items, *items = calloc(room, sizeof(*items));

	if (!items)
		return false;
	seen->items = items;
	seen->room = room;
	for (unsigned long i = 0; i < old_room; i++)
		if (old[i].inode != 0)
			*place_of(seen, old[i]) = old[i];
	free(old);
	return true;
}

/* Notes down an inode; false when it was there. Without memory, better twice than not at all. */
static bool add_inode(struct walk_seen *seen, struct walk_inode inode)
{
	struct walk_inode *place;

	if (seen->count * 2 >= seen->room && !grow(seen))
		return true;
	place = place_of(seen, inode);
	if (place->inode != 0)
		return false;
	*place = inode;
	seen->count++;
	return true;
}

bool walk_is_new(struct walk_seen *seen, const struct stat *status)
{
	bool added;

	pthread_mutex_lock(&seen->lock);
	/* dev_t is signed on some hosts */
	added = add_inode(seen, (struct walk_inode){ (unsigned long long)status->st_dev,
	                                             (unsigned long long)status->st_ino });
	pthread_mutex_unlock(&seen->lock);
	return added;
}

/* Whether the open file is an ELF file that was not visited under another name; false with @error
 * when it cannot be read. */
static bool is_wanted(struct walker *walker, int fd, int *error)
{
	struct stat status;
	char magic[4];
	ssize_t n = pread(fd, magic, sizeof(magic), 0);

	*error = n < 0 ? errno : 0;
	return n == sizeof(magic) &&
	       memcmp(magic, "\177ELF", sizeof(magic)) == 0 && fstat(fd, &status) == 0 &&
	       S_ISREG(status.st_mode) && walk_is_new(walker->seen, &status);
}

static void fail(struct walker *walker, int error)
{
	walker->visitor->error(walker->visitor->context, walker->path, error);
}

static void visit_file(struct walker *walker, const char *name)
{
	int fd = openat(walker->fd, name,
	                O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	bool wanted;
	int error;

	if (fd < 0) {
		fail(walker, errno);
		return;
	}
	wanted = is_wanted(walker, fd, &error);
	close(fd);
	if (error != 0)
		fail(walker, error);
	if (wanted)
		walker->visitor->file(walker->visitor->context, walker->path);
}

enum type { TYPE_UNKNOWN, TYPE_FILE, TYPE_FOLDER, TYPE_OTHER };

/* The type of an entry; TYPE_UNKNOWN with errno when it cannot be told. */
static enum type type_of(const struct walker *walker, const struct dirent *entry)
{
	struct stat status;

#ifdef DT_UNKNOWN
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_REG ? TYPE_FILE
		     : entry->d_type == DT_DIR ? TYPE_FOLDER : TYPE_OTHER;
#endif
	if (fstatat(walker->fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return TYPE_UNKNOWN;
	return S_ISREG(status.st_mode) ? TYPE_FILE
	     : S_ISDIR(status.st_mode) ? TYPE_FOLDER : TYPE_OTHER;
}

static void visit_entry(struct walker *walker, const struct dirent *entry)
{
	switch (type_of(walker, entry)) {
	case TYPE_UNKNOWN:
		fail(walker, errno);
		return;
	case TYPE_FILE:
		visit_file(walker, entry->d_name);
		return;
	case TYPE_FOLDER:
		walker->visitor->folder(walker->visitor->context, walker->path);
		return;
	case TYPE_OTHER:
		return;
	}
}

/* Puts @name behind "folder/"; false without memory. */
static bool name_entry(struct walker *walker, const char *name)
{
	size_t need = walker->folder + strlen(name) + 1;

	if (need > walker->room) {
		char *path = realloc(walker->path, need * 2);
		if (!path)
			return false;
		walker->path = path;
		walker->room = need * 2;
	}
	strcpy(walker->path + walker->folder, name);
	return true;
}

static void do_entry(struct walker *walker, const struct dirent *entry)
{
	if (name_entry(walker, entry->d_name))
		visit_entry(walker, entry);
	else
		fail(walker, ENOMEM);
}

/* Starts the path with "folder/". */
static bool name_folder(struct walker *walker, const char *path)
{
	if (!name_entry(walker, path))
		return false;
	walker->folder = strlen(path);
	if (walker->folder > 0 && path[walker->folder - 1] == '/')
		return true;
	if (!name_entry(walker, "/"))
		return false;
	walker->folder++;
	return true;
}

/* Opens the folder at @path; NULL with *error 0 when it was looked through before. */
static DIR *open_folder(struct walker *walker, const char *path, bool follow, int *error)
{
	struct stat status;
	DIR *directory = NULL;
	bool known;

	walker->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
	known = walker->fd >= 0 && fstat(walker->fd, &status) == 0 &&
	        !walk_is_new(walker->seen, &status);
	if (walker->fd >= 0 && !known && name_folder(walker, path))
		directory = fdopendir(walker->fd);
	*error = directory || known ? 0 : errno;
	if (!directory && walker->fd >= 0)
		close(walker->fd);
	return directory;
}

void walk_folder(const char *path, bool follow, struct walk_seen *seen,
                 const struct walk_visitor *visitor)
{
	struct walker walker = { .seen = seen, .visitor = visitor };
	const struct dirent *entry;
	int error;
	DIR *directory = open_folder(&walker, path, follow, &error);

	if (error != 0)
		visitor->error(visitor->context, path, error);
	while (directory && (errno = 0, entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			do_entry(&walker, entry);
	if (directory && errno != 0)
		visitor->error(visitor->context, path, errno);
	if (directory)
		closedir(directory);
	free(walker.path);
}
