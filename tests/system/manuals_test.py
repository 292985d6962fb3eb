#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The manuals: valid mdoc, in agreement with the settings, the log and the tests that they name."""

import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "man").glob("*.[578]"))


def text(name):
    return (ROOT / name).read_text()


def server_sources():
    """The text of all sources except those of the administrator's commands."""
    return "".join(path.read_text() for path in sorted((ROOT / "src").rglob("*.cpp"))
                   if ROOT / "src/admin" not in path.parents)


class Manuals(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mandoc"), "needs mandoc")
    def test_mandoc_finds_nothing_to_complain_about(self):
        lint = subprocess.run(["mandoc", "-T", "lint", *PAGES], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, check=False).stdout
        # Whether other manuals are installed here says nothing about ours.
        self.assertEqual([line for line in lint.splitlines()
                          if "referenced manual not found" not in line], [])

    def test_every_setting_is_explained_and_in_the_default_configuration(self):
        keys = re.findall(r'(?m)^    {"([a-z-]+)",', text("src/config/settings_table.cpp"))
        self.assertGreater(len(keys), 15)
        for key in keys:
            self.assertIn(f"\n.It Cm {key} No =", text("man/sodapop.conf.5"))
            self.assertRegex(text("contrib/sodapop.conf"), rf"(?m)^# {key} = ")

    def test_every_event_and_every_reply_is_explained(self):
        page = re.sub(r"\s+", " ", re.sub(r"(?m)^\.(It|Li|Cm|Ar)|\b(Cm|Li|Ar|Ns)\b", " ",
                                          text("man/sodapopd.8"))).replace("\\&", "")
        code = server_sources()
        names = re.findall(r'Event[ a-z_]*\((?:[^"()]*\? )?"([a-z-]+)"', code)
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertRegex(page, rf"(?<![a-z-]){name}(?![a-z-])")
        replies = re.findall(r'(?:err|bad_command)\("([a-z\[][^"]+)"\)', code)
        replies += re.findall(r'"(?:-ERR )?(\[SYS/[^"\\]+[a-z])(?:"|\\r)', code)
        self.assertGreater(len(replies), 15)
        for reply in replies:
            if not reply.startswith("USER:"):
                self.assertIn(reply, page)

    def test_the_tests_that_the_requirements_name_exist(self):
        table = text("man/sodapop-design.7").split(".Sh REQUIREMENTS")[1]
        for row in re.split(r"(?m)^\.It ", table.split(".Sh SEE ALSO")[0])[1:]:
            self.assertRegex(row, r"(?m)^\.D1 Pa |see DEPARTURES", row)
        for file, name in re.findall(r"(?m)^\.D1 Pa (\S+)(?: : \w\w (.*))?$", table):
            # The formatter may cut a long name in two.
            code = re.sub(r'"\s*\n\s*"', "", text("tests/" + file))
            self.assertIn(name.replace("\\&", "").replace("\\-", "-"), code, file)


if __name__ == "__main__":
    unittest.main()
