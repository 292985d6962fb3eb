#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A front that is linked alone serves a session, and has no code of a store or of another process.

Usage: front_alone_test.py PROGRAM
"""

import re
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop()
MAY_KNOW = {"front", "ipc", "pop3", "proxy_protocol", "sandbox", "config", "base"}
OURS = MAY_KNOW | {"admin", "keeper", "listener", "maildir", "monitor", "passwords", "server", "state",
                   "tokens", "users", "verifier"}


class FrontAlone(unittest.TestCase):
    def test_it_serves_a_session(self):
        replies = subprocess.run([PROGRAM], input="QUIT\r\n", stdout=subprocess.PIPE, text=True,
                                 check=True, timeout=30).stdout.splitlines()
        self.assertEqual([reply[:3] for reply in replies], ["+OK", "+OK"])

    def test_it_has_no_code_of_others(self):
        symbols = subprocess.run(["nm", "-C", PROGRAM], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout
        namespaces = set(re.findall(r"\b([a-z0-9_]+)::", symbols))
        self.assertLessEqual({"front", "ipc", "pop3", "sandbox", "base"}, namespaces)
        self.assertEqual((namespaces & OURS) - MAY_KNOW, set())


if __name__ == "__main__":
    unittest.main()
