# SPDX-License-Identifier: ISC
"""How rows are measured: all contenders run at the same time, each round visits each of them once,
and one that fails is left out with its reason while the others go on."""

import contextlib
import dataclasses

import contenders
import machine
import peers
import scratch


@dataclasses.dataclass(eq=False)
class Bench:
    """The data and functions that all rows share."""
    place: scratch.Scratch
    rounds: int
    quick: bool
    wrong: list = dataclasses.field(default_factory=list)
    curves: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.make = contenders.Factory(self.place)

    def size(self, whole, quick):
        return quick if self.quick else whole

    def peer_makers(self, row_name):
        """For each peer that can take part in a row, a function from a base to the contender."""
        return peers.makers(self.place, row_name)

    def peers(self, row_name, base):
        return [make(base) for make in self.peer_makers(row_name)]

    def must_equal(self, server, what, found, wanted):
        """Notes a wrong number. For sodapopd only: sizes of other servers are known to be wrong."""
        text = f"{server.name}: {what} is {found:.15g}, should be {wanted:.15g}"
        if server.is_ours and found != wanted and text not in self.wrong:
            self.wrong.append(text)

    @contextlib.contextmanager
    def running(self, row, servers):
        """Starts the servers that can be started; notes the others in the row."""
        live = []
        try:
            for server in servers:
                try:
                    server.start()
                    live.append(server)
                except (machine.Failure, OSError) as problem:
                    row.drop(server.name, problem)
            yield live
        finally:
            for server in live:
                server.stop()

    def interleave(self, row, live, visit):
        """Calls visit(SERVER) once in each round for each; a server that fails is not visited
        again."""
        for _ in range(self.rounds):
            for server in list(live):
                self.visit_once(row, live, server, visit)

    def visit_once(self, row, live, server, visit):
        try:
            visit(server)
        except machine.Failure as problem:
            self.fail(row, live, server, problem)

    def fail(self, row, live, server, problem):
        row.drop(server.name, problem)
        live.remove(server)
        server.stop()
        if server.is_ours and not isinstance(problem, machine.Unmeasurable):
            self.wrong.append(f"{row.title}: {server.name}: {problem}")

    def per_session(self, server, password, count, used):
        """The growth of `used()` in each of `count` sessions, after eight that make the indexes."""
        with contenders.Client(server) as client:
            client.order("sessions", 8, 8, password, 0, 0)
            server.meter.settle(server.standing)
            before = used()
            client.order("sessions", count, 8, password, 0, 0)
            server.meter.settle(server.standing)
        return (used() - before) / count

    def warm_up(self, row, live, user="user0"):
        """Runs one session with each server that has maildrops, so that its indexes and all its
        permanent processes exist."""
        for server in [server for server in live if server.base is not None]:
            try:
                with contenders.Client(server) as client:
                    client.order("connect")
                    client.login(user)
                    client.order("stat")
                    client.order("quit")
                server.meter.settle(server.standing, 1.0)
                server.standing = len(server.meter.processes())
            except machine.Failure as problem:
                self.fail(row, live, server, problem)
