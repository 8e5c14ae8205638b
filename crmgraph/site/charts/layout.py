"""Layout of charts: estimates of text widths, the shapes and legends of charts, and the layout of networks.

All lengths are in pixels. The template `_drawing.html` renders the shapes as SVG.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, groupby
from operator import attrgetter
from statistics import fmean

from markupsafe import Markup

from crmgraph.site.base import outline_and_tone

TEXT_SIZE = 13
"""The font size of text in charts."""
BOLD = 1.13
"""The width of bold text relative to normal text; multiply the font size by it before measuring."""

# Widths of characters relative to the font size, as in DejaVu, which is wider than most typefaces.
_USUAL, _CAPITAL = 0.63, 0.73
_WIDTHS = {**dict.fromkeys("iljtfrI.,:;'’|!()[]/- ", 0.38), **dict.fromkeys("mwMW—…%@", 0.98)}

_NODE = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"
_LINE_STYLES = 5
_LEADING, _PADDING = 17, 9
_PARALLEL_DISTANCE = 4
_LEFT, _BETWEEN, _RIGHT, _GAP, _MARGIN, _MAX_LINES = 190, 190, 310, 16, 12, 4
"""The dimensions of a network: the labels on the left, the lines, the labels on the right, the gap between the symbol
and the label of a node, the margin, and the most lines of a label."""


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Return an estimate of the width of text in a font size. It is an upper bound for most typefaces."""
    return size * sum(_WIDTHS.get(each, _CAPITAL if each.isupper() else _USUAL) for each in text)


