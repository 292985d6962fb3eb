#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A login during which the administrator changes the user: the users file as it is at the end of
the login decides."""

import contextlib
import crypt
import fcntl
import os
import signal
import struct
import subprocess

import access_lists
import harness
import scram
from harness import (CHEAP, PASSWORD, SODAPOP, Session, SiteTest, needs_root, wait_for)
from listener_test import ListenerTest
from scram import challenge, encoded

NEW = "another one"
SLOW_ENOUGH = ("--hash-memory", "64", "--hash-operations", "12")


class ChangedUserTest(SiteTest):
    settings = {"hash_slots": 1, "scram": "always"}
    cost = CHEAP

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"], (*self.cost, "--scram-iterations", "4096"))

    def tool(self, *words, text=""):
        subprocess.run([SODAPOP, "--config", self.site.config, *words], check=True,
                       input=text.encode(), stdout=subprocess.PIPE)

    def edit_hash(self, change):
        """Replaces the file, as an editor does, with another hash for alice."""
        fields = self.site.users_file.read_text().split(":")
        fields[1] = change(fields[1])
        beside = self.site.root / "users.new"
        beside.write_text(":".join(fields))
        os.chmod(beside, 0o600)
        facts = self.site.users_file.stat()
        os.chown(beside, facts.st_uid, facts.st_gid)
        beside.rename(self.site.users_file)

    def set_password(self):
        self.tool("user", "password", "alice", "--password-stdin", *CHEAP, text=NEW + "\n")

    def changes(self):
        """Each change of alice that must end what she could do before."""
        return {"another password": self.set_password,
                "removed": lambda: self.tool("user", "remove", "alice"),
                "no POP3": lambda: self.tool("user", "rights", "alice", "--pop3", "no"),
                "no password": lambda: self.edit_hash(lambda _: "*"),
                "empty hash": lambda: self.edit_hash(lambda _: ""),
                "locked by hand": lambda: self.edit_hash(lambda old: "!" + old)}

    def for_each_change(self, check):
        before = self.site.users_file.read_bytes()
        for name, change in self.changes().items():
            with self.subTest(name):
                check(change)
            self.site.users_file.write_bytes(before)

    @contextlib.contextmanager
    def busy_slot(self):
        """Holds the only hash slot."""
        with open(self.site.root / "run" / "hash-slots", "a+b") as file:
            lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            fcntl.fcntl(file, fcntl.F_OFD_SETLKW, lock)
            yield

    def is_waiting(self, session):
        """True when the login of `session` waits for a slot."""
        everyone = [session.process.pid, *harness.children(session.process.pid)]
        slots = str(self.site.root / "run" / "hash-slots")
        for pid in everyone:
            with contextlib.suppress(OSError):
                for fd in os.listdir(f"/proc/{pid}/fd"):
                    if os.readlink(f"/proc/{pid}/fd/{fd}") == slots:
                        return True
        return False

    def login_during(self, change):
        """The reply to a login that was waiting for a slot when `change` was made."""
        with Session(self.site) as session:
            self.assert_ok(session.command("USER alice"))
            with self.busy_slot():
                session.send(f"PASS {PASSWORD}\r\n")
                wait_for(lambda: self.is_waiting(session))
                change()
            return session.line()


class WaitingLogin(ChangedUserTest):
    def test_a_user_who_was_changed_meanwhile_is_refused(self):
        self.for_each_change(
            lambda change: self.assert_err(self.login_during(change), "AUTH"))

    def test_any_other_change_refuses_no_one(self):
        self.assert_ok(self.login_during(lambda: self.site.add_user("bob")))
        self.assert_ok(self.login_during(lambda: self.edit_hash(str)))

    def test_a_queue_of_guessers(self):
        """Twelve guesses with one slot: the right password stands in the queue when it ends."""
        with contextlib.ExitStack() as stack:
            sessions = [stack.enter_context(Session(self.site)) for _ in range(12)]
            for session in sessions:
                session.command("USER alice")
            with self.busy_slot():
                for number, session in enumerate(sessions):
                    session.send(f"PASS {PASSWORD if number % 4 == 3 else 'guess'}\r\n")
                for session in sessions:
                    wait_for(lambda session=session: self.is_waiting(session))
                self.set_password()
            for session in sessions:
                self.assert_err(session.line(), "AUTH")

    def test_new_rights_hold(self):
        with Session(self.site) as session:
            session.command("USER alice")
            with self.busy_slot():
                session.send(f"PASS {PASSWORD}\r\n")
                wait_for(lambda: self.is_waiting(session))
                line = self.site.users_file.read_text().rstrip("\n")
                self.site.users_file.write_text(line + " sodapop_read_only=yes\n")
            self.assert_ok(session.line())
            self.assert_err(session.command("DELE 1"))


class HashMeanwhile(ChangedUserTest):
    """The change is made while a verifier computes the hash, which takes half a second."""

    settings = ChangedUserTest.settings | {"hash_memory_limit": 64}
    cost = SLOW_ENOUGH

    def test_a_user_who_was_changed_meanwhile_is_refused(self):
        def check(change):
            with Session(self.site) as session:
                session.command("USER alice")
                session.send(f"PASS {PASSWORD}\r\n")
                front = session.front()
                verifier, = wait_for(
                    lambda: set(harness.children(session.process.pid)) - {front})
                os.kill(verifier, signal.SIGSTOP)  # so that the change is not too late
                change()
                os.kill(verifier, signal.SIGCONT)
                self.assert_err(session.line(), "AUTH")
        self.for_each_change(check)


class RenewedHash(ChangedUserTest):
    settings = ChangedUserTest.settings | {"rehash": "yes", "hash_memory_limit": 64}

    def test_a_renewal_does_not_undo_a_change(self):
        def check(change):
            texts = []

            def changed():
                change()
                texts.append(self.site.users_file.read_text())
            self.assert_err(self.login_during(changed), "AUTH")
            self.assertEqual([self.site.users_file.read_text()], texts)
        self.for_each_change(check)
        self.assertEqual(self.site.log_lines("rehash"), [])

    def test_nothing_is_hashed_where_a_compiled_form_exists(self):
        self.tool("users", "compile")
        for _ in range(2):
            with Session(self.site) as session:
                self.assert_ok(session.login())
        self.assertEqual(self.site.log_lines("rehash"), [])

    def test_a_bcrypt_hash_of_a_long_password_stays(self):
        """bcrypt looks at 72 octets: a new hash would also need the others, mistyped or not."""
        whole = "x" * 80
        self.edit_hash(lambda _: "{BLF-CRYPT}" + crypt.crypt(whole, "$2b$04$" + "a" * 22))
        text = self.site.users_file.read_text()
        with Session(self.site) as session:
            self.assert_ok(session.login(password=whole[:72] + "mistyped"))
        self.assertEqual(self.site.users_file.read_text(), text)
        with Session(self.site) as session:
            self.assert_ok(session.login(password=whole))


class RenewedHashOfAnAccount(ChangedUserTest):
    """A server without root, whose account may not write to the directory of the users file."""

    settings = RenewedHash.settings | {"owner": 5000}

    def test_nothing_is_hashed_where_the_file_cannot_be_replaced(self):
        with Session(self.site, uid=5000) as session:
            self.assert_ok(session.login())
        self.assertEqual(self.site.log_lines("rehash"), [])


class Scram(ChangedUserTest):
    def proven(self, session):
        """The exchange up to the server's signature."""
        client = scram.Client("alice", PASSWORD)
        reply = session.command(b"AUTH SCRAM-SHA-256 " + encoded(client.first))
        reply = session.command(encoded(client.last(challenge(reply))))
        self.assertTrue(client.accepts(challenge(reply)))

    def test_a_user_who_was_changed_after_the_proof_is_refused(self):
        def check(change):
            with Session(self.site) as session:
                self.proven(session)
                change()
                self.assert_err(session.command(""), "AUTH")
        self.for_each_change(check)

    def test_any_other_change_refuses_no_one(self):
        with Session(self.site) as session:
            self.proven(session)
            self.edit_hash(str)
            self.assert_ok(session.command(""))


