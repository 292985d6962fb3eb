# SPDX-License-Identifier: ISC
"""Mistakes in the files that start sodapopd: units of systemd and their drop-ins, inetd, xinetd and
stunnel; the ports of several launchers; what a unit keeps from the server."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from harness import SODAPOP, SODAPOPD
from mistakes import OTHER, VMAIL, Mistake

ROOT = ("root",)  # the launchers start sodapopd as root, which only root can check


def command(site, *options):
    return " ".join([str(site.program()), "--config", str(site.config), *options])


def units(site, *options, socket="", service="", start=None, name="pop3"):
    """A socket and the service that it starts, with further lines in them."""
    site.unit(f"{name}.socket",
              f"[Socket]\nListenStream=127.0.0.1:110\nTriggerLimitIntervalSec=0\n{socket}")
    site.unit(f"{name}.service", f"[Service]\nExecStart={start or command(site, *options)}\n"
                                 f"{service}\n[Unit]\nStartLimitIntervalSec=0s\n")


def accepting(site, *lines, word="true"):
    """A service for each connection."""
    site.unit("pop3.socket", "\n".join(["[Socket]", "ListenStream=127.0.0.1:110", f"Accept={word}",
                                        *lines]))
    site.unit("pop3@.service", f"[Service]\nExecStart=-{command(site)}\n")


def drop_in(path, text, plant=units):
    """Adds a drop-in, by its path below the site's directory, to good units."""
    def with_it(site):
        plant(site)
        site.write(path, text)
    return with_it


def packaged(site):
    """Units of a package, of which the socket is enabled, and a drop-in that a program wrote."""
    units(site)
    (site.root / "usr/lib/systemd").mkdir(parents=True)
    (site.etc / "systemd/system").rename(site.root / "usr/lib/systemd/system")
    site.unit("sockets.target.wants/pop3.socket", "")
    site.write("run/systemd/system/pop3.service.d/user.conf", "[Service]\nUser=nosuch\n")


def instance_drop_in(site):
    accepting(site, "TriggerLimitIntervalSec=0", "MaxConnections=9")
    site.unit("pop3@.service.d/a.conf", "[Service]\nUser=nosuch\n")


def reset(site):
    units(site)
    site.unit("pop3.service.d/a.conf",
              "[Service]\nExecStart=\nExecStart=-\"/nonexistent/my sodapopd/sodapopd\" \\\n  --tls none\n")


def without_x(site):
    shutil.copy(SODAPOPD, site.root / "sodapopd")
    (site.root / "sodapopd").chmod(0o644)
    units(site, start=f"{site.root}/sodapopd --config {site.config}")


def reload_without_option(site):
    units(site, service=f"ExecReload={command(site)} --check-configuration\n"
                        "ExecReload=/bin/kill -HUP $MAINPID\n")
    site.unit("pop3.service.d/a.conf",
              f"[Service]\nExecStart=\nExecStart={command(site, '--attempts 5')}\n")


