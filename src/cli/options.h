/* SPDX-License-Identifier: MIT */
/* The command line as values. */
#ifndef IRELFIX_OPTIONS_H
#define IRELFIX_OPTIONS_H

#include "../../include/irelfix.h"

#include <stdio.h>

/** What is printed about a file. */
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMAT_GITHUB };

struct stream;

/** Where the report of one file is shown while it comes about: proofs take their time. */
struct live {
	FILE *out;
	bool begun; /**< up to the proofs it is shown */
};

struct options {
	const char *output; /**< -o, or NULL */
	bool piped;         /**< the one file or the output is "-", for a standard stream */
	const struct stream *input; /**< what was read for that; NULL: not piped */
	bool recursive;     /**< -r */
	const char *list;   /**< --files0-from, or NULL */
	unsigned jobs;      /**< -j; 0: not said */
	bool in_place, dry_run, quiet;
	enum format format; /**< --format, --json */
	struct irelfix_write_options write; /**< -p, --atomic, --backup */
	const char *allowed; /**< of --allow-undefined, or NULL */
	bool strict;        /**< --strict */
	bool prove;         /**< --prove */
	const char *models; /**< of --prove=MODELS, or NULL */
	struct live *live;  /**< of the file at hand; NULL: it is reported at its end */
	bool wrap, run;     /**< --wrap, --run: the files are a command */
	bool print_dir;     /**< --print-dir */
	int verbose;
	bool utf8;          /**< the locale has more than ASCII */
	unsigned columns, error_columns; /**< of standard output, error; 0: no terminal */
	bool color;         /**< colors in the results: --color, NO_COLOR, or a terminal */
	enum irelfix_strategy strategy;
	char **files;
	int file_count;
};

/** What to do after the command line has been read. */
enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_USAGE };

/**
 * Reads the command line. --help and --version are answered here, mistakes are reported.
 * @return OPTIONS_RUN with @out filled, OPTIONS_DONE (exit 0) or OPTIONS_USAGE (exit 2).
 */
enum options_result options_parse(int argc, char **argv, struct options *out);

#endif
