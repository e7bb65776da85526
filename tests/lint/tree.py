"""The project's files as the other modules see them.

A Tree is a list of paths relative to its root, from git where there is a
repository (so build output and ignored files are not in it), else from disk.
"""

import pathlib
import subprocess

# Top-level directories that hold sources, from the bottom up.
SOURCE_ROOTS = ("proto", "storage", "server", "client", "bench", "tests")


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(self._list())
        self._known = set(self.paths)
        self._text = {}

    def _list(self):
        if (self.root / ".git").exists():
            out = subprocess.run(
                ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                cwd=self.root, check=True, capture_output=True).stdout
            names = [n for n in out.decode().split("\0") if n]
            return [n for n in names if (self.root / n).exists()]
        return [str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()]

    def has(self, path):
        return path in self._known

    def text(self, path):
        if path not in self._text:
            self._text[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._text[path]

    def lines(self, path):
        return self.text(path).split("\n")

    def select(self, *suffixes, under=SOURCE_ROOTS):
        return [p for p in self.paths
                if p.endswith(suffixes) and p.split("/")[0] in under]


class Finding:
    """One thing to look at. `fails` says whether the lint fails for it."""

    def __init__(self, rule, place, text, fails=True):
        self.rule, self.place, self.text, self.fails = rule, place, text, fails

    def __str__(self):
        return f"{self.place}: {self.text} [{self.rule}]"
