"""A graph of a store, written as the Graph Store Protocol has it."""

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import PreconditionError
from crmgraph.sparql.dataset import graph_named
from crmgraph.updating.change import DEFAULT_GRAPH, Change
from crmgraph.updating.rdf import read_rdf
from crmgraph.wording import Bilingual

__all__ = ["write_graph"]


def write_graph(store: Store, change: Change, name: str) -> bool:
    """PUT, POST or DELETE the graph with this IRI, or DEFAULT_GRAPH; whether it was there before.

    Raises PreconditionError where it is not as the change wants it, DataError where what was sent cannot be read.
    """
    graph = DefaultGraph() if name == DEFAULT_GRAPH else graph_named(name)
    existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    _check_condition(change, existed)
    if change.kind == "delete":
        if isinstance(graph, DefaultGraph):
            store.clear_graph(graph)
        else:
            store.remove_graph(graph)
        return existed
    if change.kind == "put":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    for body, media_type in zip(change.parts, change.media_types, strict=True):
        store.extend(read_rdf(body, media_type, change.base_iri, graph))
    return existed


def _check_condition(change: Change, existed: bool) -> None:
    if change.condition is not None and existed != (change.condition == "is_there"):
        raise PreconditionError(
            Bilingual(
                f"The graph {change.graph} is {'there already' if existed else 'not there'}. Nothing was changed.",
                f"El grafo {change.graph} {'ya existe' if existed else 'no existe'}. No se cambió nada.",
            )
        )
