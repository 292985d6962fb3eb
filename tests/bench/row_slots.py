# SPDX-License-Identifier: ISC
"""Hash slots: what waiting for one costs, whether a crowd of logins all get in, and how long a
right login takes beside guessers. Clients come from networks that a PROXY header tells."""

import fcntl
import os
import pathlib
import selectors
import socket
import statistics
import struct
import threading
import time

import machine
import scratch
from report import Row
from row_password import give_passwords

RIGHT = WRONG = 250
GUESSERS = 50
COST = 19  # MiB, of the default
MORE_MEMORY = 200  # MiB, for the processes of RIGHT + WRONG sessions
PATIENCE = 90
MOST_SLOTS = 1024
F_OFD_SETLK = 37


def crowd(bench):
    """RIGHT right and WRONG wrong logins at once, each from its own network."""
    right, wrong = bench.size(RIGHT, 25), bench.size(WRONG, 25)
    slots = len(os.sched_getaffinity(0))
    served = Row(f"{right} right and {wrong} wrong logins at once", "s",
                 promise="all right ones are served, all wrong ones refused", is_kept=True)
    memory = Row("peak memory meanwhile", "MiB", None, {"sodapopd": slots * COST + MORE_MEMORY})
    waiting = Row(f"CPU of {right + wrong} logins that wait for a slot", "processors", None,
                  {"sodapopd": 0.05})
    server = site(bench, right)

    def visit(server):
        run = Crowd(server, right, wrong)
        with held_slots(server):
            run.send()
            time.sleep(1)
            before, start = server.meter.cpu(), time.monotonic()
            time.sleep(bench.size(5, 1))
            waiting.add(server.name, (server.meter.cpu() - before) / (time.monotonic() - start))
        begin = time.monotonic()
        good, bad = run.answers()
        served.add(server.name, time.monotonic() - begin)
        memory.add(server.name, peak_memory(server))
        server.meter.settle(server.standing, 20)
        served.is_kept = served.is_kept and (good, bad) == (right, wrong)
        served.note(f"{good} of {right} right ones in, {bad} of {wrong} wrong ones refused")

    with bench.running(served, [server]) as live:
        bench.interleave(served, live, visit)
    return [served, waiting, memory]


def beside_guessers(bench):
    """A right login from a network of its own, while GUESSERS connections of one network guess."""
    row = Row(f"right login beside {GUESSERS} guessers of one network", "s", None,
              {"sodapopd, median": 1, "sodapopd, longest": 3})
    server = site(bench, 8)
    logins = bench.size(20, 4)

    def visit(server):
        stop = threading.Event()
        guessers = [threading.Thread(target=guess, args=(server, number, stop), daemon=True)
                    for number in range(GUESSERS)]
        for thread in guessers:
            thread.start()
        time.sleep(2)
        try:
            times = [time_of_login(server, f"10.9.{number}.1", f"user{number % 4 + 4}")
                     for number in range(logins)]
        finally:
            stop.set()
        for thread in guessers:
            thread.join(PATIENCE)
        row.add("sodapopd, median", statistics.median(times))
        row.add("sodapopd, longest", max(times))
        server.meter.settle(server.standing, 20)

    with bench.running(row, [server]) as live:
        bench.interleave(row, live, visit)
    return [row]


def site(bench, users):
    """A server under tcpserver whose users have hashes of the default cost and empty Maildirs."""
    base = bench.place.folder("slots")
    for number in range(users):
        scratch.make_maildrop(base / f"user{number}" / "Maildir", 0, 0)
    server = bench.make.sodapopd(base, proxy="required", proxy_networks="127.0.0.1")
    give_passwords(server.command[2], names=[f"user{number}" for number in range(users)])
    command = server.whole_command
    server.whole_command = lambda: [*command()[:6], "-c1000", "-b1000", *command()[6:]]
    return server


def held_slots(server):
    """Holds every hash slot, and no turnstile, until the file that it gives is closed."""
    run = pathlib.Path(server.command[2]).parent / "run"
    file = open(run / "hash-slots", "a+b")
    # An OFD lock, which Python has no name for: type, whence, start, length, pid.
    fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, MOST_SLOTS, 0))
    return file


def peak_memory(server):
    group = server.meter.memory
    for name in ("memory.peak", "memory.max_usage_in_bytes"):
        if group is not None and (group / name).exists():
            return int((group / name).read_text()) / 2**20
    raise machine.Unmeasurable("peak memory needs root and a memory control group")


def header(address):
    """The PROXY header, version 2, of a client at `address` that came over TLS."""
    addresses = socket.inet_aton(address) + socket.inet_aton("10.0.0.1") + struct.pack("!HH", 40000,
                                                                                     995)
    tls = struct.pack("!BHBI", 0x20, 5, 1, 0)  # PP2_TYPE_SSL with PP2_CLIENT_SSL
    return (b"\r\n\r\n\0\r\nQUIT\n\x21\x11" + struct.pack("!H", len(addresses + tls)) +
            addresses + tls)


class Talk:
    """A connection of a client at `address`."""

    def __init__(self, server, address):
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self.socket.sendall(header(address))
        self.input = self.socket.makefile("rb")
        if not self.line().startswith(b"+OK"):
            raise ConnectionError("no greeting")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.input.close()
        self.socket.close()

    def line(self):
        return self.input.readline()

    def command(self, text):
        self.socket.sendall(text.encode() + b"\r\n")
        return self.line()


class Crowd:
    """Logins that are sent at once."""

    def __init__(self, server, right, wrong):
        self.talks = []
        for number in range(right + wrong):
            talk = Talk(server, f"10.{number // 200 + 1}.{number % 200}.1")
            if not talk.command(f"USER user{number % right}").startswith(b"+OK"):
                raise machine.Failure("USER was not answered")
            self.talks.append((talk, number < right))

    def send(self):
        for talk, is_right in self.talks:
            password = scratch.PASSWORD if is_right else "wrong"
            talk.socket.sendall(f"PASS {password}\r\n".encode())

    def answers(self):
        """How many right ones were let in, and how many wrong ones refused as wrong."""
        good = bad = 0
        selector = selectors.DefaultSelector()
        for talk, is_right in self.talks:
            selector.register(talk.socket, selectors.EVENT_READ, (talk, is_right))
        end = time.monotonic() + PATIENCE
        while selector.get_map() and time.monotonic() < end:
            for key, _ in selector.select(1):
                talk, is_right = key.data
                answer = talk.line()
                good += is_right and answer.startswith(b"+OK")
                bad += not is_right and answer.startswith(b"-ERR [AUTH]")
                selector.unregister(talk.socket)
                with talk:
                    talk.socket.sendall(b"QUIT\r\n")
        return good, bad


def guess(server, number, stop):
    """Guesses as fast as the server lets, three times a connection, and not the names of the right
    logins."""
    while not stop.is_set():
        try:
            with Talk(server, "10.8.0.1") as talk:
                for turn in range(3):
                    talk.command(f"USER user{number % 4}")
                    if stop.is_set() or not talk.command(f"PASS guess{number}-{turn}"):
                        break
        except OSError:
            time.sleep(0.1)


def time_of_login(server, address, user):
    with Talk(server, address) as talk:
        talk.command(f"USER {user}")
        begin = time.monotonic()
        answer = talk.command(f"PASS {scratch.PASSWORD}")
        if not answer.startswith(b"+OK"):
            raise machine.Failure(f"a right login was answered {answer!r}")
        lasted = time.monotonic() - begin
        talk.command("QUIT")
        return lasted
