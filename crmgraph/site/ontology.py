"""The pages of the ontology, of its versions and of its concept schemes."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.folding import key
from crmgraph.resources import resource
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    NothingKnownError,
    Record,
    Row,
    Site,
    Term,
    Visit,
    about,
    data_response,
    in_language,
    is_ontology_version,
    local_name,
    reference,
    rows_by,
    terms_json_ld,
    turtle_as,
)
from crmgraph.site.charts.ontology import draw_ontology
from crmgraph.site.findings import SHAPES, shapes_page
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.sparql import Format

__all__ = ["ontology_page", "scheme_page", "schemes", "vocabulary"]

_OWL, _RDF, _SKOS = (PREFIXES[prefix] for prefix in ("owl", "rdf", "skos"))
_TYPE, _CHAIN = _RDF + "type", _OWL + "propertyChainAxiom"
_LABELS = (PREFIXES["rdfs"] + "label", _SKOS + "prefLabel", PREFIXES["dcterms"] + "title")
_DEFINITIONS = (_SKOS + "definition", PREFIXES["rdfs"] + "comment", PREFIXES["dcterms"] + "description")
_SHOWN_APART = {
    _TYPE,
    _CHAIN,
    PREFIXES["rdfs"] + "isDefinedBy",
    _SKOS + "inScheme",
    _SKOS + "topConceptOf",
    *_LABELS[:2],
    *_DEFINITIONS,
}
_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_STATEMENTS = """
SELECT DISTINCT ?x ?property ?value {
  GRAPH %s {
    { ?x ?property ?value }
    UNION { VALUES ?property { owl:disjointWith owl:differentFrom owl:inverseOf } ?value ?property ?x }
  }
  FILTER (STRSTARTS(STR(?x), "%s"))
}"""
_NUMBER = re.compile(r"\d+(\.\d+)+")

_Said = Mapping[str, Sequence[Term]]
"""What is said of a thing, by property."""


def vocabulary(site: Site, language: str) -> Record:
    """Return the ontology in this language: what is said of it (`about`), its `label` and its `definition`.

    `terms` are its terms by kind and label (see `_term`); a property may follow from `chains` of others, each given by
    their IRIs. `labels` are the names of all in it.
    """
    described = _described(site)
    terms: dict[str, list[Record]] = {kind: [] for kind in _KINDS}
    for iri, said in described.items():
        kinds = [local_name(term.value) for term in said.get(_TYPE, ()) if term.value.startswith(_OWL)]
        kind = next((kind for kind in kinds if kind in terms), None)
        if kind and iri.startswith(ONTOLOGY + "#"):
            term = _term(iri, said, language)
            term.chains = [list(_members(chain.value, described)) for chain in said.get(_CHAIN, ())]
            terms[kind].append(term)
    whole = described.get(ONTOLOGY, {})
    named = {name for said in described.values() for name in said}
    named |= {x.value for said in described.values() for values in said.values() for x in values if x.is_iri}
    return Record(
        about=list(_rest(whole, language)),
        label=_text(whole, _LABELS[::-1], language)[0],
        definition=_text(whole, _DEFINITIONS[::-1], language)[0],
        terms={kind: sorted(each, key=lambda term: key(term.label)) for kind, each in terms.items()},
        labels=site.labels(named),
    )


def schemes(site: Site, language: str) -> list[Record]:
    """Return the concept schemes below the ontology by label, in this language.

    Each has its `iri`, its `name` below the ontology, such as `status`, its `label` and its `definition`, and its
    `concepts` (see `_term`): those that have a position in it by that, the others by label.
    """
    described = _described(site)
    members: dict[str, list[str]] = {}
    for iri, said in described.items():
        for scheme in said.get(_SKOS + "inScheme", ()):
            members.setdefault(scheme.value, []).append(iri)

    def place(term: Record) -> tuple[float, str]:
        positions = [each.value for each in described[term.iri].get(PREFIXES["schema"] + "position", ())]
        return min((int(each) for each in positions if each.isdecimal()), default=math.inf), key(term.label)

    found = []
    for iri, said in described.items():
        if any(term.value == _SKOS + "ConceptScheme" for term in said.get(_TYPE, ())):
            concepts = sorted((_term(x, described[x], language) for x in members.get(iri, ())), key=place)
            label, definition = (_text(said, names, language)[0] for names in (_LABELS, _DEFINITIONS))
            name = iri.removeprefix(ONTOLOGY + "/")
            found.append(Record(iri=iri, name=name, label=label, definition=definition, concepts=concepts))
    return sorted(found, key=lambda scheme: key(scheme.label))


def _described(site: Site) -> dict[str, _Said]:
    """Return what the ontology says of each of its terms, in the order of IRIs and values."""

    def place(row: Row) -> tuple[str, ...]:
        return row["x"].value, row["property"].value, row["value"].value, row["value"].language

    rows = sorted(site.recall(_STATEMENTS % (reference(site.names.graph("ontology")), ONTOLOGY)), key=place)
    return {
        iri: {name: [row["value"] for row in each] for (name,), each in rows_by(said, "property").items()}
        for (iri,), said in rows_by(rows, "x").items()
    }


def _term(iri: str, said: _Said, language: str) -> Record:
    """Return a class, property or concept: its `iri`, its `anchor` (its name in the ontology), its `label`.

    `statements` are what the ontology says of it beside this and its `definition`, by property.
    """
    definition, spoken = _text(said, _DEFINITIONS, language)
    return Record(
        iri=iri,
        anchor=local_name(iri),
        label=_text(said, _LABELS[:2], language)[0] or local_name(iri),
        definition=definition,
        definition_language=spoken,
        statements=list(_rest(said, language)),
    )


def _members(cell: str, described: Mapping[str, _Said]) -> Iterator[str]:
    """Yield the IRIs in an RDF list."""
    while cell in described:
        yield described[cell][_RDF + "first"][0].value
        cell = described[cell][_RDF + "rest"][0].value


def _rest(said: _Said, language: str) -> Iterator[tuple[str, Sequence[Term]]]:
    """Yield what is not shown apart, by property, what is in the language first."""
    for name, values in said.items():
        if name not in _SHOWN_APART:
            yield name, sorted(values, key=lambda value: value.language not in ("", language))


def _text(said: _Said, properties: Iterable[str], language: str) -> tuple[str, str]:
    """Return the text of the first of these properties that there is, with its language."""
    values = next((said[name] for name in properties if name in said), ())
    return in_language({term.language: term.value for term in values}, language)


def ontology_page(visit: Visit) -> Response:
    """Return the ontology's terms, as a page or as a graph."""
    if visit.form != HTML:
        return _file(resource("ontology") / "crmgraph.ttl", visit.form)
    site, language = visit.site, visit.language
    terms = vocabulary(site, language)
    every = [term for each in terms.terms.values() for term in each]
    context = {
        "vocabulary": terms,
        "drawing": draw_ontology({term.iri: term.label for term in every}),
        "schemes": schemes(site, language),
        "iri": ONTOLOGY,
        "said": terms_json_ld("", every, ONTOLOGY, terms.label, visit.address_to(ONTOLOGY)),
        **visit.data_links(GRAPHS, "/ontology"),
    }
    return visit.render("ontology.html", context)


def scheme_page(visit: Visit, name: str) -> Response:
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
        return visit.data(about("vocabulary", site, iri))
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
    return data_response(turtle_as(file.read_bytes(), form), form.media_type)
