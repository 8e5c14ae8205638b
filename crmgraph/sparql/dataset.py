"""The dataset that a query names (SPARQL 1.1 Query Language, section 13.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Self

from pyoxigraph import NamedNode, QuerySolutions, Store

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.question import Question
from crmgraph.sparql.tokens import Kind, Token, after_prologue, keyword, tokens
from crmgraph.wording import Bilingual

__all__ = ["Dataset", "graph_named", "iris_written", "without_clauses"]


@dataclass(frozen=True)
class Dataset:
    """The graphs of which the default graph is the union, and the named graphs, each once.

    The engine gives the rows of a graph that is named twice twice.
    """

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]

    @classmethod
    def beside(cls, question: Question) -> Self | None:
        """What is named beside the query, which goes before what it names itself (SPARQL 1.1 Protocol, 2.1.4).

        None where that is nothing. Raises QueryRefusedError where a graph has no IRI, or a relative one.
        """
        if question.default_graphs is None and question.named_graphs is None:
            return None
        given = (question.default_graphs or (), question.named_graphs or ())
        return cls(*(tuple(graph_named(iri) for iri in dict.fromkeys(iris)) for iris in given))

    @classmethod
    def within(cls, text: str, base_iri: str | None) -> Self | None:
        """What the query names by FROM; None where it names nothing, or is not SPARQL."""
        found = list(tokens(text))
        clauses = _clauses(found)
        form = after_prologue(found)
        if not clauses or form >= len(found):
            return None
        written = iris_written([clause.name.text for clause in clauses], text[: found[form].start], base_iri)
        if written is None:
            return None
        graphs: dict[bool, dict[NamedNode, None]] = {False: {}, True: {}}
        for clause, graph in zip(clauses, written, strict=True):
            graphs[clause.is_named][graph] = None
        return cls(tuple(graphs[False]), tuple(graphs[True]))


@dataclass(frozen=True)
class _Clause:
    word: Token
    name: Token
    is_named: bool


def _clauses(found: Sequence[Token]) -> list[_Clause]:
    clauses = []
    for word, following, third in zip_longest(found, found[1:], found[2:]):
        if keyword(word) != "FROM" or following is None:
            continue
        is_named = keyword(following) == "NAMED"
        name = third if is_named else following
        if name is not None and name.kind in (Kind.IRI, Kind.NAME):
            clauses.append(_Clause(word, name, is_named))
    return clauses


def without_clauses(text: str) -> str:
    """The query without the dataset that it names."""
    kept, done = [], 0
    for clause in _clauses(list(tokens(text))):
        kept += [text[done : clause.word.start], " "]
        done = clause.name.end
    return "".join((*kept, text[done:]))


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


def iris_written(
    names: Sequence[str], prologue: str, base_iri: str | None, prefixes: Mapping[str, str] | None = None
) -> list[NamedNode] | None:
    """What names in a query or an update that is sent to `base_iri` stand for behind this prologue.

    The engine itself says it, so bases, prefixes and escapes are read as in the query. `prefixes` are declared before
    the prologue. None where one of the names is no IRI, or the prologue none.
    """
    columns = " ".join(f"({name} AS ?iri{number})" for number, name in enumerate(names))
    try:
        solutions = Store().query(f"{prologue} SELECT {columns} {{}}", base_iri=base_iri, prefixes=dict(prefixes or {}))
    except SyntaxError:
        return None
    assert isinstance(solutions, QuerySolutions)
    iris = [iri for iri in next(solutions) if isinstance(iri, NamedNode)]
    return iris if len(iris) == len(names) else None
