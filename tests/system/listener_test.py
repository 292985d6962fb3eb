# SPDX-License-Identifier: ISC
"""sodapopd as its own super-server: sockets, processes, limits, end, reload and notifications."""

import contextlib
import errno
import os
import pathlib
import re
import resource
import signal
import socket
import struct
import subprocess
import time
import unittest

import harness
import launchers
import faults
from canaries import canary_of, needs_canaries
from harness import (IS_ROOT, PASSWORD, PATIENCE, SODAPOPD, Conversation, Session, SiteTest,
                     children, cpu_seconds, find_program, needs_program, needs_root, status_of,
                     wait_for)
from launchers import free_port, is_listening
from mails import MAILS
from processes_test import descriptors

HELD_OPEN = 300
IN_A_ROW = 1000
REFUSAL = b"-ERR [SYS/TEMP] too many connections, try again later\r\n"


class ServiceManager:
    """The other end of sd_notify(3): keeps every datagram."""

    def __init__(self, name):
        self.name = str(name)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.name.replace("@", "\0", 1))
        self.socket.setblocking(False)
        self.texts = []

    def heard(self, start):
        """Waits for the first datagram that begins with `start`, and gives it."""
        def search():
            with contextlib.suppress(BlockingIOError):
                while True:
                    self.texts.append(self.socket.recv(4096).decode())
            return next((text for text in self.texts if text.startswith(start)), None)
        return wait_for(search)


class ListenerTest(SiteTest):
    """A site with one user, and servers that end with the test. A login waits for the maildrop, as
    the client's session before, which was closed without QUIT, may not have ended yet."""

    settings = {"lock_wait": PATIENCE}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", MAILS.values())

    def start(self, *options, listen=("127.0.0.1",), ports=None, environment=None, **popen):
        """A sodapopd that listens at these addresses; its ports are self.ports."""
        self.ports = ports or [free_port() for _ in listen]
        for address, port in zip(listen, self.ports):
            options += ("--listen", f"{address}:{port}")
        self.errors = self.site.root / f"stderr.{time.monotonic_ns()}"
        with open(self.errors, "wb") as errors:
            self.server = subprocess.Popen(
                self.site.command(*options), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                env=environment or {}, start_new_session=True, **popen)
        self.addCleanup(self.end, self.server)
        self.wait_until_it_listens()

    def start_with_passed(self, passed, count, **popen):
        """Starts sodapopd with `passed` as descriptors from 3 on; LISTEN_PID is its process id."""
        script = f'LISTEN_PID=$$ LISTEN_FDS={count} exec "$@"'
        numbers = [sock.fileno() for sock in passed]
        moves = " ".join(f"{3 + i}<&{number}" for i, number in enumerate(numbers))
        closes = " ".join(f"{number}<&-" for number in numbers if number >= 3 + len(numbers))
        command = ["bash", "-c", f"exec {moves} {closes}; {script}", "sh", *self.site.command()]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, pass_fds=numbers,
                                start_new_session=True, **popen)

    def wait_until_it_listens(self):
        def listens():
            if self.server.poll() is not None:
                raise AssertionError(f"the server ended: {self.errors.read_text()}"
                                     f"{self.site.log.read_text()}")
            return self.site.log_lines("listening")
        wait_for(listens)

    @staticmethod
    def end(server):
        if server.poll() is None:
            for _ in range(2):  # after the second it does not wait for sessions
                server.terminate()
                time.sleep(0.05)
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def connect(self, host="127.0.0.1", port=None):
        connection = socket.create_connection((host, port or self.ports[0]), PATIENCE)
        talk = Conversation(connection)
        self.addCleanup(talk.close)
        talk.greeting = talk.line()
        return talk

    def login(self, name="alice"):
        talk = self.connect()
        self.assert_ok(talk.greeting)
        self.assert_ok(talk.login(name))
        return talk

    def wait_for_sessions(self, count):
        wait_for(lambda: len(children(self.server.pid)) == count)

    def wait_for_told(self, count, *events):
        """Waits until the log tells of so many events of these kinds, suppressed ones included."""
        wait_for(lambda: sum(1 + int(line.split("suppressed=")[1]) for event in events
                             for line in self.site.log_lines(event)) == count)

    def stop(self, number=signal.SIGTERM):
        self.server.send_signal(number)
        return self.server.wait(PATIENCE)


