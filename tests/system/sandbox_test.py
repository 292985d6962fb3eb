# SPDX-License-Identifier: ISC
"""The sandboxes from inside: every system call that a role does not need kills its process, and the
keeper cannot reach files of other users or of the server."""

import errno
import os
import subprocess
import unittest

import harness
from harness import BUILD, SODAPOPD, SiteTest

PROBE = BUILD / "tests" / "system" / "sandbox_probe"
LAST_NUMBER = 460
# uretprobe and uprobe, which Linux on x86-64 handles before any filter: outside of its own probes
# they do nothing, or kill the process.
UNFILTERED = {335, 336}
# The listener's list has the calls that its children need until they are confined themselves.
MOST_CALLS = {"front": 20, "keeper": 35, "verifier": 14, "listener": 125}
ROLES = ["front", "keeper", "verifier"]


def probe(*arguments):
    result = subprocess.run([PROBE, *map(str, arguments)], check=True, stdout=subprocess.PIPE)
    return result.stdout.decode()


def allowed_calls():
    """The output of --print-cage: role -> names."""
    lines = subprocess.run([SODAPOPD, "--print-cage"], check=True, stdout=subprocess.PIPE)
    lists = {}
    for line in lines.stdout.decode().splitlines():
        head, names = line.split(":")
        role, count = head.split()
        lists[role] = names.split()
        assert int(count) == len(lists[role]), line
    return lists


