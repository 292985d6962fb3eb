# SPDX-License-Identifier: ISC
"""What each process of a session is, has and may do, in each form in which sodapopd is started: its
identity, capabilities, filters of system calls, files and descriptors. Prints all of it as one
table."""

import contextlib
import os
import pwd
import re
import signal
import unittest

import harness
import launchers
from harness import Session, children, needs_program, needs_root, status_of, wait_for
from listener_test import ListenerTest
from mails import MAILS
from processes_test import descriptors
from sandbox_test import allowed_calls
from tracing import needs_strace, traced

USER = 5000
SETGID, SETUID, SYS_CHROOT, KILL = 6, 7, 18, 5  # capabilities(7)
KEPT = sorted([SETGID, SETUID, SYS_CHROOT, KILL])
SLOW = ("--hash-memory", "64", "--hash-operations", "12")  # so that its verifier can be seen
OPENING = {"open", "openat", "openat2"}
# The filter of a role comes on top of that of the listener, which the monitor has.
# A monitor that a super-server has started forks the front before it takes that filter.
FILTERS = {"listener": 1, "monitor": 1, "front": 2, "verifier": 2, "keeper": 2}
LIST_OF = {"monitor": "listener"}  # of system calls
MOST_CALLS = {"front": 20, "keeper": 35}

rows = []


def capabilities(status):
    bits = int(status["CapPrm"], 16)
    return [number for number in range(64) if bits >> number & 1]


class Role:
    """A process at one moment."""

    def __init__(self, form, name, pid, site):
        status = status_of(pid)
        self.form, self.name = form, name
        self.uids, self.gids = status["Uid"].split(), status["Gid"].split()
        self.groups = status["Groups"].split()
        self.capabilities = capabilities(status)
        self.other_sets = [int(status[key], 16) for key in ("CapInh", "CapAmb")]
        self.is_closed = (status["NoNewPrivs"], os.stat(f"/proc/{pid}/status").st_uid) == ("1", 0)
        self.filters = int(status["Seccomp_filters"])
        self.root = os.readlink(f"/proc/{pid}/root").replace(str(site.root), "SITE")
        self.descriptors = [path.replace(str(site.root), "SITE")
                            for _, path in sorted(descriptors(pid).items())]
        self.calls = allowed_calls()[LIST_OF.get(name, name)]

    def files(self):
        """That the process can open."""
        if not OPENING & set(self.calls):
            return "none"
        if self.name == "keeper":
            return "Maildir (root)" if self.root != "/" else "Maildir (Landlock)"
        return f"all of uid {self.uids[1]}"

    def row(self):
        names = {SETGID: "setgid", SETUID: "setuid", SYS_CHROOT: "chroot", KILL: "kill"}
        shown = []
        for path in self.descriptors:
            count = self.descriptors.count(path)
            text = path if count == 1 else f"{path} x{count}"
            if text not in shown:
                shown.append(text)
        return (self.form, self.name, f"{self.uids[1]}:{self.gids[1]}",
                "+".join(names.get(one, str(one)) for one in self.capabilities) or "-",
                f"{self.filters}", f"{len(self.calls)}", self.root, self.files(),
                " ".join(shown))


def print_table():
    head = ("form", "role", "uid:gid", "capabilities", "filters", "calls", "root", "opens files",
            "descriptors")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head) - 1)]
    for row in [head, *rows]:
        print("  ".join([text.ljust(width) for text, width in zip(row, widths)] + [row[-1]]))


