# SPDX-License-Identifier: ISC
"""The super-servers, each run in the foreground on a free port with the file from contrib/ that
users are given; only paths, ports and accounts are replaced."""

import os
import pathlib
import pwd
import random
import re
import socket
import ssl
import subprocess

from harness import IS_ROOT, PATIENCE, SODAPOPD, SOURCE, Conversation, find_program, wait_for

CONTRIB = SOURCE / "contrib"
LOCAL_PORTS = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")

reserved = []  # UDP sockets


def free_port():
    """A TCP port that stays free for the servers of this process until the process ends. It is none
    that the kernel gives to connections, and other tests leave it alone: each reserves its ports by
    UDP sockets with the same numbers."""
    first_of_kernel = int(LOCAL_PORTS.read_text().split()[0])
    # Some hosts give nearly all ports to connections.
    candidates = range(10000, first_of_kernel if first_of_kernel >= 20000 else 65536)
    for port in random.sample(candidates, len(candidates)):
        reservation = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            reservation.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("", port))
        except OSError:
            reservation.close()
            continue
        reserved.append(reservation)
        return port
    raise AssertionError("no free port")


def is_listening(port):
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = pathlib.Path(table).read_text().splitlines()[1:]
        except FileNotFoundError:
            continue
        if any(row.split()[1].endswith(wanted) and row.split()[3] == "0A" for row in rows):
            return True
    return False


def is_listening_at(path):
    """Whether a process listens at a local socket: __SO_ACCEPTCON of /proc/net/unix."""
    rows = pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]
    return any(row.endswith(f" {path}") and row.split()[3] == "00010000" for row in rows)


def replaced(path, *changes):
    """The text of a file with every (old, new) replaced; each old must occur. All at once, so that
    no change meets what another has put there: a port such as 11012 begins like 110."""
    text = pathlib.Path(path).read_text()
    changes = dict(changes)
    for old in changes:
        if old not in text:
            raise AssertionError(f"{path} has no {old!r}")
    return re.sub("|".join(map(re.escape, changes)), lambda found: changes[found[0]], text)


def own_account():
    return pwd.getpwuid(os.geteuid()).pw_name


class Launcher:
    """A running super-server; `tls` is how clients speak to it: none, wrapped or stls."""

    program = ""
    tls = "none"
    owner = None  # of the site that this launcher can serve

    def __init__(self, site):
        self.site = site
        self.port = free_port()
        self.errors = site.root / f"{type(self).__name__}.{self.port}.stderr"
        self.started = []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, *arguments, port=None, path=None, **popen):
        """Starts a program and waits until it listens, at a path if one is given."""
        with open(self.errors, "ab") as errors:
            process = subprocess.Popen(
                [str(argument) for argument in arguments], stdin=subprocess.DEVNULL,
                stdout=errors, stderr=errors, start_new_session=True, **popen)
        self.started.append(process)

        def listens():
            if process.poll() is not None:
                raise AssertionError(f"{arguments[0]} ended: {self.errors.read_text()}")
            return is_listening_at(path) if path else is_listening(port or self.port)
        wait_for(listens)

    def stop(self):
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def write(self, name, text):
        path = self.site.root / name
        path.write_text(text)
        return path

    def connect(self):
        """A conversation through this launcher, with TLS where it has that. Reads the greeting."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        if self.tls == "wrapped":
            connection = tls_context(self.site).wrap_socket(connection, server_hostname="localhost")
        talk = Conversation(connection)
        talk.greeting = talk.line()
        if self.tls == "stls":
            talk.command("STLS")
            talk.file.close()
            connection = tls_context(self.site).wrap_socket(connection, server_hostname="localhost")
            talk = Conversation(connection)
        return talk


class SystemdSocketActivate(Launcher):
    program = "systemd-socket-activate"

    def start(self):
        self.run(find_program(self.program), "--accept", "--inetd", "-l",
                 f"127.0.0.1:{self.port}", *self.site.command())


class Xinetd(Launcher):
    program = "xinetd"

    def start(self):
        service = replaced(
            CONTRIB / "xinetd" / "sodapop.in", ("port           = 110\n", f"port = {self.port}\n"),
            ("user           = root", f"user = {own_account()}"),
            ("@sbindir@/sodapopd", f"{SODAPOPD}\n\tserver_args = --config {self.site.config}"))
        defaults = f"defaults\n{{\n\tlog_type = FILE {self.site.root}/xinetd.log\n}}\n"
        self.run(find_program(self.program), "-dontfork", "-f",
                 self.write("xinetd.conf", defaults + service), "-pidfile",
                 self.site.root / "xinetd.pid", "-filelog", self.site.root / "xinetd.filelog")


class Inetd(Launcher):
    program = "inetd"

    def start(self):
        table = replaced(
            CONTRIB / "inetd" / "inetd.conf.in", ("127.0.0.1:110 ", f"127.0.0.1:{self.port} "),
            (" root ", f" {own_account()} "), ("@sbindir@/sodapopd", str(SODAPOPD)))
        table = table.rstrip("\n") + f" --config {self.site.config}\n"
        self.run(find_program(self.program), "-i", self.write("inetd.conf", table))


class Tcpserver(Launcher):
    program = "tcpserver"

    def start(self):
        script = replaced(
            CONTRIB / "tcpserver" / "run.in", (" 127.0.0.1 110 ", f" 127.0.0.1 {self.port} "),
            ("@sbindir@/sodapopd", f"{SODAPOPD} --config {self.site.config}"))
        # The script logs to standard error, and sends that to its standard output: the site's log.
        self.errors = self.site.log
        self.run("sh", self.write("tcpserver.run", script),
                 env={"PATH": f"{os.path.dirname(find_program(self.program))}:/usr/bin:/bin"})


def make_certificate(site):
    """A self-made certificate and its key in one file, for localhost; made once a site."""
    both = site.root / "pop3.pem"
    if both.exists():
        return both
    key, certificate = site.root / "key.pem", site.root / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    both.chmod(0o600)
    return both


def make_client_certificate(site, name):
    """A self-made certificate of a client with that common name, and its key, in one file."""
    both = site.root / f"client-{name}.pem"
    if not both.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             f"/O=Example, Inc./CN={name}", "-keyout", both, "-out", f"{both}.crt"],
            check=True, capture_output=True)
        both.write_bytes(pathlib.Path(f"{both}.crt").read_bytes() + both.read_bytes())
    return both


def tls_context(site, client=""):
    """A context that trusts the site's certificate and has that of `client`, if one is named."""
    make_certificate(site)
    context = ssl.create_default_context(cafile=site.root / "certificate.pem")
    if client:
        context.load_cert_chain(make_client_certificate(site, client))
    return context


