"""The catalogue of checks: code, severity, group and texts of each kind of defect."""

import difflib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crmgraph.namespaces import BASE
from crmgraph.wording import Bilingual

__all__ = ["SEVERITIES", "Check", "Group", "catalogue_from_json", "catalogue_to_json", "no_such_check"]

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the mildest."""

_TEXTS = ("title", "message", "explanation", "example", "remedy")


@dataclass(frozen=True, order=True)
class Group:
    """A group of checks: its place among the groups, its name within the shapes, and its title."""

    order: int
    name: str
    title: Bilingual


@dataclass(frozen=True)
class Check:
    """One kind of defect: what it is called, how grave it is, why it matters, an example, and how to correct it.

    `message` is what each finding says, with words in braces for what is particular to it: those at the head of
    ontology/shapes/structure.ttl and, of a logical contradiction, {statements} that it follows from and {reason}, what
    is wrong with it.
    """

    code: str
    severity: str
    group: Group
    title: Bilingual
    message: Bilingual
    explanation: Bilingual
    example: Bilingual
    remedy: Bilingual

    @property
    def is_counted(self) -> bool:
        """True where it finds translations still to be made, which are no defects and only counted for people."""
        return self.group.name == "translation" and self.severity == "info"


def no_such_check(code: str, codes: Collection[str]) -> str:
    """Return that no check has this code, and which of `codes` are like it."""
    alike = difflib.get_close_matches(code.casefold(), sorted(codes), cutoff=0.6)
    parts = [name for name in sorted(codes) if code and code.casefold() in name]
    near = [*dict.fromkeys((*alike, *parts))][:3]
    hint = f"did you mean {' or '.join(near)}?" if near else f"{BASE}findings lists the codes"
    return f"there is no check {code}; {hint}"


def catalogue_to_json(checks: Iterable[Check]) -> str:
    """Return the checks as JSON, for a report on findings that were made before."""
    rows = [
        {
            "code": check.code,
            "severity": check.severity,
            "group": {"order": check.group.order, "name": check.group.name, "title": _told(check.group.title)},
            **{name: _told(getattr(check, name)) for name in _TEXTS},
        }
        for check in checks
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def catalogue_from_json(text: str) -> list[Check]:
    """Return the checks that were written as JSON."""
    return [
        Check(
            row["code"],
            row["severity"],
            Group(row["group"]["order"], row["group"]["name"], _said(row["group"]["title"])),
            **{name: _said(row[name]) for name in _TEXTS},
        )
        for row in json.loads(text)
    ]


def _told(text: Bilingual) -> dict[str, str]:
    return {"es": text.spanish, "en": str(text)}


def _said(texts: dict[str, str]) -> Bilingual:
    return Bilingual(texts["en"], texts["es"])
