"""Layout of charts: text measured without a font, the shapes and legends that charts are made of, and networks.

All lengths are pixels. A template writes the shapes as SVG.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, groupby, pairwise
from operator import attrgetter
from statistics import fmean

from markupsafe import Markup

from crmgraph.site.base import outline_and_tone

TEXT_SIZE = 13
"""The size of text in charts."""
BOLD = 1.13
"""How much wider bold text is: multiply the size by it."""

# Widths as parts of the size, as in DejaVu: few faces are wider.
_USUAL, _CAPITAL = 0.63, 0.73
_WIDTHS = {**dict.fromkeys("iljtfrI.,:;'’|!()[]/- ", 0.38), **dict.fromkeys("mwMW—…%@", 0.98)}

_NODE = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"
_LINE_STYLES = 5
_LEADING, _PADDING = 17, 9
_PARALLEL = 4
_ORDERINGS = 6


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Return how wide text is at a size; rather too much than too little."""
    return size * sum(_WIDTHS.get(each, _CAPITAL if each.isupper() else _USUAL) for each in text)


def wrap(text: str, width: float, most: int, size: float = TEXT_SIZE) -> tuple[str, ...]:
    """Return text broken into at most `most` lines no wider than `width`; what does not fit is cut and ends in “…”."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(
        _fit(line, width, size, is_cut=place == most < len(lines)) for place, line in enumerate(lines[:most], start=1)
    )


def _fit(line: str, width: float, size: float, is_cut: bool) -> str:
    """Return a line as it is if it fits and nothing follows, else its beginning with “…”: whole words, if one fits."""
    if not is_cut and text_width(line, size) <= width:
        return line
    while line and text_width(f"{line}…", size) > width:
        line = line.rpartition(" ")[0] or line[:-1]
    return f"{line.rstrip(' ,;:.')}…"


def vertical_heading(text: str, height: float, title: str = "") -> Markup:
    """Return the heading of a narrow column, to be read upwards: two lines at most, `height` rem long at most."""
    lines = Markup("<br>").join(wrap(text, height * 16, 2, 12.5))
    return Markup('<span title="{}">{}</span>').format(title or text, lines)


@dataclass(frozen=True)
class Path:
    """A line or outline, `path` in SVG's notation, moved by `x` and `y`; `title` is shown when it is pointed at.

    `kind` is its class in style sheets. A `width` of 0 leaves the width to these. `ends` are the keys of the links that
    it joins.
    """

    path: str
    kind: str
    title: str = ""
    width: float = 0
    x: float = 0
    y: float = 0
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rectangle:
    """A rectangle from its upper left corner; `round` is the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    round: float = 0


@dataclass(frozen=True)
class Text:
    """A line of text on the base line `y`; `anchor` is which point of it stands at `x`, as SVG names it.

    `language` is empty if it is that of the page. Text that is `turned` reads upwards.
    """

    x: float
    y: float
    text: str
    kind: str = ""
    anchor: str = "start"
    language: str = ""
    turned: bool = False


Mark = Path | Rectangle | Text


@dataclass(frozen=True)
class Link:
    """Shapes that lead to the address `target`, or are only grouped if it is empty; `title` says more than they do.

    `key` is what paths name in their `ends`.
    """

    target: str
    title: str
    parts: tuple[Mark, ...]
    key: str = ""

    @property
    def name(self) -> str:
        """The accessible name: the title, after the text that is seen if the title lacks it (WCAG 2.2, 2.5.3)."""
        seen = " ".join(part.text for part in self.parts if isinstance(part, Text))
        return self.title if seen.rstrip("…").casefold() in self.title.casefold() else f"{seen}: {self.title}"


Shape = Mark | Link


@dataclass(frozen=True)
class LegendEntry:
    """What shapes in a box of 28 by 20 stand for, and a longer explanation, if it needs one."""

    parts: tuple[Mark, ...]
    label: str
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart: its size from (`left`, `top`), its shapes and its legend.

    What begins left of `still` stays in view when the rest is scrolled sideways, and what begins above `head` when it
    is scrolled down. Pages of paper may end at the `cuts`.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    legend: tuple[LegendEntry, ...] = ()
    still: float = 0
    head: float = 0
    cuts: tuple[float, ...] = ()
    left: float = 0
    top: float = 0

    @property
    def rows(self) -> tuple[tuple["Drawing", ...], ...]:
        """The drawing in pieces: a head and rows, if it has them, each in a part that stays and one that is scrolled.

        Each piece is in the coordinates of the whole.
        """
        right = self.left + self.width
        columns = [(self.left, self.still), (self.still, right)] if self.still else [(self.left, right)]
        rows = list(pairwise((0.0, self.head, *self.cuts, self.height))) if self.head else [(0.0, self.height)]
        return tuple(tuple(self._piece(*column, *row) for column in columns) for row in rows)

    def _piece(self, left: float, right: float, top: float, bottom: float) -> "Drawing":
        """Return what begins in an area. Paths have no names beside them, so they are scrolled."""

        def begins(shape: Shape) -> bool:
            first = shape.parts[0] if isinstance(shape, Link) else shape
            x = self.still or self.left if isinstance(first, Path) else first.x
            return left <= x < right and top <= first.y < bottom

        return Drawing(right - left, bottom - top, tuple(filter(begins, self.shapes)), left=left, top=top)


def text_block(
    lines: Iterable[str],
    x: float,
    y: float,
    kind: str = "",
    anchor: str = "start",
    language: str = "",
    leading: float = _LEADING,
) -> list[Text]:
    """Return lines of text below each other, the first on the base line `y`, each `leading` below the one before."""
    return [Text(x, round(y + leading * row, 1), line, kind, anchor, language) for row, line in enumerate(lines)]


