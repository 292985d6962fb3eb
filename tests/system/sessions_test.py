# SPDX-License-Identifier: ISC
"""`sodapop who` and `sodapop kick`: the list of open sessions, forged records in it, and the state
after a session has been ended."""

import fcntl
import json
import os
import platform
import re
import signal
import subprocess
import time
import unittest

import harness
from harness import IS_ROOT, SODAPOP, Session, SiteTest, needs_root
from mounts import mount
from tracing import STRACE, needs_strace

MAILS = [b"Subject: one\n\ntext\n", b"Subject: two\n\ntext\n"]


class Sessions(SiteTest):
    def setUp(self):
        super().setUp()
        for name in ("alice", "bob"):
            self.site.add_user(name, MAILS)

    def tool(self, *arguments, **popen):
        """Exit status, standard output, standard error."""
        done = subprocess.run([SODAPOP, "--config", self.site.config, *arguments], text=True,
                              capture_output=True, check=False, timeout=harness.PATIENCE, **popen)
        return done.returncode, done.stdout, done.stderr

    def who(self):
        status, out, err = self.tool("who", "--json")
        self.assertEqual((status, err), (0, ""))
        return json.loads(out)

    def session(self, name="alice", **options):
        session = Session(self.site, **options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login(name))
        return session

    def records(self):
        return sorted((self.site.root / "run" / "sessions").iterdir())


