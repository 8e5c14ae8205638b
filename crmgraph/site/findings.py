"""The catalogue of checks as the pages show it."""

import csv
import difflib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import UnavailableError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource
from crmgraph.site.base.addresses import check_choice, language_of
from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    CSV,
    EVERY,
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    about,
    data_response,
    requested_form,
    statements_as,
    turtle_as,
)
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.plans import outline
from crmgraph.site.source import Context, contexts, quotations
from crmgraph.sparql import Format
from crmgraph.sparql.engine import NOT_THERE
from crmgraph.wording import Bilingual

__all__ = [
    "NO_THEME",
    "REPORT_PARAMETERS",
    "SHAPES",
    "Acceptance",
    "Check",
    "Choice",
    "Finding",
    "Kind",
    "Place",
    "Spot",
    "Wanted",
    "all_findings",
    "by_code",
    "checks",
    "findings_on",
    "findings_page",
    "grouped",
    "near_codes",
    "placed",
    "rows",
    "shapes_page",
    "tabled",
    "the_finding",
    "themes",
]


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
        "schema": {"type": "string", "enum": ["kind", "place", ""]},
    },
)
"""What the report of findings can be asked."""

SHAPES = f"{ONTOLOGY}/shapes"
"""The IRI of the shapes as a whole."""

_CHECKS = """
SELECT ?code ?severity ?order ?group ?property ?text {
  ?x a cg:Check ; cg:code ?code ; sh:severity ?severity ; sh:group ?part .
  ?part sh:order ?order ; rdfs:label ?group .
  VALUES ?property { rdfs:label rdfs:comment skos:example cg:remedy }
  ?x ?property ?text
  FILTER (LANG(?group) = "%(language)s" && LANG(?text) = "%(language)s")
}"""


@dataclass(frozen=True)
class Check:
    """One kind of defect, in the language of the page; `group` is the title of its group, `order` the group's place."""

    code: str
    severity: str
    order: int
    group: str
    title: str
    explanation: str
    example: str
    remedy: str


def checks(site: Site, language: str) -> tuple[Check, ...]:
    """Every check, by group, the gravest first, then by code."""
    rows: dict[str, list[Row]] = {}
    for row in site.recall(_CHECKS % {"language": language}):
        rows.setdefault(row["code"].value, []).append(row)
    found = (_check(code, group) for code, group in rows.items())
    return tuple(sorted(found, key=lambda check: (check.order, SEVERITY_ORDER.index(check.severity), check.code)))


def near_codes(code: str, known: Iterable[Check]) -> list[Check]:
    """Up to three checks whose code is, in whole or in part, written much like this one."""
    by_code = {check.code: check for check in known}
    parts = [name for name in by_code if code and code.casefold() in name]
    alike = difflib.get_close_matches(code.casefold(), by_code, 3)
    return [by_code[name] for name in dict.fromkeys((*alike, *parts))][:3]


def _check(code: str, rows: list[Row]) -> Check:
    first = rows[0]
    said = {row["property"].value.rpartition("#")[2]: row["text"].value for row in rows}
    return Check(
        code,
        first["severity"].value.rpartition("#")[2].lower(),
        int(first["order"].value),
        first["group"].value,
        *(said[name] for name in ("label", "comment", "example", "remedy")),
    )


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
    return SEVERITY_ORDER.index(finding.severity), finding.code, start, finding.place.element, finding.iri


def _home(element: str, site: Site) -> tuple[str, str]:
    """The ids of the plan, and of the theme in it, that an element is or belongs to; nothing for anything else."""
    kind, *path = element.removeprefix(site.names.id()).split("/")
    plan, theme = (*path, "", "")[:2] if kind == "plan" else ("", "")
    return plan, theme


def _theme_of(element: str, site: Site) -> str:
    """The IRI of the theme that an element is or belongs to; empty where it belongs to none."""
    plan, theme = _home(element, site)
    return site.names.id("plan", plan, theme) if theme else ""


NO_THEME = "none"
"""Under which name those findings can be chosen that are in no theme, such as those of the plan as a whole."""

_BY = ("kind", "place")
_COLUMNS = (
    *("finding", "severity", "code", "check", "message", "element", "number", "label", "theme"),
    *("source", "start", "end", "exact", "other", "other_exact", "accepted_by", "accepted_because"),
)
_THEMES = (
    "SELECT ?x ?label { ?x a cg:Theme ; dcterms:isPartOf %s ; cg:order ?order ; rdfs:label ?label } ORDER BY ?order"
)


