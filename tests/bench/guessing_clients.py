# SPDX-License-Identifier: ISC
"""The clients that guess passwords, as fast as they may."""

import itertools

from crowd import Crowd

# A twentieth of a second: it costs the guesser nothing, and leaves the machine to the server.
PAUSE = 0.05


class Guessers(Crowd):
    """Connections from `source` that guess passwords of `users`; how, a function of guessing_styles
    says."""

    def __init__(self, source, port, users, connections, guess):
        self.users, self.guess = users, guess
        self.numbers = itertools.count()
        super().__init__(source, port, connections, PAUSE)

    async def visit(self, reader, writer):
        is_open = True
        while is_open:
            number = next(self.numbers)
            user = self.users[number % len(self.users)]
            is_open = await self.guess(reader, writer, user, number)
