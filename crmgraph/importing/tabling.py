"""A table becomes the text table that plans are read from."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.grid import Grid
from crmgraph.importing.mapping import COLUMNS, Mapping, called
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of
from crmgraph.reading.source import CONTROL
from crmgraph.reading.table import HEADINGS

__all__ = ["as_text_table", "left_out"]

_USUAL = {
    "es": ("TEMAS", "OBJETIVOS", "ACCIÓN PARA LA IMPLEMENTACIÓN", "ACTIVIDADES", "CALENDARIO"),
    "en": ("THEMES", "OBJECTIVES", "ACTIONS", "ACTIVITIES", "SCHEDULE"),
}
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(?=\s|$)")
_MOST_SKIPPED = 20
"""How far the number of an objective may be from the one before it; 2030 is a year."""
_SHOWN = 40


def as_text_table(grids: Sequence[Grid], mapping: Mapping, file: Path) -> str:
    """The text table of a file with these tables. Raises SourceError and UsageError where the mapping does not fit."""
    if mapping.table > len(grids):
        raise UsageError(f"the mapping names table {mapping.table}, and there are {len(grids)}", Place(file))
    grid = grids[mapping.table - 1]
    if mapping.header >= len(grid.rows):
        raise UsageError(f"the mapping has the headings in row {mapping.header}, and none is below it", Place(file))
    rows: list[Sequence[str]] = [
        _chosen(row, places) for places in [_places(grid, mapping, file)] for row in grid.rows[mapping.header :]
    ]
    header = _chosen(grid.rows[mapping.header - 1], _places(grid, mapping, file))
    # On each new page of a document the headings may stand again.
    rows = [row for row in rows if any(cell.strip() for cell in row) and tuple(row) != header]
    if not rows:
        raise SourceError("there is nothing below the headings", Place(file))
    if mapping.numbers == "add":
        rows = list(_numbered([[_one_line(cell) for cell in row] for row in _without_repetitions(rows)], file))
    title = list(mapping.title) or [
        *grid.before,
        *(cell for row in grid.rows[: mapping.header - 1] for cell in dict.fromkeys(row) if cell.strip()),
    ]
    above = "".join(f"{line}\n" for line in title) or f"{file.stem}\n\n"
    cells = (cell for row in (_headings(grid, mapping, rows), *rows) for cell in row)
    text = above + "".join(f"\t{cell}\n" for cell in cells)
    if stray := CONTROL.search(text):
        raise SourceError(
            f"it has the control character U+{ord(stray[0]):04X}, which is no text; take it out", Place(file)
        )
    return text


def left_out(grids: Sequence[Grid], mapping: Mapping) -> list[str]:
    """What of the file is in no plan: the headings of columns, what was no part of its table, and other tables."""
    grid = grids[mapping.table - 1]
    row = grid.rows[mapping.header - 1]
    taken = {tidy(heading) for headings in mapping.headings() for heading in headings}
    columns = [
        f"“{called(row, place)}”" for place in range(len(row)) if row[place].strip() and called(row, place) not in taken
    ]
    others = len(grids) - 1
    return [*columns, *grid.left, *([f"{others} other table{'' if others == 1 else 's'}"] if others else [])]


def _places(grid: Grid, mapping: Mapping, file: Path) -> list[list[int]]:
    """For each column of a plan those of the table that it is made from."""
    row = grid.rows[mapping.header - 1]
    headings = [called(row, place) for place in range(len(row))]
    places = []
    for wanted in mapping.headings():
        for heading in wanted:
            if tidy(heading) not in headings:
                there = ", ".join(f"“{each}”" for each in headings if each)
                raise UsageError(
                    f"row {mapping.header} of the table has no heading “{heading}”; it has {there}", Place(file)
                )
        places.append([headings.index(tidy(heading)) for heading in wanted])
    if not any(places):
        raise UsageError(f"the mapping names no column; it may name {', '.join(COLUMNS)}", Place(file))
    return places


def _chosen(row: Sequence[str], places: Sequence[Sequence[int]]) -> tuple[str, ...]:
    return tuple(" ".join(row[place] for place in of if len(of) == 1 or row[place].strip()) for of in places)


def _headings(grid: Grid, mapping: Mapping, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The headings of the file where a plan may have them; else those that a plan has in its language."""
    language = language_of(cell for row in rows for cell in row)
    row = grid.rows[mapping.header - 1]
    own = {called(row, place): cell for place, cell in enumerate(row)}
    for wanted, fitting, usual in zip(mapping.headings(), HEADINGS, _USUAL[language], strict=True):
        is_fit = len(wanted) == 1 and fitting.match(key(wanted[0])) is not None
        yield own[tidy(wanted[0])] if is_fit else usual


