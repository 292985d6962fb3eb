# SPDX-License-Identifier: ISC
"""The index of sizes, through the real server: its state does not change the replies."""

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import time
import unittest

import harness
from conversation import PASSWORD
from harness import IS_ROOT, Session, SiteTest, needs_root, wire_form
from mounts import mount

LINES = b"Subject: one\n\nfirst line\n"
MAILS = [LINES, LINES.replace(b"\n", b"\r\n"), b"a: b\r\n\nmixed\rends\n", b"a: b\n\nno end",
         b"a: b\n\n.\n..dots\n", b"a: b\n\nNUL \0 and 8 bit \xff\n", b"",
         b"a: b\n\n" + b"x" * 5_000_000 + b"\n"]
NAMES = ["", ",S=5,W=7", ",S=24", ",W=18446744073709551615", ",S=,W=", ",S=1", ",S=0,W=0", ",W=1"]


class Index(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice")
        for number, (mail, name) in enumerate(zip(MAILS, NAMES), start=1):
            self.site.store("alice", f"{1000 + number}.M{number}{name}", mail)
        self.index = self.site.maildir() / "sodapop.index"
        self.temporary = self.site.maildir() / "sodapop.index.new"

    def sizes_in(self, session):
        self.assert_ok(session.login())
        stat = session.command("STAT").split()
        rows = [row.split() for row in session.fetch("LIST").splitlines()]
        self.assertEqual(int(stat[1]), len(rows))
        self.assertEqual(int(stat[2]), sum(int(size) for _, size in rows))
        return [int(size) for _, size in rows]

    def check_sizes(self, quit_=True, wanted=None, **popen):
        """Runs one session and checks that its sizes are exact."""
        with Session(self.site, **popen) as session:
            self.assertEqual(self.sizes_in(session), wanted or [len(wire_form(m)) for m in MAILS])
            if quit_:
                self.assert_ok(session.command("QUIT"))
            session.close()
            self.assertEqual(session.exit_status(), 0)

    def index_events(self):
        return len(self.site.log_lines("index"))

    def put_index(self, octets):
        if self.index.exists():
            self.index.unlink()
        self.index.write_bytes(octets)
        facts = os.stat(self.site.maildir())
        os.chown(self.index, facts.st_uid, facts.st_gid)

    def test_sizes_are_exact_and_what_RETR_sends_without_index_and_with_it(self):
        for _ in range(3):
            self.check_sizes()
            self.assertTrue(self.index.exists())
            self.assertEqual(os.stat(self.index).st_mode & 0o777, 0o600)
        with Session(self.site) as session:
            sizes = self.sizes_in(session)
            for number, size in enumerate(sizes, start=1):
                self.assertEqual(len(session.fetch(f"RETR {number}")), size)
        self.assertEqual(self.index_events(), 0)
        self.assertEqual(len(self.site.log_lines("maildir")), 0)

    def test_a_login_and_UIDL_leave_no_index(self):
        with Session(self.site) as session:
            self.assert_ok(session.login())
            session.fetch("UIDL")
            self.assert_ok(session.command("QUIT"))
        self.assertFalse(self.index.exists())

    def test_sizes_are_kept_when_the_client_just_goes(self):
        self.check_sizes(quit_=False)
        self.assertTrue(self.index.exists())

    def forged(self, key):
        """An index in the right format that gives the size 1 for every message."""
        lines = [f"sodapop-index 2 {len(MAILS)} 0 0\n"]
        for name in self.site.messages():
            inode = os.stat(self.site.maildir() / "new" / name).st_ino
            lines.append(f"1 {inode} 1 {name}\n")
        text = "".join(lines).encode()
        checksum = hashlib.blake2b(text, key=key, digest_size=32).hexdigest()
        return text + f"checksum {checksum}\n".encode()

    def test_an_index_that_the_user_forged_is_not_believed(self):
        for key in (b"", bytes(32), PASSWORD.encode()):
            with self.subTest(key=key):
                events = self.index_events()
                self.put_index(self.forged(key))
                self.check_sizes()
                self.assertEqual(self.index_events(), events + 1)
                self.check_sizes()
                self.assertEqual(self.index_events(), events + 1)

    def test_no_hash_is_needed_for_a_key_that_the_user_does_not_know(self):
        app_password = subprocess.run(
            [harness.SODAPOP, "--config", self.site.config, "app-password", "add", "alice", "phone"],
            check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
        fields = self.site.users_file.read_text().split(":")
        self.site.users_file.write_text(":".join([fields[0], "*", *fields[2:]]))
        for public in (hashlib.blake2b(b"*", person=b"sodapop-index-1", digest_size=32),
                       hashlib.blake2b(b"alice:*", person=b"sodapop-index-2", digest_size=32)):
            self.put_index(self.forged(public.digest()))
            with Session(self.site) as session:
                self.assert_ok(session.login(password=app_password))
                self.assertEqual(int(session.command("STAT").split()[2]),
                                 sum(len(wire_form(mail)) for mail in MAILS))
                self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.index_events(), 2)

    def test_a_renewed_hash_costs_no_second_reading(self):
        self.site.configure(rehash="yes")
        self.check_sizes()
        self.site.wait_for_event("rehash", user="alice")
        self.check_sizes()
        self.assertEqual(self.index_events(), 0)

    def test_an_index_of_another_user_is_not_believed(self):
        self.check_sizes()
        self.site.add_user("bob")
        shutil.rmtree(self.site.maildir("bob"))
        shutil.copytree(self.site.maildir(), self.site.maildir("bob"), copy_function=os.link)
        uid = os.stat(self.site.maildir().parent.parent / "bob").st_uid
        for path in [self.site.maildir("bob"), *self.site.maildir("bob").rglob("*")]:
            os.chown(path, uid, uid)
        with Session(self.site) as session:
            self.assert_ok(session.login("bob"))
            self.assertEqual(int(session.command("STAT").split()[2]),
                             sum(len(wire_form(mail)) for mail in MAILS))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.index_events(), 1)

    def test_a_changed_password_costs_one_reading(self):
        self.check_sizes()
        subprocess.run([harness.SODAPOP, "--config", self.site.config, "user", "password", "alice",
                        "--password-stdin", *harness.CHEAP], check=True, stdout=subprocess.PIPE,
                       input=PASSWORD.encode() + b"\n")
        self.check_sizes()
        self.assertEqual(self.index_events(), 1)
        self.check_sizes()
        self.assertEqual(self.index_events(), 1)

    def test_a_damaged_or_foreign_index_changes_no_reply(self):
        self.check_sizes()
        good = self.index.read_bytes()
        for bad in (b"", b"\n", good[:-1], good[:len(good) // 2], good[1:], good + b"x", good * 2,
                    good.replace(b"index 2 ", b"index 1 "), good.replace(b"\n3", b"\n4"),
                    os.urandom(10_000), b"9" * 1_000_000, b"courier\n", b"\0" * 100_000):
            with self.subTest(bad[:40]):
                self.put_index(bad)
                self.check_sizes()
                self.assertEqual(self.index.read_bytes().split(b" ")[0], b"sodapop-index")

    def test_something_else_in_its_place_changes_no_reply(self):
        for kind in ("directory", "fifo", "link", "link-to-itself", "unreadable"):
            for path in (self.index, self.temporary):
                with self.subTest(kind=kind, path=path.name):
                    if kind == "directory":
                        path.mkdir()
                    elif kind == "fifo":
                        os.mkfifo(path)
                    elif kind == "unreadable":
                        path.write_bytes(b"x")
                        path.chmod(0)
                    else:
                        path.symlink_to("/etc/passwd" if kind == "link" else path.name)
                    self.check_sizes()
                    if path.is_dir() and not path.is_symlink():
                        path.rmdir()
                    elif path.exists() or path.is_symlink():
                        path.unlink()
                    if self.index.exists():
                        self.index.unlink()

    @unittest.skipUnless(IS_ROOT, "needs users of their own")
    def test_a_read_only_maildir_changes_no_reply(self):
        os.chown(self.site.maildir(), 0, 0)
        self.site.maildir().chmod(0o755)
        for _ in range(2):
            self.check_sizes()
        self.assertFalse(self.index.exists())
        self.assertEqual(self.index_events(), 2)

    @needs_root
    def test_a_full_disk_changes_no_reply(self):
        full = self.site.maildir()
        kept = full.with_name("kept")
        full.rename(kept)
        full.mkdir()
        mount(self, "tmpfs", "-o", "size=7m", at=full)
        shutil.copytree(kept, full, dirs_exist_ok=True)
        for path in [full, *full.rglob("*")]:
            os.chown(path, 5000, 5000)
        try:
            with open(full / "tmp" / "filler", "wb", buffering=0) as filler:
                while filler.write(b"x" * 4096):
                    pass
        except OSError:
            pass  # the disk is full
        for _ in range(2):
            self.check_sizes()
        self.assertFalse(self.index.exists())
        self.assertFalse(self.temporary.exists())
        self.assertEqual(self.index_events(), 2)

    def test_a_limit_on_the_size_of_files_changes_no_reply(self):
        for number in range(2000):
            self.site.store("alice", f"{2000 + number}.{'n' * 100}", b"a\n")
        wanted = [len(wire_form(mail)) for mail in MAILS] + [3] * 2000
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        self.check_sizes(wanted=wanted, preexec_fn=limit)
        self.assertFalse(self.index.exists())
        self.assertFalse(self.temporary.exists())
        self.assertEqual(self.index_events(), 1)
        self.check_sizes(wanted=wanted)
        self.assertTrue(self.index.exists())

    def test_killed_while_it_is_written_the_next_session_is_as_ever(self):
        for number in range(3000):
            self.site.store("alice", f"{2000 + number}.M{number}", b"a\n")
        wanted = [len(wire_form(mail)) for mail in MAILS] + [3] * 3000
        for step in range(12):
            if self.index.exists():
                self.index.unlink()
            with Session(self.site) as session:
                self.sizes_in(session)
                session.send(b"QUIT\r\n")
                time.sleep(step * 0.0005)
                os.kill(session.process.pid, signal.SIGKILL)
            self.check_sizes(wanted=wanted)
            self.assertTrue(self.index.exists())
            self.assertFalse(self.temporary.exists())

    def test_a_file_with_the_inode_number_of_its_forerunner_is_read_again(self):
        """A file system may give the number of a removed file to the next one. Here one file is
        both, as not every file system does that at once."""
        for age in (0, 0.1):
            with self.subTest(age=age):
                time.sleep(age)
                self.check_sizes(wanted=self.present_sizes())
                for path in self.files():
                    other = path.rename(self.site.maildir() / "tmp" / path.name)
                    other.write_bytes(other.read_bytes() + b"more\n" * (2 if age else 1))
                    other.rename(path)
                self.check_sizes(wanted=self.present_sizes())

    def files(self):
        return sorted(self.site.maildir().glob("new/*"))

    def present_sizes(self):
        return [len(wire_form(path.read_bytes())) for path in self.files()]

    def test_a_message_changed_in_place_is_told_once_and_right_the_next_time(self):
        time.sleep(0.1)  # a change of a folder shows in its time from now on
        self.check_sizes()
        name = self.site.messages()[0]
        (self.site.maildir() / "new" / name).write_bytes(LINES + b"more\n")
        with Session(self.site) as session:
            sizes = self.sizes_in(session)
            self.assertEqual(sizes[0], len(wire_form(LINES)))
            for _ in range(3):
                self.assertEqual(session.fetch("RETR 1"), wire_form(LINES + b"more\n"))
            self.assertEqual(session.command("LIST 1").split()[2], b"%d" % sizes[0])
            self.assert_ok(session.command("QUIT"))
        lines = self.site.log_lines("maildir")
        self.assertEqual(len(lines), 1)
        self.assertIn(f" problem=size-changed name={name} ", lines[0])
        self.check_sizes(wanted=[len(wire_form(LINES + b"more\n"))] +
                         [len(wire_form(mail)) for mail in MAILS[1:]])


if __name__ == "__main__":
    harness.main()
