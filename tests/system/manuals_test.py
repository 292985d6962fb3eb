#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The manuals: valid mdoc, in agreement with the settings, the log and the tests that they name."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SODAPOP_BUILD", ROOT / "build"))
PAGES = sorted((ROOT / "man").glob("*.[578]"))


def text(name):
    return (ROOT / name).read_text()


def server_sources():
    """The text of all sources except those of the administrator's commands."""
    return "".join(path.read_text() for path in sorted((ROOT / "src").rglob("*.[ch]pp"))
                   if ROOT / "src/admin" not in path.parents)


def rows_of_settings():
    return text("src/config/settings_table.cpp").split("constexpr Setting table[]")[1]


def default_of(key):
    """The default of a setting as a line of the configuration has it; None when it is not set."""
    table = text("src/config/settings_table.cpp")
    member = key.replace("-", "_")
    literal = re.search(rf"\b{member}(?: = ([^;]+))?;", text("src/config/settings.hpp")).group(1)
    words = {f"{kind}::{value}": word for word, kind, value in
             re.findall(r'{"([a-z-]+)", S::(\w+)::(\w+)}', table)}
    words |= {"true": "yes", "false": "no"}
    if literal == "0" and f"number_or_off<&S::{member}," in table:
        return "off"
    return literal and words.get(literal, literal.strip('"'))


class Manuals(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mandoc"), "needs mandoc")
    def test_mandoc_finds_nothing_to_complain_about(self):
        lint = subprocess.run(["mandoc", "-T", "lint", *PAGES], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, check=False).stdout
        # Whether other manuals are installed here says nothing about ours.
        self.assertEqual([line for line in lint.splitlines()
                          if "referenced manual not found" not in line], [])

    def test_every_setting_is_explained_and_in_the_default_configuration(self):
        keys = re.findall(r'(?m)^    {"([a-z0-9-]+)",', rows_of_settings())
        self.assertGreater(len(keys), 40)
        for key in keys:
            self.assertIn(f"\n.It Cm {key} No =", text("man/sodapop.conf.5"))
            self.assertRegex(text("contrib/sodapop.conf"), rf"(?m)^# {key} = ")

    def test_the_default_configuration_has_the_defaults(self):
        lines = re.findall(r"(?m)^# ([a-z0-9-]+) = (.*)$", text("contrib/sodapop.conf"))
        self.assertGreater(len(lines), 40)
        without_default = {key for key, _ in lines if default_of(key) is None}
        self.assertEqual(without_default, {
            "checkpassword", "hostname", "proxy-networks", "proxy-account", "default-domain",
            "chroot", "oauth-keys", "oauth-issuer", "oauth-audience", "oauth-scope",
            "trusted-networks"})
        for key, value in lines:
            if key not in without_default:
                self.assertEqual(value, default_of(key), key)

    def test_defaults_and_limits_are_those_of_the_table(self):
        page = re.sub(r"(?m)^\.(Cm|Pa|Li) ", "", text("man/sodapop.conf.5"))
        rows = re.findall(r'(?m)^    {"([a-z0-9-]+)",.* number(?:_or_off)?<&S::\w+, ([^>]+)>',
                          rows_of_settings())
        self.assertGreater(len(rows), 15)
        for key, limits in rows:
            entry = re.split(r"\n\.It Cm \S+ No =|\n\.Ss", page.split(f"\n.It Cm {key} No =")[1])[0]
            numbers = limits.replace("'", "").replace("day", "86400").split(", ")
            if key in ("minimum-uid", "minimum-gid"):
                numbers = []  # any id but root's
            for number in {default_of(key), *numbers}:
                self.assertRegex(entry, rf"(?<![0-9]){number}(?![0-9])", key)

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

    def test_every_class_of_vulnerabilities_has_a_test(self):
        table = text("man/sodapop-design.7").split(".Ss What has broken other servers")[1]
        rows = re.findall(r"(?ms)^\.It (\S+)\n(.*?)(?=^\.It |^\.El)", table)
        self.assertEqual({name for name, _ in rows}, {
            "memory", "enumeration", "injection", "links", "ptrace", "SASL", "cost"})
        for name, row in rows:
            self.assertRegex(row, r"(?m)^\.D1 Pa \S+", name)


class Installed(unittest.TestCase):
    """What the manuals and the files of contrib name is there after `meson install`."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which("meson"):
            raise unittest.SkipTest("needs meson")
        if any(not (BUILD / "src" / name).exists() for name in ("sodapopd", "sodapop")):
            raise unittest.SkipTest("needs both programs built")
        folder = tempfile.TemporaryDirectory(prefix="sodapop-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir",
                        cls.root], check=True, stdout=subprocess.DEVNULL)
        options = json.loads(subprocess.run(["meson", "introspect", "--buildoptions", BUILD],
                                            stdout=subprocess.PIPE, check=True).stdout)
        cls.prefix = next(each["value"] for each in options if each["name"] == "prefix")
        cls.files = [path for path in cls.root.rglob("*") if path.is_file() or path.is_symlink()]
        cls.documents = cls.root / cls.prefix.lstrip("/") / "share/doc/sodapop"

    def texts(self):
        """The path and the text of each file that is installed and meant to be read."""
        for path in self.files:
            if path.suffix in (".md", ".5", ".7", ".8") or path.name == "sodapop.conf":
                yield path, path.read_text()

    def test_every_path_below_the_prefix_is_there(self):
        found = set()
        for path, content in self.texts():
            self.assertNotRegex(content, r"@(sbindir|docdir|configdir)@", path)
            for name in re.findall(rf"(?<![\w/]){self.prefix}/[\w./@-]*\w", content):
                found.add(name)
                self.assertTrue((self.root / name.lstrip("/")).exists(), f"{path}: {name}")
        self.assertGreater(len(found), 4)

    def test_no_source_has_the_path_of_one_installation(self):
        for path in (*PAGES, *(ROOT / "contrib").rglob("*")):
            if path.is_file() and path.suffix != ".eml":
                self.assertNotRegex(path.read_text(), r"/usr(/local)?/(share/doc|s?bin/sodapop)")

    def test_every_file_that_a_README_names_is_installed(self):
        """A file of contrib, by its name here or there, or what looks like one."""
        names = {path.name for path in self.files} | {path.parent.name for path in self.files}
        ours = {path.name.removesuffix(".in") for path in (ROOT / "contrib").rglob("*")}
        found = set()
        for path in self.documents.rglob("README.md"):
            for word in re.findall(r"(?<![\w/.$~-])(?:\.{1,2}/)?[a-z][\w.@/-]*\w", path.read_text()):
                name = word.split("/")[-1]
                if word.startswith("contrib/"):
                    self.assertTrue((ROOT / word).exists(), f"{path}: {word}")
                elif word.startswith(".") or name in ours or name.endswith((".conf", ".cfg")):
                    found.add(name)
                    self.assertIn(name, names, path)
        self.assertGreater(len(found), 20)

    def test_the_server_is_in_the_PATH_of_ordinary_users(self):
        link = self.root / self.prefix.lstrip("/") / "bin" / "sodapopd"
        target = self.root / str(link.readlink()).lstrip("/")
        self.assertTrue(target.is_file(), target)

    def test_each_manual_is_in_the_folder_of_its_section(self):
        pages = [path for path in self.files if path.suffix in (".5", ".7", ".8")]
        self.assertEqual(len(pages), len(PAGES))
        for path in pages:
            self.assertEqual(path.parent.name, "man" + path.suffix[1:])


if __name__ == "__main__":
    unittest.main()
