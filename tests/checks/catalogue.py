"""The catalogue of checks as a page of documentation.

`python -m tests.checks.catalogue` writes docs/checks.md; a test holds the page to the shapes.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rdflib import Graph

from crmgraph.checks.engine import read_shapes
from crmgraph.checks.findings import Check
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Bilingual
from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource

__all__ = ["PAGE", "page", "places"]

_TOP = Path(__file__).parents[2]
PAGE = _TOP / "docs" / "checks.md"
_SHAPES = resource("ontology") / "shapes"
_DEFECTS = Path(__file__).with_name("crm.csv")
_SEVERITY = {
    "violation": Bilingual("violation", "error"),
    "warning": Bilingual("warning", "advertencia"),
    "info": Bilingual("information", "información"),
}
_HEAD = """\
# The checks

<!-- Written by `python -m tests.checks.catalogue`; the words are those of the shapes in ontology/shapes/. -->

What `crmgraph check` looks for in a plan. Each check is a [SHACL](https://www.w3.org/TR/shacl/) shape, which is its
only definition: the titles, explanations and examples below are read from it, and so are the messages of the findings,
the pages at `/findings/CODE` on the site, and each `cg:Check` in the graph. An **error** breaks the plan's own rules or
contradicts it; a **warning** leaves a reader or an office without what they need; **information** is worth knowing
and may well be meant. The defects that the plan of the CRM shows are listed one by one in
[tests/checks/crm.csv](../tests/checks/crm.csv), written by hand before any run.

*Las comprobaciones de `crmgraph check`, en español tras el inglés. Cada una es una forma (shape) de SHACL, que es su
única definición.*"""
_MUTANTS = """\
## Proof by mutation

That each check finds what it should, and nothing else, is shown on plans damaged on purpose: [the figures, by kind of
damage](checks-mutants.md)."""


def places() -> dict[str, tuple[str, str]]:
    """For each code, the file of the shapes and the name in it of the shape that is the check."""
    found = {}
    for file in sorted(_SHAPES.glob("*.ttl")):
        for shape, code in Graph().parse(file, format="turtle").subject_objects(CG.code):
            found[str(code)] = file.name, str(shape).removeprefix(f"{ONTOLOGY}/shapes#")
    return found


def page() -> str:
    """The whole page."""
    with _DEFECTS.open(encoding="utf-8", newline="") as file:
        counts = Counter(row["code"] for row in csv.DictReader(file))
    where, checks = places(), read_shapes(_SHAPES).catalogue
    groups = [(group, list(members)) for group, members in groupby(checks, key=lambda check: check.group)]
    blocks = [_HEAD, "\n".join(_overview(checks, counts))]
    for group, members in groups:
        blocks.append(f"## {group.title} · {group.title.spanish}")
        blocks += ["\n\n".join(_check(check, *where[check.code], counts[check.code])) for check in members]
    return "\n\n".join([*blocks, _MUTANTS]) + "\n"


def _overview(checks: list[Check], counts: Counter[str]) -> Iterator[str]:
    yield "| check | what it finds | severity | in the plan of the CRM |"
    yield "|---|---|---|---|"
    for check in checks:
        number = counts[check.code] or "–"
        yield f"| [{check.code}](#{check.code}) | {check.title} | {_SEVERITY[check.severity]} | {number} |"


def _check(check: Check, file: str, shape: str, count: int) -> Iterator[str]:
    severity = _SEVERITY[check.severity]
    found = {0: "does not show it", 1: "shows it once", 2: "shows it twice"}.get(count, f"shows it {count} times")
    yield f"### {check.code}"
    yield (
        f"**{check.title}** · {severity} · [`shape:{shape}`](../ontology/shapes/{file}) · the plan of the CRM {found}"
    )
    yield check.explanation
    yield f"*Example:* {check.example}  \n*How to correct it:* {check.remedy}"
    yield "\n".join(
        (
            f"> **{check.title.spanish}** · {severity.spanish}  ",
            f"> {check.explanation.spanish}  ",
            f"> *Ejemplo:* {check.example.spanish}  ",
            f"> *Cómo corregirlo:* {check.remedy.spanish}",
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
