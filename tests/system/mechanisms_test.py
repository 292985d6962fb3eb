#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Each way to log in under sodapopd's own accept loop, whose filter of system calls also applies to
the processes of each session."""

import base64
import hashlib
import hmac
import os
import socket
import struct
import subprocess

import harness
import tokens
from harness import IS_ROOT, PASSWORD, PATIENCE, SODAPOP, Conversation, needs_feature
from listener_test import ListenerTest
from mails import MAILS

NAME = "alice"
ANYBODY = 12345  # no account of this system


def coded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


class ScramClient:
    """RFC 5802 with SHA-256, as a client does it, without channel binding."""

    def __init__(self, name=NAME, password=PASSWORD):
        self.bare = f"n={name},r=rOprNGfwEbeRWgbNEkqO"
        self.password = password.encode()

    def first(self):
        return coded("n,," + self.bare)

    def final(self, challenge):
        """The last message; `challenge` is the server's line."""
        server_first = base64.b64decode(challenge.split()[1]).decode()
        fields = dict(part.split("=", 1) for part in server_first.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", self.password, base64.b64decode(fields["s"]),
                                     int(fields["i"]))
        key = hmac.digest(salted, b"Client Key", "sha256")
        without_proof = f"c=biws,r={fields['r']}"
        message = f"{self.bare},{server_first},{without_proof}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), message, "sha256")
        self.verifier = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(key, signature))
        return coded(f"{without_proof},p={coded(proof)}")


