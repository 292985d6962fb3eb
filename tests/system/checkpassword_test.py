# SPDX-License-Identifier: ISC
"""The checkpassword interface, both ways: a program of the site checks passwords for sodapopd, and
sodapopd is the last program of a chain that another POP3 server, qmail-popup, began."""

import base64
import fcntl
import glob
import json
import os
import signal
import struct
import subprocess
import sys

import harness
from harness import (IS_ROOT, PASSWORD, PATIENCE, PROGRAMS, SODAPOPD, SOURCE, Conversation, Session,
                     SiteTest, connected_pair, needs_program, needs_root, status_of,
                     wait_for)
from listener_test import ListenerTest

CONTRIB = SOURCE / "contrib" / "checkpassword"
F_OFD_SETLK = 37
UID = 5000 if IS_ROOT else os.geteuid()
GID = 5000 if IS_ROOT else os.getegid()

# Compares name and password, and then sets HOME. The tests append what the program does next.
CHECK = f"""\
[ "$(tr '\\0' '\\n' <&3 | head -n 2)" = "alice
{PASSWORD}" ] || exit 1
exec 3<&-
export HOME={{root}}/mail/alice
"""
AS_ROOT = f"export userdb_uid={UID} userdb_gid={GID}\n"
GOOD = CHECK + AS_ROOT + 'exec "$@"\n'

INSPECT = """\
import json, os, sys
facts = {
    "environment": dict(os.environ),
    "descriptors": {fd: os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                    if os.path.exists(f"/proc/self/fd/{fd}")},
    "leads a session": os.getsid(0) == os.getpid(),
    "message": os.read(3, 1000).decode("latin-1"),
    "end": os.read(3, 1) == b"",
    "arguments": sys.argv[2:],
}
with open(sys.argv[1], "w") as file:
    json.dump(facts, file)
sys.exit(1)
"""


class ProgramTest(SiteTest):
    """A site with alice's mail, without a users file; `program` writes its checkpassword."""

    settings = {"checkpassword_limit": 20, "log_unknown_names": "yes"}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"Subject: hers\n\ntext\n"])
        self.site.users_file.unlink()
        self.site.configure(maildir="%h/Maildir")

    def program(self, body, *arguments, interpreter="/bin/sh"):
        path = self.site.root / "program"
        body = body.replace("{root}", str(self.site.root))
        path.write_text(f"#!{interpreter}\n{body}")
        path.chmod(0o755)
        self.site.configure(checkpassword=" ".join([str(path), *map(str, arguments)]))

    def login(self, password=PASSWORD, name="alice"):
        """The reply to the password. Another command after it must succeed."""
        with Session(self.site) as session:
            reply = session.login(name, password)
            self.assert_ok(session.command("CAPA"))
            return reply

    def reason(self):
        """The last line of the log about a login that failed."""
        lines = [line for line in self.site.log_lines()
                 if " event=login-failed " in line or " event=unavailable " in line]
        return lines[-1]

    def assert_refused(self, reply, reason="checkpassword-refused"):
        self.assert_err(reply, "AUTH")
        self.assertIn(f"event=login-failed reason={reason} user=alice ", self.reason())

    def assert_unavailable(self, code, reason):
        self.site.log.write_text("")
        self.assert_err(self.login(), code)
        self.assertIn(f"event=unavailable reason={reason}", self.reason())
        self.assertEqual(self.site.log_lines("login"), [])


