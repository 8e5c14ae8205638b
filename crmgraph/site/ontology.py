"""The pages of the ontology, of its versions and of its concept schemes."""

import math
import re
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import key
from crmgraph.resources import resource
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    NothingKnownError,
    PageRequest,
    Record,
    Row,
    Site,
    convert_turtle,
    data_response,
    is_ontology_version,
    local_name,
    query_about,
    reference,
    rows_by,
    terms_json_ld,
)
from crmgraph.site.findings import SHAPES, shapes_page
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.sparql import Format

_OWL, _RDF, _SKOS = (PREFIXES[prefix] for prefix in ("owl", "rdf", "skos"))
_SHOWN_APART = {
    _RDF + "type",
    _OWL + "propertyChainAxiom",
    *(PREFIXES["rdfs"] + name for name in ("isDefinedBy", "label", "comment")),
    *(_SKOS + name for name in ("inScheme", "topConceptOf", "prefLabel", "definition")),
    PREFIXES["dcterms"] + "description",
}
_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_STATEMENTS = """
SELECT DISTINCT ?x ?property ?value {
  GRAPH %s {
    { ?x ?property ?value }
    UNION { VALUES ?property { owl:disjointWith owl:differentFrom owl:inverseOf } ?value ?property ?x }
  }
  FILTER (STRSTARTS(STR(?x), "%s"))
} ORDER BY ?x ?property STR(?value) LANG(?value)"""
_TERMS = """
SELECT ?iri ?kinds ?schemes ?label ?definition ?position {
  GRAPH %s {
    ?iri a ?kinds FILTER (STRSTARTS(STR(?iri), "%s"))
    OPTIONAL { ?iri rdfs:label|skos:prefLabel|dcterms:title ?label }
    OPTIONAL { ?iri skos:definition|rdfs:comment|dcterms:description ?definition }
    OPTIONAL { ?iri skos:inScheme ?schemes }
    OPTIONAL { ?iri schema:position ?position }
  }
} ORDER BY ?iri"""
# The place of a member is the number of cells up to its own.
_CHAINS = """
SELECT ?x ?chain ?member (COUNT(?before) AS ?place) {
  ?x owl:propertyChainAxiom ?chain . ?chain rdf:rest* ?before . ?before rdf:rest* ?cell . ?cell rdf:first ?member
} GROUP BY ?x ?chain ?cell ?member ORDER BY ?x ?chain ?place"""
OVERVIEW = (
    ("Finding", "element", "PlanElement"),
    ("PlanElement", "passage", "Passage"),
    ("Passage", "source", "Source"),
    ("PlanElement", "within", "Plan"),
    ("PlanElement", "participation", "Participation"),
    ("Participation", "agent", "Agent"),
    ("PlanElement", "instrumentUse", "InstrumentUse"),
    ("InstrumentUse", "instrument", "Instrument"),
    ("PlanElement", "mention", "Mention"),
    ("PlanElement", "tells", "Event"),
    ("Event", "meeting", "Meeting"),
    ("Event", "place", "Place"),
    ("Instrument", "party", "Agent"),
    ("Agent", "membership", "Membership"),
)
"""The main classes: one, a property, and the class that it leads to."""
_NUMBER = re.compile(r"\d+(\.\d+)+")


def vocabulary(site: Site, language: str) -> Record:
    """Return the ontology in this language: its `label`, its `definition` and what else is said of it (`statements`).

    `terms` are its terms by kind and label (see `_terms`); a property may follow from `chains` of others, each given by
    their IRIs. `labels` are the names of all in it.
    """
    every, rows = _kept_terms(site, language), _statements(site)
    chains = rows_by(site.select_cached(_CHAINS), "x", "chain")
    for term in every:
        term.chains = [[row["member"].value for row in each] for (x, _), each in chains.items() if x == term.iri]
    named = {row["property"].value for row in rows} | {row["value"].value for row in rows if row["value"].is_iri}
    inside = sorted((term for term in every if term.iri.startswith(f"{ONTOLOGY}#")), key=lambda term: key(term.label))
    terms = {kind: [term for term in inside if _OWL + kind in term.kinds] for kind in _KINDS}
    whole = next((term for term in every if term.iri == ONTOLOGY), Record(label="", definition="", statements=()))
    return Record(**{**vars(whole), "terms": terms, "labels": site.labels(named)})


