# SPDX-License-Identifier: ISC
"""POSIX access control lists, as setfacl(1) makes them."""

import os
import struct
import unittest

NAME = "system.posix_acl_access"
NOBODY = 0xffffffff  # of entries that name no user
OWNER, USER, GROUP, MASK, OTHER = 1, 2, 4, 16, 32


def let_read(path, uid):
    """`setfacl -m u:UID:r`, on a file that only its owner can use. Gives the list."""
    entries = ((OWNER, 6, NOBODY), (USER, 4, uid), (GROUP, 0, NOBODY), (MASK, 4, NOBODY),
               (OTHER, 0, NOBODY))
    value = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, NAME, value)
    except OSError as error:
        raise unittest.SkipTest(f"no access control lists here: {error.strerror}") from error
    return value


def list_of(path):
    return os.getxattr(path, NAME)
