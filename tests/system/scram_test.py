#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""SCRAM-SHA-256 through the real server: a login on a connection where a password must not be
sent."""

import subprocess

import harness
import proxies
import scram
from harness import PASSWORD, needs_program
from proxies import BY_TLS
from sasl import NOT_ACCEPTED, SaslTest, Talk
from scram import challenge, encoded


USED_UP = b"-ERR [SYS/TEMP] the login attempts of this connection are used up, connect again\r\n"


def setUpModule():
    global has_own_network
    has_own_network = proxies.enter_own_network()


class Scram(SaslTest):
    def test_a_login_without_a_password_on_an_unprotected_connection(self):
        for initial in (True, False):
            with self.subTest(initial=initial), Talk(self.site) as talk:
                self.assertEqual(self.mechanisms(talk), ["SCRAM-SHA-256"])
                self.assert_err(talk.command("USER alice"))
                reply, client = scram.log_in(talk, "alice", PASSWORD, initial)
                self.assertIn(b"1 message", self.assert_ok(reply))
                self.assertEqual(client.offer["i"], "4096")
                self.assertIn(b"hers\r\n", talk.fetch("RETR 1"))
                self.assert_ok(talk.command("DELE 1"))
                self.assert_ok(talk.command("RSET"))
                self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("login", method="SCRAM-SHA-256", user="alice")

    def test_where_it_is_offered(self):
        for setting, tls, offered in (("off", 0, False), ("off", BY_TLS, False),
                                      ("unprotected", 0, True), ("unprotected", BY_TLS, False),
                                      ("always", 0, True), ("always", BY_TLS, True)):
            self.site.configure(scram=setting)
            with self.subTest(setting, tls=tls), Talk(self.site, tls) as talk:
                self.assertEqual("SCRAM-SHA-256" in self.mechanisms(talk), offered)
                reply, _ = scram.log_in(talk, "alice", PASSWORD)
                self.assertEqual(reply.startswith(b"+OK"), offered, reply)

    def test_a_wrong_password_is_a_wrong_proof(self):
        with Talk(self.site) as talk:
            self.assertEqual(scram.log_in(talk, "alice", "wrong")[0], NOT_ACCEPTED)
            self.site.wait_for_event("login-failed", reason="wrong-password", user="alice")
            self.assert_ok(scram.log_in(talk, "alice", PASSWORD)[0])

    def test_blanks_behind_a_name_are_cut(self):
        with Talk(self.site) as talk:
            self.assert_ok(scram.log_in(talk, "alice ", PASSWORD)[0])

    def test_attempts_are_counted(self):
        with Talk(self.site) as talk:
            for _ in range(3):
                self.assertEqual(scram.log_in(talk, "alice", "wrong")[0], NOT_ACCEPTED)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("disconnect", ended="too-many-attempts")

    def test_an_unknown_name_looks_like_a_user(self):
        def offer(name):
            with Talk(self.site) as talk:
                reply, client = scram.log_in(talk, name, "wrong")
                self.assertEqual(reply, NOT_ACCEPTED)
                return client.offer
        known, unknown, again = offer("alice"), offer("mallory"), offer("mallory")
        self.assertEqual(unknown["s"], again["s"])
        self.assertNotEqual(unknown["s"], known["s"])
        self.assertNotEqual(unknown["r"], again["r"])
        for key in "irs":
            self.assertEqual(len(known[key]), len(unknown[key]), key)
        self.assertEqual(known["i"], unknown["i"])
        self.assertEqual(list(known), list(unknown))
        self.site.wait_for_event("login-failed", reason="unknown-user")
        self.assertNotIn("mallory", self.site.log.read_text())
        self.site.configure(log_unknown_names="yes")
        offer("mallory")
        self.site.wait_for_event("login-failed", reason="unknown-user", user="mallory")
        # The salt is made from a key in the state directory, so that it stays the same.
        self.assertEqual((self.site.root / "state" / "site-key").stat().st_size, 32)

    def test_a_key_that_a_loss_of_power_has_emptied_is_made_anew(self):
        key = self.site.root / "state" / "site-key"
        for content in (b"", b"short"):
            key.write_bytes(content)
            key.chmod(0o600)
            if harness.IS_ROOT and self.site.owner is not None:
                os.chown(key, self.site.owner, self.site.owner)
            with Talk(self.site) as talk:
                self.assert_ok(scram.log_in(talk, "alice", PASSWORD)[0])
            self.assertEqual(key.stat().st_size, 32)
            self.assertEqual([path.name for path in key.parent.glob("*site-key*")], ["site-key"])

    def test_a_client_may_go_away_at_each_step(self):
        for steps in range(4):
            for number, ending in enumerate(("*", "QUIT", None)):
                source = f"198.51.{steps}.{number + 1}"  # nothing has failed there
                with self.subTest(steps=steps, ending=ending), Talk(self.site, source=source) as talk:
                    self.go(talk, steps)
                    if ending is None:
                        talk.reset()
                    else:
                        self.assert_err(talk.command(ending))
                        self.assert_ok(scram.log_in(talk, "alice", PASSWORD)[0])
                        self.assert_ok(talk.command("QUIT"))
                        talk.close()
                    self.assertEqual(talk.exit_status(), 0)
        self.assertEqual(self.site.log_lines("broken-off"), [])
        self.assertEqual(self.site.log_lines("front-failed"), [])
        left = [line for line in self.site.log_lines("login-failed") if " user=alice" in line]
        self.assertEqual(sum(" reason=no-proof " in line for line in left), 3)
        self.assertEqual(sum(" reason=not-confirmed " in line for line in left), 6)
        self.assertEqual(len(left), 9)

    def test_who_goes_on_cancelling_is_told_that_this_was_all(self):
        with Talk(self.site) as talk:
            for _ in range(3):
                self.go(talk, 1)
                self.assert_err(talk.command("*"))
            self.assertEqual(scram.log_in(talk, "alice", PASSWORD)[0], USED_UP)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("disconnect", ended="too-many-attempts")
        self.assertEqual(self.site.log_lines("broken-off"), [])
        self.assertEqual(len(self.site.log_lines("login-failed")), 3)
        self.site.wait_for_event("login-failed", reason="no-proof", user="alice")

    def test_a_right_password_after_the_last_offer_is_not_told_to_be_wrong(self):
        self.site.configure(scram="always")
        with Talk(self.site, BY_TLS) as talk:
            for _ in range(3):
                self.go(talk, 1)
                self.assert_err(talk.command("*"))
            self.assert_ok(talk.command("USER alice"))
            self.assertEqual(talk.command("PASS " + PASSWORD), USED_UP)
            self.assertEqual(talk.rest(), b"")

    def go(self, talk, steps):
        client = scram.Client("alice", PASSWORD)
        reply = talk.command("AUTH SCRAM-SHA-256")
        self.assertEqual(challenge(reply), b"")
        if steps >= 1:
            reply = talk.command(encoded(client.first))
        if steps >= 2:
            last = client.last(challenge(reply))
            reply = talk.command(encoded(last))
        if steps >= 3:
            self.assertTrue(client.accepts(challenge(reply)))

    def test_a_proof_is_good_once(self):
        with Talk(self.site) as talk:
            client = scram.Client("alice", PASSWORD, "n" * 18)
            start = b"AUTH SCRAM-SHA-256 " + encoded(client.first)
            last = encoded(client.last(challenge(talk.command(start))))
            self.assertTrue(client.accepts(challenge(talk.command(last))))
            self.assert_err(talk.command("*"))
            self.assertEqual(challenge(talk.command(start)).split(b",")[0][:20], b"r=" + b"n" * 18)
            self.assert_err(talk.command(last))
            self.site.wait_for_event("connect")
            self.assertEqual(self.site.log_lines("login"), [])

    def test_a_changed_hash_makes_the_verifier_void(self):
        self.site.add_user("bob", cost=harness.CHEAP, password="other")
        hers, his = self.site.users_file.read_text().splitlines()
        old, new = hers.split(":")[1], his.split(":")[1]
        self.site.users_file.write_text(hers.replace(old, new) + "\n")
        with Talk(self.site) as talk:
            self.assertEqual(scram.log_in(talk, "alice", PASSWORD)[0], NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="no-scram-verifier", user="alice")

    def test_rights_hold(self):
        self.set_words("sodapop_read_only=yes")
        with Talk(self.site) as talk:
            self.assert_ok(scram.log_in(talk, "alice", PASSWORD)[0])
            self.assert_err(talk.command("DELE 1"), "SYS/PERM")
            self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("login", access="read-only", method="SCRAM-SHA-256")
        self.set_words("nologin=moved")
        with Talk(self.site) as talk:
            self.assertEqual(scram.log_in(talk, "alice", PASSWORD)[0], b"-ERR [AUTH] moved\r\n")
            self.assertEqual(scram.log_in(talk, "alice", "wrong")[0], NOT_ACCEPTED)

    def test_a_held_maildrop(self):
        with Talk(self.site) as first, Talk(self.site) as second:
            self.assert_ok(scram.log_in(first, "alice", PASSWORD)[0])
            self.assert_err(scram.log_in(second, "alice", PASSWORD)[0], "IN-USE")

    @needs_program("mpop")
    def test_mpop_logs_in_by_it(self):
        self.site.configure(proxy=None, proxy_networks=None, scram="always")
        self.fetch_by_mpop("127.0.0.1")
        if has_own_network:  # there the connection is unprotected
            self.fetch_by_mpop(proxies.CLIENT)

    def fetch_by_mpop(self, source):
        with proxies.Listening(self.site) as server:
            home = self.site.root / "home"
            home.mkdir(mode=0o700, exist_ok=True)
            got = subprocess.run(
                ["mpop", "--file=/dev/null", "--host=127.0.0.1", f"--port={server.port}",
                 "--user=alice", f"--passwordeval=echo '{PASSWORD}'", "--auth=scram-sha-256",
                 "--tls=off", f"--source-ip={source}", "--keep=on", "--delivery=mda,cat",
                 f"--uidls-file={home}/uidls-{source}"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False,
                env={"HOME": str(home), "PATH": "/usr/bin:/bin"})
            self.assertIn(b"hers", got.stdout)
            self.assertEqual(got.returncode, 0, got.stdout)
        self.site.wait_for_event("login", method="SCRAM-SHA-256", **{"from": source})


if __name__ == "__main__":
    harness.main()
