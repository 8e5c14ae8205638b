"""The report as JSON, and the findings in such a report."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from crmgraph.checking.catalogue import SEVERITIES
from crmgraph.checking.findings import Acceptance, Finding, Spot

__all__ = ["as_json", "from_json"]

_COMMON = "SPARQLConstraintComponent"


def as_json(findings: Sequence[Finding]) -> str:
    """A JSON list of objects: code, severity, element, number, theme, passage, start, end, exact and both messages.

    `other` is the second place, or null. Those that are located in a file also have file, line and column, the last
    two in `other` as well; those that are accepted, by whom, when and why; logical contradictions, the triples they
    follow from; and those that no question in SPARQL found, the kind of constraint that did.
    """
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False, indent=2)


def _row(finding: Finding) -> dict[str, object]:
    row = {"code": finding.code, "severity": finding.severity, **asdict(finding.spot)}
    row["other"] = _other(finding)
    row |= {"message_es": finding.message_es, "message_en": finding.message_en}
    if finding.file is not None:
        row |= {"file": finding.file, "line": finding.line, "column": finding.column}
    if finding.accepted is not None:
        row["accepted"] = asdict(finding.accepted)
    if finding.triples:
        row["triples"] = list(finding.triples)
    if finding.constraint != _COMMON:
        row["constraint"] = finding.constraint
    return row


def _other(finding: Finding) -> dict[str, object] | None:
    if finding.other is None:
        return None
    place = {"line": finding.other_line, "column": finding.other_column} if finding.file is not None else {}
    return {**asdict(finding.other), **place}


def from_json(text: str) -> list[Finding]:
    """The findings of a JSON report. Raises ValueError, TypeError, KeyError or AttributeError for what is none."""
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise TypeError(type(rows))
    return [_finding(row) for row in rows]


def _finding(row: dict[str, Any]) -> Finding:
    spot = Spot(**{field.name: row.pop(field.name) for field in fields(Spot)})
    other, accepted, triples = row.pop("other") or {}, row.pop("accepted", None), row.pop("triples", ())
    place = {"other_line": other.pop("line", None), "other_column": other.pop("column", None)}
    finding = Finding(
        spot=spot,
        other=Spot(**other) if other else None,
        accepted=Acceptance(**accepted) if accepted else None,
        triples=tuple(triples),
        **place,
        **row,
    )
    if finding.severity not in SEVERITIES:
        raise ValueError(finding.severity)
    return finding