@unittest.skipUnless(PROBE.exists(), "needs the test program sandbox_probe")
class Sandboxes(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"])
        self.site.add_user("bob", [b"his\n"])
        if harness.IS_ROOT:  # virtual users: one owner, so that file modes refuse nothing
            for path in (self.site.maildir("bob").rglob("*")):
                os.chown(path, 5000, 5000)
            for path in (self.site.maildir("bob"), self.site.maildir("bob").parent,
                         self.site.users_file):
                os.chown(path, 5000, 5000)

    def attempt(self, role, what, *paths):
        return probe("attempt", role, self.site.maildir(), what, *paths).strip()

    def test_the_lists_are_short(self):
        for role, names in allowed_calls().items():
            harness.report(f"system calls of the {role}", f"{len(names)}: {' '.join(names)}")
            self.assertLessEqual(len(names), MOST_CALLS[role])
            self.assertEqual(len(names), len(set(names)))

    def test_the_front_has_no_call_that_names_a_file_process_or_address(self):
        dangerous = {"open", "openat", "openat2", "socket", "connect", "bind", "execve", "execveat",
                     "clone", "clone3", "fork", "vfork", "ptrace", "kill", "tgkill", "mprotect"}
        self.assertEqual(dangerous & set(allowed_calls()["front"]), set())

    def test_the_verifier_has_no_call_that_names_a_file_process_or_address(self):
        dangerous = """open openat openat2 stat newfstatat statx access faccessat readlink rename
            renameat renameat2 unlink unlinkat link linkat mkdir mkdirat chmod fchmodat truncate
            socket socketpair connect bind sendto sendmsg recvmsg execve execveat clone clone3 fork
            vfork ptrace kill tgkill pidfd_open process_vm_readv mprotect setuid setresuid dup dup2
            dup3 fcntl ioctl prctl seccomp pread64 pwrite64 lseek""".split()
        self.assertEqual(set(dangerous) & set(allowed_calls()["verifier"]), set())

    def test_the_listener_cannot_leave_what_it_is(self):
        dangerous = """execve execveat ptrace process_vm_readv process_vm_writev mount umount2 fsopen
            pivot_root move_mount unshare setns bpf init_module finit_module delete_module kexec_load
            reboot bind listen socket perf_event_open userfaultfd io_uring_setup keyctl add_key
            open_by_handle_at mknodat fchownat personality sethostname settimeofday clock_settime
            swapon pidfd_getfd setxattr shmget memfd_create""".split()
        numbers = [line.split()[1] for line in probe("resolve", *dangerous).splitlines()]
        outcomes = probe("sweep", "listener", self.site.maildir(), *numbers).splitlines()
        self.assertEqual(outcomes, [f"{number} SIGSYS" for number in numbers])
        for what in ("map-code", "map-writable-code", "x32-getpid", "i386-getpid"):
            self.assertEqual(self.attempt("listener", what), "SIGSYS", what)
        self.assertEqual(self.attempt("listener", "map-memory"), "exit 0")

    def test_a_listener_may_run_a_program_and_its_sessions_may_not(self):
        self.assertEqual(self.attempt("listener", "run-nothing-with-key"), f"exit {errno.EACCES}")
        self.assertEqual(self.attempt("session", "run-nothing-with-key"), "SIGSYS")

    def test_every_other_system_call_kills(self):
        for role in ROLES:
            names = allowed_calls()[role]
            numbers = {int(line.split()[1]) for line in probe("resolve", *names).splitlines()}
            forbidden = sorted(set(range(LAST_NUMBER + 1)) - numbers - UNFILTERED)
            outcomes = probe("sweep", role, self.site.maildir(), *forbidden).splitlines()
            survived = [outcome for outcome in outcomes if not outcome.endswith(" SIGSYS")]
            self.assertEqual((len(outcomes), survived), (len(forbidden), []), role)
            self.assertGreater(len(forbidden), LAST_NUMBER - 40)
            harness.report(f"forbidden calls that killed the {role}", len(forbidden))

    def test_calls_of_other_architectures_kill(self):
        for role in ROLES:
            for what in ("x32-getpid", "i386-getpid"):
                with self.subTest(role=role, what=what):
                    self.assertEqual(self.attempt(role, what), "SIGSYS")

    def test_executable_memory_kills(self):
        for role in ROLES:
            with self.subTest(role=role):
                self.assertEqual(self.attempt(role, "map-memory"), "exit 0")
                self.assertEqual(self.attempt(role, "map-code"), "SIGSYS")
                self.assertEqual(self.attempt(role, "map-writable-code"), "SIGSYS")

    def test_narrowed_calls_kill_with_other_arguments(self):
        for role in ROLES:
            with self.subTest(role=role):
                self.assertEqual(self.attempt(role, "futex-wait"), "SIGSYS")
        self.assertEqual(self.attempt("verifier", "duplicate"), "SIGSYS")

    def assert_refused(self, what, *paths):
        outcome = self.attempt("keeper", what, *paths)
        refusals = [f"exit {number}" for number in (errno.EACCES, errno.EPERM, errno.EXDEV)]
        self.assertIn(outcome, refusals, f"{what} {paths}")

    def test_the_keeper_reaches_its_own_maildir(self):
        own = self.site.maildir() / "new" / self.site.messages()[0]
        self.assertEqual(self.attempt("keeper", "read-file", own), "exit 0")
        self.assertEqual(self.attempt("keeper", "list", own.parent), "exit 0")
        seen = self.site.maildir() / "cur" / "moved:2,S"
        self.assertEqual(self.attempt("keeper", "rename", own, seen), "exit 0")

    def give(self, *paths):
        """Gives paths to the owner of all mail, so that only the sandbox can refuse access."""
        facts = os.stat(self.site.maildir())
        for path in paths:
            os.chown(path, facts.st_uid, facts.st_gid)

    def test_the_keeper_reads_nothing_else(self):
        theirs = self.site.maildir("bob") / "new" / self.site.messages("bob")[0]
        parent = self.site.maildir().parent
        for path in (self.site.users_file, theirs, "/etc/passwd", "/proc/self/status",
                     self.site.config):
            self.assert_refused("read-file", path)
        for path in (parent, self.site.maildir("bob"), self.site.maildir("bob") / "new", "/proc",
                     "/", f"{self.site.maildir()}/../../bob/Maildir/new"):
            self.assert_refused("list", path)

    def site_files(self):
        """Makes the server's files and their directories, owned by the keeper's account."""
        run, state = self.site.root / "run", self.site.root / "state"
        sessions = run / "sessions"
        sessions.mkdir()
        files = [self.site.users_file, self.site.root / "users.cdb", state / "site-key",
                 state / "app-password-use", self.site.root / "keys.json", run / "auth-key",
                 run / "auth-cache", run / "user-slots", run / "source-slots", run / "hash-slots",
                 sessions / "0000", sessions / "4095"]
        for path in files[1:]:
            path.write_bytes(b"k" * 32)
        folders = [run, state, sessions]
        self.give(*files, *folders)
        return files, folders

    def test_the_keeper_reaches_nothing_that_the_server_keeps(self):
        files, folders = self.site_files()
        own = self.site.maildir() / "new" / self.site.messages()[0]
        for path in files:
            before = path.read_bytes()
            for what in ("read-file", "write-file", "remove"):
                self.assert_refused(what, path)
            self.assert_refused("link", path, self.site.maildir() / "new" / "stolen")
            self.assert_refused("rename", own, path)
            self.assertEqual(path.read_bytes(), before)
        for folder in folders:
            self.assert_refused("list", folder)
            self.assert_refused("create-file", folder / "planted")

    def test_the_keeper_changes_nothing_else(self):
        own = self.site.maildir() / "new" / self.site.messages()[0]
        theirs = self.site.maildir("bob") / "new" / self.site.messages("bob")[0]
        self.assert_refused("write-file", theirs)
        self.assert_refused("remove", theirs)
        self.assert_refused("create-file", self.site.maildir("bob") / "new" / "planted")
        self.assert_refused("rename", own, self.site.maildir("bob") / "new" / "planted")
        self.assert_refused("rename", theirs, self.site.maildir() / "new" / "stolen")
        self.assert_refused("link", theirs, self.site.maildir() / "new" / "stolen")
        self.assertEqual(theirs.read_bytes(), b"his\n")

    def test_a_symbolic_link_in_the_maildir_leads_nowhere(self):
        link = self.site.maildir() / "new" / "link"
        link.symlink_to(self.site.users_file)
        self.assert_refused("read-file", link)


if __name__ == "__main__":
    harness.main()
