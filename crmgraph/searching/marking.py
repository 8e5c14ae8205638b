"""Where a text has what is looked for, and as much of it as shows that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crmgraph.searching.asked import Sought
from crmgraph.searching.words import words_in

__all__ = ["Piece", "Span", "cut", "spans"]

Span = tuple[int, int]
_LONGEST = 220
"""How many characters of a text are shown at most."""


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
    """From where to where a text is shown: where most is marked, and no word is cut in two where that can be helped."""
    if len(text) <= longest:
        return 0, len(text)
    begins = {max(first - longest // 4, 0): (first, last) for first, last in reversed(marks)} or {0: (0, 0)}
    start = max(begins, key=lambda begin: (_within(marks, begin, begin + longest), -begin))
    first, last = begins[start]
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    end = min(max(start + longest, last), len(text))
    if end < len(text):
        least = max((last for _, last in marks if last <= end), default=start)
        space = text.rfind(" ", least, end)
        end = space if space > start else end
    return start, end


def _within(marks: Sequence[Span], start: int, end: int) -> int:
    return sum(start <= first and last <= end for first, last in marks)
