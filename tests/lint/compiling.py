"""Compiles single files with the flags that the build uses, through the compiler
cache, for proofs that no target of the build makes."""

import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

from tree import Tree


def read_entries(tree, build):
    """{path: entry of compile_commands.json}, for the files of the tree."""
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = os.path.relpath(entry["file"], tree.root)
        if tree.has(path):
            entries[path] = entry
    return entries


def flags_of(entry):
    """Compiler and flags of an entry, without what it reads and writes."""
    words = shlex.split(entry["command"])
    return words[:words.index("-o")]


def compile_file(flags, source, output, directory):
    """None, or what the compiler says. An object is made because the cache keeps
    no syntax checks."""
    cache = ["ccache"] if shutil.which("ccache") else []
    output.parent.mkdir(parents=True, exist_ok=True)
    run = subprocess.run([*cache, *flags, "-o", str(output), "-c", str(source)],
                         cwd=directory, capture_output=True, text=True)
    return run.stderr if run.returncode else None


def run_all(jobs):
    """[(name, what the compiler says)] of those that fail, of {name: arguments of
    compile_file}."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {name: pool.submit(compile_file, *arguments) for name, arguments in jobs.items()}
    return [(name, run.result()) for name, run in runs.items() if run.result()]


def main(name, check):
    """Runs `check`, which gives (files compiled, what is wrong with them), on this
    checkout and the build directory that the command line names."""
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    count, failures = check(tree, pathlib.Path(sys.argv[1]).resolve())
    for failure in failures:
        print(failure)
    print(f"{name}: {count} compiled, {len(failures)} failures")
    return 1 if failures else 0
