# SPDX-License-Identifier: ISC
"""A file whose storage hangs: the root of a file system in user space (FUSE) that stops answering."""

import ctypes
import os
import select
import stat
import struct
import threading
import unittest

from mounts import enter_own_namespace

GETATTR, OPEN, READ, RELEASE, FLUSH, INIT = 3, 14, 15, 18, 25, 26  # of <linux/fuse.h>
FORGET, INTERRUPT, ENOSYS = 2, 36, 38
DIRECT_IO, NO_FLUSH = 1 << 0, 1 << 5


class HungFile:
    """Mounts a file with the text at `path`, an empty file of the same owner, until the end of
    `test`. After hang() nothing that is asked about it gets an answer. Where the questions were
    `heard`, the kernel makes the process wait even when that is killed; for a read only where each
    one is `direct`, past the cache."""

    def __init__(self, test, path, text, direct=False):
        if not enter_own_namespace():
            raise unittest.SkipTest("no mount namespace of its own")
        try:
            self.device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise unittest.SkipTest(f"no FUSE: {error}") from error
        test.addCleanup(os.close, self.device)  # answers all that wait
        self.facts, self.text = os.stat(path), text
        self.is_hung = self.hears = False
        self.open_flags = NO_FLUSH | (DIRECT_IO if direct else 0)
        options = f"fd={self.device},rootmode=100600,user_id=0,group_id=0,allow_other"
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"hung", os.fsencode(path), b"fuse", 0, options.encode()) != 0:
            raise unittest.SkipTest(f"no mount: {os.strerror(ctypes.get_errno())}")
        test.addCleanup(libc.umount2, os.fsencode(path), 2)  # MNT_DETACH
        threading.Thread(target=self.serve, daemon=True).start()

    def hang(self, heard=False):
        self.is_hung, self.hears = True, heard

    def serve(self):
        poll = select.poll()
        poll.register(self.device, select.POLLIN)
        while poll.poll() and (self.hears or not self.is_hung):
            question = os.read(self.device, 1 << 20)
            _, kind, number = struct.unpack_from("<IIQ", question)
            if kind not in (FORGET, INTERRUPT) and not self.is_hung:
                error, body = self.answer(kind)
                os.write(self.device, struct.pack("<IiQ", 16 + len(body), error, number) + body)

    def answer(self, kind):
        facts = self.facts
        if kind == INIT:
            return 0, struct.pack("<IIIIHHIIHHI28x", 7, 36, 0, 0, 16, 12, 1 << 17, 1, 32, 0, 0)
        if kind == GETATTR:
            second = int(facts.st_mtime)
            return 0, struct.pack("<QII6Q10I", 0, 0, 0, facts.st_ino, len(self.text), 1, second, second,
                                  second, 0, 0, 0, stat.S_IFREG | 0o600, 1, facts.st_uid,
                                  facts.st_gid, 0, 4096, 0)
        if kind == OPEN:
            return 0, struct.pack("<QII", 0, self.open_flags, 0)
        if kind == READ:
            return 0, self.text
        return (0, b"") if kind in (FLUSH, RELEASE) else (-ENOSYS, b"")
