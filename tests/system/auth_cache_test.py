# SPDX-License-Identifier: ISC
"""The cache of good logins: what it saves, and that a login that fails without it fails with
it too.

While the test holds every hash slot no password can be verified, so that only the cache can let a
login succeed."""

import base64
import fcntl
import os
import re
import stat
import statistics
import struct
import subprocess
import time

import harness
from harness import IS_ROOT, PASSWORD, SODAPOP, Session, SiteTest, needs_root

F_OFD_SETLK = 37
LOGIN_LIMIT = 2  # seconds that a login without a hash slot takes to fail


class AuthCache(SiteTest):
    settings = {"auth_cache": 600, "login_limit": 30}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"])
        self.run = self.site.root / "run"

    def login(self, name="alice", password=PASSWORD, **options):
        with Session(self.site, **options) as session:
            reply = session.login(name, password)
            if reply.startswith(b"+OK"):
                self.assert_ok(session.command("QUIT"))
            return reply

    def login_without_hash(self, name="alice", password=PASSWORD):
        """A login while no password can be verified."""
        limit = self.site.settings["login-limit"]
        self.site.configure(login_limit=LOGIN_LIMIT)
        with open(self.run / "hash-slots", "a+b") as file:
            fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            try:
                return self.login(name, password)
            finally:
                self.site.configure(login_limit=limit)

    def assert_known(self, *who):
        self.assert_ok(self.login_without_hash(*who))

    def assert_unknown(self, *who):
        # At the login limit the front may end the connection before the answer is there.
        self.assertIn(self.login_without_hash(*who)[:15], (b"-ERR [SYS/TEMP]", b""))

    def edit_users(self, old, new):
        text = self.site.users_file.read_text()
        self.assertRegex(text, old)
        self.site.users_file.write_text(re.sub(old, new, text))

    def test_without_the_setting_there_is_no_cache(self):
        for value in (None, "off"):
            self.site.configure(auth_cache=value)
            self.assert_ok(self.login())
            self.assert_unknown()
        self.assertEqual([path for path in os.listdir(self.run) if path.startswith("auth")], [])

    def test_the_second_login_with_the_same_password_needs_no_hash_slot(self):
        self.site.add_user("bob")
        self.assert_ok(self.login())
        for _ in range(3):
            self.assert_known()
        self.assert_unknown("alice", PASSWORD + "x")
        self.assert_unknown("bob", PASSWORD)

    def test_AUTH_PLAIN_has_the_same_cache(self):
        self.assert_ok(self.login())
        response = base64.b64encode(b"\0alice\0" + PASSWORD.encode()).decode()
        with open(self.run / "hash-slots", "a+b") as file, Session(self.site) as session:
            fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            self.assert_ok(session.command(f"AUTH PLAIN {response}"))

    def test_a_wrong_password_is_never_remembered(self):
        for _ in range(2):
            self.assert_err(self.login(password="wrong"), "AUTH")
            self.assert_err(self.login(name="nobody-here"), "AUTH")
        self.assertEqual((self.run / "auth-cache").read_bytes(), b"")
        self.assert_ok(self.login())
        self.assert_err(self.login(password="wrong"), "AUTH")
        self.assert_unknown("alice", "wrong")

    def test_a_new_password_ends_the_old_one_at_once(self):
        self.assert_ok(self.login())
        subprocess.run([SODAPOP, "--config", self.site.config, "user", "password", "alice",
                        "--password-stdin", *harness.CHEAP], input=b"another one\n", check=True,
                       stdout=subprocess.PIPE)
        self.assert_err(self.login(), "AUTH")
        self.assert_unknown()
        self.assert_ok(self.login(password="another one"))
        self.assert_known("alice", "another one")
        self.assert_err(self.login(), "AUTH")

    def test_the_same_password_under_a_new_hash_is_verified_anew(self):
        self.assert_ok(self.login())
        subprocess.run([SODAPOP, "--config", self.site.config, "user", "password", "alice",
                        "--password-stdin", *harness.CHEAP], input=PASSWORD.encode() + b"\n",
                       check=True, stdout=subprocess.PIPE)
        self.assert_unknown()
        self.assert_ok(self.login())
        self.assert_known()

    def test_a_user_who_is_removed_or_disabled_is_refused_at_once(self):
        for old, new in ((r"(?m)^alice:", "alice:!"), (r"(?m)^alice:.*?:", "alice:*:"),
                         (r"(?m)^alice:", "gone:"), (r" *\n", " nologin\n")):
            with self.subTest(new):
                users = self.site.users_file.read_text()
                self.assert_ok(self.login())
                self.assert_known()
                self.edit_users(old, new)
                self.assert_err(self.login(), "AUTH")
                self.site.users_file.write_text(users)

    @needs_root
    def test_what_is_asked_after_the_hash_is_asked_of_a_known_user_too(self):
        self.assert_ok(self.login())
        self.site.configure(minimum_uid=5001)
        self.assert_err(self.login_without_hash(), "SYS/PERM")
        self.site.wait_for_event("unavailable", reason="uid-not-served", user="alice")
        self.site.configure(minimum_uid=500)
        self.site.users_file.chmod(0o644)
        self.assert_err(self.login_without_hash(), "SYS/PERM")
        self.site.users_file.chmod(0o600)
        self.edit_users(":5000:5000:", ":0:0:")
        self.assert_err(self.login_without_hash(), "SYS/PERM")

    def test_a_hash_that_has_become_too_costly_is_refused(self):
        subprocess.run([SODAPOP, "--config", self.site.config, "user", "password", "alice",
                        "--password-stdin", "--hash-memory", "1", "--hash-operations", "2"],
                       input=PASSWORD.encode() + b"\n", check=True, stdout=subprocess.PIPE)
        self.assert_ok(self.login())
        self.assert_known()
        self.site.configure(hash_operations_limit=1)
        self.assert_err(self.login(), "AUTH")
        self.site.wait_for_event("login-failed", reason="hash-too-costly", user="alice")

    def test_a_login_expires_and_its_use_does_not_extend_it(self):
        self.site.configure(auth_cache=3)
        self.assert_ok(self.login())
        begin = time.monotonic()  # the record is older than this
        while time.monotonic() - begin < 3.5:
            self.login_without_hash()
            time.sleep(0.2)
        self.assert_unknown()

    def test_a_shorter_time_holds_at_once(self):
        self.assert_ok(self.login())
        self.site.configure(auth_cache=60)
        self.assert_unknown()

    def test_another_key_knows_nobody(self):
        self.assert_ok(self.login())
        (self.run / "auth-key").unlink()
        self.assert_unknown()
        self.assertEqual(len((self.run / "auth-key").read_bytes()), 32)
        self.assert_ok(self.login())
        self.assert_known()

    def test_the_files_are_their_accounts_alone_and_hold_no_password(self):
        self.assert_ok(self.login())
        for name in ("auth-key", "auth-cache"):
            facts = (self.run / name).stat()
            self.assertEqual(stat.S_IMODE(facts.st_mode), 0o600)
            self.assertEqual(facts.st_uid, os.geteuid())
        self.assertNotIn(PASSWORD.encode(), (self.run / "auth-cache").read_bytes())
        self.assertEqual(sorted(name for name in os.listdir(self.run) if name.startswith("auth")),
                         ["auth-cache", "auth-key"])

    @needs_root
    def test_neither_front_nor_keeper_holds_or_may_open_them(self):
        self.assert_ok(self.login())
        with Session(self.site) as session:
            self.assert_ok(session.login())
            for pid in (session.front(), session.process.pid):
                held = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
                self.assertEqual([path for path in held if "auth" in path], [])
        for uid in (5000, 65534):
            for name in ("auth-key", "auth-cache"):
                reader = subprocess.run(["cat", self.run / name], user=uid, group=uid,
                                        extra_groups=[], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, check=False)
                self.assertNotEqual(reader.returncode, 0)
                self.assertEqual(reader.stdout, b"")

    @needs_root
    def test_a_server_that_is_not_root_has_a_cache_of_its_own(self):
        self.site = self.make_site(owner=5000, **self.settings)
        self.site.add_user("alice")
        self.run = self.site.root / "run"
        for _ in range(2):
            self.assert_ok(self.login(uid=5000))
        self.assertEqual((self.run / "auth-key").stat().st_uid, 5000)

    def assert_only_slow(self):
        """Logins work as without a cache, and the log says why, once for each attempt."""
        before = len(self.site.log_lines("auth-cache"))
        self.assert_ok(self.login())
        self.assert_ok(self.login())
        self.assert_err(self.login(password="wrong"), "AUTH")
        self.assertEqual(len(self.site.log_lines("auth-cache")) - before, 3)
        self.assertIn(' problem="', self.site.log_lines("auth-cache")[-1])

    def test_trouble_with_the_files_costs_speed_and_no_login(self):
        key, cache = self.run / "auth-key", self.run / "auth-cache"

        def spoil(path, act):
            self.assert_ok(self.login())
            act(path)
            with self.subTest(f"{path.name} {act}"):
                self.assert_only_slow()
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()

        def into_link(path):
            path.rename(path.with_suffix(".moved"))
            path.symlink_to(path.with_suffix(".moved"))

        for path in (key, cache):
            spoil(path, lambda path: path.chmod(0o644))
            spoil(path, into_link)
            spoil(path, lambda path: (path.unlink(), path.mkdir()))
        spoil(key, lambda path: path.write_bytes(b"k" * 33))
        if IS_ROOT:
            spoil(key, lambda path: os.chown(path, 5000, 5000))

    def test_an_incomplete_key_is_made_anew_and_old_logins_are_forgotten(self):
        for content in (b"", b"k" * 31):
            self.assert_ok(self.login())
            (self.run / "auth-key").write_bytes(content)
            self.assert_unknown()
            self.assert_ok(self.login())
            self.assert_known()
            self.assertEqual((self.run / "auth-key").stat().st_size, 32)
        self.assertEqual(self.site.log_lines("auth-cache"), [])

    def test_garbage_in_the_cache_lets_nobody_in_and_keeps_nobody_out(self):
        self.assert_ok(self.login())
        cache = self.run / "auth-cache"
        size = cache.stat().st_size
        for octets in (b"\xff" * size, b"\0" * size, os.urandom(size), os.urandom(4 << 20), b"x"):
            cache.write_bytes(octets)
            self.assert_err(self.login(password="wrong"), "AUTH")
            self.assert_unknown()
            self.assert_ok(self.login())
            self.assert_known()
        self.assertEqual(self.site.log_lines("auth-cache"), [])

    def test_what_a_known_password_saves_and_a_wrong_one_does_not(self):
        self.site.configure(attempts=100)
        self.site.add_user("dear", cost=())
        self.assert_ok(self.login("dear"))

        def seconds(password):
            begin = time.monotonic()
            self.login("dear", password)
            return time.monotonic() - begin
        pairs = [(seconds(PASSWORD), seconds("wrong")) for _ in range(15)]
        known, wrong = (statistics.median(times) * 1e3 for times in zip(*pairs))
        harness.report("median login in ms: known, wrong password", f"{known:.1f}, {wrong:.1f}")
        self.assertLess(known, wrong)


if __name__ == "__main__":
    harness.main()
