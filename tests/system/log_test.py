# SPDX-License-Identifier: ISC
"""The log: one well-formed line for each event, with any input of clients and launchers."""

import ast
import base64
import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import unittest

import harness
from harness import Session, SiteTest, needs_program
from proxies import CLIENT
from sasl import Talk

LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ sodapopd\[\d+\]: event=[a-z-]+"
                  r"( [a-z-]+=(\"[ -~]*\"|[!-~]*))*$")


def fields(line):
    """key -> value of a log line."""
    return dict(re.findall(r'([a-z-]+)=("[^"]*"|\S*)', line.split("]: ", 1)[1]))


class Log(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"Subject: one\n\ntext\n", b"Subject: two\n\nmore text\n"])

    def test_a_session_is_told_in_three_lines(self):
        with Session(self.site) as session:
            self.assert_ok(session.login())
            session.fetch("RETR 1")
            session.fetch("TOP 2 1")
            self.assert_ok(session.command("DELE 1"))
            self.assert_ok(session.command("QUIT"))
            session.close()
            session.exit_status()
        # The tests' hashes are cheap, which is logged as well.
        connect, outdated, login, logout = map(fields, self.site.log_lines())
        self.assertEqual([one["event"] for one in (connect, outdated, login, logout)],
                         ["connect", "outdated-hash", "login", "logout"])
        self.assertEqual(len({one["session"] for one in (connect, login, logout)}), 1)
        self.assertEqual({one["from"] for one in (connect, login, logout)}, {"127.0.0.1"})
        self.assertEqual((login["user"], login["method"], login["messages"]), ("alice", "USER", "2"))
        expected = {"ended": "quit", "retrieved": "1", "retrieved-octets": "22", "top": "1",
                    "top-octets": "27", "deleted": "1", "left": "1", "user": "alice"}
        self.assertEqual({key: logout[key] for key in expected}, expected)
        self.assertIn("deleted-octets", logout)
        self.assertIn("seconds", logout)

    def test_a_client_that_waits_in_silence_leaves_no_line_and_is_counted(self):
        with contextlib.ExitStack() as stack:
            for session in [stack.enter_context(Session(self.site, "--login-limit", "1"))
                            for _ in range(3)]:
                self.assertEqual(session.rest(), b"")
                session.close()
                session.exit_status()
        self.assertEqual(self.site.log_lines(), [])
        with Session(self.site) as session:
            session.send(b"Q")  # one octet is something
            session.close()
            session.exit_status()
        self.site.wait_for_event("connect", suppressed=3)
        self.site.wait_for_event("disconnect", ended="connection-lost")

    def test_failed_logins_tell_why(self):
        with Session(self.site) as session:
            for name, reason in (("alice", "wrong-password"), ("nobody-here", "unknown-user"),
                                 ("../x", "bad-name")):
                session.login(name, "wrong")
                self.site.wait_for_event("login-failed", reason=reason)
        for line in self.site.log_lines("login-failed"):
            self.assertEqual(fields(line)["from"], "127.0.0.1")

    def test_a_password_that_is_typed_as_a_name_is_not_logged(self):
        secret = "correct-horse-battery"
        for _ in range(2):
            with Session(self.site) as session:
                session.login(secret, "x")
        lines = self.site.log_lines("login-failed")
        self.assertEqual(len({fields(line)["user-digest"] for line in lines}), 1)
        self.assertRegex(fields(lines[0])["user-digest"], r"\A[0-9a-f]{16}\Z")
        self.assertNotIn(secret, self.site.log.read_text())
        with Session(self.site) as session:
            session.login("alice", secret)
        self.site.wait_for_event("login-failed", reason="wrong-password", user="alice")
        self.site.configure(log_unknown_names="yes")
        with Session(self.site) as session:
            session.login(secret, "x")
        self.site.wait_for_event("login-failed", reason="unknown-user", user=secret)

    def test_a_password_without_protection_is_logged_with_the_user(self):
        self.site.configure(proxy="required", proxy_networks="127.0.0.1")
        response = base64.b64encode(b"\0mallory\0secret").decode()
        with Talk(self.site) as session:
            for command in ("USER alice ", "AUTH PLAIN " + response, "AUTH PLAIN", "USER alice"):
                self.assertEqual(session.command(command), b"-ERR passwords are not accepted on an "
                                                           b"unprotected connection\r\n")
            self.assert_ok(session.command("QUIT"))
        lines = [fields(line) for line in self.site.log_lines("login-failed")]
        self.assertEqual([line["reason"] for line in lines], ["unprotected"] * 3)
        self.assertEqual(lines[0]["problem"], '"no TLS, as far as this server knows; behind a TLS '
                                              'wrapper set tls = wrapped"')
        self.assertEqual((lines[0]["user"], lines[2]["user"]), ("alice", ""))
        self.assertIn("user-digest", lines[1])
        self.assertEqual(lines[0]["from"], CLIENT)

    def test_blanks_behind_a_name_are_cut(self):
        for name in ("alice ", "alice \t"):
            with Session(self.site) as session:
                self.assert_ok(session.login(name))
                self.assert_ok(session.command("QUIT"))

    def test_hostile_names_cannot_forge_a_line(self):
        self.site.configure(log_unknown_names="yes")
        names = [b"x event=login user=root", b"x\tevent=login", b'"quoted"', b"\\x0a", b"\x1b[2J",
                 b"\xff\xfe", "Ünïcode".encode(), b"x" * 300, b"=", b"a=b", b"%n%s", b"\x7f"]
        for name in names:
            with self.subTest(name), Session(self.site) as session:
                session.command(b"USER " + name)
                self.assert_err(session.command(b"PASS wrong"))
        lines = self.site.log.read_bytes().decode("ascii").splitlines()
        for line in lines:
            self.assertRegex(line, LINE)
        self.assertEqual(len([line for line in lines if " event=login-failed " in line]), len(names))
        self.assertEqual([line for line in lines if " event=login " in line], [])

    def test_no_password_is_ever_logged(self):
        secret = "correct-horse-battery"
        token = base64.b64encode(b"\0alice\0" + secret.encode()).decode()
        with Session(self.site) as session:
            session.login(password=secret)
            session.command("AUTH PLAIN " + token)
            session.command(f"USER alice {secret}")
            session.command(f"PASS {secret}")
            session.command(f"PASS {secret}")
        text = self.site.log.read_text()
        self.assertNotIn(token, text)
        self.assertNotIn(f"password={secret}", text)
        self.assertNotIn(secret, text)

    def test_a_local_peers_launcher_may_name_the_client(self):
        for name, value, logged in (
                ("TCPREMOTEIP", "192.0.2.7", "192.0.2.7"), ("REMOTE_ADDR", "2001:db8::7",
                                                            "2001:db8::7"),
                ("REMOTE_HOST", "198.51.100.7", "198.51.100.7"),
                ("REMOTE_HOST", "evil.example.org", "127.0.0.1"),
                ("TCPREMOTEIP", "1.2.3.4 user=root", "127.0.0.1"),
                ("TCPREMOTEIP", "1.2.3.4\nfake", "127.0.0.1"), ("TCPREMOTEIP", "", "127.0.0.1"),
                ("TCPREMOTEIP", "x" * 5000, "127.0.0.1")):
            with self.subTest(name=name, value=value[:40]):
                with Session(self.site, env={name: value}) as session:
                    session.command("QUIT")
                    session.close()
                    session.exit_status()
                self.assertEqual(fields(self.site.log_lines("connect")[-1])["from"], logged)
        for line in self.site.log_lines():
            self.assertRegex(line, LINE)

    def test_standard_error_takes_the_log_when_it_is_not_the_connection(self):
        with Session(self.site, "--log", "stderr") as session:
            session.command("QUIT")
            session.close()
            session.exit_status()
            self.assertIn("event=connect", session.stderr.read_text())

    def test_a_log_that_is_full_or_gone_stops_no_session(self):
        with Session(self.site, "--log", "/dev/full") as session:
            self.assert_ok(session.login())
            self.assert_ok(session.command("QUIT"))

    def test_a_line_that_a_crash_has_torn_is_ended(self):
        self.site.log.write_text("2026-01-01T00:00:00Z sodapopd[1]: event=lo")
        with Session(self.site) as session:
            self.assert_ok(session.command("QUIT"))
            session.close()
            session.exit_status()
        self.assertIn("event=lo\n", self.site.log.read_text())
        self.assertRegex(self.site.log_lines()[1], LINE)

    @needs_program("fail2ban-regex")
    def test_the_fail2ban_filter_finds_the_guessers_address(self):
        for clear in ("no", "yes"):
            self.site.configure(log_unknown_names=clear)
            with Session(self.site, env={"TCPREMOTEIP": "192.0.2.7"}) as session:
                session.command(b"USER x from=203.0.113.9")
                session.command("PASS wrong")
                session.login(password="wrong")
                session.command("QUIT")
                session.close()
                session.exit_status()
        # A mail program without TLS is no guesser.
        with open(self.site.log, "a", encoding="ascii") as log:
            log.write(re.sub("reason=[^ ]+", "reason=unprotected", self.site.log_lines(
                "login-failed")[0]).replace("192.0.2.7", "192.0.2.8") + "\n")
        self.assertEqual(self.addresses_found("sodapop"), ["192.0.2.7"] * 4)
        self.assertEqual(self.addresses_found("sodapop[mode=scan]"), [])

    @needs_program("fail2ban-regex")
    def test_the_fail2ban_filter_finds_the_scanners_address(self):
        for source, lines in (("192.0.2.8", 10), ("192.0.2.9", 9)):
            with Session(self.site, env={"TCPREMOTEIP": source}) as session:
                for _ in range(lines):
                    session.command("GET / HTTP/1.1")
                session.close()
                session.exit_status()
        with Session(self.site, env={"TCPREMOTEIP": "192.0.2.10"}) as session:
            session.send(b"\x16\x03\x01")
            session.exit_status()
        self.assertEqual(self.addresses_found("sodapop[mode=scan]"), ["192.0.2.8", "192.0.2.10"])
        self.assertEqual(self.addresses_found("sodapop"), [])

    @needs_program("fail2ban-client")
    def test_fail2ban_believes_the_units_of_contrib_alone(self):
        dump = self.run_fail2ban("fail2ban-client", "-d").splitlines()
        commands = [ast.literal_eval(line) for line in dump if line.startswith("[")]
        for jail in ("sodapop", "sodapop-scan"):
            self.assertIn(["start", jail], commands)
            matches = [command[3:] for command in commands
                       if command[:3] == ["set", jail, "addjournalmatch"]]

            def is_believed(**entry):
                return any(all(entry.get(key) == value for key, _, value in
                               (word.partition("=") for word in words))
                           for words in matches)
            for place in entries_of_units():
                self.assertTrue(is_believed(SYSLOG_IDENTIFIER="sodapopd", **place), place)
                self.assertFalse(is_believed(SYSLOG_IDENTIFIER="checkpassword", **place), place)
            for unit, slice_name in (("session-2.scope", "user-1000.slice"),
                                     ("user@1000.service", "user-1000.slice"),
                                     ("cron.service", "system.slice")):
                # logger -t sodapopd
                self.assertFalse(is_believed(SYSLOG_IDENTIFIER="sodapopd", _SYSTEMD_UNIT=unit,
                                             _SYSTEMD_SLICE=slice_name), unit)

    def addresses_found(self, filter_name):
        return self.run_fail2ban("fail2ban-regex", "-o", "ip", self.site.log, filter_name).split()

    def run_fail2ban(self, name, *arguments):
        """The output of a program of fail2ban with Debian's configuration and contrib's files."""
        program = pathlib.Path(harness.find_program(name))
        installed = program.parents[2]  # / or where it was unpacked
        folder = self.site.root / "fail2ban"
        if not folder.exists():
            shutil.copytree(installed / "etc/fail2ban", folder)
            for part in ("filter.d", "jail.d"):
                shutil.copy(harness.SOURCE / "contrib/fail2ban" / part / "sodapop.conf",
                            folder / part)
        done = subprocess.run(
            [program, "-c", folder, *arguments], check=True, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(installed / "usr/lib/python3/dist-packages")})
        return done.stdout


