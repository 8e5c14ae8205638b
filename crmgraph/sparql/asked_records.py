"""Statements with the named graphs that they stand in, as an explanation looks them up, by asking an engine."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from crmgraph.inferring.rules import Term, Triple
from crmgraph.sparql.question import Answer, Question

__all__ = ["AskedRecords"]

Row = tuple[Term, ...]


class AskedRecords:
    """The statements that `ask` knows, of which those in the graph `inferred` are not asserted."""

    def __init__(self, ask: Callable[[Question], Answer], inferred: str) -> None:
        self._ask = ask
        self._inferred = inferred
        # An explanation looks the same statements up again and again.
        self._rows = lru_cache(maxsize=None)(self._asked)

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        """The statements that fit, each once; None fits all."""
        first = None
        if subject is None and value is None:
            # Often all that is to be known is whether there is any, and there may be very many.
            first = next((row[:3] for row in self._rows(None, predicate, None, 1)), None)
            if first is None:
                return
            yield cast("Triple", first)
        for row in dict.fromkeys(row[:3] for row in self._fitting(subject, predicate, value)):
            if row != first:
                yield cast("Triple", row)

    def graphs(self, triple: Triple) -> tuple[str, ...]:
        """The IRIs of the named graphs that have the statement, in the order of the characters."""
        return tuple(sorted(cast("NamedNode", row[3]).value for row in self._fitting(*triple)))

    def is_asserted(self, triple: Triple) -> bool:
        """Whether a graph other than that of what was inferred has the statement."""
        return any(graph != self._inferred for graph in self.graphs(triple))

    def _fitting(self, subject: Term | None, predicate: Term | None, value: Term | None) -> list[Row]:
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode | None):
            return []
        if any(isinstance(term, BlankNode) for term in (subject, predicate, value)):
            return []
        # All that is said of a thing is asked for at once, for what is looked up next is often said of it too.
        rows = self._rows(subject, None, None) if subject is not None else self._rows(None, predicate, value)
        return [
            row for row in rows if (predicate is None or row[1] == predicate) and (value is None or row[2] == value)
        ]

    def _asked(
        self, subject: Term | None, predicate: Term | None, value: Term | None, most: int | None = None
    ) -> list[Row]:
        given = dict(zip("spo", (subject, predicate, value), strict=True))
        pattern = " ".join(f"?{name}" if term is None else str(term) for name, term in given.items())
        names = " ".join(f"?{name}" for name, term in given.items() if term is None)
        limit = "" if most is None else f"LIMIT {most}"
        body = self._ask(Question(f"SELECT {names} ?g {{ GRAPH ?g {{ {pattern} }} }} {limit}")).body
        found = parse_query_results(body, QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        return [
            (
                *(cast("Term", row[name] if term is None else term) for name, term in given.items()),
                cast("Term", row["g"]),
            )
            for row in found
        ]
