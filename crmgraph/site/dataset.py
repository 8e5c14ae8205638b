"""The home page, and the pages of the dataset, of its named graphs and of its ontology."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.errors import TableError
from crmgraph.files import read_text, read_yaml, resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import key
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    PageRequest,
    Record,
    Row,
    Site,
    catalog,
    count_triples,
    dataset_json_ld,
    graph_names,
    iri_ref,
    is_ontology_version,
    known,
    local_name,
    nothing_known,
    query_about,
    rows_by,
    status_rank,
    turtle_response,
)
from crmgraph.site.findings import SHAPES, shapes_page
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.site.plans import (
    compared_pairs,
    comparison_path,
    external_plans,
    outline,
    plan_names,
    plan_texts,
    plans,
)
from crmgraph.site.questions.pages import starting_questions

_FINDINGS = "SELECT (COUNT(DISTINCT ?x) AS ?findings) { ?x a cg:Finding }"
_CLASS_COUNTS = """
SELECT ?class (COUNT(DISTINCT ?x) AS ?things) { GRAPH %s { ?x a ?class } } GROUP BY ?class ORDER BY DESC(?things) ?class
"""


def home_page(visit: PageRequest) -> Response:
    """Return the home page: an introduction, some questions to begin with, and the outline of the plan."""
    site, language = visit.site, visit.language
    ours = site.names.id("plan", "crm")
    themes = outline(site, ours, language)
    dataset = catalog(site, language)
    everything = [node for theme in themes for node in (theme, *theme.descendants())]
    labels = {node.status: node.status_label for node in everything if node.status}
    scheduled = Counter(node.status for node in everything if node.kind == "ScheduleEntry")
    stated = Counter(node.status for node in everything)
    all_plans = plans(site)
    context = {
        "plan": themes,
        "counts": Counter(node.kind for node in everything),
        "statuses": [(name, labels[name], scheduled[name], stated[name]) for name in sorted(labels, key=status_rank)],
        "findings": int(site.select(_FINDINGS)[0]["findings"].value),
        "questions": starting_questions(site, language),
        "source": site.names.id("source", "crm"),
        "others": [plan for plan in all_plans if plan.iri != ours],
        "processes": site.labels(plan.process for plan in all_plans if plan.process),
        "agenda": {"path": comparison_path(ours, AGENDA), "titles": plan_texts(site)[AGENDA].titles}
        if (ours, AGENDA) in compared_pairs(site)
        else None,
        "external_plans": external_plans(site, all_plans),
        "labels": plan_names(site),
        "said": [dataset_json_ld(dataset, visit.address("/"))] if dataset else [],
    }
    return visit.render("home.html", context, offers=GRAPHS)


def catalog_page(visit: PageRequest) -> Response:
    """Return the page of the catalogue of the dataset (VoID, DCAT)."""
    found = known(catalog(visit.site, visit.language), visit.site.names.graph("catalog"))
    return visit.render(
        "catalog.html",
        {
            "catalog": found,
            "said": [dataset_json_ld(found, visit.address("/void"))],
            **visit.data_links(GRAPHS, "/void"),
        },
    )


def graph_page(visit: PageRequest, path: str) -> Response:
    """Return the page of a named graph: its size and classes. As data, it is the whole graph."""
    site = visit.site
    iri = site.names.graph(path)
    names = graph_names(site)
    if iri not in names:
        raise nothing_known(iri)
    if visit.form != HTML:
        return visit.respond_with_data(query_about("graph", site, iri))
    classes = [
        (row["class"].value, int(row["things"].value))
        for row in site.select(_CLASS_COUNTS % iri_ref(iri))
        if "class" in row
    ]
    context = {
        "name": path,
        "iri": iri,
        "total": count_triples(site, iri),
        "classes": classes,
        "labels": site.labels([*names, *(name for name, _ in classes)]),
        "graphs": names,
        "is_computed": path in ("inferred", "findings", "catalog"),
        **visit.data_links(GRAPHS, f"/graph/{path}"),
    }
    return visit.render("graph.html", context)


_OWL, _RDF, _SKOS = (PREFIXES[prefix] for prefix in ("owl", "rdf", "skos"))
_PROPERTIES_SHOWN_APART = {
    _RDF + "type",
    _OWL + "propertyChainAxiom",
    *(PREFIXES["rdfs"] + name for name in ("isDefinedBy", "label", "comment")),
    *(_SKOS + name for name in ("inScheme", "topConceptOf", "prefLabel", "definition")),
    PREFIXES["dcterms"] + "description",
}
_TERM_CLASSES = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_STATEMENTS = """
SELECT DISTINCT ?x ?property ?value {
  GRAPH %s {
    { ?x ?property ?value }
    UNION { VALUES ?property { owl:disjointWith owl:differentFrom } ?value ?property ?x }
  }
  FILTER (STRSTARTS(STR(?x), "%s"))
} ORDER BY ?x ?property STR(?value) LANG(?value)"""
_TERMS = """
SELECT ?iri ?kinds ?schemes ?label ?definition ?position {
  GRAPH %s {
    ?iri a ?kinds FILTER (STRSTARTS(STR(?iri), "%s"))
    OPTIONAL { ?iri rdfs:label|dcterms:title ?label }
    OPTIONAL { ?iri skos:definition|rdfs:comment|dcterms:description ?definition }
    OPTIONAL { ?iri skos:inScheme ?schemes }
    OPTIONAL { ?iri schema:position ?position }
  }
} ORDER BY ?iri"""
# The position of a member is the number of list cells up to and including its own.
_CHAINS = """
SELECT ?x ?chain ?member (COUNT(?before) AS ?place) {
  ?x owl:propertyChainAxiom ?chain . ?chain rdf:rest* ?before . ?before rdf:rest* ?cell . ?cell rdf:first ?member
} GROUP BY ?x ?chain ?cell ?member ORDER BY ?x ?chain ?place"""
_PATTERNS_FILE = resource("ontology") / "patterns.yaml"
_PATTERNS: list[dict[str, Any]] = read_yaml(read_text(_PATTERNS_FILE, TableError), _PATTERNS_FILE)
_BOXES = {
    "ConsultativeProcess": (0, 0), "Plan": (1, 0), "Finding": (2, 0),
    "Participation": (0, 1), "PlanElement": (1, 1), "Passage": (2, 1),
    "Agent": (0, 2), "InstrumentUse": (1, 2), "Event": (2, 2),
    "State": (0, 3), "Instrument": (1, 3), "Meeting": (2, 3),
}  # fmt: skip
"""The column and the row of the main classes in the picture of the model."""
ARROWS = (
    ("Plan", "planOf", "ConsultativeProcess"),
    ("PlanElement", "plan", "Plan"),
    ("Finding", "element", "PlanElement"),
    ("PlanElement", "passage", "Passage"),
    ("PlanElement", "participation", "Participation"),
    ("Participation", "agent", "Agent"),
    ("PlanElement", "instrumentUse", "InstrumentUse"),
    ("InstrumentUse", "instrument", "Instrument"),
    ("Instrument", "party", "State"),
    ("Event", "toldIn", "PlanElement"),
    ("Event", "meeting", "Meeting"),
)
"""The properties in the picture of the model, each from a class to the class of its values."""
_BOX = (200, 44)
_STEP = (330, 104)
"""The size of a box of the picture, and the distance from one to the next, in pixels."""
_MAX_ROWS = 6
"""The number of rows shown of the answer to a query of a pattern."""
_USES = """
SELECT ?term (COUNT(*) AS ?uses) {
  { ?x a ?term } UNION { ?x ?term ?y }
  FILTER STRSTARTS(STR(?term), "%s#")
} GROUP BY ?term"""


def read_ontology(site: Site, language: str) -> Record:
    """Return the ontology with its labels and definitions in this language.

    Attributes of the result:
        label: The title of the ontology.
        definition: Its description.
        statements: Its other statements, by property (see `_read_terms`).
        terms: Its classes and properties (see `_read_terms`), by the local name of their OWL class, sorted by label.
            Each also has `chains`: its property chain axioms, as lists of IRIs.
        labels: The labels of all IRIs in the statements, by IRI and language.
    """
    every, rows = _cached_terms(site, language), _read_statements(site)
    chains = rows_by(site.select(_CHAINS, is_cached=True), "x", "chain")
    for term in every:
        term.chains = [[row["member"].value for row in each] for (x, _), each in chains.items() if x == term.iri]
    named = {row["property"].value for row in rows} | {row["value"].value for row in rows if row["value"].is_iri}
    inside = sorted((term for term in every if term.iri.startswith(f"{ONTOLOGY}#")), key=lambda term: key(term.label))
    terms = {kind: [term for term in inside if _OWL + kind in term.kinds] for kind in _TERM_CLASSES}
    whole = next((term for term in every if term.iri == ONTOLOGY), Record(label="", definition="", statements=()))
    return Record(**{**vars(whole), "terms": terms, "labels": site.labels(named)})


def read_schemes(site: Site, language: str) -> list[Record]:
    """Return the concept schemes of the ontology, sorted by label.

    Each is a term (see `_read_terms`) with these attributes in addition:

    Attributes of the result:
        name: Its name in the path of its page, such as `status`.
        concepts: Its concepts as terms, by their position in the scheme; those without a position last, by label.
    """
    every = _cached_terms(site, language)
    found = [term for term in every if _SKOS + "ConceptScheme" in term.kinds]
    for scheme in found:
        scheme.name = scheme.iri.removeprefix(ONTOLOGY + "/")
        concepts = (term for term in every if scheme.iri in term.schemes)
        scheme.concepts = sorted(concepts, key=lambda term: (term.position or math.inf, key(term.label)))
    return sorted(found, key=lambda scheme: key(scheme.label))


def _cached_terms(site: Site, language: str) -> list[Record]:
    return site.cached(("terms of the ontology", language), lambda: _read_terms(site, language))


def _read_terms(site: Site, language: str) -> list[Record]:
    """Return all terms of the ontology: classes, properties, concept schemes, concepts, and the ontology itself.

    Attributes of the result:
        iri: The IRI of the term.
        anchor: Its local name, which is its id on the page.
        label: Its label in this language; without one, its local name.
        definition: Its definition in this language.
        kinds: The IRIs of its classes.
        schemes: The IRIs of the concept schemes that contain it.
        statements: Pairs of a property and its values, except for properties that the page shows apart. Values in this
            language come first.
    """
    found = site.records(
        _TERMS % (iri_ref(site.names.graph("ontology")), ONTOLOGY),
        "iri",
        language=language,
        texts=("label", "definition"),
        lists=("kinds", "schemes"),
        is_cached=True,
    )
    said = rows_by(_read_statements(site), "x")
    for term in found:
        term.anchor = local_name(term.iri)
        term.label = term.label or term.anchor
        term.statements = [
            (name, sorted((row["value"] for row in rows), key=lambda value: value.language not in ("", language)))
            for (name,), rows in rows_by(said.get((term.iri,), ()), "property").items()
            if name not in _PROPERTIES_SHOWN_APART
        ]
    return found


def _read_statements(site: Site) -> Sequence[Row]:
    """Return all statements of the ontology about its terms, sorted by term, property and value."""
    return site.select(_STATEMENTS % (iri_ref(site.names.graph("ontology")), ONTOLOGY), is_cached=True)


def ontology_page(visit: PageRequest) -> Response:
    """Return the page of the ontology; as data, the whole ontology."""
    if visit.form != HTML:
        return turtle_response((resource("ontology") / "crmgraph.ttl").read_bytes(), visit.form)
    site, language = visit.site, visit.language
    terms = read_ontology(site, language)
    by_name = {term.anchor: term for each in terms.terms.values() for term in each}
    context = {
        "vocabulary": terms,
        "picture": _picture(by_name),
        "patterns": [_pattern(site, each, by_name, language) for each in _PATTERNS],
        # How many things each class has, and how many statements each property.
        "uses": {row["term"].value: int(row["uses"].value) for row in site.select(_USES % ONTOLOGY, is_cached=True)},
        "schemes": read_schemes(site, language),
        "alignments": list(_ALIGNMENTS),
        "iri": ONTOLOGY,
        **visit.data_links(GRAPHS, "/ontology"),
    }
    return visit.render("ontology.html", context)


def _pattern(site: Site, pattern: Mapping[str, Any], by_name: Mapping[str, Record], language: str) -> Record:
    """Return a pattern of `ontology/patterns.yaml` with its query as it runs, and the answer."""
    query = pattern["query"].replace("{lang}", language)
    used = dict.fromkeys(re.findall(r"(?<![\w<:])([a-z-]+):(?=\w)", query))
    prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used if name in PREFIXES)
    answer = site.select(prologue + query, is_cached=True)
    return Record(
        title=pattern["title"][language],
        terms=[by_name[name] for name in pattern["terms"] if name in by_name],
        query=f"{prologue}\n{query}",
        columns=re.findall(r"\?(\w+)(?=\)| )", query[: query.index("WHERE")]),
        rows=answer[:_MAX_ROWS],
        total=len(answer),
    )


def _picture(by_name: Mapping[str, Record]) -> Record:
    """Return the picture of the model: boxes of classes, arrows of properties, and its size in pixels."""
    (width, height), (right, down) = _BOX, _STEP
    middles = {name: (column * right + width / 2, row * down + height / 2) for name, (column, row) in _BOXES.items()}
    arrows = []
    for start, name, end in ARROWS:
        (x1, y1), (x2, y2) = middles[start], middles[end]
        # An arrow runs from border to border of the boxes.
        share = min(width / 2 / abs(x2 - x1) if x2 != x1 else 1, height / 2 / abs(y2 - y1) if y2 != y1 else 1)
        dx, dy = (x2 - x1) * share, (y2 - y1) * share
        arrows.append(Record(term=by_name.get(name), x1=x1 + dx, y1=y1 + dy, x2=x2 - dx, y2=y2 - dy))
    columns, rows = (1 + max(each[axis] for each in _BOXES.values()) for axis in (0, 1))
    return Record(
        boxes=[Record(term=by_name[name], x=x, y=y) for name, (x, y) in middles.items() if name in by_name],
        arrows=[arrow for arrow in arrows if arrow.term],
        box=_BOX,
        size=((columns - 1) * right + width, (rows - 1) * down + height),
    )


_ALIGNMENTS = {file.stem: file for file in sorted((resource("ontology") / "alignments").glob("*.ttl"))}
_FILES = {file.stem: file for file in (resource("ontology") / "versions").glob("*.ttl")} | {
    f"alignments/{name}": file for name, file in _ALIGNMENTS.items()
}
"""The files of the ontology without a page, by their names below `/ontology/`."""


def scheme_page(visit: PageRequest, name: str) -> Response:
    """Return the page at `/ontology/NAME`, or its data.

    The name is that of a concept scheme, of the SHACL shapes, of a version of the ontology, or of an alignment. Earlier
    versions and alignments have no page: they are returned in Turtle instead. Raises HTTPException 404 for any other
    name.
    """
    site, form, iri = visit.site, visit.form, f"{ONTOLOGY}/{quote(name)}"
    if iri == SHAPES:
        return shapes_page(visit)
    found = next((scheme for scheme in read_schemes(site, visit.language) if scheme.iri == iri), None)
    if found is None and is_ontology_version(site, iri):
        return ontology_page(visit)
    if found is None:
        if name not in _FILES:
            raise nothing_known(iri)
        return turtle_response(_FILES[name].read_bytes(), GRAPHS[0] if form == HTML else form)
    if form != HTML:
        return visit.respond_with_data(query_about("vocabulary", site, iri))
    statements = [said for concept in found.concepts for said in concept.statements]
    named = {name for name, _ in statements} | {x.value for _, values in statements for x in values if x.is_iri}
    context = {
        "scheme": found,
        "labels": site.labels(named),
        "address_of_concept": address_of_concept,
    }
    return visit.render("scheme.html", context, offers=GRAPHS)
