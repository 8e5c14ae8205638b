"""The consistency report and the catalogue of checks: findings in their places, as pages and as data."""

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from starlette.responses import Response

from crmgraph.errors import UnavailableError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource
from crmgraph.site.base.addresses import check_choice
from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.representations import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    about,
    data_response,
    turtle_as,
)
from crmgraph.site.base.site import Row, Site, in_language, local_name, reference, rows_by, text_of, texts_by, write_csv
from crmgraph.site.base.visits import Visit
from crmgraph.site.plans import Choice, PlanPart, outline
from crmgraph.site.source import Context, contexts, quotations
from crmgraph.sparql.engine import NOT_THERE
from crmgraph.wording import Bilingual

__all__ = [
    "REPORT_PARAMETERS",
    "SHAPES",
    "Acceptance",
    "Check",
    "Finding",
    "Place",
    "Selection",
    "all_findings",
    "checks",
    "findings_on",
    "findings_page",
    "near_codes",
    "report_rows",
    "shapes_page",
    "the_finding",
]

SHAPES = f"{ONTOLOGY}/shapes"
"""The IRI of the shapes as a whole."""

_NO_THEME = "none"
"""The value of the parameter `theme` for findings that are in no theme, such as those of the plan as a whole."""

_BY = ("kind", "place")

REPORT_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "severity",
        "in": "query",
        "description": "Only findings of this severity; leave empty for all",
        "schema": {"type": "string", "enum": [*SEVERITY_ORDER, ""]},
    },
    {
        "name": "theme",
        "in": "query",
        "description": "Only findings in the theme with this id",
        "schema": {"type": "string"},
        "example": "pgm",
    },
    {
        "name": "by",
        "in": "query",
        "description": "How the page groups them",
        "schema": {"type": "string", "enum": [*_BY, ""]},
    },
)
"""The parameters of the report, as OpenAPI describes them."""

_CHECKS = """
SELECT ?code ?severity ?order ?group ?property ?text {
  ?x a cg:Check ; cg:code ?code ; sh:severity ?severity ; sh:group ?part .
  ?part sh:order ?order ; rdfs:label ?group .
  VALUES ?property { rdfs:label rdfs:comment skos:example cg:remedy }
  ?x ?property ?text
  FILTER (LANG(?group) = "%(language)s" && LANG(?text) = "%(language)s")
}"""
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
_THEMES = (
    "SELECT ?x ?label { ?x a cg:Theme ; dcterms:isPartOf %s ; cg:order ?order ; rdfs:label ?label } ORDER BY ?order"
)
_COLUMNS = (
    *("finding", "severity", "code", "check", "message", "element", "number", "label", "theme"),
    *("source", "start", "end", "exact", "other", "other_exact", "accepted_by", "accepted_because"),
)
_OF_ANOTHER = Bilingual(
    "The report in JSON is of another dataset than the one that this store began as. The findings that the store has "
    "can be had in every syntax of RDF.",
    "El informe en JSON es de un conjunto de datos distinto de aquel con el que empezó este almacén. Los hallazgos que "
    "guarda el almacén se pueden obtener en cualquier sintaxis de RDF.",
)


@dataclass(frozen=True)
class Check:
    """A kind of defect, in the language of the page; `group` is the title of its group, `order` the group's place."""

    code: str
    severity: str
    order: int
    group: str
    title: str
    explanation: str
    example: str
    remedy: str


@dataclass(frozen=True)
class Place(PlanPart):
    """An element with its number and name, its theme, and the words in it that show the defect, if any do.

    `theme` is the label of the theme, in its language; empty where the element is in none. `objective` is the number of
    its objective, where the element has no number: the same words may stand in several.
    """

    theme: str
    theme_language: str
    context: Context | None = None
    objective: str = ""

    @property
    def start(self) -> int:
        """The first character of the words."""
        return self.context.quotation.start if self.context else 0

    @property
    def is_quoted(self) -> bool:
        """Whether the words that are shown are, or hold, what the element is called."""
        if self.context is None:
            return False
        words = self.context.before + self.context.quotation.exact + self.context.after
        return " ".join(self.label.split()) in " ".join(words.split())


