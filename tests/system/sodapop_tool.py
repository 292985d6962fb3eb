# SPDX-License-Identifier: ISC
"""Parts of the tests of the administrator's tool. SODAPOP_BUILD names the build directory."""

import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest

from conversation import PATIENCE

SODAPOP = os.path.join(os.environ["SODAPOP_BUILD"], "src", "sodapop")
CHEAP = ["--hash-memory", "1", "--hash-operations", "1"]
IS_ROOT = os.geteuid() == 0
# With root, users need an identity that is not root's; with an ordinary user, that user's.
UID, GID = (54321, 54321) if IS_ROOT else (os.getuid(), os.getgid())


class Case(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="sodapop-test-")
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.users = os.path.join(self.directory, "users")
        self.home = os.path.join(self.directory, "home")
        os.mkdir(self.home, 0o700)
        os.chmod(self.directory, 0o755)
        if IS_ROOT:
            os.chown(self.home, UID, GID)
        self.config = self.write("sodapop.conf", f"users = {self.users}\n")

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def content(self):
        with open(self.users, encoding="utf-8", newline="") as file:
            return file.read()

    def run_tool(self, *arguments, password=None):
        """Exit status, standard output, standard error."""
        command = [SODAPOP, *arguments, "--config", self.config]
        if password is not None:
            command.append("--password-stdin")
        done = subprocess.run(command, input=(password or "") + "\n", text=True, timeout=30,
                              capture_output=True, check=False, start_new_session=True)
        return done.returncode, done.stdout, done.stderr

    def succeed(self, *arguments, password=None):
        status, out, err = self.run_tool(*arguments, password=password)
        self.assertEqual((status, err), (0, ""), out)
        return out

    def fail_with(self, expected_status, pattern, *arguments, password=None):
        status, out, err = self.run_tool(*arguments, password=password)
        self.assertEqual(status, expected_status, out + err)
        self.assertRegex(err, r"\Asodapop: [^\n]*" + pattern + r"[^\n]*\n\Z")
        self.assertEqual(out, "")

    def add(self, name="alice", *arguments, password="secret"):
        return self.succeed("user", "add", name, "--uid", str(UID), "--gid", str(GID),
                            "--home", self.home, *CHEAP, *arguments, password=password)


class TerminalCase(Case):
    def start(self, *arguments):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(SODAPOP, [SODAPOP, *arguments, "--config", self.config])
        self.addCleanup(os.close, terminal)
        return child, terminal

    def expect(self, terminal, text):
        seen = b""
        deadline = time.monotonic() + PATIENCE
        while text not in seen:
            left = max(0, deadline - time.monotonic())
            ready, _, _ = select.select([terminal], [], [], left)
            self.assertTrue(ready, seen)
            seen += os.read(terminal, 1024)
        return seen

    @staticmethod
    def await_sleep(child):
        """Waits until the child waits for input: before, readpassphrase(3) keeps a signal for
        later."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with open(f"/proc/{child}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "S":
                    return
            time.sleep(0.01)
        raise AssertionError("the program does not wait for input")

    def echoes(self, terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

    def wait(self, child):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid == child:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return self.fail("the program did not end")

    def end(self, child, terminal):
        seen = b""
        try:
            while select.select([terminal], [], [], PATIENCE)[0]:
                seen += os.read(terminal, 1024)
        except OSError:  # reading fails when the program has closed the terminal
            pass
        return self.wait(child), seen
