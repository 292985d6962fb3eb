# SPDX-License-Identifier: ISC
"""Adds up the results of tests/run: the checks, and the tests within each test program.

    summary.py RESULTS BUILD...

A program whose output has a number of tests counts as that many tests, any other as one. Each build
directory must have a log of this run: one that is newer than RESULTS/begin.
"""

import collections
import json
import pathlib
import re
import sys

DOCTEST = re.compile(r"test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in", re.M)
UNITTEST_PART = re.compile(r"\b(failures|errors|skipped)=(\d+)")
SKIPPED = re.compile(r"^(\S+) .*\.\.\. skipped ['\"](.*)['\"]$", re.M)


def count_unittest(output):
    parts = collections.Counter()
    for name, number in UNITTEST_PART.findall(output[UNITTEST.search(output).start():]):
        parts[name] += int(number)
    total = int(UNITTEST.search(output)[1])
    failed = parts["failures"] + parts["errors"]  # subtests count as well
    return max(0, total - failed - parts["skipped"]), failed, parts["skipped"]


def count(test):
    """Passed, failed, skipped of one test program."""
    output = test.get("stdout", "") + "\n" + test.get("stderr", "")
    good = test["result"] == "OK"
    if test["result"] == "SKIP":
        return 0, 0, 1
    if UNITTEST.search(output):
        passed, failed, skipped = count_unittest(output)
    elif DOCTEST.search(output):
        passed, failed, skipped = (int(n) for n in DOCTEST.search(output).groups()[1:])
        skipped = 0  # left out by its own command line: another test program runs them
    else:
        return (1, 0, 0) if good else (0, 1, 0)
    return passed, failed + (0 if good or failed else 1), skipped


def read_log(build, begin):
    path = pathlib.Path(build) / "meson-logs" / "testlog.json"
    if not path.exists() or path.stat().st_mtime < begin:
        return None
    return [json.loads(line) for line in path.read_text().splitlines()]


def main(results, *builds):
    totals = collections.Counter()
    reasons = collections.Counter()
    failures = []
    results = pathlib.Path(results)
    for line in (results / "checks").read_text().splitlines():
        outcome, name, last = line.split("\t")
        totals[outcome] += 1
        if outcome == "skipped":
            reasons[f"{name}: {last}"] += 1
        if outcome == "failed":
            failures.append(name)
    begin = (results / "begin").stat().st_mtime
    for build in builds:
        tests = read_log(build, begin)
        if not tests:
            totals["failed"] += 1
            failures.append(f"{build}: no test was run")
            continue
        for test in tests:
            passed, failed, skipped = count(test)
            totals.update(passed=passed, failed=failed, skipped=skipped)
            if failed:
                failures.append(f"{build}: {test['name']}")
            output = test.get("stdout", "") + test.get("stderr", "")
            for line in re.findall(r"measured: .*", output):
                print(line)
            for name, reason in SKIPPED.findall(output):
                reasons[f"{test['name'].split(' / ')[-1]}: {name}: {reason}"] += 1
    for reason in sorted(reasons):
        print(f"skipped: {reason}")
    for name in failures:
        print(f"failed: {name}")
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 1 if totals["failed"] or not totals["passed"] else 0


sys.exit(main(*sys.argv[1:]))
