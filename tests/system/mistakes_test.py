# SPDX-License-Identifier: ISC
"""An administrator's mistakes, planted one at a time: `sodapop check` finds each, or the log or a
reply tells it; a remedy that is a command is run, and mends it. Right sites have no finding."""

import concurrent.futures
import importlib
import os
import pathlib
import re
import sys
import unittest

import harness
import mistakes
import mistakes_sites
import mounts
from harness import IS_ROOT

LEAST = 0.95  # of the mistakes must be told
THREADS = 4


def rows():
    names = sorted(path.stem for path in pathlib.Path(__file__).parent.glob("mistakes_*.py"))
    return [row for name in names if name not in ("mistakes_test", "mistakes_sites")
            for row in importlib.import_module(name).ROWS]


def reason_to_skip(needs):
    for need in needs:
        if need == "root" and not IS_ROOT:
            return "needs root"
        if need == "ordinary user" and IS_ROOT:
            return "needs an ordinary user"
        if need not in ("root", "ordinary user") and harness.find_program(need) is None:
            return f"needs the program {need}"
    return ""


def ids(findings):
    return {one["id"] for one in findings}


def mend_and_check(row, site, findings, counts):
    """Runs the commands among the remedies of the row's ids; then those ids must be gone."""
    for finding in (one for one in findings if one["id"] in row.found):
        kind = "command" if finding["command"] else "sentence"
        assert row.mend in ("", kind), f"the remedy is a {kind}: {finding['remedy']}"
        if not finding["command"]:
            counts["sentences"] += 1
            assert not mistakes.looks_like_a_command(finding["remedy"]), finding["remedy"]
            continue
        if finding["id"] in ids(site.check()):  # else another remedy of this row has mended it
            site.mend(finding)
            counts["mends"] += 1
    if row.after == "ok" and all(one["command"] for one in findings if one["id"] in row.found):
        left = ids(site.check())
        assert not left & set(row.found), f"still found after the mend: {left}"
        assert left <= ids(findings), f"new after the mend: {left - ids(findings)}"


def told_by_check(row, site, counts):
    findings = site.check()
    assert set(row.found) <= ids(findings), f"not found: {set(row.found) - ids(findings)}, {findings}"
    more = ids(findings) - set(row.found) - set(row.also)
    assert not more, f"found beside: {[one for one in findings if one['id'] in more]}"
    if row.what:
        texts = [f"{one['where']}: {one['what']}: {one['remedy']}" for one in findings]
        assert any(re.search(row.what, text) for text in texts), f"{row.what!r} is not in {texts}"
    if row.found:
        mend_and_check(row, site, findings, counts)


def run_row(row):
    """Gives what was counted; raises AssertionError about what does not hold."""
    counts = {"check": 0, "log": 0, "mends": 0, "sentences": 0}
    site = mistakes.Planted(owner=row.owner)
    try:
        row.plant(site)
        if row.log:
            text = row.tell(site) if row.tell else site.login()
            assert re.search(row.log, text), f"{row.log!r} is not in {text!r}"
            counts["log"] = 1
        told_by_check(row, site, counts)
        counts["check"] = 1 if row.found else 0
    finally:
        site.close()
    assert row.found or row.log or row.missed, "nothing tells this mistake"
    return counts


def check_right_site(row):
    site = mistakes.Planted(owner=row.owner)
    try:
        row.plant(site)
        found = site.check(uid=row.uid)
        assert not found, f"found on a right site: {found}"
        said = site.tool("check", "--etc", str(site.etc)).stdout
        assert said.count(" launcher /") == row.launchers, said
    finally:
        site.close()


class Mistakes(unittest.TestCase):
    def run_all(self, function, all_rows):
        """The results by name. Mounts of a row need a namespace, entered before any thread is."""
        if IS_ROOT:
            mounts.enter_own_namespace()
        mistakes.good_hash()
        results = {}
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            started = {}
            for row in all_rows:
                if reason := reason_to_skip(row.needs):
                    print(f"skipped: {row.name}: {reason}", file=sys.stderr)
                else:
                    started[row.name] = pool.submit(function, row)
            for name, one in started.items():
                with self.subTest(name):
                    try:
                        results[name] = one.result()
                    except unittest.SkipTest as skip:
                        print(f"skipped: {name}: {skip}", file=sys.stderr)
        return results

    def test_each_is_told_and_its_remedy_mends_it(self):
        wanted = os.environ.get("MISTAKES", "")  # a part of the names, to run these rows alone
        chosen = [row for row in rows() if wanted in row.name]
        self.assertEqual(len({row.name for row in chosen}), len(chosen), "names must differ")
        results = self.run_all(run_row, chosen)
        total = {key: sum(one[key] for one in results.values())
                 for key in ("check", "log", "mends", "sentences")}
        told = sum(bool(one["check"] or one["log"]) for one in results.values())
        harness.report("mistakes", "found %d of %d by check, %d by log, %d mends run, %d sentences" %
                       (total["check"], len(results), total["log"], total["mends"],
                        total["sentences"]))
        self.assertGreaterEqual(told, LEAST * len(results))

    def test_right_sites_have_no_finding(self):
        self.run_all(check_right_site, mistakes_sites.SITES)


if __name__ == "__main__":
    harness.main()
