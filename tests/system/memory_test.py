#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What the processes of a session remember: after every kind of login, granted or refused, no piece
of the secret is left in the memory of the front, the monitor and the keeper."""

import base64
import hashlib
import pathlib
import re
import secrets
import string
import subprocess

import harness
import proxies
import scram
import tokens
from harness import (SODAPOP, Session, SiteTest, children, needs_feature, needs_root, status_of,
                     wait_for)
from mails import MAILS

PIECE = 8  # octets; of random letters no other octets of a process look like them
NAME = "alice"


def new_needle():
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(40))


def octets_of(secret):
    return secret.encode() if isinstance(secret, str) else secret


def forms(secret):
    """The octets themselves, and in Base64 after 0, 1 and 2 other octets, without the characters
    that also depend on neighbours."""
    secret = octets_of(secret)
    yield secret
    for before in range(3):
        part = secret[-before % 3:]
        yield base64.b64encode(part[:len(part) // 3 * 3])


def pieces_of(*wanted):
    """Parts of the secrets in all their forms, PIECE octets long, from every fourth octet on."""
    return {form[at:at + PIECE] for secret in wanted for form in forms(secret)
            for at in range(0, len(form) - PIECE + 1, 4)}


def regions(pid):
    """Name and octets of each region of memory that the process can read, but for the code, in
    which nothing can be written."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_, name = (line + " ").split(" ", 5)
            if rights.startswith("r") and "x" not in rights and not name.strip().startswith("[v"):
                start, end = (int(number, 16) for number in place.split("-"))
                file.seek(start)
                yield name.strip() or place, file.read(end - start)


def found(pid, *wanted):
    """What of the secrets is in the memory of the process."""
    pieces = pieces_of(*wanted)
    return [f"{name}+{octets.index(piece):#x}: {piece}" for name, octets in regions(pid)
            for piece in pieces if piece in octets]


class Talk(Session):
    """A session behind a proxy, which says that its client uses TLS."""

    def __init__(self, site, **options):
        super().__init__(site, **options)
        self.send(proxies.block(tls=proxies.BY_TLS))