@dataclass(frozen=True)
class Acceptance:
    """The person who accepted a finding as explained, the day (as 2026-11-26), and the reason."""

    by: str
    on: str
    because: str


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or worth knowing, in its place; `other` is the second place of one that is about two.

    `theme` is the id of the theme that the first is in.
    """

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


@dataclass(frozen=True)
class Selection:
    """The findings to show: those of a check, of a severity, of a theme; empty for any. `by` is how to group them."""

    code: str = ""
    severity: str = ""
    theme: str = ""
    by: str = _BY[0]

    @classmethod
    def read(cls, code: str, query: Mapping[str, str], themes: Mapping[str, str]) -> "Selection":
        """Return what the address asks for. Raises UsageError where it names what there is not."""
        selection = cls(code, query.get("severity", ""), query.get("theme", ""), query.get("by") or _BY[0])
        for name, called, choices in (
            ("severity", Bilingual("severity", "gravedad"), dict.fromkeys(("", *SEVERITY_ORDER), "")),
            ("theme", Bilingual("theme", "tema"), {"": "", **themes, _NO_THEME: ""}),
            ("by", Bilingual("order", "orden"), dict.fromkeys(_BY, "")),
        ):
            check_choice(name, called, getattr(selection, name), choices)
        return selection

    @property
    def query(self) -> str:
        """The query of the address that asks for it, with its question mark; the code is in the path."""
        by = "" if self.by == _BY[0] else self.by
        named = (("severity", self.severity), ("theme", self.theme), ("by", by))
        return "?" * any(value for _, value in named) + "&".join(f"{name}={value}" for name, value in named if value)

    def having(self, **values: str) -> "Selection":
        """Return the same with other values."""
        return replace(self, **values)

    def includes(self, code: str, severity: str, theme: str | None) -> bool:
        """Return whether a finding like this is among those to show."""
        wanted = ((self.code, code), (self.severity, severity), (self.theme, theme or _NO_THEME))
        return all(not asked or asked == has for asked, has in wanted)

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return those among the findings that are to be shown."""
        return [finding for finding in findings if self.includes(finding.code, finding.severity, finding.theme)]

    def choices(self, name: str, labels: Mapping[str, str], findings: Iterable[Finding]) -> list[Choice]:
        """Return what the severity or the theme may be, given the rest; no theme only where there are such findings."""
        chosen = getattr(self, name)
        found = self.having(**{name: ""}).of(findings)
        counts = Counter(getattr(finding, name) or _NO_THEME for finding in found)
        values = [value for value in labels if value != _NO_THEME or counts[value] or value == chosen]
        return [
            Choice(value, labels[value], counts[value], value == chosen, self.having(**{name: value}).query)
            for value in values
        ]


def checks(site: Site, language: str) -> tuple[Check, ...]:
    """Return every check, by group, the gravest first, then by code."""
    found = []
    for (code,), rows in rows_by(site.recall(_CHECKS % {"language": language}), "code").items():
        said = {local_name(row["property"].value): row["text"].value for row in rows}
        texts = (said[name] for name in ("label", "comment", "example", "remedy"))
        severity = local_name(rows[0]["severity"].value).lower()
        found.append(Check(code, severity, int(rows[0]["order"].value), rows[0]["group"].value, *texts))
    return tuple(sorted(found, key=lambda check: (check.order, SEVERITY_ORDER.index(check.severity), check.code)))


def near_codes(code: str, known: Iterable[Check]) -> list[Check]:
    """Return up to three checks whose code is, in whole or in part, written much like this one."""
    by_code = {check.code: check for check in known}
    parts = [name for name in by_code if code and code.casefold() in name]
    alike = difflib.get_close_matches(code.casefold(), by_code, 3)
    return [by_code[name] for name in dict.fromkeys((*alike, *parts))][:3]


def all_findings(site: Site, language: str) -> list[Finding]:
    """Return all findings, the gravest first, then by code and place in the source; messages in this language."""
    return _findings(site, "", language)


