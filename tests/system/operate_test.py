#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""sodapop-operate(7): each command of the page is run in a site of its own, section by section, and
must end with status 0. Paths of the page stand for those of the site. Commands that would change the
host, or that need systemd or a build, are replaced by programs that note the call."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

import harness
import launchers
from harness import PASSWORD, PATIENCE, SODAPOP, SODAPOPD, SiteTest, find_program, needs_root, wait_for

SOURCE = pathlib.Path(__file__).resolve().parents[2]
NAME = "alice@example.org"
NOTED = ("systemctl", "journalctl", "nft", "userdel", "meson", "ninja")
SKIPPED_WITHOUT = ("logrotate", "curl", "openssl")


def sections():
    """The commands of each section; those of one block belong together, with one shell."""
    page = (SOURCE / "man/sodapop-operate.7").read_text()
    found = {}
    for title, text in re.findall(r"(?ms)^\.Sh ([A-Z ]+)\n(.*?)(?=^\.Sh |\Z)", page):
        blocks = re.findall(r"(?ms)^\.Bd .*?\n(.*?)^\.Ed|^\.Dl (.*?)$", text)
        found[title] = [block or line for block, line in blocks]
    return found


class Operate(SiteTest):
    """The site has its files where the page has them, below a directory of its own."""

    @needs_root
    def setUp(self):
        super().setUp()
        self.files = self.site.root / "files"
        for name in ("etc/sodapop", "etc/logrotate.d", "etc/stunnel", "etc/haproxy", "var/backups",
                     "var/lib", "var/log", "var/vmail/example.org", "etc/letsencrypt/live"):
            (self.files / name).mkdir(parents=True)
        os.chown(self.files / "var/vmail/example.org", 5000, 5000)
        shutil.copy("/etc/passwd", self.files / "etc")
        (self.site.root / "state").rename(self.files / "var/lib/sodapop")
        self.site.log = self.files / "var/log/sodapop.log"
        self.users = self.files / "etc/sodapop/users"
        self.site.users_file = self.users
        self.users.touch(0o600)
        self.site.configure(users=self.users, state_directory=self.files / "var/lib/sodapop",
                            failure_delay=None, maildir=f"{self.files}/var/vmail/%d/%n",
                            log=self.site.log)
        self.site.config = self.site.config.rename(self.files / "etc/sodapop/sodapop.conf")
        self.environment = {"PATH": f"{self.programs()}:/usr/sbin:/usr/bin:/sbin:/bin",
                            "LC_ALL": "C.UTF-8"}
        for name in (NAME, "monitor@example.org"):
            self.tool("user", "add", name, "--uid", "5000", "--gid", "5000", "--create-maildir",
                      "--password-stdin")
        self.message = self.maildir() / "cur" / "1000001.M1P1.example:2,S"
        self.message.write_bytes(b"Subject: one\n\ntext\n")
        os.chown(self.message, 5000, 5000)

    def programs(self):
        """A folder with the programs that stand for others."""
        folder = self.site.root / "bin"
        folder.mkdir()
        for name in NOTED:
            self.script(folder / name, f'echo {name} "$@" >> {self.site.root}/noted')
        self.script(folder / "sodapop", f"""
[ "$1" != check ] || set -- "$@" --etc {self.files}/etc
exec {SODAPOP} --config "${{SITE_CONFIG:-{self.site.config}}}" "$@\"""")
        self.script(folder / "sodapopd", f'exec {SODAPOPD} --config {self.site.config} "$@"')
        # The new host has the same paths, below another directory.
        self.script(folder / "ssh", f'shift; SITE_CONFIG={self.site.root}/new/etc/sodapop/sodapop.conf; '
                                    f'export SITE_CONFIG; eval "$(echo "$*" | sed '
                                    f's,{self.files},{self.site.root}/new,g)"')
        return folder

    @staticmethod
    def script(path, text):
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def maildir(self, name=NAME, files=None):
        return (files or self.files) / "var/vmail/example.org" / name.split("@")[0]

    def tool(self, *words, password=PASSWORD):
        subprocess.run([SODAPOP, "--config", self.site.config, *words], input=password + "\n",
                       text=True, check=True, stdout=subprocess.PIPE, timeout=PATIENCE)

    def in_this_site(self, text):
        """The text with the paths of this site."""
        for path in ("/etc/sodapop", "/etc/logrotate.d", "/etc/stunnel", "/etc/haproxy",
                     "/etc/letsencrypt", "/var/"):
            text = re.sub(rf"(?<![\w/]){path}", f"{self.files}{path}", text)
        text = text.replace("/run/sodapop", str(self.site.root / "run"))
        return text.replace("@docdir@", str(self.site.root / "doc"))

    def run_block(self, block, **environment):
        if block.startswith(("%", "machine ")):
            return ""  # the contents of a file
        commands = re.sub(r"(?m)^# ", "", self.in_this_site(block).replace("\\e\n", "\\\n"))
        for name in SKIPPED_WITHOUT:
            if re.search(rf"(?m)^{name} ", commands) and not find_program(name):
                print(f"skipped: {name} is not here")
                commands = re.sub(rf"(?m)^{name} .*(\\\n.*)*$", "", commands)
        commands = re.sub(r"(?m)^(sodapop user password .*)$", r"\1 --password-stdin", commands)
        done = subprocess.run(["sh", "-euc", commands], env=self.environment | environment, text=True,
                              input=PASSWORD + "\n", capture_output=True, check=False,
                              timeout=PATIENCE, cwd=self.site.root)
        self.assertEqual(done.returncode, 0, f"{commands}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_section(self, title, **environment):
        return "".join(self.run_block(block, **environment) for block in sections()[title])

    def noted(self):
        path = self.site.root / "noted"
        return path.read_text().splitlines() if path.exists() else []

    def doc(self, name):
        """A file of contrib, with the paths of this site."""
        path = self.site.root / "doc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = self.in_this_site((SOURCE / "contrib" / name).read_text())
        path.write_text(text.replace("stunnel4", "daemon"))  # an account that each host has
        shutil.copymode(SOURCE / "contrib" / name, path)

    def log_in(self):
        with harness.Session(self.site) as session:
            self.assert_ok(session.login(NAME))
            self.assertEqual(session.fetch("RETR 1"), b"Subject: one\r\n\r\ntext\r\n")
            self.assert_ok(session.command("QUIT"))

    def test_each_section_is_known_here(self):
        """What a section that is new has to get: a test."""
        self.assertEqual({title for title, blocks in sections().items() if blocks}, {
            "BACKUP", "RESTORE", "UPGRADE", "LOG", "MONITORING", "CERTIFICATES", "MOVING A MAILBOX",
            "PASSWORDS", "FIREWALL", "UNINSTALL"})

    def test_a_backup_restores_what_was_lost(self):
        self.log_in()
        key = (self.files / "var/lib/sodapop/site-key").read_bytes()
        self.run_section("BACKUP")
        for path in ("etc/sodapop", "var/lib/sodapop", "var/vmail/example.org/alice"):
            shutil.rmtree(self.files / path)
        self.run_section("RESTORE")
        self.assertEqual((self.files / "var/lib/sodapop/site-key").read_bytes(), key)
        self.assertEqual(self.message.stat().st_uid, 5000)
        self.log_in()
        for path in (self.files / "var/backups/sodapop").iterdir():
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_a_backup_waits_for_the_end_of_a_session(self):
        """flock(1) finds the Maildir locked as long as there is one."""
        with harness.Session(self.site) as session:
            self.assert_ok(session.login(NAME))
            done = subprocess.run(["flock", "--nonblock", self.maildir(), "true"], check=False)
            self.assertEqual(done.returncode, 1)

    def test_an_upgrade(self):
        self.run_section("UPGRADE")
        self.assertEqual(self.noted(), ["meson setup build", "ninja -C build", "meson install -C build",
                                        "systemctl daemon-reload",
                                        "systemctl restart sodapop.service"])

    def test_the_log_is_rotated_without_a_lost_line(self):
        self.doc("logrotate/sodapop")
        log = self.site.log
        server = self.listen()
        self.script(self.site.root / "bin/systemctl", f"kill -HUP {server.pid}")
        with harness.Session(self.site):
            pass
        before = log.read_text()
        self.run_section("LOG")
        if find_program("logrotate"):
            wait_for(log.exists)
            self.assertEqual((self.files / "var/log/sodapop.log.1").read_text()[:len(before)], before)
            self.log_in()
            self.assertIn("event=login ", log.read_text())

    def listen(self):
        """A sodapopd at a port of its own."""
        self.port = launchers.free_port()
        server = subprocess.Popen(self.site.command("--listen", f"127.0.0.1:{self.port}"))
        self.addCleanup(server.wait, PATIENCE)
        self.addCleanup(server.send_signal, signal.SIGTERM)
        wait_for(lambda: launchers.is_listening(self.port))
        return server

    def test_monitoring(self):
        self.listen()
        entry = next(block for block in sections()["MONITORING"] if block.startswith("machine "))
        path = self.files / "etc/sodapop/monitor.netrc"
        path.write_text(entry + "\n")
        self.tool("user", "password", "monitor@example.org", "--password-stdin", password="PASSWORD")
        path.chmod(0o600)
        for block in sections()["MONITORING"]:
            self.run_block(block.replace("pop3://127.0.0.1/", f"pop3://127.0.0.1:{self.port}/"))
        if find_program("curl"):
            self.site.wait_for_event("login", user="monitor@example.org")

    @unittest.skipUnless(find_program("openssl"), "needs openssl")
    def test_a_renewed_certificate_is_what_clients_get(self):
        self.doc("certificates/deploy-hook")
        lineage = self.files / "etc/letsencrypt/live/pop.example.org"
        lineage.mkdir()
        self.make_certificate(lineage, "first")
        self.run_section("CERTIFICATES")
        pem = self.files / "etc/stunnel/pop3.pem"
        for path in (pem, self.files / "etc/haproxy/pop3.pem"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.noted(), ["systemctl try-restart stunnel@*.service",
                                        "systemctl try-reload-or-restart haproxy*.service"])
        if not find_program("stunnel"):
            self.skipTest("the rest needs stunnel")
        self.assertIn("first", self.subject(self.start_stunnel(pem)))
        self.make_certificate(lineage, "second")
        self.run_section("CERTIFICATES")
        self.assertIn("second", self.subject(self.start_stunnel(pem)))

    @staticmethod
    def make_certificate(folder, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                        folder / "privkey.pem", "-out", folder / "fullchain.pem", "-days", "2",
                        "-subj", f"/CN={name}"], check=True, stderr=subprocess.DEVNULL)

    def start_stunnel(self, pem):
        """stunnel as contrib has it, with an account that each host has."""
        port = launchers.free_port()
        text = (SOURCE / "contrib/stunnel/pop3s-connect.conf").read_text()
        for old, new in (("/etc/stunnel/pop3.pem", str(pem)), ("stunnel4", "daemon"),
                         (":::995", f"127.0.0.1:{port}"), ("foreground = yes", "foreground = yes\npid =")):
            text = text.replace(old, new)
        path = self.site.root / "stunnel.conf"
        path.write_text(text)
        process = subprocess.Popen([find_program("stunnel"), path], stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.terminate)
        wait_for(lambda: launchers.is_listening(port))
        return port

    @staticmethod
    def subject(port):
        talk = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}"], text=True,
                              input="", capture_output=True, check=False, timeout=PATIENCE)
        return re.search(r"subject=.*", talk.stdout)[0]

    def test_a_mailbox_moves_to_another_host(self):
        new = self.site.root / "new"
        for name in ("etc/sodapop", "var/lib/sodapop", "var/log", "var/vmail/example.org"):
            (new / name).mkdir(parents=True)
        (new / "etc/sodapop/sodapop.conf").write_text(
            self.site.config.read_text().replace(str(self.files), str(new)))
        blocks = sections()["MOVING A MAILBOX"]
        self.assertEqual(len(blocks), 1)
        with harness.Session(self.site) as session:
            self.assert_ok(session.login(NAME))
            self.run_block(blocks[0])
            self.assertEqual(session.rest(), b"")
        self.assertNotIn("alice", self.users.read_text())
        moved = self.maildir(files=new) / "cur" / self.message.name
        self.assertEqual((moved.read_bytes(), moved.stat().st_uid),
                         (self.message.read_bytes(), 5000))
        self.site.config = new / "etc/sodapop/sodapop.conf"
        self.log_in()

    def test_passwords(self):
        before = self.users.read_text()
        printed = self.run_section("PASSWORDS")
        self.assertRegex(printed, r"(?m)^[a-z0-9-]{28,}$")
        self.assertNotEqual(self.users.read_text(), before)
        self.log_in()

    def test_the_firewall(self):
        self.run_section("FIREWALL")
        self.assertEqual(self.noted(), ["nft add rule inet filter input tcp dport 995 accept"])

    def test_an_uninstallation_leaves_the_mail_alone(self):
        self.log_in()
        self.assertTrue((self.maildir() / "sodapop.lock").exists())
        self.run_section("UNINSTALL")
        self.assertEqual([path for path in self.files.rglob("sodapop*") if path.is_file()],
                         [self.site.log])
        self.assertTrue(self.message.exists())
        self.assertEqual(self.noted()[-1], "userdel _sodapop")


if __name__ == "__main__":
    harness.main()
