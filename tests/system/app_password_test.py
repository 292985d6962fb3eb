#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""App passwords through the real server: which logins succeed, with which rights, and the records
of their use."""

import base64
import re
import stat
import subprocess

import harness
from harness import PASSWORD, SODAPOP, Session, SiteTest, needs_feature, needs_root
from mails import MAILS

NOT_ACCEPTED = b"-ERR [AUTH] name or password not accepted\r\n"
READ_ONLY = b"-ERR [SYS/PERM] this maildrop is read-only\r\n"
GROUPS = re.compile(r"\A([a-km-np-z2-9]{4}-){6}[a-km-np-z2-9]{4}\n\Z")


class AppPasswordTest(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values())

    def tool(self, *arguments, check=True):
        return subprocess.run([SODAPOP, "--config", self.site.config, *arguments], text=True,
                              capture_output=True, check=check, timeout=30)

    def make(self, label, *options, user="alice"):
        return self.tool("app-password", "add", user, label, *options).stdout.strip()

    def expire(self, label):
        """Moves the last day of that app password to the year 2020, in the users file."""
        text = self.site.users_file.read_text()
        changed = re.sub(rf"(sodapop_app={label};[^ \n]*expires=)\d+", r"\g<1>2020", text)
        self.assertNotEqual(text, changed)
        self.site.users_file.write_text(changed)

    def login(self, password, user="alice", source="127.0.0.1"):
        with Session(self.site, source=source) as session:
            return session.login(user, password)


class LogsIn(AppPasswordTest):
    def test_a_new_one_is_printed_alone_and_once(self):
        done = self.tool("app-password", "add", "alice", "phone")
        self.assertRegex(done.stdout, GROUPS)
        self.assertIn("phone", done.stderr)
        password = done.stdout.strip()
        stored = self.site.users_file.read_text()
        for text in (password, password.replace("-", "")):
            self.assertNotIn(text, done.stderr + stored + self.tool("app-password", "list").stdout
                             + self.tool("user", "show", "alice").stdout)

    def test_it_logs_in_however_it_is_typed_and_the_main_password_still_does(self):
        password = self.make("phone")
        for typed in (password, password.replace("-", ""), password.upper(),
                      password.replace("-", " "), PASSWORD):
            self.assert_ok(self.login(typed))
        self.assertEqual(self.login(password[:-1]), NOT_ACCEPTED)
        wrong = password[:-1] + ("a" if password[-1] != "a" else "b")
        self.assertEqual(self.login(wrong), NOT_ACCEPTED)

    @needs_feature("auth_cache")
    def test_it_does_not_make_up_for_a_domain_that_the_site_requires(self):
        password = self.make("phone")
        self.site.configure(auth_cache=600)
        self.assert_ok(self.login(PASSWORD))
        self.site.configure(require_domain="yes")
        for typed in (password, PASSWORD):
            self.assertNotIn(b"+OK", self.login(typed))

    def test_the_log_says_which_one_it_was(self):
        password = self.make("phone")
        self.assert_ok(self.login(password))
        self.site.wait_for_event("login", user="alice", app_password="phone")
        plain = base64.b64encode(f"\0alice\0{password}".encode()).decode()
        with Session(self.site) as session:
            self.assert_ok(session.command(f"AUTH PLAIN {plain}"))
        self.site.wait_for_event("login", user="alice", method="PLAIN", app_password="phone")
        self.assertNotIn(password, self.site.log.read_text())

    def test_a_login_with_the_main_password_names_none(self):
        self.make("phone")
        self.assert_ok(self.login(PASSWORD))
        self.assertNotIn("app-password", self.site.wait_for_event("login", user="alice"))

    def test_each_of_several_is_its_own_users_alone(self):
        self.site.add_user("bob")
        passwords = {label: self.make(label) for label in ("phone", "tablet", "old-pc")}
        for label, password in passwords.items():
            self.assert_ok(self.login(password))
            self.site.wait_for_event("login", user="alice", app_password=label)
            self.assertEqual(self.login(password, user="bob"), NOT_ACCEPTED)
        self.assertEqual(self.login(passwords["phone"], user="nobody-of-that-name"), NOT_ACCEPTED)

    def test_a_revoked_one_is_no_password_any_more(self):
        phone, tablet = self.make("phone"), self.make("tablet")
        self.assert_ok(self.login(phone))
        self.tool("app-password", "revoke", "alice", "phone")
        self.assertEqual(self.login(phone), NOT_ACCEPTED)
        self.assert_ok(self.login(tablet))
        self.assertNotIn("phone", self.tool("app-password", "list", "alice").stdout)

    @needs_feature("auth_cache")
    def test_a_revoked_one_is_not_remembered_by_the_cache_of_logins(self):
        self.site.configure(auth_cache=600)
        phone = self.make("phone")
        self.assert_ok(self.login(phone))
        self.assert_ok(self.login(phone))
        self.tool("app-password", "revoke", "alice", "phone")
        self.assertEqual(self.login(phone), NOT_ACCEPTED)


class Limits(AppPasswordTest):
    def test_an_expired_one_is_told_so(self):
        password = self.make("phone", "--expires", "2099-12-31")
        self.assert_ok(self.login(password))
        self.expire("phone")
        self.assertEqual(self.login(password), b"-ERR [AUTH] this app password has expired\r\n")
        self.site.wait_for_event("login-failed", reason="app-password-expired", user="alice")
        self.assert_ok(self.login(PASSWORD))
        self.assertIn("expired on 2020", self.tool("app-password", "list", "alice").stdout)

    def test_from_elsewhere_it_is_not_even_confirmed(self):
        password = self.make("phone", "--from", "127.0.0.2/32", "--from", "192.0.2.0/24")
        self.assert_ok(self.login(password, source="127.0.0.2"))
        self.assertEqual(self.login(password, source="127.0.0.3"), NOT_ACCEPTED)
        self.site.wait_for_event("login-failed", reason="network", user="alice")
        self.assert_ok(self.login(PASSWORD, source="127.0.0.3"))

    def test_a_read_only_one_changes_nothing(self):
        password = self.make("phone", "--read-only")
        before = self.site.messages()
        with Session(self.site) as session:
            self.assert_ok(session.login("alice", password))
            session.fetch("RETR 1")
            self.assertEqual(session.command("DELE 1"), READ_ONLY)
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.site.messages(), before)
        self.assertEqual(list((self.site.maildir() / "cur").iterdir()), [])

    def test_the_main_password_is_not_limited_by_it(self):
        self.make("phone", "--read-only")
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.assert_ok(session.command("DELE 1"))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)

    def test_what_limits_the_user_limits_it_too(self):
        password = self.make("phone")
        self.tool("user", "rights", "alice", "--read-only", "yes", "--from", "127.0.0.2")
        self.assertEqual(self.login(password, source="127.0.0.3"), NOT_ACCEPTED)
        with Session(self.site, source="127.0.0.2") as session:
            self.assert_ok(session.login("alice", password))
            self.assertEqual(session.command("DELE 1"), READ_ONLY)

    def test_a_user_may_be_held_to_app_passwords(self):
        password = self.make("phone")
        self.tool("user", "rights", "alice", "--app-passwords-only", "yes")
        self.assert_ok(self.login(password))
        self.assertEqual(self.login(PASSWORD), b"-ERR [AUTH] this account needs an app password\r\n")
        self.site.wait_for_event("login-failed", reason="app-password-needed", user="alice")
        self.assertEqual(self.login("wrong"), NOT_ACCEPTED)


class LastUse(AppPasswordTest):
    def last_use(self, label):
        return next(line.split()[2] for line in self.tool("app-password", "list").stdout.splitlines()
                    if line.split()[1] == label)

    def test_the_list_shows_when_each_was_used_last(self):
        phone = self.make("phone")
        self.make("tablet")
        self.assertEqual(self.last_use("phone"), "never")
        self.assert_ok(self.login(phone))
        self.assertRegex(self.last_use("phone"), r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        self.assertEqual(self.last_use("tablet"), "never")

    def test_a_refused_one_was_not_used(self):
        phone = self.make("phone", "--from", "127.0.0.2")
        self.assertEqual(self.login(phone, source="127.0.0.3"), NOT_ACCEPTED)
        self.assertEqual(self.last_use("phone"), "never")

    @needs_root
    def test_the_file_is_its_accounts_alone(self):
        self.assert_ok(self.login(self.make("phone")))
        facts = (self.site.root / "state" / "app-password-use").stat()
        self.assertEqual((stat.S_IMODE(facts.st_mode), facts.st_uid), (0o600, 0))

    def test_trouble_with_the_file_keeps_nobody_out(self):
        phone = self.make("phone")
        self.assert_ok(self.login(phone))
        use = self.site.root / "state" / "app-password-use"
        use.chmod(0o644)
        self.assert_ok(self.login(phone))
        use.unlink()
        use.mkdir()
        self.assert_ok(self.login(phone))
        lines = self.site.log_lines("app-password-use")
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertIn(' problem="', line)


if __name__ == "__main__":
    harness.main()
