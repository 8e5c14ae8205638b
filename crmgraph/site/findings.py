"""The consistency report and the catalogue of checks, as pages and as data."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from starlette.responses import Response

from crmgraph.errors import Bilingual, UnavailableError
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    SEVERITY_ORDER,
    PageRequest,
    Record,
    Site,
    check_choice,
    data_response,
    in_language,
    iri_ref,
    nothing_known,
    query_about,
    query_string,
    turtle_response,
    write_csv,
)
from crmgraph.site.source import read_contexts, read_quotations
from crmgraph.sparql.engine import DATASET_MISSING

SHAPES = f"{ONTOLOGY}/shapes"
"""The IRI of the SHACL shapes, which define the checks."""

_NO_THEME = "none"
"""The value of the parameter `theme` for findings that are in no theme, such as those of the plan as a whole."""

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
SELECT DISTINCT ?iri ?code ?severity ?message ?element ?number ?passage ?by ?on ?because {
  %(condition)s
  ?iri a cg:Finding ; cg:code ?code ; cg:severity ?grade ; cg:element ?element ; rdfs:comment ?message
  FILTER (LANG(?message) = "%(language)s")
  FILTER NOT EXISTS { ?iri cg:relatedElement ?element }
  BIND (STRAFTER(STR(?grade), "#") AS ?severity)
  OPTIONAL { ?element cg:number ?number }
  OPTIONAL { ?iri cg:passage ?passage }
  OPTIONAL {
    ?iri dcterms:contributor ?by ; dcterms:dateAccepted ?on ; skos:editorialNote ?because
    FILTER (LANG(?because) = "%(language)s")
  }
}"""
_RELATED = """
SELECT DISTINCT ?iri ?element ?number ?passage {
  VALUES ?iri { %s } ?iri cg:element|cg:relatedElement ?element
  OPTIONAL { ?element cg:number ?number }
  OPTIONAL {
    ?iri cg:relatedPassage ?passage ; cg:element|cg:relatedElement ?element .
    ?passage cg:source ?source ; cg:start ?start ; cg:end ?end .
    ?element cg:passage ?whole . ?whole cg:source ?source ; cg:start ?first ; cg:end ?last
    FILTER (?first <= ?start && ?end <= ?last)
  }
  FILTER (BOUND(?passage) || EXISTS { ?iri cg:relatedElement ?element })
}"""
"""The related elements of findings, each with the related passages that are in its text."""
_OBJECTIVES = """
SELECT DISTINCT ?x ?objective ?number {
  VALUES ?x { %s } ?x cg:within? ?objective . ?objective a cg:Objective OPTIONAL { ?objective cg:number ?number }
}"""
_THEMES = (
    "SELECT ?x ?label { ?x a cg:Theme ; dcterms:isPartOf %s ; cg:order ?order ; rdfs:label ?label } ORDER BY ?order"
)
_COLUMNS = (
    *("finding", "severity", "code", "check", "message", "element", "number", "label", "theme"),
    *("source", "start", "end", "exact", "others", "others_exact", "accepted_by", "accepted_because"),
)


@dataclass(frozen=True)
class Selection:
    """The choices of a visitor that filter the findings of the report.

    Attributes:
        code: The code of a check; empty for all checks.
        severity: A severity; empty for all.
        theme: The id of a theme such as `pgm`, or _NO_THEME; empty for all findings.
    """

    code: str = ""
    severity: str = ""
    theme: str = ""

    @classmethod
    def read(cls, code: str, query: Mapping[str, str], themes: Mapping[str, str]) -> "Selection":
        """Return the selection in the parameters of a request. Raises UsageError for an unknown value."""
        selection = cls(code, query.get("severity", ""), query.get("theme", ""))
        for name, called, choices in (
            ("severity", Bilingual("severity", "gravedad"), dict.fromkeys(("", *SEVERITY_ORDER), "")),
            ("theme", Bilingual("theme", "tema"), {"": "", **themes, _NO_THEME: ""}),
        ):
            check_choice(name, called, getattr(selection, name), choices)
        return selection

    @property
    def query(self) -> str:
        """The query string of the selection, with its question mark. The code is in the path instead."""
        asked = {"severity": self.severity, "theme": self.theme}
        return query_string({name: value for name, value in asked.items() if value})

    def includes(self, code: str, severity: str, themes: Collection[str]) -> bool:
        """Return whether a finding with this code and severity, and places in these themes, is in the selection."""
        wanted = ((self.code, (code,)), (self.severity, (severity,)), (self.theme, themes))
        return all(not asked or asked in has for asked, has in wanted)

    def filter(self, findings: Iterable[Record]) -> list[Record]:
        """Return the findings that are in the selection."""
        return [finding for finding in findings if self.includes(finding.code, finding.severity, finding.themes)]

    def choices(self, name: str, labels: Mapping[str, str], findings: Iterable[Record]) -> list[Record]:
        """Return the values that a visitor can choose for `severity` or `theme`, given the rest of the selection.

        The value _NO_THEME is left out if no finding has it and it is not chosen.

        Arguments:
            name: `severity` or `theme`.
            labels: The labels of all values.
            findings: All findings.
        """
        chosen = getattr(self, name)
        found = replace(self, **{name: ""}).filter(findings)
        counts = Counter(value for each in found for value in (each.themes if name == "theme" else [each.severity]))
        return [
            Record(
                value=value,
                label=labels[value],
                count=counts[value],
                is_chosen=value == chosen,
                query=replace(self, **{name: value}).query,
            )
            for value in labels
            if value != _NO_THEME or counts[value] or value == chosen
        ]


