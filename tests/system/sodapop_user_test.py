#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The administrator's tool, run as a program. SODAPOP_BUILD names the build directory."""

import errno
import os
import pwd
import re
import signal
import stat
import subprocess
import unittest

import access_lists
import faults
from sodapop_tool import CHEAP, GID, IS_ROOT, SODAPOP, UID, Case, TerminalCase

SCRAM = r"\{SCRAM-SHA-256\}600000,[^,:\s]{24},[^,:\s]{44},[^,:\s]{44};[0-9a-f]{16}"


class Life(Case):
    def test_a_user_is_added_tested_changed_and_removed(self):
        out = self.add("alice@example.org", "--create-maildir", "--scram")
        maildir = self.home + "/Maildir"
        self.assertEqual(out, f"added alice@example.org to {self.users}, uid {UID}, gid {GID}; "
                              f"Maildir {maildir}\n")
        self.assertRegex(self.content(),
                         r"\Aalice@example\.org:\{ARGON2ID\}\$argon2id\$v=19\$m=1024,t=1,p=1\$"
                         rf"[^:\n]+:{UID}:{GID}::{self.home}::sodapop_scram={SCRAM}\n\Z")
        self.assertEqual(stat.S_IMODE(os.stat(self.users).st_mode), 0o600)
        self.assertEqual(self.succeed("user", "test", "alice@example.org", password="secret"),
                         f"alice@example.org would log in, as uid {UID} and gid {GID}, "
                         f"to {maildir}\n")
        self.succeed("user", "password", "alice@example.org", *CHEAP, password="new word ")
        self.assertEqual(self.run_tool("user", "test", "alice@example.org", password="secret"),
                         (1, "alice@example.org would not log in: the password is wrong\n", ""))
        self.succeed("user", "test", "alice@example.org", password="new word ")
        self.assertEqual(self.succeed("user", "remove", "alice@example.org"),
                         f"removed alice@example.org from {self.users}; the mail, if any, is still "
                         f"in {maildir}\n")
        self.assertEqual(self.content(), "")
        self.assertTrue(os.path.isdir(maildir + "/new"))

    def test_the_maildir_is_made_for_its_owner_alone(self):
        self.add("alice", "--create-maildir")
        for name in ("", "/cur", "/new", "/tmp"):
            facts = os.stat(self.home + "/Maildir" + name)
            self.assertEqual((stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid),
                             (0o700, UID, GID))

    def test_a_new_password_does_not_unlock_unless_it_is_said(self):
        self.add("alice", "--create-maildir")
        whole = self.content()
        self.succeed("user", "password", "alice", "--unlock", *CHEAP, password="secret")
        for lock in ("!", "*LK*", "{CRYPT}!", "!{SSHA}cut"):
            self.write("users", whole.replace("alice:", "alice:" + lock))
            before = self.content()
            self.fail_with(1, "alice is locked, and a new password would let the user in again: "
                              "--unlock does so", "user", "password", "alice", *CHEAP, password="n")
            self.assertEqual(self.content(), before)
            self.assertIn("disabled", self.run_tool("user", "test", "alice", password="n")[1])
            self.succeed("user", "password", "alice", "--unlock", *CHEAP, password="n")
            self.assertIn("would log in", self.succeed("user", "test", "alice", password="n"))
        for without in ("*", ""):  # no password, but no lock
            self.write("users", re.sub("alice:[^:]*", "alice:" + without, whole))
            self.succeed("user", "password", "alice", *CHEAP, password="n")

    def test_other_lines_owner_and_mode_are_kept(self):
        before = "# ours\r\n\nbroken\nbob:*:7:7::/b:/bin/sh:x=y:z\n"
        self.write("users", before, 0o640)
        if IS_ROOT:
            os.chown(self.users, 0, 77)
        self.add("alice")
        status, _, err = self.run_tool("user", "password", "alice", *CHEAP, password="other")
        self.assertEqual((status, err.splitlines()),
                         (0, [f"sodapop: {self.users}:3: the line has no colon, so there is no "
                              "password hash"]))
        self.succeed("user", "remove", "alice")
        self.assertEqual(self.content(), before)
        facts = os.stat(self.users)
        self.assertEqual(stat.S_IMODE(facts.st_mode), 0o640)
        if IS_ROOT:
            self.assertEqual((facts.st_uid, facts.st_gid), (0, 77))

    def test_an_access_control_list_is_kept_or_nothing_is_changed(self):
        self.add()
        allowed = access_lists.let_read(self.users, 12345)
        self.succeed("user", "rights", "alice", "--pop3", "no")
        self.succeed("users", "compile")
        for path in (self.users, self.users + ".cdb"):
            self.assertEqual(access_lists.list_of(path), allowed)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)
        before = self.content()
        done = subprocess.run([SODAPOP, "user", "rights", "alice", "--pop3", "yes", "--config",
                               self.config], capture_output=True, text=True, check=False,
                              preexec_fn=faults.failing("fsetxattr", 4, 0, 0, errno.EPERM))
        self.assertEqual((done.returncode, self.content()), (1, before))
        self.assertRegex(done.stderr, rf"keep the attribute {access_lists.NAME} of {self.users}: ")
        self.assertEqual(access_lists.list_of(self.users), allowed)

    def test_a_last_line_without_its_end_is_kept_and_not_completed(self):
        self.add()
        cut = f"eve:*:{UID}:{GID}::::sodapop_app=phone;aaaa;bbbb"
        whole = self.content()
        self.write("users", whole + cut)
        for arguments, password in ((("password", "eve"), "new"),
                                    (("rights", "eve", "--pop3", "no"), None)):
            status, _, err = self.run_tool("user", *arguments, password=password)
            self.assertEqual(status, 1)
            self.assertIn("no user eve", err)
            self.assertIn("no line end", err)
        self.add("bob", "--mail", "~/bob")
        self.assertTrue(self.content().startswith(whole + "bob:"))
        self.assertTrue(self.content().endswith("\n" + cut), self.content())
        self.assertEqual(self.run_tool("user", "show", "eve")[0], 1)

    def test_editors_at_the_same_time_lose_nothing(self):
        names = [f"user{i}" for i in range(20)]
        tools = [subprocess.Popen([SODAPOP, "user", "add", name, "--mail", "/m/%u", "--uid",
                                   str(UID), "--gid", str(GID), "--users", self.users, *CHEAP,
                                   "--password-stdin"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL) for name in names]
        for tool in tools:
            tool.communicate(b"secret\n", timeout=30)
            self.assertEqual(tool.returncode, 0)
        self.assertEqual(sorted(line.split(":")[0] for line in self.content().splitlines()),
                         sorted(names))

    def test_one_standard_input_serves_several_commands(self):
        reader, writer = os.pipe()
        os.write(writer, b"first\nsecond\n")
        os.close(writer)
        for name in ("a", "b"):
            subprocess.run([SODAPOP, "user", "add", name, "--mail", "/m/%u", "--users", self.users,
                            "--uid", str(UID), "--gid", str(GID), *CHEAP, "--password-stdin"],
                           stdin=reader, stdout=subprocess.DEVNULL, check=True, timeout=30)
        os.close(reader)
        for name, password in (("a", "first"), ("b", "second")):
            self.assertIn("the password fits",
                          self.run_tool("user", "test", name, password=password)[1])


class Compiled(Case):
    def test_each_command_that_changes_a_user_says_that_the_compiled_form_is_outdated(self):
        self.add("alice")
        hint = (f"sodapop: {self.users}.cdb is older than the users file, which is read instead: "
                "run sodapop users compile\n")
        for arguments, password in (
                (["user", "add", "bob", "--mail", "~/b", "--uid", str(UID), "--gid", str(GID),
                  "--home", self.home, *CHEAP], "x"),
                (["user", "password", "bob", *CHEAP], "y"),
                (["user", "rights", "bob", "--pop3", "no"], None),
                (["app-password", "add", "bob", "phone"], None),
                (["app-password", "revoke", "bob", "phone"], None), (["user", "remove", "bob"], None)):
            self.succeed("users", "compile")
            status, out, err = self.run_tool(*arguments, password=password)
            self.assertEqual(status, 0, err)
            self.assertIn(hint, err, (arguments, out))

    def test_a_change_beside_a_compiled_form_that_is_refused_says_so(self):
        self.add("alice")
        self.write("users.cdb", "x" * 5000)
        status, _, err = self.run_tool("user", "rights", "alice", "--pop3", "no")
        self.assertEqual(status, 0)
        self.assertRegex(err, r"\Asodapop: \S+users\.cdb .*, and so no user can log in: run sodapop "
                              r"users compile\n\Z")


class Maildirs(Case):
    def test_a_maildir_of_another_user_is_refused(self):
        self.add("alice")
        before = self.content()
        place = self.home + "/Maildir"
        for words in ([], ["--mail", "~/Maildir/"], ["--mail", place + "//."], ["--mail", place]):
            self.fail_with(1, f"the Maildir {place}[/.]* is alice's: give bob another one by --home "
                           "or --mail, or say by --shared", "user", "add", "bob", "--uid", str(UID),
                           "--gid", str(GID), "--home", self.home, *CHEAP, *words, password="x")
        self.assertEqual(self.content(), before)
        self.add("bob", "--mail", "~/Maildir2")
        self.add("carol", "--mail", "~/Maildir/carol")

    def test_of_users_who_are_added_at_the_same_time_one_gets_the_maildir(self):
        tools = [subprocess.Popen([SODAPOP, "user", "add", f"user{number}", "--mail", "/m", "--uid",
                                   str(UID), "--gid", str(GID), "--users", self.users, *CHEAP,
                                   "--password-stdin"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                 for number in range(8)]
        statuses = []
        for tool in tools:
            tool.communicate(b"secret\n", timeout=30)
            statuses.append(tool.returncode)
        self.assertEqual(sorted(statuses), [0] + 7 * [1])
        self.assertEqual(self.content().count("\n"), 1)

    def test_a_maildir_for_several_users_is_said_to_be_one(self):
        self.add("alice")
        arguments = ["--uid", str(UID), "--gid", str(GID), "--home", self.home, *CHEAP, "--shared"]
        status, out, err = self.run_tool("user", "add", "bob", *arguments, password="x")
        self.assertEqual((status, err), (0, (
            "sodapop: alice has the same Maildir: to say so in that line too, run sodapop user rights "
            "alice --shared yes\n")), out)
        self.assertRegex(self.content(), r"\nbob:[^\n]* ?sodapop_shared=yes\n\Z")
        self.assertRegex(self.succeed("user", "rights", "alice", "--shared", "yes"),
                         r"(?m)^shared +yes$")
        self.add("carol", "--shared")
        self.succeed("user", "rights", "carol", "--shared", "no")
        self.assertEqual(self.content().count("sodapop_shared=yes\n"), 2)

    def test_missing_maildirs_are_made_by_their_users(self):
        self.add("alice")
        maildir = self.home + "/Maildir"
        self.assertEqual(self.succeed("maildir", "create", "alice"),
                         f"made {maildir} for alice\nMaildirs: 1 made, 0 there already\n")
        for name in ("", "/cur", "/new", "/tmp"):
            facts = os.stat(maildir + name)
            self.assertEqual((stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid),
                             (0o700, UID, GID))
        os.rmdir(maildir + "/new")
        self.assertIn("1 made", self.succeed("maildir", "create", "alice"))
        self.assertTrue(os.path.isdir(maildir + "/new"))
        self.write("home/Maildir/new/1", "mail")
        self.assertEqual(self.succeed("maildir", "create", "alice"),
                         "Maildirs: 0 made, 1 there already\n")
        self.assertEqual(os.listdir(maildir + "/new"), ["1"])

    def test_maildirs_are_made_for_all_users_or_for_those_of_a_list(self):
        for name in ("ann", "bob", "cid", "eve"):
            self.add(name, "--mail", "~/" + name)
        os.symlink("/", self.home + "/eve")
        command = [SODAPOP, "maildir", "create", "-", "--config", self.config]
        done = subprocess.run(command, input="ann\r\n\n zoe\nann\nbob", text=True, timeout=30,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, f"sodapop: no user zoe in {self.users}\n"))
        self.assertRegex(done.stdout, "ann\n.*bob\nMaildirs: 2 made, 0 there already, 1 not made\n")
        self.assertEqual(sorted(os.listdir(self.home)), ["ann", "bob", "eve"])
        status, out, err = self.run_tool("maildir", "create", "--all")
        self.assertEqual(status, 1)
        self.assertTrue(out.endswith("Maildirs: 1 made, 2 there already, 1 not made\n"), out)
        self.assertRegex(err, r"\Asodapop: eve: [^\n]*/home/eve[^\n]*\n\Z")
        self.fail_with(2, "", "maildir", "create")
        self.fail_with(2, "", "maildir", "create", "ann", "--all")
        self.fail_with(1, "", "maildir", "create", "--all", "--users", self.directory + "/none")

    @unittest.skipUnless(IS_ROOT, "needs root: what only root may make")
    def test_a_place_that_only_root_may_make_is_named_with_a_command(self):
        place = self.directory + "/it's mail"
        os.mkdir(place, 0o755)
        for maildir, made in (("%h/Maildir", place + "/al"),
                              (place + "/example.org/%n", place + "/example.org/al")):
            with self.subTest(maildir=maildir):
                self.write("users", f"al:x:{UID}:{GID}::{place}/al::\n")
                self.write("sodapop.conf", f"users = {self.users}\nmaildir = {maildir}\n")
                status, _, err = self.run_tool("maildir", "create", "al")
                self.assertEqual(status, 1)
                command = re.search("as root run (install .*), then sodapop maildir create al\n",
                                    err).group(1)
                subprocess.run(["sh", "-c", command], check=True)
                self.succeed("maildir", "create", "al")
                self.assertEqual(os.stat(made).st_uid, UID)
                self.assertEqual(os.stat(os.path.dirname(made)).st_uid, 0)

    def test_the_example_of_the_manual_gives_each_user_a_maildir(self):
        manual = os.path.join(os.path.dirname(__file__), "..", "..", "man", "sodapop.8")
        with open(manual, encoding="utf-8") as file:
            line = re.search(r"sodapop (user add --system-user vmail .*)",
                             file.read().replace("\\e\n", "")).group(1)
        account = pwd.getpwuid(os.getuid()).pw_name if not IS_ROOT else "nobody"
        if IS_ROOT:
            os.chown(self.home, pwd.getpwnam(account).pw_uid, 0)
        for name in ("bob", "ann"):
            words = line.replace("vmail ", account + " ").replace("/var/vmail", self.home)
            words = words.replace("bob", name).split()
            self.assertIn("/Maildir\n", self.succeed(*words, *CHEAP, password="secret"))
            self.assertTrue(os.path.isdir(f"{self.home}/example.org/{name}/Maildir/new"))


class Answers(Case):
    def test_list_and_show_tell_all_but_the_hash(self):
        self.add("alice")
        self.add("bob", "--mail", "~/mail/%u")
        with open(self.users, "a", encoding="utf-8") as file:
            file.write("bad line\ncarol:*\n")
        status, out, err = self.run_tool("user", "list")
        self.assertEqual(status, 0)
        self.assertEqual([line.split() for line in out.splitlines()][:2],
                         [["alice", str(UID), self.home + "/Maildir"],
                          ["bob", str(UID), self.home + "/mail/bob"]])
        self.assertRegex(out.splitlines()[2], r"\Acarol +- - \(the Maildir template asks for a home")
        self.assertEqual(err, f"sodapop: {self.users}:3: the line has no colon, so there is no "
                              "password hash\n")
        status, out, complaint = self.run_tool("user", "show", "bob")
        self.assertEqual((status, complaint), (0, err))
        shown = dict(line.split(maxsplit=1) for line in out.splitlines())
        self.assertEqual(shown, {"name": "bob", "scheme": "ARGON2ID", "memory": "1024 KiB",
                                 "operations": "1", "uid": str(UID), "gid": str(GID),
                                 "home": self.home, "mail": "~/mail/%u",
                                 "Maildir": self.home + "/mail/bob", "scram": "no", "pop3": "yes",
                                 "read-only": "no", "expires": "never", "from": "anywhere",
                                 "nologin": "no", "app-passwords-only": "no", "shared": "no"})

    def would_not(self, reason, name="alice", password="secret", *options):
        status, out, _ = self.run_tool("user", "test", name, *options, password=password)
        self.assertEqual(status, 1)
        self.assertRegex(out, rf"\A{re.escape(name)} would not log in: [^\n]*{reason}[^\n]*\n\Z")

    def test_control_characters_do_not_reach_the_terminal(self):
        self.add()
        hash_text = self.content().split(":")[1]
        for bad, shown in (("\u009b2J", r"\xc2\x9b2J"), ("\u009d0;x\u009c", r"\xc2\x9d0;x\xc2\x9c"),
                           ("\\e", r"\x5ce"), ("\u00e9", r"\xc3\xa9")):
            for words in ("", f" nologin={bad}", f" userdb_mail=maildir:/m{bad}"):
                self.write("users", f"alice:{hash_text}:{UID}:{GID}::/h{bad}::{words}\n")
                for command in ("list", "show", "rights", "test", "remove"):
                    password = "secret" if command == "test" else None
                    names = [] if command == "list" else ["alice"]
                    _, out, err = self.run_tool("user", command, *names, password=password)
                    self.assertRegex(out + err, r"\A[ -~\n]+\Z", command)
                    if command in ("list", "show"):
                        self.assertIn(shown, out)

    def test_test_says_why_not(self):
        self.add("alice")
        maildir = self.home + "/Maildir"
        self.would_not(re.escape(maildir) + ": No such file or directory")
        self.assertIn("counts as empty", self.succeed("user", "test", "alice", "--missing-maildir",
                                                      "empty", password="secret"))
        os.makedirs(maildir + "/cur")
        self.would_not("No such file or directory|Permission denied")
        self.would_not("no line of the users file", "bob")
        self.would_not("not allowed", "../alice")
        self.would_not("too weak", "alice", "secret", "--users",
                       self.write("plain", "alice:{PLAIN}secret:1:1::/home:\n"))
        self.would_not("disabled", "alice", "secret", "--users",
                       self.write("off", "alice:!x:1:1::/home:\n"))
        self.succeed("user", "password", "alice", "--hash-memory", "2", "--hash-operations", "1",
                     password="secret")
        self.would_not("costs more", "alice", "secret", "--hash-memory-limit", "1")

    def test_test_says_that_a_program_is_asked_in_the_place_of_the_file(self):
        self.add("alice", "--create-maildir")
        self.fail_with(1, "checkpassword is set: the server asks that program", "user", "test",
                       "alice", "--checkpassword", "/bin/true", password="secret")

    def test_a_path_that_no_login_takes_is_named(self):
        self.add("alice", "--create-maildir")
        hash_text = self.content().split(":")[1]
        self.write("users", f"alice:{hash_text}:{UID}:{GID}::/{'h' * 4090}::\n")
        self.would_not("longer than 4095 octets")
        self.assertIn("longer than 4095 octets", self.succeed("user", "list"))

    @unittest.skipUnless(IS_ROOT, "needs root: acts as another user")
    def test_test_looks_with_the_eyes_of_the_user(self):
        self.add("alice", "--create-maildir")
        os.chown(self.home + "/Maildir/cur", 0, 0)
        self.would_not("Maildir/cur: Permission denied")
        os.chown(self.home + "/Maildir/cur", UID, GID)
        os.chmod(self.users, 0o644)
        self.would_not("can read .*users")
        os.chmod(self.users, 0o600)
        self.would_not("below minimum-uid", "alice", "secret", "--minimum-uid", str(UID + 1))
        self.succeed("user", "test", "alice", "--minimum-uid", str(UID), password="secret")

    @unittest.skipIf(IS_ROOT, "root may be anybody")
    def test_an_ordinary_users_server_serves_that_user_only(self):
        self.succeed("user", "add", "alice", "--uid", str(UID + 1), "--gid", "1", "--home",
                     self.home, *CHEAP, password="secret")
        self.would_not("can serve uid")

    def test_benchmark_prints_a_row(self):
        row = self.succeed("benchmark-hash", *CHEAP).splitlines()[-1]
        self.assertRegex(row, r"\Achosen +1 +1 +\d+\.\d +\d+\.\d\Z")


class Refusals(Case):
    def test_users_that_could_not_be_served_are_not_added(self):
        both = ["--uid", str(UID), "--gid", str(GID)]
        home = ["--home", self.home]
        for pattern, name, *options in (
                ("not a user name", "../x", *both, *home),
                ("not a user name", "a@b@c", *both, *home),
                ("not a user name", "x" * 256, *both, *home),
                ("uid 0 is never served", "alice", "--uid", "0", "--gid", "1", *home),
                ("gid 0 is never served", "alice", "--uid", str(UID), "--gid", "0", *home),
                ("uid is not a number", "alice", "--uid", "4294967295", "--gid", str(GID), *home),
                ("no account no-such-account", "alice", "--system-user", "no-such-account"),
                ("is never served", "root"),
                ("asks for a home", "alice", *both),
                ("not an absolute path", "alice", *both, "--home", "home"),
                ("cannot hold a path", "alice", *both, "--home", "/a:b"),
                ("cannot hold a path", "alice", *both, "--mail", "/a b"),
                ("cannot hold a path", "alice", *both, "--mail", "/a:LAYOUT=fs"),
                ("not absolute", "alice", *both, "--mail", "a"),
                ("component \\.\\.", "alice", *both, "--mail", "/a/../b"),
                ("none of %u", "alice", *both, "--mail", "/%x")):
            with self.subTest(name=name[:20], options=options):
                self.fail_with(1, pattern, "user", "add", name, *options, password="secret")
        self.assertFalse(os.path.exists(self.users))

    @unittest.skipUnless(IS_ROOT, "the minimum is for servers started as root")
    def test_a_uid_or_gid_below_the_minimum_is_not_added(self):
        for kind, uid, gid in (("uid", 499, 500), ("gid", 500, 499)):
            self.fail_with(1, f"below minimum-{kind}, which is 500", "user", "add", "alice", "--uid",
                           str(uid), "--gid", str(gid), "--home", self.home, *CHEAP,
                           password="secret")
        self.succeed("user", "add", "alice", "--uid", "500", "--gid", "500", "--home", self.home,
                     *CHEAP, password="secret")

    def test_a_name_is_added_once(self):
        self.add("alice")
        before = self.content()
        self.fail_with(1, "alice is already in", "user", "add", "alice", "--mail", "/m",
                       "--uid", str(UID), "--gid", str(GID), password="secret")
        self.assertEqual(self.content(), before)

    def test_a_name_that_no_login_can_have_is_not_added(self):
        both = ["--uid", str(UID), "--gid", str(GID), "--home", self.home]
        for name, setting, pattern in (
                ("Alice", ["--name-case", "lower"], "makes alice of it"),
                ("alice", ["--default-domain", "example.org"], "makes alice@example.org of it"),
                ("alice", ["--require-domain", "yes"], "with one")):
            self.fail_with(1, "no login can have the name " + name + ": .*" + pattern, "user", "add",
                           name, *both, *setting, password="x")
        self.add("alice@example.org", "--name-case", "lower", "--default-domain", "Example.org")

    def test_users_that_are_not_there_are_named(self):
        self.write("users", "")
        for command in ("password", "remove", "show"):
            self.fail_with(1, "no user bob in", "user", command, "bob")

    def test_bad_passwords_are_refused(self):
        for pattern, password in (("empty password", ""), ("longer than 1024", "x" * 1025),
                                  ("a NUL", "a\0b")):
            self.fail_with(1, pattern, "user", "add", "alice", "--mail", "/m", "--uid", str(UID),
                           "--gid", str(GID), *CHEAP, password=password)
        self.add("alice", password="x" * 1024)

    def test_costs_that_the_server_would_refuse_are_refused(self):
        self.fail_with(2, "raise hash-memory-limit", "user", "add", "alice", "--mail", "/m", "--uid",
                       str(UID), "--gid", str(GID), "--cost", "sensitive", password="secret")

    def test_users_files_that_others_may_write_are_refused(self):
        self.write("users", "alice:*\n", 0o620)
        for command in (["list"], ["show", "alice"], ["remove", "alice"], ["test", "alice"]):
            self.fail_with(1, "users is writable by its group", "user", *command, password=None)
        self.assertEqual(self.content(), "alice:*\n")

    def test_usage_errors_end_with_2_and_bad_configurations_with_78(self):
        for arguments in ([], ["user"], ["frobnicate"], ["user", "add"], ["user", "list", "--tls", "x"],
                          ["user", "add", "a", "--uid", "1"],
                          ["user", "add", "a", "--uid", "010", "--gid", "1"],
                          ["user", "add", "a", "--hash-memory", "010", "--hash-operations", "1"],
                          ["user", "add", "a", "--scram-iterations", "0x2000"],
                          ["users", "import", "-", "--uid", "010", "--gid", "1"],
                          ["users", "import", "-", "--format", "1"],
                          ["user", "add", "a", "--cost", "owasp", *CHEAP]):
            self.fail_with(2, "--help tells more", *arguments)
        self.config = self.write("bad.conf", "# x\nuser = x\n")
        self.fail_with(78, r"bad\.conf:2: unknown key 'user'", "user", "list")
        self.config = os.path.join(self.directory, "none.conf")
        self.fail_with(78, "No such file", "user", "list")

    def test_help_and_version_are_no_errors(self):
        self.assertRegex(self.succeed("--version"), r"\Asodapop \d+\.\d+\.\d+\n\Z")
        self.assertIn("Usage: sodapop user add ", self.succeed("user", "add", "--help"))
        self.assertNotIn("--tls", self.succeed("--help"))


class Terminal(TerminalCase):
    """Passwords typed at a terminal."""

    def test_the_password_is_asked_for_twice_without_echo(self):
        for second, status, text in (("secret", 0, b"added alice"), ("secrets", 1, b"differ")):
            child, terminal = self.start("user", "add", "alice", "--mail", "/m", "--uid", str(UID),
                                         "--gid", str(GID), *CHEAP)
            self.expect(terminal, b"New password for alice: ")
            self.assertFalse(self.echoes(terminal))
            os.write(terminal, b"secret\n")
            seen = self.expect(terminal, b"The same again: ")
            os.write(terminal, second.encode() + b"\n")
            ended, rest = self.end(child, terminal)
            self.assertEqual(ended, status)
            self.assertIn(text, rest)
            self.assertNotIn(b"secret", seen + rest)
            if status == 0:
                self.assertIn("the password fits",
                              self.run_tool("user", "test", "alice", password="secret")[1])
                self.succeed("user", "remove", "alice")

    def test_an_interrupt_restores_the_echo_and_kills(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.write("users", "alice:*\n")
            child, terminal = self.start("user", "test", "alice")
            self.expect(terminal, b"Password of alice: ")
            self.assertFalse(self.echoes(terminal))
            self.await_sleep(child)
            if number == signal.SIGINT:
                os.write(terminal, b"\x03")
            else:
                os.kill(child, number)
            self.assertEqual(self.wait(child), -number)
            self.assertTrue(self.echoes(terminal))

    def test_a_stopped_program_asks_again(self):
        self.write("users", "alice:*\n")
        child, terminal = self.start("user", "test", "alice")
        self.expect(terminal, b"Password of alice: ")
        self.await_sleep(child)
        os.kill(child, signal.SIGTSTP)
        self.expect(terminal, b"Password of alice: ")
        self.assertFalse(self.echoes(terminal))
        os.write(terminal, b"x\n")
        ended, seen = self.end(child, terminal)
        self.assertEqual(ended, 1)
        self.assertIn(b"disabled", seen)

    def test_what_cannot_be_a_password_is_refused(self):
        self.write("users", "alice:*\n")
        for typed, reason in ((b"x" * 1024, b"disabled"), (b"x" * 1025, b"longer than 1024"),
                              (b"x" * 2000, b"longer than 1024"), (b"a\0b", b"a NUL"),
                              (b"a\0", b"a NUL"), (b"", b"empty password")):
            child, terminal = self.start("user", "test", "alice")
            self.expect(terminal, b"Password of alice: ")
            os.write(terminal, typed + b"\n")
            ended, seen = self.end(child, terminal)
            self.assertEqual(ended, 1)
            self.assertIn(reason, seen)

    def test_without_a_terminal_it_says_so(self):
        self.write("users", "alice:*\n")
        self.fail_with(1, "use --password-stdin", "user", "test", "alice")


if __name__ == "__main__":
    unittest.main()
