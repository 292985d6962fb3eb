# SPDX-License-Identifier: ISC
"""Mistakes between the server and the program in front of it: a header of the PROXY protocol on one
side alone, TLS at the wrong place, passwords on a connection that counts as unprotected. No file
tells them, as the other side may be on another host: the log does, with what to do."""

import socket
import subprocess

import harness
from mistakes import Mistake
from proxies import LOCAL, block, line

BEHIND = {"proxy": "required", "proxy_networks": "127.0.0.1"}
HELLO = b"\x16\x03\x01\x02\x00\x01\x00"


def nothing(_):
    """The site as it is: the wrapper is set up differently."""


def behind(site):
    site.configure(**BEHIND)


def wrapped_behind(site):
    site.configure(tls="wrapped", **BEHIND)


def sends(octets, commands=()):
    """What a wrapper sends, and perhaps its client. Gives the replies and the log."""
    def talk(site):
        session = harness.Session(site)
        session.send(octets)
        with session:
            said = session.greeting
            said += b"".join(session.command(command) for command in commands)
            said += session.command("QUIT") if commands else session.rest()
            session.exit_status()
        return said.decode() + site.log.read_text()
    return talk


def waits(octets=b""):
    """What a wrapper sends that keeps the connection open then."""
    def talk(site):
        client, server = harness.connected_pair("127.0.0.1")
        with server:
            process = subprocess.Popen(site.command("--login-limit", "1"), stdin=server,
                                       stdout=server)
        with client:
            client.sendall(octets)
            process.wait(harness.PATIENCE)
        return site.log.read_text()
    return talk


def by_local_socket(site):
    client, server = socket.socketpair()
    with server:
        process = subprocess.Popen(site.command(), stdin=server, stdout=server)
    with client:
        process.wait(harness.PATIENCE)
    return site.log.read_text()


UNEXPECTED = 'event=proxy-header problem=unexpected hint="set proxy = required, or let '
REPLY = r"a PROXY header came, but none is expected(.|\n)*"
MISSING = 'event=proxy-header problem=missing hint="let the proxy send it, or set proxy = off"'
TLS = 'event=tls problem=unexpected hint="this port is without TLS: let a TLS wrapper answer here"'

OF_HEADERS = [
    Mistake("HAProxy sends a header of version 1, and proxy is off", nothing,
            log=REPLY + UNEXPECTED, tell=sends(line())),
    Mistake("HAProxy sends a header of version 2, and proxy is off", nothing,
            log=REPLY + UNEXPECTED, tell=sends(block())),
    Mistake("HAProxy sends a header with TLS in it, and proxy is off", nothing,
            log=REPLY + UNEXPECTED, tell=sends(block(tls=1) + b"USER alice\r\n")),
    Mistake("a health check has a header, and proxy is off", nothing,
            log=REPLY + UNEXPECTED, tell=sends(block(command=LOCAL))),
    Mistake("stunnel sends a header for an unknown client, and proxy is off", nothing,
            log=REPLY + UNEXPECTED, tell=sends(b"PROXY UNKNOWN\r\n")),
]
OF_MISSING = [
    Mistake(name, behind, also=("proxy-networks-open",), log=log, tell=tell)
    for name, log, tell in (
        ("proxy is required, and stunnel sends no header", MISSING, waits()),
        ("proxy is required, and the client begins itself", MISSING, waits(b"USER alice\r\n")),
        ("proxy is required, and TLS comes without a header", MISSING, waits(HELLO)),
        ("the proxy's header is cut", "problem=malformed", waits(b"PROXY TCP4 192.0.2.7\r\n")),
        ("the proxy's header never ends", "problem=late", waits(b"PROXY TCP4 ")),
        ("two proxies send a header each", "problem=doubled", waits(line() + block())),
        ("the proxy passes TLS on", TLS, sends(line() + HELLO)),
    )
]
OF_PROTECTION = [
    Mistake("a client begins TLS at the plain port", nothing, log=TLS, tell=sends(HELLO)),
    Mistake("tls is none behind a proxy that does not tell of TLS", behind,
            also=("proxy-networks-open",), log='reason=unprotected problem="no TLS, as far as this server knows; behind a TLS wrapper set '
                'tls = wrapped"', tell=sends(line(), ("USER alice",))),
    Mistake("the proxy has a port without TLS", wrapped_behind, also=("proxy-networks-open",),
            log='reason=unprotected problem="the proxy says that its client has no TLS"',
            tell=sends(block(tls=0), ("USER alice",))),
    Mistake("another host speaks to the port of the proxy",
            lambda site: site.configure(**BEHIND | {"proxy_networks": "192.0.2.1"}),
            log="event=refused reason=proxy-networks", tell=waits(line())),
    Mistake("another account connects to the proxy's local socket",
            lambda site: site.configure(**BEHIND | {"proxy_networks": "local",
                                                    "proxy_account": "daemon"}),
            log="event=refused reason=proxy-account uid=0", tell=by_local_socket, needs=("root",)),
]

ROWS = OF_HEADERS + OF_MISSING + OF_PROTECTION
