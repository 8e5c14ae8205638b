"""The consistency report as its pages and its JSON show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.serving.pages.excerpt import Quotation, quotations
from crmgraph.serving.pages.site import Row, Site, in_language, reference

__all__ = ["SEVERITIES", "Finding", "all_findings", "by_code", "findings_on", "report"]

SEVERITIES = ("violation", "warning", "info")

_FINDINGS = """
SELECT DISTINCT ?x ?code ?severity ?element ?number ?label ?passage ?message {
  %s
  ?x a cg:Finding ; cg:code ?code ; cg:severity ?severity ; rdfs:comment ?message
  OPTIONAL { ?x cg:element ?element
    OPTIONAL { ?element cg:number ?number }
    OPTIONAL { ?element rdfs:label ?label } }
  OPTIONAL { ?x cg:passage ?passage }
}"""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or worth knowing, with the words of the source that show it (if any do)."""

    iri: str
    code: str
    severity: str
    message: str
    messages: dict[str, str]
    element: str
    element_number: str
    element_label: str
    quotation: Quotation | None


def all_findings(site: Site, language: str) -> tuple[Finding, ...]:
    """All findings, the gravest first, then by code and place in the source; messages in this language."""
    return _findings(site, "", language)


def findings_on(site: Site, element: str, language: str) -> tuple[Finding, ...]:
    """The findings that concern the element with this IRI."""
    return _findings(site, f"?x cg:element {reference(element)} .", language)


def by_code(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """The findings under their codes, in the order in which the codes first appear."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    return {code: tuple(group) for code, group in groups.items()}


def report(findings: Iterable[Finding], plan: str) -> list[dict[str, object]]:
    """The findings as `crmgraph check --format json` prints them; `plan` is the IRI of the plan."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "element": finding.element,
            "number": finding.element_number or None,
            "theme": _theme(finding.element, plan),
            "passage": finding.quotation.iri if finding.quotation else None,
            "start": finding.quotation.start if finding.quotation else None,
            "end": finding.quotation.end if finding.quotation else None,
            "exact": finding.quotation.exact if finding.quotation else None,
            "message_es": finding.messages.get("es"),
            "message_en": finding.messages.get("en"),
        }
        for finding in findings
    ]


def _findings(site: Site, condition: str, language: str) -> tuple[Finding, ...]:
    rows: dict[str, list[Row]] = {}
    for row in site.select(_FINDINGS % condition):
        rows.setdefault(row["x"].value, []).append(row)
    quoted = quotations(site, (row["passage"].value for group in rows.values() for row in group if "passage" in row))
    findings = (_finding(group, quoted, language) for group in rows.values())
    return tuple(sorted(findings, key=_gravity))


def _finding(rows: list[Row], quoted: dict[str, Quotation], language: str) -> Finding:
    first = rows[0]
    messages = {row["message"].language: row["message"].value for row in rows}
    labels = {row["label"].language: row["label"].value for row in rows if "label" in row}
    return Finding(
        iri=first["x"].value,
        code=first["code"].value,
        severity=first["severity"].value.rpartition("#")[2],
        message=in_language(messages, language)[0],
        messages=messages,
        element=first["element"].value if "element" in first else "",
        element_number=first["number"].value if "number" in first else "",
        element_label=in_language(labels, language)[0],
        quotation=quoted.get(first["passage"].value) if "passage" in first else None,
    )


def _gravity(finding: Finding) -> tuple[int, str, int, str, int]:
    gravest = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    start, end = (finding.quotation.start, finding.quotation.end) if finding.quotation else (0, 0)
    return gravest, finding.code, start, finding.element, end


def _theme(element: str, plan: str) -> str | None:
    return element.removeprefix(plan + "/").split("/")[0] if element.startswith(plan + "/") else None
