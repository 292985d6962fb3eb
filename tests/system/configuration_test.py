# SPDX-License-Identifier: ISC
"""Mistakes of the administrator: each ends in one clear line, and never in a login."""

import base64
import os
import pty
import subprocess
import unittest

import access_lists
import harness
from harness import (EX_CONFIG, IS_ROOT, MISCONFIGURED, Session, SiteTest, needs_feature,
                     needs_root)


class Configuration(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"one\n"])

    def test_a_mistake_is_named_with_file_and_line(self):
        good = self.site.config.read_text()
        lines = len(good.splitlines())
        for text, word in (
                ("colour = blue", "colour"), ("idle-limit = soon", "idle-limit"),
                ("idle-limit = 0", "idle-limit"), ("idle-limit = -1", "idle-limit"),
                ("idle-limit = 99999999999999999999", "idle-limit"), ("mark-seen = maybe", "maybe"),
                ("mark-seen", "mark-seen"), ("tls =", "tls"), ("chroot = relative", "relative"),
                ("users = /a\nusers = /b", "users"), ("config = /etc/other", "config"),
                ("help = 1", "help"), ("log = file", "log")):
            with self.subTest(text):
                self.site.config.write_text(good + text + "\n")
                at = lines + len(text.splitlines())
                if text.startswith("users"):
                    at = lines + 1  # the first of the two repeats a key already
                self.assert_misconfigured(f"{self.site.config}:{at}:", word)

    def test_a_file_that_is_cut_off_is_a_mistake(self):
        good = self.site.config.read_text()
        lines = len(good.splitlines())
        self.site.config.write_text(good[:-1])
        self.assert_misconfigured(f"{self.site.config}:{lines}: the last line has no line end")

    def assert_contradictions(self, *contradictions):
        good = self.site.config.read_text()
        for text, word in contradictions:
            with self.subTest(text):
                self.site.config.write_text(good + text + "\n")
                self.assert_misconfigured(word)

    def test_settings_that_do_not_go_together_are_a_mistake(self):
        self.assert_contradictions(("proxy = required", "proxy-networks"),
                                   ("proxy = required\nproxy-networks = local", "proxy-account"))

    @needs_feature("tokens")
    def test_settings_that_tokens_need_and_do_not_have_are_a_mistake(self):
        self.assert_contradictions(
            ("oauth-keys = /etc/keys\noauth-audience = a", "oauth-issuer"),
            ("oauth-keys = /etc/keys\noauth-issuer = i", "oauth-audience"))

    def test_a_configuration_that_cannot_be_read_is_a_mistake(self):
        with Session(self.site, "--config", "/nowhere/sodapop.conf") as session:
            self.assertEqual(session.greeting + session.rest(), MISCONFIGURED)
            self.assertEqual(session.exit_status(), EX_CONFIG)

    def test_a_bad_option_is_a_mistake(self):
        for option in (("--colour",), ("--idle-limit", "soon"), ("unexpected",)):
            with self.subTest(option), Session(self.site, *option) as session:
                self.assertEqual(session.greeting + session.rest(), MISCONFIGURED)
                self.assertEqual(session.exit_status(), EX_CONFIG)

    def check_configuration(self, *options):
        """The status of --check-configuration, which tells a client and the log nothing."""
        done = subprocess.run(self.site.command("--check-configuration", *options), check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=harness.PATIENCE)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(self.site.log_lines(), [])
        self.assertRegex(done.stderr, rb"^sodapopd: [ -~]+\n$" if done.returncode else rb"^$")
        return done.returncode

    def test_the_configuration_is_checked_without_serving(self):
        self.assertEqual(self.check_configuration(), 0)
        self.site.config.write_text(self.site.config.read_text() + "colour = blue\n")
        self.assertEqual(self.check_configuration(), EX_CONFIG)

    def test_without_a_user_the_configuration_is_no_good(self):
        self.site.users_file.unlink()
        self.assertNotEqual(self.check_configuration(), 0)

    def test_directories_and_addresses_are_checked_too(self):
        (self.site.root / "run/empty").rmdir()
        self.assertEqual(self.check_configuration(), 0, "the start makes it")
        (self.site.root / "run").chmod(0o777)
        self.assertEqual(self.check_configuration(), EX_CONFIG)
        (self.site.root / "run").chmod(0o755)
        self.assertEqual(self.check_configuration("--listen", "127.0.0.1:110"), 0)
        self.assertEqual(self.check_configuration("--listen", "127.0.0.1"), EX_CONFIG)

    @needs_root
    def test_it_is_checked_with_the_privileges_of_a_server_that_listens(self):
        os.chown(self.site.log, 5000, 5000)
        self.assertEqual(self.check_configuration(), 0)
        self.assertEqual(self.check_configuration("--listen", "127.0.0.1:110"), 71)

    def test_an_option_goes_before_the_file(self):
        with Session(self.site, "--hostname", "other.example.org") as session:
            self.assertIn(b"other.example.org", session.greeting)

    def test_comments_blank_lines_and_blanks_are_fine(self):
        text = self.site.config.read_text()
        self.site.config.write_text("# a comment\n\n   \t\n" + text.replace(" = ", "\t =  "))
        with Session(self.site) as session:
            self.assert_ok(session.login())

    @needs_root
    def test_a_front_account_that_is_root_or_nobody_at_all_is_a_mistake(self):
        for account in ("root", "no-such-account"):
            with self.subTest(account), Session(self.site, "--front-account", account) as session:
                self.assertEqual(session.greeting + session.rest(), MISCONFIGURED)
                self.assertEqual(session.exit_status(), EX_CONFIG)

    @needs_root
    def test_a_chroot_that_is_not_empty_or_not_roots_ends_the_connection(self):
        chroot = self.site.root / "jail"
        for spoil in (lambda: (chroot / "file").touch(), lambda: chroot.chmod(0o777),
                      lambda: os.chown(chroot, 5000, 5000)):
            chroot.mkdir()
            spoil()
            with Session(self.site, "--chroot", str(chroot)) as session:
                answer = session.greeting + session.rest()
                self.assertTrue(answer.startswith(b"-ERR [SYS/"), answer)
                self.assertEqual(answer.count(b"\r\n"), 1)
            for path in chroot.iterdir():
                path.unlink()
            chroot.rmdir()
        self.site.wait_for_event("cage")