def wrap(text: str, width: float, max_lines: int, size: float = TEXT_SIZE) -> tuple[str, ...]:
    """Return text broken into at most `max_lines` lines, none wider than `width` in a font size.

    A line that is too long, and the last line if words are left over, is truncated and ends in “…”.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(
        _truncated(line, width, size, is_cut=place == max_lines < len(lines))
        for place, line in enumerate(lines[:max_lines], start=1)
    )


def _truncated(line: str, width: float, size: float, is_cut: bool) -> str:
    """Return a line truncated to a width, with “…” at its end; unchanged if it fits and `is_cut` is false.

    The line is truncated between words if at least one word fits.
    """
    if not is_cut and text_width(line, size) <= width:
        return line
    while line and text_width(f"{line}…", size) > width:
        line = line.rpartition(" ")[0] or line[:-1]
    return f"{line.rstrip(' ,;:.')}…"


def vertical_heading(text: str, height: float, title: str = "") -> Markup:
    """Return the HTML of the heading of a narrow column, for vertical text.

    It has at most two lines, each at most `height` rem long. `title` is its tooltip, by default the whole text.
    """
    return Markup('<span title="{}">{}</span>').format(
        title or text, Markup("<br>").join(wrap(text, height * 16, 2, 12.5))
    )


@dataclass(frozen=True)
class Path:
    """A line or outline.

    Attributes:
        path: the data of an SVG path.
        kind: its CSS classes.
        title: its tooltip, or "".
        width: the stroke width; with 0, the style sheet determines it.
        x: the horizontal translation.
        y: the vertical translation.
        ends: for a line between two nodes, the keys of their links.
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
    """A rectangle with its upper left corner at (`x`, `y`).

    `kind` has its CSS classes, and `round` is the radius of its corners.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str
    round: float = 0


@dataclass(frozen=True)
class Text:
    """A line of text.

    Attributes:
        x: the horizontal position of the anchor.
        y: the position of the baseline.
        kind: its CSS classes.
        anchor: the `text-anchor` of SVG: `start`, `middle` or `end`.
        language: the language of the text; "" for that of the page.
        is_vertical: whether the text is rotated and reads upwards.
    """

    x: float
    y: float
    text: str
    kind: str = ""
    anchor: str = "start"
    language: str = ""
    is_vertical: bool = False


Mark = Path | Rectangle | Text


@dataclass(frozen=True)
class Link:
    """A group of shapes that links to an address.

    Attributes:
        target: the address; "" for a group without a link.
        title: its tooltip, which describes it more fully than its text.
        parts: the shapes.
        key: the key by which paths refer to it in their `ends`, or "".
    """

    target: str
    title: str
    parts: tuple[Mark, ...]
    key: str = ""

    @property
    def name(self) -> str:
        """The accessible name: the title, preceded by the visible text unless the title contains it.

        Source: WCAG 2.2, success criterion 2.5.3.
        """
        seen = " ".join(part.text for part in self.parts if isinstance(part, Text))
        return self.title if seen.rstrip("…").casefold() in self.title.casefold() else f"{seen}: {self.title}"


Shape = Mark | Link


@dataclass(frozen=True)
class LegendEntry:
    """An entry of a legend: sample shapes in a box of 28 by 20 pixels, their label, and an explanation or ""."""

    parts: tuple[Mark, ...]
    label: str
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart, as shapes and a legend.

    Attributes:
        width: the width of the chart.
        height: the height of the chart.
        legend: the entries of the legend.
        sticky_x: shapes that begin left of this position stay visible when the chart is scrolled sideways; 0 for none.
        sticky_y: shapes that begin above this position stay visible when the chart is scrolled down; 0 for none.
        left: the horizontal position of the upper left corner.
        top: the vertical position of the upper left corner.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    legend: tuple[LegendEntry, ...] = ()
    sticky_x: float = 0
    sticky_y: float = 0
    left: float = 0
    top: float = 0

    @property
    def pieces(self) -> tuple[tuple["Drawing", ...], ...]:
        """The drawing, divided into rows at `sticky_y`, and into columns at `sticky_x`.

        All pieces use the coordinates of the whole drawing.
        """
        right = self.left + self.width
        columns = [(self.left, self.sticky_x), (self.sticky_x, right)] if self.sticky_x else [(self.left, right)]
        rows = [(0.0, self.sticky_y), (self.sticky_y, self.height)] if self.sticky_y else [(0.0, self.height)]
        return tuple(tuple(self._piece(*column, *row) for column in columns) for row in rows)

    def _piece(self, left: float, right: float, top: float, bottom: float) -> "Drawing":
        """Return the shapes that begin in an area. Paths always belong to the column that is scrolled."""

        def begins(shape: Shape) -> bool:
            first = shape.parts[0] if isinstance(shape, Link) else shape
            x = self.sticky_x or self.left if isinstance(first, Path) else first.x
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
    """Return lines of text below each other. The first has its baseline at `y`; baselines are `leading` apart."""
    return [Text(x, round(y + leading * row, 1), line, kind, anchor, language) for row, line in enumerate(lines)]


def status_mark(status: str, x: float, y: float) -> Path:
    """Return the symbol of a status, by its local name, with its centre at a point."""
    outline, tone = outline_and_tone(status)
    return Path(outline, f"status-mark {tone}", x=x, y=y)


@dataclass(frozen=True)
class Node:
    """A node of a network, identified by its `key`, with a link to the address `target` if that is not empty."""

    key: str
    label: str
    target: str = ""


@dataclass(frozen=True)
class Edge:
    """A line between two nodes of a network.

    Attributes:
        start: the key of the node on the left.
        end: the key of the node on the right.
        kind: the label of the line's meaning in the legend, which also determines its style, or "".
        label: its tooltip.
        weight: its weight, which determines its width.
    """

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
) -> Drawing:
    """Return a network with nodes in two columns. The right one is sorted so that few lines cross.

    Arguments:
        left: the nodes of the left column.
        right: the nodes of the right column.
        edges: the lines, each from left to right.
        edge_kinds: all kinds of lines. Their order determines which of the five line styles each gets.
    """
    styles = dict(zip(edge_kinds or sorted({each.kind for each in edges}), cycle(range(_LINE_STYLES))))
    places = {node.key: place for place, node in enumerate(left)}
    neighbours = {node.key: [places[edge.start] for edge in edges if edge.end == node.key] for node in right}
    right = sorted(right, key=lambda node: fmean(neighbours[node.key] or [len(left)]))
    height = max(_least_height(left, _LEFT), _least_height(right, _RIGHT))
    x = _MARGIN + _LEFT + _GAP
    starts, left_shapes = _draw_column(left, x, -1, height)
    ends, right_shapes = _draw_column(right, x + _BETWEEN, 1, height)
    shapes: list[Shape] = []
    for _, same in groupby(sorted(edges, key=attrgetter("start", "end", "kind")), attrgetter("start", "end")):
        parallel = list(same)
        for place, edge in enumerate(parallel):
            aside = _PARALLEL_DISTANCE * (place - (len(parallel) - 1) / 2)
            start, end, middle = starts[edge.start] + aside, ends[edge.end] + aside, x + _BETWEEN / 2
            path = f"M{x} {start}C{middle} {start} {middle} {end} {x + _BETWEEN} {end}"
            width = round(min(0.8 + 0.7 * edge.weight, 8), 1)
            shapes.append(Path(path, _edge_classes(styles[edge.kind]), edge.label, width, ends=(edge.start, edge.end)))
    legend = [
        LegendEntry((Path("M0 10h28", _edge_classes(style), width=2),), kind) for kind, style in styles.items() if kind
    ]
    width = x + _BETWEEN + _GAP + _RIGHT + _MARGIN
    return Drawing(width, height + 2 * _MARGIN, (*shapes, *left_shapes, *right_shapes), tuple(legend))


def _edge_classes(style: int) -> str:
    return f"edge look-{style} tone-0"


def _least_height(nodes: Sequence[Node], width: float) -> float:
    """Return the height of a column without space between its nodes."""
    return sum(_LEADING * len(_label_lines(node, width)) + 2 * _PADDING for node in nodes)


def _label_lines(node: Node, width: float) -> tuple[str, ...]:
    return wrap(node.label, width, _MAX_LINES) or ("–",)


def _draw_column(
    nodes: Sequence[Node], x: float, direction: int, height: float
) -> tuple[dict[str, float], list[Shape]]:
    """Return the vertical position of each node by its key, and the shapes of the nodes, spread over the height.

    Labels are to the right of the symbols at `x` if `direction` is 1, and to the left if it is -1.
    """
    width, anchor = (_RIGHT, "start") if direction > 0 else (_LEFT, "end")
    spare = (height - _least_height(nodes, width)) / (len(nodes) or 1)
    heights: dict[str, float] = {}
    shapes: list[Shape] = []
    top = float(_MARGIN)
    beside = x + direction * _GAP
    for node in nodes:
        lines = _label_lines(node, width)
        text_height = _LEADING * len(lines)
        y = heights[node.key] = round(top + (text_height + spare) / 2 + _PADDING, 1)
        left = beside - width if direction < 0 else x - 8
        area = Rectangle(
            left, y - text_height / 2 - _PADDING + 1, width + _GAP + 8, text_height + 2 * _PADDING - 2, "room", 4
        )
        mark = Path(_NODE, "node", x=x, y=y)
        name = text_block(lines, beside, y - (text_height - _LEADING) / 2 + TEXT_SIZE * 0.36, "name", anchor)
        shapes.append(Link(node.target, node.label, (area, mark, *name), node.key))
        top += text_height + 2 * _PADDING + spare
    return heights, shapes
