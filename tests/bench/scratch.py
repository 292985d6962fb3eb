# SPDX-License-Identifier: ISC
"""The scratch directory of a run: maildrops with messages of known octets, and sites that serve
them. Everything lies under one directory in /tmp, which goes away with the run."""

import dataclasses
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import harness

PASSWORD = "secret"
USERS = [f"user{number}" for number in range(8)]
# The owner of all maildrops when root measures; no account needs to exist.
UID = 5000 if harness.IS_ROOT else os.geteuid()
GID = 5000 if harness.IS_ROOT else os.getegid()
BENCH = harness.BUILD / "tests" / "bench"

LINE = b"x" * 71 + b"\n"
# Octets on the wire after those of a message: the end mark.
END = 3
# Names of one file, below the limits of common file systems (ext4: 65,000).
LINKS = 30_000


@dataclasses.dataclass
class Facts:
    """The numbers that STAT has to give for a maildrop, and the octets of RETR for all of it."""
    count: int
    octets: int
    wire: int


def message(number, size):
    """A message of `size` octets with LF ends, one of its lines beginning with a dot."""
    start = (b"From: a@example.org\nTo: b@example.org\nSubject: message %012d\n\n.a dot\n" % number)
    rest = size - len(start)
    return start + LINE * (rest // len(LINE)) + b"y" * (rest % len(LINE) - 1) + b"\n"


def file_name(chance, number):
    """A name as irregular as those of deliveries: consecutive names would all collide in the hash
    that Dovecot looks names up by, and make Dovecot ten times slower than it is."""
    return (f"{1_700_000_000 + 97 * number}.M{chance.randrange(10**6):06}"
            f"P{chance.randrange(1 << 22)}V0801I{chance.randrange(1 << 32):08X}.example.org:2,S")


def facts_of(messages_octets, line_feeds, count):
    octets = messages_octets + line_feeds
    return Facts(count, octets, octets + count * (1 + END))


def make_maildrop(maildir, count, size, spread=0):
    """Stores messages in cur/, as read ones, whose sizes differ by up to `spread` octets around
    `size`. Gives their Facts."""
    for folder in ("new", "cur", "tmp"):
        (maildir / folder).mkdir(parents=True)
    octets = line_feeds = 0
    chance = random.Random(count)
    cur = os.open(maildir / "cur", os.O_RDONLY | os.O_DIRECTORY)
    for number in range(count):
        text = message(number, size + (number * 7919 % (spread + 1)) - spread // 2)
        octets += len(text)
        line_feeds += text.count(b"\n")
        file = os.open(file_name(chance, number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600,
                       dir_fd=cur)
        os.write(file, text)
        os.fchown(file, UID, GID)
        os.close(file)
    os.close(cur)
    give(maildir)
    return facts_of(octets, line_feeds, count)


def make_linked_maildrop(maildir, count, size):
    """As make_maildrop, but one file has the names of up to LINKS messages, so that a million
    messages need little time and space."""
    files = -(-count // LINKS)
    facts = make_maildrop(maildir, files, size)
    chance = random.Random(-count)
    cur = os.open(maildir / "cur", os.O_RDONLY | os.O_DIRECTORY)
    names = os.listdir(cur)
    for number in range(files, count):
        os.link(names[number % files], file_name(chance, number), src_dir_fd=cur, dst_dir_fd=cur)
    os.close(cur)
    return Facts(count, facts.octets // files * count, facts.wire // files * count)


def make_giant(maildir, size):
    """One message of `size` octets."""
    make_maildrop(maildir, 0, 0)
    start = message(0, 1000)
    block = LINE * (1 << 14)
    path = maildir / "cur" / "1700000000.M1P1.example:2,S"
    octets = line_feeds = 0
    with open(path, "wb") as file:
        for text in [start] + [block] * ((size - len(start)) // len(block)):
            file.write(text)
            octets += len(text)
            line_feeds += text.count(b"\n")
    os.chown(path, UID, GID)
    return facts_of(octets, line_feeds, 1)


def give(maildir):
    for folder in (maildir.parent, maildir, *(maildir / name for name in ("new", "cur", "tmp"))):
        folder.chmod(0o700)
        os.chown(folder, UID, GID)


def remove(maildir):
    shutil.rmtree(maildir)


def link_maildrop(source, maildir):
    """The same messages for another contender, as hard links."""
    make_maildrop(maildir, 0, 0)
    here = os.open(source / "cur", os.O_RDONLY | os.O_DIRECTORY)
    there = os.open(maildir / "cur", os.O_RDONLY | os.O_DIRECTORY)
    for name in os.listdir(here):
        os.link(name, name, src_dir_fd=here, dst_dir_fd=there)
    os.close(here)
    os.close(there)


class Scratch:
    """The directory. `folder(NAME)` makes a folder in it, for Maildirs or other files."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="sodapop-bench-", dir="/tmp"))
        self.root.chmod(0o755)
        self.number = 0

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def clear(self):
        """Removes all folders, so that a row does not take disk space from the next."""
        for path in self.root.iterdir():
            shutil.rmtree(path, ignore_errors=True)

    def folder(self, name):
        """Makes a folder whose name begins with `name`."""
        self.number += 1
        path = self.root / f"{name}-{self.number}"
        path.mkdir()
        path.chmod(0o755)
        return path

    def site(self, base, **settings):
        """Writes what sodapopd needs to serve `base`/USER/Maildir to user0 to user7, gives the path
        of its configuration. Passwords are hashed as cheaply as can be. Settings are keys of
        sodapop.conf with _ for -."""
        folder = self.folder("site")
        (folder / "run").mkdir()
        (folder / "run" / "empty").mkdir()
        users, log, cheap = folder / "users", folder / "log", cheap_hash()
        users.write_text("".join(f"{user}:{{ARGON2ID}}{cheap}:{UID}:{GID}::::\n" for user in USERS))
        users.chmod(0o600)
        log.touch(0o600)
        values = {
            "users": users, "maildir": f"{base}/%u/Maildir", "hostname": "pop.example.org",
            "runtime-directory": folder / "run", "chroot": folder / "run" / "empty",
            "front-account": harness.front_account(), "failure-delay": 0, "log": log,
        } | {key.replace("_", "-"): value for key, value in settings.items()}
        if not harness.IS_ROOT:
            values |= {"minimum-uid": 1, "minimum-gid": 1}
        path = folder / "sodapop.conf"
        path.write_text("".join(f"{key} = {value}\n" for key, value in values.items()))
        return path


def cheap_hash():
    return subprocess.run([BENCH / "bench_cheap_hash", PASSWORD], check=True, text=True,
                          capture_output=True).stdout.strip()