UNITS = "systemd/system/"
OF_UNITS = [
    Mistake("Accept=true and no limits", accepting, ("launcher-rate", "launcher-connections"),
            what="TriggerLimitIntervalSec=0", needs=ROOT),
    Mistake("Accept=ON and no rate", lambda site: accepting(site, "MaxConnections=9", word="ON"),
            ("launcher-rate",), needs=ROOT),
    Mistake("Accept=1 and no number of connections",
            lambda site: accepting(site, "TriggerLimitIntervalSec=0", word="1"),
            ("launcher-connections",), needs=ROOT),
    Mistake("the service has no more starts after some failed ones",
            drop_in(f"etc/{UNITS}pop3.service.d/b.conf", "[Unit]\nStartLimitIntervalSec=10\n"),
            ("launcher-start-limit",), what=r"b\.conf:2: .*systemctl edit pop3\.service", needs=ROOT),
    Mistake("the socket stops after some starts of the server",
            drop_in(f"etc/{UNITS}pop3.socket.d/b.conf", "[Socket]\nTriggerLimitIntervalSec=2\n"),
            ("launcher-rate",), what=r"b\.conf:2: 20 starts", needs=ROOT),
    Mistake("a drop-in changes the command, but not that of the reload", reload_without_option,
            ("launcher-reload-other",), what=r"pop3\.service:3", needs=ROOT),
    Mistake("the path of the program is quoted and wrong",
            lambda site: units(site, start='-"/nonexistent/sodapopd" --tls none'),
            ("launcher-program-missing",), what=r"/pop3\.service:2: /nonexistent/sodapopd ",
            mend="sentence", needs=ROOT),
    Mistake("a drop-in resets the command, in two lines with a blank in the path", reset,
            ("launcher-program-missing",), what=r"a\.conf:3: /nonexistent/my sodapopd/sodapopd does",
            needs=ROOT),
    Mistake("the program may not be executed",
            without_x,
            ("launcher-program-missing",), mend="command", needs=ROOT),
    Mistake("a drop-in names an account that is missing",
            drop_in(f"etc/{UNITS}pop3.service.d/b.conf", "[Service]\n\nUser=nosuch\n"),
            ("launcher-account-missing",), what=r"pop3\.service\.d/b\.conf:3: .*nosuch", needs=ROOT),
    Mistake("a drop-in of a package names an account that is missing",
            drop_in(f"usr/lib/{UNITS}pop3.service.d/b.conf", "[Service]\nUser=nosuch\n"),
            ("launcher-account-missing",), what=r"usr/lib/.*b\.conf:2", needs=ROOT),
    Mistake("a drop-in for all services names an account that is missing",
            drop_in(f"etc/{UNITS}service.d/b.conf", "[Service]\nUser=nosuch\n"),
            ("launcher-account-missing",), what=r"/service\.d/b\.conf:2", needs=ROOT),
    Mistake("a drop-in of a template names an account that is missing", instance_drop_in,
            ("launcher-account-missing",), what=r"pop3@\.service\.d/a\.conf:2", needs=ROOT),
    Mistake("an enabled unit of a package has a drop-in in run", packaged,
            ("launcher-account-missing",), what=r"run/systemd/system/pop3\.service\.d/user\.conf:2",
            needs=ROOT),
    Mistake("a drop-in adds port 995",
            drop_in(f"etc/{UNITS}pop3.socket.d/b.conf", "[Socket]\nListenStream=995\n"),
            ("launcher-no-tls",), what=r"pop3\.socket\.d/b\.conf:2", needs=ROOT),
    Mistake("a drop-in with a comment in a continued line opens the port",
            drop_in(f"etc/{UNITS}pop3.socket.d/b.conf",
                    "[Socket]\nListenStream=\nListenStream=\\\n# all\n  0.0.0.0:110\n"),
            ("launcher-open-port",), what=r"pop3\.socket\.d/b\.conf:3", needs=ROOT),
]



def listening(*options, service=""):
    """A service that makes its own socket, with these options in a continued line."""
    def plant(site):
        start = " \\\n  ".join([command(site), *options])
        site.unit("pop3.service", f"[Service]\nExecStart={start}\n{service}")
    return plant


def by_environment(site):
    file = site.write("etc/default/pop3", "# options\nOPTIONS=\"--tls wrapped --listen [::]:110\"\n")
    listening("$OPTIONS", service=f"EnvironmentFile={file}\n")(site)


def own_file(site):
    """The command names a file that is not the one of this check."""
    other = site.write("other.conf", site.config.read_text() + "tls = wrapped\n")
    site.unit("pop3.service", f"[Service]\nExecStart={site.program()} --listen 0.0.0.0:110 "
                              f"--config \"{other}\"\n")


def without_tls(site):
    site.write("etc/stunnel/a.conf", "[pop3s]\naccept = 995\n"
                                     f"exec = {site.program()}\nexecArgs = sodapopd --tls none\n")


