# SPDX-License-Identifier: ISC
"""Mistakes in lines of the configuration and on command lines: the message quotes the wrong word,
and names the word that was meant or the cause."""

import codecs

from mistakes import Mistake

FOUND = ("configuration-mistake",)


def line(text):
    """Writes a line in place of the key's."""
    def plant(site):
        kept = [one for one in site.config.read_text().splitlines(True)
                if not one.startswith(f"{text.split(' ')[0]} ")]
        site.config.write_text("".join(kept) + text + "\n")
    return plant


def encoded(mark, encoding):
    def plant(site):
        site.config.write_bytes(mark + site.config.read_text().encode(encoding))
    return plant


def windows_line_ends(site):
    text = site.config.read_bytes() + b"idle-limit = 1h\n"
    site.config.write_bytes(text.replace(b"\n", b"\r\n"))


def cut_off(site):
    site.configuration("minimum-uid = 1000")
    site.config.write_text(site.config.read_text()[:-3])


def wrong_line(name, text, what):
    """A line that the check finds and a session refuses, in the same words."""
    return Mistake(name, line(text), FOUND, what=what, log=what, mend="sentence")


def command(name, what, *words, status=2):
    """A command of sodapop on a right site."""
    def tell(site):
        done = site.tool(*words)
        return f"{done.stderr}{done.stdout}status {done.returncode}\n"
    return Mistake(name, lambda site: None, log=rf"{what}(?s:.*)status {status}\n", tell=tell)


def server(name, what, *options):
    """An option of sodapopd on a right site."""
    return Mistake(name, lambda site: None, log=what,
                   tell=lambda site: site.login("alice", *options))


ROWS = [
    wrong_line("key misspelt", "idel-limit = 900",
               "unknown key 'idel-limit'; did you mean idle-limit"),
    wrong_line("key with an underscore", "idle_limit = 900", "did you mean idle-limit"),
    wrong_line("key with a capital", "Idle-Limit = 900", "did you mean idle-limit"),
    wrong_line("key of another program", "mail_location = maildir:~/Maildir",
               "unknown key 'mail_location'"),
    wrong_line("key given twice", "attempts = 3\nattempts = 4", "key given twice: attempts, first in line"),
    wrong_line("key without a value", "attempts =", "no value for attempts"),
    wrong_line("line without =", "attempts 3", "expected KEY = VALUE, not 'attempts 3'"),
    wrong_line("section heading", "[main]", r"expected KEY = VALUE, not '\[main\]'"),
    wrong_line("choice misspelt", "tls = wraped",
               "tls: 'wraped' is none of none, wrapped; did you mean wrapped"),
    wrong_line("choice of another kind", "mark-seen = true", "'true' is none of no, yes"),
    wrong_line("time with a unit", "idle-limit = 10m",
               "idle-limit: '10m' is not a decimal number; write seconds, without a unit"),
    wrong_line("memory with a unit", "hash-memory-limit = 64 MiB",
               "write mebibytes, without a unit"),
    wrong_line("number out of range", "attempts = 0", "attempts: '0' is not from 1 to 100"),
    wrong_line("comment behind a value", "failure-delay = 2 # seconds", "needs a line of its own"),
    wrong_line("comment behind a path", "chroot = /var/empty # ours", "needs a line of its own"),
    wrong_line("quotes around a value", 'hostname = "pop.example.org"',
               "quotes are not used here: write pop.example.org"),
    wrong_line("quotes around a path", "chroot = '/var/empty'",
               "chroot: quotes are not used here: write /var/empty"),
    wrong_line("no-break space behind a number", "attempts = 3\u00a0", "not ASCII"),
    wrong_line("control character", "hostname = pop\x07.example.org",
               "the line has the control character 0x07"),
    wrong_line("relative path", "chroot = var/empty",
               "chroot: 'var/empty' is not an absolute path"),
    wrong_line("network with too many bits", "trusted-networks = ::1,10.0.0.0/33",
               "'10.0.0.0/33' is neither an address nor a network"),
    wrong_line("networks with blanks", "trusted-networks = ::1, 127.0.0.1",
               "' 127.0.0.1' is neither an address nor a network"),
    Mistake("byte order mark", encoded(codecs.BOM_UTF8, "utf-8"), FOUND,
            what="begins with a byte order mark: save it as UTF-8 without one",
            log="begins with a byte order mark"),
    Mistake("value of a file with Windows line ends", windows_line_ends, FOUND,
            what="'1h' is not a decimal number; write seconds", log="'1h' is not a decimal"),
    Mistake("configuration cut off", cut_off, FOUND, what="the last line has no line end",
            log="the last line has no line end, and may be cut off"),
    command("command misspelt", "no command 'usr'; did you mean user", "usr", "add", "carol"),
    command("second word misspelt", "no command 'user ad'; did you mean user add",
            "user", "ad", "x"),
    command("group in the plural", "no command 'users add'; did you mean user add",
            "users", "add", "carol"),
    command("no command", "user needs a command: add, ", "user"),
    command("option misspelt", "user rights has no option '--expire'; did you mean --expires",
            "user", "rights", "alice", "--expire", "never"),
    command("option in front of its command", "'--json' belongs behind the command who",
            "--json", "who"),
    command("setting misspelt as an option", "no option '--maildr'; did you mean --maildir",
            "user", "list", "--maildr", "/x"),
    command("value of a choice", "--format: 'csv' is none of dovecot, htpasswd",
            "users", "import", "-", "--format", "csv"),
    command("word too many", "unexpected word 'bob'", "user", "show", "alice", "bob"),
    command("day that does not exist", "there is no day 2027-02-30",
            "user", "rights", "alice", "--expires", "2027-02-30"),
    command("day in another form", "'31.1.2027' is not a day; write it as 2027-01-31",
            "user", "rights", "alice", "--expires", "31.1.2027"),
    command("network misspelt", "'192.0.2.0/42' is neither an address nor a network",
            "user", "rights", "alice", "--from", "192.0.2.0/42"),
    command("setting with a unit as an option", "--idle-limit: '10m' is not .*; write seconds",
            "--idle-limit", "10m", "user", "list"),
    command("kick of a user without a session", "no session of alise", "kick", "alise", status=1),
    server("option of the server misspelt", "unknown option '--lisen'; did you mean --listen",
           "--lisen", "127.0.0.1:110"),
    server("setting of the server misspelt", "unknown option '--tsl'; did you mean --tls",
           "--tsl", "wrapped"),
    server("value of the server's option", "--tls: 'yes' is none of none, wrapped", "--tls", "yes"),
    server("word without an option", "unexpected word 'listen'", "listen"),
]
