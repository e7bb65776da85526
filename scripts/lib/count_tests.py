"""Counts the single test cases of a run.

Reads ctest's own report and the reports that GoogleTest programs and Python
tests left beside it. A ctest test that left a report of its cases counts as
those; any other counts as one case. Names what was skipped and what failed;
the last line is "N passed, N failed[, N skipped]". Ends with 1 if a case
failed, or was skipped where test data is required.
"""

import os
import pathlib
import sys
import xml.etree.ElementTree as xml


def cases_of(report):
    """Yields (name, outcome) of a GoogleTest or JUnit report."""
    for case in xml.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            yield name, "failed"
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            yield name, "skipped"
        elif case.get("status") == "notrun" and case.get("result") != "completed":
            continue
        else:
            yield name, "passed"


def ctest_cases(report):
    """Yields (test name, outcome) of ctest's report."""
    for case in xml.parse(report).getroot().iter("testcase"):
        status = case.get("status")
        outcome = {"run": "passed", "fail": "failed"}.get(status, "skipped")
        yield case.get("name"), outcome


def count(folder):
    """All cases of a results folder as a list of (name, outcome)."""
    outcomes = []
    for name, outcome in ctest_cases(folder / "ctest.junit"):
        report = folder / f"{name}.xml"
        cases = list(cases_of(report)) if report.exists() else []
        # A program that crashed left no report, or one without a failure.
        if not cases or (outcome == "failed" and all(o != "failed" for _, o in cases)):
            cases.append((name, outcome))
        outcomes += cases
    return outcomes


def main():
    outcomes = count(pathlib.Path(sys.argv[1]))
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for name, outcome in outcomes:
        totals[outcome] += 1
        if outcome != "passed":
            print(f"{outcome.upper()}: {name}")
    line = f"{totals['passed']} passed, {totals['failed']} failed"
    required = os.environ.get("TWINGRAPH_REQUIRE_TEST_DATA") == "1"
    if totals["skipped"]:
        line += f", {totals['skipped']} skipped"
        if required:
            line += ", which TWINGRAPH_REQUIRE_TEST_DATA=1 does not allow"
    print(line)
    return 1 if totals["failed"] or (required and totals["skipped"]) else 0


if __name__ == "__main__":
    sys.exit(main())
