"""Reports in each form: for people as text and as a page, for programs as JSON, SARIF and Turtle."""

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
from crmgraph.checks.reports import ONE_SEVERITY, PHRASES, Document, Report, acceptance, as_text, name, naming, summary
from crmgraph.namespaces import BASE

FORMATS = ("text", "json", "turtle", "sarif", "html")
"""The names of the forms in which a report can be written."""


def write(report: Report, form: str, base: str) -> str:
    """Return the report in one of the `FORMATS`; `base` is that of the addresses of things."""
    if form == "turtle":
        # rdflib is slow to import, and the other forms have no use for it.
        from crmgraph.checks.graph import as_turtle

        return as_turtle(report, base)
    if form == "json":
        return as_json(report.findings)
    return {"text": as_text, "sarif": as_sarif, "html": as_html}[form](report)


_AROUND = 80
_Object = dict[str, Any]


def as_html(report: Report) -> str:
    """Return a page that stands alone: the findings by kind, and the text with their words marked, linked both ways."""
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
    for check, found in report.kinds:
        entries = []
        for finding in () if check.is_counted else found:
            number = next(numbers)
            shown = list(_marks(number, finding, report))
            entries.append({"number": number, "finding": finding, "shown": shown})
            marks += shown
        kinds.append((check, len(found), entries))
    texts = [(each, list(_segments(each, marks))) for each in report.documents.values()]
    return environment.get_template("report.html").render(
        report=report,
        kinds=kinds,
        texts=texts,
        summary=summary(report),
        naming=naming(report),
        phrase={key: report.say(text) for key, text in PHRASES.items()},
        severity={key: report.say(text) for key, text in ONE_SEVERITY.items()},
        name=lambda location: name(location, report),
        acceptance=lambda accepted: acceptance(accepted, report),
    )


def _marks(number: int, finding: Finding, report: Report) -> Iterator[_Object]:
    """Return the words of a finding, with what is around them and the anchor that they have in the whole text."""
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
            "before": before if len(before) <= _AROUND else "…" + before[-_AROUND:],
            "words": text[location.start : location.end],
            "after": after if len(after) <= _AROUND else after[:_AROUND] + "…",
        }


def _segments(document: Document, marks: Iterable[_Object]) -> Iterator[_Object]:
    """Return the text cut wherever some words begin or end; the shortest words that a segment is in come first."""
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
    """Return a SARIF log of one run. Columns and offsets count code points; each text is in both languages."""
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
    title, explanation, remedy = (report.say(text) for text in (check.title, check.explanation, check.remedy))
    why, mend = report.say(PHRASES["why"]), report.say(PHRASES["remedy"])
    example = f"{report.say(PHRASES['example'])}: {report.say(check.example)}"
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
        "message": {"text": _plain(report.say(finding.text))},
        "locations": [_location(finding.location, document, report)],
        "partialFingerprints": {"crmgraph/v1": hashlib.sha256("\0".join(finding.identity).encode()).hexdigest()},
        # Where one result says whether it is suppressed, all must (3.27.23).
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
        said = f"{report.say(PHRASES['other'])} {name(finding.other, report)}"
        result["relatedLocations"] = [
            {"id": 1, "message": {"text": said}, **_location(finding.other, document, report)}
        ]
    if finding.triples:
        result["properties"]["triples"] = list(finding.triples)
    if report.known is not None:
        result["baselineState"] = "new"
    return result


def _plain(text: str) -> str:
    """Return the text of a message with braces and links escaped (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))


def _location(location: Location, document: Document | None, report: Report) -> _Object:
    found: _Object = {
        "logicalLocations": [
            {"name": name(location, report), "fullyQualifiedName": location.element, "kind": "element"}
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
