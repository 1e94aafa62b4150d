/* SPDX-License-Identifier: MIT */
/* Many files: those named, those listed, those in folders, one after the other or in parallel. */
#ifndef IRELFIX_BATCH_H
#define IRELFIX_BATCH_H

#include "options.h"
#include "tally.h"

#include <stdio.h>

/** Deals with one file and reports it to @out and @err. */
typedef enum irelfix_status batch_work(const struct options *options, const char *path, FILE *out,
                                       FILE *err);

/** The same, and says in @ending how the file ended. */
typedef enum irelfix_status batch_file(const struct options *options, const char *path, FILE *out,
                                       FILE *err, enum ending *ending);

/**
 * Calls @work for every file that the options name, by options->jobs threads; where that is 0, by
 * one, or with folders (-r) by one for each processor. In folders only ELF files count, each inode
 * once, and symbolic links are passed over. A failed file does not stop the others.
 *
 * @return the highest status
 */
enum irelfix_status batch_run(const struct options *options, batch_file *work);

#endif
