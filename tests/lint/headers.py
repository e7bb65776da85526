"""A header compiles alone.

A header whose own source includes it first is proven by the build. This
compiles the others by themselves, with the flags of a source that the build
compiles for the same layer, or, for a header of the tests, of one that includes
it, by itself or through other headers.

    tests/lint/headers.py BUILD_DIR
"""

import posixpath
import sys

import compiling
from layers import includes, layer_of, parse_layers


def unproven(tree):
    """Headers that no source of the same name includes first."""
    for path in tree.select(".h", under=("storage", "server", "client", "tests")):
        source = posixpath.splitext(path)[0] + ".cc"
        first = includes(tree, source)[:1] if tree.has(source) else []
        if first != [path]:
            yield path


def reached(tree, path):
    """The headers of the tree that a file includes, directly ones first."""
    found = [header for header in includes(tree, path) if tree.has(header)]
    for header in found:
        found += [each for each in includes(tree, header)
                  if tree.has(each) and each not in found]
    return found


def borrowed_entries(tree, build):
    """{header: entry of the build to borrow flags from, or None}."""
    layers, of_layer, of_user, of_includer = parse_layers(tree), {}, {}, {}
    for path, entry in compiling.read_entries(tree, build).items():
        for header in reached(tree, path):
            of_includer.setdefault(header, entry)
        layer = layer_of(layers, path)
        if layer is not None:
            of_layer.setdefault(layer.name, entry)
            for dep in layer.deps:
                of_user.setdefault(dep, entry)
    entries = {}
    for header in unproven(tree):
        layer = layer_of(layers, header)
        name = layer.name if layer is not None else None
        known = of_layer.get(name) or of_user.get(name)
        if header.startswith("tests/"):
            known = of_includer.get(header) or known
        entries[header] = known or of_includer.get(header)
    return entries


def write_unit(build, header):
    """A source that includes the header twice."""
    unit = build / "headers" / (header.replace("/", "_") + ".cc")
    unit.parent.mkdir(exist_ok=True)
    text = f'#include "{header}"\n#include "{header}"\n'
    if not unit.exists() or unit.read_text() != text:
        unit.write_text(text)
    return unit


def check_headers(tree, build):
    """(headers compiled, what is wrong with them)."""
    jobs, failures = {}, []
    for header, entry in borrowed_entries(tree, build).items():
        if entry is None:
            failures.append(f"{header}: no source of the build has to do with it")
            continue
        unit = write_unit(build, header)
        jobs[header] = (compiling.flags_of(entry), unit, unit.with_suffix(".o"),
                        entry["directory"])
    failures += [f"{header}: does not compile alone\n{text}"
                 for header, text in compiling.run_all(jobs)]
    return len(jobs), failures


if __name__ == "__main__":
    sys.exit(compiling.main("headers", check_headers))
