"""Tables read from files: their cells, what is left out of them, and the readers of CSV, TSV and Excel workbooks."""

import codecs
import csv
import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import islice
from pathlib import Path
from string import ascii_lowercase
from typing import Any, NamedTuple

from lxml import etree

from crmgraph.errors import Place, SourceError, join_first, quoted
from crmgraph.files import csv_records, decode
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import ARCHIVE, detect_format

WORDS = patterns("tables")
"""The patterns of `lexicon/tables.yaml`."""


def matches_entry(name: str, text: str) -> bool:
    """Return whether the whole text, without accents and case, matches the pattern `name` of WORDS."""
    return WORDS[name].fullmatch(key(text)) is not None


MOST_CELLS = 500_000
"""The maximum number of cells in all tables of a file."""

STRUCK, HIDDEN, RAISED = "struck-through text", "hidden text", "superscript"
REMOVAL_MARK = "\ufdd1"
"""A placeholder for removed text, so that a cell with only removed text can be recognised later.

The character U+FDD1 is a noncharacter, which no text contains.
"""

Position = tuple[int, int]
"""A row and a column of a table, counted from 0."""

_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Grid:
    """A table read from a file, or several tables joined to one. All rows have the same number of cells.

    Merged cells have their text in the first cell; the others are empty. Line feeds separate the lines of a cell.

    Attributes:
        name: The name of the sheet or table; empty if it has none.
        before: The lines between the previous table of the file and this one.
        rows: The texts of the cells, row by row.
        omissions: Content of the file that is not in the table, such as comments and hidden rows; a phrase for each
            kind.
        spans: The first cell of the merged cell, for each of its other cells.
        assumptions: What was assumed in order to read the table, such as the encoding; a phrase each.
        table_starts: In joined tables, the name of each further table, by the index of its first row.
        theme_starts: In joined tables that are one theme each, the theme, by the index of its first row.
        unreadable: The reason for each cell that cannot be read, such as a formula without a result.
        row_numbers: The numbers of the rows in the file, counted from 1; empty if no row is missing.
        struck_cells: The cells whose whole text is struck through or hidden, and so is left out.
        after: The lines after the last table of the file; empty for other tables.
        heading: The heading paragraph before the table that is nearest to it; empty if there is none.
        pages: The page of each row, counted from 1; empty in a document without fixed pages.
    """

    name: str
    before: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    omissions: tuple[str, ...] = ()
    spans: Mapping[Position, Position] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    table_starts: Mapping[int, str] = field(default_factory=dict)
    theme_starts: Mapping[int, str] = field(default_factory=dict)
    unreadable: Mapping[Position, str] = field(default_factory=dict)
    row_numbers: Sequence[int] = ()
    struck_cells: frozenset[Position] = frozenset()
    after: tuple[str, ...] = ()
    heading: str = ""
    pages: Sequence[int] = ()

    def row_name(self, row: int) -> str:
        """Return the name of a row for messages, with the name of its table if it has one. `row` is counted from 0."""
        number = self.row_numbers[row] if self.row_numbers else row + 1
        name = ([self.name] + [name for begin, name in self.table_starts.items() if begin <= row])[-1]
        return f"row {number} of the table{f' “{name}”' if name else ''}"

    def with_moved_cells(self, new_position: Callable[[Position], Position | None], **changes: Any) -> "Grid":
        """Return the table with its cells at other positions.

        Args:
            new_position: Returns the new position of a cell, or None if the cell is dropped.
            changes: Further fields to replace, such as `rows`.
        """
        spans = {new_position(position): new_position(first) for position, first in self.spans.items()}
        unread = {new_position(position): said for position, said in self.unreadable.items()}
        return replace(
            self,
            spans={position: first for position, first in spans.items() if position and first},
            unreadable={position: said for position, said in unread.items() if position},
            struck_cells=frozenset(filter(None, map(new_position, self.struck_cells))),
            **changes,
        )


class Paragraph(NamedTuple):
    """A paragraph of a document, outside of its tables. Line feeds separate its lines.

    Attributes:
        heading: The level of a heading, counted from 1; 0 for other paragraphs.
        depth: The depth of a list item, counted from 1; 0 for other paragraphs.
        label: The number or bullet that a program shows before the text and that the text does not contain: "1.1".
        page: The page, counted from 1; 0 in a document without fixed pages.
    """

    text: str
    heading: int = 0
    depth: int = 0
    label: str = ""
    page: int = 0


