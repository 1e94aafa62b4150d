/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath, which glibc counts to X/Open */
#include "write.h"

#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- names ---------------------------------------------------------------------------------- */

/*
 * A name in an open directory. Everything that creates, links, renames or removes goes through
 * the descriptor, so that nobody can exchange a folder on the way between check and use.
 */
struct place {
	const char *path; /* for messages */
	int directory;
	char *name;
	char temporary[32]; /* of the new file beside it, or "" */
};

static void place_close(struct place *place)
{
	if (place->directory >= 0)
		close(place->directory);
	free(place->name);
}

static char *copy_string(const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

static bool place_open(const char *path, struct place *out, struct outcome *why)
{
	const char *slash = strrchr(path, '/');
	char *folder = copy_string(path);

	*out = (struct place){
		.path = path, .directory = -1, .name = copy_string(slash ? slash + 1 : path),
	};
	if (folder) {
		folder[slash ? slash - path + 1 : 0] = '\0';
		out->directory = open(folder[0] ? folder : ".",
		                      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	free(folder);
	if (out->directory >= 0 && out->name && out->name[0])
		return true;
	malformed(why, "cannot write %s: %s", path,
	          out->directory < 0 ? strerror(errno) : "it names no file");
	place_close(out);
	return false;
}

static bool random_bytes(unsigned char *bytes, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0;

	while (ok && size > 0) {
		ssize_t n = read(fd, bytes, size);
		ok = n > 0 || (n < 0 && errno == EINTR);
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Nobody else can tell the name in advance. */
static bool random_name(char out[32])
{
	unsigned char bytes[8];

	if (!random_bytes(bytes, sizeof(bytes)))
		return false;
	strcpy(out, ".irelfix-");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + strlen(out), 3, "%02x", bytes[i]);
	return true;
}

/* A new file beside the place, for its owner only. @return its descriptor, or -1. */
static int create_temporary(struct place *place)
{
	int fd = random_name(place->temporary)
	         ? openat(place->directory, place->temporary,
	                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
	         : -1;

	if (fd < 0)
		place->temporary[0] = '\0';
	return fd;
}

static bool remove_temporary(struct place *place)
{
	if (place->temporary[0] && unlinkat(place->directory, place->temporary, 0) != 0)
		return false;
	place->temporary[0] = '\0';
	return true;
}

static bool rename_temporary(struct place *place, const char *name)
{
	if (renameat(place->directory, place->temporary, place->directory, name) != 0)
		return false;
	place->temporary[0] = '\0';
	return true;
}

/* A name is only sure to survive a crash once its directory is on disk. */
static bool sync_directory(const struct place *place)
{
	return fsync(place->directory) == 0 || errno == EINVAL; /* EINVAL: it needs none here */
}

/* ---- the edits ------------------------------------------------------------------------------ */

static bool write_edit(const struct irelfix_edit *edit, int fd, struct outcome *why)
{
	unsigned char there[sizeof(edit->old_bytes)];

	if (!copy_read(fd, there, edit->size, edit->offset))
		return malformed(why, "cannot read at 0x%" PRIx64 ": %s", edit->offset,
		                 strerror(errno));
	if (memcmp(there, edit->new_bytes, edit->size) == 0)
		return true; /* somebody else repaired it at the same time */
	if (memcmp(there, edit->old_bytes, edit->size) != 0)
		return malformed(why, "the file changed meanwhile: other bytes than read before at "
		                 "0x%" PRIx64, edit->offset);
	return copy_write(fd, edit->new_bytes, edit->size, edit->offset) ||
	       malformed(why, "cannot write at 0x%" PRIx64 ": %s", edit->offset, strerror(errno));
}

bool write_edits(const struct plan *plan, int fd, struct outcome *why)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!write_edit(&plan->edits[i], fd, why))
			return false;
	return true;
}

/* ---- a new file that takes the name --------------------------------------------------------- */

/* Gives the new file @fd, which is to take @place, its attributes. */
typedef bool finish_fn(const struct write_job *job, const struct place *place, int fd,
                       struct outcome *why);

static bool judge(const struct write_job *job, int fd, struct outcome *why)
{
	struct map result;
	bool ok = map_descriptor(fd, &result, why) &&
	          job->check(job->context, result.bytes, why);

	map_close(&result);
	return ok;
}

static bool fill(const struct write_job *job, const struct place *place, int fd,
                 finish_fn *finish, struct outcome *why)
{
	const struct map *in = job->in;

	if (!copy_contents(in->fd, fd, in->bytes.size))
		return malformed(why, "cannot copy %" PRIu64 " bytes: %s", in->bytes.size,
		                 strerror(errno));
	if (!map_check(in, why) || !write_edits(job->plan, fd, why) || !judge(job, fd, why) ||
	    !finish(job, place, fd, why))
		return false;
	if (job->options->preserve_dates && !copy_times(&in->status, fd))
		return malformed(why, "cannot set the times: %s", strerror(errno));
	return fsync(fd) == 0 || malformed(why, "cannot sync: %s", strerror(errno));
}

static bool replace(const struct write_job *job, struct place *place, finish_fn *finish,
                    struct outcome *why)
{
	int fd = create_temporary(place);
	bool ok;

	if (fd < 0)
		return malformed(why, "cannot create a file beside %s: %s", place->path,
		                 strerror(errno));
	ok = fill(job, place, fd, finish, why);
	if (close(fd) != 0 && ok)
		ok = malformed(why, "cannot close the new file: %s", strerror(errno));
	if (ok && !rename_temporary(place, place->name))
		ok = malformed(why, "cannot rename to %s: %s", place->path, strerror(errno));
	if (ok && !sync_directory(place))
		ok = malformed(why, "%s is written, but cannot sync its directory: %s", place->path,
		               strerror(errno));
	remove_temporary(place);
	return ok;
}

/* A rename would replace a device or FIFO by a file, which nobody can mean. */
static bool may_replace(const struct place *place, struct outcome *why)
{
	struct stat status;

	if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ||
		       malformed(why, "cannot write %s: %s", place->path, strerror(errno));
	return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode) ||
	       malformed(why, "cannot write %s: it is not a regular file", place->path);
}

static bool finish_output(const struct write_job *job, const struct place *place, int fd,
                          struct outcome *why)
{
	(void)place;
	return fchmod(fd, job->in->status.st_mode & 0777) == 0 ||
	       malformed(why, "cannot set the mode: %s", strerror(errno));
}

/* Signals that end the program wait, so that no temporary file stays behind. */
static void hold_signals(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &held, before);
}

/* A write beyond RLIMIT_FSIZE has failed and been reported; its signal is not wanted as well. */
static void release_signals(const sigset_t *before)
{
	sigset_t pending, excess;
	int taken;

	sigemptyset(&excess);
	sigaddset(&excess, SIGXFSZ);
	if (!sigismember(before, SIGXFSZ) && sigpending(&pending) == 0 &&
	    sigismember(&pending, SIGXFSZ))
		sigwait(&excess, &taken);
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

bool write_file(const struct write_job *job, const char *path, struct outcome *why)
{
	struct place place;
	sigset_t signals;
	bool ok;

	if (!place_open(path, &place, why))
		return false;
	hold_signals(&signals);
	ok = may_replace(&place, why) && replace(job, &place, finish_output, why);
	release_signals(&signals);
	place_close(&place);
	return ok;
}

/* ---- in place ------------------------------------------------------------------------------- */

static bool is_same(const struct write_job *job, const struct stat *status)
{
	const struct stat *in = &job->in->status;

	return status->st_dev == in->st_dev && status->st_ino == in->st_ino;
}

/* Whether @place is still the file that was read. */
static bool is_there(const struct write_job *job, const struct place *place, struct outcome *why)
{
	struct stat status;

	return (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	        is_same(job, &status)) ||
	       malformed(why, "is another file now than the one that was read");
}

/* The directory entry behind @path. */
static bool find_target(const char *path, struct place *out, struct outcome *why)
{
	char *target = realpath(path, NULL);
	bool ok;

	if (!target)
		return malformed(why, "cannot resolve the name: %s", strerror(errno));
	ok = place_open(target, out, why);
	out->path = path;
	free(target);
	return ok;
}

/* Another program may have put a new file there since: that one is not to be lost. */
static bool finish_replacement(const struct write_job *job, const struct place *place, int fd,
                               struct outcome *why)
{
	char lost[256];

	if (!copy_attributes(job->in->fd, &job->in->status, fd, lost, sizeof(lost)))
		return malformed(why, "cannot be replaced, %s would be lost: %s", lost,
		                 strerror(errno));
	return is_there(job, place, why);
}

/* Where there are no hard links: an empty file, which never replaces one, holds the name. */
static bool reserve_and_rename(struct place *place, const char *name)
{
	int error, fd = openat(place->directory, name,
	                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	close(fd);
	if (rename_temporary(place, name))
		return true;
	error = errno;
	unlinkat(place->directory, name, 0);
	errno = error;
	return false;
}

/* The finished backup gets its name by a link, which never replaces what is there. */
static bool name_backup(struct place *place, const char *name)
{
	if (linkat(place->directory, place->temporary, place->directory, name, 0) == 0)
		return remove_temporary(place);
	return errno != EEXIST && reserve_and_rename(place, name);
}

static bool make_backup(const struct write_job *job, struct place *place, struct outcome *why)
{
	const struct map *in = job->in;
	const char *suffix = job->options->backup_suffix;
	char *backup = malloc(strlen(place->name) + strlen(suffix) + 1);
	char lost[256];
	int fd = backup ? create_temporary(place) : -1;
	bool ok = fd >= 0;

	if (backup)
		strcat(strcpy(backup, place->name), suffix);
	ok = ok && copy_contents(in->fd, fd, in->bytes.size) &&
	     copy_attributes(in->fd, &in->status, fd, lost, sizeof(lost)) &&
	     copy_times(&in->status, fd) && fsync(fd) == 0 && name_backup(place, backup) &&
	     sync_directory(place);
	if (!ok)
		malformed(why, "cannot make the backup %s: %s", backup ? backup : "",
		          strerror(errno));
	if (fd >= 0)
		close(fd);
	remove_temporary(place);
	free(backup);
	return ok;
}

/* How many edits from @from on serve the same purpose. */
static size_t same_purpose(const struct plan *plan, size_t from)
{
	size_t n = 1;

	while (from + n < plan->count &&
	       strcmp(plan->edits[from + n].why, plan->edits[from].why) == 0)
		n++;
	return n;
}

/* A write takes privileges away; the file is without them as briefly as can be. */
static bool write_part(const struct plan *part, int fd, const struct privileges *privileges,
                       struct outcome *why)
{
	bool ok = write_edits(part, fd, why);

	if (!copy_restore_privileges(fd, privileges) && ok)
		ok = malformed(why, "cannot put back the mode or capabilities: %s", strerror(errno));
	if (ok && fsync(fd) != 0)
		ok = malformed(why, "cannot sync: %s", strerror(errno));
	return ok;
}

/* Slots, entries, bounds: what comes later is written when what it relies on is on disk. */
static bool write_ordered(const struct plan *plan, int fd, const struct privileges *privileges,
                          struct outcome *why)
{
	for (size_t done = 0; done < plan->count;) {
		size_t n = same_purpose(plan, done);
		const struct plan part = { .edits = plan->edits + done, .count = n };
		if (!write_part(&part, fd, privileges, why))
			return false;
		done += n;
	}
	return true;
}

static bool write_into(const struct write_job *job, int fd, struct outcome *why)
{
	const struct stat *status = &job->in->status;
	bool dates = job->options->preserve_dates;
	struct privileges privileges;
	const char *what;

	if (dates && !copy_times(status, fd))
		return malformed(why, "cannot set the times: %s", strerror(errno));
	if (!copy_note_privileges(fd, status, &privileges, &what))
		return malformed(why, "%s could not be put back after writing: %s", what,
		                 strerror(errno));
	if (!write_ordered(job->plan, fd, &privileges, why) || !judge(job, fd, why))
		return false;
	if (dates && !copy_times(status, fd))
		return malformed(why, "cannot set the times: %s", strerror(errno));
	return !dates || fsync(fd) == 0 || malformed(why, "cannot sync: %s", strerror(errno));
}

/* A disk writes pages: an edit across two of them could be cut in half. */
static bool is_torn(const struct irelfix_edit *edit)
{
	enum { PAGE = 4096 };
	uint32_t first = 0, last = edit->size;

	while (first < last && edit->old_bytes[first] == edit->new_bytes[first])
		first++;
	while (last > first && edit->old_bytes[last - 1] == edit->new_bytes[last - 1])
		last--;
	return last > first &&
	       (edit->offset + first) / PAGE != (edit->offset + last - 1) / PAGE;
}

/* Why the edits cannot be written one by one into the file as it is, or NULL. */
static const char *why_not_ordered(const struct write_job *job)
{
	if (job->options->atomic)
		return "--atomic was asked for";
	if (!job->plan->ordered)
		return "its edits have no order that survives interruption";
	for (size_t i = 0; i < job->plan->count; i++)
		if (is_torn(&job->plan->edits[i]))
			return "an edit crosses a page";
	return NULL;
}

/* Opens the file for writing; where that is not allowed now, it can still be replaced. */
static bool open_for_writing(const struct place *place, int *fd, const char **reason,
                             struct outcome *why)
{
	do
		*fd = openat(place->directory, place->name,
		             O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	while (*fd < 0 && errno == EINTR);
	if (*fd >= 0)
		return true;
	*reason = strerror(errno);
	return errno == ETXTBSY || errno == EACCES || errno == EPERM ||
	       malformed(why, "cannot open for writing: %s", *reason);
}

static bool write_target(const struct write_job *job, struct place *place, struct outcome *why)
{
	const char *reason = why_not_ordered(job);
	struct stat status;
	int fd = -1;
	bool ok;

	if (!reason && !open_for_writing(place, &fd, &reason, why))
		return false;
	if (fd >= 0 && (fstat(fd, &status) != 0 || !is_same(job, &status)))
		ok = malformed(why, "is another file now than the one that was read");
	else if (fd < 0 && job->in->status.st_nlink > 1)
		ok = malformed(why, "has %ju hard links, which replacing it would separate, and it "
		               "is not written into because %s",
		               (uintmax_t)job->in->status.st_nlink, reason);
	else if (job->options->backup_suffix && !make_backup(job, place, why))
		ok = false;
	else
		ok = fd >= 0 ? write_into(job, fd, why)
		             : replace(job, place, finish_replacement, why);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Whether every edit is in the file that was read: another irelfix was quicker. */
static bool is_done(const struct write_job *job)
{
	for (size_t i = 0; i < job->plan->count; i++) {
		const struct irelfix_edit *edit = &job->plan->edits[i];
		unsigned char there[sizeof(edit->new_bytes)];
		if (!copy_read(job->in->fd, there, edit->size, edit->offset) ||
		    memcmp(there, edit->new_bytes, edit->size) != 0)
			return false;
	}
	return true;
}

/* Whether the file now at @path, another one than was read, has the result's bytes. */
static bool is_replaced(const struct write_job *job, const char *path)
{
	struct map now, result;
	struct outcome ignored;
	bool is = map_open(path, &now, &ignored);

	if (is && map_copy(job->in, &result, &ignored)) {
		is = !is_same(job, &now.status) && now.bytes.size == result.bytes.size &&
		     plan_apply(job->plan, map_writable(&result), result.bytes.size, &ignored) &&
		     memcmp(now.bytes.data, result.bytes.data, (size_t)now.bytes.size) == 0 &&
		     map_check(&now, &ignored);
		map_close(&result);
	} else {
		is = false;
	}
	map_close(&now);
	return is;
}

static bool write_place(const struct write_job *job, struct place *place, struct outcome *why)
{
	sigset_t signals;
	bool ok;

	hold_signals(&signals);
	ok = write_target(job, place, why);
	release_signals(&signals);
	return ok;
}

bool write_in_place(const struct write_job *job, const char *path, struct outcome *why)
{
	const char *seal = copy_seal(job->in->fd);
	struct outcome moved;
	struct place place;
	bool ok;

	if (seal)
		return malformed(why, "is protected by %s, which a changed file would not match",
		                 seal);
	map_lock_to_write(job->in);
	if (is_done(job))
		return true;
	if (!find_target(path, &place, why))
		return false;
	if (is_there(job, &place, &moved)) {
		ok = write_place(job, &place, why);
	} else {
		ok = is_replaced(job, path);
		*why = ok ? *why : moved;
	}
	place_close(&place);
	return ok;
}
