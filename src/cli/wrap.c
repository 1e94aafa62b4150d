/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include "child.h"
#include "guard.h"
#include "output.h"
#include "text.h"
#include "tool.h"

#include <errno.h>
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

/* What a repair that fails does to the link. */
enum policy { POLICY_FAIL, POLICY_WARN, POLICY_OFF };

static void say(const char *about, const char *text)
{
	fputs("irelfix: ", stderr);
	text_put(about, stderr);
	fprintf(stderr, ": %s\n", text);
}

static bool read_policy(enum policy *out)
{
	static const char *const names[] = { "", "warn", "off" };
	const char *word = getenv("IRELFIX_WRAP");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*out = (enum policy)i;
		if (strcmp(word ? word : "", names[i]) == 0)
			return true;
	}
	say("IRELFIX_WRAP", "is 'warn', 'off' or empty");
	return false;
}

/* A script on PATH that calls irelfix under the name that irelfix looks for would never end. */
static bool enter(const char *command)
{
	const char *word = getenv("IRELFIX_DEPTH");
	long depth = word ? strtol(word, NULL, 10) : 0;
	char next[32];

	if (depth < 0 || depth >= DEPTH_MAX) {
		say(command, "leads back to irelfix without end; IRELFIX_LD, IRELFIX_CC and "
		             "IRELFIX_CXX name the tools to run");
		return false;
	}
	snprintf(next, sizeof(next), "%ld", depth + 1);
	return setenv("IRELFIX_DEPTH", next, 1) == 0;
}

static int not_run(const char *command, int error)
{
	fputs("irelfix: ", stderr);
	text_put(command, stderr);
	fprintf(stderr, ": cannot run: %s\n", strerror(error));
	return error == ENOENT ? WRAP_NOT_FOUND : WRAP_NOT_RUN;
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

static bool is_elf(const char *path)
{
	static const unsigned char magic[] = { 0x7f, 'E', 'L', 'F' };
	unsigned char head[sizeof(magic)];
	FILE *file = fopen(path, "r");
	bool elf = file && fread(head, sizeof(head), 1, file) == 1 &&
	           memcmp(head, magic, sizeof(magic)) == 0;

	if (file)
		fclose(file);
	return elf;
}

static bool is_linked_anew(const char *path, const struct stat *before)
{
	struct stat after = look(path);

	return after.st_size >= 0 && S_ISREG(after.st_mode) && !is_unchanged(before, &after) &&
	       is_elf(path);
}

/* ---- the way of a link ---------------------------------------------------------------------- */

/* The exit status after a repair that failed. */
static int give_up(enum policy policy, const char *path, enum irelfix_status status)
{
	if (policy == POLICY_WARN) {
		say(path, "is kept as it is, because of IRELFIX_WRAP=warn");
		return 0;
	}
	say(path, unlink(path) == 0 ? "is removed; IRELFIX_WRAP=warn would keep it"
	                            : "cannot be removed");
	return (int)status;
}

static int repair_output(const struct options *options, enum policy policy, const char *path,
                         batch_work *repair)
{
	struct options how = *options;
	enum irelfix_status status;
	int code = 0;

	how.in_place = true;
	how.quiet = how.verbose == 0;
	how.color = false; /* that was decided for standard output */
	guard_install();
	guard_hold_stops(); /* what is begun is finished; a proof is ended, with what it started */
	status = repair(&how, path, stderr, stderr);
	if (status != IRELFIX_OK)
		code = give_up(policy, path, status);
	guard_stop();
	return code;
}

int wrap_run(const struct options *options, char **command, batch_work *repair)
{
	enum policy policy;
	struct stat before;
	char *path = NULL;
	int status = 0, error;

	if (!read_policy(&policy) || !enter(command[0]))
		return IRELFIX_USAGE;
	if (policy != POLICY_OFF && !output_of(command, &path))
		return not_run(command[0], ENOMEM);
	if (!path)
		return not_run(command[0], child_become(command));
	before = look(path);
	error = child_run(command, &status);
	if (error != 0)
		status = not_run(command[0], error);
	else if (status == 0 && is_linked_anew(path, &before))
		status = repair_output(options, policy, path, repair);
	else
		status = child_end(status);
	free(path);
	return status;
}

int wrap_alias(int argc, char **argv, batch_work *repair)
{
	const struct options options = {
		.strategy = IRELFIX_AUTO, .write = { .size = sizeof(options.write) },
	};
	struct tool_command command;
	int status = WRAP_NOT_FOUND;

	if (tool_behind(argc, argv, &command))
		status = wrap_run(&options, command.arguments, repair);
	tool_free(&command);
	return status;
}