class Programs(ProgramTest):
    def test_the_program_decides_and_no_users_file_is_needed(self):
        self.program(GOOD)
        with Session(self.site) as session:
            self.assert_refused(session.login(password="wrong"))
            self.assert_ok(session.login())
            self.assertEqual(session.command("STAT"), b"+OK 1 23\r\n")
            self.assert_ok(session.command("DELE 1"))
            self.assert_ok(session.command("QUIT"))
        self.assertEqual(self.site.messages(), [])
        line = self.site.wait_for_event("login", method="USER", user="alice")
        self.assertIn("messages=1", line)

    def test_the_program_may_keep_the_maildrop_as_it_is(self):
        self.program(GOOD.replace("exec ", "export sodapop_read_only=yes; exec "))
        with Session(self.site) as session:
            self.assert_ok(session.login())
            self.assertEqual(session.command("DELE 1"),
                             b"-ERR [SYS/PERM] this maildrop is read-only\r\n")
            self.assert_ok(session.command("QUIT"))
        self.site.wait_for_event("login", access="read-only")

    def test_the_program_may_say_why_nobody_gets_in(self):
        self.program(GOOD.replace("exec ", "export nologin=moved; exec "))
        self.assertEqual(self.login(), b"-ERR [AUTH] moved\r\n")
        self.assertNotIn(b"moved", self.login("wrong"))

    def test_the_program_gets_the_name_as_the_site_writes_it(self):
        self.program(GOOD)
        self.site.configure(name_case="lower")
        self.assert_ok(self.login(name="ALICE"))
        self.site.wait_for_event("login", user="alice")

    def test_SASL_PLAIN_is_for_the_program_too(self):
        self.program(GOOD)
        with Session(self.site) as session:
            for password, wanted in (("wrong", b"-ERR [AUTH]"), (PASSWORD, b"+OK")):
                response = base64.b64encode(f"\0alice\0{password}".encode()).decode()
                self.assertTrue(session.command(f"AUTH PLAIN {response}").startswith(wanted))

    def test_without_a_login_nobody_asks_a_program(self):
        self.program("echo asked; exit 1\n")
        maildir = str(self.site.maildir())
        os.chown(self.site.log, UID, GID)  # sodapopd opens it as that account
        with Session(self.site, "--preauth", maildir, uid=UID) as session:
            self.assert_ok(session.greeting)
            self.assertEqual(session.command("STAT")[:3], b"+OK")
        self.assertEqual(self.site.log_lines("checkpassword"), [])

    def test_other_exit_statuses_deaths_and_replies_are_temporary(self):
        reply = 'HOME={root}/mail/alice userdb_uid=%d userdb_gid=%d "$@"\n' % (UID, GID)
        for body, reason in (
                ("exit 111\n", "checkpassword-failed status=111"),
                ("exit 3\n", "checkpassword-failed status=3"),
                ("exit 2\n", "checkpassword-misused"),
                ("kill -9 $$\n", "checkpassword-killed signal=9"),
                ("kill -SEGV $$\n", "checkpassword-killed signal=11"),
                ("exit 0\n", "checkpassword-no-reply"),
                ("echo garbage >&4\n", "checkpassword-bad-reply"),
                ("head -c 100000 /dev/zero >&4\n", "checkpassword-bad-reply"),
                (reply + reply, "checkpassword-bad-reply"),
                (reply + "exit 111\n", "checkpassword-failed status=111"),
                ('"$@" --more\n', "checkpassword-misused"),
                ('exec 4>&-\nexec "$@"\n', "checkpassword-misused"),
                ('exec 4>/dev/null\nexec "$@"\n', "checkpassword-misused")):
            with self.subTest(body):
                self.program(body)
                self.assert_unavailable("SYS/TEMP", reason)

    def test_a_reply_before_a_refusal_is_a_refusal(self):
        self.program(CHECK + AS_ROOT + '"$@"\nexit 1\n')
        self.assert_refused(self.login())

    def test_a_program_that_cannot_run_is_named(self):
        self.program("exit 1\n", interpreter="/nowhere/interpreter")
        self.assert_unavailable("SYS/TEMP", "checkpassword-failed status=111")
        self.assertIn('line="cannot be run: No such file or directory"',
                      self.site.log_lines("checkpassword")[0])

    def test_a_program_that_is_missing_or_not_safe_is_not_run(self):
        self.program("echo ran\n" + GOOD)
        path = self.site.root / "program"
        for spoil, problem in ((lambda: path.chmod(0o775), "others can write to it"),
                               (path.unlink, "there is no such program"),
                               (path.mkdir, "it is no file")):
            spoil()
            with self.subTest(problem):
                self.assert_unavailable("SYS/PERM", "checkpassword-unsafe")
                self.assertIn(f'problem="{problem}"', self.reason())
        self.assertEqual(self.site.log_lines("checkpassword"), [])

    def test_a_program_that_hangs_is_ended_with_all_that_it_started(self):
        self.site.configure(checkpassword_limit=1)
        pids = self.site.root / "pids"
        for body in (f"sleep 1000 & echo $! >{pids}; echo $$ >>{pids}; wait\n",
                     f"trap '' TERM HUP INT; echo $$ >{pids}; while :; do sleep 9; done\n",
                     f"echo $$ >{pids}\n" + CHECK + AS_ROOT + '"$@"\nsleep 1000\n',
                     f"echo $$ >{pids}; yes\n"):
            with self.subTest(body):
                pids.unlink(missing_ok=True)
                self.program(body)
                self.assert_unavailable("SYS/TEMP", "checkpassword-timeout")
                for pid in pids.read_text().split():
                    self.assert_gone(int(pid))

    def assert_gone(self, pid):
        """Waits until the process has ended. A zombie counts as ended, as its parent may be another
        process than this test."""
        def is_gone():
            try:
                return status_of(pid)["State"].startswith(("Z", "X"))
            except (FileNotFoundError, ProcessLookupError):
                return True
        wait_for(is_gone)

    def test_what_a_program_leaves_behind_is_ended_after_a_login_too(self):
        pid = self.site.root / "pid"
        self.program(f"sleep 1000 & echo $! >{pid}\n" + GOOD)
        self.assert_ok(self.login())
        self.assert_gone(int(pid.read_text()))

    def test_when_the_monitor_is_killed_the_program_is_ended(self):
        pid = self.site.root / "pid"
        self.program(f"echo $$ >{pid}.new; mv {pid}.new {pid}; sleep 1000\n")
        with Session(self.site) as session:
            session.send(f"USER alice\r\nPASS {PASSWORD}\r\n")
            wait_for(pid.exists)
            session.process.kill()
            self.assert_gone(int(pid.read_text()))

    def test_a_program_holds_a_hash_slot_while_it_runs(self):
        self.site.configure(hash_slots=1)
        running, go_on = self.site.root / "running", self.site.root / "go-on"
        os.mkfifo(go_on)
        self.program(f"touch {running}; read line <{go_on}\n" + GOOD)

        def try_lock():
            with open(self.site.root / "run" / "hash-slots", "a+b") as file:
                fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
        with Session(self.site) as session:
            session.send(f"USER alice\r\nPASS {PASSWORD}\r\n")
            wait_for(running.exists)
            self.assertRaises(BlockingIOError, try_lock)
            go_on.write_text("go on\n")
            self.assert_ok(session.line())
            self.assert_ok(session.line())
            try_lock()

    def test_what_the_program_is_given(self):
        facts = self.inspect(("--from", "blank  separated"))
        environment = {key: value for key, value in facts["environment"].items()
                       if key not in ("LC_CTYPE", "PWD")}  # Python's and the shell's own
        self.assertEqual(environment, {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PROTO": "TCP", "TCPREMOTEIP": "127.0.0.1"})
        descriptors = facts["descriptors"]
        self.assertEqual(sorted(descriptors), ["0", "1", "2", "3", "4"])
        self.assertEqual(descriptors["0"], "/dev/null")
        self.assertEqual(descriptors["1"], descriptors["2"])
        self.assertTrue(descriptors["1"].startswith("pipe:"))
        self.assertTrue(descriptors["3"].startswith("pipe:"))
        self.assertTrue(descriptors["4"].startswith("socket:"))
        name, password, timestamp, rest = facts["message"].split("\0")
        self.assertEqual((name, password, rest), ("alice", PASSWORD, ""))
        self.assertRegex(timestamp, r"^<[0-9a-f]{16}@pop3>$")
        self.assertTrue(facts["end"])
        self.assertTrue(facts["leads a session"])
        self.assertEqual(facts["arguments"],
                         ["--from", "blank", "separated", str(SODAPOPD), "--checkpassword-reply",
                          "alice", "%h/Maildir", "127.0.0.1"])
        self.assertRegex(facts["status"], r"(?m)^SigIgn:\t0000000000000000$")
        self.assertRegex(facts["status"], r"(?m)^SigBlk:\t0000000000000000$")
        for key in ("NoNewPrivs", "Seccomp"):
            self.assertIn(f"\n{key}:\t{status_of(os.getpid())[key]}\n", facts["status"])
        self.assertNotEqual(timestamp, self.inspect(())["message"].split("\0")[2])

    def inspect(self, arguments):
        found = self.site.root / "facts"
        code = self.site.root / "inspect.py"
        code.write_text(INSPECT)
        status = self.site.root / "status"
        self.program(f'while IFS= read -r line; do echo "$line"; done </proc/$$/status >{status}\n'
                     f'exec {sys.executable} -I {code} {found} "$@"\n', *arguments)
        self.assert_refused(self.login())
        return json.loads(found.read_text()) | {"status": status.read_text()}

    def test_nothing_is_asked_of_a_program_that_it_cannot_be_asked(self):
        self.program("echo asked; exit 0\n")
        # The manual allows 486 octets for name and password together.
        for name, password, reason in (("a/b", "x", "bad-name"),
                                       ("alice", "x" * 482, "checkpassword-too-long")):
            with self.subTest(reason):
                self.assert_err(self.login(password, name), "AUTH")
                self.assertIn(f"event=login-failed reason={reason} ", self.reason())
        with Session(self.site) as session:
            response = base64.b64encode(b"\0alice\0").decode()
            self.assert_err(session.command(f"AUTH PLAIN {response}"))
        self.assertEqual(self.site.log_lines("checkpassword"), [])
        self.assert_err(self.login("x" * 481), "SYS/TEMP")
        self.assertIn(' line="asked" ', self.site.log_lines("checkpassword")[0])

    def test_output_goes_to_the_log_escaped_and_in_bounds(self):
        self.program('printf "one\\ntwo\\tbells \\"\\n"; printf "%0300d\\n" 7; echo three >&2; '
                     'printf "no end"\n' + GOOD)
        self.assert_ok(self.login())
        lines = [line.split(' line="')[1].split('" user=alice session=')[0]
                 for line in self.site.log_lines("checkpassword")]
        self.assertEqual(lines, ["one", "two\\x09bells \\x22", "0" * 200, "three", "no end"])

    def test_a_flood_of_output_is_cut(self):
        self.program("yes 'what a program says' | head -c 3000000\n" + GOOD)
        self.assert_ok(self.login())
        lines = self.site.log_lines("checkpassword")
        self.assertEqual(len(lines), 21)
        self.assertIn(f" lines-left-out={-(-3000000 // 20) - 20} ", lines[-1])

    def test_a_password_that_the_program_repeats_stays_out_of_the_log(self):
        self.program("tr '\\0' ' ' <&3\nexit 111\n")
        self.assert_unavailable("SYS/TEMP", "checkpassword-failed status=111")
        self.assertIn("(a line with the password in it)", self.site.log_lines("checkpassword")[0])
        self.assertNotIn(PASSWORD, self.site.log.read_text())


class Users(ProgramTest):
    """The facts about the user that a program may give."""

    def say(self, words):
        self.program(CHECK + words + '\nexec "$@"\n')

    def test_who_is_not_served(self):
        low = "" if IS_ROOT else "userdb_uid=1"
        cases = [("userdb_uid=0", "userdb_gid=5000"), ("userdb_uid=499", "userdb_gid=5000"),
                 ("userdb_uid=5000", "userdb_gid=0"), ("userdb_uid=5000", "userdb_gid=42"),
                 (low, low)]
        for case in cases if IS_ROOT else cases[:1]:
            with self.subTest(case):
                self.say("export " + " ".join(filter(None, case)) if any(case) else "")
                kind = "gid" if "userdb_uid=5000" in case else "uid"
                self.assert_unavailable("SYS/PERM", f"{kind}-not-served")

    def test_what_no_line_of_a_users_file_could_say(self):
        for words, complaint in (
                ("unset HOME", "asks for a home"),
                ("export HOME=relative", "home is not an absolute"),
                ("export HOME=/a:b", "a character that cannot be there"),
                ("export userdb_uid=x", "uid is not a number"),
                ("export userdb_uid=-1", "uid is not a number"),
                ("export userdb_gid=4294967295", "gid is not a number"),
                ("export userdb_mail=mbox:/x", "userdb_mail is not one maildir:PATH"),
                ("export userdb_mail=maildir:", "userdb_mail is not one maildir:PATH"),
                ("export userdb_mail='maildir:/a b'", "a character that cannot be there"),
                ("export userdb_mail=maildir:/a/../b", "component .."),
                ("export userdb_mail=maildir:relative", "not absolute"),
                ("export allow_nets=nowhere", "sodapopd: "),
                (f"export userdb_home=/{'h' * 4090}", "longer than")):
            with self.subTest(words[:40]):
                self.say(AS_ROOT + words)
                self.assert_unavailable("SYS/PERM", "checkpassword-unusable")
                self.assertIn(complaint, self.site.log_lines("checkpassword")[0])

    def test_rights_that_the_program_tells(self):
        for words, is_let_in in (
                ("nologin=", False), ("nologin=away", False), ("sodapop_pop3=no", False),
                ("sodapop_pop3=yes", True), ("sodapop_expires=2020-01-31", False),
                ("sodapop_expires=2999-12-31", True), ("allow_nets=127.0.0.0/8", True),
                ("allow_nets=192.0.2.0/24,local", False)):
            with self.subTest(words):
                self.say(AS_ROOT + f"unset TCPREMOTEIP; export {words}")
                reply = self.login()
                if is_let_in:
                    self.assert_ok(reply)
                else:
                    self.assert_refused(reply)

    def test_the_words_of_programs_for_Dovecot(self):
        mail = self.site.root / "mail"
        for words in ("export userdb_home={root}/mail/alice HOME=/nowhere",
                      "export userdb_mail=maildir:{root}/mail/alice/Maildir:INDEX=/x HOME=/nowhere",
                      "export userdb_mail=maildir:~/Maildir",
                      "export userdb_mail=maildir:{root}/mail/%n/Maildir; unset HOME"):
            with self.subTest(words):
                self.say(AS_ROOT + words)
                self.assert_ok(self.login())
        self.assertTrue(mail.exists())

    def test_the_template_has_the_name_that_the_client_gave(self):
        self.site.configure(maildir=f"{self.site.root}/mail/%u/Maildir")
        self.say(AS_ROOT + "export USER=bob; unset HOME")
        self.assert_ok(self.login())

    @needs_root
    def test_a_program_becomes_the_user(self):
        self.program(CHECK + 'exec setpriv --reuid 5000 --regid 5000 --clear-groups "$@"\n')
        self.assert_ok(self.login())

    @needs_root
    def test_a_program_without_root_can_name_no_other_user(self):
        for who in ("--reuid 5001 --regid 5000", "--reuid 5000 --regid 5001"):
            with self.subTest(who):
                self.program(CHECK + AS_ROOT + f'exec setpriv {who} --clear-groups "$@"\n')
                self.assert_unavailable("SYS/PERM", "uid-not-served")

    @needs_root
    def test_a_mail_users_server_serves_that_user(self):
        self.site = self.make_site(owner=5000)
        self.site.add_user("alice", [b"one\n"])
        for words, wanted in (("", b"+OK"), (AS_ROOT, b"+OK"),
                              ("export userdb_uid=5001\n", b"-ERR [SYS/PERM]")):
            self.program(CHECK + words + 'exec "$@"\n')
            os.chown(self.site.root / "program", 5000, 5000)
            with self.subTest(words), Session(self.site, uid=5000) as session:
                reply = session.login()
                self.assertTrue(reply.startswith(wanted), reply)


class Examples(ProgramTest):
    """The programs in contrib/checkpassword."""

    def install(self, name, *arguments):
        path = self.site.root / name
        path.write_text((CONTRIB / name).read_text())
        path.chmod(0o755)
        self.site.configure(checkpassword=" ".join([str(path), *map(str, arguments)]))

    def digest(self):
        return subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, text=True,
                              check=True, stdout=subprocess.PIPE).stdout.strip()

    @needs_program("openssl")
    def test_the_script(self):
        users = self.site.root / "names"
        users.write_text(f"alic:x\n.lice:x\nalice:{self.digest()}\n")
        users.chmod(0o600)
        self.install("checkpassword-script", users, UID, GID, self.site.root / "mail")
        self.assert_ok(self.login())
        self.assert_refused(self.login("wrong"))
        self.assert_err(self.login(name="bob"), "AUTH")
        users.unlink()
        self.assert_unavailable("SYS/TEMP", "checkpassword-failed status=111")
        self.assertIn(f'line="cannot read {users}"', self.site.log_lines("checkpassword")[0])

    @needs_program("openssl")
    def test_PAM(self):
        found = glob.glob(str(PROGRAMS / "libpam-pwdfile/lib/*/security/pam_pwdfile.so"))
        if not found:
            self.skipTest("needs libpam-pwdfile")
        confdir = self.site.root / "pam.d"
        confdir.mkdir()
        digests, accounts = self.site.root / "digests", self.site.root / "accounts"
        digests.write_text(f"alice:{self.digest()}\n")
        home = self.site.root / "mail" / "alice"
        accounts.write_text(f"alice:x:{UID}:{GID}::{home}:/bin/sh\n")
        service = confdir / "sodapop"
        auth = f"auth required {found[0]} pwdfile={digests}\n"
        service.write_text(auth + "account required pam_permit.so\n")
        self.install("checkpassword-pam", "--confdir", confdir, "--users", accounts, "sodapop")
        self.assert_ok(self.login())
        self.assert_refused(self.login("wrong"))
        self.assertRegex(self.site.log_lines("checkpassword")[-1], "Authentication failure|wrong")
        self.assert_err(self.login(name="bob"), "AUTH")
        service.write_text(auth + "account required pam_deny.so\n")
        self.assert_refused(self.login())
        service.write_text(auth + "account required pam_nowhere.so\n")
        self.assertTrue(self.login().startswith(b"-ERR"))
        service.unlink()
        self.assert_unavailable("SYS/TEMP", "checkpassword-failed status=111")

    def test_vpopmail(self):
        vchkpw = self.site.root / "vchkpw"
        check = CHECK.replace("exit 1", "exit 3").replace("{root}", str(self.site.root))
        vchkpw.write_text("#!/bin/sh\n" + check + AS_ROOT + 'exec "$@"\n')
        vchkpw.chmod(0o755)
        self.install("checkpassword-vpopmail", vchkpw)
        self.assert_ok(self.login())
        self.assert_refused(self.login("wrong"))
        vchkpw.write_text("#!/bin/sh\nexit 5\n")
        self.assert_unavailable("SYS/TEMP", "checkpassword-failed status=111")
        self.assertIn('line="vchkpw ended with status 5"', self.site.log.read_text())


class Listening(ListenerTest):
    settings = ListenerTest.settings | {"checkpassword_limit": 20}

    def setUp(self):
        super().setUp()
        self.script = self.site.root / "program"
        self.script.write_text("#!/bin/sh\n" + GOOD.replace("{root}", str(self.site.root)))
        self.script.chmod(0o755)

    def test_a_listener_lets_its_sessions_run_the_program_and_says_so(self):
        self.site.configure(checkpassword=self.script)
        self.start()
        self.assertIn("problem=listener-not-confined", self.site.log_lines("cage")[0])
        status = status_of(self.server.pid)
        for key in ("NoNewPrivs", "Seccomp"):
            self.assertEqual(status[key], status_of(os.getpid())[key])
        self.assert_ok(self.login().command("QUIT"))
        talk = self.connect()
        self.assert_err(talk.login(password="wrong"), "AUTH")
        talk.close()
        self.assertEqual(self.stop(), 0)

    def test_a_confined_listener_cannot_begin_to_run_programs(self):
        self.start()
        self.site.configure(checkpassword=self.script)
        self.server.send_signal(signal.SIGHUP)
        line = self.site.wait_for_event("configuration")
        self.assertIn('problem="checkpassword needs a restart', line)
        self.assert_ok(self.login().command("QUIT"))

    def test_programs_may_be_given_up_without_a_restart(self):
        self.site.configure(checkpassword=self.script)
        self.start()
        self.site.configure(checkpassword=None)
        self.server.send_signal(signal.SIGHUP)
        self.site.wait_for_event("reloaded")
        self.script.unlink()
        self.assert_ok(self.login().command("QUIT"))


# Does what qmail-popup does: sends a greeting with a timestamp, takes USER and PASS, then starts
# the chain, which inherits the connection. The first output of the chain is the answer to PASS.
POPUP = """\
import os, sys
def line():
    octets = b""
    while not octets.endswith(b"\\n"):
        octets += os.read(0, 1) or sys.exit(0)
    return octets.decode().rstrip("\\r\\n").split(" ", 1)
def say(text):
    os.write(1, text.encode() + b"\\r\\n")
stamp = f"<{os.getpid()}.1000000000@{sys.argv[1]}>"
say("+OK " + stamp)
name = None
while True:
    verb, *rest = line()
    if verb == "USER":
        name = rest[0]
        say("+OK")
    elif verb == "PASS" and name:
        break
    else:
        say("-ERR")
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.dup2(reader, 3)
    os.set_inheritable(3, True)
    os.closerange(4, 256)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(reader)
os.write(writer, f"{name}\\0{rest[0]}\\0{stamp}\\0".encode())
os.close(writer)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
    say("-ERR authorization failed")
"""


class Chain(SiteTest):
    """qmail-popup HOST CHECKPASSWORD sodapopd --preauth Maildir."""

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"Subject: hers\n\ntext\n"])
        self.popup = self.site.root / "popup.py"
        self.popup.write_text(POPUP)
        self.check = self.site.root / "checkpassword"
        become = "setpriv --reuid 5000 --regid 5000 --clear-groups " if IS_ROOT else ""
        self.check.write_text("#!/bin/sh\n" + CHECK.replace("{root}", str(self.site.root)) +
                              f'cd "$HOME" || exit 111\nexec {become}"$@"\n')
        self.check.chmod(0o755)
        if IS_ROOT:  # sodapopd has alice's uid when it opens the log
            os.chown(self.site.log, 5000, 5000)

    def start(self, environment=None):
        client, server = connected_pair()
        with server:
            process = subprocess.Popen(
                [sys.executable, "-I", str(self.popup), "pop.example.org", str(self.check),
                 str(SODAPOPD), "--config", str(self.site.config), "--preauth", "Maildir"],
                stdin=server, stdout=server, stderr=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"]} | (environment or {}))
        self.addCleanup(process.wait, PATIENCE)
        talk = Conversation(client)
        self.addCleanup(talk.close)
        self.assertRegex(talk.line(), rb"^\+OK <.*@pop.example.org>\r\n$")
        return talk

    def test_the_greeting_answers_PASS(self):
        talk = self.start()
        self.assert_ok(talk.login())
        self.assertEqual(talk.command("STAT"), b"+OK 1 23\r\n")
        self.assertEqual(talk.fetch("RETR 1"), b"Subject: hers\r\n\r\ntext\r\n")
        self.assert_ok(talk.command("DELE 1"))
        self.assert_ok(talk.command("QUIT"))
        self.assertEqual(talk.rest(), b"")
        self.assertEqual(self.site.messages(), [])

    def test_a_wrong_password_does_not_get_as_far(self):
        talk = self.start()
        self.assert_err(talk.login(password="wrong"))
        self.assertEqual(self.site.log_lines(), [])

    def test_the_address_that_the_super_server_has_told_is_in_the_log(self):
        talk = self.start(environment={"TCPREMOTEIP": "192.0.2.7", "PROTO": "TCP"})
        self.assert_ok(talk.login())
        self.assert_ok(talk.command("QUIT"))
        line = self.site.wait_for_event("login", method="PREAUTH")
        self.assertTrue(line.endswith(" from=192.0.2.7"), line)

    def test_a_Maildir_that_is_not_there_is_told_as_the_answer(self):
        talk = self.start()
        self.site.maildir().rename(self.site.root / "mail" / "alice" / "elsewhere")
        self.assertEqual(talk.login()[:10], b"-ERR [SYS/")


if __name__ == "__main__":
    harness.main()
