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


class Guesses:
    """What the tests need, for each way to connect: `start` starts a server where there is one,
    `connect` gives a conversation with a client at that address, whose greeting is read, and
    `fronts` the process ids of all fronts."""

    settings = {"attempts": 20, "scram": "always", "login_limit": 30, "trusted_networks": MONITOR}

    def setUp(self):
        super().setUp()
        for name in ("alice", "bob"):
            self.site.add_user(name)
        self.start()

    def guess(self, address, name="alice", password="wrong"):
        """The reply to one attempt over a connection of its own."""
        with self.connect(address) as talk:
            self.assert_ok(talk.greeting)
            return talk.login(name, password)

    def failures(self, kind, network=None):
        """What `sodapop penalties` lists for that kind, of that network or of a name."""
        return sum(entry["failures"] for entry in self.listed()
                   if entry["kind"] == kind and entry.get("network") == network)

    def listed(self):
        out = subprocess.run([SODAPOP, "--config", self.site.config, "penalties", "--json"],
                             check=True, stdout=subprocess.PIPE).stdout
        return json.loads(out)

    def clear(self, entry):
        subprocess.run([SODAPOP, "--config", self.site.config, "penalties", "--clear", entry],
                       check=True, stdout=subprocess.PIPE)

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


class Rules(Guesses):
    """The tests for both ways."""

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
        self.had_failed(TOO_LATE, GUESSER)
        self.assert_err(self.guess(GUESSER, "bob"), "AUTH")
        with self.connect(GUESSER) as talk:
            self.assertEqual(talk.greeting, REFUSED)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("refused", reason="penalty", **{"from": GUESSER})
        self.log_in(NEIGHBOUR, "bob")

    def test_the_same_wrong_password_counts_once(self):
        for _ in range(4):
            self.assert_err(self.guess(GUESSER, "alice", "an old one"), "AUTH")
        self.assertEqual(self.checked(), 4)
        self.assertEqual(self.failures("network", f"{GUESSER}/32"), 1)
        self.assert_err(self.guess(GUESSER, "alice", "another one"), "AUTH")
        self.assertEqual(self.failures("network", f"{GUESSER}/32"), 2)

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

    @needs_root
    def test_crashes_at_once_all_count_and_are_forgotten_when_cleared(self):
        talks = [self.connect(GUESSER) for _ in range(3)]
        for front in self.fronts():
            os.kill(front, signal.SIGSEGV)
        for talk in talks:
            talk.rest()
            talk.close()
        self.assert_becomes(3, lambda: self.failures("crash", f"{GUESSER}/32"))
        with self.connect(GUESSER) as talk:
            self.assertEqual(talk.greeting, CRASHED)
        self.clear(GUESSER)
        self.log_in(GUESSER)

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

    def test_a_translator_and_a_mapped_address_hide_no_network(self):
        for address in ("::ffff:" + GUESSER, "64:ff9b::" + GUESSER, GUESSER):
            self.assert_err(self.guess(address, "bob", f"wrong {address}"), "AUTH")
        self.assertEqual(self.failures("network", f"{GUESSER}/32"), 3)

    def test_networks_around_a_guesser_of_IPv6_wait(self):
        file = PenaltyFile(self.site.root / "run")
        file.add("home", 13 * QUARTERS, 9, network="2001:db8:1:200::")
        self.assertRegex(self.guess("2001:db8:1:2ff::1"), TOO_MANY)
        self.assertEqual(self.checked(), 0)
        self.assert_err(self.guess("2001:db8:1:300::1"), "AUTH")
        for kind, network in (("network", "2001:db8:1:300::/64"),
                              ("home", "2001:db8:1:300::/56"), ("widest", "2001:db8:1::/48")):
            self.assertEqual(self.failures(kind, network), 1, kind)
        self.log_in("2001:db8:2::1")

    def test_what_is_cleared_may_log_in_while_sessions_run(self):
        self.had_failed(TOO_LATE, GUESSER)
        with self.connect(GUESSER) as talk:
            self.assert_err(talk.login("bob", "wrong"), "AUTH")
            self.assertRegex(talk.login("bob"), TOO_MANY)
            self.clear(GUESSER)
            self.assert_ok(talk.login("bob"))
        self.assertEqual(self.failures("network", f"{GUESSER}/32"), 0)


