"""The consistency report, for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from crmgraph.checking.findings import Finding

__all__ = ["as_json", "as_text", "from_json"]

_SEVERITY = {
    "es": {"violation": "incumplimiento", "warning": "advertencia", "info": "información"},
    "en": {"violation": "violation", "warning": "warning", "info": "information"},
}
_SUMMARY = {
    "es": ("No se halló nada que señalar.", "{n} hallazgo{s}."),
    "en": ("Nothing was found.", "{n} finding{s}."),
}


def as_json(findings: Sequence[Finding]) -> str:
    """A JSON list of objects: code, severity, element, number, theme, passage, start, end, exact and both messages."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2)


def from_json(text: str) -> list[Finding]:
    """The findings of a JSON report."""
    return [Finding(**row) for row in json.loads(text)]


def as_text(findings: Sequence[Finding], language: str) -> str:
    """The findings grouped by kind, each with its message and the words of the source; `language` is es or en."""
    lines: list[str] = []
    for code, group in groupby(findings, key=lambda finding: finding.code):
        members = list(group)
        lines.append(f"{_SEVERITY[language][members[0].severity]}: {code} ({len(members)})")
        for finding in members:
            lines.append(f"  {_name(finding)}: {finding.message_es if language == 'es' else finding.message_en}")
            if finding.exact is not None:
                lines.append(f"      [{finding.start}–{finding.end}] {' '.join(finding.exact.split())}")
        lines.append("")
    nothing, some = _SUMMARY[language]
    lines.append(some.format(n=len(findings), s="" if len(findings) == 1 else "s") if findings else nothing)
    return "\n".join(lines)


def _name(finding: Finding) -> str:
    """How people call the element: its path below the plan, or the last two steps of its IRI."""
    return finding.element.partition("/id/plan/")[2].partition("/")[2] or "/".join(finding.element.split("/")[-2:])
