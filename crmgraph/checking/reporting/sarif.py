"""The report as SARIF 2.1.0 (OASIS Standard), which code forges and editors show in place."""

import hashlib
import json
import re
from typing import Any

from crmgraph import __version__
from crmgraph.checking.catalogue import Check
from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.reporting.excerpt import line_at
from crmgraph.checking.reporting.phrases import PHRASES, name
from crmgraph.checking.reporting.report import Document, Report
from crmgraph.namespaces import BASE

__all__ = ["as_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_Object = dict[str, Any]


def as_sarif(report: Report) -> str:
    """A SARIF log of one run. Columns and offsets count Unicode code points; each text is in both languages."""
    codes = sorted({finding.code for finding in report.findings})
    documents = list(report.documents.values())
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
        "artifacts": [_artifact(document) for document in documents],
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


def _artifact(document: Document) -> _Object:
    artifact: _Object = {
        "location": {"uri": document.uri},
        "roles": ["analysisTarget"],
        "mimeType": "text/plain",
        "encoding": "UTF-8",
    }
    if document.source.sha256:
        artifact["hashes"] = {"sha-256": document.source.sha256}
    return artifact


def _result(finding: Finding, rule: int, report: Report) -> _Object:
    document = report.document(finding)
    result: _Object = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(finding.message(report.language))},
        "locations": [_location(finding.spot, document, report)],
        "partialFingerprints": {"crmgraph/v1": hashlib.sha256("\0".join(finding.identity).encode()).hexdigest()},
        # Where one result says whether it is suppressed, all must (3.27.23).
        "suppressions": _suppressions(finding, report),
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
    """The text of a message as it is, for braces and what looks like a link mean something there (3.11.5, 3.11.6)."""
    return _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))


def _suppressions(finding: Finding, report: Report) -> list[_Object]:
    accepted = finding.accepted
    if accepted is None:
        return []
    reason = accepted.reason_es if report.language == "es" else accepted.reason_en
    said = {"by": accepted.by, "on": accepted.on, "reason_es": accepted.reason_es, "reason_en": accepted.reason_en}
    return [{"kind": "external", "status": "accepted", "justification": reason, "properties": said}]


def _location(spot: Spot, document: Document | None, report: Report) -> _Object:
    location: _Object = {
        "logicalLocations": [{"name": name(spot, report), "fullyQualifiedName": spot.element, "kind": "element"}]
    }
    if document is not None:
        index = list(report.documents.values()).index(document)
        place: _Object = {"artifactLocation": {"uri": document.uri, "index": index}}
        if spot.start is not None and spot.end is not None:
            place["region"] = _region(spot.start, spot.end, document)
        location["physicalLocation"] = place
    return location


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
