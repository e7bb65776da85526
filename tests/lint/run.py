"""Lints the project: layers, cycles, tests beside sources, links, leaks, DTDL rules, laws of
engines. Prints the scoreboard and what to look at; ends with 1 for a broken rule.

    tests/lint/run.py [ROOT]      default: the checkout that it stands in
"""

import pathlib
import sys

import laws
import layers
import rules
import scoreboard
import texts
from tree import Tree

CHECKS = (
    layers.check_include_form,
    layers.check_layers,
    layers.check_cycles,
    texts.check_names,
    texts.check_tests,
    texts.check_links,
    texts.check_leaks,
    rules.check_rules,
    laws.check_laws,
)


def lint(tree):
    return [finding for check in CHECKS for finding in check(tree)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
    tree = Tree(root)
    findings = lint(tree)
    print("scoreboard")
    _, mutual, _ = layers.directory_pairs(tree)
    for measure, value, aim in scoreboard.rows(tree, mutual):
        print(f"  {measure:42} {str(value):>16}   aim {aim}")
    for line in scoreboard.to_look_at(tree):
        print(f"  look at {line}")
    for finding in findings:
        print(("error: " if finding.fails else "look at ") + str(finding))
    errors = sum(finding.fails for finding in findings)
    print(f"lint: {errors} broken rules in {len(tree.paths)} files")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
