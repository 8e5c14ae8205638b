"""The table in a text and the items in its cells.

A tab at the beginning of a line begins a cell, and five cells make a row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crmgraph.errors import SourceError
from crmgraph.reading.languages import key
from crmgraph.reading.model import Attachment, Leaf
from crmgraph.reading.source import Source

MOST_LINES = 50_000
"""The maximum number of lines of a plan, which takes a few seconds to read. The plan of the CRM has a few hundred."""

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


@dataclass(frozen=True)
class Table:
    """The table in a text.

    Attributes:
        titles: The lines before the table.
        headings: The headings of the columns.
        rows: The rows below the headings, of five cells each; the last row may have fewer.
    """

    titles: tuple[Leaf, ...]
    headings: tuple[Leaf, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(eq=False)
class Item:
    """An item of a cell: a number with text, a line without a number, or a note.

    Attributes:
        leaf: The passage of the item.
        number: The item number; None if there is none.
        text_start: The offset of the text after the number, in code points.
        has_import_number: Whether the number is one in brackets from an import, and not in the document.
        level: 0 for an objective to 3 for a schedule entry; None for a note.
        parent: The item to which it belongs; None for the theme.
        attached_by: How the parent was determined.
        children: The items that belong to it.
    """

    leaf: Leaf
    number: str | None
    text_start: int
    has_import_number: bool
    level: int | None
    parent: "Item | None" = None
    attached_by: Attachment = Attachment.POSITION
    children: list["Item"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the item without its printed number: “Water” of “1.2 Water”."""
        return self.leaf.exact[self.text_start - self.leaf.start :]

    @property
    def parent_number(self) -> str:
        """The number without its last part: "7.1" for "7.1.1"; empty for "7" and for an item without a number."""
        return (self.number or "").rpartition(".")[0]


def read_table(source: Source) -> Table:
    """Return the table in a source.

    Raises SourceError if there is no table, its headings are not those of a plan, or it is empty or too long.
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
    (_, before), *cells = _split_cells(source)
    if not cells:
        raise SourceError(
            "not a plan's table: no line begins with a tab, and each cell should begin with one; `crmgraph import` "
            "makes such a table of other files",
            source.place(0),
        )
    headings = tuple(_check_headings(source, cells))
    if len(cells) == len(COLUMNS):
        raise SourceError("the table has no rows below its headings", source.place(len(source.text)))
    body = [Cell(start, 1 + index // 5, 1 + index % 5, tuple(lines)) for index, (start, lines) in enumerate(cells)]
    rows = tuple(tuple(body[index : index + 5]) for index in range(5, len(body), 5))
    return Table(tuple(leaf_from_lines(source, [line], 0, None) for line in before), headings, rows)


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
