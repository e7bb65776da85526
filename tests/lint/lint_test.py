"""Proves that each rule of the lint finds what it is for."""

import pathlib
import tempfile
import unittest

import layers
import texts
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


def findings(check, files=None, only_failing=True):
    """The rules that `check` finds broken in BASE with some files changed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**BASE, **(files or {})}.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return [f.rule for f in check(Tree(folder)) if f.fails or not only_failing]


class LintTest(unittest.TestCase):
    def test_a_sound_tree_has_no_findings(self):
        for check in (layers.check_include_form, layers.check_layers, layers.check_cycles,
                      texts.check_tests, texts.check_links, texts.check_leaks):
            self.assertEqual(findings(check), [], check.__name__)

    def test_a_layer_may_not_include_what_it_does_not_depend_on(self):
        self.assertEqual(findings(layers.check_layers, files={
            "storage/base/a.cc": '#include "storage/kv/k.h"\n'}), ["layer"])

    def test_includes_are_full_paths(self):
        self.assertEqual(findings(layers.check_include_form, files={
            "storage/kv/k.cc": '#include "k.h"\n#include "../base/a.h"\n'}),
            ["include-form", "include-form"])

    def test_cycles_are_found(self):
        self.assertIn("cycle", findings(layers.check_cycles, files={
            "storage/base/a.h": '#include "storage/kv/k.h"\n',
            "storage/kv/k.h": '#include "storage/base/a.h"\n'}))

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

    def test_paths_of_a_machine_are_found(self):
        self.assertEqual(findings(texts.check_leaks, files={
            "storage/kv/k.h": "// see /ho" "me/somebody/notes\n"}), ["machine-path"])


if __name__ == "__main__":
    unittest.main()
