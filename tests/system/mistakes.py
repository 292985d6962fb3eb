# SPDX-License-Identifier: ISC
"""The form of the table of an administrator's mistakes: a site, one mistake in it, and what `sodapop
check`, the log or a message must say about it. The rows are in mistakes_*.py, a list ROWS each;
mistakes_sites.py has the right sites, in which nothing may be found; mistakes_test.py runs all.
"""

import dataclasses
import functools
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import typing

import harness
from harness import IS_ROOT, PASSWORD, SODAPOP, SODAPOPD

OTHER = 54321  # a uid that nothing here belongs to
VMAIL = 54324  # the uid and the gid of the account vmail of each site
PATH = f"{SODAPOP.parent}:/usr/sbin:/usr/bin:/sbin:/bin"
SODAPOP_OF_ALL = harness.reachable(SODAPOP)  # where all accounts may run it
FIELDS = ("name", "hash", "uid", "gid", "gecos", "home", "shell", "extra")


@dataclasses.dataclass
class Mistake:
    """One row. `plant` makes the mistake in a Planted site."""

    name: str
    plant: typing.Callable
    found: tuple = ()  # ids that check must find; () where only `tell` can know
    also: tuple = ()  # further ids that may come with it
    what: str = ""  # a pattern that the text of a finding must contain, in place, what or remedy
    log: str = ""  # a pattern that the text of `tell` must contain
    tell: typing.Callable = None  # gives that text; by default one login as alice: reply and log
    mend: str = ""  # "command", "sentence", or "" for both
    after: str = "ok"  # a command mends it; "same": the finding stays, as the row explains
    owner: int = None  # the uid of all mail, VMAIL as a rule; else each user has a uid
    needs: tuple = ()  # "root", "ordinary user", or names of programs
    missed: str = ""  # why nothing tells it; the test fails once something does


@functools.cache
def good_hash():
    """A hash of PASSWORD with the default cost, made once."""
    site = harness.Site()
    try:
        site.add_user("alice", cost=())
        return site.users_file.read_text().split(":")[1]
    finally:
        site.close()


