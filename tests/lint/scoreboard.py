"""Sizes and shares that show where to look, next to what is aimed at. Nothing
here fails: clear code wins over a number."""

import posixpath
import re
import shutil
import statistics
import subprocess

CODE = ("storage", "server", "client")


def code_lines(text):
    return sum(1 for line in text.split("\n") if line.strip() and not line.strip().startswith("//"))


def functions(tree, paths):
    """(length in lines, path, name) of each function, by universal-ctags."""
    if not shutil.which("ctags") or not paths:
        return []
    out = subprocess.run(
        ["ctags", "-x", "--c++-kinds=f", "--fields=+ne", "--_xformat=%{input}\t%n\t%{end}\t%N",
         "--language-force=C++", *paths], cwd=tree.root, capture_output=True, text=True).stdout
    found = []
    for line in out.splitlines():
        path, begin, end, name = line.split("\t")
        if end.isdigit():
            found.append((int(end) - int(begin) + 1, path, name))
    return found


def rows(tree, mutual_directories):
    sources = tree.select(".cc", under=CODE)
    headers = tree.select(".h", under=CODE)
    sizes = {p: len(tree.lines(p)) for p in sources + headers}
    tests = tree.select("_test.cc", ".test", "_test.py", under=("tests",))
    lengths = functions(tree, sources + headers)
    long = [f for f in lengths if f[0] > 40]
    header_lines = sum(sizes[p] for p in headers) or 1
    comment_lines = sum(1 for p in headers for line in tree.lines(p)
                        if line.strip().startswith("//"))
    test_lines = sum(code_lines(tree.text(p)) for p in tests)
    source_lines = sum(code_lines(tree.text(p)) for p in sources + headers) or 1
    yield "directory pairs that include each other", len(mutual_directories), "0"
    yield ("median lines of .cc / .h",
           f"{statistics.median([sizes[p] for p in sources] or [0]):.0f} / "
           f"{statistics.median([sizes[p] for p in headers] or [0]):.0f}", "<= 120 / <= 70")
    yield ("functions over 40 lines",
           f"{100 * len(long) / max(1, len(lengths)):.1f} % of {len(lengths)}", "< 2 %")
    yield "comment share of headers", f"{100 * comment_lines / header_lines:.0f} %", "25-40 %"
    yield "test : code lines", f"{test_lines / source_lines:.2f}", ">= 1.0"


def to_look_at(tree):
    """Files and functions past the size at which somebody looks."""
    for path in tree.select(".cc", ".h", under=CODE):
        limit = 500 if path.endswith(".cc") else 300
        size = len(tree.lines(path))
        if size > limit:
            yield f"{path}: {size} lines"
    for length, path, name in sorted(functions(tree, tree.select(".cc", ".h", under=CODE)),
                                     reverse=True):
        if length > 60:
            yield f"{path}: {name} has {length} lines"
    for path in tree.select(".h", under=CODE):
        virtuals = len(re.findall(r"^\s+virtual (?!~)", tree.text(path), re.M))
        if virtuals > 12:
            yield f"{posixpath.basename(path)}: {virtuals} virtual functions"
