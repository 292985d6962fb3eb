# SPDX-License-Identifier: ISC
"""The base of every system test: a scratch site, and sessions with a sodapopd of their own.

A site is a directory under /tmp with configuration, users file, Maildirs and log; it goes away with
the test. As root the site's users have uids of their own from 5000 on; as an ordinary user
everything belongs to that user. SODAPOP_BUILD names the build directory.
"""

import atexit
import os
import pathlib
import pty
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from conversation import PASSWORD, PATIENCE, Conversation, connected_pair

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SODAPOP_BUILD", SOURCE / "build")).resolve()
PROGRAMS = pathlib.Path(os.environ.get("SODAPOP_PROGRAMS", SOURCE / "build-programs"))

IS_ROOT = os.geteuid() == 0
EX_CONFIG = 78  # of sysexits.h: the exit status about a mistake in the configuration
MISCONFIGURED = b"-ERR [SYS/TEMP] the server is misconfigured\r\n"
CHEAP = ("--hash-memory", "1", "--hash-operations", "1")


def reachable(program):
    """The program, or a copy of it if root's checkout is closed to the other users of the tests."""
    if not IS_ROOT or all(parent.stat().st_mode & 0o001 for parent in program.parents):
        return program
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sodapop-programs-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder)
    folder.chmod(0o755)
    return pathlib.Path(shutil.copy(program, folder))


SODAPOPD = reachable(BUILD / "src" / "sodapopd")
SODAPOP = BUILD / "src" / "sodapop"

needs_root = unittest.skipUnless(IS_ROOT, "needs root")


def left_out():
    """The features that the build leaves out, by the names of its options."""
    version = subprocess.run([SODAPOPD, "--version"], stdin=subprocess.DEVNULL, check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    found = re.fullmatch(r"sodapop \S+(?: \(without (.+)\))?\n", version)
    return set(found[1].split(", ")) if found[1] else set()


LEFT_OUT = left_out()


def needs_feature(name):
    return unittest.skipIf(name in LEFT_OUT, f"built without {name}")


def find_program(name):
    """The path of a program, installed or unpacked by tests/install-packages; or None."""
    places = [os.environ.get("PATH", ""), "/usr/sbin:/sbin:/usr/local/sbin"]
    places += [str(place) for folder in ("sbin", "bin") for place in PROGRAMS.glob(f"*/usr/{folder}")]
    return shutil.which(name, path=":".join(places))


def needs_program(name):
    return unittest.skipUnless(find_program(name), f"needs the program {name}")


def wire_form(stored):
    """The octets that RETR has to deliver for a stored message, before dots are stuffed."""
    text = re.sub(rb"(?<!\r)\n", b"\r\n", stored)
    return text if not text or text.endswith(b"\n") else text + b"\r\n"


def front_account():
    try:
        return pwd.getpwnam("_sodapop").pw_name
    except KeyError:
        return "nobody"


def wait_for(condition, patience=PATIENCE):
    """Waits until `condition()` is true, and gives its result; an AssertionError when that takes
    too long."""
    end = time.monotonic() + patience
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} seconds in vain")
        time.sleep(0.01)


class Site:
    """`owner` is the one uid that everything belongs to, for a server that does not start as root;
    further settings are keys of sodapop.conf with _ for -."""

    def __init__(self, owner=None, **settings):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="sodapop-test-"))
        self.root.chmod(0o755)
        self.owner = owner if IS_ROOT else None
        self.config = self.root / "sodapop.conf"
        self.users_file = self.root / "users"
        self.log = self.root / "log"
        for name in ("mail", "run", "run/empty"):
            (self.root / name).mkdir()
            (self.root / name).chmod(0o755)
            self._give(self.root / name)
        (self.root / "state").mkdir(0o700)
        self._give(self.root / "state")
        self.users_file.touch()
        self.users_file.chmod(0o600)
        if self.owner is not None:
            os.chown(self.users_file, 0, self.owner)
            self.users_file.chmod(0o640)
        self.log.touch()
        self.log.chmod(0o600)
        self._give(self.log)
        self.settings = {
            "users": self.users_file,
            "maildir": f"{self.root}/mail/%u/Maildir",
            "hostname": "pop.example.org",
            "runtime-directory": self.root / "run",
            "state-directory": self.root / "state",
            "front-account": front_account(),
            "failure-delay": 0,
            "lock-wait": 0,
            "log": self.log,
        }
        self.configure(**settings)
        self._next_uid = 5000

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def _give(self, path, uid=None):
        uid = uid if uid is not None else self.owner
        if uid is not None:
            os.chown(path, uid, uid, follow_symlinks=False)

    def configure(self, **settings):
        self.settings |= {key.replace("_", "-"): value for key, value in settings.items()}
        lines = [f"{key} = {value}" for key, value in self.settings.items() if value is not None]
        self.config.write_text("\n".join(lines) + "\n")
        self.config.chmod(0o644)

    def command(self, *options):
        """sodapopd's command line."""
        return [str(SODAPOPD), "--config", str(self.config), *options]

    def add_user(self, name="alice", mails=(), cost=CHEAP, password=PASSWORD):
        """Adds a user with an own uid where possible, and stores the mails in new/."""
        uid = self.owner
        if IS_ROOT and uid is None:
            uid, self._next_uid = self._next_uid, self._next_uid + 1
        who = [] if uid is None else ["--uid", str(uid), "--gid", str(uid)]
        subprocess.run(
            [SODAPOP, "--config", self.config, "user", "add", name, "--password-stdin", *who, *cost],
            input=password.encode() + b"\n", check=True, stdout=subprocess.PIPE)
        for folder in ("", "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
            path = self.root / "mail" / name / folder
            path.mkdir()
            path.chmod(0o700)
            self._give(path, uid)
        for number, mail in enumerate(mails, start=1):
            self.store(name, f"{1000000 + number}.M{number}P1.example", mail)

    def maildir(self, name="alice"):
        return self.root / "mail" / name / "Maildir"

    def store(self, user, file_name, octets, folder="new"):
        """Stores a message; file names may be octets that are no text."""
        path = os.path.join(os.fsencode(self.maildir(user)), folder.encode(), os.fsencode(file_name))
        # A test that failed may have left a link there, and root can write to any file.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with open(os.open(path, flags, 0o666), "wb") as file:
            file.write(octets)
        facts = os.stat(self.maildir(user))
        os.chown(path, facts.st_uid, facts.st_gid, follow_symlinks=False)
        return path

    def messages(self, user="alice"):
        """The names of the stored messages, flags included."""
        return sorted(path.name for folder in ("new", "cur")
                      for path in (self.maildir(user) / folder).iterdir())

    def slots_held(self, name="user-slots"):
        """The number of octets of that file of slots with a lock of the kind that sessions hold."""
        path = self.root / "run" / name
        inode = path.stat().st_ino if path.exists() else None
        with open("/proc/locks", encoding="ascii") as file:
            rows = [line.split() for line in file]
        return len({row[-2] for row in rows
                    if row[-3].endswith(f":{inode}") and "READ" in row})

    def log_lines(self, event=None):
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if event is None or f" event={event} " in line + " "]

    def wait_for_event(self, event, **fields):
        """The first line of the log about `event` that has these fields."""
        wanted = [f" {key.replace('_', '-')}={value} " for key, value in fields.items()]
        return wait_for(lambda: next(
            (line for line in self.log_lines(event)
             if all(field in line + " " for field in wanted)), None))


