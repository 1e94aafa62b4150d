/* SPDX-License-Identifier: MIT */
#include "attributes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/xattr.h>
#endif

/* ---- extended attributes -------------------------------------------------------------------- */

static bool lose(char *lost, size_t size, const char *what)
{
	snprintf(lost, size, "%s", what);
	return false;
}

#ifdef __linux__

/* include/uapi/linux/fs.h: FS_IOC_GETFLAGS is _IOR('f', 1, long) */
#ifdef __GLIBC__
#define GET_FLAGS ((unsigned long)_IOR('f', 1, long))
#else
#define GET_FLAGS ((int)_IOR('f', 1, long))
#endif
enum { VERITY_FLAG = 0x00100000, IMMUTABLE_FLAG = 0x10 };

static const char capability_name[] = "security.capability";

/* All of an attribute's value, to be freed; NULL with errno set. */
static char *get_attribute(int fd, const char *name, size_t *size)
{
	ssize_t need = fgetxattr(fd, name, NULL, 0);
	char *value = need < 0 ? NULL : malloc((size_t)need + 1);

	if (!value)
		return NULL;
	need = fgetxattr(fd, name, value, (size_t)need);
	if (need < 0) {
		free(value);
		return NULL;
	}
	*size = (size_t)need;
	return value;
}

static bool has_value(int fd, const char *name, const char *value, size_t size)
{
	size_t other_size = 0;
	char *other = get_attribute(fd, name, &other_size);
	bool same = other && other_size == size && memcmp(other, value, size) == 0;

	free(other);
	return same;
}

/* A label that the new file has by itself need not be set, which not everybody may. */
static bool copy_attribute(int from, int to, const char *name)
{
	size_t size = 0;
	char *value = get_attribute(from, name, &size);
	bool ok = value && (has_value(to, name, value, size) ||
	                    fsetxattr(to, name, value, size, 0) == 0);

	free(value);
	return ok;
}

static char *list_attributes(int fd, size_t *size)
{
	ssize_t need = flistxattr(fd, NULL, 0);
	char *list = need < 0 ? NULL : malloc((size_t)need + 1);

	if (!list)
		return NULL;
	need = flistxattr(fd, list, (size_t)need);
	if (need < 0) {
		free(list);
		return NULL;
	}
	*size = (size_t)need;
	return list;
}

/* Whether a failed call means that there is no such thing, rather than that it is not known. */
static bool means_none(int error)
{
	return error == ENODATA || error == ENOTSUP || error == ENOSYS;
}

/* A folder's default ACL lands on every new file in it, and would let others in. */
static bool drop_acl(int from, int to)
{
	static const char acl[] = "system.posix_acl_access";

	if (fgetxattr(from, acl, NULL, 0) >= 0)
		return true; /* it will be overwritten */
	return means_none(errno) && (fremovexattr(to, acl) == 0 || means_none(errno));
}

static bool copy_all_attributes(int from, int to, char *lost, size_t lost_size)
{
	size_t size = 0;
	char *list = list_attributes(from, &size);
	bool ok = true;

	if (!list)
		return means_none(errno) || lose(lost, lost_size, "attributes");
	for (size_t at = 0; at < size && ok; at += strlen(list + at) + 1)
		ok = copy_attribute(from, to, list + at) || lose(lost, lost_size, list + at);
	free(list);
	return ok;
}

static bool note_capability(int fd, struct privileges *out)
{
	ssize_t size = fgetxattr(fd, capability_name, out->capability, sizeof(out->capability));

	if (size < 0 && !means_none(errno))
		return false;
	out->capability_size = size > 0 ? (size_t)size : 0;
	return size <= 0 || fsetxattr(fd, capability_name, out->capability, (size_t)size, 0) == 0;
}

static bool restore_capability(int fd, const struct privileges *privileges)
{
	return privileges->capability_size == 0 ||
	       fsetxattr(fd, capability_name, privileges->capability,
	                 privileges->capability_size, 0) == 0;
}

/* What to call attribute @name, if there is one, or may be one. */
static const char *signature(int fd, const char *name, const char *text)
{
	if (fgetxattr(fd, name, NULL, 0) >= 0)
		return text;
	return means_none(errno) ? NULL : "an attribute that cannot be read";
}

const char *attributes_seal(int fd)
{
	const char *ima;
	long flags = 0;

	if (ioctl(fd, GET_FLAGS, &flags) != 0)
		flags = 0; /* a file system without such flags */
	if (flags & VERITY_FLAG)
		return "fs-verity";
	if (flags & IMMUTABLE_FLAG)
		return "the immutable flag";
	ima = signature(fd, "security.ima", "an IMA signature");
	return ima ? ima : signature(fd, "security.evm", "an EVM signature");
}

#else

static bool drop_acl(int from, int to)
{
	(void)from, (void)to;
	return true;
}

static bool copy_all_attributes(int from, int to, char *lost, size_t lost_size)
{
	(void)from, (void)to, (void)lost, (void)lost_size;
	return true;
}

static bool note_capability(int fd, struct privileges *out)
{
	(void)fd;
	out->capability_size = 0;
	return true;
}

static bool restore_capability(int fd, const struct privileges *privileges)
{
	(void)fd, (void)privileges;
	return true;
}

const char *attributes_seal(int fd)
{
	(void)fd;
	return NULL;
}

#endif

/* ---- owner, mode, privileges ---------------------------------------------------------------- */

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
	if (!drop_acl(from, to))
		return lose(lost, size, "the access control list");
	if (!set_mode(to, status->st_mode & 07777))
		return lose(lost, size, "the mode");
	return copy_all_attributes(from, to, lost, size);
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
	return note_capability(fd, out);
}

bool privileges_restore(int fd, const struct privileges *privileges)
{
	if ((privileges->mode & (S_ISUID | S_ISGID)) && !set_mode(fd, privileges->mode))
		return false;
	return restore_capability(fd, privileges);
}
