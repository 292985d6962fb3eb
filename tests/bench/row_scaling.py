# SPDX-License-Identifier: ISC
"""Sessions a second, one after the other, by how much there is: idle connections, users,
messages."""

import os
import pathlib
import resource
import subprocess

import harness
import scratch
from contenders import Client
from curves import Curve, point_name
from machine import Failure, Unmeasurable
from row_faults import OWN_LOOP

# What an idle connection takes of the machine: processes, and KiB with what the kernel needs.
PROCESSES_EACH, KIB_EACH = 2, 512
SPARE = 1_000  # processes and descriptors that are left to others


def scaling(bench):
    """connect, USER, PASS, STAT, QUIT; a cheap password; 10 messages where their number is not the
    question."""
    bench.curves += [by_idle_connections(bench), by_users(bench), by_messages(bench)]
    return [curve.row for curve in bench.curves]


def by_idle_connections(bench):
    """They are before login, where a connection lasts a minute at most."""
    curve = Curve("idle connections", point_name(OWN_LOOP, 0))
    sizes = within_room(curve.row, bench.size((0, 1_000, 10_000), (0, 100, 300)))
    base = bench.place.folder("idle")
    for user in scratch.USERS:
        facts = scratch.make_maildrop(base / user / "Maildir", 10, 4096)
    server = bench.make.sodapopd(base, "own loop", max_connections=sizes[-1] + 100,
                                 max_connections_before_login=sizes[-1] + 100)

    def visit(server):
        held = 0
        with Client(server) as client:
            for size in sizes:
                refused = client.order("hold", size - held)["refused"]
                if refused:
                    raise Unmeasurable(f"{refused:.0f} of {size:,} connections were refused")
                held = size
                curve.add(server.name, size, rate(client, facts, "sessions",
                                                  bench.size(200, 40), len(scratch.USERS)))
            ended = held - client.order("release")["count"]
        server.meter.settle(server.standing, 60)
        if ended:
            raise Unmeasurable(f"{ended:.0f} of {held:,} connections ended too early")

    with bench.running(curve.row, [server]) as live:
        bench.warm_up(curve.row, live)
        bench.interleave(curve.row, live, visit)
    return curve


def within_room(row, sizes):
    """The numbers of connections that the machine has room for; notes the others in the row."""
    most, reason = room()
    for size in sizes:
        if size > most:
            row.note(f"{size:,} idle connections: not measured: {reason}")
    return [size for size in sizes if size <= max(most, 0)]


def room():
    """The largest number of idle connections, and what limits it."""
    processes = int(pathlib.Path("/proc/sys/kernel/pid_max").read_text())
    others = sum(name.isdigit() for name in os.listdir("/proc"))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo", encoding="ascii")
                  if line.startswith("MemAvailable:"))
    return min(((processes - others - SPARE) // PROCESSES_EACH,
                f"/proc/sys/kernel/pid_max is {processes:,}"),
               (files - SPARE, f"the limit of open files is {files:,}"),
               (memory // KIB_EACH, f"{memory >> 10:,} MiB of memory are available"))


def by_users(bench):
    """The users file is compiled. All users have one maildrop."""
    sizes = bench.size((10, 1_000, 10_000, 100_000, 1_000_000), (10, 1_000))
    curve = Curve("users", point_name(OWN_LOOP, sizes[0]))
    base = bench.place.folder("users")
    facts = scratch.make_maildrop(base / "shared" / "Maildir", 10, 4096)
    servers = {server_with_users(bench, base, size): size for size in sizes}

    def visit(server):
        size = servers[server]
        with Client(server) as client:
            curve.add(OWN_LOOP, size, rate(client, facts, "sessions", bench.size(200, 40),
                                           min(size, 1_000)))

    with bench.running(curve.row, list(servers)) as live:
        bench.warm_up(curve.row, live)
        bench.interleave(curve.row, live, visit)
    return curve


def server_with_users(bench, base, size):
    server = bench.make.sodapopd(base, "own loop", f"{OWN_LOOP}, {size:,} users",
                                 maildir=base / "shared" / "Maildir")
    config = pathlib.Path(server.command[2])
    users = config.parent / "users"
    rest = users.read_text().splitlines()[0].removeprefix("user0")
    with open(users, "w", encoding="ascii") as file:
        file.writelines(f"user{number}{rest}\n" for number in range(size))
    subprocess.run([harness.SODAPOP, "--config", config, "users", "compile"], check=True,
                   stdout=subprocess.DEVNULL)
    return server


def by_messages(bench):
    """Each user has another number of messages."""
    curve = Curve("messages")
    base = bench.place.folder("messages")
    sizes = bench.size((1, 10, 100, 1_000, 10_000, 100_000, 1_000_000), (1, 100, 1_000))
    facts = [scratch.make_linked_maildrop(base / user / "Maildir", size, 4096)
             for user, size in zip(scratch.USERS, sizes)]
    servers = [bench.make.sodapopd(base, "own loop"), bench.make.floor(base),
               *bench.peers("scaling", base)]

    def sessions(server, most):
        """For each number of messages that the server can serve, it and the rate: of at most that
        many sessions, and of fewer where they take long."""
        for user, known in zip(scratch.USERS, facts):
            count = max(1, min(most, bench.size(200_000, 20_000) // known.count))
            with Client(server) as client:
                try:
                    yield known.count, rate(client, known if server.is_ours else None,
                                            "sessions-of", user, count)
                except Failure as problem:
                    if server.is_ours:
                        raise
                    point = point_name(server.name, known.count)
                    curve.row.note(f"{point}: not measured: {problem}")
                    return

    def visit(server):
        for size, figure in sessions(server, bench.size(100, 20)):
            curve.add(server.name, size, figure)

    with bench.running(curve.row, servers) as live:
        for server in list(live):  # so that each index is there
            bench.visit_once(curve.row, live, server, lambda server: list(sessions(server, 1)))
        bench.interleave(curve.row, live, visit)
    return curve


def rate(client, facts, *order):
    """Sessions a second. With facts, each STAT has to give them."""
    known = (facts.count, facts.octets) if facts else (0, 0)
    answer = client.order(*order, scratch.PASSWORD, *known)
    return answer["count"] / answer["seconds"]
