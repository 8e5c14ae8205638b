"""The pitfalls of the OOPS! catalogue that a machine can see, a function each: the elements that have fallen into it.

Poveda-Villalón et al., OOPS! (OntOlogy Pitfall Scanner!), 2014. Where the whole ontology is at fault, and no element,
the element is `WHOLE`. Not here, for only a reader can tell: P01 (one name for two notions), P09 (a part of the domain
left out), P14 to P18 (misused restrictions), P23 (one word for a class and a property), P30 (two classes that mean the
same), and P37 (not on the web).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from rdflib import DC, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, TIME, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

__all__ = ["PITFALLS", "WHOLE", "parts", "terms"]

WHOLE = OWL.Ontology
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
LICENCES = (DCTERMS.license, DCTERMS.rights, DC.rights, SDO.license, URIRef("http://creativecommons.org/ns#license"))
DEFINITIONS = (SKOS.definition, RDFS.comment, DC.description, DCTERMS.description)
CLOSED: tuple[type[DefinedNamespace], ...] = (DCTERMS, FOAF, ORG, PROV, SDO, SKOS, TIME)
BETWEEN_CLASSES = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
BETWEEN_PROPERTIES = (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith, OWL.inverseOf)
EXPRESSIONS = (OWL.unionOf, OWL.intersectionOf, OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass, OWL.complementOf)
Found = set[Node]


def terms(graph: Graph, *kinds: Node) -> Found:
    """The named things that the ontology declares to be of one of the kinds, its own and those of others."""
    return {term for kind in kinds for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)}


def parts(term: Node) -> list[str]:
    """The words of a name: `relationshipS` and `relationship_S` have the same two."""
    name = re.split(r"[#/]", str(term))[-1]
    return [word.casefold() for word in re.findall(r"[A-ZÁÉÍÓÚÑ]?[a-záéíóúñ]+|[A-Z]+(?![a-z])|\d+", name)]


def p02_synonyms_as_classes(graph: Graph) -> Found:
    return {one for one, _ in _same_classes(graph)}


def p03_is_instead_of_subclass(graph: Graph) -> Found:
    return {term for term in terms(graph, *PROPERTIES) if "".join(parts(term)) in ("is", "isa", "es", "esun", "esuna")}


def p04_unconnected(graph: Graph) -> Found:
    """Classes to which no property leads, nor to any class that is above, below or part of them."""
    properties = terms(graph, *PROPERTIES)
    reached: Found = set()
    waiting = [side for edge in (RDFS.domain, RDFS.range) for term, side in graph.subject_objects(edge)
               if term in properties]  # fmt: skip
    while waiting:
        node = waiting.pop()
        if node not in reached and node != OWL.Thing:
            reached.add(node)
            waiting += _near(graph, node)
    return terms(graph, OWL.Class) - reached


def p05_wrong_inverses(graph: Graph) -> Found:
    """The domain of the one is not the range of the other."""
    found: Found = set()
    for one, other in graph.subject_objects(OWL.inverseOf):
        for left, right in ((one, other), (other, one)):
            domain, range_ = set(graph.objects(left, RDFS.domain)), set(graph.objects(right, RDFS.range))
            if domain and range_ and not domain & range_:
                found |= {one, other}
    return found


def p06_cycles_in_hierarchies(graph: Graph) -> Found:
    return {
        node
        for edge in (RDFS.subClassOf, RDFS.subPropertyOf)
        for node, parent in graph.subject_objects(edge)
        if node != parent and node in set(graph.transitive_objects(parent, edge))
    }


def p07_merged_concepts(graph: Graph) -> Found:
    return {term for term in terms(graph, OWL.Class) if {"and", "or", "y", "o"} & set(parts(term)[1:-1])}


def p08_missing_annotations(graph: Graph) -> Found:
    """No label or no definition; an empty one is P20's."""
    return {
        term
        for term in terms(graph, OWL.Class, *PROPERTIES)
        if not _texts(graph, term, RDFS.label) or not _texts(graph, term, *DEFINITIONS)
    }


def p10_no_disjointness(graph: Graph) -> Found:
    declared = any((None, edge, None) in graph for edge in (OWL.disjointWith, OWL.disjointUnionOf))
    declared |= (None, RDF.type, OWL.AllDisjointClasses) in graph
    return {WHOLE} if len(terms(graph, OWL.Class)) > 1 and not declared else set()


def p11_missing_domain_or_range(graph: Graph) -> Found:
    """Said neither of the property nor, the other way round, of its inverse."""
    found: Found = set()
    for term in terms(graph, *PROPERTIES):
        inverses = _inverses(graph, term)
        for edge, crossed in ((RDFS.domain, RDFS.range), (RDFS.range, RDFS.domain)):
            if not any(graph.objects(term, edge)) and not any((other, crossed, None) in graph for other in inverses):
                found.add(term)
    return found


