"""The report as text for people."""

from collections.abc import Iterator
from textwrap import wrap

from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.reporting.excerpt import excerpt, printable
from crmgraph.checking.reporting.phrases import ONE_SEVERITY, PHRASES, acceptance, name, naming, summary
from crmgraph.checking.reporting.report import Document, Kind, Report

__all__ = ["as_text"]

_WIDEST = 100


def as_text(report: Report) -> str:
    """The findings by kind, each with its message, its place, the line of the source and its words marked below it.

    Then how the names of the parts are to be read, and how many findings there are.
    """
    lines: list[str] = []
    for kind in report.kinds:
        lines += [*_head(kind, report), ""]
        if not kind.is_counted:
            for finding in kind.findings:
                lines += [*_finding(finding, report), ""]
    told = naming(report)
    if told:
        lines += [*wrap(printable(told), _WIDEST), ""]
    return "\n".join([*lines, summary(report)])


def _head(kind: Kind, report: Report) -> Iterator[str]:
    check = kind.check
    severity = report.say(ONE_SEVERITY[check.severity])
    yield f"{report.say(check.title)} ({len(kind.findings)})"
    yield f"  {severity} · {check.code}"
    if kind.is_counted:
        yield f"  {report.say(PHRASES['counted'])}"
    else:
        yield f"  {report.say(PHRASES['remedy'])}: {report.say(check.remedy)}"


def _finding(finding: Finding, report: Report) -> Iterator[str]:
    document = report.document(finding)
    yield f"  {name(finding.spot, report)}: {printable(finding.message(report.language))}"
    yield from _place(finding.spot, document, report)
    if finding.other is not None:
        yield f"    {report.say(PHRASES['other'])} {name(finding.other, report)}:"
        yield from _place(finding.other, document, report)
    if finding.triples:
        yield f"    {report.say(PHRASES['follows'])}:"
        yield from (f"      {printable(triple)}" for triple in finding.triples)
    if finding.accepted is not None:
        yield f"    {printable(acceptance(finding.accepted, report))}"


def _place(spot: Spot, document: Document | None, report: Report) -> Iterator[str]:
    if spot.start is None or spot.end is None or document is None:
        return
    seen = excerpt(document.source, spot.start, spot.end)
    yield f"    {printable(document.name)}:{seen.line}:{seen.column} [{spot.start}–{spot.end}]"
    yield f"      {seen.text}"
    more = report.say(PHRASES["one-more" if seen.more == 1 else "more"]).format(n=seen.more) if seen.more else ""
    yield f"      {seen.marks}{' ' if more else ''}{more}"
