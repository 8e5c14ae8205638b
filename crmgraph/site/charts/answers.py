"""Charts of answers to questions of the library: bars, shares, a matrix or a network, made from the answer's rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.library import Chart
from crmgraph.site.base import Row, local_name, rows_by, value_or_empty
from crmgraph.site.charts.layout import Drawing, Edge, Node, draw_network

_MAX_ROWS = {"bars": 20, "shares": 20, "matrix": 25}
_MIN_SERIES = {"matrix": 2, "network": 2}
_MAX_NODES = 200
"""The most items of a network."""
_MAX_SERIES = 6
"""The most segments of a bar, if no status or severity determines their colours."""

Number = int | float


@dataclass(frozen=True)
class ChartItem:
    """A category of a chart, shown on an axis or in the legend: the thing that a number measures.

    Attributes:
        key: the value that identifies the item in the answer.
        name: the name to show.
        iri: the IRI of the item; "" if `key` is not an IRI.
        tone: the local name of its status or severity, which determines its colour, or "".
    """

    key: str
    name: str
    iri: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    """One number in a chart: a bar, a segment of a bar, or a cell of a matrix.

    Attributes:
        item: the item of the number in `AnswerChart.series`; if the chart has no series, the item of the row.
        start: where the bar or segment begins, in percent of the longest bar.
        length: its length in percent of the longest bar; for shares, in percent of `whole`.
        column: the column of the answer that contains the number; "" for a number of rows.
        whole: for shares, the total that the number is a part of, else None.
    """

    item: ChartItem
    number: Number
    start: float
    length: float
    column: str = ""
    whole: Number | None = None


@dataclass(frozen=True)
class AnswerChart:
    """A chart of an answer, other than a network.

    Attributes:
        kind: `bars`, `shares` or `matrix` (see Chart).
        rows: the rows of the chart, each with its item and its cells.
        series: the items of the segments of bars, or of the columns of a matrix.
        counts: the columns of the answer with the numbers; empty if the numbers are numbers of rows.
        total: the number of items in the answer. `rows` has only those with the largest numbers.
        has_tones: whether colours show statuses or severities.
    """

    kind: str
    rows: tuple[tuple[ChartItem, tuple[Cell, ...]], ...]
    series: tuple[ChartItem, ...]
    counts: tuple[str, ...]
    total: int
    has_tones: bool


def draw_answer(chart: Chart, rows: Sequence[Row], target: Callable[[str], str]) -> AnswerChart | Drawing | None:
    """Return the chart of an answer.

    Arguments:
        chart: the description of the chart, from the question.
        rows: the rows of the answer. Several rows may repeat the number of an item.
        target: returns the address of an IRI.

    Return None if there are too few items, if all numbers are 0, or if an item has no number, one that cannot be read,
    or two different ones.
    """
    things = _chart_items(chart.of, rows, "" if chart.by else chart.tone)
    by = _chart_items(chart.by, rows, chart.tone)
    if chart.kind == "bars" and len(by) > _MAX_SERIES and not chart.tone:
        by = {}
    if len(things) < (1 if chart.kind == "shares" else 2) or len(by) < _MIN_SERIES.get(chart.kind, 0):
        return None
    key_columns = (chart.of[0], chart.by[0]) if by else (chart.of[0],)
    try:
        numbers = [_numbers(rows, key_columns, column) for column in chart.counts or ("",)]
        wholes = [_numbers(rows, key_columns, column) for column in chart.wholes]
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
    largest = sorted(things, key=lambda key: -sums[key])[: _MAX_ROWS[chart.kind]]
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
    of: Mapping[str, ChartItem],
    by: Mapping[str, ChartItem],
    numbers: Mapping[tuple[str, ...], Number],
    target: Callable[[str], str],
) -> Drawing:
    """Return a network with the items `of` on the left and `by` on the right.

    The width of a line depends on the number of its pair of items in `numbers`. Of many items, those with the largest
    numbers are drawn.
    """
    weights = Counter(dict.fromkeys((*by, *of), 0.0))
    for pair, number in numbers.items():
        weights.update(dict.fromkeys(pair, number))
    kept = {key for key, _ in weights.most_common(_MAX_NODES)}
    left, right = (
        [Node(key, each.name, target(each.iri) if each.iri else "") for key, each in side.items() if key in kept]
        for side in (of, by)
    )
    edges = [
        Edge(one, other, label=f"{of[one].name} – {by[other].name}", weight=number)
        for (one, other), number in numbers.items()
        if kept >= {one, other}
    ]
    return draw_network(left, right, edges)


def _chart_items(names: Sequence[str], rows: Iterable[Row], tone: str = "") -> dict[str, ChartItem]:
    """Return the items of an axis by their keys. The first column contains the keys, the others the parts of names.

    `tone` is the column with the status or severity, or "".
    """
    firsts = {key: same[0] for (key,), same in rows_by(rows, names[0]).items() if key} if names else {}
    return {
        key: ChartItem(
            key,
            " ".join(row[column].value for column in names[1:] if column in row) or key,
            key if row[names[0]].is_iri else "",
            local_name(value_or_empty(row, tone)),
        )
        for key, row in firsts.items()
    }


def _numbers(rows: Iterable[Row], names: Sequence[str], count: str) -> dict[tuple[str, ...], Number]:
    """Return the number for each combination of values in the columns `names`.

    This is the number in the column `count`, or the number of rows if `count` is "".

    Raises KeyError if a row has no number. Raises ValueError if rows with the same values have different numbers, or if
    a value is no number.
    """
    numbers: dict[tuple[str, ...], Number] = {}
    for key, same in rows_by(rows, *names).items():
        if all(key):
            # Unpacking raises ValueError if there are several numbers.
            [numbers[key]] = {_number(row[count].value) for row in same} if count else {len(same)}
    return numbers


def _number(text: str) -> Number:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
