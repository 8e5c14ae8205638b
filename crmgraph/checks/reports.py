"""Reports of findings: the model, the phrases in both languages, and the formats text, HTML, JSON, SARIF and Turtle."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import count, groupby, pairwise
from pathlib import Path
from typing import Any
from unicodedata import category

from rich.cells import cell_len

from crmgraph import __version__
from crmgraph.checks.findings import (
    SEVERITIES,
    Acceptance,
    Check,
    Finding,
    Location,
    as_json,
    line_at,
    place_names,
)
from crmgraph.errors import Bilingual, in_language, shortened
from crmgraph.namespaces import BASE
from crmgraph.reading.model import Source


@dataclass(frozen=True)
class Document:
    """A checked document.

    Attributes:
        name: The name shown to readers, usually the file name.
        uri: The URI for programs, in SARIF.
        source: The text.
    """

    name: str
    uri: str
    source: Source


@dataclass(frozen=True)
class Report:
    """The contents of a report.

    Attributes:
        findings: The findings to report.
        checks: The checks, by code.
        documents: The checked documents, by the `file` of the findings.
        language: The language of the report, "es" or "en".
        others: The number of findings omitted because only some checks were requested.
    """

    findings: tuple[Finding, ...]
    checks: Mapping[str, Check]
    documents: Mapping[str | None, Document] = field(default_factory=dict)
    language: str = "es"
    others: int = 0

    @property
    def findings_by_check(self) -> list[tuple[Check, list[Finding]]]:
        """The checks with their findings: from the most to the least severe, then by group and code."""

        def rank(finding: Finding) -> tuple[int, int, str]:
            return SEVERITIES.index(finding.severity), self.checks[finding.code].group.order, finding.code

        return [
            (self.checks[code], list(found)) for (_, _, code), found in groupby(sorted(self.findings, key=rank), rank)
        ]

    def document(self, finding: Finding) -> Document | None:
        """Return the document that a finding is about; None if the report does not have it."""
        return self.documents.get(finding.file)

    def localise(self, text: str) -> str:
        """Return a bilingual text in the language of the report. Other text is returned unchanged."""
        return in_language(text, self.language)

    def count_phrase(self, what: str, number: int) -> str:
        """Return a number with its noun in singular or plural, such as "2 errors"; `what` is a key of _ONE_AND_MORE."""
        return self.localise(_ONE_AND_MORE[what][number != 1]).format(n=number)


ONE_SEVERITY = {
    "violation": Bilingual("error", "error"),
    "warning": Bilingual("warning", "advertencia"),
    "info": Bilingual("information", "información"),
}
PHRASES = {
    "title": Bilingual("Consistency report", "Informe de coherencia"),
    "why": Bilingual("Why it matters", "Por qué importa"),
    "remedy": Bilingual("How to correct it", "Cómo corregirlo"),
    "example": Bilingual("Example", "Ejemplo"),
    "other": Bilingual("compare", "compárese"),
    "plan": Bilingual("the plan", "el plan"),
    "follows": Bilingual("from these statements", "de estas afirmaciones"),
    "counted": Bilingual(
        "no defect of the plan; --format json lists them one by one",
        "no son defectos del plan; --format json los enumera",
    ),
    "source": Bilingual("The text, with the words marked", "El texto, con las palabras marcadas"),
    "kinds": Bilingual("Kinds of finding", "Clases de hallazgo"),
    "back": Bilingual("to the finding", "al hallazgo"),
    "nothing": Bilingual("No defect was found.", "No se halló ningún defecto."),
    "nothing-of-kind": Bilingual("No defect of this kind was found.", "No se halló ningún defecto de esta clase."),
    "accepted": Bilingual("Accepted by {by} on {on}: {reason_en}", "Aceptado por {by} el {on}: {reason_es}"),
}
_ONE_AND_MORE = {
    "violation": (Bilingual("{n} error", "{n} error"), Bilingual("{n} errors", "{n} errores")),
    "warning": (Bilingual("{n} warning", "{n} advertencia"), Bilingual("{n} warnings", "{n} advertencias")),
    "info": (
        Bilingual("{n} for information", "{n} informativo"),
        Bilingual("{n} for information", "{n} informativos"),
    ),
    "findings": (Bilingual("{n} finding", "{n} hallazgo"), Bilingual("{n} findings", "{n} hallazgos")),
    "accepted": (
        Bilingual("{n} accepted as explained.", "{n} aceptado como explicado."),
        Bilingual("{n} accepted as explained.", "{n} aceptados como explicados."),
    ),
    "others": (
        Bilingual("{n} of other kinds is not shown.", "No se muestra {n} de otras clases."),
        Bilingual("{n} of other kinds are not shown.", "No se muestran {n} de otras clases."),
    ),
}


def element_name(location: Location, report: Report) -> str:
    """Return the name of an element in words, such as “Human Rights, action 1.2”, or "the plan" for the plan itself."""
    return place_names([location], report.language) or report.localise(PHRASES["plan"])


def acceptance_note(accepted: Acceptance, report: Report) -> str:
    """Return a sentence that states who accepted a finding, when and why."""
    return report.localise(PHRASES["accepted"]).format(**asdict(accepted))


def summary(report: Report) -> str:
    """Return the number of findings, in all and by severity, and the number of accepted findings."""
    listed = [finding for check, found in report.findings_by_check if not check.is_counted for finding in found]
    grave = Counter(finding.severity for finding in listed)
    accepted = sum(finding.accepted is not None for finding in listed)
    if listed:
        counts = ", ".join(report.count_phrase(severity, grave[severity]) for severity in SEVERITIES if grave[severity])
        sentences = [f"{report.count_phrase('findings', len(listed))}: {counts}."]
    elif report.others:
        sentences = [report.localise(PHRASES["nothing-of-kind"]), report.count_phrase("others", report.others)]
    else:
        sentences = [report.localise(PHRASES["nothing"])]
    return " ".join((*sentences, *([report.count_phrase("accepted", accepted)] if accepted else [])))


_CONTROL_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""The Unicode categories of control, format, surrogate and separator characters, which a terminal may interpret."""
_LONGEST_WORDS = 40
"""The number of code points of a span that the text format shows."""
_SHORT_CONTEXT = 30
"""The number of code points on each side of a span that the text format shows."""


