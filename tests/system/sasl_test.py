#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every way to log in but USER and PLAIN, through the real server: SCRAM-SHA-256 where a password
must not be sent, certificates, tokens; the names that the site makes of what clients say; hashes
that a login renews."""

import re
import socket
import subprocess

import harness
import launchers
import proxies
import scram
import tokens
from harness import PASSWORD, SODAPOP, Conversation, Session, SiteTest, needs_program
from proxies import BY_TLS, block
from scram import challenge, encoded

NOT_ACCEPTED = b"-ERR [AUTH] name or password not accepted\r\n"
CHEAP_SCRAM = ("--scram-iterations", "4096")


def setUpModule():
    global has_own_network
    has_own_network = proxies.enter_own_network()


class Talk(Session):
    """A session whose client comes from elsewhere, through a proxy that says whether by TLS."""

    def __init__(self, site, tls=0):
        super().__init__(site)
        self.send(block(tls=tls))


class SaslTest(SiteTest):
    settings = {"proxy": "required", "proxy_networks": "127.0.0.1"}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"], (*harness.CHEAP, *CHEAP_SCRAM))

    def mechanisms(self, talk):
        found = re.search(rb"(?m)^SASL (.*)\r$", talk.fetch("CAPA"))
        return found.group(1).decode().split() if found else []

    def set_words(self, words):
        line = self.site.users_file.read_text().rstrip("\n")
        self.site.users_file.write_text(line + " " + words + "\n")


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

    def test_attempts_are_counted(self):
        with Talk(self.site) as talk:
            for _ in range(3):
                self.assertEqual(scram.log_in(talk, "alice", "wrong")[0], NOT_ACCEPTED)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("disconnect", ended="too-many-attempts")

    def test_who_nobody_is_looks_like_somebody(self):
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
        self.site.wait_for_event("login-failed", reason="unknown-user", user="mallory")
        # The salt outlives the runtime directory.
        self.assertEqual((self.site.root / "state" / "site-key").stat().st_size, 32)

    def test_a_client_may_go_away_at_each_step(self):
        for steps in range(4):
            for ending in ("*", "QUIT", None):
                with self.subTest(steps=steps, ending=ending), Talk(self.site) as talk:
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

    def test_who_goes_on_cancelling_is_told_that_this_was_all(self):
        with Talk(self.site) as talk:
            for _ in range(3):
                self.go(talk, 1)
                self.assert_err(talk.command("*"))
            self.assertEqual(scram.log_in(talk, "alice", PASSWORD)[0], NOT_ACCEPTED)
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("disconnect", ended="too-many-attempts")
        self.assertEqual(self.site.log_lines("broken-off"), [])

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
        if has_own_network:  # then the connection is no protected one
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


class Tokens(SaslTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("bob@example.org", [b"his\n"])
        self.server = tokens.Server(self.site.root)
        keys = self.site.root / "keys"
        keys.write_text(tokens.key_set(self.server))
        keys.chmod(0o644)
        self.site.configure(**tokens.settings(keys))

    def log_in(self, mechanism, response, tls=BY_TLS):
        """The last reply, and the challenge before it, if any."""
        with Talk(self.site, tls) as talk:
            reply, told = talk.command(f"AUTH {mechanism} {encoded(response).decode()}"), b""
            if reply.startswith(b"+ "):
                told, reply = challenge(reply), talk.command(encoded("\x01"))
            return reply, told

    def test_a_good_token_logs_in(self):
        token = self.server.token("bob@example.org")
        for mechanism, response in (
                ("OAUTHBEARER", tokens.oauthbearer(token)),
                ("OAUTHBEARER", tokens.oauthbearer(token, "bob@example.org")),
                ("XOAUTH2", tokens.xoauth2("bob@example.org", token))):
            with self.subTest(mechanism):
                self.assertIn(b"1 message", self.assert_ok(self.log_in(mechanism, response)[0]))
                self.site.wait_for_event("login", method=mechanism, user="bob@example.org")
        self.assertNotIn(token, self.site.log.read_text())

    def test_a_bad_token_is_told_in_the_mechanisms_way(self):
        for reason, token in (("token-expired", self.server.token("bob@example.org", exp=1)),
                              ("token-wrong-audience", self.server.token(aud="else")),
                              ("unknown-user", self.server.token("mallory@example.org")),
                              ("token-malformed", "x")):
            with self.subTest(reason):
                reply, told = self.log_in("OAUTHBEARER", tokens.oauthbearer(token))
                self.assertEqual(reply, NOT_ACCEPTED)
                self.assertIn(b"invalid_token", told)
                self.site.wait_for_event("login-failed", reason=reason)

    def test_nobody_logs_in_as_somebody_else(self):
        token = self.server.token("bob@example.org")
        for mechanism, response in (("OAUTHBEARER", tokens.oauthbearer(token, "alice")),
                                    ("XOAUTH2", tokens.xoauth2("alice", token))):
            self.assertEqual(self.log_in(mechanism, response)[0], NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="other-name-than-token")

    def test_not_on_an_unprotected_connection(self):
        reply, _ = self.log_in("XOAUTH2", tokens.xoauth2(
            "bob@example.org", self.server.token("bob@example.org")), tls=0)
        self.assert_err(reply)
        self.assertEqual(self.site.log_lines("login"), [])
        with Talk(self.site) as talk:
            self.assertEqual(self.mechanisms(talk), ["SCRAM-SHA-256"])
        with Talk(self.site, BY_TLS) as talk:
            self.assertEqual(sorted(self.mechanisms(talk)), ["OAUTHBEARER", "PLAIN", "XOAUTH2"])

    @needs_program("curl")
    def test_curl_logs_in_by_it(self):
        self.site.configure(proxy=None, proxy_networks=None)
        token = self.server.token("bob@example.org")
        with proxies.Listening(self.site) as server:
            got = subprocess.run(
                ["curl", "-sS", "--max-time", "60", "--user", "bob@example.org",
                 "--oauth2-bearer", token, f"pop3://127.0.0.1:{server.port}/1"],
                stdout=subprocess.PIPE, check=True, timeout=90)
            self.assertEqual(got.stdout, b"his\r\n")
        self.site.wait_for_event("login", method="OAUTHBEARER")


class Certificates(SaslTest):
    settings = {"external": "common-name"}

    def session(self, distinguished_name):
        return Session(self.site, env={"SSL_CLIENT_DN": distinguished_name})

    def external(self, distinguished_name, name=""):
        with self.session(distinguished_name) as session:
            return session.command(f"AUTH EXTERNAL {encoded(name).decode() or '='}")

    def test_the_certificate_says_who_it_is(self):
        for name in ("", "alice"):
            self.assert_ok(self.external("C=DE, O=Example, CN=alice", name))
        self.site.wait_for_event("login", method="EXTERNAL", user="alice")
        self.assertEqual(self.external("CN=alice", "bob"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="other-name-than-certificate")
        self.assertEqual(self.external("CN=bob"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="unknown-user", user="bob")
        self.assertEqual(self.external("O=alice"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="no-name-in-certificate")

    def test_or_its_address_does(self):
        self.site.configure(external="email-address")
        self.site.add_user("bob@example.org")
        self.assert_ok(self.external("CN=alice, emailAddress=bob@example.org"))
        self.assertEqual(self.external("CN=alice"), NOT_ACCEPTED)

    def test_it_is_offered_with_a_certificate_alone(self):
        with Session(self.site) as session:
            self.assertNotIn("EXTERNAL", self.mechanisms(session))
            self.assert_err(session.command("AUTH EXTERNAL ="))
        self.site.configure(external="off")
        with self.session("CN=alice") as session:
            self.assertNotIn("EXTERNAL", self.mechanisms(session))
        self.assertEqual(self.site.log_lines("login"), [])

    @needs_program("stunnel")
    def test_through_stunnel(self):
        class WithCertificates(launchers.StunnelExec):
            owner = self.site.users_file.stat().st_uid

            def options(self, port):
                return super().options(port) + "".join(
                    f"{line}\n" for line in ("verifyPeer = yes",
                                             f"CAfile = {self.site.root}/client.pem"))

        make_client_certificate(self.site, "alice")
        with WithCertificates(self.site) as running:
            context = launchers.tls_context(self.site)
            context.load_cert_chain(self.site.root / "client.pem", self.site.root / "client.key")
            connection = socket.create_connection(("127.0.0.1", running.port), harness.PATIENCE)
            with Conversation(context.wrap_socket(connection, server_hostname="localhost")) as talk:
                self.assert_ok(talk.line())
                self.assertIn("EXTERNAL", self.mechanisms(talk))
                self.assert_ok(talk.command("AUTH EXTERNAL ="))
                self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("login", method="EXTERNAL", user="alice")


def make_client_certificate(site, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/O=Example/CN={name}", "-keyout",
         site.root / "client.key", "-out", site.root / "client.pem"],
        check=True, stderr=subprocess.DEVNULL)


class Names(SaslTest):
    settings = {}

    def log_in(self, name, password=PASSWORD):
        with Session(self.site) as session:
            return session.login(name, password)

    def test_lower_case(self):
        self.assertEqual(self.log_in("ALICE"), NOT_ACCEPTED)
        self.site.configure(name_case="lower")
        self.assert_ok(self.log_in("ALICE"))
        self.site.wait_for_event("login", user="alice")

    def test_a_default_domain(self):
        self.site.add_user("bob@example.org", [b"his\n"])
        self.assertEqual(self.log_in("bob"), NOT_ACCEPTED)
        self.site.configure(default_domain="example.org")
        self.assertIn(b"1 message", self.assert_ok(self.log_in("bob")))
        self.site.wait_for_event("login", user="bob@example.org")
        self.assertEqual(self.log_in("alice"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", user="alice@example.org")

    def test_a_domain_that_is_required(self):
        self.site.configure(require_domain="yes")
        self.assertTrue(self.log_in("alice").startswith(b"-ERR"))
        self.assertEqual(self.site.log_lines("login"), [])
        self.site.add_user("bob@example.org")
        self.assert_ok(self.log_in("bob@example.org"))

    def test_SCRAM_and_the_site_mean_the_same_name(self):
        self.site.configure(name_case="lower", scram="always")
        with Session(self.site) as session:
            self.assert_ok(scram.log_in(session, "Alice", PASSWORD)[0])
        self.site.wait_for_event("login", user="alice", method="SCRAM-SHA-256")


class Rehash(SaslTest):
    settings = {"scram": "always"}

    def stored(self):
        return self.site.users_file.read_text().split(":")[1]

    def log_in(self, password=PASSWORD):
        with Session(self.site) as session:
            reply = session.login("alice", password)
            if reply.startswith(b"+OK"):
                self.assert_ok(session.command("QUIT"))
            return reply

    def test_an_outdated_hash_is_told_and_kept_unless_the_site_wants_it_renewed(self):
        old = self.stored()
        self.assert_ok(self.log_in())
        self.site.wait_for_event("outdated-hash", scheme="ARGON2ID", user="alice")
        self.assertEqual(self.stored(), old)

    def test_a_good_login_renews_it_and_a_bad_one_does_not(self):
        old = self.stored()
        facts = self.site.users_file.stat()
        self.site.configure(rehash="yes")
        self.assertEqual(self.log_in("wrong"), NOT_ACCEPTED)
        self.assertEqual(self.stored(), old)
        self.assert_ok(self.log_in())
        self.site.wait_for_event("rehash", user="alice")
        self.assertIn("$m=19456,t=2,", self.stored())
        again = self.site.users_file.stat()
        self.assertEqual((facts.st_mode, facts.st_uid, facts.st_gid),
                         (again.st_mode, again.st_uid, again.st_gid))
        new = self.stored()
        self.assert_ok(self.log_in())
        self.assertEqual(self.stored(), new)
        with Session(self.site) as session:
            self.assert_ok(scram.log_in(session, "alice", PASSWORD)[0])

    def test_a_compiled_users_file_is_not_changed_by_a_login(self):
        self.site.configure(rehash="yes")
        subprocess.run([SODAPOP, "--config", self.site.config, "users", "compile"], check=True,
                       stdout=subprocess.PIPE, timeout=60)
        old = self.stored()
        self.assert_ok(self.log_in())
        self.assertIn("a compiled users file", self.site.wait_for_event("rehash", user="alice"))
        self.assertEqual(self.stored(), old)


if __name__ == "__main__":
    harness.main()