@needs_root
class Memory(SiteTest):
    settings = {"proxy": "required", "proxy_networks": "127.0.0.1", "scram": "always"}

    def setUp(self):
        super().setUp()
        self.password = new_needle()
        self.site.add_user(NAME, MAILS.values(), (*harness.CHEAP, "--scram-iterations", "4096"),
                           password=self.password)
        self.site.add_user("bob")

    def open(self, kind=Talk, **options):
        session = kind(self.site, **options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        self.assert_ok(session.greeting)
        return session

    def stored(self, name):
        """The secret parts of that user's hashes in the users file, in text and in octets."""
        line, = re.findall(rf"(?m)^{name}:(.*)$", self.site.users_file.read_text())
        texts = [line.split(":")[0].split("$")[-1]]
        for verifier in re.findall(r"sodapop_scram=(\S+)", line):
            texts += verifier.split(",")[-2:]
        for text in texts:
            yield text
            yield base64.b64decode(text.split(";")[0] + "==")

    def assert_forgotten(self, session, *wanted):
        for pid in (session.front(), session.process.pid):
            self.assertEqual(found(pid, *wanted), [], status_of(pid)["Name"])

    def assert_granted(self, session, reply, *wanted):
        self.assert_ok(reply)
        self.assert_forgotten(session, *wanted, *self.stored(NAME), *self.stored("bob"))

    def assert_refused(self, session, reply, *wanted):
        self.assert_err(reply)
        self.assert_forgotten(session, *wanted)

    def test_the_search_finds_what_is_there(self):
        session = self.open()
        self.assert_ok(session.login(password=self.password))
        for before in (None, "", "x", "xy"):
            planted = new_needle()
            line = planted if before is None else scram.encoded(before + planted).decode()
            session.send(line)  # without its end
            wait_for(lambda: found(session.front(), planted))
            self.assertEqual(found(session.process.pid, planted), [])
            session.command("")
            self.assertEqual(found(session.front(), planted), [])

    def test_a_user_s_name_is_found(self):
        name = new_needle()
        self.site.add_user(name, password=self.password)
        session = self.open()
        self.assert_ok(session.login(name, self.password))
        self.assertNotEqual(found(session.process.pid, name), [])

    def test_USER_and_PASS(self):
        session = self.open()
        self.assert_granted(session, session.login(password=self.password), self.password)

    def test_PLAIN(self):
        for initial in (True, False):
            session = self.open()
            message = scram.encoded(f"\0{NAME}\0{self.password}")
            if not initial:
                self.assertEqual(session.command("AUTH PLAIN"), b"+ \r\n")
            reply = session.command(b"AUTH PLAIN " + message if initial else message)
            self.assert_granted(session, reply, self.password)
            session.close()

    def test_a_refused_password(self):
        for name in (NAME, "nobody"):
            wrong = new_needle()
            session = self.open()
            self.assert_refused(session, session.login(name, wrong), wrong)
            wrong = new_needle()
            reply = session.command(b"AUTH PLAIN " + scram.encoded(f"\0{name}\0{wrong}"))
            self.assert_refused(session, reply, wrong)
            self.assert_ok(session.login(password=self.password))
            self.assert_forgotten(session, wrong, self.password)
            session.close()

    def test_SCRAM(self):
        for right in (True, False):
            session = self.open()
            password = self.password if right else new_needle()
            reply, client = scram.log_in(session, NAME, password)
            check = self.assert_granted if right else self.assert_refused
            check(session, reply, password, client.proof, client.salted, client.key)
            session.close()

    def test_an_app_password(self):
        made = subprocess.run([SODAPOP, "--config", self.site.config, "app-password", "add",
                               NAME, "phone"], check=True, timeout=60, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout.strip()
        session = self.open()
        self.assert_granted(session, session.login(password=made), made, made.replace("-", ""))
        self.site.wait_for_event("login", app_password="phone")

    @needs_feature("tokens")
    def test_tokens(self):
        server, keys = tokens.Server(self.site.root), self.site.root / "keys.json"
        keys.write_text(tokens.key_set(server))
        keys.chmod(0o600)
        self.site.configure(**tokens.settings(keys), oauth_user_claim="sub")
        token = server.token(sub=NAME)
        for mechanism, message in (("OAUTHBEARER", tokens.oauthbearer(token, NAME)),
                                   ("XOAUTH2", tokens.xoauth2(NAME, token))):
            session = self.open()
            self.assertEqual(session.command(f"AUTH {mechanism}"), b"+ \r\n")
            self.assert_granted(session, session.command(scram.encoded(message)), token)
            session.close()
            session = self.open()
            self.assertEqual(session.command(f"AUTH {mechanism}"), b"+ \r\n")
            bad = server.token(sub=NAME, exp=1)
            message = message.replace(token, bad)
            self.assertTrue(session.command(scram.encoded(message)).startswith(b"+ "))
            self.assert_refused(session, session.command("AQ=="), bad)
            session.close()

    def test_a_certificate(self):
        self.site.configure(external="common-name", proxy=None, proxy_networks=None)
        session = self.open(Session, env={"SSL_CLIENT_DN": f"O=Example, CN={NAME}"})
        self.assert_granted(session, session.command("AUTH EXTERNAL ="), self.password)

    def test_a_hash_that_is_renewed(self):
        self.site.configure(rehash="yes")
        old = list(self.stored(NAME))
        session = self.open()
        self.assert_granted(session, session.login(password=self.password), self.password, *old)
        self.site.wait_for_event("rehash", user=NAME)
        self.assertNotEqual(list(self.stored(NAME)), old)

    def test_the_key_of_the_index_is_in_the_keeper_alone_and_once(self):
        session = self.open()
        self.assert_ok(session.login(password=self.password))
        self.assert_ok(session.command("STAT"))
        site_key = (self.site.root / "state" / "site-key").read_bytes()
        name_and_hash = ":".join(self.site.users_file.read_text().split(":")[:2])
        key = hashlib.blake2b(name_and_hash.encode(), key=site_key, person=b"sodapop-index-2",
                              digest_size=32).digest()
        copies = [sum(octets.count(key) for _, octets in regions(pid))
                  for pid in (session.front(), session.process.pid)]
        self.assertEqual(copies, [0, 1])
        self.assert_forgotten(session, site_key)

    @needs_feature("auth_cache")
    def test_the_cache_of_logins(self):
        self.site.configure(auth_cache=600)
        for _ in range(2):
            session = self.open()
            key = (self.site.root / "run" / "auth-key")
            reply = session.login(password=self.password)
            self.assert_granted(session, reply, self.password, key.read_bytes())
            session.close()
            session.exit_status()

    def test_the_compiled_users(self):
        subprocess.run([SODAPOP, "--config", self.site.config, "users", "compile"], check=True,
                       stdout=subprocess.PIPE, timeout=60)
        session = self.open()
        self.assert_granted(session, session.login(password=self.password), self.password)

    @needs_feature("checkpassword")
    def test_a_program_that_checks_the_password(self):
        program, go_on = self.site.root / "program", self.site.root / "go-on"
        subprocess.run(["mkfifo", go_on], check=True)
        program.write_text(f'#!/bin/sh\nread line <{go_on}\n[ "$line" = yes ] || exit 1\n'
                           f'HOME={self.site.maildir().parent} userdb_uid=5000 userdb_gid=5000 '
                           'exec "$@"\n')
        program.chmod(0o755)
        self.site.configure(checkpassword=program, maildir="%h/Maildir")
        for word in ("yes", "no"):
            session = self.open()
            self.assert_ok(session.command(f"USER {NAME}"))
            front = session.front()
            session.send(f"PASS {self.password}\r\n")
            verifier, = wait_for(lambda: set(children(session.process.pid)) - {front})
            wait_for(lambda: found(verifier, self.password))
            go_on.write_text(word + "\n")
            check = self.assert_granted if word == "yes" else self.assert_refused
            check(session, session.line(), self.password)
            session.close()


if __name__ == "__main__":
    harness.main()
