"""The consistency report and the catalogue of checks: findings in their places, as pages and as data."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from starlette.responses import Response

from crmgraph.errors import Bilingual, UnavailableError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource
from crmgraph.site.base import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    SEVERITY_ORDER,
    NothingKnownError,
    PageRequest,
    Record,
    Site,
    check_choice,
    convert_turtle,
    data_response,
    in_language,
    query_about,
    query_string,
    reference,
    write_csv,
)
from crmgraph.site.source import contexts, quotations
from crmgraph.sparql.engine import DATASET_MISSING

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
SELECT ?code ?severity ?order ?group ?title ?explanation ?example ?remedy {
  ?x a cg:Check ; cg:code ?code ; sh:severity ?grade ; sh:group ?part .
  ?part sh:order ?order ; rdfs:label ?group FILTER (LANG(?group) = "%(language)s")
  ?x rdfs:label ?title FILTER (LANG(?title) = "%(language)s")
  ?x rdfs:comment ?explanation FILTER (LANG(?explanation) = "%(language)s")
  ?x skos:example ?example FILTER (LANG(?example) = "%(language)s")
  ?x cg:remedy ?remedy FILTER (LANG(?remedy) = "%(language)s")
  BIND (LCASE(STRAFTER(STR(?grade), "#")) AS ?severity)
}"""
_FINDINGS = """
SELECT DISTINCT ?iri ?code ?severity ?message ?element ?number ?passage ?other ?other_number ?other_passage
  ?by ?on ?because {
  %(condition)s
  ?iri a cg:Finding ; cg:code ?code ; cg:severity ?grade ; cg:element ?element ; rdfs:comment ?message
  FILTER (LANG(?message) = "%(language)s")
  BIND (STRAFTER(STR(?grade), "#") AS ?severity)
  OPTIONAL { ?element cg:number ?number }
  OPTIONAL { ?iri cg:passage ?passage }
  OPTIONAL { ?iri cg:relatedElement ?other OPTIONAL { ?other cg:number ?other_number } }
  OPTIONAL { ?iri cg:relatedPassage ?other_passage }
  OPTIONAL {
    ?iri cg:acceptedBy ?by ; cg:acceptedOn ?on ; cg:acceptedBecause ?because
    FILTER (LANG(?because) = "%(language)s")
  }
}"""
_OBJECTIVES = """
SELECT DISTINCT ?x ?objective ?number {
  VALUES ?x { %s } ?x cg:within? ?objective . ?objective a cg:Objective OPTIONAL { ?objective cg:number ?number }
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
        asked = {"severity": self.severity, "theme": self.theme, "by": by}
        return query_string({name: value for name, value in asked.items() if value})

    def includes(self, code: str, severity: str, theme: str | None) -> bool:
        """Return whether a finding like this is among those to show."""
        wanted = ((self.code, code), (self.severity, severity), (self.theme, theme or _NO_THEME))
        return all(not asked or asked == has for asked, has in wanted)

    def of(self, findings: Iterable[Record]) -> list[Record]:
        """Return those among the findings that are to be shown."""
        return [finding for finding in findings if self.includes(finding.code, finding.severity, finding.theme)]

    def choices(self, name: str, labels: Mapping[str, str], findings: Iterable[Record]) -> list[Record]:
        """Return what the severity or the theme may be, given the rest; no theme only where there are such findings."""
        chosen = getattr(self, name)
        found = replace(self, **{name: ""}).of(findings)
        counts = Counter(getattr(finding, name) or _NO_THEME for finding in found)
        values = [value for value in labels if value != _NO_THEME or counts[value] or value == chosen]
        return [
            Record(
                value=value,
                label=labels[value],
                count=counts[value],
                is_chosen=value == chosen,
                query=replace(self, **{name: value}).query,
            )
            for value in values
        ]


def checks(site: Site, language: str) -> list[Record]:
    """Return every check, by group, the gravest first, then by code.

    Each has its `code`, its `severity`, its `group` with the `order` of that, and a `title`, an `explanation`, an
    `example` and a `remedy` in the language.
    """
    found = site.records(_CHECKS % {"language": language}, "code", is_cached=True)
    return sorted(found, key=lambda check: (check.order, SEVERITY_ORDER.index(check.severity), check.code))


def all_findings(site: Site, language: str) -> list[Record]:
    """Return all findings, the gravest first, then by code and place in the source; messages in this language."""
    return _findings(site, "", language)


def the_finding(site: Site, iri: str, language: str) -> Record | None:
    """Return the finding with this IRI; None where there is none."""
    return next(iter(_findings(site, f"VALUES ?iri {{ {reference(iri)} }}", language)), None)


def findings_on(site: Site, element: str, language: str) -> list[Record]:
    """Return the findings that concern the element with this IRI, and those of which it is the second place."""
    iri = reference(element)
    return _findings(site, f"{{ ?iri cg:element {iri} }} UNION {{ ?iri cg:relatedElement {iri} }}", language)


def _findings(site: Site, condition: str, language: str) -> list[Record]:
    """Return the findings under a condition: each with its `iri`, `code`, `severity` and `message`, and its `place`.

    `other` is the second place of one that is about two, `theme` the id of the theme that the first is in, `home` its
    `objective` with the `number` of that (None outside all), `anchor` its name on a page. Who accepted it, when and why
    is `by`, `on` and `because`. A place has the `iri`, `number` and
    `label` of an element, the label of its `theme`, and the `context` of the words that show the defect; `is_quoted`
    where these hold the label. Where it has no number, `objective` is that of its objective.
    """
    found = site.records(_FINDINGS % {"condition": condition, "language": language}, "iri")
    passages = filter(None, (passage for each in found for passage in (each.passage, each.other_passage)))
    quoted = contexts(site, quotations(site, passages).values())
    elements = {iri for each in found for iri in (each.element, each.other) if iri}
    listed = " ".join(map(reference, sorted(elements)))
    objectives = {each.x: each for each in site.records(_OBJECTIVES % listed, "x")}
    labels = site.labels(iri for element in elements for iri in (element, _ends(site, element)[1]))

    def place(iri: str, number: str, passage: str) -> Record:
        label, spoken = in_language(labels.get(iri, {}), language)
        theme = _ends(site, iri)[1]
        above, its_language = in_language(labels.get(theme, {}), language) if theme != iri else ("", "")
        context = quoted.get(passage)
        words = context.before + context.quotation.exact + context.after if context else ""
        return Record(
            iri=iri,
            number=number,
            label=label,
            language=spoken,
            theme=above,
            theme_language=its_language,
            objective=objectives[iri].number if iri in objectives and not number else "",
            context=context,
            start=context.quotation.start if context else 0,
            is_quoted=context is not None and " ".join(label.split()) in " ".join(words.split()),
        )

    for each in found:
        each.place = place(each.element, each.number, each.passage)
        each.other = place(each.other, each.other_number, each.other_passage) if each.other else None
        each.theme = _ends(site, each.element)[1].rpartition("/")[2]
        each.home = objectives.get(each.element)
        each.anchor = each.iri.partition("/id/finding/")[2].replace("/", "_")
    return sorted(
        found,
        key=lambda each: (SEVERITY_ORDER.index(each.severity), each.code, each.place.start, each.element, each.iri),
    )


def _ends(site: Site, element: str) -> tuple[str, str]:
    """Return the IRIs of the plan and of the theme that an element is or belongs to; each empty for none."""
    kind, *path = element.removeprefix(site.names.id()).split("/")
    if kind != "plan":
        return "", ""
    return site.names.id(kind, *path[:1]), site.names.id(kind, *path[:2]) if len(path) > 1 else ""


def _by_check(
    findings: Sequence[Record], catalogue: Iterable[Record]
) -> list[tuple[str, list[tuple[Record, list[Record]]]]]:
    """Return what each check found, under the titles of the groups of checks: those with the gravest findings first.

    Groups with findings as grave, and the checks of a group, are in the order of the catalogue.
    """
    every = ((check, [finding for finding in findings if finding.code == check.code]) for check in catalogue)
    kinds = groupby((kind for kind in every if kind[1]), key=lambda kind: kind[0].group)
    groups = [(title, list(members)) for title, members in kinds]
    return sorted(groups, key=lambda group: min(SEVERITY_ORDER.index(check.severity) for check, _ in group[1]))


def _by_place(site: Site, findings: Iterable[Record], language: str) -> Iterator[tuple[Record, list[Record]]]:
    """Yield what was found at each objective, in the order of the document, after what is above all objectives.

    What belongs to no part of a plan is at the plan itself.
    """
    found: dict[str, list[Record]] = {}
    for finding in sorted(findings, key=lambda each: (_ends(site, each.element)[0], each.place.start, each.iri)):
        plan, theme = _ends(site, finding.element)
        above = theme if finding.element == theme else plan
        found.setdefault(finding.home.objective if finding.home else above, []).append(finding)
    labels = site.labels(found)
    for iri, members in found.items():
        label, spoken = in_language(labels.get(iri, {}), language)
        number, theme = (members[0].home.number, members[0].place.theme) if members[0].home else ("", "")
        yield Record(iri=iri, number=number, label=label, language=spoken, theme=theme), members


def _table(findings: Iterable[Record], titles: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Yield the findings as rows of _COLUMNS; `titles` has that of each check by its code."""
    for each in findings:
        place, other = each.place, each.other
        yield (
            *(each.iri, each.severity, each.code, titles.get(each.code, ""), each.message),
            *(place.iri, place.number, place.label, place.theme, *_words(place)),
            *((other.iri, _words(other)[-1]) if other else ("", "")),
            *(each.by, each.because),
        )


