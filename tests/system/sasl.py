# SPDX-License-Identifier: ISC
"""The base of the tests of logins other than by USER and PLAIN."""

import re

import harness
from harness import Session, SiteTest
from proxies import CLIENT, block

NOT_ACCEPTED = b"-ERR [AUTH] name or password not accepted\r\n"
CHEAP_SCRAM = ("--scram-iterations", "4096")


class Talk(Session):
    """A session whose client is behind a proxy, which says whether the client uses TLS."""

    def __init__(self, site, tls=0, source=CLIENT):
        super().__init__(site)
        self.send(block(source, tls=tls))


class SaslTest(SiteTest):
    settings = {"proxy": "required", "proxy_networks": "127.0.0.1"}

    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"], (*harness.CHEAP, *CHEAP_SCRAM))

    def mechanisms(self, talk):
        found = re.search(rb"(?m)^SASL (.*)\r$", talk.fetch("CAPA"))
        return found.group(1).decode().split() if found else []

    def set_words(self, words):
        line = self.site.users_file.read_text().rstrip("\n")
        self.site.users_file.write_text(line + " " + words + "\n")
