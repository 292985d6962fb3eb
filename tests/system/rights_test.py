#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The rights of a user, in Dovecot's extra fields and in ours, through the real server."""

import contextlib
import socket
import subprocess

import harness
from harness import PASSWORD, SODAPOP, Conversation, Session, SiteTest, needs_feature
from mails import MAILS

NOT_ACCEPTED = b"-ERR [AUTH] name or password not accepted\r\n"


class RightsTest(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values())
        self.line = self.site.users_file.read_text().rstrip("\n")

    def set_words(self, words):
        """Puts words into the extra field, as an administrator's editor would."""
        self.site.users_file.write_text(self.line + " " + words + "\n")

    def rights(self, *options):
        subprocess.run([SODAPOP, "--config", self.site.config, "user", "rights", "alice", *options],
                       check=True, stdout=subprocess.PIPE, timeout=30)

    def login(self, password=PASSWORD, source="127.0.0.1"):
        with Session(self.site, source=source) as session:
            return session.login("alice", password)

    def assert_refused(self, reply, text, reason):
        """The right password gets `text`; a wrong one gets the usual refusal."""
        self.assertEqual(reply, b"-ERR [AUTH] " + text.encode() + b"\r\n")
        self.site.wait_for_event("login-failed", reason=reason, user="alice")
        self.assertEqual(self.login("wrong"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="wrong-password", user="alice")


class Places(RightsTest):
    def test_logins_come_from_the_networks_of_allow_nets_alone(self):
        self.set_words("allow_nets=127.0.0.2,127.0.1.0/24,2001:db8::/32")
        for source in ("127.0.0.2", "127.0.1.1", "127.0.1.255"):
            self.assert_ok(self.login(source=source))
        for source in ("127.0.0.1", "127.0.0.3", "127.0.2.1"):
            self.assertEqual(self.login(source=source), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="network", user="alice")
        self.set_words("allow_real_nets=127.0.0.2")
        self.assert_ok(self.login(source="127.0.0.2"))
        self.assertEqual(self.login(), NOT_ACCEPTED)

    @contextlib.contextmanager
    def local(self):
        """A session over a socket that has no address."""
        client, server = socket.socketpair()
        with server:
            process = subprocess.Popen(self.site.command(), stdin=server, stdout=server,
                                       stderr=subprocess.DEVNULL)
        try:
            with Conversation(client) as talk:
                self.assert_ok(talk.line())
                yield talk
        finally:
            process.wait(harness.PATIENCE)

    def test_local_lets_in_who_has_no_address(self):
        self.set_words("allow_nets=local")
        with self.local() as talk:
            self.assert_ok(talk.login())
            self.assert_ok(talk.command("QUIT"))
        self.assertEqual(self.login(), NOT_ACCEPTED)
        self.set_words("allow_nets=0.0.0.0/0,::/0")
        with self.local() as talk:
            self.assertEqual(talk.login(), NOT_ACCEPTED)
            self.assert_ok(talk.command("QUIT"))
        self.assert_ok(self.login())

    def test_the_tool_sets_and_removes_networks(self):
        self.rights("--from", "127.0.0.2")
        self.assertEqual(self.login(), NOT_ACCEPTED)
        self.rights("--from-anywhere")
        self.assert_ok(self.login())


class Names(RightsTest):
    def asked(self, name):
        """The output of `sodapop user test`."""
        return subprocess.run([SODAPOP, "--config", self.site.config, "user", "test", name,
                               "--password-stdin"], input=PASSWORD, text=True, timeout=30,
                              check=False, stdout=subprocess.PIPE).stdout

    def test_the_tool_reads_a_name_as_the_server_does(self):
        self.assertIn("ALICE would not", self.asked("ALICE"))
        self.site.configure(name_case="lower")
        self.assertIn("alice would log in", self.asked("ALICE"))
        self.site.configure(require_domain="yes")
        self.assertIn("alice would not log in: the name needs a domain", self.asked("ALICE"))


class Refusals(RightsTest):
    def test_nologin_gives_its_reason(self):
        self.set_words("nologin=moved_to_example.net")
        self.assert_refused(self.login(), "moved_to_example.net", "nologin")
        self.set_words("nologin reason=suspended")
        self.assert_refused(self.login(), "suspended", "nologin")

    def test_nologin_without_a_reason_gives_none(self):
        for words in ("nologin", "nologin=y", "fail=y", "fail"):
            self.set_words(words)
            self.assert_refused(self.login(), "name or password not accepted", "nologin")

    def test_pop3_may_be_switched_off(self):
        self.set_words("sodapop_pop3=no")
        self.assert_refused(self.login(), "POP3 is switched off for this account", "pop3-off")
        self.rights("--pop3", "yes")
        self.assert_ok(self.login())

    def test_an_account_expires_with_its_last_day(self):
        self.set_words("sodapop_expires=2020-02-29")
        self.assert_refused(self.login(), "this account has expired", "expired")
        self.set_words("sodapop_expires=2099-12-31")
        self.assert_ok(self.login())

    def test_a_right_that_is_misspelt_lets_nobody_in(self):
        for words in ("sodapop_pop=no", "allow_nets=everywhere", "sodapop_expires=soon",
                      "allow_real_nets=everywhere", "noauthenticate", "nologin:protected=y"):
            self.set_words(words)
            self.assertEqual(self.login(), NOT_ACCEPTED)

    @needs_feature("auth_cache")
    def test_what_the_cache_of_logins_remembers_is_asked_for_its_rights(self):
        self.site.configure(auth_cache=600)
        self.assert_ok(self.login())
        self.set_words("sodapop_pop3=no")
        self.assert_refused(self.login(), "POP3 is switched off for this account", "pop3-off")


    def test_who_comes_from_elsewhere_learns_nothing_even_with_the_right_password(self):
        for words in ("nologin=moved", "sodapop_pop3=no", "sodapop_expires=2020-02-29",
                      "sodapop_app_passwords_only=yes"):
            self.set_words(f"allow_nets=127.0.0.2 {words}")
            self.assertEqual(self.login(), NOT_ACCEPTED)
            self.assertNotEqual(self.login(source="127.0.0.2"), NOT_ACCEPTED)


class ReadOnly(RightsTest):
    def test_nothing_is_removed_moved_or_marked(self):
        self.set_words("sodapop_read_only=yes")
        before = self.site.messages()
        with Session(self.site) as session:
            self.assert_ok(session.login())
            session.fetch("RETR 1")
            self.assertEqual(session.command("DELE 1"),
                             b"-ERR [SYS/PERM] this maildrop is read-only\r\n")
            self.assert_ok(session.command("NOOP"))
            self.assert_ok(session.command("RSET"))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.site.messages(), before)
        self.assertEqual(list((self.site.maildir() / "cur").iterdir()), [])

    def test_the_next_login_without_it_may_delete_again(self):
        self.rights("--read-only", "yes")
        self.rights("--read-only", "no")
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.assert_ok(session.command("DELE 1"))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)


if __name__ == "__main__":
    harness.main()
