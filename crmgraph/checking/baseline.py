"""The findings of an earlier report, so that only what is new counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from crmgraph.checking.findings import Finding
from crmgraph.checking.reporting.json import from_json
from crmgraph.errors import Place, UsageError
from crmgraph.texts import read_text

__all__ = ["new_findings", "read_baseline"]

_Identity = tuple[str, ...]


def read_baseline(file: Path) -> list[Finding]:
    """The findings of a report in JSON. Raises UsageError where the file is none."""
    text = read_text(file, UsageError)
    try:
        return from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        message = "this is no report; make one with `crmgraph check PLAN --format json`"
        raise UsageError(message, Place(file)) from None


def new_findings(findings: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Those findings that were not there before, wherever their words have moved.

    Where both are about one plan only, it may be called otherwise now. Of several alike, as many are known as there
    were before.
    """
    one_plan = len(_plans(findings)) <= 1 and len(_plans(before)) <= 1
    known = Counter(_identity(finding, one_plan) for finding in before)
    new = []
    for finding in findings:
        identity = _identity(finding, one_plan)
        if known[identity]:
            known[identity] -= 1
        else:
            new.append(finding)
    return new


def _plans(findings: Iterable[Finding]) -> set[str]:
    return {finding.spot.plan for finding in findings if finding.spot.plan is not None}


def _identity(finding: Finding, one_plan: bool) -> _Identity:
    return finding.identity if one_plan else (*finding.identity, finding.spot.plan or "")
