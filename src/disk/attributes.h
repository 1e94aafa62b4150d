/* SPDX-License-Identifier: MIT */
/*
 * What stays with a file when its bytes change: owner, mode, extended attributes, capabilities.
 */
#ifndef IRELFIX_ATTRIBUTES_H
#define IRELFIX_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/**
 * Gives @to the owner, then the mode with its special bits, then the extended attributes of
 * @from (ACLs, capabilities, labels): in this order, because each clears what comes after it.
 *
 * @param lost receives the name of what could not be kept
 * @return false with errno set when something could not be kept
 */
bool attributes_copy(int from, const struct stat *status, int to, char *lost, size_t size);

/** What a write takes away from a file: its special mode bits and its capabilities. */
struct privileges {
	mode_t mode;
	unsigned char capability[64];
	size_t capability_size; /**< 0: none */
};

/**
 * Notes down the privileges of @fd and makes sure, before anything is written, that they can be
 * put back.
 *
 * @param what receives the name of what could not be put back
 * @return false with errno set
 */
bool privileges_note(int fd, const struct stat *status, struct privileges *out,
                     const char **what);

/** Puts them back after a write; false with errno set. */
bool privileges_restore(int fd, const struct privileges *privileges);

#endif
