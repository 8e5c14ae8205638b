"""Columns of numbers that number the objectives, actions or activities of a plan, and do not stand beside them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from crmgraph.importing.columns import COLUMNS, is_number
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.numbering.printed import closed, depth_of
from crmgraph.reading.folding import key

__all__ = ["Numbered", "numbered", "with_numbered"]


class Numbered(NamedTuple):
    """A column of numbers that begin where the parts of a plan do, and which parts. `is_clear` where it numbers them,
    and does not as well count the rows of the table.
    """

    name: str
    part: str
    is_clear: bool


def with_numbered(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from, with the numbers of parts that stand elsewhere."""
    found = {each.part: each.name for each in numbered(columns, grid, header) if each.is_clear}
    return {part: (found[part], *names) if part in found else names for part, names in columns.items()}


def numbered(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> Iterator[Numbered]:
    """The columns of numbers, other than those of the plan, that number parts of which the plan has the texts alone."""
    found = headings(grid, header)
    taken = {name for names in columns.values() for name in names}
    for place, (name, text) in enumerate(zip(found.names, found.texts, strict=True)):
        if name in taken or not is_number(text):
            continue
        rows = [row for row in grid.rows[header:] if _is_of_plan(row, place, text)]
        depths = {depth_of(closed(row[place])) for row in rows if row[place].strip()}
        level = depths.pop() + 1 if len(depths) == 1 else 0
        if not 0 < level < len(COLUMNS) - 1 or len(columns.get(COLUMNS[level], ())) != 1:
            continue
        texts = [found.names.index(columns[part][-1]) for part in COLUMNS[: level + 1] if columns.get(part)]
        begin = list(_beginnings(rows, texts))
        if _number_them(rows, place, begin, len(texts) - 1):
            # Of rows there is no number such as 1.1.
            yield Numbered(name, COLUMNS[level], level > 1 or None in begin)


def _is_of_plan(row: Sequence[str], place: int, heading: str) -> bool:
    """Whether a row says more than one thing, and not the headings again."""
    return sum(bool(cell.strip()) for cell in row) > 1 and key(row[place]) != key(heading)


def _beginnings(rows: Sequence[Sequence[str]], texts: Sequence[int]) -> Iterator[int | None]:
    """Which of the texts of a row, from the left, is the first that does not go on with those above it, if one is."""
    above = [""] * len(texts)
    for row in rows:
        said = [key(row[place]) for place in texts]
        first = next((at for at, each in enumerate(said) if each not in ("", above[at])), None)
        if first is not None:
            above = [*above[:first], *said[first:]]
        yield first


def _number_them(rows: Sequence[Sequence[str]], place: int, begin: Sequence[int | None], last: int) -> bool:
    """Whether a number stands where a part begins, another one than above but where a part over it begins, too."""
    above = ""
    for row, first in zip(rows, begin, strict=True):
        number = key(row[place])
        is_other = number not in ("", above)
        if (first is None and is_other) or (first is not None and not (is_other if first == last else number)):
            return False
        above = number or above
    return True
