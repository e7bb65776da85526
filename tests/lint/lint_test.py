"""Proves that each rule of the lint finds what it is for."""

import contextlib
import json
import pathlib
import tempfile
import unittest

import headers
import laws
import layers
import rules
import scoreboard
import texts
import thread_safety
from tree import Tree

BASE = {
    "storage/base/CMakeLists.txt": "twingraph_layer(base SOURCES a.cc)",
    "storage/base/a.h": "#pragma once\n",
    "storage/base/a.cc": '#include "storage/base/a.h"\n',
    "storage/kv/CMakeLists.txt": "twingraph_layer(kv SOURCES k.cc DEPS base)",
    "storage/kv/k.cc": '#include "storage/base/a.h"\n',
    "tests/storage/base/a_test.cc": "",
    "tests/storage/kv/k_test.cc": "",
}


@contextlib.contextmanager
def tree_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        yield Tree(folder)


def findings(check, files=None, only_failing=True):
    """The rules that `check` finds broken in BASE with some files changed."""
    with tree_of({**BASE, **(files or {})}) as tree:
        return [f.rule for f in check(tree) if f.fails or not only_failing]


class LintTest(unittest.TestCase):
    def test_a_sound_tree_has_no_findings(self):
        for check in (layers.check_include_form, layers.check_layers, layers.check_cycles,
                      texts.check_tests, texts.check_links, texts.check_leaks):
            self.assertEqual(findings(check), [], check.__name__)

    def test_a_layer_may_not_include_what_it_does_not_depend_on(self):
        self.assertEqual(findings(layers.check_layers, files={
            "storage/base/a.cc": '#include "storage/kv/k.h"\n'}), ["layer"])

    def test_a_dependency_of_a_dependency_may_be_included(self):
        self.assertEqual(findings(layers.check_layers, files={
            "server/query/CMakeLists.txt": "twingraph_layer(query\n  SOURCES q.cc\n  DEPS kv)",
            "server/query/q.cc": '#include "storage/base/a.h"\n'}), [])

    def test_a_layer_may_not_depend_on_itself(self):
        self.assertIn("layer", findings(layers.check_layers, files={
            "storage/base/CMakeLists.txt": "twingraph_layer(base SOURCES a.cc DEPS kv)"}))

    def test_includes_are_full_paths(self):
        self.assertEqual(findings(layers.check_include_form, files={
            "storage/kv/k.cc": '#include "k.h"\n#include "../base/a.h"\n'}),
            ["include-form", "include-form"])

    def test_cycles_are_found(self):
        self.assertIn("cycle", findings(layers.check_cycles, files={
            "storage/base/a.h": '#include "storage/kv/k.h"\n',
            "storage/kv/k.h": '#include "storage/base/a.h"\n'}))

    def test_directories_of_one_layer_may_not_be_a_ring(self):
        self.assertEqual(findings(layers.check_cycles, files={
            "storage/kv/a/x.h": '#include "storage/kv/b/x.h"\n',
            "storage/kv/b/x.h": "",
            "storage/kv/b/y.h": '#include "storage/kv/a/y.h"\n',
            "storage/kv/a/y.h": ""}), ["cycle"])

    def test_public_headers_at_the_top_of_a_layer_are_no_ring(self):
        self.assertEqual(findings(layers.check_cycles, files={
            "storage/kv/k.cc": '#include "storage/kv/a/x.h"\n',
            "storage/kv/k.h": "",
            "storage/kv/a/x.h": '#include "storage/kv/k.h"\n'}), [])

    def test_a_source_needs_its_test_or_says_what_covers_it(self):
        self.assertEqual(findings(texts.check_tests, files={"storage/kv/n.cc": ""}), ["test"])
        self.assertEqual(findings(texts.check_tests, files={
            "storage/kv/n.cc": "// Covered by tests/storage/kv/k_test.cc.\n"}), [])
        self.assertEqual(findings(texts.check_tests, files={
            "storage/kv/n.cc": "// What n is. Covered by\n// tests/storage/kv/k_test.cc.\n"}), [])
        self.assertEqual(findings(texts.check_tests, files={
            "storage/kv/n.cc": "// Covered by tests/storage/kv/gone_test.cc.\n"}), ["test"])

    def test_dead_links_are_found(self):
        self.assertEqual(findings(texts.check_links, files={
            "README.md": "[here](storage/gone.h) and `storage/kv/gone.cc`\n"}),
            ["link", "link"])

    def test_scripts_that_are_named_exist(self):
        self.assertEqual(findings(texts.check_links, files={
            "README.md": "run `scripts/gone`\n"}), ["link"])

    def test_names_that_say_nothing_are_shown(self):
        files = {"storage/base/string_util.h": ""}
        self.assertEqual(findings(texts.check_names, files), [])
        self.assertEqual(findings(texts.check_names, files, only_failing=False), ["name"])

    def test_paths_of_a_machine_are_found(self):
        self.assertEqual(findings(texts.check_leaks, files={
            "storage/kv/k.h": "// see /ho" "me/somebody/notes\n"}), ["machine-path"])


@contextlib.contextmanager
def built_tree(files):
    """A tree with a build of storage/kv/k.cc."""
    with tree_of({**BASE, **files}) as tree:
        (tree.root / "compile_commands.json").write_text(json.dumps([{
            "file": str(tree.root / "storage/kv/k.cc"), "directory": str(tree.root),
            "command": f"c++ -Wall -I{tree.root} -o k.o -c k.cc"}]))
        yield tree


