/* SPDX-License-Identifier: MIT */
/*
 * Build systems find their tools on PATH. A temporary folder comes first there, in which every
 * linker and compiler driver is a link to irelfix. Called by such a name, irelfix runs the next
 * program of that name, and repairs what that has linked: see alias.h. It is not met where a
 * tool is called by its path; but a driver that is called so may call the linker by its name.
 * What became of each program is noted down, in a file in the folder.
 */
#define _XOPEN_SOURCE 700 /* realpath, mkdtemp: some count them to X/Open */
#include "run.h"

#include "child.h"
#include "log.h"
#include "search.h"
#include "self.h"
#include "settings.h"
#include "text.h"
#include "tool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder_variable[] = "IRELFIX_RUN", notes_name[] = "notes";

/* "a" + "b" + "c", to be freed; or NULL. */
static char *join(const char *a, const char *b, const char *c)
{
	char *out = malloc(strlen(a) + strlen(b) + strlen(c) + 1);

	return out ? strcat(strcat(strcpy(out, a), b), c) : NULL;
}

/* ---- the folder ----------------------------------------------------------------------------- */

/* Where temporary files go, to be freed; PATH can hold no folder with a colon in its name. */
static char *find_place(void)
{
	const char *named = getenv("TMPDIR");
	char *place = named && *named ? realpath(named, NULL) : NULL;

	if (place && !strchr(place, ':'))
		return place;
	free(place);
	return strdup("/tmp");
}

/* A new folder, to be freed; or NULL. A build may have parts that run as somebody else. */
static char *make_folder(void)
{
	char *place = find_place();
	char *folder = place ? join(place, "/irelfix-run-", "XXXXXX") : NULL;
	bool made = folder && mkdtemp(folder) && chmod(folder, 0755) == 0;

	free(place);
	if (made)
		return folder;
	text_complain(folder ? folder : "--run", "cannot be made: %s", strerror(errno));
	free(folder);
	return NULL;
}

/* Links @name in @folder to @self; it is there already where PATH has several of this name. */
static bool add_link(const char *folder, const char *name, const char *self)
{
	char *path = join(folder, "/", name);
	bool ok = path && (symlink(self, path) == 0 || errno == EEXIST);

	if (!ok)
		text_complain(path ? path : folder, "cannot be made: %s", strerror(errno));
	free(path);
	return ok;
}

static bool is_covered(int place, const char *name)
{
	struct stat found;

	return tool_kind(name) != TOOL_OTHER && !tool_is_own_driver(name) &&
	       faccessat(place, name, X_OK, 0) == 0 && fstatat(place, name, &found, 0) == 0 &&
	       S_ISREG(found.st_mode);
}

/* Adds a link for every linker and compiler driver in one folder of PATH. */
static bool add_links_for(const char *folder, const char *place, const char *self)
{
	DIR *names = opendir(place);
	const struct dirent *entry;
	bool ok = names || errno != ENOMEM; /* what cannot be read has no tools for the build, too */

	if (!ok)
		text_complain(place, "cannot be read: %s", strerror(errno));
	while (ok && names && (entry = readdir(names)) != NULL)
		if (is_covered(dirfd(names), entry->d_name))
			ok = add_link(folder, entry->d_name, self);
	if (names)
		closedir(names);
	return ok;
}

static bool add_links(const char *folder, const char *self)
{
	const char *path = getenv("PATH");
	char *place;
	bool ok = true;

	while (ok && (place = search_in_next(&path, ".")) != NULL) {
		ok = add_links_for(folder, place, self);
		free(place);
	}
	if (ok && path)
		text_complain("--run", "cannot look for linkers: %s", strerror(errno));
	return ok && !path;
}

/* Only links and the notes are in it. */
static bool remove_folder(const char *folder)
{
	DIR *names = opendir(folder);
	const struct dirent *entry;

	while (names && (entry = readdir(names)) != NULL)
		unlinkat(dirfd(names), entry->d_name, 0);
	if (names)
		closedir(names);
	if (rmdir(folder) == 0)
		return true;
	text_complain(folder, "cannot be removed: %s", strerror(errno));
	return false;
}

/* ---- the notes ------------------------------------------------------------------------------ */

void run_note(enum run_outcome outcome)
{
	const char *folder = getenv(folder_variable);
	char *path = folder ? join(folder, "/", notes_name) : NULL, note = (char)outcome;
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0) {
		if (write(fd, &note, 1) < 0)
			text_complain(path, "cannot be written: %s", strerror(errno));
		close(fd);
	}
	free(path);
}

