"""The rows of a plan: which rows of a table are none, what a row says again, and what comes back or goes on."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from operator import methodcaller
from typing import NamedTuple

from crmgraph.importing.cells import WORDS, closed, says
from crmgraph.reading.folding import key, tidy

__all__ = ["PlanRow", "Resolved", "TableRow", "asides", "cell_of", "resolve"]

_PARTS = 4
"""Themes, objectives, actions and activities; the calendar is said of the last of them that a row has."""
_ACTIVITY = 3
_FEWEST_WORDS = 8
"""So many words and a full stop at their end are a sentence, and no title."""


class TableRow(NamedTuple):
    """A row of a table that is one of a plan: which it is, counted from 0, the texts of each part, and when it is.

    A part may have several texts, such as a number and its words. `is_merged` where the cell of the activity is merged
    with the one above; `struck` is the first level, that of themes is 0, whose cell is struck through or hidden.
    """

    place: int
    parts: tuple[tuple[str, ...], ...]
    when: str
    is_merged: bool = False
    struck: int | None = None


class PlanRow(NamedTuple):
    """The five cells of a row of a plan, nothing said again, and which row of the table it is made from.

    `whole` are the theme, objective, action and activity that it is of.
    """

    place: int
    cells: tuple[str, ...]
    whole: tuple[str, ...] = ()

    def path(self, level: int) -> tuple[str, ...]:
        """Return the parts down to this level, as they can be compared."""
        return tuple(map(key, self.whole[: level + 1]))


class Resolved(NamedTuple):
    """The rows of a plan, and which texts were taken for a part that goes on, and for one that comes back.

    `lost` are the texts that belong to a part that is struck through or hidden.
    """

    rows: list[PlanRow]
    continued: list[str]
    returning: list[str]
    lost: list[str]


def cell_of(texts: Sequence[str]) -> str:
    """Return a part as one text; a number in a column of its own is closed there, so that it is known for one."""
    said = [text for text in texts if len(texts) == 1 or text.strip()]
    return " ".join([closed(said[0]), *said[1:]] if len(said) > 1 else said)


def asides(rows: Sequence[Sequence[str]], left: int, over: Container[int]) -> Mapping[int, tuple[str, str]]:
    """Return the rows below the headings that are no part of a plan, by place: “total” or “note”, and their words.

    `left` is the place of the last column of themes: what stands further to the right is told of a part. In the rows
    `over` one cell goes over the whole table; below everything else it is a note.
    """
    found = {place: ("total", said) for place, said in _totals(rows)}
    # Where every row is a theme and no more, none looks like a note.
    is_below = any(sum(bool(cell.strip()) for cell in row) > 1 for row in rows)
    for place in reversed(range(len(rows))):
        said = [(column, cell) for column, cell in enumerate(rows[place]) if cell.strip()]
        if place in found or not said:
            continue
        is_alone = len(said) == 1 and (said[0][0] <= left or place in over)
        if is_alone and (_is_note(said[0][1], is_below) or (is_below and place in over)):
            found[place] = ("note", tidy(said[0][1]))
        else:
            is_below = False
    return found


def _totals(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the rows that say nothing of their own but that they are a total, and amounts."""
    above: dict[int, str] = {}
    for place, row in enumerate(rows):
        said = {column: key(cell) for column, cell in enumerate(row) if cell.strip()}
        amounts = {column for column, cell in said.items() if WORDS["amount"].fullmatch(cell)}
        new = {cell: column for column, cell in said.items() if column not in amounts and above.get(column) != cell}
        words = next(iter(new)).strip(" :.=*") if len(new) == 1 else ""
        if says("total", words) or (amounts and says("total_of", words)):
            yield place, tidy(row[next(iter(new.values()))])
        else:
            above.update(said)


def _is_note(text: str, is_below: bool) -> bool:
    """Return whether what stands alone in a row is a note; below the table also what has only the look of one."""
    is_sentence = text.rstrip().endswith(".") and len(text.split()) >= _FEWEST_WORDS
    looks_like_one = is_sentence or WORDS["note_mark"].match(text.strip())
    return bool(WORDS["note"].match(key(text)) or (is_below and looks_like_one))


