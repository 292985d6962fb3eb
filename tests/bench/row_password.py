# SPDX-License-Identifier: ISC
"""App passwords: what their check saves against Argon2id at the default cost."""

import json
import pathlib
import subprocess

import harness
import scratch
from report import Row

CHECK = LOGIN = "app password"
ARGON2 = "Argon2id, default cost"
SIXTEEN = "app password, of sixteen"


def app_password(bench):
    """The check by itself, then sessions through the whole server, USER to QUIT."""
    return [check(bench), login(bench)]


def check(bench):
    row = Row("CPU of the check of a password", "microseconds", CHECK, {ARGON2: 100},
              at_least=True)
    for _ in range(bench.rounds):
        answer = json.loads(subprocess.run([scratch.BENCH / "bench_app_password"], check=True,
                                           capture_output=True).stdout)
        row.add(CHECK, answer["one"])
        row.add(SIXTEEN, answer["sixteen"])
        row.add(ARGON2, answer["argon2id"])
    return row


def login(bench):
    row = Row("CPU a session, by what the password is", "ms", LOGIN)
    base = bench.place.folder("app-password")
    for user in scratch.USERS:
        scratch.make_maildrop(base / user / "Maildir", 10, 4096)
    words, servers = {}, []
    for name in (LOGIN, ARGON2):
        server = bench.make.sodapopd(base, name="sodapopd")
        server.name = name
        generated = give_passwords(server.command[2])
        words[name] = generated if name == LOGIN else scratch.PASSWORD
        servers.append(server)

    def visit(server):
        row.add(server.name, 1000 * bench.per_session(server, words[server.name],
                                                      bench.size(80, 16), server.meter.cpu))

    with bench.running(row, servers) as live:
        bench.interleave(row, live, visit)
    return row


def give_passwords(config, scram="--no-scram", names=scratch.USERS):
    """Gives the users `names` of a site a hash of the default cost and one app password, and a verifier
    with "--scram". Returns the app password."""
    tool = [harness.SODAPOP, "--config", config]
    users = pathlib.Path(config).parent / "users"
    users.write_text("")
    subprocess.run([*tool, "user", "add", "user0", "--password-stdin", scram, "--uid",
                    str(scratch.UID), "--gid", str(scratch.GID), "--home", "/"],
                   input=scratch.PASSWORD + "\n", text=True, check=True, capture_output=True)
    password = subprocess.run([*tool, "app-password", "add", "user0", "phone"], text=True,
                              check=True, capture_output=True).stdout.strip()
    rest = users.read_text().removeprefix("user0")
    users.write_text("".join(user + rest for user in names))
    return password
