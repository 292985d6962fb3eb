# SPDX-License-Identifier: ISC
"""The programs that are measured, each served on a port of its own, and their client.

Programs for one connection run under super-servers with high limits, whose options to switch
Nagle's algorithm off are not used: sodapopd and floor do that themselves.
"""

import getpass
import json
import pathlib
import re
import subprocess
import time

import harness
import launchers
import machine
import scratch
from machine import Failure

FLOOR = scratch.BENCH / "bench_floor"
CAT = scratch.BENCH / "bench_cat"
PROCESSES = scratch.BENCH / "bench_processes"
NOOP = scratch.BENCH / "bench_noop"


class Server:
    """A contender that can be started. `command` serves one connection. With launcher None it is a
    server of its own, and {port} in it is replaced."""

    def __init__(self, name, folder, command, launcher="tcpserver", base=None):
        self.name = name
        self.folder = folder  # for its configuration and its output
        self.command = [str(word) for word in command]
        self.launcher = launcher
        self.base = base
        self.is_ours = name.startswith("sodapopd")
        self.meter = None
        self.standing = 1

    def start(self):
        """Returns once it listens."""
        check_static(self.command[0])
        try:
            self.launch()
        except BaseException:
            self.stop()
            raise

    def launch(self):
        self.port = launchers.free_port()
        self.meter = machine.Meter(re.sub(r"[^a-z0-9]+", "-", self.name))
        errors = self.folder / "stderr"
        with open(errors, "wb") as file:
            process = self.meter.start(self.whole_command(), stdout=file, stderr=file)
        end = time.monotonic() + 10
        while not launchers.is_listening(self.port):
            if process.poll() is not None or time.monotonic() > end:
                raise Failure(last_words(errors.read_text(errors="replace")))
            time.sleep(0.01)
        self.standing = len(self.meter.processes())

    def stop(self):
        if self.meter is not None:
            self.meter.stop()
            self.meter = None

    def whole_command(self):
        if self.launcher is None:
            return [word.replace("{port}", str(self.port)) for word in self.command]
        return getattr(self, self.launcher.replace("-", "_"))()

    def tcpserver(self, *more):
        return [need("tcpserver"), "-H", "-R", "-l0", "-c300", "-b300", *more, "127.0.0.1",
                self.port, *self.command]

    def systemd_socket_activate(self):
        return [need("systemd-socket-activate"), "--accept", "--inetd", "-l",
                f"127.0.0.1:{self.port}", *self.command]

    def inetd(self):
        table = self.folder / "inetd.conf"
        table.write_text(f"127.0.0.1:{self.port} stream tcp nowait.100000 {getpass.getuser()} "
                         f"{self.command[0]} {' '.join(self.command)}\n")
        return [need("inetd"), "-i", table]

    def xinetd(self):
        table = self.folder / "xinetd.conf"
        table.write_text(
            "service bench\n{\n type = UNLISTED\n socket_type = stream\n protocol = tcp\n"
            f" wait = no\n bind = 127.0.0.1\n port = {self.port}\n user = {getpass.getuser()}\n"
            f" instances = UNLIMITED\n per_source = UNLIMITED\n cps = 100000 1\n"
            f" log_type = FILE {self.folder}/xinetd.log\n server = {self.command[0]}\n"
            f" server_args = {' '.join(self.command[1:])}\n}}\n")
        return [need("xinetd"), "-dontfork", "-f", table, "-pidfile", self.folder / "xinetd.pid",
                "-filelog", self.folder / "xinetd.filelog"]

    def forget(self, user="user0"):
        """Removes its index files of the user's messages, so that the messages are new to it."""
        for pattern in ("sodapop.index*", "dovecot*", "courierpop3d*"):
            for path in (self.base / user / "Maildir").glob(pattern):
                path.unlink()


def last_words(text):
    """The reason why a program ended, from its output."""
    if "--listen" in text:
        return "this sodapopd has no --listen"
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it ended without a word"


def need(program):
    path = harness.find_program(program)
    if path is None:
        raise Failure(f"needs the program {program}")
    return path


def sodapopd_command(config):
    return [str(harness.SODAPOPD), "--config", str(config)]


class Factory:
    """Makes contenders for the maildrops below a base."""

    def __init__(self, place):
        self.place = place

    def sodapopd(self, base, launcher="tcpserver", name=None, **settings):
        config = self.place.site(base, **settings)
        if launcher == "own loop":
            return Server(name or "sodapopd, own loop", config.parent,
                          [*sodapopd_command(config), "--listen", "127.0.0.1:{port}"], None, base)
        return Server(name or "sodapopd", config.parent, sodapopd_command(config), launcher, base)

    def floor(self, base, name="floor", more=()):
        return self.static(name, [FLOOR, base, *more], base)

    def processes(self, base):
        """sodapopd's processes and sandboxes by themselves."""
        root = self.place.folder("processes-root")
        return self.static("processes and sandboxes alone", [PROCESSES, base, root, scratch.UID], base)

    def processes_in_own_loop(self, base):
        """The same without a verifier, in an accept loop of their own."""
        name = "processes alone, own loop"
        root = self.place.folder("own-loop-root")
        command = [PROCESSES, base, root, scratch.UID, "{port}"]
        return Server(name, self.place.folder("own-loop"), command, None, base)

    def cat(self, path):
        return self.static("cat", [CAT, path])

    def static(self, name, command, base=None):
        return Server(name, self.place.folder(name.split()[0]), command, "tcpserver", base)


def check_static(program):
    """Raises Failure if a yardstick is missing, which can only be built as a static program."""
    path = pathlib.Path(program)
    if path.parent == scratch.BENCH and not path.exists():
        raise Failure("the compiler here cannot link statically")


class Client:
    """One client of one server, carrying out orders (client.cpp)."""

    def __init__(self, server):
        self.process = subprocess.Popen(
            [scratch.BENCH / "bench_client", str(server.port)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def order(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the client ended"}
        if "error" in answer:
            raise Failure(f"{words[0]}: {answer['error']}")
        return answer

    def login(self, user="user0"):
        return self.order("login", user, scratch.PASSWORD)