class Who(Sessions):
    def test_nobody_is_there(self):
        self.assertEqual(self.who(), [])
        self.assertEqual(self.tool("who"), (0, "", ""))

    def test_a_session_is_listed_from_login_to_its_end(self):
        with Session(self.site) as session:
            self.assertEqual(self.who(), [])
            self.assert_ok(session.login())
            login = self.site.wait_for_event("login")
            entry, = self.who()
            self.assertEqual((entry["user"], entry["from"], entry["retrieved"]),
                             ("alice", "127.0.0.1", 0))
            self.assertIn(f" session={entry['session']} ", login)
            self.assertRegex(entry["since"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
            self.assertEqual(entry["pid"], session.process.pid)
            status, out, _ = self.tool("who")
            self.assertEqual(status, 0)
            self.assertRegex(out, r"\AUSER +FROM +SINCE +IDLE +RETRIEVED +SESSION\n"
                                  r"alice +127\.0\.0\.1 +\S+Z +\d+s +0 " + entry["session"] + "\n")
            self.assert_ok(session.command("QUIT"))
            session.exit_status()
        self.assertEqual(self.who(), [])

    def test_what_was_retrieved_is_counted(self):
        session = self.session()

        def counted():
            session.fetch("RETR 1")
            return self.who()[0]["retrieved"] >= 1

        harness.wait_for(counted)  # the number is written once a second
        self.assertLess(self.who()[0]["idle"], 2 * harness.PATIENCE)

    @unittest.skipIf(tuple(map(int, re.findall(r"\d+", platform.release())[:2])) < (5, 14),
                     "a kernel before 5.14 has no MADV_POPULATE_WRITE")
    def test_a_record_that_is_cut_off_ends_no_session(self):
        session = self.session()
        os.truncate(self.records()[0], 0)
        time.sleep(1.1)  # the record is written once a second
        self.assert_ok(session.command("DELE 1"))
        session.fetch("RETR 2")
        self.assertIn("not the record of a session", self.tool("who")[2])
        self.assert_ok(session.command("QUIT"))
        self.assertEqual(session.exit_status(), 0)

    def test_all_sessions_are_listed_in_their_order(self):
        kept = []
        for name in ("bob", "alice"):
            kept.append(self.session(name))
            time.sleep(1.1)
        self.assertEqual([entry["user"] for entry in self.who()], ["bob", "alice"])

    def test_the_list_belongs_to_its_owner_alone(self):
        kept = self.session()
        facts = (self.site.root / "run" / "sessions").stat()
        self.assertEqual(facts.st_mode & 0o7777, 0o700)
        self.assertEqual([path.stat().st_mode & 0o7777 for path in self.records()], [0o600])
        self.assertEqual(facts.st_uid, os.geteuid())
        self.assert_ok(kept.command("NOOP"))

    def test_a_session_without_login_is_not_listed(self):
        owner = 6001 if IS_ROOT else None
        site = self.make_site(owner=owner)
        site.add_user("alice", MAILS)
        with Session(site, "--preauth", str(site.maildir()), uid=owner) as session:
            self.assert_ok(session.command("STAT"))
            self.assertFalse((site.root / "run" / "sessions").exists())

    def test_without_a_list_everybody_gets_in(self):
        (self.site.root / "run" / "sessions").write_text("no directory")
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.assertIn(" problem=", self.site.wait_for_event("registry"))
        self.assertEqual(len(self.site.log_lines("registry")), 1)
        status, out, err = self.tool("who")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("Not a directory", err)

    def test_garbage_in_a_record_is_not_printed(self):
        session = self.session()
        record, = self.records()
        good = record.read_bytes()
        self.assertEqual(len(good), 512)
        for garbage in (b"", b"\x1b]0;owned\x07" * 50, good.replace(b"alice", b"\x1b[2J\xff"),
                        good + b"x", good.replace(b"alice\n", b"a\nuser=b\n")):
            with open(record, "wb") as file:
                file.write(garbage)
            self.assertEqual(self.tool("who"),
                             (0, "", f"sodapop: {record}: not the record of a session\n"))
        self.assert_ok(session.command("NOOP"))


class OnOverlay(Sessions):
    """In a container the runtime directory may be on overlayfs, where a mapping of a file does not
    keep its lock, and where stat(2) may tell another device than the kernel's list of locks."""

    def mount_overlay(self):
        run = self.site.root / "run"
        run.mkdir(exist_ok=True)
        run.chmod(0o755)
        (self.site.root / "upper").mkdir()
        mount(self, "tmpfs", at=self.site.root / "upper")
        for name in ("data", "work"):
            (self.site.root / "upper" / name).mkdir()
        (self.site.root / "lower").mkdir()
        mount(self, "overlay", "-o", f"lowerdir={self.site.root}/lower,"
              f"upperdir={self.site.root}/upper/data,workdir={self.site.root}/upper/work,xino=off",
              at=run)

    @needs_root
    def test_a_session_keeps_its_record_and_can_be_ended(self):
        self.mount_overlay()
        session = self.session()
        self.assertEqual([entry["user"] for entry in self.who()], ["alice"])
        with open(self.records()[0], "rb") as file:
            with self.assertRaises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        self.assertEqual(self.tool("kick", "alice"), (0, "1 session ended\n", ""))
        self.assertEqual(session.rest(), b"")
        self.assertEqual(self.who(), [])


class Kick(Sessions):
    def test_a_kicked_session_ends_at_once_and_deletes_nothing(self):
        first, second = self.session(), self.session("bob")
        self.assert_ok(first.command("DELE 1"))
        self.assertEqual(self.tool("kick", "alice"), (0, "1 session ended\n", ""))
        self.assertEqual(first.rest(), b"")
        self.assertEqual(len(self.site.messages()), 2)
        self.assert_ok(second.command("NOOP"))
        self.assertEqual([entry["user"] for entry in self.who()], ["bob"])
        line = self.site.wait_for_event("kicked", user="alice")
        self.assertIn(f" by-uid={os.getuid()} ", line)
        self.assertIn(" sodapop[", line)
        self.session()  # the maildrop is free

    def test_one_session_of_several_by_its_id(self):
        self.site.configure(lock_wait=30)
        first = self.session()
        waiting = Session(self.site)
        with waiting:
            waiting.send(f"USER alice\r\nPASS {harness.PASSWORD}\r\n")
            entries = harness.wait_for(lambda: len(self.who()) == 2 and self.who())
            mine = next(e["session"] for e in entries if e["pid"] == first.process.pid)
            self.assertEqual(self.tool("kick", "--session", mine), (0, "1 session ended\n", ""))
            waiting.line()
            self.assert_ok(waiting.line())  # now it has the maildrop

    def test_all_sessions_of_a_user_and_of_nobody_else(self):
        self.site.configure(lock_wait=30)
        self.session()
        with Session(self.site) as waiting:
            waiting.send(f"USER alice\r\nPASS {harness.PASSWORD}\r\n")
            harness.wait_for(lambda: len(self.who()) == 2)
            self.assertEqual(self.tool("kick", "alic"), (1, "", "sodapop: no session of alic\n"))
            self.assertEqual(self.tool("kick", "alice"), (0, "2 sessions ended\n", ""))
        self.assertEqual(self.who(), [])

    def test_a_process_that_does_not_hold_the_record_is_left_alone(self):
        session = self.session()
        record, = self.records()
        with subprocess.Popen(["sleep", "60"]) as bystander:
            self.addCleanup(bystander.kill)
            good = record.read_bytes()
            forged = good.replace(b"pid=%d\n" % session.process.pid, b"pid=%d\n" % bystander.pid)
            record.write_bytes(forged[:512].ljust(512, b"\n"))
            entry, = self.who()
            self.assertEqual(entry["pid"], bystander.pid)
            status, out, err = self.tool("kick", "alice")
            self.assertEqual((status, out), (1, ""))
            self.assertIn(f"process {bystander.pid} is not the one that keeps it", err)
            time.sleep(0.1)
            self.assertIsNone(bystander.poll())
            bystander.kill()
        self.assert_ok(session.command("NOOP"))

    def stopped_session(self):
        session = self.session()
        session.process.send_signal(signal.SIGSTOP)
        self.addCleanup(session.process.send_signal, signal.SIGCONT)
        return session

    def test_a_session_whose_process_is_stuck_is_ended_too(self):
        session = self.stopped_session()
        self.assertEqual(self.tool("kick", "alice"), (0, "1 session ended\n", ""))
        self.assertEqual(session.exit_status(), -signal.SIGKILL)
        self.assertEqual(session.rest(), b"")
        self.assertEqual(len(self.site.messages()), 2)

    def test_a_session_in_UPDATE_is_not_killed(self):
        session = self.stopped_session()
        record, = self.records()
        record.write_bytes((record.read_bytes().rstrip(b"\n") + b"\nstate=update").ljust(512, b"\n"))
        self.assertEqual(self.tool("kick", "alice"),
                         (1, "0 sessions ended\n", "sodapop: 1 session still in UPDATE\n"))
        self.assertIsNone(session.process.poll())
        self.assertEqual([entry["user"] for entry in self.who()], ["alice"])

    def test_a_record_says_that_UPDATE_has_begun(self):
        session = self.session()
        record, = self.records()
        self.assert_ok(session.command("DELE 1"))
        self.assertNotIn(b"state=", record.read_bytes())
        self.assert_ok(session.command("QUIT"))
        self.assertIn(b"\nstate=update\n", record.read_bytes())

    def test_the_name_is_changed_as_at_login(self):
        self.site.configure(name_case="lower", default_domain="example.org")
        self.site.add_user("carol@example.org", MAILS)
        self.session("Carol")
        self.assertEqual(self.tool("kick", "CAROL"), (0, "1 session ended\n", ""))
        self.assertEqual(self.who(), [])

    def test_a_name_that_is_listed_is_found_whatever_the_settings_are_now(self):
        self.session()
        self.site.configure(default_domain="example.org")
        self.assertEqual(self.tool("kick", "alice"), (0, "1 session ended\n", ""))

    @needs_strace
    def test_a_session_that_ends_by_itself_meanwhile_is_not_logged_as_kicked(self):
        self.session()
        done = subprocess.run(
            [STRACE, "-qq", "-o", os.devnull, "-e", "inject=pidfd_send_signal:error=ESRCH", SODAPOP,
             "--config", self.site.config, "kick", "alice"], capture_output=True, check=False,
            timeout=harness.PATIENCE)
        if b"Operation not permitted" in done.stderr:
            self.skipTest(done.stderr.decode())
        self.assertEqual((done.stdout, done.stderr), (b"0 sessions ended\n", b""))
        self.assertEqual(self.site.log_lines("kicked"), [])

    def test_USER_or_session_has_to_be_given(self):
        self.assertEqual(self.tool("kick")[0], 2)
        self.assertEqual(self.tool("kick", "alice", "--session", "00")[0], 2)

    @needs_root
    def test_the_owner_of_all_mail_can_list_and_kick(self):
        site = self.make_site(owner=6001)
        site.add_user("alice", MAILS)
        with Session(site, uid=6001) as session:
            self.assert_ok(session.login())
            tool = harness.reachable(SODAPOP)
            for arguments, expected in ((("kick", "alice"), "1 session ended\n"), (("who",), "")):
                done = subprocess.run([tool, "--config", site.config, *arguments], text=True,
                                      capture_output=True, check=False, timeout=harness.PATIENCE,
                                      user=6001, group=6001, extra_groups=[])
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, expected, ""))
            self.assertEqual(session.rest(), b"")


if __name__ == "__main__":
    harness.main()
