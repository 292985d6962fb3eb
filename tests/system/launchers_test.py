# SPDX-License-Identifier: ISC
"""Real clients through real super-servers: messages arrive as they were stored, octet for octet."""

import pathlib
import poplib
import subprocess
import unittest
import urllib.parse

import harness
import launchers
import proxies
from harness import PASSWORD, needs_program, wire_form
from mails import MAILS

# fetchmail handles mail as C strings of 8 KiB and passes it on with bare LF, so that it changes
# these messages with any server.
BEYOND_FETCHMAIL = {"NUL", "bare CR", "empty", "only a line end", "line of 100000"}


class ThroughLauncher:
    """The tests; each launcher below inherits them."""

    launcher = None

    def setUp(self):
        if harness.find_program(self.launcher.program) is None:
            self.skipTest(f"needs the program {self.launcher.program}")
        if self.launcher.tls != "none" and harness.find_program("openssl") is None:
            self.skipTest("needs the program openssl")
        self.site = harness.Site(owner=self.launcher.owner)
        self.addCleanup(self.site.close)
        self.site.add_user("alice", MAILS.values())
        self.running = self.launcher(self.site)
        self.running.__enter__()
        self.addCleanup(self.running.__exit__)

    @needs_program("curl")
    def test_curl_gets_every_octet(self):
        out = self.site.root / "out"
        out.mkdir()
        scheme = "pop3s" if self.running.tls == "wrapped" else "pop3"
        tls = ["--cacert", self.site.root / "certificate.pem"] if self.running.tls != "none" else []
        tls += ["--ssl-reqd"] if self.running.tls == "stls" else []
        user = "alice:" + urllib.parse.quote(PASSWORD)
        subprocess.run(
            ["curl", "-sS", "--max-time", "60", *tls, "-o", f"{out}/#1",
             f"{scheme}://{user}@localhost:{self.running.port}/[1-{len(MAILS)}]"],
            check=True)
        for number, (name, stored) in enumerate(MAILS.items(), start=1):
            with self.subTest(name):
                # curl writes a line end for a message without any octet.
                self.assert_same((out / str(number)).read_bytes(), wire_form(stored) or b"\r\n")

    def test_poplib_gets_every_octet(self):
        poplib._MAXLINE = 1_000_000  # 2048 by default: poplib refuses longer lines
        if self.running.tls == "wrapped":
            client = poplib.POP3_SSL("localhost", self.running.port, timeout=harness.PATIENCE,
                                     context=launchers.tls_context(self.site))
        else:
            client = poplib.POP3("localhost", self.running.port, timeout=harness.PATIENCE)
        if self.running.tls == "stls":
            client.stls(launchers.tls_context(self.site))
        client.user("alice")
        client.pass_(PASSWORD)
        self.assertEqual(client.stat(), (len(MAILS), sum(map(len, map(wire_form, MAILS.values())))))
        for number, (name, stored) in enumerate(MAILS.items(), start=1):
            with self.subTest(name):
                got = b"".join(line + b"\r\n" for line in client.retr(number)[1])
                self.assert_same(got, wire_form(stored))
                self.assertEqual(client.list(number), b"+OK %d %d" % (number, len(got)))
        client.quit()

    @needs_program("fetchmail")
    def test_fetchmail_gets_every_octet(self):
        for number, name in enumerate(MAILS, start=1):
            if name in BEYOND_FETCHMAIL:
                (self.site.maildir() / "new" / f"{1000000 + number}.M{number}P1.example").unlink()
        sent = [stored for name, stored in MAILS.items() if name not in BEYOND_FETCHMAIL]
        # fetchmail gives an MDA bare LF. No mail here has any other CR: this hides no mistake.
        sent = [wire_form(stored).replace(b"\r\n", b"\n") for stored in sent]
        got = self.run_fetchmail()
        self.assertEqual(len(got), len(sent))
        for one, stored in zip(sorted(got), sorted(sent)):
            self.assert_same(one, stored)

    def run_fetchmail(self):
        home, out = self.site.root / "fetchmail", self.site.root / "fetched"
        home.mkdir(mode=0o700)
        out.mkdir()
        tls = {"none": "sslproto ''",
               "wrapped": f"ssl sslcertck sslcertfile '{self.site.root}/certificate.pem'",
               "stls": "sslproto 'tls1.2+' sslcertck "
                       f"sslcertfile '{self.site.root}/certificate.pem'"}[self.running.tls]
        configuration = home / "rc"
        # invisible and norewrite: adds no Received line, leaves header lines alone.
        configuration.write_text(
            f"set invisible\n"
            f"poll localhost protocol pop3 service {self.running.port}\n"
            f"user alice password '{PASSWORD}' fetchall keep no rewrite\n"
            f"{tls} mda \"cat > $(mktemp {out}/XXXXXX)\"\n")
        configuration.chmod(0o600)
        subprocess.run(["fetchmail", "-f", configuration, "--nosyslog",
                        "--pidfile", home / "pid"], check=True, timeout=60,
                       env={"FETCHMAILHOME": str(home), "HOME": str(home), "PATH": "/usr/bin:/bin"},
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return [path.read_bytes() for path in pathlib.Path(out).iterdir()]

    def assert_same(self, got, wanted):
        if got != wanted:  # shows the difference, not all of a large message
            at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b),
                      min(len(got), len(wanted)))
            self.fail(f"{len(got)} octets for {len(wanted)}, first difference at {at}: "
                      f"{got[at:at + 40]!r} for {wanted[at:at + 40]!r}")


class SystemdSocketActivate(ThroughLauncher, unittest.TestCase):
    launcher = launchers.SystemdSocketActivate


class Xinetd(ThroughLauncher, unittest.TestCase):
    launcher = launchers.Xinetd


class Inetd(ThroughLauncher, unittest.TestCase):
    launcher = launchers.Inetd


class Tcpserver(ThroughLauncher, unittest.TestCase):
    launcher = launchers.Tcpserver


class StunnelConnect(ThroughLauncher, unittest.TestCase):
    launcher = launchers.StunnelConnect


class StunnelExec(ThroughLauncher, unittest.TestCase):
    launcher = launchers.StunnelExec


class StunnelStls(ThroughLauncher, unittest.TestCase):
    launcher = launchers.StunnelStls


class StunnelProxy(ThroughLauncher, unittest.TestCase):
    launcher = proxies.StunnelProxy


class Haproxy(ThroughLauncher, unittest.TestCase):
    launcher = proxies.Haproxy


if __name__ == "__main__":
    harness.main()
