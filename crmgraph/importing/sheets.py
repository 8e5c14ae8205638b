"""A plan with a table for each theme: its heading, or the name of its sheet, is the theme, where no column has them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from crmgraph.importing.aligning import aligned
from crmgraph.importing.banners import banners
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import header_of
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of
from crmgraph.wording import quoted

__all__ = ["with_sheets"]

_HEADINGS = {"es": "Tema", "en": "Theme", "fr": "Thème", "pt": "Tema"}
_UNNAMED = re.compile(r"(?:sheet|hoja|feuil(?:le)?|planilha|folha|table|tabla|tableau|tabela)? ?\d*")
"""What programs call a sheet that nobody has given a name; a table of a document is called by its number."""


def with_sheets(grids: Sequence[Grid]) -> list[Grid]:
    """The tables; those that have the same columns, objectives and no themes get the headings that they stand under as
    a column of these, or else their names.

    Only where there are several, and each has a heading, or a name of its own.
    """
    found = aligned(grids)
    alike: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for place, grid in enumerate(found):
        header = header_of(place + 1, grid)
        if header is not None and "objectives" in header.columns and "themes" not in header.columns:
            texts = tuple(key(tidy(text)) for text in headings(grid, header.row).texts)
            alike[texts][place] = header.row
    for tables in alike.values():
        if any(row in banners(found[place], row) for place, row in tables.items()):
            continue
        of_headings = _headings_over([found[place] for place in tables])
        themes = of_headings or _names([found[place] for place in tables])
        called = "headings above" if of_headings else "names of"
        shown = ", ".join(map(quoted, dict.fromkeys(themes)))
        told = f"the {called} the tables were taken as themes, for no column has them: {shown}"
        for (place, row), theme in zip(tables.items(), themes, strict=False):
            found[place] = _with_theme(found[place], row, theme, told)
    return found


def _headings_over(grids: Sequence[Grid]) -> list[str]:
    """The heading that each table stands under, where the first has one and a further one has another."""
    over: list[str] = []
    for grid in grids:
        over.append(tidy(grid.heading) or (over[-1] if over else ""))
    return over if all(over) and len(set(map(key, over))) > 1 else []


def _names(grids: Sequence[Grid]) -> list[str]:
    """The names of the tables, where there are several and each has one of its own."""
    names = [grid.name for grid in grids]
    are_own = len(set(map(key, names))) == len(names) > 1 and not any(_UNNAMED.fullmatch(key(name)) for name in names)
    return names if are_own else []


def _with_theme(grid: Grid, header: int, theme: str, told: str) -> Grid:
    """The table with its theme for all its rows, which stands in the first below the headings, and no more above it."""
    heading = _HEADINGS[language_of((), headings(grid, header).texts)]
    cells = {header - 1: heading, header: theme}
    lines = grid.heading.split("\n") if key(grid.heading) == key(theme) else ()
    return replace(
        grid,
        before=tuple(line for line in grid.before if line not in lines),
        rows=tuple((cells.get(number, ""), *row) for number, row in enumerate(grid.rows)),
        spans={(row, column + 1): (start[0], start[1] + 1) for (row, column), start in grid.spans.items()},
        unread={(row, column + 1): said for (row, column), said in grid.unread.items()},
        struck=frozenset((row, column + 1) for row, column in grid.struck),
        told=(*grid.told, told),
        heading="",
    )
