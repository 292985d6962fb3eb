# SPDX-License-Identifier: ISC
"""Mistakes in lines of the users file, hashes, rights and names, and in the commands for them."""

import json
import re
import time

from mistakes import Mistake, good_hash

CHEAP = ("--hash-memory", "1", "--hash-operations", "1")
SHA512 = ("$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi."
          "HdxNDcL3fGE1XXuzvo6kbx7UOloZKONqEk5H3JrQA4NOfU8BmqFPrpGqwA1")
BCRYPT = "{BLF-CRYPT}$2y$05$LgKsAIeV9FPB/sWmKOH45u.TyeSvFZL4niJUgqztqyXpYfQM1Ggjm"
SCRAM = ("{SCRAM-SHA-256}4096,Vhx9cimdupYwvmDiY4cilw==,MwCfpT5tkTRp/utWoVHfKiFplnCuovoxcQcNOUHljNY="
         ",45Rih0jVgC+SiYVhxswOKp69JJYORasZZBAdLTAKZ14=")
APP = "sodapop_app=phone;AAAAAAAAAAAAAAAAAAAAAA;" + "A" * 43


def hash_is(text):
    return lambda site: site.line(hash=text() if callable(text) else text)


def extra_is(words):
    return lambda site: site.line(extra=words)


def users_file(change):
    """Plants what `change` makes of the octets of the users file."""
    def plant(site):
        site.users_file.write_bytes(change(site.users_file.read_bytes()))
    return plant


def cut_hash(missing):
    return Mistake(f"an Argon2 hash without its last characters: {missing} of them",
                   hash_is(lambda: good_hash()[:-missing]), ("user-hash-malformed",),
                   log="reason=malformed-hash" if missing == 3 else "", mend="command")


def bad_line(name, what, **fields):
    return Mistake(name, lambda site: site.line(**fields), ("users-line",), what=what,
                   mend="sentence")


def named(text, **settings):
    """A line with this name, and these settings."""
    def plant(site):
        users = site.users_file.read_text()
        site.users_file.write_text(users.replace("alice:", text + ":"))
        site.configure(**settings)
    return plant


def told(*words, text=""):
    """What a command of the tool says, and that it fails."""
    def tell(site):
        done = site.tool(*words, text=text)
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr
    return tell


def same_maildir(site):
    return told("user", "add", "carol", "--uid", "5002", "--gid", "5002", "--mail",
                json.loads(site.tool("user", "show", "alice", "--json").stdout)["maildir"], *CHEAP,
                "--password-stdin", text="secret\n")(site)


def change_beside_compiled_users(site):
    assert site.tool("users", "compile").returncode == 0
    time.sleep(0.01)
    done = site.tool("user", "rights", "bob", "--read-only", "yes")
    assert site.tool("users", "compile").returncode == 0
    return done.stderr


def expired_app_password(site):
    made = site.tool("app-password", "add", "bob", "phone")
    assert made.returncode == 0, made.stderr
    text = site.users_file.read_text()
    site.users_file.write_text(re.sub("(sodapop_app=[^ \n]*)", r"\1;expires=2020-01-01", text))
    site.app_password = made.stdout.strip()


def login_by_app_password(site):
    done = site.tool("user", "test", "bob", "--password-stdin", text=site.app_password + "\n")
    return done.stdout


