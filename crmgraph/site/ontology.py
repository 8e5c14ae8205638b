"""The ontology's terms and the concept schemes as their pages show them."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.resources import resource
from crmgraph.site.base.addresses import address_to, language_of, links_of
from crmgraph.site.base.metadata import terms_json_ld
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    GRAPHS,
    HTML,
    NothingKnownError,
    about,
    data_response,
    is_ontology_version,
    requested_form,
    statements_as,
    turtle_as,
)
from crmgraph.site.base.site import Row, Site, Term, in_language
from crmgraph.site.charts.ontology import draw_ontology
from crmgraph.site.findings import SHAPES, shapes_page
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.sparql import Format

__all__ = [
    "Scheme",
    "Vocabulary",
    "VocabularyTerm",
    "kept_version",
    "ontology_page",
    "present_version",
    "scheme_page",
    "schemes",
    "vocabulary",
    "written",
]

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_TYPE = _RDF + "type"
_LABELS = (_RDFS + "label", _SKOS + "prefLabel")
_DEFINITIONS = (_SKOS + "definition", _RDFS + "comment", _DCTERMS + "description")
_CHAIN = _OWL + "propertyChainAxiom"
_POSITION = "https://schema.org/position"
_SHOWN_APART = {
    _TYPE,
    _CHAIN,
    _RDFS + "isDefinedBy",
    _SKOS + "inScheme",
    _SKOS + "topConceptOf",
    *_LABELS,
    *_DEFINITIONS,
}
_KINDS = {
    _OWL + "Class": "classes",
    _OWL + "ObjectProperty": "object_properties",
    _OWL + "DatatypeProperty": "datatype_properties",
    _OWL + "AnnotationProperty": "annotation_properties",
}
_STATEMENTS = """
SELECT DISTINCT ?x ?property ?value {
  GRAPH %s {
    { ?x ?property ?value }
    UNION { VALUES ?property { owl:disjointWith owl:differentFrom owl:inverseOf } ?value ?property ?x }
  }
  FILTER (STRSTARTS(STR(?x), "%s"))
}"""


@dataclass(frozen=True)
class VocabularyTerm:
    """A class, property or concept, with what the ontology says of it beside label and definition, by property.

    A property may follow from chains of others, each given by their IRIs.
    """

    iri: str
    label: str
    definition: str
    definition_language: str
    statements: tuple[tuple[str, tuple[Term, ...]], ...]
    chains: tuple[tuple[str, ...], ...] = ()

    @property
    def anchor(self) -> str:
        """The term's name within the ontology."""
        return self.iri.rpartition("#")[2]

    @property
    def defined(self) -> tuple[str, str, str, str]:
        """The term's IRI, label, definition and the language of that."""
        return self.iri, self.label, self.definition, self.definition_language


@dataclass(frozen=True)
class Vocabulary:
    """The ontology: what is said of it as a whole, and its terms of each kind by label."""

    about: tuple[tuple[str, tuple[Term, ...]], ...]
    label: str
    definition: str
    classes: tuple[VocabularyTerm, ...]
    object_properties: tuple[VocabularyTerm, ...]
    datatype_properties: tuple[VocabularyTerm, ...]
    annotation_properties: tuple[VocabularyTerm, ...]
    labels: Mapping[str, Mapping[str, str]]

    @property
    def all(self) -> tuple[VocabularyTerm, ...]:
        """The terms of every kind."""
        return self.classes + self.object_properties + self.datatype_properties + self.annotation_properties


@dataclass(frozen=True)
class Scheme:
    """A concept scheme with its concepts, those that have a position in it by that, the others by label."""

    iri: str
    label: str
    definition: str
    concepts: tuple[VocabularyTerm, ...]

    @property
    def name(self) -> str:
        """The scheme's name below the ontology, such as `status`."""
        return self.iri.removeprefix(ONTOLOGY + "/")


_Descriptions = dict[str, dict[str, list[Term]]]


def vocabulary(site: Site, language: str) -> Vocabulary:
    """The ontology in this language."""
    described = _described(site)
    kinds: dict[str, list[VocabularyTerm]] = {kind: [] for kind in _KINDS.values()}
    for iri, said in described.items():
        kind = next((_KINDS[t.value] for t in said.get(_TYPE, ()) if t.value in _KINDS), None)
        if kind and iri.startswith(ONTOLOGY + "#"):
            kinds[kind].append(replace(_term(iri, said, language), chains=_chains(said, described)))
    whole = described.get(ONTOLOGY, {})
    return Vocabulary(
        about=tuple(_rest(whole, language)),
        label=_text(whole, (_DCTERMS + "title", *_LABELS), language)[0],
        definition=_text(whole, (_DCTERMS + "description", *_DEFINITIONS), language)[0],
        labels=site.labels(_iris(described)),
        **{kind: tuple(sorted(terms, key=lambda term: key(term.label))) for kind, terms in kinds.items()},
    )


def schemes(site: Site, language: str) -> tuple[Scheme, ...]:
    """The concept schemes below the ontology by label, in this language."""
    described = _described(site)
    found = []
    for iri, said in described.items():
        if any(term.value == _SKOS + "ConceptScheme" for term in said.get(_TYPE, ())):
            members = {x: s for x, s in described.items() if any(t.value == iri for t in s.get(_SKOS + "inScheme", ()))}
            concepts = sorted(
                (_term(x, s, language) for x, s in members.items()),
                key=lambda term: (_place(members[term.iri]), key(term.label)),
            )
            label, definition = (_text(said, names, language)[0] for names in (_LABELS, _DEFINITIONS))
            label = label or _text(said, (_DCTERMS + "title",), language)[0]
            found.append(Scheme(iri, label, definition, tuple(concepts)))
    return tuple(sorted(found, key=lambda scheme: key(scheme.label)))


