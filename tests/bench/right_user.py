# SPDX-License-Identifier: ISC
"""The user with the right password, who logs in while others guess it or fill the server."""

import dataclasses
import random
import socket
import statistics
import time

import many_addresses
from crowd import PATIENCE
from guessing_site import USERS
from harness import PASSWORD

# The most that the user rests between two logins.
REST = 1.5


@dataclasses.dataclass
class Login:
    """The seconds from connecting to the greeting, and to the answer of PASS. `reply` is the last
    one that came."""
    greeting: float
    answer: float
    reply: str
    is_in: bool = False


class RightUser:
    """Logs in from the usual address and from new networks in turn. Sends each line `round_trip`
    seconds after the reply to the line before."""

    def __init__(self, port, round_trip=0):
        self.port, self.round_trip = port, round_trip
        self.new_addresses = many_addresses.new_addresses()

    def log_in(self, address):
        begin = time.monotonic()
        login = Login(float("nan"), float("nan"), "no connection")
        try:
            with socket.create_connection((many_addresses.SERVER4, self.port), PATIENCE,
                                          (address, 0)) as connection:
                self._talk(connection.makefile("rwb"), begin, login)
        except OSError as error:
            login.reply = str(error)
        return login

    def log_in_as_usual(self):
        return self.log_in(many_addresses.USUAL)

    def log_in_from_new(self):
        return self.log_in(next(self.new_addresses))

    def _talk(self, file, begin, login):
        def reply():
            login.reply = file.readline().decode(errors="replace").strip() or "closed"
            return login.reply.startswith("+OK")

        def send(line):
            time.sleep(self.round_trip)
            file.write(f"{line}\r\n".encode())
            file.flush()

        is_served = reply()
        login.greeting = time.monotonic() - begin
        if is_served:
            send(f"USER {USERS[0]}")
        if is_served and reply():
            send(f"PASS {PASSWORD}")
            login.is_in = reply()
            login.answer = time.monotonic() - begin
        if login.is_in:
            send("QUIT")
            file.read()

    def log_in_for(self, seconds):
        """The logins of that time, from the usual address and from new networks."""
        end = time.monotonic() + seconds
        usual, new = [], []
        while time.monotonic() < end:
            usual.append(self.log_in_as_usual())
            time.sleep(random.uniform(0, REST))
            new.append(self.log_in_from_new())
            time.sleep(random.uniform(0, REST))
        return usual, new


def summary(logins):
    """Median and most in seconds, and how many of all were refused."""
    seconds = [login.answer for login in logins if login.is_in] or [float("nan")]
    failed = sum(not login.is_in for login in logins)
    return (f"{statistics.median(seconds):5.2f} {max(seconds):6.2f} "
            f"{f'{failed} of {len(logins)}':>8}")
