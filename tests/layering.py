#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Checks that each folder of src includes only the folders that it may include, that each library
is included by few files, that no file includes itself by way of others, and that no file or folder
is larger than its limit.

Usage: layering.py SOURCE_ROOT. Prints the includes between the folders and each offence; the exit
status is 1 when there is an offence. First it tests on made-up files that it finds every kind of
offence.
"""

import collections
import pathlib
import re
import sys

# Each folder with the folders that it may include, which are always above it in this table. The two
# programs, directly in src, come last.
MAY_INCLUDE = {
    "base": "",
    "config": "base",
    "pop3": "base",
    "proxy_protocol": "base",
    "maildir": "pop3 base",
    "passwords": "base",
    "state": "config base",
    "users": "passwords config base",
    "tokens": "users config base",
    "ipc": "pop3 proxy_protocol base",
    "sandbox": "config base",
    "listener": "state pop3 config base",
    "front": "ipc sandbox proxy_protocol pop3 config base",
    "keeper": "ipc sandbox state maildir config base",
    "verifier": "ipc sandbox state tokens users passwords pop3 config base",
    "login": "verifier ipc sandbox state tokens users passwords pop3 config base",
    "monitor": "login verifier keeper ipc sandbox state pop3 config base",
    "server": "monitor login verifier keeper front listener sandbox ipc users state passwords "
              "pop3 config base",
    "admin": "tokens users state passwords pop3 config base",
    "": "admin server listener sandbox passwords pop3 config base",
}
FOLDERS = list(MAY_INCLUDE)
POP3_MAY_USE = {"base/ascii", "base/base64", "base/number", "base/result", "base/secret",
                "base/split", "base/utc"}
GENERATED = {"configuration_paths.hpp"}

# Pairs of patterns. An include that matches the first one is allowed only in a file whose path
# matches the second one.
LIBRARIES = [
    (r"sodium(\.h|/)", r"(base/(base64|digest|secret)\.|passwords/|state/|tokens/|users/)"),
    (r"cdb\.h", r"users/compiled?_users\.cpp"),
    (r"utf8(\.h|/)", r"pop3/sasl_name\.cpp"),
    (r"boost/", r"(maildir/|admin/|proxy_protocol/block\.cpp)"),
    (r"mbedtls/", r"tokens/public_key\.cpp"),
    (r"nlohmann/", r"(tokens/json\.hpp|admin/)"),
    (r"seccomp\.h", r"sandbox/filter_generator\.cpp"),
    (r"(iostream|ostream|istream|fstream|sstream|locale|iomanip)$", r"(admin/|sodapop\.cpp$)"),
    (r"CLI/", r"admin/command_line\.cpp"),
    (r"bsd/", r"admin/password_prompt\.cpp"),
]

MOST_LINES = 300    # of a file
MOST_PERCENT = 20   # of all lines, in a folder without those below it

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder(path):
    return path.split("/")[0] if "/" in path else ""


def problem_of_own(path, include):
    own, other = folder(path), folder(include)
    if own == other and own:
        return None
    if own not in MAY_INCLUDE or other not in MAY_INCLUDE:
        return "a folder that is not in the table"
    if other not in MAY_INCLUDE[own].split():
        direction = "up" if FOLDERS.index(other) >= FOLDERS.index(own) else "to what it may not know"
        return f"points {direction}"
    if own == "pop3" and include.rsplit(".", 1)[0] not in POP3_MAY_USE:
        return "pop3 may use no more of base than " + ", ".join(sorted(POP3_MAY_USE))
    return None


def problem_of_library(path, include):
    for library, place in LIBRARIES:
        if re.match(library, include) and not re.match(place, path):
            return "this library is not for this file"
    return None


def includes(files):
    """Yields path, included file, whether it is ours."""
    for path, text in sorted(files.items()):
        for _, include in INCLUDE.findall(text):
            ours = include in files or folder(include) in FOLDERS[:-1]
            if include not in GENERATED:
                yield path, include, ours


def offences(files):
    """Yields a line for each forbidden include and for each file that is too long. files: path
    below src -> text."""
    for path, include, ours in includes(files):
        check = problem_of_own if ours else problem_of_library
        problem = check(path, include)
        if problem:
            yield f"src/{path}: {include}: {problem}"
    for path, text in sorted(files.items()):
        if text.count("\n") > MOST_LINES:
            yield f"src/{path}: {text.count(chr(10))} lines, more than {MOST_LINES}"


def problems_of_table():
    for own, others in MAY_INCLUDE.items():
        for other in others.split():
            if FOLDERS.index(other) >= FOLDERS.index(own):
                yield f"the table lets {own} include {other}, which stands below it"


def lines_by_folder(files):
    """The lines of each folder, without those of the folders below it."""
    lines = collections.Counter()
    for path, text in files.items():
        lines[path.rpartition("/")[0] or "(programs)"] += text.count("\n")
    return lines


def circles(files):
    """Files that include themselves by way of others."""
    after = collections.defaultdict(set)
    for path, include, ours in includes(files):
        if ours:
            after[path].add(include)
    done = set()

    def visit(path, way):
        if path in way:
            yield " -> ".join(way[way.index(path):] + [path])
        elif path not in done:
            for include in sorted(after[path]):
                yield from visit(include, way + [path])
            done.add(path)

    for path in sorted(files):
        yield from visit(path, [])


def print_table(files):
    counts = collections.defaultdict(collections.Counter)
    for path, include, ours in includes(files):
        if ours and folder(path) != folder(include):
            counts[folder(path)][folder(include)] += 1
    for own in FOLDERS:
        row = ", ".join(f"{other} {counts[own][other]}" for other in FOLDERS if counts[own][other])
        print(f"{own or '(programs)'} -> {row or 'nothing'}")
    lines = lines_by_folder(files)
    total = sum(lines.values())
    for name, number in lines.most_common():
        print(f"{100 * number / total:5.1f} % of {total} lines: {name}")


def code_lines(text):
    """Without blank lines and comments."""
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("//"))


def with_what_they_include(files, names):
    """These files, those that they include, and so on, with the source of each header."""
    after = collections.defaultdict(set)
    for path, include, ours in includes(files):
        if ours:
            after[path].add(include)
    found, ahead = set(), set(names)
    while ahead:
        path = ahead.pop()
        found.add(path)
        ahead |= {other for other in (*after[path], path.replace(".hpp", ".cpp"))
                  if other in files and other not in found}
    return found


def print_way_of_one_session(files):
    folders = ("pop3", "ipc", "sandbox", "front", "monitor", "keeper", "maildir")
    way = {path for path in files if folder(path) in folders}
    way |= {path for path in with_what_they_include(files, way) if folder(path) == "base"}
    print(f"{sum(code_lines(files[path]) for path in way)} of "
          f"{sum(map(code_lines, files.values()))} lines of code are the way of one session: "
          + ", ".join(folders) + " and what of base they use")


def too_large(files):
    lines = lines_by_folder(files)
    total = sum(lines.values())
    for name, number in lines.items():
        if 100 * number > MOST_PERCENT * total:
            yield f"src/{name}: {number} of {total} lines, more than {MOST_PERCENT} %"


BAD = [
    ("base/a.cpp", '#include "pop3/command.hpp"'),
    ("base/b.cpp", '#include "config/settings.hpp"'),
    ("base/c.cpp", "#include <sodium/utils.h>"),
    ("pop3/a.hpp", '#include "base/log.hpp"'),
    ("pop3/b.cpp", '#include "maildir/maildir.hpp"'),
    ("pop3/c.cpp", "#include <sodium.h>"),
    ("pop3/d.cpp", "#include <utf8.h>"),
    ("maildir/a.cpp", '#include "users/user.hpp"'),
    ("maildir/b.cpp", "\n#include <iostream>\n"),
    ("users/a.cpp", " # include <maildir/maildir.hpp>"),
    ("users/b.cpp", '#include "ipc/channel.hpp"'),
    ("users/c.cpp", "#include <cdb.h>"),
    ("tokens/a.cpp", "#include <mbedtls/rsa.h>"),
    ("tokens/b.cpp", "#include <nlohmann/json.hpp>"),
    ("front/a.cpp", '#include "users/user.hpp"'),
    ("front/b.cpp", '#include "maildir/maildir.hpp"'),
    ("front/c.cpp", '#include "keeper/keeper.hpp"'),
    ("keeper/a.cpp", '#include "front/front.hpp"'),
    ("keeper/b.cpp", '#include "users/user.hpp"'),
    ("verifier/a.cpp", '#include "monitor/monitor.hpp"'),
    ("verifier/checkpassword/a.cpp", "#include <boost/filesystem.hpp>"),
    ("monitor/a.cpp", '#include "front/front.hpp"'),
    ("listener/a.cpp", '#include "server/session.hpp"'),
    ("server/a.cpp", '#include "admin/findings.hpp"'),
    ("server/b.cpp", "#include <fstream>"),
    ("admin/a.cpp", '#include "front/front.hpp"'),
    ("admin/b.cpp", "#include <CLI/App.hpp>"),
    ("admin/c.cpp", "#include <bsd/readpassphrase.h>"),
    ("sandbox/sandbox.cpp", "#include <seccomp.h>"),
    ("sodapopd.cpp", "#include <CLI/App.hpp>"),
    ("sodapop.cpp", '#include "front/front.hpp"'),
    ("sodapop.cpp", '#include "sodapopd.hpp"'),
    ("attic/a.cpp", '#include "base/log.hpp"'),
    ("base/long.cpp", "\n" * (MOST_LINES + 1)),
]
GOOD = {
    "base/secret.cpp": "#include <sodium/utils.h>\n#include <string>",
    "pop3/sasl_name.cpp": "#include <utf8.h>",
    "pop3/a.cpp": '#include "base/result.hpp"\n#include "base/utc.hpp"\n#include "pop3/sasl.hpp"',
    "maildir/a.cpp": '#include "pop3/maildrop.hpp"\n#include "base/log.hpp"',
    "passwords/a.cpp": "#include <sodium.h>",
    "tokens/json.hpp": "#include <nlohmann/json.hpp>",
    "tokens/public_key.cpp": "#include <mbedtls/rsa.h>",
    "verifier/checkpassword/a.cpp": '#include "users/location.hpp"\n#include "users/user.hpp"',
    "sandbox/filter_generator.cpp": "#include <seccomp.h>",
    "admin/check/a.cpp": '#include "users/location.hpp"\n#include <iostream>',
    "admin/command_line.cpp": "#include <CLI/CLI.hpp>",
    "sodapop.cpp": '#include "admin/commands.hpp"\n#include <iostream>',
    "sodapopd.cpp": '#include "configuration_paths.hpp"\n#include "server/session_plan.hpp"',
    "base/full.cpp": "\n" * MOST_LINES,
}


def prove():
    assert not list(problems_of_table()), list(problems_of_table())
    for path, text in BAD:
        files = {path: text, "sodapopd.hpp": ""}
        assert len(list(offences(files))) == 1, f"not found: {path}: {text}"
    found = list(offences(GOOD))
    assert not found, found
    assert list(circles({"base/a.hpp": '#include "base/b.hpp"', "base/b.hpp": '#include "base/a.hpp"'}))
    assert not list(circles(GOOD))
    assert code_lines("// one\n\n  // two\n/// three\nint x; // four\n}\n") == 2
    assert with_what_they_include(
        {"a/a.cpp": '#include "base/b.hpp"', "base/b.hpp": "", "base/b.cpp": '#include "base/c.hpp"',
         "base/c.hpp": "", "base/d.hpp": ""}, {"a/a.cpp"}) == {
             "a/a.cpp", "base/b.hpp", "base/b.cpp", "base/c.hpp"}
    assert list(too_large({"base/a.cpp": "\n" * 21, "pop3/a.cpp": "\n" * 79}))
    assert not list(too_large({f"{name}/a.cpp": "\n" * 20 for name in FOLDERS[:5]}))


def main():
    prove()
    root = pathlib.Path(sys.argv[1])
    files = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*.[ch]pp")
    }
    assert len(files) > 50, f"only {len(files)} files below {root}"
    print_table(files)
    print_way_of_one_session(files)
    found = list(offences(files)) + list(too_large(files))
    rounds = list(circles(files))
    ups = sum("points up" in line for line in found)
    sideways = sum("may not know" in line for line in found)
    print(*found, *rounds, sep="\n")
    print(f"{len(files)} files: {ups} includes up, {sideways} sideways, {len(rounds)} circles, "
          f"{len(found) - ups - sideways} other offences")
    return 1 if found or rounds else 0


if __name__ == "__main__":
    sys.exit(main())