@dataclass(frozen=True)
class Kind:
    """A check with what it found."""

    check: Check
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Spot:
    """A place in a plan with what was found in it and below it: an objective, or what is above all objectives.

    `theme` is the label of the theme that it is in; empty where it is in none.
    """

    iri: str
    number: str
    label: str
    language: str
    theme: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Choice:
    """One value that a filter may have: how many findings it would show, and the query of the address that does.

    A severity has no label, nor has NO_THEME, for every page knows what they are called.
    """

    value: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Wanted:
    """Which findings a visitor wants to see: those of a check, of a severity, of a theme (or NO_THEME); empty for any.

    `by` is how they are to be put together: by `kind`, or by `place`.
    """

    code: str = ""
    severity: str = ""
    theme: str = ""
    by: str = _BY[0]

    @classmethod
    def read(cls, code: str, query: Mapping[str, str], themes: Mapping[str, str]) -> "Wanted":
        """What the address asks for. Raises UsageError where it names what there is not."""
        wanted = cls(code, query.get("severity", ""), query.get("theme", ""), query.get("by") or _BY[0])
        check_choice(
            "severity", Bilingual("severity", "gravedad"), wanted.severity, dict.fromkeys(("", *SEVERITY_ORDER), "")
        )
        check_choice("theme", Bilingual("theme", "tema"), wanted.theme, {"": "", **themes, NO_THEME: ""})
        check_choice("by", Bilingual("order", "orden"), wanted.by, dict.fromkeys(_BY, ""))
        return wanted

    @property
    def query(self) -> str:
        """The query of the address that asks for it, with its question mark; the code is in the path."""
        by = "" if self.by == _BY[0] else self.by
        named = (("severity", self.severity), ("theme", self.theme), ("by", by))
        asked = [f"{name}={value}" for name, value in named if value]
        return "?" + "&".join(asked) if asked else ""

    def put_together(self, by: str) -> "Wanted":
        """The same, put together in another way."""
        return replace(self, by=by)

    @property
    def any_severity(self) -> str:
        """The query that asks for the same of any severity."""
        return replace(self, severity="").query

    @property
    def any_theme(self) -> str:
        """The query that asks for the same of any theme, or of none."""
        return replace(self, theme="").query

    def includes(self, code: str, severity: str, theme: str | None) -> bool:
        """Whether a finding like this is wanted."""
        wanted = ((self.code, code), (self.severity, severity), (self.theme, theme or NO_THEME))
        return all(not asked or asked == has for asked, has in wanted)

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those among the findings that are wanted."""
        return [finding for finding in findings if self.includes(finding.code, finding.severity, finding.theme)]

    def severities(self, findings: Iterable[Finding]) -> tuple[Choice, ...]:
        """What the severity may be, given the rest."""
        counts = Counter(finding.severity for finding in Wanted(self.code, "", self.theme).of(findings))
        return tuple(
            Choice(name, "", counts[name], replace(self, severity=name).query, name == self.severity)
            for name in SEVERITY_ORDER
        )

    def themes(self, findings: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Choice, ...]:
        """What the theme may be, given the rest; none is among it where there are such findings, and has no label."""
        counts = Counter(finding.theme or NO_THEME for finding in Wanted(self.code, self.severity).of(findings))
        names = {**labels, **({NO_THEME: ""} if counts[NO_THEME] or self.theme == NO_THEME else {})}
        return tuple(
            Choice(name, label, counts[name], replace(self, theme=name).query, name == self.theme)
            for name, label in names.items()
        )


def grouped(findings: Iterable[Finding], catalogue: Iterable[Check]) -> list[tuple[str, list[Kind]]]:
    """What each check found, under the titles of the groups of checks: the groups with the gravest findings first.

    Groups with findings as grave, and the checks of a group, are in the order of the catalogue.
    """
    found = by_code(findings)
    kinds = [Kind(check, found[check.code]) for check in catalogue if check.code in found]
    groups = [(title, list(members)) for title, members in groupby(kinds, key=lambda kind: kind.check.group)]
    return sorted(groups, key=lambda group: min(SEVERITY_ORDER.index(kind.check.severity) for kind in group[1]))


def placed(site: Site, findings: Iterable[Finding], language: str) -> list[Spot]:
    """What was found at each objective, in the order of the document, after what is above all of them."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(_plan_of(site, finding.place.element), []).append(finding)
    return [spot for plan, listed in sorted(found.items()) for spot in _spots(site, plan, listed, language)]


def _spots(site: Site, plan: str, findings: Iterable[Finding], language: str) -> Iterator[Spot]:
    """The places of one plan; what belongs to no part of it is at the plan itself."""
    tree = outline(site, plan, language)
    homes = {theme.iri: theme.iri for theme in tree}
    for theme in tree:
        for objective in theme.children:
            homes |= {node.iri: objective.iri for node in (objective, *objective.below())}
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=_start):
        found.setdefault(homes.get(finding.place.element, plan), []).append(finding)
    if plan in found:
        label, spoken = in_language(site.labels([plan]).get(plan, {}), language)
        yield Spot(plan, "", label, spoken, "", tuple(found[plan]))
    for theme in tree:
        for node, above in ((theme, ""), *((objective, theme.label) for objective in theme.children)):
            if node.iri in found:
                yield Spot(node.iri, node.number, node.label, node.language, above, tuple(found[node.iri]))