def entries_of_units():
    """The fields by which the journal tells contrib's units, as systemd sets them."""
    for path in sorted((harness.SOURCE / "contrib/systemd").glob("*.service.in")):
        name = path.name.removesuffix(".service.in")
        if name.endswith("@"):
            escaped = name.rstrip("@").replace("-", "\\x2d")  # systemd.unit(5)
            yield {"_SYSTEMD_UNIT": f"{name}7-1-127.0.0.1:110.service",
                   "_SYSTEMD_SLICE": f"system-{escaped}.slice"}
        else:
            yield {"_SYSTEMD_UNIT": f"{name}.service", "_SYSTEMD_SLICE": "system.slice"}


class Syslog(SiteTest):
    @unittest.skipUnless(harness.IS_ROOT and not os.path.exists("/dev/log"),
                         "needs root, and a host where nothing listens at /dev/log")
    def test_syslog_gets_datagrams_of_facility_mail(self):
        self.site.add_user("alice")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
            daemon.bind("/dev/log")
            try:
                daemon.settimeout(harness.PATIENCE)
                with Session(self.site, "--log", "syslog") as session:
                    session.command("QUIT")
                    session.close()
                    ours = b"sodapopd[%d]" % session.process.pid
                    while ours not in (first := daemon.recv(4096)):
                        pass  # another test's server writes there, too
                    self.assertRegex(first, rb"^<2[0-3]>sodapopd\[\d+\]: event=connect .*[^\n]$")
            finally:
                os.unlink("/dev/log")

    @unittest.skipUnless(harness.IS_ROOT and not os.path.exists("/dev/log"),
                         "needs root, and a host where nothing listens at /dev/log")
    def test_a_daemon_that_was_restarted_gets_the_lines_until_the_login(self):
        self.site.add_user("alice")
        daemon = self.bind()
        try:
            with Session(self.site, "--log", "syslog") as session:
                self.assert_err(session.login(password="wrong"), "AUTH")
                self.wait_for(daemon, session, b"event=login-failed ")
                daemon = self.bind(daemon)
                self.assert_err(session.login(password="wrong"), "AUTH")
                self.wait_for(daemon, session, b"event=login-failed ")
                self.assert_ok(session.login())
                self.wait_for(daemon, session, b"event=login ")
                daemon = self.bind(daemon)
                self.assert_ok(session.command("STAT"))
                self.assert_ok(session.command("QUIT"))
                self.assertEqual(session.exit_status(), 0)  # the keeper cannot connect again
        finally:
            daemon.close()
            os.unlink("/dev/log")

    @unittest.skipUnless(harness.IS_ROOT and not os.path.exists("/dev/log"),
                         "needs root, and a host where nothing listens at /dev/log")
    def test_a_daemon_that_hangs_is_waited_for_once(self):
        self.site.add_user("alice")
        daemon = self.bind()
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
                other.connect("/dev/log")
                other.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        other.send(b"x")
            begin = time.monotonic()
            with Session(self.site, "--log", "syslog") as session:
                for _ in range(2):
                    self.assert_err(session.login(password="wrong"), "AUTH")
                self.assert_ok(session.login())
                self.assert_ok(session.command("QUIT"))
                session.close()
                session.exit_status()
            self.assertLess(time.monotonic() - begin, 3)  # for six lines
            daemon.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    daemon.recv(4096)
            daemon.settimeout(harness.PATIENCE)
            with Session(self.site, "--log", "syslog") as session:
                self.assert_ok(session.command("QUIT"))
                session.close()
                self.wait_for(daemon, session, b"event=log-lost lines=")
                self.wait_for(daemon, session, b"event=connect ")
        finally:
            daemon.close()
            os.unlink("/dev/log")

    @staticmethod
    def bind(old=None):
        """A syslog daemon, after the end of the one before."""
        if old:
            old.close()
            os.unlink("/dev/log")
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        daemon.settimeout(harness.PATIENCE)
        daemon.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        return daemon

    @staticmethod
    def wait_for(daemon, session, event):
        ours = b"sodapopd[%d]" % session.process.pid
        while ours not in (line := daemon.recv(4096)) or event not in line:
            pass  # another test's server writes there, too


if __name__ == "__main__":
    harness.main()
