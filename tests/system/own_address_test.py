# SPDX-License-Identifier: ISC
"""Clients on this host that use one of its addresses other than 127.0.0.1, as `pop.example.org` leads
to it: nobody else can read what they send."""

import socket
import subprocess

import harness
import proxies
from harness import PATIENCE, Conversation, SiteTest
from launchers import Launcher
from proxies import CLIENT, NEIGHBOUR


def setUpModule():
    global has_own_network
    has_own_network = proxies.enter_own_network()


class Wildcard(Launcher):
    """A sodapopd that listens at all addresses of this host."""

    def start(self):
        self.run(*self.site.command("--listen", f"0.0.0.0:{self.port}"))


class OwnAddress(SiteTest):
    settings = {"max_connections_per_source": 1}

    def setUp(self):
        if not has_own_network:
            self.skipTest("needs root, and a network of its own")
        super().setUp()
        self.site.add_user("alice")

    def connect(self, port, source):
        return Conversation(socket.create_connection((CLIENT, port), PATIENCE, (source, 0)))

    def assert_protected(self, talk, is_protected):
        self.assert_ok(talk.line())
        self.assertEqual(b"USER\r\n" in talk.fetch("CAPA").splitlines(keepends=True), is_protected)
        self.assertEqual(talk.command("USER alice").startswith(b"+OK"), is_protected)

    def test_the_address_that_it_has_connected_to_is_the_clients_own(self):
        with Wildcard(self.site) as server:
            with self.connect(server.port, CLIENT) as talk:
                self.assert_protected(talk, True)
            self.site.wait_for_event("connect", protected="yes", **{"from": CLIENT})
            with self.connect(server.port, NEIGHBOUR) as talk:
                self.assert_protected(talk, False)
            self.site.wait_for_event("connect", protected="no", **{"from": NEIGHBOUR})

    def test_this_host_is_no_source(self):
        with Wildcard(self.site) as server:
            with self.connect(server.port, CLIENT) as one, self.connect(server.port, CLIENT) as two:
                self.assert_ok(one.line())
                self.assert_ok(two.line())
            with self.connect(server.port, NEIGHBOUR) as one:
                self.assert_ok(one.line())
                with self.connect(server.port, NEIGHBOUR) as two:
                    self.assert_err(two.line(), "SYS/TEMP")

    def test_under_a_super_server_too(self):
        for source, is_protected in ((CLIENT, True), (NEIGHBOUR, False)):
            with socket.create_server((CLIENT, 0)) as listener:
                talk = self.connect(listener.getsockname()[1], source)
                server, _ = listener.accept()
            with server:
                process = subprocess.Popen(self.site.command(), stdin=server, stdout=server)
            with talk:
                self.assert_protected(talk, is_protected)
            process.wait(PATIENCE)


if __name__ == "__main__":
    harness.main()
