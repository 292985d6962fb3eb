# SPDX-License-Identifier: ISC
"""Guesses are slowed down across connections, and the right user is served all the while: under a
super-server that tells the client's address, and behind a proxy that tells it to sodapopd's own
accept loop."""

import json
import os
import re
import signal
import socket
import subprocess

import harness
import launchers
import proxies
import scram
import tokens
from harness import (PATIENCE, SODAPOP, Conversation, Session, SiteTest, children, needs_feature,
                     needs_root, wait_for)
from penalty_file import PenaltyFile

GUESSER, NEIGHBOUR, MONITOR = "203.0.113.7", "198.51.100.8", "192.0.2.9"
TOO_MANY = re.compile(rb"-ERR \[SYS/TEMP\] too many failed logins; try again in [1-9][0-9]* seconds\r\n")
REFUSED = b"-ERR [SYS/TEMP] too many failed logins from your network; try again later\r\n"
CRASHED = b"-ERR [SYS/TEMP] connections from your network are refused; try again later\r\n"
FREE = 10  # at most so many wrong passwords of one network are looked at at once
PAUSE = 3  # seconds: less than the first wait of a network, more than any reply takes
QUARTERS = 4  # a failure
TOO_LATE = 8 * QUARTERS  # one attempt more is looked at, and the next is due half a minute later


class Rules:
    """The tests, for each way to connect: `connect` gives a conversation with a client at that
    address, whose greeting is read; `fronts` the process ids of all fronts."""

    settings = {"attempts": 20, "scram": "always", "login_limit": 30, "trusted_networks": MONITOR}

    def setUp(self):
        super().setUp()
        for name in ("alice", "bob"):
            self.site.add_user(name)

    def guess(self, address, name="alice", password="wrong"):
        """The reply to one attempt over a connection of its own."""
        with self.connect(address) as talk:
            self.assert_ok(talk.greeting)
            return talk.login(name, password)

    def failures(self, kind, network=None):
        """What `sodapop penalties` lists for that kind, of that network or of a name."""
        out = subprocess.run([SODAPOP, "--config", self.site.config, "penalties", "--json"],
                             check=True, stdout=subprocess.PIPE).stdout
        return sum(entry["failures"] for entry in json.loads(out)
                   if entry["kind"] == kind and entry.get("network") == network)

    def had_failed(self, quarters, *addresses):
        """Has these networks have failed before. To be called before the first connection."""
        file = PenaltyFile(self.site.root / "run")
        for address in addresses:
            file.add("network", quarters, network=address)

    def checked(self):
        """How many wrong passwords have been looked at."""
        return len([line for line in self.site.log_lines("login-failed")
                    if " reason=wrong-password " in line or " reason=unknown-user " in line])

    def penalties(self):
        """How many logins have been refused without a look."""
        return len([line for line in self.site.log_lines("login-failed")
                    if " reason=penalty " in line])

    def log_in(self, address, name="alice"):
        """A whole session of the right user."""
        with self.connect(address) as talk:
            self.assert_ok(talk.greeting)
            self.assert_ok(talk.login(name))
            self.assert_ok(talk.command("QUIT"))

    def leave(self, address):
        """Connections that begin to talk and are left without an attempt, until the network is
        refused or as many as that takes."""
        for count in range(1, 9):
            with self.connect(address) as talk:
                if talk.greeting.startswith(b"-ERR"):
                    return
                talk.command("CAPA")
            wait_for(lambda least=count: len([line for line in self.site.log_lines("disconnect")
                                              if " ended=connection-lost " in line]) >= least)

    def provoke(self, address, name):
        """Guesses, each by a connection of its own, until one has to wait, and gives how many did
        not. That one waits on, and with some connections that are left, the next would have to wait
        too long."""
        for number in range(FREE):
            talk = self.connect(address)
            self.addCleanup(talk.close)
            self.assert_ok(talk.greeting)
            self.assert_ok(talk.command(f"USER {name}"))
            talk.socket.settimeout(PAUSE)
            talk.send(f"PASS wrong {number}\r\n")
            try:
                self.assert_err(talk.line(), "AUTH")
            except TimeoutError:
                self.leave(address)
                return number
            talk.close()
        raise AssertionError("no guess has had to wait")

    def test_guesses_of_one_network_are_slowed_down_and_the_right_users_are_not(self):
        self.log_in(GUESSER)
        free = self.provoke(GUESSER, "bob")
        self.assertGreaterEqual(free, 3)
        self.assertEqual(self.checked(), free)
        # As the network has a usual user, the name decides.
        for name, password in (("bob", "wrong"), ("mallory", "wrong"), ("bob", harness.PASSWORD)):
            self.assertRegex(self.guess(GUESSER, name, password), TOO_MANY)
        self.assertEqual(self.checked(), free)
        self.assertEqual(self.penalties(), 3)  # one for each connection
        self.log_in(GUESSER)
        self.log_in(NEIGHBOUR, "bob")

    def test_a_network_without_a_usual_user_is_refused_before_the_greeting(self):
        self.provoke(GUESSER, "bob")
        with self.connect(GUESSER) as talk:
            self.assertEqual(talk.greeting, REFUSED)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("refused", reason="penalty", **{"from": GUESSER})
        self.log_in(NEIGHBOUR, "bob")

    def test_the_same_wrong_password_counts_once(self):
        for _ in range(4):
            self.assert_err(self.guess(GUESSER, "alice", "an old one"), "AUTH")
        self.assertEqual(self.checked(), 4)
        self.assertGreaterEqual(self.provoke(GUESSER, "alice"), 3)

    def test_an_offer_that_is_left_counts(self):
        self.had_failed(TOO_LATE, GUESSER)
        with self.connect(GUESSER) as talk:
            offer = "AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPWFiY2RlZmdo"
            self.assertTrue(talk.command(offer).startswith(b"+ "))
            self.assert_err(talk.command("*"))
            self.assertRegex(talk.command(offer), TOO_MANY)

    def test_attempts_in_one_write_are_one_after_the_other(self):
        self.had_failed(TOO_LATE, GUESSER, NEIGHBOUR)
        plain = [scram.encoded(f"\0alice\0wrong {number}").decode() for number in range(5)]
        attempts = {GUESSER: [f"USER alice\r\nPASS wrong {number}\r\n" for number in range(5)],
                    NEIGHBOUR: [f"AUTH PLAIN {response}\r\n" for response in plain]}
        for number, (address, lines) in enumerate(attempts.items(), start=1):
            talks = [self.connect(address) for _ in range(3)]
            for talk in talks:
                self.addCleanup(talk.close)
                self.assert_ok(talk.greeting)
            for talk in talks:
                talk.send("".join(lines))
            replies = [talk.line() for talk in talks for _ in range("".join(lines).count("\n"))]
            replies = [reply for reply in replies if reply.startswith(b"-ERR")]
            refused = [reply for reply in replies if TOO_MANY.fullmatch(reply)]
            self.assertEqual((len(replies), len(refused)), (15, 14), replies)
            self.assertEqual(self.checked(), number)
            self.assertEqual(self.failures("network", f"{address}/32"), 9)

    @needs_root
    def test_a_crash_counts(self):
        with self.connect(GUESSER) as talk:
            os.kill(self.fronts()[0], signal.SIGSEGV)
            talk.rest()
        self.site.wait_for_event("front-failed", **{"from": GUESSER})
        def reply():
            with self.connect(GUESSER) as talk:
                return talk.greeting
        wait_for(lambda: reply() == CRASHED)
        self.site.wait_for_event("refused", reason="crash", **{"from": GUESSER})
        self.log_in(NEIGHBOUR)

    def test_a_health_check_from_a_trusted_network_leaves_no_line_and_does_not_count(self):
        for _ in range(5):
            with self.connect(MONITOR):
                pass
            with self.connect(MONITOR) as talk:
                self.assert_ok(talk.command("QUIT"))
        with self.connect(MONITOR) as talk:
            talk.command("CAPA")
        self.site.wait_for_event("disconnect", **{"from": MONITOR})
        self.assertEqual(len([line for line in self.site.log_lines() if MONITOR in line]), 2)
        self.assert_err(self.guess(MONITOR), "AUTH")


