# SPDX-License-Identifier: ISC
"""The system calls of one session and the processes that it starts. They are counts, the same
within a few on a busy machine."""

import collections
import functools
import socket

import scram
import scratch
import system_calls
from conversation import PATIENCE, Conversation
from machine import Failure
from report import Row
from row_faults import BY_APP_PASSWORD, OWN_LOOP
from row_password import give_passwords

BY_SCRAM = "own loop, SCRAM"


def calls(bench):
    """connect, login, STAT, RETR 1, QUIT; 10 messages: the calls of all processes, and of each."""
    return traced_sessions(bench)[:2]


def forks(bench):
    """Of the same session: the processes that it starts, and the programs."""
    return traced_sessions(bench)[2:]


@functools.cache
def traced_sessions(bench):
    """The rows of both questions."""
    rows = Rows()
    if problem := system_calls.obstacle():
        rows.total.note(f"not measured: {problem}")
        return rows.all()
    base = bench.place.folder("calls")
    for user in scratch.USERS:
        scratch.make_maildrop(base / user / "Maildir", 10, 4096)
    servers = own_servers(bench, base)
    servers |= dict.fromkeys(bench.peers("session", base), by_password(scratch.PASSWORD))

    def visit(server):
        converse(server, servers[server])
        server.meter.settle(server.standing)
        folder = bench.place.folder("trace")
        with system_calls.traced(server.meter.processes(), folder) as trace:
            converse(server, servers[server])
        rows.add(server, trace.processes())

    with bench.running(rows.total, list(servers)) as live:
        bench.warm_up(rows.total, live)
        bench.interleave(rows.total, live, visit)
    return rows.all()


class Rows:
    def __init__(self):
        self.total = Row("system calls a session", "calls", "floor")
        self.each = Row("these by process", "calls")
        self.processes = Row("new processes a session", "processes", None, {
            "sodapopd": 3, OWN_LOOP: 3, BY_APP_PASSWORD: 2, BY_SCRAM: 2})
        self.programs = Row("programs started a session", "programs")

    def all(self):
        for row in (self.each, self.processes, self.programs):
            row.notes = self.total.notes
        # Without the processes that have nothing to do with a session.
        self.each.figures = {name: counts for name, counts in self.each.figures.items()
                             if any(counts)}
        return [self.total, self.each, self.processes, self.programs]

    def add(self, server, processes):
        found = processes.values()
        self.total.add(server.name, sum(process.calls for process in found))
        self.processes.add(server.name, sum(process.parent is not None for process in found))
        self.programs.add(server.name, sum(process.programs for process in found))
        by_name = collections.Counter()
        for pid, process in processes.items():
            by_name[role(processes, pid)] += process.calls
        for name, count in by_name.items():
            self.each.add(f"{server.name}: {name}", count)


def role(processes, pid):
    """What the process is in sodapopd; for other servers its program."""
    process = processes[pid]
    parent = processes.get(process.parent)
    if process.name != "sodapopd":
        return process.name
    if parent is None:
        return "listener"
    if parent.name != "sodapopd" or parent.parent is None:
        return "monitor and keeper"
    return "front" if pid == parent.started[0] else "verifier"


def own_servers(bench, base):
    """Each with the function that logs in to it."""
    generated = bench.make.sodapopd(base, "own loop")
    generated.name = BY_APP_PASSWORD
    app_password = give_passwords(generated.command[2])
    by_scram = bench.make.sodapopd(base, "own loop", scram="always")
    by_scram.name = BY_SCRAM
    give_passwords(by_scram.command[2], "--scram")
    cheap = by_password(scratch.PASSWORD)
    return {bench.make.floor(base): cheap, bench.make.sodapopd(base): cheap,
            bench.make.sodapopd(base, "own loop"): cheap, generated: by_password(app_password),
            by_scram: lambda talk: scram.log_in(talk, "user0", scratch.PASSWORD)[0]}


def by_password(password):
    return lambda talk: talk.login("user0", password)


def converse(server, log_in):
    """One session. Throws Failure."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection, \
                Conversation(connection) as talk:
            talk.line()
            must_be_ok(log_in(talk))
            must_be_ok(talk.command("STAT"))
            talk.fetch("RETR 1")
            must_be_ok(talk.command("QUIT"))
            talk.rest()
    except (AssertionError, OSError) as problem:
        raise Failure(str(problem)) from problem


def must_be_ok(reply):
    if not reply.startswith(b"+OK"):
        raise Failure(reply.decode(errors="replace").strip())
