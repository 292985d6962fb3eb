#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""How long a dead line holds a maildrop. Clients behind a virtual network card log in; then what the
server sends to two of them is lost. With --again the users of these try to log in anew, one time
after the other, and the time until they can is shown. Needs root, and two minutes. SODAPOP_BUILD
names the build."""

import ctypes
import pathlib
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import harness  # noqa: E402
from conversation import Conversation  # noqa: E402

CLONE_NEWNET = 0x40000000
SERVER, CLIENTS = "10.9.0.1", {"silent": "10.9.0.2", "in RETR": "10.9.0.3", "not reading": "10.9.0.4",
                               "alive": "10.9.0.5"}
DEAD = ("silent", "in RETR")
LONGEST = 130  # seconds
LARGE = b"x" * 70 + b"\n"


def run(*command):
    subprocess.run(command, check=True)


def own_network():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        sys.exit("cannot make a network namespace")


def make_networks():
    """One for this thread and all processes, and one for the clients, whose sockets a thread makes."""
    own_network()
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "server", "type", "veth", "peer", "name", "client")
    run("ip", "address", "add", f"{SERVER}/24", "dev", "server")
    run("ip", "link", "set", "server", "up")
    made, moved, sockets = threading.Event(), threading.Event(), []

    def clients():
        own_network()
        sockets.append(threading.get_native_id())
        made.set()
        moved.wait()
        for address in CLIENTS.values():
            run("ip", "address", "add", f"{address}/24", "dev", "client")
        run("ip", "link", "set", "client", "up")
        sockets[:] = [socket.socket() for _ in CLIENTS]

    thread = threading.Thread(target=clients)
    thread.start()
    made.wait()
    run("ip", "link", "set", "client", "netns", str(sockets[0]))
    moved.set()
    thread.join()
    return sockets


def log_in(site, name, client, address):
    """A session as a super-server starts it. Gives the process and the conversation."""
    with socket.create_server((SERVER, 0)) as listener:
        client.bind((address, 0))
        client.connect(listener.getsockname())
        with listener.accept()[0] as server:
            process = subprocess.Popen(site.command(), stdin=server, stdout=server)
    talk = Conversation(client)
    talk.line()
    user = name.replace(" ", "-")
    if not talk.login(user).startswith(b"+OK"):
        sys.exit(f"{user} cannot log in")
    return process, talk


def log_in_again(site, name, begin, logged_in):
    while name not in logged_in and time.monotonic() - begin < LONGEST:
        with harness.Session(site) as session:
            if session.login(name.replace(" ", "-")).startswith(b"+OK"):
                logged_in[name] = time.monotonic() - begin
                session.command("QUIT")
        time.sleep(1)


def main():
    sockets = make_networks()
    site = harness.Site(tls="wrapped", lock_wait=None)
    try:
        talks = {}
        for (name, address), client in zip(CLIENTS.items(), sockets):
            site.add_user(name.replace(" ", "-"), [LARGE * 500_000])
            talks[name] = log_in(site, name, client, address)
        for name in ("in RETR", "not reading"):
            talks[name][1].send(b"RETR 1\r\n")
            talks[name][1].line()
        time.sleep(1)
        for name in DEAD:  # a card that nothing has
            run("ip", "neighbour", "replace", CLIENTS[name], "lladdr", "02:00:00:00:00:99", "dev",
                "server", "nud", "permanent")
        begin, ended, logged_in = time.monotonic(), {}, {}
        for name in DEAD if "--again" in sys.argv else ():
            threading.Thread(target=log_in_again, args=(site, name, begin, logged_in)).start()
        while time.monotonic() - begin < LONGEST and len(ended) < len(talks):
            for name, (process, _) in talks.items():
                if name not in ended and process.poll() is not None:
                    ended[name] = time.monotonic() - begin
            time.sleep(0.1)
        for name in talks:
            print(f"{name}: " + (f"ended after {ended[name]:.1f} s" if name in ended
                                 else f"still there after {LONGEST} s"))
        for name, seconds in logged_in.items():
            print(f"{name}: a new login has the maildrop after {seconds:.1f} s")
        print("\n".join(site.log_lines("logout")))
    finally:
        for process, _ in talks.values():
            process.kill()
        site.close()


if __name__ == "__main__":
    main()
