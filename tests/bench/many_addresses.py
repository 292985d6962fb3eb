# SPDX-License-Identifier: ISC
"""A network namespace whose clients may have any address of two large networks, and the sources
that an attack can come from. Needs root."""

import ctypes
import dataclasses
import ipaddress
import itertools
import pathlib
import random
import resource
import subprocess

CLONE_NEWNET = 0x40000000
SERVER4, SERVER6 = "10.0.0.1", "2001:db8::1"
CLIENTS4, CLIENTS6 = "10.64.0.0/10", "2001:db8:8000::/33"
# What a program has that does not choose its address: the tools that guessers use.
TOOL = "10.64.0.7"
DESCRIPTORS = 16_384
# Where the right user has logged in before.
USUAL = "10.127.0.9"


def enter():
    """Moves this process, and all that it starts, to a network of its own where it may bind to each
    address of the two networks. Call before the first thread starts."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise PermissionError(ctypes.get_errno(), "a network namespace needs root")
    for words in ("link set lo up", f"address add {SERVER4}/32 dev lo",
                  f"-6 address add {SERVER6}/128 dev lo nodad",
                  f"route add local {CLIENTS4} dev lo", f"-6 route add local {CLIENTS6} dev lo",
                  f"route replace local {SERVER4} dev lo table local src {TOOL}"):
        subprocess.run(["ip", *words.split()], check=True)
    pathlib.Path("/proc/sys/net/ipv6/ip_nonlocal_bind").write_text("1", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


@dataclasses.dataclass
class Source:
    """Where an attack comes from: `address()` gives the address of its next connection, and it has
    `connections` at the same time: as many as the default limits let one source have, or for many
    sources nearly all that the server takes."""
    name: str
    address: object
    connections: int
    is_ipv6: bool = False

    @property
    def server(self):
        return SERVER6 if self.is_ipv6 else SERVER4


def nth_of_botnet(number):
    """An address of a /24 network of its own."""
    return str(ipaddress.ip_address("10.96.0.66") + (number << 8))


def any_of(network):
    """A function that gives a random address of the network."""
    network = ipaddress.ip_network(network)
    return lambda: str(network[random.randrange(1, network.num_addresses)])


def botnet(addresses):
    return Source(f"{addresses:,} addresses",
                  lambda: nth_of_botnet(random.randrange(addresses)), 400)


def sources():
    """By the words of the command lines."""
    return {
        "address": Source("one address", lambda: TOOL, 50),
        "64": Source("one /64", any_of("2001:db8:8000:5::/64"), 50, True),
        "48": Source("one /48", any_of("2001:db8:8000::/48"), 400, True),
        "1000": botnet(1_000),
        "8000": botnet(8_000),
        # Sources that lock the right user out: a stranger with the user's own address, behind one
        # translation of addresses, and one with more /48 networks than the server can remember.
        "usual": Source("the user's address", lambda: USUAL, 20),
        "33": Source("one /33", any_of(CLIENTS6), 400, True),
    }


def new_addresses():
    """Addresses of the right user, each in a network that the server has not seen yet."""
    first = ipaddress.ip_address("10.80.0.9")
    return (str(first + (number << 8)) for number in itertools.count())