class Roles(ListenerTest):
    @classmethod
    def tearDownClass(cls):
        print_table()

    def setUp(self):
        super().setUp()
        self.make_users(self.site)

    @staticmethod
    def make_users(site):
        site.add_user("slow", MAILS.values(), SLOW)

    def note(self, form, name, pid):
        role = Role(form, name, pid, self.site)
        rows.append(role.row())
        return role

    def watch(self, form, talk, monitor):
        """The roles of a session of `talk`, whose greeting was read."""
        front = wait_for(lambda: children(monitor))[0]
        # The front may have greeted before the monitor has given all up.
        wait_for(lambda: descriptors(monitor)[0] == "/dev/null")
        roles = [self.note(form, "monitor", monitor), self.note(form, "front", front)]
        talk.command("USER slow")
        talk.send(f"PASS {harness.PASSWORD}\r\n".encode())
        verifier = wait_for(lambda: self.confined_child(monitor, front))
        os.kill(verifier, signal.SIGSTOP)
        roles.append(self.note(form, "verifier", verifier))
        os.kill(verifier, signal.SIGCONT)
        self.assert_ok(talk.line())
        roles.append(self.note(form, "keeper", monitor))
        talk.command("QUIT")
        return roles

    @staticmethod
    def confined_child(monitor, front):
        def filters(pid):
            return int(status_of(pid)["Seccomp_filters"])
        for pid in children(monitor):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended
                if pid != front and filters(pid) > filters(monitor):
                    return pid
        return None

    def check(self, roles, is_root=True):
        account = pwd.getpwnam(harness.front_account())
        front = [account.pw_uid, account.pw_gid] if is_root else [USER, USER]
        root = [0, 0] if is_root else [USER, USER]
        identities = {"listener": root, "monitor": root, "front": front, "verifier": front,
                      "keeper": [os.stat(self.site.maildir("slow")).st_uid] * 2}
        for role in roles:
            with self.subTest(form=role.form, role=role.name):
                uid, gid = identities[role.name]
                self.assertEqual((role.uids, role.gids), ([str(uid)] * 4, [str(gid)] * 4))
                has_kept = is_root and role.name in ("listener", "monitor")
                self.assertEqual(role.capabilities, KEPT if has_kept else [])
                self.assertEqual(role.other_sets, [0, 0])
                self.assertTrue(role.is_closed)
                has_one = role.name == "front" and role.form != "own loop"
                self.assertEqual(role.filters, 1 if has_one else FILTERS[role.name])
                self.assertLessEqual(len(role.calls), MOST_CALLS.get(role.name, 999))
                roots = {"front": "SITE/run/empty", "verifier": "SITE/run/empty"}
                if role.form == "no Landlock":
                    roots["keeper"] = self.in_site(self.site.maildir("slow"))
                self.assertEqual(role.root, roots.get(role.name, "/") if is_root else "/")
                self.check_descriptors(role)
                if role.name in ("front", "verifier"):
                    self.assertEqual(role.files(), "none")
                if is_root and role.name in ("front", "verifier", "keeper"):
                    self.assertEqual(role.groups, [str(gid)])

    def in_site(self, path):
        return str(path).replace(str(self.site.root), "SITE")

    def check_descriptors(self, role):
        null, log = ["/dev/null"], [self.in_site(self.site.log)]
        mail, slots = map(self.in_site, (self.site.maildir("slow"), "SITE/run/user-slots"))
        expected = {
            "monitor": null * 3 + log + ["socket", "pipe", "pipe"],
            "front": ["socket"] * 2 + null + ["socket", "pipe"],
            "verifier": null * 3 + ["socket"],
            "keeper": null * 3 + log + ["socket", "pipe", "pipe", slots, "SITE/run/sessions/NNNN",
                                        mail, mail, f"{mail}/new", f"{mail}/cur",
                                        f"{mail}/sodapop.lock"]}
        if role.name in expected:
            held = [re.sub(r"(?<=/run/sessions/)\d{4}$", "NNNN", one) for one in role.descriptors]
            self.assertEqual(sorted(held), sorted(expected[role.name]))

    @needs_root
    def test_the_own_accept_loop(self):
        self.start()
        listener = self.note("own loop", "listener", self.server.pid)
        with self.connect() as talk:
            monitor = wait_for(lambda: children(self.server.pid))[0]
            self.check([listener, *self.watch("own loop", talk, monitor)])

    @needs_root
    @needs_program("tcpserver")
    def test_tcpserver(self):
        with launchers.Tcpserver(self.site) as tcpserver, tcpserver.connect() as talk:
            monitor = wait_for(lambda: children(tcpserver.started[0].pid))[0]
            self.check(self.watch("tcpserver", talk, monitor))

    @needs_root
    def test_inetd(self):
        with Session(self.site, as_inetd=True) as talk:
            self.check(self.watch("inetd", talk, talk.process.pid))

    @needs_root
    @needs_strace
    def test_a_kernel_without_Landlock(self):
        with Session(self.site) as talk:
            call = "landlock_create_ruleset"
            with traced(talk.process.pid, self.site.root / "trace", "-e", f"trace={call}", "-e",
                        f"inject={call}:error=ENOSYS:syscall=getpid"):
                roles = self.watch("no Landlock", talk, talk.process.pid)
            self.check(roles)
        self.site.wait_for_event("cage", problem="no-landlock")
        self.assertIn("Maildir (root)", [role.files() for role in roles])

    @needs_root
    def test_an_ordinary_user(self):
        self.site = self.make_site(owner=USER)
        self.make_users(self.site)
        with Session(self.site, uid=USER) as talk:
            self.check(self.watch("unprivileged", talk, talk.process.pid), is_root=False)


if __name__ == "__main__":
    harness.main()
