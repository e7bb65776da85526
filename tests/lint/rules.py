"""The rules of DTDL: the tables of server/dtdl/RULES.md against the sources."""

import re

from tree import Finding

TABLES = "server/dtdl/RULES.md"
ROW = re.compile(r"^\| (`[^|]*`) \|[^|]*\| \[[^\]]*\]\(([^)]*)\) \|", re.M)
# A rule where it is reported: the first argument of Report or Add.
REPORTED = re.compile(r'\b(?:Report|Add|Make)\(\s*(?:[\w.()]+ \? )?"([a-z]+[A-Z]\w*)"')
# Ids that are put together of a kind of literal and a form.
COMPOSED = "literal.cc"


def listed_rules(tree):
    """{(id, file)} of the tables."""
    rules = set()
    for ids, place in ROW.findall(tree.text(TABLES)):
        rules |= {(rule, place) for rule in re.findall(r"`(\w+)`", ids)}
    return rules


def check_rules(tree):
    if not tree.has(TABLES):
        return
    folder = TABLES.rsplit("/", 1)[0] + "/"
    listed = listed_rules(tree)
    for rule, place in sorted(listed):
        if place != COMPOSED and f'"{rule}"' not in tree.text(folder + place):
            yield Finding("rules", TABLES, f'{place} has no rule "{rule}"')
    for path in tree.select(".cc", under=("server",)):
        if not path.startswith(folder):
            continue
        place = path[len(folder):]
        for rule in sorted(set(REPORTED.findall(tree.text(path)))):
            if (rule, place) not in listed:
                yield Finding("rules", path, f'rule "{rule}" is not in {TABLES}')
