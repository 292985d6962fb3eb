#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The administrator's commands for app passwords, rights and SCRAM verifiers."""

import json
import os
import re
import unittest

from sodapop_tool import CHEAP, GID, UID, Case

SCRAM = re.compile(r"sodapop_scram=\{SCRAM-SHA-256\}(\d+),[^ ]*;[0-9a-f]{16}")


class RightsCase(Case):
    def setUp(self):
        super().setUp()
        self.write("sodapop.conf", f"users = {self.users}\nstate-directory = {self.directory}\n")
        self.add("alice", "--create-maildir", "--scram-iterations", "4096")

    def make(self, label, *options):
        status, out, err = self.run_tool("app-password", "add", "alice", label, *options)
        self.assertEqual(status, 0, err)
        return out.strip()

    def extra(self):
        return self.content().rstrip("\n").split(":", 7)[7].split()

    def rights(self, *options):
        shown = self.succeed("user", "rights", "alice", *options)
        return dict(line.split(maxsplit=1) for line in shown.splitlines())


class AppPasswords(RightsCase):
    def test_what_is_given_is_written_and_listed(self):
        self.make("phone", "--expires", "2099-12-31", "--read-only", "--from", "192.0.2.0/24",
                  "--from", "local")
        self.make("tablet")
        word = next(word for word in self.extra() if word.startswith("sodapop_app=phone;"))
        self.assertRegex(word, r"\A[^;]*;[^;=]{22};[^;=]{43};expires=2099-12-31;read-only;"
                               r"from=192\.0\.2\.0/24,local\Z")
        rows = [line.split(maxsplit=3) for line in self.succeed("app-password", "list").splitlines()]
        self.assertEqual(rows, [
            ["alice", "phone", "never", "read-only, until 2099-12-31, from 192.0.2.0/24,local"],
            ["alice", "tablet", "never", "-"]])
        self.assertEqual(self.succeed("app-password", "list", "alice"),
                         self.succeed("app-password", "list"))

    def test_a_label_is_taken_once_and_free_again_when_it_is_revoked(self):
        self.make("phone")
        self.make("phone2")
        self.fail_with(1, "already has an app password phone", "app-password", "add", "alice",
                       "phone")
        self.succeed("app-password", "revoke", "alice", "phone")
        self.fail_with(1, "no app password phone", "app-password", "revoke", "alice", "phone")
        self.make("phone")
        self.assertEqual(len([word for word in self.extra() if "sodapop_app=" in word]), 2)

    def test_one_for_a_locked_user_comes_with_a_hint(self):
        self.write("users", self.content().replace("alice:", "alice:!"))
        status, out, err = self.run_tool("app-password", "add", "alice", "phone")
        self.assertEqual(status, 0)
        self.assertIn("alice is locked, and cannot log in with it", err)
        self.assertIn("disabled", self.run_tool("user", "test", "alice", password=out.strip())[1])

    def test_there_is_room_for_sixteen(self):
        for number in range(16):
            self.make(str(number))
        self.fail_with(1, "already has 16 app passwords", "app-password", "add", "alice", "x")

    def test_what_makes_no_sense_is_refused_and_nothing_is_written(self):
        before = self.content()
        for options, told in (
                (["two words"], "'two words' is not a label"), (["semi;colon"], "not a label"),
                (["x" * 65], "not a label"), (["x", "--expires", "soon"], "'soon' is not a day; "),
                (["x", "--expires", "2020-01-01"], "the day 2020-01-01 is over"),
                (["x", "--expires", "2099-02-29"], "there is no day 2099-02-29"),
                (["x", "--from", "example.org"], "'example.org' is neither an address"),
                (["x", "--from", "::1,10.0.0.0/33,local"], "'10.0.0.0/33' is neither an address"),
                (["x", "--from", ","], "',' is not 1 to 64 networks"),
                (["x", "--from", ",".join(["::1"] * 65)], "is not 1 to 64 networks")):
            self.fail_with(2, told, "app-password", "add", "alice", *options)
        self.fail_with(1, "no user bob", "app-password", "add", "bob", "x")
        self.fail_with(1, "no user bob", "app-password", "revoke", "bob", "x")
        self.fail_with(1, "no user bob", "app-password", "list", "bob")
        self.assertEqual(self.content(), before)

    def test_test_knows_app_passwords_and_says_which(self):
        phone = self.make("phone", "--from", "192.0.2.0/24", "--read-only")
        asked = ("user", "test", "alice")
        self.assertIn("alice would log in with the app password phone to read only, "
                      "from 192.0.2.0/24 only, as uid", self.succeed(*asked, password=phone.upper()))
        self.assertIn("would log in", self.succeed(*asked, "--from", "192.0.2.7", password=phone))
        for place in ("198.51.100.1", "local"):
            self.assertIn("from that network", self.run_tool(*asked, "--from", place,
                                                             password=phone)[1])
        self.fail_with(2, "'example.org' is neither an address", *asked, "--from", "example.org", password=phone)


