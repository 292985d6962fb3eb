# SPDX-License-Identifier: ISC
"""Limits of time and number, which keep a client from holding a connection and an attacker from
guessing passwords."""

import socket
import time

import harness
from harness import Session, SiteTest

LARGE = b"Subject: large\n\n" + b"x" * 70 * 500_000  # more than the buffers of a connection hold


class Limits(SiteTest):
    settings = {"login_limit": 2, "idle_limit": 2}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"Subject: one\n\ntext\n"])

    def test_login_has_to_come_in_time(self):
        begin = time.monotonic()
        with Session(self.site) as session:
            session.send(b"USER")
            self.assertEqual(session.rest(), b"")
            self.assert_lasted(begin, 2)
            self.assertEqual(session.exit_status(), 0)
            self.site.wait_for_event("disconnect", ended="login-limit")

    def repeat_until_the_end(self, begin, act):
        """Calls `act` five times a second until it fails because the connection has ended, or until
        PATIENCE seconds after `begin`."""
        try:
            while time.monotonic() - begin < harness.PATIENCE:
                act()
                time.sleep(0.2)
        except (OSError, AssertionError):
            pass

    def test_no_input_extends_the_time_to_login(self):
        begin = time.monotonic()
        with Session(self.site) as session:
            self.repeat_until_the_end(begin, lambda: session.fetch("CAPA"))
            self.assert_lasted(begin, 2)

    def test_a_client_that_trickles_is_idle(self):
        with Session(self.site) as session:
            begin = time.monotonic()
            self.assert_ok(session.login())
            self.repeat_until_the_end(begin, lambda: session.send(b"N"))
            self.assert_lasted(begin, 2)
            self.site.wait_for_event("logout", ended="idle", user="alice")

    def test_whole_commands_keep_a_session_open(self):
        self.site.configure(idle_limit=4)
        with Session(self.site) as session:
            begin = time.monotonic()
            self.assert_ok(session.login())
            while time.monotonic() - begin < 5:
                time.sleep(0.5)
                self.assert_ok(session.command("NOOP"))

    def test_an_idle_session_ends_and_deletes_nothing(self):
        with Session(self.site) as session:
            self.assert_ok(session.login())
            begin = time.monotonic()
            self.assert_ok(session.command("DELE 1"))
            self.assertEqual(session.rest(), b"")
            self.assert_lasted(begin, 2)
        self.site.wait_for_event("logout", ended="idle", deleted=0)
        self.assertEqual(len(self.site.messages()), 1)

    def test_a_client_that_never_reads_is_idle(self):
        self.site.store("alice", "2.large", LARGE)
        with Session(self.site) as session:
            self.assert_ok(session.login())
            session.send(b"RETR 1\r\n" * 4)
            self.site.wait_for_event("logout", ended="idle")
            self.assertEqual(session.exit_status(), 0)

    def test_a_client_that_never_reads_before_login_has_no_more_time(self):
        begin = time.monotonic()
        with Session(self.site) as session:
            with self.assertRaises(ConnectionError):
                while True:
                    session.send(b"CAPA\r\n" * 10000)
            self.assert_lasted(begin, 2)
            session.exit_status()
            self.assertTrue(self.site.log_lines("disconnect"))

    def test_a_slow_reader_gets_all(self):
        self.site.store("alice", "2.large", b"x" * 8_000_000)
        with Session(self.site) as session:
            self.assert_ok(session.login())
            session.send(b"RETR 1\r\n")
            self.assert_ok(session.line())
            got = b""
            while not got.endswith(b"\r\n.\r\n"):
                octets = session.file.read1(2_000_000)
                self.assertTrue(octets, "the connection closed")
                got += octets
                if len(got) < 6_000_000:
                    time.sleep(0.04)
            self.assertEqual(len(got), 8_000_000 + 5)

    def test_a_slow_steady_reader_is_not_idle(self):
        """100 kB a second; without a limit of what waits to be sent, room shows once a third of some
        megabytes is taken."""
        self.site.store("alice", "2.large", LARGE)
        with Session(self.site) as session:
            session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            self.assert_ok(session.login())
            session.send(b"RETR 1\r\n")
            for _ in range(70):
                self.assertTrue(session.socket.recv(10_000), "the connection closed")
                time.sleep(0.1)
            self.assertEqual(self.site.log_lines("logout"), [])

    def test_attempts_are_limited(self):
        with Session(self.site) as session:
            for _ in range(3):
                self.assert_err(session.login(password="wrong"), "AUTH")
            self.assertEqual(session.rest(), b"")
            self.assertEqual(session.exit_status(), 0)
            self.site.wait_for_event("disconnect", ended="too-many-attempts")

    def test_a_refusal_takes_its_time(self):
        self.site.configure(failure_delay=1, login_limit=60)
        with Session(self.site) as session:
            for name in ("alice", "nobody-here", "x" * 300, "../alice", "%s%n", "alice\xff"):
                with self.subTest(name):
                    with Session(self.site) as other:
                        begin = time.monotonic()
                        self.assert_err(other.login(name, "wrong"), "AUTH")
                        self.assert_lasted(begin, 1)
            self.assert_ok(session.login())

    def test_every_refused_name_gets_the_same_words(self):
        replies = set()
        for name in ("alice", "nobody-here", "x" * 300, "../alice", "%s%n"):
            with Session(self.site) as session:
                replies.add(session.login(name, "wrong"))
        self.assertEqual(len(replies), 1, replies)


if __name__ == "__main__":
    harness.main()
