"""A plan with a table for each theme: its heading, or the name of its sheet, is the theme, where no column has them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crmgraph.importing.aligning import aligned
from crmgraph.importing.banners import banners
from crmgraph.importing.columns import meaning
from crmgraph.importing.grid import Grid, Spot
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import header_of
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of
from crmgraph.wording import quoted

__all__ = ["HEADINGS", "with_sheets", "with_themes"]

HEADINGS = {"es": "Tema", "en": "Theme", "fr": "Thème", "pt": "Tema"}
"""What the column of themes is called that tables get, in the language of their own headings."""
_UNNAMED = re.compile(r"(?:sheet|hoja|feuil(?:le)?|planilha|folha|table|tabla|tableau|tabela)? ?\d*")
"""What programs call a sheet that nobody has given a name; a table of a document is called by its number."""


def with_sheets(grids: Sequence[Grid]) -> list[Grid]:
    """The tables; those that have the same columns, objectives and no themes get the headings that they stand under as
    a column of these, or else their names.

    Only where there are several, and each has a heading, or a name of its own. Under headings, a column that may be one
    of themes as well as of objectives (“Meta”) is one of objectives, where no other is.
    """
    found = aligned(grids, [header_of(number, grid) for number, grid in enumerate(grids, 1)])
    alike: dict[tuple[bool, tuple[str, ...]], dict[int, int]] = defaultdict(dict)
    for place, grid in enumerate(found):
        header = header_of(place + 1, grid)
        if header is None or ("objectives" in header.columns) == ("themes" in header.columns):
            continue
        has_objectives = "objectives" in header.columns
        if has_objectives or any(map(_may_be_of_objectives, header.columns["themes"])):
            texts = tuple(key(tidy(text)) for text in headings(grid, header.row).texts)
            alike[has_objectives, texts][place] = header.row
    for (has_objectives, _), tables in alike.items():
        found = with_themes(found, tables, or_names=has_objectives)
    return found


def _may_be_of_objectives(heading: str) -> bool:
    said = meaning(heading)
    return said is not None and said.is_open and "objectives" in said.columns


def with_themes(grids: Sequence[Grid], tables: Mapping[int, int], or_names: bool = True) -> list[Grid]:
    """The tables; those at these places, each with the row of its headings, get a column of themes.

    These are the headings that they stand under, or else (`or_names`) their names. Where rows over the whole table are
    its themes, or there are no such headings and names, all are as they are.
    """
    found = list(grids)
    if any(row in banners(found[place], row) for place, row in tables.items()):
        return found
    of_headings = _headings_over([found[place] for place in tables])
    themes = of_headings or (_names([found[place] for place in tables]) if or_names else [])
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
    """The table with its theme for all its rows, which stands in the first below the headings, and no more above it.

    Rows above the headings begin where they did: a title further to the right looks like a heading over others.
    """
    found = headings(grid, header)
    cells = {header - 1: HEADINGS[language_of((), found.texts)], header: theme}
    first = header - found.rows
    lines = grid.heading.split("\n") if key(grid.heading) == key(theme) else ()

    def there(spot: Spot) -> Spot:
        return spot[0], spot[1] + (spot[0] >= first)

    return replace(
        grid,
        before=tuple(line for line in grid.before if line not in lines),
        rows=tuple(
            (cells.get(number, ""), *row) if number >= first else (*row, "") for number, row in enumerate(grid.rows)
        ),
        spans={there(spot): there(start) for spot, start in grid.spans.items()},
        unread={there(spot): said for spot, said in grid.unread.items()},
        struck=frozenset(map(there, grid.struck)),
        told=(*grid.told, told),
        heading="",
    )
