# SPDX-License-Identifier: ISC
"""`sodapop penalties`: what it lists and clears, and what it says about files it cannot use."""

import json
import os
import re
import time
import unittest

from harness import needs_root
from penalty_file import PenaltyFile, name_digest
from sodapop_tool import CHEAP, GID, UID, Case

SITE_KEY = bytes(range(32))


class Penalties(Case):
    def setUp(self):
        super().setUp()
        self.runtime = os.path.join(self.directory, "run")
        self.state = os.path.join(self.directory, "state")
        for path in (self.runtime, self.state):
            os.mkdir(path, 0o700)
        self.write("sodapop.conf", f"users = {self.users}\nruntime-directory = {self.runtime}\n"
                                   f"state-directory = {self.state}\n")
        with open(os.path.join(self.state, "site-key"), "wb",
                  opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(SITE_KEY)
        self.succeed("user", "add", "alice", "--uid", str(UID), "--gid", str(GID), "--home",
                     self.home, *CHEAP, password="wonderland")

    def entries(self):
        return json.loads(self.succeed("penalties", "--json"))

    def fill(self):
        alice, other = (name_digest(SITE_KEY, name) for name in ("alice", "swordfish"))
        file = PenaltyFile(self.runtime)
        file.add("network", 30, 8, network="192.0.2.7")
        file.add("wider", 4, network="192.0.2.0")
        file.add("network", 4, network="2001:db8:1:2::")
        file.add("widest", 4, network="2001:db8:1::")
        file.add("gave-way", 4, network="2001:db8:1::")
        file.add("crash", 4, 30, network="192.0.2.7")
        file.add("name", 9, 2, digest=alice)
        file.add("fresh-name", 4, digest=other)
        file.add("pair", 4, network="192.0.2.7", digest=alice)
        file.add("pair", 4, network="198.51.100.1", digest=other)
        return alice.hex()[:16], other.hex()[:16]

    def test_without_failures_there_is_nothing(self):
        self.assertEqual(self.succeed("penalties"), "")
        self.assertEqual(self.entries(), [])
        self.assertEqual(self.succeed("penalties", "--clear-all"), "")
        self.assertEqual(os.listdir(self.runtime), [])
        PenaltyFile(self.runtime)
        self.assertEqual(self.succeed("penalties"), "")

    def test_networks_names_and_pairs_are_listed_the_longest_wait_first(self):
        alice, other = self.fill()
        entries = self.entries()
        self.assertEqual([entry["kind"] for entry in entries[:3]], ["crash", "network", "name"])
        self.assertEqual(len(entries), 10)
        network = entries[1]
        self.assertEqual((network["network"], network["failures"]), ("192.0.2.7/32", 7.5))
        self.assertIn(network["wait"], (6, 7, 8))
        self.assertNotIn("name", network)
        ago = time.time() - time.mktime(time.strptime(network["since"], "%Y-%m-%dT%H:%M:%SZ")) \
            + time.timezone
        self.assertTrue(58 <= ago <= 90, ago)
        self.assertEqual((entries[2]["name"], entries[2]["user-digest"]), ("alice", alice))
        self.assertEqual({entry.get("network") for entry in entries},
                         {"192.0.2.7/32", "192.0.2.0/24", "2001:db8:1:2::/64", "2001:db8:1::/48",
                          "198.51.100.1/32", None})
        fresh, = (entry for entry in entries if entry["kind"] == "fresh-name")
        self.assertNotIn("name", fresh)
        self.assertEqual(fresh["user-digest"], other)

    def test_the_table_has_a_row_for_each(self):
        _, other = self.fill()
        lines = self.succeed("penalties").splitlines()
        self.assertEqual(lines[0].split(), ["KIND", "NETWORK", "NAME", "FAILURES", "WAIT", "SINCE"])
        self.assertEqual(len(lines), 11)
        self.assertRegex(lines[2], r"^network +192\.0\.2\.7/32 +- +7\.50 +[678]s 20\d\d-")
        self.assertTrue(any(re.match(r"pair +192\.0\.2\.7/32 +alice ", line) for line in lines))
        self.assertTrue(any(re.match(f"fresh-name +- +#{other} ", line) for line in lines))

    def test_an_address_is_cleared_with_what_is_around_it_and_no_other(self):
        self.fill()
        self.assertEqual(self.succeed("penalties", "--clear", "192.0.2.7"), "4 entries cleared\n")
        self.assertFalse([entry for entry in self.entries()
                          if entry.get("network", "").startswith("192.0.2.")])
        self.assertEqual(self.succeed("penalties", "--clear", "2001:db8:1:2:3::4"),
                         "3 entries cleared\n")
        self.assertEqual(len(self.entries()), 3)

    def test_a_network_is_cleared_as_it_is_listed(self):
        self.fill()
        self.assertEqual(self.succeed("penalties", "--clear", "198.51.100.1/32"),
                         "1 entry cleared\n")

    def test_a_name_is_cleared_also_by_its_digest(self):
        _, other = self.fill()
        self.assertEqual(self.succeed("penalties", "--clear", "alice"), "2 entries cleared\n")
        self.assertEqual(self.succeed("penalties", "--clear", "#" + other), "2 entries cleared\n")
        self.assertEqual(len(self.entries()), 6)

    def test_names_with_odd_octets_are_listed_and_cleared(self):
        names = ['q"u\\o', "Ünï", "a\udcffb", "a\x1b[2Jb", "192.0.2.9"]
        with open(self.users, "rb") as file:
            line = file.read()
        with open(self.users, "ab") as file:
            for name in names:
                file.write(line.replace(b"alice", os.fsencode(name), 1))
        file = PenaltyFile(self.runtime)
        for name in names:
            file.add("name", 4, digest=name_digest(SITE_KEY, name))
        self.assertEqual(len(self.entries()), len(names))
        self.assertNotIn("\x1b", self.succeed("penalties"))
        for left, name in reversed(list(enumerate(names))):
            digest = name_digest(SITE_KEY, name).hex()[:16]
            given = "#" + digest if name == "192.0.2.9" else name
            self.assertEqual(self.succeed("penalties", "--clear", given), "1 entry cleared\n")
            self.assertEqual(len(self.entries()), left)

    def test_all_is_cleared(self):
        self.fill()
        self.assertEqual(self.succeed("penalties", "--clear-all"), "")
        self.assertEqual(self.entries(), [])

    def test_what_has_no_failures_is_an_error(self):
        for prepare in (lambda: None, self.fill):
            prepare()
            status, out, err = self.run_tool("penalties", "--clear", "203.0.113.1")
            self.assertEqual((status, out), (1, ""))
            self.assertEqual(err, "sodapop: no failures of 203.0.113.1\n")

    def test_without_site_key_and_users_file_digests_are_shown(self):
        alice, _ = self.fill()
        os.unlink(self.users)
        self.assertEqual(len(self.entries()), 10)
        os.unlink(os.path.join(self.state, "site-key"))
        self.assertIn("#" + alice, self.succeed("penalties"))
        self.assertEqual(os.listdir(self.state), [])

    @needs_root
    def test_root_sees_the_names_of_a_server_that_runs_as_another_account(self):
        alice, _ = self.fill()
        for path in ("run", "run/penalties", "state", "state/site-key"):
            os.chown(os.path.join(self.directory, path), UID, GID)
        self.assertNotIn("#" + alice, self.succeed("penalties"))
        self.assertEqual(self.succeed("penalties", "--clear", "alice"), "2 entries cleared\n")

    def test_an_incomplete_site_key_stays_as_it_is(self):
        alice, _ = self.fill()
        path = os.path.join(self.state, "site-key")
        os.truncate(path, 31)
        self.assertIn("#" + alice, self.succeed("penalties"))
        with open(path, "rb") as file:
            self.assertEqual(file.read(), SITE_KEY[:31])

    def test_a_file_that_the_server_makes_anew_is_an_empty_list(self):
        self.fill()
        with open(os.path.join(self.runtime, "penalties"), "r+b") as file:
            file.truncate(5000)
        self.assertEqual(self.entries(), [])

    def test_a_file_that_cannot_be_used_is_an_error(self):
        os.mkdir(os.path.join(self.runtime, "penalties"))
        status, out, err = self.run_tool("penalties")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("/penalties: it is a directory", err)


if __name__ == "__main__":
    unittest.main()
