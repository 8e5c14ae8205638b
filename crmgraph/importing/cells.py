"""A table read from a file, the text of its cells, and a record of the content that is left out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any, NamedTuple

from crmgraph.errors import Bilingual, join_first, quoted
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import key, tidy

WORDS = patterns("tables")
"""The patterns of `lexicon/tables.yaml`."""

# The last ones are private-use characters of the font Wingdings, which Word writes.
_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
_DASHES = "-–—*·"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ORDERS = {"1": [str(number) for number in range(1, 100)], "a": ascii_lowercase, "i": _ROMAN}
_BLANK_LINE = re.compile(r"\n\s*\n")


def matches_entry(name: str, text: str) -> bool:
    """Return whether the whole text, without accents and case, matches the pattern `name` of WORDS."""
    return WORDS[name].fullmatch(key(text)) is not None


def leading_number(text: str) -> str:
    """Return the item number that a text begins with, such as "1.2"; empty if there is none."""
    found = WORDS["number"].match(text)
    return found[1] if found else ""


def number_depth(text: str) -> int:
    """Return the number of dots in the item number that a text begins with; -1 if there is none."""
    number = leading_number(text)
    return number.count(".") if number else -1


def starts_with_item_number(text: str) -> bool:
    """Return whether a text begins with a number followed by a dot, bracket, colon or dash.

    Without such a sign, the number may be an amount, as in "3 talleres".
    """
    found = WORDS["number"].match(text)
    return found is not None and found[0].strip() != found[1]


def normalize_number(text: str) -> str:
    """Return a text that is only an item number in its normal form; any other text unchanged.

    Brackets and ordinal signs are removed, and a number of one part gets a dot: "(1.1)" becomes "1.1", "1.º" becomes
    "1.".
    """
    found = WORDS["number_alone"].fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def item_numbers(cell: str) -> list[str]:
    """Return the item numbers at the beginning of the lines of a cell.

    A number counts only with a dot or a bracket: "12 meses" has none.
    """
    found = map(WORDS["number"].match, cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def count_items(cell: str) -> int:
    """Return the number of items in a cell, which are separated by blank lines or begin with item numbers."""
    blocks = [block for block in _BLANK_LINE.split(cell.strip()) if block.strip() and not item_numbers(block)]
    return len(blocks) + len(item_numbers(cell))


def list_items(cell: str) -> Sequence[str]:
    """Return the items of a cell that is a list, without bullets or counts; else the whole text as one item.

    A text before the first item makes the list part of a sentence, so the cell is not split. A list of one item needs a
    bullet, since a dash or count may belong to a sentence.
    """
    text = cell.strip()
    mark = text[:1]
    if mark and mark in _BULLETS:
        return [*filter(None, map(str.strip, text.split(mark)))] or (text,)
    dashed = re.split(rf"(?:^|\n)[^\S\n]*{re.escape(mark)}\s+", text) if mark and mark in _DASHES else []
    found = [each.strip() for each in dashed if each.strip()] or _enumerated_items(text)
    return found if len(found) > 1 else (text,)


def _enumerated_items(text: str) -> list[str]:
    """Return the items of a text that begins with an enumeration: 1), 2) … or a., b. … or i), ii) …

    A count with a dot may also end a sentence, so it starts an item only at the beginning of a line.
    """
    first = WORDS["counted"].match(text)
    order = _ORDERS.get(first["count"].lower(), ()) if first else ()
    marks = [first] if first and order else []
    for mark in WORDS["counted"].finditer(text, first.end() if first else 0):
        is_next = marks and mark["count"].lower() in order[len(marks) : len(marks) + 1]
        is_apart = mark["close"] == ")" or "\n" in mark["begin"]
        if is_next and is_apart and mark.group("open", "close") == marks[0].group("open", "close"):
            marks.append(mark)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [text[mark.end() : end].strip(" \n;") for mark, end in zip(marks, ends, strict=False)]


def split_activities(cell: str, when: str) -> list[tuple[str, str]]:
    """Return the activities of a cell, each with its schedule; a cell with one activity is returned whole.

    Paragraphs are separate activities if they begin like sentences, and blank lines separate them, each ends like a
    sentence, or the schedule has one entry for each. A schedule with one entry applies to all activities.
    """
    times = (
        list_items(when) if len(list_items(when)) > 1 else [line.strip() for line in when.split("\n") if line.strip()]
    )
    found = paragraphs(cell)
    texts = [*found, *(each for each in times[1:] if not each[0].isdigit())]
    is_parted = _BLANK_LINE.search(cell.strip()) or all(map(WORDS["closed"].search, found[:-1])) or len(times) > 1
    are_items = all(each.lstrip("¿¡([«“\"'‘")[:1].isupper() and not WORDS["label"].match(each) for each in texts)
    if len(found) < 2 or len(times) not in (0, 1, len(found)) or not is_parted or not are_items:
        return [(cell, when)]
    return [(each, times[place] if len(times) > 1 else when) for place, each in enumerate(found)]


def paragraphs(cell: str) -> list[str]:
    """Return the paragraphs of a cell, separated by blank lines or, if it has none, by line ends.

    The result is empty for a list or for a cell with numbered lines.
    """
    text = cell.strip()
    found = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    is_listed = len(list_items(cell)) > 1 or any(WORDS["listed"].match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def is_date(cell: str) -> bool:
    """Return whether the cell is only a date: a year, alone or with a month, a day, or a part of the year."""
    words = re.split(r"[\s,;/–-]+", key(cell))
    is_of_year = WORDS["year"].search(cell) and all(map(WORDS["word_of_date"].fullmatch, words))
    return bool(matches_entry("figures", cell) or is_of_year)


def with_year(heading: str, above: str) -> str:
    """Return `heading` with the year of the heading `above` it, if that contains one year and `heading` none."""
    years = [found[0] for found in WORDS["year"].finditer(above)]
    return f"{heading} {years[0]}" if len(years) == 1 and not WORDS["year"].search(heading) else heading


def dated_lines(cell: str) -> list[str]:
    """Return the lines of a schedule cell if each contains a year; else an empty list."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(WORDS["year"].search, lines)) else []


