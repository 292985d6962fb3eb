#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A build that leaves features out: their settings are refused, and nothing of them is offered."""

import json
import subprocess
import unittest

import harness
from harness import EX_CONFIG, LEFT_OUT, MISCONFIGURED, PASSWORD, PATIENCE, SODAPOP, SODAPOPD
from proxies import BY_TLS
from sasl import SaslTest, Talk

SETTINGS = {
    "tokens": {"oauth-keys": "/etc/keys", "oauth-issuer": "i", "oauth-audience": "a",
               "oauth-user-claim": "sub", "oauth-types": "at+jwt", "oauth-lifetime": "3600", "oauth-scope": "pop"},
    "checkpassword": {"checkpassword": "/bin/true", "checkpassword-limit": "10"},
    "auth_cache": {"auth-cache": "600"},
}


class Features(SaslTest):
    def refusals(self):
        """Each setting of a feature that was left out, a value, and the message about it."""
        for feature in sorted(LEFT_OUT):
            for key, value in SETTINGS[feature].items():
                yield key, value, f"{key}: not available, as sodapop was built without {feature}"

    def test_their_settings_are_refused_in_the_configuration(self):
        good = self.site.config.read_text()
        at = f"{self.site.config}:{len(good.splitlines()) + 1}"
        for key, value, message in self.refusals():
            with self.subTest(key):
                self.site.config.write_text(f"{good}{key} = {value}\n")
                self.assert_misconfigured(f"sodapopd: {at}: {message}")

    def test_their_settings_are_refused_on_the_command_line(self):
        for key, value, message in self.refusals():
            with self.subTest(key):
                self.assert_misconfigured(f"sodapopd: --{message}", options=(f"--{key}", value))

    def test_no_listener_starts_with_them(self):
        good = self.site.config.read_text()
        for key, value, _ in self.refusals():
            with self.subTest(key):
                self.site.config.write_text(f"{good}{key} = {value}\n")
                done = subprocess.run(self.site.command("--listen", "127.0.0.1:0"), check=False,
                                      stdin=subprocess.DEVNULL, timeout=PATIENCE)
                self.assertEqual(done.returncode, EX_CONFIG)

    def test_the_check_reports_them(self):
        good = self.site.config.read_text()
        for key, value, message in self.refusals():
            with self.subTest(key):
                self.site.config.write_text(f"{good}{key} = {value}\n")
                done = subprocess.run([SODAPOP, "--config", self.site.config, "check", "--json"],
                                      stdout=subprocess.PIPE, timeout=PATIENCE, check=False)
                found = [(finding["severity"], finding["what"])
                         for finding in json.loads(done.stdout)
                         if finding["id"] == "configuration-mistake"]
                self.assertEqual((done.returncode, found), (2, [("error", message)]))

    def test_the_help_has_the_other_settings_alone(self):
        text = subprocess.run([SODAPOPD, "--help"], stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        for feature, settings in SETTINGS.items():
            for key in settings:
                self.assertEqual(f"  --{key} " in text, feature not in LEFT_OUT, key)

    @unittest.skipUnless("tokens" in LEFT_OUT, "built with tokens")
    def test_no_mechanism_for_tokens_is_offered(self):
        with Talk(self.site, BY_TLS) as talk:
            self.assertEqual(self.mechanisms(talk), ["PLAIN"])
            self.assertNotIn(b"OAUTH", talk.fetch("AUTH"))
            for mechanism in ("OAUTHBEARER", "XOAUTH2"):
                self.assert_err(talk.command(f"AUTH {mechanism} ="))
            self.assert_ok(talk.login("alice", PASSWORD))

    @unittest.skipUnless("checkpassword" in LEFT_OUT, "built with checkpassword")
    def test_the_program_of_checkpassword_is_an_unknown_option(self):
        done = subprocess.run([SODAPOPD, "--checkpassword-reply", "alice", "%h/Maildir", "-"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stdout), (EX_CONFIG, MISCONFIGURED))

    @unittest.skipUnless("auth_cache" in LEFT_OUT, "built with auth_cache")
    def test_no_login_is_cached(self):
        with Talk(self.site, BY_TLS) as talk:
            self.assert_ok(talk.login("alice", PASSWORD))
        self.assertFalse((self.site.root / "run" / "auth-cache").exists())


if __name__ == "__main__":
    harness.main()
