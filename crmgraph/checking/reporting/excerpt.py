"""A line of the source with the words that are meant marked below it, as wide as a terminal shows them."""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from rich.cells import get_character_cell_size

from crmgraph.reading.source import Source

__all__ = ["Excerpt", "excerpt", "line_at", "printable"]

_WIDEST = 100
_NEAR = 4
_TAB = "    "
_CUT = "…"
_STRANGE = "\ufffd"


@dataclass(frozen=True)
class Excerpt:
    """The line where some words begin, that line cut to what is around them, and the marks that stand below it.

    `line` and `column` count from 1. `more` is how many further lines the words run over.
    """

    line: int
    column: int
    text: str
    marks: str
    more: int


def excerpt(source: Source, start: int, end: int, widest: int = _WIDEST) -> Excerpt:
    """Where in a source the code points from `start` to `end` are, the line no wider than `widest` columns."""
    number, first, last = line_at(source, start)
    more = line_at(source, max(start, end - 1))[0] - number
    column = start - first + 1
    # The blank space in which a cell begins and a line ends is nothing to look at, unless it is what is meant.
    line = source.text[first:last]
    first += min(start - first, len(line) - len(line.lstrip()))
    last -= min(max(0, last - end), len(line) - len(line.rstrip()))
    # A line may be as long as the file: what is further away than this is not shown in any case.
    left, right = max(first, start - _NEAR * widest), min(last, start + _NEAR * widest)
    cells = [_cell(character) for character in source.text[left:right]]
    if (left, right) != (first, last) or sum(width for _, width in cells) > widest:
        begin, stop = _window(cells, start - left, min(end, right) - left, widest - 2 * len(_CUT))
        cells, left, right = cells[begin:stop], left + begin, left + stop
    ends = (_CUT if left > first else ""), (_CUT if right < last else "")
    indent = " " * (len(ends[0]) + sum(width for _, width in cells[: start - left]))
    marks = "^" * max(1, sum(width for _, width in cells[start - left : end - left]))
    return Excerpt(number, column, "".join((ends[0], *(text for text, _ in cells), ends[1])), indent + marks, more)


def printable(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return "".join(_cell(character)[0] for character in " ".join(text.split()))


def line_at(source: Source, offset: int) -> tuple[int, int, int]:
    """The number of the line in which a character stands, and where that line begins and ends."""
    number = bisect_right(source.lines, offset, key=lambda line: line[0])
    return number, *source.lines[number - 1]


def _cell(character: str) -> tuple[str, int]:
    """How a character is shown, and how many columns it takes."""
    if character == "\t":
        return _TAB, len(_TAB)
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _STRANGE, 1
    return character, get_character_cell_size(character)


def _window(cells: list[tuple[str, int]], start: int, end: int, room: int) -> tuple[int, int]:
    """Which cells to show: the marked ones and, as far as there is room, as much on each side of them."""
    left = right = start
    while right < end and room >= cells[right][1]:
        room -= cells[right][1]
        right += 1
    grown = True
    while grown:
        grown = False
        if left > 0 and room >= cells[left - 1][1]:
            left -= 1
            room -= cells[left][1]
            grown = True
        if end <= right < len(cells) and room >= cells[right][1]:
            room -= cells[right][1]
            right += 1
            grown = True
    return left, right
