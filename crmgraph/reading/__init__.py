"""The reader of plans, which converts a text table to a `Plan`.

A tab at the beginning of a line begins a cell, and five cells make a row. Every non-blank character of the file is in
exactly one leaf passage of the plan.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Leaf, Passage, Plan, Source, read_source
from crmgraph.reading.tree import Item, build_item_trees, build_themes

__all__ = ["ID", "Plan", "plan_id", "read_plan", "read_plan_text"]

MOST_LINES = 50_000
"""The maximum number of lines of a plan, which takes a few seconds to read. The plan of the RCM has a few hundred."""

COLUMNS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")
HEADINGS = tuple(
    map(
        re.compile,
        (
            r"temas?\b|themes?\b",
            r"objetivos?\b|objectives?\b|objectifs?\b",
            r"accion(es)?\b|actions?\b|acao\b|acoes\b",
            r"actividad(es)?\b|activit(y|ies|es?)\b|atividades?\b",
            r"calendario\b|cronograma\b|schedule\b|calendar\b|timetable\b|calendrier\b",
        ),
    )
)
"""Patterns for the folded heading of each column, in Spanish, English, French and Portuguese."""

_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<close>[.)]?)-?(?=\s|[^\W\d_]|\Z)\s*")
_IMPORT_NUMBER = re.compile(r"\[(?P<number>\d{1,3}(?:\.\d{1,3})*)\]\s+(?=\S)")
"""A number in brackets that an import added; it determines the parent of an item and is not in the document."""
_LONGEST_SHOWN = 40
_UNFINISHED = re.compile(
    r"(?:^|\s)(?:a|about|and|at|by|cada|con|de|del|desde|el|en|entre|for|from|hasta|in|la|las|los|of|para|por|que|than|the"
    r"|to|un|una|unas|unos|y)$"
)
"""Words at which a sentence cannot end, so that it continues on the next line."""
_CONTINUATION = re.compile(r"%|[a-záéíóúñü]")
_NOTE = re.compile(r"(nota|notas|note|notes)\s*:")


@dataclass(frozen=True)
class Line:
    """A line that is not blank.

    Attributes:
        start: The offset of its first non-blank code point.
        end: The offset after its last non-blank code point.
        text: The text without surrounding white space.
        after_blank: Whether a blank line precedes the line.
    """

    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(frozen=True)
class Cell:
    """A cell of the table.

    Attributes:
        start: The offset of its tab, in code points.
        row: The row; the headings are row 1.
        column: The column, counted from 1.
        lines: The lines that are not blank.
    """

    start: int
    row: int
    column: int
    lines: tuple[Line, ...]


def read_table(source: Source) -> tuple[list[Leaf], list[Leaf], list[tuple[Cell, ...]]]:
    """Return the lines before the table in a source, the headings of the columns, and the rows below them.

    A row has five cells; the last may have fewer.

    Raises SourceError if there is no table, its headings are not those of a plan, or it is empty or too long.
    """
    if len(source.lines) > MOST_LINES:
        raise SourceError(
            f"the file has {len(source.lines):,} lines; a plan may have {MOST_LINES:,}",
            source.place(source.lines[MOST_LINES][0]),
        )
    if not source.text.strip():
        raise SourceError("the file is empty; a plan is a table of five columns", source.place(0))
    (_, before), *cells = _split_cells(source)
    if not cells:
        raise SourceError(
            "not a plan's table: no line begins with a tab, and each cell should begin with one; `crmgraph import` "
            "makes such a table of other files",
            source.place(0),
        )
    headings = list(_check_headings(source, cells))
    body = [Cell(start, 1 + index // 5, 1 + index % 5, tuple(lines)) for index, (start, lines) in enumerate(cells)]
    rows = [tuple(body[index : index + 5]) for index in range(5, len(body), 5)]
    return [leaf_from_lines(source, [line], 0, None) for line in before], headings, rows


def read_items(source: Source, cell: Cell) -> list[Item]:
    """Return the items of a cell in order.

    A line without a number continues the item above, unless it is a note or follows a blank line. Raises SourceError
    for a number that does not fit the column.
    """
    items: list[tuple[list[Line], str | None, int, bool, int | None]] = []
    for before, whole in zip((None, *cell.lines), cell.lines, strict=False):
        line, given = split_import_number(whole, cell.column - 1)
        match = None if given else _match_number(source, cell, line, before)
        number = match["number"] if match else given
        is_note = not given and _NOTE.match(key(line.text)) is not None
        if items and not number and not is_note and not line.after_blank:
            items[-1][0].append(line)
        else:
            start = line.start + (match.end() if match else 0)
            items.append(([line], number, start, given is not None, None if is_note else cell.column - 2))
    return [
        Item(leaf_from_lines(source, lines, cell.row, cell.column), number, start, has_import_number, level)
        for lines, number, start, has_import_number, level in items
    ]


def split_import_number(line: Line, parts: int) -> tuple[Line, str | None]:
    """Return the line without the number in brackets that an import added, and that number.

    Without such a number, the line is returned unchanged, with None.

    Args:
        line: The line.
        parts: The number of parts that the number must have, such as 2 for "[7.1]".
    """
    match = _IMPORT_NUMBER.match(line.text)
    if match is None or match["number"].count(".") + 1 != parts:
        return line, None
    return replace(line, start=line.start + match.end(), text=line.text[match.end() :]), match["number"]


def leaf_from_lines(source: Source, lines: tuple[Line, ...] | list[Line], row: int, column: int | None) -> Leaf:
    """Return the passage from the first line to the last, in a row and column of the table."""
    return Leaf(lines[0].start, lines[-1].end, source.text[lines[0].start : lines[-1].end], row, column)


def _split_cells(source: Source) -> list[tuple[int, list[Line]]]:
    """Return the offset and the lines of each cell; the first entry is the text before the table."""
    cells: list[tuple[int, list[Line]]] = [(0, [])]
    blank = False
    for start, end in source.lines:
        if source.text.startswith("\t", start):
            cells.append((start, []))
            blank = False
        text = source.text[start:end]
        left = start + len(text) - len(text.lstrip())
        if text.strip():
            cells[-1][1].append(Line(left, left + len(text.strip()), text.strip(), blank))
        blank = not text.strip()
    return cells


def _check_headings(source: Source, cells: list[tuple[int, list[Line]]]) -> Iterator[Leaf]:
    """Yield the passages of the headings. Raises SourceError if one is not that of a plan."""
    for column, (pattern, expected) in enumerate(zip(HEADINGS, COLUMNS, strict=True), 1):
        start, lines = cells[column - 1] if column <= len(cells) else (len(source.text), [])
        heading = " ".join(line.text for line in lines)
        if not pattern.match(key(heading)):
            raise SourceError(
                f"not a plan's table: heading {column} should be like “{expected}” but is “{heading[:60]}”",
                source.place(start),
            )
        yield leaf_from_lines(source, lines, 1, column)


def _match_number(source: Source, cell: Cell, line: Line, before: Line | None) -> re.Match[str] | None:
    """Return the match of the item number at the start of a line; None if there is no item number.

    An objective number has one part. Except at the beginning of the cell, it needs a dot or bracket, since a continued
    line may begin with "12 meses". Numbers in other columns have several parts, so "3 talleres" has none. A number in
    the middle of a sentence is no item number either: "2.5 meses" on a line after "en un plazo de". Raises SourceError
    for any other number that does not fit the column.

    Args:
        source: The source, for messages.
        cell: The cell.
        line: The line.
        before: The line before it in the cell; None if it is the first.
    """
    match = _NUMBER.match(line.text)
    if match is None:
        return None
    parts = match["number"].count(".") + 1
    wanted = cell.column - 1
    if parts == wanted:
        return match if wanted > 1 or match["close"] or before is None else None
    is_broken = before is not None and not line.after_blank and _UNFINISHED.search(key(before.text))
    if parts == 1 or (is_broken and not match["close"] and _CONTINUATION.match(line.text, match.end())):
        return None
    raise SourceError(
        f"number {match['number'][:_LONGEST_SHOWN]} fits nowhere: "
        f"in column {COLUMNS[cell.column - 1]} a number has {wanted} part{'s' if wanted > 1 else ''}, not {parts}; "
        "mend the number, or look for a cell that is missing before it",
        source.place(line.start),
    )


ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""The pattern of the id of a plan, which is a segment of IRIs."""


