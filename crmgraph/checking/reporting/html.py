"""The report as an HTML page that stands alone: no script, and nothing that is elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.reporting.excerpt import line_at
from crmgraph.checking.reporting.phrases import ONE_SEVERITY, PHRASES, acceptance, name, naming, summary
from crmgraph.checking.reporting.report import Document, Report

__all__ = ["as_html"]


@dataclass(frozen=True)
class _Entry:
    """A finding with the number it has on the page, and its excerpts."""

    number: int
    finding: Finding
    shown: "tuple[_Shown, ...]"


@dataclass(frozen=True)
class _Shown:
    """Some words with what is around them; `anchor` is where the whole text has them."""

    spot: Spot
    anchor: str
    line: int
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class _Piece:
    """A piece of the text within the same marks: the numbers of the findings it is in, and those that begin with it."""

    text: str
    inside: tuple[int, ...]
    begins: tuple[tuple[int, str], ...]
    severity: str


_AROUND = 80


def as_html(report: Report) -> str:
    """The findings by kind, and the text with their words marked, each linked with the other."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    entries: list[_Entry] = []
    kinds = []
    for kind in report.kinds:
        listed = () if kind.is_counted else kind.findings
        found = [_entry(number, finding, report) for number, finding in enumerate(listed, len(entries) + 1)]
        entries += found
        kinds.append((kind, found))
    texts = [(each, list(_pieces(each, _of(each, entries, report)))) for each in report.documents.values()]
    return environment.get_template("report.html").render(
        report=report,
        kinds=kinds,
        texts=texts,
        summary=summary(report),
        naming=naming(report),
        phrase={key: report.say(text) for key, text in PHRASES.items()},
        severity={key: report.say(text) for key, text in ONE_SEVERITY.items()},
        name=lambda spot: name(spot, report),
        acceptance=lambda accepted: acceptance(accepted, report),
    )


def _entry(number: int, finding: Finding, report: Report) -> _Entry:
    document = report.document(finding)
    spots = ((finding.spot, f"w{number}"), (finding.other, f"o{number}"))
    shown = tuple(
        _shown(spot, anchor, document)
        for spot, anchor in spots
        if document is not None and spot is not None and spot.start is not None
    )
    return _Entry(number, finding, shown)


def _shown(spot: Spot, anchor: str, document: Document) -> _Shown:
    start, end, source = spot.start or 0, spot.end or 0, document.source
    line, first, _ = line_at(source, start)
    last = max(end, line_at(source, max(start, end - 1))[2])
    before, after = source.text[first:start], source.text[end:last]
    return _Shown(
        spot,
        anchor,
        line,
        before if len(before) <= _AROUND else "…" + before[-_AROUND:],
        source.text[start:end],
        after if len(after) <= _AROUND else after[:_AROUND] + "…",
    )


def _of(document: Document, entries: Iterable[_Entry], report: Report) -> list[tuple[_Shown, _Entry]]:
    return [(shown, entry) for entry in entries if report.document(entry.finding) is document for shown in entry.shown]


def _pieces(document: Document, marks: list[tuple[_Shown, _Entry]]) -> Iterator[_Piece]:
    """The text in pieces, cut wherever some words begin or end; the shortest words that a piece is in come first."""
    text = document.source.text
    begins = defaultdict(list)
    for mark in marks:
        begins[mark[0].spot.start or 0].append(mark)
    cuts = sorted({0, len(text), *begins, *(shown.spot.end or 0 for shown, _ in marks)})
    inside: list[tuple[_Shown, _Entry]] = []
    for start, end in pairwise(cuts):
        inside = [mark for mark in inside if mark[0].spot.end != start] + begins[start]
        inside.sort(key=lambda mark: ((mark[0].spot.end or 0) - (mark[0].spot.start or 0), mark[1].number))
        yield _Piece(
            text[start:end],
            tuple(entry.number for _, entry in inside),
            tuple((entry.number, shown.anchor) for shown, entry in begins[start]),
            inside[0][1].finding.severity if inside else "",
        )
