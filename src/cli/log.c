/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath, which glibc counts to X/Open */
#include "log.h"

#include "facts.h"
#include "json.h"
#include "report.h"
#include "sheet.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- for people ----------------------------------------------------------------------------- */

/* On how many of the models it started. */
static void put_proof(const struct irelfix *file, FILE *out)
{
	size_t started = 0, models = irelfix_proof_count(file);
	struct irelfix_proof proof;

	for (size_t i = 0; irelfix_proof(file, i, &proof, sizeof(proof)); i++)
		started += proof.result == IRELFIX_STARTED;
	fprintf(out, ", startup proved on %zu of %zu models", started, models);
}

/* The line of a link that ended well; nothing is to be said of what needed nothing. */
static void put_line(const char *path, const struct irelfix *file, FILE *out)
{
	const struct irelfix_report report = facts_of(file);
	bool proved = irelfix_proof_count(file) > 0;

	if (!report.defect && !proved)
		return;
	fputs("irelfix: ", out);
	text_put(path, out);
	fprintf(out, ": %s", report.defect ? report.defect : "healthy");
	fputs(report.defect ? " repaired" : "", out);
	if (proved)
		put_proof(file, out);
	fputc('\n', out);
}

/* What no repair can mend; -v says it as well. */
static void put_hint(const char *path, const struct irelfix *file)
{
	const char *hint = facts_of(file).defect ? irelfix_hint(file) : NULL;

	if (hint)
		text_complain(path, "note: %s", hint);
}

void log_in_lines(void)
{
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

void log_say(const struct options *options, const char *path, const struct irelfix *file,
             enum irelfix_status status)
{
	if (status == IRELFIX_OK && !options->quiet)
		put_line(path, file, stderr);
	if (status == IRELFIX_OK && !options->quiet && !options->verbose)
		put_hint(path, file);
	if (status != IRELFIX_OK || options->verbose)
		report_file(options, path, file, status, stderr, stderr);
}

/* ---- for machines --------------------------------------------------------------------------- */

/* Links run in parallel: only a single write appends in one piece. */
static int append(const char *log, const char *line, size_t size)
{
	int fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	ssize_t written = fd < 0 ? -1 : write(fd, line, size);
	int error = written < 0 ? errno : (size_t)written < size ? ENOSPC : 0;

	if (fd >= 0 && close(fd) != 0 && error == 0)
		error = errno;
	return error;
}

void log_append(const char *log, const struct options *options, const char *path,
                const struct irelfix *file, enum irelfix_status status)
{
	char *real = realpath(path, NULL); /* the log is for more than one folder */
	struct sheet line;
	int error = ENOMEM;

	if (sheet_open(&line))
		json_file(options, real ? real : path, file, status, line.stream);
	if (sheet_close(&line))
		error = append(log, line.text, line.size);
	if (error != 0)
		text_complain(log, "cannot be written: %s", strerror(error));
	sheet_free(&line);
	free(real);
}
