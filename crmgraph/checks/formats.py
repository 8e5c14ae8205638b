"""The formats of reports: text and HTML for readers; JSON, SARIF and Turtle for programs."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from crmgraph import __version__
from crmgraph.checks.findings import Check, Finding, Location, as_json, line_at
from crmgraph.checks.reports import (
    ONE_SEVERITY,
    PHRASES,
    Document,
    Report,
    acceptance_note,
    as_text,
    element_name,
    naming_note,
    summary,
)
from crmgraph.namespaces import BASE

FORMATS = ("text", "json", "turtle", "sarif", "html")
"""The formats in which a report can be written."""


def write(report: Report, format: str, base: str) -> str:
    """Return the report in one of the `FORMATS`; `base` is the base IRI of the dataset, for Turtle."""
    if format == "turtle":
        # rdflib is slow to import, and the other formats do not need it.
        from crmgraph.checks.graph import as_turtle

        return as_turtle(report, base)
    if format == "json":
        return as_json(report.findings)
    return {"text": as_text, "sarif": as_sarif, "html": as_html}[format](report)


_CONTEXT = 80
"""The number of code points of context on each side of a quoted span."""
_Object = dict[str, Any]


def as_html(report: Report) -> str:
    """Return the report as a self-contained HTML page.

    It contains the findings, grouped by check, and the whole text with their spans marked. Each finding and its span
    link to each other.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    marks: list[_Object] = []
    kinds = []
    numbers = count(1)
    for check, found in report.findings_by_check:
        entries = []
        for finding in () if check.is_counted else found:
            number = next(numbers)
            spans = list(_spans(number, finding, report))
            entries.append({"number": number, "finding": finding, "spans": spans})
            marks += spans
        kinds.append((check, len(found), entries))
    texts = [(each, list(_segments(each, marks))) for each in report.documents.values()]
    return environment.get_template("report.html").render(
        report=report,
        kinds=kinds,
        texts=texts,
        summary=summary(report),
        naming=naming_note(report),
        phrase={key: report.localise(text) for key, text in PHRASES.items()},
        severity={key: report.localise(text) for key, text in ONE_SEVERITY.items()},
        name=lambda location: element_name(location, report),
        acceptance=lambda accepted: acceptance_note(accepted, report),
    )


def _spans(number: int, finding: Finding, report: Report) -> Iterator[_Object]:
    """Yield the spans of a finding, one or two, each with its context and its HTML anchor in the whole text."""
    document = report.document(finding)
    for location, letter in ((finding.location, "w"), (finding.other, "o")):
        if document is None or location is None or location.start is None or location.end is None:
            continue
        text = document.source.text
        line, first, _ = line_at(document.source, location.start)
        last = max(location.end, line_at(document.source, max(location.start, location.end - 1))[2])
        before, after = text[first : location.start], text[location.end : last]
        yield {
            "document": document,
            "finding": finding,
            "number": number,
            "location": location,
            "anchor": f"{letter}{number}",
            "line": line,
            "before": before if len(before) <= _CONTEXT else "…" + before[-_CONTEXT:],
            "words": text[location.start : location.end],
            "after": after if len(after) <= _CONTEXT else after[:_CONTEXT] + "…",
        }


def _segments(document: Document, marks: Iterable[_Object]) -> Iterator[_Object]:
    """Yield the text of a document in segments, split where a span begins or ends.

    A segment has the spans that contain it (`inside`, the shortest first), the spans that begin with it (`begins`), and
    the severity of the shortest span.
    """
    text, begins = document.source.text, defaultdict(list)
    here = [mark for mark in marks if mark["document"] is document]
    for mark in here:
        begins[mark["location"].start].append(mark)
    inside: list[_Object] = []
    for start, end in pairwise(sorted({0, len(text), *begins, *(mark["location"].end for mark in here)})):
        inside = [mark for mark in inside if mark["location"].end != start] + begins[start]
        inside.sort(key=lambda mark: (mark["location"].end - mark["location"].start, mark["number"]))
        severity = inside[0]["finding"].severity if inside else ""
        yield {"text": text[start:end], "inside": inside, "begins": begins[start], "severity": severity}