class Mechanisms(ListenerTest):
    def serve(self, **settings):
        self.site.configure(**settings)
        self.start()

    def tool(self, *arguments, standard_input=None):
        return subprocess.run([SODAPOP, "--config", self.site.config, *arguments], check=True,
                              capture_output=True, text=True, timeout=PATIENCE,
                              input=standard_input).stdout

    def assert_alone_well(self, talk):
        """The session goes on to its end, and no filter has killed a process."""
        self.assertEqual(talk.command("STAT").split()[1], str(len(MAILS)).encode())
        self.assert_ok(talk.command("QUIT"))
        talk.close()
        self.wait_for_sessions(0)
        for event in ("session-killed", "front-failed", "unavailable", "broken-off", "registry",
                      "app-password-use", "auth-cache", "cage"):
            self.assertEqual(self.site.log_lines(event), [])

    @needs_feature("auth_cache")
    def test_passwords_and_the_cache_of_logins(self):
        self.serve(auth_cache=600)
        for _ in range(2):
            talk = self.connect()
            self.assert_ok(talk.command("AUTH PLAIN " + coded(f"\0{NAME}\0{PASSWORD}")))
            self.assert_alone_well(talk)

    def test_app_passwords_and_their_use(self):
        password = self.tool("app-password", "add", NAME, "phone").strip()
        self.serve()
        for _ in range(2):
            talk = self.connect()
            self.assert_ok(talk.login(NAME, password))
            self.assert_alone_well(talk)
        self.site.wait_for_event("login", app_password="phone")
        self.assertNotEqual((self.site.root / "state" / "app-password-use").stat().st_size, 0)

    def test_scram(self):
        self.tool("user", "password", NAME, "--password-stdin", *harness.CHEAP, "--scram-iterations", "4096",
                  standard_input=PASSWORD + "\n")
        self.serve(scram="always")
        client = ScramClient()
        talk = self.connect()
        challenge = talk.command("AUTH SCRAM-SHA-256 " + client.first())
        answer = talk.command(client.final(challenge))
        self.assertEqual(base64.b64decode(answer.split()[1]), b"v=" + coded(client.verifier).encode())
        self.assert_ok(talk.command(""))
        self.assert_alone_well(talk)

    @needs_feature("tokens")
    def test_tokens(self):
        server = tokens.Server(self.site.root)
        keys = self.site.root / "keys"
        keys.write_text(tokens.key_set(server))
        keys.chmod(0o644)
        self.serve(**tokens.settings(keys), oauth_user_claim="sub")
        token = server.token(sub=NAME)
        for request in ("OAUTHBEARER " + coded(tokens.oauthbearer(token, NAME)),
                        "XOAUTH2 " + coded(tokens.xoauth2(NAME, token))):
            talk = self.connect()
            talk.send(f"AUTH {request.split()[0]}\r\n")
            self.assertEqual(talk.line(), b"+ \r\n")
            self.assert_ok(talk.command(request.split()[1]))
            self.assert_alone_well(talk)

    def test_a_certificate_that_a_proxy_vouches_for(self):
        self.serve(proxy="required", proxy_networks="127.0.0.1", external="common-name")
        name = NAME.encode()
        tls = struct.pack("!BI", 3, 0) + struct.pack("!BH", 0x22, len(name)) + name
        block = bytes([192, 0, 2, 7, 127, 0, 0, 1]) + struct.pack("!HH", 4711, 110)
        block += struct.pack("!BH", 0x20, len(tls)) + tls
        talk = Conversation(socket.create_connection(("127.0.0.1", self.ports[0]), PATIENCE))
        self.addCleanup(talk.close)
        talk.send(b"\r\n\r\n\0\r\nQUIT\n\x21\x11" + struct.pack("!H", len(block)) + block)
        self.assert_ok(talk.line())
        self.assert_ok(talk.command("AUTH EXTERNAL ="))
        self.assert_alone_well(talk)
        self.site.wait_for_event("login", method="EXTERNAL", user=NAME)

    def test_a_hash_is_renewed(self):
        self.serve(rehash="yes", hash_memory_limit=64)
        old = self.site.users_file.read_text()
        before = self.site.users_file.stat()
        talk = self.login()
        self.assert_alone_well(talk)
        self.site.wait_for_event("rehash", user=NAME)
        self.assertNotEqual(self.site.users_file.read_text(), old)
        after = self.site.users_file.stat()
        self.assertEqual((before.st_mode, before.st_uid, before.st_gid),
                         (after.st_mode, after.st_uid, after.st_gid))
        self.assert_alone_well(self.login())


    def test_a_renewed_scram_verifier_is_one_still(self):
        salt = b"16 octets of it."
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, 4096)
        stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
        server = hmac.digest(salted, b"Server Key", "sha256")
        fields = self.site.users_file.read_text().split(":")
        fields[1] = f"{{SCRAM-SHA-256}}4096,{coded(salt)},{coded(stored)},{coded(server)}"
        self.site.users_file.write_text(":".join(fields[:7]) + ":\n")
        self.serve(rehash="yes", hash_memory_limit=64, scram="always")
        self.assert_alone_well(self.login())
        self.site.wait_for_event("rehash", user=NAME)
        self.assertIn(":{ARGON2ID}", self.site.users_file.read_text())
        talk = self.connect()
        client = ScramClient()
        answer = talk.command(client.final(talk.command("AUTH SCRAM-SHA-256 " + client.first())))
        self.assertTrue(answer.startswith(b"+ "), answer)

    def test_what_the_server_was_started_with_says_nothing_of_its_clients(self):
        self.site.configure(external="common-name")
        self.start(environment={"SSL_CLIENT_DN": f"CN={NAME}", "REMOTE_ADDR": "192.0.2.7"})
        talk = self.connect()
        self.assertNotIn(b"EXTERNAL", talk.fetch("CAPA"))
        self.assert_err(talk.command("AUTH EXTERNAL ="))
        self.assertNotIn("192.0.2.7", self.site.log.read_text())


class MechanismsOfAnAccount(Mechanisms):
    """The same tests with a server that is not root."""

    settings = ListenerTest.settings | {"owner": ANYBODY}

    def setUp(self):
        if not IS_ROOT:
            self.skipTest("is what the others show")
        super().setUp()

    def start(self, *options, **popen):
        os.chown(self.site.users_file, ANYBODY, ANYBODY)
        self.site.users_file.chmod(0o600)
        os.chown(self.site.root, ANYBODY, ANYBODY)  # for the new users file, which replaces the old
        super().start(*options, user=ANYBODY, group=ANYBODY, extra_groups=[], **popen)


if __name__ == "__main__":
    harness.main()
