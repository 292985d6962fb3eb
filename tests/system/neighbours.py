# SPDX-License-Identifier: ISC
"""Programs that work on a Maildir at the same time, and POP3 clients. Each is a Neighbour, whose step()
does one random thing.

`world` has what they share: site, ledger, uid, pop3_port, imap_port and lmtp_socket.
"""

import contextlib
import imaplib
import os
import poplib
import pty
import random
import re
import select
import smtplib
import subprocess
import threading

from conversation import PASSWORD, PATIENCE
from ledger import body_of, message, tokens_in

STEP_LIMIT = 2 * PATIENCE  # seconds
MANY = 400  # messages: nothing more is delivered
IN_USE = "[IN-USE]"
REMOVED_AT_ONCE = 3  # messages, at most


class Neighbour:
    """`program` is what has to be there. `pause` is the longest pause after a step, in seconds."""

    program = None
    pause = 0.1

    def __init__(self, world, seed):
        self.world = world
        self.ledger = world.ledger
        self.name = type(self).__name__
        self.chance = random.Random(f"{seed} {self.name}")
        self.maildir = world.site.maildir()
        self.home = world.site.root / self.name
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.give(self.home)
        self.prepare()

    def prepare(self):
        """Writes configuration."""

    def step(self):
        raise NotImplementedError

    def close(self):
        """Ends what is still open."""

    def give(self, path):
        os.chown(path, self.world.uid, self.world.uid)

    def write(self, name, text):
        path = self.home / name
        path.write_text(text)
        path.chmod(0o600)
        self.give(path)
        return path

    def run(self, *words, allowed=(0,), excuse=None, **options):
        """Runs a program as the user; its exit status has to be one of `allowed`, unless it says
        `excuse`. Gives its output."""
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(
            [str(word) for word in words], timeout=STEP_LIMIT, check=False, cwd=self.home,
            user=self.world.uid, group=self.world.uid, extra_groups=[],
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "TERM": "vt100"},
            **(output | options))
        text = (done.stdout or b"").decode(errors="replace")
        if done.returncode:
            self.ledger.count(f"{self.name} ended with {done.returncode}")
        if done.returncode not in allowed and not (excuse and excuse in text):
            self.ledger.fault(self.name, f"{words[0]} ended with {done.returncode}: {text[-600:]}")
        return text

    def some(self, items, most):
        """Up to `most` of them, at least one if there is one."""
        items = sorted(items)
        return self.chance.sample(items, min(len(items), self.chance.randint(1, most)))


# Deliveries

class Delivery(Neighbour):
    """A program that stores messages."""

    pause = 0.3

    def step(self):
        if len(self.ledger.staying()) < MANY:
            token = self.ledger.new_token()
            self.deliver(token, message(token))
            self.ledger.note_delivered(token)

    def deliver(self, token, octets):
        raise NotImplementedError


class Lmtp(Delivery):
    """LMTP to Dovecot."""

    program = "dovecot"

    def deliver(self, token, octets):
        with smtplib.LMTP(str(self.world.lmtp_socket)) as connection:
            connection.sendmail("a@example.org", ["alice"], octets.replace(b"\n", b"\r\n"))


class Procmail(Delivery):
    program = "procmail"

    def prepare(self):
        self.rules = self.write("rc", f"DEFAULT={self.maildir}/\nLOGFILE={self.home}/log\n")

    def deliver(self, token, octets):
        self.run("procmail", self.rules, input=octets)


class Maildrop(Delivery):
    program = "maildrop"

    def prepare(self):
        self.rules = self.write("filter", f'to "{self.maildir}"\n')

    def deliver(self, token, octets):
        self.run("maildrop", self.rules, input=octets)


# Programs that rename and remove

