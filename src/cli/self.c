/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath, which glibc counts to X/Open */
#include "self.h"

#include "search.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
