# SPDX-License-Identifier: ISC
"""Many connections: the memory of an idle one, and thousands at once under the own loop."""

import time

import machine
import scratch
from contenders import Client
from report import Row


def idle(bench):
    """Memory of one more connection before login, over ten of them."""
    bars = {"sodapopd": 1.5, "sodapopd, own loop": 1.5}
    row = Row("idle connection, private", "MiB", None, bars)
    whole = Row("idle connection, shared counted once", "MiB", None, bars)
    base = bench.place.folder("idle")
    scratch.make_maildrop(base / "user0" / "Maildir", 10, 4096)
    servers = [bench.make.floor(base), bench.make.sodapopd(base),
               bench.make.sodapopd(base, "own loop"), *bench.peers("idle", base)]
    more = 10

    def held(server, client):
        client.order("hold", more)
        time.sleep(0.2)
        pids = server.meter.processes()
        return machine.private_memory(pids), machine.proportional_memory(pids)

    def visit(server):
        with Client(server) as client:
            # The second ten count, as a parent begins to share memory with its first children.
            before, after = held(server, client), held(server, client)
            row.add(server.name, (after[0] - before[0]) / more)
            whole.add(server.name, (after[1] - before[1]) / more)
            client.order("release")
        server.meter.settle(server.standing)

    with bench.running(row, servers) as live:
        bench.warm_up(row, live)
        bench.interleave(row, live, visit)
    whole.notes = row.notes
    return [row, whole]


def many_connections(bench):
    """Connections held open at once, and short ones in a row, by the own loop."""
    at_once, in_a_row = bench.size(2_000, 200), bench.size(100_000, 2_000)
    row = Row("connections of the own loop", "1/s",
              promise="none refused, none left behind")
    base = bench.place.folder("many")
    scratch.make_maildrop(base / "user0" / "Maildir", 10, 4096)
    limits = {"max_connections": at_once + 100, "max_connections_per_source": at_once + 100}
    server = bench.make.sodapopd(base, "own loop", **limits)

    def visit(server):
        with Client(server) as client:
            hold(bench, row, server, client, at_once)
            in_turn(bench, row, server, client, in_a_row)
        row.is_kept = len(bench.wrong) == before

    before = len(bench.wrong)
    with bench.running(row, [server]) as live:
        for one in list(live):
            bench.visit_once(row, live, one, visit)
    return [row]


def hold(bench, row, server, client, count):
    held = client.order("hold", count)
    row.add(f"{count:,} held at once", count / held["seconds"])
    processes = len(server.meter.processes()) - server.standing
    memory = own_memory(server)
    released = client.order("release")
    left = server.meter.settle(server.standing, 20)
    bench.must_equal(server, "refused of those held at once", held["refused"], 0)
    bench.must_equal(server, "answered QUIT of those held at once", released["count"], count)
    bench.must_equal(server, "processes left behind by those held at once", left, 0)
    row.note(f"{held['refused']:.0f} refused, {released['count']:.0f} answered QUIT, "
             f"{left} left behind of {processes} processes{memory}")


def own_memory(server):
    try:
        private = machine.private_memory(server.meter.processes())
    except machine.Unmeasurable:
        return ""
    return f" with {private:.0f} MiB of their own"


def in_turn(bench, row, server, client, count):
    answer = client.order("short", count)
    row.add(f"{count:,} short ones in a row", count / answer["seconds"])
    left = server.meter.settle(server.standing, 20)
    bench.must_equal(server, "refused of short ones", answer["refused"], 0)
    bench.must_equal(server, "processes left behind by short ones", left, 0)
    row.note(f"{answer['refused']:.0f} refused, {left} left behind")