class Imap(Neighbour):
    """An IMAP client of Dovecot, which changes flags, removes, moves and stores messages."""

    program = "dovecot"
    connection = None

    def close(self):
        if self.connection:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                self.connection.logout()
        self.connection = None

    def open(self):
        self.connection = imaplib.IMAP4("127.0.0.1", self.world.imap_port, timeout=STEP_LIMIT)
        self.connection.login("alice", PASSWORD)
        self.connection.create("Archive")
        self.connection.select()

    def messages(self):
        """The token of each message by its UID."""
        _, items = self.connection.uid("FETCH", "1:*", "(UID BODY.PEEK[HEADER.FIELDS (X-TOKEN)])")
        found = {}
        for start, header in (item for item in items if isinstance(item, tuple)):
            for token in tokens_in(header):
                found[start.partition(b"UID ")[2].split()[0].decode()] = token
        return found

    def step(self):
        if not self.connection:
            self.open()
        self.chance.choices((self.change_flags, self.remove, self.move, self.append, self.close),
                            weights=(12, 2, 2, 2, 1))[0]()

    def change_flags(self):
        uids = "1:*" if self.chance.random() < 0.4 else ",".join(self.some(self.messages(), 20))
        flag = self.chance.choice((r"\Seen", r"\Flagged", r"\Answered", "$Label1", "Junk"))
        self.connection.uid("STORE", uids or "1:*", self.chance.choice("+-") + "FLAGS", f"({flag})")

    def remove(self):
        uids = self.chosen(self.ledger.order_removal)
        if uids:
            self.connection.uid("STORE", uids, "+FLAGS", r"(\Deleted)")
            self.connection.uid("EXPUNGE", uids)

    def move(self):
        uids = self.chosen(self.ledger.order_move)
        if uids:
            self.connection.uid("MOVE", uids, "Archive")

    def chosen(self, order):
        messages = self.messages()
        uids = self.some(messages, REMOVED_AT_ONCE) if messages else []
        order(messages[uid] for uid in uids)
        return ",".join(uids)

    def append(self):
        token = self.ledger.new_token()
        octets = message(token).replace(b"\n", b"\r\n")
        kind, text = self.connection.append("INBOX", self.chance.choice(("", r"\Seen")), None, octets)
        if kind == "OK":
            self.ledger.note_delivered(token)
        else:
            self.ledger.fault(self.name, f"APPEND: {text}")


class Mbsync(Neighbour):
    """Keeps a second Maildir the same, into which messages are delivered as well. Removals are not
    carried over: when another program renames a file while mbsync lists the folder, mbsync may
    overlook the message, and would take it for removed."""

    program = "mbsync"
    pause = 1

    def prepare(self):
        self.mirror = self.home / "mirror"
        self.waiting = []  # tokens of messages that are in the mirror only
        for folder in ("", "new", "cur", "tmp"):
            (self.mirror / folder).mkdir()
            self.give(self.mirror / folder)
        self.settings = self.write("rc", f"""
MaildirStore served
Path {self.maildir.parent}/
Inbox {self.maildir}

MaildirStore mirror
Path {self.home}/
Inbox {self.mirror}

Channel all
Far :served:
Near :mirror:
Sync PullNew PullFlags PushNew PushFlags
SyncState {self.home}/state
""")

    def step(self):
        if len(self.ledger.staying()) < MANY and self.chance.random() < 0.5:
            token = self.ledger.new_token()
            path = self.mirror / "tmp" / f"{1_700_000_000 + token}.M1P1.mirror"
            path.write_bytes(message(token))
            self.give(path)
            path.rename(self.mirror / "new" / path.name)
            self.waiting.append(token)
        # z: do not wait for a second without a change of the folder, which does not come here. So
        # mbsync may find a file under its old and its new name.
        output = self.run("mbsync", "-Tz", "-q", "-c", self.settings, "all", excuse="duplicate UID")
        if not output:
            for token in self.waiting:
                self.ledger.note_delivered(token)
            self.waiting.clear()


class Notmuch(Neighbour):
    """An index of all messages, which keeps its tags as flags in the names of the files."""

    program = "notmuch"
    pause = 1

    def prepare(self):
        (self.home / "database").mkdir()
        self.give(self.home / "database")
        self.write(".notmuch-config", f"""
[database]
path={self.home}/database
mail_root={self.maildir}
[user]
name=alice
primary_email=alice@example.org
[new]
tags=unread;inbox;
ignore=/^dovecot/;/^sodapop/
[maildir]
synchronize_flags=true
""")

    def step(self):
        # 75: a file was renamed meanwhile.
        self.run("notmuch", "new", "--quiet", allowed=(0, 75))
        tag = self.chance.choice(("unread", "flagged", "replied", "passed"))
        tokens = self.ledger.staying()
        ids = [f"id:{token}@example.org" for token in self.some(tokens, 30)] if tokens else []
        query = self.chance.choice(("*", " or ".join(ids)))
        self.run("notmuch", "tag", self.chance.choice("+-") + tag, "--", query or "*")


