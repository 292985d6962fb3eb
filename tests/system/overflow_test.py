# SPDX-License-Identifier: ISC
"""An attacker who knows an overflow in the front, and guesses the stack canary octet by octet from
one connection to the next; and what the listener does about crashes. The sodapopd of this test has
such an overflow (planted_overflow.cpp)."""

import os
import pathlib
import socket
import struct
import subprocess
import unittest

import harness
from harness import BUILD, PATIENCE, Conversation, SiteTest, children, status_of, wait_for
from launchers import free_port
from proxies import CLIENT, NEIGHBOUR, enter_own_network

VULNERABLE = BUILD / "tests" / "system" / "sodapopd_with_overflow"
REFUSAL = b"-ERR [SYS/TEMP] connections from your network are refused; try again later\r\n"
SURVIVED = b"survived\r\n"
CANARY_OCTETS = 8
FACTS = struct.Struct("<QQ")  # where the canary is, and its value
SESSIONS = 200
CRASHES = 4  # until the listener restarts

has_own_network = False


def setUpModule():
    global has_own_network
    has_own_network = enter_own_network()


class Refused(Exception):
    """The server does not serve this client."""


class OverflowTest(SiteTest):
    settings = {"tls": "wrapped"}  # so that clients elsewhere may send passwords

    def setUp(self):
        if not VULNERABLE.exists():
            self.skipTest("the canary can be renewed on x86-64 only")
        super().setUp()
        self.site.add_user("alice")
        self.site.add_user("bob")
        self.port = free_port()
        program = harness.reachable(VULNERABLE)
        listens = ("--listen", f"127.0.0.1:{self.port}")
        self.server = subprocess.Popen([program, *self.site.command(*listens)[1:]],
                                       stdin=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.terminate)
        self.site.wait_for_event("listening")

    def open_session(self, source="127.0.0.1"):
        """A session that has done no harm, at its greeting."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))
        talk = Conversation(connection)
        self.addCleanup(talk.close)
        talk.file.read(FACTS.size)
        talk.send(b"harmless")
        self.assertEqual(talk.line(), SURVIVED)
        self.assert_ok(talk.line())
        return talk

    def crash(self, times):
        for _ in range(times):
            self.attack_and_wait(b"\1" * CANARY_OCTETS)

    def attack(self, guess, source="127.0.0.1"):
        """One connection: overwrites the first octets of the canary by `guess`, which may also be a
        function of the true value. Gives the true value and whether the front survived."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))
        with Conversation(connection) as talk:
            facts = talk.file.read(FACTS.size)
            if facts.startswith(b"-ERR"):
                self.assertEqual(facts + talk.line(), REFUSAL)
                raise Refused
            distance, canary = FACTS.unpack(facts)
            canary = canary.to_bytes(CANARY_OCTETS, "little")
            talk.send(bytes(distance) + (guess(canary) if callable(guess) else guess))
            survived = talk.file.read(len(SURVIVED)) == SURVIVED
        return canary, survived

    def attack_and_wait(self, guess, source="127.0.0.1"):
        """As attack(), and waits until the listener knows how the session has ended."""
        before = set(children(self.server.pid))
        outcome = self.attack(guess, source)
        wait_for(lambda: set(children(self.server.pid)) <= before)
        return outcome

    def guess_canary(self, source, most):
        """Guesses octet after octet, as an attacker would; gives the number of octets that are
        known at the end, the first of which is always 0, and of connections."""
        known, tried = b"\0", 0
        for connections in range(1, most + 1):
            try:
                survived = self.attack_and_wait(known + bytes([tried]), source)[1]
            except Refused:
                break
            known, tried = (known + bytes([tried]), 0) if survived else (known, (tried + 1) % 256)
            if len(known) == CANARY_OCTETS:
                break
        return len(known), connections


