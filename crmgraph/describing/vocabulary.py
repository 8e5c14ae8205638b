"""The ontology's terms for Python code, and the ontology and its vocabularies as a graph."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rdflib import RDF, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES

__all__ = ["ATTACHMENT", "CG", "SEVERITY", "STATUS", "bind", "concept", "read_ontology"]

CG = Namespace(ONTOLOGY + "#")
STATUS = Namespace(PREFIXES["status"])
ATTACHMENT = Namespace(PREFIXES["attachment"])
SEVERITY = Namespace(PREFIXES["severity"])


def concept(scheme: str, name: str) -> URIRef:
    """Return the IRI of a concept of one of our SKOS vocabularies: `concept("confidence", "high")`."""
    return URIRef(f"{ONTOLOGY}/{scheme}#{name}")


def bind(graph: Graph, prefixes: dict[str, str]) -> Graph:
    """`graph`, with `prefixes` for writing it."""
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def read_ontology(folder: Path) -> Graph:
    """The ontology and its SKOS vocabularies in one graph, without the SHACL shapes.

    The cells of its lists, nameless in the files as OWL asks, have names here, for nothing in a dataset is nameless.
    """
    graph = Graph()
    for file in (folder / "crmgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))):
        graph.parse(file, format="turtle")
    return _with_named_lists(graph)


def _with_named_lists(graph: Graph) -> Graph:
    """The same statements, each nameless cell of a list named after what the list holds and the place in it."""
    names: dict[Node, Node] = {}
    for head in set(graph.subjects(RDF.first)) - set(graph.objects(None, RDF.rest)):
        name = _list_name(Collection(graph, head))
        for place, cell in enumerate(graph.transitive_objects(head, RDF.rest), 1):
            if isinstance(cell, BNode):
                names[cell] = CG[f"{name}-{place}"]
    named = Graph()
    for subject, predicate, value in graph:
        named.add((names.get(subject, subject), predicate, names.get(value, value)))
    return named


def _list_name(members: Iterable[Node]) -> str:
    """Lists of the same members in the same order have the same name."""
    text = " ".join(member.n3() for member in members)
    return f"list-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
