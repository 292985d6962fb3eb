# SPDX-License-Identifier: ISC
"""The processes of an open session: their identities, sandboxes, descriptors and limits."""

import contextlib
import os
import pathlib
import pwd
import re
import unittest

import harness
import launchers
from canaries import canary_of, needs_canaries
from harness import IS_ROOT, Session, SiteTest, children, needs_program, needs_root, status_of
from mails import MAILS


def descriptors(pid):
    """Each open descriptor -> the file it refers to, without the inode of a socket or pipe."""
    found = {}
    for fd in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # it has been closed meanwhile
            found[int(fd)] = re.sub(r":\[\d+\]$", "", os.readlink(f"/proc/{pid}/fd/{fd}"))
    return found


def is_writable(pid, fd):
    flags = re.search(r"(?m)^flags:\t(\d+)$", pathlib.Path(f"/proc/{pid}/fdinfo/{fd}").read_text())
    return int(flags.group(1), 8) & os.O_ACCMODE != os.O_RDONLY


def mappings(pid, folder):
    """The files below `folder` that a process has mapped: path -> permissions."""
    lines = pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()
    fields = [line.split(maxsplit=5) for line in lines]
    return {one[5]: one[1] for one in fields if len(one) > 5 and one[5].startswith(f"{folder}/")}


class ProcessesTest(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values(), (*harness.CHEAP, "--scram-iterations", "4096"))

    def assert_confined(self, pid, uid, gid):
        """The process is confined, has this identity, and belongs to root in /proc."""
        status = status_of(pid)
        for capabilities in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[capabilities], 16), 0, capabilities)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        self.assertEqual(status["Uid"].split(), [str(uid)] * 4)
        self.assertEqual(status["Gid"].split(), [str(gid)] * 4)
        self.assertEqual(status["Groups"].split(), [str(gid)])
        self.assertEqual(os.stat(f"/proc/{pid}/status").st_uid, 0)

    def assert_front(self, pid):
        account = pwd.getpwnam(harness.front_account())
        self.assert_confined(pid, account.pw_uid, account.pw_gid)
        self.assertEqual(list(descriptors(pid).values()), ["socket"] * 2 + ["/dev/null", "socket", "pipe"])
        self.assertEqual(os.readlink(f"/proc/{pid}/root"), str(self.site.root / "run" / "empty"))
        self.assertEqual(mappings(pid, self.site.root / "run"), {})