def the_finding(site: Site, iri: str, language: str) -> Finding | None:
    """Return the finding with this IRI; None where there is none."""
    return next(iter(_findings(site, f"VALUES ?x {{ {reference(iri)} }}", language)), None)


def findings_on(site: Site, element: str, language: str) -> list[Finding]:
    """Return the findings that concern the element with this IRI, and those of which it is the second place."""
    iri = reference(element)
    return _findings(site, f"{{ ?x cg:element {iri} }} UNION {{ ?x cg:relatedElement {iri} }}", language)


def _findings(site: Site, condition: str, language: str) -> list[Finding]:
    rows = site.select(_FINDINGS % {"condition": condition, "language": language})
    passages = (row[name].value for row in rows for name in ("passage", "otherPassage") if name in row)
    quoted = contexts(site, quotations(site, passages).values())
    elements = {row[name].value for row in rows for name in ("element", "other") if name in row}
    listed = " ".join(map(reference, sorted(elements)))
    objectives = {row["x"].value: row["number"].value for row in site.select(_OBJECTIVES % listed)}
    labels = site.labels({iri for element in elements for iri in (element, _ends(site, element)[1]) if iri})

    def place(row: Row, element: str, number: str, passage: str) -> Place:
        iri, own = row[element].value, text_of(row, number)
        theme = _ends(site, iri)[1]
        label = in_language(labels.get(iri, {}), language)
        above = in_language(labels.get(theme, {}), language) if theme != iri else ("", "")
        context = quoted.get(text_of(row, passage))
        return Place(iri, own, *label, *above, context, "" if own else objectives.get(iri, ""))

    found = [
        Finding(
            iri=row["x"].value,
            code=row["code"].value,
            severity=local_name(row["severity"].value),
            message=row["message"].value,
            place=place(row, "element", "number", "passage"),
            other=place(row, "other", "otherNumber", "otherPassage") if "other" in row else None,
            theme=_ends(site, row["element"].value)[1].rpartition("/")[2],
            acceptance=Acceptance(*(row[name].value for name in ("by", "on", "because"))) if "by" in row else None,
        )
        for row in rows
    ]
    return sorted(
        found,
        key=lambda finding: (
            SEVERITY_ORDER.index(finding.severity),
            finding.code,
            finding.place.start,
            finding.place.iri,
            finding.iri,
        ),
    )


def _ends(site: Site, element: str) -> tuple[str, str]:
    """Return the IRIs of the plan and of the theme that an element is or belongs to; each empty for none."""
    kind, *path = element.removeprefix(site.names.id()).split("/")
    if kind != "plan":
        return "", ""
    return site.names.id(kind, *path[:1]), site.names.id(kind, *path[:2]) if len(path) > 1 else ""


def _by_check(
    findings: Iterable[Finding], catalogue: Iterable[Check]
) -> list[tuple[str, list[tuple[Check, list[Finding]]]]]:
    """Return what each check found, under the titles of the groups of checks: those with the gravest findings first.

    Groups with findings as grave, and the checks of a group, are in the order of the catalogue.
    """
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.code, []).append(finding)
    kinds = [(check, found[check.code]) for check in catalogue if check.code in found]
    groups = [(title, list(members)) for title, members in groupby(kinds, key=lambda kind: kind[0].group)]
    return sorted(groups, key=lambda group: min(SEVERITY_ORDER.index(check.severity) for check, _ in group[1]))


def _by_place(site: Site, findings: Iterable[Finding], language: str) -> Iterator[tuple[Place, list[Finding]]]:
    """Yield what was found at each objective, in the order of the document, after what is above all objectives.

    What belongs to no part of a plan is at the plan itself.
    """
    by_plan: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: (each.place.start, each.iri)):
        by_plan.setdefault(_ends(site, finding.place.iri)[0], []).append(finding)
    for plan, listed in sorted(by_plan.items()):
        label = in_language(site.labels([plan]).get(plan, {}), language)
        places, homes = {plan: Place(plan, "", *label, "", "")}, {plan: plan}
        for theme in outline(site, plan, language):
            for node, above in ((theme, ""), *((objective, theme.label) for objective in theme.children)):
                places[node.iri] = Place(node.iri, node.number, node.label, node.language, above, theme.language)
                homes |= {part.iri: node.iri for part in ((node, *node.below()) if above else (node,))}
        found: dict[str, list[Finding]] = {}
        for finding in listed:
            found.setdefault(homes.get(finding.place.iri, plan), []).append(finding)
        yield from ((place, found[iri]) for iri, place in places.items() if iri in found)