class Json(RightsCase):
    def json(self, *arguments, password=None, status=0):
        done, out, err = self.run_tool(*arguments, "--json", password=password)
        self.assertEqual((done, err), (status, ""), out)
        return json.loads(out)

    def test_a_user_is_an_object_and_all_users_are_an_array(self):
        self.add("bob", "--mail", "~/bob", "--no-scram")
        self.succeed("user", "rights", "alice", "--nologin", "away", "--expires", "2099-12-31")
        self.make("phone")
        alice, bob = self.json("user", "list")
        self.assertEqual(alice, self.json("user", "show", "alice"))
        self.assertEqual(bob, {
            "name": "bob", "scheme": "ARGON2ID", "memory-kib": 1024, "operations": 1, "uid": UID,
            "gid": GID, "home": self.home, "mail": "~/bob", "maildir": self.home + "/bob",
            "scram": "no", "pop3": True, "read-only": False, "expires": None, "from": None,
            "nologin-reason": None, "nologin": False, "app-passwords-only": False, "shared": False,
            "app-passwords": []})
        self.assertEqual((alice["nologin"], alice["nologin-reason"], alice["expires"],
                          alice["app-passwords"]), (True, "away", "2099-12-31", ["phone"]))
        rights = self.json("user", "rights", "bob", "--from", "192.0.2.1")
        self.assertEqual((rights["from"], rights["pop3"]), ("192.0.2.1", True))
        self.assertEqual([one["name"] for one in self.json("user", "list", "--outdated")],
                         ["alice", "bob"])

    def test_an_empty_list_is_an_array_too(self):
        self.write("users", "")
        self.assertEqual(self.json("user", "list"), [])
        self.assertEqual(self.json("app-password", "list"), [])

    def test_app_passwords_are_objects(self):
        self.make("phone", "--read-only", "--expires", "2099-12-31")
        self.make("tablet")
        phone, tablet = self.json("app-password", "list")
        self.assertEqual(phone, {"user": "alice", "label": "phone", "last-use": "never",
                                 "read-only": True, "expires": "2099-12-31", "from": None})
        self.assertEqual((tablet["label"], tablet["read-only"]), ("tablet", False))

    def test_a_test_gives_its_answer_as_an_object(self):
        self.assertEqual(self.json("user", "test", "alice", password="secret"), {
            "name": "alice", "would-log-in": True, "app-password": None, "read-only": False,
            "uid": UID, "gid": GID, "maildir": self.home + "/Maildir", "maildir-missing": False})
        self.assertEqual(self.json("user", "test", "alice", password="other", status=1), {
            "name": "alice", "would-log-in": False, "reason": "the password is wrong"})
        self.succeed("user", "rights", "alice", "--pop3", "no")
        self.assertIn("POP3 is switched off", self.json("user", "test", "alice", password="secret",
                                                        status=1)["reason"])

    def test_a_benchmark_is_an_array_with_an_object_for_each_cost(self):
        row, = self.json("benchmark-hash", *CHEAP)
        self.assertEqual((row["name"], row["memory-mib"], row["operations"]), ("chosen", 1, 1))
        self.assertGreater(row["microseconds"], 0)
        self.assertGreater(row["logins-per-second"], 0)

    def test_octets_beyond_ascii_stay_json(self):
        self.write("users", self.content().rstrip("\n") + " nologin=\u00e9\"\\\n")
        self.assertEqual(self.json("user", "show", "alice")["nologin-reason"], "\u00e9\"\\")