class Launches(ListenerTest):
    def test_a_session_as_under_any_super_server(self):
        self.start()
        talk = self.login()
        for number, stored in enumerate(MAILS.values(), start=1):
            self.assertEqual(talk.fetch(f"RETR {number}"), harness.wire_form(stored))
        self.assert_ok(talk.command("DELE 1"))
        self.assert_ok(talk.command("QUIT"))
        talk.close()
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)
        self.wait_for_sessions(0)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.errors.read_bytes(), b"")

    @needs_canaries
    def test_no_two_processes_have_the_same_stack_canary(self):
        self.start()
        sessions = [self.connect() for _ in range(4)]
        self.assert_ok(sessions[0].login())
        monitors = children(self.server.pid)
        fronts = [front for monitor in monitors for front in children(monitor)]
        processes = [self.server.pid, *monitors, *fronts]
        self.assertEqual(len(processes), 9)
        self.assertEqual(len({canary_of(pid) for pid in processes}), 9)

    def test_several_addresses_are_served(self):
        hosts = ["127.0.0.1", "127.0.0.2"]
        self.start(listen=hosts)
        for host, port in zip(hosts, self.ports):
            self.assert_ok(self.connect(host, port).greeting)
            self.assertTrue([line for line in self.site.log_lines("listening")
                             if line.endswith(f"address={host}:{port}")])

    @unittest.skipUnless(socket.has_ipv6, "needs IPv6")
    def test_an_IPv6_address_stands_in_brackets(self):
        port = free_port()
        try:
            self.start(listen=["[::1]", "127.0.0.1"], ports=[port, port])
        except AssertionError as error:
            if "cannot assign" in str(error).lower():
                self.skipTest("needs IPv6")
            raise
        talk = self.connect("::1", port)
        self.assert_ok(talk.login())
        self.site.wait_for_event("login", **{"from": "::1"})
        self.assert_ok(self.connect("127.0.0.1", port).greeting)

    def fail_with(self, *options, **popen):
        """The exit status of a server that does not start, and its last line of the log. Standard
        error gets the same in one line."""
        result = subprocess.run(self.site.command(*options), stdin=subprocess.DEVNULL, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **popen)
        self.assertRegex(result.stdout, rb"^sodapopd: [ -~]+\n$",
                         "a client that is not there was told something")
        return result.returncode, self.site.log_lines()[-1]

    def test_bad_addresses_are_named(self):
        for address in ("127.0.0.1", "localhost:110", "::1:110", "127.0.0.1:0", "127.0.0.1:x", ""):
            status, line = self.fail_with("--listen", address)
            self.assertEqual(status, 78)
            self.assertIn(f'event=configuration problem="--listen {address}: ', line)

    def test_an_address_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            status, line = self.fail_with("--listen", address)
        self.assertEqual(status, 71)
        self.assertIn(f'event=system problem="cannot listen at {address}: Address already', line)

    def test_without_login_there_is_nothing_to_listen_for(self):
        status, line = self.fail_with("--listen", f"127.0.0.1:{free_port()}", "--preauth")
        self.assertEqual(status, 78)
        self.assertIn("--preauth is for one connection", line)

    def test_what_is_no_listening_stream_socket_is_refused(self):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        unbound = socket.socket()
        self.addCleanup(datagrams.close)
        self.addCleanup(unbound.close)
        for one in (datagrams, unbound):
            # Out of the way of the descriptors that it becomes.
            with socket.fromfd(one.fileno(), one.family, one.type):
                server = self.start_with_passed([one], 1)
            out, _ = server.communicate(timeout=PATIENCE)
            self.assertEqual(server.returncode, 78)
            self.assertIn(b"descriptor 3 is not a listening stream socket", out)
            self.assertEqual(out.count(b"\n"), 1)
        server = self.start_with_passed([], 2)
        server.communicate(timeout=PATIENCE)
        self.assertEqual(server.returncode, 78)

    def test_passed_sockets_are_served_and_a_local_one_too(self):
        path = str(self.site.root / "socket")
        with socket.create_server(("127.0.0.1", 0)) as first, \
                socket.create_server(path, family=socket.AF_UNIX) as second:
            self.server = self.start_with_passed([first, second], 2)
            self.addCleanup(self.server.stdout.close)
            self.addCleanup(self.end, self.server)
            self.ports = [first.getsockname()[1]]
            self.login().close()
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
            with Conversation(connection) as talk:
                self.assert_ok(talk.line())
                self.assert_ok(talk.login())
            self.site.wait_for_event("login", **{"from": "local"})
            self.assertIn(f"address={path}", self.site.log.read_text())
            self.assertEqual(self.stop(), 0)

    @needs_program("systemd-socket-activate")
    def test_systemd_passes_a_listening_socket(self):
        self.ports = [free_port()]
        self.server = subprocess.Popen(
            [find_program("systemd-socket-activate"), "-l", f"127.0.0.1:{self.ports[0]}",
             *self.site.command()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(self.end, self.server)
        wait_for(lambda: is_listening(self.ports[0]))
        self.login().close()
        self.login()
        self.wait_for_sessions(1)
        listening = self.site.log_lines("listening")
        self.assertEqual(len(listening), 1, "one server for both sessions")

    @needs_program("inetd")
    def test_inetd_waits(self):
        inetd = launchers.Inetd(self.site)
        table = launchers.replaced(
            launchers.CONTRIB / "inetd" / "inetd-wait.conf.in",
            ("127.0.0.1:110 ", f"127.0.0.1:{inetd.port} "),
            (" root ", f" {launchers.own_account()} "), ("@sbindir@/sodapopd", str(SODAPOPD)))
        table = table.rstrip("\n") + f" --config {self.site.config} --idle-exit 1\n"
        inetd.start = lambda: inetd.run(find_program("inetd"), "-i", inetd.write("conf", table))
        with inetd:
            for _ in range(2):
                self.ports = [inetd.port]
                with self.login() as first, self.connect() as second:
                    self.assert_ok(first.command("QUIT"))
                    self.assert_ok(second.login())
                self.assertEqual(len(self.site.log_lines("listening")), 1)
                wait_for(lambda: self.site.log_lines("stopped"))
                self.site.log.write_text("")  # it has ended; inetd starts another


class Processes(ListenerTest):
    def setUp(self):
        super().setUp()
        self.start()

    def test_the_parent_can_do_little(self):
        status = status_of(self.server.pid)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        wanted = sum(1 << number for number in (5, 6, 7, 18)) if IS_ROOT else 0  # capability.h
        for capabilities in ("CapPrm", "CapEff", *(["CapBnd"] if IS_ROOT else [])):
            self.assertEqual(int(status[capabilities], 16), wanted, capabilities)
        for capabilities in ("CapInh", "CapAmb"):
            self.assertEqual(int(status[capabilities], 16), 0, capabilities)
        self.assertEqual(status["Threads"], "1")
        self.assertEqual(os.stat(f"/proc/{self.server.pid}/status").st_uid, 0)  # not dumpable

    @needs_root
    def test_the_parent_holds_sockets_signals_and_log(self):
        self.login()
        expected = ["/dev/null", "/dev/null", str(self.errors),
                    *sorted(["anon_inode:[signalfd]", "/memfd:sodapopd-progress (deleted)",
                             str(self.site.log), "socket"])]
        # The session may be there before its parent has closed the connection.
        self.assert_becomes(expected, lambda: standard_first(descriptors(self.server.pid)))

    @needs_root
    def test_a_sessions_processes_are_those_of_any_super_server(self):
        talk = self.login()
        keeper = children(self.server.pid)[0]
        front = children(keeper)[0]
        ours = [self.what_it_is(pid) for pid in (front, keeper)]
        talk.command("QUIT")
        talk.close()
        self.wait_for_sessions(0)
        with Session(self.site) as session:
            self.assert_ok(session.login())
            theirs = [self.what_it_is(pid) for pid in (session.front(), session.process.pid)]
        self.assertEqual(ours, theirs)

    def what_it_is(self, pid):
        """Identity, sandbox and descriptors of a process, from /proc. Left out are the number of
        filters, as the listener's is one of them, the bounding set, which is smaller here, and the
        place in the list of sessions."""
        status = status_of(pid)
        facts = {key: status[key] for key in (
            "Name", "Umask", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapAmb",
            "NoNewPrivs", "Seccomp", "SigBlk", "SigIgn", "SigCgt", "Threads")}
        held = descriptors(pid)
        facts["standard"] = [held.pop(number) for number in range(3)]
        facts["held"] = sorted(re.sub(r"(?<=/run/sessions/)\d{4}$", "any place", path)
                               for path in held.values())
        for link in ("root", "cwd"):
            facts[link] = os.readlink(f"/proc/{pid}/{link}")
        facts["limits"] = pathlib.Path(f"/proc/{pid}/limits").read_text()
        return facts

    def test_the_monitor_before_a_login_holds_no_listening_socket(self):
        self.connect()
        monitor, = children(self.server.pid)
        expected = ["/dev/null"] * 3 + sorted(["socket", "pipe", "pipe", str(self.site.log)])
        with contextlib.suppress(PermissionError):
            # The front may greet before the monitor has given up the connection.
            self.assert_becomes(expected, lambda: standard_first(descriptors(monitor)))

    def test_one_session_does_not_see_another_fail(self):
        first = self.login()
        before = children(self.server.pid)
        second = self.connect()
        monitor, = set(children(self.server.pid)) - set(before)
        os.kill(monitor, signal.SIGKILL)
        self.assertEqual(second.rest(), b"")
        line = self.site.wait_for_event("session-killed", process=monitor, signal=9)
        self.assertIn("suppressed=0", line)
        self.assert_ok(first.command("NOOP"))
        self.assert_ok(self.connect().greeting)

    def test_when_the_parent_is_killed_sessions_go_on(self):
        talk = self.login()
        self.server.kill()
        self.server.wait()
        self.assert_ok(talk.command("DELE 1"))
        self.assert_ok(talk.command("QUIT"))
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)
        self.assertFalse(is_listening(self.ports[0]), "the port must be free for the next")


class Limits(ListenerTest):
    def connect_many(self, count):
        return [self.connect() for _ in range(count)]

    def log_in_many(self, count):
        """Sessions of as many users: connections that never give way to others."""
        users = [f"user{number}" for number in range(count)]
        for user in users:
            if not self.site.maildir(user).exists():
                self.site.add_user(user)
        return [self.login(user) for user in users]

    def test_the_last_of_all_connections_is_served_the_next_refused(self):
        self.start("--max-connections", "3")
        held = self.log_in_many(3)
        over = self.connect()
        self.assertEqual(over.greeting, REFUSAL)
        self.assertEqual(over.rest(), b"")
        self.site.wait_for_event("refused", reason="max-connections", suppressed=0,
                                 **{"from": "127.0.0.1"})
        held[0].command("QUIT")
        held[0].close()
        self.wait_for_sessions(2)
        self.login()
        self.assertEqual(self.connect().greeting, REFUSAL)

    def test_sessions_that_end_at_once_make_room_for_as_many(self):
        self.start("--max-connections", "3")
        held = self.connect_many(3)
        self.server.send_signal(signal.SIGSTOP)  # so that one SIGCHLD stands for all
        for talk in held:
            talk.close()
        wait_for(lambda: all(status_of(pid)["State"].startswith("Z")
                             for pid in children(self.server.pid)))
        self.server.send_signal(signal.SIGCONT)
        for talk in self.connect_many(3):
            self.assert_ok(talk.greeting)

    def test_refusals_are_logged_once_a_second_with_their_number(self):
        self.start("--max-connections", "1")
        self.login()
        refused = 50
        begin = time.monotonic()
        for _ in range(refused):
            self.assertEqual(self.connect().greeting, REFUSAL)
        lasted = time.monotonic() - begin

        self.wait_for_told(refused, "refused")
        self.assertLessEqual(len(self.site.log_lines("refused")), lasted + 2)

    def test_this_host_has_no_limit_of_its_own(self):
        self.start("--max-connections-per-source", "1")
        for talk in self.connect_many(3):
            self.assert_ok(talk.greeting)

    def test_a_client_that_does_not_read_its_refusal_stops_nobody(self):
        self.start("--max-connections", "2")
        self.log_in_many(2)
        idle = [socket.create_connection(("127.0.0.1", self.ports[0])) for _ in range(20)]
        self.assertEqual(self.connect().greeting, REFUSAL)
        for connection in idle:
            connection.close()

    def test_connections_of_flooding_silent_and_vanishing_clients_stop_nobody(self):
        self.start()
        silent = socket.create_connection(("127.0.0.1", self.ports[0]))
        flood = socket.create_connection(("127.0.0.1", self.ports[0]))
        flood.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while True:
                flood.send(b"NOOP\r\n" * 10000)
        for _ in range(20):
            vanishing = socket.create_connection(("127.0.0.1", self.ports[0]))
            vanishing.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            vanishing.close()
        self.assert_ok(self.login().command("STAT"))
        silent.close()
        flood.close()

    def test_many_are_held_open_at_once(self):
        self.start("--max-connections", str(HELD_OPEN),
                   "--max-connections-before-login", str(HELD_OPEN))
        held = self.connect_many(HELD_OPEN)
        for talk in held:
            self.assert_ok(talk.greeting)
        self.assertEqual(len(children(self.server.pid)), HELD_OPEN)
        self.assert_ok(self.connect().greeting)
        self.assertEqual(held[0].rest(), b"")
        self.assertEqual(len(self.site.log_lines("gave-way")), 1)
        self.assert_ok(held[1].login())

    def test_many_short_sessions_leave_nothing_behind(self):
        self.start()
        descriptors_before = len(os.listdir(f"/proc/{self.server.pid}/fd")) if IS_ROOT else 0
        begin = time.monotonic()
        for _ in range(IN_A_ROW):
            connection = socket.create_connection(("127.0.0.1", self.ports[0]))
            with Conversation(connection) as talk:
                self.assert_ok(talk.line())
                self.assert_ok(talk.command("QUIT"))
        harness.report(f"{IN_A_ROW} sessions in a row, a second",
                       f"{IN_A_ROW / (time.monotonic() - begin):.0f}")
        self.wait_for_sessions(0)
        self.assertEqual(self.site.log_lines("session-killed"), [])
        if IS_ROOT:
            self.assertEqual(len(os.listdir(f"/proc/{self.server.pid}/fd")), descriptors_before)

    def test_without_descriptors_the_loop_waits_and_goes_on(self):
        # Seven: the three standard ones, socket, signals, log and the memory that says which
        # sessions have logged in. The next would be a client's.
        self.start(preexec_fn=lambda: limit_descriptors(7))
        waiting = socket.create_connection(("127.0.0.1", self.ports[0]))
        self.site.wait_for_event("accept-failed")
        begin, before = time.monotonic(), cpu_seconds(self.server.pid)
        time.sleep(1)
        self.assertLess(cpu_seconds(self.server.pid) - before, 0.3, "it spins")
        lines = len(self.site.log_lines("accept-failed"))
        self.assertLessEqual(lines, time.monotonic() - begin + 3)
        waiting.close()
        self.assertEqual(self.stop(), 0)

    @unittest.skipUnless("poll" in (faults.CALLS or ()), "no number of poll(2) for this processor")
    def test_where_poll_fails_clients_are_served_all_the_same(self):
        for error in (errno.ENOMEM, errno.EAGAIN, errno.EINVAL):
            with self.subTest(error=errno.errorcode[error]):
                self.site.log.write_text("")
                hosts = [f"127.0.0.{number}" for number in range(1, 6)]
                # With the signals six descriptors, as no other process of the server polls.
                self.start(listen=hosts, preexec_fn=faults.failing("poll", 1, 6, 6, error))
                begin, before = time.monotonic(), cpu_seconds(self.server.pid)
                self.login().close()
                time.sleep(1)
                self.assertLess(cpu_seconds(self.server.pid) - before, 0.3, "it spins")
                self.site.wait_for_event("wait-failed")
                lines = len(self.site.log_lines("wait-failed"))
                self.assertLessEqual(lines, time.monotonic() - begin + 2)
                self.assertEqual(self.stop(), 0)

    def lines_and_suppressed(self):
        """How many connections were logged and how many were not, as the log tells."""
        lines = self.site.log_lines("connect")
        told = re.findall(r" suppressed=(\d+)", "\n".join(lines + self.site.log_lines("unlogged")))
        return len(lines), sum(map(int, told))

    def test_a_flood_of_connections_is_told_in_few_lines_and_counted(self):
        self.start()
        begin = time.monotonic()
        for _ in range(300):
            with socket.create_connection(("127.0.0.1", self.ports[0]), PATIENCE) as connection:
                connection.recv(100)
                connection.sendall(b"QUIT\r\n")
        seconds = time.monotonic() - begin
        self.wait_for_sessions(0)
        self.assertEqual(self.stop(), 0)
        lines, suppressed = self.lines_and_suppressed()
        self.assertEqual(lines + suppressed, 300)
        if 300 / seconds < 100:
            self.skipTest(f"this machine takes no more than {300 / seconds:.0f} connections a second")
        self.assertLessEqual(lines, 50 * (seconds + 2))
        self.assertGreater(suppressed, 0)
        self.assertEqual(len(self.site.log_lines("disconnect")), lines)
        self.assertIn(" user=alice ", self.failed_login())

    def test_connections_that_say_nothing_leave_no_line_and_are_counted(self):
        self.start()
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.ports[0]), PATIENCE) as connection:
                self.assertIn(b"+OK", connection.recv(100))
        self.wait_for_sessions(0)
        self.assertEqual(self.site.log_lines("connect") + self.site.log_lines("disconnect"), [])
        with self.connect() as talk:
            self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("connect", suppressed=20)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.lines_and_suppressed(), (1, 20))

    def test_a_client_that_has_hung_up_gets_no_session(self):
        self.start()
        self.server.send_signal(signal.SIGSTOP)
        for number in range(200):
            gone = socket.create_connection(("127.0.0.1", self.ports[0]))
            if number % 2:
                gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.close()
        quick = socket.create_connection(("127.0.0.1", self.ports[0]))
        quick.sendall(b"QUIT\r\n")
        quick.shutdown(socket.SHUT_WR)
        self.server.send_signal(signal.SIGCONT)
        self.assert_ok(self.login().command("QUIT"))
        with Conversation(quick) as talk:
            self.assertEqual(talk.rest().count(b"+OK"), 2)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.lines_and_suppressed(), (2, 0))
        self.wait_for_told(200, "hung-up")
        self.assertLessEqual(len(self.site.log_lines("hung-up")), 3)

    def failed_login(self):
        """The log line of a wrong password, which a flood does not suppress."""
        with harness.Session(self.site) as session:
            session.login(password="wrong")
            return self.site.wait_for_event("login-failed")

    def test_a_flood_under_a_super_server_is_counted_too(self):
        def lines_of_one_session():
            """The lines of a session in a second in which 50 were logged and seven were not."""
            before = len(self.site.log_lines())
            count = self.site.root / "run/connect-lines"
            now = int(time.monotonic())
            count.write_bytes(struct.pack("=qQQq", now, 50, 7, now))
            count.chmod(0o600)
            with harness.Session(self.site) as session:
                session.command("QUIT")
                session.close()
                session.exit_status()
            return self.site.log_lines()[before:]
        wait_for(lambda: not lines_of_one_session())  # unless the next second has begun
        time.sleep(1)
        with harness.Session(self.site) as session:
            session.command("QUIT")
        line = self.site.log_lines("connect")[-1]
        self.assertIn(" suppressed=8 ", line)

    @needs_root
    def test_without_processes_the_client_is_told(self):
        site = self.site = self.make_site(owner=5000)
        site.add_user("alice")
        self.start(user=5000, group=5000, extra_groups=[],
                   preexec_fn=lambda: limit_processes(1))
        self.assertEqual(self.connect().greeting, b"-ERR [SYS/TEMP] the server cannot start\r\n")
        line = site.wait_for_event("fork-failed", **{"from": "127.0.0.1"})
        self.assertIn("Resource temporarily unavailable", line)
        self.assertEqual(self.stop(), 0)