def p12_equivalent_properties_not_declared(graph: Graph) -> Found:
    """Names of the same words for two properties of one kind, neither said to be the other or to specialise it."""
    return {
        term
        for kind in PROPERTIES
        for one, other in combinations(sorted(terms(graph, kind), key=str), 2)
        if parts(one) == parts(other) and not _linked(graph, one, other)
        for term in (one, other)
    }


def p13_inverse_not_declared(graph: Graph) -> Found:
    """Object properties, symmetric ones aside, that are the inverse of no object property."""
    declared = terms(graph, OWL.ObjectProperty)
    symmetric = set(graph.subjects(RDF.type, OWL.SymmetricProperty))
    return {term for term in declared - symmetric if not _inverses(graph, term) & declared}


def p19_multiple_domains_or_ranges(graph: Graph) -> Found:
    return {
        term
        for term in terms(graph, *PROPERTIES)
        if any(len(set(graph.objects(term, edge))) > 1 for edge in (RDFS.domain, RDFS.range))
    }


def p20_misused_annotations(graph: Graph) -> Found:
    """A label or definition that is empty, or a label that says as much as the definition in its language, or more."""
    found: Found = set()
    for term in terms(graph, OWL.Class, *PROPERTIES):
        labels, definitions = _texts(graph, term, RDFS.label), _texts(graph, term, *DEFINITIONS)
        if any(not text.strip() for text in (*labels, *definitions)) or any(
            label.language == text.language and (label == text or len(label.split()) > len(text.split()))
            for label in labels
            for text in definitions
        ):
            found.add(term)
    return found


def p21_miscellaneous_class(graph: Graph) -> Found:
    misc = {"misc", "miscellanea", "miscellaneous", "miscellany", "other", "others", "otro", "otros", "varios"}
    return {term for term in terms(graph, OWL.Class) if misc & set(parts(term))}


def p22_naming_conventions(graph: Graph) -> Found:
    """Names that are not of the form that those of their kind have: `PlanElement`, `planElement`."""
    shapes = {OWL.Class: r"([A-Z][a-z]*\d*)+", OWL.ObjectProperty: r"[a-z]+([A-Z][a-z]*|\d+)*"}
    shapes[OWL.DatatypeProperty] = shapes[OWL.ObjectProperty]
    return {
        term
        for kind, shape in shapes.items()
        for term in terms(graph, kind)
        if not re.fullmatch(shape, re.split(r"[#/]", str(term))[-1])
    }


def p24_recursive_definitions(graph: Graph) -> Found:
    """Terms that stand within their own definition."""
    edges = (RDFS.subClassOf, OWL.equivalentClass, RDFS.domain, RDFS.range, OWL.inverseOf)
    return {
        term
        for edge in edges
        for term, said in graph.subject_objects(edge)
        if term == said or (isinstance(said, BNode) and term in _within(graph, said))
    }


def p25_inverse_of_itself(graph: Graph) -> Found:
    return {one for one, other in graph.subject_objects(OWL.inverseOf) if one == other}


def p26_inverse_of_symmetric(graph: Graph) -> Found:
    return {term for term in graph.subjects(RDF.type, OWL.SymmetricProperty) if _inverses(graph, term)}


def p27_wrong_equivalent_properties(graph: Graph) -> Found:
    """Not of the same things: two domains or two ranges."""
    return {
        term
        for one, other in graph.subject_objects(OWL.equivalentProperty)
        if any(set(graph.objects(one, edge)) != set(graph.objects(other, edge)) for edge in (RDFS.domain, RDFS.range))
        for term in (one, other)
    }


def p28_wrong_symmetric(graph: Graph) -> Found:
    return {term for term in graph.subjects(RDF.type, OWL.SymmetricProperty) if _leads_elsewhere(graph, term)}


def p29_wrong_transitive(graph: Graph) -> Found:
    return {term for term in graph.subjects(RDF.type, OWL.TransitiveProperty) if _leads_elsewhere(graph, term)}


def p31_wrong_equivalent_classes(graph: Graph) -> Found:
    """Two classes of one ontology said to be the same: if they are, it is one too many, and else it is untrue."""
    return {term for pair in _same_classes(graph) for term in pair}


def p32_classes_with_one_label(graph: Graph) -> Found:
    labels = Counter(label for term in terms(graph, OWL.Class) for label in set(graph.objects(term, RDFS.label)))
    return {
        term
        for term in terms(graph, OWL.Class)
        if any(labels[label] > 1 and str(label) for label in graph.objects(term, RDFS.label))
    }


def p33_chain_of_one(graph: Graph) -> Found:
    chains = graph.subject_objects(OWL.propertyChainAxiom)
    return {term for term, chain in chains if len(Collection(graph, chain)) < 2}


def p34_untyped_class(graph: Graph) -> Found:
    used = {side for edge in BETWEEN_CLASSES for sides in graph.subject_objects(edge) for side in sides}
    used |= {value for term in terms(graph, *PROPERTIES) for value in graph.objects(term, RDFS.domain)}
    used |= {value for term in terms(graph, OWL.ObjectProperty) for value in graph.objects(term, RDFS.range)}
    used |= set(graph.objects(None, RDF.type)) | {node for edge in EXPRESSIONS for node in graph.objects(None, edge)}
    return {node for node in used - terms(graph, OWL.Class, RDFS.Datatype) if _can_be_declared(node)}


