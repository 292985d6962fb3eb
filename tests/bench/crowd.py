# SPDX-License-Identifier: ISC
"""Many clients at once, in a thread of their own."""

import asyncio
import contextlib
import threading

# Longer than any limit of a session before login.
PATIENCE = 90


class Crowd:
    """`count` clients of `source`, each of which opens its next connection `pause` seconds after
    one that was refused. A derived class says what a client does: `visit(reader, writer)`, after
    the greeting. `refused` is the number of connections without one."""

    def __init__(self, source, port, count, pause):
        self.source, self.port, self.pause = source, port, pause
        self.refused = 0
        self.has_ended = False
        self.loop = asyncio.new_event_loop()
        self.tasks = [self.loop.create_task(self._connect_for_ever()) for _ in range(count)]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def end(self):
        self.has_ended = True
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        for task in self.tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*self.tasks, return_exceptions=True))
        self.loop.close()

    async def visit(self, reader, writer):
        raise NotImplementedError

    async def _connect_for_ever(self):
        while not self.has_ended:
            is_served = False
            with contextlib.suppress(OSError):  # TimeoutError is one
                async with asyncio.timeout(PATIENCE):
                    is_served = await self._connect()
            if not is_served:
                await asyncio.sleep(self.pause)

    async def _connect(self):
        """False when there was no greeting."""
        reader, writer = await asyncio.open_connection(
            self.source.server, self.port, local_addr=(self.source.address(), 0))
        with contextlib.closing(writer):
            if not (await reader.readline()).startswith(b"+OK"):
                self.refused += 1
                return False
            await self.visit(reader, writer)
            return True
