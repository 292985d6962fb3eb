# SPDX-License-Identifier: ISC
"""Right sites, in which `sodapop check` must find nothing."""

import dataclasses
import os
import re
import typing

import mistakes_launchers
from harness import IS_ROOT, SOURCE
from mistakes import VMAIL


@dataclasses.dataclass
class Right:
    """`plant` makes a Planted site the one that is meant; `owner` is the uid of all mail, else each
    user has a uid; `uid` calls check, root if there is none."""

    name: str
    plant: typing.Callable = lambda site: None
    owner: int = None
    uid: int = None
    launchers: int = 1  # that check must name
    needs: tuple = ()


def contrib(site, name, *changes):
    """The text of a file of contrib/ for this site, which is below /tmp, with pairs of texts
    replaced."""
    text = (SOURCE / "contrib" / name).read_text(encoding="utf-8")
    for old, new in (("@sbindir@/sodapopd", str(site.program())), ("PrivateTmp=yes", ""), *changes):
        text = text.replace(old, new)
    return text


def units(*names, drop_in=""):
    def plant(site):
        for name in names:
            site.unit(name.removesuffix(".in"), contrib(site, f"systemd/{name}"))
        if drop_in:
            site.unit(f"{names[0]}.d/local.conf", drop_in)
    return plant


def xinetd(site):
    site.write("etc/xinetd.d/sodapop", contrib(site, "xinetd/sodapop.in"))


def inetd(site):
    site.write("etc/inetd.conf", contrib(site, "inetd/inetd.conf.in"))


def stunnel(name):
    def plant(site):
        site.write(f"etc/stunnel/{name.removesuffix('.in')}", contrib(site, f"stunnel/{name}"))
    return plant


def behind_a_proxy(wrapper):
    """sodapopd at a local socket, where the wrapper sends a header."""
    def plant(site):
        account = "daemon" if IS_ROOT else "root"
        site.configure(proxy="required", proxy_networks="local", proxy_account=account)
        units("sodapop.socket", "sodapop.service.in",
              drop_in=contrib(site, f"{wrapper}/systemd-socket.conf"))(site)
        if wrapper == "stunnel":
            stunnel("pop3s-proxy.conf")(site)
    return plant


def by_group(site):
    """The users file is readable by the group of the unit, which is not that of vmail."""
    units("sodapop-vmail.socket", "sodapop-vmail.service.in")(site)
    site.write("etc/group", "pop3users:x:54325:\n")
    site.unit("sodapop-vmail.service.d/group.conf", "[Service]\nSupplementaryGroups=pop3users\n")
    os.chown(site.users_file, 0, 54325)


def enable(site, name):
    wants = site.etc / "systemd/system/sockets.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / name).symlink_to(f"../{name}")


def inetd_beside_a_socket(site):
    """The socket has the same port, but is not enabled."""
    inetd(site)
    units("sodapop.socket", "sodapop.service.in")(site)


def two_sockets(site):
    """Both have one port, and systemd stops one before it starts the other."""
    for name in ("sodapop", "sodapop-inetd"):
        enable(site, f"{name}.socket")
    units("sodapop.socket", "sodapop.service.in", "sodapop-inetd.socket",
          "sodapop-inetd@.service.in")(site)


def vmail_unit(site):
    """ProtectSystem=strict, and a drop-in with the places that vmail writes to."""
    site.unit("sodapop-vmail.socket", contrib(site, "systemd/sodapop-vmail.socket"))
    site.unit("sodapop-vmail.service",
              contrib(site, "systemd/sodapop-vmail.service.in", ("%t/sodapop-vmail", f"{site.root}/run"),
                      ("%S/sodapop-vmail", f"{site.root}/state")))
    site.unit("sodapop-vmail.service.d/local.conf", "[Service]\n" + "".join(
        f"ReadWritePaths={site.root}/{name}\n" for name in ("mail", "run", "state", "log")))


def strict_with_homes(site):
    """ProtectSystem=strict leaves /home writable, as ProtectHome is for that."""
    mistakes_launchers.restricted("ProtectSystem=strict", "ReadWritePaths=SITE",
                                  then=mistakes_launchers.mail_in_home)(site)


def two_servers(site):
    """Root's server at one port, and vmail's at another, each with directories of its own."""
    units("sodapop-inetd.socket", "sodapop-inetd@.service.in")(site)
    users = re.sub(r"(?m)^(\w+:[^:]*):\d+:\d+:", rf"\1:{VMAIL}:{VMAIL}:", site.users_file.read_text())
    for name in ("run2", "state2", "mail2"):
        (site.root / name).mkdir(mode=0o700)
        site._give(site.root / name, VMAIL)
    for name in ("alice", "bob"):
        for folder in ("", "new", "cur", "tmp"):
            (site.root / "mail2" / name / folder).mkdir(mode=0o700, exist_ok=True)
            site._give(site.root / "mail2" / name / folder, VMAIL)
    site._give(site.write("users2", users, 0o600), VMAIL)
    site.inetd("--runtime-directory", site.root / "run2", f"--state-directory={site.root}/state2",
               "--users", site.root / "users2", "--maildir", f"{site.root}/mail2/%u", "--log",
               "stderr")


ROOT = ("root",)
SITES = [
    Right("users of the system, and no launcher, as with tcpserver", launchers=0),
    Right("systemd, one server", units("sodapop.socket", "sodapop.service.in"), needs=ROOT),
    Right("systemd, a process for each connection, with a drop-in",
          units("sodapop-inetd.socket", "sodapop-inetd@.service.in",
                drop_in="[Socket]\nListenStream=\nListenStream=127.0.0.1:1110\n"), needs=ROOT),
    Right("systemd, vmail's server, with a directory that systemd makes",
          units("sodapop-vmail.socket", "sodapop-vmail.service.in"), VMAIL, needs=ROOT),
    Right("systemd, vmail's server, which a group lets read the users file", by_group, VMAIL,
          needs=ROOT),
    Right("systemd for vmail, with a drop-in", vmail_unit, VMAIL, needs=ROOT),
    Right("systemd with ProtectSystem=strict, and mail below /home", strict_with_homes, needs=ROOT),
    Right("systemd, two sockets that conflict", two_sockets, launchers=2, needs=ROOT),
    Right("inetd, beside a socket that is not enabled", inetd_beside_a_socket, launchers=2, needs=ROOT),
    Right("xinetd", xinetd, needs=ROOT),
    Right("inetd", inetd, needs=ROOT),
    Right("inetd for vmail, checked by root", lambda site: site.inetd(), VMAIL, needs=ROOT),
    Right("inetd for vmail, checked by vmail", lambda site: site.inetd(), VMAIL, VMAIL, needs=ROOT),
    Right("inetd for a number", lambda site: site.inetd(account=VMAIL), VMAIL, needs=ROOT),
    Right("stunnel as launcher for vmail", stunnel("pop3s-exec.conf.in"), VMAIL, needs=ROOT),
    Right("stunnel before inetd", lambda site: (stunnel("pop3s-connect.conf")(site), inetd(site)),
          needs=ROOT),
    Right("stunnel that sends a header", behind_a_proxy("stunnel"), needs=ROOT),
    Right("HAProxy that sends a header", behind_a_proxy("haproxy"), needs=ROOT),
    Right("root's server and vmail's server", two_servers, launchers=2, needs=ROOT),
]
