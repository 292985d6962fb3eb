# SPDX-License-Identifier: ISC
"""The page faults of one session. They are counts, the same within a few on a busy machine."""

import scratch
from report import Row
from row_password import give_passwords

OWN_LOOP = "sodapopd, own loop"
BY_APP_PASSWORD = "own loop, app password"


def faults(bench):
    """connect, USER, PASS, STAT, QUIT; 10 messages; the minor faults of all processes."""
    row = Row("page faults a session", "faults", None, {OWN_LOOP: 105, BY_APP_PASSWORD: 75})
    base = bench.place.folder("faults")
    for user in scratch.USERS:
        scratch.make_maildrop(base / user / "Maildir", 10, 4096)
    servers = [bench.make.floor(base), bench.make.sodapopd(base),
               bench.make.sodapopd(base, "own loop"), bench.make.sodapopd(base, "own loop"),
               *bench.peers("session", base)]
    words = {server.name: scratch.PASSWORD for server in servers}
    servers[3].name = BY_APP_PASSWORD
    words[BY_APP_PASSWORD] = give_passwords(servers[3].command[2])

    def visit(server):
        row.add(server.name, bench.per_session(server, words[server.name], bench.size(100, 20),
                                               server.meter.faults))

    with bench.running(row, servers) as live:
        bench.interleave(row, live, visit)
    return [row]
