"""The rows of a plan, five cells each, in those of a table."""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.banners import banners, check_banners
from crmgraph.importing.beside import wholly_said
from crmgraph.importing.calendars.ticks import is_tick
from crmgraph.importing.calendars.times import is_year, with_year
from crmgraph.importing.columns import COLUMNS, is_of_status
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import Headings, headings
from crmgraph.importing.mapping import Mapping, header_of
from crmgraph.importing.numbering.printed import closed
from crmgraph.importing.parts.asides import Asides, asides
from crmgraph.importing.struck import apart
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import is_beginning, is_end

__all__ = ["PlanRow", "along_with_struck", "plan_asides", "plan_banners", "plan_rows"]

_NOT_THEN = frozenset({"-", "–", "—"})
_PRINTED = re.compile(r"\s*\d+(\.\d+)+")


class PlanRow(NamedTuple):
    """The five cells of a row of the plan, and which row of the table it is made from, counted from 0."""

    place: int
    cells: Sequence[str]


def plan_rows(grid: Grid, mapping: Mapping, file: Path) -> list[PlanRow]:
    """The rows below the headings that have words of a plan.

    Raises UsageError where the mapping does not fit, and SourceError where what it names cannot be read.
    """
    places = _places(grid, mapping, file)
    _check_read(grid, mapping.header, {place for of in places for place in of}, file)
    rows = [row for row, _ in _apart(grid, mapping, file) if any(cell.strip() for cell in row.cells)]
    if rows and plan_banners(grid, mapping):
        check_banners([row.cells for row in rows], file)
    return rows


def along_with_struck(grid: Grid, mapping: Mapping) -> list[str]:
    """What is left out because it belongs to what is struck through, or hidden, in a mapping that fits."""
    return [text for _, texts in _apart(grid, mapping, Path(grid.name)) for text in texts]


def _apart(grid: Grid, mapping: Mapping, file: Path) -> Iterator[tuple[PlanRow, tuple[str, ...]]]:
    """The rows that are those of a plan, each with what is left out of it."""
    found = headings(grid, mapping.header)
    places = _places(grid, mapping, file)
    rows = list(_rows(grid, mapping, found, places))
    # Where a number stands in a column of its own, the words are in the last.
    levels = [
        next((level for level, of in enumerate(places) if of and (row.place, of[-1]) in grid.struck), None)
        for row in rows
    ]
    parted = apart([tuple(row.cells) for row in rows], levels)
    for row, (cells, texts) in zip(rows, parted, strict=True):
        yield PlanRow(row.place, cells), texts


def _rows(grid: Grid, mapping: Mapping, found: Headings, places: Sequence[Sequence[int]]) -> Iterator[PlanRow]:
    first = mapping.header - found.rows
    # On each new page of a document the headings may stand again.
    header = {_keys(_joined(row, places)) for row in grid.rows[first : mapping.header]}
    aside, themes = plan_asides(grid, mapping), plan_banners(grid, mapping)
    of_plan = [
        place
        for place in range(mapping.header, len(grid.rows))
        if place in themes
        or (place - mapping.header not in aside and _keys(_joined(grid.rows[place], places)) not in header)
    ]
    for place, row in zip(of_plan, wholly_said([grid.rows[each] for each in of_plan], places), strict=True):
        if place in themes:
            yield PlanRow(place, (themes[place], "", "", "", ""))
        else:
            yield PlanRow(place, (*_joined(row, places)[:-1], _when(grid, place, places, found, mapping.header)))


def plan_asides(grid: Grid, mapping: Mapping) -> Asides:
    """The rows below the headings that are no part of a plan, by their place among these."""
    themes = {tidy(heading) for heading in mapping.headings()[0]}
    names = headings(grid, mapping.header).names
    left = max((place for place, name in enumerate(names) if name in themes), default=-1)
    over = set(banners(grid, mapping.header))
    found: dict[int, tuple[str, str]] = {}
    for start, end in pairwise((mapping.header, *grid.further, len(grid.rows))):
        whole = {place - start for place in over if start <= place < end}
        below = asides(grid.rows[start:end], left, whole)
        found |= {start - mapping.header + place: said for place, said in below.items()}
    return found


def _check_read(grid: Grid, header: int, columns: Container[int], file: Path) -> None:
    """Raises SourceError for a cell that cannot be read, down to the headings or in one of the columns."""
    for (row, column), said in sorted(grid.unread.items()):
        if row < header or column in columns:
            raise SourceError(said, Place(file))


