# SPDX-License-Identifier: MIT
"""Everything about a file that is not its contents."""
import errno
import os
import stat
import struct
from pathlib import Path

from need import need_root, refused_here

OWNER, GROUP, OTHER = 1234, 4321, 33

# include/uapi/linux/capability.h: struct vfs_cap_data, revision 2, cap_net_raw=ep
CAPABILITY = struct.pack("<IIIII", 0x02000001, 1 << 13, 0, 0, 0)


def acl() -> bytes:
    """include/uapi/linux/posix_acl_xattr.h: a list that lets one other user read."""
    anybody = 0xffffffff
    entries = ((0x01, 7, anybody), (0x02, 4, OTHER), (0x04, 5, anybody), (0x10, 5, anybody),
               (0x20, 5, anybody))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


EXTENDED = {
    "user.note": b"kept",
    "user.empty": b"",
    "user.bytes": bytes(range(256)),
    "system.posix_acl_access": acl(),
    "security.selinux": b"system_u:object_r:bin_t:s0\0",
    "security.capability": CAPABILITY,
}


def set_extended(path: Path, name: str) -> None:
    try:
        os.setxattr(path, name, EXTENDED[name])
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM):
            raise
        raise refused_here(f"{name} cannot be set", error)


def dress(path: Path, mode: int = 0o6751) -> None:
    """Gives the file one of everything; a write or chown takes some away, so it goes last."""
    need_root()
    os.chown(path, OWNER, GROUP)
    path.chmod(mode)
    for name in EXTENDED:
        set_extended(path, name)


def attributes(path: Path) -> dict:
    status = path.lstat()
    return {
        "owner": (status.st_uid, status.st_gid),
        "mode": oct(stat.S_IMODE(status.st_mode)),
        "extended": {name: os.getxattr(path, name, follow_symlinks=False)
                     for name in sorted(os.listxattr(path, follow_symlinks=False))},
    }


def times(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_atime_ns, status.st_mtime_ns


def identity(path: Path) -> tuple:
    """Changes with every write, and with every change of an attribute."""
    status = path.stat()
    return (status.st_ino, status.st_nlink, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
