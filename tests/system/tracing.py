# SPDX-License-Identifier: ISC
"""strace(1) on a process that runs already."""

import contextlib
import subprocess
import time
import unittest

import harness
from harness import PATIENCE

STRACE = harness.find_program("strace")
needs_strace = unittest.skipUnless(STRACE, "needs the program strace")


@contextlib.contextmanager
def traced(pid, output, *options):
    """Traces one process into the file `output`. Skips the test where that is not allowed."""
    tracer = subprocess.Popen([STRACE, "-qq", "-y", "-o", output, *options, "-p", str(pid)],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        await_tracer(pid, tracer)
        yield
    finally:
        tracer.terminate()
        tracer.wait(PATIENCE)
        tracer.stderr.close()


def await_tracer(pid, tracer):
    end = time.monotonic() + PATIENCE
    while harness.status_of(pid)["TracerPid"] == "0":
        if tracer.poll() is not None or time.monotonic() > end:
            raise unittest.SkipTest(f"strace ended: {tracer.stderr.read().decode()}")
        time.sleep(0.01)