def join_dated_lines(cell: str) -> str:
    """Return a schedule cell as one line if each of its lines contains a year; else unchanged.

    Plain years are joined with commas, other dates with semicolons.
    """
    lines = dated_lines(cell)
    return (
        cell if len(lines) < 2 else (", " if all(matches_entry("years", line) for line in lines) else "; ").join(lines)
    )


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

    def row_name(self, row: int) -> Bilingual:
        """Return the name of a row for messages, with the name of its table if it has one. `row` is counted from 0."""
        number = self.row_numbers[row] if self.row_numbers else row + 1
        name = ([self.name] + [name for begin, name in self.table_starts.items() if begin <= row])[-1]
        english, spanish = (f" “{name}”", f" «{name}»") if name else ("", "")
        return Bilingual(f"row {number} of the table{english}", f"la fila {number} de la tabla{spanish}")

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


class Run(NamedTuple):
    """A run of text with one format.

    Attributes:
        kind: Empty for normal text, RAISED, or the reason why the text is left out: STRUCK, HIDDEN or a kind such as
            "comment".
    """

    text: str
    kind: str = ""


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

    def take_summaries(self) -> tuple[str, ...]:
        """Return one phrase for each kind of omission, with its number and first texts, and clear the collection."""
        texts, self._texts = self._texts, {}
        return tuple(told for what, said in texts.items() for told in summary_of(f"{what}{{}}", said, 60, 8))


def _superscript_digits(text: str) -> str:
    """Return a superscript number, or list of numbers, in superscript digits; other text, as in "1.er", unchanged."""
    found = WORDS["raised_number"].fullmatch(text.strip())
    return re.sub(r"\s", "", found[1]).translate(_RAISED_DIGITS) if found else text


def normalize_lines(text: str) -> str:
    """Return a text with line feeds as line ends and spaces for tabs, since a tab begins a cell in the text table."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")


def without_footnote_marks(grid: Grid) -> Grid:
    """Return the table without footnote marks and removal marks.

    The footnote marks are added to `omissions`. A superscript 2 or 3 after a unit, as in m², is no footnote mark, nor
    is one at the beginning of a word.
    """
    found: list[str] = []

    def remove_mark(match: re.Match[str]) -> str:
        before = match.string[max(match.start() - 3, 0) : match.start()]
        is_unit = match[0] in ("²", "³") and WORDS["unit"].search(before) is not None
        # At the beginning of a text, the mark is that of the footnote itself.
        if is_unit or not before or before[-1].isspace():
            return match[0]
        found.append(match[0])
        return ""

    struck = frozenset(
        (row, column)
        for row, cells in enumerate(grid.rows)
        for column, cell in enumerate(cells)
        if REMOVAL_MARK in cell and not cell.replace(REMOVAL_MARK, "").strip()
    )
    before, *rows = (
        tuple(WORDS["footnote"].sub(remove_mark, cell.replace(REMOVAL_MARK, "")) for cell in row)
        for row in (grid.before, *grid.rows)
    )
    marks = f"{len(found)} footnote mark{'' if len(found) == 1 else 's'} ({', '.join(dict.fromkeys(found))})"
    left = (*grid.omissions, marks) if found else grid.omissions
    return replace(grid, before=before, rows=tuple(rows), omissions=left, struck_cells=struck)
