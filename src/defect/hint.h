/* SPDX-License-Identifier: MIT */
/* What is no fault of the file that irelfix knows, but often the next thing that goes wrong. */
#ifndef IRELFIX_HINT_H
#define IRELFIX_HINT_H

#include "../elf/image.h"

/** A sentence for the file's user, static; NULL where there is nothing to be said. */
const char *hint_of(const struct image *image);

#endif