class Places(ListenerTest):
    """Connections without a login, and those that give way."""

    def start(self, *options, **settings):
        for key, value in settings.items():
            options += (f"--{key.replace('_', '-')}", str(value))
        super().start(*options)

    def assert_gave_way(self, talk, reason):
        self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("gave-way", reason=reason)

    def test_the_oldest_connection_without_a_login_gives_way(self):
        self.start(max_connections=9, max_connections_before_login=2)
        first, second = self.connect(), self.connect()
        third = self.connect()
        self.assert_ok(third.greeting)
        self.assert_gave_way(first, "max-connections-before-login")
        self.assert_ok(second.login())
        fourth = self.connect()
        self.assert_ok(fourth.greeting)
        self.assert_ok(third.command("CAPA"))
        third.body()
        self.assert_ok(self.connect().greeting)
        self.assert_gave_way(third, "max-connections-before-login")
        self.assert_ok(second.command("STAT"))
        self.assertEqual(self.site.log_lines("session-killed"), [])

    def test_a_session_with_a_login_keeps_its_place(self):
        self.site.add_user("bob")
        self.start(max_connections=2, max_connections_before_login=2)
        alice, silent = self.login(), self.connect()
        bob = self.connect()
        self.assert_gave_way(silent, "max-connections")
        self.assert_ok(bob.login("bob"))
        self.assertEqual(self.connect().greeting, REFUSAL)
        for talk in (alice, bob):
            self.assert_ok(talk.command("DELE 1") if talk is alice else talk.command("NOOP"))
            self.assert_ok(talk.command("QUIT"))
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)

    def test_a_login_that_is_being_checked_keeps_its_place(self):
        self.start("--failure-delay", "2", max_connections=9, max_connections_before_login=1)
        guess = self.connect()
        guess.command("USER alice")
        guess.send("PASS wrong\r\n")
        self.site.wait_for_event("login-failed")
        self.assert_ok(self.connect().greeting)
        self.assert_err(guess.line(), "AUTH")
        # Now the server waits for this client, too.
        self.assert_ok(self.connect().greeting)
        self.assert_gave_way(guess, "max-connections-before-login")
        self.wait_for_told(2, "gave-way")
        # That is the one account of their ends, also where the log has told of a connection before.
        self.assertEqual([self.site.log_lines(event) for event in ("disconnect", "session-killed")],
                         [[], []])
        self.assertEqual(len(self.site.log_lines("connect")), 1)

    def test_silent_connections_keep_no_login_waiting(self):
        self.start(max_connections=30, max_connections_before_login=10)
        held = [socket.create_connection(("127.0.0.1", self.ports[0])) for _ in range(200)]
        for connection in held:
            self.addCleanup(connection.close)
        begin = time.monotonic()
        self.login()
        self.assertLess(time.monotonic() - begin, 2)
        wait_for(lambda: len(children(self.server.pid)) <= 11)
        self.wait_for_told(191, "gave-way", "refused")  # some, while others are still ending

    @needs_root
    def test_only_a_monitor_can_tell_of_a_login(self):
        self.start()
        first, second = self.connect(), self.login()
        processes = [(pid, *children(pid)) for pid in sorted(children(self.server.pid))]
        shared = [["sodapopd-progress" in pathlib.Path(f"/proc/{pid}/maps").read_text()
                   for pid in pair] for pair in processes]
        self.assertEqual(shared, [[True, False], [False, False]])
        self.assert_ok(first.command("QUIT"))
        self.assert_ok(second.command("QUIT"))

    def test_a_restart_of_the_program_remembers_the_logins(self):
        self.start(max_connections=9, max_connections_before_login=2)
        talk, silent = self.login(), self.connect()
        before = set(children(self.server.pid))
        for _ in range(4):  # crashes, after which the program starts again
            with self.connect() as victim:
                monitor, = set(children(self.server.pid)) - before
                os.kill(monitor, signal.SIGSEGV)
                victim.rest()
            self.wait_for_sessions(2)
        wait_for(lambda: len(self.site.log_lines("listening")) == 2)
        self.assert_ok(self.connect().greeting)
        self.assert_ok(self.connect().greeting)
        self.assert_gave_way(silent, "max-connections-before-login")
        self.assert_ok(talk.command("NOOP"))


