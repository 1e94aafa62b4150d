/* SPDX-License-Identifier: MIT */
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *search_in_next(const char **path, const char *name)
{
	const char *folder = *path;
	size_t length = folder ? strcspn(folder, ":") : 0;
	char *out = folder ? malloc(length + strlen(name) + 2) : NULL;

	if (!out)
		return NULL;
	sprintf(out, "%.*s%s%s", (int)length, folder, length ? "/" : "", name);
	*path = folder[length] ? folder + length + 1 : NULL;
	return out;
}

bool search_is_file(const char *path, const struct stat *file)
{
	struct stat found;

	return file && stat(path, &found) == 0 && found.st_dev == file->st_dev &&
	       found.st_ino == file->st_ino;
}

bool search_is_other(const char *path, const struct stat *self)
{
	struct stat found;

	return access(path, X_OK) == 0 && stat(path, &found) == 0 && S_ISREG(found.st_mode) &&
	       !search_is_file(path, self);
}

char *search_other(const char *name, const struct stat *self)
{
	const char *path = getenv("PATH");
	char *found;

	while ((found = search_in_next(&path, name)) != NULL) {
		if (search_is_other(found, self))
			return found;
		free(found);
	}
	return NULL;
}

char *search_behind(const char *name, const struct stat *self)
{
	const char *path = getenv("PATH");
	bool behind = false;
	char *found;

	while ((found = search_in_next(&path, name)) != NULL) {
		behind = behind || search_is_file(found, self);
		if (behind && search_is_other(found, self))
			return found;
		free(found);
	}
	return path ? NULL : search_other(name, self);
}

void search_leave_out(const char *name, const struct stat *self)
{
	const char *path = getenv("PATH"), *folder = path;
	char *kept = path ? malloc(strlen(path) + 1) : NULL, *end = kept, *found;

	while (kept && (found = search_in_next(&path, name)) != NULL) {
		size_t length = path ? (size_t)(path - folder) : strlen(folder) + 1;
		if (!search_is_file(found, self)) { /* with the colon or the end behind it */
			memcpy(end, folder, length);
			end += length;
		}
		folder = path;
		free(found);
	}
	if (!path && end != kept) { /* the whole of it was looked at */
		end[-1] = '\0';
		setenv("PATH", kept, 1);
	}
	free(kept);
}
