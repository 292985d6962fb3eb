#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""contrib/migration/keep-unique-ids: renames messages to the unique-ids that Dovecot or Courier
gave them."""

import os
import pathlib
import subprocess
import tempfile
import unittest

OWNER = 5000 if os.geteuid() == 0 else os.geteuid()
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "contrib/migration/keep-unique-ids"

# Lists of unique-ids, as Dovecot 2.3 and Courier 1.0 write them.
DOVECOT = """3 V1795421204 N23 Gd646c30014f4036b0c00000083ecc375
1 W22 :17.M1P7.host,S=19
10 W22 S20 :18.M1P7.host:2,S
11 Ptold-before Gabc :19.M1P7.host
12 :20.M1P7.gone
"""
DOVECOT_AFTER = """3 V1795421204 N23 Gd646c30014f4036b0c00000083ecc375
1 W22 P000000016b03f414 :000000016b03f414
10 W22 S20 P0000000a6b03f414 :0000000a6b03f414
11 Ptold-before Gabc :told-before
12 P0000000c6b03f414 :0000000c6b03f414
"""
COURIER = """/3 23 1795421261
17.M1P7.host,S=19:2,S 22 1:1795421261:0
18.M1P7.host:2, 22 10:0:0
19.M1P7.host 22 0:0:0
20.M1 P7.host:2, 22 11:1795421261:1
"""
COURIER_AFTER = """/3 23 1795421261
UID1-1795421261:2,S 22 1:1795421261:0
UID10:2, 22 10:0:0
19.M1P7.host 22 0:0:0
UID11-1795421261:2, 22 11:1795421261:1
"""


class KeepUniqueIds(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="sodapop-test-")
        self.addCleanup(scratch.cleanup)
        self.maildir = pathlib.Path(scratch.name)
        for folder in ("new", "cur"):
            (self.maildir / folder).mkdir()

    def deliver(self, *names):
        for name in names:
            (self.maildir / name).write_text(name)

    def messages(self):
        """The name of each message now -> its name when it was delivered."""
        return {str(path.relative_to(self.maildir)): path.read_text()
                for path in self.maildir.glob("*/*")}

    def run_script(self, user=OWNER, owner=OWNER):
        if os.geteuid() == 0:
            for path in (self.maildir, *self.maildir.rglob("*")):
                os.chown(path, owner, owner, follow_symlinks=False)
        program = SCRIPT.read_text()  # that user may not be able to read the file
        return subprocess.run(["sh", "-c", program, SCRIPT.name, self.maildir], capture_output=True,
                              text=True, timeout=30, check=False,
                              **({"user": user} if os.geteuid() == 0 else {}))

    def assert_refused(self, done, words):
        """With these words, and nothing has been renamed or made."""
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(self.messages(), self.before)
        self.assertFalse((self.maildir / "dovecot-uidlist.before").exists())

    def prepare(self, uidlist=DOVECOT):
        self.deliver("cur/17.M1P7.host,S=19:2,FS", "cur/18.M1P7.host:2,")
        (self.maildir / "dovecot-uidlist").write_text(uidlist)
        self.before = self.messages()

    def test_messages_of_Dovecot_are_called_by_uid_and_validity_or_as_it_has_saved(self):
        names = ("cur/17.M1P7.host,S=19:2,FS", "cur/18.M1P7.host:2,", "new/19.M1P7.host",
                 "new/21.M1P7.later")
        self.deliver(*names)
        (self.maildir / "dovecot-uidlist").write_text(DOVECOT)
        self.assertIn("3 messages renamed", self.run_script().stdout)
        self.assertEqual(self.messages(), dict(zip(
            ("cur/000000016b03f414:2,FS", "cur/0000000a6b03f414:2,", "new/told-before", names[3]),
            names)))
        self.assertEqual((self.maildir / "dovecot-uidlist").read_text(), DOVECOT_AFTER)
        self.assertEqual((self.maildir / "dovecot-uidlist.before").read_text(), DOVECOT)

    def test_messages_of_Courier_are_called_by_their_numbers_old_ones_as_before(self):
        names = ("cur/17.M1P7.host,S=19:2,S", "cur/18.M1P7.host:2,", "new/19.M1P7.host",
                 "cur/20.M1 P7.host:2,")
        self.deliver(*names)
        (self.maildir / "courierpop3dsizelist").write_text(COURIER)
        self.assertIn("3 messages renamed", self.run_script().stdout)
        self.assertEqual(self.messages(), dict(zip(
            ("cur/UID1-1795421261:2,S", "cur/UID10:2,", names[2], "cur/UID11-1795421261:2,"),
            names)))
        self.assertEqual((self.maildir / "courierpop3dsizelist").read_text(), COURIER_AFTER)

    def test_a_second_time_and_without_a_list_nothing_is_touched(self):
        self.deliver("cur/17.M1P7.host,S=19:2,S")
        before = self.messages()
        self.assertEqual(self.run_script().returncode, 1)
        (self.maildir / "dovecot-uidlist").write_text(DOVECOT)
        (self.maildir / "dovecot-uidlist.before").write_text("")
        done = self.run_script()
        self.assertEqual((done.returncode, self.messages()), (1, before))
        self.assertIn("done before", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_and_foreign_owners_are_refused(self):
        self.prepare()
        self.assert_refused(self.run_script(user=0), "not as root")
        self.assert_refused(self.run_script(user=0, owner=0), "not as root")
        self.maildir.chmod(0o777)
        self.assert_refused(self.run_script(user=5001), "belongs to another user")

    def test_names_that_lead_elsewhere_are_refused_before_anything_is_renamed(self):
        outside = self.maildir / "outside"
        outside.write_text("not a message")
        for line in ("20 :../outside", "20 P../outside :18.M1P7.host",
                                       "20 Pa/b :18.M1P7.host", "20 :.hidden",
                                       "20 P.hidden :18.M1P7.host", "20 :/etc/passwd", "20 :"):
            with self.subTest(line):
                self.prepare(DOVECOT + line + "\n")
                self.assert_refused(self.run_script(), "which no message has")
                self.assertEqual(outside.read_text(), "not a message")
        (self.maildir / "dovecot-uidlist").unlink()
        (self.maildir / "courierpop3dsizelist").write_text(COURIER + "../outside 22 1:2:0\n")
        self.assert_refused(self.run_script(), "which no message has")

    def test_links_are_refused(self):
        self.prepare()
        uidlist, elsewhere = self.maildir / "dovecot-uidlist", self.maildir / "elsewhere"
        uidlist.rename(elsewhere)
        uidlist.symlink_to(elsewhere)
        self.assert_refused(self.run_script(), "is a link")
        elsewhere.rename(uidlist)
        (self.maildir / "cur").rename(elsewhere)
        (self.maildir / "cur").symlink_to(elsewhere)
        self.before = self.messages()
        self.assert_refused(self.run_script(), "is a link")

    def test_the_new_list_is_written_to_no_file_that_is_there(self):
        for make in (pathlib.Path.touch, lambda path: path.symlink_to(self.maildir / "target")):
            self.prepare()
            new = self.maildir / "dovecot-uidlist.new"
            make(new)
            self.assertNotEqual(self.run_script().returncode, 0)
            self.assertEqual(self.messages(), self.before)
            self.assertFalse((self.maildir / "target").exists())
            new.unlink()


if __name__ == "__main__":
    unittest.main()
