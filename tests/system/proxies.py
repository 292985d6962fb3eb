# SPDX-License-Identifier: ISC
"""Proxies that tell the address of their client: headers made by hand, stunnel and HAProxy with the
files from contrib/, which connect by a local socket. In a network namespace of its own, clients have addresses that are not this
host's."""

import contextlib
import ctypes
import socket
import struct
import subprocess

import launchers
from harness import IS_ROOT, PATIENCE, Conversation, find_program, wait_for
from launchers import CONTRIB, free_port, replaced

CLIENT, NEIGHBOUR = "192.0.2.7", "192.0.2.8"
CLONE_NEWNET = 0x40000000
LOCAL, PROXY = 0x20, 0x21
TCP4, TCP6 = 0x11, 0x21
BY_TLS = 1


def enter_own_network():
    """Moves this process, and all that it starts, to a network namespace with nothing but the
    loopback interface, which gets the addresses of the clients. False where that is impossible."""
    if not IS_ROOT or not find_program("ip") or ctypes.CDLL(None).unshare(CLONE_NEWNET) != 0:
        return False
    for words in ("link set lo up", f"address add {CLIENT}/32 dev lo",
                  f"address add {NEIGHBOUR}/32 dev lo"):
        subprocess.run([find_program("ip"), *words.split()], check=True)
    return True


def line(source=CLIENT, protocol="TCP4", destination="192.0.2.1"):
    return f"PROXY {protocol} {source} {destination} 56324 110\r\n".encode()


def tlv(kind, value):
    return struct.pack(">BH", kind, len(value)) + value


def block(source=CLIENT, command=PROXY, tls=None):
    """A header of version 2; `tls` are the client bits."""
    rest = socket.inet_aton(source) + socket.inet_aton("192.0.2.1") + struct.pack(">HH", 56324, 110)
    if tls is not None:
        rest += tlv(0x20, struct.pack(">BI", tls, 1))
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH", command, TCP4, len(rest)) + rest


class Proxy(launchers.Launcher):
    """A proxy before a sodapopd that listens itself, at the local socket `behind`."""

    tls = "wrapped"

    def account(self):
        """The account under which the proxy connects."""
        raise NotImplementedError

    def start_sodapopd(self, path):
        self.behind = path
        self.site.configure(proxy="required", proxy_networks="local", proxy_account=self.account())
        self.run(*self.site.command("--listen", str(path)), path=path)

    def connect_from(self, address, port=None, tls=False, certificate=""):
        """A conversation of a client with this address, and with a certificate of that common name;
        nothing has been read yet."""
        connection = socket.create_connection(("127.0.0.1", port or self.port), PATIENCE,
                                              (address, 0))
        if tls:
            context = launchers.tls_context(self.site, certificate)
            connection = context.wrap_socket(connection, server_hostname="localhost")
        return Conversation(connection)


class Listening(Proxy):
    """No proxy: only the sodapopd that listens itself, at `port`."""

    tls = "none"

    def start(self):
        self.run(*self.site.command("--listen", f"127.0.0.1:{self.port}"))


class StunnelProxy(launchers.StunnelConnect, Proxy):
    file = "pop3s-proxy.conf"

    def start(self):
        self.site.configure(tls="wrapped")
        self.start_sodapopd(self.site.root / "stunnel.socket")
        text = replaced(self.write("proxy.conf", self.options(self.port)),
                        ("/run/sodapop-stunnel.socket", str(self.behind)))
        self.run(find_program(self.program), self.write("stunnel.conf", "pid =\n" + text))

    def stop(self):
        launchers.Launcher.stop(self)


class StunnelExec(Proxy, launchers.StunnelExec):
    pass


class StunnelExecWithCertificates(StunnelExec):
    """Accepts alice's certificate, and clients without one."""

    def options(self, port):
        trusted = launchers.make_client_certificate(self.site, "alice")
        trusted.with_suffix(".pem.crt").chmod(0o644)
        return super().options(port) + (f"verifyPeer = yes\nrequireCert = no\n"
                                        f"CAfile = {trusted}.crt\n")


class Haproxy(Proxy):
    """`port` is the port with TLS, `plain_port` the one without; `send` is the part of the server
    line that says which header HAProxy sends."""

    program = "haproxy"
    send = "send-proxy-v2-ssl-cn"

    def account(self):
        """Any account of this host that is not root's, where haproxy's own may be missing."""
        return "daemon" if IS_ROOT else launchers.own_account()

    def restrictions(self):
        """What Debian's haproxy.cfg has in its section `global`: sodapopd's socket is in the chroot."""
        chroot = self.site.root / "haproxy"
        chroot.mkdir(exist_ok=True)
        if not IS_ROOT:
            return ""
        return f"global\n  chroot {chroot}\n  user {self.account()}\n  group {self.account()}\n\n"

    def start(self):
        restrictions = self.restrictions()
        self.start_sodapopd(self.site.root / "haproxy" / "sodapop.socket")
        self.plain_port = free_port()
        certificate = launchers.make_certificate(self.site)
        trusted = launchers.make_client_certificate(self.site, "alice")
        text = replaced(
            CONTRIB / "haproxy" / "haproxy.cfg",
            (" ssl-min-ver", f" ca-file {trusted}.crt verify optional ssl-min-ver"),
            (":::995 v4v6", f"127.0.0.1:{self.port}"),
            (":::110 v4v6", f"127.0.0.1:{self.plain_port}"),
            ("/etc/haproxy/pop3.pem", str(certificate)),
            ("unix@/sodapop.socket", "unix@/sodapop.socket" if IS_ROOT else f"unix@{self.behind}"),
            ("send-proxy-v2-ssl-cn", self.send), ("inter 10s", "inter 100ms"),
            # Otherwise a session that takes longer than `inter` to start would count as down.
            ("  timeout connect 5s\n", f"  timeout connect 5s\n  timeout check {PATIENCE}s\n"),
            ("option tcp-check", "log stdout format raw local0\n  option log-health-checks\n"
                                 "  option tcp-check"))
        self.run(find_program(self.program), "-db", "-f", self.write("haproxy.cfg", restrictions + text))
        wait_for(lambda: launchers.is_listening(self.plain_port))

    def health_checks(self):
        """The lines of HAProxy's output about health checks."""
        return [text for text in self.errors.read_text().splitlines() if "Health check" in text]


@contextlib.contextmanager
def haproxy(site, send):
    kind = type("Haproxy", (Haproxy,), {"send": send})
    with kind(site) as proxy:
        yield proxy