def standard_first(held):
    """The files of descriptors 0 to 2, then the others sorted by name."""
    return [held.pop(number, None) for number in range(3)] + sorted(held.values())


def limit_descriptors(count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def limit_processes(count):
    resource.setrlimit(resource.RLIMIT_NPROC, (count, count))


# Connections from 40 addresses that say nothing, each opened again as soon as it ends.
STRANGERS = """
import asyncio
async def stay(address):
    while True:
        try:
            reader, writer = await asyncio.open_connection(
                '192.0.2.1', 1110, local_addr=(address, 0))
            await reader.read()
            writer.close()
        except OSError:
            pass
        await asyncio.sleep(0.05)
async def main():
    await asyncio.gather(*(stay(f'198.51.100.{number}') for number in range(1, 41)))
asyncio.run(main())
"""


@needs_root
@unittest.skipUnless(find_program("unshare") and find_program("ip"), "needs unshare and ip")
class Sources(ListenerTest):
    """In a network namespace of its own, where clients have addresses other than loopback ones."""

    def setUp(self):
        super().setUp()
        self.space = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        self.addCleanup(self.space.wait)
        self.addCleanup(self.space.kill)
        own = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink(f"/proc/{self.space.pid}/ns/net") != own)
        self.inside("ip", "link", "set", "lo", "up")
        # On the loopback interface, so that no other is needed: only the addresses matter.
        for address in ("192.0.2.1/24", "192.0.2.7/24", "192.0.2.8/24",
                        "2001:db8:1::1/64", "2001:db8:1::7/64", "2001:db8:1::8/64",
                        "2001:db8:2::7/64"):
            self.inside("ip", "address", "add", address, "dev", "lo")

    def inside(self, *command, **options):
        return subprocess.run(["nsenter", "-t", str(self.space.pid), "-n", *command], check=False,
                              capture_output=True, **options)

    def start(self, *options, listen):
        settings = [f"--listen={address}:1110" for address in listen]
        self.server = subprocess.Popen(
            ["nsenter", "-t", str(self.space.pid), "-n", *self.site.command(*options, *settings)],
            stdin=subprocess.DEVNULL)
        self.addCleanup(self.end, self.server)
        self.site.wait_for_event("listening")

    def greetings(self, *pairs):
        """The greetings of connections that all stay open until the last one is greeted. Each goes
        from the first to the second address of its pair."""
        script = ("import socket,sys\n"
                  "held=[]\n"
                  "for pair in sys.argv[1:]:\n"
                  "  own,server=pair.split(',')\n"
                  "  held.append(socket.create_connection((server,1110),30,(own,0)))\n"
                  "  print(held[-1].makefile().readline()[:4].strip())\n"
                  "for one in held:\n"
                  "  one.sendall(b'QUIT\\r\\n')\n")
        words = [",".join(pair) for pair in pairs]
        result = self.inside("python3", "-c", script, *words, text=True)
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_each_IPv4_address_has_its_own_limit(self):
        self.start("--max-connections-per-source", "2", listen=["192.0.2.1"])
        server = "192.0.2.1"
        self.assertEqual(
            self.greetings(("192.0.2.7", server), ("192.0.2.7", server), ("192.0.2.7", server),
                           ("192.0.2.8", server)), ["+OK", "+OK", "-ERR", "+OK"])
        self.site.wait_for_event("refused", reason="max-connections-per-source",
                                 **{"from": "192.0.2.7"})

    def test_a_shorter_prefix_makes_a_larger_network(self):
        self.start("--max-connections-per-source", "1", "--source-ipv4-prefix", "24",
                   listen=["192.0.2.1"])
        self.assertEqual(self.greetings(("192.0.2.7", "192.0.2.1"), ("192.0.2.8", "192.0.2.1")),
                         ["+OK", "-ERR"])

    def test_an_IPv6_network_of_64_bits_has_one_limit(self):
        self.start("--max-connections-per-source", "1", listen=["[2001:db8:1::1]"])
        server = "2001:db8:1::1"
        self.assertEqual(
            self.greetings(("2001:db8:1::7", server), ("2001:db8:1::8", server),
                           ("2001:db8:2::7", server)), ["+OK", "-ERR", "+OK"])

    def test_a_network_opens_fifty_connections_then_ten_a_second(self):
        self.start(listen=["192.0.2.1"])
        script = ("import socket,sys,time\n"
                  "def greeting(own):\n"
                  "  with socket.create_connection(('192.0.2.1',1110),30,(own,0)) as one:\n"
                  "    return one.makefile().readline()[:4].strip()\n"
                  "begin=time.monotonic()\n"
                  "all=[greeting('192.0.2.7') for _ in range(300)]\n"
                  "print(time.monotonic()-begin,all.count('+OK'),greeting('192.0.2.8'))\n"
                  "time.sleep(1)\n"
                  "print(greeting('192.0.2.7'))\n")
        result = self.inside("python3", "-c", script, text=True)
        self.assertEqual(result.stderr, "")
        seconds, served, other, later = result.stdout.split()
        self.assertGreaterEqual(int(served), 50)
        self.assertLessEqual(int(served), 50 + 10 * (float(seconds) + 0.1))
        self.assertEqual((other, later), ("+OK", "+OK"))
        self.site.wait_for_event("refused", reason="connection-rate", **{"from": "192.0.2.7"})

    def test_strangers_who_open_their_connections_again_leave_a_login_its_time(self):
        self.inside("ip", "route", "add", "local", "198.51.100.0/24", "dev", "lo")
        self.start("--max-connections-before-login", "5", "--tls", "wrapped", listen=["192.0.2.1"])
        strangers = subprocess.Popen(["nsenter", "-t", str(self.space.pid), "-n", "python3", "-c",
                                      STRANGERS], stdin=subprocess.DEVNULL)
        self.addCleanup(strangers.wait)
        self.addCleanup(strangers.kill)
        self.site.wait_for_event("gave-way")
        time.sleep(1)  # each of them has had to give way by now
        script = ("import socket,time\n"
                  "file=socket.create_connection(('192.0.2.1',1110),30,\n"
                  "                              ('198.51.100.99',0)).makefile('rwb')\n"
                  "print(file.readline()[:3].decode())\n"
                  f"for line in ('USER alice','PASS {PASSWORD}','QUIT'):\n"
                  "  time.sleep(0.3)\n"  # the way to the client and back
                  "  file.write(f'{line}\\r\\n'.encode())\n"
                  "  file.flush()\n"
                  "  print(file.readline()[:3].decode())\n")
        result = self.inside("python3", "-c", script, text=True)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.stdout.split(), ["+OK"] * 4)

    def test_this_host_has_no_limit_at_its_own_address(self):
        self.start("--max-connections-per-source", "1", listen=["[2001:db8:1::1]"])
        server = "2001:db8:1::1"
        self.assertEqual(self.greetings((server, server), (server, server)), ["+OK", "+OK"])

    def test_a_client_elsewhere_may_send_no_password(self):
        self.start(listen=["192.0.2.1"])
        self.assertEqual(self.greetings(("192.0.2.7", "192.0.2.1")), ["+OK"])
        self.site.wait_for_event("connect", protected="no", **{"from": "192.0.2.7"})