def read_checks(site: Site, language: str) -> list[Record]:
    """Return every check, sorted by group, then by severity, the gravest first, then by code.

    Attributes of the result:
        code: The code of the check.
        severity: The severity of its findings.
        group: The title of its group.
        order: The position of that group.
        title: What the check is called.
        explanation: What it finds, and why that is a defect.
        example: An example of a defect.
        remedy: How to mend the defect.
    """
    found = site.records(_CHECKS % {"language": language}, "code", is_cached=True)
    return sorted(found, key=lambda check: (check.order, SEVERITY_ORDER.index(check.severity), check.code))


def all_findings(site: Site, language: str) -> list[Record]:
    """Return all findings, sorted by severity, the gravest first, then by code and position in the source."""
    return _read_findings(site, "", language)


def read_finding(site: Site, iri: str, language: str) -> Record | None:
    """Return the finding with this IRI, or None if there is none."""
    return next(iter(_read_findings(site, f"VALUES ?iri {{ {iri_ref(iri)} }}", language)), None)


def findings_about(site: Site, element: str, language: str) -> list[Record]:
    """Return the findings that concern the element with this IRI, as the first or the second element."""
    iri = iri_ref(element)
    return _read_findings(site, f"{{ ?iri cg:element {iri} }} UNION {{ ?iri cg:relatedElement {iri} }}", language)


def _read_findings(site: Site, condition: str, language: str) -> list[Record]:
    """Return the findings that fulfil a SPARQL `condition` on `?iri`.

    Attributes of the result:
        iri: The IRI of the finding.
        code: The code of its check.
        message: Its message in this language.
        place: The place of the element that it concerns.
        others: The further places that it is about, in the order of the source.
        themes: The ids of the themes of the places, such as `pgm`; _NO_THEME for those in none.
        anchor: The id of its HTML element.
        by: Who accepted the finding as no defect; empty if nobody has.
        on: The date on which it was accepted.
        because: The reason for accepting it.

    A place has these attributes:
        iri: The IRI of the element.
        number: Its number; empty for none.
        label: Its label, in the language `language`.
        theme: The label of its theme, in the language `theme_language`; empty for a theme itself.
        objective: The number of its objective, if it has no number itself.
        context: The passage that shows the defect (see `read_contexts`), or None.
        start: The code point offset of that passage in the source; 0 without one.
        is_quoted: Whether the passage and its context contain the label.
    """
    found = site.records(_FINDINGS % {"condition": condition, "language": language}, "iri")
    if not found:
        return []
    related = site.records(_RELATED % " ".join(iri_ref(each.iri) for each in found), "iri", "element", "passage")
    passages = filter(None, (each.passage for each in (*found, *related)))
    quoted = read_contexts(site, read_quotations(site, passages).values())
    elements = {each.element for each in (*found, *related)}
    objectives = {each.x: each for each in site.records(_OBJECTIVES % " ".join(map(iri_ref, sorted(elements))), "x")}
    labels = site.labels(iri for element in elements for iri in (element, _theme_of(site, element)))

    def make_place(iri: str, number: str, passage: str) -> Record:
        label, spoken = in_language(labels.get(iri, {}), language)
        theme = _theme_of(site, iri)
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
        each.place = make_place(each.element, each.number, each.passage)
        places = (make_place(one.element, one.number, one.passage) for one in related if one.iri == each.iri)
        each.others = sorted(places, key=lambda place: (place.start, place.iri))
        themes = (_theme_of(site, place.iri) for place in (each.place, *each.others))
        each.themes = {iri.rpartition("/")[2] or _NO_THEME for iri in themes}
        each.anchor = each.iri.partition("/id/finding/")[2].replace("/", "_")
    return sorted(
        found,
        key=lambda each: (SEVERITY_ORDER.index(each.severity), each.code, each.place.start, each.element, each.iri),
    )


def _theme_of(site: Site, element: str) -> str:
    """Return the IRI of the theme that contains an element, or that it is; "" if there is none, as for a plan."""
    kind, *path = element.removeprefix(site.names.id()).split("/")
    return site.names.id(kind, *path[:2]) if kind == "plan" and len(path) > 1 else ""


