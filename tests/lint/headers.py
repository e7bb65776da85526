"""A header compiles alone.

A header whose own source includes it first is proven by the build. This
compiles the others by themselves, with the flags of a source that the build
compiles for the same layer, or, for a header of the tests, of one that includes
it.

    tests/lint/headers.py BUILD_DIR
"""

import concurrent.futures
import json
import os
import pathlib
import posixpath
import shlex
import shutil
import subprocess
import sys

from layers import includes, layer_of, parse_layers
from tree import Tree


def unproven(tree):
    """Headers that no source of the same name includes first."""
    for path in tree.select(".h", under=("storage", "server", "client", "tests")):
        source = posixpath.splitext(path)[0] + ".cc"
        first = includes(tree, source)[:1] if tree.has(source) else []
        if first != [path]:
            yield path


def commands(tree, build):
    """{header: compile command to borrow}, for each header of unproven()."""
    layers, of_layer, of_user, of_includer = parse_layers(tree), {}, {}, {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = os.path.relpath(entry["file"], tree.root)
        if not tree.has(path):
            continue
        for header in includes(tree, path):
            of_includer.setdefault(header, entry)
        layer = layer_of(layers, path)
        if layer is not None:
            of_layer.setdefault(layer.name, entry)
            for dep in layer.deps:
                of_user.setdefault(dep, entry)
    for header in unproven(tree):
        layer = layer_of(layers, header)
        name = layer.name if layer is not None else None
        known = of_layer.get(name) or of_user.get(name)
        if header.startswith("tests/"):
            known = of_includer.get(header) or known
        yield header, known or of_includer.get(header)


def compile_alone(build, header, entry):
    """None, or what the compiler says."""
    flags = shlex.split(entry["command"])
    flags = flags[:flags.index("-o")]
    unit = build / "headers" / (header.replace("/", "_") + ".cc")
    unit.parent.mkdir(exist_ok=True)
    text = f'#include "{header}"\n#include "{header}"\n'
    if not unit.exists() or unit.read_text() != text:
        unit.write_text(text)
    # Through the compiler cache, which keeps objects but not syntax checks.
    cache = ["ccache"] if shutil.which("ccache") else []
    run = subprocess.run([*cache, *flags, "-o", f"{unit}.o", "-c", str(unit)],
                         cwd=entry["directory"], capture_output=True, text=True)
    return run.stderr if run.returncode else None


def check_headers(tree, build):
    """(headers compiled, what is wrong with them)."""
    jobs, failures = {}, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, entry in commands(tree, build):
            if entry is not None:
                jobs[header] = pool.submit(compile_alone, build, header, entry)
            else:
                failures.append(f"{header}: no source of the build has to do with it")
    failures += [f"{header}: does not compile alone\n{job.result()}"
                 for header, job in jobs.items() if job.result()]
    return len(jobs), failures


def main():
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    count, failures = check_headers(tree, pathlib.Path(sys.argv[1]).resolve())
    for failure in failures:
        print(failure)
    print(f"headers: {count} compiled alone, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
