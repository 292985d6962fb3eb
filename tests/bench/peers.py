# SPDX-License-Identifier: ISC
"""Other POP3 servers, as Debian packages them, with the cheapest hash that each of them supports.

Each runs in a mount namespace of its own, where overlays put the files of its packages over /usr,
and made-up accounts and configuration over /etc, /var and /run: no configuration of the host has an
effect, and nothing of the host is changed. That needs root. `tests/install-packages bench` unpacks
the packages.
"""

import base64
import hashlib
import shutil

import harness
import scratch
from contenders import Server
from machine import Failure

# md5-crypt of scratch.PASSWORD, which costs an eighth of a millisecond.
CRYPTED = "$1$ab$dslkcXxVH.x8LwW1W/oAB/"

NAMESPACE = """
[ -z "$1" ] || mount -t overlay overlay -o "lowerdir=$1:/usr" /usr || exit
for name in etc var run; do
  mount -t overlay overlay \\
    -o "lowerdir=/$name,upperdir=$2/$name,workdir=$2/work-$name" /$name || exit
done
shift 2
exec "$@"
"""

# Accounts that the peers need besides those of users.
SERVICES = ("dovecot", "dovenull", "courier", "popa3d")


class Peer(Server):
    """`prepare` writes configuration and gives the command. Peers in inetd's style run under a
    tcpserver that switches Nagle's algorithm off, as most of them do not do it themselves."""

    program = ""
    unpacked = ""  # the folder that tests/install-packages made
    is_inetd_style = True

    def __init__(self, name, place, base):
        super().__init__(name, place.folder("peer"), [self.program], None, base)

    def whole_command(self):
        if not harness.IS_ROOT:
            raise Failure("needs root")
        usr = harness.PROGRAMS / "bench" / self.unpacked / "usr"
        if not usr.is_dir():
            if not shutil.which(self.program):
                raise Failure("its package is not there")
            usr = ""
        for name in ("etc", "var", "run"):
            (self.folder / name).mkdir()
            (self.folder / f"work-{name}").mkdir()
        self.write_accounts()
        self.command = [str(word) for word in self.prepare()]
        inner = self.tcpserver("-D") if self.is_inetd_style else self.command
        return ["unshare", "-m", "--propagation", "private", "sh", "-c", NAMESPACE, "sh", usr,
                self.folder, *inner]

    def write(self, name, text, mode=0o644):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def write_accounts(self):
        own = [(user, scratch.UID, f"{self.base}/{user}") for user in scratch.USERS]
        own += [(name, scratch.UID + 1 + number, "/nonexistent")
                for number, name in enumerate(SERVICES)]
        for name, lines in {
                "passwd": [f"{name}:x:{uid}:{uid}::{home}:/bin/sh" for name, uid, home in own],
                "shadow": [f"{name}:{CRYPTED}:19000:0:99999:7:::" for name, _, _ in own],
                "group": [f"{name}:x:{uid}:" for name, uid, _ in own[len(scratch.USERS) - 1:]],
        }.items():
            with open(f"/etc/{name}", encoding="utf-8", errors="replace") as file:
                host = [line for line in file.read().splitlines()
                        if line.split(":")[0] not in {user for user, _, _ in own}]
            self.write(f"etc/{name}", "\n".join(host + lines) + "\n",
                       0o600 if name == "shadow" else 0o644)


class Dovecot(Peer):
    program = "/usr/sbin/dovecot"
    unpacked = "dovecot"
    is_inetd_style = False
    sessions_a_process = 1  # 0: no limit

    def prepare(self):
        spare = 0 if self.sessions_a_process else 2
        users = self.write("users", "".join(
            f"{user}:{{PLAIN}}{scratch.PASSWORD}\n" for user in scratch.USERS))
        config = self.write("dovecot.conf", f"""
base_dir = {self.folder}/dovecot
state_dir = {self.folder}/dovecot
log_path = {self.folder}/dovecot.log
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = {scratch.UID}
mail_location = maildir:~/Maildir
mail_max_userip_connections = 0
service pop3-login {{
  service_count = {self.sessions_a_process}
  process_min_avail = {spare}
  process_limit = 300
  inet_listener pop3 {{
    port = {self.port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service pop3 {{
  service_count = {self.sessions_a_process or 100000}
  process_min_avail = {spare}
  process_limit = 300
  # The default, 256 MB, is too little for a million messages.
  vsz_limit = 1G
}}
service anvil {{
  client_limit = 2000
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {users}
}}
userdb {{
  driver = static
  args = uid={scratch.UID} gid={scratch.GID} home={self.base}/%u
}}
""")
        return [self.program, "-F", "-c", config]


