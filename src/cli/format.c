/* SPDX-License-Identifier: MIT */
#include "format.h"

#include "github.h"
#include "json.h"
#include "sarif.h"

#include <stdlib.h>
#include <string.h>

bool format_parse(const char *name, enum format *out)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_SARIF] = "sarif",
		[FORMAT_GITHUB] = "github",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum format)i;
			return true;
		}
	}
	return false;
}

void format_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out)
{
	switch (options->format) {
	case FORMAT_TEXT: return;
	case FORMAT_JSON: json_file(options, path, file, status, out); return;
	case FORMAT_SARIF: sarif_file(options, path, file, status, out); return;
	case FORMAT_GITHUB: github_file(options, path, file, status, out); return;
	}
}

void format_error(const struct options *options, const char *path, const char *message, FILE *out)
{
	switch (options->format) {
	case FORMAT_TEXT: return;
	case FORMAT_JSON: json_error(options, path, message, out); return;
	case FORMAT_SARIF: sarif_error(path, message, out); return;
	case FORMAT_GITHUB: github_error(path, message, out); return;
	}
}

/* ---- a run ---------------------------------------------------------------------------------- */

void format_begin(struct format_run *run, const struct options *options, FILE *out)
{
	*run = (struct format_run){ .options = options, .out = out };
	if (options->format == FORMAT_SARIF)
		sarif_begin(out);
}

/* Keeps one more notification; without memory it is only on standard error. */
static void keep_error(struct format_run *run, const char *text, size_t size)
{
	const char *between = run->errors_size ? ",\n" : "\n";
	size_t length = strlen(between);
	char *longer = realloc(run->errors, run->errors_size + length + size + 1);

	if (!longer)
		return;
	memcpy(longer + run->errors_size, between, length);
	memcpy(longer + run->errors_size + length, text, size);
	run->errors = longer;
	run->errors_size += length + size;
	longer[run->errors_size] = '\0';
}

void format_add(struct format_run *run, enum irelfix_status status, const char *text, size_t size)
{
	bool sarif = run->options->format == FORMAT_SARIF;

	run->failed = run->failed || status == IRELFIX_FILE;
	if (size == 0)
		return;
	if (sarif && status == IRELFIX_FILE) {
		keep_error(run, text, size);
		return;
	}
	if (sarif)
		fputs(run->results++ ? ",\n" : "\n", run->out);
	fwrite(text, 1, size, run->out);
	if (run->options->format != FORMAT_TEXT)
		fflush(run->out);
}

void format_end(struct format_run *run, enum irelfix_status worst, int signal)
{
	const struct sarif_end end = {
		.notifications = run->errors ? run->errors : "", .failed = run->failed, .exit = worst,
		.signal = signal,
	};

	if (run->options->format == FORMAT_SARIF)
		sarif_end(&end, run->out);
	free(run->errors);
}
