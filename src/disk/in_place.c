/* SPDX-License-Identifier: MIT */
#include "in_place.h"

#include "copy.h"
#include "extended.h"
#include "layers.h"
#include "sync.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A disk writes pages of this many bytes as a whole. */
enum { DISK_PAGE = 4096 };

/* ---- which way ------------------------------------------------------------------------------ */

/* An edit across two pages could be cut in half. */
static bool is_torn(const struct irelfix_edit *edit)
{
	uint32_t first = 0, last = edit->size;

	while (first < last && edit->old_bytes[first] == edit->new_bytes[first])
		first++;
	while (last > first && edit->old_bytes[last - 1] == edit->new_bytes[last - 1])
		last--;
	return last > first &&
	       (edit->offset + first) / DISK_PAGE != (edit->offset + last - 1) / DISK_PAGE;
}

/* Why the edits cannot be written one by one into the file as it is, or NULL. */
static const char *why_not_ordered(const struct plan *plan, bool atomic)
{
	if (atomic)
		return "--atomic was asked for";
	if (!plan->ordered)
		return "its edits have no order that survives interruption";
	for (size_t i = 0; i < plan->count; i++)
		if (is_torn(&plan->edits[i]))
			return "an edit crosses a page";
	return NULL;
}

/* Opens the file for writing; where that is not allowed now, it can still be replaced. */
static bool open_for_writing(struct in_place *in_place, const char **reason, struct outcome *why)
{
	do
		in_place->fd = openat(in_place->place.directory, in_place->place.name,
		                      O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	while (in_place->fd < 0 && errno == EINTR);
	if (in_place->fd >= 0)
		return true;
	*reason = strerror(errno);
	return errno == ETXTBSY || errno == EACCES || errno == EPERM ||
	       failed(why, "cannot open for writing: %s", *reason);
}

/* Whether what was opened is the file that was read. */
static bool is_the_same(const struct in_place *in_place, const struct map *in, struct outcome *why)
{
	struct stat status;

	if (fstat(in_place->fd, &status) != 0)
		return failed(why, "cannot stat: %s", strerror(errno));
	if (map_is_same(in, &status))
		return true;
	if (in->status.st_nlink > 1 && status.st_nlink == 1)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "had %ju hard links, from which "
		                   "its file system separated it when it was opened for writing; it has "
		                   "its old bytes", (uintmax_t)in->status.st_nlink);
	return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "is another file now than the one "
	                   "that was read");
}

/* Whether its names stay names of one file. */
static bool keeps_links(const struct map *in, const char *reason, struct outcome *why)
{
	uintmax_t links = in->status.st_nlink;

	if (links <= 1)
		return true;
	if (reason)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "has %ju hard links, which "
		                   "replacing it would separate, and it is not written into because %s",
		                   links, reason);
	return !layers_separate(in->fd) ||
	       outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "has %ju hard links in a lower layer "
	                   "of overlayfs, which writing would separate: repair each with -o, or make "
	                   "them anew", links);
}

static bool choose_way(struct in_place *in_place, const struct source *source, bool atomic,
                       struct outcome *why)
{
	const char *reason = why_not_ordered(source->plan, atomic);

	if (!keeps_links(source->in, reason, why) ||
	    (!reason && !open_for_writing(in_place, &reason, why)))
		return false;
	if (in_place->fd >= 0 && !is_the_same(in_place, source->in, why))
		return false;
	in_place->way = in_place->fd >= 0 ? IN_PLACE_WRITE : IN_PLACE_REPLACE;
	return in_place->way == IN_PLACE_WRITE || keeps_links(source->in, reason, why);
}

/* ---- the backup ----------------------------------------------------------------------------- */

/* Fills the new file @fd beside the place with what the file is, and calls it @name. */
static bool fill_backup(struct place *place, const struct map *in, int fd, const char *name)
{
	char lost[256];

	return copy_contents(in->fd, fd, in->bytes.size) &&
	       attributes_copy(in->fd, &in->status, fd, lost, sizeof(lost)) &&
	       copy_times(&in->status, fd) && sync_now(fd) && place_name(place, name) &&
	       place_sync(place);
}

static bool make_backup(struct place *place, const struct map *in, const char *suffix,
                        struct outcome *why)
{
	char *name = malloc(strlen(place->name) + strlen(suffix) + 1);
	int fd = name ? place_create(place) : -1;
	bool ok;

	if (name)
		strcat(strcpy(name, place->name), suffix);
	ok = fd >= 0 && fill_backup(place, in, fd, name);
	if (!ok)
		failed(why, "cannot make the backup %s: %s", name ? name : "", strerror(errno));
	if (fd >= 0)
		close(fd);
	place_remove(place);
	free(name);
	return ok;
}

