# SPDX-License-Identifier: ISC
"""What UPDATE has on the disk before it answers QUIT, as strace(1) shows it, and what it says when the
file system fails there."""

import re

import harness
from harness import Session, SiteTest
from tracing import needs_strace, traced

TEXT = b"Subject: hello\n\nworld\n"
CHANGE = re.compile(r"\b(fsync|renameat2|linkat|unlinkat)\(\d+<[^>]*/(new|cur)>.*= (\S+)")


def failing(call, error="EIO", when="1"):
    """Options for strace(1). In place of the call getpid(2) is made, which the keeper's filter
    permits."""
    return "-e", f"inject={call}:error={error}:syscall=getpid:when={when}"


@needs_strace
@harness.needs_root
class UpdateSync(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice")

    def session(self):
        session = Session(self.site)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.login())
        return session

    def quit(self, session, *options):
        """QUIT with strace on the keeper. Gives the reply and what was done to the folders."""
        output = self.site.root / "strace"
        with traced(session.process.pid, output, *options):
            reply = session.command("QUIT")
            session.close()
            session.exit_status()
        return reply, [found.groups() for found in map(CHANGE.search, output.read_text().splitlines())
                       if found]

    def synced(self, changes):
        return [folder for call, folder, _ in changes if call == "fsync"]

    def test_a_name_in_cur_is_on_disk_before_its_removal_from_new(self):
        self.site.store("alice", "1.new", TEXT)
        session = self.session()
        session.fetch("RETR 1")
        reply, changes = self.quit(session)
        self.assert_ok(reply)
        self.assertEqual(changes, [("renameat2", "new", "0"), ("fsync", "cur", "0"),
                                   ("fsync", "new", "0")])

    def test_what_did_not_change_is_not_synced(self):
        self.site.store("alice", "1.seen:2,S", TEXT, "cur")
        session = self.session()
        session.fetch("RETR 1")
        reply, changes = self.quit(session)
        self.assert_ok(reply)
        self.assertEqual(changes, [])

    def test_only_the_folder_that_changed_is_synced(self):
        for folder, name in (("new", "1.a"), ("cur", "1.a:2,S")):
            with self.subTest(folder):
                self.site.store("alice", name, TEXT, folder)
                session = self.session()
                self.assert_ok(session.command("DELE 1"))
                reply, changes = self.quit(session)
                self.assert_ok(reply)
                self.assertEqual(self.synced(changes), [folder])

    def test_a_sync_that_fails_is_told_also_when_flags_alone_changed(self):
        for retrieved, deleted, count in ((True, False, 1), (False, True, 1), (True, True, 2)):
            with self.subTest(retrieved=retrieved, deleted=deleted):
                for path in self.site.maildir().glob("*/*"):
                    path.unlink()
                self.site.store("alice", "1.flagged", TEXT)
                self.site.store("alice", "2.deleted", TEXT)
                session = self.session()
                if retrieved:
                    session.fetch("RETR 1")
                if deleted:
                    self.assert_ok(session.command("DELE 2"))
                lines = len(self.site.log_lines("maildir"))
                reply, changes = self.quit(session, *failing("fsync"))
                self.assert_err(reply, "SYS/TEMP")
                told = self.site.log_lines("maildir")[lines:]
                self.assertEqual(len(told), 1, told)
                self.assertIn(f' problem=not-synced count={count} error="Input/output error" ', told[0])
                # Once, and not new/ after cur/: a flagged message would be in neither.
                self.assertEqual(len(self.synced(changes)), 1)
                self.assertEqual(len(self.site.messages()), 1 if deleted else 2)

    def test_a_file_system_that_cannot_flag_safely_is_told_in_the_line_of_the_logout(self):
        for name in ("1.a", "2.b"):
            self.site.store("alice", name, TEXT)
        session = self.session()
        session.fetch("RETR 1")
        session.fetch("RETR 2")
        reply, changes = self.quit(session, *failing("renameat2", "EINVAL", "1+"),
                                   *failing("linkat", "EPERM", "1+"))
        self.assert_ok(reply)
        self.assertEqual([call for call, _, _ in changes], ["renameat2", "linkat"])
        self.site.wait_for_event("logout", ended="quit", flags="unsupported")
        self.assertEqual(self.site.log_lines("maildir"), [])
        self.assertEqual(self.site.messages(), ["1.a", "2.b"])

    def test_only_a_name_without_a_file_means_that_a_message_is_gone(self):
        problems = {"newfstatat": "cannot look at a message", "unlinkat": "cannot remove a message"}
        for call, problem in problems.items():
            with self.subTest(call):
                self.site.store("alice", "1.a", TEXT)
                session = self.session()
                self.assert_ok(session.command("DELE 1"))
                reply, _ = self.quit(session, *failing(call))
                self.assertEqual(
                    reply, b"-ERR [SYS/TEMP] 1 messages could not be removed, 0 were\r\n")
                self.assertEqual(self.site.messages(), ["1.a"])
                self.assertIn(f' problem="{problem}: Input/output error" name=1.a ',
                              self.site.log_lines("maildir")[-2] + " ")


if __name__ == "__main__":
    harness.main()
