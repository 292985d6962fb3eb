# SPDX-License-Identifier: ISC
"""The stack canary of a running process, read by ptrace(2); needs root and x86-64."""

import ctypes
import os
import platform
import unittest

from harness import IS_ROOT

PEEKDATA, PEEKUSER, ATTACH, DETACH = 2, 3, 16, 17
FS_BASE = 21 * 8  # in struct user of sys/user.h
CANARY = 0x28     # from the beginning of the thread control block

needs_canaries = unittest.skipUnless(IS_ROOT and platform.machine() == "x86_64",
                                     "needs root and x86-64")

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, pid, place=0):
    ctypes.set_errno(0)
    result = libc.ptrace(request, pid, place, 0)
    if ctypes.get_errno() != 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request} of {pid}")
    return result % 2**64


def canary_of(pid):
    ptrace(ATTACH, pid)
    os.waitpid(pid, 0x40000000)  # __WALL
    try:
        return ptrace(PEEKDATA, pid, ptrace(PEEKUSER, pid, FS_BASE) + CANARY)
    finally:
        ptrace(DETACH, pid)
