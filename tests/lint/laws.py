"""The laws of a README against the tests that are named for them: each has one."""

import re

from tree import Finding

LAWS = "storage/kv/README.md"
LAW = re.compile(r"^(\d+|[A-Z])\. ", re.M)
# Law8ACursor... is a test of law 8, LawBARival... of law B.
NAMED = re.compile(r"\bLaw(\d+|[A-Z])(?=[A-Z])")


def check_laws(tree):
    if not tree.has(LAWS):
        return
    laws = LAW.findall(tree.text(LAWS).split("## The laws")[-1])
    tested = set()
    for path in tree.select(".cc", under=("tests",)):
        tested |= set(NAMED.findall(tree.text(path)))
    for law in laws:
        if law not in tested:
            yield Finding("laws", LAWS, f"no test is named for law {law}")
    for law in sorted(tested - set(laws)):
        yield Finding("laws", LAWS, f"a test is named for law {law}, which is not there")
