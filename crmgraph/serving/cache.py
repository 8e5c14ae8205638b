"""Answers that were given before, kept for as long as the data are the same."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from crmgraph.answering import Answer, Question

__all__ = ["Cache"]

_BESIDE = 1000
"""How many bytes an entry takes beside the text of its question and the answer, by a generous guess."""


class Cache:
    """Keeps the answers that were asked for last, in at most `most` bytes; an answer that does not last is not kept.

    `state` names the data that an answer comes from. What was kept of another state is forgotten with the first answer
    of this one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._state = ""
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._bytes = 0

    @property
    def largest(self) -> int:
        """How many bytes an answer may have that is kept."""
        return self._most // 8 - _BESIDE

    def get(self, state: str, question: Question) -> Answer | None:
        """The answer to this very question of these data; None where it is not kept."""
        with self._lock:
            key = _key(question)
            if state != self._state or key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, state: str, question: Question, answer: Answer) -> None:
        """Keep an answer, unless it does not last or is a large part of what there is room for."""
        size = len(question.text) + len(answer.body) + _BESIDE
        if not answer.lasting or size > self.largest + _BESIDE:
            return
        with self._lock:
            if state != self._state:
                self._state, self._bytes = state, 0
                self._kept.clear()
            key = _key(question)
            _, before = self._kept.pop(key, (answer, 0))
            self._bytes += size - before
            self._kept[key] = answer, size
            while self._bytes > self._most:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed


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