def plan_banners(grid: Grid, mapping: Mapping) -> dict[int, str]:
    """The rows over the whole table that are its themes, by their place in it: where it has no column for these."""
    if mapping.columns.themes:
        return {}
    aside = plan_asides(grid, mapping)
    over = (place for place in banners(grid, mapping.header) if place - mapping.header not in aside)
    return {place: tidy(" ".join(grid.rows[place])) for place in over}


def _places(grid: Grid, mapping: Mapping, file: Path) -> list[list[int]]:
    """For each column of a plan those of the table that it is made from."""
    names = headings(grid, mapping.header).names
    places = []
    for wanted in mapping.headings():
        for heading in wanted:
            if tidy(heading) not in names:
                raise UsageError(
                    f"row {mapping.header} of the table has no heading “{heading}”; {_there(grid, mapping)}",
                    Place(file),
                )
        places.append([names.index(tidy(heading)) for heading in wanted])
    if not any(places):
        raise UsageError(f"the mapping names no column; it may name {', '.join(COLUMNS)}", Place(file))
    return places


def _there(grid: Grid, mapping: Mapping) -> str:
    """Which headings there are in the row of a mapping, or in another one that looks more like headings."""
    guessed = header_of(mapping.table, grid)
    row = guessed.row if guessed else mapping.header
    names = ", ".join(f"“{each}”" for each in headings(grid, row).names if each)
    there = f"it has {names}" if row == mapping.header else f"the headings seem to be in row {row}, which has {names}"
    return there if "header" in mapping.model_fields_set else f"“header” is 1 where a mapping names none; {there}"


def _joined(row: Sequence[str], places: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """The cells of a plan; a number in a column of its own is closed there, so that it is known for one."""
    return tuple(" ".join(_with_number([row[place] for place in of])) for of in places)


def _with_number(cells: Sequence[str]) -> list[str]:
    """The cells that say anything; any, where it is alone."""
    said = [cell for cell in cells if len(cells) == 1 or cell.strip()]
    return [closed(said[0]), *said[1:]] if len(said) > 1 else said


def _keys(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(key, cells))


def _when(grid: Grid, row: int, places: Sequence[Sequence[int]], found: Headings, header: int) -> str:
    """What the calendar says in a row.

    Of several columns, such as years, it says the headings of those it marks; of a beginning and an end always.
    """
    cells = [(place, _calendar_cell(grid, row, place, places, header)) for place in places[-1]]
    if len(cells) == 1 and not found.above[cells[0][0]] and not _is_of_a_period(found.texts[cells[0][0]]):
        return cells[0][1]
    parts, between = [], " "
    for place, cell in cells:
        own = with_year(tidy(found.texts[place]), found.above[place])
        over = [each for each in places[-1] if each == place or grid.spans.get((row, each)) == (row, place)]
        said = (with_year(tidy(found.texts[each]), found.above[each]) for each in over)
        heading = ", ".join(filter(None, said))
        if not cell.strip() or key(cell) in _NOT_THEN:
            continue
        if is_tick(cell) and own:
            parts.append(own)
            between = ", " if between == " " else between
        elif is_of_status(own):
            parts.append(cell)
            between = "; "
        elif heading and (found.above[place] or is_year(own) or (len(over) == 1 and _is_of_a_period(own))):
            parts.append(f"{heading}: {cell}")
            between = "; "
        else:
            parts.append(cell)
    return between.join(parts)


def _is_of_a_period(heading: str) -> bool:
    """Whether what stands below a heading is a beginning or an end, and no date of its own."""
    return is_beginning(heading) or is_end(heading)


def _calendar_cell(grid: Grid, row: int, place: int, places: Sequence[Sequence[int]], header: int) -> str:
    """The text of a cell; where another spans into it, the text of that, for each of the activities beside it."""
    cell = grid.rows[row][place]
    first = grid.spans.get((row, place))
    if cell.strip() or first is None or first[0] < header or first[1] not in places[-1]:
        return cell
    spanning = grid.rows[first[0]][first[1]]
    beside = next((of for of in reversed(places[:-1]) if of), [])
    is_beside = first[0] == row or any(grid.rows[row][each].strip() for each in beside)
    # What is written over several years is said once, and so is an entry that has a number.
    is_once = first[1] != place and not is_tick(spanning)
    return spanning if is_beside and not is_once and not _PRINTED.match(spanning) else cell