def p35_untyped_property(graph: Graph) -> Found:
    kinds = (*PROPERTIES, OWL.AnnotationProperty, OWL.OntologyProperty, RDF.Property)
    used = {side for edge in BETWEEN_PROPERTIES for sides in graph.subject_objects(edge) for side in sides}
    used |= {term for edge in (RDFS.domain, RDFS.range) for term in graph.subjects(edge)}
    used |= set(graph.objects(None, OWL.onProperty))
    used |= {link for chain in graph.objects(None, OWL.propertyChainAxiom) for link in Collection(graph, chain)}
    used |= {p for s, p, _ in graph if (s, RDF.type, OWL.Ontology) not in graph}
    return {node for node in used - terms(graph, *kinds) if _can_be_declared(node)}


def p36_file_extension_in_iri(graph: Graph) -> Found:
    pattern = r"\.(owl|rdf|ttl|n3|nt|xml|jsonld?)$"
    return {node for node in graph.subjects(RDF.type, OWL.Ontology) if re.search(pattern, str(node))}


def p38_no_ontology_declared(graph: Graph) -> Found:
    return set() if (None, RDF.type, OWL.Ontology) in graph else {WHOLE}


def p39_ambiguous_namespace(graph: Graph) -> Found:
    return {WHOLE for node in graph.subjects(RDF.type, OWL.Ontology) if not isinstance(node, URIRef)}


def p40_namespace_hijacking(graph: Graph) -> Found:
    """Terms in the namespace of a well-known vocabulary that does not have them."""
    declared = terms(graph, OWL.Class, OWL.AnnotationProperty, *PROPERTIES)
    return {
        term
        for term in declared
        for vocabulary in CLOSED
        if str(term).startswith(str(vocabulary._NS))
        and str(term).removeprefix(str(vocabulary._NS)) not in vocabulary.__annotations__
    }


def p41_no_licence(graph: Graph) -> Found:
    licensed = (edge for node in graph.subjects(RDF.type, OWL.Ontology) for edge in graph.predicates(node))
    return set() if set(licensed) & set(LICENCES) else {WHOLE}


PITFALLS: dict[str, Callable[[Graph], Found]] = {
    name.partition("_")[0].upper(): function
    for name, function in sorted(globals().items())
    if re.match(r"p\d\d_", name)
}


def _same_classes(graph: Graph) -> Iterator[tuple[Node, Node]]:
    """Classes of one namespace, both with a name, that are said to be the same."""
    for one, other in graph.subject_objects(OWL.equivalentClass):
        if isinstance(one, URIRef) and isinstance(other, URIRef) and one.defrag() == other.defrag():
            yield one, other


def _texts(graph: Graph, term: Node, *predicates: Node) -> list[Literal]:
    return [text for edge in predicates for text in graph.objects(term, edge) if isinstance(text, Literal)]


def _inverses(graph: Graph, term: Node) -> Found:
    return {*graph.objects(term, OWL.inverseOf), *graph.subjects(OWL.inverseOf, term)}


def _linked(graph: Graph, one: Node, other: Node) -> bool:
    edges = (OWL.equivalentProperty, RDFS.subPropertyOf)
    return any((one, edge, other) in graph or (other, edge, one) in graph for edge in edges)


def _leads_elsewhere(graph: Graph, term: Node) -> bool:
    domain, range_ = set(graph.objects(term, RDFS.domain)), set(graph.objects(term, RDFS.range))
    return bool(domain and range_) and domain != range_


def _within(graph: Graph, expression: Node) -> Found:
    """All that a nameless class expression is made of."""
    found: Found = set()
    waiting = [expression]
    while waiting:
        for node in graph.objects(waiting.pop()):
            if node not in found:
                found.add(node)
                waiting += [node] if isinstance(node, BNode) else []
    return found


def _near(graph: Graph, node: Node) -> Found:
    """The classes above, below and within the class, and what it is within; not those that it is the same as."""
    if isinstance(node, BNode):
        return {*graph.objects(node), *graph.subjects(None, node)}
    same = {other for other in graph.objects(node, OWL.equivalentClass) if isinstance(other, BNode)}
    lists = {*graph.subjects(RDF.first, node), *(n for edge in EXPRESSIONS for n in graph.subjects(edge, node))}
    return same | lists | {*graph.objects(node, RDFS.subClassOf), *graph.subjects(RDFS.subClassOf, node)}


def _can_be_declared(node: Node) -> bool:
    """Whether the ontology is to say what kind the term is: not of OWL's own words, nor of Dublin Core's metadata."""
    known = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD, DC, DCTERMS))
    return isinstance(node, URIRef) and not str(node).startswith(known)