class Told(Session):
    """A session whose launcher tells the client's address. The greeting is read at once."""

    def __init__(self, site, address, **environment):
        super().__init__(site, env={**os.environ, "TCPREMOTEIP": address, **environment})
        self.greeting = self.line()

    def __enter__(self):
        return self


class ByLauncher:
    """The launcher tells the address in TCPREMOTEIP."""

    def start(self):
        """Each session is a server of its own."""

    def connect(self, address):
        return Told(self.site, address)

    def fronts(self):
        return [front for process in children(os.getpid()) for front in children(process)]


class ByProxy:
    """A proxy before sodapopd's own accept loop tells the address; its headers are made here."""

    settings = Guesses.settings | {"tls": "wrapped", "proxy": "required",
                                   "proxy_networks": "127.0.0.1"}

    def start(self):
        server = launchers.Launcher(self.site)
        self.addCleanup(server.stop)
        server.run(*self.site.command("--listen", f"127.0.0.1:{server.port}"))
        self.server = server

    def connect(self, address):
        is_ipv6 = ":" in address
        return self.connect_with(proxies.line(address, "TCP6" if is_ipv6 else "TCP4",
                                              "2001:db8::1" if is_ipv6 else "192.0.2.1"))

    def connect_with(self, header):
        talk = Conversation(socket.create_connection(("127.0.0.1", self.server.port), PATIENCE))
        talk.send(header)
        talk.greeting = talk.line()
        return talk

    def fronts(self):
        return [front for process in children(self.server.started[0].pid)
                for front in children(process)]


class SuperServer(ByLauncher, Rules, SiteTest):
    pass


class OwnLoop(ByProxy, Rules, SiteTest):
    pass


class Headers(ByProxy, Guesses, SiteTest):
    """What a header does not say, and what a client says after it."""

    def test_clients_on_this_host_without_an_address_are_not_counted(self):
        for header in (b"PROXY UNKNOWN\r\n", proxies.block(GUESSER, proxies.LOCAL)):
            with self.connect_with(header) as talk:
                for number in range(FREE):
                    self.assert_err(talk.login("alice", f"wrong {number}"), "AUTH")
        self.assertEqual(self.listed(), [])

    def test_a_header_of_the_clients_own_changes_nothing(self):
        with self.connect_with(proxies.line(GUESSER) + proxies.line(NEIGHBOUR)) as talk:
            talk.rest()
        self.site.wait_for_event("disconnect", **{"from": GUESSER})
        self.assertFalse([line for line in self.site.log_lines() if NEIGHBOUR in line])


class Unprotected(ByProxy, Guesses, SiteTest):
    settings = ByProxy.settings | {"tls": "none"}

    def test_passwords_refused_as_unprotected_count_like_wrong_ones(self):
        with self.connect(GUESSER) as talk:
            for command in ("USER alice", "AUTH PLAIN AGFsaWNlAHdyb25n", *["USER alice"] * 3):
                self.assert_err(talk.command(command))
        for noted in range(3, 8):  # three of one connection, then one of each
            self.assert_becomes(noted, lambda: self.failures("network", f"{GUESSER}/32"))
            if noted < 7:
                with self.connect(GUESSER) as talk:
                    self.assert_err(talk.command("USER alice"))
        self.assertEqual(self.checked(), 0)
        with self.connect(GUESSER) as talk:
            self.assertEqual(talk.greeting, REFUSED)


