/* SPDX-License-Identifier: MIT */
/*
 * The program: a client of the library. The files behind it:
 *
 *   options   the command line; mistake: options that are none; near: what was meant;
 *             explain: classes and reasons in words; stream: "-" as a file
 *   batch     many files; walk: the ELF files below a folder; tally: how they ended, counted;
 *             progress: what is shown meanwhile
 *   wrap      a link command, and the repair of what it links; settings: what the environment says,
 *             output: what a command links, values: options that take one, response: @FILE,
 *             child: the command as a process, log: what is said about it
 *   alias     the tool behind a name; tool: what a name stands for, search: programs on PATH,
 *             self: where irelfix is
 *   run       a whole build, with such names in front of its PATH
 *   guard     survives files that shrink while they are mapped
 *   report    what a person reads about a file; table: the entries at stake; proofs: the runs of
 *             --prove as they end; next: what to do at a terminal; page: what it can show
 *   format    what a machine reads; json: an object a file; sarif: a log for code scanners;
 *             github: annotations; quote: strings of JSON
 *   facts     what all of these ask; text: made safe; sheet: kept until it is whole
 *
 * and, behind include/irelfix.h, the library: src/irelfix.c lists its files in the order in
 * which an executable passes through them.
 */
#include "alias.h"
#include "batch.h"
#include "facts.h"
#include "guard.h"
#include "options.h"
#include "proofs.h"
#include "report.h"
#include "run.h"
#include "self.h"
#include "stream.h"
#include "wrap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A broken file does not start: its proofs show how it dies, and are no further mistake. */
static enum irelfix_status prove_as_it_is(const struct options *options, const char *path,
                                          struct irelfix *file, enum irelfix_status found)
{
	enum irelfix_status proved = proofs_make(options, path, file);

	return found == IRELFIX_BROKEN && proved == IRELFIX_UNVERIFIED ? found
	       : proved > found ? proved : found;
}

/* Pages that could not be read looked like zeros to the library. */
static enum irelfix_status checked(struct irelfix *file, enum irelfix_status status)
{
	return guard_missed() && status != IRELFIX_FILE
	       ? irelfix_reject(file, "a part of it cannot be read: Input/output error")
	       : status;
}

/* Verified as a whole before the first byte goes out. */
static enum irelfix_status write_stream(const struct options *options, struct irelfix *file)
{
	enum irelfix_status status = irelfix_verify(file);

	return status == IRELFIX_OK ? stream_write(file, options->input) : status;
}

static enum irelfix_status repair(const struct options *options, const char *path,
                                  struct irelfix *file, enum irelfix_status found)
{
	enum irelfix_status status = checked(file, irelfix_plan(file, options->strategy));

	if (status == IRELFIX_OK && options->dry_run)
		status = checked(file, irelfix_verify(file));
	if (status == IRELFIX_OK)
		status = proofs_make(options, path, file);
	if (status != IRELFIX_OK)
		return status;
	if (options->dry_run)
		return found;
	if (options->output && stream_is(options->output))
		return write_stream(options, file);
	return checked(file, options->output
	                     ? irelfix_write(file, options->output, &options->write)
	                     : irelfix_write_in_place(file, &options->write));
}

/* A folder cannot be opened as a file; somebody may have meant what is in it. */
static enum irelfix_status name_recursion(const struct options *options, const char *path,
                                          struct irelfix *file)
{
	struct stat status;

	return file && !options->input && stat(path, &status) == 0 && S_ISDIR(status.st_mode)
	       ? irelfix_reject(file, "is a directory; -r takes the ELF files in it")
	       : IRELFIX_FILE;
}

/* Diagnoses one file, and goes on to the repair where one is asked for. */
static enum irelfix_status process(const struct options *options, const char *path,
                                   struct irelfix **file)
{
	enum irelfix_status status;

	guard_missed(); /* what was missed of another file */
	status = options->input
	         ? irelfix_open_memory(options->input->data, options->input->size, file)
	         : irelfix_open(path, file);

	if (status != IRELFIX_OK)
		return name_recursion(options, path, *file);
	irelfix_allow_undefined(*file, options->allowed);
	status = checked(*file, irelfix_diagnose(*file));
	if (status != IRELFIX_OK && status != IRELFIX_BROKEN)
		return status;
	if (options->output || options->in_place || options->dry_run)
		return repair(options, path, *file, status);
	return prove_as_it_is(options, path, *file, status);
}

/* Deals with one file, from its name to its report. */
static enum irelfix_status do_file(const struct options *options, const char *path, FILE *out,
                                   FILE *err, enum ending *ending)
{
	struct live live = { .begun = false };
	struct options how = *options;
	struct irelfix *file;
	enum irelfix_status status;

	if (options->output && stream_is(options->output) && !options->dry_run)
		out = err; /* standard output is the program's */
	live.out = out;
	how.live = &live;
	status = process(&how, path, &file);
	report_file(&how, path, file, status, out, err);
	*ending = tally_ending(file, status);
	status = facts_judge(file, status, options->strict);
	irelfix_close(file);
	return status;
}

/* A result that could not be printed is an error, too. */
static enum irelfix_status finish(enum irelfix_status worst)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return worst;
	fprintf(stderr, "irelfix: standard output: %s\n", strerror(errno ? errno : EIO));
	return worst > IRELFIX_FILE ? worst : IRELFIX_FILE;
}

static enum irelfix_status run(struct options *options)
{
	enum irelfix_status worst;
	struct stream input;

	if (!options->piped)
		return batch_run(options, do_file);
	if (!stream_read(options->files[0], &input))
		return IRELFIX_FILE;
	options->input = &input;
	worst = batch_run(options, do_file);
	stream_free(&input);
	return worst;
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? argv[0] : "irelfix";
	struct options options;
	enum irelfix_status worst = IRELFIX_OK;

	if (alias_is(name))
		return wrap_alias(argc, argv, process);
	switch (options_parse(argc, argv, &options)) {
	case OPTIONS_DONE: return (int)finish(IRELFIX_OK);
	case OPTIONS_USAGE: return IRELFIX_USAGE;
	case OPTIONS_RUN: break;
	}
	if (options.wrap)
		return wrap_run(&options, options.files, process);
	if (options.run)
		return run_build(&options, name, options.files);
	if (options.print_dir)
		return (int)finish(self_print_links(name));
	guard_install();
	worst = run(&options);
	fflush(stdout);
	guard_stop();
	return (int)finish(worst);
}
