"""The ontology's terms for Python code, and the ontology and its vocabularies as a graph."""

from pathlib import Path

from rdflib import Graph, Namespace

from crmgraph.namespaces import ONTOLOGY, PREFIXES

__all__ = ["ATTACHMENT", "CG", "SEVERITY", "STATUS", "bind", "read_ontology"]

CG = Namespace(ONTOLOGY + "#")
STATUS = Namespace(PREFIXES["status"])
ATTACHMENT = Namespace(PREFIXES["attachment"])
SEVERITY = Namespace(PREFIXES["severity"])


def bind(graph: Graph, prefixes: dict[str, str]) -> Graph:
    """`graph`, with `prefixes` for writing it."""
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def read_ontology(folder: Path) -> Graph:
    """The ontology and its SKOS vocabularies in one graph, without the SHACL shapes."""
    graph = Graph()
    for file in (folder / "crmgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))):
        graph.parse(file, format="turtle")
    return graph