class Document(NamedTuple):
    """The content of a file: its paragraphs and tables in order, and what they do not contain.

    Attributes:
        asides: The texts that have no place among the paragraphs, such as footnotes, each with its kind.
        omissions: Content that is left out, such as comments and hidden rows; a phrase for each kind.
    """

    blocks: tuple[Paragraph | Grid, ...]
    asides: tuple[tuple[str, str], ...] = ()
    omissions: tuple[str, ...] = ()


class Cell(NamedTuple):
    """A cell of a source document.

    Attributes:
        columns: The number of columns that the cell covers.
        rows: The number of rows that the cell covers.
        is_continuation: Whether the cell continues the merged cell above it (Word writes such cells).
    """

    text: str
    columns: int = 1
    rows: int = 1
    is_continuation: bool = False


BULLET = "•"
"""The label of a list item without a number."""


def cell_text(paragraphs: Sequence[Paragraph]) -> str:
    """Return the text of a cell. List items get their labels; a bullet only if the cell has at least two items."""
    is_list = sum(bool(each.depth) for each in paragraphs) > 1
    labels = (each.label if each.label != BULLET or is_list else "" for each in paragraphs)
    return "\n".join(
        f"{label} {each.text}" if label else each.text for label, each in zip(labels, paragraphs, strict=True)
    )