class Processes(ProcessesTest):

    def open_session(self, **options):
        """Logs in and retrieves a message; gives the process ids of the front and the keeper."""
        session = Session(self.site, **options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login())
        session.fetch("RETR 1")
        return session.front(), session.process.pid

    def test_each_role_is_confined_without_any_privilege(self):
        for pid in self.open_session():
            with self.subTest(pid=pid):
                status = status_of(pid)
                for capabilities in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                    self.assertEqual(int(status[capabilities], 16), 0, capabilities)
                self.assertEqual(status["NoNewPrivs"], "1")
                self.assertEqual(status["Seccomp"], "2")
                # /proc/PID belongs to root unless the process can be dumped or traced.
                self.assertEqual(os.stat(f"/proc/{pid}/status").st_uid, 0)

    @needs_canaries
    def test_front_and_keeper_have_different_stack_canaries(self):
        front, keeper = self.open_session()
        self.assertNotEqual(canary_of(front), canary_of(keeper))

    @needs_root
    def test_front_is_the_front_account_and_keeper_is_the_user(self):
        front, keeper = self.open_session()
        account = pwd.getpwnam(harness.front_account())
        for pid, uid, gid in ((front, account.pw_uid, account.pw_gid), (keeper, 5000, 5000)):
            status = status_of(pid)
            self.assertEqual(status["Uid"].split(), [str(uid)] * 4)
            self.assertEqual(status["Gid"].split(), [str(gid)] * 4)
            self.assertEqual(status["Groups"].split(), [str(gid)])

    @unittest.skipIf(IS_ROOT, "is about ordinary users")
    def test_an_ordinary_users_processes_stay_that_users(self):
        for pid in self.open_session():
            self.assertEqual(status_of(pid)["Uid"].split(), [str(os.geteuid())] * 4)

    @needs_root
    def test_a_server_started_by_an_ordinary_user_is_confined_as_well(self):
        self.site = self.make_site(owner=5000)
        self.site.add_user("alice", MAILS.values())
        for pid in self.open_session(uid=5000):
            status = status_of(pid)
            self.assertEqual(status["Uid"].split(), ["5000"] * 4)
            self.assertEqual(int(status["CapEff"], 16), 0)
            self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))

    @needs_root
    def test_no_process_of_root_remains_after_login(self):
        front, keeper = self.open_session()
        for pid in (front, keeper, *children(keeper), *children(front)):
            self.assertNotIn("0", status_of(pid)["Uid"].split())

    @needs_root
    def test_front_holds_the_connection_the_channel_the_kill_switch_and_no_more(self):
        self.assert_front_holds_little(as_inetd=False)

    @needs_root
    def test_front_holds_no_more_under_inetd(self):
        self.assert_front_holds_little(as_inetd=True)

    def assert_front_holds_little(self, as_inetd):
        front, _ = self.open_session(as_inetd=as_inetd)
        held = descriptors(front)
        self.assertEqual((held.pop(0), held.pop(1), held.pop(2)), ("socket", "socket", "/dev/null"))
        self.assertEqual(list(held.values()), ["socket", "pipe"], "the channel and the kill switch")

    @needs_root
    def test_keeper_holds_the_maildrop_and_not_the_connection(self):
        _, keeper = self.open_session()
        maildir = str(self.site.maildir())
        record, = (self.site.root / "run" / "sessions").iterdir()
        expected = ["/dev/null"] * 3 + sorted(
            [str(self.site.log), "socket", "pipe", "pipe", maildir, f"{maildir}/new",
             f"{maildir}/cur", maildir, f"{maildir}/sodapop.lock", str(record),
             str(self.site.root / "run" / "user-slots")])

        def held():
            fds = descriptors(keeper)
            return [fds.pop(number) for number in range(3)] + sorted(fds.values())

        # The client may have its message before the keeper has closed its own descriptor of it.
        self.assert_becomes(expected, held)

    @needs_root
    def test_front_lives_in_the_empty_directory(self):
        front, _ = self.open_session()
        root = os.readlink(f"/proc/{front}/root")
        self.assertEqual(root, str(self.site.root / "run" / "empty"))
        self.assertEqual(os.readlink(f"/proc/{front}/cwd"), root)
        self.assertEqual(os.listdir(root), [])

    @needs_root
    def test_limits_leave_no_room_for_more(self):
        front, keeper = self.open_session()
        for pid in (front, keeper):
            with open(f"/proc/{pid}/limits", encoding="ascii") as file:
                limits = {line[:26].strip(): line[26:].split()[:2] for line in file}
            self.assertEqual(limits["Max processes"], ["0", "0"])
            self.assertEqual(limits["Max core file size"], ["0", "0"])
            self.assertLessEqual(int(limits["Max open files"][1]), 16 if pid == front else 4096)
            if pid == front:
                self.assertEqual(limits["Max file size"], ["0", "0"])
                self.assertLessEqual(int(limits["Max address space"][1]), 512 << 20)

    @needs_root
    def test_before_login_the_front_is_confined_already(self):
        with Session(self.site) as session:
            status = status_of(session.front())
            self.assertNotIn("0", status["Uid"].split())
            self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))

    @needs_root
    @needs_program("tcpserver")
    def test_descriptors_that_a_launcher_leaks_are_closed(self):
        with launchers.Tcpserver(self.site) as tcpserver, tcpserver.connect() as talk:
            self.assert_ok(talk.login())
            keeper = harness.wait_for(lambda: children(tcpserver.started[0].pid))[0]
            front = harness.wait_for(lambda: children(keeper))[0]
            self.assertEqual(len(descriptors(front)), 5, descriptors(front))
            self.assertEqual(len(descriptors(keeper)), 14, descriptors(keeper))


if __name__ == "__main__":
    harness.main()
