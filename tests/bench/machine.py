# SPDX-License-Identifier: ISC
"""The machine: its description, and the CPU time and memory that the processes of one server use.

A server is measured in a control group of its own, where even the shortest process is counted. That
needs root; an ordinary user gets the kernel's sums for the process tree, children that have ended
included, in hundredths of a second.
"""

import datetime
import os
import pathlib
import platform
import signal
import subprocess
import time

import harness

TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """A contender did not do what it should; the text says why."""


class Unmeasurable(Failure):
    """The benchmark cannot read a figure, which is no fault of the contender; the text says why."""


def head():
    """Lines that say where and when figures were taken."""
    cpus = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")]
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo")
                  if line.startswith("MemTotal"))
    version = subprocess.run([harness.SODAPOPD, "--version"], capture_output=True, text=True,
                             check=False).stdout.strip()
    return [
        f"machine   {os.cpu_count()} x {cpus[0] if cpus else platform.machine()}, "
        f"{memory / (1 << 20):.0f} GiB",
        f"system    {platform.system()} {platform.release()}, {_distribution()}",
        f"date      {datetime.date.today().isoformat()}",
        f"load      {os.getloadavg()[0]:.2f} at the beginning",
        f"server    {version}, built in {harness.BUILD.name}",
        f"CPU from  {'control groups' if _accounting() else 'sums of processes, as not root'}",
    ]


def _lines(path):
    try:
        return pathlib.Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


def _distribution():
    for line in _lines("/etc/os-release"):
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return "unknown distribution"


def _control_groups(controller):
    """The folder that control groups are made in, and whether it is one of version 1; (None, False)
    without root or control groups."""
    second = None
    for mount in _lines("/proc/self/mounts") if harness.IS_ROOT else []:
        _, folder, kind, options = mount.split()[:4]
        if kind == "cgroup" and controller in options.split(","):
            return pathlib.Path(folder), True
        if kind == "cgroup2":
            second = pathlib.Path(folder)
    return second, False


def _accounting():
    """The folder that control groups are made in, and the name of the file with their CPU time;
    None without root or control groups."""
    folder, is_first = _control_groups("cpuacct")
    return folder and (folder, "cpuacct.usage" if is_first else "cpu.stat")


class Meter:
    """Runs the processes of one server and tells what they use."""

    def __init__(self, name):
        self.process = None
        self.group = None
        place = _accounting()
        if place is not None:
            folder, self.file = place
            self.group = folder / f"sodapop-bench-{os.getpid()}-{name}"
            self.group.mkdir()
        folder, _ = _control_groups("memory")
        self.memory = folder and folder / f"sodapop-bench-{os.getpid()}-{name}"
        if self.memory is not None and self.memory != self.group:
            self.memory.mkdir()

    def start(self, command, **popen):
        for group in {self.group, self.memory} - {None}:
            command = ["sh", "-c", 'echo $$ >"$0" && exec "$@"', group / "cgroup.procs", *command]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, start_new_session=True,
            **popen)
        return self.process

    def processes(self):
        """The ids of all processes that have not ended."""
        if self.group is not None:
            return {int(line) for line in _lines(self.group / "cgroup.procs")}
        found, fresh = set(), [self.process.pid]
        while fresh:
            found.update(fresh)
            fresh = [child for pid in fresh for child in harness.children(pid)]
        return found

    def cpu(self):
        """Seconds of CPU time that the processes have used, those that have ended included."""
        if self.group is None:
            return sum(_cpu_of(pid) for pid in self.processes())
        text = (self.group / self.file).read_text()
        if self.file == "cpuacct.usage":
            return int(text) / 1e9
        return int(text.split("usage_usec", 1)[1].split()[0]) / 1e6

    def faults(self):
        """The page faults of the processes, those that have ended included."""
        try:
            rows = (self.memory / "memory.stat").read_text().splitlines()
        except (TypeError, OSError) as problem:
            raise Unmeasurable("page faults need root and a memory control group") from problem
        return next(int(row.split()[1]) for row in rows if row.startswith("pgfault "))

    def settle(self, standing, patience=5.0):
        """Waits until at most `standing` processes are left; gives the number beyond that."""
        end = time.monotonic() + patience
        while True:
            more = len(self.processes()) - standing
            if more <= 0 or time.monotonic() > end:
                return max(0, more)
            time.sleep(0.005)

    def stop(self):
        """Ends the processes that were started here, and no others."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
        for number in range(100):
            left = self._left()
            if not left:
                break
            for pid in left:
                _end(pid, signal.SIGKILL if number > 40 else signal.SIGTERM)
            time.sleep(0.05)
        if self.process is not None:
            self.process.wait(5)
        for group in {self.group, self.memory} - {None}:
            group.rmdir()

    def _left(self):
        if self.group is not None:
            return self.processes()
        return set() if self.process is None or self.process.poll() is not None else {
            self.process.pid}


def _end(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _cpu_of(pid):
    """Seconds of CPU time, with the process's children that have ended and been waited for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11:15]) / TICKS


def peak_memory(pids):
    """MiB: the sum of the peaks of the processes, with shared memory counted for each of them."""
    return sum(_kib(f"/proc/{pid}/status", ("VmHWM",)) for pid in pids) / 1024


def private_memory(pids):
    """MiB that no other process shares."""
    return sum(_kib(f"/proc/{pid}/smaps_rollup", ("Private_Clean", "Private_Dirty"))
               for pid in pids) / 1024


def proportional_memory(pids):
    """MiB, with memory that several processes share counted once among them."""
    return sum(_kib(f"/proc/{pid}/smaps_rollup", ("Pss",)) for pid in pids) / 1024


def _kib(path, keys):
    """The sum of some lines; 0 when the process has ended."""
    try:
        lines = pathlib.Path(path).read_text().splitlines()
    except PermissionError as problem:
        raise Unmeasurable(f"{path.split('/')[-1]} of its processes needs root") from problem
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in keys)
