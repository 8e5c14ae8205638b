"""The terms that our ontology declares, and what it says of each."""

from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES

CG = Namespace(PREFIXES["cg"])
HEADER = URIRef(ONTOLOGY)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


def read() -> Graph:
    """The ontology as its file has it, without the vocabularies."""
    return Graph().parse(resource("ontology") / "crmgraph.ttl")


def terms(ontology: Graph, *kinds: Node) -> list[URIRef]:
    """Our own terms of these kinds, or of any."""
    found = {term for kind in kinds or KINDS for term in ontology.subjects(RDF.type, kind)}
    return sorted(URIRef(term) for term in found if isinstance(term, URIRef) and term.startswith(CG))


def name(term: Node) -> str:
    return str(term).removeprefix(CG)


def texts(ontology: Graph, term: Node, predicate: Node) -> dict[str | None, str]:
    """What is said of the term, by language; more than one text in a language is an error."""
    said = [text for text in ontology.objects(term, predicate) if isinstance(text, Literal)]
    assert len({text.language for text in said}) == len(said), f"{name(term)} has two texts in one language"
    return {text.language: str(text) for text in said}
