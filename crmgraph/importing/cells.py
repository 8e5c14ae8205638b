"""A table as it stands in a file, the text of its cells, and what of the file is not in it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any, NamedTuple

from crmgraph.errors import Bilingual, join_first, quoted
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import key, tidy

WORDS = patterns("tables")
"""The words and patterns of tables in which others write their plans."""

# The last are those of the font Wingdings, which Word leaves in the text.
_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
_DASHES = "-–—*·"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ORDERS = {"1": [str(number) for number in range(1, 100)], "a": ascii_lowercase, "i": _ROMAN}
_BLANK_LINE = re.compile(r"\n\s*\n")


def matches_entry(name: str, text: str) -> bool:
    """Return whether all of a text, its accents and capitals left out, is what the entry of this name says."""
    return WORDS[name].fullmatch(key(text)) is not None


def leading_number(text: str) -> str:
    """Return the number that a text begins with; nothing where it has none."""
    found = WORDS["number"].match(text)
    return found[1] if found else ""


def number_depth(text: str) -> int:
    """Return how many full stops are in the number that a text begins with; -1 where it has no number."""
    number = leading_number(text)
    return number.count(".") if number else -1


def starts_with_item_number(text: str) -> bool:
    """Return whether something stands behind the number that a text begins with: it is none of people or days."""
    found = WORDS["number"].match(text)
    return found is not None and found[0].strip() != found[1]


def normalize_number(text: str) -> str:
    """Return a number that is all of a text without what stands about it, and a full stop behind one that has none.

    “(1.1)” becomes 1.1 and “1.º” becomes “1.”; another text stays as it is.
    """
    found = WORDS["number_alone"].fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def item_numbers(cell: str) -> list[str]:
    """Return the numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = map(WORDS["number"].match, cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def count_items(cell: str) -> int:
    """Return how many items a cell has that uses blank lines, or numbers, to part them."""
    blocks = [block for block in _BLANK_LINE.split(cell.strip()) if block.strip() and not item_numbers(block)]
    return len(blocks) + len(item_numbers(cell))


def list_items(cell: str) -> Sequence[str]:
    """Return the points of a cell that is a list, without what marks them; of any other cell, its text.

    A text before the first point makes the list a part of a sentence. One point alone is a list where a bullet marks
    it: a dash or a count may belong to a sentence.
    """
    text = cell.strip()
    mark = text[:1]
    if mark and mark in _BULLETS:
        return [*filter(None, map(str.strip, text.split(mark)))] or (text,)
    dashed = re.split(rf"(?:^|\n)[^\S\n]*{re.escape(mark)}\s+", text) if mark and mark in _DASHES else []
    found = [each.strip() for each in dashed if each.strip()] or _enumerated_items(text)
    return found if len(found) > 1 else (text,)


def _enumerated_items(text: str) -> list[str]:
    """Return the points of a list that is counted from its beginning, where each count follows the one before it.

    A count with a full stop may as well end a sentence, and opens a point only at the beginning of a line.
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
    """Return the activities in a cell and when each is: its paragraphs, where these are clearly several.

    They are where blank lines part them, each ends like a sentence, or the calendar says as many times. It is that of
    all, or says as many. A cell that is one activity is returned as it is.
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
    """Return the paragraphs of a cell: what blank lines part, or else its lines; none of a list, or with numbers."""
    text = cell.strip()
    found = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    is_listed = len(list_items(cell)) > 1 or any(WORDS["listed"].match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def is_date(cell: str) -> bool:
    """Return whether a cell says when: a year, alone or with a part of it or a day, and nothing else."""
    words = re.split(r"[\s,;/–-]+", key(cell))
    is_of_year = WORDS["year"].search(cell) and all(map(WORDS["word_of_date"].fullmatch, words))
    return bool(matches_entry("figures", cell) or is_of_year)


def with_year(heading: str, above: str) -> str:
    """Return a heading with the year that stands above it, where that says one and it says none."""
    years = [found[0] for found in WORDS["year"].finditer(above)]
    return f"{heading} {years[0]}" if len(years) == 1 and not WORDS["year"].search(heading) else heading


def dated_lines(cell: str) -> list[str]:
    """Return the lines of a cell of the calendar, where there is a year in each; else none."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(WORDS["year"].search, lines)) else []


def join_dated_lines(cell: str) -> str:
    """Return a cell of the calendar, years that stand in a line each with commas between, other dates with semicolons.

    Any other cell stays as it is.
    """
    lines = dated_lines(cell)
    return (
        cell if len(lines) < 2 else (", " if all(matches_entry("years", line) for line in lines) else "; ").join(lines)
    )


MOST_CELLS = 500_000
"""Cells that the tables of a file may have together."""

STRUCK, HIDDEN, RAISED = "struck-through text", "hidden text", "superscript"
REMOVAL_MARK = "\ufdd1"
"""Stands where a text was taken out, until it is known whether its cell has any other: a character that no text has."""

Position = tuple[int, int]
"""A row and a column of a table, counted from 0."""

_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Grid:
    """A table. All rows have the same number of cells; in the text of a cell line feeds part its lines.

    A cell that spans several has its text in the first of them and nothing in the others, for each of which `spans` has
    the first. `before` are the lines between the table before and this one, `after` those below the last of a file;
    `heading` is which of the lines before it is the heading that it stands under. `left` says what of the file is not
    in the table, and `told` what was assumed to read it. Where several tables are joined, `further` are the rows with
    which the others begin, and their names; `themes` are the rows with which tables of a theme each begin, and these.
    `unread` says of cells that cannot be read what is wrong with them. `numbers` are those that the file gives the
    rows, counted from 1, where they are not their order. `struck` are the cells of which everything is struck through
    or hidden, and left out.
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
        """Return what a row, counted from 0, is called in the file."""
        number = self.row_numbers[row] if self.row_numbers else row + 1
        name = ([self.name] + [name for begin, name in self.table_starts.items() if begin <= row])[-1]
        english, spanish = (f" “{name}”", f" «{name}»") if name else ("", "")
        return Bilingual(f"row {number} of the table{english}", f"la fila {number} de la tabla{spanish}")

    def relocated(self, there: Callable[[Position], Position | None], **changes: Any) -> "Grid":
        """Return the table with other rows, what is known of its cells moved along; of those moved to None nothing."""
        spans = {there(position): there(first) for position, first in self.spans.items()}
        unread = {there(position): said for position, said in self.unreadable.items()}
        return replace(
            self,
            spans={position: first for position, first in spans.items() if position and first},
            unreadable={position: said for position, said in unread.items() if position},
            struck_cells=frozenset(filter(None, map(there, self.struck_cells))),
            **changes,
        )


class Cell(NamedTuple):
    """A cell as it is written: its text, and over how many columns and rows it goes.

    `goes_on` where it is only the rest of the cell above it, and written all the same.
    """

    text: str
    columns: int = 1
    rows: int = 1
    goes_on: bool = False


class Run(NamedTuple):
    """A stretch of the text of a paragraph; `kind` is RAISED, or why it is left out, such as STRUCK or “comment”."""

    text: str
    kind: str = ""


def expand_merged_cells(name: str, rows: Iterable[Iterable[Cell]]) -> Grid:
    """Return the table of rows that leave out the cells into which one from the left or from above spans.

    Raises OverflowError where it has more than MOST_CELLS: a few cells may span into very many.
    """
    texts: dict[Position, str] = {}
    spans: dict[Position, Position] = {}
    height = 0
    for at, row in enumerate(rows):
        height, column = at + 1, 0
        for cell in row:
            while (at, column) in spans:
                column += 1
            first = spans.get((at - 1, column), (at - 1, column)) if cell.goes_on and at else (at, column)
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
    """Return how many texts there are and what they say, in one sentence or none; {} in `what` is the plural's."""
    shown = [*dict.fromkeys(quoted(tidy(text), longest) for text in texts)]
    many = "" if len(texts) == 1 else "s"
    return [f"{len(texts)} {what.format(many)} ({join_first(shown, most or len(shown))})"] if texts else []


class Omissions:
    """The texts of a file that its tables leave out, by what they are, such as “comment”."""

    def __init__(self) -> None:
        """Begin with none."""
        self._texts: dict[str, list[str]] = {}

    def add(self, what: str, text: str) -> None:
        """Add a text, if it has words."""
        if text.strip():
            self._texts.setdefault(what, []).append(text)

    def keep_read_text(self, runs: Iterable[Run]) -> str:
        """Return the text of the runs that are read, raised digits as such, and add the others."""
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
        """Return how many of each there are and their words, and begin anew."""
        texts, self._texts = self._texts, {}
        return tuple(told for what, said in texts.items() for told in summary_of(f"{what}{{}}", said, 60, 8))


def _superscript_digits(text: str) -> str:
    """Return a number that a file raises, or several, in raised digits. In “1.er taller” it is a part of a word."""
    found = WORDS["raised_number"].fullmatch(text.strip())
    return re.sub(r"\s", "", found[1]).translate(_RAISED_DIGITS) if found else text


def normalize_lines(text: str) -> str:
    """Return a text with line feeds between its lines, and no tab, which would begin a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")


def without_footnote_marks(grid: Grid) -> Grid:
    """Return the table without the marks of footnotes, which are told, and of what was taken out of its cells."""
    found: list[str] = []

    def clear(match: re.Match[str]) -> str:
        before = match.string[max(match.start() - 3, 0) : match.start()]
        is_unit = match[0] in ("²", "³") and WORDS["unit"].search(before) is not None
        # At the beginning of a text it opens a footnote.
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
        tuple(WORDS["footnote"].sub(clear, cell.replace(REMOVAL_MARK, "")) for cell in row)
        for row in (grid.before, *grid.rows)
    )
    marks = f"{len(found)} footnote mark{'' if len(found) == 1 else 's'} ({', '.join(dict.fromkeys(found))})"
    left = (*grid.omissions, marks) if found else grid.omissions
    return replace(grid, before=before, rows=tuple(rows), omissions=left, struck_cells=struck)
