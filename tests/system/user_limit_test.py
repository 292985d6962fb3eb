# SPDX-License-Identifier: ISC
"""How many sessions one user may have at once, those that wait for the maildrop included."""

import concurrent.futures
import itertools
import os
import signal
import threading

import harness
from harness import PASSWORD, Session, SiteTest, needs_root

REFUSAL = b"-ERR [SYS/TEMP] too many sessions of this user, try again later\r\n"


class UserLimit(SiteTest):
    settings = {"max_connections_per_user": 3, "lock_wait": 30, "login_limit": 60}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice")

    def session(self, **options):
        session = Session(self.site, **options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.addCleanup(session.process.kill)  # it may wait for the maildrop
        return session

    def waiting(self, name="alice"):
        """A session whose login waits for the maildrop, with a slot of its user."""
        session = self.session()
        before = self.site.slots_held()
        session.send(f"USER {name}\r\nPASS {PASSWORD}\r\n")
        harness.wait_for(lambda: self.site.slots_held() > before)
        return session

    def fill(self):
        """Opens all sessions that alice may have: one is logged in, two wait for the maildrop."""
        first = self.session()
        self.assert_ok(first.login())
        return [first, self.waiting(), self.waiting()]

    def test_there_are_as_many_as_allowed_and_no_more(self):
        sessions = self.fill()
        late = self.session()
        self.assertEqual(late.login(), REFUSAL)
        line = self.site.wait_for_event("unavailable", reason="max-connections-per-user")
        self.assertIn(" user=alice ", line)
        # The refusal does not end the connection: after the end of another session the client can
        # log in.
        self.assert_ok(sessions[0].command("QUIT"))
        sessions[0].close()
        harness.wait_for(lambda: self.site.slots_held() == 2)
        late.command("USER alice")
        late.send(f"PASS {PASSWORD}\r\n")
        harness.wait_for(lambda: self.site.slots_held() == 3)

    def test_users_do_not_count_for_each_other(self):
        self.site.add_user("bob")
        self.fill()
        self.assert_ok(self.session().login("bob"))

    def test_a_refusal_is_an_attempt_like_any_other(self):
        self.site.configure(attempts=2)
        self.fill()
        late = self.session()
        self.assertEqual(late.login(), REFUSAL)
        self.assertEqual(late.login(), REFUSAL)
        self.assertEqual(late.rest(), b"")
        self.site.wait_for_event("disconnect", ended="refused")

    def test_a_wrong_password_hears_nothing_of_the_limit(self):
        self.fill()
        self.assert_err(self.session().login(password="wrong"), "AUTH")

    def test_a_session_that_is_killed_frees_its_place(self):
        sessions = self.fill()
        os.kill(sessions[2].process.pid, signal.SIGKILL)
        harness.wait_for(lambda: self.site.slots_held() == 2)
        self.waiting()
        self.assertEqual(self.session().login(), REFUSAL)

    def test_after_QUIT_the_client_can_come_back_at_once(self):
        self.site.configure(max_connections_per_user=1)
        for _ in range(20):
            session = self.session()
            self.assert_ok(session.login())
            self.assert_ok(session.command("QUIT"))
            session.close()  # its processes have not ended yet

    def test_failed_logins_take_no_place(self):
        self.site.configure(max_connections_per_user=1, attempts=10)
        others = [self.session() for _ in range(3)]
        for other in others:
            self.assert_err(other.login(password="wrong"), "AUTH")
        self.assertEqual(self.site.slots_held(), 0)
        self.assert_ok(self.session().login())

    def test_of_many_at_once_as_many_get_in_as_allowed(self):
        barrier = threading.Barrier(8)

        def try_one(session):
            barrier.wait()
            return session.login(), session
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = concurrent.futures.as_completed(
                [pool.submit(try_one, self.session()) for _ in range(8)])
            # Two more have a slot and wait for the maildrop of the one that is logged in.
            first = [next(answers).result() for _ in range(6)]
            self.assertEqual([reply for reply, _ in first].count(REFUSAL), 5)
            let_in = (answer for answer in first if answer[0] != REFUSAL)
            for reply, session in itertools.chain(let_in, (one.result() for one in answers)):
                self.assert_ok(reply)
                self.assert_ok(session.command("QUIT"))

    def test_without_a_limit_no_file_is_made(self):
        self.site.configure(max_connections_per_user=0)
        self.assert_ok(self.session().login())
        self.assertFalse((self.site.root / "run" / "user-slots").exists())

    def test_a_limit_that_cannot_be_kept_lets_nobody_in_for_now(self):
        path = self.site.root / "run" / "user-slots"
        path.mkdir()
        session = self.session()
        self.assert_err(session.login(), "SYS/TEMP")
        self.assertIn(" user=alice ",
                      self.site.wait_for_event("unavailable", reason="user-slots-failed"))
        path.rmdir()
        self.assert_ok(session.login())

    @needs_root
    def test_neither_the_front_nor_the_verifier_has_the_file(self):
        sessions = self.fill()
        for session in sessions:
            held = [os.readlink(f"/proc/{session.front()}/fd/{fd}")
                    for fd in os.listdir(f"/proc/{session.front()}/fd")]
            self.assertEqual([path for path in held if "slots" in path], [])
        self.assertEqual((self.site.root / "run" / "user-slots").stat().st_size, 0)
        self.assertEqual((self.site.root / "run" / "user-slots").stat().st_mode & 0o7777, 0o600)

    @needs_root
    def test_a_server_that_is_not_root_counts_as_well(self):
        self.site = self.make_site(owner=5000, max_connections_per_user=1, lock_wait=30)
        self.site.add_user("alice")
        self.assert_ok(self.session(uid=5000).login())
        self.assertEqual(self.session(uid=5000).login(), REFUSAL)

    def test_a_session_without_login_does_not_count(self):
        self.assertFalse((self.site.root / "run" / "user-slots").exists())
        options = {"uid": 5000} if harness.IS_ROOT else {}
        session = Session(self.site, "--preauth", str(self.site.maildir()), "--log", "stderr",
                          **options)
        with session:
            self.assert_ok(session.greeting)
        self.assertFalse((self.site.root / "run" / "user-slots").exists())


if __name__ == "__main__":
    harness.main()