ROWS = [
    *(cut_hash(missing) for missing in (1, 3, 4, 5, 7)),
    Mistake("a bcrypt hash without its last character", hash_is(BCRYPT[:-1]),
            ("user-hash-malformed",), mend="command"),
    Mistake("a SHA-512 hash without its last three characters", hash_is(SHA512[:-3]),
            ("user-hash-malformed",), mend="command"),
    Mistake("a SCRAM verifier in the hash's place without its last character", hash_is(SCRAM[:-1]),
            ("user-hash-malformed",), mend="command"),
    Mistake("a weak hash", hash_is("{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3"), ("user-hash-weak",),
            log="reason=weak-scheme", mend="command"),
    Mistake("a password in the place of the hash", hash_is("{PLAIN}secret"), ("user-hash-weak",),
            mend="command"),
    Mistake("a password without a scheme", hash_is("secret"), ("user-hash-unknown",),
            mend="command"),
    Mistake("a hash of an unknown scheme", hash_is("{ARGON3}$argon3$x"), ("user-hash-unknown",),
            mend="command"),
    Mistake("a hash that costs more than the site allows",
            hash_is(lambda: good_hash().replace("m=19456", "m=1048576")), ("user-hash-too-costly",),
            mend="command"),
    Mistake("a ceiling below the cost of new hashes",
            lambda site: site.configure(hash_memory_limit=16), ("user-hash-too-costly",),
            what="raise hash-memory-limit", log="reason=hash-too-costly", mend="sentence"),
    Mistake("a hash of an old scheme", hash_is(SHA512), ("user-hash-outdated",), mend="command"),
    Mistake("a user who was locked and forgotten", hash_is(lambda: "!" + good_hash()),
            ("user-disabled",), what="run sodapop .*user password --unlock alice",
            log="reason=disabled", mend="sentence"),
    Mistake("a new password for a locked user", hash_is(lambda: "!" + good_hash()),
            ("user-disabled",), log="alice is locked, .*--unlock",
            tell=told("user", "password", "alice", *CHEAP, "--password-stdin", text="secret\n")),
    Mistake("a star for the hash, and no app password", hash_is("*"), ("user-disabled",),
            mend="sentence"),
    Mistake("an empty hash", hash_is(""), ("user-disabled",), mend="sentence"),
    Mistake("a SCRAM verifier that is cut",
            extra_is("sodapop_scram=" + SCRAM[:-1] + ";0123456789abcdef"),
            ("user-scram-malformed",), mend="command"),
    Mistake("a SCRAM verifier of an older password",
            extra_is("sodapop_scram=" + SCRAM + ";0123456789abcdef"), ("user-scram-stale",),
            mend="command"),
    Mistake("app passwords alone, and none", extra_is("sodapop_app_passwords_only=yes"),
            ("app-passwords-none",), log="reason=app-password-needed", mend="sentence"),
    Mistake("a last day that is over", extra_is("sodapop_expires=2020-01-01"), ("user-expired",),
            log="reason=expired", mend="sentence"),
    Mistake("an app password that has ended", expired_app_password, ("app-password-expired",),
            log="the app password: its last day is over", tell=login_by_app_password,
            mend="command"),
    Mistake("networks in which no client is", extra_is("allow_nets=192.0.2.0/24"),
            log="reason=network", tell=lambda site: site.login()),
    Mistake("a reason for nologin that was forgotten", extra_is("nologin=moved"),
            log="reason=nologin"),
    Mistake("line ends of Windows", users_file(lambda text: text.replace(b"\n", b"\r\n")),
            ("users-line",), what="Windows line end", mend="sentence"),
    Mistake("a byte order mark", users_file(lambda text: b"\xef\xbb\xbf" + text), ("users-line",),
            what="byte order mark", mend="sentence"),
    Mistake("a last line without its end", users_file(lambda text: text[:-5]), ("users-line",),
            what="no line end", mend="sentence"),
    bad_line("a right that is misspelt", "sodapop_", extra="sodapop_readonly=yes"),
    bad_line("a right with a wrong value", "invalid value", extra="sodapop_pop3=off"),
    bad_line("a restriction of Dovecot that is not known here", "of Dovecot",
             extra="noauthenticate=y"),
    bad_line("a word for a shared Maildir with a wrong value", "sodapop_shared",
             extra="sodapop_shared=1"),
    bad_line("a name of an account in the place of the uid", "uid is not a number", uid="alice"),
    bad_line("a home that is not absolute", "not an absolute path", home="home/alice"),
    bad_line("an app password that is cut", "sodapop_app is malformed",
             extra=APP.rsplit(";", 1)[0]),
    bad_line("a mailbox of another format", "maildir:PATH", extra="userdb_mail=mbox:~/mail"),
    Mistake("a capital in a name, where names become lower case",
            named("Alice", name_case="lower"), ("user-name-unreachable",),
            also=("mailbox-missing",), what="as alice", mend="sentence"),
    Mistake("a capital in a domain, where names become lower case",
            named("alice@Example.org", name_case="lower", default_domain="Example.org"),
            ("user-name-unreachable",), also=("mailbox-missing",), what="alice@example.org",
            mend="sentence"),
    Mistake("names without a domain, where one is required",
            lambda site: site.configure(require_domain="yes"), ("user-name-unreachable",),
            log="reason=no-domain", mend="sentence"),
    Mistake("a client that writes the name with a capital", lambda site: None,
            log="reason=unknown-user.*in lower case", tell=lambda site: site.login("Alice")),
    Mistake("a second user with the Maildir of the first", lambda site: None,
            log="the Maildir .* is alice's.*--shared", tell=same_maildir),
    Mistake("a change beside compiled users", lambda site: None,
            log=r"users\.cdb is older than the users file.*sodapop users compile",
            tell=change_beside_compiled_users),
    Mistake("a variable of a script that is empty", lambda site: None,
            log="--expires has an empty value",
            tell=told("user", "rights", "alice", "--expires", "")),
    Mistake("a test of the users file, where a program is asked",
            lambda site: site.configure(checkpassword="/bin/true"), log="checkpassword is set",
            tell=told("user", "test", "alice", "--password-stdin", text="secret\n")),
]
