# SPDX-License-Identifier: ISC
"""Mistakes in Maildirs and on the way to them, and users who share one."""

import os
import shutil
import struct
import subprocess
import unittest

import access_lists
from harness import IS_ROOT
from mistakes import OTHER, Mistake

ROOT = ("root",)


def maildir(site, *parts, name="alice"):
    return site.maildir(name).joinpath(*parts)


def give(path, uid, gid=None):
    os.chown(path, uid, uid if gid is None else gid, follow_symlinks=False)


def without(*parts):
    """The directory is not there."""
    return lambda site: shutil.rmtree(maildir(site, *parts))


def mode(octal, *parts):
    return lambda site: maildir(site, *parts).chmod(octal)


def owned_by(uid, *parts, tree=False):
    def plant(site):
        top = maildir(site, *parts)
        for path in [top, *(top.rglob("*") if tree else ())]:
            give(path, uid)
    return plant


def file_instead(text, *parts):
    def plant(site):
        path = maildir(site, *parts)
        shutil.rmtree(path)
        path.write_text(text)
        give(path, site.uid_of("alice"))
    return plant


def link_instead(target, owner=0, *parts):
    """A link in the place of a directory; the target `moved` is that directory itself."""
    def plant(site):
        path = maildir(site, *parts)
        moved = path.parent / "moved"
        path.rename(moved)
        path.symlink_to(moved if target == "moved" else target)
        give(path, owner)
    return plant


def home(octal, uid=None):
    def plant(site):
        path = site.maildir().parent
        path.chmod(octal)
        if uid is not None:
            give(path, uid)
    return plant


def home_is_a_link_of(uid):
    def plant(site):
        path = site.maildir().parent
        path.rename(site.root / "elsewhere")
        path.symlink_to(site.root / "elsewhere")
        give(path, uid)
    return plant


def no_home(site):
    shutil.rmtree(site.maildir().parent)


def as_alice(site):
    """The fields of a line with her uid and gid."""
    uid = str(site.uid_of("alice"))
    return {"uid": uid, "gid": uid} if IS_ROOT else {}


def users_of_one_maildir(site):
    """Alice's Maildir is bob's, too."""
    site.line("bob", extra=f"userdb_mail=maildir:{site.root}/mail//alice/Maildir/",
              **as_alice(site))


