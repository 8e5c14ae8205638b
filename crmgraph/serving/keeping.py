"""Large answers and the cache: kept while they are sent part by part, and sent part by part when they were kept."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from crmgraph.answering import Answer, Rest
from crmgraph.answering.question import PART, WHOLE

__all__ = ["cut_up", "keeping"]


def keeping(answer: Answer, rest: Rest, most: int, keep: Callable[[Answer], None]) -> Answer:
    """The same answer; once its rest has been read to the end, `keep` gets it whole, if it has at most `most` bytes."""
    return replace(answer, rest=_Keeping(answer, rest, most, keep))


def cut_up(answer: Answer) -> Answer:
    """A whole answer, as one that has a rest where it is large."""
    if len(answer.body) <= WHOLE:
        return answer
    return replace(answer, body=answer.body[:PART], rest=_Slices(answer.body))


class _Keeping:
    def __init__(self, answer: Answer, rest: Rest, most: int, keep: Callable[[Answer], None]) -> None:
        self._answer = answer
        self._rest = rest
        self._most = most
        self._keep = keep
        self._parts = [answer.body]
        self._size = len(answer.body)

    def read(self, gone: Event | None = None) -> bytes:
        part = self._rest.read(gone)
        self._size += len(part)
        if self._size > self._most:
            self._parts.clear()
        elif part:
            self._parts.append(part)
        else:
            self._keep(replace(self._answer, body=b"".join(self._parts), rest=None))
        return part

    def close(self) -> None:
        self._rest.close()


class _Slices:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._next = PART

    def read(self, _gone: Event | None = None) -> bytes:
        start, self._next = self._next, self._next + PART
        return self._body[start : self._next]

    def close(self) -> None:
        self._next = len(self._body)