class UsersFile(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"one\n"])
        self.line = self.site.users_file.read_text()

    def login(self, *options, name="alice"):
        with Session(self.site, *options) as session:
            return session.login(name)

    def test_malformed_lines_are_logged_and_skipped(self):
        bad = ["no-colon", ":{ARGON2ID}x:1:1", "bad name:x:1:1::::", "eve:x:-1:5000::::",
               "eve:x:5000:1x::::", "eve:x:4294967295:1::::", "eve:x:5000:5000::relative::",
               "../eve:x:5000:5000::::", "eve\x01:x::::::", "x" * 9000,
               "eve:x:5000:5000::::userdb_mail=mbox:/x"]
        self.site.users_file.write_text("\n".join(["# comment", "", *bad]) + "\n" + self.line)
        self.assert_ok(self.login())
        logged = [line for line in self.site.log_lines("users-file")]
        for number in range(3, 3 + len(bad)):
            self.assertEqual(len([one for one in logged if f" line={number} " in one]), 1, number)
        self.assert_err(self.login(name="eve"), "AUTH")

    def test_a_line_that_is_cut_off_gives_no_right_and_is_logged(self):
        self.site.add_user("eve", [b"one\n"])
        cut = self.site.users_file.read_text().splitlines()[1] + "sodapop_read_only=yes"
        self.assert_ok(self.login())
        self.assertEqual(self.site.log_lines("users-file"), [])
        for text in (cut, cut[:-len("=yes")], cut[:-len("sodapop_read_only=yes")]):
            with self.subTest(text):
                self.site.users_file.write_text(self.line + text)
                self.assert_err(self.login(name="eve"), "AUTH")
                self.assertIn(" line=2 ", self.site.log_lines("users-file")[-1])
                self.assertIn("no line end", self.site.log_lines("users-file")[-1])
        self.site.users_file.write_text(self.line + cut + "\n")
        self.assert_ok(self.login(name="eve"))

    def test_bad_hashes_never_log_in(self):
        hash_text = self.line.split(":")[1]
        for spoilt in ("", "*", "!" + hash_text, "{PLAIN}open sesame", "open sesame",
                       hash_text[:-4], hash_text.replace("m=1024", "m=4294967295"),
                       hash_text.replace("t=1", "t=1000000"), hash_text.replace("m=1024", "m=0"),
                       "{MD5}" + "0" * 32, hash_text + "x" * 5000, "{ARGON2ID}"):
            with self.subTest(spoilt[:60]):
                self.site.users_file.write_text(self.line.replace(hash_text, spoilt))
                self.assert_err(self.login(), "AUTH")

    def test_an_empty_password_never_logs_in(self):
        with Session(self.site) as session:
            self.assert_err(session.login(password=""))

    def test_a_file_that_others_may_write_is_refused(self):
        for mode in (0o620, 0o602, 0o666):
            with self.subTest(oct(mode)):
                self.site.users_file.chmod(mode)
                self.assert_err(self.login(), "SYS/PERM")
                self.site.wait_for_event("unavailable", reason="users-file-refused")

    def test_what_is_no_regular_file_is_refused(self):
        real = self.site.root / "real"
        self.site.users_file.rename(real)
        self.site.users_file.symlink_to(real)
        self.assert_err(self.login(), "SYS/PERM")
        self.site.users_file.unlink()
        os.mkfifo(self.site.users_file, 0o600)
        self.assert_err(self.login(), "SYS/PERM")
        self.site.users_file.unlink()
        reply = self.assert_err(self.login())
        self.assertIn(b"[SYS/", reply)

    @needs_root
    def test_a_file_that_the_mailboxs_user_may_read_is_refused(self):
        for mode, group in ((0o644, 0), (0o640, 5000)):
            with self.subTest(oct(mode)):
                os.chown(self.site.users_file, 0, group)
                self.site.users_file.chmod(mode)
                self.assert_err(self.login(), "SYS/PERM")
                self.site.wait_for_event("unavailable", reason="users-file-readable-by-user")

    @needs_root
    def test_a_file_that_a_list_lets_the_mailboxs_user_read_is_refused(self):
        access_lists.let_read(self.site.users_file, 4999)
        self.assert_ok(self.login())
        access_lists.let_read(self.site.users_file, 5000)
        self.assert_err(self.login(), "SYS/PERM")
        self.site.wait_for_event("unavailable", reason="users-file-readable-by-user")

    @needs_root
    def test_uids_and_gids_below_the_minimum_are_refused(self):
        shadow, disk = 42, 6
        for uid, gid in ((0, 5000), (5000, 0), (499, 5000), (5000, 499), (5000, shadow),
                         (5000, disk), ("", ""), (5000, ""), ("", 5000)):
            with self.subTest(uid=uid, gid=gid):
                changed = self.line.replace(":5000:5000:", f":{uid}:{gid}:")
                self.assertNotEqual(changed, self.line)
                self.site.users_file.write_text(changed)
                self.assert_err(self.login(), "SYS/PERM")
        self.site.users_file.write_text(self.line)
        self.assert_err(self.login("--minimum-uid", "5001"), "SYS/PERM")
        self.assert_ok(self.login("--minimum-uid", "5000"))
        self.assert_err(self.login("--minimum-gid", "5001"), "SYS/PERM")
        self.site.wait_for_event("unavailable", reason="gid-not-served", user="alice")
        self.assert_ok(self.login("--minimum-gid", "5000"))

    @unittest.skipIf(IS_ROOT, "is about ordinary users")
    def test_an_ordinary_user_serves_its_own_uid_alone(self):
        other = os.geteuid() + 1
        fields = self.line.split(":")
        fields[2] = fields[3] = str(other)
        self.site.users_file.write_text(":".join(fields))
        self.assert_err(self.login(), "SYS/PERM")

    def test_a_password_may_have_blanks_and_any_octet(self):
        password = " \xe4 lead and trail \t "
        self.site.add_user("bob", [b"one\n"], password=password)
        with Session(self.site) as session:
            self.assert_ok(session.command("USER bob"))
            self.assert_ok(session.command("PASS " + password))

    def test_AUTH_PLAIN_logs_in(self):
        token = base64.b64encode(b"\0alice\0" + harness.PASSWORD.encode()).decode()
        with Session(self.site) as session:
            self.assert_ok(session.command("AUTH PLAIN " + token))
        with Session(self.site) as session:
            self.assertEqual(session.command("AUTH PLAIN"), b"+ \r\n")
            self.assert_ok(session.command(token))


if __name__ == "__main__":
    harness.main()
