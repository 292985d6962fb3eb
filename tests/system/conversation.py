# SPDX-License-Identifier: ISC
"""A POP3 client for tests, which returns replies as they were received."""

import socket

PATIENCE = 30  # seconds to wait for anything that has to happen
PASSWORD = "open sesame"  # with a blank, which PASS allows


class Conversation:
    """A client that sees every octet. Made from a connected socket."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self.file = connection.makefile("rb", buffering=65536)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, octets):
        self.socket.sendall(octets if isinstance(octets, bytes) else octets.encode())

    def line(self):
        """One line with its line end; b"" at the end of the connection."""
        return self.file.readline()

    def command(self, text):
        self.send(text.encode() + b"\r\n" if isinstance(text, str) else text + b"\r\n")
        return self.line()

    def body(self):
        """The rest of a multi-line reply without stuffed dots; fails when it has no end."""
        lines = []
        while (line := self.line()) != b".\r\n":
            if not line.endswith(b"\n"):
                raise AssertionError("the connection closed within a multi-line reply")
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def fetch(self, command):
        """The text of a multi-line reply that must be +OK."""
        reply = self.command(command)
        if not reply.startswith(b"+OK"):
            raise AssertionError(f"{command}: {reply}")
        return self.body()

    def rest(self):
        """All octets until the connection ends; b"" when it is reset."""
        try:
            return self.file.read()
        except ConnectionResetError:
            return b""

    def login(self, name="alice", password=PASSWORD):
        self.command(f"USER {name}")
        return self.command(f"PASS {password}")

    def reset(self):
        """Closes so that the server's side sees a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()


def connected_pair(source="127.0.0.1"):
    """Both ends of a TCP connection over loopback: the client's, the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), source_address=(source, 0))
        return client, listener.accept()[0]
