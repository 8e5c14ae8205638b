"""A table becomes the text table that plans are read from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.asides import told
from crmgraph.importing.columns import COLUMNS
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.levels import no_themes
from crmgraph.importing.lists import as_items
from crmgraph.importing.mapping import Mapping
from crmgraph.importing.numbers import with_numbers
from crmgraph.importing.rows import along_with_struck, plan_asides, plan_rows
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of
from crmgraph.reading.source import CONTROL
from crmgraph.reading.table import HEADINGS

__all__ = ["as_text_table", "left_out"]

_USUAL = {
    "es": ("TEMAS", "OBJETIVOS", "ACCIÓN PARA LA IMPLEMENTACIÓN", "ACTIVIDADES", "CALENDARIO"),
    "en": ("THEMES", "OBJECTIVES", "ACTIONS", "ACTIVITIES", "SCHEDULE"),
}
_ACTIVITIES = COLUMNS.index("activities")


def as_text_table(grids: Sequence[Grid], mapping: Mapping, file: Path) -> str:
    """The text table of a file with these tables. Raises SourceError and UsageError where the mapping does not fit."""
    if mapping.table > len(grids):
        raise UsageError(f"the mapping names table {mapping.table}, and there are {len(grids)}", Place(file))
    grid = grids[mapping.table - 1]
    if mapping.header >= len(grid.rows):
        raise UsageError(f"the mapping has the headings in row {mapping.header}, and none is below it", Place(file))
    found = plan_rows(grid, mapping, file)
    if not found:
        raise SourceError("there is nothing below the headings", Place(file))
    if not found[0].cells[0].strip():
        raise no_themes(grid, mapping, found[0].place, file)
    if mapping.numbers == "add":
        rows = with_numbers(found, grid, file)
    else:
        rows = [[*cells[:_ACTIVITIES], as_items(cells[_ACTIVITIES]), cells[-1]] for _, cells in found]
    title = mapping.title or (*grid.before, *_above(grid, mapping))
    cells = (cell for row in (_headings(grid, mapping, rows), *rows) for cell in row)
    text = ("".join(f"{line}\n" for line in title) or f"{file.stem}\n\n") + "".join(f"\t{cell}\n" for cell in cells)
    if stray := CONTROL.search(text):
        raise SourceError(
            f"it has the control character U+{ord(stray[0]):04X}, which is no text; take it out", Place(file)
        )
    return text


def left_out(grids: Sequence[Grid], mapping: Mapping) -> list[str]:
    """What of the file is in no plan: columns by their headings, totals, notes, and how many other tables."""
    grid = grids[mapping.table - 1]
    taken = {tidy(heading) for wanted in mapping.headings() for heading in wanted}
    found = headings(grid, mapping.header)
    columns = [
        f"“{name}”" if text.strip() else f"{name}, which has no heading"
        for place, (name, text) in enumerate(zip(found.names, found.texts, strict=True))
        if name not in taken and (text.strip() or any(row[place].strip() for row in grid.rows[mapping.header :]))
    ]
    others = len(grids) - 1
    along = [*dict.fromkeys(map(tidy, along_with_struck(grid, mapping)))]
    return [
        *columns,
        *told(plan_asides(grid, mapping)),
        *grid.left,
        *(
            [f"what belongs to what is struck through or hidden ({', '.join(f'“{each}”' for each in along)})"]
            if along
            else []
        ),
        *([f"{others} other table{'' if others == 1 else 's'}"] if others else []),
    ]


def _above(grid: Grid, mapping: Mapping) -> Iterator[str]:
    """What stands in the table above its headings, each text of a row once."""
    for row in grid.rows[: mapping.header - headings(grid, mapping.header).rows]:
        yield from (cell for cell in dict.fromkeys(row) if cell.strip())


def _headings(grid: Grid, mapping: Mapping, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The headings of the file where a plan may have them; else those that a plan has in its language."""
    language = language_of(cell for row in rows for cell in row)
    found = headings(grid, mapping.header)
    whole = (f"{above} {text}" if above else text for above, text in zip(found.above, found.texts, strict=True))
    own = dict(zip(found.names, whole, strict=True))
    for wanted, fitting, usual in zip(mapping.headings(), HEADINGS, _USUAL[language], strict=True):
        is_fit = len(wanted) == 1 and fitting.match(key(wanted[0])) is not None
        yield own[tidy(wanted[0])] if is_fit else usual
