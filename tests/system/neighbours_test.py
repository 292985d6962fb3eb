#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Other programs at work on the Maildir that sodapopd serves: Dovecot's IMAP and LMTP, procmail,
maildrop, mbsync, notmuch and mutt on the one side, fetchmail, mpop, getmail and Python's poplib on
the other, each at random.

    SODAPOP_BUILD=$PWD/build-tests python3 tests/system/neighbours_test.py

does so for ten minutes, or for `--seconds N`. The seed is printed. `--seed` repeats what each program
does; when each of them runs is up to the kernel, so that a rare failure may need several runs.
`--without NAME`, for example Mbsync, leaves one out. `--messages` is how many there are at the
beginning. With 5000, a listing takes so long that renames happen during it; this is too many for the
programs that fetch all: leave out Mbsync, Fetchmail, FetchmailRemoving, Mpop and Getmail.
"""

import argparse
import collections
import contextlib
import grp
import os
import pwd
import random
import shutil
import subprocess
import sys
import threading
import time
import traceback
import unittest

import neighbours
from conversation import PASSWORD, PATIENCE
from harness import IS_ROOT, PROGRAMS, SiteTest, report, wait_for
from launchers import free_port, is_listening
from ledger import Ledger, message, tokens_in, tokens_in_maildir

UNPACKED = PROGRAMS / "neighbours"
INSIDE = "SODAPOP_TEST_INSIDE"
FIRST_UID = 5000  # of a site's users

# The programs look for their parts below /usr, and some want an account for the user; nothing of
# the host is changed. All processes end with the first of them.
NAMESPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
             "--propagation", "private", "sh", "-c", """
mount -t overlay overlay -o "lowerdir=$1:/usr" /usr || exit
accounts=$(mktemp) && { cat /etc/passwd; echo "neighbours:x:$2:$2::/:/bin/sh"; } >"$accounts" &&
  chmod 644 "$accounts" && mount --bind "$accounts" /etc/passwd && rm "$accounts" || exit
