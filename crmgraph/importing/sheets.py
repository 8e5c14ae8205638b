"""A plan with a sheet for each theme: the names of the sheets are its themes, where no column has them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import header_of
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of

__all__ = ["with_sheets"]

_HEADINGS = {"es": "Tema", "en": "Theme", "fr": "Thème", "pt": "Tema"}
_UNNAMED = re.compile(r"(?:sheet|hoja|feuil(?:le)?|planilha|folha|table|tabla|tableau|tabela) ?\d*")
"""What programs call a sheet that nobody has given a name."""
_TOLD = "the names of the tables were taken as themes, for no column has them"


def with_sheets(grids: Sequence[Grid]) -> list[Grid]:
    """The tables; those that have the same headings, objectives and no themes get their names as a column of these.

    Only where there are several, and each has a name of its own.
    """
    alike: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for place, grid in enumerate(grids):
        header = header_of(place + 1, grid)
        if header is not None and "objectives" in header.columns and "themes" not in header.columns:
            texts = tuple(key(tidy(text)) for text in headings(grid, header.row).texts)
            alike[texts][place] = header.row
    found = list(grids)
    for tables in alike.values():
        names = {key(grids[place].name) for place in tables}
        if len(names) == len(tables) > 1 and not any(not name or _UNNAMED.fullmatch(name) for name in names):
            for place, row in tables.items():
                found[place] = _with_theme(grids[place], row)
    return found


def _with_theme(grid: Grid, header: int) -> Grid:
    """The table with its name as the theme of all its rows, which stands in the first below the headings."""
    heading = _HEADINGS[language_of(headings(grid, header).texts)]
    cells = {header - 1: heading, header: grid.name}
    return replace(
        grid,
        rows=tuple((cells.get(number, ""), *row) for number, row in enumerate(grid.rows)),
        spans={(row, column + 1): (start[0], start[1] + 1) for (row, column), start in grid.spans.items()},
        unread={(row, column + 1): said for (row, column), said in grid.unread.items()},
        struck=frozenset((row, column + 1) for row, column in grid.struck),
        told=(*grid.told, _TOLD),
    )
