/* SPDX-License-Identifier: MIT */
#include "extended.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/ioctl.h>
#include <sys/xattr.h>
#elif defined(__APPLE__)
#include <copyfile.h>
#include <sys/acl.h>
#elif defined(__FreeBSD__)
#include <sys/types.h>
#include <sys/acl.h>
#include <sys/extattr.h>
#elif defined(__NetBSD__)
#include <sys/types.h>
#include <sys/extattr.h>
#endif

/* ---- Linux ---------------------------------------------------------------------------------- */

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
bool extended_drop_acl(int from, int to)
{
	static const char acl[] = "system.posix_acl_access";

	if (fgetxattr(from, acl, NULL, 0) >= 0)
		return true; /* it will be overwritten */
	return means_none(errno) && (fremovexattr(to, acl) == 0 || means_none(errno));
}

bool extended_copy(int from, int to, char *lost, size_t lost_size)
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

bool extended_note(int fd, struct privileges *out)
{
	ssize_t size = fgetxattr(fd, capability_name, out->capability, sizeof(out->capability));

	if (size < 0 && !means_none(errno))
		return false;
	out->capability_size = size > 0 ? (size_t)size : 0;
	return size <= 0 || fsetxattr(fd, capability_name, out->capability, (size_t)size, 0) == 0;
}

bool extended_restore(int fd, const struct privileges *privileges)
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

const char *extended_seal(int fd)
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

#else /* no other system gives a file capabilities, or seals its contents */

bool extended_note(int fd, struct privileges *out)
{
	(void)fd;
	out->capability_size = 0;
	return true;
}

bool extended_restore(int fd, const struct privileges *privileges)
{
	(void)fd, (void)privileges;
	return true;
}

const char *extended_seal(int fd)
{
	(void)fd;
	return NULL;
}

#endif

/* ---- macOS ---------------------------------------------------------------------------------- */

#ifdef __APPLE__

static bool has_no_acls(int error)
{
	return error == ENOTSUP || error == EOPNOTSUPP;
}

/* A folder's entries that are inherited land on every new file in it, and would let others in. */
bool extended_drop_acl(int from, int to)
{
	acl_t none = acl_init(1);
	bool ok = none && (acl_set_fd(to, none) == 0 || has_no_acls(errno));

	(void)from;
	if (none)
		acl_free(none);
	return ok;
}

static bool copy_acl(int from, int to)
{
	acl_t acl = acl_get_fd(from);
	bool ok = acl ? acl_set_fd(to, acl) == 0 : errno == ENOENT || has_no_acls(errno);

	if (acl)
		acl_free(acl);
	return ok;
}

bool extended_copy(int from, int to, char *lost, size_t size)
{
	if (!copy_acl(from, to))
		return lose(lost, size, "the access control list");
	return fcopyfile(from, to, NULL, COPYFILE_XATTR) == 0 ||
	       lose(lost, size, "the extended attributes");
}

/* ---- FreeBSD, NetBSD: what cannot be kept is an error --------------------------------------- */

#elif defined(__FreeBSD__) || defined(__NetBSD__)

bool extended_drop_acl(int from, int to)
{
	(void)from, (void)to;
	return true;
}

#ifdef __FreeBSD__

static bool has_acl(int fd)
{
	acl_t acl = acl_get_fd(fd);
	int trivial = 1;

	if (!acl)
		return errno != EOPNOTSUPP && errno != EINVAL;
	if (acl_is_trivial_np(acl, &trivial) != 0)
		trivial = 0;
	acl_free(acl);
	return !trivial;
}

#else

static bool has_acl(int fd)
{
	(void)fd;
	return false;
}

#endif

bool extended_copy(int from, int to, char *lost, size_t size)
{
	bool acl = has_acl(from) || has_acl(to);

	errno = ENOTSUP;
	if (acl)
		return lose(lost, size, "the access control list");
	return extattr_list_fd(from, EXTATTR_NAMESPACE_USER, NULL, 0) <= 0 ||
	       lose(lost, size, "the extended attributes");
}

/* ---- elsewhere nothing beyond owner and mode is known --------------------------------------- */

#elif !defined(__linux__)

bool extended_drop_acl(int from, int to)
{
	(void)from, (void)to;
	return true;
}

bool extended_copy(int from, int to, char *lost, size_t size)
{
	(void)from, (void)to;
	(void)lost, (void)size;
	return true;
}

#endif
