#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""contrib/migration/keep-unique-ids: renames messages to the unique-ids that Dovecot or Courier
gave them."""

import pathlib
import subprocess
import tempfile
import unittest

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

    def run_script(self):
        return subprocess.run(["sh", SCRIPT, self.maildir], capture_output=True, text=True,
                              timeout=30, check=False)

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


if __name__ == "__main__":
    unittest.main()
