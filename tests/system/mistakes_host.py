# SPDX-License-Identifier: ISC
"""Mistakes in the configuration, and in owners and modes of files and directories."""

import contextlib
import os
import subprocess

import access_lists
import mounts
from mistakes import OTHER, VMAIL, Mistake


def configure(**settings):
    return lambda site: site.configure(**settings)


def chmod(name, mode):
    return lambda site: (site.root / name).chmod(mode)


def chown(name, uid=OTHER, gid=None, mode=None):
    def plant(site):
        os.chown(site.root / name, uid, uid if gid is None else gid)
        if mode is not None:
            (site.root / name).chmod(mode)
    return plant


def kept(name, mode=0o644, text="x"):
    """A file of the state directory or the runtime directory with that mode."""
    return lambda site: site.write(name, text, mode)


def link(name, target="/dev/null"):
    return lambda site: (site.root / name).symlink_to(target)


def moved_and_linked(name):
    def plant(site):
        (site.root / name).rename(site.root / "elsewhere")
        (site.root / name).symlink_to(site.root / "elsewhere")
    return plant


def compiled(then=lambda site: None):
    """The users are compiled, and then the mistake is made."""
    def plant(site):
        assert site.tool("users", "compile").returncode == 0
        then(site)
    return plant


def damage(site):
    path = site.root / "users.cdb"
    path.write_bytes(path.read_bytes()[:-1])


def damage_a_record(site):
    path = site.root / "users.cdb"
    path.write_bytes(path.read_bytes().replace(b"bob:", b"bab:", 1))


def open_both(site):
    (site.root / "users").chmod(0o644)
    assert site.tool("users", "compile").returncode == 0


def mounted(name, *options, then=lambda path: None):
    """The directory is a file system of its own, with what was in it."""
    def plant(site):
        path = site.root / name
        mounts.mount(site, "tmpfs", "-o", "size=256k", at=path)
        path.chmod(0o700 if name == "state" else 0o755)
        if name == "run":
            (path / "empty").mkdir(mode=0o755)
        then(path)
        if options:
            subprocess.run(["mount", "-o", ",".join(("remount", *options)), path], check=True)
    return plant


