# SPDX-License-Identifier: ISC
"""`sodapop check`: a good site has no finding, and each mistake that a test makes in it is found,
with its id and with the exit status of its severity."""

import gzip
import json
import os
import pathlib
import pwd
import resource
import shutil
import subprocess
import time
import unittest

import access_lists
import harness
from harness import (IS_ROOT, SODAPOP, SODAPOPD, SOURCE, Session, SiteTest, needs_feature,
                     needs_root)

OWNER = 5000 if IS_ROOT else os.getuid()
OTHER = 54321
WARNING, ERROR = 1, 2


class CheckTest(SiteTest):
    settings = {"failure_delay": 2}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", cost=())
        self.line = self.site.users_file.read_text()
        self.hash = self.line.split(":")[1]
        self.etc = self.site.root / "etc"
        (self.etc / "systemd/system").mkdir(parents=True)
        for name in ("xinetd.d", "stunnel"):
            (self.etc / name).mkdir()
        shutil.copy("/etc/passwd", self.etc)
        with open(self.etc / "passwd", "a", encoding="utf-8") as file:
            file.write("shellfront:x:54322:54322::/nonexistent:/bin/sh\n"
                       f"homefront:x:54323:54323::{self.site.root}/home:/usr/sbin/nologin\n"
                       "alicefront:x:5000:5000::/nonexistent:/usr/sbin/nologin\n"
                       "vmail:x:54324:54324::/nonexistent:/usr/sbin/nologin\n")

    def run_check(self, *options, config=None, **popen):
        command = [SODAPOP, "--config", config or self.site.config, "check", "--etc", self.etc]
        return subprocess.run([*command, *options], capture_output=True, text=True, check=False,
                              timeout=harness.PATIENCE, **popen)

    def findings(self, *options):
        """Exit status, and the ids that were found."""
        done = self.run_check("--json", *options)
        found = json.loads(done.stdout)
        for finding in found:
            self.assertEqual(sorted(finding),
                             ["command", "id", "remedy", "severity", "what", "where"])
            self.assertIsInstance(finding.pop("command"), bool)
            self.assertTrue(all(finding.values()), finding)
        return done.returncode, [finding["id"] for finding in found]

    def assert_finds(self, status, name, *options):
        """`name` is the only finding."""
        self.assertEqual(self.findings(*options), (status, [name]))

    def write_line(self, **fields):
        """Writes alice's line with some fields changed, then the lines of the list `more`."""
        names = ("name", "hash", "uid", "gid", "gecos", "home", "shell", "extra")
        more = fields.pop("more", [])
        parts = dict(zip(names, self.line.rstrip("\n").split(":") + [""] * len(names)))
        parts |= {"extra": ""} | fields  # without the SCRAM verifier of the old hash
        self.site.users_file.write_text(
            "\n".join([":".join(parts[name] for name in names), *more]) + "\n")

    def write_file(self, name, text):
        path = self.etc / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