OF_COMMANDS = [
    Mistake("--listen on all addresses, in a continued line", listening("--listen 0.0.0.0:110"),
            ("launcher-open-port",), what=r"pop3\.service:2", needs=ROOT),
    Mistake("--listen on all addresses with tls = wrapped",
            listening("--listen=[::]:110", "--tls=wrapped"), ("launcher-clear-passwords",),
            mend="sentence", needs=ROOT),
    Mistake("--listen on port 995", listening("--listen 127.0.0.1:110", "--listen '[::]:995'"),
            ("launcher-no-tls",), needs=ROOT),
    Mistake("variables of the unit name port and TLS", by_environment, ("launcher-clear-passwords",),
            needs=ROOT),
    Mistake("--config names a file with tls = wrapped", own_file, ("launcher-clear-passwords",),
            needs=ROOT),
    Mistake("stunnel with --tls none", without_tls, ("launcher-tls-not-told",), needs=ROOT),
    Mistake("an option of the command is misspelt", lambda site: units(site, "--tlss wrapped"),
            ("launcher-command-mistake",), what=r"pop3\.service:2: .*--tlss", needs=ROOT),
    Mistake("a value of the command is misspelt", lambda site: units(site, "--tls wraped"),
            ("launcher-command-mistake",), what="wraped|--tls: ", needs=ROOT),
    Mistake("an option of the command lacks its value", lambda site: units(site, "--log"),
            ("launcher-command-mistake",), what="--log needs a value", needs=ROOT),
]



def restricted(*lines, then=lambda site: None, user=""):
    """A unit with these lines, which decide what the server's processes may do."""
    def plant(site):
        then(site)
        units(site, service="\n".join([f"User={user}" if user else "", *lines, ""])
              .replace("SITE", str(site.root)))
    return plant


def mail_in_home(site):
    """The mail is below /home."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="sodapop-test-", dir="/home"))
    site.at_end(shutil.rmtree, home)
    home.chmod(0o755)
    shutil.copytree(site.root / "mail", home, dirs_exist_ok=True)
    for name in ("alice", "bob"):
        for path in (home / name, *(home / name).rglob("*")):
            site._give(path, site.uid_of(name))
    site.configure(maildir=f"{home}/%u/Maildir")


def log_of_another(site):
    os.chown(site.log, OTHER, OTHER)


def unreadable_message(site):
    (site.maildir() / "new/1000001.M1P1.example").chmod(0)


FEW = "CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_KILL"
STRICT = "ProtectSystem=strict\nReadWritePaths=SITE/run SITE/state"
OF_SESSIONS = [
    Mistake("the unit's capabilities cannot open the log",
            restricted(FEW, then=log_of_another), ("session-configuration",),
            what=r"/log: Permission denied", needs=ROOT),
    Mistake("the unit may not become a user", restricted("CapabilityBoundingSet=CAP_SYS_CHROOT"),
            ("session-login",), what="setgroups: Operation not permitted", needs=ROOT),
    Mistake("the unit has all capabilities but that to become a user",
            restricted("CapabilityBoundingSet=~CAP_SETUID CAP_NET_RAW"), ("session-login",),
            needs=ROOT),
    Mistake("PrivateTmp hides the site", restricted("PrivateTmp=yes"), ("session-not-started",),
            what="PrivateTmp", needs=ROOT),
    Mistake("ProtectHome hides the mail", restricted("ProtectHome=true", then=mail_in_home),
            ("session-login",), what="alice .*ProtectHome", needs=ROOT),
    Mistake("ProtectHome keeps the mail from being changed",
            restricted("ProtectHome=read-only", then=mail_in_home), ("session-removal",),
            also=("session-login",), what="Read-only file system.*ReadWritePaths=/home", needs=ROOT),
    Mistake("ProtectSystem keeps the mail from being changed",
            restricted(STRICT + " SITE/log"), ("session-removal",),
            what="Read-only file system.*ReadWritePaths=", needs=ROOT),
    Mistake("ProtectSystem keeps the log from being written", restricted(STRICT, "ReadWritePaths=SITE/mail"),
            ("session-configuration",), what="/log: Read-only file system", needs=ROOT),
    Mistake("ReadOnlyPaths has the mail", restricted('ReadOnlyPaths="SITE/mail"'),
            ("session-removal",), needs=ROOT),
    Mistake("ReadWritePaths names a directory that is missing",
            restricted("ReadWritePaths=/var/vmail-missing"), ("session-not-started",),
            what="/var/vmail-missing: No such file", needs=ROOT),
    Mistake("the group of the unit may not read the users file",
            restricted("Group=65533", user="vmail"), ("users-file-unreadable",), owner=VMAIL,
            needs=ROOT),
    Mistake("a message cannot be read", restricted(FEW, then=unreadable_message),
            ("session-retrieve",), what="alice", needs=ROOT),
]



def enabled(site, name="pop3.socket"):
    wants = site.etc / "systemd/system/sockets.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / name).symlink_to(f"../{name}")


def inetd_and_xinetd(site):
    site.inetd(account="root")
    site.write("etc/xinetd.d/pop3", "service pop3\n{\n\tbind = localhost\n\tuser = root\n"
                                    f"\tserver = {site.program()}\n}}\n")


def inetd_and_socket(site):
    site.inetd(account="root")
    units(site, socket="ListenStream=[::]:110\n")
    enabled(site)


def two_sockets(site):
    for name in ("pop3", "other"):
        units(site, name=name)
        enabled(site, f"{name}.socket")


def stunnel(*lines, connect="127.0.0.1:110"):
    """stunnel before inetd."""
    def plant(site):
        site.inetd(account="root")
        site.write("etc/stunnel/a.conf", "\n".join(["[pop3s]", "accept = 995", f"connect = {connect}",
                                                    *lines, ""]))
    return plant


def haproxy(*lines):
    """HAProxy before a local socket."""
    def plant(site):
        units(site, socket="ListenStream=\nListenStream=/var/lib/haproxy/pop3.socket\n")
        site.write("etc/haproxy/haproxy.cfg", "\n".join(["backend pop3", *lines, ""]))
    return plant


def proxied(plant):
    def with_it(site):
        plant(site)
        site.configure(proxy="required", proxy_networks="local", proxy_account="daemon")
    return with_it


BESIDE = """
import socket, subprocess, sys
etc, *check = sys.argv[1:]
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["mount", "--bind", etc, "/etc"], check=True)
with socket.create_server(("127.0.0.1", 110)):
    subprocess.run(check)