def _described(site: Site) -> _Descriptions:
    described: _Descriptions = {}
    graph = f"<{site.names.graph('ontology')}>"
    for row in sorted(site.recall(_STATEMENTS % (graph, ONTOLOGY)), key=_sorting):
        said = described.setdefault(row["x"].value, {})
        said.setdefault(row["property"].value, []).append(row["value"])
    return described


def _place(said: dict[str, list[Term]]) -> float:
    """The position that a concept has in its scheme; one without comes after those that have one."""
    return min((int(term.value) for term in said.get(_POSITION, ()) if term.value.isdecimal()), default=math.inf)


def _term(iri: str, said: dict[str, list[Term]], language: str) -> VocabularyTerm:
    label, _ = _text(said, _LABELS, language)
    definition, spoken = _text(said, _DEFINITIONS, language)
    return VocabularyTerm(iri, label or iri.rpartition("#")[2], definition, spoken, tuple(_rest(said, language)))


def _chains(said: dict[str, list[Term]], described: _Descriptions) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_members(chain.value, described)) for chain in said.get(_CHAIN, ()))


def _members(cell: str, described: _Descriptions) -> Iterator[str]:
    """The IRIs in an RDF list."""
    while cell in described:
        yield described[cell][_RDF + "first"][0].value
        cell = described[cell][_RDF + "rest"][0].value


def _rest(said: dict[str, list[Term]], language: str) -> Iterator[tuple[str, tuple[Term, ...]]]:
    """What is shown of it by property, what is in the visitor's language first."""
    for name, values in said.items():
        if name not in _SHOWN_APART:
            yield name, tuple(sorted(values, key=lambda value: value.language not in ("", language)))


def _text(said: dict[str, list[Term]], properties: tuple[str, ...], language: str) -> tuple[str, str]:
    for name in properties:
        if name in said:
            return in_language({term.language: term.value for term in said[name]}, language)
    return "", ""


def _iris(described: _Descriptions) -> set[str]:
    return {
        iri
        for said in described.values()
        for name, values in said.items()
        for iri in (name, *(term.value for term in values if term.is_iri))
    }


def _sorting(row: Row) -> tuple[str, str, str, str]:
    return row["x"].value, row["property"].value, row["value"].value, row["value"].language


_NUMBER = re.compile(r"\d+(\.\d+)+")


def present_version() -> Path:
    """The file of the ontology as it is."""
    return resource("ontology") / "crmgraph.ttl"


def kept_version(number: str) -> Path | None:
    """The file of an older version, such as 0.1.0; None where none of that number was kept."""
    kept = resource("ontology") / "versions" / f"{number}.ttl"
    return kept if _NUMBER.fullmatch(number) and kept.is_file() else None


def written(file: Path, form: Format) -> bytes:
    """The ontology in `file` in one of the formats for graphs; in Turtle as it was written, with its comments."""
    return turtle_as(file.read_bytes(), form)


def ontology_page(request: Request, site: Site) -> Response:
    """The ontology's terms, as a page or as a graph."""
    _, form = requested_form(request)
    return _ontology_page(request, site, form)


def _ontology_page(request: Request, site: Site, form: Format) -> Response:
    if form != HTML:
        return _ontology(form, present_version())
    language = language_of(request)
    terms, address = vocabulary(site, language), address_to(request, site, ONTOLOGY)
    context = {
        "vocabulary": terms,
        "drawing": draw_ontology({term.iri: term.label for term in terms.all}),
        "schemes": schemes(site, language),
        "iri": ONTOLOGY,
        "said": terms_json_ld("", (term.defined for term in terms.all), ONTOLOGY, terms.label, address),
        **data_links(request, site, "/ontology"),
    }
    return render(request, site, "ontology.html", context=context)


def scheme_page(request: Request, site: Site, name: str) -> Response:
    """A concept scheme below the ontology, the shapes, or the ontology itself by the IRI of one of its versions."""
    name, form = requested_form(request, name)
    iri = links_of(request, site).vocabulary(name)
    if iri == SHAPES:
        return shapes_page(request, site, form)
    found = next((scheme for scheme in schemes(site, language_of(request)) if scheme.iri == iri), None)
    if found is None and is_ontology_version(site, iri):
        return _ontology_page(request, site, form)
    if found is None:
        kept = kept_version(name)
        # A version that was kept is data and has no page; whoever wants a page gets it in Turtle.
        if kept is None:
            raise NothingKnownError(iri)
        return _ontology(GRAPHS[0] if form == HTML else form, kept)
    if form != HTML:
        return statements_as(site, about("vocabulary", site, iri), form)
    statements = [said for concept in found.concepts for said in concept.statements]
    named = {name for name, _ in statements} | {x.value for _, values in statements for x in values if x.is_iri}
    address, defined = address_to(request, site, iri), (term.defined for term in found.concepts)
    context = {
        "scheme": found,
        "said": terms_json_ld(found.definition, defined, iri, found.label or found.name, address),
        "labels": site.labels(named),
        "address_of_concept": address_of_concept,
        **data_links(request, site, f"/ontology/{name}"),
    }
    return render(request, site, "scheme.html", context=context)


def _ontology(form: Format, version: Path) -> Response:
    return data_response(written(version, form), form.media_type)
