# SPDX-License-Identifier: ISC
"""System calls that fail, as a kernel without memory may let them fail: by a filter of system calls,
which a server and all its processes inherit."""

import ctypes
import platform
import struct
import unittest

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2
LOAD, EQUAL, GIVE = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7fff0000, 0x00050000
NUMBERS = {"x86_64": {"setresuid": 117}, "aarch64": {"setresuid": 147}}
CALLS = NUMBERS.get(platform.machine())

needs_failures = unittest.skipUnless(
    CALLS, f"no numbers of system calls for {platform.machine()}")


def failing(call, first, error):
    """A function for preexec_fn: each `call` whose first argument is `first` fails with `error`."""
    rows = [(LOAD, 0, 0, 0), (EQUAL, 0, 3, CALLS[call]), (LOAD, 0, 0, 16), (EQUAL, 0, 1, first),
            (GIVE, 0, 0, ERRNO | error), (GIVE, 0, 0, ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in rows))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(rows), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)

    def install():
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program):
            raise OSError(ctypes.get_errno(), "prctl")
    install.code = code  # the program points to it
    return install
