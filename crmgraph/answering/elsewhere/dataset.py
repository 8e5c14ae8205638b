"""Which of our graphs a question asks of, said beside the query, so that the engine looks at nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import QuerySolutions, Store

from crmgraph.answering.elsewhere.publication import Places
from crmgraph.answering.graph_names import graph_named
from crmgraph.answering.prologue import after_prologue
from crmgraph.answering.question import Question
from crmgraph.answering.tokens import Kind, Token, keyword, tokens

__all__ = ["Asked", "asked_of"]


@dataclass(frozen=True)
class Asked:
    """A query that names no dataset, and the graphs to ask it of: never none, for that would be all to an engine."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def asked_of(question: Question, text: str, graphs: Sequence[str], places: Places) -> Asked:
    """What to ask the engine where `text` is the query of the question, which is SPARQL, and `graphs` are ours.

    A dataset that is given beside the query goes before one that it names (SPARQL 1.1 Protocol, 2.1.4). Of the graphs
    that are named only ours are asked; others are as empty as they are in our own store.
    """
    clauses = _clauses(text)
    bare = _without(text, clauses)
    if question.default_graphs is not None or question.named_graphs is not None:
        default, named = question.default_graphs or (), question.named_graphs or ()
    elif clauses:
        default, named = _named(text, clauses, question.base_iri)
    else:
        default, named = (places.union,) if question.joins_graphs else (), tuple(graphs)
        return Asked(bare, default or (places.nothing,), named or (places.nothing,))
    for iri in (*default, *named):
        graph_named(iri)
    ours_by_default, ours_named = (tuple(each for each in graphs if each in set(some)) for some in (default, named))
    if set(ours_by_default) == set(graphs) and graphs:
        ours_by_default = (places.union,)
    return Asked(bare, ours_by_default or (places.nothing,), ours_named or (places.nothing,))


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    iri: str
    is_named: bool


def _clauses(text: str) -> list[_Clause]:
    """The clauses FROM and FROM NAMED, which stand outside of all braces."""
    found = list(tokens(text))
    clauses = []
    depth = 0
    for index, token in enumerate(found):
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if depth or keyword(token) not in ("FROM", "FROMNAMED"):
            continue
        is_named = "NAMED" in (keyword(token)[4:], keyword(found[index + 1]))
        iri = found[index + 1 + (keyword(token) == "FROM" and is_named)]
        clauses.append(_Clause(token.start, iri.end, iri.text, is_named))
    return clauses


def _without(text: str, clauses: Sequence[_Clause]) -> str:
    kept, done = [], 0
    for clause in clauses:
        kept += [text[done : clause.start], " "]
        done = clause.end
    return "".join((*kept, text[done:]))


def _named(text: str, clauses: Sequence[_Clause], base_iri: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that the clauses name. The engine of our own is asked what they are called in full."""
    found: list[Token] = list(tokens(text))
    start = after_prologue(found)
    prologue = text[: found[start].start] if start < len(found) else ""
    selected = " ".join(f"({clause.iri} AS ?g{number})" for number, clause in enumerate(clauses))
    results = Store().query(f"{prologue} SELECT {selected} {{}}", base_iri=base_iri)
    assert isinstance(results, QuerySolutions)
    row = next(iter(results))
    iris = [(row[f"g{number}"].value, clause.is_named) for number, clause in enumerate(clauses)]
    return tuple(iri for iri, named in iris if not named), tuple(iri for iri, named in iris if named)
