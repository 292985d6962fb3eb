#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Checks that includes point down the storeys, and that each library is seen in few files.

Usage: layering.py SOURCE_ROOT. Prints each offence; the exit status is 1 when there is one. First
it proves on made-up files that it finds every kind of offence.
"""

import pathlib
import re
import sys

STOREYS = {"base": 1, "pop3": 2, "maildir": 3, "credentials": 3, "privsep": 4, "admin": 4,
           "listener": 4}
TOP = 5  # files directly in src/
POP3_MAY_USE = {"base/result", "base/secret", "base/utc"}

# An include that matches the first may stand only in a file that matches the second.
LIBRARIES = [
    (r"sodium(\.h|/)", r"(base/(secret|digest)\.|credentials/)"),
    (r"cdb\.h", r"credentials/compiled_(users|writer)\.cpp"),
    (r"boost/", r"(maildir|admin)/"),
    (r"mbedtls/", r"credentials/public_key\.cpp"),
    (r"nlohmann/", r"(credentials/json\.hpp|admin/)"),
    (r"seccomp\.h", r"privsep/filter_generator\.cpp"),
    (r"(iostream|ostream|istream|fstream|sstream|locale|iomanip)$", r"(admin/|sodapop\.cpp$)"),
    (r"CLI/", r"(admin/|sodapop\.cpp|options\.)"),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def storey(path):
    folder = path.split("/")[0]
    return STOREYS.get(folder, TOP) if "/" in path else TOP


def is_ours(include):
    return include.split("/")[0] in STOREYS and "/" in include


def problem_of_own(path, include):
    folder, target = path.split("/")[0], include.split("/")[0]
    if folder == target:
        return None
    if storey(include) >= storey(path):
        return "points up or sideways"
    if folder == "pop3" and include.rsplit(".", 1)[0] not in POP3_MAY_USE:
        return "pop3 may use no more of base than " + ", ".join(sorted(POP3_MAY_USE))
    return None


def problem_of_library(path, include):
    for library, place in LIBRARIES:
        if re.match(library, include) and not re.match(place, path):
            return "this library is not for this file"
    return None


def offences(files):
    """files: path below src -> text. Yields a line for each include that should not be there."""
    for path, text in sorted(files.items()):
        for _, include in INCLUDE.findall(text):
            check = problem_of_own if is_ours(include) else problem_of_library
            problem = check(path, include)
            if problem:
                yield f"src/{path}: {include}: {problem}"


BAD = {
    "base/a.cpp": '#include "pop3/command.hpp"',
    "pop3/a.hpp": '#include "base/log.hpp"',
    "pop3/b.cpp": '#include "maildir/maildir.hpp"',
    "maildir/a.cpp": '#include "credentials/user.hpp"',
    "credentials/a.cpp": ' # include <maildir/maildir.hpp>',
    "privsep/a.cpp": '#include "admin/site.hpp"',
    "admin/a.cpp": '#include "privsep/front.hpp"',
    "credentials/b.cpp": '#include "privsep/channel.hpp"',
    "credentials/c.cpp": "#include <nlohmann/json.hpp>",
    "credentials/d.cpp": "#include <mbedtls/rsa.h>",
    "pop3/c.cpp": "#include <sodium.h>",
    "base/b.cpp": "#include <sodium/utils.h>",
    "credentials/c.cpp": "#include <cdb.h>",
    "privsep/b.cpp": "#include <boost/filesystem.hpp>",
    "privsep/sandbox.cpp": "#include <seccomp.h>",
    "maildir/b.cpp": "\n#include <iostream>\n",
    "options.hpp": "#include <iostream>",
    "sodapopd.cpp": "#include <CLI/App.hpp>",
    "command_line.cpp": "#include <fstream>",
    "privsep/c.cpp": '#include "listener/sources.hpp"',
}
GOOD = {
    "base/secret.cpp": "#include <sodium/utils.h>\n#include <string>",
    "pop3/a.cpp": '#include "base/result.hpp"\n#include "base/utc.hpp"\n#include "pop3/sasl.hpp"',
    "maildir/a.cpp": '#include "pop3/maildrop.hpp"\n#include "base/log.hpp"',
    "credentials/a.cpp": "#include <sodium.h>",
    "credentials/json.hpp": "#include <nlohmann/json.hpp>",
    "credentials/public_key.cpp": "#include <mbedtls/rsa.h>",
    "privsep/a.cpp": '#include "maildir/maildir.hpp"\n#include "credentials/user.hpp"',
    "privsep/filter_generator.cpp": "#include <seccomp.h>",
    "admin/a.cpp": '#include "maildir/location.hpp"\n#include <iostream>',
    "sodapop.cpp": '#include "admin/commands.hpp"\n#include <iostream>\n#include <CLI/CLI.hpp>',
    "options.hpp": '#include "base/settings.hpp"',
}


def prove():
    for path, text in BAD.items():
        assert len(list(offences({path: text}))) == 1, f"not found: {path}: {text}"
    found = list(offences(GOOD))
    assert not found, found


def main():
    prove()
    root = pathlib.Path(sys.argv[1])
    files = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*.[ch]pp")
    }
    assert len(files) > 50, f"only {len(files)} files below {root}"
    found = list(offences(files))
    print(*found, f"{len(files)} files, {len(found)} offences", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
