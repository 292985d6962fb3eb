# SPDX-License-Identifier: ISC
"""Connections through proxies: headers made by hand, stunnel and HAProxy. The server goes by the
address of the client, and by whether the client's own connection is encrypted."""

import errno
import os
import pwd
import socket
import ssl
import struct
import subprocess
import time
import unittest

import harness
import launchers
import proxies
from conversation import connected_pair
from harness import (MISCONFIGURED, PATIENCE, Conversation, Session, SiteTest, needs_program,
                     needs_root, wait_for)
from proxies import BY_TLS, CLIENT, LOCAL, NEIGHBOUR, block, line

REFUSAL = b"-ERR [SYS/TEMP] too many connections, try again later\r\n"
BEHIND_LOCAL = {"proxy": "required", "proxy_networks": "127.0.0.1"}


def setUpModule():
    global has_own_network
    has_own_network = proxies.enter_own_network()


class Talk(Session):
    """A session whose first octets are a header, after which the client may end its side. The
    greeting is empty where there is none."""

    def __init__(self, site, header, ends=False):
        super().__init__(site)
        self.send(header)
        if ends:
            self.end()

    def end(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            # The server may have refused the header, and so have reset the connection, before.
            if error.errno != errno.ENOTCONN:
                raise

    def line(self):
        try:
            return super().line()
        except ConnectionResetError:
            return b""


class Headers(SiteTest):
    settings = BEHIND_LOCAL

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"])

    def offers_passwords(self, talk):
        return b"USER\r\n" in talk.fetch("CAPA").splitlines(keepends=True)

    def test_the_log_has_the_clients_address(self):
        for header in (line(), line("2001:DB8::7", "TCP6", "::1"), block()):
            with self.subTest(header), Talk(self.site, header) as talk:
                self.assert_ok(talk.greeting)
                self.assert_ok(talk.command("QUIT"))
                talk.close()
                address = "2001:db8::7" if b"TCP6" in header else CLIENT
                self.site.wait_for_event("connect", proxy="127.0.0.1", **{"from": address})

    def test_a_login_has_it_too_and_so_has_who_waits_for_the_maildrop(self):
        with Talk(self.site, block(tls=BY_TLS)) as talk:
            self.assert_ok(talk.login())
            self.site.wait_for_event("login", **{"from": CLIENT})
            with Talk(self.site, block(NEIGHBOUR, tls=BY_TLS)) as other:
                self.assertIn(CLIENT.encode(), self.assert_err(other.login(), "IN-USE"))

    def test_a_header_octet_by_octet(self):
        for header in (line(), block()):
            client, server = connected_pair()
            with server:
                process = subprocess.Popen(self.site.command(), stdin=server, stdout=server)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.subTest(header), Conversation(client) as talk:
                for octet in header:
                    talk.send(bytes([octet]))
                self.assert_ok(talk.line())
            process.wait(PATIENCE)

    def test_TLS_is_what_the_header_says(self):
        for settings in ("none", "wrapped"):
            self.site.configure(tls=settings)
            for header, is_protected in ((block(tls=BY_TLS), True), (block(tls=0), False),
                                         (block("127.0.0.2", tls=0), False),
                                         (block(), settings == "wrapped"),
                                         (line(), settings == "wrapped"),
                                         (line("127.0.0.2"), True)):
                with self.subTest(tls=settings, header=header), Talk(self.site, header) as talk:
                    self.assertEqual(self.offers_passwords(talk), is_protected)
                    reply = talk.command("USER alice")
                    self.assertEqual(reply.startswith(b"+OK"), is_protected, reply)

    def test_a_proxy_that_looks_whether_we_are_well_is_not_logged(self):
        for header in (b"PROXY UNKNOWN\r\n", block(command=LOCAL), line("127.0.0.1")):
            with self.subTest(header), Talk(self.site, header) as talk:
                self.assert_ok(talk.greeting)
                self.assert_ok(talk.command("QUIT"))
                self.assertEqual(talk.exit_status(), 0)
        self.assertEqual(self.site.log_lines(), [])

    def test_a_proxy_that_logs_in_is(self):
        with Talk(self.site, block(command=LOCAL)) as talk:
            self.assert_ok(talk.login())
            self.assert_ok(talk.command("QUIT"))
        for event in ("connect", "login", "logout"):
            self.site.wait_for_event(event, **{"from": "127.0.0.1"})

    def test_a_proxy_that_logs_in_has_the_rights_of_its_address(self):
        line_of_users = self.site.users_file.read_text().rstrip("\n")
        for header in (block(command=LOCAL), line("127.0.0.1")):
            for networks, reply in (("127.0.0.1", b"+OK"), ("local", b"-ERR [AUTH]")):
                self.site.users_file.write_text(f"{line_of_users} allow_nets={networks}\n")
                with Talk(self.site, header) as talk:
                    self.assertTrue(talk.login().startswith(reply), (header, networks))

    def test_without_a_header_there_is_not_a_word(self):
        cases = {b"": "missing", b"USER alice\r\n": "missing", b"PROXY TCP4\r\n": "malformed",
                 line("256.0.0.1"): "malformed", block()[:-1]: "malformed",
                 block(command=0x22): "malformed"}
        for header, problem in cases.items():
            with self.subTest(header), Talk(self.site, header, ends=True) as talk:
                self.assertEqual(talk.greeting + talk.rest(), b"")
                self.assertEqual(talk.exit_status(), 0)
                last = wait_for(lambda: self.site.log_lines())[-1]
                self.assertIn(f" event=proxy-header problem={problem} ", last)
            self.site.log.write_text("")

    def test_a_header_that_does_not_come_in_time_is_missing(self):
        self.site.configure(login_limit=1)
        with Talk(self.site, b"") as talk:
            self.assertEqual(talk.greeting + talk.rest(), b"")
            self.site.wait_for_event("proxy-header", problem="missing", **{"from": "127.0.0.1"})

    def test_a_header_that_comes_late_is_none(self):
        self.site.configure(login_limit=1)
        with Talk(self.site, line()[:-1]) as talk:
            self.assertEqual(talk.greeting + talk.rest(), b"")
            self.site.wait_for_event("proxy-header", problem="late", **{"from": "127.0.0.1"})

    def test_a_second_header_ends_the_connection(self):
        for second in (line(), block()):
            with self.subTest(second), Talk(self.site, line() + second + b"CAPA\r\n") as talk:
                self.assertEqual(talk.greeting + talk.rest(), b"")
                self.site.wait_for_event("proxy-header", problem="doubled", **{"from": CLIENT})
            with self.subTest(second, after="greeting"), Talk(self.site, line()) as talk:
                talk.send(second + b"CAPA\r\n")
                self.assertEqual(talk.rest(), b"")
                self.site.wait_for_event("disconnect", ended="proxy-header-doubled")

    def test_lines_about_headers_and_refusals_count_as_those_about_connections(self):
        for networks, start in (("127.0.0.1", b"GET /\r\n"), ("192.0.2.0/24", line())):
            self.site.configure(proxy_networks=networks)

            def lines_of_one_session(start=start):
                """In a second in which 50 connections were logged."""
                before = len(self.site.log_lines())
                now = int(time.monotonic())
                count = self.site.root / "run/connect-lines"
                count.write_bytes(struct.pack("=qQQq", now, 50, 0, now))
                count.chmod(0o600)
                with Talk(self.site, start) as talk:
                    talk.rest()
                    talk.exit_status()
                return self.site.log_lines()[before:]
            wait_for(lambda: not lines_of_one_session())  # unless the next second has begun
        time.sleep(1)
        with Talk(self.site, line()) as talk:
            talk.rest()
            talk.exit_status()
        self.site.wait_for_event("refused", suppressed=1)

    def test_who_is_no_proxy_is_not_listened_to(self):
        self.site.configure(proxy_networks="192.0.2.0/24,local",
                            proxy_account=launchers.own_account())
        with Talk(self.site, line()) as talk:
            self.assertEqual(talk.greeting + talk.rest(), b"")
            self.assertEqual(talk.exit_status(), 0)
        self.site.wait_for_event("refused", reason="proxy-networks", **{"from": "127.0.0.1"})
        self.assertEqual(self.site.log_lines("connect"), [])

    def test_a_local_socket_is_a_proxys_where_local_is_one_and_the_account_is_the_proxys(self):
        own, other = launchers.own_account(), "daemon"
        for networks, account, problem in (
                ("local", own, None), ("local", other, "proxy-account"),
                ("127.0.0.1", own, "proxy-networks")):
            self.site.configure(proxy_networks=networks, proxy_account=account)
            client, server = socket.socketpair()
            with server:
                process = subprocess.Popen(self.site.command(), stdin=server, stdout=server)
            with self.subTest(networks, account=account), Conversation(client) as talk:
                if problem is None:
                    talk.send(line())
                    self.assert_ok(talk.line())
                else:
                    self.assertEqual(talk.rest(), b"")
                    self.site.wait_for_event("refused", reason=problem, **{"from": "local"})
            process.wait(PATIENCE)
        self.site.wait_for_event("refused", reason="proxy-account", uid=os.geteuid())

    @needs_root
    @needs_program("unshare")
    def test_an_account_that_the_user_namespace_does_not_have_is_no_proxys(self):
        """As with PrivateUsers=yes: the kernel tells such an account as that of nobody."""
        self.site.configure(proxy_networks="local", proxy_account="daemon")
        os.seteuid(pwd.getpwnam("daemon").pw_uid)
        try:
            client, server = socket.socketpair()
        finally:
            os.seteuid(0)
        for user_namespace in ([], ["unshare", "--user", "--map-root-user"]):
            with self.subTest(user_namespace), Conversation(client.dup()) as talk:
                process = subprocess.Popen([*user_namespace, *self.site.command()],
                                           stdin=server, stdout=server)
                if not user_namespace:
                    talk.send(line())
                    self.assert_ok(talk.line())
                    self.assert_ok(talk.command("QUIT"))
                process.wait(PATIENCE)
        self.site.wait_for_event("refused", reason="proxy-account", uid=65534)
        client.close()
        server.close()

    def test_a_pipe_is_no_proxys(self):
        self.site.configure(proxy_networks="local", proxy_account=launchers.own_account())
        done = subprocess.run(self.site.command(), input=line(), stdout=subprocess.PIPE,
                              check=False, timeout=PATIENCE)
        self.assertEqual(done.stdout, b"")
        self.site.wait_for_event("refused", reason="proxy-account", **{"from": "local"})

    def test_proxies_have_to_be_named(self):
        self.site.configure(proxy_networks=None)
        with Session(self.site) as session:
            self.assertEqual(session.greeting, MISCONFIGURED)
            self.assertEqual(session.exit_status(), 78)


class Unexpected(SiteTest):
    """What wrappers send to a server that is not set up for them."""

    NONE_EXPECTED = b"-ERR [SYS/PERM] a PROXY header came, but none is expected\r\n"

    def only_line(self):
        """The log has one line for such a connection, which tells what to do."""
        lines = wait_for(self.site.log_lines)
        self.assertEqual(len(lines), 1, lines)
        self.site.log.write_text("")
        return lines[0]

    def test_a_header_gets_one_reply_and_a_line_in_the_log(self):
        for header in (line(), line("2001:db8::7", "TCP6", "::1"), b"PROXY UNKNOWN\r\n", block(),
                       block(command=LOCAL)):
            with self.subTest(header), Session(self.site) as session:
                self.assert_ok(session.greeting)
                session.send(header + b"USER alice\r\n")
                self.assertEqual(session.rest(), self.NONE_EXPECTED)
                self.assertEqual(session.exit_status(), 0)
                self.assertRegex(self.only_line(), ' event=proxy-header problem=unexpected hint="set '
                                                   'proxy = required, or .*from=127.0.0.1')

    def test_TLS_gets_no_reply_and_a_line_in_the_log(self):
        with Session(self.site) as session:
            self.assert_ok(session.greeting)
            with self.assertRaises(ssl.SSLError):
                launchers.tls_context(self.site).wrap_socket(session.socket,
                                                             server_hostname="localhost")
            self.assertEqual(session.exit_status(), 0)
        self.assertRegex(self.only_line(), ' event=tls problem=unexpected hint=".*from=127.0.0.1')

    def test_TLS_behind_a_header_is_told_with_the_address_of_the_client(self):
        self.site.configure(**BEHIND_LOCAL)
        with Talk(self.site, line()) as talk:
            self.assert_ok(talk.greeting)
            talk.send(b"\x16\x03\x01\x02\0\x01")
            self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("tls", problem="unexpected", **{"from": CLIENT})


class Proxied(SiteTest):
    """Through real proxies, from addresses that are not this host's."""

    settings = BEHIND_LOCAL
    owner = None

    def setUp(self):
        if not has_own_network:
            self.skipTest("needs root, and a network of its own")
        self.site = self.make_site(owner=self.owner, **self.settings)
        self.site.add_user("alice", [b"hers\n"])

    def log_in(self, talk, source=CLIENT, name="alice"):
        self.assert_ok(talk.line())
        self.assert_ok(talk.login(name))
        self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("login", **{"from": source})

    def assert_not_protected(self, talk):
        self.assert_ok(talk.line())
        capabilities = talk.fetch("CAPA")
        self.assertNotIn(b"PLAIN", capabilities)
        self.assertNotIn(b"USER", capabilities)
        self.assert_err(talk.command("USER alice"))

    def check_rights(self, proxy, port=None, tls=True):
        """Tests logins of a user who may log in from the client's address alone."""
        if "bob:" not in self.site.users_file.read_text():
            self.site.add_user("bob", [b"his\n"])
            subprocess.run([harness.SODAPOP, "--config", self.site.config, "user", "rights", "bob",
                            "--from", CLIENT], check=True, stdout=subprocess.PIPE)
        with proxy.connect_from(CLIENT, port, tls) as talk:
            self.log_in(talk, CLIENT, "bob")
        with proxy.connect_from(NEIGHBOUR, port, tls) as talk:
            self.assert_ok(talk.line())
            self.assert_err(talk.login("bob"), "AUTH")
        self.site.wait_for_event("login-failed", reason="network", user="bob",
                                 **{"from": NEIGHBOUR})

    def check_certificates(self, proxy):
        """A client with alice's certificate logs in as alice only. Without a certificate EXTERNAL
        is not offered."""
        with proxy.connect_from(CLIENT, tls=True, certificate="alice") as talk:
            self.assert_ok(talk.line())
            self.assertIn(b"EXTERNAL", talk.fetch("CAPA"))
            self.assert_err(talk.command("AUTH EXTERNAL Ym9i"), "AUTH")  # bob
            self.assert_ok(talk.command("AUTH EXTERNAL ="))
            self.assert_ok(talk.command("QUIT"))
        self.site.wait_for_event("login", method="EXTERNAL", user="alice", **{"from": CLIENT})
        with proxy.connect_from(CLIENT, tls=True) as talk:
            self.assert_ok(talk.line())
            self.assertNotIn(b"EXTERNAL", talk.fetch("CAPA"))
            self.assert_err(talk.command("AUTH EXTERNAL ="))

    def check_limit(self, proxy, port, tls):
        """Tests a limit of two connections for each network."""
        wait_for(lambda: self.site.slots_held("source-slots") == 0)  # earlier sessions have ended
        held = [proxy.connect_from(CLIENT, port, tls) for _ in range(3)]
        with held[0], held[1], held[2], proxy.connect_from(NEIGHBOUR, port, tls) as other:
            greetings = sorted(talk.line() for talk in held)
            self.assertTrue(greetings[0].startswith(b"+OK"), greetings)
            self.assertTrue(greetings[1].startswith(b"+OK"), greetings)
            self.assertEqual(greetings[2], REFUSAL)
            self.assert_ok(other.line())
            self.site.wait_for_event("refused", reason="max-connections-per-source",
                                     **{"from": CLIENT})

        def is_served():
            with proxy.connect_from(CLIENT, port, tls) as again:
                return again.line().startswith(b"+OK")
        wait_for(is_served)


class Listening(Proxied):
    """The own accept loop, which sees the proxy's address only. Here that address is not this
    host's."""

    settings = {"proxy": "required", "proxy_networks": CLIENT, "max_connections_per_source": 1}

    def test_the_proxy_is_no_source_but_its_clients_are(self):
        with proxies.Listening(self.site) as server:
            talks = [server.connect_from(CLIENT) for _ in range(3)]
            with talks[0], talks[1], talks[2]:
                for talk, source in zip(talks, ("198.51.100.1", "198.51.100.2", "198.51.100.1")):
                    talk.send(line(source))
                self.assert_ok(talks[1].line())
                greetings = sorted((talks[0].line(), talks[2].line()))
                self.assertEqual((greetings[0][:3], greetings[1]), (b"+OK", REFUSAL))

    def test_who_is_no_proxy_has_the_limit_of_a_source_and_no_session(self):
        with proxies.Listening(self.site) as server, server.connect_from(NEIGHBOUR) as talk:
            talk.send(line())
            self.assertEqual(talk.rest(), b"")
            self.site.wait_for_event("refused", reason="proxy-networks", **{"from": NEIGHBOUR})


class LocalSocket(Proxied):
    """The sockets of contrib's files, by which stunnel and HAProxy reach sodapopd."""

    settings = {}

    def assert_only_the_proxy_is_listened_to(self, proxy):
        """Root may write to any socket, and is no proxy."""
        facts = proxy.behind.stat()
        self.assertEqual((facts.st_mode & 0o777, facts.st_uid),
                         (0o600, pwd.getpwnam(proxy.account()).pw_uid))
        with socket.socket(socket.AF_UNIX) as forger:
            forger.connect(str(proxy.behind))
            with Conversation(forger.dup()) as talk:
                self.assertEqual(talk.rest(), b"")
        self.site.wait_for_event("refused", reason="proxy-account", uid=0)

    @needs_program("stunnel")
    def test_no_other_account_speaks_for_stunnel(self):
        with proxies.StunnelProxy(self.site) as proxy:
            if proxy.account() == launchers.own_account():
                self.skipTest("needs the account stunnel4")
            self.assert_only_the_proxy_is_listened_to(proxy)
            with proxy.connect_from(CLIENT, tls=True) as talk:
                self.log_in(talk)

    @needs_program("haproxy")
    def test_no_other_account_speaks_for_haproxy(self):
        with proxies.haproxy(self.site, "send-proxy-v2-ssl-cn") as proxy:
            self.assert_only_the_proxy_is_listened_to(proxy)
            with proxy.connect_from(CLIENT, tls=True) as talk:
                self.log_in(talk)


class SystemdSockets(unittest.TestCase):
    def test_the_units_have_the_path_and_the_account_of_the_proxy(self):
        for proxy, account, file, place in (
                ("haproxy", "haproxy", "haproxy.cfg", "server sodapop unix@/sodapop.socket "),
                ("stunnel", "stunnel4", "pop3s-proxy.conf",
                 "connect = /run/sodapop-stunnel.socket\n")):
            folder = launchers.CONTRIB / proxy
            unit = (folder / "systemd-socket.conf").read_text().splitlines()
            self.assertIn(f"SocketUser={account}", unit)
            self.assertIn("SocketMode=0600", unit)
            listening = [text for text in unit if text.startswith("ListenStream=")]
            self.assertEqual(listening[0], "ListenStream=")  # no port remains
            self.assertEqual(len(listening), 2)
            path = place.split("/", 1)[1].split()[0]
            self.assertTrue(listening[1].endswith("/" + path), (listening, path))
            self.assertIn(place, (folder / file).read_text())


class BehindStunnel(Proxied):
    settings = {"max_connections_per_source": 2}

    @needs_program("stunnel")
    def test_address_login_and_limit(self):
        with proxies.StunnelProxy(self.site) as proxy:
            with proxy.connect_from(CLIENT, tls=True) as talk:
                self.log_in(talk)
            self.site.wait_for_event("connect", protected="yes", proxy="local",
                                     **{"from": CLIENT})
            self.check_rights(proxy)
            self.check_limit(proxy, proxy.port, tls=True)


class UnderStunnel(Proxied):
    settings = {"max_connections_per_source": 2, "external": "common-name"}
    owner = proxies.StunnelExec.owner

    @needs_program("stunnel")
    def test_the_launcher_tells_the_address(self):
        with proxies.StunnelExec(self.site) as proxy:
            with proxy.connect_from(CLIENT, tls=True) as talk:
                self.log_in(talk)
            self.site.wait_for_event("connect", protected="yes", **{"from": CLIENT})
            self.check_rights(proxy)
            self.check_limit(proxy, proxy.port, tls=True)

    @needs_program("stunnel")
    def test_the_launcher_tells_of_the_certificate(self):
        with proxies.StunnelExecWithCertificates(self.site) as proxy:
            self.check_certificates(proxy)


@needs_program("haproxy")
class BehindHaproxy(Proxied):
    def test_the_rights_are_the_clients(self):
        self.site.configure(tls="wrapped")  # holds unless the header tells of TLS
        for send in ("send-proxy", "send-proxy-v2", "send-proxy-v2-ssl"):
            with self.subTest(send), proxies.haproxy(self.site, send) as proxy:
                self.check_rights(proxy)
            self.site.log.write_text("")

    def test_a_certificate_is_the_clients(self):
        self.site.configure(external="common-name")
        with proxies.haproxy(self.site, "send-proxy-v2-ssl-cn") as proxy:
            self.check_certificates(proxy)

    def test_headers_without_a_word_of_TLS(self):
        for send in ("send-proxy", "send-proxy-v2"):
            with self.subTest(send), proxies.haproxy(self.site, send) as proxy:
                for port, tls in ((proxy.plain_port, False), (proxy.port, True)):
                    with proxy.connect_from(CLIENT, port, tls) as talk:
                        self.assert_not_protected(talk)
                self.site.wait_for_event("connect", protected="no", proxy="local",
                                         **{"from": CLIENT})
                self.site.log.write_text("")

    def test_headers_that_tell_of_TLS(self):
        # A header that tells of TLS must override the setting tls.
        options = "send-proxy-v2 proxy-v2-options ssl,cert-cn,crc32c,authority"
        for send, wrapped in (("send-proxy-v2-ssl", "wrapped"), ("send-proxy-v2-ssl-cn", "none"),
                              (options, "none")):
            self.site.configure(tls=wrapped)
            with self.subTest(send), proxies.haproxy(self.site, send) as proxy:
                with proxy.connect_from(CLIENT, proxy.plain_port) as talk:
                    self.assert_not_protected(talk)
                self.site.wait_for_event("connect", protected="no", **{"from": CLIENT})
                with proxy.connect_from(NEIGHBOUR, tls=True) as talk:
                    self.log_in(talk, NEIGHBOUR)
                self.site.wait_for_event("connect", protected="yes", **{"from": NEIGHBOUR})
                self.site.log.write_text("")

    def test_the_limit_is_the_clients(self):
        self.site.configure(max_connections_per_source=2)
        with proxies.haproxy(self.site, "send-proxy-v2") as proxy:
            self.check_limit(proxy, proxy.plain_port, tls=False)

    def test_health_checks_are_content_and_quiet(self):
        for send in ("send-proxy", "send-proxy-v2-ssl"):
            with self.subTest(send), proxies.haproxy(self.site, send) as proxy:
                checks = wait_for(proxy.health_checks)
                self.assertIn("succeeded", checks[0])
                for event in ("connect", "disconnect", "proxy-header", "broken-off", "refused"):
                    self.assertEqual(self.site.log_lines(event), [])
            self.site.log.write_text("")


if __name__ == "__main__":
    harness.main()
