/* SPDX-License-Identifier: MIT */
/*
 * What a file has beside owner and mode, which every system calls otherwise. Linux and macOS: extended
 * attributes and access control lists are kept. FreeBSD and NetBSD: a file that has some is not
 * replaced. Elsewhere none are known.
 */
#ifndef IRELFIX_EXTENDED_H
#define IRELFIX_EXTENDED_H

#include "attributes.h"

#include <stdio.h>

/** Notes down in @lost, of @size bytes, what could not be kept. @return false */
static inline bool lose(char *lost, size_t size, const char *what)
{
	snprintf(lost, size, "%s", what);
	return false;
}

/** Takes away from the new file @to the access control list that its folder gave it. */
bool extended_drop_acl(int from, int to);

/**
 * Gives @to what @from has.
 * @param lost receives the name of what could not be kept
 * @return false with errno set
 */
bool extended_copy(int from, int to, char *lost, size_t size);

/** Notes down the capabilities of @fd and tries whether they can be put back. */
bool extended_note(int fd, struct privileges *out);

bool extended_restore(int fd, const struct privileges *privileges);

/** What seals the contents of @fd ("fs-verity", "IMA signature", ...), or NULL. */
const char *extended_seal(int fd);

#endif
