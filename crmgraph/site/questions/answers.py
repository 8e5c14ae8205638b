"""The answer to a query as pages show it: sorted rows, quotations from the source, a selection of columns, and a chart.

The results of the library's queries have columns of names and, for programs, columns with the IRIs of the named
things. On a page, a name is a link to the thing, and a quotation is a link to its place in the source. The columns with
the IRIs and positions are therefore hidden unless the visitor asks for all columns. Columns without values are hidden
too. Themes of a plan may use the same item numbers, so a page shows the theme with the number."""

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, parse

from crmgraph.library import Chart
from crmgraph.reading.languages import key
from crmgraph.site.base import (
    GRAPHS,
    JSON_RESULTS,
    N_TRIPLES,
    TABLES,
    Record,
    Row,
    Site,
    Table,
    Term,
    bad_request,
    in_language,
    iri_ref,
    local_name,
    not_found,
    read_table,
    rows_by,
    term_of,
    texts_by,
    value_or_empty,
)
from crmgraph.site.charts.drawing import Drawing, Edge, Node, draw_network
from crmgraph.site.source import Quotation, read_contexts, read_quotations
from crmgraph.sparql.engine import Question
from crmgraph.sparql.formats import Format
from crmgraph.sparql.notices import message_of

PARAMETERS = ("sort", "order", "page", "columns")
"""The query parameters that determine how a page shows the rows of an answer."""

ROWS_SHOWN = 1000
"""The number of rows that the query editor shows of an answer."""

_VALUE_PATTERNS = {
    "order": ("asc|desc", "is asc or desc", "es asc o desc"),
    "page": (r"[1-9]\d{0,5}", "is a number from 1", "es un número a partir de 1"),
    "columns": ("all", "is all", "es all"),
}
_NUMERIC = ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DIGITS = re.compile(r"\d+", re.ASCII)
_MAX_DIGITS = 9
_COLUMN_OF_IRIS = {
    "number": ("element", "part", "entry", "match"),
    "label": ("state", "theme", "element", "part", "thing"),
    "check": ("code",),
}
"""For a column of names or numbers, the columns that may contain the IRIs (or codes) of the named things.

A column such as `agent_label` needs no entry: its IRIs are in `agent`.
"""

_CONFIDENCE = "confidence_label"
_QUOTATION_COLUMN = "exact"
_POSITION_COLUMNS = ("passage", "start", "end")
_THEMES = """
SELECT DISTINCT ?x ?theme ?label {
  VALUES ?x { %s }
  ?x cg:within ?theme . ?theme a cg:Theme ; cg:within ?plan ; rdfs:label ?label .
  FILTER EXISTS { ?other a cg:Theme ; cg:within ?plan FILTER (?other != ?theme) }
}"""