_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def format_number(number: int, format: str) -> str:
    """Return a number in a number format of WordprocessingML; in figures if the format is not known."""
    if format.endswith("Letter") and number > 0:
        text = ascii_lowercase[(number - 1) % 26] * ((number - 1) // 26 + 1)
    elif format.endswith("Roman"):
        text = ""
        for value, sign in _ROMAN:
            text, number = text + sign * (number // value), number % value
    else:
        text = "" if format == "none" else f"{number:02}" if format == "decimalZero" else str(number)
    return text.upper() if format.startswith("upper") else text


Run = tuple[str, str]
"""A run of text with one format: the text and its kind.

The kind is empty for normal text, RAISED, or the reason why the text is left out: STRUCK, HIDDEN or one like "comment".
"""


def expand_merged_cells(name: str, rows: Iterable[Iterable[Cell]]) -> Grid:
    """Return the table of rows in which merged cells are written only once.

    Raises OverflowError if the table has more than MOST_CELLS cells: merged cells may cover a very large area.
    """
    texts: dict[Position, str] = {}
    spans: dict[Position, Position] = {}
    height = 0
    for at, row in enumerate(rows):
        height, column = at + 1, 0
        for cell in row:
            while (at, column) in spans:
                column += 1
            first = spans.get((at - 1, column), (at - 1, column)) if cell.is_continuation and at else (at, column)
            texts[at, column] = cell.text
            width = max(cell.columns, 1)
            spans |= {
                (at + down, column + right): first
                for down in range(max(cell.rows, 1))
                for right in range(width)
                if (at + down, column + right) != first
            }
            column += width
            if len(texts) + len(spans) > MOST_CELLS:
                raise OverflowError
    spans = {position: first for position, first in spans.items() if position[0] < height}
    width = max((column + 1 for _, column in (*texts, *spans)), default=0)
    if width * height > MOST_CELLS:
        raise OverflowError
    table = tuple(tuple(texts.get((at, column), "") for column in range(width)) for at in range(height))
    return Grid(name, (), table, spans=spans)


def summary_of(what: str, texts: Sequence[str], longest: int = 40, most: int | None = None) -> list[str]:
    """Return a phrase with the number of texts and the texts themselves; an empty list if there are none.

    Args:
        what: What the texts are; "{}" is replaced with the plural ending: "comment{}".
        texts: The texts.
        longest: The length to which each text is shortened, in code points.
        most: The number of texts to quote; None for all.
    """
    shown = [*dict.fromkeys(quoted(tidy(text), longest) for text in texts)]
    many = "" if len(texts) == 1 else "s"
    return [f"{len(texts)} {what.format(many)} ({join_first(shown, most or len(shown))})"] if texts else []


ASIDES = ("page header", "page footer", "footnote", "endnote")
"""The kinds of texts of a document that stand outside of the order of its paragraphs."""


class Omissions:
    """The texts of a file that are not in its tables, by kind, such as "comment"."""

    def __init__(self) -> None:
        """Create an empty collection."""
        self._texts: dict[str, list[str]] = {}

    def add(self, what: str, text: str) -> None:
        """Add a text of the kind `what`, unless it is blank."""
        if text.strip():
            self._texts.setdefault(what, []).append(text)

    def filter_runs(self, runs: Iterable[Run]) -> str:
        """Return the text of the runs that are read, and add the other runs to the omissions.

        Superscript numbers become superscript digits, since they may be footnote marks.
        """
        parts: list[str] = []
        out: dict[str, str] = {}
        for text, kind in runs:
            if kind in (STRUCK, HIDDEN):
                parts.append(REMOVAL_MARK if text.strip() else "")
                out[kind] = out.get(kind, "") + text
            elif kind in ("", RAISED):
                parts.append(_superscript_digits(text) if kind else text)
            else:
                self.add(kind, text)
        for kind, text in out.items():
            self.add(kind, text)
        return "".join(parts)

    def take_asides(self) -> tuple[tuple[str, str], ...]:
        """Return the texts of the kinds in ASIDES, each with its kind, and remove them from the collection."""
        return tuple((what, text) for what in ASIDES for text in dict.fromkeys(self._texts.pop(what, ())))

    def summaries(self) -> tuple[str, ...]:
        """Return one phrase for each kind of omission, with its number and first texts."""
        return tuple(told for what, said in self._texts.items() for told in summary_of(f"{what}{{}}", said, 60, 8))


def _superscript_digits(text: str) -> str:
    """Return a superscript number, or list of numbers, in superscript digits; other text, as in "1.er", unchanged."""
    found = WORDS["raised_number"].fullmatch(text.strip())
    return re.sub(r"\s", "", found[1]).translate(_RAISED_DIGITS) if found else text


def normalize_lines(text: str) -> str:
    """Return a text with line feeds as line ends and spaces for tabs, since a tab begins a cell in the text table."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")


def without_removal_marks(block: Paragraph | Grid) -> Paragraph | Grid:
    """Return a paragraph or table without removal marks.

    The cells of a table that contain nothing else are its `struck_cells`.
    """
    if isinstance(block, Paragraph):
        return block._replace(text=block.text.replace(REMOVAL_MARK, ""))
    struck = frozenset(
        (row, column)
        for row, cells in enumerate(block.rows)
        for column, cell in enumerate(cells)
        if REMOVAL_MARK in cell and not cell.replace(REMOVAL_MARK, "").strip()
    )
    rows = (tuple(cell.replace(REMOVAL_MARK, "") for cell in row) for row in block.rows)
    return replace(block, rows=tuple(rows), struck_cells=struck)


LARGEST = 16 * 2**20
"""The maximum size of a file, in bytes."""
_MOST_UNPACKED = 128 * 2**20
_WIDEST = 1000


def damaged_error(file: Path, what: str) -> SourceError:
    """Return the error for a file that is damaged or not of the format `what`."""
    return SourceError(f"this is not {what}, or it is damaged", Place(file))


def check_suffix(data: bytes, file: Path) -> None:
    """Raise SourceError if the content of a file is clearly of another format than its suffix."""
    what, kind = detect_format(data)
    # Markup in another format than its suffix, and an archive of an unknown kind, may still be read.
    if what and kind != file.suffix.lower() and (bool(kind) == data.startswith(ARCHIVE) or kind == ".pdf"):
        advice = f"call it {file.stem}{kind} and try again" if kind else "save it as .docx or .xlsx, without a password"
        raise SourceError(f"this is {what}, though its name ends in {file.suffix}; {advice}", Place(file))


def open_archive(data: bytes, file: Path) -> zipfile.ZipFile:
    """Return the ZIP archive in `data`. Raises SourceError if it is damaged or larger than the limit when unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise damaged_error(file, f"a {file.suffix.lower()} file") from None
    if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
        raise SourceError(f"unpacked it has more than {_MOST_UNPACKED:,} bytes", Place(file))
    return archive


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element. Entities are not resolved and nothing is fetched. Raises etree.XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def own_descendants(element: etree._Element, tag: str, holder: str) -> Iterator[etree._Element]:
    """Yield the descendants with the tag `tag` whose nearest ancestor with the tag `holder` is `element` itself."""
    yield from (each for each in element.iter(tag) if next(each.iterancestors(holder), None) is element)


def outermost(root: etree._Element, table: str, *others: str) -> Iterator[etree._Element]:
    """Yield, in document order, the tables and the elements with the tags `others` that are not inside a table."""
    yield from (each for each in root.iter(table, *others) if next(each.iterancestors(table), None) is None)


def parse_span(given: str | None, default: int = 1) -> int:
    """Return a column or row count from an attribute, at most 1000; `default` if it is missing or invalid."""
    return min(int(given), _WIDEST) if given and given.isdecimal() else default


_ASCII = bytes(range(128))
_NOT_WINDOWS = bytes.fromhex("818d8f909d")
"""The bytes that are undefined in Windows-1252."""
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>[^\r\n])"?[^\S\r\n]*(?:\r\n?|\n)', re.IGNORECASE)
"""The first line by which a file can tell Excel its delimiter: "sep=;". It is not a row of the table."""
_DELIMITERS = ",;\t|"
_LOOKED_AT = 100


def read_delimited(data: bytes, file: Path) -> Grid:
    """Return the one table of a CSV or TSV file. Raises SourceError if it is malformed."""
    text, assumptions = _decode_text(data, file)
    said = _SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    delimiter = said["delimiter"] if said else _delimiter(text, file)
    lines, where = io.StringIO(text, newline=""), " of the row that begins here"
    rows = [row for _, row in csv_records(lines, delimiter, 1 if said else 0, SourceError, file, where)]
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, 1):
        # An unquoted comma in a text would shift all later cells.
        if width > 1 and any(cell.strip() for cell in row[width:]):
            raise SourceError(
                f"row {number} has {len(row)} cells, the first {width}; look for a missing quotation mark", Place(file)
            )
    grid = expand_merged_cells(file.stem, ([Cell(normalize_lines(cell)) for cell in row] for row in rows))
    return replace(grid, assumptions=assumptions)