class Overflow(OverflowTest):
    def test_the_fault_is_there(self):
        """Without this the other tests would show nothing."""
        def with_wrong_octet(index):
            return lambda canary: canary[:index] + bytes([canary[index] ^ 1])
        for octets in range(CANARY_OCTETS + 1):
            self.assertTrue(self.attack(lambda canary, end=octets: canary[:end])[1])
        for index in range(CANARY_OCTETS):
            self.assertFalse(self.attack(with_wrong_octet(index))[1])

    def test_no_session_tells_anything_about_the_canary_of_the_next(self):
        """The source is this host, which is never refused. With 56 random octets anew for each
        session, an attacker would need 2 to the power of 55 connections on average."""
        canaries = [self.attack(b"")[0] for _ in range(SESSIONS)]
        self.assertEqual(len(set(canaries)), SESSIONS)
        for index in range(1, CANARY_OCTETS):
            # Of 200 random octets 139 are different on average, and all but never fewer than 100.
            self.assertGreater(len({canary[index] for canary in canaries}), SESSIONS // 2)

    def test_the_canary_of_one_session_is_wrong_in_the_next(self):
        canary = self.attack(b"")[0]
        self.assertFalse(self.attack(canary)[1])

    def test_a_source_is_refused_before_it_knows_the_second_octet(self):
        if not has_own_network:
            self.skipTest("needs root and ip(8), for clients that are not on this host")
        known, connections = self.guess_canary(CLIENT, most=4)
        harness.report("connections until the source is refused", connections)
        self.assertLess(known - 1, 2)
        # One for each octet that was guessed by chance, one that crashed, one that was refused.
        self.assertEqual(connections, known - 1 + 2)
        self.assertRaises(Refused, self.attack, b"", CLIENT)
        self.site.wait_for_event("front-failed", **{"from": CLIENT})
        self.site.wait_for_event("refused", reason="crash", **{"from": CLIENT})
        self.assertTrue(self.attack(b"", NEIGHBOUR)[1])

    def test_a_crash_of_the_verifier_counts_as_well(self):
        if not has_own_network:
            self.skipTest("needs root and ip(8), for clients that are not on this host")
        with self.open_session(CLIENT) as talk:
            self.assert_err(talk.login(password="crash"), "SYS/TEMP")
            self.assert_ok(talk.command("QUIT"))
            talk.rest()
        wait_for(lambda: not children(self.server.pid))
        self.site.wait_for_event("unavailable", reason="verifier-ended")
        self.assertRaises(Refused, self.attack, b"", CLIENT)


def needs_shared_objects(program):
    """True when the program has an interpreter (elf(5)), which loads them."""
    octets = program.read_bytes()
    first, size, count = (struct.unpack_from(form, octets, place)[0]
                          for form, place in (("<Q", 0x20), ("<H", 0x36), ("<H", 0x38)))
    kinds = [struct.unpack_from("<I", octets, first + size * i)[0] for i in range(count)]
    return 3 in kinds


class Restart(OverflowTest):
    def setUp(self):
        super().setUp()
        if needs_shared_objects(VULNERABLE):
            self.skipTest("a program that needs shared objects is not restarted")

    def addresses(self):
        """Where the listener's program is in memory."""
        return pathlib.Path(f"/proc/{self.server.pid}/maps").read_text().split("-")[0]

    def wait_for_restarts(self, count):
        wait_for(lambda: len(self.site.log_lines("listening")) == 1 + count)

    def test_after_a_few_crashes_the_addresses_are_others_and_the_sessions_go_on(self):
        talk, before = self.open_session(), self.addresses()
        self.crash(CRASHES - 1)
        self.assertEqual(self.site.log_lines("restarting"), [])
        self.crash(1)
        self.wait_for_restarts(1)
        self.site.wait_for_event("restarting", crashes=CRASHES, sessions=1)
        self.assertNotEqual(self.addresses(), before)
        self.assert_ok(talk.login())
        self.assert_ok(self.open_session().login("bob"))
        self.assertEqual(status_of(self.server.pid)["Name"], "sodapopd")

    def test_a_restart_adds_no_filter_and_can_be_done_again(self):
        before = status_of(self.server.pid)
        command_line = pathlib.Path(f"/proc/{self.server.pid}/cmdline")
        for restarts in (1, 2):
            words = command_line.read_bytes()
            self.crash(CRASHES)
            self.wait_for_restarts(restarts)
        self.assertEqual(command_line.read_bytes(), words)
        self.assert_ok(self.open_session().login())
        for field in ("Seccomp", "Seccomp_filters", "NoNewPrivs", "CapPrm", "CapBnd", "Uid"):
            self.assertEqual(status_of(self.server.pid)[field], before[field], field)
        self.assertEqual(os.stat(f"/proc/{self.server.pid}/status").st_uid, 0)

    def test_a_restarted_listener_still_counts_sessions_and_waits_for_them(self):
        talk = self.open_session()
        self.crash(CRASHES)
        self.wait_for_restarts(1)
        self.server.terminate()
        self.site.wait_for_event("stopping", sessions=1)
        self.assert_ok(talk.command("QUIT"))
        talk.close()
        self.site.wait_for_event("stopped", terminated=0)
        self.assertEqual(self.server.wait(PATIENCE), 0)

    def test_a_network_that_is_refused_stays_refused(self):
        if not has_own_network:
            self.skipTest("needs root and ip(8), for clients that are not on this host")
        self.attack_and_wait(b"\1" * CANARY_OCTETS, CLIENT)
        self.crash(CRASHES - 1)
        self.wait_for_restarts(1)
        self.assertRaises(Refused, self.attack, b"", CLIENT)

    def test_a_configuration_that_is_refused_stops_no_running_server(self):
        before = self.addresses()
        good = self.site.config.read_text()
        self.site.config.write_text("nonsense = 1\n")
        self.crash(CRASHES)
        self.site.wait_for_event("restart-failed")
        self.assertEqual(self.addresses(), before)
        self.open_session()
        self.site.config.write_text(good)
        self.crash(CRASHES)
        self.wait_for_restarts(1)
        self.open_session()


if __name__ == "__main__":
    harness.main()
