"""Layers: what CMake declares against what the files include.

CMake already makes a wrong include a build error for layers it builds; this
reads the same declarations and also covers files that no target compiles, the
form of an include, and cycles between directories.
"""

import posixpath
import re

from tree import Finding

LAYER = re.compile(r"\btwingraph_(layer|test|bench|program)\s*\(\s*(\S+)(.*?)\)", re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
KEYWORDS = {"SOURCES", "DEPS", "PRIVATE", "PUBLIC", "LINK", "LABELS"}
OURS = ("storage/", "server/", "client/", "bench/", "tests/")


class Layer:
    def __init__(self, name, directory, deps):
        self.name, self.directory, self.deps = name, directory, deps


def parse_layers(tree):
    """Layers by name, from each CMakeLists.txt with twingraph_layer."""
    layers = {}
    for path in tree.paths:
        if posixpath.basename(path) != "CMakeLists.txt":
            continue
        text = re.sub(r"#[^\n]*", "", tree.text(path))
        for kind, name, body in LAYER.findall(text):
            if kind == "layer":
                deps, section = [], ""
                for word in body.split():
                    if word in KEYWORDS:
                        section = word
                    elif section == "DEPS":
                        deps.append(word)
                layers[name] = Layer(name, posixpath.dirname(path), deps)
    return layers


def reachable(layers, name):
    """The layers that `name` may include: what it links and what those link."""
    seen, stack = set(), [name]
    while stack:
        layer = layers.get(stack.pop())
        for dep in layer.deps if layer else []:
            if dep not in seen:
                seen.add(dep)
                stack.append(dep)
    return seen


def layer_of(layers, path):
    """The layer whose directory is the nearest above `path`."""
    best = None
    for layer in layers.values():
        if path.startswith(layer.directory + "/"):
            if best is None or len(layer.directory) > len(best.directory):
                best = layer
    return best


def includes(tree, path):
    return INCLUDE.findall(tree.text(path))


def check_include_form(tree):
    for path in tree.select(".h", ".cc"):
        for name in includes(tree, path):
            if ".." in name.split("/"):
                yield Finding("include-form", path, f'".." in include of "{name}"')
            elif "/" not in name and not name.endswith(".pb.h"):
                yield Finding("include-form", path,
                              f'bare include "{name}": write the path from the root')


def check_layers(tree):
    layers = parse_layers(tree)
    for path in tree.select(".h", ".cc", under=("storage", "server", "client")):
        own = layer_of(layers, path)
        if own is None:
            continue
        allowed = reachable(layers, own.name) | {own.name}
        for name in includes(tree, path):
            if not name.startswith(OURS):
                continue
            other = layer_of(layers, name)
            if other is not None and other.name not in allowed:
                yield Finding("layer", path,
                              f'layer {own.name} includes "{name}" of layer '
                              f"{other.name}, which is not among its DEPS")
    for layer in layers.values():
        if layer.name in reachable(layers, layer.name):
            yield Finding("layer", layer.directory, f"layer {layer.name} depends on itself")


def include_graph(tree, key):
    """{key(file): {key(included): (file, included)}} over our own files."""
    graph = {}
    for path in tree.select(".h", ".cc", under=("storage", "server", "client")):
        for name in includes(tree, path):
            if name.startswith(OURS) and tree.has(name) and key(path) != key(name):
                graph.setdefault(key(path), {}).setdefault(key(name), (path, name))
    return graph


def directory_pairs(tree):
    """(connected pairs, mutual pairs) of directories by their includes."""
    graph = include_graph(tree, posixpath.dirname)
    pairs = {tuple(sorted((a, b))) for a in graph for b in graph[a]}
    mutual = [(a, b) for a, b in sorted(pairs)
              if b in graph.get(a, {}) and a in graph.get(b, {})]
    return pairs, mutual, graph


def find_cycle(graph):
    """One cycle as a list of nodes, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for following in sorted(graph.get(node, {})):
            cycle = visit(following)
            if cycle:
                return cycle
        path.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        cycle = visit(node)
        if cycle:
            return cycle
    return None


def check_cycles(tree):
    """No file includes itself by way of others; no directories include each
    other in a ring, a directory and those inside it counting as one where they
    are of one layer (its public headers stand at its top)."""
    cycle = find_cycle(include_graph(tree, lambda path: path))
    if cycle:
        yield Finding("cycle", cycle[0], "includes itself: " + " -> ".join(cycle))
    layers = parse_layers(tree)

    def key(path):
        own = layer_of(layers, path)
        if own is None:
            return posixpath.dirname(path)
        rest = path[len(own.directory) + 1:].split("/")
        return posixpath.join(own.directory, rest[0]) if len(rest) > 1 else own.directory

    graph = include_graph(tree, key)
    for node in list(graph):
        for other in list(graph[node]):
            if node.startswith(other + "/") or other.startswith(node + "/"):
                if layer_of(layers, node + "/x") is layer_of(layers, other + "/x"):
                    del graph[node][other]
    cycle = find_cycle(graph)
    if cycle:
        yield Finding("cycle", cycle[0], "directory cycle: " + " -> ".join(cycle))
