#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""All users at once: the compiled users file at a real server, and imports from other programs.
SODAPOP_BUILD names the build directory."""

import os
import re
import select
import shutil
import stat
import subprocess
import time

import harness
from harness import SODAPOP, Session, SiteTest, needs_root
from sodapop_tool import CHEAP, GID, UID, TerminalCase

HASH = ("{ARGON2ID}$argon2id$v=19$m=1024,t=1,p=1$" + "A" * 22 + "$" + "A" * 43)
BCRYPT = "$2y$05$" + "a" * 21 + "u" + "a" * 30 + "e"
WEAK = "the password scheme is too weak"
MANY_LINES = 1500  # sent one by one, they take half a minute


class Compiled(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"one\n"])
        self.compiled = self.site.users_file.with_name("users.cdb")

    def tool(self, *arguments):
        done = subprocess.run([SODAPOP, *arguments, "--config", self.site.config], text=True,
                              capture_output=True, check=False, timeout=30)
        return done.returncode, done.stdout, done.stderr

    def compile(self):
        self.assertEqual(self.tool("users", "compile")[0], 0)

    def login(self, name="alice", password=harness.PASSWORD):
        with Session(self.site) as session:
            return session.login(name, password)

    def reasons(self, event):
        return self.site.log_lines(event)

    def test_logins_go_by_the_compiled_users(self):
        self.compile()
        self.assert_ok(self.login())
        self.assert_err(self.login(password="wrong"), "AUTH")
        self.assert_err(self.login("nobody"), "AUTH")
        self.assertEqual(self.reasons("users-compiled") + self.reasons("unavailable"), [])
        # The compiled file is read, not the text: the hash has another scheme there, of no meaning.
        self.compiled.write_bytes(self.compiled.read_bytes().replace(b"{ARGON2ID}", b"{ARGON2IX}"))
        self.assert_err(self.login(), "AUTH")
        self.assertEqual(self.reasons("users-compiled"), [])

    def test_a_password_changed_by_a_tool_that_keeps_size_and_mtime_counts(self):
        self.site.add_user("bob", password="another one")
        lines = self.site.users_file.read_text().splitlines()
        hashes = [line.split(":")[1] for line in lines]
        for as_new_file in (False, True):
            self.compile()
            self.assert_ok(self.login())
            time.sleep(0.02)  # the clock of files has ticked
            facts = os.stat(self.site.users_file)
            changed = self.site.users_file
            if as_new_file:
                changed = changed.with_name("users.changed")
                shutil.copy(self.site.users_file, changed)
            text = self.site.users_file.read_text()
            changed.write_text("\n".join([lines[0].replace(*hashes), lines[1]]) + "\n")
            self.assertEqual(changed.stat().st_size, facts.st_size)
            os.utime(changed, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            changed.rename(self.site.users_file)
            self.assert_err(self.login(), "AUTH")
            self.assert_ok(self.login(password="another one"))
            self.site.users_file.write_text(text)

    def test_what_an_older_version_compiled_is_passed_over(self):
        self.compile()
        self.compiled.write_bytes(self.compiled.read_bytes().replace(b"sodapop-users 2",
                                                                     b"sodapop-users 1"))
        self.assert_ok(self.login())
        self.assertEqual(len(self.reasons("users-compiled")), 1)

    def test_a_text_that_is_newer_is_read_and_the_log_says_so(self):
        self.compile()
        self.site.add_user("bob")
        self.assert_ok(self.login("bob"))
        lines = self.reasons("users-compiled")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn('problem="is older than the users file"', lines[0])
        self.compile()
        self.assert_ok(self.login("bob"))
        self.assertEqual(len(self.reasons("users-compiled")), 1)

    def refused(self, problem):
        before = len(self.reasons("unavailable"))
        self.assert_err(self.login(), "SYS/TEMP")
        lines = self.reasons("unavailable")
        self.assertEqual(len(lines), before + 1)
        self.assertIn("reason=compiled-users-refused", lines[-1])
        self.assertIn(problem, lines[-1])

    def test_what_is_cut_off_empty_or_foreign_lets_nobody_in(self):
        self.compile()
        whole = self.compiled.read_bytes()
        for length in (0, 1, 2047, 2048, 2100, len(whole) // 2, len(whole) - 1):
            with self.subTest(length=length):
                self.compiled.write_bytes(whole[:length])
                self.refused("is damaged")
        self.compiled.write_bytes(whole + b"x")
        self.refused("is damaged")
        self.compiled.write_bytes(whole.replace(b":header", b":Header"))
        self.refused("is damaged")
        self.compiled.write_bytes(whole.replace(b"sodapop-users 2", b"sodapop-users 9"))
        self.refused("another version")
        self.compiled.write_bytes(whole.replace(b"alice:", b"alicf:"))
        self.assert_err(self.login(), "SYS/TEMP")
        self.assertIn("the compiled users are damaged", self.reasons("unavailable")[-1])
        self.compiled.write_bytes(whole)
        self.assert_ok(self.login())

    def test_what_others_could_have_written_lets_nobody_in(self):
        self.compile()
        self.compiled.chmod(0o620)
        self.refused("writable by its group")
        self.compiled.chmod(0o600)
        there = self.compiled.rename(self.compiled.with_name("there"))
        self.compiled.symlink_to(there)
        self.refused("not a regular file")
        self.compiled.unlink()
        self.assert_ok(self.login())

    @needs_root
    def test_another_owner_lets_nobody_in(self):
        self.compile()
        os.chown(self.compiled, 5000, 5000)
        self.assert_err(self.login(), "SYS/TEMP")  # root can open it as any user could
        self.assertIn("Permission denied", self.site.log_lines("unavailable")[-1])
        self.compiled.chmod(0o644)
        self.refused("is owned by neither root")

    @needs_root
    def test_a_user_who_can_read_the_compiled_users_is_not_served(self):
        self.compile()
        self.compiled.chmod(0o644)
        self.assert_err(self.login(), "SYS/PERM")
        self.assertIn("users-file-readable-by-user", self.reasons("unavailable")[-1])

    def test_compile_reports_what_does_not_count(self):
        text = self.site.users_file.read_text()
        self.site.users_file.write_text(f"bad\n{text}alice:*\n# x\n")
        status, out, err = self.tool("users", "compile")
        self.assertEqual((status, out),
                         (0, f"compiled 1 users of {self.site.users_file} to {self.compiled}; left "
                             "out 1 malformed lines and 1 of names that have one already\n"))
        self.assertEqual(err, f"sodapop: {self.site.users_file}:1: the line has no colon, so there "
                              f"is no password hash\nsodapop: {self.site.users_file}:3: alice has a "
                              "line before this one, which is the one that counts\n")
        self.assertEqual(stat.S_IMODE(self.compiled.stat().st_mode), 0o600)

    def test_a_line_that_is_cut_off_is_not_compiled(self):
        text = self.site.users_file.read_text()
        self.site.users_file.write_text(text + text.replace("alice", "bob").strip())
        _, out, err = self.tool("users", "compile")
        self.assertIn("compiled 1 users", out)
        self.assertIn(f"{self.site.users_file}:2: the last line has no line end", err)
        self.assert_err(self.login("bob"), "AUTH")
        self.assert_ok(self.login())

    def test_user_test_says_what_the_server_says(self):
        self.compile()
        self.compiled.write_bytes(b"")
        status, _, err = self.tool("user", "test", "alice", "--password-stdin")
        self.assertEqual(status, 1)
        self.assertRegex(err, r"users\.cdb is damaged")


class Imports(TerminalCase):
    def import_text(self, text, *options):
        source = self.write("source", text)
        return self.run_tool("users", "import", source, *options)

    def imported(self, text, *options):
        status, out, err = self.import_text(text, *options)
        self.assertEqual(status, 0, err)
        return out, [re.match(r"sodapop: [^:]*:\d+: (?:[^: ]+: )?([^;]*)", line)[1].strip()
                     for line in err.splitlines()]

    def test_a_dovecot_file_keeps_its_lines(self):
        line = f"alice:{HASH}:{UID}:{GID}:Alice:/home/a:/bin/sh:userdb_mail=maildir:/m  x=y"
        out, _ = self.imported(f"# ours\n\n{line}\nbob@x:{HASH}\n", "--uid", str(UID), "--gid",
                               str(GID), "--home", "/home/%d/%n")
        self.assertEqual(self.content(), f"{line}\nbob@x:{HASH}:{UID}:{GID}::/home/x/bob::\n")
        self.assertEqual(out, f"imported 2 users to {self.users}\n")

    def test_what_is_left_out_is_told_with_line_and_reason_and_counted(self):
        status, out, err = self.import_text(
            f"a:{HASH}\nb:{{PLAIN}}x\nc:!{HASH}\nd:{{SSHA}}xxxxxxxx\ne:{{WHAT}}x\n../f:{HASH}\n"
            f"nocolon\na:{HASH}\ng:{HASH}:0:0\nh:{HASH}:x:1\n" + "i" * 9000 + "\nj:*\n")
        self.assertEqual(status, 0)
        self.assertEqual(self.content(), f"a:{HASH}::::::\n")
        numbers = [int(line.split(":")[2]) for line in err.splitlines()]
        self.assertEqual(numbers, list(range(2, 13)), err)
        for number, reason in ((2, WEAK), (3, "disabled"), (4, WEAK), (5, "scheme"),
                               (6, "user name"), (7, "no colon"), (8, "a line before"),
                               (9, "uid 0"), (10, "uid"), (11, "longer"), (12, "disabled")):
            self.assertIn(reason, err.splitlines()[number - 2])
        for number, name in ((2, "b"), (6, "'../f'"), (8, "a"), (12, "j")):
            self.assertIn(f"source:{number}: {name}: ", err.splitlines()[number - 2])
        self.assertRegex(err.splitlines()[5], r"source:7: the line has no colon")
        self.assertIn("left out 2: the user is disabled", out)
        self.assertIn("left out 2: " + WEAK, out)
        self.assertNotIn(HASH, err + out)

    def test_a_strict_import_takes_all_lines_or_none(self):
        for text, options in ((f"a:{HASH}\nb:*\n", ()), ("a:secret\nb:\n", (
                "--format", "plain", *CHEAP)), (f"a:{HASH}\nb:*\n", ("--dry-run",))):
            status, out, err = self.import_text(text, "--strict", *options)
            self.assertEqual((status, out, len(err.splitlines())), (1, "", 2))
            self.assertIn("source:2: b: ", err.splitlines()[0])
            self.assertIn("nothing is imported: with --strict no line may be left out, and 1 is",
                          err.splitlines()[1])
            self.assertFalse(os.path.exists(self.users))
        self.write("users", f"a:!{HASH}::::::\n")
        status, out, err = self.import_text(f"a:{HASH}\nb:{HASH}\n", "--strict", "--replace")
        self.assertEqual((status, self.content()), (1, f"a:!{HASH}::::::\n"), err)
        self.assertEqual(self.import_text(f"b:{HASH}\n", "--strict")[0], 0)
        self.assertIn("\nb:", self.content())

    def test_a_weak_hash_is_told_with_a_command_that_works(self):
        _, _, err = self.import_text("a:{MD5}AAAA\n", "--uid", str(UID), "--gid", str(GID))
        self.assertIn("'sodapop user add NAME' adds the user", err)
        self.assertEqual(self.run_tool("user", "add", "a", "--password-stdin", "--uid", str(UID),
                                       "--gid", str(GID), "--home", self.home, *CHEAP,
                                       password="secret")[0], 0)

    def test_words_of_dovecot_that_restrict_are_kept_or_the_line_is_left_out(self):
        kept = f"a:{HASH}::::::fail=y allow_real_nets=10.0.0.0/8\n"
        out, reasons = self.imported(kept + f"b:{HASH}::::::noauthenticate\n"
                                     f"c:{HASH}::::::allow_nets:protected=10.0.0.1\n")
        self.assertEqual((self.content(), len(reasons)), (kept, 2))
        self.assertIn("left out 2: an extra word of Dovecot", out)
        self.assertRegex(self.succeed("user", "list"), r"\(no login, from 10\.0\.0\.0/8\)\n\Z")

    def test_a_last_line_without_its_end_is_left_out(self):
        out, reasons = self.imported(f"a:{HASH}\nb:{HASH}")
        self.assertEqual(self.content(), f"a:{HASH}::::::\n")
        self.assertIn("the last line has no line end", reasons[0])
        self.assertIn("left out 1: ", out)

    def test_a_dry_run_changes_nothing(self):
        out, reasons = self.imported(f"a:{HASH}\nb:*\n", "--dry-run")
        self.assertTrue(out.startswith(f"would import 1 users to {self.users}\n"), out)
        self.assertEqual(len(reasons), 1)
        self.assertFalse(os.path.exists(self.users))

    def test_users_that_exist_stay_or_are_replaced(self):
        before = f"# ours\nbad\na:{HASH}:1:1:::: x=y\nb:*\na:*\n"
        self.write("users", before)
        out, reasons = self.imported(f"a:{BCRYPT}\n", "--format", "htpasswd")
        self.assertEqual((self.content(), reasons),
                         (before, ["the user is already in the users file"]))
        out, reasons = self.imported(f"a:{BCRYPT}\nc:{BCRYPT}\n", "--format", "htpasswd",
                                     "--replace")
        self.assertEqual(self.content(),
                         f"# ours\nbad\na:{BCRYPT}:1:1:::: x=y\nb:*\nc:{BCRYPT}::::::\n")
        self.assertEqual((out, reasons), (f"imported 2 users to {self.users}, 1 of them in the "
                                          "place of old lines\n", []))

    def test_formats_without_restrictions_replace_the_hash_alone(self):
        rest = (f"{UID}:{GID}::{self.home}::nologin=gone allow_nets=10.0.0.0/8 "
                "sodapop_app=phone;AA;BB sodapop_expires=2099-12-31")
        self.write("users", f"nobody:{HASH}:{rest} sodapop_scram=old;tag\n")
        out, _ = self.imported(f"nobody:{BCRYPT}\n", "--format", "htpasswd", "--replace", "--uid",
                               str(UID + 1), "--gid", str(GID), "--home", "/elsewhere")
        self.assertEqual(self.content(), f"nobody:{BCRYPT}:{rest}\n")
        self.assertNotIn("dropped", out)
        self.imported("nobody:new\n", "--format", "plain", "--replace", "--scram-iterations",
                      "4096", *CHEAP)
        self.assertRegex(self.content(), r"\Anobody:\{ARGON2ID\}[^:]+:" + re.escape(rest) +
                         r" sodapop_scram=\{SCRAM-SHA-256\}4096,\S+\n\Z")
        self.imported(f"nobody:{HASH}:19000:0:99999:7::20000:\n", "--format", "shadow", "--replace",
                      "--minimum-uid", "1")
        self.assertEqual(self.content(), f"nobody:{HASH}:" +
                         rest.replace("2099-12-31", "2024-10-03") + "\n")

    def test_lines_of_dovecot_keep_what_only_the_old_line_has(self):
        words = "nologin=gone allow_nets=10.0.0.0/8 sodapop_app=phone;AA;BB x=y"
        old = f"a:{HASH}:{UID}:{GID}::/home/a::{words} sodapop_scram=old;tag\nb:{HASH}::::::x=y\n"
        new = f"a:{BCRYPT}::::::allow_nets=::1 sodapop_app=pc;AA;BB\nb:{HASH}::::::x=z nologin\n"
        self.write("users", old)
        out, reasons = self.imported(new, "--replace")
        self.assertEqual(self.content(),
                         f"a:{BCRYPT}:{UID}:{GID}::/home/a::allow_nets=::1 sodapop_app=pc;AA;BB "
                         f"nologin=gone sodapop_app=phone;AA;BB x=y\nb:{HASH}::::::x=z nologin\n")
        self.assertEqual((out.splitlines()[1:], reasons),
                         ([f"kept 1: {one}" for one in ("gid", "home", "nologin", "sodapop_app",
                                                        "uid", "x")], []))
        self.write("users", old)
        status, out, err = self.import_text(new, "--replace", "--drop", "--dry-run")
        self.assertEqual((status, self.content()), (0, old))
        status, out, err = self.import_text(new, "--replace", "--drop")
        self.assertEqual((status, self.content()), (0, new))
        self.assertIn("dropped 1: nologin\n", out)
        self.assertIn("source:1: a: drops nologin of the old line\n", err)
        self.assertEqual(len(err.splitlines()), 6)

    def test_a_line_whose_restrictions_are_not_known_or_that_is_locked_stays(self):
        old = (f"a:{HASH}::::::sodapop_expires=soon\nb:!{HASH}::::::\na:{HASH}\n"
               f"c:{HASH}::::::allow_nets=10.0.0.1")
        for options, text in ((["--format", "htpasswd"], BCRYPT), ([], f"{BCRYPT}::::::")):
            self.write("users", old)
            out, reasons = self.imported("".join(f"{name}:{text}\n" for name in "abc"), "--replace",
                                         *options)
            self.assertEqual(self.content(), old)
            self.assertTrue(out.startswith(f"imported 0 users to {self.users}\nleft out 1: "), out)
            self.assertEqual(len(reasons), 3)
        self.imported("".join(f"{name}:{BCRYPT}::::::\n" for name in "abc"), "--replace", "--drop")
        self.assertEqual(self.content(),
                         "".join(f"{name}:{BCRYPT}::::::\n" for name in "abc"))
        for options in (["--drop"], ["--drop", "--replace", "--format", "htpasswd"]):
            self.assertEqual(self.import_text(f"a:{BCRYPT}\n", *options)[0], 2)

    def test_htpasswd(self):
        out, reasons = self.imported(f"a:{BCRYPT}\r\nb:$apr1$x$y\nc:{{SHA}}xx\n", "--format",
                                     "htpasswd")
        self.assertEqual(self.content(), f"a:{BCRYPT}::::::\n")
        self.assertEqual(len(reasons), 2)

    def test_shadow_lines_need_an_account(self):
        text = (f"nobody-has-this-name:{HASH}:1::::::\nroot:{HASH}:1::::::\n"
                f"nobody:{HASH}:19000:0:99999:7::20000:\n")
        status, out, err = self.import_text(text, "--format", "shadow", "--minimum-uid", "1")
        self.assertEqual(status, 0, err)
        self.assertIn("the system has no account of that name", err.splitlines()[0])
        self.assertIn("uid 0 is never served", err.splitlines()[1])
        self.assertRegex(self.content(), r"\Anobody:[^:]+:\d+:\d+::/[^:]*::"
                                         r"sodapop_expires=2024-10-03\n\Z")
        self.assertEqual(self.import_text(text, "--format", "shadow", "--uid", "1", "--gid", "1")[0],
                         2)

    def test_plain_passwords_are_hashed_and_log_in(self):
        out, reasons = self.imported("a:first\nb:sec:ond \nc:\nd:" + "x" * 1025 + "\n", "--format",
                                     "plain", "--uid", str(UID), "--gid", str(GID), "--home",
                                     self.home + "/%u", "--scram-iterations", "4096", *CHEAP)
        self.assertTrue(out.startswith("imported 2 users"), out)
        self.assertEqual(len(reasons), 2)
        self.assertEqual(self.content().count("sodapop_scram={SCRAM-SHA-256}4096,"), 2)
        self.assertNotIn("first", self.content())
        for name, password in (("a", "first"), ("b", "sec:ond ")):
            self.assertIn("the password fits",
                          self.run_tool("user", "test", name, password=password)[1])

    def test_passwords_are_imported_in_parts_and_again_without_those_that_are_there(self):
        lines = [f"u{number}:{number}\n" for number in range(2500)]
        options = ("--format", "plain", "--uid", str(UID), "--gid", str(GID), "--home",
                   f"{self.home}/%u", *CHEAP)
        source = os.path.join(self.directory, "source")
        os.mkfifo(source)
        importing = subprocess.Popen([SODAPOP, "users", "import", source, "--config", self.config,
                                      *options])
        with open(source, "w", encoding="ascii") as writer:
            writer.writelines(lines[:2200])
            writer.flush()
            harness.wait_for(lambda: os.path.exists(self.users) and
                             self.content().count("\n") == 2000)
            importing.kill()  # as an impatient administrator does
            importing.wait()
        os.unlink(source)
        out, reasons = self.imported("".join(lines) + "u7:doubled\nnew:1\nnew:2\n", *options)
        self.assertEqual(out, f"imported 501 users to {self.users}\n"
                              "left out 1: a line before this one is for the same user\n"
                              "left out 2001: the user is already in the users file\n")
        names = [line.split(":")[0] for line in self.content().splitlines()]
        self.assertEqual(names, [f"u{number}" for number in range(2500)] + ["new"])
        self.assertIn("the password fits", self.run_tool("user", "test", "u2499",
                                                         password="2499")[1])

    def test_users_with_one_home_are_told_of_their_one_maildir(self):
        _, _, err = self.import_text(f"a:{HASH}\nb:{HASH}\n", "--home", "/var/mail")
        self.assertIn("several users have one Maildir", err)
        self.write("users", "")
        _, _, err = self.import_text(f"a:{HASH}\nb:{HASH}\n", "--home", "/var/mail/%u")
        self.assertEqual(err, "")

    def test_standard_input_is_read(self):
        done = subprocess.run([SODAPOP, "users", "import", "-", "--config", self.config],
                              input=f"a:{HASH}\nb\n", text=True, capture_output=True, check=True,
                              timeout=30)
        self.assertIn("sodapop: standard input:2: ", done.stderr)
        self.assertEqual(self.content(), f"a:{HASH}::::::\n")

    def test_progress_is_shown_on_a_terminal_in_one_line_that_goes_away(self):
        source = os.path.join(self.directory, "source")
        os.mkfifo(source)
        child, terminal = self.start("users", "import", source)
        seen, count = b"", 0
        with open(source, "w", encoding="ascii") as writer:
            while not (shown := re.findall(rb"\r(\d+) lines read", seen)):
                self.assertLess(count, MANY_LINES, seen)
                writer.write(f"user{count}:{HASH}\n")
                writer.flush()
                count += 1
                if select.select([terminal], [], [], 0.02)[0]:
                    seen += os.read(terminal, 1024)
        seen += self.expect(terminal, b"imported %d users" % count)
        self.assertEqual(int(shown[0]), count)
        self.assertIn(b"\r\x1b[K", seen)
        self.assertEqual(self.wait(child), 0)

    def test_nothing_is_shown_of_progress_without_a_terminal(self):
        _, out, err = self.import_text(f"a:{HASH}\n" * 2)
        self.assertNotIn("\r", out + err)

    def test_a_file_that_cannot_be_read_changes_nothing(self):
        self.fail_with(1, "No such file", "users", "import", self.directory + "/none")
        self.assertFalse(os.path.exists(self.users))
        self.write("users", "a:*\n", 0o622)
        self.fail_with(1, "writable", "users", "import", self.write("source", f"b:{HASH}\n"))

    def test_outdated_hashes_are_listed(self):
        self.write("users", f"a:{BCRYPT}\nb:*\nc:{HASH.replace('m=1024,t=1', 'm=19456,t=2')}\n"
                            f"d:{HASH}\ne:{{PLAIN}}x\n")
        lines = self.succeed("user", "list", "--outdated").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["a", "d", "e"])
        self.assertRegex(lines[0], "BLF-CRYPT")
        self.assertIn("ARGON2ID, 1024 KiB, 1 operations", lines[1])
        self.assertIn("unusable: " + WEAK, lines[2])

    def test_list_tells_what_a_user_may_not(self):
        self.write("users", f"a:{HASH}:{UID}:{GID}::/h::sodapop_read_only=yes nologin "
                            "sodapop_pop3=no\n")
        self.assertTrue(self.succeed("user", "list").endswith(
            "/h/Maildir (no login, no POP3, read-only)\n"))


if __name__ == "__main__":
    harness.main()
