"""The findings as the pages show them: each with its place or places in the source."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.findings.checks import SEVERITIES
from crmgraph.site.source.contexts import Context, contexts
from crmgraph.site.source.excerpt import quotations

__all__ = ["Acceptance", "Finding", "Place", "all_findings", "by_code", "findings_on", "the_finding"]

_FINDINGS = """
SELECT DISTINCT ?x ?code ?severity ?message ?element ?number ?passage ?other ?otherNumber ?otherPassage
  ?by ?on ?because {
  %(condition)s
  ?x a cg:Finding ; cg:code ?code ; cg:severity ?severity ; cg:element ?element ; rdfs:comment ?message
  FILTER (LANG(?message) = "%(language)s")
  OPTIONAL { ?element cg:number ?number }
  OPTIONAL { ?x cg:passage ?passage }
  OPTIONAL { ?x cg:relatedElement ?other OPTIONAL { ?other cg:number ?otherNumber } }
  OPTIONAL { ?x cg:relatedPassage ?otherPassage }
  OPTIONAL {
    ?x cg:acceptedBy ?by ; cg:acceptedOn ?on ; cg:acceptedBecause ?because
    FILTER (LANG(?because) = "%(language)s")
  }
}"""

_OBJECTIVES = """
SELECT DISTINCT ?x ?number {
  VALUES ?x { %s } ?x cg:within ?objective . ?objective a cg:Objective ; cg:number ?number
}"""


@dataclass(frozen=True)
class Place:
    """An element, what it is called, and the words in it that show the defect (if any do).

    `theme` is the label of the theme that it is in, in its language; both are empty where it is in none. `objective` is
    the number of the objective that it is in, where it has none itself: the same words may stand in several.
    """

    element: str
    number: str
    label: str
    language: str
    theme: str
    theme_language: str
    context: Context | None
    objective: str = ""

    @property
    def is_quoted(self) -> bool:
        """Whether the words that are shown are, or hold, what the element is called."""
        if self.context is None:
            return False
        words = self.context.before + self.context.quotation.exact + self.context.after
        return " ".join(self.label.split()) in " ".join(words.split())


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a finding as explained, on which day (as 2026-11-26), and why."""

    by: str
    on: str
    because: str


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or worth knowing, in its place; `other` is the second place of one that is about two."""

    iri: str
    code: str
    severity: str
    message: str
    place: Place
    other: Place | None
    theme: str
    acceptance: Acceptance | None

    @property
    def anchor(self) -> str:
        """Its name on a page of findings."""
        return self.iri.partition("/id/finding/")[2].replace("/", "_")


def all_findings(site: Site, language: str) -> tuple[Finding, ...]:
    """All findings, the gravest first, then by code and place in the source; messages in this language."""
    return _findings(site, "", language)


def the_finding(site: Site, iri: str, language: str) -> Finding | None:
    """The finding with this IRI; None where there is none."""
    return next(iter(_findings(site, f"VALUES ?x {{ {reference(iri)} }}", language)), None)


def findings_on(site: Site, element: str, language: str) -> tuple[Finding, ...]:
    """The findings that concern the element with this IRI, and those of which it is the second place."""
    iri = reference(element)
    return _findings(site, f"{{ ?x cg:element {iri} }} UNION {{ ?x cg:relatedElement {iri} }}", language)


def by_code(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """The findings under their codes, in the order in which the codes first appear."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    return {code: tuple(group) for code, group in groups.items()}


def _findings(site: Site, condition: str, language: str) -> tuple[Finding, ...]:
    rows = site.select(_FINDINGS % {"condition": condition, "language": language})
    passages = (row[name].value for row in rows for name in ("passage", "otherPassage") if name in row)
    quoted = contexts(site, quotations(site, passages).values())
    elements = {row[name].value for row in rows for name in ("element", "other") if name in row}
    objectives = {row["x"].value: row["number"].value for row in _objectives_of(site, elements)}
    labels = site.labels(elements | {_theme_of(element, site) for element in elements} - {""})

    def place(row: Row, element: str, number: str, passage: str) -> Place | None:
        if element not in row:
            return None
        iri = row[element].value
        label, spoken = in_language(labels.get(iri, {}), language)
        theme = _theme_of(iri, site)
        above = in_language(labels.get(theme, {}), language) if theme != iri else ("", "")
        context = quoted.get(row[passage].value) if passage in row else None
        own = row[number].value if number in row else ""
        return Place(iri, own, label, spoken, *above, context, "" if own else objectives.get(iri, ""))

    def finding(row: Row) -> Finding:
        first = place(row, "element", "number", "passage")
        assert first is not None
        accepted = Acceptance(row["by"].value, row["on"].value, row["because"].value) if "by" in row else None
        return Finding(
            iri=row["x"].value,
            code=row["code"].value,
            severity=row["severity"].value.rpartition("#")[2],
            message=row["message"].value,
            place=first,
            other=place(row, "other", "otherNumber", "otherPassage"),
            theme=_home(first.element, site)[1],
            acceptance=accepted,
        )

    return tuple(sorted(map(finding, rows), key=_gravity))


def _objectives_of(site: Site, elements: Iterable[str]) -> tuple[Row, ...]:
    return site.select(_OBJECTIVES % " ".join(map(reference, sorted(elements))))


def _gravity(finding: Finding) -> tuple[int, str, int, str, str]:
    context = finding.place.context
    start = context.quotation.start if context else 0
    return SEVERITIES.index(finding.severity), finding.code, start, finding.place.element, finding.iri


def _home(element: str, site: Site) -> tuple[str, str]:
    """The ids of the plan, and of the theme in it, that an element is or belongs to; nothing for anything else."""
    kind, *path = element.removeprefix(site.names.id()).split("/")
    plan, theme = (*path, "", "")[:2] if kind == "plan" else ("", "")
    return plan, theme


def _theme_of(element: str, site: Site) -> str:
    """The IRI of the theme that an element is or belongs to; empty where it belongs to none."""
    plan, theme = _home(element, site)
    return site.names.id("plan", plan, theme) if theme else ""
