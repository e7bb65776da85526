"""What is guarded by a mutex is touched only while it is held.

clang proves it from the annotations (ABSL_GUARDED_BY and the like) of each
source that uses a mutex, and of each that includes an annotated header of its
own directory.

    tests/lint/thread_safety.py BUILD_DIR
"""

import posixpath
import re
import sys

import compiling
from layers import includes

CLANG = ["clang++-19", "-Wno-everything", "-Werror", "-Wthread-safety"]
# Of g++, partly unknown to clang.
WARNINGS = re.compile(r"-W.*")
USES_MUTEX = re.compile(r"\bMutex(Lock)?\b|_GUARDED_BY\b|_LOCKS_REQUIRED\b")


def annotated_sources(tree):
    annotated = {p for p in tree.select(".h", ".cc") if USES_MUTEX.search(tree.text(p))}
    for path in tree.select(".cc"):
        own = [name for name in includes(tree, path)
               if posixpath.dirname(name) == posixpath.dirname(path)]
        if path in annotated or annotated.intersection(own):
            yield path


def check_thread_safety(tree, build):
    """(sources compiled, what is wrong with them)."""
    entries = compiling.read_entries(tree, build)
    jobs, failures = {}, []
    for path in annotated_sources(tree):
        entry = entries.get(path)
        if entry is None:
            failures.append(f"{path}: the build does not compile it")
            continue
        flags = [f for f in compiling.flags_of(entry)[1:] if not WARNINGS.fullmatch(f)]
        output = build / "thread_safety" / (path.replace("/", "_") + ".o")
        jobs[path] = ([*CLANG, *flags], tree.root / path, output, entry["directory"])
    failures += [f"{path}:\n{text}" for path, text in compiling.run_all(jobs)]
    return len(jobs), failures


if __name__ == "__main__":
    sys.exit(compiling.main("thread safety", check_thread_safety))
