"""A table becomes the text table that plans are read from."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.grid import Grid
from crmgraph.importing.mapping import COLUMNS, Mapping
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of

__all__ = ["as_text_table"]

_HEADINGS = {
    "es": ("TEMAS", "OBJETIVOS", "ACCIÓN PARA LA IMPLEMENTACIÓN", "ACTIVIDADES", "CALENDARIO"),
    "en": ("THEMES", "OBJECTIVES", "ACTIONS", "ACTIVITIES", "SCHEDULE"),
}
_FITTING = (r"temas?\b|themes?\b", r"objetivos?\b|objectives?\b", r"accion(es)?\b|actions?\b",
            r"actividad(es)?\b|activit(y|ies)\b", r"(calendario|cronograma|schedule|calendar|timetable)\b")  # fmt: skip
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(?=\s|$)")


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
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise SourceError("there is nothing below the headings", Place(file))
    if mapping.numbers == "add":
        rows = list(_numbered(list(_without_repetitions(rows))))
    title = list(mapping.title) or [
        *grid.before,
        *(cell for row in grid.rows[: mapping.header - 1] for cell in dict.fromkeys(row) if cell.strip()),
    ]
    above = "".join(f"{line}\n" for line in title) or f"{file.stem}\n\n"
    cells = (cell for row in (_headings(grid, mapping, rows), *rows) for cell in row)
    return above + "".join(f"\t{cell}\n" for cell in cells)


def _places(grid: Grid, mapping: Mapping, file: Path) -> list[list[int]]:
    """For each column of a plan those of the table that it is made from."""
    headings = [tidy(cell) for cell in grid.rows[mapping.header - 1]]
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
    own = {tidy(cell): cell for cell in grid.rows[mapping.header - 1]}
    for wanted, fitting, usual in zip(mapping.headings(), _FITTING, _HEADINGS[language], strict=True):
        is_fit = len(wanted) == 1 and re.match(fitting, key(wanted[0])) is not None
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


def _numbered(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows with a number before each item that has none: below that of what it belongs to.

    A cell holds one item.
    """
    # The number of the last objective, action, activity and entry; and how many each has had below it.
    last = ["", "", "", ""]
    counts = [0, 0, 0, 0]
    for row in rows:
        cells = [row[0]]
        if row[0].strip():
            last, counts = ["", "", "", ""], [0, 0, 0, 0]
        for level, cell in enumerate(row[1:]):
            if not cell.strip():
                cells.append("")
                continue
            printed = _NUMBER.match(cell)
            if printed and printed[1].count(".") != level:
                # As for the reader, "2027" is no number of an entry.
                printed = None
            counts[level] += 1
            above = next((number for number in reversed(last[:level]) if number), "")
            missing = level - above.count(".") - 1 if above else level
            number = printed[1] if printed else ".".join(filter(None, (above, *("1",) * missing, str(counts[level]))))
            last[level:] = [number, *[""] * (3 - level)]
            counts[level + 1 :] = [0] * (3 - level)
            close = "." if level == 0 else ""
            cells.append(cell if printed else f"{number}{close} {cell.lstrip()}")
        yield cells
