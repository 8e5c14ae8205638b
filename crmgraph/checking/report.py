"""The consistency report, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import groupby
from typing import Any

from crmgraph.checking.findings import Finding, Spot

__all__ = ["as_json", "as_text", "from_json"]

_SEVERITY = {
    "es": {"violation": "incumplimiento", "warning": "advertencia", "info": "información"},
    "en": {"violation": "violation", "warning": "warning", "info": "information"},
}
_SUMMARY = {
    "es": ("No se halló ningún defecto.", "{n} hallazgo{s}."),
    "en": ("No defect was found.", "{n} finding{s}."),
}
# What is worth knowing and no defect is counted, so that it does not bury the defects.
_COUNTED = {
    "es": "{severity}: {code} ({n}); no es un defecto del plan, y --format json lo enumera todo",
    "en": "{severity}: {code} ({n}); no defect of the plan, and --format json lists them all",
}


def as_json(findings: Sequence[Finding]) -> str:
    """A JSON list of objects: code, severity, element, number, theme, passage, start, end, exact and both messages.

    Those about a plan in a file of its own also have file, line and column.
    """
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False, indent=2)


def _row(finding: Finding) -> dict[str, object]:
    row = {"code": finding.code, "severity": finding.severity, **asdict(finding.spot)}
    row["other"] = asdict(finding.other) if finding.other is not None else None
    row |= {"message_es": finding.message_es, "message_en": finding.message_en}
    if finding.file is not None:
        row |= {"file": finding.file, "line": finding.line, "column": finding.column}
    return row


def from_json(text: str) -> list[Finding]:
    """The findings of a JSON report."""
    return [_finding(row) for row in json.loads(text)]


def _finding(row: dict[str, Any]) -> Finding:
    spot = Spot(**{field.name: row.pop(field.name) for field in fields(Spot)})
    other = row.pop("other")
    return Finding(spot=spot, other=Spot(**other) if other else None, **row)


def as_text(findings: Sequence[Finding], language: str) -> str:
    """The defects by kind, each with its message, its place and the words of the source; `language` is es or en.

    What is mere information is counted, a line for each kind, and is no part of the number at the end.
    """
    defects = [finding for finding in findings if finding.severity != "info"]
    lines: list[str] = []
    for code, group in groupby(defects, key=lambda finding: finding.code):
        members = list(group)
        lines.append(f"{_SEVERITY[language][members[0].severity]}: {code} ({len(members)})")
        for finding in members:
            lines.extend(_lines(finding, language))
        lines.append("")
    lines.extend(_counts([finding for finding in findings if finding.severity == "info"], language))
    nothing, some = _SUMMARY[language]
    lines.append(some.format(n=len(defects), s="" if len(defects) == 1 else "s") if defects else nothing)
    return "\n".join(lines)


def _lines(finding: Finding, language: str) -> Iterator[str]:
    yield f"  {_name(finding)}: {finding.message_es if language == 'es' else finding.message_en}"
    if finding.spot.exact is not None:
        place = f"{finding.file}:{finding.line}:{finding.column} " if finding.file is not None else ""
        yield f"      {place}[{finding.spot.start}–{finding.spot.end}] {' '.join(finding.spot.exact.split())}"


def _counts(infos: Sequence[Finding], language: str) -> Iterator[str]:
    for code, count in Counter(finding.code for finding in infos).items():
        yield _COUNTED[language].format(severity=_SEVERITY[language]["info"], code=code, n=count)
        yield ""


def _name(finding: Finding) -> str:
    """How people call the element: its path below the plan, or the last two steps of its IRI."""
    return finding.spot.element.partition("/id/plan/")[2].partition("/")[2] or "/".join(
        finding.spot.element.split("/")[-2:]
    )
