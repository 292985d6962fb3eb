# SPDX-License-Identifier: ISC
"""Storage that hangs for ever: login-limit and idle-limit hold, and the session's processes end. A
tracer stops the process in the system call, as a dead file server does."""

import concurrent.futures
import contextlib
import time

import harness
from harness import PATIENCE, Session, SiteTest, children, needs_root, status_of, wait_for
from hung_file import HungFile
from listener_test import ListenerTest
from tracing import needs_strace, traced

LIMIT = 2  # seconds
GRACE = 5  # seconds that a process which does not answer has after the limit
SLACK = 1  # seconds from a limit to the end of the connection
BEFORE_LOGIN = b"-ERR [SYS/TEMP] login is not possible now\r\n"
OF_MAILDROP = b"-ERR [SYS/TEMP] the maildrop failed, try again later\r\n"


def is_gone(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()[0] == b"Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


class Hang:
    """A system call of the monitor or keeper after which it is stopped, as if the call never
    returned. `path` is what the call is about."""

    def __init__(self, call, path=None):
        paths = ("-P", path) if path else ()
        self.options = ("-e", f"trace={call}", "-e", f"inject={call}:signal=STOP:when=1", *paths)

    @contextlib.contextmanager
    def on(self, session):
        output = session.site.root / f"trace.{session.process.pid}"
        with traced(session.process.pid, output, *self.options):
            yield


class HungMessage:
    """The third message of a user, which hangs once it was opened along with the second."""

    def __init__(self, test, name):
        path = test.site.store(name, "1000003.M3P1.example", b"")
        self.file = HungFile(test, path, b"Subject: three\n\ntext\n")

    @contextlib.contextmanager
    def on(self, session):
        session.fetch("RETR 1")
        session.fetch("RETR 2")
        self.file.hang()
        yield


@needs_root
@needs_strace
class HungStorage(SiteTest):
    settings = {"login_limit": LIMIT, "idle_limit": LIMIT, "lock_wait": 0}

    def run_together(self, cases):
        """Each case in a thread, as all of them wait most of the time."""
        with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
            done = {name: pool.submit(case) for name, case in cases.items()}
        for name, result in done.items():
            with self.subTest(name):
                result.result()

    def user(self, name):
        self.site.add_user(name, [b"Subject: one\n\ntext\n", b"Subject: two\n\ntext\n"])
        return str(self.site.maildir(name))

    @contextlib.contextmanager
    def ending(self, session):
        """Both processes of the session end after the block."""
        pids = [session.process.pid, session.front()]
        yield
        begin = time.monotonic()
        session.process.wait(PATIENCE)
        wait_for(lambda: all(map(is_gone, pids)))
        self.assertLess(time.monotonic() - begin, GRACE + SLACK)

    def assert_ends(self, session, begin, reply):
        """The session ends with that reply at its limit, counted from `begin`."""
        last = session.rest()
        lasted = time.monotonic() - begin
        self.assertEqual(last, reply)
        self.assertGreaterEqual(lasted, LIMIT)
        self.assertLess(lasted, LIMIT + SLACK)

    def login(self, name, hang):
        def run():
            with Session(self.site) as session:
                connected = time.monotonic()
                with hang.on(session), self.ending(session):
                    session.send(f"USER {name}\r\nPASS {harness.PASSWORD}\r\n")
                    self.assert_ok(session.line())
                    self.assert_ends(session, connected, BEFORE_LOGIN)
        return run

    def command(self, name, before, text, hang, reply=OF_MAILDROP):
        def run():
            with Session(self.site) as session:
                self.assert_ok(session.login(name))
                with hang.on(session), self.ending(session):
                    for command in before:
                        self.assert_ok(session.command(command))
                        if command.startswith("RETR"):
                            session.body()
                    begin = time.monotonic()
                    session.send(f"{text}\r\n")
                    self.assert_ends(session, begin, reply)
        return run

    def leave(self, name, hang):
        """A client that does not wait for its limit: the processes end all the same."""
        def run():
            with Session(self.site, "--idle-limit", "600") as session:
                self.assert_ok(session.login(name))
                with hang.on(session), self.ending(session):
                    session.send("RETR 1\r\n")
                    session.close()
        return run

    def log_in(self, name):
        """Another user is served meanwhile."""
        def run():
            end = time.monotonic() + LIMIT + GRACE
            while time.monotonic() < end:
                with Session(self.site) as session:
                    self.assert_ok(session.login(name))
                    self.assert_ok(session.command("QUIT"))
                time.sleep(1)
        return run

    def test_the_limits_hold_and_the_processes_end(self):
        mail = {name: self.user(name) for name in (
            "users", "open", "readdir", "lock", "sizes", "message", "read", "rename", "unlink",
            "fsync", "left", "other")}
        cases = {
            "the users file": self.login("users", Hang("openat", str(self.site.users_file))),
            "open": self.login("open", Hang("openat", mail["open"])),
            "readdir": self.login("readdir", Hang("getdents64", f"{mail['readdir']}/new")),
            "lock": self.login("lock", Hang("flock", mail["lock"])),
            "read, by the keeper": self.command("sizes", [], "LIST", Hang("read")),
            "open, of a message": self.command("message", [], "RETR 1", Hang("openat")),
            "read, by the front": self.command("read", [], "RETR 3", HungMessage(self, "read"), b""),
            "rename": self.command("rename", ["RETR 1"], "QUIT", Hang("renameat2")),
            "unlink": self.command("unlink", ["DELE 1"], "QUIT", Hang("unlinkat")),
            "fsync": self.command("fsync", ["DELE 1"], "QUIT", Hang("fsync")),
            "a client that leaves": self.leave("left", Hang("openat")),
            "another user": self.log_in("other"),
        }
        self.run_together(cases)
        self.site.wait_for_event("front-failed", signal=14, user="read")


@needs_root
class StuckSessions(ListenerTest):
    settings = {"idle_limit": 1, "max_connections": 1}

    def test_sessions_that_cannot_end_do_not_keep_others_out(self):
        self.site.add_user("other")
        self.site.add_user("hung")
        path = self.site.store("hung", "1.M1P1.example", b"")
        file = HungFile(self, path, b"Subject: one\n\ntext\n")
        self.start()
        talk = self.login("hung")
        keeper, = children(self.server.pid)
        file.hang(heard=True)
        self.assertEqual(talk.command("LIST"), OF_MAILDROP)
        wait_for(lambda: status_of(keeper)["State"].startswith("D"))
        # The client is silent: the front ends the keeper all the same, and not its own alarm it.
        self.assertEqual(self.site.log_lines("front-failed"), [])
        talk = wait_for(self.connect_if_admitted)
        self.assert_ok(talk.login("other"))
        self.site.wait_for_event("sessions-stuck", sessions=1)
        self.assertIn(keeper, children(self.server.pid))

    def test_a_front_that_cannot_end_does_not_keep_others_out(self):
        self.site.add_user("other")
        self.site.add_user("hung", [b"Subject: one\n\ntext\n", b"Subject: two\n\ntext\n"])
        path = self.site.store("hung", "1000003.M3P1.example", b"")
        file = HungFile(self, path, b"Subject: three\n\ntext\n", direct=True)
        self.start()
        talk = self.login("hung")
        keeper, = children(self.server.pid)
        front, = children(keeper)
        for number in (1, 2):  # opens the third, too
            self.assert_ok(talk.command(f"RETR {number}"))
            talk.body()
        file.hang(heard=True)
        talk.send("RETR 3\r\n")
        wait_for(lambda: status_of(front)["State"].startswith("D"))
        talk = wait_for(self.connect_if_admitted)
        self.assert_ok(talk.login("other"))
        self.site.wait_for_event("sessions-stuck", sessions=1)
        self.assertTrue(status_of(front)["State"].startswith("D"))

    def connect_if_admitted(self):
        talk = self.connect()
        return talk if talk.greeting.startswith(b"+OK") else None


if __name__ == "__main__":
    harness.main()
