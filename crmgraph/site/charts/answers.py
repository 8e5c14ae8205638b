"""Charts of answers to questions of the library: bars, shares, a matrix or a network, made from rows of the answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.library import Chart
from crmgraph.site.base import Row, local_name, rows_by, text_of
from crmgraph.site.charts.layout import Drawing, Edge, Node, draw_network

_MOST_ROWS = {"bars": 20, "shares": 20, "matrix": 25}
_LEAST_SERIES = {"matrix": 2, "network": 2}
_MOST_SERIES = 6
"""How many pieces of a bar can be told apart that have no colours of their own."""

Number = int | float


@dataclass(frozen=True)
class Thing:
    """A thing that numbers are of: its name, its IRI if it has one, and its status or severity, which colours it."""

    key: str
    name: str
    iri: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    """A number of a row: of which series, and in percent of the longest bar, where it begins and how long it is.

    `column` is that of the answer that has the number, and `whole` the number that it is a share of.
    """

    of: Thing
    number: Number
    start: float
    length: float
    column: str = ""
    whole: Number | None = None


@dataclass(frozen=True)
class AnswerChart:
    """A chart of the kind `bars`, `shares` or `matrix`: rows of cells, each of a thing.

    `series` are the pieces of bars, or the columns of a matrix. `counts` are the columns of the answer that have the
    numbers; there are none if rows are counted. `total` is the number of rows, of which those with the most are drawn.
    Colours have a meaning if it `has_tones`.
    """

    kind: str
    rows: tuple[tuple[Thing, tuple[Cell, ...]], ...]
    series: tuple[Thing, ...]
    counts: tuple[str, ...]
    total: int
    has_tones: bool


def draw_answer(chart: Chart, rows: Sequence[Row], target: Callable[[str], str]) -> AnswerChart | Drawing | None:
    """Return the chart of these rows, or the drawing of a network; None for too few things or contradicting numbers.

    Rows that say the same number of the same thing count once. `target` gives the address of an IRI.
    """
    things = _things(chart.of, rows, "" if chart.by else chart.tone)
    by = _things(chart.by, rows, chart.tone)
    if chart.kind == "bars" and len(by) > _MOST_SERIES and not chart.tone:
        by = {}
    if len(things) < (1 if chart.kind == "shares" else 2) or len(by) < _LEAST_SERIES.get(chart.kind, 0):
        return None
    told_apart_by = (chart.of[0], chart.by[0]) if by else (chart.of[0],)
    try:
        numbers = [_numbers(rows, told_apart_by, column) for column in chart.counts or ("",)]
        wholes = [_numbers(rows, told_apart_by, column) for column in chart.wholes]
    except (KeyError, ValueError):
        return None
    if chart.kind == "network":
        return _network(things, by, numbers[0], target)
    series = list(by.values())
    values = {
        key: [numbers[0].get((key, each.key), 0) for each in series] or [table.get((key,), 0) for table in numbers]
        for key in things
    }
    sums = {key: sum(row) for key, row in values.items()}
    is_stacked = chart.kind == "bars" and len(numbers) == 1
    longest = max(sums.values()) if is_stacked else max(map(max, values.values()))
    if longest <= 0 and not wholes:
        return None
    largest = sorted(things, key=lambda key: -sums[key])[: _MOST_ROWS[chart.kind]]
    drawn = largest if chart.kind == "bars" and not chart.counts else [key for key in things if key in largest]
    seen = [place for place in range(len(series)) if any(values[key][place] for key in drawn)]
    lines = []
    for key in drawn:
        cells, start = list[Cell](), 0.0
        for place in seen if series else range(len(numbers)):
            number, whole = values[key][place], wholes[place].get((key,), 0) if wholes else None
            if (is_stacked and not number) or (whole is not None and not 0 < whole >= number >= 0):
                continue
            column = chart.counts[0 if series else place] if chart.counts else ""
            length = round(100 * number / (whole or longest), 2)
            cells.append(Cell(series[place] if series else things[key], number, start, length, column, whole))
            start += length if is_stacked else 0
        lines.append((things[key], tuple(cells)))
    shown = tuple(series[place] for place in seen)
    return AnswerChart(chart.kind, tuple(lines), shown, chart.counts, len(things), bool(chart.tone))


def _network(
    of: Mapping[str, Thing],
    by: Mapping[str, Thing],
    numbers: Mapping[tuple[str, ...], Number],
    target: Callable[[str], str],
) -> Drawing:
    """Return a network of the things in two columns; the wider a line, the more rows have both of its ends."""
    left, right = (
        [Node(key, each.name, target(each.iri) if each.iri else "") for key, each in side.items()] for side in (of, by)
    )
    edges = [
        Edge(one, other, label=f"{of[one].name} – {by[other].name}", weight=number)
        for (one, other), number in numbers.items()
    ]
    return draw_network(left, right, edges)


def _things(names: Sequence[str], rows: Iterable[Row], tone: str = "") -> dict[str, Thing]:
    """Return the things in some columns: the first tells them apart, the others name them."""
    firsts = {key: same[0] for (key,), same in rows_by(rows, names[0]).items() if key} if names else {}
    return {
        key: Thing(
            key,
            " ".join(row[column].value for column in names[1:] if column in row) or key,
            key if row[names[0]].is_iri else "",
            local_name(text_of(row, tone)),
        )
        for key, row in firsts.items()
    }


def _numbers(rows: Iterable[Row], names: Sequence[str], count: str) -> dict[tuple[str, ...], Number]:
    """Return the numbers in the column `count` by the values in other columns, or how many rows have these values.

    Raises KeyError or ValueError if a row has no number, or another than a row with the same values.
    """
    numbers: dict[tuple[str, ...], Number] = {}
    for key, same in rows_by(rows, *names).items():
        if all(key):
            # Several do not fit in one.
            [numbers[key]] = {_number(row[count].value) for row in same} if count else {len(same)}
    return numbers


def _number(text: str) -> Number:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
