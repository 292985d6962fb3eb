#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What a session costs in page faults and new processes: counts, which are the same on a slow day.
Each ceiling is a tenth above what was reached."""

import os
import resource
import subprocess
import sys
import unittest

import harness
import scram
from harness import SODAPOP, needs_feature, report
from listener_test import ListenerTest

SESSIONS = 40
MOST_FAULTS = 90
PROCESSES = {"password": 3, "app password": 2, "SCRAM": 2, "cache": 2}
IN_NAMESPACE = "--in-namespace"


def faults_of_ended_processes():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt


def number_of_next_process():
    """In a PID namespace of its own it tells how many processes there were."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


class CostTest(ListenerTest):
    settings = ListenerTest.settings | {"scram": "always"}

    def setUp(self):
        super().setUp()
        made = subprocess.run([SODAPOP, "--config", self.site.config, "app-password", "add", "alice",
                               "phone"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True,
                              text=True)
        self.app_password = made.stdout.strip()

    def ways(self):
        """Of a login."""
        return {"password": lambda talk: talk.login(),
                "app password": lambda talk: talk.login(password=self.app_password),
                "SCRAM": lambda talk: scram.log_in(talk, "alice", harness.PASSWORD)[0]}

    def session(self, log_in):
        with self.connect() as talk:
            self.assert_ok(log_in(talk))
            self.assert_ok(talk.command("STAT"))
            talk.fetch("RETR 1")
            self.assert_ok(talk.command("QUIT"))
            talk.rest()

    def begin(self):
        os.truncate(self.site.log, 0)  # it says when a server listens
        self.start()

    def finish(self):
        self.wait_for_sessions(0)
        self.assertEqual(self.stop(), 0)


class PageFaults(CostTest):
    def faults(self, log_in, sessions):
        """Of a server with that many sessions, from its start to its end."""
        before = faults_of_ended_processes()
        self.begin()
        for _ in range(sessions):
            self.session(log_in)
        self.finish()
        return faults_of_ended_processes() - before

    def test_a_session_whose_login_needs_no_verifier(self):
        ways = self.ways()
        for name in ("app password", "SCRAM"):
            with self.subTest(name):
                self.faults(ways[name], 2)  # makes the index of sizes, and the files of the site
                alone = self.faults(ways[name], 2)
                each = (self.faults(ways[name], 2 + SESSIONS) - alone) / SESSIONS
                report(f"page faults of a session, {name}", each)
                self.assertLessEqual(each, MOST_FAULTS)


@unittest.skipUnless(IN_NAMESPACE in sys.argv, "needs root and unshare(1)")
class Processes(CostTest):
    """In a PID namespace of its own, where nothing else starts processes."""

    def check(self, name, log_in):
        self.begin()
        self.session(log_in)
        before = number_of_next_process()
        for _ in range(SESSIONS):
            self.session(log_in)
        started = (number_of_next_process() - before - 1) / SESSIONS
        self.finish()
        report(f"processes of a session, {name}", started)
        self.assertEqual(started, PROCESSES[name])

    def test_a_session_by_each_kind_of_proof(self):
        for name, log_in in self.ways().items():
            with self.subTest(name):
                self.check(name, log_in)

    @needs_feature("auth_cache")
    def test_a_session_whose_login_the_cache_has(self):
        self.site.configure(auth_cache=600)
        self.check("cache", lambda talk: talk.login())


if __name__ == "__main__":
    if harness.IS_ROOT and IN_NAMESPACE not in sys.argv and harness.find_program("unshare"):
        os.execvp("unshare", ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child",
                              sys.executable, *sys.argv, IN_NAMESPACE])
    unittest.main(verbosity=2, argv=[word for word in sys.argv if word != IN_NAMESPACE])
