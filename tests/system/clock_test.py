# SPDX-License-Identifier: ISC
"""The time of day where the kernel offers no vdso(7), as in User Mode Linux, with the boot option
vdso=0 and in some sandboxes: each question for the time is then a system call."""

import ctypes
import os
import struct
import subprocess
import sys
import unittest

import harness
from harness import PATIENCE, SODAPOPD, Session, SiteTest, needs_feature
from listener_test import ListenerTest
from mails import MAILS

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_TRACEME, PTRACE_DETACH = 0, 17
AT_IGNORE, AT_SYSINFO_EHDR = 1, 33  # of getauxval(3)
OTHER_CLOCKS = {"time", "gettimeofday", "ftime", "times", "timespec_get"}


def stop_after_exec():
    """For a child of subprocess: its program stops before the first instruction."""
    LIBC.ptrace(PTRACE_TRACEME, 0, 0, 0)


def hide_vdso(pid):
    """Removes the vdso from the auxiliary vector of a program that has stopped, and continues it."""
    os.waitpid(pid, 0)
    with open(f"/proc/{pid}/auxv", "rb") as file:
        vector = file.read()
    entries = [struct.unpack_from("@LL", vector, at) for at in range(0, len(vector), 16)]
    places = [at for at, (kind, _) in enumerate(entries) if kind == AT_SYSINFO_EHDR]
    if places:  # a kernel without a vdso has nothing to hide
        ignore_entry(pid, vector, 16 * places[0])
    LIBC.ptrace(PTRACE_DETACH, pid, 0, 0)


def ignore_entry(pid, vector, place):
    """Changes the kind of the entry that begins at the octet `place` of the auxiliary vector."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as file:
        stack = next(line for line in file if line.endswith("[stack]\n"))
    begin, end = (int(number, 16) for number in stack.split()[0].split("-"))
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
        memory.seek(begin)
        found = memory.read(end - begin).rindex(vector.rstrip(b"\0"))
        memory.seek(begin + found + place)
        memory.write(struct.pack("@L", AT_IGNORE))


class WithoutVdso(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values())

    def test_the_launcher_hides_the_vdso(self):
        ask = f"import ctypes; print(ctypes.CDLL(None).getauxval({AT_SYSINFO_EHDR}))"
        with subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE,
                              preexec_fn=stop_after_exec) as process:
            hide_vdso(process.pid)
            self.assertEqual(process.communicate(timeout=PATIENCE)[0], b"0\n")

    def session(self, *options):
        session = Session(self.site, *options, preexec_fn=stop_after_exec)
        hide_vdso(session.process.pid)
        return session

    def use_up(self, session):
        """Makes every request of a session."""
        for number, stored in enumerate(MAILS.values(), start=1):
            self.assertEqual(session.fetch(f"RETR {number}"), harness.wire_form(stored))
        for command in ("STAT", "LIST 1", "UIDL 1", "DELE 1", "QUIT"):
            self.assert_ok(session.command(command))

    def test_a_password(self):
        with self.session() as session:
            self.assert_err(session.login(password="wrong"), "AUTH")
            self.assert_ok(session.login())
            self.use_up(session)
        self.assertEqual(session.exit_status(), 0)
        self.assertEqual(self.site.log_lines("front-failed"), [])
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)

    def test_a_maildrop_in_use(self):
        self.site.configure(lock_wait=1)
        with Session(self.site) as first, self.session() as second:
            self.assert_ok(first.login())
            self.assert_err(second.login(), "IN-USE")

    def test_a_new_hash(self):
        self.site.configure(rehash="yes")
        with self.session() as session:
            self.assert_ok(session.login())
        self.site.wait_for_event("rehash", user="alice")


class ListenerWithoutVdso(ListenerTest):
    @needs_feature("auth_cache")
    def test_it_serves_until_it_is_stopped(self):
        self.site.configure(auth_cache=60)
        self.start(preexec_fn=stop_after_exec)
        for _ in range(2):
            with self.login() as talk:
                self.assert_ok(talk.command("STAT"))
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.site.log_lines("session-killed"), [])

    def wait_until_it_listens(self):
        hide_vdso(self.server.pid)
        super().wait_until_it_listens()


class Symbols(unittest.TestCase):
    def test_the_server_knows_one_clock(self):
        symbols = subprocess.run(["nm", SODAPOPD], check=True, stdout=subprocess.PIPE, text=True)
        names = {line.split()[-1].split("@")[0] for line in symbols.stdout.splitlines()}
        if any(name.startswith("__asan_") for name in names):
            self.skipTest("a sanitizer defines all of these functions")
        self.assertIn("clock_gettime", names)
        self.assertEqual(names & OTHER_CLOCKS, set())


if __name__ == "__main__":
    harness.main()
