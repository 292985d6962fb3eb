# SPDX-License-Identifier: ISC
"""Logins that wait for a hash slot: what their waiting costs, and when it ends."""

import contextlib
import fcntl
import os
import pathlib
import signal
import struct
import time

import harness
from harness import Session, SiteTest, children, wait_for

CROWD = 60
MOST_SLOTS = 1024
F_OFD_SETLK = 37


def seconds_on_processor(pid):
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


class HashSlots(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice")

    def hold_the_slots(self):
        """Holds every slot, and no turnstile, as if other processes verified for ever. Gives the
        open file; closing it frees the slots."""
        file = open(self.site.root / "run" / "hash-slots", "a+b")
        self.addCleanup(file.close)
        # An OFD lock, which Python has no name for: type, whence, start, length, pid.
        fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, MOST_SLOTS, 0))
        return file

    @contextlib.contextmanager
    def waiting(self, count):
        """Sessions of `count` networks that guess one password each, for different names, and wait
        for a slot. No network or name has failed before, nor a network around it."""
        with contextlib.ExitStack() as stack:
            sessions = [stack.enter_context(Session(
                self.site, env={"TCPREMOTEIP": f"10.0.{number}.1"})) for number in range(count)]
            for number, session in enumerate(sessions):
                self.assert_ok(session.command(f"USER user{number}"))
                session.send("PASS wrong\r\n")
            yield sessions

    def test_waiting_logins_cost_next_to_nothing(self):
        file = self.hold_the_slots()
        with self.waiting(CROWD) as sessions:
            time.sleep(0.3)
            before = [seconds_on_processor(session.process.pid) for session in sessions]
            time.sleep(1)
            spent = sum(seconds_on_processor(session.process.pid) for session in sessions)
            share = spent - sum(before)
            harness.report(f"{CROWD} waiting logins, share of a processor", f"{share:.3f}")
            self.assertLess(share, 0.04)
            file.close()
            for session in sessions:
                self.assertIn("-ERR [AUTH]", str(session.line()))

    def test_the_wait_ends_when_the_front_is_gone(self):
        self.hold_the_slots()
        with self.waiting(3) as sessions:  # one of them looks for a slot, the others sleep
            for session in sessions:
                front, = children(session.process.pid)
                os.kill(front, signal.SIGKILL)
            begin = time.monotonic()
            for session in sessions:
                wait_for(lambda one=session: one.process.poll() is not None)
            self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(len(self.site.log_lines("disconnect")), 3)
        self.assertNotIn("no-hash-slot", self.site.log.read_text())


if __name__ == "__main__":
    harness.main()
