# SPDX-License-Identifier: ISC
"""A log that takes no line: sessions wait a second at most, the listener does not, and the number of
lost lines is told when the log takes lines again."""

import contextlib
import fcntl
import os
import socket
import subprocess
import time

import harness
from harness import Session, needs_root, wait_for
from launchers import free_port, is_listening
from listener_test import REFUSAL, ListenerTest
from log_test import LINE, fields

PATIENCE_OF_A_SESSION = 1  # with its log, in seconds
ALLOWANCE = 1.5  # for a busy machine
FILLER = b"\n"


def reopened(descriptor, flags):
    """The same pipe by a description of its own, whose flags are not those of `descriptor`."""
    return os.open(f"/proc/self/fd/{descriptor}", flags | os.O_NONBLOCK | os.O_CLOEXEC)


def fill(descriptor):
    """A pipe or FIFO, until it takes not one octet more."""
    writer = reopened(descriptor, os.O_WRONLY)
    for size in (4096, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, FILLER * size)
    os.close(writer)


def drain(descriptor):
    """The lines in a pipe or FIFO."""
    reader, parts = reopened(descriptor, os.O_RDONLY), []
    with contextlib.suppress(BlockingIOError):
        while part := os.read(reader, 65536):
            parts.append(part)
    os.close(reader)
    return [line for line in b"".join(parts).decode().split("\n") if line]


class StuckLogTest(ListenerTest):
    def setUp(self):
        super().setUp()
        self.usual = self.serve()

    def full_pipe(self):
        """A pipe that takes nothing more: its two ends, which end with the test."""
        ends = os.pipe()
        for end in ends:
            self.addCleanup(os.close, end)
        fill(ends[1])
        return ends

    def converse(self, session):
        """A whole session, which has at least six lines for the log."""
        for _ in range(2):
            self.assert_err(session.login(password="wrong"), "AUTH")
        self.assert_ok(session.login())
        self.assert_ok(session.command("STAT"))
        self.assert_ok(session.command("QUIT"))

    def serve(self, *options, **popen):
        """The seconds of a whole session under a super-server."""
        begin = time.monotonic()
        with Session(self.site, *options, **popen) as session:
            self.converse(session)
            session.close()
            self.assertEqual(session.exit_status(), 0)
        return time.monotonic() - begin

    def assert_short(self, seconds, patience, message=None):
        self.assertLess(seconds, self.usual + patience + ALLOWANCE, message)

    def assert_lost_lines_are_told(self, lines, least):
        told = [line for line in lines if " event=log-lost " in line]
        self.assertEqual(told, lines[:1], "the first line tells it, and no other")
        self.assertRegex(told[0], LINE)
        self.assertGreaterEqual(int(fields(told[0])["lines"]), least)


class Sessions(StuckLogTest):
    def test_a_pipe_that_is_full(self):
        reader, writer = self.full_pipe()
        self.assert_short(self.serve("--log", "stderr", errors=writer), PATIENCE_OF_A_SESSION)
        self.assert_short(self.serve("--log", "stderr", errors=writer), 0,
                          "it waits although the log is known to be stuck")
        self.assertEqual(fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK, 0,
                         "the launcher has this description, too")
        drain(reader)
        self.serve("--log", "stderr", errors=writer)
        lines = drain(reader)
        self.assert_lost_lines_are_told(lines, 12)
        for event in ("login-failed", "login", "logout"):
            self.assertIn(f" event={event} ", " ".join(lines))

    @needs_root
    def test_a_pipe_that_the_server_may_not_open_anew(self):
        self.site = self.make_site(owner=5000)
        self.site.add_user("alice")
        reader, writer = self.full_pipe()  # root's
        options = {"errors": writer, "uid": 5000}
        self.assert_short(self.serve("--log", "stderr", **options), PATIENCE_OF_A_SESSION)
        drain(reader)
        self.serve("--log", "stderr", **options)
        self.assert_lost_lines_are_told(drain(reader), 6)

    def test_a_pipe_that_is_read_again_loses_no_line(self):
        reader, writer = self.full_pipe()
        with Session(self.site, "--log", "stderr", errors=writer) as session:
            session.send(b"USER alice\r\nPASS wrong\r\n")
            time.sleep(0.3)
            drain(reader)
            self.assert_ok(session.line())
            self.assert_err(session.line(), "AUTH")
        lines = " ".join(drain(reader))
        self.assertIn(" event=connect ", lines)
        self.assertNotIn(" event=log-lost ", lines)

    def test_a_fifo_that_nothing_reads_or_that_is_full(self):
        fifo = self.site.root / "fifo"
        os.mkfifo(fifo, 0o600)
        self.assert_short(self.serve("--log", fifo), PATIENCE_OF_A_SESSION)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        fill(reader)
        self.assert_short(self.serve("--log", fifo), PATIENCE_OF_A_SESSION)
        drain(reader)
        self.serve("--log", fifo)
        self.assert_lost_lines_are_told(drain(reader), 12)

    def test_a_stream_socket_that_nothing_reads(self):
        reader, writer = socket.socketpair()
        with reader, writer:
            writer.setblocking(False)
            for size in (4096, 1):
                with contextlib.suppress(BlockingIOError):
                    while True:
                        writer.send(FILLER * size)
            writer.setblocking(True)
            self.assert_short(self.serve("--log", "stderr", errors=writer.fileno()),
                              PATIENCE_OF_A_SESSION)
            self.assertEqual(fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK, 0)


class OwnLoop(StuckLogTest):
    def start_server(self, errors):
        """It logs to its standard error; its sessions do, too."""
        self.ports = [free_port()]
        command = self.site.command("--log", "stderr", "--listen", f"127.0.0.1:{self.ports[0]}")
        self.server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors)
        self.addCleanup(self.end, self.server)
        wait_for(lambda: is_listening(self.ports[0]))

    def serve_one(self):
        """The seconds of a whole session."""
        begin = time.monotonic()
        talk = self.connect()
        self.converse(talk)
        talk.close()
        self.wait_for_sessions(0)
        return time.monotonic() - begin

    def test_the_listener_does_not_wait_and_its_sessions_a_second(self):
        self.site.configure(max_connections=1)
        reader, writer = self.full_pipe()
        drain(reader)
        self.start_server(writer)
        fill(writer)
        self.assert_short(self.serve_one(), PATIENCE_OF_A_SESSION)
        held = self.connect()
        self.assert_ok(held.login())
        for _ in range(4):  # each has a line for the log
            begin = time.monotonic()
            self.assertEqual(self.connect().greeting, REFUSAL)
            self.assertLess(time.monotonic() - begin, 0.5)
            time.sleep(0.3)
        held.close()
        self.wait_for_sessions(0)
        drain(reader)
        self.serve_one()
        self.assert_lost_lines_are_told(drain(reader), 8)
        self.assertEqual(self.stop(), 0)


if __name__ == "__main__":
    harness.main()