def fill(path):
    with open(path / "large", "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))


def open_parent(site):
    folder = site.root / "open"
    folder.mkdir()
    folder.chmod(0o777)
    (site.root / "state").rename(folder / "state")
    site.configure(state_directory=folder / "state")


def open_users_parent(site):
    folder = site.root / "open"
    folder.mkdir()
    folder.chmod(0o777)
    site.users_file.rename(folder / "users")
    site.users_file = folder / "users"
    site.configure(users=folder / "users")


def image_of_accounts(site):
    """Accounts of an image, as useradd(8) and usermod(8) read them."""
    (site.etc / "group").write_text("root:x:0:\n")
    (site.etc / "shadow").write_text("root:*:19000:0:99999:7:::\nshellfront:*:1:::::\n")
    (site.etc / "gshadow").write_text("root:*::\n")


def other_users(site):
    """The launcher names a users file that the configuration does not name; its compiled form is
    outdated."""
    users = site.write("users2", site.users_file.read_text(), 0o600)
    assert site.tool("users", "compile", "--users", str(users)).returncode == 0
    users.write_text(users.read_text())
    site.inetd("--users", users, account="root")


def account(name):
    def plant(site):
        image_of_accounts(site)
        site.configure(front_account=name)
    return plant


def roots(name, plant, *found, **more):
    """A mistake in a site whose server is root's by a launcher: what another account owns is then
    no other server's."""
    return Mistake(f"root's server: {name}", lambda site: (site.inetd(account="root"), plant(site)),
                   found, mend="command", needs=("root",), **more)


def vmail(name, plant, *found, **more):
    """A mistake in a site whose server and mail are vmail's; root checks it."""
    return Mistake(f"vmail: {name}", lambda site: (site.inetd(), plant(site)), found, owner=VMAIL,
                   needs=("root",), **more)


def close_etc(site):
    """The configuration in a directory that vmail may not enter, as the command line names it."""
    folder = site.root / "closed"
    folder.mkdir(mode=0o700)
    site.config = site.config.rename(folder / "sodapop.conf")


ROOT = ("root",)
ROWS = [
    # The configuration
    Mistake("the configuration is writable by all", chmod("sodapop.conf", 0o666),
            ("configuration-writable",), mend="command"),
    Mistake("the configuration is another account's, and no launcher", chown("sodapop.conf"),
            ("configuration-owner",), mend="sentence", needs=ROOT),
    Mistake("the configuration is missing", lambda site: site.config.unlink(),
            ("configuration-unreadable",), mend="sentence"),
    Mistake("an unknown key", lambda site: site.configuration("colour = blue"),
            ("configuration-mistake",), what="sodapop.conf:.*colour", mend="sentence"),
    Mistake("no delay after failures", configure(failure_delay=0), ("failure-delay-none",),
            mend="sentence"),
    Mistake("a time for idle clients that RFC 1939 does not allow", configure(idle_limit=599),
            ("idle-limit-short",), mend="sentence"),
    Mistake("less time for a login than its failures take", configure(login_limit=6),
            ("login-limit-short",), mend="sentence"),
    Mistake("more connections from one network than in all", configure(max_connections=10),
            ("limits-contradict",), mend="sentence"),
    Mistake("hashes that ask for more memory than there is",
            configure(hash_slots=1024, hash_memory_limit=4096), ("hash-memory-exceeds-host",),
            mend="sentence"),
    Mistake("every network is trusted", configure(trusted_networks="0.0.0.0/0"),
            ("trusted-networks-open",), mend="sentence"),
    Mistake("a template with an unknown letter", configure(maildir="/mail/%x"),
            ("maildir-template",), also=("mailbox-path",), mend="sentence"),
    Mistake("no networks of proxies", configure(proxy="required"), ("settings-contradict",),
            log="misconfigured", mend="sentence"),
    Mistake("networks of proxies without proxy = required",
            configure(proxy_networks="198.51.100.0/24"), ("settings-unused",), mend="sentence"),
    Mistake("every program of this host may be the proxy",
            configure(proxy="required", proxy_networks="127.0.0.1"), ("proxy-networks-open",),
            mend="sentence"),
    Mistake("a proxy whose account does not exist",
            configure(proxy="required", proxy_networks="local", proxy_account="nosuch"),
            ("proxy-account-missing",), mend="sentence"),
    # The users file and its compiled form
    Mistake("the users file is missing", lambda site: site.users_file.unlink(),
            ("users-file-missing",), mend="sentence"),
    Mistake("the users file is writable by a group", chmod("users", 0o620),
            ("users-file-writable",), mend="command"),
    Mistake("the users file is readable by all", chmod("users", 0o644),
            ("users-file-readable",), mend="command"),
    Mistake("the users file is another account's, and no launcher", chown("users"),
            ("users-file-owner",),
            mend="sentence", needs=ROOT),
    Mistake("the users file is readable by a user's group, and no launcher", chown("users", 0, 5000, 0o640),
            ("users-file-readable",), mend="sentence", needs=ROOT),
    Mistake("an access control list lets a user read the hashes, and no launcher",
            lambda site: access_lists.let_read(site.users_file, 5000), ("users-file-readable",),
            mend="sentence", needs=ROOT),
    Mistake("a link is in the place of the users file", moved_and_linked("users"),
            ("users-file-not-regular",), mend="sentence"),
    Mistake("everybody may replace the users file", open_users_parent, ("users-file-directory",),
            mend="command"),
    Mistake("the compiled users are outdated", compiled(lambda site: site.line(gecos="new")),
            ("users-file-compiled",), mend="command"),
    Mistake("the compiled users are cut off", compiled(damage), ("users-compiled-refused",),
            log=r"compiled-users|damaged", mend="command"),
    Mistake("a record of the compiled users is damaged", compiled(damage_a_record),
            ("users-compiled-refused",), what="bob", mend="command"),
    Mistake("a group may write to the compiled users", compiled(chmod("users.cdb", 0o660)),
            ("users-compiled-refused",), log=r"compiled-users|writable", mend="command"),
    Mistake("the compiled users are another account's", compiled(chown("users.cdb")),
            ("users-compiled-refused",), mend="command", needs=ROOT),
    Mistake("a link is in the place of the compiled users", compiled(moved_and_linked("users.cdb")),
            ("users-compiled-refused",), mend="command"),
    Mistake("the compiled users are readable by all", compiled(chmod("users.cdb", 0o644)),
            ("users-compiled-readable",), mend="command"),
    Mistake("the compiled users are readable by a user's group, and no launcher",
            compiled(chown("users.cdb", 0, 5001, 0o640)), ("users-compiled-readable",),
            mend="sentence", needs=ROOT),
    Mistake("both forms of the users are readable by all", open_both,
            ("users-file-readable", "users-compiled-readable"), mend="command"),
    Mistake("the users file is closed, its outdated compiled form is not",
            lambda site: (open_both(site), site.users_file.chmod(0o600)),
            ("users-compiled-readable",), also=("users-file-compiled",), mend="command"),
    Mistake("an interrupted change has left a copy of the hashes", kept("users.0a1b2c", 0o600),
            ("left-over",), mend="sentence"),
    # Directories and what the server keeps in them
    Mistake("the runtime directory is writable by all", chmod("run", 0o777),
            ("runtime-directory-writable",), mend="command"),
    Mistake("the runtime directory is another account's, and no launcher", chown("run"),
            ("runtime-directory-owner",), mend="sentence", needs=ROOT),
    Mistake("a file is in the place of the runtime directory",
            lambda site: site.configure(chroot=site.root / "run/empty",
                                        runtime_directory=site.log),
            ("runtime-directory-no-directory",), also=("penalties-unusable", "key-refused"),
            mend="sentence"),
    Mistake("the chroot is writable by all", chmod("run/empty", 0o777), ("chroot-writable",),
            mend="command", needs=ROOT),
    Mistake("the chroot is not empty", kept("run/empty/file"), ("chroot-not-empty",),
            mend="sentence", needs=ROOT),
    Mistake("a link is in the place of the chroot",
            lambda site: ((site.root / "run/empty").rmdir(), link("run/empty", "/")(site)),
            ("chroot-no-directory",), mend="command", needs=ROOT),
    Mistake("the chroot's parent is missing",
            lambda site: site.configure(chroot=site.root / "a/b"), ("chroot-missing",),
            mend="command", needs=ROOT),
    Mistake("the state directory's parent is missing",
            lambda site: site.configure(state_directory=site.root / "a/state"),
            ("state-directory-missing",), mend="command", needs=ROOT),
    Mistake("the state directory is open", chmod("state", 0o755), ("state-directory-open",),
            mend="command"),
    Mistake("the state directory is writable by all", chmod("state", 0o777),
            ("state-directory-unsafe",), mend="command"),
    Mistake("the state directory is another account's, and no launcher", chown("state"),
            ("state-directory-unsafe",), also=("directory-above-unsafe",), mend="sentence",
            needs=ROOT),
    Mistake("everybody may replace the state directory", open_parent, ("directory-above-unsafe",),
            mend="command"),
    Mistake("the site's key is readable by others", kept("state/site-key", 0o644, "k" * 32),
            ("key-refused",), mend="command"),
    Mistake("the site's key is too long", kept("state/site-key", 0o600, "k" * 33),
            ("key-refused",), mend="command"),
    Mistake("a link is in the place of the key of the cache", link("run/auth-key"),
            ("key-refused",), mend="command"),
    Mistake("the use of app passwords is readable by others", kept("state/app-password-use"),
            ("kept-file-open",), mend="command"),
    Mistake("the usual networks are another account's, and no launcher",
            lambda site: (kept("state/usual-networks", 0o600)(site),
                          chown("state/usual-networks")(site)),
            ("kept-file-open",), mend="sentence", needs=ROOT),
    Mistake("the count of lines about connections is a link", link("run/connect-lines"),
            ("kept-file-open",), mend="command"),
    Mistake("a directory is in the place of the penalties",
            lambda site: (site.root / "run/penalties").mkdir(), ("penalties-unusable",),
            mend="sentence"),
    # Disks
    Mistake("the state directory's file system is read-only", mounted("state", "ro"),
            ("file-system-read-only",), mend="sentence", needs=ROOT),
    Mistake("the runtime directory's file system is read-only", mounted("run", "ro"),
            ("file-system-read-only",), log="SYS/|unavailable", mend="sentence", needs=ROOT),
    Mistake("the state directory's file system is full", mounted("state", then=fill),
            ("file-system-full",), what="no space", mend="sentence", needs=ROOT),
    Mistake("the runtime directory's file system is full", mounted("run", then=fill),
            ("file-system-full",), mend="sentence", needs=ROOT),
    # The log
    Mistake("the log's directory is missing",
            lambda site: site.configure(log=site.root / "logs/pop3.log"), ("log-unwritable",),
            mend="command"),
    Mistake("the log is a directory", lambda site: site.configure(log=site.root / "mail"),
            ("log-unwritable",), mend="sentence"),
    Mistake("the log is a link", lambda site: (link("linked", site.log)(site),
                                               site.configure(log=site.root / "linked")),
            ("log-unwritable",), mend="sentence"),
    # The front's account
    Mistake("the front account does not exist", account("_nosuch"), ("front-account-missing",),
            mend="command", needs=("root", "useradd")),
    Mistake("the front account has a shell", account("shellfront"), ("front-account-shell",),
            mend="command", needs=("root", "usermod")),
    Mistake("the front account is root", account("root"), ("front-account-root",),
            mend="sentence", needs=ROOT),
    Mistake("the front account is a user's", account("alice"), ("front-account-shared",),
            also=("front-account-shell",), needs=ROOT),
    # What a third account owns
    roots("the configuration is another account's", chown("sodapop.conf"), "configuration-owner"),
    roots("the users file is another account's", chown("users"), "users-file-owner"),
    roots("the runtime directory is another account's", chown("run"), "runtime-directory-owner"),
    roots("the state directory is another account's", chown("state"), "state-directory-unsafe",
          also=("directory-above-unsafe",)),
    roots("the usual networks are another account's",
          lambda site: (kept("state/usual-networks", 0o600)(site),
                        chown("state/usual-networks")(site)), "kept-file-open"),
    roots("the users file is readable by all", chmod("users", 0o644), "users-file-readable",
          log="reason=users-file-readable|AUTH"),
    roots("the compiled users are readable by all", compiled(chmod("users.cdb", 0o644)),
          "users-compiled-readable", log="reason=users-file-readable|AUTH"),
    roots("the users file is readable by a user's group", chown("users", 0, 5000, 0o640),
          "users-file-readable"),
    roots("an access control list lets a user read the hashes",
          lambda site: access_lists.let_read(site.users_file, 5000), "users-file-readable"),
    roots("the compiled users are readable by a user's group",
          compiled(chown("users.cdb", 0, 5001, 0o640)), "users-compiled-readable"),
    roots("the chroot is another account's", chown("run/empty"), "chroot-owner"),
    Mistake("the compiled users of a launcher's --users are outdated", other_users,
            ("users-file-compiled",), what="users2.cdb.*--users", mend="command", needs=ROOT),
    # A server that is vmail's
    Mistake("root checks vmail's server, and no launcher tells that", lambda site: None,
            ("runtime-directory-owner", "state-directory-unsafe", "users-file-readable",
             "chroot-owner"), mend="sentence", what="Call this check as uid 54324", owner=VMAIL, needs=ROOT),
    vmail("the runtime directory is root's", chown("run", 0), "runtime-directory-unwritable",
          mend="command"),
    vmail("the runtime directory is a third account's", chown("run"), "runtime-directory-owner",
          also=("runtime-directory-unwritable", "directory-above-unsafe"), mend="command"),
    vmail("the state directory is root's", chown("state", 0), "state-directory-unwritable",
          mend="command"),
    vmail("the state directory is open", chmod("state", 0o755), "state-directory-open",
          mend="command"),
    vmail("the log is root's", chown("log", 0), "log-unwritable", mend="command"),
    vmail("the users file is root's alone", chown("users", 0, 0, 0o600), "users-file-unreadable",
          mend="command"),
    vmail("the users file is readable by all", chmod("users", 0o644), "users-file-readable",
          mend="command"),
    vmail("the users file is a third account's", chown("users", OTHER, VMAIL),
          "users-file-owner", mend="command"),
    vmail("the compiled users are root's alone", compiled(chown("users.cdb", 0, 0, 0o600)),
          "users-compiled-refused", mend="command"),
    vmail("the compiled users are readable by all", compiled(chmod("users.cdb", 0o644)),
          "users-compiled-readable", mend="command"),
    vmail("the configuration is root's alone", chmod("sodapop.conf", 0o600),
          "configuration-unreadable", mend="command"),
    vmail("a directory above the configuration is closed", close_etc,
          "configuration-unreadable", mend="command"),
    vmail("the site's key is root's", lambda site: site.write("state/site-key", "k" * 32, 0o600),
          "key-refused", mend="command"),
    vmail("a user has another uid", lambda site: site.line(uid="5000"), "user-uid-foreign"),
]