struct notes {
	unsigned long linked, repaired, kept, removed;
};

/* Without a link there is no file of them. */
static bool read_notes(const char *folder, struct notes *out)
{
	char *path = join(folder, "/", notes_name);
	FILE *file = path ? fopen(path, "r") : NULL;
	bool ok = file || (path && errno == ENOENT);
	int note;

	if (!ok)
		text_complain(path ? path : folder, "cannot be read: %s", strerror(errno));
	while (file && (note = getc(file)) != EOF) {
		out->linked++;
		out->repaired += note == RUN_REPAIRED;
		out->kept += note == RUN_KEPT;
		out->removed += note == RUN_REMOVED;
	}
	if (file)
		fclose(file);
	free(path);
	return ok;
}

/*
 * Some tools, rustc for one, keep back what a linker says. And a build that calls its tools by
 * their paths must not look as if irelfix had seen it.
 */
static void tell(const struct options *options, const struct notes *notes, bool failed)
{
	if (options->quiet)
		return;
	if (notes->linked == 0 && !failed)
		text_complain("--run", "has seen no program linked: none was, or the build calls "
		              "its tools by their paths, and not by names to be found on PATH");
	else if (options->verbose || notes->repaired + notes->kept + notes->removed > 0)
		text_complain("--run", "of %lu linked: %lu repaired, %lu kept as they are, %lu removed",
		              notes->linked, notes->repaired, notes->kept, notes->removed);
}

/* ---- the environment ------------------------------------------------------------------------ */

static bool set(const char *variable, char *value)
{
	bool ok = value && setenv(variable, value, 1) == 0;

	free(value);
	return ok;
}

/* The links of a build are made in many folders. */
static bool set_log(const char *log)
{
	bool relative = log && log[0] != '/';
	char *here = relative ? getcwd(NULL, 0) : NULL;
	bool ok = !relative || (here && set("IRELFIX_LOG", join(here, "/", log)));

	free(here);
	return ok;
}

static bool set_environment(const struct options *options, const struct settings *settings,
                            const char *folder)
{
	static const char *const levels[] = { "0", "1", "2" };
	const char *path = getenv("PATH");
	int level = options->verbose < 2 ? options->verbose : 2;

	if ((options->quiet || level > 0) && setenv("IRELFIX_VERBOSE", levels[level], 1) != 0)
		return false;
	/* ccache tells compilers apart by the time of their file, which is irelfix's for all. */
	return setenv("CCACHE_COMPILERCHECK", "%compiler% -v", 0) == 0 &&
	       setenv(folder_variable, folder, 1) == 0 && set_log(settings->log) &&
	       set("PATH", join(folder, path ? ":" : "", path ? path : ""));
}

/* ---- the build ------------------------------------------------------------------------------ */

/* Fills @folder, and leads the build there; else says why not. */
static bool prepare(const struct options *options, const struct settings *settings, const char *name,
                    const char *folder)
{
	char *self = self_path(name);
	bool linked = self && add_links(folder, self);
	bool ready = linked && set_environment(options, settings, folder);

	if (!self || linked != ready)
		text_complain("--run", "cannot be set up: %s", strerror(errno));
	free(self);
	return ready;
}

static int run_in(const struct options *options, const struct settings *settings, const char *name,
                  char **command, const char *folder, const sigset_t *mask)
{
	bool ready = prepare(options, settings, name, folder), whole;
	int status = 0, error = ready ? child_run(command, mask, &status) : 0;
	struct notes notes = { 0 };

	whole = read_notes(folder, &notes);
	whole = remove_folder(folder) && whole;
	child_release(mask);
	if (!ready || (status == 0 && error == 0 && !whole))
		return IRELFIX_FILE;
	if (error != 0)
		return child_not_run(command[0], error);
	if (whole)
		tell(options, &notes, status != 0);
	return child_end(status);
}

int run_build(const struct options *options, const char *name, char **command)
{
	struct settings settings;
	sigset_t mask;
	char *folder;
	int status = IRELFIX_FILE;

	log_in_lines();
	if (!settings_read(&settings))
		return IRELFIX_USAGE;
	if (settings.policy == POLICY_OFF)
		return child_not_run(command[0], child_become(command));
	child_hold(&mask);
	folder = make_folder();
	if (folder)
		status = run_in(options, &settings, name, command, folder, &mask);
	else
		child_release(&mask);
	free(folder);
	return status;
}
