# SPDX-License-Identifier: ISC
"""The system calls and the new processes of a running server, as strace(1) shows them."""

import contextlib
import dataclasses
import pathlib
import re
import subprocess
import time

import harness
from machine import Unmeasurable

CALL = re.compile(r"[a-z]\w*\(.*\) += ")
# The calls that start a process or a thread give its id.
START = re.compile(r"(?:clone3?|v?fork)\(.*\) += (\d+)$")
PROGRAM = re.compile(r'execve(?:at)?\(.*?"([^"]+)".*\) += 0$')
QUIET = 0.3  # seconds without a call after which a server has nothing more to do
PATIENCE = 10.0


def obstacle():
    """The reason why servers cannot be traced here; None when they can."""
    if not harness.IS_ROOT:
        return "needs root, as the processes of a server may not be traced by their users"
    strace = harness.find_program("strace")
    if strace is None:
        return "needs the program strace"
    done = subprocess.run([strace, "-qq", "-o", "/dev/null", "true"], capture_output=True,
                          text=True, check=False)
    return None if done.returncode == 0 else f"no process may be traced here: {done.stderr.strip()}"


@dataclasses.dataclass
class Process:
    """What one process did. `name` is that of the program that it ran last."""
    name: str
    parent: int = None
    calls: int = 0
    programs: int = 0  # started in it by execve(2)
    started: list = dataclasses.field(default_factory=list)  # ids of processes and threads


class Trace:
    """The calls of some processes, and of those that they start, from the end of `attach`."""

    def __init__(self, pids, folder):
        self.folder = folder
        self.names = {pid: pathlib.Path(f"/proc/{pid}/comm").read_text().strip() for pid in pids}
        with open(folder / "errors", "wb") as errors:
            self.tracer = subprocess.Popen(
                [harness.find_program("strace"), "-ff", "-qq", "-o", folder / "calls", "-p",
                 ",".join(str(pid) for pid in pids)], stdin=subprocess.DEVNULL, stderr=errors)

    def attach(self):
        end = time.monotonic() + PATIENCE
        while not all(_is_traced(pid) for pid in self.names):
            if self.tracer.poll() is not None or time.monotonic() > end:
                raise Unmeasurable((self.folder / "errors").read_text().strip() or "strace ended")
            time.sleep(0.01)
        self.settle()
        self.before = {pid: len(lines) for pid, lines in self._lines().items()}

    def settle(self):
        """Waits until no process has made a call for a while."""
        end = time.monotonic() + PATIENCE
        size, since = None, time.monotonic()
        while time.monotonic() < min(since + QUIET, end):
            now = sum(path.stat().st_size for path in self.folder.glob("calls.*"))
            if now != size:
                size, since = now, time.monotonic()
            time.sleep(0.02)

    def detach(self):
        self.tracer.terminate()
        self.tracer.wait()

    def processes(self):
        """By their ids, in about the order in which they began. A thread counts as a process."""
        found = {}
        for pid, lines in sorted(self._lines().items()):
            process = found[pid] = Process(self.names.get(pid))
            for line in lines[self.before.get(pid, 0):]:
                process.calls += 1
                if start := START.match(line):
                    process.started.append(int(start[1]))
                elif program := PROGRAM.match(line):
                    process.programs += 1
                    process.name = program[1].rsplit("/", 1)[1]
        for pid, process in found.items():
            for child in process.started:
                if child in found:
                    found[child].parent = pid
        for pid in found:
            _name(found, pid)
        return found

    def _lines(self):
        """The calls of each process that have ended, and exit_group(2), which does not."""
        return {int(path.suffix[1:]):
                [line for line in path.read_text(errors="replace").splitlines() if CALL.match(line)]
                for path in self.folder.glob("calls.*")}


def _name(processes, pid):
    """A process that has run no program has the name of its parent."""
    process = processes[pid]
    if process.name is None:
        process.name = "?" if process.parent is None else _name(processes, process.parent)
    return process.name


def _is_traced(pid):
    try:
        return harness.status_of(pid)["TracerPid"] != "0"
    except (OSError, KeyError):
        return True  # it has ended


@contextlib.contextmanager
def traced(pids, folder):
    """Gives the Trace of what happens in the `with` block."""
    trace = Trace(pids, folder)
    try:
        trace.attach()
        yield trace
        trace.settle()
    finally:
        trace.detach()
