/* SPDX-License-Identifier: MIT */
#include "replace.h"

#include "attributes.h"
#include "copy.h"
#include "sync.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---- bytes ---------------------------------------------------------------------------------- */

static bool put_edit(const struct irelfix_edit *edit, int fd, struct outcome *why)
{
	unsigned char there[sizeof(edit->old_bytes)];

	if (!copy_read(fd, there, edit->size, edit->offset))
		return failed(why, "cannot read at 0x%" PRIx64 ": %s", edit->offset, strerror(errno));
	if (memcmp(there, edit->new_bytes, edit->size) == 0)
		return true; /* somebody else repaired it at the same time */
	if (memcmp(there, edit->old_bytes, edit->size) != 0)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "the file changed "
		                   "meanwhile: other bytes than read before at 0x%" PRIx64,
		                   edit->offset);
	return copy_write(fd, edit->new_bytes, edit->size, edit->offset) ||
	       failed(why, "cannot write at 0x%" PRIx64 ": %s", edit->offset, strerror(errno));
}

bool replace_put_edits(const struct plan *plan, int fd, struct outcome *why)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!put_edit(&plan->edits[i], fd, why))
			return false;
	return true;
}

static bool copy_bytes(const struct map *in, int fd)
{
	return in->borrowed ? copy_write(fd, in->bytes.data, in->bytes.size, 0)
	                    : copy_contents(in->fd, fd, in->bytes.size);
}

/* ---- the new file --------------------------------------------------------------------------- */

/* A rename would replace a device or FIFO by a file, which nobody can mean. */
static bool may_replace(const struct place *place, struct outcome *why)
{
	struct stat status;

	if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ||
		       failed(why, "cannot write %s: %s", place->path, strerror(errno));
	return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode) ||
	       failed(why, "cannot write %s: it is not a regular file", place->path);
}

bool replace_begin(struct replacement *out, const char *path, struct outcome *why)
{
	*out = (struct replacement){ .fd = -1 };
	return place_open(path, &out->place, why) && may_replace(&out->place, why);
}

void replace_begin_at(struct replacement *out, struct place *place)
{
	*out = (struct replacement){ .place = *place, .fd = -1 };
	*place = (struct place){ .directory = -1 };
}

bool replace_fill(struct replacement *replacement, const struct source *source,
                  struct outcome *why)
{
	const struct map *in = source->in;

	replacement->fd = place_create(&replacement->place);
	if (replacement->fd < 0)
		return failed(why, "cannot create a file beside %s: %s", replacement->place.path,
		              strerror(errno));
	if (!copy_bytes(in, replacement->fd))
		return failed(why, "cannot copy %" PRIu64 " bytes: %s", in->bytes.size,
		              strerror(errno));
	return map_check(in, why);
}

bool replace_is_there(const struct place *place, const struct map *in, struct outcome *why)
{
	struct stat status;

	return (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	        map_is_same(in, &status)) ||
	       outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "is another file now than the "
	                   "one that was read");
}

/* Another program may have put a new file there since: that one is not to be lost. */
static bool keep_all(const struct replacement *replacement, const struct map *in,
                     struct outcome *why)
{
	char lost[256];

	if (!attributes_copy(in->fd, &in->status, replacement->fd, lost, sizeof(lost)))
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_LOSS, "cannot be replaced, %s would "
		                   "be lost: %s", lost, strerror(errno));
	return replace_is_there(&replacement->place, in, why);
}

static bool keep_mode(const struct replacement *replacement, const struct map *in,
                      struct outcome *why)
{
	return fchmod(replacement->fd, in->status.st_mode & 0777) == 0 ||
	       failed(why, "cannot set the mode: %s", strerror(errno));
}

static bool sync_file(struct replacement *replacement, struct outcome *why)
{
	int fd = replacement->fd;

	if (!sync_now(fd))
		return failed(why, "cannot sync: %s", strerror(errno));
	replacement->fd = -1;
	return close(fd) == 0 || failed(why, "cannot close the new file: %s", strerror(errno));
}

bool replace_end(struct replacement *replacement, const struct source *source,
                 enum replace_keep keep, bool dates, struct outcome *why)
{
	struct place *place = &replacement->place;
	const struct map *in = source->in;

	if (!(keep == REPLACE_ALL ? keep_all : keep_mode)(replacement, in, why))
		return false;
	if (dates && !copy_times(&in->status, replacement->fd))
		return failed(why, "cannot set the times: %s", strerror(errno));
	if (!sync_file(replacement, why) || !map_check(in, why))
		return false; /* what was judged beside another input means nothing */
	if (!place_take(place))
		return failed(why, "cannot rename to %s: %s", place->path, strerror(errno));
	return place_sync(place) || failed(why, "%s is written, but cannot sync its directory: %s",
	                                   place->path, strerror(errno));
}

void replace_abort(struct replacement *replacement)
{
	if (replacement->fd >= 0)
		close(replacement->fd);
	replacement->fd = -1;
	place_close(&replacement->place);
}
