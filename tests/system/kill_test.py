# SPDX-License-Identifier: ISC
"""kill -9 of a process at any moment of a session with 1,000 deletions marked: every unmarked
message is still there, and the next session gets the maildrop at once."""

import os
import random
import signal
import time

import harness
from harness import Session, SiteTest

MARKED = 1000
KEPT = 50
AT_ONCE = 1.0  # seconds until a login succeeds, the check of the password included
TIMES_USUAL = 10


class Kill(SiteTest):
    settings = {"lock_wait": harness.PATIENCE}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice")
        self.waits = []
        self.spare = self.site.root / "spare"
        self.spare.mkdir()
        self.marked = [f"{2000000 + n}.M{n}P1.example" for n in range(MARKED)]
        self.kept = {f"{3000000 + n}.M{n}P1.example" for n in range(KEPT)}
        for name in [*self.marked, *self.kept]:
            os.link(self.site.store("alice", name, b"Subject: one of many\n\ntext\n"),
                    self.spare / name)

    def fill(self):
        """Restores messages 1 to MARKED, which will be marked; the others must never be removed."""
        for name in set(self.marked) - set(self.site.messages()):
            os.link(self.spare / name, self.site.maildir() / "new" / name)

    def marking_session(self, marks=MARKED):
        session = Session(self.site)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login())
        session.send(b"".join(b"DELE %d\r\n" % n for n in range(1, marks + 1)))
        for _ in range(marks):
            self.assert_ok(session.line())
        return session

    def kill(self, session, role):
        os.kill(session.front() if role == "front" else session.process.pid, signal.SIGKILL)

    def check_afterwards(self):
        """The number of messages left; the next session must see just those."""
        begin = time.monotonic()
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.waits.append(time.monotonic() - begin)
            left = self.site.messages()
            self.assertTrue(self.kept <= set(left), "an unmarked message is gone")
            listed = session.fetch("UIDL").split()[1::2]
            self.assertEqual([name.encode() for name in left], sorted(listed))
            self.assert_ok(session.command("QUIT"))
        if self.waits[-1] >= AT_ONCE:  # on a busy machine everything takes longer
            self.assertLess(self.waits[-1], TIMES_USUAL * self.usual_time())
        return len(left)

    def usual_time(self):
        """Seconds that an undisturbed QUIT and a login take at present."""
        self.fill()
        marking = self.marking_session()
        begin = time.monotonic()
        self.assert_ok(marking.command("QUIT"))
        with Session(self.site) as session:
            self.assert_ok(session.login())
            return time.monotonic() - begin

    def test_killed_before_QUIT_nothing_is_removed(self):
        for role in ("front", "keeper"):
            for marks in (0, 1, MARKED // 2, MARKED):
                with self.subTest(role=role, marks=marks):
                    self.fill()
                    self.kill(self.marking_session(marks), role)
                    self.assertEqual(self.check_afterwards(), MARKED + KEPT)
        self.report()

    def update_time(self):
        """Seconds that an undisturbed QUIT takes."""
        self.fill()
        session = self.marking_session()
        begin = time.monotonic()
        self.assert_ok(session.command("QUIT"))
        lasted = time.monotonic() - begin
        session.__exit__()
        self.assertEqual(self.check_afterwards(), KEPT)
        return lasted

    def test_killed_within_QUIT_only_marked_messages_are_removed(self):
        whole = self.update_time()
        chance = random.Random(1939)
        moments = [whole * step / 16 for step in range(16)]
        moments += [chance.uniform(0, whole * 1.2) for _ in range(16)]
        partial = 0
        for moment in moments:
            for role in ("front", "keeper"):
                with self.subTest(role=role, moment=moment):
                    self.fill()
                    session = self.marking_session()
                    front = session.front()  # looked up now, so that it does not delay the kill
                    session.send(b"QUIT\r\n")
                    time.sleep(moment)
                    try:
                        os.kill(front if role == "front" else session.process.pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass  # the process has ended already
                    partial += KEPT < self.check_afterwards() < KEPT + MARKED
        harness.report("kills that left an UPDATE half done", f"{partial} of {2 * len(moments)}")
        self.assertGreater(partial, 0, "no kill met the UPDATE: the moments are wrong")
        self.report()

    def test_killed_while_a_message_is_sent_nothing_is_removed_and_the_connection_ends(self):
        for role in ("front", "keeper"):
            with self.subTest(role=role):
                self.fill()
                self.site.store("alice", "1000.large", b"x" * 20_000_000)
                self.kept = self.kept | {"1000.large"}
                session = self.marking_session()
                session.send(b"RSET\r\nDELE 2\r\nRETR 1\r\n")
                session.socket.recv(10)
                self.kill(session, role)
                session.rest()
                self.assertEqual(self.check_afterwards(), MARKED + KEPT + 1)

    def report(self):
        harness.report("longest wait for login after a kill, seconds", f"{max(self.waits):.3f}")


if __name__ == "__main__":
    harness.main()