class Told(Session):
    """A session whose launcher tells the client's address. The greeting is read at once."""

    def __init__(self, site, address):
        super().__init__(site, env={**os.environ, "TCPREMOTEIP": address})
        self.greeting = self.line()

    def __enter__(self):
        return self


class SuperServer(Rules, SiteTest):
    """The launcher tells the address in TCPREMOTEIP."""

    def connect(self, address):
        return Told(self.site, address)

    def fronts(self):
        return [front for process in children(os.getpid()) for front in children(process)]


class OwnLoop(Rules, SiteTest):
    """A proxy before sodapopd's own accept loop tells the address; its headers are made here."""

    settings = Rules.settings | {"tls": "wrapped", "proxy": "required",
                                 "proxy_networks": "127.0.0.1"}

    def setUp(self):
        super().setUp()
        server = launchers.Launcher(self.site)
        self.addCleanup(server.stop)
        server.run(*self.site.command("--listen", f"127.0.0.1:{server.port}"))
        self.server = server

    def connect(self, address):
        talk = Conversation(socket.create_connection(("127.0.0.1", self.server.port), PATIENCE))
        talk.send(proxies.line(address))
        talk.greeting = talk.line()
        return talk

    def fronts(self):
        return [front for process in children(self.server.started[0].pid)
                for front in children(process)]


if __name__ == "__main__":
    harness.main()