class Ends(ListenerTest):
    def test_sessions_that_end_by_themselves_are_waited_for(self):
        self.start()
        talk = self.login()
        self.server.terminate()
        self.site.wait_for_event("stopping", sessions=1)
        wait_for(lambda: not is_listening(self.ports[0]))
        self.assert_ok(talk.command("DELE 1"))
        self.assert_ok(talk.command("QUIT"))
        talk.close()
        self.assertEqual(self.server.wait(PATIENCE), 0)
        self.assertEqual(len(self.site.messages()), len(MAILS) - 1)
        self.site.wait_for_event("stopped", terminated=0)

    def test_a_session_that_stays_is_ended_and_deletes_nothing(self):
        self.start("--shutdown-limit", "1")
        talk, before_login = self.login(), self.connect()
        processes = [pid for child in children(self.server.pid)
                     for pid in [child, *children(child)]]
        self.assertEqual(len(processes), 4)
        self.assert_ok(talk.command("DELE 1"))
        self.assertEqual(self.stop(), 0)
        self.assertEqual((talk.rest(), before_login.rest()), (b"", b""))
        self.assertEqual(len(self.site.messages()), len(MAILS))
        self.site.wait_for_event("stopped", terminated=2)
        self.assertEqual(self.site.log_lines("session-killed"), [])
        wait_for(lambda: not [pid for pid in processes if os.path.exists(f"/proc/{pid}")])

    def test_a_second_signal_takes_the_patience(self):
        self.start("--shutdown-limit", "3600")
        self.login()
        self.server.send_signal(signal.SIGINT)
        self.site.wait_for_event("stopping")
        self.assertEqual(self.stop(signal.SIGINT), 0)

    def test_idle_it_stays_where_nobody_would_start_it_again(self):
        self.start("--idle-exit", "1")
        line = self.site.wait_for_event("configuration")
        self.assertIn("idle-exit is ignored", line)
        time.sleep(1.5)
        self.assertIsNone(self.server.poll())

    @needs_program("systemd-socket-activate")
    def test_idle_it_goes_and_is_started_again(self):
        port = free_port()
        command = [find_program("systemd-socket-activate"), "-l", f"127.0.0.1:{port}",
                   *self.site.command("--idle-exit", "1")]
        for _ in range(2):
            self.server = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL, start_new_session=True)
            self.addCleanup(self.end, self.server)
            wait_for(lambda: is_listening(port))
            self.ports = [port]
            talk = self.login()
            time.sleep(1.5)
            self.assert_ok(talk.command("NOOP"))
            talk.close()
            self.assertEqual(self.server.wait(PATIENCE), 0)


