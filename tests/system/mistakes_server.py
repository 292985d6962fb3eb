# SPDX-License-Identifier: ISC
"""Mistakes that the server meets: when it starts, when it reads its configuration again, and in its
log. Most are told by the server itself, on standard error, in the log or to its client."""

import os
import re
import signal
import socket
import subprocess
import time
import unittest

import harness
from conversation import Conversation
from mistakes import OTHER, Mistake
from stuck_log_test import fill

DEAF = subprocess.DEVNULL
REFUSED = r"-ERR \[SYS/TEMP\] the server is misconfigured"


def run(site, *options, **popen):
    """The status of a sodapopd that ends by itself, its standard error, and its log."""
    popen = {"stdin": DEAF, "stdout": DEAF, "stderr": subprocess.PIPE} | popen
    done = subprocess.run(site.command(*options), check=False, timeout=harness.PATIENCE, **popen)
    return f"status {done.returncode} {(done.stderr or b'').decode()}{site.log.read_text()}"


def listening(*options, **popen):
    """`tell` of a server that is to listen on an address of its own, which it does not."""
    return lambda site: run(site, "--listen", f"127.0.0.1:{free()}", *options, **popen)


def free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def checked(site):
    """What `systemctl reload` asks before it reloads."""
    return run(site, "--check-configuration")


def with_passed(site, act):
    """What a server says to two clients of a passed socket, before and after `act`, and its standard
    error."""
    with socket.create_server(("127.0.0.1", 0)) as passed:
        server = subprocess.Popen(site.command(), stdin=passed, stdout=passed,
                                  stderr=subprocess.PIPE)
        try:
            said = b""
            for step in (lambda: None, act):
                step()
                with Conversation(socket.create_connection(passed.getsockname())) as talk:
                    said += talk.line()
                    talk.send(b"QUIT\r\n")
                    said += talk.rest()
        finally:
            server.send_signal(signal.SIGTERM)
            said += server.communicate(timeout=harness.PATIENCE)[1]
    return said.decode()


def mended(act):
    """`tell` of a server that refuses, and serves after `act`."""
    return lambda site: with_passed(site, lambda: act(site))


def refused_then_mended(site):
    """As mended(); afterwards the mistake is there again, for check."""
    said = with_passed(site, site.configure)
    spoil(site)
    return said


def spoil(site):
    """Adds a line to the configuration that is a mistake."""
    site.configuration("colour = blue")


def move_users(site):
    site.users_file.rename(site.root / "moved")


def reload(site):
    """What a running server logs about a configuration with a mistake."""
    port = free()
    with subprocess.Popen(site.command("--listen", f"127.0.0.1:{port}"), stdin=DEAF, stdout=DEAF,
                          stderr=DEAF) as server:
        harness.wait_for(lambda: site.log_lines("listening"))
        spoil(site)
        server.send_signal(signal.SIGHUP)
        harness.wait_for(lambda: site.log_lines("configuration"))
        server.terminate()
    text = site.log.read_text()
    site.configure()
    return text


def log_gone(site):
    site.configure(log=site.root / "logs/log")


def log_is_folder(site):
    (site.root / "logs").mkdir()
    site.configure(log=site.root / "logs")


def log_is_link(site):
    site.log.rename(site.root / "elsewhere")
    site.log.symlink_to(site.root / "elsewhere")


def other_owner(site):
    os.chown(site.log, OTHER, OTHER)


def full_disk(site):
    """Two sessions while the disk with the log is full, and one afterwards."""
    options = ("--log", "/dev/full")
    site.login("alice", *options)
    site.login("bob", *options)
    return site.login()


def no_daemon(site):
    """A login where no syslog daemon runs, and standard error is in its place."""
    if os.path.exists("/dev/log"):
        raise unittest.SkipTest("this host has a syslog daemon")
    return site.login()


def closed(*descriptors):
    def tell(site):
        def close():
            for descriptor in descriptors:
                os.close(descriptor)
        return run(site, "--runtime-directory", str(site.root / "open"), preexec_fn=close)
    return tell


def open_folder(site):
    (site.root / "open").mkdir()
    (site.root / "open").chmod(0o777)


def full_pipe(site):
    """The server must end, and the log has the reason."""
    reader, writer = os.pipe()
    fill(writer)
    try:
        begin = time.monotonic()
        text = run(site, "--runtime-directory", str(site.root / "open"), stderr=writer)
        return f"{text} {'soon' if time.monotonic() - begin < 10 else 'late'}"
    finally:
        os.close(reader)
        os.close(writer)


