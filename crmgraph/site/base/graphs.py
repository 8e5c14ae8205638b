"""What a named graph holds, and the statements about a thing, a scheme or a whole graph as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site, reference

__all__ = [
    "Summary",
    "Told",
    "about_findings",
    "about_thing",
    "about_vocabulary",
    "graph_names",
    "is_ontology_version",
    "summary",
    "told",
    "whole_graph",
]

_ABOUT = """
CONSTRUCT {{ {x} ?p ?o . ?s ?q {x} . ?passage ?r ?v }} WHERE {{
  {{ {x} ?p ?o }} UNION {{ ?s ?q {x} }} UNION {{ {x} cg:passage ?passage . ?passage ?r ?v }}
}}"""
_VOCABULARY = """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  GRAPH {graph} {{ ?x ?p ?o }}
  FILTER (?x = {scheme} || STRSTARTS(STR(?x), CONCAT(STR({scheme}), "#")))
}}"""
_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?x) AS ?things) { GRAPH %s { ?x a ?class } } GROUP BY ?class ORDER BY DESC(?things) ?class
"""
_TEXTS = """
SELECT ?x ?property ?text { GRAPH %s { ?x ?property ?text . FILTER (isIRI(?x) && isLiteral(?text)) } }
ORDER BY ?x ?property ?text LIMIT %s
"""
_MOST_TEXTS = 400


@dataclass(frozen=True)
class Told:
    """A thing in a graph, and what is said there of it in words: property (IRI), text and language."""

    iri: str
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Summary:
    """How many statements a named graph holds, and how many things of each class (by the class's IRI)."""

    total: int
    classes: tuple[tuple[str, int], ...]


def about_thing(iri: str) -> str:
    """The query for the statements about a thing, those that point to it, and those about its passages."""
    return _ABOUT.format(x=reference(iri))


def about_vocabulary(site: Site, scheme: str) -> str:
    """The query for a concept scheme (or the ontology itself) and everything that is named within it."""
    return _VOCABULARY.format(graph=reference(site.names.graph("ontology")), scheme=reference(scheme))


def whole_graph(iri: str) -> str:
    """The query for every statement of a named graph."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {reference(iri)} {{ ?s ?p ?o }} }}"


def about_findings(site: Site, findings: Iterable[str]) -> str:
    """The query for every statement about these findings (by their IRIs)."""
    listed = " ".join(map(reference, findings))
    graph = reference(site.names.graph("findings"))
    return f"CONSTRUCT {{ ?x ?p ?o }} WHERE {{ VALUES ?x {{ {listed} }} GRAPH {graph} {{ ?x ?p ?o }} }}"


def graph_names(site: Site) -> tuple[str, ...]:
    """The IRIs of all named graphs."""
    rows = site.recall("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph")
    return tuple(row["graph"].value for row in rows)


def summary(site: Site, iri: str) -> Summary:
    """What the graph with this IRI holds; a total of 0 where there is no such graph."""
    graph = reference(iri)
    total = site.select(f"SELECT (COUNT(*) AS ?total) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    classes = site.select(_CLASSES % graph)
    return Summary(
        int(total[0]["total"].value),
        tuple((row["class"].value, int(row["things"].value)) for row in classes if "class" in row),
    )


def told(site: Site, iri: str) -> tuple[tuple[Told, ...], bool]:
    """What the graph with this IRI says of its things in words, and whether that is all of it."""
    rows = site.select(_TEXTS % (reference(iri), _MOST_TEXTS + 1))
    found = tuple(
        Told(thing, tuple((row["property"].value, row["text"].value, row["text"].language) for row in said))
        for thing, said in groupby(rows[:_MOST_TEXTS], key=lambda row: row["x"].value)
    )
    return found, len(rows) <= _MOST_TEXTS


def is_ontology_version(site: Site, iri: str) -> bool:
    """Whether the ontology names this IRI as that of its version."""
    return bool(site.select(f"SELECT ?x {{ ?x owl:versionIRI {reference(iri)} FILTER (?x = <{ONTOLOGY}>) }}"))
