"""Answers that were given before, kept for as long as the data are the same."""

from collections.abc import Hashable

from crmgraph.answering import Answer, Question
from crmgraph.serving.kept import Kept

__all__ = ["Cache"]


class Cache:
    """Keeps the answers that were asked for last, in at most `most` bytes; an answer that does not last is not kept.

    `state` names the data that an answer comes from.
    """

    def __init__(self, most: int) -> None:
        self._kept = Kept[Answer](most)

    @property
    def largest(self) -> int:
        """How many bytes an answer may have that is kept."""
        return self._kept.largest

    def get(self, state: str, question: Question) -> Answer | None:
        """The answer to this very question of these data; None where it is not kept."""
        return self._kept.get(state, _key(question))

    def put(self, state: str, question: Question, answer: Answer) -> None:
        """Keep an answer, unless it does not last or is a large part of what there is room for."""
        if answer.lasting:
            self._kept.put(state, _key(question), answer, len(question.text) + len(answer.body))


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