class Session(Conversation):
    """A conversation with a sodapopd that was started on a TCP connection as a super-server does it.
    With `as_inetd` standard error is the connection too; else it is the descriptor `errors` or the
    file `stderr`. As root, `uid` starts it as an ordinary user. The client's address is `source`,
    of 127.0.0.0/8."""

    def __init__(self, site, *options, as_inetd=False, errors=None, uid=None, source="127.0.0.1",
                 **popen):
        client, server = connected_pair(source)
        self.site = site
        self.stderr = site.root / f"stderr.{server.fileno()}.{time.monotonic_ns()}"
        if uid is not None and IS_ROOT:
            popen |= {"user": uid, "group": uid, "extra_groups": []}
        with server, open(self.stderr, "wb") as file:
            self.process = subprocess.Popen(
                site.command(*options), stdin=server, stdout=server,
                stderr=server if as_inetd else errors or file, **popen)
        super().__init__(client)
        self.greeting = None

    def __enter__(self):
        self.greeting = self.line()
        return self

    def __exit__(self, *_):
        self.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def exit_status(self):
        return self.process.wait(PATIENCE)

    def front(self):
        """The process id of the front."""
        return wait_for(lambda: next(iter(children(self.process.pid)), None))


def children(pid):
    """The process ids whose parent is `pid`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as file:
                    parent = int(file.read().rsplit(b")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(entry))
    return found


def cpu_seconds(pid):
    """The processor time that a process has used, without that of its children."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def status_of(pid):
    """/proc/PID/status as a dictionary."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


class SiteTest(unittest.TestCase):
    """A test with a site of its own, removed afterwards. `settings` may be overridden."""

    settings = {}

    def setUp(self):
        self.site = self.make_site(**self.settings)

    def make_site(self, **settings):
        site = Site(**settings)
        self.addCleanup(site.close)
        return site

    def assert_becomes(self, expected, actual):
        """Waits until `actual()` equals `expected`."""
        try:
            wait_for(lambda: actual() == expected)
        except AssertionError:
            self.assertEqual(actual(), expected)

    def assert_lasted(self, begin, seconds):
        """At least `seconds` have passed since `begin`, a time of time.monotonic(), and not much
        more; how much more depends on the load of the machine."""
        lasted = time.monotonic() - begin
        self.assertGreaterEqual(lasted, seconds)
        self.assertLess(lasted, PATIENCE)

    def assert_ok(self, reply):
        self.assertTrue(reply.startswith(b"+OK"), reply)
        return reply

    def assert_err(self, reply, code=None):
        start = b"-ERR" if code is None else f"-ERR [{code}]".encode()
        self.assertTrue(reply.startswith(start), reply)
        self.assertTrue(reply.endswith(b"\r\n"), reply)
        self.assertLessEqual(len(reply), 512)
        return reply

    def assert_misconfigured(self, *words, options=()):
        """The client gets one -ERR; the administrator's terminal gets one line with these words."""
        terminal, standard_error = pty.openpty()
        with open(terminal, "rb", buffering=0) as screen:
            done = subprocess.run(self.site.command(*options), stdin=subprocess.DEVNULL,
                                  check=False, stdout=subprocess.PIPE, stderr=standard_error)
            os.close(standard_error)
            complaint = screen.read(4096).decode()
        self.assertEqual((done.returncode, done.stdout), (EX_CONFIG, MISCONFIGURED))
        self.assertEqual(len(complaint.splitlines()), 1, complaint)
        for word in words:
            self.assertIn(word, complaint)


def report(name, figure):
    """Shows a measured figure."""
    print(f"measured: {name}: {figure}", file=sys.stderr, flush=True)


def main():
    unittest.main(verbosity=2)
