"""The picture of an answer: bars, shares or a matrix, each number of which stands in the table below it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crmgraph.library import Chart
from crmgraph.site.base.site import Row
from crmgraph.site.charts.layout import Drawing
from crmgraph.site.charts.network import Edge, Node, draw_network, folded

__all__ = ["Bar", "Bars", "Cell", "Line", "Matrix", "Piece", "Thing", "draw_chart", "draw_relations"]

_MOST_BARS = 20
_MOST_LINES = 25
_MOST_SERIES = 6
"""How many pieces of a bar can be told apart that have no colours of their own."""
_DEGREES = 5

_Number = int | float


@dataclass(frozen=True)
class Thing:
    """What a number is of: its name, its IRI or nothing, and the name of its status or severity, for its colour."""

    key: str
    name: str
    iri: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Piece:
    """A part of a bar, or all of it: of what it is, its number, where it begins and how long it is, in percent."""

    of: Thing
    number: _Number
    start: float
    length: float


@dataclass(frozen=True)
class Bar:
    """A bar in pieces, with the number of all of it; `whole` is what it is a share of, None where of nothing."""

    pieces: tuple[Piece, ...]
    number: _Number
    column: str = ""
    whole: _Number | None = None


@dataclass(frozen=True)
class Line:
    """A thing with its bars, of which there are several where several columns count."""

    of: Thing
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Bars:
    """Lines with bars. `series` are the things that pieces are of, none where bars have no pieces.

    `columns` are those with the numbers, none where rows are counted; `total` counts all lines, of which the longest
    are drawn. `has_tones` where the colours have a meaning that the site has everywhere.
    """

    lines: tuple[Line, ...]
    series: tuple[Thing, ...]
    columns: tuple[str, ...]
    total: int
    has_tones: bool = False
    kind: str = "bars"


@dataclass(frozen=True)
class Cell:
    """A number of a matrix, None for none, with its degree from 1 to 5 among all of them (0 for none)."""

    number: _Number | None
    degree: int


@dataclass(frozen=True)
class Matrix:
    """Rows of cells, each with the thing that it is of, and the things that the columns are of.

    `column` is that with the numbers; none where rows are counted. `total` counts all rows, of which the fullest are
    drawn.
    """

    rows: tuple[tuple[Thing, tuple[Cell, ...]], ...]
    columns: tuple[Thing, ...]
    column: str
    total: int
    kind: str = "matrix"


def draw_chart(chart: Chart, rows: Sequence[Row]) -> Bars | Matrix | None:
    """The picture of these rows; None where it would show less than two things, or where their numbers differ.

    A thing may be in several rows, which then say the same number of it. None for a network too (see draw_relations).
    """
    try:
        if chart.kind == "matrix":
            return _matrix(chart, rows)
        if chart.kind == "shares":
            return _shares(chart, rows)
        return _bars(chart, rows) if chart.kind == "bars" else None
    except _DifferError:
        return None


def draw_relations(chart: Chart, rows: Sequence[Row], target: Callable[[str], str]) -> Drawing | None:
    """The network of who is with whom in these rows; None where a side has less than two, or for another chart.

    `target` says where the page about an IRI is. The wider a line, the more rows say it.
    """
    if chart.kind != "network":
        return None
    of, by = _things(chart.of, rows), _things(chart.by, rows)
    if len(of) < 2 or len(by) < 2:
        return None
    things = {**by, **of}
    nodes = [Node(key, thing.name, target=target(thing.iri) if thing.iri else "") for key, thing in things.items()]
    numbers = _said(rows, lambda row: _key(row, chart.of, chart.by), "")
    edges = [
        Edge(one, other, label=f"{of[one].name} – {by[other].name}", weight=number)
        for (one, other), number in numbers.items()
        if one != other
    ]
    return draw_network(*folded(nodes, edges))


class _DifferError(Exception):
    """Rows say different numbers of one thing, or something that is no number."""


def _thing(names: Sequence[str], row: Row, tone: str = "") -> Thing | None:
    """What a row is about by these columns: the first tells it apart, the others name it."""
    if names[0] not in row:
        return None
    first = row[names[0]]
    called = " ".join(row[name].value for name in names[1:] if name in row) or first.value
    colour = row[tone].value.rpartition("#")[2] if tone and tone in row else ""
    return Thing(first.value, called, first.value if first.is_iri else "", colour)


def _number(row: Row, column: str) -> _Number:
    try:
        text = row[column].value
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except (KeyError, ValueError):
        raise _DifferError from None


def _said(
    rows: Iterable[Row], key: Callable[[Row], tuple[str, ...] | None], column: str
) -> dict[tuple[str, ...], _Number]:
    """The number that the rows with the same key say in this column, by key; how many they are where there is none."""
    found: dict[tuple[str, ...], _Number] = {}
    for row in rows:
        at = key(row)
        if at is None:
            continue
        if not column:
            found[at] = found.get(at, 0) + 1
        elif found.setdefault(at, _number(row, column)) != _number(row, column):
            raise _DifferError
    return found


def _things(names: Sequence[str], rows: Iterable[Row], tone: str = "") -> dict[str, Thing]:
    found = (_thing(names, row, tone) for row in rows)
    things: dict[str, Thing] = {}
    for thing in found:
        if thing is not None:
            things.setdefault(thing.key, thing)
    return things


def _bars(chart: Chart, rows: Sequence[Row]) -> Bars | None:
    tone = "" if chart.by else chart.tone
    things = _things(chart.of, rows, tone)
    if len(things) < 2:
        return None
    if len(chart.counts) > 1:
        return _several(chart, rows, things)
    column = chart.counts[0] if chart.counts else ""
    series = _things(chart.by, rows, chart.tone) if chart.by else {}
    if len(series) > _MOST_SERIES and not chart.tone:
        series = {}
    by = chart.by if series else ()
    numbers = _said(rows, lambda row: _key(row, chart.of, by), column)
    sums = {key: sum(number for at, number in numbers.items() if at[0] == key) for key in things}
    longest = max(sums.values())
    if longest <= 0:
        return None
    lines = []
    for key, thing in _longest(things, sums, _MOST_BARS, is_sorted=not column):
        pieces, start = [], 0.0
        for piece in series.values() or (thing,):
            number = numbers.get((key, piece.key) if series else (key,), 0)
            if number:
                pieces.append(Piece(piece, number, start, _percent(number, longest)))
                start += _percent(number, longest)
        lines.append(Line(thing, (Bar(tuple(pieces), sums[key]),)))
    shown = {piece.of for line in lines for bar in line.bars for piece in bar.pieces}
    return Bars(
        tuple(lines),
        tuple(each for each in series.values() if each in shown),
        chart.counts,
        len(things),
        bool(chart.tone) and (bool(series) or not by),
    )


def _several(chart: Chart, rows: Sequence[Row], things: dict[str, Thing]) -> Bars | None:
    numbers = {column: _said(rows, lambda row: _key(row, chart.of), column) for column in chart.counts}
    longest = max(max(said.values(), default=0) for said in numbers.values())
    if longest <= 0:
        return None
    sums = {key: sum(said.get((key,), 0) for said in numbers.values()) for key in things}
    lines = []
    for key, thing in _longest(things, sums, _MOST_BARS):
        bars = []
        for column in chart.counts:
            number = numbers[column].get((key,), 0)
            bars.append(Bar((Piece(thing, number, 0.0, _percent(number, longest)),), number, column))
        lines.append(Line(thing, tuple(bars)))
    return Bars(tuple(lines), (), chart.counts, len(things))


def _shares(chart: Chart, rows: Sequence[Row]) -> Bars | None:
    things = _things(chart.of, rows)
    if not things:
        return None
    lines = []
    for key, thing in list(things.items())[:_MOST_BARS]:
        bars = []
        for part, whole in zip(chart.counts, chart.wholes, strict=True):
            number, all_of_it = (
                _said(rows, lambda row: _key(row, chart.of), each).get((key,), 0) for each in (part, whole)
            )
            if 0 < all_of_it >= number >= 0:
                bars.append(Bar((Piece(thing, number, 0.0, _percent(number, all_of_it)),), number, part, all_of_it))
        lines.append(Line(thing, tuple(bars)))
    return Bars(tuple(lines), (), chart.counts, len(things), kind="shares")


def _matrix(chart: Chart, rows: Sequence[Row]) -> Matrix | None:
    things, columns = _things(chart.of, rows), _things(chart.by, rows)
    if len(things) < 2 or len(columns) < 2:
        return None
    column = chart.counts[0] if chart.counts else ""
    numbers = _said(rows, lambda row: _key(row, chart.of, chart.by), column)
    largest = max(numbers.values(), default=0)
    if largest <= 0:
        return None
    sums = {key: sum(number for at, number in numbers.items() if at[0] == key) for key in things}
    drawn = _longest(things, sums, _MOST_LINES)
    seen = [other for key, other in columns.items() if any((thing, key) in numbers for thing, _ in drawn)]
    lines = [(thing, tuple(_cell(numbers.get((key, other.key)), largest) for other in seen)) for key, thing in drawn]
    return Matrix(tuple(lines), tuple(seen), column, len(things))


def _cell(number: _Number | None, largest: _Number) -> Cell:
    degree = min(_DEGREES, 1 + int(_DEGREES * number / (largest + 1))) if number else 0
    return Cell(number, degree)


def _key(row: Row, of: Sequence[str], by: Sequence[str] = ()) -> tuple[str, ...] | None:
    firsts = [names[0] for names in (of, by) if names]
    return tuple(row[name].value for name in firsts) if all(name in row for name in firsts) else None


def _longest(
    things: dict[str, Thing], sums: dict[str, _Number], most: int, is_sorted: bool = False
) -> list[tuple[str, Thing]]:
    """The things with the largest sums, at most so many, by these or else in the order in which they came."""
    by_size = sorted(things, key=lambda key: -sums[key])[:most]
    kept = set(by_size)
    return [(key, things[key]) for key in (by_size if is_sorted else things) if key in kept]


def _percent(number: _Number, longest: _Number) -> float:
    return round(100 * number / longest, 2)