_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def as_sarif(report: Report) -> str:
    """Return the report as a SARIF log with one run. Columns and offsets are in code points."""
    codes = sorted({finding.code for finding in report.findings})
    run: _Object = {
        "tool": {
            "driver": {
                "name": "crmgraph",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": BASE,
                "language": report.language,
                "rules": [_rule(report.checks[code], report) for code in codes],
            }
        },
        "language": report.language,
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\r", "\n"],
        "artifacts": [
            {
                "location": {"uri": document.uri},
                "roles": ["analysisTarget"],
                "mimeType": "text/plain",
                "encoding": "UTF-8",
                **({"hashes": {"sha-256": document.source.sha256}} if document.source.sha256 else {}),
            }
            for document in report.documents.values()
        ],
        "results": [_result(finding, codes.index(finding.code), report) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(check: Check, report: Report) -> _Object:
    title, explanation, remedy = (report.localise(text) for text in (check.title, check.explanation, check.remedy))
    why, mend = report.localise(PHRASES["why"]), report.localise(PHRASES["remedy"])
    example = f"{report.localise(PHRASES['example'])}: {report.localise(check.example)}"
    return {
        "id": check.code,
        "name": "".join(word.capitalize() for word in check.code.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": explanation},
        "help": {
            "text": f"{explanation}\n\n{example}\n\n{mend}: {remedy}",
            "markdown": f"**{why}**: {explanation}\n\n{example}\n\n**{mend}**: {remedy}",
        },
        "helpUri": f"{BASE}findings/{check.code}",
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {
            "tags": [check.group.name],
            **{
                language: {
                    name: getattr(text, "spanish", text) if language == "es" else str(text)
                    for name, text in (
                        ("title", check.title),
                        ("explanation", check.explanation),
                        ("example", check.example),
                        ("remedy", check.remedy),
                    )
                }
                for language in ("es", "en")
            },
        },
    }


def _result(finding: Finding, rule: int, report: Report) -> _Object:
    document = report.document(finding)
    result: _Object = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _escaped_message(report.localise(finding.text))},
        "locations": [_location(finding.location, document, report)],
        "partialFingerprints": {"crmgraph/v1": hashlib.sha256("\0".join(finding.identity).encode()).hexdigest()},
        # If any result has `suppressions`, all results must have it (SARIF 2.1.0, 3.27.23).
        "suppressions": [
            {
                "kind": "external",
                "status": "accepted",
                "justification": accepted.reason_es if report.language == "es" else accepted.reason_en,
                "properties": asdict(accepted),
            }
            for accepted in (finding.accepted,)
            if accepted is not None
        ],
        "properties": {"message_es": finding.message_es, "message_en": finding.message_en},
    }
    if finding.other is not None:
        text = f"{report.localise(PHRASES['other'])} {element_name(finding.other, report)}"
        result["relatedLocations"] = [
            {"id": 1, "message": {"text": text}, **_location(finding.other, document, report)}
        ]
    if finding.triples:
        result["properties"]["triples"] = list(finding.triples)
    if report.known is not None:
        result["baselineState"] = "new"
    return result


def _escaped_message(text: str) -> str:
    """Return a text as a SARIF message, with braces and links escaped (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))


def _location(location: Location, document: Document | None, report: Report) -> _Object:
    found: _Object = {
        "logicalLocations": [
            {"name": element_name(location, report), "fullyQualifiedName": location.element, "kind": "element"}
        ]
    }
    if document is not None:
        index = list(report.documents.values()).index(document)
        place: _Object = {"artifactLocation": {"uri": document.uri, "index": index}}
        if location.start is not None and location.end is not None:
            place["region"] = _region(location.start, location.end, document)
        found["physicalLocation"] = place
    return found


def _region(start: int, end: int, document: Document) -> _Object:
    line, begin, _ = line_at(document.source, start)
    last_line, last_begin, _ = line_at(document.source, max(start, end - 1))
    return {
        "startLine": line,
        "startColumn": start - begin + 1,
        "endLine": last_line,
        "endColumn": end - last_begin + 1,
        "charOffset": start,
        "charLength": end - start,
        "snippet": {"text": document.source.text[start:end]},
    }