class DovecotReusing(Dovecot):
    """Its high-performance mode: processes serve one session after the other."""

    sessions_a_process = 0


class Courier(Peer):
    program = "/usr/lib/courier/courier/courierpop3d"
    unpacked = "courier"
    is_inetd_style = False

    def prepare(self):
        (self.folder / "run" / "courier" / "authdaemon").mkdir(parents=True)
        self.write("etc/courier/authdaemonrc", "\n".join((
            'authmodulelist="authuserdb"', 'authmodulelistorig="authuserdb"', "daemons=5",
            "authdaemonvar=/run/courier/authdaemon", "DEBUG_LOGIN=0", 'DEFAULTOPTIONS=""',
            'LOGGEROPTS=""')) + "\n")
        digest = base64.b64encode(hashlib.md5(scratch.PASSWORD.encode()).digest()).decode()
        self.write("etc/courier/userdb", "".join(
            f"{user}\tuid={scratch.UID}|gid={scratch.GID}|home={self.base}/{user}"
            f"|mail={self.base}/{user}/Maildir|systempw={{MD5}}{digest}\n"
            for user in scratch.USERS), 0o700)
        start = self.write("start", f"""
/usr/sbin/makeuserdb && /usr/sbin/authdaemond start || exit
MAILDIRPATH=Maildir
export MAILDIRPATH
exec /usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=300 -maxperip=300 -nodnslookup \\
  -noidentlookup {self.port} /usr/lib/courier/courier/courierpop3login {self.program} Maildir
""")
        return ["sh", start]


class Mailutils(Peer):
    program = "/usr/sbin/pop3d"
    unpacked = "mailutils"

    def prepare(self):
        lock = self.folder / "var" / "lock" / "subsys" / "mail"
        lock.mkdir(parents=True)
        lock.chmod(0o1777)
        config = self.write("mailutils.conf", f"""
mailbox {{
  mailbox-type "maildir";
  mailbox-pattern "maildir://{self.base}/${{user}}/Maildir";
}};
auth {{
  authentication generic:system;
  authorization system;
}};
logging {{
  syslog no;
}};
""")
        return [self.program, "--no-site-config", f"--config-file={config}", "--inetd"]


class Popa3d(Peer):
    """Supports the mbox format only, so it takes part where the messages are few."""

    program = "/usr/sbin/popa3d"
    unpacked = "popa3d"

    def prepare(self):
        self.write("etc/pam.d/popa3d", "auth required pam_unix.so\naccount required pam_unix.so\n")
        (self.folder / "var" / "lib" / "popa3d").mkdir(parents=True)
        for user in scratch.USERS:
            messages = sorted((self.base / user / "Maildir" / "cur").glob("*"))
            path = self.write(f"var/mail/{user}", "".join(
                f"From a@example.org Mon Nov 23 00:00:00 2026\n{message.read_text()}\n"
                for message in messages), 0o600)
            shutil.chown(path, scratch.UID, scratch.GID)
        (self.folder / "var" / "mail").chmod(0o1777)
        return [self.program]


# Name, kind and the rows it takes part in. mailutils would need a gigabyte and half a minute for
# each opening of a large maildrop.
KINDS = (
    ("dovecot", Dovecot, {"session", "retr", "giant", "opening", "dele", "idle", "scaling"}),
    ("dovecot, nothing forked", DovecotReusing, {"session", "scaling"}),
    ("courier", Courier, {"session", "retr", "giant", "opening", "dele", "idle"}),
    ("mailutils", Mailutils, {"session", "retr", "idle"}),
    ("popa3d", Popa3d, {"session", "idle"}),
)


def makers(place, row_name):
    """For each peer that takes part in a row, a function from a base to the contender."""
    return [lambda base, name=name, kind=kind: kind(name, place, base)
            for name, kind, rows in KINDS if row_name in rows]