class Reloads(ListenerTest):
    def hang_up(self, event):
        before = len(self.site.log_lines(event))
        self.server.send_signal(signal.SIGHUP)
        wait_for(lambda: len(self.site.log_lines(event)) > before)

    def test_a_good_configuration_holds_for_the_next_connection(self):
        self.start("--attempts", "2", cwd=self.site.root)
        before = self.connect()
        self.site.configure(hostname="new.example.org", attempts=1)
        self.hang_up("reloaded")
        self.assertIn(b"new.example.org", self.connect().greeting)
        self.assert_ok(before.login())
        talk = self.connect()
        self.assert_err(talk.login(password="wrong"), "AUTH")
        self.assert_err(talk.login(password="wrong"), "AUTH")  # the command line overrides the file
        self.assertEqual(talk.rest(), b"")

    def test_a_bad_one_keeps_the_old(self):
        self.start()
        good = self.site.config.read_text()
        account = "front-account = no-such-account\n" if IS_ROOT else "x\n"
        for line in ("idle-limit = never\n", account, "log = /nowhere/log\n"):
            key = line.split(" ")[0]
            kept = [old for old in good.splitlines(True) if not old.startswith(key + " ")]
            self.site.config.write_text("".join(kept) + line)
            self.hang_up("configuration")
            self.assert_ok(self.connect().greeting)
        self.site.config.unlink()
        self.hang_up("configuration")
        self.assert_ok(self.login().command("NOOP"))
        self.assertEqual(self.site.log_lines("reloaded"), [])

    def test_one_that_can_serve_nobody_keeps_the_old(self):
        self.start()
        good = dict(self.site.settings)
        empty = self.site.root / "empty"
        empty.touch(mode=0o600)
        comments = self.site.root / "comments"
        comments.write_text("# nobody yet\nmalformed\n")
        comments.chmod(0o600)
        for key, value, problem in (
                ("users", "/nonexistent/users", "No such file"), ("users", empty, "has no user"),
                ("users", comments, "has no user"),
                ("runtime_directory", "/nonexistent/run", "runtime-directory"),
                ("runtime_directory", empty, "Not a directory")):
            with self.subTest(key=key, value=value):
                self.site.configure(**{key: value})
                self.hang_up("configuration")
                self.assertIn(problem, self.site.log_lines("configuration")[-1])
                self.assert_ok(self.login().command("QUIT"))
                self.site.configure(**{key: good[key.replace("_", "-")]})
        self.assertEqual(self.site.log_lines("reloaded"), [])
        self.hang_up("reloaded")

    @needs_root
    def test_identities_that_the_filter_refuses_need_a_restart(self):
        self.start("--minimum-gid", "4000")
        for minimum in (499, 4999):
            self.site.configure(minimum_uid=minimum)
            self.hang_up("configuration" if minimum < 500 else "reloaded")
            self.assert_ok(self.login().command("QUIT"))
        self.assertIn("needs a restart", self.site.log_lines("configuration")[-1])
        self.site.configure(minimum_uid=5001)
        self.hang_up("reloaded")
        with self.connect() as talk:
            self.assert_err(talk.login(), "SYS/PERM")
        self.site.configure(minimum_uid=500)
        self.hang_up("reloaded")
        self.assert_ok(self.login().command("QUIT"))

    @needs_root
    def test_a_root_of_the_front_that_is_not_empty_keeps_the_old(self):
        self.start()
        (self.site.root / "run/empty/file").touch()
        self.hang_up("configuration")
        self.assertIn("must be empty", self.site.log_lines("configuration")[-1])

    def test_limits_change(self):
        self.start()
        self.site.add_user("bob")
        held = [self.login(), self.login("bob")]
        self.site.configure(max_connections=2)
        self.hang_up("reloaded")
        self.assertEqual(self.connect().greeting, REFUSAL)
        self.assert_ok(held[0].command("NOOP"))

    def test_the_log_is_opened_again(self):
        self.start()
        old = self.site.root / "log.1"
        self.site.log.rename(old)
        self.server.send_signal(signal.SIGHUP)
        wait_for(self.site.log.exists)
        wait_for(lambda: self.site.log_lines("reloaded"))
        self.login()
        self.site.wait_for_event("login")
        self.assertNotIn("event=login", old.read_text())

    def rotate_to_another_owner(self, name):
        """The log that is still open gets this name; root can no longer write to the new one."""
        old = self.site.root / name
        self.site.log.rename(old)
        self.site.log.touch(mode=0o600)
        os.chown(self.site.log, 5000, 5000)
        return old

    @needs_root
    def test_a_log_that_cannot_be_opened_again_is_told_once(self):
        self.start()
        old = self.rotate_to_another_owner("log.1")
        for times in (1, 2):
            self.server.send_signal(signal.SIGHUP)
            wait_for(lambda: old.read_text().count("event=configuration") == times)
        self.login()
        wait_for(lambda: "event=login" in old.read_text())
        self.assertEqual(old.read_text().count("event=log-failed"), 1)
        self.assertIn("Permission denied", old.read_text())
        if not os.path.exists("/dev/log"):  # standard error is in its place
            self.assertEqual(self.errors.read_text().count("event=log-failed"), 1)
        os.chown(self.site.log, 0, 0)
        self.hang_up("reloaded")
        old = self.rotate_to_another_owner("log.2")
        self.server.send_signal(signal.SIGHUP)
        wait_for(lambda: "event=log-failed" in old.read_text())

    def test_a_bad_configuration_does_not_keep_the_log_from_being_opened_again(self):
        self.start()
        self.site.log.rename(self.site.root / "log.1")
        self.site.config.write_text("x\n")
        self.server.send_signal(signal.SIGHUP)
        wait_for(self.site.log.exists)
        wait_for(lambda: self.site.log_lines("configuration"))

    def test_a_relative_path_of_the_configuration_is_found_again(self):
        self.site.command = lambda *options: [str(SODAPOPD), "--config", "sodapop.conf", *options]
        self.start(cwd=self.site.root)
        self.hang_up("reloaded")