"""


def check_beside_a_server(site):
    """What check says in a network and an /etc of its own, where another program has the port."""
    site.inetd(account="root")
    done = subprocess.run(["unshare", "-mn", sys.executable, "-c", BESIDE, site.etc, SODAPOP, "--config",
                           site.config, "check"], capture_output=True, text=True, check=False,
                          timeout=60)
    return done.stdout + done.stderr


OF_PORTS = [
    Mistake("inetd and xinetd at one port", inetd_and_xinetd, ("launcher-port-shared",),
            what=r"xinetd\.d/pop3: .*inetd\.conf:1", needs=ROOT),
    Mistake("inetd and a socket for all addresses at one port", inetd_and_socket,
            ("launcher-port-shared",), also=("launcher-open-port",), needs=ROOT),
    Mistake("two enabled sockets at one port", two_sockets, ("launcher-port-shared",),
            what=r"(other|pop3)\.socket:2", needs=ROOT),
    Mistake("another program has the port", lambda site: None, log=r"python\S*, process \d+, waits at port 110 \[launcher-port-taken\]",
            tell=check_beside_a_server, needs=ROOT),
    Mistake("stunnel sends a header that is not expected", stunnel("protocol = proxy"),
            ("launcher-header-unexpected",), what=r"stunnel/a\.conf: ", needs=ROOT),
    Mistake("stunnel sends a header to a port by its number",
            stunnel("protocol = proxy", connect="110"), ("launcher-header-unexpected",), needs=ROOT),
    Mistake("stunnel sends no header", proxied(stunnel()), ("launcher-header-missing",), needs=ROOT),
    Mistake("HAProxy sends a header that is not expected",
            haproxy("  server a unix@/pop3.socket check send-proxy-v2-ssl # to sodapopd"),
            ("launcher-header-unexpected",), what=r"haproxy\.cfg:2", needs=ROOT),
    Mistake("HAProxy sends a header by its default",
            haproxy("  default-server send-proxy", "  server a unix@/pop3.socket"),
            ("launcher-header-unexpected",), what=r"haproxy\.cfg:3", needs=ROOT),
    Mistake("HAProxy sends no header",
            proxied(haproxy("  server a /pop3.socket check # send-proxy", "server b 192.0.2.1:110")),
            ("launcher-header-missing",), what=r"haproxy\.cfg:2", needs=ROOT),
]

ROWS = OF_UNITS + OF_COMMANDS + OF_SESSIONS + OF_PORTS