def taken_port(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        return run(site, "--listen", f"127.0.0.1:{other.getsockname()[1]}")


def not_listening(site):
    """systemd passes a socket that has another type."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        os.set_inheritable(datagrams.fileno(), True)
        done = subprocess.run(
            ["bash", "-c", f'exec 3<&{datagrams.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh",
             *site.command()], stdin=DEAF, stdout=DEAF, stderr=subprocess.PIPE, check=False,
            pass_fds=[datagrams.fileno()], timeout=harness.PATIENCE)
    return done.stderr.decode()


def client_is_error(site):
    """inetd has put the client on descriptor 2, too: the client gets one line and nothing else."""
    with harness.Session(site, "--idle-limit", "never", as_inetd=True) as talk:
        said = talk.greeting + talk.rest()
    return "one line" if re.fullmatch(REFUSED.encode() + rb"\r\n", said) else repr(said)


def nothing(_):
    """The mistake is in the command of `tell`."""


ROWS = [
    Mistake("the directory of the log is missing, under a super-server", log_gone,
            found=("log-unwritable",), log="cannot open the log .*No such file"),
    Mistake("the directory of the log is missing, for a server that listens", log_gone,
            found=("log-unwritable",), tell=listening(), log="status 71 .*cannot open the log"),
    Mistake("the log of the server is a directory", log_is_folder, found=("log-unwritable",),
            log="cannot open the log .*Is a directory"),
    Mistake("the log is a symbolic link", log_is_link, found=("log-unwritable",),
            log="cannot open the log "),
    Mistake("the log is another account's, for a server that gives up capabilities", other_owner,
            tell=listening(), log="cannot open the log .*Permission denied", needs=("root",)),
    Mistake("the log is on a full disk", nothing, tell=full_disk, log=r"event=log-lost lines=\d+"),
    Mistake("the log is syslog, and no daemon runs", lambda site: site.configure(log="syslog"),
            found=("log-no-syslog",), tell=no_daemon, log=r"sodapopd\[\d+\]: event=login "),
    Mistake("a start fails and standard error is closed", open_folder, tell=closed(2),
            log="event=configuration problem=.runtime-directory"),
    Mistake("a start fails and all standard descriptors are closed", open_folder,
            tell=closed(0, 1, 2), log="event=configuration problem=.runtime-directory"),
    Mistake("a start fails and standard error is a full pipe", open_folder, tell=full_pipe,
            log="(?s)event=configuration problem=.runtime-directory.* soon"),
    Mistake("an option has a wrong value, under inetd", nothing, tell=client_is_error,
            log="one line"),
    Mistake("a misspelt option, for a server that listens", nothing, tell=listening("--idel", "1"),
            log="status 78 .*unknown option"),
    Mistake("the port is taken", nothing, tell=taken_port,
            log="status 71 sodapopd: cannot listen at 127.0.0.1:[0-9]+: Address already in use"),
    Mistake("an address without a port", nothing, tell=lambda site: run(site, "--listen", "127.0.0.1"),
            log="status 78 sodapopd: --listen 127.0.0.1: expected ADDRESS:PORT"),
    Mistake("a launcher passes a socket of another type", nothing, tell=not_listening,
            log="descriptor 3 is not a listening stream socket"),
    Mistake("a misspelt key, with sockets of a launcher", spoil, found=("configuration-mistake",),
            tell=refused_then_mended, log=f"(?s){REFUSED}.*[+]OK.*colour"),
    Mistake("no users file, with sockets of a launcher", move_users,
            tell=mended(lambda site: (site.root / "moved").rename(site.users_file)),
            log=r"(?s)-ERR \[SYS/TEMP\] .*[+]OK.*No such file"),
    Mistake("no log, with sockets of a launcher", log_gone,
            tell=mended(lambda site: (site.root / "logs").mkdir()),
            log=r"(?s)-ERR \[SYS/TEMP\] .*[+]OK.*cannot open the log"),
    Mistake("a reload with a misspelt key", nothing, tell=reload,
            log="event=configuration problem=.*colour"),
    Mistake("a reload with a misspelt key, asked first", spoil, found=("configuration-mistake",),
            tell=checked, log="status 78 sodapopd: .*colour"),
    Mistake("a reload without a users file, asked first", move_users,
            found=("users-file-missing",), tell=checked,
            log="status 71 sodapopd: .*No such file"),
]