def _plan_of(site: Site, element: str) -> str:
    """The plan that an element belongs to by its IRI."""
    return site.names.id(*element.removeprefix(site.names.id()).split("/")[:2])


def _start(finding: Finding) -> tuple[int, str]:
    context = finding.place.context
    return context.quotation.start if context else 0, finding.iri


def themes(site: Site, language: str) -> dict[str, str]:
    """What the themes of the plan are called, by id, in the order of the document."""
    labels: dict[str, dict[str, str]] = {}
    for row in site.select(_THEMES % reference(site.names.id("plan", "crm"))):
        labels.setdefault(row["x"].value.rpartition("/")[2], {})[row["label"].language] = row["label"].value
    return {name: in_language(said, language)[0] for name, said in labels.items()}


def tabled(findings: Iterable[Finding], titles: Mapping[str, str]) -> str:
    """The findings as a table in CSV (RFC 4180); `titles` has that of each check by its code."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for each in findings:
        place = each.place
        about = (each.iri, each.severity, each.code, titles.get(each.code, ""), each.message)
        accepted = (each.acceptance.by, each.acceptance.because) if each.acceptance else ("", "")
        other = (each.other.element, _words(each.other)[-1]) if each.other else ("", "")
        writer.writerow(
            (*about, place.element, place.number, place.label, place.theme, *_words(place), *other, *accepted)
        )
    return out.getvalue()


def _words(place: Place) -> tuple[object, ...]:
    """The source, the first character, the last and the words that show a defect; each empty where none do."""
    quoted = place.context.quotation if place.context else None
    return (quoted.source, quoted.start, quoted.end, quoted.exact) if quoted else ("", "", "", "")


def rows(site: Site, wanted: Wanted) -> str:
    """The wanted findings as JSON, just as `crmgraph check --format json` writes them, from the report that was built.

    Raises UnavailableError where the report is gone, or is of another dataset than that which the data were built as.
    """
    if site.report is None or not site.report.is_file():
        raise UnavailableError(NOT_THERE)
    if site.origin != site.digest:
        raise UnavailableError(_OF_ANOTHER)
    listed = json.loads(site.report.read_text(encoding="utf-8"))
    kept = [row for row in listed if wanted.includes(row["code"], row["severity"], row["theme"])]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


_OF_ANOTHER = Bilingual(
    "The report in JSON is of another dataset than the one that this store began as. The findings that the store has "
    "can be had in every syntax of RDF.",
    "El informe en JSON es de un conjunto de datos distinto de aquel con el que empezó este almacén. Los hallazgos que "
    "guarda el almacén se pueden obtener en cualquier sintaxis de RDF.",
)


def findings_page(request: Request, site: Site, code: str = "") -> Response:
    """The consistency report, or what one check found, as a page or as data; `severity` and `theme` choose.

    A check that found nothing has its page too.
    """
    code, form = requested_form(request, code, (*EVERY, CSV))
    language = language_of(request)
    catalogue = checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        near = [(near.title, f"/findings/{near.code}") for near in near_codes(code, catalogue)]
        raise NothingKnownError(f"/findings/{code}", near)
    named = themes(site, language)
    wanted = Wanted.read(code, request.query_params, named)
    if form == JSON:
        return data_response(rows(site, wanted), JSON.media_type)
    found = all_findings(site, language)
    shown = wanted.of(found)
    titles = {each.code: each.title for each in catalogue}
    if form == CSV:
        return data_response(tabled(shown, titles), CSV.media_type, speaks=True)
    if form != HTML:
        return statements_as(site, about("findings", site, [finding.iri for finding in shown]), form)
    path = f"/findings/{code}" if code else "/findings"
    context = {
        "check": check,
        "groups": grouped(shown, catalogue),
        "spots": placed(site, shown, language) if wanted.by == "place" else [],
        "titles": titles,
        "wanted": wanted,
        "total": len(Wanted(code).of(found)),
        "severities": wanted.severities(found),
        "themes": wanted.themes(found, named),
        **data_links(request, site, path, (*GRAPHS, JSON, CSV), wanted.query),
    }
    return render(request, site, "check.html" if check else "findings.html", context=context)


def shapes_page(request: Request, site: Site, form: Format) -> Response:
    """The catalogue of checks, as a page or as the shapes that they are."""
    if form != HTML:
        return data_response(_written_shapes(form), form.media_type)
    language = language_of(request)
    catalogue = checks(site, language)
    groups = [(title, list(members)) for title, members in groupby(catalogue, key=lambda check: check.group)]
    counts = Counter(finding.code for finding in all_findings(site, language))
    context = {"groups": groups, "counts": counts, "iri": SHAPES, **data_links(request, site, "/ontology/shapes")}
    return render(request, site, "checks.html", context=context)


def _written_shapes(form: Format) -> bytes:
    """All the shapes, each of which is a check, in one of the formats for graphs; in Turtle as they were written."""
    files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
    return turtle_as(b"\n".join(file.read_bytes() for file in files), form)