class Rights(RightsCase):
    def test_rights_are_printed_changed_and_taken_back(self):
        before = self.content()
        usual = {"pop3": "yes", "read-only": "no", "expires": "never", "from": "anywhere",
                 "nologin": "no", "app-passwords-only": "no", "shared": "no"}
        self.assertEqual(self.rights(), usual)
        self.assertEqual(self.content(), before)
        changed = self.rights("--pop3", "no", "--read-only", "yes", "--expires", "2099-12-31",
                              "--from", "192.0.2.1", "--from", "::1", "--nologin", "moved away")
        self.assertEqual(changed, usual | {
            "pop3": "no", "read-only": "yes", "expires": "2099-12-31", "from": "192.0.2.1,::1",
            "nologin": "yes: moved_away"})
        self.assertEqual(self.extra()[1:], [
            "sodapop_pop3=no", "sodapop_read_only=yes", "sodapop_expires=2099-12-31",
            "allow_nets=192.0.2.1,::1", "nologin=moved_away"])
        self.assertEqual(self.rights("--pop3", "yes", "--read-only", "no", "--expires", "never",
                                     "--from-anywhere", "--login"), usual)
        self.assertEqual(self.content(), before)

    def test_dovecots_reason_goes_with_its_nologin(self):
        self.write("users", self.content().rstrip("\n") + " nologin=y reason=old\n")
        self.assertEqual(self.rights("--nologin", "new")["nologin"], "yes: new")
        self.assertEqual(self.extra()[1:], ["nologin=new"])

    def test_dovecots_other_words_are_taken_back_as_ours_are(self):
        before = self.content()
        self.write("users", before.rstrip("\n") + " fail=y allow_real_nets=192.0.2.0/24\n")
        self.assertEqual((self.rights()["nologin"], self.rights()["from"]),
                         ("yes", "192.0.2.0/24"))
        self.assertEqual(self.rights("--login")["nologin"], "no")
        self.assertEqual(self.rights("--from", "192.0.2.7")["from"], "192.0.2.7")
        self.assertEqual(self.rights("--from-anywhere")["from"], "anywhere")
        self.assertEqual(self.content(), before)

    def test_an_account_that_nobody_can_use_is_pointed_out(self):
        status, _, err = self.run_tool("user", "rights", "alice", "--app-passwords-only", "yes")
        self.assertEqual(status, 0)
        self.assertIn("alice has no app password", err)
        self.make("phone")
        self.assertEqual(self.rights()["app-passwords-only"], "yes")

    def test_test_asks_for_rights(self):
        for options, reason in ((["--pop3", "no"], "POP3 is switched off"),
                                (["--pop3", "yes", "--nologin", "why"], "nologin: why"),
                                (["--login", "--expires", "2020-01-01"], "its last day is over")):
            self.rights(*options)
            status, out, _ = self.run_tool("user", "test", "alice", password="secret")
            self.assertEqual(status, 1)
            self.assertIn(reason, out)

    def test_an_empty_value_is_a_mistake_where_it_means_nothing(self):
        before = self.content()
        for option in ("--pop3", "--read-only", "--app-passwords-only", "--shared"):
            self.fail_with(2, option, "user", "rights", "alice", option, "")
        self.fail_with(2, "--expires has an empty value", "user", "rights", "alice", "--expires", "")
        self.fail_with(2, "--expires has an empty value", "app-password", "add", "alice", "x",
                       "--expires", "")
        for option in ("--home", "--mail", "--system-user"):
            self.fail_with(2, option + " has an empty value", "user", "add", "bob", option, "",
                           password="x")
        for command in ("rights", "show", "test", "remove"):
            self.fail_with(2, "NAME has an empty value", "user", command, "")
        self.assertEqual(self.content(), before)
        self.assertEqual(self.rights("--nologin", "")["nologin"], "yes")
        self.assertEqual(self.extra()[1:], ["nologin="])

    def test_what_makes_no_sense_is_refused(self):
        before = self.content()
        for options in (["--expires", "soon"], ["--from", "everywhere"], ["--nologin", "x" * 161],
                        ["--nologin", "new\nline"], ["--pop3", "off"],
                        ["--from", "::1", "--from-anywhere"], ["--nologin", "x", "--login"]):
            self.fail_with(2, "", "user", "rights", "alice", *options)
        self.assertEqual(self.content(), before)


