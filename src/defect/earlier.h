/* SPDX-License-Identifier: MIT */
/*
 * What a repair leaves in the file, by which it is recognised: no linker writes such entries and headers.
 * A repair that only moves the bounds, or of what is not glibc's, leaves nothing.
 */
#ifndef IRELFIX_EARLIER_H
#define IRELFIX_EARLIER_H

#include "../startup/startup.h"

/** Whether an image that needs no repair is the result of one. */
bool earlier_repaired(const struct startup *startup);

#endif
