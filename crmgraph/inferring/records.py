"""Statements with the named graphs that they stand in, as an explanation looks them up."""

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from pyoxigraph import Literal, NamedNode, Store

from crmgraph.inferring.explaining import Facts
from crmgraph.inferring.rules import Term, Triple

__all__ = ["Records", "StoreRecords"]


class Records(Facts, Protocol):
    """Facts that also tell which graphs they stand in."""

    def graphs(self, triple: Triple) -> Iterable[str]:
        """The IRIs of the named graphs that have the statement."""


class StoreRecords:
    """The statements of an Oxigraph store, of which those in the graph `inferred` are not asserted."""

    def __init__(self, store: Store, inferred: str) -> None:
        self._store = store
        self._inferred = inferred

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        """The statements that fit, each once; None fits all."""
        if isinstance(subject, Literal) or (predicate is not None and not isinstance(predicate, NamedNode)):
            return
        seen = set()
        for quad in self._store.quads_for_pattern(subject, predicate, value):
            triple = cast("Triple", (quad.subject, quad.predicate, quad.object))
            if triple not in seen:
                seen.add(triple)
                yield triple

    def graphs(self, triple: Triple) -> tuple[str, ...]:
        """The IRIs of the named graphs that have the statement, in the order of the characters."""
        subject, predicate, value = triple
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
            return ()
        quads = self._store.quads_for_pattern(subject, predicate, value)
        return tuple(sorted(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)))

    def is_asserted(self, triple: Triple) -> bool:
        """Whether a graph other than that of what was inferred has the statement."""
        return any(graph != self._inferred for graph in self.graphs(triple))