class Scram(RightsCase):
    def shown(self):
        lines = self.succeed("user", "show", "alice").splitlines()
        return dict(line.split(maxsplit=1) for line in lines)["scram"]

    def test_a_new_password_has_a_new_verifier(self):
        first = SCRAM.search(self.content())
        self.succeed("user", "password", "alice", *CHEAP, "--scram-iterations", "4096",
                     password="new")
        second = SCRAM.findall(self.content())
        self.assertEqual(second, ["4096"])
        self.assertNotIn(first.group(), self.content())
        self.assertEqual(self.shown(), "yes")

    def test_without_one_the_old_one_goes(self):
        self.succeed("user", "password", "alice", *CHEAP, "--no-scram", password="new")
        self.assertNotIn("scram", self.content())
        self.assertEqual(self.shown(), "no")
        self.add("bob", "--no-scram", "--mail", "~/bob")
        self.assertNotIn("scram", self.content())

    def test_none_is_made_unasked(self):
        for words in ("", "scram = kept\n", "scram = off\n"):
            self.write("sodapop.conf", f"users = {self.users}\n{words}")
            self.succeed("user", "password", "alice", *CHEAP, password="new")
            self.assertNotIn("scram", self.content())
        self.write("sodapop.conf", f"users = {self.users}\nscram = unprotected\n")
        self.succeed("user", "password", "alice", *CHEAP, password="new")
        self.assertEqual(SCRAM.findall(self.content()), ["600000"])

    def test_a_hash_that_was_changed_elsewhere_leaves_an_outdated_one(self):
        self.write("users", self.content().replace("m=1024", "m=2048"))
        self.assertIn("outdated", self.shown())

    def test_a_verifier_in_the_place_of_the_hash_is_told_from_one_that_is_malformed(self):
        whole = self.content()
        verifier = re.search(r"\{SCRAM-SHA-256\}[^;]*", whole).group()
        for line, shown in ((f"alice:{verifier}:", "yes, the hash itself"),
                            (f"alice:{verifier[:-1]}:", "malformed")):
            self.write("users", re.sub("alice:[^:]*:", line, whole))
            self.assertEqual(self.shown(), shown)
        self.write("users", whole.replace("{SCRAM-SHA-256}", "{SCRAM-SHA-1}"))
        self.assertEqual(self.shown(), "malformed")
        self.write("users", whole.replace("alice:", "alice:!"))
        self.assertEqual(self.shown(), "no: the user is disabled")

    def test_iterations_have_bounds(self):
        for number in ("4095", "1000001", "x"):
            self.fail_with(2, "", "user", "password", "alice", "--scram-iterations", number,
                           password="new")


@unittest.skipIf(os.geteuid() == 0, "root reads everything")
class Unreadable(RightsCase):
    def test_a_file_of_uses_that_cannot_be_read_is_no_obstacle(self):
        self.write("app-password-use", "", 0o000)
        self.make("phone")
        status, out, err = self.run_tool("app-password", "list")
        self.assertEqual((status, out.split()[2]), (0, "unknown"))
        self.assertIn("app-password-use", err)


if __name__ == "__main__":
    unittest.main()
