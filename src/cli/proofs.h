/* SPDX-License-Identifier: MIT */
/* --prove: the runs of one file, shown as they end. */
#ifndef IRELFIX_PROOFS_H
#define IRELFIX_PROOFS_H

#include "options.h"
#include "page.h"

/**
 * Proves @file if --prove asks for it. A stop signal ends that; the status is IRELFIX_FILE then.
 *
 * @param path for what is shown while it runs, see struct options
 */
enum irelfix_status proofs_make(const struct options *options, const char *path,
                                struct irelfix *file);

/** Prints all runs of @file, and how many of them started; nothing where there are none. */
void proofs_put(const struct page *page, const struct irelfix *file);

/** Prints the models of each machine, and what they stand for: --prove=help. */
void proofs_help(FILE *out);

#endif
