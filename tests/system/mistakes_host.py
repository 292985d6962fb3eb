# SPDX-License-Identifier: ISC
"""Mistakes in the configuration, and in owners and modes of files and directories."""

from mistakes import Mistake


def configure(**settings):
    return lambda site: site.configure(**settings)


ROWS = [
    Mistake("an unknown key", lambda site: site.configuration("colour = blue"),
            ("configuration-mistake",), what="sodapop.conf:.*colour", mend="sentence"),
    Mistake("no delay after failures", configure(failure_delay=0), ("failure-delay-none",),
            mend="sentence"),
    Mistake("a time for idle clients that RFC 1939 does not allow", configure(idle_limit=599),
            ("idle-limit-short",), mend="sentence"),
    Mistake("a runtime directory below a missing one",
            configure(chroot="/", runtime_directory="/nonexistent/run"),
            ("runtime-directory-missing",), also=("chroot-not-empty",), mend="sentence"),
    Mistake("no networks of proxies", configure(proxy="required"), ("settings-contradict",),
            log="misconfigured", mend="sentence"),
    Mistake("a misspelt name of a user", lambda site: None, log="auth-failed|AUTH",
            tell=lambda site: site.login("alicia")),
]