class Planted(harness.Site):
    """A right site: users alice and bob with a message each, accounts in `etc`, no launcher. With
    `owner`, vmail owns everything, and the launcher has to name vmail too."""

    def __init__(self, owner=None):
        super().__init__(owner=owner, failure_delay=2)
        self.clean_ups = []
        self.etc = self.root / "etc"
        (self.etc / "systemd/system").mkdir(parents=True)
        for name in ("xinetd.d", "stunnel"):
            (self.etc / name).mkdir()
        shutil.copy("/etc/passwd", self.etc)
        if IS_ROOT:
            (self.root / "state").chmod(0o700)
        with open(self.etc / "passwd", "a", encoding="utf-8") as file:
            file.write("alice:x:5000:5000::/home/alice:/bin/sh\n"
                       "bob:x:5001:5001::/home/bob:/bin/sh\n"
                       "shellfront:x:54322:54322::/nonexistent:/bin/sh\n"
                       f"homefront:x:54323:54323::{self.root}/home:/usr/sbin/nologin\n"
                       f"vmail:x:{VMAIL}:{VMAIL}::/nonexistent:/usr/sbin/nologin\n")
        self.lines = {}
        for name in ("alice", "bob"):
            self.add_maildir(name)
            self.line(name)
            self.store(name, "1000001.M1P1.example", b"Subject: one\r\n\r\ntext\r\n")

    def add_maildir(self, name, uid=None):
        """The user's Maildir, empty."""
        uid = uid if uid is not None else self.uid_of(name)
        for folder in ("", "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
            path = self.root / "mail" / name / folder
            path.mkdir(exist_ok=True)
            path.chmod(0o700)
            self._give(path, uid)

    def uid_of(self, name):
        if not IS_ROOT:
            return os.getuid()
        return self.owner if self.owner is not None else {"alice": 5000, "bob": 5001}.get(name, 5002)

    def line(self, name="alice", **fields):
        """Writes the user's line with these fields (FIELDS) in place of the right ones, as text."""
        uid = str(self.uid_of(name))
        parts = dict.fromkeys(FIELDS, "") | {"name": name, "hash": good_hash(), "uid": uid,
                                             "gid": uid if IS_ROOT else str(os.getgid())}
        self.lines[name] = ":".join((parts | fields)[field] for field in FIELDS)
        self.users_file.write_text("\n".join(self.lines.values()) + "\n")

    def more_lines(self, *lines):
        """Adds these lines to the users file as they are."""
        with open(self.users_file, "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    def write(self, name, text, mode=0o644):
        """Writes a file, by its path below the site's directory."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def unit(self, name, text):
        """Writes a unit or a drop-in of systemd, by its path below etc/systemd/system."""
        return self.write(f"etc/systemd/system/{name}", text)

    def inetd(self, *options, account="vmail"):
        """A line of inetd.conf that starts sodapopd as that account with these options."""
        account = account if IS_ROOT else pwd.getpwuid(os.getuid()).pw_name
        self.write("etc/inetd.conf", f"127.0.0.1:110 stream tcp nowait.6000 {account} "
                                     f"{self.program()} sodapopd {' '.join(map(str, options))}\n")

    def configuration(self, *lines):
        """Adds these lines to the configuration as they are."""
        with open(self.config, "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    def program(self, name="sodapopd"):
        """The path of an installed program of that name: a copy that units may name."""
        path = self.root / "sbin" / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.symlink_to(SODAPOPD)
        return path

    def at_end(self, function, *arguments, **named):
        """Calls the function before the site is removed."""
        self.clean_ups.append((function, arguments, named))

    addCleanup = at_end  # as mounts.mount() calls it

    def close(self):
        for function, arguments, named in reversed(self.clean_ups):
            function(*arguments, **named)
        super().close()

    def tool(self, *words, text=""):
        """Runs sodapop for this site: status, standard output and standard error."""
        return subprocess.run([SODAPOP, "--config", self.config, *words], input=text, text=True,
                              capture_output=True, check=False, timeout=harness.PATIENCE)

    def check(self, *options, uid=None):
        """The findings of `sodapop check` as dictionaries, called as root or as another account.
        Its status must be the worst severity."""
        popen = {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}
        done = subprocess.run([SODAPOP_OF_ALL, "--config", self.config, "check", "--etc", self.etc,
                               "--json", *options], text=True, capture_output=True, check=False,
                              timeout=harness.PATIENCE, **popen)
        try:
            found = json.loads(done.stdout)
        except json.JSONDecodeError as error:
            raise AssertionError(f"no JSON: {done.stdout!r} {done.stderr!r}") from error
        worst = {one["severity"] for one in found}
        expected = 2 if "error" in worst else 1 if worst else 0
        assert done.returncode == expected, f"status {done.returncode} for {found} {done.stderr}"
        return found

    def mend(self, finding):
        """Runs the remedy, a command line, as an administrator would paste it."""
        command = finding["remedy"]
        if " user password " in command or " user add " in command:
            command += " --password-stdin"
        done = subprocess.run(["sh", "-c", command], input=f"{PASSWORD}\n", text=True,
                              capture_output=True, check=False, timeout=harness.PATIENCE,
                              env=os.environ | {"PATH": PATH}, cwd=self.root)
        assert done.returncode == 0, f"{command}: status {done.returncode}: {done.stderr}"

    def login(self, name="alice", *options):
        """One login by a sodapopd as inetd starts it: greeting, replies, and what the log says."""
        log_was = len(self.log.read_text(errors="replace"))
        with harness.Session(self, *options) as talk:
            said = talk.greeting
            if said.startswith(b"+OK"):
                said += talk.command(f"USER {name}") + talk.command(f"PASS {PASSWORD}")
            talk.send(b"QUIT\r\n")
            said += talk.rest()
        return (said.decode(errors="replace") + self.log.read_text(errors="replace")[log_was:] +
                pathlib.Path(talk.stderr).read_text(errors="replace"))


def looks_like_a_command(sentence):
    """True for the name of a program with an option or a path behind it."""
    words = sentence.split()
    return len(words) > 1 and shutil.which(words[0], path=PATH) is not None and (
        words[0] == "sodapop" or words[1].startswith(("-", "/")) or words[0].startswith("ch"))
