# SPDX-License-Identifier: ISC
"""How sodapopd starts in a process that a launcher has made: descriptors, environment, signals,
standard error, sessions without login."""

import contextlib
import errno
import os
import pwd
import resource
import signal
import socket
import subprocess
import sys
import unittest

import harness
from faults import failing, needs_faults
from harness import IS_ROOT, PATIENCE, SODAPOPD, Conversation, Session, SiteTest, needs_root
from launchers import free_port
from stuck_log_test import fill


class Startup(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"Subject: one\n\ntext\n"])

    def whole_session(self, session):
        self.assert_ok(session.greeting)
        self.assert_ok(session.login())
        session.fetch("RETR 1")
        self.assert_ok(session.command("QUIT"))
        self.assertEqual(session.rest(), b"")
        self.assertEqual(session.exit_status(), 0)

    def test_the_greeting_tells_neither_version_nor_process(self):
        with Session(self.site) as session:
            self.assertEqual(session.greeting[:3], b"+OK")
            self.assertNotIn(str(session.process.pid).encode(), session.greeting)
            self.assertNotRegex(session.greeting, rb"\d\.|\d{2,}")

    def test_every_orderly_end_has_exit_status_0(self):
        for end in ("QUIT\r\n", "", f"USER alice\r\nPASS {harness.PASSWORD}\r\nQUIT\r\n",
                    f"USER alice\r\nPASS {harness.PASSWORD}\r\n"):
            with self.subTest(end), Session(self.site) as session:
                session.send(end)
                session.close()
                self.assertEqual(session.exit_status(), 0)
                self.assertEqual(session.stderr.read_bytes(), b"")

    def test_nothing_but_POP3_reaches_a_client_that_is_standard_error(self):
        cases = [([], "refused login"), (["--idle-limit", "x"], "bad option"),
                 (["--log", "/nowhere/log"], "log"), (["--log", "stderr"], "log is the connection"),
                 (["--users", "/nowhere/users"], "no users"), (["--help-me"], "unknown option")]
        for options, name in cases:
            with self.subTest(name), Session(self.site, *options, as_inetd=True) as session:
                session.send("USER alice\r\nPASS wrong\r\nUSER alice\r\nQUIT\r\n")
                for line in (session.greeting + session.rest()).splitlines(keepends=True):
                    self.assertRegex(line, rb"^(\+OK|-ERR)[ -~]*\r\n$")

    def test_a_session_works_with_standard_error_on_the_connection(self):
        with Session(self.site, "--log", "stderr", as_inetd=True) as session:
            self.whole_session(session)

    def start(self, descriptors, **popen):
        """A session with just these of its first three descriptors open, as some launchers do."""
        client, server = harness.connected_pair()
        self.addCleanup(client.close)

        def close_others():
            for fd in {0, 1, 2} - set(descriptors):
                os.close(fd)
        with server:
            process = subprocess.Popen(self.site.command(), stdin=server, stdout=server,
                                       stderr=subprocess.DEVNULL, preexec_fn=close_others, **popen)
        return process, Conversation(client)

    def spoilt(self, path, spoil):
        """The path while it is spoilt."""
        before = path.stat()
        spoil(path)
        yield path
        os.chown(path, before.st_uid, before.st_gid)
        path.chmod(before.st_mode & 0o7777)

    def test_where_other_accounts_can_change_its_files_there_is_no_service(self):
        others = [(lambda path: path.chmod(0o775), "is writable by its group or by everybody"),
                  (lambda path: path.chmod(0o757), "is writable by its group or by everybody")]
        if IS_ROOT:
            others.append((lambda path: os.chown(path, 5999, 5999),
                           "is owned by neither root nor the account that uses it"))
        self.site.root.joinpath("etc").mkdir(0o755)
        self.site.config = self.site.root / "etc/sodapop.conf"
        self.site.configure()
        for name, what in (("run", "runtime-directory: "), ("state", "state-directory: "),
                           ("etc", "configuration: "), ("etc/sodapop.conf", "configuration: "),
                           ("", "configuration: ")):
            for spoil, problem in others:
                for path in self.spoilt(self.site.root / name, spoil):
                    with self.subTest(name=name, problem=problem):
                        self.assert_misconfigured(f"{what}{path} {problem}")
        with Session(self.site) as session:
            self.whole_session(session)

    def test_closed_descriptors_are_filled(self):
        process, talk = self.start({0, 1})
        self.assert_ok(talk.line())
        self.assert_ok(talk.login())
        self.assert_ok(talk.command("QUIT"))
        self.assertEqual(talk.rest(), b"")
        talk.close()
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_without_a_connection_it_ends_in_order(self):
        for descriptors in ({2}, set(), {0}, {1}):
            with self.subTest(descriptors):
                process, talk = self.start(descriptors)
                talk.close()
                self.assertEqual(process.wait(PATIENCE), 0)

    def test_leaked_descriptors_are_closed(self):
        leaks = [os.open(self.site.users_file, os.O_RDONLY) for _ in range(20)]
        try:
            with Session(self.site, pass_fds=leaks) as session:
                self.assert_ok(session.login())
                if IS_ROOT:
                    for pid in (session.front(), session.process.pid):
                        targets = [os.readlink(f"/proc/{pid}/fd/{fd}")
                                   for fd in os.listdir(f"/proc/{pid}/fd")]
                        self.assertNotIn(str(self.site.users_file), targets)
        finally:
            for fd in leaks:
                os.close(fd)

    def test_a_poisoned_environment_changes_nothing(self):
        poison = {"TZ": "Asia/Tokyo", "LANG": "xx_YY", "LC_ALL": "tr_TR.UTF-8", "LOCPATH": "/poison",
                  "HOME": "/poison", "IFS": "x", "MALLOC_CHECK_": "3", "X" * 1000: "y" * 100_000}
        with Session(self.site, env=poison) as session:
            self.whole_session(session)

    def test_signals_that_a_launcher_ignored_or_blocked_do_not_matter(self):
        def spoil():
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGALRM):
                signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        with Session(self.site, preexec_fn=spoil, restore_signals=False) as session:
            self.whole_session(session)

    def test_small_limits_end_in_a_refusal_and_no_wrong_login(self):
        limits = [("RLIMIT_NOFILE", number) for number in range(3, 17)]
        for kind, value in (*limits, ("RLIMIT_NPROC", 0), ("RLIMIT_STACK", 1 << 20)):
            def limit(kind=kind, value=value):
                resource.setrlimit(getattr(resource, kind), (value, value))
            with self.subTest(kind, value=value), Session(self.site, preexec_fn=limit) as session:
                answer = session.greeting
                if answer.startswith(b"+OK"):
                    answer = session.login()
                self.assertRegex(answer, rb"^(\+OK|-ERR \[SYS/TEMP\]) .*\r\n$")

    def test_a_limit_of_memory_below_our_own_is_kept(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (128 << 20, 128 << 20))
        with Session(self.site, preexec_fn=limit) as session:
            self.whole_session(session)

    @needs_root
    @needs_faults
    def test_an_identity_that_cannot_be_taken_now_may_be_taken_later(self):
        front = pwd.getpwnam(harness.front_account()).pw_uid
        user = os.stat(self.site.maildir()).st_uid
        for error, code in ((errno.EAGAIN, "SYS/TEMP"), (errno.ENOMEM, "SYS/TEMP"),
                            (errno.EPERM, "SYS/PERM")):
            with self.subTest(error=error):
                fails = failing("setresuid", 0, front, front, error)
                with Session(self.site, preexec_fn=fails) as session:
                    self.assert_err(session.greeting, code)
                fails = failing("setresuid", 0, user, user, error)
                with Session(self.site, preexec_fn=fails) as session:
                    self.assert_err(session.login(), code)
                    self.assertEqual(session.rest(), b"")
                    self.assertEqual(session.exit_status(), 0)
        self.assertEqual(len(self.site.log_lines("unavailable")), 3)

    def test_a_pipe_or_a_unix_socket_is_a_connection_too(self):
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(self.site.command(), stdin=theirs, stdout=theirs)
        with Conversation(ours) as talk:
            self.assert_ok(talk.line())
            self.assert_ok(talk.login())
            self.assert_ok(talk.command("QUIT"))
            self.assertEqual(talk.rest(), b"")
        self.assertEqual(process.wait(PATIENCE), 0)
        process = subprocess.run(
            self.site.command(), input=f"USER alice\r\nPASS {harness.PASSWORD}\r\nQUIT\r\n".encode(),
            stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
        self.assertEqual(process.stdout.count(b"+OK"), 4)


class FailedStarts(SiteTest):
    """A server that cannot start says so once, in whatever way it was started."""

    # options, exit status, and the words that tell the cause
    causes = {"log": (("--log", "/nonexistent/log"), 71, b"cannot open the log /nonexistent/log"),
              "option": (("--idle-limit", "x"), 78, b"--idle-limit: "),
              "unknown option": (("--colour", "blue"), 78, b"unknown option"),
              "no configuration": (("--config", "/nonexistent/conf"), 78, b"/nonexistent/conf"),
              "directory": (("--runtime-directory", "/"), 78, b"cannot use")}
    forms = ("session", "listen", "listen, one pipe for both")
    errors = ("file", "pipe", "full pipe", "broken pipe", "closed", "the client")

    def setUp(self):
        super().setUp()
        bad = self.site.root / "bad"
        bad.mkdir()
        bad.chmod(0o777)
        self.causes = self.causes | {"directory": (
            ("--runtime-directory", str(bad)), 78, b"runtime-directory: ")}

    def pipe(self, state):
        """The two ends of a pipe in that state."""
        reader, writer = os.pipe()
        if state == "full pipe":
            fill(writer)
        if state == "broken pipe":
            os.close(reader)
            reader = os.open("/dev/null", os.O_RDONLY)
        return reader, writer

    def start(self, form, errors, options):
        """The process, the client's end or None, and the end where standard error can be read."""
        reader, writer = self.pipe(errors)
        client, server = harness.connected_pair()
        if form != "session":
            options += ("--listen", f"127.0.0.1:{free_port()}")
        output = {"session": server, "listen": subprocess.DEVNULL}.get(form, writer)
        chosen = {"closed": subprocess.DEVNULL, "the client": server}.get(errors, writer)
        if errors == "file":
            chosen = open(self.site.root / f"stderr.{reader}", "w+b")
            os.close(reader)
            reader = os.dup(chosen.fileno())
        process = subprocess.Popen(
            self.site.command(*options), stdin=server if form == "session" else subprocess.DEVNULL,
            stdout=output, stderr=chosen,
            preexec_fn=(lambda: os.close(2)) if errors == "closed" else None)
        os.close(writer)
        server.close()
        if errors == "file":
            chosen.close()
        return process, client, reader

    def assert_told(self, form, errors, cause, started):
        options, status, words = self.causes[cause]
        process, client, reader = started
        self.assertEqual(process.wait(PATIENCE), status)
        client.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionResetError), client:
            got = b"".join(iter(lambda: client.recv(4096), b""))
            self.assertRegex(got, rb"^-ERR \[[A-Z/]+\] [ -~]+\r\n$" if form == "session" else rb"^$")
        if errors == "file":
            os.lseek(reader, 0, os.SEEK_SET)
        os.set_blocking(reader, False)
        lines = [line for line in os.read(reader, 1 << 20).split(b"\n") if line]
        os.close(reader)
        if errors in ("file", "pipe"):
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(words, lines[0])
        else:
            self.assertEqual(lines, [])

    def test_each_is_told_once_wherever_standard_error_leads(self):
        cases = [(form, errors, cause) for form in self.forms for errors in self.errors
                 for cause in self.causes if form == "session" or errors != "the client"]
        for some in (cases[at:at + 40] for at in range(0, len(cases), 40)):
            started = [self.start(form, errors, self.causes[cause][0]) for form, errors, cause in some]
            for case, one in zip(some, started):
                with self.subTest(case):
                    self.assert_told(*case, one)

    def test_the_log_has_it_too(self):
        bad = self.causes["directory"]
        with Session(self.site, *bad[0]) as session:
            self.assertEqual(session.greeting + session.rest(), harness.MISCONFIGURED)
            self.assertEqual(session.exit_status(), bad[1])
        self.assertEqual(len(self.site.log_lines("configuration")), 1)
        self.assertRegex(session.stderr.read_bytes(), rb"^sodapopd: runtime-directory: [^\n]+\n$")

    def test_a_line_of_the_log_never_goes_to_the_client(self):
        """Standard output and standard error are the client, standard input is not."""
        client, server = harness.connected_pair()
        with server:
            process = subprocess.run(
                self.site.command("--log", "stderr"), stdout=server, stderr=server, check=False,
                input=b"USER alice\r\nPASS wrong\r\nQUIT\r\n", timeout=PATIENCE)
        self.assertEqual(process.returncode, 0)
        with Conversation(client) as talk:
            for line in talk.rest().splitlines(keepends=True):
                self.assertRegex(line, rb"^(\+OK|-ERR)[ -~]*\r\n$")


