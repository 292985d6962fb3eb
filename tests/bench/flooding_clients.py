# SPDX-License-Identifier: ISC
"""Clients that say nothing: those that connect and close at once, and those that stay."""

import contextlib
import socket
import time

from crowd import Crowd

# A silent connection that the server has ended or refused is opened again so many seconds later.
PAUSE = 1


def connect_and_close(source, port, count, seconds):
    """Opens and closes `count` connections, evenly within that time or as fast as this process can.
    Gives how many were opened, and in how many seconds."""
    begin = time.monotonic()
    opened = 0
    family = socket.AF_INET6 if source.is_ipv6 else socket.AF_INET
    for number in range(count):
        time.sleep(max(0, begin + number * seconds / count - time.monotonic()))
        with socket.socket(family) as connection, contextlib.suppress(OSError):
            connection.settimeout(1)
            connection.bind((source.address(), 0))
            connection.connect((source.server, port))
            opened += 1
    return opened, time.monotonic() - begin


class Silent(Crowd):
    """Connections that say nothing. `greeted` of them have a greeting at this moment."""

    def __init__(self, source, port, count):
        self.greeted = 0
        super().__init__(source, port, count, PAUSE)

    async def visit(self, reader, writer):
        self.greeted += 1
        try:
            await reader.read()
        finally:
            self.greeted -= 1
