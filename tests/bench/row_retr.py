# SPDX-License-Identifier: ISC
"""Sending and removing messages."""

import scratch
from contenders import Client
from report import Row

LAUNCHERS = {"xinetd": "xinetd", "inetd": "inetd", "systemd": "systemd-socket-activate",
             "own loop": "own loop"}


def retr(bench):
    """Many messages of 10 KiB, a round trip each, under every super-server."""
    count = bench.size(10_000, 1_000)
    names = ["sodapopd"] + [f"sodapopd, {name}" for name in LAUNCHERS]
    row = Row("RETR of messages of 10 KiB", "messages/s", "floor", dict.fromkeys(names, 0.8),
              at_least=True)
    cpu = Row("CPU of each of these", "microseconds", "floor")
    base = bench.place.folder("retr")
    facts = scratch.make_maildrop(base / "user0" / "Maildir", count, 10 << 10)
    servers = [bench.make.floor(base), bench.make.sodapopd(base)]
    servers += [bench.make.sodapopd(base, launcher, f"sodapopd, {name}")
                for name, launcher in LAUNCHERS.items()]
    servers += bench.peers("retr", base)

    def visit(server):
        with Client(server) as client:
            client.order("connect")
            client.login()
            octets = client.order("stat")["octets"]
            # Peers that stall would take minutes.
            limit = 0 if server.is_ours or server.name == "floor" else 3
            before = server.meter.cpu()
            answer = client.order("retr", 1, count, limit)
            used = server.meter.cpu() - before
            client.order("quit")
        row.add(server.name, answer["count"] / answer["seconds"])
        cpu.add(server.name, 1e6 * used / answer["count"])
        bench.must_equal(server, "octets of STAT", octets, facts.octets)
        bench.must_equal(server, "octets of RETR", answer["wire"], facts.wire)

    with bench.running(row, servers) as live:
        bench.warm_up(row, live)
        bench.interleave(row, live, visit)
    return [row, cpu]


def giant(bench):
    """One message of 512 MiB, against a program that only copies the file."""
    size = bench.size(512, 32) << 20
    speed = Row(f"RETR of one message of {size >> 20} MiB", "MB/s", "cat", {"sodapopd": 0.55},
                at_least=True)
    cpu = Row("CPU of that for each GB", "s", "cat", {"sodapopd": 3.0})
    base = bench.place.folder("giant")
    maildir = base / "user0" / "Maildir"
    facts = scratch.make_giant(maildir, size)
    path = next((maildir / "cur").iterdir())
    stored = path.stat().st_size
    cat = bench.make.cat(path)
    servers = [bench.make.floor(base), bench.make.sodapopd(base), *bench.peers("giant", base)]

    def send(server, client):
        """Gets the message, and adds its speed and CPU time to the rows; gives its octets."""
        before = server.meter.cpu()
        answer = client.order("drain") if server is cat else client.order("retr", 1, 1, 0)
        used = server.meter.cpu() - before
        speed.add(server.name, answer["wire"] / answer["seconds"] / 1e6)
        cpu.add(server.name, used / answer["wire"] * 1e9)
        return answer["wire"]

    def visit(server):
        with Client(server) as client:
            client.order("connect")
            if server is cat:
                wire = send(server, client)
            else:
                client.login()
                octets = client.order("stat")["octets"]
                wire = send(server, client)
                client.order("quit")
                bench.must_equal(server, "octets of STAT", octets, facts.octets)
        bench.must_equal(server, "octets sent", wire, stored if server is cat else facts.wire)

    with bench.running(speed, [cat, *servers]) as live:
        bench.warm_up(speed, live)
        bench.interleave(speed, live, visit)
    return [speed, cpu]


def dele(bench):
    """DELE of 10,000 messages one by one, and QUIT until its reply."""
    count = bench.size(10_000, 1_000)
    row = Row(f"DELE of {count:,} one by one, and QUIT", "ms", "floor", {"sodapopd": 1.5})
    alone = Row("QUIT alone of that", "ms", "floor")
    makers = [bench.make.floor, lambda base: bench.make.floor(base, "floor that syncs", ["sync"]),
              bench.make.sodapopd, *bench.peer_makers("dele")]
    servers = []
    for make in makers:
        base = bench.place.folder("dele")
        scratch.make_maildrop(base / "user0" / "Maildir", 0, 0)
        servers.append(make(base))

    def visit(server):
        maildir = server.base / "user0" / "Maildir"
        scratch.remove(maildir)
        facts = scratch.make_maildrop(maildir, count, 4096)
        with Client(server) as client:
            client.order("connect")
            client.login()
            octets = client.order("stat")["octets"]
            marked = client.order("dele", 1, count)["seconds"]
            quit_seconds = client.order("quit")["seconds"]
            left = sum(1 for _ in (maildir / "cur").iterdir())
        row.add(server.name, 1000 * (marked + quit_seconds))
        alone.add(server.name, 1000 * quit_seconds)
        bench.must_equal(server, "octets of STAT", octets, facts.octets)
        bench.must_equal(server, "messages left after QUIT", left, 0)
        if left:
            row.note(f"{server.name}: {left} messages were still there after its reply to QUIT")

    with bench.running(row, servers) as live:
        bench.interleave(row, live, visit)
    return [row, alone]
