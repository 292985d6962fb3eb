# SPDX-License-Identifier: ISC
"""Messages that the system does not let the server read, and hashes for which it has no memory: what
the client is told, and what the log."""

import bz2
import errno
import gzip
import lzma
import os
import unittest

from conversation import PASSWORD
from faults import failing, failing_reads, needs_faults
from harness import Session, SiteTest, wire_form

TEXT = b"Subject: hello\n\nworld\n"
BAD = b"Subject: a message of its own length\n\nworld\n"


@needs_faults
class Faults(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [TEXT, BAD, TEXT])

    def check_sizes_in_next_session(self):
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.assertEqual(session.command("LIST 2"), b"+OK 2 %d\r\n" % len(wire_form(BAD)))
            self.assert_ok(session.command("QUIT"))
        (self.site.maildir() / "sodapop.index").unlink()

    def problems(self):
        return [line for line in self.site.log_lines("maildir") if " name=1000002.M2P1" in line]

    def test_a_size_that_cannot_be_read_for_now_is_told_to_be_so(self):
        for error in (errno.ENOMEM, errno.ESTALE, errno.EINTR, errno.ENFILE):
            with self.subTest(error=errno.errorcode[error]):
                self.check_without_size(failing_reads(len(BAD), error))
                self.check_sizes_in_next_session()

    def check_without_size(self, fault):
        size = len(wire_form(TEXT))
        with Session(self.site, preexec_fn=fault) as session:
            self.assert_ok(session.login())
            for command in ("STAT", "LIST", "LIST 2", "STAT"):
                self.assert_err(session.command(command), "SYS/TEMP")
            for number in (1, 3):
                self.assertEqual(session.command(f"LIST {number}"),
                                 b"+OK %d %d\r\n" % (number, size))
            self.assertEqual(session.fetch("RETR 3"), wire_form(TEXT))
            self.assert_ok(session.command("DELE 2"))
            self.assertEqual(session.command("STAT"), b"+OK 2 %d\r\n" % (2 * size))
            session.close()
            self.assertEqual(session.exit_status(), 0)

    def test_a_block_that_cannot_be_read_hides_no_other_message(self):
        sizes = [len(wire_form(TEXT)), len(BAD), len(wire_form(TEXT))]
        for error in (errno.EIO, 0):  # 0: the file ends before its length
            with self.subTest(error=error):
                with Session(self.site, preexec_fn=failing_reads(len(BAD), error)) as session:
                    self.assert_ok(session.login())
                    rows = [row.split() for row in session.fetch("LIST").splitlines()]
                    self.assertEqual([int(size) for _, size in rows], sizes)
                    self.assertEqual(session.command("STAT"), b"+OK 3 %d\r\n" % sum(sizes))
                    self.assert_ok(session.command("QUIT"))
                self.assertEqual(len(self.problems()), 1, self.problems())
                self.assertIn("Input/output error", self.problems()[0])
                self.check_sizes_in_next_session()
                self.site.log.write_bytes(b"")

    def test_a_message_that_cannot_be_read_is_refused_and_the_session_goes_on(self):
        for error in (errno.EIO, errno.ENOMEM):
            with self.subTest(error=errno.errorcode[error]):
                with Session(self.site, preexec_fn=failing_reads(len(BAD), error)) as session:
                    self.assert_ok(session.login())
                    for command in ("RETR 2", "TOP 2 0"):
                        session.send(f"NOOP\r\n{command}\r\nNOOP\r\n")
                        self.assert_ok(session.line())
                        self.assert_err(session.line(), "SYS/TEMP")
                        self.assert_ok(session.line())
                    self.assertEqual(session.command("LAST"), b"+OK 0\r\n")
                    self.assertEqual(session.fetch("RETR 3"), wire_form(TEXT))
                    self.assert_ok(session.command("QUIT"))
                self.site.wait_for_event("logout", ended="quit", retrieved=1)
                self.assertEqual(len(self.problems()), 2, self.problems())
                self.assertIn(os.strerror(error), self.problems()[0])
                self.site.log.write_bytes(b"")
        flags = {name.partition(":2,")[2] for name in self.site.messages() if ".M2P" in name}
        self.assertEqual(flags, {""})

    def test_a_message_that_cannot_be_read_to_its_end(self):
        block = 256 * 1024  # of what the server reads at once
        for blocks, is_refused in ((1, True), (4, False)):
            with self.subTest(blocks=blocks):
                self.site.store("alice", "9.large", b"x" * (blocks * block + 77))
                with Session(self.site, preexec_fn=failing_reads(77, errno.EIO)) as session:
                    self.assert_ok(session.login())
                    session.send("RETR 1\r\nNOOP\r\n")
                    if is_refused:
                        self.assert_err(session.line(), "SYS/TEMP")
                        self.assert_ok(session.line())
                        self.assert_ok(session.command("QUIT"))
                    else:
                        self.assert_ok(session.line())
                        self.assertEqual(session.rest().strip(b"x"), b"")
                        self.site.wait_for_event("logout", ended="message-unreadable")
                lines = [line for line in self.site.log_lines("maildir") if " name=9.large" in line]
                self.assertEqual(len(lines), 1, lines)
                self.assertIn("Input/output error", lines[0])
                self.site.log.write_bytes(b"")

    def test_a_hash_that_gets_no_memory_is_no_wrong_password(self):
        memory = 1 << 20  # of alice's hash
        fault = failing("mmap", 1, memory, memory + memory // 256 + 65535, errno.ENOMEM)
        for password in (PASSWORD, "wrong"):
            with Session(self.site, preexec_fn=fault) as session:
                self.assert_err(session.login(password=password), "SYS/TEMP")
        lines = self.site.log_lines("unavailable")
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertIn("reason=verifier-failed", line)
            self.assertIn("Cannot allocate memory", line)
        self.assertEqual(self.site.log_lines("login-failed"), [])


CODED = {"gzip": gzip.compress(TEXT), "bzip2": bz2.compress(TEXT), "xz": lzma.compress(TEXT),
         "zstd": b"\x28\xb5\x2f\xfd" + b"\x24\x15\xa9\0\0" + TEXT,
         "lz4": b"Dovecot-LZ4\x0d\x2a\x9b\xc5" + b"\0\1\0\0" + TEXT,
         "mail-crypt": b"CRYPTED\x03\x07\x02" + TEXT}


class Coded(SiteTest):
    """Messages that Dovecot's plugins zlib and mail_crypt have stored."""

    def test_a_compressed_or_encrypted_message_is_listed_and_not_sent(self):
        self.site.add_user("alice")
        for number, octets in enumerate(CODED.values(), start=1):
            self.site.store("alice", f"{number}.coded", octets)
        plain = len(CODED) + 1
        self.site.store("alice", f"{plain}.plain", TEXT)
        with Session(self.site) as session:
            self.assert_ok(session.login())
            sizes = [int(row.split()[1]) for row in session.fetch("LIST").splitlines()]
            self.assertEqual(sizes, [len(wire_form(text)) for text in [*CODED.values(), TEXT]])
            for number in range(1, plain):
                for command in (f"RETR {number}", f"TOP {number} 0"):
                    self.assertIn(b"compressed or encrypted",
                                  self.assert_err(session.command(command), "SYS/PERM"))
            self.assertEqual(session.fetch(f"RETR {plain}"), wire_form(TEXT))
            self.assert_ok(session.command("DELE 1"))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(len(self.site.messages()), len(CODED))
        self.assertEqual([name for name in self.site.messages() if name.endswith("S")],
                         [f"{plain}.plain:2,S"])
        for number, coding in enumerate(CODED, start=1):
            self.site.wait_for_event("maildir", problem="message-encoded", coding=coding,
                                     name=f"{number}.coded")
        self.site.wait_for_event("logout", ended="quit", retrieved=1, top=0)


if __name__ == "__main__":
    unittest.main()
