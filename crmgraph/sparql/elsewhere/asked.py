"""Which of our graphs a question asks of, said beside the query, so that the engine looks at nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.sparql.dataset import Dataset, without_clauses
from crmgraph.sparql.elsewhere.publication import Places
from crmgraph.sparql.question import Question

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
    bare = without_clauses(text)
    dataset = Dataset.beside(question) or Dataset.within(text, question.base_iri)
    if dataset is None:
        joined = places.union if question.joins_graphs else places.nothing
        return Asked(bare, (joined,), tuple(graphs) or (places.nothing,))
    default, named = ({graph.value for graph in some} for some in (dataset.default, dataset.named))
    ours_by_default, ours_named = (tuple(each for each in graphs if each in some) for some in (default, named))
    if set(ours_by_default) == set(graphs) and graphs:
        ours_by_default = (places.union,)
    return Asked(bare, ours_by_default or (places.nothing,), ours_named or (places.nothing,))
