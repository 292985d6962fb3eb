# SPDX-License-Identifier: ISC
"""Malformed input over a real connection: it leads to a clear -ERR or a closed connection, and
costs nothing beyond that."""

import os
import random
import signal
import time

import harness
from harness import PASSWORD, Session, SiteTest, status_of
from mails import MAILS

LONGEST_LINE = 8192
LONG = 100 << 20
LITTLE = 1024  # KiB of memory that an endless line may cost, in pages used for the first time


class BadInput(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values())

    def session(self, *options):
        session = Session(self.site, *options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        return session

    def logged_in(self, *options):
        session = self.session(*options)
        self.assert_ok(session.login())
        return session

    def assert_alive(self, session):
        """The session goes on: the next reply is the reply to the next command."""
        self.assert_ok(session.command("STAT"))

    def peak(self, session):
        return int(status_of(session.front())["VmHWM"].split()[0])

    def test_a_line_of_100_MB_costs_no_memory_and_is_refused_once(self):
        for logged_in in (False, True):
            with self.subTest(logged_in=logged_in):
                session = self.logged_in() if logged_in else self.session()
                before = self.peak(session)
                block = b"QUIT " * 20000
                for _ in range(LONG // len(block)):
                    session.send(block)
                self.assert_err(session.command(""))
                grown = self.peak(session) - before
                harness.report("memory that a line of 100 MB cost, KiB", grown)
                self.assertLess(grown, LITTLE)
                self.assert_ok(session.command("CAPA"))
                session.body()

    def test_line_lengths_at_the_limit(self):
        session = self.session()
        for length, start in ((LONGEST_LINE, b"+OK"), (LONGEST_LINE + 1, b"-ERR")):
            session.send(b"USER " + b"x" * (length - 7) + b"\r\n")
            self.assertTrue(session.line().startswith(start), length)

    def test_no_part_of_an_overlong_line_is_executed(self):
        session = self.logged_in()
        session.send(b"NOOP " + b"x" * 20000 + b"\rDELE 1\r\nSTAT\r\n")
        self.assert_err(session.line())
        self.assertIn(b"+OK %d " % len(MAILS), session.line())

    def test_NUL_and_bare_CR_are_refused(self):
        session = self.logged_in()
        for line in (b"NOOP\0", b"\0", b"DELE 1\0 2", b"DELE 1\rNOOP", b"\rNOOP", b"NOOP\r\r"):
            with self.subTest(line):
                self.assert_err(session.command(line))
        self.assertIn(b"+OK %d " % len(MAILS), session.command("STAT"))

    def test_NUL_in_a_password_does_not_end_it(self):
        session = self.session()
        session.command("USER alice")
        self.assert_err(session.command(PASSWORD.encode() + b"\0garbage"))
        session.command("USER alice")
        self.assert_err(session.command(b"PASS " + PASSWORD.encode() + b"\0garbage"))

    def test_LF_alone_ends_a_line(self):
        session = self.session()
        session.send(f"USER alice\nPASS {PASSWORD}\nSTAT\n")
        for _ in range(3):
            self.assert_ok(session.line())

    def test_bad_commands_are_limited_in_number(self):
        for lines in ([b""], [b"XYZZY"], [b"GET / HTTP/1.0", b"Host: x", b""], [b"\xff\xfe"],
                      [b" STAT"], [b":"], [b"\x16\x03\x01\x02\x00\x01"]):
            with self.subTest(lines):
                session = self.session()
                session.send((b"\r\n".join(lines) + b"\r\n") * 1000)
                replies = session.rest().splitlines()
                self.assertLess(len(replies), 30)
                for reply in replies:
                    self.assertTrue(reply.startswith(b"-ERR"), reply)

    def test_a_good_command_forgives_bad_ones(self):
        session = self.logged_in()
        for _ in range(5):
            for _ in range(5):
                self.assert_err(session.command("XYZZY"))
            self.assert_alive(session)

    def test_numbers_that_are_none(self):
        session = self.logged_in()
        bad = ["0", "-1", "+1", "01", " 1", "1 ,", "1x", "0x1", "1.0", "1e0", "18446744073709551615",
               "18446744073709551616", "18446744073709551617", "4294967296", "4294967297",
               "9" * 400, "\u0661", "one", str(len(MAILS) + 1)]
        for command in ("LIST", "RETR", "DELE", "UIDL", "TOP"):
            for number in bad:
                with self.subTest(command=command, number=number):
                    lines = " 1" if command == "TOP" else ""
                    self.assert_err(session.command(f"{command} {number}{lines}"))
                    self.assert_alive(session)
        for lines in ("-1", "+1", "x", "1 1", "01"):
            with self.subTest(top=lines):
                self.assert_err(session.command(f"TOP 1 {lines}"))
                self.assert_alive(session)
        self.assertIn(b"+OK %d " % len(MAILS), session.command("STAT"))

    def test_arguments_that_are_missing_or_too_many(self):
        session = self.logged_in()
        for command in ("RETR", "DELE", "TOP", "TOP 1", "STAT 1", "NOOP x", "RSET 1", "QUIT now",
                        "LIST 1 2", "UIDL 1 2", "LAST 1", "CAPA x"):
            with self.subTest(command):
                self.assert_err(session.command(command))
                self.assert_alive(session)

    def test_commands_of_the_other_state(self):
        session = self.session()
        for command in ("STAT", "LIST", "RETR 1", "DELE 1", "NOOP", "RSET", "TOP 1 0", "UIDL"):
            with self.subTest(command):
                self.assert_err(session.command(command))
        session = self.logged_in()
        for command in ("USER alice", f"PASS {PASSWORD}", "AUTH PLAIN"):
            with self.subTest(command):
                self.assert_err(session.command(command))
                self.assert_alive(session)

    def test_a_reset_at_any_moment_loses_nothing(self):
        moments = [b"", b"US", b"USER alice\r\n", b"USER alice\r\nPASS wro", b"AUTH PLAIN\r\n"]
        after_login = [b"", b"RET", b"RETR 12\r\n", b"DELE 1\r\nDELE 2\r\n", b"DELE 1\r\nQUI",
                       b"LIST\r\nUIDL\r\nRETR 12\r\nRETR 12\r\n"]
        moments += [f"USER alice\r\nPASS {PASSWORD}\r\n".encode() + more for more in after_login]
        stored = self.site.messages()
        for octets in moments:
            for pause in (0, 0.02):
                with self.subTest(octets=octets, pause=pause):
                    session = self.session()
                    session.send(octets)
                    time.sleep(pause)
                    session.reset()
                    self.assertEqual(session.exit_status(), 0)
                    self.assertEqual(len(self.site.messages()), len(stored))

    def test_QUIT_received_decides_though_its_reply_cannot_be_delivered(self):
        session = self.logged_in()
        self.assert_ok(session.command("DELE 1"))
        session.send(b"QUIT\r\n")
        session.reset()
        session.exit_status()
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)

    def test_QUIT_does_not_count_when_the_replies_before_it_cannot_be_delivered(self):
        self.site.store("alice", "9.large", b"x" * 5_000_000)
        before = self.site.messages()
        for number in (1, len(before)):
            for commands in (f"RETR {number}\r\nDELE {number}\r\nQUIT\r\n",
                             f"DELE {number}\r\nQUIT\r\n"):
                with self.subTest(commands):
                    session = self.logged_in()
                    front = session.front()
                    os.kill(front, signal.SIGSTOP)  # so that the reset comes before the first reply
                    session.send(commands)
                    session.reset()
                    os.kill(front, signal.SIGCONT)
                    session.exit_status()
                    self.assertEqual(self.site.messages(), before)
                    self.site.wait_for_event("logout", ended="connection-lost", deleted=0)

    def test_end_of_input_without_QUIT_changes_nothing(self):
        session = self.logged_in()
        self.assert_ok(session.command("DELE 1"))
        session.close()
        self.assertEqual(session.exit_status(), 0)
        self.assertEqual(len(self.site.messages()), len(MAILS))
        self.site.wait_for_event("logout", ended="connection-lost", deleted=0)

    def test_commands_arrive_in_any_pieces(self):
        whole = f"USER alice\r\nPASS {PASSWORD}\r\nSTAT\r\nTOP 1 0\r\nUIDL 1\r\nQUIT\r\n".encode()
        session = self.session()
        session.send(whole)
        at_once = session.rest()
        self.assertEqual(at_once.count(b"+OK"), 6)
        session.__exit__()
        chance = random.Random(2449)
        for sizes in ([1], [2], [3, 1], [chance.randint(1, 9) for _ in range(50)]):
            session = self.session()
            position, turn = 0, 0
            while position < len(whole):
                size = sizes[turn % len(sizes)]
                session.send(whole[position:position + size])
                position, turn = position + size, turn + 1
            self.assertEqual(session.rest(), at_once)
            session.__exit__()

    def test_noise_gets_only_replies(self):
        chance = random.Random(3206)
        for _ in range(20):
            session = self.session()
            try:
                session.send(chance.randbytes(4000) + b"\r\nQUIT\r\n")
            except OSError:
                continue  # the server has closed the connection
            for line in session.rest().splitlines(keepends=True):
                self.assertTrue(line.startswith((b"+OK", b"-ERR")) and line.endswith(b"\r\n"), line)
        for line in self.site.log_lines():
            self.assertNotIn("killed", line)


if __name__ == "__main__":
    harness.main()
