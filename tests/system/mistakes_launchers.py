# SPDX-License-Identifier: ISC
"""Mistakes in the files that start sodapopd: units of systemd and their drop-ins, inetd, xinetd and
stunnel; the ports of several launchers; what a unit keeps from the server."""

from mistakes import Mistake

ROOT = ("root",)  # the launchers start sodapopd as root, which only root can check


def command(site, *options):
    return " ".join([str(site.program()), "--config", str(site.config), *options])


def units(site, *options, socket="", service="", start=None, name="pop3"):
    """A socket and the service that it starts, with further lines in them."""
    site.unit(f"{name}.socket", f"[Socket]\nListenStream=127.0.0.1:110\n{socket}")
    site.unit(f"{name}.service",
              f"[Service]\nExecStart={start or command(site, *options)}\n{service}")


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


UNITS = "systemd/system/"
OF_UNITS = [
    Mistake("Accept=true and no limits", accepting, ("launcher-rate", "launcher-connections"),
            what="TriggerLimitIntervalSec=0", needs=ROOT),
    Mistake("Accept=ON and no rate", lambda site: accepting(site, "MaxConnections=9", word="ON"),
            ("launcher-rate",), needs=ROOT),
    Mistake("Accept=1 and no number of connections",
            lambda site: accepting(site, "TriggerLimitIntervalSec=0", word="1"),
            ("launcher-connections",), needs=ROOT),
    Mistake("the path of the program is quoted and wrong",
            lambda site: units(site, start='-"/nonexistent/sodapopd" --tls none'),
            ("launcher-program-missing",), what=r"/pop3\.service:2: /nonexistent/sodapopd ",
            mend="sentence", needs=ROOT),
    Mistake("a drop-in resets the command, in two lines with a blank in the path", reset,
            ("launcher-program-missing",), what=r"a\.conf:3: /nonexistent/my sodapopd/sodapopd does",
            needs=ROOT),
    Mistake("the program may not be executed",
            lambda site: units(site, start=site.write("opt/sodapopd", "", 0o644)),
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

ROWS = OF_UNITS + OF_COMMANDS