@dataclass(frozen=True)
class Arrangement:
    """How a page shows the rows of an answer.

    Attributes:
        column: the column by which the rows are sorted; "" for the order of the answer.
        is_descending: whether they are sorted in descending order.
        page: the number of the page that is shown, from 1.
        size: the number of rows per page.
        has_all_columns: whether to show all columns, and not only those meant for readers.
    """

    column: str = ""
    is_descending: bool = False
    page: int = 1
    size: int = 100
    has_all_columns: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Arrangement":
        """Return the arrangement that query parameters ask for. Raises HTTPException 400 for an invalid value."""
        for name, (pattern, english, spanish) in _VALUE_PATTERNS.items():
            if name in parameters and not re.fullmatch(pattern, parameters[name], re.ASCII):
                raise bad_request(f"The parameter {name} {english}.", f"El parámetro {name} {spanish}.")
        return cls(
            column=parameters.get("sort", ""),
            is_descending=parameters.get("order") == "desc",
            page=int(parameters.get("page", "1")),
            has_all_columns="columns" in parameters,
        )

    def rows_of_page(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[Row, ...]:
        """Return the rows of this page. The sort is stable, and rows without a value in the sorted column come last.

        Raises HTTPException 400 if the column does not exist, 404 if the page does not exist.
        """
        if self.column and self.column not in columns:
            there = ", ".join(columns)
            raise bad_request(f"The parameter sort is one of {there}.", f"El parámetro sort es una de {there}.")
        last = self.page_count(len(rows))
        if self.page > last:
            raise not_found(f"The answer has {last} pages.", f"La respuesta tiene {last} páginas.")
        if self.column:
            valued = (row for row in rows if self.column in row)
            ordered = sorted(valued, key=lambda row: _sort_key(row[self.column]), reverse=self.is_descending)
            rows = [*ordered, *(row for row in rows if self.column not in row)]
        return tuple(rows[(self.page - 1) * self.size : self.page * self.size])

    def page_count(self, total: int) -> int:
        """Return the number of pages for a total number of rows, at least 1."""
        return max(1, -(-total // self.size))

    def query(self, values: Mapping[str, str], **changes: Any) -> str:
        """Return the query string for a question with these parameter values, arranged in this way.

        `changes` are attributes of the arrangement to replace.
        """
        new = replace(self, **changes)
        own = {
            "sort": new.column,
            "order": "desc" if new.is_descending else "",
            "page": str(new.page) if new.page > 1 else "",
            "columns": "all" if new.has_all_columns else "",
        }
        return "?" + urlencode({**values, **{name: value for name, value in own.items() if value}})


def evaluate_question(
    site: Site, question: Question, seconds: float, arrangement: Arrangement = Arrangement(size=ROWS_SHOWN)
) -> Record:
    """Return the answer to a question, with its rows arranged for a page. The media types in the question are ignored.

    `seconds` is the time limit. Raises AnswerError if the question cannot be answered, and HTTPException if the column
    or page of the arrangement does not exist.

    Attributes of the result:
        form: the query form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        columns: the columns; for a graph, `subject`, `predicate` and `object`.
        rows: the rows of the current page.
        all_rows: all rows, in the order of the answer.
        total: the number of all rows.
        arrangement: the arrangement of the rows.
        boolean: the answer to an ASK query, else None.
        seconds: the duration of the query.
        snapshots: the copies that were used because remote endpoints did not answer.
        notices: the texts of notices to whoever wrote the query, if the question asks for them.
        quotations: for each row in `rows`, the passages of the source whose IRIs it contains.
        quotation_column: the name of the column with quotations, or "" if the answer has none.
        has_quotation_column: whether the page adds a column with the quotations, because the answer has none.
        line_contexts: passages in the context of their line, by IRI. It contains passages without a letter, such as
            numbers, which mean nothing without context.
    """
    began = time.perf_counter()
    answer = site.ask(replace(question, result_type=JSON_RESULTS, graph_type=N_TRIPLES), seconds)
    took = time.perf_counter() - began
    boolean = b"true" in answer.body if answer.form == "ASK" else None
    table = Table((), ())
    if answer.media_type == N_TRIPLES:
        table = _read_triples(answer.body)
    elif boolean is None:
        table = read_table(answer.body)
    shown = arrangement.rows_of_page(table.columns, table.rows)
    found = _quotations_by_row(site, shown)
    # A quotation without a letter means nothing without its context.
    without_letters = {each for of_row in found for each in of_row if not any(map(str.isalpha, each.exact))}
    quotation_column = _QUOTATION_COLUMN if _QUOTATION_COLUMN in table.columns else ""
    return Record(
        form=answer.form,
        columns=table.columns,
        rows=shown,
        all_rows=table.rows,
        total=len(table.rows),
        arrangement=arrangement,
        boolean=boolean,
        seconds=took,
        snapshots=answer.snapshots,
        notices=[message_of(each, site.names.prefixes()) for each in answer.notices],
        quotations=found,
        quotation_column=quotation_column,
        has_quotation_column=any(found) and not quotation_column,
        line_contexts=read_contexts(site, without_letters),
    )


def download_forms(result: Record | None) -> Sequence[Format]:
    """Return the formats in which an answer can be downloaded; those of a table for None."""
    if result and result.form == "ASK":
        return [form for form in TABLES if form.short in ("json", "xml")]
    return GRAPHS if result and result.form in ("CONSTRUCT", "DESCRIBE") else TABLES


@dataclass(frozen=True)
class TableLayout:
    """How the table on a page shows the answer to a question of the library.

    Attributes:
        columns: the visible columns.
        hidden_columns: the columns that the table hides.
        meanings: the description of each column, by language.
        iri_columns: for each column of names, the column with the IRIs of the named things.
        labels: the labels of visible IRIs.
        themes: the name of the theme and its language, by the IRI of a part. It is empty if a column has the themes,
            and has no parts of plans with a single theme.
        has_all_columns: whether all columns are visible and values are shown as in files.
    """

    columns: tuple[str, ...]
    hidden_columns: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]]
    iri_columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    has_all_columns: bool = False

    def link_target(self, row: Row, column: str) -> Term | None:
        """Return what a name in this column links to: the IRI of the named thing, the code of a check, or None."""
        found = self._named(row, column)
        return found if found and (found.is_iri or self.iri_columns[column] == "code") else None

    def value(self, row: Row, column: str) -> Term:
        """Return the value to show in this column.

        A date or duration that the column has as a plain text is returned with its datatype.
        """
        value, named = row[column], self._named(row, column)
        return named if named and named.datatype and named.value == value.value else value

    def iris(self, value: Term) -> list[str]:
        """Return the IRIs that a text consists of, separated by spaces; none if it has other words."""
        words = value.value.split(" ")
        return words if not value.is_iri and all(word in self.labels for word in words) else []

    def has_unknown_confidence(self, rows: Iterable[Row]) -> bool:
        """Return whether the table has a column for certainty in which one of these rows has no value."""
        return _CONFIDENCE in self.columns and any(_CONFIDENCE not in row for row in rows)

    def theme(self, row: Row, column: str) -> tuple[str, str]:
        """Return the name of the theme of the part in this column, and its language.

        Return two empty strings if there is no theme to show, or if an earlier column shows the same.
        """
        before = self.columns[: self.columns.index(column)]
        found = self.themes.get(self._part(row, column), ("", ""))
        return ("", "") if found in (self.themes.get(self._part(row, each)) for each in before) else found

    def unnamed_iri(self, row: Row, column: str) -> str:
        """Return the IRI that this column should name, if the row has no name for it in any column; else ""."""
        named = self._named(row, column)
        same = [each for each in self.columns if self.iri_columns.get(each, "") == self.iri_columns.get(column)]
        is_first = column == next(iter(same), "") and not any(each in row for each in same)
        return named.value if named and named.is_iri and is_first else ""

    def _named(self, row: Row, column: str) -> Term | None:
        return row.get(self.iri_columns.get(column, ""))

    def _part(self, row: Row, column: str) -> str:
        """Return the IRI in this column or, for a column of item numbers, the IRI of the numbered part; else ""."""
        term = self._named(row, column) if _is_number(column) else row.get(column)
        is_shown = column in row or self.unnamed_iri(row, column)
        return term.value if is_shown and term and term.is_iri else ""


def table_layout(site: Site, meanings: Mapping[str, Mapping[str, str]], result: Record, language: str) -> TableLayout:
    """Return how a page shows the answer to a question of the library.

    Arguments:
        site: the site.
        meanings: the description of each column of the question, by language.
        result: the answer.
        language: the language of labels.
    """
    every = result.columns
    if result.arrangement.has_all_columns:
        return TableLayout(every, (), meanings, has_all_columns=True)
    readable = TableLayout(readable_columns(every), (), meanings, iri_columns_of(every))
    columns = tuple(
        column
        for column in readable.columns
        if any(column in row or readable.unnamed_iri(row, column) for row in result.all_rows)
    )
    bare = replace(readable, columns=columns, hidden_columns=tuple(each for each in every if each not in columns))
    cells = [(row, column) for row in result.rows for column in columns]
    values = [row[column] for row, column in cells if column in row]
    words = (word for value in values for word in value.value.split(" "))
    shown = {
        *(value.value for value in values if value.is_iri),
        *filter(None, (bare.unnamed_iri(row, column) for row, column in cells)),
        *(word for word in words if word.startswith(f"{site.names.base}id/")),
    }
    labels = {iri: in_language(found, language)[0] for iri, found in site.labels(shown).items()}
    numbered = {bare.iri_columns[column] for column in columns if _is_number(column) and column in bare.iri_columns}
    parts = {row[named].value for row in result.rows for named in numbered if named in row and row[named].is_iri}
    themes = _theme_names(site, shown | parts, language) if numbered and "theme_label" not in columns else {}
    return replace(bare, labels=labels, themes=themes)


def iri_columns_of(columns: Collection[str]) -> dict[str, str]:
    """Return for each column of names or item numbers the column with the IRIs of the named things.

    Example: `agent_label` has its IRIs in `agent`.
    """
    found = {
        column: column.removesuffix(end) for end in ("_label", "_number") for column in columns if column.endswith(end)
    }
    named = set(found.values())
    for name, candidates in _COLUMN_OF_IRIS.items():
        there = [each for each in candidates if each in columns]
        unnamed = [each for each in there if each not in named]
        # The things that have item numbers may also have names in another column.
        found[name] = next(iter(unnamed or (there if name == "number" else ())), "")
    return {name: of for name, of in found.items() if name in columns and of in columns}


def readable_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that are meant for readers, with the column of quotations last.

    These are the columns without the IRIs of named things and without the positions of quotations.
    """
    repeated = {*iri_columns_of(columns).values(), *(_POSITION_COLUMNS if _QUOTATION_COLUMN in columns else ())}
    return tuple(sorted((column for column in columns if column not in repeated), key=_QUOTATION_COLUMN.__eq__))


def _sort_key(term: Term) -> tuple[int, Decimal, str, str]:
    """Return the sort key of a value: numbers by size, followed by texts, in which 2.9 comes before 2.10."""
    if term.datatype.rpartition("#")[2] in _NUMERIC and _NUMBER.fullmatch(term.value):
        return 0, Decimal(term.value), "", ""
    return 1, Decimal(0), _DIGITS.sub(lambda found: found[0].zfill(_MAX_DIGITS), key(term.value)), term.value


def _read_triples(body: bytes) -> Table:
    """Return a graph in N-Triples as a table of sorted triples."""
    columns = ("subject", "predicate", "object")
    rows = [
        {name: term_of(getattr(quad, name)) for name in columns} for quad in parse(body, format=RdfFormat.N_TRIPLES)
    ]
    return Table(columns, tuple(sorted(rows, key=lambda row: [row[name].value for name in columns])))


def _quotations_by_row(site: Site, rows: tuple[Row, ...]) -> tuple[tuple[Quotation, ...], ...]:
    """Return for each row the passages whose IRIs it contains."""
    found = read_quotations(site, {each.value for row in rows for each in row.values() if each.is_iri})
    named = (dict.fromkeys(each.value for each in row.values()) for row in rows)
    return tuple(tuple(found[iri] for iri in iris if iri in found) for iris in named)


def _is_number(column: str) -> bool:
    return column == "number" or column.endswith("_number")


def _theme_names(site: Site, parts: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """Return the name of the theme of each of these parts, and its language. `parts` are IRIs.

    Parts of plans with a single theme are left out.
    """
    rows = site.select(_THEMES % " ".join(sorted(map(iri_ref, parts))))
    named = {iri: in_language(found, language) for iri, found in texts_by(rows, "theme", "label").items()}
    themes = {row["x"].value: named[row["theme"].value] for row in rows}
    # Some documents have the names of themes in capitals.
    return {iri: (name.capitalize() if name.isupper() else name, tongue) for iri, (name, tongue) in themes.items()}


_MAX_ROWS = {"bars": 20, "shares": 20, "matrix": 25}
_MIN_SERIES = {"matrix": 2, "network": 2}
_MAX_NODES = 200
"""The most items of a network."""
_MAX_SERIES = 6
"""The most segments of a bar, if no status or severity determines their colours."""

Number = int | float


def draw_answer(chart: Chart, rows: Sequence[Row], target: Callable[[str], str]) -> Record | Drawing | None:
    """Return the chart of an answer: a Drawing for a network, else a record.

    Attributes of the record:
        kind: `bars`, `shares` or `matrix` (see Chart).
        rows: the rows of the chart, each with its item and its cells (see `_chart_items`).
        series: the items of the segments of bars, or of the columns of a matrix.
        counts: the columns of the answer with the numbers; empty if the numbers are numbers of rows.
        total: the number of items in the answer. `rows` has only those with the largest numbers.
        has_tones: whether colours show statuses or severities.

    A cell is one number: a bar, a segment of a bar, or a cell of a matrix. Its attributes:
        item: the item of the number in `series`; if the chart has no series, the item of the row.
        number: the number.
        start: where the bar or segment begins, in percent of the longest bar.
        length: its length in percent of the longest bar; for shares, in percent of `whole`.
        column: the column of the answer that contains the number; "" for a number of rows.
        whole: for shares, the total that the number is a part of, else None.

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
        numbers = [_chart_numbers(rows, key_columns, column) for column in chart.counts or ("",)]
        wholes = [_chart_numbers(rows, key_columns, column) for column in chart.wholes]
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
    for name in drawn:
        cells, start = list[Record](), 0.0
        for place in seen if series else range(len(numbers)):
            number, whole = values[name][place], wholes[place].get((name,), 0) if wholes else None
            if (is_stacked and not number) or (whole is not None and not 0 < whole >= number >= 0):
                continue
            column = chart.counts[0 if series else place] if chart.counts else ""
            length = round(100 * number / (whole or longest), 2)
            item = series[place] if series else things[name]
            cells.append(Record(item=item, number=number, start=start, length=length, column=column, whole=whole))
            start += length if is_stacked else 0
        lines.append((things[name], cells))
    return Record(
        kind=chart.kind,
        rows=lines,
        series=tuple(series[place] for place in seen),
        counts=chart.counts,
        total=len(things),
        has_tones=bool(chart.tone),
    )


def _network(
    of: Mapping[str, Record],
    by: Mapping[str, Record],
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


def _chart_items(names: Sequence[str], rows: Iterable[Row], tone: str = "") -> dict[str, Record]:
    """Return the items of an axis by their keys. The first column contains the keys, the others the parts of names.

    `tone` is the column with the status or severity, or "".

    Attributes of an item:
        key: the value that identifies it in the answer.
        name: the name to show.
        iri: its IRI; "" if `key` is not an IRI.
        tone: the local name of its status or severity, which determines its colour, or "".
    """
    firsts = {key: same[0] for (key,), same in rows_by(rows, names[0]).items() if key} if names else {}
    return {
        key: Record(
            key=key,
            name=" ".join(row[column].value for column in names[1:] if column in row) or key,
            iri=key if row[names[0]].is_iri else "",
            tone=local_name(value_or_empty(row, tone)),
        )
        for key, row in firsts.items()
    }


def _chart_numbers(rows: Iterable[Row], names: Sequence[str], count: str) -> dict[tuple[str, ...], Number]:
    """Return the number for each combination of values in the columns `names`.

    This is the number in the column `count`, or the number of rows if `count` is "".

    Raises KeyError if a row has no number. Raises ValueError if rows with the same values have different numbers, or if
    a value is no number.
    """
    numbers: dict[tuple[str, ...], Number] = {}
    for identity, same in rows_by(rows, *names).items():
        if all(identity):
            # Unpacking raises ValueError if there are several numbers.
            texts = (row[count].value for row in same if count)
            [numbers[identity]] = {int(t) if t.lstrip("+-").isdecimal() else float(t) for t in texts} or {len(same)}
    return numbers
