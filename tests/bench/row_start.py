# SPDX-License-Identifier: ISC
"""Starting, sessions and passwords: the cost of each connection."""

import json
import subprocess

import contenders
import harness
import peers
import row_password
import scratch
from contenders import Client
from machine import Failure
from report import Row


BY_APP_PASSWORD = "own loop, app password"


def start(bench):
    """From execve to the greeting over a socket pair."""
    row = Row("exec to greeting", "microseconds", "no-op, static", {"sodapopd": 2.0})
    base = bench.place.folder("start")
    commands = {"no-op, static": [contenders.NOOP],
                "floor": [contenders.FLOOR, base],
                "sodapopd": contenders.sodapopd_command(bench.place.site(base))}
    times = bench.size(100, 20)
    for name, command in list(commands.items()):
        try:
            contenders.check_static(command[0])
        except Failure as problem:
            row.drop(name, problem)
            del commands[name]
    for _ in range(bench.rounds):
        for name, command in list(commands.items()):
            done = subprocess.run([scratch.BENCH / "bench_startcost", str(times), *command],
                                  capture_output=True, text=True, check=False)
            if done.returncode == 0:
                row.add(name, json.loads(done.stdout)["microseconds"])
            else:
                row.drop(name, done.stderr.strip() or "it could not be started")
                del commands[name]
    return [row]


def session(bench):
    """connect, USER, PASS, STAT, QUIT; 10 messages; a cheap password."""
    row = Row("CPU a session", "ms", "floor", {"sodapopd": 2.0, BY_APP_PASSWORD: 1.15})
    wall = Row("sessions a second, one after the other", "1/s", "floor")
    base = bench.place.folder("ten")
    for user in scratch.USERS:
        facts = scratch.make_maildrop(base / user / "Maildir", 10, 4096)
    by_app_password = bench.make.sodapopd(base, "own loop")
    by_app_password.name = BY_APP_PASSWORD
    app_password = row_password.give_passwords(by_app_password.command[2])
    servers = [bench.make.floor(base), bench.make.sodapopd(base),
               bench.make.sodapopd(base, "own loop"), by_app_password, *bench.peers("session", base)]
    if harness.IS_ROOT:
        servers += [bench.make.processes(base), bench.make.processes_in_own_loop(base)]

    def visit(server):
        known = (facts.count, facts.octets) if server.is_ours else (0, 0)
        # Some peers take twenty times as long.
        count = bench.size(100 if isinstance(server, peers.Peer) else 400, 40)
        word = app_password if server is by_app_password else scratch.PASSWORD
        with Client(server) as client:
            client.order("sessions", 8, 8, word, *known)  # so that each index is there
            server.meter.settle(server.standing)
            before = server.meter.cpu()
            answer = client.order("sessions", count, 8, word, *known)
            server.meter.settle(server.standing)
        row.add(server.name, 1000 * (server.meter.cpu() - before) / count)
        wall.add(server.name, count / answer["seconds"])

    with bench.running(row, servers) as live:
        bench.warm_up(row, live)
        bench.interleave(row, live, visit)
    return [row, wall]


def cache(bench):
    """A login with a password hashed at the default cost, with and without a password cache."""
    row = Row("login with a default password", "ms", "without cache")
    base = bench.place.folder("cache")
    scratch.make_maildrop(base / "slow" / "Maildir", 10, 4096)
    names = {"without cache": {}, "auth-cache = 600": {"auth_cache": 600}}
    servers = []
    for name, settings in names.items():
        server = bench.make.sodapopd(base, name="sodapopd", **settings)
        server.name = name
        subprocess.run(
            [harness.SODAPOP, "--config", server.command[2], "user", "add", "slow",
             "--password-stdin", "--uid", str(scratch.UID), "--gid", str(scratch.GID)],
            input=scratch.PASSWORD + "\n", text=True, check=False, capture_output=True)
        servers.append(server)

    def visit(server):
        with Client(server) as client:
            client.order("connect")
            row.add(server.name, 1000 * client.login("slow")["seconds"])
            client.order("quit")

    servers = [server for server in servers if knows_its_settings(row, server)]
    with bench.running(row, servers) as live:
        bench.warm_up(row, live, "slow")
        bench.interleave(row, live, visit)
    return [row]


def knows_its_settings(row, server):
    reply = subprocess.run(server.command, stdin=subprocess.DEVNULL, capture_output=True,
                           text=True, check=False)
    if reply.stdout.startswith("+OK"):
        return True
    row.drop(server.name, "this sodapopd does not know the setting"
             if "misconfigured" in reply.stdout else reply.stdout.strip() or "it did not greet")
    return False


