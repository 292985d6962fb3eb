# SPDX-License-Identifier: ISC
"""System calls that fail, as a kernel or a disk may let them fail: a filter of system calls that the
server and all its processes inherit. It needs no other program and no privilege."""

import ctypes
import errno
import os
import platform
import struct
import unittest

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
MODE_FILTER = 2
LOAD, EQUAL, LEAST, ABOVE, GIVE = 0x20, 0x15, 0x35, 0x25, 0x06
ALLOW, ERRNO = 0x7fff0000, 0x00050000
ARGUMENTS, ARGUMENT_OCTETS = 16, 8  # of struct seccomp_data

NUMBERS = {"x86_64": {"read": 0, "poll": 7, "lseek": 8, "mmap": 9, "setresuid": 117,
                      "fsetxattr": 190},
           "aarch64": {"read": 63, "lseek": 62, "mmap": 222, "setresuid": 147, "fsetxattr": 7}}
CALLS = NUMBERS.get(platform.machine())

needs_faults = unittest.skipUnless(CALLS, f"no numbers of system calls for {platform.machine()}")


def failing_reads(octets, error):
    """A function for preexec_fn. Each read(2) of so many octets fails: mostly the number is the
    length of a message that is read at once. Where `error` is 0 it is the end of the file."""
    return failing("read", 2, octets, octets, error)


def telling_no_holes():
    """A function for preexec_fn. The file system tells no holes, so that they take time to read."""
    return failing("lseek", 2, os.SEEK_DATA, os.SEEK_HOLE, errno.EINVAL)


def failing(call, argument, least, most, error):
    """A function for preexec_fn. Each `call` with an argument, counted from 0, that is within these
    bounds fails with `error`, or gives 0 where `error` is 0."""
    rows = [(LOAD, 0, 0, 0), (EQUAL, 0, 4, CALLS[call]),
            (LOAD, 0, 0, ARGUMENTS + argument * ARGUMENT_OCTETS), (LEAST, 0, 2, least),
            (ABOVE, 1, 0, most), (GIVE, 0, 0, ERRNO | error), (GIVE, 0, 0, ALLOW)]
    filter_ = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in rows))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(rows), ctypes.addressof(filter_)))

    def install():
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or \
                libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program):
            raise OSError(ctypes.get_errno(), "prctl")
    install.keeps = filter_  # the program points to it
    return install
