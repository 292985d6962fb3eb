# SPDX-License-Identifier: ISC
"""The site that is attacked: users with hashes at the default cost, default settings, and sodapopd
in both ways of starting it. Counts what its log says."""

import collections
import re
import shutil
import subprocess

import harness
import many_addresses
from harness import SODAPOPD, find_program
from launchers import Launcher

USERS = [f"user{number}" for number in range(20)]
# Of login-failed: what is refused without a verification.
UNVERIFIED = {"penalty", "unprotected"}


def make_site(**settings):
    """Only what a scratch directory needs differs from the default settings, and `tls`: the clients
    speak without TLS, which would slow guessers down."""
    site = harness.Site(tls="wrapped", failure_delay=None, lock_wait=None, **settings)
    site.add_user(USERS[0], mails=[b"one\n"], cost=())
    line = site.users_file.read_text()
    for user in USERS[1:]:
        shutil.copytree(site.root / "mail" / USERS[0], site.root / "mail" / user)
        subprocess.run(["chown", "-R", "5000:5000", site.root / "mail" / user], check=True)
        line += line.splitlines()[0].replace(f"{USERS[0]}:", f"{user}:", 1) + "\n"
    site.users_file.write_text(line)
    return site


class OwnLoop(Launcher):
    """sodapopd takes the connections itself."""

    title, has_ipv6 = "own loop", True

    def start(self):
        self.run(*self.site.command("--listen", f"{many_addresses.SERVER4}:{self.port}",
                                    "--listen", f"[{many_addresses.SERVER6}]:{self.port}"))


class Exec(Launcher):
    """A program is started for each connection. Debian's tcpserver has no IPv6."""

    title, has_ipv6 = "tcpserver", False

    def start(self):
        self.run(find_program("tcpserver"), "-c500", "-HRDl0", many_addresses.SERVER4, self.port,
                 SODAPOPD, "--config", self.site.config)


FORMS = {"own": OwnLoop, "exec": Exec}


class LogCounter:
    """Counts the lines of a log since the last look, by event; those of login-failed as `verified`,
    or as `unverified` where no password was looked at."""

    def __init__(self, log, from_start=False):
        self.log = log
        self.offset = 0 if from_start else log.stat().st_size

    def look(self):
        with open(self.log, "rb") as file:
            file.seek(self.offset)
            text = file.read()
        text = text[:text.rfind(b"\n") + 1]
        self.offset += len(text)
        return collections.Counter(map(kind_of, text.decode(errors="replace").splitlines()))


def kind_of(line):
    event = re.search(r" event=(\S+)", line)
    reason = re.search(r" reason=(\S+)", line)
    if event and event[1] == "login-failed":
        return "unverified" if reason and reason[1] in UNVERIFIED else "verified"
    return event and event[1]
