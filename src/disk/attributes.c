/* SPDX-License-Identifier: MIT */
#include "attributes.h"

#include "extended.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static bool copy_owner(const struct stat *status, int to)
{
	struct stat mine;

	return (fstat(to, &mine) == 0 && mine.st_uid == status->st_uid &&
	        mine.st_gid == status->st_gid) ||
	       fchown(to, status->st_uid, status->st_gid) == 0;
}

/* The kernel clears a setgid bit silently for those who are not in the group. */
static bool set_mode(int fd, mode_t mode)
{
	struct stat now;

	if (fchmod(fd, mode) != 0 || fstat(fd, &now) != 0)
		return false;
	if ((now.st_mode & 07777) == mode)
		return true;
	errno = EPERM;
	return false;
}

bool attributes_copy(int from, const struct stat *status, int to, char *lost, size_t size)
{
	if (!copy_owner(status, to))
		return lose(lost, size, "the owner");
	if (!extended_drop_acl(from, to))
		return lose(lost, size, "the access control list");
	if (!set_mode(to, status->st_mode & 07777))
		return lose(lost, size, "the mode");
	return extended_copy(from, to, lost, size);
}

/* Whether a setgid bit of group @group would survive fchmod, which must not be tried. */
static bool in_group(gid_t group)
{
	gid_t *groups;
	int count = getgroups(0, NULL);
	bool found = geteuid() == 0 || getegid() == group;

	groups = count > 0 && !found ? malloc((size_t)count * sizeof(*groups)) : NULL;
	if (groups)
		count = getgroups(count, groups);
	for (int i = 0; groups && i < count; i++)
		found |= groups[i] == group;
	free(groups);
	return found;
}

bool privileges_note(int fd, const struct stat *status, struct privileges *out,
                          const char **what)
{
	out->mode = status->st_mode & 07777;
	*what = "the setuid or setgid bit";
	errno = EPERM;
	if ((out->mode & S_ISGID) && !in_group(status->st_gid))
		return false;
	if ((out->mode & (S_ISUID | S_ISGID)) && !set_mode(fd, out->mode))
		return false;
	*what = "the capabilities";
	return extended_note(fd, out);
}

bool privileges_restore(int fd, const struct privileges *privileges)
{
	if ((privileges->mode & (S_ISUID | S_ISGID)) && !set_mode(fd, privileges->mode))
		return false;
	return extended_restore(fd, privileges);
}
