"""The table in a text and the items in its cells: a tab at the start of a line begins a cell; five make a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crmgraph.errors import SourceError
from crmgraph.reading.languages import key
from crmgraph.reading.model import Attachment, Leaf
from crmgraph.reading.source import Source

MOST_LINES = 50_000
"""The most lines that a plan may have. The plan of the CRM has a few hundred; so many are read in a few seconds."""

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
"""Patterns of the heading of each column, accents and case left out: in Spanish, English, French, Portuguese."""

_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<close>[.)]?)-?(?=\s|[^\W\d_]|\Z)\s*")
_IMPORT_NUMBER = re.compile(r"\[(?P<number>\d{1,3}(?:\.\d{1,3})*)\]\s+(?=\S)")
"""A number in no document: an import gave it, so that it is known what belongs to what."""
_LONGEST_SHOWN = 40
_UNFINISHED = re.compile(
    r"(?:^|\s)(?:a|about|and|at|by|cada|con|de|del|desde|el|en|entre|for|from|hasta|in|la|las|los|of|para|por|que|than|the"
    r"|to|un|una|unas|unos|y)$"
)
"""Words that no text ends with."""
_CONTINUATION = re.compile(r"%|[a-záéíóúñü]")
_NOTE = re.compile(r"(nota|notas|note|notes)\s*:")


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


@dataclass(frozen=True)
class Table:
    """The lines before the table, the heading cells, and the rows below them, five cells each.

    The last row may have fewer cells.
    """

    titles: tuple[Leaf, ...]
    headings: tuple[Leaf, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(eq=False)
class Item:
    """An item of a cell, and its place in the tree: a number and words, a line without a number, or a note.

    `text_start` is where, in code points, the words begin after the number. Where `is_given`, the number is one in
    brackets that an import gave, and no part of the words. `level` is 0 for an objective to 3 for a schedule entry,
    None for a note. `parent` None means the theme itself.
    """

    leaf: Leaf
    number: str | None
    text_start: int
    is_given: bool
    level: int | None
    parent: "Item | None" = None
    attached_by: Attachment = Attachment.POSITION
    children: list["Item"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words without the number."""
        return self.leaf.exact[self.text_start - self.leaf.start :]

    @property
    def parent_number(self) -> str:
        """The number without its last part: "7.1" for "7.1.1"; empty for "7", and where there is none."""
        return (self.number or "").rpartition(".")[0]


def read_table(source: Source) -> Table:
    """Return the table in a source. Raises SourceError where there is none, or its headings are not a plan's."""
    if not source.text:
        raise SourceError("the file is empty; a plan is a table of five columns", source.place(0))
    if len(source.lines) > MOST_LINES:
        raise SourceError(
            f"the file has {len(source.lines):,} lines; a plan may have {MOST_LINES:,}",
            source.place(source.lines[MOST_LINES][0]),
        )
    if not source.text.strip():
        raise SourceError("the file holds nothing but blank space; a plan is a table of five columns", source.place(0))
    (_, before), *cells = _cells(source)
    if not cells:
        raise SourceError(
            "not a plan's table: no line begins with a tab, and each cell should begin with one; `crmgraph import` "
            "makes such a table of other files",
            source.place(0),
        )
    headings = tuple(_headings(source, cells))
    if len(cells) == len(COLUMNS):
        raise SourceError("the table has no rows below its headings", source.place(len(source.text)))
    body = [Cell(start, 1 + index // 5, 1 + index % 5, tuple(lines)) for index, (start, lines) in enumerate(cells)]
    rows = tuple(tuple(body[index : index + 5]) for index in range(5, len(body), 5))
    return Table(tuple(leaf_from_lines(source, [line], 0, None) for line in before), headings, rows)


def read_items(source: Source, cell: Cell) -> list[Item]:
    """Return the items of a cell in their order. Raises SourceError for a number that does not belong in its column.

    A line that opens nothing and has no blank line before it goes on with the item above.
    """
    items: list[tuple[list[Line], str | None, int, bool, int | None]] = []
    for before, whole in zip((None, *cell.lines), cell.lines, strict=False):
        line, given = split_import_number(whole, cell.column - 1)
        match = None if given else _number(source, cell, line, before)
        number = match["number"] if match else given
        is_note = not given and _NOTE.match(key(line.text)) is not None
        if items and not number and not is_note and not line.after_blank:
            items[-1][0].append(line)
        else:
            start = line.start + (match.end() if match else 0)
            items.append(([line], number, start, given is not None, None if is_note else cell.column - 2))
    return [
        Item(leaf_from_lines(source, lines, cell.row, cell.column), number, start, is_given, level)
        for lines, number, start, is_given, level in items
    ]


def split_import_number(line: Line, parts: int) -> tuple[Line, str | None]:
    """Return the line without the number in brackets, of as many parts, that it begins with; and that number."""
    match = _IMPORT_NUMBER.match(line.text)
    if match is None or match["number"].count(".") + 1 != parts:
        return line, None
    return replace(line, start=line.start + match.end(), text=line.text[match.end() :]), match["number"]


def leaf_from_lines(source: Source, lines: tuple[Line, ...] | list[Line], row: int, column: int | None) -> Leaf:
    """Return the passage from the first to the last of the lines."""
    return Leaf(lines[0].start, lines[-1].end, source.text[lines[0].start : lines[-1].end], row, column)


def _cells(source: Source) -> list[tuple[int, list[Line]]]:
    """Return the start and the lines of what stands before the first cell, and of each cell."""
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


def _headings(source: Source, cells: list[tuple[int, list[Line]]]) -> Iterator[Leaf]:
    for column, (pattern, expected) in enumerate(zip(HEADINGS, COLUMNS, strict=True), 1):
        start, lines = cells[column - 1] if column <= len(cells) else (len(source.text), [])
        heading = " ".join(line.text for line in lines)
        if not pattern.match(key(heading)):
            raise SourceError(
                f"not a plan's table: heading {column} should be like “{expected}” but is “{heading[:60]}”",
                source.place(start),
            )
        yield leaf_from_lines(source, lines, 1, column)


def _number(source: Source, cell: Cell, line: Line, before: Line | None) -> re.Match[str] | None:
    """Return the number at the start of a line, where it is one that belongs in this column.

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
