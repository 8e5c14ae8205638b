"""Graphs as the engine names them."""

from pyoxigraph import NamedNode

from crmgraph.errors import QueryRefusedError
from crmgraph.wording import Bilingual

__all__ = ["graph_named"]


def graph_named(iri: str) -> NamedNode:
    """The name of the graph with this IRI. Raises QueryRefusedError where it is none, or relative."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise QueryRefusedError(
            Bilingual(
                f"{iri} cannot name a graph: it is not an absolute IRI.",
                f"{iri} no puede nombrar un grafo: no es un IRI absoluto.",
            )
        ) from None
