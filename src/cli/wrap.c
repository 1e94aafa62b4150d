/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include "alias.h"
#include "child.h"
#include "facts.h"
#include "guard.h"
#include "log.h"
#include "output.h"
#include "run.h"
#include "settings.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__ /* its names for what POSIX calls so */
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

/* Of irelfix in a command of irelfix, and so on: more is a loop. */
enum { DEPTH_MAX = 20 };

/* A link and what is to be done about it. */
struct link {
	const struct options *options;
	struct settings settings;
	wrap_work *repair;
	enum tool kind;
	char *const *arguments;
	char *path; /* of the output */
	struct stat before;
};

/*
 * A script on PATH that calls irelfix under the name that irelfix looks for would never end. The exit
 * status, or 0.
 */
static int enter(const char *command)
{
	const char *word = getenv("IRELFIX_DEPTH");
	long depth = word ? strtol(word, NULL, 10) : 0;
	char next[32];

	if (depth < 0 || depth >= DEPTH_MAX) {
		text_complain(command, "leads back to irelfix without end; IRELFIX_LD, IRELFIX_CC "
		              "and IRELFIX_CXX name the tools to run");
		return IRELFIX_USAGE;
	}
	snprintf(next, sizeof(next), "%ld", depth + 1);
	return setenv("IRELFIX_DEPTH", next, 1) == 0 ? 0 : child_not_run(command, errno);
}

/* ---- what was linked ------------------------------------------------------------------------ */

/* What stands under a name; nothing: a size of -1. */
static struct stat look(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		status = (struct stat){ .st_size = -1 };
	return status;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_unchanged(const struct stat *before, const struct stat *after)
{
	return before->st_dev == after->st_dev && before->st_ino == after->st_ino &&
	       before->st_size == after->st_size &&
	       same_time(before->st_mtim, after->st_mtim) &&
	       same_time(before->st_ctim, after->st_ctim);
}

/* What cannot be read is left to the repair, which says so. */
static bool may_be_elf(const char *path)
{
	static const unsigned char magic[] = { 0x7f, 'E', 'L', 'F' };
	unsigned char head[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;

	if (fd >= 0)
		close(fd);
	return n < 0 || (n == sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0);
}

static bool is_linked_anew(const char *path, const struct stat *before)
{
	struct stat after = look(path);

	return after.st_size >= 0 && S_ISREG(after.st_mode) && !is_unchanged(before, &after) &&
	       may_be_elf(path);
}

/* ---- the repair ----------------------------------------------------------------------------- */

/*
 * Whether a file that was not repaired makes the link fail. By default one that is known to need it
 * does, and one whose repair or proof went wrong. A file that irelfix cannot make sense of, or
 * that dies for another reason, may be just what was wanted: it is not irelfix's to take away.
 */
static bool must_fail(const struct link *link, const struct irelfix *file)
{
	const struct irelfix_report report = facts_of(file);

	if (link->settings.policy == POLICY_WARN)
		return false;
	if (link->settings.policy == POLICY_STRICT || link->options->prove || report.defect)
		return true;
	return report.verdict != IRELFIX_VERDICT_CANNOT_START &&
	       irelfix_reason(file) != IRELFIX_REASON_MALFORMED;
}

/* The exit status after a repair that failed. */
static int give_up(const struct link *link, const struct irelfix *file, enum irelfix_status status)
{
	bool warn = link->settings.policy == POLICY_WARN, fail = must_fail(link, file);

	run_note(fail ? RUN_REMOVED : RUN_KEPT);
	if (!fail) {
		text_complain(link->path, warn ? "is kept as it is, because of IRELFIX_WRAP=warn"
		              : "is kept as it is; IRELFIX_WRAP=strict would make the link fail");
		return 0;
	}
	text_complain(link->path, unlink(link->path) != 0 ? "cannot be removed"
	              : "is removed; IRELFIX_WRAP=warn would keep it");
	return (int)status;
}

/* How it is repaired and reported: as the options say, or else the environment. */
static struct options how_to(const struct link *link)
{
	struct options how = *link->options;

	how.in_place = true;
	how.color = false; /* that was decided for standard output */
	how.columns = how.error_columns;
	if (!how.quiet && !how.verbose) {
		how.quiet = link->settings.quiet;
		how.verbose = link->settings.verbose;
	}
	return how;
}

static int repair_output(const struct link *link)
{
	const struct options how = how_to(link);
	struct irelfix *file;
	enum irelfix_status status;
	int exit_status = 0;

	guard_install();
	guard_hold_stops(); /* what is begun is finished; a proof is ended, with what it started */
	status = link->repair(&how, link->path, &file);
	status = facts_judge(file, status, how.strict);
	log_say(&how, link->path, file, status);
	if (link->settings.log)
		log_append(link->settings.log, &how, link->path, file, status);
	if (status != IRELFIX_OK)
		exit_status = give_up(link, file, status);
	else
		run_note(facts_of(file).defect ? RUN_REPAIRED : RUN_HEALTHY);
	irelfix_close(file);
	guard_stop();
	return exit_status;
}

/* ---- the way of a link ---------------------------------------------------------------------- */

/* What a script or a build links is not to be known from its arguments. */
static void point_to_run(char *const *command)
{
	text_complain(command[0], "is neither a linker nor a compiler driver, and what it may have "
	              "linked was not looked at; irelfix --run -- COMMAND is for whole builds");
}

/* Runs the command to its end; @status receives its exit status. */
static bool run(char **command, int *status)
{
	sigset_t mask;
	int error, ended = 0;

	child_hold(&mask);
	error = child_run(command, &mask, &ended);
	child_release(&mask);
	*status = error != 0 ? child_not_run(command[0], error) : child_end(ended);
	return *status == 0;
}

static int wrap(struct link *link, char **command)
{
	int status;

	if (link->settings.policy != POLICY_OFF &&
	    !output_of(link->kind, link->arguments, &link->path))
		return child_not_run(command[0], ENOMEM);
	if (!link->path)
		return child_not_run(command[0], child_become(command));
	link->before = look(link->path);
	if (!run(command, &status))
		return status;
	if (is_linked_anew(link->path, &link->before))
		return repair_output(link);
	if (link->kind == TOOL_OTHER)
		point_to_run(command);
	return 0;
}

static int wrap_link(struct link *link, char **command)
{
	int status = IRELFIX_USAGE;

	log_in_lines();
	if (settings_read(&link->settings))
		status = enter(command[0]);
	if (status == 0) {
		if (link->options->strict && link->settings.policy == POLICY_REPAIR)
			link->settings.policy = POLICY_STRICT;
		status = wrap(link, command);
	}
	free(link->path);
	return status;
}

int wrap_run(const struct options *options, char **command, wrap_work *repair)
{
	struct link link = { .options = options, .repair = repair };

	link.kind = tool_of_command(command, &link.arguments);
	return wrap_link(&link, command);
}

int wrap_alias(int argc, char **argv, wrap_work *repair)
{
	const struct options options = {
		.strategy = IRELFIX_AUTO, .write = { .size = sizeof(options.write) },
	};
	struct link link = { .options = &options, .repair = repair };
	struct alias alias;
	int status = alias_find(argc, argv, &alias);

	link.kind = alias.kind;
	link.arguments = alias.arguments;
	if (status == 0)
		status = wrap_link(&link, alias.command);
	alias_free(&alias);
	return status;
}
