"""Where a text has what is looked for, and as much of it as shows that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crmgraph.searching.asked import Sought
from crmgraph.searching.words import words_in

__all__ = ["Piece", "Span", "cut", "spans"]

Span = tuple[int, int]
_LONGEST = 220
"""How many characters of a text are shown at most."""

_BEFORE = 60
"""How many of them may stand before the first word that is marked."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text: its words, and whether it is what was looked for."""

    text: str
    is_marked: bool = False


def spans(text: str, language: str, sought: Iterable[Sought]) -> tuple[tuple[Span, ...], int]:
    """The places of what is sought in a text, in their order and apart from each other, and how much of it is there."""
    words = words_in(text)
    found: set[Span] = set()
    there = 0
    for each in sought:
        places = [(words[first].start, words[last - 1].end) for first, last in each.places(words, language)]
        there += bool(places)
        found.update(places)
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart), there


def cut(text: str, marks: Sequence[Span], longest: int = _LONGEST) -> tuple[Piece, ...]:
    """A text in pieces, marked or not; of one that is longer, the part where most is marked, with “…” at the cuts."""
    start, end = _window(text, marks, longest)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in marks:
        if start <= first and last <= end:
            pieces += (Piece(text[at:first]), Piece(text[first:last], is_marked=True))
            at = last
    pieces += (Piece(text[at:end]), Piece(" …" if end < len(text) else ""))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, marks: Sequence[Span], longest: int) -> Span:
    if len(text) <= longest:
        return 0, len(text)
    begins = [max(first - _BEFORE, 0) for first, _ in marks] or [0]
    start = max(begins, key=lambda begin: (_within(marks, begin, begin + longest), -begin))
    if start:
        # A word that is cut is left out, unless it is all that there is.
        start = _next_word(text, start, min((first for first, _ in marks if first >= start), default=start))
    end = min(start + longest, len(text))
    if end < len(text):
        last = max((last for _, last in marks if last <= end), default=start)
        end = max(text.rfind(" ", start, end), last)
    return start, end if end > start else min(start + longest, len(text))


def _next_word(text: str, start: int, most: int) -> int:
    space = text.find(" ", start, most)
    return space + 1 if space >= 0 else most


def _within(marks: Sequence[Span], start: int, end: int) -> int:
    return sum(start <= first and last <= end for first, last in marks)