@needs_root
class OwnLoop(ListenerTest):
    settings = ListenerTest.settings | {"rehash": "yes", "hash_memory_limit": 64}

    def test_a_hash_is_renewed_in_a_file_of_any_group(self):
        before = self.site.users_file.read_text()
        self.start()
        for group in (5999, 42):  # also one below minimum-gid
            for connect in (self.connect, lambda: Session(self.site)):
                self.site.users_file.write_text(before)
                os.chown(self.site.users_file, 0, group)
                os.chmod(self.site.users_file, 0o640)
                with connect() as talk:
                    self.assert_ok(talk.login())
                    self.assert_ok(talk.command("QUIT"))
                self.assertNotEqual(self.site.users_file.read_text(), before)
                facts = self.site.users_file.stat()
                self.assertEqual((facts.st_uid, facts.st_gid, facts.st_mode & 0o777),
                                 (0, group, 0o640))

    def test_a_renewal_keeps_the_access_control_list(self):
        allowed = access_lists.let_read(self.site.users_file, 12345)
        before = self.site.users_file.read_text()
        self.start()
        with self.connect() as talk:
            self.assert_ok(talk.login())
        self.site.wait_for_event("rehash", user="alice")
        self.assertNotEqual(self.site.users_file.read_text(), before)
        self.assertEqual(access_lists.list_of(self.site.users_file), allowed)
        self.assertEqual(self.site.users_file.stat().st_mode & 0o777, 0o640)


if __name__ == "__main__":
    harness.main()
