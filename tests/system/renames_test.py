# SPDX-License-Identifier: ISC
"""Logins while another program renames messages: each session has every message, once.

    renames_test.py --messages 300..200000 --renames 10..10000 --logins N

runs N logins with that many messages and renames a second in place of the short form; TMPDIR says on
which file system.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
import unittest

from harness import Session, SiteTest, report

FLAGS = ("", "F", "FS", "RS", "S")
NUMBERS = ("", ",U=7", ",U=8")  # of programs that synchronise folders
PACE = 0.001  # seconds between two bursts of renames


def rename_for_ever(maildir, bases, renames, count):
    """Renames a message at random as readers of mail do, `renames` times a second: out of new/, with
    other flags, another number, and now and then back to new/."""
    choose = random.Random(1)
    places = {base: f"new/{base}" for base in bases}
    begin = time.monotonic()
    while True:
        while count.value < (time.monotonic() - begin) * renames:
            base = choose.choice(bases)
            old = places[base]
            name = base + choose.choice(NUMBERS)
            new = f"new/{name}" if choose.random() < 0.1 else f"cur/{name}:2,{choose.choice(FLAGS)}"
            os.rename(maildir / old, maildir / new)
            places[base] = new
            count.value += 1
        time.sleep(PACE)


class Renames(SiteTest):
    def check(self, messages, renames, logins):
        self.site.add_user("alice")
        bases = [f"{1000000000 + n}.M{n}P1.example" for n in range(messages)]
        for base in bases:
            self.site.store("alice", base, b"Subject: one\n\ntext\n")
        count = multiprocessing.Value("Q", 0, lock=False)
        renamer = multiprocessing.get_context("fork").Process(
            target=rename_for_ever, args=(self.site.maildir(), bases, renames, count))
        begin = time.monotonic()
        renamer.start()
        try:
            wrong = [self.missing_and_others(bases) for _ in range(logins)]
            lasted = time.monotonic() - begin
            self.assertTrue(renamer.is_alive())
        finally:
            renamer.kill()
            renamer.join()
        missing, others = (sum(counts) for counts in zip(*wrong))
        report(f"{messages} messages, {count.value / lasted:.0f} renames a second, {logins} logins",
               f"{missing} missing, {others} that are none, {1000 * lasted / logins:.0f} ms a login")
        self.assertEqual((missing, others), (0, 0))

    def missing_and_others(self, bases):
        """How many messages a session lacks, and how many it has twice or that do not exist."""
        with Session(self.site) as session:
            self.assert_ok(session.login())
            listed = session.fetch("UIDL").decode().split()[1::2]
            self.assert_ok(session.command("QUIT"))
        missing = len(set(bases) - set(listed))
        return missing, len(listed) - (len(bases) - missing)

    def test_messages_that_one_getdents_lists(self):
        self.check(messages=300, renames=10_000, logins=20)

    def test_many_messages_and_few_renames(self):
        self.check(messages=10_000, renames=10, logins=20)

    def test_many_messages_and_many_renames(self):
        self.check(messages=10_000, renames=10_000, logins=20)


def long_form():
    parser = argparse.ArgumentParser()
    for option in ("--messages", "--renames", "--logins"):
        parser.add_argument(option, type=int, required=True)
    wanted = vars(parser.parse_args())

    class LongForm(Renames):
        def test_as_wanted(self):
            self.check(**wanted)

    return unittest.defaultTestLoader.loadTestsFromName("test_as_wanted", LongForm)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        unittest.main(verbosity=2)
    sys.exit(not unittest.TextTestRunner().run(long_form()).wasSuccessful())
