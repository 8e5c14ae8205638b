"""What pictures are made of: lines, boxes, words and links in their places. All lengths are pixels."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

__all__ = ["Box", "Drawing", "Key", "Line", "Link", "Shape", "Words", "mark"]

_MARKS = (
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
    return Line(_MARKS[number % len(_MARKS)], kind, x=x, y=y)
