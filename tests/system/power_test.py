# SPDX-License-Identifier: ISC
"""The power fails during UPDATE: no mail is lost, also on a file system without a journal.

The maildrop is in an ext2 image. The keeper is stopped after each call that changes a folder or
syncs one. A copy of the image at that moment is the disk after a power loss, as the kernel has
written to the image only what was synced: the rest waits in memory, for some seconds at least.
e2fsck(8) repairs the copy, and a new session looks at it: a message in lost+found is lost.
"""

import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import unittest

import harness
from harness import PATIENCE, Session, SiteTest, find_program, needs_program, wire_form
from tracing import needs_strace, traced

# However the test ends, its processes and mounts end with it, and so do the loop devices.
NAMESPACE = ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
INSIDE = "--inside"
SIZE = "1M"  # of the image
STOPPED = "--- stopped by SIGSTOP ---"
CALL = re.compile(r"(fsync|renameat2|unlinkat)\(\d+<[^>]*/(new|cur)>.*= 0$", re.MULTILINE)
STOP_AFTER_CHANGES = ("-e", "trace=fsync,renameat2,unlinkat",
                      "-e", "inject=fsync,renameat2,unlinkat:signal=SIGSTOP")
REPAIRED = (0, 1)  # exit statuses of e2fsck: nothing to mend, all mended

# File names and folders, in the order of the numbers; the base name tells what the session does.
STORED = {"1.retrieved": "new", "2.deleted": "new", "3.kept": "new", "4.retrieved:2,F": "cur",
          "5.deleted:2,S": "cur", "6.kept:2,S": "cur"}
RETRIEVED, DELETED = (1, 4), (2, 5)
AFTERWARDS = ["1.retrieved:2,S", "3.kept", "4.retrieved:2,FS", "6.kept:2,S"]


def base_name(file_name):
    return file_name.partition(":")[0]


def text_of(base):
    return f"Subject: {base}\n\nthe text of {base}\n".encode()


EXPECTED = {base_name(name): wire_form(text_of(base_name(name))) for name in STORED}
MARKED = {name for name in EXPECTED if name.endswith("deleted")}


def run(*words, allowed=(0,)):
    done = subprocess.run([find_program(words[0]), *words[1:]], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode not in allowed:
        raise AssertionError(f"{words}: {done.returncode}: {done.stdout}")


@unittest.skipUnless(INSIDE in sys.argv, "needs root and unshare(1)")
@needs_strace
@needs_program("e2fsck")
@needs_program("mke2fs")
class Power(SiteTest):
    def setUp(self):
        super().setUp()
        self.mail = self.site.root / "mail"
        self.image = self.site.root / "disk"
        run("mke2fs", "-q", "-t", "ext2", self.image, SIZE)
        try:
            with self.mounted(self.image):
                pass
        except AssertionError as failure:
            raise unittest.SkipTest(f"cannot mount an image: {failure}") from None

    @contextlib.contextmanager
    def mounted(self, image):
        run("mount", "-o", "loop", image, self.mail)
        try:
            yield
        finally:
            run("umount", "-l", self.mail)

    def fill(self):
        self.mail.chmod(0o755)
        self.site.add_user("alice")
        for name, folder in STORED.items():
            self.site.store("alice", name, text_of(base_name(name)), folder)
        run("sync", "-f", self.mail)

    def update(self):
        """A session with its QUIT. Gives pairs: the last call that was made, and the file that the
        disk was copied to then."""
        disks = []
        with Session(self.site) as session:
            self.assert_ok(session.login())
            for number in RETRIEVED:
                session.fetch(f"RETR {number}")
            for number in DELETED:
                self.assert_ok(session.command(f"DELE {number}"))
            disks.append(("before QUIT", self.copy_of_disk(0)))
            output = self.site.root / "strace"
            with self.continued(session.process.pid), \
                    traced(session.process.pid, output, *STOP_AFTER_CHANGES):
                session.send("QUIT\r\n")
                while self.stops_again(session, output, len(disks)):
                    call = CALL.findall(output.read_text())[-1]
                    disks.append((" ".join(call), self.copy_of_disk(len(disks))))
                    os.kill(session.process.pid, signal.SIGCONT)
                self.assert_ok(session.line())
                disks.append(("QUIT", self.copy_of_disk(len(disks))))
        return disks

    @contextlib.contextmanager
    def continued(self, pid):
        """Leaves no stopped process behind when the test fails."""
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)  # not waited for yet, so it has its number still

    def stops_again(self, session, output, count):
        """Waits until the keeper has stopped `count` times, or has answered: then false."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if output.read_text().count(STOPPED) == count:
                return True
            if select.select([session.socket], [], [], 0.005)[0]:
                return False
        raise AssertionError(output.read_text())

    def copy_of_disk(self, number):
        return pathlib.Path(shutil.copy(self.image, self.site.root / f"disk.{number}"))

    def after_reboot(self, disk):
        """The file names, and the messages by their unique-ids as a new session gets them."""
        run("e2fsck", "-fy", disk, allowed=REPAIRED)
        with self.mounted(disk), Session(self.site) as session:
            names = self.site.messages()
            self.assert_ok(session.login())
            rows = [row.decode().split() for row in session.fetch("UIDL").splitlines()]
            self.assertEqual(len({uid for _, uid in rows}), len(rows), rows)
            return names, {uid: session.fetch(f"RETR {number}") for number, uid in rows}

    def test_no_mail_is_lost_wherever_in_UPDATE_the_power_fails(self):
        with self.mounted(self.image):
            self.fill()
            disks = self.update()
        calls = [call for call, _ in disks]
        self.assertEqual(sorted(calls[-3:]), ["QUIT", "fsync cur", "fsync new"])
        self.assertEqual(len(calls), 1 + len(RETRIEVED) + len(DELETED) + 3, calls)
        for call, disk in disks:
            with self.subTest(f"the disk after {call}"):
                names, found = self.after_reboot(disk)
                harness.report(f"on the disk after {call}", " ".join(names))
                if call not in calls[-3:] and names != sorted(STORED):
                    self.skipTest("the kernel has written what was not synced")
                self.assertEqual(EXPECTED.keys() - MARKED - found.keys(), set(), "lost")
                self.assertEqual(found, {name: EXPECTED.get(name) for name in found})
                if call == "QUIT":
                    self.assertEqual(names, AFTERWARDS)


def can_enter_namespace():
    """If not, unshare(1) has printed why."""
    return harness.IS_ROOT and find_program(NAMESPACE[0]) and \
        subprocess.run([*NAMESPACE, "true"], check=False).returncode == 0


if __name__ == "__main__":
    if INSIDE not in sys.argv and can_enter_namespace():
        os.execvp(NAMESPACE[0], [*NAMESPACE, sys.executable, *sys.argv, INSIDE])
    unittest.main(verbosity=2, argv=[word for word in sys.argv if word != INSIDE])