class HeadersTest(unittest.TestCase):
    def check(self, header, includer="storage/kv/k.cc"):
        with built_tree({"storage/kv/n.h": header,
                         includer: '#include "storage/kv/n.h"\n'}) as tree:
            return headers.check_headers(tree, tree.root)

    def test_a_header_that_leans_on_its_includer_is_found(self):
        self.assertEqual(self.check("#pragma once\n#include <string>\nstd::string F();\n"),
                         (1, []))
        count, failures = self.check("#pragma once\nstd::string F();\n")
        self.assertEqual(count, 1)
        self.assertIn("storage/kv/n.h: does not compile alone", failures[0])

    def test_a_header_that_is_read_twice_is_found(self):
        self.assertEqual(len(self.check("struct A {};\n")[1]), 1)

    def test_a_header_of_the_tests_may_be_reached_through_another(self):
        files = {"tests/x/a.h": "#pragma once\n",
                 "tests/x/b.h": '#pragma once\n#include "tests/x/a.h"\n'}
        with built_tree({**files, "storage/kv/k.cc": '#include "tests/x/b.h"\n'}) as tree:
            self.assertEqual(headers.check_headers(tree, tree.root), (2, []))
        with built_tree({**files, "storage/kv/k.cc": ""}) as tree:
            self.assertEqual(len(headers.check_headers(tree, tree.root)[1]), 2)

    def test_what_its_own_source_includes_first_needs_no_proof(self):
        self.assertEqual(self.check("", includer="storage/kv/n.cc"), (0, []))


class ThreadSafetyTest(unittest.TestCase):
    CLASS = """#include "storage/kv/mutex.h"
struct Counter {
  Mutex mutex;
  int value __attribute__((guarded_by(mutex))) = 0;
  void Count() { LINE }
};
"""
    MUTEX = """struct __attribute__((capability("mutex"))) Mutex {
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};
"""

    def check(self, line):
        with built_tree({"storage/kv/mutex.h": self.MUTEX,
                         "storage/kv/k.cc": self.CLASS.replace("LINE", line)}) as tree:
            return thread_safety.check_thread_safety(tree, tree.root)

    def test_what_is_guarded_needs_its_lock(self):
        self.assertEqual(self.check("mutex.Lock(); ++value; mutex.Unlock();"), (1, []))
        for line in ("++value;", "mutex.Lock(); ++value;"):
            count, failures = self.check(line)
            self.assertEqual(count, 1)
            self.assertIn("thread-safety", failures[0])


class ScoreboardTest(unittest.TestCase):
    def test_measures_functions(self):
        text = "int F() {\n" + "  G();\n" * 48 + "}\n"
        with tree_of({"storage/x.cc": text}) as tree:
            self.assertEqual(scoreboard.functions(tree, ["storage/x.cc"]),
                             [(50, "storage/x.cc", "F")])

    def test_shows_what_is_large(self):
        files = {"storage/x.cc": "int F() {\n" + "  G();\n" * 70 + "}\n",
                 "storage/y.h": "\n" * 300,
                 "storage/z.h": "struct Z {\n" + "  virtual void F() = 0;\n" * 13 + "};\n"}
        with tree_of(files) as tree:
            self.assertEqual(list(scoreboard.to_look_at(tree)),
                             ["storage/y.h: 301 lines", "storage/x.cc: F has 72 lines",
                              "z.h: 13 virtual functions"])



class Rules(unittest.TestCase):
    TABLE = "| Rule | Where |\n| `badType`, `idTooLong` | x | [a.cc](a.cc) | y |\n"
    SOURCE = 'Report("badType", x);\nplace.Report(\n    is_a ? "idTooLong" : "b", x);\n'

    def find(self, table, source):
        return findings(rules.check_rules, {
            "server/dtdl/RULES.md": table, "server/dtdl/a.cc": source})

    def test_tables_and_sources_agree(self):
        self.assertEqual(self.find(self.TABLE, self.SOURCE), [])

    def test_a_rule_that_no_source_has(self):
        self.assertEqual(self.find(self.TABLE, 'Report("badType", x);'), ["rules"])

    def test_a_rule_that_no_table_has(self):
        more = self.SOURCE + 'report.Add("newRule", element);\n'
        self.assertEqual(self.find(self.TABLE, more), ["rules"])


class Laws(unittest.TestCase):
    README = "# kv\n\n1. Not one.\n\n## The laws\n\n2. Two.\n\nB. Bee.\n"

    def find(self, tests):
        return findings(laws.check_laws, {
            "storage/kv/README.md": self.README, "tests/storage/kv/k_test.cc": tests})

    def test_each_law_has_a_test(self):
        self.assertEqual(self.find("TEST(X, Law2AThing) {}\nTEST(X, LawBBees) {}\n"), [])

    def test_a_law_without_a_test(self):
        self.assertEqual(self.find("TEST(X, LawBBees) {}\n"), ["laws"])

    def test_a_test_without_a_law(self):
        self.assertEqual(
            self.find("Law2AThing LawBBees Law7It"), ["laws"])


if __name__ == "__main__":
    unittest.main()
