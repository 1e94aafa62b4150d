/* SPDX-License-Identifier: MIT */
/* Programs on PATH. */
#ifndef IRELFIX_SEARCH_H
#define IRELFIX_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/**
 * "folder/name", to be freed, of the first folder in @path, which moves on; NULL behind the last,
 * where @path is NULL, and without memory, where it is not.
 */
char *search_in_next(const char **path, const char *name);

/** Whether @path is this very file, whatever it is called. */
bool search_is_file(const char *path, const struct stat *file);

/** Whether @path is a program, and not @self, which may be NULL. */
bool search_is_other(const char *path, const struct stat *self);

/** The first program of this name on PATH that is not @self, to be freed; or NULL. */
char *search_other(const char *name, const struct stat *self);

/**
 * The same, if possible behind the first folder in which @name is @self: what is in front of that may
 * be a cache that has called this process, and is not to be called again.
 */
char *search_behind(const char *name, const struct stat *self);

/**
 * Takes the folders out of PATH in which @name is @self. What searches PATH by itself, as ccache
 * does, finds no way back then.
 */
void search_leave_out(const char *name, const struct stat *self);

#endif
