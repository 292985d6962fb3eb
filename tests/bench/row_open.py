# SPDX-License-Identifier: ISC
"""Opening a large maildrop, for the first time and later."""

import json
import subprocess

import machine
import scratch
from contenders import Client
from report import Row

SORT, COUNT = "readdir and sort", "read all and count LF"


def opening(bench):
    """Of 100,000 messages of about 4 KB: login and STAT the first time, the same later, a whole
    session later, and that session's memory."""
    count = bench.size(100_000, 5_000)
    rows = Rows(count)
    source = bench.place.folder("open") / "user0" / "Maildir"
    facts = scratch.make_maildrop(source, count, 4096, 2048)
    servers = []
    for make in (bench.make.floor, bench.make.sodapopd, *bench.peer_makers("opening")):
        base = bench.place.folder("open")
        scratch.link_maildrop(source, base / "user0" / "Maildir")
        servers.append(make(base))

    def visit(server):
        server.forget()
        with Client(server) as client:
            client.order("connect")
            rows.first.add(server.name, login_and_stat(bench, client, server, facts))
            whole_rest(client)
        server.meter.settle(server.standing)
        # Some servers complete their index only when they find it.
        with Client(server) as client:
            client.order("connect")
            login_and_stat(bench, client, server, facts)
            whole_rest(client)
        server.meter.settle(server.standing)
        later_session(bench, rows, server, facts)
        server.meter.settle(server.standing)

    with bench.running(rows.first, servers) as live:
        bench.warm_up(rows.first, live)
        for _ in range(bench.rounds):
            rows.later.add(SORT, limit("sort", source, facts))
            rows.first.add(COUNT, limit("count", source, facts))
            for server in list(live):
                bench.visit_once(rows.first, live, server, visit)
    # floor takes sizes from the file system, so that its first login is no special one.
    rows.first.figures.pop("floor", None)
    return rows.all()


class Rows:
    def __init__(self, count):
        self.first = Row(f"first login and STAT of {count:,}", "ms", COUNT, {"sodapopd": 1.3})
        self.later = Row(f"later login and STAT of {count:,}", "ms", SORT, {"sodapopd": 2.0})
        self.session = Row("later whole session", "ms", "dovecot", {"sodapopd": 0.8})
        self.peak = Row("peak memory of that session, all processes", "MiB", None,
                        {"sodapopd": 16})
        self.private = Row("private memory before its QUIT", "MiB")
        self.uidl = Row("UIDL of that session", "ms")
        self.list = Row("LIST of that session", "ms")

    def all(self):
        return [self.first, self.later, self.session, self.uidl, self.list, self.peak,
                self.private]


def limit(what, maildir, facts):
    """Milliseconds that the machine takes to `sort` or `count`, without a server."""
    answer = json.loads(subprocess.run(
        [scratch.BENCH / "bench_limits", what, maildir / "cur"], check=True,
        capture_output=True).stdout)
    assert answer["count"] == facts.count
    return 1000 * answer["seconds"]


def login_and_stat(bench, client, server, facts):
    """Milliseconds for both."""
    seconds = client.login()["seconds"]
    answer = client.order("stat")
    bench.must_equal(server, "messages of STAT", answer["count"], facts.count)
    bench.must_equal(server, "octets of STAT", answer["octets"], facts.octets)
    return 1000 * (seconds + answer["seconds"])


def whole_rest(client):
    for order in ("uidl", "list", "quit"):
        client.order(order)


def later_session(bench, rows, server, facts):
    """connect, login, STAT, UIDL, LIST, QUIT; memory is looked at just before QUIT."""
    standing = server.meter.processes()
    with Client(server) as client:
        connect = 1000 * client.order("connect")["seconds"]
        opened = login_and_stat(bench, client, server, facts)
        uidl, listed = client.order("uidl"), client.order("list")
        new = server.meter.processes() - standing
        rows.peak.add(server.name, machine.peak_memory(new))
        try:
            rows.private.add(server.name, machine.private_memory(new))
        except machine.Unmeasurable as problem:
            rows.private.drop(server.name, problem)
        ended = 1000 * client.order("quit")["seconds"]
    rows.later.add(server.name, opened)
    rows.uidl.add(server.name, 1000 * uidl["seconds"])
    rows.list.add(server.name, 1000 * listed["seconds"])
    rows.session.add(server.name, connect + opened + ended
                     + 1000 * (uidl["seconds"] + listed["seconds"]))
    bench.must_equal(server, "lines of UIDL", uidl["count"], facts.count)
    bench.must_equal(server, "lines of LIST", listed["count"], facts.count)
    bench.must_equal(server, "octets of LIST", listed["octets"], facts.octets)