def _words(place: Record) -> tuple[object, ...]:
    """Return the source, the first character, the last and the words that show a defect; each empty where none do."""
    quoted = place.context.quotation if place.context else None
    return (quoted.source, quoted.start, quoted.end, quoted.exact) if quoted else ("", "", "", "")


def report_rows(site: Site, selection: Selection) -> str:
    """Return the selected findings of the report of the build in JSON, as `crmgraph check --format json` writes them.

    Raises UnavailableError where the report is gone, or is of another dataset than that which the data were built as.
    """
    if site.report is None or not site.report.is_file():
        raise UnavailableError(DATASET_MISSING)
    if site.origin != site.digest:
        raise UnavailableError(_OF_ANOTHER)
    listed = json.loads(site.report.read_text(encoding="utf-8"))
    kept = [row for row in listed if selection.includes(row["code"], row["severity"], row["theme"])]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def findings_page(visit: PageRequest, code: str = "") -> Response:
    """Return the consistency report, or what one check found, as a page or as data.

    A check that found nothing has its page too.
    """
    site, form, language = visit.site, visit.form, visit.language
    catalogue = checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        raise NothingKnownError(f"/findings/{code}")
    query = _THEMES % reference(site.names.id("plan", "crm"))
    found_themes = site.records(query, "x", language=language, texts=("label",))
    themes = {theme.x.rpartition("/")[2]: theme.label for theme in found_themes}
    selection = Selection.read(code, visit.query, themes)
    if form == JSON:
        return data_response(report_rows(site, selection), JSON.media_type)
    found = all_findings(site, language)
    shown = selection.of(found)
    titles = {each.code: each.title for each in catalogue}
    if form != HTML:
        statements = query_about("findings", site, [finding.iri for finding in shown])
        return visit.data(statements, table=write_csv(_COLUMNS, _table(shown, titles)) if form == CSV else "")
    context = {
        "check": check,
        "groups": _by_check(shown, catalogue),
        "places": list(_by_place(site, shown, language)) if selection.by == "place" else [],
        "titles": titles,
        "wanted": selection,
        "query_with": lambda **values: replace(selection, **values).query,
        "total": len(Selection(code).of(found)),
        "severities": selection.choices("severity", dict.fromkeys(SEVERITY_ORDER, ""), found),
        "themes": selection.choices("theme", {**themes, _NO_THEME: ""}, found),
        **visit.data_links((*GRAPHS, JSON, CSV), query=selection.query),
    }
    return visit.render("check.html" if check else "findings.html", context)


def shapes_page(visit: PageRequest) -> Response:
    """Return the catalogue of checks, as a page or as the shapes that they are; in Turtle as they were written."""
    if visit.form != HTML:
        files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
        return data_response(
            convert_turtle(b"\n".join(file.read_bytes() for file in files), visit.form), visit.form.media_type
        )
    site, language = visit.site, visit.language
    groups = groupby(checks(site, language), key=lambda check: check.group)
    context = {
        "groups": [(title, list(members)) for title, members in groups],
        "counts": Counter(finding.code for finding in all_findings(site, language)),
        "iri": SHAPES,
    }
    return visit.render("checks.html", context, offers=GRAPHS)