@needs_root
@unittest.skipUnless(harness.find_program("ip") and harness.find_program("unshare"),
                     "needs the programs ip and unshare")
class RemoteClients(SiteTest):
    """A client whose address is not local, in a network namespace without other hosts."""

    def talk(self, commands, *options):
        """All octets that such a client receives when it sends `commands`."""
        self.site.add_user("alice", [b"one\n"])
        script = ("ip link set lo up && ip addr add 192.0.2.1/32 dev lo && "
                  "ip addr add 192.0.2.9/32 dev lo && exec "
                  f'"{sys.executable}" "$0" "$@"')
        done = subprocess.run(
            ["unshare", "--net", "sh", "-c", script, __file__, "--remote-client",
             *self.site.command(*options)],
            input=commands, stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
        return done.stdout

    def test_without_TLS_there_is_no_login(self):
        got = self.talk(f"CAPA\r\nUSER alice\r\nPASS {harness.PASSWORD}\r\nAUTH PLAIN\r\nAUTH\r\n"
                        "QUIT\r\n".encode())
        capabilities = got[:got.index(b"\r\n.\r\n")]
        self.assertNotIn(b"USER", capabilities)
        self.assertIn(b"\r\nSASL SCRAM-SHA-256\r\n", capabilities)
        self.assertEqual(got.count(b"-ERR"), 3, got)
        self.assertNotIn(b"PLAIN", got)
        self.assertIn("from=192.0.2.1", self.site.log_lines("connect")[0])

    def test_behind_a_TLS_wrapper_there_is(self):
        got = self.talk(f"CAPA\r\nUSER alice\r\nPASS {harness.PASSWORD}\r\nQUIT\r\n".encode(),
                        "--tls", "wrapped")
        self.assertIn(b"\r\nUSER\r\n", got)
        self.assertIn(b"SASL PLAIN", got)
        self.assertNotIn(b"-ERR", got)


def be_remote_client(command):
    """Runs in RemoteClients' network: sends standard input to a server and prints its replies."""
    with socket.create_server(("192.0.2.9", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), source_address=("192.0.2.1", 0))
        server = listener.accept()[0]
    with server:
        process = subprocess.Popen(command, stdin=server, stdout=server)
    client.sendall(sys.stdin.buffer.read())
    while octets := client.recv(65536):
        sys.stdout.buffer.write(octets)
    sys.stdout.flush()
    process.wait(PATIENCE)


class Preauthenticated(SiteTest):
    """--preauth, as over ssh: for an ordinary user with an account."""

    settings = {"owner": pwd.getpwnam("nobody").pw_uid}

    def setUp(self):
        super().setUp()
        self.account = pwd.getpwuid(self.site.owner if IS_ROOT else os.geteuid())
        self.site.add_user(self.account.pw_name, [b"Subject: one\n\ntext\n"])

    def run_preauth(self, *options, uid, commands=b"RETR 1\r\nDELE 1\r\nQUIT\r\n"):
        who = {"user": uid, "group": uid, "extra_groups": []} if IS_ROOT else {}
        return subprocess.run(self.site.command(*options), input=commands, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE, check=False, **who)

    def test_it_serves_the_given_maildir_at_once(self):
        done = self.run_preauth("--preauth", str(self.site.maildir(self.account.pw_name)),
                                uid=self.account.pw_uid)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"\r\nSubject: one\r\n\r\ntext\r\n.\r\n", done.stdout)
        self.assertEqual(self.site.messages(self.account.pw_name), [])

    def test_it_serves_the_users_own_maildir(self):
        done = self.run_preauth("--preauth", uid=self.account.pw_uid)  # the template's Maildir
        self.assertIn(b"Subject: one", done.stdout)

    def test_a_missing_maildir_is_refused_with_one_reply(self):
        done = self.run_preauth("--preauth", str(self.site.root / "mail"), uid=self.account.pw_uid)
        self.assertTrue(done.stdout.startswith(b"-ERR [SYS/PERM]"), done.stdout)
        self.assertEqual(done.stdout.count(b"\r\n"), 1)

    @needs_root
    def test_root_is_refused(self):
        done = subprocess.run(self.site.command("--preauth"), input=b"", stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertTrue(done.stdout.startswith(b"-ERR [SYS/TEMP]"), done.stdout)


class Information(unittest.TestCase):
    def test_help_and_version_go_to_standard_output(self):
        for option, word in (("--help", b"--idle-limit"), ("--version", b"sodapop "),
                             ("--print-cage", b"front ")):
            done = subprocess.run([SODAPOPD, option], stdout=subprocess.PIPE, check=True,
                                  stdin=subprocess.DEVNULL)
            self.assertIn(word, done.stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--remote-client"]:
        be_remote_client(sys.argv[2:])
    else:
        harness.main()
