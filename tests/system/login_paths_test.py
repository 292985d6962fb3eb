# SPDX-License-Identifier: ISC
"""Every way to log in: the process that checks the credentials, and the processes of the session
afterwards."""

import os
import pathlib
import pwd
import signal
import subprocess

import harness
import proxies
import scram
import tokens
from harness import (PASSWORD, SODAPOP, Session, children, needs_feature, needs_root, status_of,
                     wait_for)
from processes_test import ProcessesTest, descriptors, is_writable, mappings


@needs_root
class LoginPaths(ProcessesTest):
    """The processes of a session are the same after every kind of login."""

    def open(self, **options):
        session = Session(self.site, **options)
        session.__enter__()
        self.addCleanup(session.__exit__)
        return session

    def open_by_proxy(self, tls=proxies.BY_TLS, **settings):
        """A session whose client is behind a proxy; its greeting has been read."""
        self.site.configure(proxy="required", proxy_networks="127.0.0.1", **settings)
        session = Session(self.site)
        self.addCleanup(session.__exit__)
        session.send(proxies.block(tls=tls))
        self.assert_ok(session.line())
        return session

    def assert_session(self, session, reply, slots=("user-slots",)):
        """`reply` is a login; two processes are left, which are confined and hold what they always
        hold."""
        self.assert_ok(reply)
        session.fetch("RETR 1")
        keeper, run = session.process.pid, self.site.root / "run"
        front, = children(keeper)
        self.assertEqual(children(front), [])
        self.assert_front(front)
        self.assert_confined(keeper, 5000, 5000)
        # It maps its page of the list of sessions, whose lock a descriptor keeps, and that of the
        # lost log lines, without one; nothing of the users file.
        pages = mappings(keeper, self.site.root)
        self.assertEqual(pages.pop(str(run / "lost-lines")), "rw-s")
        (record, access), = pages.items()
        self.assertEqual((os.path.dirname(record), access), (str(run / "sessions"), "rw-s"))
        own = self.site.maildir()
        expected = sorted(["/dev/null"] * 3 + ["socket", "pipe", "pipe", str(self.site.log), record,
                                               *map(str, (own, own, own / "new", own / "cur",
                                                          own / "sodapop.lock")),
                                               *(str(run / slot) for slot in slots)])
        # The client may have its message before the keeper has closed its own descriptor of it.
        self.assert_becomes(expected, lambda: sorted(descriptors(keeper).values()))
        for fd, path in descriptors(keeper).items():
            if path.startswith(f"{run}/"):
                self.assertFalse(is_writable(keeper, fd), path)

    def test_the_password(self):
        session = self.open()
        self.assert_session(session, session.login())

    @needs_feature("auth_cache")
    def test_a_password_that_the_cache_remembers(self):
        self.site.configure(auth_cache=600)
        for _ in range(2):
            session = self.open()
            self.assert_session(session, session.login())
            session.close()
            session.exit_status()

    def test_a_password_whose_hash_is_renewed(self):
        self.site.configure(rehash="yes")
        session = self.open()
        self.assert_session(session, session.login())
        self.site.wait_for_event("rehash", user="alice")

    def test_the_compiled_users(self):
        subprocess.run([SODAPOP, "--config", self.site.config, "users", "compile"], check=True,
                       stdout=subprocess.PIPE, timeout=60)
        session = self.open()
        self.assert_session(session, session.login())

    def test_SCRAM_by_way_of_a_proxy(self):
        session = self.open_by_proxy(tls=0)
        reply, _ = scram.log_in(session, "alice", PASSWORD)
        self.assert_session(session, reply, ("user-slots", "source-slots"))

    def test_an_app_password(self):
        made = subprocess.run([SODAPOP, "--config", self.site.config, "app-password", "add",
                               "alice", "phone"], check=True, timeout=60, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
        session = self.open()
        self.assert_session(session, session.login(password=made.stdout.strip()))
        self.site.wait_for_event("login", app_password="phone")

    @needs_feature("tokens")
    def test_a_token_by_way_of_a_proxy(self):
        server, keys = tokens.Server(self.site.root), self.site.root / "keys.json"
        keys.write_text(tokens.key_set(server))
        keys.chmod(0o600)
        text = self.site.users_file.read_text()
        self.site.users_file.write_text(text.replace("alice:", "alice@example.org:", 1))
        session = self.open_by_proxy(maildir=f"{self.site.root}/mail/%n/Maildir",
                                     **tokens.settings(keys))
        bearer = scram.encoded(tokens.oauthbearer(server.token("alice@example.org")))
        self.assert_session(session, session.command(b"AUTH OAUTHBEARER " + bearer),
                            ("user-slots", "source-slots"))

    def test_a_certificate(self):
        self.site.configure(external="common-name")
        session = self.open(env={"SSL_CLIENT_DN": "O=Example, CN=alice"})
        self.assert_session(session, session.command("AUTH EXTERNAL ="))

    def test_a_user_who_may_only_read(self):
        text = self.site.users_file.read_text().rstrip("\n")
        self.site.users_file.write_text(f"{text} sodapop_read_only=yes\n")
        session = self.open()
        self.assert_session(session, session.login())
        self.assert_err(session.command("DELE 1"), "SYS/PERM")


def memory(pid):
    """All octets that the process can write."""
    rows = [line.split() for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()]
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for row in rows:
            if row[1].startswith("rw") and row[-1] not in ("[vvar]", "[vsyscall]"):
                start, end = (int(place, 16) for place in row[0].split("-"))
                file.seek(start)
                found.append(file.read(end - start))
    return b"".join(found)


@needs_root
class Verifiers(ProcessesTest):
    """The process that checks the password, while it does so."""

    def begin(self, name="alice"):
        """A session whose password has been sent, its front and its verifier."""
        session = Session(self.site)
        session.__enter__()
        self.addCleanup(session.__exit__)
        front = session.front()
        self.assert_ok(session.command(f"USER {name}"))
        session.send(f"PASS {PASSWORD}\r\n")
        verifier, = wait_for(lambda: set(children(session.process.pid)) - {front})
        return session, front, verifier

    def assert_nobody_of_root_is_left(self, session, *gone):
        self.assert_ok(session.line())
        keeper = session.process.pid
        left = [keeper, *children(keeper)]
        self.assertEqual(len(left), 2)
        for pid in left:
            self.assertNotIn("0", status_of(pid)["Uid"].split())
            self.assertEqual(status_of(pid)["Seccomp"], "2")
        for pid in gone:
            self.assertFalse(pathlib.Path(f"/proc/{pid}").exists(), pid)

    def test_the_verifier_of_the_users_file_is_confined(self):
        account = pwd.getpwnam(harness.front_account())
        self.site.add_user("bob", cost=("--hash-memory", "256", "--hash-operations", "8"))
        for compiled in (False, True):
            if compiled:
                subprocess.run([SODAPOP, "--config", self.site.config, "users", "compile"],
                               check=True, stdout=subprocess.PIPE)
            session, front, verifier = self.begin("bob")
            wait_for(lambda: status_of(verifier)["Seccomp_filters"] == "2")  # the monitor's first
            os.kill(verifier, signal.SIGSTOP)  # while it computes
            self.assert_confined(verifier, account.pw_uid, account.pw_gid)
            self.assertEqual(os.readlink(f"/proc/{verifier}/root"),
                             str(self.site.root / "run" / "empty"))
            self.assertEqual(sorted(descriptors(verifier).values()), ["/dev/null"] * 3 + ["socket"])
            self.assertEqual(mappings(verifier, self.site.root), {})
            hashes = [line.split(":")[1][-40:].encode()
                      for line in self.site.users_file.read_text().splitlines()]
            held = memory(verifier)
            self.assertEqual([one in held for one in hashes], [False, True])
            self.assert_front(front)
            os.kill(verifier, signal.SIGCONT)
            self.assert_nobody_of_root_is_left(session, verifier)
            session.close()
            session.exit_status()

    @needs_feature("checkpassword")
    def test_the_verifier_that_runs_a_program_is_not_and_does_not_have_the_connection(self):
        """By design: the program may have to become any user, and to reach other services."""
        program, started, go_on = (self.site.root / name for name in ("program", "pid", "go-on"))
        os.mkfifo(go_on)
        home = self.site.maildir().parent
        program.write_text(f'#!/bin/sh\necho $$ >{started}.new; mv {started}.new {started}\n'
                           f'read line <{go_on}\n'
                           f'HOME={home} userdb_uid=5000 userdb_gid=5000 exec "$@"\n')
        program.chmod(0o755)
        self.site.configure(checkpassword=program, maildir="%h/Maildir")
        session, front, verifier = self.begin()
        wait_for(started.exists)
        running = int(started.read_text())
        self.assertEqual(children(verifier), [running])
        for pid in (verifier, running):
            status = status_of(pid)
            self.assertEqual((status["Uid"].split(), status["Seccomp"]), (["0"] * 4, "0"))
        self.assert_front(front)
        connection = os.readlink(f"/proc/{front}/fd/0")
        for pid in (session.process.pid, verifier, running):
            held = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
            self.assertNotIn(connection, held)
        go_on.write_text("go on\n")
        self.assert_nobody_of_root_is_left(session, verifier, running)


if __name__ == "__main__":
    harness.main()
