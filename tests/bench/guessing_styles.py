# SPDX-License-Identifier: ISC
"""The ways of guessing a password. Each is a function that makes one attempt on a connection and is
false when the connection is over."""

import base64
import os

import scram

# What the site needs for SCRAM to be offered; `always` also gives the users verifiers.
SCRAM = {"scram": "always"}
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # of app passwords


async def ask(reader, writer, line):
    writer.write(line + b"\r\n")
    return await reader.readline()


async def by_password(reader, writer, user, number):
    """Name and password at once, as a fast guesser does."""
    writer.write(f"USER {user}\r\nPASS wrong{number}\r\n".encode())
    return await reader.readline() and await reader.readline()


async def by_same_password(reader, writer, user, number):
    """One wrong password again and again: no guess, but work for the server."""
    return await by_password(reader, writer, user, 0)


async def by_app_password(reader, writer, user, number):
    """What has the form of an app password is looked up before any other work."""
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 28 * 5, 5))
    return (await ask(reader, writer, f"USER {user}".encode())
            and await ask(reader, writer, f"PASS {letters}".encode()))


async def by_plain(reader, writer, user, number):
    text = base64.b64encode(f"\0{user}\0wrong{number}".encode())
    return await ask(reader, writer, b"AUTH PLAIN " + text)


async def offer(reader, writer, user):
    """The server's first message of a SCRAM exchange; nothing when there is none."""
    client = scram.Client(user, "wrong")
    answer = await ask(reader, writer, b"AUTH SCRAM-SHA-256 " + base64.b64encode(client.first))
    return base64.b64decode(answer[2:]) if answer.startswith(b"+ ") else b""


async def by_scram(reader, writer, user, number):
    """A made-up proof, which costs the guesser no derivation of a key."""
    if not (first := await offer(reader, writer, user)):
        return False
    nonce = dict(part.split(b"=", 1) for part in first.split(b","))[b"r"]
    proof = base64.b64encode(os.urandom(32))
    last = base64.b64encode(b"c=biws,r=" + nonce + b",p=" + proof)
    return await ask(reader, writer, last)


async def by_cancelled_offer(reader, writer, user, number):
    """An offer has what a guesser needs to try one password, once the proof of the right user is
    known. Costs the server a search."""
    return await offer(reader, writer, user) and await ask(reader, writer, b"*")


async def by_dropped_offer(reader, writer, user, number):
    """As by_cancelled_offer(), on a connection that then ends."""
    await offer(reader, writer, user)
    return False


# By the word of the command line: the function, and the settings that it needs.
STYLES = {
    "password": (by_password, {}),
    "same": (by_same_password, {}),
    "app": (by_app_password, {}),
    "plain": (by_plain, {}),
    "scram": (by_scram, SCRAM),
    "cancelled": (by_cancelled_offer, SCRAM),
    "dropped": (by_dropped_offer, SCRAM),
}