def resolve(rows: Sequence[TableRow], keeps_themes: bool) -> Resolved:
    """Return the rows of a plan, each part said once: where it begins, or where it comes back to.

    A cell that is empty, or says the same again or that it is continued, goes on with the part above, as long as those
    to its left do. But what stands beside an objective or action that a row says, and beside no activity, belongs to
    that. Where parts come back after others, their rows are put together. What belongs to a part that is struck through
    is left out, for it would else belong to another. `keeps_themes` where a theme may be said again, as on a new page.
    """
    above: list[tuple[str, ...]] = [()] * _PARTS
    texts = [""] * _PARTS
    themes: dict[str, str] = {}
    found, continued, lost, is_sorted = list[PlanRow](), list[str](), list[str](), True
    gone: int | None = None
    for row in rows:
        own = [*map(cell_of, row.parts), row.when]
        if gone is None or any(map(str.strip, own[: gone + 1])):
            gone = row.struck
        if gone is not None:
            lost += filter(str.strip, own[gone:])
            row = row._replace(parts=(*row.parts[:gone], *[("",)] * (_PARTS - gone)), when="")
        cells: list[str] = []
        goes_on = True
        for level, part in enumerate(row.parts):
            cell = cell_of(part)
            name = _continued(cell)
            is_marked = goes_on and name in _names(texts[level])
            back = themes.get(name, "") if level == 0 else ""
            continued += [tidy(cell)] if is_marked or back else []
            is_again = _is_again(part, above[level]) and (level < _ACTIVITY or not cell.strip())
            if goes_on and (is_marked or is_again):
                cells.append(cell if keeps_themes and level == 0 and not is_marked else "")
                continue
            goes_on = False
            texts[level], above[level] = (back, (back,)) if back else (cell, part)
            cells.append(texts[level])
        themes = {**dict.fromkeys(_names(texts[0]), texts[0]), **themes}
        said = max((level for level, part in enumerate(row.parts) if any(map(str.strip, part))), default=0)
        last = said if said and not row.is_merged else _ACTIVITY
        is_sorted = is_sorted and not any(texts[last + 1 :])
        if row.when.strip() or any(cell.strip() for cell in cells):
            found.append(PlanRow(row.place, (*cells, row.when), (*texts[: last + 1], *[""] * (_ACTIVITY - last))))
    returning = list(_returning(found))
    return Resolved(_together(found, keeps_themes) if returning or not is_sorted else found, continued, returning, lost)


def _is_again(part: Sequence[str], above: Sequence[str]) -> bool:
    """Return whether a part says nothing but what stands above it."""
    return all(key(each) in ("", key(before)) for each, before in zip_longest(part, above[: len(part)], fillvalue=""))


def _names(text: str) -> set[str]:
    """Return what a part may be called where it goes on: its text, with its number or without."""
    whole = key(text)
    return {whole, WORDS["numbered"].sub("", whole, count=1)} - {""}


def _continued(cell: str) -> str:
    """Return what a cell says without a mark that it goes on, if it has one."""
    # Most cells have none, and to fold them all would take long.
    found = WORDS["continued"].fullmatch(key(cell)) if re.search("cont|suite", cell, re.IGNORECASE) else None
    return next(filter(None, found.group("behind", "before", "of"))) if found else ""


def _returning(rows: Sequence[PlanRow]) -> Iterator[str]:
    """Yield the objectives and actions that come back after others."""
    for level in range(1, _ACTIVITY):
        seen = set()
        for path, group in groupby(rows, key=methodcaller("path", level)):
            if path[level] and path in seen:
                yield tidy(next(group).whole[level])
            seen.add(path)


def _together(rows: Sequence[PlanRow], keeps_themes: bool) -> list[PlanRow]:
    """Return the rows, those of each part together, and what belongs to a part alone before what it has below it."""
    order: dict[tuple[str, ...], int] = {}
    for path in (row.path(level) for row in rows for level in range(_PARTS)):
        order.setdefault(path, len(order))
    places = [[(bool(path[-1]), order[path]) for path in map(row.path, range(_ACTIVITY))] for row in rows]
    keys = {row.place: (place, bool(row.whole[_ACTIVITY].strip())) for row, place in zip(rows, places, strict=True)}
    found: list[PlanRow] = []
    for row in sorted(rows, key=lambda each: keys[each.place]):
        is_same = [bool(found) and found[-1].path(level) == row.path(level) for level in range(_ACTIVITY)]
        is_same[0] = is_same[0] and not (keeps_themes and row.cells[0])
        parts = ("" if same else text for same, text in zip(is_same, row.whole, strict=False))
        found.append(row._replace(cells=(*parts, *row.cells[_ACTIVITY:])))
    return found
