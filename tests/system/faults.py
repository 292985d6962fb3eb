# SPDX-License-Identifier: ISC
"""System calls that fail, as a kernel or a disk may let them fail: a filter of system calls that the
server and all its processes inherit. It needs no other program and no privilege."""

import ctypes
import platform
import struct
import unittest

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
MODE_FILTER = 2
LOAD, EQUAL, GIVE = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7fff0000, 0x00050000

NUMBERS = {"x86_64": {"read": 0, "openat": 257}, "aarch64": {"read": 63, "openat": 56}}
CALLS = NUMBERS.get(platform.machine())

needs_faults = unittest.skipUnless(CALLS, f"no numbers of system calls for {platform.machine()}")


def failing(call, third, error):
    """A function for preexec_fn. Each `call` whose third argument is `third` fails with `error`, or
    gives 0 where `error` is 0; with read(2) this argument is the number of octets that are wanted:
    the length of a message that is read at once."""
    rows = [(LOAD, 0, 0, 0), (EQUAL, 0, 3, CALLS[call]), (LOAD, 0, 0, 16 + 2 * 8),
            (EQUAL, 0, 1, third), (GIVE, 0, 0, ERRNO | error), (GIVE, 0, 0, ALLOW)]
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