def _delimiter(text: str, file: Path) -> str:
    """Return the delimiter: the one by which most of the first rows have the same number of cells, at least two."""

    def uniformity(delimiter: str) -> tuple[int, int]:
        try:
            rows = [*islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _LOOKED_AT)]
        except csv.Error:
            return (0, 0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return "\t" if file.suffix.lower() == ".tsv" else max(_DELIMITERS, key=uniformity)


def _decode_text(data: bytes, file: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and the assumptions made about its encoding.

    The encoding is UTF-8, UTF-16 with a byte order mark, or Windows-1252, the default of Excel. Text that is mostly
    valid UTF-8 is UTF-8 with damaged bytes. Raises SourceError if the text is in none of these encodings.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise damaged_error(file, "a text in UTF-16") from None
    try:
        return decode(data, SourceError, file), ()
    except SourceError:
        right = len(data.decode("utf-8", "ignore").encode().translate(None, _ASCII))
        if 2 * right > len(data.translate(None, _ASCII)) or data.translate(None, _NOT_WINDOWS) != data:
            raise
    return data.decode("cp1252"), ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)


def read_workbook(data: bytes, file: Path) -> Document:
    """Return the visible sheets of an Excel workbook. Raises exceptions of openpyxl if it is damaged."""
    import openpyxl

    open_archive(data, file)
    results = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    hidden = [each for each in results.worksheets if each.sheet_state != "visible"]
    sheets = [each for each in results.worksheets if each not in hidden]
    for sheet in sheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise SourceError(f"the sheet {sheet.title} has more than {MOST_CELLS:,} cells", Place(file))
    omissions = Omissions()
    grids = tuple(_sheet_grid(sheet, formulas[sheet.title], omissions) for sheet in sheets)
    return Document(grids, (), (*omissions.summaries(), *(f"the hidden sheet “{each.title}”" for each in hidden)))


def _sheet_grid(sheet: Any, written: Any, omissions: Omissions) -> Grid:
    """Return the visible rows and columns of a sheet.

    Args:
        sheet: The sheet with the results of formulas.
        written: The sheet with the formulas.
        omissions: The omissions, to which comments and hidden rows and columns are added.
    """
    texts = [[normalize_lines(_cell_text(cell, omissions)) for cell in row] for row in sheet.iter_rows()]
    formulas = (cell for row in written.iter_rows() for cell in row if cell.data_type == "f")
    unread = {
        (cell.row - 1, cell.column - 1): f"cell {cell.coordinate} of the sheet {sheet.title} has a formula and no "
        "result; open the file in a spreadsheet program and save it there"
        for cell, result in ((each, sheet[each.coordinate]) for each in formulas)
        # The result of a formula may be an empty text.
        if result.value is None and result.data_type != "str"
    }
    rows_away = {number - 1 for number, each in sheet.row_dimensions.items() if each.hidden or each.height == 0}
    dimensions = [each for each in sheet.column_dimensions.values() if each.hidden or each.width == 0]
    away = {column - 1 for each in dimensions for column in range(each.min, each.max + 1)}
    rows = [row for row in range(len(texts)) if row not in rows_away]
    columns = [column for column in range(sheet.max_column) if column not in away]
    shown_at = {(row, column): (at, place) for at, row in enumerate(rows) for place, column in enumerate(columns)}
    spans: dict[Position, Position] = {}
    for area in sheet.merged_cells.ranges:
        own, *others = ((row - 1, column - 1) for row, column in area.cells)
        # The text of a merged cell that begins in a hidden row is shown in its first visible cell.
        first = next((position for position in (own, *others) if position in shown_at), own)
        texts[first[0]][first[1]] = texts[own[0]][own[1]]
        unread |= {first: unread[own]} if own in unread else {}
        spans |= {position: first for position in others if position in shown_at and position != first}
    for row in sorted(rows_away.intersection(range(len(texts)))):
        omissions.add("hidden row", " ".join(texts[row]).replace(REMOVAL_MARK, ""))
    for column in sorted(away):
        # The first text in the column, usually its heading.
        said = (row[column].replace(REMOVAL_MARK, "") for row in texts if column < len(row))
        omissions.add("hidden column", next(filter(str.strip, said), ""))
    return Grid(
        sheet.title,
        (),
        tuple(tuple(texts[row][column] for column in columns) for row in rows),
        spans=spans,
        unreadable=unread,
        row_numbers=tuple(row + 1 for row in rows),
    ).with_moved_cells(shown_at.get)


def _cell_text(cell: Any, omissions: Omissions) -> str:
    """Return the displayed text of a cell; comments and struck-through text are added to the omissions."""
    if cell.comment is not None:
        omissions.add("comment", cell.comment.text)
    value = cell.value
    if value is not None and cell.font.strike:
        return omissions.filter_runs([(str(value), STRUCK)])
    if not isinstance(value, list):
        return format_value(value, cell.number_format)
    return omissions.filter_runs(
        (part, "")
        if isinstance(part, str)
        else (part.text, STRUCK if part.font.strike else RAISED if part.font.vertAlign == "superscript" else "")
        for part in value
    )


# The codes of a number format that do not affect the text: colours and conditions in brackets, and padding.
_CODES = re.compile(r"\[[^\]]*\]|_.|\*.")
_NUMBER = re.compile(
    r"(?P<before>(?:\"[^\"]*\")?)[#,]*0(?:\.(?P<decimals>0{1,100}))?(?P<percent>%?)(?P<after>(?:\"[^\"]*\")?)"
)
_EXACT = Context(prec=700, rounding=ROUND_HALF_UP)
"""A decimal context with enough digits for the largest number with the most decimals that a format may have."""


def format_value(value: Any, number_format: str) -> str:
    """Return the text of a cell value in its number format, as far as this matters for a plan.

    Decimals, per cent signs and literal texts are kept, and dates are in ISO 8601 (2027-06-01). The decimal separator
    is always a point, without thousands separators, since these depend on the locale of the reader. Source: ECMA-376
    Part 1, section 18.8.31 (number formats).
    """
    code = _CODES.sub("", number_format.partition(";")[0])
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return _format_day(value, re.sub(r'"[^"]*"', "", code).lower())
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, int | float) or not math.isfinite(value):
        return str(value)
    found = _NUMBER.fullmatch(code)
    if found is None:
        return str(int(value)) if float(value).is_integer() else f"{value:.15g}"
    exact = Decimal(repr(value)) * (100 if found["percent"] else 1)
    number = exact.quantize(Decimal(1).scaleb(-len(found["decimals"] or "")), context=_EXACT)
    return f"{found['before']}{number if number else abs(number):f}{found['percent']}{found['after']}".replace('"', "")


def _format_day(value: date | time, code: str) -> str:
    """Return a date in ISO 8601, with the time, or shortened to month or year, if the format shows it so."""
    if isinstance(value, time) or re.search("[hs]", code):
        return str(value).removesuffix(" 00:00:00")
    day = value.strftime("%Y-%m-%d")
    return day if "d" in code or "y" not in code else day[:7] if "m" in code else day[:4]