_Object = dict[str, Any]


def _excerpt(source: Source, start: int, end: int, context: int) -> _Object:
    """Return the words of a source from `start` to `end`, with the parts of their lines before and after them.

    There are at most `context` code points on each side. The keys are `before`, `words`, `after`, and the `line` and
    `column`, from 1.
    """
    text = source.text
    line, first, _ = line_at(source, start)
    last = max(end, line_at(source, max(start, end - 1))[2])
    before, after = text[first:start], text[end:last]
    return {
        "line": line,
        "column": start - first + 1,
        "before": before if len(before) <= context else "…" + before[-context:],
        "words": text[start:end],
        "after": after if len(after) <= context else after[:context] + "…",
    }


def printable(text: str) -> str:
    """Return the text on one line, with the replacement character (U+FFFD) in place of control characters."""
    return _without_controls(" ".join(text.split()))


def _without_controls(text: str) -> str:
    return "".join("\ufffd" if category(each) in _CONTROL_CATEGORIES else each for each in text.replace("\t", " "))


def as_text(report: Report) -> str:
    """Return the report as text.

    The findings are grouped by check. Each has its message, and its location with the line of the source in which its
    text is marked, or all its locations if it has several. A summary follows. For a check that is only counted
    (`Check.is_counted`), the text contains just the number of findings.
    """
    lines: list[str] = []
    for check, found in report.findings_by_check:
        advice = f"{report.localise(PHRASES['remedy'])}: {report.localise(check.remedy)}"
        lines += [
            report.localise(check.title) + (f" ({len(found)})" if len(found) > 1 else ""),
            f"  {report.localise(ONE_SEVERITY[check.severity])} · {check.code}",
            f"  {report.localise(PHRASES['counted']) if check.is_counted else advice}",
            *(line for finding in found if not check.is_counted for line in _finding_lines(finding, report)),
            "",
        ]
    return "\n".join([*lines, summary(report)])


def _finding_lines(finding: Finding, report: Report) -> Iterator[str]:
    document, other, accepted = report.document(finding), finding.other, finding.accepted
    yield f"  {printable(report.localise(finding.own_text))}"
    if finding.places:
        yield from _place_lines(finding, document)
    else:
        yield from _excerpt_lines(finding.location, document)
        if other is not None:
            yield f"    {report.localise(PHRASES['other'])} {element_name(other, report)}:"
            yield from _excerpt_lines(other, document)
    yield from (f"    {printable(report.localise(each))}" for each in finding.following)
    if finding.triples:
        yield f"    {report.localise(PHRASES['follows'])}:"
        yield from (f"      {printable(triple)}" for triple in finding.triples)
    if accepted is not None:
        yield f"    {printable(acceptance_note(accepted, report))}"