class Stunnel(Launcher):
    """Replaces the accounts in the files by the one that the site belongs to."""

    program = "stunnel"
    file = ""
    section_port = ""

    def options(self, port):
        text = replaced(CONTRIB / "stunnel" / self.file,
                        ("/etc/stunnel/pop3.pem", str(make_certificate(self.site))),
                        (f"accept = :::{self.section_port}", f"accept = 127.0.0.1:{port}"))
        return self.with_accounts(text)

    def with_accounts(self, text):
        for key in ("setuid", "setgid"):
            account = "" if not IS_ROOT else f"{key} = {self.owner}"
            text = re.sub(rf"^{key} = \S+$", account, text, flags=re.M)
        return text

    def start(self):
        text = self.options(self.port)
        text = re.sub(r"@sbindir@/sodapopd", str(SODAPOPD), text)
        text = re.sub(r"^(execArgs = .*)$", rf"\1 --config {self.site.config}", text, flags=re.M)
        # An empty pid tells Debian's stunnel to write no file with its process id.
        self.run(find_program(self.program), self.write("stunnel.conf", "pid =\n" + text))


class StunnelConnect(Stunnel):
    """POP3S in front of a tcpserver."""

    file = "pop3s-connect.conf"
    section_port = "995"
    tls = "wrapped"

    def start(self):
        self.behind = Tcpserver(self.site)
        self.behind.__enter__()
        self.run_before(self.behind.port)

    def run_before(self, port):
        """Starts stunnel in front of the server on `port`."""
        text = re.sub("^connect = .*$", f"connect = 127.0.0.1:{port}", self.options(self.port),
                      flags=re.M)
        self.run(find_program(self.program), self.write("stunnel.conf", "pid =\n" + text))

    def account(self):
        """The account under which stunnel runs: that of the file where this host has it."""
        try:
            return pwd.getpwnam("stunnel4").pw_name if IS_ROOT else own_account()
        except KeyError:
            return own_account()

    def with_accounts(self, text):
        if self.account() == "stunnel4":
            return text
        return re.sub(r"^set[ug]id = \S+$", "", text, flags=re.M)

    def stop(self):
        super().stop()
        self.behind.stop()


class StunnelExec(Stunnel):
    file = "pop3s-exec.conf.in"
    section_port = "995"
    tls = "wrapped"
    owner = 5000


class StunnelStls(Stunnel):
    file = "stls-exec.conf.in"
    section_port = "110"
    tls = "stls"
    owner = 5000