class Notifications(ListenerTest):
    def serve(self, name):
        manager = ServiceManager(name)
        self.addCleanup(manager.socket.close)
        self.start(environment={"NOTIFY_SOCKET": manager.name})
        return manager

    def test_the_service_manager_is_told_how_we_are(self):
        manager = self.serve(self.site.root / "notify")
        manager.heard("READY=1")
        talk = self.login()
        manager.heard("STATUS=1 session")
        manager.texts.clear()
        self.server.send_signal(signal.SIGHUP)
        reloading = manager.heard("RELOADING=1\nMONOTONIC_USEC=")
        age = time.monotonic_ns() // 1000 - int(reloading.split("=")[2])
        self.assertTrue(0 <= age < 60_000_000, age)
        manager.heard("READY=1")
        self.assertLess(manager.texts.index(reloading), manager.texts.index("READY=1"))
        talk.close()
        manager.heard("STATUS=0 sessions")
        self.assertEqual(self.stop(), 0)
        manager.heard("STOPPING=1")

    def test_abstract_sockets_are_found(self):
        self.serve(f"@sodapop-test-{os.getpid()}").heard("READY=1")

    def test_a_bad_configuration_is_reported_as_ready_again(self):
        manager = self.serve(self.site.root / "notify")
        manager.heard("READY=1")
        manager.texts.clear()
        self.site.config.write_text("x\n")
        self.server.send_signal(signal.SIGHUP)
        manager.heard("RELOADING=1")
        manager.heard("READY=1")
        problem = "STATUS=not reloaded: " + str(self.site.config) + ":1: "
        self.assertTrue(manager.heard(problem).endswith("; 0 sessions"))
        manager.texts.clear()
        talk = self.login()
        self.assertTrue(manager.heard(problem).endswith("; 1 session"))
        manager.texts.clear()
        self.site.configure()
        self.server.send_signal(signal.SIGHUP)
        manager.heard("STATUS=1 session")
        talk.close()


