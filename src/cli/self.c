/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath, which glibc counts to X/Open */
#include "self.h"

#include "search.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From the folder of the program; the Makefile says so where it installs them elsewhere. */
#ifndef IRELFIX_LINKS
#define IRELFIX_LINKS "../libexec/irelfix"
#endif

char *self_path(const char *name)
{
	char *path = realpath("/proc/self/exe", NULL), *found;

	if (path)
		return path;
	if (strchr(name, '/'))
		return realpath(name, NULL);
	found = search_other(name, NULL);
	path = found ? realpath(found, NULL) : NULL;
	free(found);
	return path;
}

bool self_stat(const char *name, struct stat *out)
{
	char *path = self_path(name);
	bool ok = path && stat(path, out) == 0;

	free(path);
	return ok;
}

/* ---- the folder of links -------------------------------------------------------------------- */

/* "@folder/@name" as it really is, to be freed; NULL: there is none. */
static char *resolve(const char *folder, size_t length, const char *name)
{
	char *path = malloc(length + strlen(name) + 2), *real = NULL;

	if (path) {
		sprintf(path, "%.*s/%s", (int)length, folder, name);
		real = realpath(path, NULL);
	}
	free(path);
	return real;
}

/* Where the links are to be, seen from the program at @path. */
static char *links_from(const char *path)
{
	if (IRELFIX_LINKS[0] == '/')
		return realpath(IRELFIX_LINKS, NULL);
	return resolve(path, (size_t)(strrchr(path, '/') - path), IRELFIX_LINKS);
}

/* Whether irelfix is there under this name, as a link or as a copy; else says so. */
static bool check_link(const char *folder, const char *name, const struct stat *self)
{
	char *path = resolve(folder, strlen(folder), name);
	struct stat found = { 0 };
	bool ok = path && search_is_other(path, NULL) && stat(path, &found) == 0 &&
	          found.st_size == self->st_size;

	if (!ok)
		text_complain(folder, "has no link '%s' to irelfix; 'make install' makes it", name);
	free(path);
	return ok;
}

enum irelfix_status self_print_links(const char *name)
{
	char *path = self_path(name), *folder = path ? links_from(path) : NULL;
	enum irelfix_status status = IRELFIX_FILE;
	struct stat self;

	if (!folder || stat(path, &self) != 0) {
		text_complain(path ? path : name, "no folder %s of linker links; 'make install' "
		              "makes it", IRELFIX_LINKS);
	} else if (check_link(folder, "ld", &self) && check_link(folder, "ld.lld", &self)) {
		puts(folder);
		status = IRELFIX_OK;
	}
	free(folder);
	free(path);
	return status;
}