def _table(findings: Iterable[Finding], titles: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Yield the findings as rows of _COLUMNS; `titles` has that of each check by its code."""
    for each in findings:
        place, other, accepted = each.place, each.other, each.acceptance
        yield (
            *(each.iri, each.severity, each.code, titles.get(each.code, ""), each.message),
            *(place.iri, place.number, place.label, place.theme, *_words(place)),
            *((other.iri, _words(other)[-1]) if other else ("", "")),
            *((accepted.by, accepted.because) if accepted else ("", "")),
        )


def _words(place: Place) -> tuple[object, ...]:
    """Return the source, the first character, the last and the words that show a defect; each empty where none do."""
    quoted = place.context.quotation if place.context else None
    return (quoted.source, quoted.start, quoted.end, quoted.exact) if quoted else ("", "", "", "")


def report_rows(site: Site, selection: Selection) -> str:
    """Return the selected findings of the report of the build in JSON, as `crmgraph check --format json` writes them.

    Raises UnavailableError where the report is gone, or is of another dataset than that which the data were built as.
    """
    if site.report is None or not site.report.is_file():
        raise UnavailableError(NOT_THERE)
    if site.origin != site.digest:
        raise UnavailableError(_OF_ANOTHER)
    listed = json.loads(site.report.read_text(encoding="utf-8"))
    kept = [row for row in listed if selection.includes(row["code"], row["severity"], row["theme"])]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def findings_page(visit: Visit, code: str = "") -> Response:
    """Return the consistency report, or what one check found, as a page or as data.

    A check that found nothing has its page too.
    """
    site, form, language = visit.site, visit.form, visit.language
    catalogue = checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        near = [(near.title, f"/findings/{near.code}") for near in near_codes(code, catalogue)]
        raise NothingKnownError(f"/findings/{code}", near)
    rows = site.select(_THEMES % reference(site.names.id("plan", "crm")))
    themes = {
        iri.rpartition("/")[2]: in_language(each, language)[0] for iri, each in texts_by(rows, "x", "label").items()
    }
    selection = Selection.read(code, visit.query, themes)
    if form == JSON:
        return data_response(report_rows(site, selection), JSON.media_type)
    found = all_findings(site, language)
    shown = selection.of(found)
    titles = {each.code: each.title for each in catalogue}
    if form != HTML:
        statements = about("findings", site, [finding.iri for finding in shown])
        return visit.data(statements, table=write_csv(_COLUMNS, _table(shown, titles)) if form == CSV else "")
    context = {
        "check": check,
        "groups": _by_check(shown, catalogue),
        "places": list(_by_place(site, shown, language)) if selection.by == "place" else [],
        "titles": titles,
        "wanted": selection,
        "total": len(Selection(code).of(found)),
        "severities": selection.choices("severity", dict.fromkeys(SEVERITY_ORDER, ""), found),
        "themes": selection.choices("theme", {**themes, _NO_THEME: ""}, found),
        **visit.data_links((*GRAPHS, JSON, CSV), query=selection.query),
    }
    return visit.render("check.html" if check else "findings.html", context)


def shapes_page(visit: Visit) -> Response:
    """Return the catalogue of checks, as a page or as the shapes that they are; in Turtle as they were written."""
    if visit.form != HTML:
        files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
        return data_response(
            turtle_as(b"\n".join(file.read_bytes() for file in files), visit.form), visit.form.media_type
        )
    site, language = visit.site, visit.language
    groups = groupby(checks(site, language), key=lambda check: check.group)
    context = {
        "groups": [(title, list(members)) for title, members in groups],
        "counts": Counter(finding.code for finding in all_findings(site, language)),
        "iri": SHAPES,
    }
    return visit.render("checks.html", context, offers=GRAPHS)
