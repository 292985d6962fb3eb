# SPDX-License-Identifier: ISC
"""A client's part of SCRAM-SHA-256 (RFC 5802, RFC 7677), which checks the server's signature."""

import base64
import hashlib
import hmac
import os


def digest(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()


class Client:
    """One exchange. `first` and `last()` are its messages, not yet in Base64; `accepts()` checks
    the server's last message. `last()` leaves what is secret in `salted`, `key` and `proof`."""

    def __init__(self, name, password, nonce=None):
        self.password = password.encode()
        self.nonce = nonce or base64.b64encode(os.urandom(18)).decode()
        escaped = name.replace("=", "=3D").replace(",", "=2C")
        self.bare = f"n={escaped},r={self.nonce}"
        self.first = f"n,,{self.bare}".encode()

    def last(self, server_first):
        """The answer to the server's first message, whose parts are then `offer`."""
        text = server_first.decode()
        self.offer = dict(part.split("=", 1) for part in text.split(","))
        if not self.offer["r"].startswith(self.nonce) or self.offer["r"] == self.nonce:
            raise AssertionError(f"a foreign nonce: {text}")
        salt, iterations = base64.b64decode(self.offer["s"]), int(self.offer["i"])
        self.salted = hashlib.pbkdf2_hmac("sha256", self.password, salt, iterations)
        without_proof = "c=biws,r=" + self.offer["r"]
        message = f"{self.bare},{text},{without_proof}".encode()
        self.key = digest(self.salted, b"Client Key")
        signature = digest(hashlib.sha256(self.key).digest(), message)
        self.proof = bytes(a ^ b for a, b in zip(self.key, signature))
        self.expected = digest(digest(self.salted, b"Server Key"), message)
        return f"{without_proof},p={base64.b64encode(self.proof).decode()}".encode()

    def accepts(self, server_last):
        return server_last == b"v=" + base64.b64encode(self.expected)


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode())


def challenge(reply):
    """The octets of a `+ ` line; an AssertionError for any other."""
    if not reply.startswith(b"+ ") or not reply.endswith(b"\r\n"):
        raise AssertionError(f"no challenge: {reply}")
    return base64.b64decode(reply[2:], validate=False)


def log_in(talk, name, password, initial=True):
    """The reply to a whole exchange over `talk`, and its Client. An AssertionError when the server
    signs wrongly."""
    client = Client(name, password)
    if initial:
        reply = talk.command(b"AUTH SCRAM-SHA-256 " + encoded(client.first))
    else:
        if talk.command("AUTH SCRAM-SHA-256") != b"+ \r\n":
            raise AssertionError("no empty challenge")
        reply = talk.command(encoded(client.first))
    if reply.startswith(b"-ERR"):
        return reply, client
    reply = talk.command(encoded(client.last(challenge(reply))))
    if reply.startswith(b"-ERR"):
        return reply, client
    if not client.accepts(challenge(reply)):
        raise AssertionError("the server does not know the verifier")
    return talk.command(""), client