def schemes(site: Site, language: str) -> list[Record]:
    """Return the concept schemes below the ontology by label, in this language.

    Each has its `iri`, its `name` below the ontology, such as `status`, its `label` and its `definition`, and its
    `concepts` (see `_terms`): those that have a position in it by that, the others by label.
    """
    every = _kept_terms(site, language)
    found = [term for term in every if _SKOS + "ConceptScheme" in term.kinds]
    for scheme in found:
        scheme.name = scheme.iri.removeprefix(ONTOLOGY + "/")
        concepts = (term for term in every if scheme.iri in term.schemes)
        scheme.concepts = sorted(concepts, key=lambda term: (term.position or math.inf, key(term.label)))
    return sorted(found, key=lambda scheme: key(scheme.label))


def _kept_terms(site: Site, language: str) -> list[Record]:
    return site.cached(("terms of the ontology", language), lambda: _terms(site, language))


def _terms(site: Site, language: str) -> list[Record]:
    """Return all terms of the ontology: the `iri` of each, its `anchor` (its name in the ontology), its `label`.

    `statements` are what the ontology says of it beside this and its `definition`, by property, what is in the language
    first. `kinds` and `schemes` are those that it is of.
    """
    query = _TERMS % (reference(site.names.graph("ontology")), ONTOLOGY)
    texts, lists = ("label", "definition"), ("kinds", "schemes")
    found = site.records(query, "iri", language=language, texts=texts, lists=lists, is_cached=True)
    said = rows_by(_statements(site), "x")
    for term in found:
        term.anchor = local_name(term.iri)
        term.label = term.label or term.anchor
        term.statements = [
            (name, sorted((row["value"] for row in rows), key=lambda value: value.language not in ("", language)))
            for (name,), rows in rows_by(said.get((term.iri,), ()), "property").items()
            if name not in _SHOWN_APART
        ]
    return found


def _statements(site: Site) -> Sequence[Row]:
    """Return what the ontology says, in the order of properties and values."""
    return site.select_cached(_STATEMENTS % (reference(site.names.graph("ontology")), ONTOLOGY))


def ontology_page(visit: PageRequest) -> Response:
    """Return the ontology's terms, as a page or as a graph."""
    if visit.form != HTML:
        return _file(resource("ontology") / "crmgraph.ttl", visit.form)
    site, language = visit.site, visit.language
    terms = vocabulary(site, language)
    every = [term for each in terms.terms.values() for term in each]
    by_name = {term.anchor: term for term in every}
    context = {
        "vocabulary": terms,
        "overview": [[by_name[name] for name in each] for each in OVERVIEW if by_name.keys() >= set(each)],
        "schemes": schemes(site, language),
        "iri": ONTOLOGY,
        "said": terms_json_ld("", every, ONTOLOGY, terms.label, visit.address_to(ONTOLOGY)),
        **visit.data_links(GRAPHS, "/ontology"),
    }
    return visit.render("ontology.html", context)


def scheme_page(visit: PageRequest, name: str) -> Response:
    """Return a concept scheme below the ontology, the shapes, or the ontology by the IRI of one of its versions."""
    site, form, iri = visit.site, visit.form, visit.links.vocabulary(name)
    if iri == SHAPES:
        return shapes_page(visit)
    found = next((scheme for scheme in schemes(site, visit.language) if scheme.iri == iri), None)
    if found is None and is_ontology_version(site, iri):
        return ontology_page(visit)
    if found is None:
        kept = resource("ontology") / "versions" / f"{name}.ttl"
        if not (_NUMBER.fullmatch(name) and kept.is_file()):
            raise NothingKnownError(iri)
        # A version that was kept is data and has no page; whoever wants a page gets it in Turtle.
        return _file(kept, GRAPHS[0] if form == HTML else form)
    if form != HTML:
        return visit.data(query_about("vocabulary", site, iri))
    statements = [said for concept in found.concepts for said in concept.statements]
    named = {name for name, _ in statements} | {x.value for _, values in statements for x in values if x.is_iri}
    context = {
        "scheme": found,
        "said": terms_json_ld(found.definition, found.concepts, iri, found.label or found.name, visit.address_to(iri)),
        "labels": site.labels(named),
        "address_of_concept": address_of_concept,
    }
    return visit.render("scheme.html", context, offers=GRAPHS)


def _file(file: Path, form: Format) -> Response:
    """Return a file in Turtle in one of the formats for graphs."""
    return data_response(convert_turtle(file.read_bytes(), form), form.media_type)