def plan_id(file: Path) -> str:
    """Return the default id of a plan: the stem of its file name in lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key(file.stem)).strip("-") or "plan"


def read_plan(file: Path, id: str | None = None, stream: BinaryIO | None = None) -> Plan:
    """Return the plan in a text file.

    Raises SourceError if the file is not a plan or seems truncated, and UsageError for an invalid id.

    Args:
        file: The file.
        id: The id of the plan; by default that of `plan_id`.
        stream: A stream to read instead of the file, which then only gives its name to messages.
    """
    if id is not None and not ID.fullmatch(id):
        raise UsageError(
            f"a plan's id has lower-case letters, digits, and hyphens between them, as in my-plan, not {id}",
            Place(file),
        )
    source = read_source(file, stream)
    plan = read_plan_text(source, id or plan_id(file))
    if not source.text.rstrip(" \u00a0").endswith(("\n", "\r")):
        raise SourceError(
            "the last line has no line end, as if the file had been cut off here; if it is whole, end the line",
            source.place(len(source.text)),
        )
    return plan


def read_plan_text(source: Source, id: str) -> Plan:
    """Return the plan in a source that has been read already. Raises SourceError if it is not a plan."""
    above, headings, table_rows = read_table(source)
    leaves = [*above, *headings]
    themes: dict[str, tuple[list[Passage], bool, list[list[list[Item]]]]] = {}
    rows: list[list[list[Item]]] | None = None
    for row in table_rows:
        if row[0].lines:
            # A number in brackets, added by an import, is not part of the title.
            first, given = split_import_number(row[0].lines[0], 1)
            title = leaf_from_lines(source, (first, *row[0].lines[1:]), row[0].row, row[0].column)
            leaves.append(title)
            titles, _, rows = themes.setdefault(key(title.exact), ([], given is not None, []))
            titles.append(Passage(title.start, title.end, title.exact))
        columns = [read_items(source, cell) for cell in row[1:]]
        if len(row) < len(COLUMNS):
            raise SourceError(
                f"the row that begins here has {len(row)} cell{'' if len(row) == 1 else 's'} and should have 5; "
                "a cell is a line that begins with a tab, even where it is empty",
                source.place(row[0].start),
            )
        if any(columns) and rows is None:
            raise SourceError("the first row must name a theme, and this one does not", source.place(row[0].start))
        leaves += (item.leaf for items in columns for item in items)
        if rows is not None:
            rows.append(columns)
    if not themes:
        raise SourceError(
            "the table is empty: no cell below its headings has any words", source.place(len(source.text))
        )
    name = tidy(above[0].exact) if above else id
    built = build_themes(
        (titles, has_import_number, build_item_trees(rows)) for titles, has_import_number, rows in themes.values()
    )
    return Plan(id, name, source, built, tuple(sorted(leaves)))
