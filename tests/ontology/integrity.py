"""The integrity conditions of SKOS, which a machine can check."""

import itertools

from rdflib import RDF, SKOS, Graph
from rdflib.term import Node

__all__ = ["broken"]

LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


def broken(graph: Graph) -> list[tuple[str, Node]]:
    """The concepts that break an integrity condition of the SKOS Reference, or stand below themselves.

    S9 schemes are no concepts, S13 labels of two kinds differ, S14 one preferred label a language, S27 what is related
    is not broader, S46 what matches exactly is neither broader nor related. A cycle is no breach of SKOS, but none of
    our concepts is in one.
    """
    schemes = graph.subjects(RDF.type, SKOS.ConceptScheme)
    found = [("S9", node) for node in schemes if (node, RDF.type, SKOS.Concept) in graph]
    near = _symmetric(graph, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    exact, related = _symmetric(graph, SKOS.exactMatch), _symmetric(graph, SKOS.related)
    for node in set(graph.subjects()):
        labels = [set(graph.objects(node, kind)) for kind in LABELS]
        above = set(graph.transitive_objects(node, SKOS.broader)) - {node}
        if any(one & other for one, other in itertools.combinations(labels, 2)):
            found.append(("S13", node))
        if len({getattr(text, "language", None) for text in labels[0]}) < len(labels[0]):
            found.append(("S14", node))
        if above & related.get(node, set()):
            found.append(("S27", node))
        if _reached(exact, node) & near.get(node, set()):
            found.append(("S46", node))
        if any((other, SKOS.broader, node) in graph for other in {*above, node}):
            found.append(("cycle", node))
    return sorted(found, key=str)


def _symmetric(graph: Graph, *edges: Node) -> dict[Node, set[Node]]:
    """What each node is tied to by one of the edges, in either direction."""
    pairs: dict[Node, set[Node]] = {}
    for edge in edges:
        for one, other in graph.subject_objects(edge):
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)
    return pairs


def _reached(pairs: dict[Node, set[Node]], start: Node) -> set[Node]:
    """All that is reached from the start, the start itself aside."""
    found, waiting = {start}, [start]
    while waiting:
        near = pairs.get(waiting.pop(), set()) - found
        found |= near
        waiting.extend(near)
    return found - {start}
