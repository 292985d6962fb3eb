# SPDX-License-Identifier: ISC
"""A book of messages: which were delivered, which may be gone, and by which unique-id each is known.

Each message carries a number of its own, its token, in a header. Everything that is not as it has to
be becomes an entry of `faults`.
"""

import collections
import random
import re
import threading
import time

TOKEN = re.compile(rb"^X-Token: (\d+)\r?$", re.M)
LARGE = 20  # one message of so many has a hundred kilobytes


def message(token):
    """The text of a message, with bare LF; always the same one for a token."""
    chance = random.Random(token)
    lines = chance.randrange(1200, 1800) if token % LARGE == 0 else chance.randrange(40)
    body = "".join(chance.choice((".", "", "..", "x")) + "y" * chance.randrange(72) + "\n"
                   for _ in range(lines))
    return (f"From: a@example.org\nTo: alice@example.org\nSubject: message {token}\n"
            f"Message-ID: <{token}@example.org>\nX-Token: {token}\n\n{body}").encode()


def body_of(octets):
    """What follows the header, with bare LF."""
    return octets.replace(b"\r\n", b"\n").partition(b"\n\n")[2]


def tokens_in(octets):
    """The tokens of all messages in these octets, for example a file in the mbox format."""
    return [int(token) for token in TOKEN.findall(octets)]


def tokens_in_maildir(maildir):
    """token -> the files that have it, for a Maildir in which nothing happens meanwhile. A file
    without a token has None."""
    found = collections.defaultdict(list)
    for folder in ("new", "cur"):
        for path in (maildir / folder).iterdir():
            tokens = tokens_in(path.read_bytes())
            found[tokens[0] if tokens else None].append(f"{folder}/{path.name}")
    return found


class Ledger:
    """For several threads at once."""

    def __init__(self):
        self.begin = time.monotonic()
        self.lock = threading.Lock()
        self.last_token = 0
        self.delivered = set()
        self.removable = set()  # an agent was told to remove them: each may be gone
        self.movable = set()  # an agent was told to move them to another folder
        self.removed = set()  # POP3 said so
        self.token_by_unique_id = {}
        self.unique_id_by_token = {}
        self.refusals = []  # of messages that were listed: where, unique-id, reply
        self.faults = []
        self.counts = collections.Counter()

    def fault(self, where, text):
        with self.lock:
            self.faults.append(f"{time.monotonic() - self.begin:.2f} s, {where}: {text}")

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] += number

    def new_token(self):
        with self.lock:
            self.last_token += 1
            return self.last_token

    def note_delivered(self, token):
        with self.lock:
            self.delivered.add(token)

    def order_removal(self, tokens):
        """Has to be called before an agent is told to remove them."""
        with self.lock:
            self.removable.update(tokens)

    def order_move(self, tokens):
        """Has to be called before an agent is told to move them to another folder."""
        with self.lock:
            self.movable.update(tokens)

    def note_removed(self, tokens):
        """POP3 has answered QUIT with success."""
        with self.lock:
            self.removed.update(tokens)

    def staying(self):
        """The tokens of the messages that have to be in the Maildir now."""
        with self.lock:
            return self.delivered - self.removable - self.movable

    def note_refusal(self, where, unique_id, reply):
        """RETR, TOP or DELE failed. Only a message that was removed meanwhile may be refused; which
        one it is may come out later."""
        with self.lock:
            self.refusals.append((where, unique_id, reply))

    def token_of(self, unique_id):
        with self.lock:
            return self.token_by_unique_id.get(unique_id)

    def note_unique_id(self, where, unique_id, token):
        with self.lock:
            known_token = self.token_by_unique_id.setdefault(unique_id, token)
            known_unique_id = self.unique_id_by_token.setdefault(token, unique_id)
        if known_token != token:
            self.fault(where, f"{unique_id} was message {known_token} and is {token}")
        if known_unique_id != unique_id:
            self.fault(where, f"message {token} was {known_unique_id} and is {unique_id}")