class Misconfigured(ListenerTest):
    """With sockets that were passed the server stays, whatever is wrong, and refuses its clients
    until that is mended."""

    def start_passed(self, *options, **environment):
        """A server with one passed socket; its client's port is self.ports[0]."""
        passed = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.addCleanup(passed.close)
        self.ports = [passed.getsockname()[1]]
        usual = self.site.command
        self.site.command = lambda *more: usual(*more, *options)
        self.server = self.start_with_passed([passed], 1, env=os.environ | environment)
        self.site.command = usual
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.end, self.server)

    def assert_refused(self, reply=harness.MISCONFIGURED):
        with self.connect() as talk:
            self.assertEqual(talk.greeting + talk.rest(), reply)

    def mistakes(self):
        """What each plants and mends, and a word of the problem."""
        site, root = self.site, self.site.root
        users, moved = site.users_file, root / "moved"
        yield (lambda: site.config.write_text(site.config.read_text() + "colour = blue\n"),
               site.configure, "colour")
        yield lambda: site.config.rename(moved), lambda: moved.rename(site.config), "No such file"
        yield lambda: users.rename(moved), lambda: moved.rename(users), "No such file"
        yield lambda: (root / "run").chmod(0o777), lambda: (root / "run").chmod(0o755), "writable"
        yield (lambda: site.configure(log=root / "logs/log"), (root / "logs").mkdir,
               "cannot open the log")
        site.configure(log=site.log)
        if IS_ROOT:
            yield (lambda: (root / "run/empty/file").touch(), (root / "run/empty/file").unlink,
                   "must be empty")
            yield lambda: os.chown(site.log, 5000, 5000), lambda: os.chown(site.log, 0, 0), "log"

    def test_clients_are_refused_until_it_is_mended(self):
        manager = ServiceManager(self.site.root / "notify")
        self.addCleanup(manager.socket.close)
        for plant, mend, word in self.mistakes():
            with self.subTest(word):
                plant()
                self.start_passed(NOTIFY_SOCKET=manager.name)
                self.assertIn(word, manager.heard("STATUS=misconfigured: "))
                manager.heard("READY=1")
                for _ in range(2):
                    with self.connect() as talk:
                        self.assert_err(talk.greeting, "SYS/TEMP")
                        self.assertEqual(talk.rest(), b"")
                manager.texts.clear()
                mend()
                with self.login() as talk:
                    self.assert_ok(talk.command("QUIT"))
                manager.heard("STATUS=0 sessions")
                self.assertEqual(self.stop(), 0)
                manager.texts.clear()
                self.assertIn(word.encode(), self.server.stdout.readline())

    def test_SIGHUP_takes_what_was_mended_and_tells_what_was_not(self):
        moved = self.site.root / "moved"
        self.site.users_file.rename(moved)
        self.start_passed()
        self.site.wait_for_event("system")
        self.server.send_signal(signal.SIGHUP)
        wait_for(lambda: len(self.site.log_lines("system")) == 2)
        moved.rename(self.site.users_file)
        self.server.send_signal(signal.SIGHUP)
        self.site.wait_for_event("listening")
        self.login()

    def test_many_refusals_take_their_time_and_have_few_lines(self):
        self.site.users_file.write_text("")
        self.start_passed()
        self.site.wait_for_event("configuration")
        begin = time.monotonic()
        waiting = [socket.create_connection(("127.0.0.1", self.ports[0])) for _ in range(30)]
        for connection in waiting:
            with Conversation(connection) as talk:
                self.assertEqual(talk.rest(), harness.MISCONFIGURED)
        self.assertGreater(time.monotonic() - begin, 28 / 20)
        (self.site.root / "run").chmod(0o777)
        self.assert_refused()
        self.assertEqual(self.stop(), 0)
        lines = [line.split(" problem=")[1] for line in self.site.log_lines("configuration")]
        self.assertEqual(len(lines), 3, lines)
        self.assertRegex(lines[0], "has no user\"$")
        self.assertRegex(lines[1], "writable[^\"]*\" refused=30$")
        self.assertRegex(lines[2], "writable[^\"]*\" refused=1$")

    def test_the_units_of_systemd_start_it_always_and_check_before_a_reload(self):
        for name in ("sodapop", "sodapop-vmail"):
            unit = (launchers.CONTRIB / "systemd" / f"{name}.service.in").read_text()
            started = re.search(r"^ExecStart=(.*)$", unit, re.M)[1].split()
            first, second = re.findall(r"^ExecReload=(.*)$", unit, re.M)
            self.assertEqual(first.split(), [started[0], "--check-configuration", *started[1:]])
            self.assertIn("kill -HUP $MAINPID", second)
            self.assertRegex(unit, r"(?s)\[Unit\].*\nStartLimitIntervalSec=0\n.*\[Service\]")
            self.assertNotIn("RestartPreventExitStatus", unit)
        for name in ("sodapop", "sodapop-vmail", "sodapop-inetd"):
            unit = (launchers.CONTRIB / "systemd" / f"{name}.socket").read_text()
            self.assertIn("\nTriggerLimitIntervalSec=0\n", unit)

    def test_a_bad_option_is_refused_until_the_launcher_ends_the_server(self):
        self.start_passed("--idle-limit", "never")
        for _ in range(2):
            self.assert_refused()
        self.server.send_signal(signal.SIGHUP)
        self.assert_refused()
        self.assertEqual(self.stop(), 0)

    def test_inetd_waits_for_it_too(self):
        self.site.users_file.rename(self.site.root / "moved")
        with socket.create_server(("127.0.0.1", 0)) as passed:
            self.ports = [passed.getsockname()[1]]
            self.server = subprocess.Popen(self.site.command(), stdin=passed, stdout=passed,
                                           stderr=passed, start_new_session=True)
        self.addCleanup(self.end, self.server)
        self.assert_refused(b"-ERR [SYS/TEMP] the server cannot start\r\n")
        (self.site.root / "moved").rename(self.site.users_file)
        with self.login() as talk:
            self.assert_ok(talk.command("QUIT"))
        self.assertEqual(self.stop(), 0)


if __name__ == "__main__":
    harness.main()
