"""The table in a text and the items in its cells: a tab at the start of a line begins a cell; five make a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crmgraph.errors import SourceError
from crmgraph.reading.folding import key
from crmgraph.reading.model import Leaf
from crmgraph.reading.source import Source

__all__ = [
    "COLUMNS",
    "HEADINGS",
    "MOST_LINES",
    "Cell",
    "Item",
    "Line",
    "Row",
    "Table",
    "read_items",
    "read_table",
    "without_given",
]

MOST_LINES = 50_000
"""How many lines a plan may have. The plan of the CRM has a few hundred; so many are read in a few seconds."""

COLUMNS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")
HEADINGS = (
    re.compile(r"temas?\b|themes?\b"),
    re.compile(r"objetivos?\b|objectives?\b|objectifs?\b"),
    re.compile(r"accion(es)?\b|actions?\b|acao\b|acoes\b"),
    re.compile(r"actividad(es)?\b|activit(y|ies|es?)\b|atividades?\b"),
    re.compile(r"calendario\b|cronograma\b|schedule\b|calendar\b|timetable\b|calendrier\b"),
)
"""How the heading of each column begins, its accents and case left out: in Spanish, English, French, Portuguese."""


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without the space around it; `after_blank` where a blank line is before it."""

    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(frozen=True)