def account_name():
    """The name of the account of this process, or its number."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


class Good(CheckTest):
    def test_a_good_site_has_no_finding(self):
        done = self.run_check()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (
            0, f"nothing found: account {account_name()}, configuration "
               f"{self.site.config}, 1 user, 1 Maildir, no launcher, as none was found in "
               f"{self.etc}\n", ""))
        self.assertEqual(self.findings(), (0, []))
        done = self.run_check("--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_a_part_that_fails_is_a_finding_and_the_others_are_checked(self):
        self.site.configure(failure_delay=0)
        done = self.run_check("--json", preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (5, 5)))  # too few for the pipe to a process of the user
        found = {one["id"]: one for one in json.loads(done.stdout)}
        self.assertEqual((done.returncode, sorted(found)),
                         (ERROR, ["check-incomplete", "failure-delay-none"]))
        self.assertIn("Too many open files", found["check-incomplete"]["what"])

    def test_what_the_quickstart_sets_up_has_no_finding(self):
        state = self.site.root / "demo"
        script = ('eval "$(sed "/^case/,\\$d" "$0")"; build=$1 state=$2; lay_out; echo "$demo"')
        done = subprocess.run(
            ["sh", "-c", script, SOURCE / "contrib/quickstart", harness.BUILD, state],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
            timeout=harness.PATIENCE)
        demo = pathlib.Path(done.stdout.splitlines()[-1])
        self.addCleanup(shutil.rmtree, demo)
        done = self.run_check(config=demo / "sodapop.conf")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_our_own_launcher_files_have_no_finding(self):
        if not IS_ROOT:
            self.skipTest("needs root")
        for files in (("systemd/sodapop.socket", "systemd/sodapop.service.in"),
                      ("systemd/sodapop-inetd.socket", "systemd/sodapop-inetd@.service.in"),
                      ("inetd/inetd.conf.in", "stunnel/pop3s-connect.conf"), ("xinetd/sodapop.in",)):
            with self.subTest(files):
                written = []
                for source in files:
                    text = (SOURCE / "contrib" / source).read_text()
                    text = text.replace("@sbindir@", str(SODAPOPD.parent))
                    text = text.replace("PrivateTmp=yes", "")  # the site is below /tmp
                    folder, name = source.removesuffix(".in").split("/")
                    folder = {"systemd": "systemd/system", "inetd": ".", "xinetd": "xinetd.d"}.get(
                        folder, folder)
                    written.append(self.write_file(f"{folder}/{name}", text))
                self.assertEqual(self.findings(), (0, []))
                for path in written:
                    path.unlink()

    def test_findings_are_lines_with_place_id_and_remedy(self):
        self.write_line(hash="{DES}x")
        done = self.run_check()
        self.assertEqual(done.returncode, ERROR)
        self.assertRegex(done.stdout, rf"\Aerror: {self.site.users_file}: alice: [^\n]+ "
                                      r"\[user-hash-unknown\]: run: sodapop --config \S+ user password "
                                      r"alice\n\Z")

    def test_octets_of_a_file_cannot_give_orders_to_a_terminal(self):
        self.site.configure(users=str(self.site.root) + "/\x1b[2J")
        done = self.run_check()
        self.assertNotIn("\x1b", done.stdout)
        self.assertEqual(self.findings()[0], ERROR)


class Configuration(CheckTest):
    def test_all_mistakes_in_the_file_with_their_lines(self):
        text = self.site.config.read_text()
        self.site.config.write_text(text + "colour = blue\nattempts = many\nattempts 3\n")
        done = self.run_check()
        first = text.count("\n") + 1
        for number, word in enumerate(("unknown key 'colour'", "attempts: '", "expected KEY")):
            self.assertIn(f"error: {self.site.config}:{first + number}: {word}", done.stdout)
        self.assertIn("correct them first", done.stderr)
        self.assertEqual(done.returncode, ERROR)

    def test_a_file_that_is_not_there(self):
        self.site.config.unlink()
        self.assertIn("configuration-unreadable", self.findings()[1])

    def test_a_file_that_others_may_write(self):
        self.site.config.chmod(0o666)
        self.assert_finds(ERROR, "configuration-writable")

    @needs_root
    def test_a_file_of_somebody_else(self):
        os.chown(self.site.config, OTHER, OTHER)
        self.assert_finds(ERROR, "configuration-owner")

    def test_settings_that_do_not_go_together_or_weaken(self):
        for settings, status, name in (
                ({"failure_delay": 0}, WARNING, "failure-delay-none"),
                ({"login_limit": 6}, WARNING, "login-limit-short"),
                ({"idle_limit": 599}, WARNING, "idle-limit-short"),
                ({"max_connections": 10}, WARNING, "limits-contradict"),
                ({"hash_slots": 1024, "hash_memory_limit": 4096}, WARNING,
                 "hash-memory-exceeds-host")):
            with self.subTest(name):
                self.site.configure(**settings)
                self.assert_finds(status, name)
                for key in settings:
                    del self.site.settings[key.replace("_", "-")]
                self.site.configure(failure_delay=2)

    def test_a_proxy_without_networks_and_networks_without_a_proxy(self):
        self.site.configure(proxy="required")
        self.assert_finds(ERROR, "settings-contradict")
        self.site.configure(proxy="off", proxy_networks="198.51.100.0/24")
        self.assert_finds(WARNING, "settings-unused")
        self.site.configure(proxy="required")
        self.assertEqual(self.findings(), (0, []))

    def test_proxies_as_which_others_can_connect(self):
        for networks in ("127.0.0.1", "198.51.100.0/23"):
            self.site.configure(proxy="required", proxy_networks=networks, external=None)
            self.assert_finds(WARNING, "proxy-networks-open")
            self.site.configure(external="common-name")
            self.assert_finds(ERROR, "proxy-networks-open")
        self.site.configure(proxy_networks="local", proxy_account="daemon")
        self.assertEqual(self.findings(), (0, []))
        self.site.configure(proxy_account="no-such-account")
        self.assert_finds(ERROR, "proxy-account-missing")

    def test_a_template_that_cannot_be_a_path(self):
        self.site.configure(maildir="/mail/%x")
        self.assertEqual(self.findings(), (ERROR, ["maildir-template", "mailbox-path"]))


class Users(CheckTest):
    def test_no_users_file(self):
        self.site.users_file.unlink()
        self.assert_finds(ERROR, "users-file-missing")

    def test_modes_and_owners_of_the_file(self):
        self.site.users_file.chmod(0o620)
        self.assert_finds(ERROR, "users-file-writable")
        self.site.users_file.chmod(0o644)
        self.assert_finds(ERROR, "users-file-readable")
        if IS_ROOT:
            self.site.users_file.chmod(0o600)
            os.chown(self.site.users_file, OTHER, OTHER)
            self.assert_finds(ERROR, "users-file-owner")
            os.chown(self.site.users_file, 0, OWNER)
            self.site.users_file.chmod(0o640)
            self.assert_finds(ERROR, "users-file-readable")

    @needs_root
    def test_an_access_control_list_of_the_file(self):
        access_lists.let_read(self.site.users_file, OTHER)
        self.assertEqual(self.findings(), (0, []))
        access_lists.let_read(self.site.users_file, OWNER)
        self.assert_finds(ERROR, "users-file-readable")

    def test_a_link_in_the_place_of_the_file(self):
        self.site.users_file.rename(self.site.root / "real")
        self.site.users_file.symlink_to(self.site.root / "real")
        self.assert_finds(ERROR, "users-file-not-regular")

    def test_a_directory_in_which_anybody_could_replace_it(self):
        folder = self.site.root / "open"
        folder.mkdir()
        folder.chmod(0o777)
        self.site.users_file.rename(folder / "users")
        self.site.configure(users=folder / "users")
        self.assert_finds(ERROR, "users-file-directory")

    def test_a_compiled_file_that_is_outdated_or_refused(self):
        subprocess.run([SODAPOP, "--config", self.site.config, "users", "compile"], check=True,
                       capture_output=True)
        self.assertEqual(self.findings(), (0, []))
        self.write_line(gecos="changed")
        self.assert_finds(WARNING, "users-file-compiled")
        (self.site.root / "users.cdb").write_text("damaged")
        self.assert_finds(ERROR, "users-compiled-refused")

    def test_malformed_lines_by_number(self):
        self.write_line(more=["", "# all is well", "no colon", "bad name:*"])
        done = self.run_check()
        for number in (4, 5):
            self.assertIn(f"error: {self.site.users_file}:{number}: ", done.stdout)
        self.assertEqual((done.stdout.count("[users-line]"), done.returncode), (2, ERROR))

    def test_a_last_line_without_its_end(self):
        text = self.site.users_file.read_text()
        self.site.users_file.write_text(text + text.replace("alice", "bob").strip())
        self.assertIn(f"error: {self.site.users_file}:2: the last line has no line end",
                      self.run_check().stdout)
        self.assert_finds(ERROR, "users-line")

    def test_a_doubled_name(self):
        self.write_line(more=[self.line.strip()] * 2)
        self.assert_finds(WARNING, "user-doubled")

    def test_hashes_that_are_no_login_or_a_cheap_one(self):
        cheap = "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0c2FsdA$" + "A" * 43
        for value, status, name in (
                ("*", WARNING, "user-disabled"),
                ("{FANCY}0123456789", ERROR, "user-hash-unknown"),
                ("{PLAIN}secret", ERROR, "user-hash-weak"),
                ("{ARGON2ID}$argon2id$v=19$m=oops", ERROR, "user-hash-malformed"),
                (cheap, WARNING, "user-hash-outdated"),
                (cheap.replace("m=8", "m=1048576"), ERROR, "user-hash-too-costly")):
            with self.subTest(name):
                self.write_line(hash=value)
                self.assert_finds(status, name)

    def test_ways_in_that_a_useless_hash_leaves_open_are_named(self):
        self.site.configure(external="common-name")
        for value, extra, ways in (
                ("*", "", "; still open: certificates ["),
                ("{MD5}" + "0" * 32, "sodapop_app=a;b;c",
                 "; still open: app passwords, certificates ["),
                ("{MD5}!" + "0" * 32, "sodapop_app=a;b;c", "or locked [user-disabled]")):
            with self.subTest(value):
                self.write_line(hash=value, extra=extra)
                self.assertIn(ways, self.run_check().stdout)

    @needs_root
    def test_identities_that_are_not_served(self):
        for fields, names in (
                ({"uid": "0"}, ["user-uid-root"]),
                ({"gid": "0"}, ["user-gid-root"]),
                ({"uid": "499"}, ["user-uid-below-minimum", "mailbox-parent-closed"]),
                ({"gid": "499"}, ["user-gid-below-minimum"]),
                ({"uid": ""}, ["user-without-identity"]),
                ({"gid": ""}, ["user-without-identity"])):
            with self.subTest(fields):
                self.write_line(**fields)
                self.assertEqual(self.findings(), (ERROR, names))

    @unittest.skipIf(IS_ROOT, "needs an ordinary user")
    def test_a_uid_that_only_root_could_become(self):
        self.write_line(uid=str(os.getuid() + 1))
        self.assert_finds(ERROR, "user-uid-foreign")

    def test_expired_users_and_passwords(self):
        self.write_line(extra="sodapop_expires=2020-01-31")
        self.assert_finds(WARNING, "user-expired")
        self.write_line(extra="sodapop_app=phone;c2FsdA;ZGlnZXN0;expires=2020-01-31")
        self.assert_finds(WARNING, "app-password-expired")
        self.write_line(extra="sodapop_app_passwords_only=yes")
        self.assert_finds(WARNING, "app-passwords-none")

    def test_verifiers_of_another_password(self):
        verifier = "{SCRAM-SHA-256}4096,c29tZXNhbHQ=," + ",".join(["A" * 43 + "="] * 2)
        self.write_line(extra=f"sodapop_scram={verifier};0123456789abcdef")
        self.assert_finds(WARNING, "user-scram-stale")
        self.write_line(extra="sodapop_scram=nonsense")
        self.assert_finds(ERROR, "user-scram-malformed")

    def test_verifiers_that_no_connection_can_use(self):
        self.site.configure(scram="unprotected")
        self.site.add_user("bob", cost=())
        self.assertEqual(self.findings(), (0, []))
        self.site.configure(scram="off")
        self.assert_finds(WARNING, "user-scram-unused")

    def test_names_that_no_client_can_say(self):
        self.site.configure(name_case="lower")
        self.assertEqual(self.findings(), (0, []))
        self.write_line(name="Alice",
                        extra=f"userdb_mail=maildir:{self.site.root}/mail/alice/Maildir")
        self.assert_finds(ERROR, "user-name-unreachable")
        self.site.configure(require_domain="yes")
        self.write_line(name="alice")
        self.assert_finds(ERROR, "user-name-unreachable")
        self.site.configure(default_domain="example.org")
        self.assert_finds(ERROR, "user-name-unreachable")

    def test_users_whom_SCRAM_would_keep_out(self):
        self.site.configure(scram="always")
        subprocess.run([SODAPOP, "--config", self.site.config, "user", "password", "alice",
                        "--password-stdin"], input=b"secret\n", check=True, stdout=subprocess.PIPE,
                       timeout=60)
        self.assertEqual(self.findings(), (0, []))
        self.write_line()
        self.assert_finds(WARNING, "user-scram-missing")

    def test_a_thousand_lines_of_a_kind_are_a_hundred(self):
        self.site.users_file.write_text("nonsense\n" * 150)
        done = self.run_check()
        self.assertEqual((done.stdout.count("\n"), done.stderr),
                         (100, "sodapop: 50 more of users-line, the last at "
                               f"{self.site.users_file}:150; --all-findings prints them\n"))
        self.assertEqual(self.run_check("--all-findings").stdout.count("\n"), 150)

    def test_many_users_have_their_lines_read_and_a_thousand_their_maildirs(self):
        self.site.configure(missing_maildir="empty")
        self.write_line(more=[f"u{n}:{self.hash}:::::" for n in range(1100)] if not IS_ROOT else
                        [f"u{n}:{self.hash}:{OWNER}:{OWNER}::::" for n in range(1100)])
        done = self.run_check()
        self.assertEqual(done.returncode, 0)
        self.assertIn(", 1101 users, 1000 Maildirs, ", done.stdout)
        self.assertEqual(done.stderr, "sodapop: the Maildirs of 101 users were not looked at; "
                                      "--all-users does\n")


class BackEnds(CheckTest):
    @needs_feature("checkpassword")
    def test_checkpassword_programs(self):
        program = self.site.root / "checkpassword"
        self.site.configure(checkpassword=f"{program} --option")
        self.assert_finds(ERROR, "checkpassword-missing")
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        self.assertEqual(self.findings(), (0, []))
        self.site.users_file.unlink()  # a site with checkpassword does not read it
        self.assertEqual(self.findings(), (0, []))
        program.chmod(0o777)
        self.assert_finds(ERROR, "checkpassword-unsafe")
        program.chmod(0o644)
        self.assert_finds(ERROR, "checkpassword-missing")

    @needs_feature("tokens")
    def test_keys_for_tokens(self):
        keys = self.site.root / "keys"
        self.site.configure(oauth_keys=keys, oauth_issuer="https://a.example")
        self.assertEqual(self.findings(), (ERROR, ["oauth-settings", "oauth-keys-unreadable"]))
        self.site.configure(oauth_audience="pop3")
        self.assert_finds(ERROR, "oauth-keys-unreadable")
        keys.write_text('{"keys": "none"}')
        keys.chmod(0o600)
        self.assert_finds(ERROR, "oauth-keys-malformed")
        ours = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
        keys.write_text('{"keys": [%s]}' % ours)
        self.assertEqual(self.findings(), (0, []))
        keys.write_text('{"keys": [{"kty":"OKP","crv":"X25519","x":"AA"}, %s]}' % ours)
        self.assert_finds(WARNING, "oauth-key-unused")
        keys.chmod(0o666)
        self.assert_finds(ERROR, "oauth-keys-unsafe")


class Mailboxes(CheckTest):
    def test_no_maildir(self):
        shutil.rmtree(self.site.maildir())
        self.assert_finds(ERROR, "mailbox-missing")
        self.site.configure(missing_maildir="empty")
        self.assertEqual(self.findings(), (0, []))

    def test_a_directory_that_is_no_maildir(self):
        shutil.rmtree(self.site.maildir() / "cur")
        self.assert_finds(ERROR, "mailbox-not-maildir")

    @needs_root
    def test_a_maildir_of_somebody_else(self):
        os.chown(self.site.maildir(), OTHER, OTHER)
        self.site.maildir().chmod(0o777)
        self.assert_finds(ERROR, "mailbox-owner")
        os.chown(self.site.maildir(), OWNER, OWNER)
        self.site.maildir().chmod(0o700)
        os.chown(self.site.maildir() / "new", 0, 0)
        self.assert_finds(ERROR, "mailbox-owner")

    def test_a_maildir_that_its_owner_cannot_use(self):
        (self.site.maildir() / "new").chmod(0o500)
        if IS_ROOT or not os.access(self.site.maildir() / "new", os.W_OK):
            self.assert_finds(ERROR, "mailbox-inaccessible")
        (self.site.maildir() / "new").chmod(0o700)

    @needs_root
    def test_a_directory_above_that_the_user_cannot_enter(self):
        (self.site.root / "mail").chmod(0o700)
        self.assert_finds(ERROR, "mailbox-parent-closed")

    def test_a_directory_above_that_everybody_can_write_to(self):
        (self.site.root / "mail").chmod(0o777)
        self.assert_finds(WARNING, "mailbox-parent-writable")

    def test_a_maildir_that_everybody_can_read(self):
        self.site.maildir().chmod(0o755)
        self.assert_finds(WARNING, "mailbox-readable")

    def test_messages_that_are_compressed(self):
        for number in range(50):
            self.site.store("alice", f"{number}.coded", gzip.compress(b"a: b\n"))
        done = self.run_check()
        self.assertEqual(done.returncode, WARNING, done.stdout)
        self.assertIn("20 of the 20 messages that were looked at are compressed or encrypted (gzip)",
                      done.stdout)
        self.assert_finds(WARNING, "mailbox-encoded")

    @needs_root
    def test_a_link_of_somebody_else(self):
        home = self.site.root / "mail/alice"
        home.rename(self.site.root / "elsewhere")
        home.symlink_to(self.site.root / "elsewhere")
        self.assertEqual(self.findings(), (0, []))  # the link is root's
        os.chown(home, OTHER, OTHER, follow_symlinks=False)
        self.assert_finds(ERROR, "mailbox-foreign-link")

    def test_a_path_that_cannot_be_made(self):
        self.site.configure(maildir="/mail/%d/%n")
        self.assert_finds(ERROR, "mailbox-path")


class Host(CheckTest):
    @needs_root
    def test_accounts_that_are_none_for_the_front(self):
        (self.site.root / "home").mkdir()
        os.chown(self.site.root / "home", 54323, 54323)
        for account, status, name in (("nobodyknows", ERROR, "front-account-missing"),
                                      ("root", ERROR, "front-account-root"),
                                      ("shellfront", WARNING, "front-account-shell"),
                                      ("homefront", WARNING, "front-account-home"),
                                      ("alicefront", ERROR, "front-account-shared")):
            with self.subTest(name):
                self.site.configure(front_account=account)
                self.assert_finds(status, name)

    @needs_root
    def test_chroots_that_the_server_refuses(self):
        empty = self.site.root / "run/empty"
        (empty / "file").touch()
        self.assert_finds(ERROR, "chroot-not-empty")
        (empty / "file").unlink()
        empty.chmod(0o777)
        self.assert_finds(ERROR, "chroot-writable")
        empty.chmod(0o755)
        os.chown(empty, OTHER, OTHER)
        self.assert_finds(ERROR, "chroot-owner")
        empty.rmdir()
        self.assertEqual(self.findings(), (0, []))  # the server makes it
        empty.symlink_to("/")
        self.assert_finds(ERROR, "chroot-no-directory")
        self.site.configure(chroot="/nonexistent/chroot")
        self.assert_finds(ERROR, "chroot-missing")

    def test_runtime_directories_that_are_none(self):
        run = self.site.root / "run"
        run.chmod(0o777)
        self.assert_finds(ERROR, "runtime-directory-writable")
        run.chmod(0o755)
        if IS_ROOT:
            os.chown(run, OTHER, OTHER)
            self.assert_finds(ERROR, "runtime-directory-owner")
        self.site.configure(chroot=run / "empty", runtime_directory="/nonexistent/run")
        self.assert_finds(ERROR, "runtime-directory-missing")
        self.site.configure(runtime_directory=self.site.log)
        self.assert_finds(ERROR, "runtime-directory-no-directory")

    def test_state_directories_that_are_none(self):
        state = self.site.root / "state"
        state.chmod(0o700)
        self.site.configure(state_directory="/nonexistent/state")
        self.assert_finds(WARNING, "state-directory-missing")
        self.site.configure(state_directory=state)
        self.assertEqual(self.findings(), (0, []))
        state.chmod(0o755)
        self.assert_finds(WARNING, "state-directory-open")
        self.site.configure(state_directory=self.site.config)
        self.assert_finds(ERROR, "state-directory-unwritable")

    def test_a_key_that_the_server_refuses(self):
        key = self.site.root / "state" / "site-key"
        key.write_bytes(b"k" * 32)
        key.chmod(0o644)
        self.assert_finds(ERROR, "key-refused")
        key.chmod(0o600)
        self.assertEqual(self.findings(), (0, []))

    def test_a_copy_that_a_killed_editor_has_left(self):
        copy = self.site.root / "users.a1b2c3"
        shutil.copy(self.site.users_file, copy)
        self.assert_finds(WARNING, "left-over")
        for name in ("users.old", "users.backup"):
            copy = copy.rename(self.site.root / name)
            self.assertEqual(self.findings(), (0, []))

    def test_a_log_that_cannot_be_written(self):
        self.site.configure(log="/nonexistent/log")
        self.assert_finds(ERROR, "log-unwritable")
        self.site.configure(log=self.site.root / "new-log")
        self.assertEqual(self.findings(), (0, []))
        self.assertFalse((self.site.root / "new-log").exists())


class Launchers(CheckTest):
    """The account of the launchers is the one that runs the check, root or else "me" in etc/passwd:
    a launcher with another account is a finding."""

    def setUp(self):
        super().setUp()
        self.account = "root" if IS_ROOT else "me"
        with open(self.etc / "passwd", "a", encoding="utf-8") as file:
            file.write(f"me:x:{os.getuid()}:{os.getgid()}::/:/bin/sh\n")

    def inetd(self, wait="nowait.6000", service="127.0.0.1:110", account=None, program=SODAPOPD,
              arguments=""):
        self.write_file("inetd.conf", f"# comment\n{service} stream tcp {wait} "
                                      f"{account or self.account} {program} sodapopd {arguments}\n")

    def test_inetd(self):
        self.inetd()
        self.assertEqual(self.findings(), (0, []))
        for changes, status, name in (
                ({"program": "/nonexistent/sodapopd"}, ERROR, "launcher-program-missing"),
                ({"account": "nobodyknows"}, ERROR, "launcher-account-missing"),
                ({"wait": "nowait"}, WARNING, "launcher-rate"),
                ({"service": "pop3s"}, ERROR, "launcher-no-tls"),
                ({"service": "pop3"}, WARNING, "launcher-open-port"),
                ({"service": "pop3", "arguments": "--tls wrapped"}, ERROR,
                 "launcher-clear-passwords")):
            with self.subTest(changes):
                self.inetd(**changes)
                self.assert_finds(status, name)

    def test_a_session_is_tried_and_leaves_messages_and_log_as_they_are(self):
        self.site.store("alice", "1000001.M1P1.example", b"Subject: one\r\n\r\ntext\r\n")
        self.inetd()
        before = self.site.messages()
        done = self.run_check()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f", a session as {self.etc}/inetd.conf:2 starts it\n", done.stdout)
        self.assertTrue((self.site.maildir() / "sodapop.index").exists())
        self.assertEqual((self.site.messages(), self.site.log.read_text()), (before, ""))
        self.assertEqual(list((self.site.root / "run").glob("check-*")), [])

    def test_a_session_is_not_tried_over_a_silent_one_of_the_user(self):
        self.inetd()
        self.site.configure(take_over=1)
        with Session(self.site) as session:
            self.assert_ok(session.login())
            time.sleep(1.5)
            done = self.run_check()
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("alice is reading mail, and so no session was tried", done.stderr)
            self.assert_ok(session.command("NOOP"))

    def test_no_session_is_tried_where_there_is_an_error_or_no_login(self):
        self.inetd(program="/nonexistent/sodapopd")
        self.assert_finds(ERROR, "launcher-program-missing")
        self.inetd(arguments="--preauth")
        self.assertNotIn("a session", self.run_check().stdout)
        self.assertFalse((self.site.maildir() / "sodapop.index").exists())

    def test_with_checkpassword_only_the_configuration_is_tried(self):
        self.inetd(arguments="--checkpassword /bin/true")
        self.assertEqual(self.findings()[0], 0)
        self.assertFalse((self.site.maildir() / "sodapop.index").exists())

    def test_xinetd(self):
        text = (SOURCE / "contrib/xinetd/sodapop.in").read_text()
        text = text.replace("@sbindir@", str(SODAPOPD.parent)).replace("= root", f"= {self.account}")
        self.write_file("xinetd.d/sodapop", text)
        self.assertEqual(self.findings(), (0, []))
        self.write_file("xinetd.d/sodapop", text.replace("127.0.0.1", "192.0.2.7"))
        self.assert_finds(WARNING, "launcher-open-port")
        self.write_file("xinetd.d/sodapop", text.replace("110", "995"))
        self.assert_finds(ERROR, "launcher-no-tls")
        self.write_file("xinetd.d/sodapop",
                        text.replace("110", "995").replace("user", "disable = yes\nuser", 1))
        self.assertEqual(self.findings(), (0, []))

    def test_stunnel(self):
        text = (SOURCE / "contrib/stunnel/pop3s-exec.conf.in").read_text()
        text = text.replace("@sbindir@", str(SODAPOPD.parent)).replace("= vmail", f"= {self.account}")
        self.write_file("stunnel/pop3s.conf", text)
        self.assertEqual(self.findings(), (0, []))
        self.write_file("stunnel/pop3s.conf", text.replace(" --tls wrapped", ""))
        self.assert_finds(ERROR, "launcher-tls-not-told")
        self.site.configure(tls="wrapped")
        self.assertEqual(self.findings(), (0, []))

    def test_systemd(self):
        socket = (SOURCE / "contrib/systemd/sodapop-inetd.socket").read_text()
        service = (SOURCE / "contrib/systemd/sodapop-inetd@.service.in").read_text()
        service = service.replace("@sbindir@", str(SODAPOPD.parent))
        service = service.replace("[Service]", f"[Service]\nUser={self.account}")
        # A package's own units, enabled and with a drop-in.
        packaged = self.site.root / "usr/lib/systemd/system"
        packaged.mkdir(parents=True)
        (packaged / "sodapop-inetd.socket").write_text(socket)
        (packaged / "sodapop-inetd@.service").write_text(service)
        self.assertEqual(self.findings(), (0, []))  # it is not enabled
        wants = self.etc / "systemd/system/sockets.target.wants"
        wants.mkdir()
        (wants / "sodapop-inetd.socket").symlink_to(packaged / "sodapop-inetd.socket")
        self.assertEqual(self.findings(), (0, []))
        override = "systemd/system/sodapop-inetd.socket.d/override.conf"
        for text, status, name in (
                ("ListenStream=\nListenStream=995\n", ERROR, "launcher-no-tls"),
                ("ListenStream=192.0.2.7:110\n", WARNING, "launcher-open-port"),
                ("TriggerLimitIntervalSec=2\n", WARNING, "launcher-rate"),
                ("MaxConnections=\n", WARNING, "launcher-connections")):
            with self.subTest(text):
                self.write_file(override, "[Socket]\n" + text)
                self.assert_finds(status, name)
        (self.etc / override).unlink()

    # What another account's server cannot use of a site that is root's, or one ordinary user's.
    OF_ANOTHER = {"runtime-directory-unwritable", "state-directory-unwritable", "log-unwritable",
                  "key-refused", "penalties-unusable", "users-file-unreadable", "kept-file-open"}

    def test_a_server_of_another_account(self):
        self.inetd(account="vmail")
        status, ids = self.findings()
        if IS_ROOT:  # checks as vmail, which can use nothing of this site
            self.assertEqual((status, set(ids) - self.OF_ANOTHER), (ERROR, set()))
            self.assertLessEqual({"runtime-directory-unwritable", "users-file-unreadable"}, set(ids))
        else:
            self.assertEqual((status, ids), (WARNING, ["launcher-account-other"]))

    @needs_root
    def test_the_servers_of_two_accounts_are_told_once_each(self):
        self.site.configure(failure_delay=0)
        self.inetd()
        self.write_file("systemd/system/other.service", f"[Service]\nExecStart={SODAPOPD}\n"
                                                        "User=54324\n")
        done = self.run_check("--json")
        ids = [one["id"] for one in json.loads(done.stdout)]
        self.assertEqual(ids.count("failure-delay-none"), 1)
        self.assertEqual(set(ids) - {"failure-delay-none"} - self.OF_ANOTHER, set())
        self.assertIn("users-file-unreadable", ids)

    @needs_root
    def test_the_options_of_the_launcher_hold(self):
        self.inetd(arguments="--runtime-directory /nonexistent/run --chroot=/nonexistent/empty")
        self.assertEqual(self.findings(), (ERROR, ["chroot-missing", "runtime-directory-missing"]))


class Documentation(unittest.TestCase):
    def test_every_id_is_in_the_manual(self):
        import re
        ids = set()
        for path in (SOURCE / "src/admin/check").glob("*.cpp"):
            ids |= set(re.findall(
                r'(?:Severity::\w+, |(?:error|warning)\(\s*)"([a-z]+(?:-[a-z]+)+)"', path.read_text()))
        self.assertGreater(len(ids), 80)
        page = (SOURCE / "man/sodapop.8").read_text()
        for name in sorted(ids):
            self.assertRegex(page, rf"(?<![a-z-]){name}(?![a-z-])")


if __name__ == "__main__":
    harness.main()
