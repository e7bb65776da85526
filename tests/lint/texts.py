"""Names and texts: file names, tests beside sources, README links, paths of
the machine that something was written on."""

import posixpath
import re

from tree import Finding

# Words that say nothing about what a file is.
EMPTY_WORDS = {"util", "utils", "common", "helper", "helpers", "manager", "impl",
               "data", "info", "misc"}
# Test data is what the thing is called outside too: TWINGRAPH_TEST_DATA.
NAMES_ALLOWED = {"tests/support/test_data.h", "tests/support/test_data.cc"}

# A formatter may have broken the line before the name.
COVERED_BY = re.compile(r"^//(?: .*[.;])? Covered by\s(?:// )?((?:tests|bench)/[\w./-]*\w)", re.M)

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
QUOTED = re.compile(r"`([^`\n]+)`")
FILE_NAME = re.compile(r"^[\w.-]+(/[\w.-]+)*/?$")
FILE_SUFFIXES = (".h", ".cc", ".md", ".proto", ".py", ".cmake", ".json", ".yaml",
                 ".test", ".txt", ".sh")

# Assembled, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join((
    "/wo" "rk/", "/ro" "ot/", r"/ho" r"me/\w+/", "/va" "r/tmp/", r"/Us" r"ers/\w+/",
    "shared/" "reference", r"\bproxy\." r"golang", r"\bpypi\." "org")))


def check_names(tree):
    for path in tree.select(".h", ".cc", ".proto", ".py", ".sh"):
        stem = posixpath.splitext(posixpath.basename(path))[0]
        words = set(re.split(r"[_\-.]", stem.lower()))
        bad = sorted(words & EMPTY_WORDS)
        if bad and path not in NAMES_ALLOWED:
            yield Finding("name", path, f'"{bad[0]}" says nothing about what is in it',
                          fails=False)


def expected_test(path):
    return "tests/" + posixpath.splitext(path)[0] + "_test.cc"


def check_tests(tree):
    for path in tree.select(".cc", under=("storage", "server", "client", "proto")):
        covered = COVERED_BY.findall(tree.text(path))
        if tree.has(expected_test(path)):
            continue
        if not covered:
            yield Finding("test", path, f"no {expected_test(path)} and no line "
                                        '"// Covered by tests/..."')
        for name in covered:
            if not tree.has(name) and not any(p.startswith(name + "/") for p in tree.paths):
                yield Finding("test", path, f"covered by {name}, which does not exist")


def _exists(tree, base, name):
    for start in (base, ""):
        path = posixpath.normpath(posixpath.join(start, name))
        if tree.has(path) or any(p.startswith(path + "/") for p in tree.paths):
            return True
    return False


def check_links(tree):
    for path in tree.paths:
        if not path.endswith(".md"):
            continue
        base, text = posixpath.dirname(path), FENCE.sub("", tree.text(path))
        for target in LINK.findall(text):
            if not re.match(r"[a-z]+:|#", target):
                if not _exists(tree, base, target.split("#")[0]):
                    yield Finding("link", path, f"dead link {target}")
        for name in QUOTED.findall(text):
            if FILE_NAME.match(name) and name.endswith(FILE_SUFFIXES) and not name.startswith("-"):
                if not _exists(tree, base, name) and not _named_somewhere(tree, base, name):
                    yield Finding("link", path, f"names {name}, which does not exist")
            elif name.startswith(("scripts/", "tests/", "storage/", "server/", "client/",
                                  "proto/", "bench/")) and FILE_NAME.match(name):
                if not _exists(tree, "", name) and not _stem_exists(tree, name):
                    yield Finding("link", path, f"names {name}, which does not exist")


def _named_somewhere(tree, base, name):
    """A bare file name may stand for a file below the page's own directory, or
    for a kind of file (`models.jsonl`) when it has no directory of ours."""
    if "/" in name:
        return False
    if name.startswith("_") or any(posixpath.basename(p) == name for p in tree.paths):
        return True
    return not name.endswith((".h", ".cc", ".md", ".proto", ".cmake", ".py", ".sh"))


def _stem_exists(tree, name):
    return any(p.startswith(name + ".") for p in tree.paths)


def check_leaks(tree):
    for path in tree.paths:
        if path.endswith((".h", ".cc", ".md", ".proto", ".py", ".cmake", ".json", ".txt",
                          ".yaml", ".sh")) or path.startswith(("scripts/", ".ci/")):
            for number, line in enumerate(tree.lines(path), 1):
                found = MACHINE_PATHS.search(line)
                if found:
                    yield Finding("machine-path", f"{path}:{number}",
                                  f'names a place of one machine: "{found.group()}"')
