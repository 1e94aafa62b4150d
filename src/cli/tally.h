/* SPDX-License-Identifier: MIT */
/* How the files of a run ended, counted. */
#ifndef IRELFIX_TALLY_H
#define IRELFIX_TALLY_H

#include "../../include/irelfix.h"

#include <stdio.h>

/** How a file ended. */
enum ending {
	ENDING_HEALTHY, ENDING_REPAIRED, ENDING_BROKEN, ENDING_REFUSED, ENDING_CANNOT_START,
	ENDING_NOT_EXAMINED, ENDING_NOT_CONCERNED, ENDING_ERROR, ENDINGS
};

struct tally {
	size_t files;
	size_t counts[ENDINGS];
};

/** How @file, whose last step ended with @status, ended. */
enum ending tally_ending(const struct irelfix *file, enum irelfix_status status);

void tally_add(struct tally *tally, enum ending ending);

/** Prints the counts as one line. */
void tally_put(const struct tally *tally, FILE *out);

#endif