shift 2
exec "$@"
""", "sh", str(UNPACKED / "usr"), str(FIRST_UID))


def hindrance():
    """Why the test cannot run, or None."""
    if INSIDE in os.environ:
        return None
    if not IS_ROOT:
        return "needs root"
    if not (UNPACKED / "usr").is_dir():
        return "needs what `tests/install-packages test` unpacks"
    tried = subprocess.run([*NAMESPACE, "true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, check=False)
    return None if tried.returncode == 0 else f"needs overlay mounts: {tried.stdout.strip()}"


DOVECOT = """
base_dir = {base}
state_dir = {base}
log_path = {log}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
first_valid_uid = {uid}
default_internal_user = nobody
default_internal_group = {group}
default_login_user = nobody
mail_location = maildir:~/Maildir
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = {users}
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={home}
}}
"""


class World:
    """What all neighbours share."""

    def __init__(self, site):
        self.site = site
        self.ledger = Ledger()
        self.uid = site.maildir().stat().st_uid
        self.pop3_port = free_port()
        self.imap_port = free_port()
        self.lmtp_socket = site.root / "dovecot" / "lmtp"
        self.running = []

    def taken(self):
        """The tokens of the messages that the removing client has fetched; it may remove them."""
        return {token for one in self.running if not getattr(one, "keeps", True)
                for token in one.fetched()}


HINDRANCE = hindrance()


@unittest.skipIf(HINDRANCE, HINDRANCE)
class Neighbours(SiteTest):
    options = None
    settings = {"lock_wait": PATIENCE // 3}

    def setUp(self):
        super().setUp()
        self.seed = self.options.seed
        self.chance = random.Random(self.seed)
        self.site.add_user("alice")
        self.world = World(self.site)
        self.ledger = self.world.ledger
        self.dovecot_log = self.site.root / "dovecot.log"

    def start(self, log, port, *words):
        """Starts a server that ends with the test, and waits until it listens."""
        errors = self.site.root / "errors"
        with open(errors, "ab") as file:
            server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)

        def listens():
            if server.poll() is not None:
                self.fail(f"{words[0]} ended: {errors.read_text()}{log.read_text()}")
            return is_listening(port)
        wait_for(listens)

    def start_sodapopd(self):
        self.start(self.site.log, self.world.pop3_port,
                   *self.site.command("--listen", f"127.0.0.1:{self.world.pop3_port}"))

    def start_dovecot(self):
        (self.site.root / "dovecot").mkdir()
        users = self.site.root / "dovecot-users"
        users.write_text(f"alice:{{PLAIN}}{PASSWORD}\n")
        config = self.site.root / "dovecot.conf"
        config.write_text(DOVECOT.format(
            base=self.site.root / "dovecot", log=self.dovecot_log, uid=self.world.uid,
            group=grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name, users=users,
            port=self.world.imap_port, home=self.site.maildir().parent))
        self.start(self.dovecot_log, self.world.imap_port, "dovecot", "-F", "-c", config)
        wait_for(self.world.lmtp_socket.exists)

    def store_first_messages(self):
        chosen = self.chance.choice((0, 30, 100))
        for _ in range(chosen if self.options.messages is None else self.options.messages):
            token = self.ledger.new_token()
            folder, flags = self.chance.choice((("new", ""), ("cur", ":2,"), ("cur", ":2,S")))
            self.site.store("alice", f"{1_600_000_000 + token}.M{token}P1.example{flags}",
                            message(token), folder)
            self.ledger.note_delivered(token)

    def make_neighbours(self):
        for kind in neighbours.ALL:
            reason = ("left out" if kind.__name__ in self.options.without else
                      f"needs the program {kind.program}"
                      if kind.program and not shutil.which(kind.program) else None)
            if reason is None:
                self.world.running.append(kind(self.world, self.seed))
                continue
            with self.subTest(kind.__name__):
                self.skipTest(reason)

    def work(self, neighbour, end):
        while time.monotonic() < end and not self.ledger.faults:
            self.attempt(neighbour.name, neighbour.step)
            time.sleep(neighbour.chance.uniform(0, neighbour.pause))
        neighbour.close()

    def attempt(self, name, action):
        """An exception is one more fault."""
        try:
            action()
            self.ledger.count(name)
        except Exception:
            self.ledger.fault(name, traceback.format_exc())

    def work_together(self):
        end = time.monotonic() + self.options.seconds
        threads = [threading.Thread(target=self.work, args=(one, end))
                   for one in self.world.running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_no_message_is_lost_or_fetched_twice_and_unique_ids_stay(self):
        report("neighbours", f"seed {self.seed}, {self.options.seconds:g} s")
        self.start_sodapopd()
        if shutil.which("dovecot"):
            self.start_dovecot()
        self.store_first_messages()
        self.make_neighbours()
        self.work_together()
        for look in (self.look_at_clients, self.look_at_refusals, self.look_at_maildir,
                     self.look_at_dovecot):
            self.attempt("end", look)
        print(f"{len(self.ledger.delivered)} messages delivered; what was done, how often:",
              ", ".join(f"{what} {number}" for what, number in sorted(self.ledger.counts.items())),
              file=sys.stderr)
        if self.ledger.faults:
            self.fail(f"seed {self.seed}\n" + "\n".join(self.ledger.faults))

    def look_at_clients(self):
        """Each client that keeps mail on the server has all of it once, when it has fetched what
        came last."""
        for client in self.world.running:
            if not isinstance(client, neighbours.Fetcher) or not client.keeps:
                continue
            self.attempt(client.name, client.step)
            fetched = collections.Counter(client.fetched())
            twice = [token for token, number in fetched.items() if number > 1]
            if twice:
                self.ledger.fault(client.name, f"fetched twice: {twice}")
            never = self.ledger.staying() - self.world.taken() - set(fetched)
            if never:
                self.ledger.fault(client.name, f"never fetched: {sorted(never)}")

    def look_at_refusals(self):
        staying = self.ledger.staying() - self.world.taken()
        for where, unique_id, reply in self.ledger.refusals:
            if self.ledger.token_of(unique_id) in staying:
                self.ledger.fault(where, f"{unique_id} is there, but was refused: {reply}")

    def look_at_maildir(self):
        found = tokens_in_maildir(self.site.maildir())
        archive = self.site.maildir() / ".Archive"
        archived = tokens_in_maildir(archive) if archive.is_dir() else {}
        may_be_gone = self.ledger.removable | self.world.taken()
        for what, tokens in {
                "lost": self.ledger.delivered - set(found) - set(archived) - may_be_gone,
                "not removed": self.ledger.removed & set(found),
                "twice": {token: files for token, files in found.items() if len(files) > 1},
                "never delivered": set(found) - set(range(self.ledger.last_token + 1)),
        }.items():
            if tokens:
                self.ledger.fault("Maildir", f"{what}: {tokens}")

    def look_at_dovecot(self):
        """It has no other messages than the files, and did not complain."""
        if not self.dovecot_log.exists():
            return
        with contextlib.closing(neighbours.Imap(self.world, "end")) as client:
            client.open()
            known = sorted(client.messages().values())
        files = sorted(tokens_in_maildir(self.site.maildir()))
        if known != files:
            self.ledger.fault("Dovecot", f"has {known} for {files}")
        for line in self.dovecot_log.read_text(errors="replace").splitlines():
            if any(word in line for word in ("Error:", "Fatal:", "Panic:", "orrupted")):
                self.ledger.fault("Dovecot", line)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--messages", type=int)
    parser.add_argument("--without", action="append", default=[], metavar="NAME",
                        choices=[kind.__name__ for kind in neighbours.ALL])
    Neighbours.options = parser.parse_args()
    if HINDRANCE is None and INSIDE not in os.environ:
        os.execvpe("unshare", [*NAMESPACE, sys.executable, *sys.argv], os.environ | {INSIDE: "1"})
    unittest.main(argv=sys.argv[:1], verbosity=2)


main()
