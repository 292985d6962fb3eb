# SPDX-License-Identifier: ISC
"""Other programs at work on the Maildir during a session: what they rename is followed, what they
put in a message's place is not removed unseen, and what they remove is not counted as removed."""

import os
import time
import unittest

import harness
from harness import Session, SiteTest, wire_form
from mounts import mount

TEXT = b"Subject: hello\n\nworld\n"
OTHER = b"Subject: another one\n\nof another length\n"
OFFLINEIMAP = "1700000000_0.4711.host,U=4,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S"


class SharedMaildir(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice")
        self.new = self.site.maildir() / "new"
        self.cur = self.site.maildir() / "cur"

    def store(self, name, octets=TEXT, folder="new"):
        self.site.store("alice", name, octets, folder)
        time.sleep(0.02)  # older than the session, by the clock of the file system

    def logged_in(self):
        session = Session(self.site)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login())
        return session

    def rewrite(self, path, octets):
        """As a filter does it."""
        temporary = self.site.maildir() / "tmp" / "filter"
        temporary.write_bytes(octets)
        facts = os.stat(path)
        os.chown(temporary, facts.st_uid, facts.st_gid)
        temporary.rename(path)

    def quit(self, session, reply):
        self.assertEqual(session.command("QUIT"), reply)
        session.close()
        session.exit_status()

    def quit_removes(self, session, removed):
        self.quit(session, b"+OK %d messages removed, bye\r\n" % removed)
        self.site.wait_for_event("logout", ended="quit", deleted=removed)

    def quit_fails(self, session, name, removed=0):
        self.quit(session, b"-ERR [SYS/TEMP] 1 messages could not be removed, %d were\r\n" % removed)
        self.site.wait_for_event("maildir", name=name)
        self.site.wait_for_event("maildir", problem="messages-not-removed", count=1)
        self.site.wait_for_event("logout", ended="update-failed", deleted=removed)

    def test_a_second_file_of_a_message_is_not_removed_unseen(self):
        for retrieved in (True, False):
            with self.subTest(retrieved=retrieved):
                self.store("2.two-files", OTHER)
                self.store("2.two-files:2,S", TEXT, "cur")
                session = self.logged_in()
                if retrieved:
                    self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
                (self.cur / "2.two-files:2,S").unlink()
                self.assert_ok(session.command("DELE 1"))
                self.quit_fails(session, "2.two-files")
                self.assertEqual((self.new / "2.two-files").read_bytes(), OTHER)
                again = self.logged_in()
                self.assertEqual(again.fetch("RETR 1"), wire_form(OTHER))
                self.assert_ok(again.command("DELE 1"))
                self.quit_removes(again, 1)
                self.assertEqual(self.site.messages(), [])

    def test_a_file_that_took_the_place_of_a_message_is_removed_only_if_it_was_sent(self):
        for name in ("2.kept", "3.read", "4.removed"):
            self.store(name)
        session = self.logged_in()
        for name in ("2.kept", "3.read", "4.removed"):
            self.rewrite(self.new / name, OTHER)
        self.assertEqual(session.fetch("RETR 2"), wire_form(OTHER))
        self.assertEqual(session.fetch("TOP 3 100"), wire_form(OTHER))
        for number in (1, 2, 3):
            self.assert_ok(session.command(f"DELE {number}"))
        self.quit_fails(session, "2.kept", removed=2)
        self.assertEqual(self.site.messages(), ["2.kept"])

    def test_a_file_that_was_opened_ahead_and_not_sent_is_not_removed(self):
        for number in range(1, 9):
            self.store(f"{number}.a")
        session = self.logged_in()
        session.fetch("RETR 1")
        for number in range(3, 9):
            self.rewrite(self.new / f"{number}.a", OTHER)
        session.fetch("RETR 2")  # along with which the others are opened
        self.assertEqual(session.fetch("RETR 4"), wire_form(OTHER))
        for number in (2, 3, 4):
            self.assert_ok(session.command(f"DELE {number}"))
        self.quit_fails(session, "3.a", removed=2)
        self.assertEqual(len(self.site.messages()), 6)

    def test_a_file_is_followed_to_the_name_that_a_sync_tool_gives_it(self):
        for renamed in ("2.original,U=1:2,", OFFLINEIMAP):
            with self.subTest(renamed):
                self.store("2.original")
                self.store("3.other")
                session = self.logged_in()
                unique_ids = session.fetch("UIDL")
                (self.new / "2.original").rename(self.cur / renamed)
                self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
                self.assertEqual(session.fetch("UIDL"), unique_ids)
                (self.cur / renamed).rename(self.cur / (renamed + "T"))
                self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
                self.assert_ok(session.command("DELE 1"))
                self.quit_removes(session, 1)
                self.assertEqual(self.site.messages(), ["3.other"])

    def test_a_file_that_a_sync_tool_renamed_is_flagged_under_its_new_name(self):
        self.store("2.original")
        session = self.logged_in()
        (self.new / "2.original").rename(self.new / "2.new-name,U=1")
        session.fetch("RETR 1")
        self.quit_removes(session, 0)
        self.assertEqual(self.site.messages(), ["2.new-name,U=1:2,S"])

    def remove_and_deliver(self, name):
        """Removes a message and stores others. True when one of them got its inode's number."""
        inode = os.stat(self.new / name).st_ino
        (self.new / name).unlink()
        arrived = [self.site.store("alice", f"{number}.arrived", OTHER) for number in range(3, 9)]
        return inode in [os.stat(path).st_ino for path in arrived]

    def test_a_new_message_with_the_inode_of_a_removed_one_is_another_message(self):
        for _ in range(20):
            self.store("2.removed")
            session = self.logged_in()
            if self.remove_and_deliver("2.removed"):
                break
            session.close()
            session.exit_status()
        else:
            raise unittest.SkipTest("this file system gives no inode number again")
        before = self.site.messages()
        self.assert_err(session.command("RETR 1"))
        self.assert_ok(session.command("DELE 1"))
        self.quit_removes(session, 0)
        self.assertEqual(self.site.messages(), before)

    def test_what_another_program_removed_is_not_counted_as_removed(self):
        for name in ("2.ours", "3.theirs", "4.left"):
            self.store(name)
        session = self.logged_in()
        self.assert_ok(session.command("DELE 1"))
        self.assert_ok(session.command("DELE 2"))
        (self.new / "3.theirs").unlink()
        self.quit_removes(session, 1)
        self.site.wait_for_event("logout", deleted=1, left=1)
        self.assertEqual(self.site.messages(), ["4.left"])

    def test_a_message_that_was_away_and_is_back_is_there(self):
        self.store("2.away")
        self.store("3.other")
        session = self.logged_in()
        away = self.site.root / "away"
        (self.new / "2.away").rename(away)
        self.assert_err(session.command("RETR 1"))
        self.assertEqual(session.fetch("RETR 2"), wire_form(TEXT))
        away.rename(self.cur / "2.away:2,S")
        time.sleep(0.1)  # a message that is gone is not looked for all the time
        self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
        (self.cur / "2.away:2,S").rename(away)
        self.assert_err(session.command("RETR 1"))
        away.rename(self.new / "2.away")
        self.assert_ok(session.command("DELE 1"))
        self.quit_removes(session, 1)
        self.assertEqual(self.site.messages(), ["3.other:2,S"])

    def replace(self, path, change):
        """Puts something in the place of the message that is no file. Links stay within the site."""
        path.unlink()
        if change == "directory":
            path.mkdir()
        elif change == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(self.site.users_file if change == "link" else "nowhere")
        self.addCleanup(path.rmdir if change == "directory" else path.unlink)

    def test_a_message_that_became_a_link_or_a_directory_is_not_removed(self):
        changes = ("link", "dangling", "fifo", "directory")
        for number, change in enumerate(changes, start=1):
            name = f"{number}.{change}"
            for retrieved in (True, False):
                with self.subTest(change, retrieved=retrieved):
                    self.store(name + str(retrieved))
                    session = self.logged_in()
                    path = self.new / (name + str(retrieved))
                    self.replace(path, change)
                    if retrieved:
                        self.assert_err(session.command("RETR 1"))
                    self.assert_ok(session.command("DELE 1"))
                    self.quit_fails(session, path.name)
                    self.assertTrue(os.path.lexists(path))

    def mount_overlay(self, names):
        """Stores messages on a file system whose directories have other inode numbers for them than
        stat(2)."""
        for layer in ("lower", "upper"):
            (self.site.root / layer).mkdir()
            mount(self, "tmpfs", at=self.site.root / layer)
        folders = [self.site.root / place for place in ("lower/data", "upper/data", "upper/work")]
        for folder in folders:
            folder.mkdir()
        lower = folders[0]
        for path in self.site.maildir().iterdir():
            (lower / path.name).mkdir()
        for name in names:
            (lower / "new" / name).write_bytes(TEXT)
        facts = os.stat(self.site.maildir())
        for path in [*folders, *lower.rglob("*")]:
            os.chown(path, facts.st_uid, facts.st_gid)
        mount(self, "overlay", "-o", "lowerdir=%s,upperdir=%s,workdir=%s,xino=off" % tuple(folders),
              at=self.site.maildir())
        for name in names:
            (self.new / name).rename(self.cur / (name + ":2,S"))
        for entry in os.scandir(self.cur):
            if entry.inode() == os.stat(entry.path).st_ino:
                raise unittest.SkipTest("this overlayfs has the same numbers everywhere")

    @harness.needs_root
    def test_directories_may_have_other_inode_numbers_than_files(self):
        names = ("1.sent", "2.listed", "3.rewritten", "4.renamed", "5.left")
        self.mount_overlay(names)
        session = self.logged_in()
        self.assertEqual(session.fetch("RETR 1"), wire_form(TEXT))
        self.rewrite(self.cur / "3.rewritten:2,S", OTHER)
        (self.cur / "4.renamed:2,S").rename(self.cur / "4.renamed:2,FS")
        time.sleep(0.05)  # more than the resolution of file times
        for number in (1, 2, 3, 4):
            self.assert_ok(session.command(f"DELE {number}"))
        self.quit_fails(session, "3.rewritten:2,S", removed=3)
        self.assertEqual(self.site.messages(), ["3.rewritten:2,S", "5.left:2,S"])


if __name__ == "__main__":
    harness.main()
