# SPDX-License-Identifier: ISC
"""A login's look-up among a thousand users and among a million."""

import json
import subprocess
import time

import harness
import scratch
from report import Row

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LOOK_UPS = 2_000
LINE = ("user{number:07}@example.org:{{ARGON2ID}}$argon2id$v=19$m=19456,t=2,p=1$" + "A" * 22 +
        "${number:043}:5000:5000::/var/vmail/user{number:07}:\n")


def users(bench):
    """Opening the compiled users and finding one, the memory of that, and the time to compile."""
    sizes = SIZES[:2] if bench.quick else SIZES
    most = name(sizes[-1])
    look_up = Row("look-up of a user and of nobody", "us", None, {most: 100})
    proportion = Row("the same", "us", name(sizes[0]), {most: 2})
    memory = Row("memory of a look-up", "MiB", None, {most: 2})
    compiling = Row("compiling the users file", "s", None, {most: 10})
    base = bench.place.folder("users")
    for size in sizes:
        make(base / str(size), size)
    for _ in range(bench.rounds):
        for size in sizes:
            path = base / str(size)
            start = time.monotonic()
            subprocess.run([harness.SODAPOP, "users", "compile", "--users", path, "--config",
                            base / "none"], check=True, stdout=subprocess.DEVNULL)
            compiling.add(name(size), time.monotonic() - start)
            answer = json.loads(subprocess.run(
                [scratch.BENCH / "bench_lookup", path, str(size), str(LOOK_UPS)], check=True,
                capture_output=True).stdout)
            for row in (look_up, proportion):
                row.add(name(size), answer["microseconds"])
            memory.add(name(size), answer["memory"] / 2**20)
    return [look_up, proportion, memory, compiling]


def name(size):
    return f"{size:,} users"


def make(path, size):
    (path.parent / "none").write_text("")
    with open(path, "w", encoding="ascii") as file:
        for number in range(size):
            file.write(LINE.format(number=number))
    path.chmod(0o600)
