"""What a write makes different: the statements that it takes from each graph, and those that it brings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from crmgraph.errors import QueryRefusedError
from crmgraph.wording import Bilingual

__all__ = ["Difference", "difference"]

ByGraph = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Difference:
    """Statements by their graphs, the graph of the union among them, and the graphs that hold something afterwards."""

    removed: ByGraph
    added: ByGraph
    graphs: tuple[str, ...]


def difference(before: Store, after: Store, union: str) -> Difference:
    """The difference between two stores, as it can be made on an engine elsewhere.

    Raises QueryRefusedError for what cannot be kept there: statements in no named graph, and about things without name.
    """
    old, new = set(before), set(after)
    removed, added = old - new, new - old
    for quad in added:
        _check(quad)
    return Difference(
        _by_graph(removed, union, lambda triple: not _has(after, triple)),
        _by_graph(added, union, lambda triple: not _has(before, triple)),
        tuple(sorted({quad.graph_name.value for quad in new if isinstance(quad.graph_name, NamedNode)})),
    )


def _by_graph(quads: Iterable[Quad], union: str, counts: Callable[[Triple], bool]) -> ByGraph:
    found: dict[str, set[str]] = {}
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        found.setdefault(graph, set()).add(str(quad.triple))
        if counts(quad.triple):
            found.setdefault(union, set()).add(str(quad.triple))
    return [(graph, sorted(triples)) for graph, triples in sorted(found.items())]


def _has(store: Store, triple: Triple) -> bool:
    return next(iter(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)), None) is not None


def _check(quad: Quad) -> None:
    if not isinstance(quad.graph_name, NamedNode):
        raise QueryRefusedError(
            Bilingual(
                "The data are on an engine that others may use too, so nothing can be written to its default graph. "
                "Name a graph. Nothing was changed.",
                "Los datos están en un motor que otros pueden usar también, así que no se puede escribir en su grafo "
                "por defecto. Nombre un grafo. No se cambió nada.",
            )
        )
    if any(isinstance(term, BlankNode | Triple) for term in (quad.subject, quad.object)):
        raise QueryRefusedError(
            Bilingual(
                "The engine that holds the data cannot keep things without a name as the same. Give them IRIs. "
                "Nothing was changed.",
                "El motor que guarda los datos no puede conservar como las mismas las cosas sin nombre. Deles IRI. "
                "No se cambió nada.",
            )
        )
