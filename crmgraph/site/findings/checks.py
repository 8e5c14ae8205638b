"""The catalogue of checks as the pages show it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.site.base.site import Row, Site

__all__ = ["SEVERITIES", "Check", "checks", "near_codes"]

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the mildest."""

_CHECKS = """
SELECT ?code ?severity ?order ?group ?property ?text {
  ?x a cg:Check ; cg:code ?code ; sh:severity ?severity ; sh:group ?part .
  ?part sh:order ?order ; rdfs:label ?group .
  VALUES ?property { rdfs:label rdfs:comment skos:example cg:remedy }
  ?x ?property ?text
  FILTER (LANG(?group) = "%(language)s" && LANG(?text) = "%(language)s")
}"""


@dataclass(frozen=True)
class Check:
    """One kind of defect, in the language of the page; `group` is the title of its group, `order` the group's place."""

    code: str
    severity: str
    order: int
    group: str
    title: str
    explanation: str
    example: str
    remedy: str


def checks(site: Site, language: str) -> tuple[Check, ...]:
    """Every check, by group, the gravest first, then by code."""
    rows: dict[str, list[Row]] = {}
    for row in site.recall(_CHECKS % {"language": language}):
        rows.setdefault(row["code"].value, []).append(row)
    found = (_check(code, group) for code, group in rows.items())
    return tuple(sorted(found, key=lambda check: (check.order, SEVERITIES.index(check.severity), check.code)))


def near_codes(code: str, known: Iterable[Check]) -> list[Check]:
    """Up to three checks whose code is, in whole or in part, written much like this one."""
    by_code = {check.code: check for check in known}
    parts = [name for name in by_code if code and code.casefold() in name]
    alike = difflib.get_close_matches(code.casefold(), by_code, 3)
    return [by_code[name] for name in dict.fromkeys((*alike, *parts))][:3]


def _check(code: str, rows: list[Row]) -> Check:
    first = rows[0]
    said = {row["property"].value.rpartition("#")[2]: row["text"].value for row in rows}
    return Check(
        code,
        first["severity"].value.rpartition("#")[2].lower(),
        int(first["order"].value),
        first["group"].value,
        *(said[name] for name in ("label", "comment", "example", "remedy")),
    )
