# SPDX-License-Identifier: ISC
"""Writes the file `penalties` as state/penalty_table reads it, from its description alone."""

import hashlib
import ipaddress
import os
import struct
import time

KINDS = ["network", "wider", "widest", "name", "fresh-name", "pair", "password", "crash",
         "strangers", "gave-way", "home"]
HEADER, ENTRY, WAYS, SETS, TICK = 4096, 48, 32, 2048, 0.125
NAMES, NETWORKS = SETS // 8, SETS * 5 // 8  # how many sets; those of names are the last
KEY = b"0123456789abcdef"


def name_digest(site_key, name):
    return hashlib.blake2b(os.fsencode(name), digest_size=32, key=site_key,
                           person=b"sodapop-name").digest()


def mapped(address):
    address = ipaddress.ip_address(address)
    return address.packed if address.version == 6 else b"\0" * 10 + b"\xff\xff" + address.packed


class PenaltyFile:
    def __init__(self, runtime_directory):
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            boot = file.read(36)
        header = (b"sodapop penalty2" + boot + KEY).ljust(HEADER, b"\0")
        self.path = os.path.join(runtime_directory, "penalties")
        self.octets = bytearray(header + bytes(SETS * WAYS * ENTRY))
        self.now = time.clock_gettime(time.CLOCK_BOOTTIME)
        self.write()

    def add(self, kind, quarters, wait=0.0, network=None, digest=bytes(16)):
        """An entry whose next attempt is due in `wait` seconds, and that was made a minute ago."""
        kind_number = KINDS.index(kind)
        key = (mapped(network) if network else bytes(16)) + digest[:16]
        place, tag = struct.unpack("<QQ", hashlib.blake2b(bytes([kind_number]) + key, digest_size=16,
                                                          key=KEY).digest())
        due = int((self.now + wait) / TICK)
        word = kind_number << 60 | tag % 2**24 << 36 | quarters << 28 | due % 2**28
        is_name = kind in ("name", "fresh-name", "strangers")
        set_number = SETS - NAMES + place % NAMES if is_name else place % NETWORKS
        at = HEADER + set_number * WAYS * ENTRY
        while any(self.octets[at:at + 8]):
            at += ENTRY
        self.octets[at:at + ENTRY] = struct.pack("<QQ", word, int((self.now - 60) * 1000)) + key
        self.write()

    def write(self):
        with open(self.path, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(self.octets)
