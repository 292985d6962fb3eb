#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Shows whether the time of a reply tells that a name has a user.

    tests/bench/known_names.py [--users N] [--tries N] [--compile]

Makes a users file of that many users (50,000), with SCRAM verifiers, and tries so many (400) known
and unknown names in turns, with a wrong password and with the first step of SCRAM. Known names are
from the first hundred lines, which a search that stops at a match would find at once. Prints, for
each of the two, the medians and the AUC: the probability that a reply to an unknown name takes
longer than one to a known name. 0.5 tells nothing; 0 and 1 tell all. SODAPOP_BUILD names the build
directory.
The exit status is 1 when an AUC is outside of 0.45 to 0.55, which chance alone does once in 70
times.
"""

import argparse
import itertools
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import harness
import scram
from proxies import BY_TLS
from sasl import Talk


def make_users(site, count):
    """All have the hash and the verifier of one who was added."""
    site.add_user("user0", cost=(*harness.CHEAP, "--scram", "--scram-iterations", "4096"))
    rest = site.users_file.read_text().strip().split(":", 1)[1]
    with open(site.users_file, "w", encoding="ascii") as file:
        for number in range(count):
            file.write(f"user{number}:{rest}\n")


NUMBERS = itertools.count()


def new_network():
    """The address of a client from whose network nothing has failed: no try waits for its turn."""
    number = next(NUMBERS)
    return f"10.{number // 256}.{number % 256}.7"


def by_password(site, name):
    with Talk(site, tls=BY_TLS, source=new_network()) as talk:
        talk.command(f"USER {name}")
        return timed(talk, b"PASS wrong")


def by_scram(site, name):
    with Talk(site, source=new_network()) as talk:
        first = scram.encoded(scram.Client(name, "wrong").first)
        return timed(talk, b"AUTH SCRAM-SHA-256 " + first)


def timed(talk, line):
    start = time.perf_counter()
    talk.command(line)
    return time.perf_counter() - start


def auc(known, unknown):
    """The Mann-Whitney statistic, as a share of all pairs."""
    larger = sum((u > k) + (u == k) / 2 for k in known for u in unknown)
    return larger / (len(known) * len(unknown))


def measure(site, attempt, tries):
    known, unknown = [], []
    for number in range(tries):
        known.append(attempt(site, f"user{number % 100}"))
        unknown.append(attempt(site, f"none{number % 100}"))
    return known, unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50_000)
    parser.add_argument("--tries", type=int, default=400)
    parser.add_argument("--compile", action="store_true", help="compile the users file")
    given = parser.parse_args()
    site = harness.Site(proxy="required", proxy_networks="127.0.0.1", scram="always")
    told = False
    try:
        make_users(site, given.users)
        if given.compile:
            subprocess.run([harness.SODAPOP, "--config", site.config, "users", "compile"],
                           check=True, stdout=subprocess.DEVNULL)
        for title, attempt in (("SCRAM's offer", by_scram), ("wrong password", by_password)):
            known, unknown = measure(site, attempt, given.tries)
            found = auc(known, unknown)
            told |= not 0.45 <= found <= 0.55
            print(f"{title:15} known {statistics.median(known) * 1e3:8.2f} ms   "
                  f"unknown {statistics.median(unknown) * 1e3:8.2f} ms   AUC {found:.3f}", flush=True)
    finally:
        site.close()
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
