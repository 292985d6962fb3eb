# SPDX-License-Identifier: ISC
"""The shells' completion offers each command and option that --help prints, choices, users and
files; and each --help says what its command is for."""

import re
import shutil
import subprocess
import unittest

import harness
from harness import SODAPOP, SOURCE, SiteTest

FOLDER = SOURCE / "contrib" / "completion"


def help_of(*command):
    return subprocess.run([SODAPOP, *command, "--help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def rows(text, heading):
    """The entries below a heading, without their explanations."""
    block = re.search(rf"(?ms)^{heading}[^\n]*:\n(.*?)(?:^\n|\Z)", text)
    return [re.split(r"  +", line.strip())[0]
            for line in (block[1].splitlines() if block else []) if re.match(r"  \S", line)]


def options(text):
    names = re.findall(r"(?m)^  (-[^ \n]*)", text)
    return {name for row in names for name in row.split(",") if name.startswith("--")}


def commands(*above):
    """All commands, as tuples of words."""
    for row in rows(help_of(*above), "Commands"):
        yield (*above, *row.split())


class Help(unittest.TestCase):
    def test_no_line_of_a_help_is_too_long_and_each_command_says_what_it_is_for(self):
        found = list(commands())
        self.assertGreaterEqual(len(found), 10)
        for command in [(), *found]:
            text = help_of(*command)
            self.assertRegex(text, r"\AUsage: sodapop[^\n]*\n\n[A-Z][^\n]+\n")
            self.assertRegex(text, r"(?m)^Options:$")
            for line in text.splitlines():
                self.assertLessEqual(len(line), 100, line)
            for option in re.findall(r"(?m)^  -[^\n]*(?:\n   [^\n]*)?", text):
                self.assertRegex(option, r"\s{2}\S+ ?\S*$|\s{2,}\S", option)


class Tables(unittest.TestCase):
    """The names of arguments and options are texts, so that the compiler finds no misspelt one."""

    ROW = r'\{"\[?(-?-?\w[\w-]*)\]?( [^"]*)?",'
    CALL = r'\bgiven\.(flag|has|text|text_or_empty|list|number)\("([^"]*)"\)'

    def test_each_value_that_a_command_asks_for_stands_in_a_table(self):
        text = "".join(path.read_text() for path in (SOURCE / "src" / "admin").rglob("*.cpp"))
        rows = re.findall(self.ROW, text)
        flags = {name for name, value in rows if name.startswith("-") and not value}
        values = {name for name, value in rows if value or not name.startswith("-")}
        asked = re.findall(self.CALL, text)
        self.assertGreater(len(asked), 50)
        for kind, name in asked:
            self.assertIn(name, flags if kind == "flag" else values, kind)


class Bash(SiteTest):
    def complete(self, *words):
        """The words that bash offers for the last of `words`."""
        listed = " ".join(f"'{word}'" for word in ("sodapop", *words))
        script = (f'. "{FOLDER}/sodapop.bash"; complete -p sodapop >/dev/null || exit 1\n'
                  f"COMP_WORDS=({listed}); COMP_CWORD={len(words)}\n"
                  f'_sodapop "{SODAPOP}" "${{COMP_WORDS[COMP_CWORD]}}" '
                  '"${COMP_WORDS[COMP_CWORD-1]}"\nprintf "%s\\n" "${COMPREPLY[@]}"\n')
        done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True,
                              check=True, timeout=harness.PATIENCE, cwd=self.site.root)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_every_command_is_offered(self):
        self.assertEqual(self.complete(""), {command[0] for command in commands()})
        self.assertEqual(self.complete("user", "re"), {"remove"})
        for first in {command[0] for command in commands() if len(command) > 1}:
            self.assertEqual(self.complete(first, ""),
                             {command[1] for command in commands() if command[0] == first})

    def test_every_option_is_offered(self):
        everywhere = options(help_of())
        self.assertIn("--config", everywhere)
        for command in [(), *commands()]:
            with self.subTest(command):
                self.assertEqual(self.complete(*command, "--"),
                                 options(help_of(*command)) | everywhere)

    def test_values_are_offered(self):
        self.assertEqual(self.complete("user", "add", "--cost", "s"), {"sensitive"})
        self.assertEqual(self.complete("--missing-maildir", ""), {"refuse", "empty"})
        self.assertEqual(self.complete("--config", "sodapop.c"), {"sodapop.conf"})
        self.assertEqual(self.complete("--hash-slots", ""), set())

    def test_users_are_offered_where_one_is_asked_for(self):
        for name in ("alice", "alison", "bob@example.org"):
            self.site.add_user(name)
        config = ("--config", str(self.site.config))
        self.assertEqual(self.complete(*config, "user", "show", "al"), {"alice", "alison"})
        self.assertEqual(self.complete(*config, "kick", ""), {"alice", "alison", "bob@example.org"})
        self.assertEqual(self.complete(*config, "user", "add", ""), set())
        self.site.users_file.unlink()
        self.assertEqual(self.complete(*config, "kick", ""), set())


class Zsh(unittest.TestCase):
    @harness.needs_program("zsh")
    def test_zsh_can_read_the_file(self):
        subprocess.run([shutil.which("zsh"), "-n", FOLDER / "_sodapop"], check=True)

    def test_both_files_ask_the_program_in_the_same_way(self):
        shared = r"(?ms)^(_sodapop_(?:rows|options)\(\) \{.*?^\})"
        ours = [re.findall(shared, (FOLDER / name).read_text())
                for name in ("sodapop.bash", "_sodapop")]
        self.assertEqual(len(ours[0]), 2)
        self.assertEqual(ours[0], ours[1])
        self.assertTrue((FOLDER / "_sodapop").read_text().startswith("#compdef sodapop\n"))


if __name__ == "__main__":
    harness.main()