/* ---- beginning ------------------------------------------------------------------------------ */

/* Whether every edit is in the file that was read. */
static bool is_done(const struct source *source)
{
	for (size_t i = 0; i < source->plan->count; i++) {
		const struct irelfix_edit *edit = &source->plan->edits[i];
		unsigned char there[sizeof(edit->new_bytes)];
		if (!copy_read(source->in->fd, there, edit->size, edit->offset) ||
		    memcmp(there, edit->new_bytes, edit->size) != 0)
			return false;
	}
	return true;
}

/* Whether the file @now has the bytes that are to be written. */
static bool has_result(const struct map *now, const struct source *source)
{
	struct outcome ignored;
	struct map result;
	bool is = now->bytes.size == source->in->bytes.size &&
	          map_copy(source->in, &result, &ignored);

	if (!is)
		return false;
	is = plan_apply(source->plan, map_writable(&result), result.bytes.size, &ignored) &&
	     memcmp(now->bytes.data, result.bytes.data, (size_t)now->bytes.size) == 0 &&
	     map_check(now, &ignored);
	map_close(&result);
	return is;
}

/* Whether another irelfix has put a file with the result's bytes at @path. */
static bool is_replaced(const struct source *source, const char *path)
{
	struct outcome ignored;
	struct map now;
	bool is = map_open(path, &now, &ignored) && !map_is_same(source->in, &now.status) &&
	          has_result(&now, source);

	map_close(&now);
	return is;
}

/* The file is there: which way it gets its bytes, and what it takes with it. */
static bool prepare(struct in_place *in_place, const struct source *source,
                    const struct irelfix_write_options *options, struct outcome *why)
{
	const struct stat *status = &source->in->status;
	const char *what;

	if (!choose_way(in_place, source, options->atomic, why))
		return false;
	if (options->backup_suffix &&
	    !make_backup(&in_place->place, source->in, options->backup_suffix, why))
		return false;
	if (in_place->way == IN_PLACE_REPLACE)
		return true;
	if (options->preserve_dates && !copy_times(status, in_place->fd))
		return failed(why, "cannot set the times: %s", strerror(errno));
	return privileges_note(in_place->fd, status, &in_place->privileges, &what) ||
	       outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "%s could not be put back after "
	                   "writing: %s", what, strerror(errno));
}

bool in_place_begin(struct in_place *out, const struct source *source, const char *path,
                    const struct irelfix_write_options *options, struct outcome *why)
{
	const char *seal = extended_seal(source->in->fd);

	*out = (struct in_place){ .way = IN_PLACE_DONE, .place.directory = -1, .fd = -1 };
	if (seal)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "is protected by %s, which a "
		                   "changed file would not match", seal);
	map_lock_to_write(source->in);
	if (is_done(source))
		return true;
	if (!place_open_target(path, &out->place, why))
		return false;
	if (!replace_is_there(&out->place, source->in, why))
		return is_replaced(source, path);
	return prepare(out, source, options, why);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* A write takes privileges away; the file is without them as briefly as can be. */
static bool write_stage(const struct in_place *in_place, const struct plan *stage,
                        struct outcome *why)
{
	bool ok = replace_put_edits(stage, in_place->fd, why);

	if (!privileges_restore(in_place->fd, &in_place->privileges) && ok)
		ok = failed(why, "cannot put back the mode or capabilities: %s", strerror(errno));
	if (ok && !sync_order(in_place->fd))
		ok = failed(why, "cannot sync: %s", strerror(errno));
	return ok;
}

bool in_place_write(struct in_place *in_place, const struct source *source, struct outcome *why)
{
	const struct plan *plan = source->plan;

	for (size_t done = 0; done < plan->count; done += plan_stage(plan, done)) {
		const struct plan stage = {
			.edits = plan->edits + done, .count = plan_stage(plan, done),
		};
		if (!write_stage(in_place, &stage, why))
			return false;
	}
	return true;
}

bool in_place_end(struct in_place *in_place, const struct source *source, bool dates,
                  struct outcome *why)
{
	if (!dates)
		return true;
	if (!copy_times(&source->in->status, in_place->fd))
		return failed(why, "cannot set the times: %s", strerror(errno));
	return sync_now(in_place->fd) || failed(why, "cannot sync: %s", strerror(errno));
}

void in_place_close(struct in_place *in_place)
{
	if (in_place->fd >= 0)
		close(in_place->fd);
	place_close(&in_place->place);
}
