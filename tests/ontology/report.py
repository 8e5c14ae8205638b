"""The checks of `robot report` that fit an ontology in two languages: a function each, the nodes that fail it.

ROBOT: A Tool for Automating Ontology Workflows (Jackson et al., 2019), `report`. A check looks at classes, properties
and concepts alike, and counts labels and definitions by language, for each has one in each.
"""

import re
from collections import Counter
from collections.abc import Callable

from rdflib import DC, DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

__all__ = ["CHECKS"]

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.Concept)
LABELS = (RDFS.label, SKOS.prefLabel)
SYNONYMS = (SKOS.altLabel, SKOS.hiddenLabel)
DEFINITIONS = (SKOS.definition,)
WHOLES = (OWL.Ontology, SKOS.ConceptScheme)
BUILT_IN = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD))
MADE_OF_BUILT_IN = (RDF.type, RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso)
Found = set[Node]


def annotation_whitespace(graph: Graph) -> Found:
    return {s for s, _, o in graph if isinstance(o, Literal) and re.search(r"^\s|\s$|\s\s|[\t\r\n]", str(o))}


def deprecated_boolean_datatype(graph: Graph) -> Found:
    return {s for s, o in graph.subject_objects(OWL.deprecated) if o != Literal(True)}


def deprecated_reference(graph: Graph) -> Found:
    """What speaks of a term that is no longer to be used, other than to say what replaces it."""
    old = set(graph.subjects(OWL.deprecated, Literal(True)))
    return {s for s, p, o in graph if s not in old and (o in old or p in old) and p != DCTERMS.replaces}


def duplicate_definition(graph: Graph) -> Found:
    return _of_two(graph, DEFINITIONS)


def duplicate_label(graph: Graph) -> Found:
    return _of_two(graph, LABELS)


def duplicate_label_synonym(graph: Graph) -> Found:
    """A second label that is the first again."""
    return {s for s in _things(graph) if _folded(graph, s, LABELS) & _folded(graph, s, SYNONYMS)}


def duplicate_scoped_synonym(graph: Graph) -> Found:
    return {s for s in _things(graph) if _folded(graph, s, SYNONYMS[:1]) & _folded(graph, s, SYNONYMS[1:])}


def equivalent_pair(graph: Graph) -> Found:
    return {s for s, o in graph.subject_objects(OWL.equivalentClass) if isinstance(o, URIRef)}


def illegal_use_of_built_in_vocabulary(graph: Graph) -> Found:
    return {s for s in graph.subjects() if isinstance(s, URIRef) and str(s).startswith(BUILT_IN)}


def invalid_entity_uri(graph: Graph) -> Found:
    return {s for s in _things(graph) if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", str(s))}


def label_formatting(graph: Graph) -> Found:
    """Mark-up in a label, or a full stop after it."""
    return {s for s in _things(graph) for text in _texts(graph, s, LABELS) if re.search(r"[<>&_]|\.$", text)}


def lowercase_definition(graph: Graph) -> Found:
    return {s for s in _things(graph) for text in _texts(graph, s, DEFINITIONS) if text[:1].islower()}


def missing_definition(graph: Graph) -> Found:
    return {s for s in _things(graph) if not _texts(graph, s, DEFINITIONS)}


def missing_label(graph: Graph) -> Found:
    return {s for s in _things(graph) if not _texts(graph, s, LABELS)}


def missing_translation(graph: Graph) -> Found:
    """What is said in one language and not in the other. (Not ROBOT's, which knows one language.)"""
    pairs = {(s, p) for s, p, o in graph if isinstance(o, Literal) and o.language}
    languages = {pair: {o.language for o in graph.objects(*pair) if isinstance(o, Literal)} for pair in pairs}
    return {s for (s, p), found in languages.items() if found != {"es", "en"} and p not in SYNONYMS}


def missing_ontology_description(graph: Graph) -> Found:
    return _wholes_without(graph, DCTERMS.description, DC.description)


def missing_ontology_license(graph: Graph) -> Found:
    return _wholes_without(graph, DCTERMS.license)


def missing_ontology_title(graph: Graph) -> Found:
    return _wholes_without(graph, DCTERMS.title, DC.title)


def missing_obsolete_label(graph: Graph) -> Found:
    """A term that is no longer to be used and does not say so where its label is read."""
    marked = {s for s in _things(graph) for text in _texts(graph, s, LABELS) if re.search(r"obsol[ei]t", text)}
    return set(graph.subjects(OWL.deprecated, Literal(True))) - marked


def multiple_definitions(graph: Graph) -> Found:
    return {s for s in _things(graph) if _most_in_one_language(graph, s, DEFINITIONS) > 1}


def multiple_equivalent_classes(graph: Graph) -> Found:
    return {s for s in graph.subjects(OWL.equivalentClass) if len(set(graph.objects(s, OWL.equivalentClass))) > 1}


def multiple_labels(graph: Graph) -> Found:
    return {s for s in _things(graph) if _most_in_one_language(graph, s, LABELS) > 1}


def untyped_language(graph: Graph) -> Found:
    """A label or definition that does not say which language it is in. (Not ROBOT's.)"""
    return {s for s in _things(graph) for text in _texts(graph, s, (*LABELS, *SYNONYMS, *DEFINITIONS))
            if not text.language}  # fmt: skip


CHECKS: dict[str, Callable[[Graph], Found]] = {
    function.__name__: function
    for function in list(globals().values())
    if callable(function) and getattr(function, "__module__", "") == __name__ and not function.__name__.startswith("_")
}


def _things(graph: Graph) -> Found:
    """What has labels here: the terms of others only have a kind."""
    things = {s for kind in KINDS for s in graph.subjects(RDF.type, kind)}
    return {s for s in things if set(graph.predicates(s)) - {RDF.type}}


def _texts(graph: Graph, subject: Node, predicates: tuple[Node, ...]) -> list[Literal]:
    return [o for p in predicates for o in graph.objects(subject, p) if isinstance(o, Literal) and str(o)]


def _folded(graph: Graph, subject: Node, predicates: tuple[Node, ...]) -> set[tuple[str, str | None]]:
    return {(str(text), text.language) for text in _texts(graph, subject, predicates)}


def _of_two(graph: Graph, predicates: tuple[Node, ...]) -> Found:
    """The things whose text, capitals aside, is another thing's too."""
    said = {s: {(text.casefold(), text.language) for text in _texts(graph, s, predicates)} for s in _things(graph)}
    times = Counter(text for texts in said.values() for text in texts)
    return {s for s, texts in said.items() if any(times[text] > 1 for text in texts)}


def _most_in_one_language(graph: Graph, subject: Node, predicates: tuple[Node, ...]) -> int:
    return max(Counter(text.language for text in _texts(graph, subject, predicates)).values(), default=0)


def _wholes_without(graph: Graph, *predicates: Node) -> Found:
    wholes = {s for kind in WHOLES for s in graph.subjects(RDF.type, kind)}
    return {s for s in wholes if not any((s, p, None) in graph for p in predicates)}