def _place_lines(finding: Finding, document: Document | None) -> Iterator[str]:
    """Yield the positions of a finding with several places, by their words unless they are whole numbered parts."""
    positions: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for each in (finding.location, *(place.location for place in finding.places)):
        if each.start is not None and document is not None:
            exact = each.exact or ""
            said = "" if each.number and exact.startswith(each.number) else printable(shortened(exact, _LONGEST_WORDS))
            words.setdefault(said.casefold(), said)
            line, first, _ = line_at(document.source, each.start)
            positions.setdefault(said.casefold(), []).append(f"{line}:{each.start - first + 1}")
    for key, places in positions.items():
        yield f"    {printable(document.name if document else '')}:{', '.join(places)} {words[key]}".rstrip()


def _excerpt_lines(location: Location, document: Document | None) -> list[str]:
    if location.start is None or location.end is None or document is None:
        return []
    seen = _excerpt(document.source, location.start, location.end, _SHORT_CONTEXT)
    parts = seen["before"].lstrip(), shortened(seen["words"], _LONGEST_WORDS), seen["after"].rstrip()
    before, words, after = map(_without_controls, parts)
    return [
        f"    {printable(document.name)}:{seen['line']}:{seen['column']}",
        f"      {before}{words}{after}",
        f"      {' ' * cell_len(before)}{'^' * max(1, cell_len(words))}",
    ]


FORMATS = ("text", "json", "turtle", "sarif", "html")
"""The formats in which a report can be written."""


def write(report: Report, format: str, base: str) -> str:
    """Return the report in one of the `FORMATS`; `base` is the base IRI of the dataset, for Turtle."""
    if format == "turtle":
        # rdflib is slow to import, and the other formats do not need it.
        from crmgraph.checks.shacl import as_turtle

        return as_turtle(report.findings, base)
    writers = {"text": as_text, "sarif": as_sarif, "html": as_html}
    return as_json(report.findings) if format == "json" else writers[format](report)


_CONTEXT = 80
"""The number of code points of context on each side of a quoted span."""


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
        phrase={key: report.localise(text) for key, text in PHRASES.items()},
        severity={key: report.localise(text) for key, text in ONE_SEVERITY.items()},
        name=lambda location: element_name(location, report),
        acceptance=lambda accepted: acceptance_note(accepted, report),
    )


def _spans(number: int, finding: Finding, report: Report) -> Iterator[_Object]:
    """Yield the spans of a finding, each with its context and its HTML anchor in the whole text."""
    document = report.document(finding)
    for place, location in enumerate((finding.location, *finding.further)):
        if document is not None and location.start is not None and location.end is not None:
            yield {
                "document": document,
                "finding": finding,
                "number": number,
                "location": location,
                "anchor": f"w{number}" + (f"-{place}" if place else ""),
                **_excerpt(document.source, location.start, location.end, _CONTEXT),
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
LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
"""The level in SARIF for each severity."""
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
        "defaultConfiguration": {"level": LEVELS[check.severity]},
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
    accepted = finding.accepted
    reason = accepted and (accepted.reason_es if report.language == "es" else accepted.reason_en)
    related = [
        {"id": id, "message": {"text": element_name(each, report)}, **_location(each, document, report)}
        for id, each in enumerate(finding.further, 1)
    ]
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        # Braces and links are escaped (SARIF 2.1.0, 3.11.5 and 3.11.6).
        "message": {"text": _LINK.sub(r"\\[", report.localise(finding.text).replace("{", "{{").replace("}", "}}"))},
        "locations": [_location(finding.location, document, report)],
        "partialFingerprints": {"crmgraph/v1": hashlib.sha256("\0".join(finding.identity).encode()).hexdigest()},
        # If any result has `suppressions`, all results must have it (SARIF 2.1.0, 3.27.23).
        "suppressions": [
            {"kind": "external", "status": "accepted", "justification": reason, "properties": asdict(accepted)}
        ]
        if accepted
        else [],
        "properties": {
            "message_es": finding.text.spanish,
            "message_en": str(finding.text),
            **({"triples": list(finding.triples)} if finding.triples else {}),
        },
        **({"relatedLocations": related} if related else {}),
    }


def _location(location: Location, document: Document | None, report: Report) -> _Object:
    name = {"name": element_name(location, report), "fullyQualifiedName": location.element, "kind": "element"}
    if document is None:
        return {"logicalLocations": [name]}
    place: _Object = {
        "artifactLocation": {"uri": document.uri, "index": list(report.documents.values()).index(document)}
    }
    if location.start is not None and location.end is not None:
        place["region"] = _region(location.start, location.end, document)
    return {"logicalLocations": [name], "physicalLocation": place}


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