def _group_by_severity(
    findings: Sequence[Record], catalogue: Iterable[Record]
) -> list[tuple[str, list[tuple[Record, list[Record]]]]]:
    """Return the checks that have findings, each with these, by severity, the gravest first."""
    every = ((check, [finding for finding in findings if finding.code == check.code]) for check in catalogue)
    kinds = sorted((kind for kind in every if kind[1]), key=lambda kind: SEVERITY_ORDER.index(kind[0].severity))
    return [(severity, list(members)) for severity, members in groupby(kinds, key=lambda kind: kind[0].severity)]


def _csv_rows(findings: Iterable[Record], titles: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Yield a CSV row with the columns _COLUMNS for each finding. `titles` are those of the checks, by code."""
    for each in findings:
        place, others = each.place, each.others
        yield (
            *(each.iri, each.severity, each.code, titles.get(each.code, ""), each.message),
            *(place.iri, place.number, place.label, place.theme, *_passage_cells(place)),
            " ".join(dict.fromkeys(other.iri for other in others)),
            " | ".join(str(_passage_cells(other)[-1]) for other in others),
            *(each.by, each.because),
        )


def _passage_cells(place: Record) -> tuple[object, ...]:
    """Return the source, start, end and text of the passage that shows a defect; all empty without a passage."""
    quoted = place.context.quotation if place.context else None
    return (quoted.source, quoted.start, quoted.end, quoted.exact) if quoted else ("", "", "", "")


def _themes_in(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the themes of the places in a finding of the report in JSON."""
    yield row["theme"] or _NO_THEME
    others = [row["other"]] if row.get("other") else []
    for each in (*others, *row.get("places", ()), *row.get("consequences", ())):
        yield from _themes_in(each)


def report_as_json(site: Site, selection: Selection) -> str:
    """Return the selected findings of the build's report, as `crmgraph check --format json` writes them.

    Raises UnavailableError if the report is missing, or if the store was created from another dataset.
    """
    if site.report is None or not site.report.is_file():
        raise UnavailableError(DATASET_MISSING)
    if site.built_digest != site.digest:
        raise UnavailableError(
            Bilingual(
                "The report in JSON is of another dataset than the one that this store began as. The findings that the "
                "store has can be had in every syntax of RDF.",
                "El informe en JSON es de un conjunto de datos distinto de aquel con el que empezó este almacén. Los "
                "hallazgos que guarda el almacén se pueden obtener en cualquier sintaxis de RDF.",
            )
        )
    listed = json.loads(site.report.read_text(encoding="utf-8"))
    kept = [row for row in listed if selection.includes(row["code"], row["severity"], {*_themes_in(row)})]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def findings_page(visit: PageRequest, code: str = "") -> Response:
    """Return the consistency report, or the findings of the check with this code, as a page or as data.

    Raises HTTPException 404 for an unknown code. A check without findings has a page too.
    """
    site, form, language = visit.site, visit.form, visit.language
    catalogue = read_checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        raise nothing_known(f"/findings/{code}")
    listed = site.records(_THEMES % iri_ref(site.names.id("plan", "crm")), "x", language=language, texts=("label",))
    themes = {theme.x.rpartition("/")[2]: theme.label for theme in listed}
    selection = Selection.read(code, visit.parameters, themes)
    if form == JSON:
        return data_response(report_as_json(site, selection), JSON.media_type)
    found = all_findings(site, language)
    shown = selection.filter(found)
    titles = {each.code: each.title for each in catalogue}
    if form != HTML:
        return visit.respond_with_data(
            query_about("findings", site, [finding.iri for finding in shown]),
            table=write_csv(_COLUMNS, _csv_rows(shown, titles)) if form == CSV else "",
        )
    context = {
        "check": check,
        "groups": _group_by_severity(shown, catalogue),
        "titles": titles,
        "wanted": selection,
        "query_with": lambda **values: replace(selection, **values).query,
        "total": len(Selection(code).filter(found)),
        "severities": selection.choices("severity", dict.fromkeys(SEVERITY_ORDER, ""), found),
        "themes": selection.choices("theme", {**themes, _NO_THEME: ""}, found),
        **visit.data_links((*GRAPHS, JSON, CSV), query=selection.query),
    }
    return visit.render("check.html" if check else "findings.html", context)


def shapes_page(visit: PageRequest) -> Response:
    """Return the catalogue of checks. As data, it is the SHACL shapes; in Turtle, with their comments."""
    if visit.form != HTML:
        files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
        return turtle_response(b"\n".join(file.read_bytes() for file in files), visit.form)
    site, language = visit.site, visit.language
    context = {
        "groups": [
            (title, list(members))
            for title, members in groupby(read_checks(site, language), key=lambda check: check.group)
        ],
        "counts": Counter(finding.code for finding in all_findings(site, language)),
        "iri": SHAPES,
    }
    return visit.render("checks.html", context, offers=GRAPHS)
