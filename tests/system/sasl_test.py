#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Certificates and tokens through the real server; the user names that the site derives from those
that clients send; hashes that a login renews."""

import socket
import subprocess

import harness
import launchers
import proxies
import scram
import tokens
from harness import PASSWORD, SODAPOP, Conversation, Session, needs_feature, needs_program
from proxies import BY_TLS
from sasl import NOT_ACCEPTED, SaslTest, Talk
from scram import challenge, encoded


@needs_feature("tokens")
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

    def test_a_user_cannot_log_in_as_another(self):
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

    def test_a_certificate_whose_name_has_slashes_says_nothing(self):
        for name in ("/O=evil/CN=alice", "/C=DE/CN=alice", "O=evil/CN=alice"):
            self.assertEqual(self.external(name), NOT_ACCEPTED, name)
        self.site.wait_for_event("login-failed", reason="no-name-in-certificate")
        self.assertEqual(self.site.log_lines("login"), [])

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
        self.site.configure(default_domain="example.org", log_unknown_names="yes")
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
        self.site.wait_for_event("outdated-hash", user="alice")
        self.assertEqual(self.site.log_lines("rehash"), [])
        self.assertEqual(self.stored(), old)


if __name__ == "__main__":
    harness.main()
