"""The drawing of charts as shapes, the layout of networks, and the pages and files of charts.

All lengths are in pixels. The template `_drawing.html` renders the shapes as SVG."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from statistics import fmean

from markupsafe import Markup
from starlette.responses import Response

from crmgraph.files import STATIC
from crmgraph.site.base import (
    TABLES,
    Links,
    PageRequest,
    Record,
    Row,
    Site,
    certainty_in,
    data_response,
    in_language,
    outline_and_tone,
    query_string,
    render_template,
    rows_by,
)
from crmgraph.site.source import quotation_from
from crmgraph.sparql.engine import short_name_of
from crmgraph.sparql.formats import Format

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
    kinds = edge_kinds or sorted({each.kind for each in edges})
    styles = {kind: f"edge look-{place % _LINE_STYLES} tone-0" for place, kind in enumerate(kinds)}
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
            shapes.append(Path(path, styles[edge.kind], edge.label, width, ends=(edge.start, edge.end)))
    legend = [LegendEntry((Path("M0 10h28", style, width=2),), kind) for kind, style in styles.items() if kind]
    width = x + _BETWEEN + _GAP + _RIGHT + _MARGIN
    return Drawing(width, height + 2 * _MARGIN, (*shapes, *left_shapes, *right_shapes), tuple(legend))


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
        name = text_block(lines, beside, y - (text_height - _LEADING) / 2 + TEXT_SIZE * 0.36, "name", anchor)
        shapes.append(Link(node.target, node.label, (area, Path(_NODE, "node", x=x, y=y), *name), node.key))
        top += text_height + 2 * _PADDING + spare
    return heights, shapes


SVG = Format("svg", "SVG", "image/svg+xml", "svg", "")
"""The format of a chart as a file."""

UNQUOTED = "/,"
"""The characters that are not percent-encoded in the addresses of charts."""

_FILE_MARGIN, _MIN_WIDTH, _TITLE_SIZE, _SOURCE_SIZE = 24, 640, 22, 12
_TITLE_LEADING, _FILE_LEADING, _SOURCE_LEADING = 28, 18, 16
_SAMPLE_WIDTH, _LEGEND_ROW_HEIGHT, _MAX_LEGEND_LINES = 36, 28, 6


@dataclass(frozen=True)
class Resource:
    """A thing in the graph: its IRI, its label, and the language of the label."""

    iri: str
    label: str
    language: str

    @property
    def name(self) -> str:
        """The last segment of the IRI, as used in addresses: `MEX` for `…/id/country/MEX`."""
        return re.split("[/#]", self.iri)[-1]


def records(
    site: Site,
    query: str,
    language: str,
    key: str,
    texts: Sequence[str] = (),
    things: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> list[Record]:
    """Return a record for each thing in the column `key` of a query.

    Arguments:
        site: the site.
        query: a SELECT query.
        language: the preferred language of labels. A thing without a label has its IRI as label.
        key: the column with the IRIs of the things.
        texts: columns whose attribute is the first value in alphabetical order, or "".
        things: columns whose attribute is the Resource with the first IRI in alphabetical order; its IRI may be "".
        sets: columns whose attribute is the set of all values.

    Further attributes are `iri`, `label` and `language` of the thing, its `certainty` (see `certainty_in`), and
    `quotation`, its first passage in the source. The latter is None for queries without passages.
    """
    groups = {iri: rows for (iri,), rows in rows_by(site.select(query), key).items()}
    named = {row[name].value for rows in groups.values() for row in rows for name in (key, *things) if name in row}
    labels = site.labels(named)

    def first(rows: Iterable[Row], column: str) -> str:
        return min((row[column].value for row in rows if column in row), default="")

    def resource(iri: str) -> Resource:
        return Resource(iri, *in_language(labels.get(iri, {"": iri}), language))

    return [
        Record(
            **vars(resource(iri)),
            **{name: first(rows, name) for name in texts},
            **{name: resource(first(rows, name)) for name in things},
            **{name: {row[name].value for row in rows if name in row} for name in sets},
            quotation=min(quotation_from(row["source"].value, row, row["passage"].value) for row in rows)
            if "passage" in rows[0]
            else None,
            certainty=certainty_in(rows[0]),
        )
        for iri, rows in groups.items()
    ]


Draw = Callable[[Callable[[str], str], str], Drawing]
"""Draws a chart, given a function that returns the address of an IRI, and the address of the page."""


def chart_response(
    visit: PageRequest,
    path: str,
    title: str,
    description: str,
    draw: Draw,
    template: str,
    context: Mapping[str, object],
    *,
    parameters: Mapping[str, str] | None = None,
    selection: Sequence[str] = (),
    question: tuple[str, Mapping[str, str]] = ("", {}),
) -> Response:
    """Return the page of a chart, or its SVG file if the file extension or the Accept header asks for SVG.

    Arguments:
        visit: the request.
        path: the path of the page.
        title: the title of the chart.
        description: how to read the chart.
        draw: draws the chart.
        template: the file name of the template of the page.
        context: the variables of the template, besides those of every chart.
        parameters: the parameters of the page that determine the content of the chart.
        selection: the labels of the selected values, for the title.
        question: the name of the question of the library with the same data, or "", and the values of its parameters.
    """
    site, language, parameters = visit.site, visit.language, parameters or {}
    is_file = visit.form == SVG
    # A file may be anywhere, so its links are absolute.
    links = Links(site.names, str(visit.request.base_url).rstrip("/")) if is_file else visit.links
    query = query_string(parameters, UNQUOTED)
    page = links.page_address(language, path) + query
    drawing = draw(lambda iri: links.target(iri, language) or "", page)
    full_title = " · ".join((title, *selection))
    if is_file:
        return _file_response(visit, full_title, description, drawing, page)
    name, values = question
    values_query = query_string({**values, "lang": language}, UNQUOTED)
    common = {
        "title": title,
        "full_title": full_title,
        "how_to_read": description,
        "drawing": drawing,
        "file": links.page_address(language, f"{path}.svg") + query,
        "file_name": "-".join((path.rpartition("/")[2], *parameters.values(), language)).replace("/", "-"),
        "question": site.library.get(name),
        "question_query": values_query,
        "downloads": [
            (form.label, links.data_address(f"/queries/{name}.{form.extension}{values_query}"))
            for form in TABLES
            if form.short in ("csv", "json")
        ],
    }
    return visit.render(template, {**common, **context})


def _file_response(visit: PageRequest, full_title: str, description: str, drawing: Drawing, address: str) -> Response:
    """Return a chart as an SVG file with its title, legend and source. `address` is that of its page."""
    site, language = visit.site, visit.language
    source = visit.gettext("Data: CC BY 4.0. Software: Apache 2.0.")
    if short_name_of(site.state):
        source += f" {visit.gettext('Dataset')} {short_name_of(site.state)}"
    width = max(drawing.width + 2 * _FILE_MARGIN, _MIN_WIDTH)
    room = width - 2 * _FILE_MARGIN
    y = _FILE_MARGIN + _TITLE_SIZE * 0.8
    title = text_block(wrap(full_title, room, 3, _TITLE_SIZE), _FILE_MARGIN, y, "title", leading=_TITLE_LEADING)
    y += _TITLE_LEADING * len(title)
    lead = text_block(wrap(description, room, 6), _FILE_MARGIN, y, "description", leading=_FILE_LEADING)
    y += _FILE_LEADING * len(lead)
    legend = []
    for entry in drawing.legend:
        label = wrap(entry.label, room - _SAMPLE_WIDTH, _MAX_LEGEND_LINES)
        legend.append((y, (*entry.parts, *text_block(label, _SAMPLE_WIDTH, 14.5, leading=_FILE_LEADING))))
        y += _LEGEND_ROW_HEIGHT + _FILE_LEADING * (len(label) - 1)
    top = round(y + 6, 1)
    y = top + drawing.height + 2 * _SOURCE_LEADING
    sources = [line for text in (address, source) for line in wrap(text, room, 3, _SOURCE_SIZE)]
    context = {
        "language": language,
        "full_title": full_title,
        "how_to_read": description,
        "drawing": drawing,
        "source": f"{address} {source}",
        "address": address,
        "width": width,
        "height": round(y + _SOURCE_LEADING * len(sources) + _FILE_MARGIN / 2, 1),
        "margin": _FILE_MARGIN,
        "top": top,
        "header": (*title, *lead),
        "legend": legend,
        "footer": text_block(sources, _FILE_MARGIN, y, "source", leading=_SOURCE_LEADING),
        "style": _style_sheet(),
    }
    return data_response(
        render_template(language, "pictures/file.html", context),
        SVG.media_type,
        is_language_dependent=True,
        # The file contains its style sheet and refers to no other resource.
        headers={
            "Content-Language": language,
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        },
    )


@cache
def _style_sheet() -> str:
    """Return the style sheet of charts, with custom properties replaced by their values in the light colour scheme.

    Many SVG programs do not support custom properties.
    """
    root = re.search(r":root\{([^}]*)\}", (STATIC / "site.css").read_text("utf-8"))
    tokens = dict(re.findall(r"--([\w-]+):([^;]+)", root[1])) if root else {}
    sheet = (STATIC / "picture.css").read_text("utf-8").strip()
    return re.sub(r"var\(--([\w-]+)\)", lambda use: tokens[use[1]], sheet)
