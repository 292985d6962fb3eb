# SPDX-License-Identifier: ISC
"""A new login of the same user takes the maildrop of a session whose client is silent."""

import concurrent.futures
import json
import os
import signal
import subprocess
import time

import harness
from harness import IS_ROOT, PASSWORD, SODAPOP, Session, SiteTest

TEXT = b"Subject: one\n\ntext\n"
LARGE = b"Subject: large\n\n" + b"x" * 70 * 200_000  # more than the buffers of a connection hold
TOLD = b"-ERR [IN-USE] taken over by a new login\r\n"
LOCK_WAIT = 4


class TakeOver(SiteTest):
    """The scenarios wait most of the time, so they run at once, each with a user of its own."""

    settings = {"take_over": 1, "lock_wait": LOCK_WAIT}

    def test_scenarios(self):
        scenarios = [name for name in dir(self) if name.startswith("scenario_")]
        for name in scenarios:
            self.site.add_user(name, [TEXT, TEXT])
        with concurrent.futures.ThreadPoolExecutor(len(scenarios)) as pool:
            runs = {name: pool.submit(getattr(self, name), name) for name in scenarios}
        for name, run in runs.items():
            with self.subTest(name):
                run.result()

    def test_a_session_without_a_login_counts_like_one(self):
        site = self.make_site(owner=6001 if IS_ROOT else None, **self.settings)
        site.add_user("alice", [TEXT])

        def preauthenticated():
            session = Session(site, "--preauth", str(site.maildir()), uid=site.owner)
            session.__enter__()
            self.addCleanup(session.__exit__)
            self.assert_ok(session.greeting)
            return session

        old = preauthenticated()
        new = preauthenticated()
        self.assertEqual(old.rest(), TOLD)
        self.assert_ok(new.command("QUIT"))

    def session(self, user, password=PASSWORD, *options):
        session = Session(self.site, *options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        session.reply = session.login(user, password)
        return session

    def logged_in(self, *given):
        session = self.session(*given)
        self.assert_ok(session.reply)
        return session

    def tool(self, *arguments):
        return subprocess.run([SODAPOP, "--config", self.site.config, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def read_only_password(self, user):
        return self.tool("app-password", "add", user, "phone", "--read-only").strip()

    def who(self, user):
        return [entry["pid"] for entry in json.loads(self.tool("who", "--json"))
                if entry["user"] == user]

    def scenario_a_silent_client_is_told(self, user):
        old = self.logged_in(user)
        self.assert_ok(old.command("DELE 1"))
        old.fetch("RETR 2")
        begin = time.monotonic()
        new = self.logged_in(user)
        self.assert_lasted(begin, 0.8)  # a second without a command
        self.assertEqual(old.rest(), TOLD)
        self.site.wait_for_event("logout", user=user, ended="taken-over", deleted=0)
        taken = self.site.wait_for_event("taken-over", user=user)
        self.assertIn(" held-from=127.0.0.1", taken)
        self.assertEqual(old.exit_status(), 0)
        self.assertEqual(self.who(user), [new.process.pid])
        self.assertEqual(len([name for name in self.site.messages(user) if ":2," not in name]), 2)
        self.assertEqual(new.fetch("RETR 1"), harness.wire_form(TEXT))
        self.assertEqual(self.tool("kick", user), "1 session ended\n")
        self.assertEqual(new.rest(), b"")

    def scenario_a_client_that_reads_no_more(self, user):
        self.site.store(user, "1000000.large", LARGE)
        old = self.logged_in(user)
        old.send(b"DELE 2\r\nRETR 1\r\nQUIT\r\n")
        self.logged_in(user)
        self.site.wait_for_event("logout", user=user, ended="taken-over", deleted=0)
        self.assertNotIn(b"-ERR", old.rest())
        self.assertEqual(len(self.site.messages(user)), 3)

    def scenario_a_client_that_speaks_keeps_its_maildrop(self, user):
        old = self.logged_in(user)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            new = pool.submit(self.session, user)
            while not new.done():
                self.assert_ok(old.command("NOOP"))
                time.sleep(0.2)
        self.assert_err(new.result().reply, "IN-USE")
        self.assert_ok(old.command("QUIT"))

    def scenario_UPDATE_that_has_begun_is_finished(self, user):
        old = self.logged_in(user)
        self.assert_ok(old.command("DELE 1"))
        os.kill(old.process.pid, signal.SIGSTOP)  # the keeper
        try:
            old.send(b"QUIT\r\n")
            self.assert_err(self.session(user).reply, "IN-USE")
        finally:
            os.kill(old.process.pid, signal.SIGCONT)
        self.assertEqual(old.line(), b"+OK 1 messages removed, bye\r\n")
        self.site.wait_for_event("logout", user=user, ended="quit", deleted=1)

    def scenario_one_of_two_new_logins_wins(self, user):
        old = self.logged_in(user)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            news = [pool.submit(self.session, user, PASSWORD, "--take-over", "60") for _ in range(2)]
        winner, loser = sorted((new.result().reply for new in news))  # + comes before -
        self.assert_ok(winner)
        self.assert_err(loser, "IN-USE")
        self.assertEqual(old.rest(), TOLD)
        self.assertEqual(len(self.who(user)), 1)

    def scenario_read_only_takes_only_from_read_only(self, user):
        phone = self.read_only_password(user)
        old = self.logged_in(user)
        self.assert_err(self.session(user, phone).reply, "IN-USE")
        self.assert_ok(old.command("QUIT"))
        first = self.logged_in(user, phone)
        second = self.logged_in(user, phone)
        self.assertEqual(first.rest(), TOLD)
        self.logged_in(user)
        self.assertEqual(second.rest(), TOLD)

    def scenario_a_client_that_left_gets_nothing(self, user):
        old = self.logged_in(user, PASSWORD, "--take-over", "5")
        begin = time.monotonic()
        new = Session(self.site, "--lock-wait", "30")
        with new:
            new.send(f"USER {user}\r\nPASS {PASSWORD}\r\n")
            time.sleep(0.5)
        self.assertLess(time.monotonic(), begin + 5)  # __exit__ has waited for the process
        time.sleep(max(0, begin + 6.5 - time.monotonic()))
        self.assert_ok(old.command("NOOP"))

    def scenario_off(self, user):
        old = self.logged_in(user, PASSWORD, "--take-over", "off")
        self.assert_err(self.session(user).reply, "IN-USE")
        self.assert_ok(old.command("QUIT"))

    def scenario_without_a_lock_file_there_is_none(self, user):
        (self.site.maildir(user) / "sodapop.lock").mkdir()
        old = self.logged_in(user)
        self.assert_err(self.session(user).reply, "IN-USE")
        self.assert_ok(old.command("QUIT"))


if __name__ == "__main__":
    harness.main()
