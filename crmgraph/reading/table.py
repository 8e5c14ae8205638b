"""The table in a text: a cell begins with a tab at the start of a line, and five cells make a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crmgraph.errors import SourceError
from crmgraph.reading.folding import key
from crmgraph.reading.plan import Leaf
from crmgraph.reading.source import Source

__all__ = ["COLUMNS", "HEADINGS", "MOST_LINES", "Cell", "Line", "Row", "Table", "read_table"]

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