class Cell:
    """A cell: where it begins (the code point of its tab) and the lines that are not blank."""

    start: int
    row: int
    column: int
    lines: tuple[Line, ...]


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The lines before the table, the heading cells, and the rows below them, five cells each."""

    titles: tuple[Leaf, ...]
    headings: tuple[Leaf, ...]
    rows: tuple[Row, ...]


def _line(source: Source, start: int, end: int, after_blank: bool) -> Line:
    text = source.text[start:end]
    left = start + len(text) - len(text.lstrip())
    return Line(left, left + len(text.strip()), text.strip(), after_blank)


def _cells(source: Source) -> tuple[list[Line], list[tuple[int, list[Line]]]]:
    """The lines before the first cell, and for each cell its start and its lines."""
    before: list[Line] = []
    cells: list[tuple[int, list[Line]]] = []
    blank = False
    for start, end in source.lines:
        if source.text.startswith("\t", start):
            cells.append((start, []))
            blank = False
        line = _line(source, start, end, blank)
        if line.text:
            (cells[-1][1] if cells else before).append(line)
        blank = not line.text
    return before, cells


def leaf(source: Source, lines: tuple[Line, ...] | list[Line], row: int, column: int | None) -> Leaf:
    """The passage from the first to the last of `lines`."""
    start, end = lines[0].start, lines[-1].end
    return Leaf(start, end, source.text[start:end], row, column)


def _headings(source: Source, cells: list[tuple[int, list[Line]]]) -> Iterator[Leaf]:
    for column, (pattern, expected) in enumerate(zip(HEADINGS, COLUMNS, strict=True), 1):
        start, lines = cells[column - 1] if column <= len(cells) else (len(source.text), [])
        heading = " ".join(line.text for line in lines)
        if not pattern.match(key(heading)):
            raise SourceError(
                f"not a plan's table: heading {column} should be like “{expected}” but is “{heading[:60]}”",
                source.place(start),
            )
        yield leaf(source, lines, 1, column)


def read_table(source: Source) -> Table:
    """The table in `source`. Raises SourceError where there is none, or its headings are not a plan's.

    The last row may have fewer than five cells: whoever reads the rows can say better which one lacks a cell.
    """
    if not source.text:
        raise SourceError("the file is empty; a plan is a table of five columns", source.place(0))
    if len(source.lines) > MOST_LINES:
        raise SourceError(
            f"the file has {len(source.lines):,} lines; a plan may have {MOST_LINES:,}",
            source.place(source.lines[MOST_LINES][0]),
        )
    if not source.text.strip():
        raise SourceError("the file holds nothing but blank space; a plan is a table of five columns", source.place(0))
    before, cells = _cells(source)
    if not cells:
        raise SourceError(
            "not a plan's table: no line begins with a tab, and each cell should begin with one; `crmgraph import` "
            "makes such a table of other files",
            source.place(0),
        )
    headings = tuple(_headings(source, cells))
    body = cells[5:]
    rows = tuple(
        tuple(
            Cell(start, 2 + index // 5, 1 + offset, tuple(lines))
            for offset, (start, lines) in enumerate(body[index : index + 5])
        )
        for index in range(0, len(body), 5)
    )
    if not rows:
        raise SourceError("the table has no rows below its headings", source.place(len(source.text)))
    return Table(tuple(leaf(source, [line], 0, None) for line in before), headings, rows)


_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<close>[.)]?)-?(?=\s|[^\W\d_]|\Z)\s*")
_GIVEN = re.compile(r"\[(?P<number>\d{1,3}(?:\.\d{1,3})*)\]\s+(?=\S)")
"""A number that stands in no document: an import gave it, so that it is known what belongs to what."""
_LONGEST_SHOWN = 40
_BROKEN = re.compile(
    r"(?:^|\s)(?:a|about|and|at|by|cada|con|de|del|desde|el|en|entre|for|from|hasta|in|la|las|los|of|para|por|que|than|the"
    r"|to|un|una|unas|unos|y)$"
)
"""What no text ends with."""
_REST = re.compile(r"%|[a-záéíóúñü]")
_NOTE = re.compile(r"(nota|notas|note|notes)\s*:")


@dataclass(frozen=True)
class Item:
    """One item of a cell. `text_start` is where, in code points, its text begins after the number.

    Where `is_given`, the number is one in brackets that an import gave, and no part of the words.
    """

    leaf: Leaf
    number: str | None
    text_start: int
    is_note: bool
    is_given: bool = False

    @property
    def text(self) -> str:
        """The words without the number."""
        return self.leaf.exact[self.text_start - self.leaf.start :]

    @property
    def parent_number(self) -> str | None:
        """The number without its last part: "7.1" for "7.1.1", None for "7"."""
        return self.number.rpartition(".")[0] or None if self.number else None


def _number(source: Source, cell: Cell, line: Line, before: Line | None) -> re.Match[str] | None:
    """The number at the start of `line`, where it is one that belongs in this column.

    In the column of objectives a number is one part and, unless it opens the cell, closed by a dot or bracket, for
    a line may go on with "12 meses". In the others it has dots, so "3 talleres" is text, and so is a number of another
    column where the line `before` breaks off ("en un plazo de") and this one goes on ("2.5 meses").
    """
    match = _NUMBER.match(line.text)
    if match is None:
        return None
    parts = match["number"].count(".") + 1
    wanted = cell.column - 1
    if parts == wanted:
        return match if wanted > 1 or match["close"] or line is cell.lines[0] else None
    if parts == 1 or (before is not None and _goes_on(before, line, match)):
        return None
    raise SourceError(
        f"number {match['number'][:_LONGEST_SHOWN]} fits nowhere: "
        f"in column {COLUMNS[cell.column - 1]} a number has {wanted} part{'s' if wanted > 1 else ''}, not {parts}; "
        "mend the number, or look for a cell that is missing before it",
        source.place(line.start),
    )


def _goes_on(before: Line, line: Line, number: re.Match[str]) -> bool:
    """Whether a line that begins with a decimal is the rest of a sentence that broke off after a word like "de"."""
    is_open = not line.after_blank and _BROKEN.search(key(before.text)) is not None
    return is_open and not number["close"] and _REST.match(line.text, number.end()) is not None


def without_given(line: Line, parts: int) -> tuple[Line, str | None]:
    """The line without the number in brackets, of as many parts, that it begins with; and that number."""
    match = _GIVEN.match(line.text)
    if match is None or match["number"].count(".") + 1 != parts:
        return line, None
    return replace(line, start=line.start + match.end(), text=line.text[match.end() :]), match["number"]


@dataclass(frozen=True)
class _Group:
    """The lines of an item, its number and the length of what is before its words, and whether it is a note."""

    lines: list[Line]
    number: str | None
    skipped: int
    is_note: bool
    is_given: bool


def _groups(source: Source, cell: Cell) -> Iterator[_Group]:
    """The lines of each item. A line that opens nothing and has no blank line before it goes on with the item above."""
    group: _Group | None = None
    for place, whole in enumerate(cell.lines):
        line, given = without_given(whole, cell.column - 1)
        match = None if given else _number(source, cell, line, cell.lines[place - 1] if place else None)
        number = given or (match["number"] if match else None)
        is_note = given is None and _NOTE.match(key(line.text)) is not None
        if group and number is None and not is_note and not line.after_blank:
            group.lines.append(line)
            continue
        if group:
            yield group
        group = _Group([line], number, match.end() if match else 0, is_note, given is not None)
    if group:
        yield group


def read_items(source: Source, cell: Cell) -> list[Item]:
    """The items of a cell in their order. Raises SourceError for a number that has no business in this column."""
    return [
        Item(
            leaf(source, group.lines, cell.row, cell.column),
            group.number,
            group.lines[0].start + group.skipped,
            group.is_note,
            group.is_given,
        )
        for group in _groups(source, cell)
    ]