class Mechanisms(ByLauncher, Guesses, SiteTest):
    """Each way to log in counts like a wrong password."""

    settings = Guesses.settings | {"external": "common-name"}

    def setUp(self):
        super().setUp()
        self.site.add_user("carol", cost=(*harness.CHEAP, "--scram-iterations", "4096"))

    def connect(self, address):
        return Told(self.site, address, SSL_CLIENT_DN="CN=alice")

    def assert_count(self, **attempts):
        """Each attempt is made twice, from a network of its own, which has to wait for the second."""
        addresses = {name: f"198.18.{number}.1" for number, name in enumerate(attempts)}
        self.had_failed(TOO_LATE, *addresses.values())
        for name, attempt in attempts.items():
            network = f"{addresses[name]}/32"
            with self.subTest(name), self.connect(addresses[name]) as talk:
                reply = attempt(talk, 1)
                self.assert_err(reply)
                self.assertNotRegex(reply, TOO_MANY)
                self.assertEqual(self.failures("network", network), 9)
                self.assertRegex(attempt(talk, 2), TOO_MANY)
                self.assertEqual(self.failures("network", network), 9)

    def assert_forgiven(self, address, attempt):
        with self.connect(address) as talk:
            self.assert_ok(attempt(talk))
            self.assertEqual(self.failures("network", f"{address}/32"), 0)

    def test_passwords_certificates_and_proofs(self):
        offered = scram.Client("carol", harness.PASSWORD)

        def leave(talk, _):
            reply = talk.command(b"AUTH SCRAM-SHA-256 " + scram.encoded(offered.first))
            return talk.command("*") if reply.startswith(b"+ ") else reply

        def do_not_confirm(talk, _):
            reply = talk.command(b"AUTH SCRAM-SHA-256 " + scram.encoded(offered.first))
            if reply.startswith(b"-ERR"):
                return reply
            last = talk.command(scram.encoded(offered.last(scram.challenge(reply))))
            self.assertTrue(offered.accepts(scram.challenge(last)))
            return talk.command("*")

        def external(talk, name):
            return talk.command(b"AUTH EXTERNAL " + (scram.encoded(name) or b"="))

        self.assert_count(
            password=lambda talk, number: talk.login("alice", f"wrong {number}"),
            app_password=lambda talk, number: talk.login("alice", "-".join([f"aaa{number + 1}"] * 7)),
            too_long=lambda talk, _: talk.login("alice", "x" * 300),
            certificate=lambda talk, number: external(talk, "bob"),
            proof=lambda talk, number: scram.log_in(talk, "carol", f"wrong {number}")[0],
            offer=leave, confirmation=do_not_confirm)
        self.assert_forgiven("198.19.1.1", lambda talk: external(talk, ""))
        self.assert_forgiven("198.19.2.1",
                             lambda talk: scram.log_in(talk, "carol", harness.PASSWORD)[0])

    @needs_feature("tokens")
    def test_tokens(self):
        server = tokens.Server(self.site.root)
        keys = self.site.root / "keys"
        keys.write_text(tokens.key_set(server))
        keys.chmod(0o644)
        self.site.configure(**tokens.settings(keys))

        def send(talk, mechanism, response):
            reply = talk.command(f"AUTH {mechanism} {scram.encoded(response).decode()}")
            return talk.command("AQ==") if reply.startswith(b"+ ") else reply

        good = server.token("alice")
        self.assert_count(
            of_another=lambda talk, _: send(talk, "OAUTHBEARER", tokens.oauthbearer(good, "bob")),
            expired=lambda talk, number: send(
                talk, "OAUTHBEARER", tokens.oauthbearer(server.token("alice", exp=number))),
            no_token=lambda talk, number: send(talk, "XOAUTH2", tokens.xoauth2("alice", f"x{number}")))
        for address, mechanism, response in (
                ("198.19.1.1", "OAUTHBEARER", tokens.oauthbearer(good)),
                ("198.19.2.1", "XOAUTH2", tokens.xoauth2("alice", good))):
            self.assert_forgiven(address, lambda talk, m=mechanism, r=response: send(talk, m, r))
        keys.write_text("{")  # a fault of the site is none of the client
        with self.connect("198.19.3.1") as talk:
            self.assert_err(send(talk, "OAUTHBEARER", tokens.oauthbearer(good)), "SYS/PERM")
        self.assertEqual(self.failures("network", "198.19.3.1/32"), 0)


if __name__ == "__main__":
    harness.main()