def _without_repetitions(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows, each cell that says again what stands above it emptied, as long as those to its left do so too."""
    above = [""] * len(COLUMNS)
    for row in rows:
        cells = list(row)
        goes_on = True
        for column in range(3):
            is_same = key(cells[column]) in ("", key(above[column]))
            goes_on = goes_on and is_same
            if goes_on and cells[column].strip():
                cells[column] = ""
            elif not goes_on and not cells[column].strip() and column > 0:
                # Another theme or objective begins: what stands below it belongs to it.
                above[column] = ""
            if cells[column].strip():
                above[column] = cells[column]
        yield cells


def _one_line(cell: str) -> str:
    """The text of a cell that is one item: a blank line, or a number at the beginning of one, would begin another."""
    return " ".join(line.strip() for line in cell.split("\n") if line.strip())


def _numbered(rows: Sequence[Sequence[str]], file: Path) -> Iterator[list[str]]:
    """The rows with a number before each item that has none: below that of what it belongs to.

    A cell holds one item. Raises SourceError for an item of which it is not said what it belongs to, where it is said
    of others of its kind.
    """
    used = [any(row[level + 1].strip() for row in rows) for level in range(4)]
    themes: dict[str, int] = {}
    theme = ""
    # The number of the last objective, action, activity and entry; and how many each has had below it.
    last, counts = [""] * 4, [0] * 4
    for row in rows:
        cells = [row[0]]
        if row[0].strip():
            themes[theme] = counts[0]
            theme = key(row[0])
            # A theme that comes back goes on counting.
            last, counts = [""] * 4, [themes.get(theme, 0), 0, 0, 0]
        for level, cell in enumerate(row[1:]):
            if not cell.strip():
                cells.append("")
                continue
            _check_above(row, level, last, used, file)
            above = next((number for number in reversed(last[:level]) if number), "")
            missing = level - above.count(".") - 1 if above else level
            printed = _printed(cell, level, above if not missing else "", counts[0])
            counts[level] = max(counts[level] + 1, int(printed.rpartition(".")[2]) if printed else 0)
            number = printed or ".".join(filter(None, (above, *("1",) * missing, str(counts[level]))))
            last[level:] = [number, *[""] * (3 - level)]
            counts[level + 1 :] = [0] * (3 - level)
            close = "." if level == 0 else ""
            cells.append(cell if printed else f"{number}{close} {cell}")
        yield cells


def _printed(cell: str, level: int, above: str, before: int) -> str:
    """The number that an item has printed before it, where it can be one: “3.2 millones” below 1 has none."""
    found = _NUMBER.match(cell)
    if found is None or found[1].count(".") != level:
        return ""
    if level:
        return found[1] if found[1].startswith(f"{above}.") else ""
    return found[1] if before < int(found[1]) <= before + _MOST_SKIPPED else ""


def _check_above(row: Sequence[str], level: int, last: Sequence[str], used: Sequence[bool], file: Path) -> None:
    """Raises SourceError where nothing is above an item that has something above it elsewhere in the table."""
    nearest = next((each for each in reversed(range(level)) if used[each]), None)
    if nearest is not None and not last[nearest]:
        raise SourceError(
            f"“{row[level + 1][:_SHOWN]}” ({COLUMNS[level + 1]}) belongs to nothing: the column {COLUMNS[nearest + 1]} "
            "is empty there and above it in its part of the table; write in the file what it belongs to",
            Place(file),
        )