class Mutt(Neighbour):
    """Opens the Maildir, which makes new messages old ones, changes flags or removes messages."""

    program = "mutt"
    pause = 1

    def prepare(self):
        self.settings = self.write("rc", """
set quit=yes delete=yes move=no confirmappend=no wait_key=no read_inc=0 maildir_trash=no
set sleep_time=0 header_cache="" mark_old=yes
""")

    def step(self):
        if self.chance.random() < 0.7:
            keys = (self.pattern("tag", "~A") + "<tag-prefix>" + self.chance.choice(
                ("<set-flag>N", "<clear-flag>N", "<set-flag>!", "<clear-flag>!", "<set-flag>r")))
        else:
            tokens = self.ledger.staying()
            chosen = self.some(tokens, REMOVED_AT_ONCE) if tokens else [0]
            self.ledger.order_removal(chosen)
            keys = self.pattern("delete", f'~h "X-Token: ({"|".join(map(str, chosen))})$"')
        self.type(keys + "<sync-mailbox><exit>")

    @staticmethod
    def pattern(command, pattern):
        return f"<{command}-pattern>{pattern}<enter>"

    def type(self, keys):
        """Runs mutt in a terminal, and gives it these keys."""
        screen, terminal = pty.openpty()
        reader = threading.Thread(target=leave_at_rest, args=(screen,))
        reader.start()
        try:
            self.run("mutt", "-n", "-F", self.settings, "-f", self.maildir, "-e", f"push '{keys}'",
                     stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
        finally:
            os.close(terminal)
            reader.join()
            os.close(screen)


def leave_at_rest(screen):
    """Types the key that ends mutt when its screen does not change any more. After an error, such as
    an empty mailbox, mutt forgets the keys that it was given."""
    with contextlib.suppress(OSError):  # the other end is closed
        while True:
            if select.select([screen], [], [], 0.3)[0]:
                os.read(screen, 65536)
            else:
                os.write(screen, b"x")


# POP3 clients

class Poplib(Neighbour):
    """A client that looks at everything, removes messages, or leaves without QUIT."""

    def step(self):
        staying = self.ledger.staying()
        connection = poplib.POP3("127.0.0.1", self.world.pop3_port, timeout=STEP_LIMIT)
        try:
            connection.user("alice")
            try:
                connection.pass_(PASSWORD)
            except poplib.error_proto as error:
                if IN_USE not in str(error):
                    raise
                self.ledger.count(f"{self.name} {IN_USE}")
                return
            unique_ids = dict(line.decode().split() for line in connection.uidl()[1])
            tokens, refusals = self.read(connection, unique_ids)
            self.look_for(staying, tokens, refusals)
            self.end(connection, unique_ids, tokens)
        finally:
            connection.close()

    def read(self, connection, unique_ids):
        """The token of each message by its number, and how many unknown ones were refused."""
        sizes = dict(line.decode().split() for line in connection.list()[1])
        if len(set(unique_ids.values())) < len(unique_ids):
            self.ledger.fault(self.name, "one unique-id twice in one listing")
        tokens, refusals = {}, 0
        for number, unique_id in unique_ids.items():
            tokens[number] = self.ledger.token_of(unique_id)
            if tokens[number] is None or self.chance.random() < 0.1:
                try:
                    token = self.fetch(connection, number, sizes.get(number))
                except poplib.error_proto as error:
                    self.ledger.note_refusal(self.name, unique_id, str(error))
                    refusals += tokens[number] is None
                    continue
                self.ledger.note_unique_id(self.name, unique_id, token)
                tokens[number] = token
        return tokens, refusals

    def fetch(self, connection, number, size):
        """The token of a message. Its text has to be the one that was delivered, its size the one
        that LIST has told, if it has told one."""
        if self.chance.random() < 0.5:
            return tokens_in(b"\n".join(connection.top(number, 0)[1]))[0]
        _, lines, octets = connection.retr(number)
        text = b"".join(line + b"\n" for line in lines)
        token = tokens_in(text)[0]
        if body_of(text) != body_of(message(token)):
            self.ledger.fault(self.name, f"message {token} was changed")
        if size and octets != int(size):
            self.ledger.fault(self.name, f"message {token}: {octets} octets for {size}")
        return token

    def look_for(self, staying, tokens, refusals):
        """`staying` were there before the login."""
        missing = (staying & self.ledger.staying()) - set(tokens.values()) - self.world.taken()
        if missing:
            self.ledger.fault(self.name, f"{len(missing)} of {len(staying)} messages missing in a "
                                         f"login: {sorted(missing)[:9]}; refused: {refusals}")

    def end(self, connection, unique_ids, tokens):
        how = self.chance.choice(("quit", "remove", "remove", "reset", "lose"))
        marked = []
        if how != "quit" and tokens:
            marked = [number for number in self.some(tokens, REMOVED_AT_ONCE)
                      if tokens[number] is not None
                      and self.mark(connection, number, unique_ids[number])]
        if how == "lose":
            return  # the caller closes the connection: nothing may be removed
        if how == "reset":
            connection.rset()
        removing = [tokens[number] for number in marked] if how == "remove" else []
        self.ledger.order_removal(removing)
        try:
            connection.quit()
        except poplib.error_proto as error:
            self.ledger.count(f"QUIT {error}")
        else:
            self.ledger.note_removed(removing)

    def mark(self, connection, number, unique_id):
        try:
            connection.dele(number)
        except poplib.error_proto as error:
            self.ledger.note_refusal(self.name, unique_id, str(error))
            return False
        return True


class Fetcher(Neighbour):
    """A client that writes what it fetches to a file in the mbox format."""

    pause = 1
    allowed = (0,)
    keeps = True  # leaves all messages on the server, and fetches each one once

    def fetch(self, *words):
        """The lock may be held for longer than a login waits."""
        return self.run(*words, allowed=self.allowed, excuse=IN_USE)

    def fetched(self):
        """The tokens of all that was fetched."""
        mailbox = self.home / "fetched"
        return tokens_in(mailbox.read_bytes()) if mailbox.exists() else []


class Fetchmail(Fetcher):
    program = "fetchmail"
    options = "keep"
    allowed = (0, 1)  # 1: no new mail

    def prepare(self):
        self.settings = self.write("rc", f"""
set no bouncemail
set invisible
poll localhost protocol pop3 service {self.world.pop3_port} uidl
user alice password '{PASSWORD}' no rewrite sslproto '' {self.options}
mda "cat >>{self.home}/fetched; echo >>{self.home}/fetched"
""")

    def step(self):
        self.fetch("fetchmail", "-f", self.settings, "--nosyslog", "--pidfile", self.home / "pid",
                   "--idfile", self.home / "ids")


class FetchmailRemoving(Fetchmail):
    """Removes what it has fetched, a few messages at a time."""

    options = "no keep fetchlimit 3"
    allowed = (0, 1, 13)  # 13: the limit was reached
    keeps = False
    pause = 3

    def step(self):
        super().step()
        self.ledger.order_removal(self.fetched())


class Mpop(Fetcher):
    program = "mpop"
    allowed = (0, 76)  # 76: a message was removed after it had been listed

    def prepare(self):
        self.settings = self.write("rc", f"""
account default
host 127.0.0.1
port {self.world.pop3_port}
user alice
password "{PASSWORD}"
auth user
tls off
keep on
received_header off
uidls_file {self.home}/ids
delivery mbox {self.home}/fetched
""")

    def step(self):
        self.fetch("mpop", "-q", "-C", self.settings)


# getmail 6.18 may overlook that its child has ended; then it waits for a minute and fetches the message
# again. Hence this way of waiting in place of its own.
GETMAIL = """
import os, runpy
from getmailcore.baseclasses import ForkingBase
ForkingBase._prepare_child = lambda self: None
ForkingBase._wait_for_child = lambda self, child: os.WEXITSTATUS(os.waitpid(child, 0)[1])
runpy.run_path("/usr/bin/getmail", run_name="__main__")
"""


class Getmail(Fetcher):
    program = "getmail"
    allowed = (0, 127)  # 127: a message was removed after it had been listed

    def prepare(self):
        self.write("fetched", "")
        self.write("getmailrc", f"""
[retriever]
type = SimplePOP3Retriever
server = 127.0.0.1
port = {self.world.pop3_port}
username = alice
password = {PASSWORD}
timeout = {STEP_LIMIT}
[destination]
type = Mboxrd
path = {self.home}/fetched
[options]
delete = false
read_all = false
received = false
delivered_to = false
verbose = 0
""")

    def step(self):
        output = self.fetch("/usr/bin/python3", "-c", GETMAIL, "--getmaildir", self.home,
                            "--rcfile", "getmailrc")
        for unique_id, reply in re.findall(r"failed to retrieve msgid (\S+); server said (.*)", output):
            self.ledger.note_refusal(self.name, unique_id, reply)


ALL = (Lmtp, Procmail, Maildrop, Imap, Mbsync, Notmuch, Mutt, Poplib, Fetchmail, FetchmailRemoving,
       Mpop, Getmail)
