"""The cache of answers to queries."""

from collections.abc import Hashable

from crmgraph.caching import SizedCache
from crmgraph.sparql import Answer, Question

__all__ = ["Cache", "shares"]


class Cache:
    """Keeps recent answers in at most `limit` bytes, and only those that the same data would give again.

    `state` names the data that an answer comes from.
    """

    def __init__(self, limit: int) -> None:
        self._answers = SizedCache[Answer](limit)

    @property
    def largest(self) -> int:
        """The size of the largest answer that is kept, in bytes."""
        return self._answers.largest

    def get(self, state: str, question: Question) -> Answer | None:
        """Return the answer to this very question of these data, or None."""
        return self._answers.get(state, _key(question))

    def put(self, state: str, question: Question, answer: Answer) -> None:
        """Keep an answer, unless it is too large or would differ the next time (`NOW()`, `RAND()`)."""
        if answer.lasting:
            self._answers.put(state, _key(question), answer)


def shares(limit: int) -> tuple[int, int]:
    """Split a limit in bytes: return the part for answers of the endpoint and the part for pages."""
    pages = limit // 4
    return limit - pages, pages


def _key(question: Question) -> Hashable:
    return (
        question.text,
        question.default_graphs,
        question.named_graphs,
        question.result_type,
        question.graph_type,
        question.base_iri,
        question.joins_graphs,
    )
