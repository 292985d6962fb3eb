# SPDX-License-Identifier: ISC
"""File systems that a test mounts for itself."""

import ctypes
import functools
import subprocess
import unittest

CLONE_NEWNS = 0x20000


@functools.cache
def enter_own_namespace():
    """Moves this process, and all that it starts, to a mount namespace of its own, so that no mount
    outlives it. False where that is impossible."""
    return (ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0 and
            subprocess.run(["mount", "--make-rprivate", "/"], check=False).returncode == 0)


def mount(test, kind, *options, at):
    """Mounts a file system until the end of `test`, which is skipped where that is impossible."""
    if not enter_own_namespace():
        raise unittest.SkipTest("no mount namespace of its own")
    done = subprocess.run(["mount", "-t", kind, *options, "none", at], check=False,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise unittest.SkipTest(done.stderr.strip())
    test.addCleanup(subprocess.run, ["umount", "-l", at], check=True)
