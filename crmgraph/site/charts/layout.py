"""Lays out charts: measures and wraps text, and offers the shapes, legends and marks that charts are made of."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from markupsafe import Markup

from crmgraph.site.base.labels import look_of

__all__ = [
    "BOLD",
    "LETTER",
    "Box",
    "Drawing",
    "Key",
    "Line",
    "Link",
    "Shape",
    "Words",
    "length",
    "lines",
    "mark",
    "status_mark",
    "turned",
]

LETTER = 13
"""The size of letters in pictures, in pixels."""

BOLD = 1.13
"""How much longer bold letters are; a size is multiplied by it."""

# Parts of the size of a letter, as in DejaVu: wider faces are rarely met with.
_NARROW, _USUAL, _CAPITAL, _WIDE = 0.38, 0.63, 0.73, 0.98
_NARROW_LETTERS = frozenset("iljtfrI.,:;'’|!()[]/- ")
_WIDE_LETTERS = frozenset("mwMW—…%@")


def length(text: str, size: float = LETTER) -> float:
    """How many pixels the text takes in letters of this size, rather too many than too few."""
    return size * sum(map(_part, text))


def lines(text: str, room: float, most: int, size: float = LETTER) -> tuple[str, ...]:
    """The text in lines that are no longer than `room` pixels; what `most` lines do not hold ends in “…”."""
    broken: list[str] = []
    for word in text.split():
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and length(longer, size) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    kept = broken[:most]
    if len(broken) > most:
        kept[-1] = _shortened(kept[-1], room, size)
    return tuple(_cut(line, room, size) for line in kept)


def turned(text: str, height: float, title: str = "") -> Markup:
    """The heading of a narrow column, which is read from below to above: two lines, `height` rem long at most."""
    broken = Markup("<br>").join(lines(text, height * 16, 2, 12.5))
    return Markup('<span title="{}">{}</span>').format(title or text, broken)


def _shortened(line: str, room: float, size: float) -> str:
    """The line without the last words that leave no room for “…”, and with that."""
    words = line.split()
    while len(words) > 1 and length(f"{' '.join(words)}…", size) > room:
        words.pop()
    return f"{' '.join(words).rstrip(',;:.')}…"


def _cut(line: str, room: float, size: float) -> str:
    """The line as it is where it fits, as one word that is too long does not; else its beginning and “…”."""
    if length(line, size) <= room:
        return line
    kept = line.rstrip("…")
    while kept and length(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _part(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _WIDE_LETTERS:
        return _WIDE
    return _CAPITAL if letter.isupper() else _USUAL


_NODE_MARKS = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M-4.5 -4.5h9v9h-9z",
    "M0 -6l6 6l-6 6l-6 -6z",
    "M0 -5.5l6 10.5h-12z",
    "M-6 -4h12l-6 9.5z",
    "M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
)
"""Outlines around the middle (0, 0) that are told apart without colour: circle, square, diamond, triangles, cross."""


@dataclass(frozen=True)
class Line:
    """A line or outline along `path`, as SVG writes paths; `kind` names its look, `title` is said of it on pointing.

    It is moved by `x` and `y`. `width` is how wide it is; 0 leaves that to its look. `ends` are what it joins.
    """

    form: ClassVar[str] = "line"
    path: str
    kind: str
    title: str = ""
    width: float = 0
    x: float = 0
    y: float = 0
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """A rectangle from its upper left corner on, with corners rounded by `round`."""

    form: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    kind: str
    round: float = 0


@dataclass(frozen=True)
class Words:
    """A line of text on the base line `y` that begins, ends or has its middle (`anchor`) at `x`.

    `language` is empty where it is that of the page. Text that is `turned` is read from below to above.
    """

    form: ClassVar[str] = "words"
    x: float
    y: float
    text: str
    kind: str = ""
    anchor: str = "start"
    language: str = ""
    turned: bool = False


@dataclass(frozen=True)
class Link:
    """Shapes that lead to the address `target`; `title` says in words where to, and is seen on pointing.

    `key` is what lines that end at it name in their `ends`; empty where there are none.
    """

    form: ClassVar[str] = "link"
    target: str
    title: str
    parts: tuple["Shape", ...]
    key: str = ""

    @property
    def name(self) -> str:
        """What it is called by those who do not see it: its title, after the words that are seen where it lacks them.

        Who steers by voice says what is seen (WCAG 2.2, criterion 2.5.3).
        """
        seen = " ".join(part.text for part in self.parts if isinstance(part, Words))
        return self.title if seen.rstrip("…").casefold() in self.title.casefold() else f"{seen}: {self.title}"


Shape = Line | Box | Words | Link


@dataclass(frozen=True)
class Key:
    """An entry of a legend: what these shapes, in a box 28 pixels wide and 20 high, stand for.

    `note` says at length what that means, where the words alone do not.
    """

    parts: tuple[Shape, ...]
    label: str
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A picture: how much room it takes from (`left`, `top`) on, its shapes, and what they stand for.

    Names that begin left of `still` stay where they are when the rest is scrolled sideways, and what begins above
    `head` when it is scrolled downwards; 0 where nothing does. Below that, sheets of paper may end at the `cuts`.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    legend: tuple[Key, ...] = ()
    still: float = 0
    head: float = 0
    cuts: tuple[float, ...] = ()
    left: float = 0
    top: float = 0

    @property
    def rows(self) -> tuple[tuple["Drawing", ...], ...]:
        """The head, where there is one, and the rest, which is cut: of each what stays and what is scrolled.

        Each is a drawing in the coordinates of the whole.
        """
        if not self.head:
            return (self._parts(self.shapes, 0, self.height),)
        ends = pairwise((0, self.head, *self.cuts, self.height))
        return tuple(
            self._parts(tuple(each for each in self.shapes if top <= _top(each) < end), top, end - top)
            for top, end in ends
        )

    def _parts(self, shapes: tuple[Shape, ...], top: float, height: float) -> tuple["Drawing", ...]:
        rest = tuple(shape for shape in shapes if _left(shape) >= self.still)
        scrolled = Drawing(self.width - self.still, height, rest, left=self.still, top=top)
        if not self.still:
            return (scrolled,)
        staying = tuple(shape for shape in shapes if _left(shape) < self.still)
        return Drawing(self.still, height, staying, top=top), scrolled


def _left(shape: Shape) -> float:
    """Where words, or a link with the room around them, begin. Lines have no names beside them: they are scrolled."""
    if isinstance(shape, Link):
        return _left(shape.parts[0])
    return math.inf if isinstance(shape, Line) else shape.x


def _top(shape: Shape) -> float:
    """Where a shape begins, or words stand, seen from above."""
    return _top(shape.parts[0]) if isinstance(shape, Link) else shape.y


def mark(number: int, kind: str, x: float, y: float) -> Line:
    """One of the outlines that are told apart without colour, about (`x`, `y`); after the last comes the first."""
    return Line(_NODE_MARKS[number % len(_NODE_MARKS)], kind, x=x, y=y)


def status_mark(status: str, x: float, y: float) -> Line:
    """The mark of the status with this name about (`x`, `y`)."""
    path, tone = look_of(status)
    return Line(path, f"status-mark {tone}", x=x, y=y)