def mounted(*options, fill=False):
    """Alice's home is a file system of its own."""
    def plant(site):
        path = site.maildir().parent
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0755", "none", path],
                              check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise unittest.SkipTest(done.stderr.strip())
        site.at_end(subprocess.run, ["umount", "-l", path])
        site.add_maildir("alice")
        if fill:
            with open(path / "full", "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * 4096)
                except OSError:
                    pass
        if options:
            subprocess.run(["mount", "-o", f"remount,{','.join(options)}", path], check=True,
                           capture_output=True)
    return plant


def access_list_keeps_out(site):
    """`setfacl -m u:5000:---` on a directory on the way that its mode opens to all."""
    entries = ((access_lists.OWNER, 7, access_lists.NOBODY), (access_lists.USER, 0, 5000),
               (access_lists.GROUP, 5, access_lists.NOBODY),
               (access_lists.MASK, 5, access_lists.NOBODY),
               (access_lists.OTHER, 5, access_lists.NOBODY))
    value = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    path = site.maildir().parent
    give(path, 0)
    path.chmod(0o755)
    try:
        os.setxattr(path, access_lists.NAME, value)
    except OSError as error:
        raise unittest.SkipTest(f"no access control lists here: {error.strerror}") from error


def message(*parts, text="Return-Path: <a@example.org>\nSubject: one\n\ntext\n"):
    def plant(site):
        path = maildir(site, *parts)
        path.write_text(text)
        give(path, site.uid_of("alice"))
    return plant


def folder(site):
    """Messages in .Sent, which are no mistake."""
    for name in (".Sent", ".Sent/cur"):
        maildir(site, name).mkdir(mode=0o700)
        give(maildir(site, name), site.uid_of("alice"))
    message(".Sent/cur/1")(site)


def imports(text, *options):
    def tell(site):
        site.write("source", text, 0o600)
        done = site.tool("users", "import", str(site.root / "source"), *options)
        return f"status {done.returncode}: {done.stdout}{done.stderr}"
    return tell


ROWS = [
    # What is missing
    Mistake("no Maildir", without(), ("mailbox-missing",), log="maildrop|SYS", mend="command"),
    Mistake("no home", no_home, ("mailbox-missing",), log="maildrop|SYS", mend="command"),
    Mistake("no directory cur", without("cur"), ("mailbox-not-maildir",), mend="command"),
    Mistake("no directory tmp", without("tmp"), ("mailbox-not-maildir",), mend="command"),
    Mistake("a Maildir path with a wrong name",
            lambda site: site.line(extra=f"userdb_mail=maildir:{site.root}/mail/alice/Mialdir"),
            ("mailbox-missing",), mend="command"),
    # Something else in its place
    Mistake("an mbox file in the Maildir's place",
            file_instead("From a@example.org Thu Jan  1 00:00:00 1970\nSubject: a\n\ntext\n"),
            ("mailbox-not-maildir",), what="mbox", mend="sentence"),
    Mistake("a file in the Maildir's place", file_instead("text\n"), ("mailbox-not-maildir",),
            mend="sentence"),
    Mistake("a file in the place of new", file_instead("text\n", "new"), ("mailbox-not-maildir",),
            mend="sentence"),
    Mistake("a dead link in the Maildir's place", link_instead("/nonexistent/Maildir"),
            ("mailbox-not-maildir",), what="/nonexistent/Maildir", mend="sentence"),
    Mistake("a link in the place of cur", link_instead("moved", 0, "cur"),
            ("mailbox-not-maildir",), mend="sentence"),
    Mistake("a link of another account on the way", home_is_a_link_of(OTHER),
            ("mailbox-foreign-link",), mend="sentence", needs=ROOT),
    Mistake("a link of another account in the Maildir's place", link_instead("moved", OTHER),
            ("mailbox-foreign-link",), mend="sentence", needs=ROOT),
    # Owners and modes
    Mistake("the Maildir is root's, as after a restore", owned_by(0, tree=True),
            ("mailbox-owner",), mend="command", needs=ROOT),
    Mistake("new is another account's", owned_by(OTHER, "new"), ("mailbox-owner",), mend="command",
            needs=ROOT),
    Mistake("the Maildir is root's and behind a link of the user's",
            lambda site: (owned_by(0, "cur")(site), link_instead("moved", 5000)(site)),
            ("mailbox-owner",), what="See where the user's links", mend="sentence", needs=ROOT),
    Mistake("the line has the uid and gid of another account",
            lambda site: site.line(uid="5001", gid="5001"), ("mailbox-parent-closed",),
            what="Write uid 5000 and gid 5000 into the line of alice", mend="sentence",
            needs=ROOT),
    Mistake("the line has a uid of no account",
            lambda site: (home(0o755)(site), site.line(uid="5003", gid="5003")),
            ("mailbox-owner",), what="Write uid 5000", mend="sentence", needs=ROOT),
    Mistake("the user may not write to new", mode(0o500, "new"), ("mailbox-inaccessible",),
            mend="command", needs=ROOT),
    Mistake("the user may not list cur", mode(0o300, "cur"), ("mailbox-inaccessible",),
            mend="command", needs=ROOT),
    Mistake("the user may not enter the Maildir", mode(0o600), ("mailbox-inaccessible",),
            mend="command", needs=ROOT),
    Mistake("the home is closed to all but root", home(0o700, uid=0), ("mailbox-parent-closed",),
            mend="command", needs=ROOT),
    Mistake("the home is the user's, who may not enter it", home(0o600),
            ("mailbox-parent-closed",), mend="command", needs=ROOT),
    Mistake("the directory of all mailboxes is closed",
            lambda site: (site.root / "mail").chmod(0o700), ("mailbox-parent-closed",),
            mend="command", needs=ROOT),
    Mistake("an access control list keeps the user out", access_list_keeps_out,
            ("mailbox-parent-closed",), what="getfacl", mend="sentence", needs=ROOT),
    Mistake("all accounts may put another directory in the home's place",
            lambda site: (site.root / "mail").chmod(0o777), ("mailbox-parent-writable",),
            mend="command"),
    Mistake("all accounts may read the mail", mode(0o755), ("mailbox-readable",), mend="command"),
    Mistake("no Maildir, and all accounts may make it",
            lambda site: (without()(site), home(0o777)(site)),
            ("mailbox-missing", "mailbox-parent-writable"), mend="command"),
    # File systems
    Mistake("a read-only file system", mounted("ro"), ("mailbox-read-only",), mend="sentence",
            needs=("root", "mount")),
    Mistake("no Maildir on a read-only file system",
            lambda site: (mounted()(site), without()(site), subprocess.run(
                ["mount", "-o", "remount,ro", site.maildir().parent], check=True)),
            ("mailbox-read-only",), mend="sentence", needs=("root", "mount")),
    Mistake("a full file system", mounted(fill=True), ("mailbox-no-space",), mend="sentence",
            needs=("root", "mount")),
    # Users and paths
    Mistake("two users have one Maildir", users_of_one_maildir, ("mailbox-shared",),
            what="alice and bob", mend="sentence"),
    Mistake("all users have one Maildir",
            lambda site: (site.line("bob", **as_alice(site)),
                          site.configure(maildir=f"{site.root}/mail/alice/Maildir")),
            ("mailbox-shared",), also=("maildir-template",), mend="sentence"),
    Mistake("only one of two users says that a Maildir is shared",
            lambda site: (users_of_one_maildir(site), site.tool(
                "user", "rights", "bob", "--shared", "yes")), ("mailbox-shared",),
            what="alice has no sodapop_shared=yes", mend="command"),
    Mistake("a home is missing in the line for %h", lambda site: site.configure(maildir="%h/Maildir"),
            ("mailbox-path",), mend="sentence"),
    # Messages that no client sees
    Mistake("a message directly in the Maildir", message("1.message"), ("mailbox-stray-messages",),
            mend="sentence"),
    Mistake("an encrypted message", message("new/2.coded", text="CRYPTED\x03\x07 and more"),
            ("mailbox-encoded",), mend="sentence"),
    Mistake("messages in a folder", folder, log="1 messages are in folders.*Sent",
            tell=lambda site: site.tool("check", "--etc", str(site.etc)).stderr),
    # Imports
    Mistake("an import with a hash that is too weak", lambda site: None,
            tell=imports("carol:{MD5}x\n"), log=r"source:1: carol: "),
    Mistake("an import without a hash", lambda site: None,
            tell=imports("carol\n"), log=r"source:1: "),
    Mistake("an import of a user who is there", lambda site: None,
            tell=imports("alice:*\n", "--strict"), log=r"status 1: .*source:1: alice: "),
    Mistake("an import with a name that is none", lambda site: None,
            tell=imports("al ice:*\n"), log=r"source:1: 'al ice'"),
]