def status_mark(status: str, x: float, y: float) -> Path:
    """Return the mark of the status with this name around a point."""
    outline, tone = outline_and_tone(status)
    return Path(outline, f"status-mark {tone}", x=x, y=y)


@dataclass(frozen=True)
class Columns:
    """The widths of a network: of the names on the left, of the lines, of the names on the right, and around them.

    Between a mark and its name is a `gap`; a name has at most so many `lines`.
    """

    left: int
    between: int
    right: int
    gap: int
    margin: int
    lines: int


WIDE = Columns(190, 190, 310, 16, 12, 4)
NARROW = Columns(82, 62, 150, 10, 6, 8)
"""Fits a window 360 wide."""


@dataclass(frozen=True)
class Node:
    """A node of a network, linked to the address `target`."""

    key: str
    label: str
    target: str = ""


@dataclass(frozen=True)
class Edge:
    """A line between the nodes with two keys: `kind` says what it means and gives it its style, `label` says it all."""

    start: str
    end: str
    kind: str = ""
    label: str = ""
    weight: float = 1


def draw_network(
    left: Sequence[Node],
    right: Sequence[Node],
    edges: Sequence[Edge],
    edge_kinds: Sequence[str] = (),
    columns: Columns = WIDE,
) -> Drawing:
    """Return a network of nodes on two sides, ordered so that few edges cross.

    Edges lead from left to right and are the wider the more they weigh. `edge_kinds` are all kinds that there may be:
    their places give the five styles of lines.
    """
    styles = dict(zip(edge_kinds or sorted({each.kind for each in edges}), cycle(range(_LINE_STYLES))))
    for _ in range(_ORDERINGS):
        left = _by_neighbours(left, right, edges)
        right = _by_neighbours(right, left, edges)
    height = max(_height(left, columns.left, columns), _height(right, columns.right, columns))
    x = columns.margin + columns.left + columns.gap
    starts, left_shapes = _draw_side(left, x, -1, height, columns)
    ends, right_shapes = _draw_side(right, x + columns.between, 1, height, columns)
    shapes: list[Shape] = []
    for _, same in groupby(sorted(edges, key=attrgetter("start", "end", "kind")), attrgetter("start", "end")):
        parallel = list(same)
        for place, edge in enumerate(parallel):
            aside = _PARALLEL * (place - (len(parallel) - 1) / 2)
            start, end, middle = starts[edge.start] + aside, ends[edge.end] + aside, x + columns.between / 2
            path = f"M{x} {start}C{middle} {start} {middle} {end} {x + columns.between} {end}"
            width = round(min(0.8 + 0.7 * edge.weight, 8), 1)
            shapes.append(Path(path, _edge(styles[edge.kind]), edge.label, width, ends=(edge.start, edge.end)))
    legend = [LegendEntry((Path("M0 10h28", _edge(style), width=2),), kind) for kind, style in styles.items() if kind]
    width = x + columns.between + columns.gap + columns.right + columns.margin
    return Drawing(width, height + 2 * columns.margin, (*shapes, *left_shapes, *right_shapes), tuple(legend))


def _edge(style: int) -> str:
    return f"edge look-{style} tone-0"


def _by_neighbours(nodes: Sequence[Node], others: Sequence[Node], edges: Iterable[Edge]) -> Sequence[Node]:
    """Return nodes by the mean place of those that they are joined to."""
    places = {node.key: place for place, node in enumerate(others)}
    joined: defaultdict[str, list[int]] = defaultdict(list)
    for edge in edges:
        for one, other in ((edge.start, edge.end), (edge.end, edge.start)):
            if other in places:
                joined[one].append(places[other])
    return sorted(nodes, key=lambda node: fmean(joined.get(node.key, [len(others)])))


def _height(nodes: Sequence[Node], width: float, columns: Columns) -> float:
    """Return how high a side is with nothing between its nodes."""
    return sum(_LEADING * len(_name(node, width, columns)) + 2 * _PADDING for node in nodes)


def _name(node: Node, width: float, columns: Columns) -> tuple[str, ...]:
    return wrap(node.label, width, columns.lines) or ("–",)


def _draw_side(
    nodes: Sequence[Node], x: float, direction: int, height: float, columns: Columns
) -> tuple[dict[str, float], list[Shape]]:
    """Return the height of each node by its key, and the nodes with their names, spread over the height.

    Names stand on the right of the marks at `x` for the direction 1, on the left for -1.
    """
    width, anchor = (columns.right, "start") if direction > 0 else (columns.left, "end")
    spare = (height - _height(nodes, width, columns)) / (len(nodes) or 1)
    heights: dict[str, float] = {}
    shapes: list[Shape] = []
    top = float(columns.margin)
    beside = x + direction * columns.gap
    for node in nodes:
        lines = _name(node, width, columns)
        text_height = _LEADING * len(lines)
        y = heights[node.key] = round(top + (text_height + spare) / 2 + _PADDING, 1)
        left = beside - width if direction < 0 else x - 8
        area = Rectangle(
            left, y - text_height / 2 - _PADDING + 1, width + columns.gap + 8, text_height + 2 * _PADDING - 2, "room", 4
        )
        mark = Path(_NODE, "node", x=x, y=y)
        name = text_block(lines, beside, y - (text_height - _LEADING) / 2 + TEXT_SIZE * 0.36, "name", anchor)
        shapes.append(Link(node.target, node.label, (area, mark, *name), node.key))
        top += text_height + 2 * _PADDING + spare
    return heights, shapes
