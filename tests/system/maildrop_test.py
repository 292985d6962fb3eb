# SPDX-License-Identifier: ISC
"""Maildirs as they are found: odd files, files that change, other sessions, no Maildir at all."""

import calendar
import fcntl
import os
import re
import signal
import socket
import time
import unittest

import faults
import harness
from harness import IS_ROOT, Session, SiteTest, needs_root, wire_form

TEXT = b"Subject: hello\n\nworld\n"
LONGEST = 64 << 30  # octets of a message
LARGE = b"Subject: large\n\n" + b"%06d " % 7 * 10 + b"x" * 30_000_000


class Maildrop(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [TEXT])
        self.new = self.site.maildir() / "new"
        self.cur = self.site.maildir() / "cur"

    def logged_in(self, *options, **popen):
        session = Session(self.site, *options, **popen)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login())
        return session

    def test_only_regular_files_are_messages(self):
        os.symlink(self.site.users_file, self.new / "2.symlink")
        os.symlink(self.new / self.site.messages()[0], self.cur / "3.symlink:2,S")
        os.mkfifo(self.new / "4.fifo")
        (self.new / "5.directory").mkdir()
        (self.new / ".6.dotfile").write_bytes(TEXT)
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(str(self.cur / "7.socket"))
        session = self.logged_in()
        self.assertEqual(session.command("STAT"), b"+OK 1 %d\r\n" % len(wire_form(TEXT)))
        self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
        self.assert_ok(session.command("DELE 1"))
        self.assert_ok(session.command("QUIT"))
        self.assertEqual(len(self.site.messages()), 6)

    def test_a_message_that_became_a_link_or_a_FIFO_is_gone(self):
        for change in ("link", "fifo", "directory"):
            with self.subTest(change):
                path = self.site.store("alice", "2.victim", TEXT)
                with Session(self.site) as session:
                    self.assert_ok(session.login())
                    os.unlink(path)
                    if change == "link":
                        os.symlink("/etc/passwd", path)
                    elif change == "fifo":
                        os.mkfifo(path)
                    else:
                        os.mkdir(path)
                    self.assert_err(session.command("RETR 1"))
                    self.assertEqual(session.fetch("RETR 2"), wire_form(TEXT))
                os.rmdir(path) if change == "directory" else os.unlink(path)

    def test_an_unreadable_message_does_not_close_the_maildrop(self):
        os.chmod(self.site.store("alice", "2.secret", TEXT), 0)
        session = self.logged_in()
        self.assertTrue(session.command("STAT").startswith(b"+OK 2 "))
        self.assert_err(session.command("RETR 1"), "SYS/PERM")
        self.assertEqual(session.fetch("RETR 2"), wire_form(TEXT))

    def test_odd_names_are_served_and_cannot_inject(self):
        names = [b"2.a b", b"3.new\nline", b"4.\r\n.\r\n+OK", b"5.\xff\xfe", b"6." + b"n" * 200,
                 b"7.%s%n", b"8.colon:1,exp", b"9.\x1b[31m", b"x", b":2,S", b"18446744073709551616.x"]
        for name in names:
            self.site.store("alice", name, TEXT)
        session = self.logged_in()
        rows = session.fetch("UIDL").splitlines()
        self.assertEqual(len(rows), len(names) + 1)
        unique = {row.split(b" ", 1)[1] for row in rows}
        self.assertEqual(len(unique), len(rows))
        for one in unique:
            self.assertRegex(one, rb"^[\x21-\x7e]{1,70}$")
        for number in range(1, len(rows) + 1):
            self.assertEqual(session.fetch(f"RETR {number}"), wire_form(TEXT))
        for number in range(1, len(rows) + 1):
            self.assert_ok(session.command(f"DELE {number}"))
        self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.site.messages(), [])

    def test_sizes_in_names_are_not_believed(self):
        for name in ("2.M1,S=5,W=6", "3.M2,S=99999999999999999999", "4.M3,W=1",
                     f"5.M4,S={len(TEXT)},W=7"):
            self.site.store("alice", name, TEXT)
        session = self.logged_in()
        for row in session.fetch("LIST").splitlines():
            self.assertEqual(int(row.split()[1]), len(wire_form(TEXT)), row)

    def test_a_renamed_message_is_found_again(self):
        session = self.logged_in()
        old = self.new / self.site.messages()[0]
        old.rename(self.cur / (old.name + ":2,RS"))
        self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
        self.assert_ok(session.command("DELE 1"))
        (self.cur / (old.name + ":2,RS")).rename(self.cur / (old.name + ":2,FRS"))
        self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.site.messages(), [])

    def test_a_vanished_message_is_refused_and_the_session_goes_on(self):
        self.site.store("alice", "2.other", TEXT)
        session = self.logged_in()
        (self.new / "2.other").unlink()
        self.assert_err(session.command("RETR 1"))
        self.assertEqual(session.fetch("RETR 2"), wire_form(TEXT))
        self.assert_ok(session.command("DELE 1"))
        self.assert_ok(session.command("QUIT"))

    def change_while_sent(self, change):
        path = self.site.store("alice", "1.large", LARGE)
        session = self.logged_in()
        session.send(b"RETR 1\r\n")
        self.assert_ok(session.line())
        change(path)
        got = session.rest()
        self.assertNotEqual(got[-5:], b"\r\n.\r\n")
        self.assertFalse(got.endswith(b"\n.\r\n"))
        session.exit_status()
        self.site.wait_for_event("logout", ended="message-changed")

    def test_a_message_truncated_while_it_is_sent_is_not_ended(self):
        self.change_while_sent(lambda path: os.truncate(path, 20_000_000))

    def test_a_message_rewritten_while_it_is_sent_is_not_ended(self):
        def rewrite(path):
            with open(path, "r+b") as file:
                file.seek(25_000_000)
                file.write(b"something else")
        self.change_while_sent(rewrite)

    def test_a_message_touched_while_it_is_sent_is_sent_whole(self):
        for times in (None, (1234567890, 1234567890)):
            with self.subTest(times):
                path = self.site.store("alice", "1.large", LARGE)
                session = self.logged_in()
                session.send(b"RETR 1\r\n")
                self.assert_ok(session.line())
                time.sleep(0.05)  # the server waits for the client
                os.utime(path, times)
                self.assertEqual(session.body(), wire_form(LARGE))
                session.close()
                session.exit_status()

    def test_a_message_replaced_while_it_is_sent_is_sent_as_it_was(self):
        path = self.site.store("alice", "1.large", LARGE)
        session = self.logged_in()
        session.send(b"RETR 1\r\n")
        self.assert_ok(session.line())
        os.unlink(path)
        self.site.store("alice", "1.large", b"short\n")
        self.assertEqual(session.body(), wire_form(LARGE))

    def test_a_second_session_is_told_since_when_and_from_where(self):
        before = int(time.time())
        self.logged_in()
        with Session(self.site) as second:
            reply = self.assert_err(second.login(), "IN-USE").decode()
            since = re.search(r"since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) from 127\.0\.0\.1", reply)
            self.assertIsNotNone(since, reply)
            told = calendar.timegm(time.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ"))
            self.assertTrue(before <= told <= time.time())
            self.site.wait_for_event("in-use", user="alice")

    def test_a_maildrop_that_another_program_has_locked_is_no_sessions(self):
        self.assert_ok(self.logged_in().command("QUIT"))  # a session that the lock file still names
        program = os.open(self.site.maildir(), os.O_RDONLY)
        try:
            fcntl.flock(program, fcntl.LOCK_EX)
            with Session(self.site) as session:
                self.assertEqual(session.login(),
                                 b"-ERR [IN-USE] maildrop locked by another program\r\n")
        finally:
            os.close(program)
        self.site.wait_for_event("in-use", reason="another-program", user="alice")
        self.logged_in()

    def test_a_session_needs_no_lock_file_where_something_else_has_its_name(self):
        path = self.site.maildir() / "sodapop.lock"
        for make, remove in ((path.mkdir, path.rmdir),
                             (lambda: path.symlink_to("elsewhere"), path.unlink)):
            make()
            first = self.logged_in()
            with Session(self.site) as second:
                self.assert_err(second.login(), "IN-USE")
            self.assert_ok(first.command("QUIT"))
            remove()
        lines = self.site.log_lines("maildir")
        self.assertIn('problem="sodapop.lock: Is a directory"', lines[0])
        self.assertIn('problem="sodapop.lock: Too many levels of symbolic links"', lines[1])
        self.assertEqual(len(lines), 2)

    def test_a_busy_maildrop_is_waited_for(self):
        self.site.configure(lock_wait=2)
        holder = self.logged_in()
        with Session(self.site) as second:
            begin = time.monotonic()
            self.assert_err(second.login(), "IN-USE")
            self.assert_lasted(begin, 2)
        self.site.configure(lock_wait=harness.PATIENCE)
        with Session(self.site) as third:
            self.begin_login(third)
            holder.close()
            third.line()
            self.assert_ok(third.line())

    def begin_login(self, session):
        """Sends name and password, and waits until the session waits for the maildrop of another."""
        session.send(f"USER alice\r\nPASS {harness.PASSWORD}\r\n")
        harness.wait_for(lambda: self.site.slots_held() == 2)

    def test_a_client_that_is_back_before_its_old_session_has_ended_gets_in(self):
        self.site.configure(lock_wait=None)  # the default
        old = self.logged_in()
        os.kill(old.process.pid, signal.SIGSTOP)
        old.close()
        with Session(self.site) as new:
            self.begin_login(new)
            os.kill(old.process.pid, signal.SIGCONT)
            new.line()
            self.assert_ok(new.line())

    def test_a_client_that_leaves_without_QUIT_may_be_back_at_once(self):
        self.site.configure(lock_wait=None)  # the default
        for number in range(2000):
            self.site.store("alice", f"{2000 + number}.M{number}", TEXT)
        for leave in (Session.close, Session.reset) * 5:
            (self.site.maildir() / "sodapop.index").unlink(missing_ok=True)
            session = self.logged_in()
            self.assert_ok(session.command("STAT"))  # learns sizes, which the session's end writes
            leave(session)

    def leave_in_a_slow_STAT(self, leave):
        session = self.logged_in(preexec_fn=faults.telling_no_holes())
        used = harness.cpu_seconds(session.process.pid)
        session.send(b"STAT\r\n")
        harness.wait_for(lambda: harness.cpu_seconds(session.process.pid) > used + 0.3)
        leave(session)
        begin = time.monotonic()
        self.site.wait_for_event("logout", ended="connection-lost")
        self.assertLess(time.monotonic(), begin + 5)
        with Session(self.site) as back:
            self.assert_ok(back.login())

    @faults.needs_faults
    def test_a_client_that_leaves_while_a_large_message_is_read_frees_the_maildrop(self):
        path = self.site.store("alice", "3000.M1", b"")
        os.truncate(path, LONGEST)
        self.leave_in_a_slow_STAT(Session.close)

    def test_a_sparse_message_is_listed_at_once(self):
        path = self.site.store("alice", "3000.M1", b"")
        os.truncate(path, LONGEST)
        with open(path, "r+b") as file:
            file.seek(LONGEST // 2)
            file.write(b"line\n" * 1000)
        session = self.logged_in()
        used = harness.cpu_seconds(session.process.pid)
        self.assertEqual(session.command("LIST 1"), b"+OK 1 %d\r\n" % (LONGEST + 1000 + 2))
        self.assertLess(harness.cpu_seconds(session.process.pid), used + 1)

    @faults.needs_faults
    def test_a_client_that_leaves_in_a_slow_STAT_frees_the_maildrop(self):
        for number in range(100):
            os.truncate(self.site.store("alice", f"{3000 + number}.M{number}", b""), 1 << 26)
        index = self.site.maildir() / "sodapop.index"
        for leave in (Session.close, Session.reset):
            with self.subTest(leave=leave.__name__):
                self.leave_in_a_slow_STAT(leave)
                self.assertLess(len(index.read_text().splitlines()), 80)
                index.unlink()
                self.site.log.write_text("")

    def test_commands_that_a_client_has_sent_before_it_left_are_followed(self):
        for number in range(5):
            os.truncate(self.site.store("alice", f"{3000 + number}.M{number}", b""), 1 << 28)
        session = self.logged_in()
        session.send(b"DELE 1\r\nSTAT\r\nQUIT\r\n")
        session.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(session.rest().count(b"+OK"), 3)
        self.assertEqual(len(self.site.messages()), 5)

    def test_the_lock_is_free_as_soon_as_QUIT_is_answered(self):
        first = self.logged_in()
        self.assert_ok(first.command("QUIT"))
        with Session(self.site) as second:  # while the first client has not closed its side yet
            self.assert_ok(second.login())

    def test_a_lock_file_left_behind_does_not_lock(self):
        path = self.site.maildir() / "sodapop.lock"
        path.write_text("1700000000 192.0.2.1\n")
        os.chown(path, *([os.stat(self.new).st_uid] * 2))
        self.logged_in()

    def test_a_forged_lock_file_tells_nothing_odd(self):
        self.logged_in()
        path = self.site.maildir() / "sodapop.lock"
        for text in (b"", b"\0" * 50, b"x" * 10000, b"-5 \r\n+OK", b"1 \r\n.\r\n+OK hello",
                     b"99999999999999999999 1.2.3.4"):
            path.write_bytes(text)
            with Session(self.site) as second:
                reply = self.assert_err(second.login(), "IN-USE")
                self.assertRegex(reply, rb"^[\x20-\x7e]+\r\n$")

    def test_retrieved_messages_are_flagged_at_QUIT(self):
        self.site.store("alice", "2.in-cur:2,F", TEXT, "cur")
        self.site.store("alice", "3.topped", TEXT)
        session = self.logged_in()
        session.fetch("RETR 1")
        session.fetch("TOP 2 0")
        session.fetch("RETR 3")
        self.assert_ok(session.command("QUIT"))
        session.exit_status()
        self.assertEqual(sorted(os.listdir(self.cur)),
                         ["1000001.M1P1.example:2,S", "2.in-cur:2,FS"])
        self.assertEqual(os.listdir(self.new), ["3.topped"])

    def test_nothing_is_flagged_when_configured_so_or_without_QUIT(self):
        session = self.logged_in()
        session.fetch("RETR 1")
        session.close()
        session.exit_status()
        self.assertEqual(len(os.listdir(self.new)), 1)
        session = self.logged_in("--mark-seen", "no")
        session.fetch("RETR 1")
        self.assert_ok(session.command("QUIT"))
        session.exit_status()
        self.assertEqual(len(os.listdir(self.new)), 1)

    def test_trashed_messages_are_listed(self):
        self.site.store("alice", "2.trashed:2,ST", TEXT, "cur")
        self.assertTrue(self.logged_in().command("STAT").startswith(b"+OK 2 "))

    def test_a_missing_maildir_is_refused_or_empty(self):
        self.site.maildir().rename(self.site.root / "elsewhere")
        with Session(self.site) as session:
            self.assert_err(session.login(), "SYS/PERM")
            self.site.wait_for_event("unavailable", reason="no-maildir")
        session = self.logged_in("--missing-maildir", "empty")
        self.assertEqual(session.command("STAT"), b"+OK 0 0\r\n")
        self.assertEqual(session.fetch("LIST"), b"")
        self.assert_ok(session.command("QUIT"))

    def test_what_is_no_maildir_is_refused(self):
        self.cur.rename(self.site.root / "elsewhere")
        with Session(self.site) as session:
            self.assert_err(session.login(), "SYS/PERM")
        os.symlink("/tmp", self.cur)
        with Session(self.site) as session:
            self.assert_err(session.login(), "SYS/PERM")

    @needs_root
    def test_a_maildir_of_somebody_else_is_refused(self):
        self.site.add_user("bob", [TEXT])
        self.site.maildir("bob").parent.chmod(0o755)
        bob = os.stat(self.site.maildir("bob"))
        for path in [self.site.maildir(), *self.site.maildir().iterdir()]:
            os.chown(path, bob.st_uid, bob.st_gid)
        with Session(self.site) as session:
            self.assert_err(session.login(), "SYS/PERM")

    @unittest.skipUnless(IS_ROOT, "needs root, for an ordinary user's files to be another's")
    def test_QUIT_tells_what_could_not_be_removed(self):
        self.site.store("alice", "2.other", TEXT, "cur")
        session = self.logged_in()
        self.assert_ok(session.command("DELE 1"))
        self.assert_ok(session.command("DELE 2"))
        os.chmod(self.new, 0o500)
        os.chown(self.new, 0, os.stat(self.cur).st_gid)
        os.chmod(self.new, 0o550)
        reply = self.assert_err(session.command("QUIT"))
        self.assertRegex(reply, rb"\b1\b")
        session.exit_status()
        self.assertEqual(self.site.messages(), ["1000001.M1P1.example"])
        self.site.wait_for_event("logout", ended="update-failed", deleted=1)


if __name__ == "__main__":
    harness.main()
