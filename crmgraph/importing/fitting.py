"""The tables of a file and a mapping of them, as one fits the other."""

from collections.abc import Iterator, Sequence

from crmgraph.importing.aligning import aligned
from crmgraph.importing.columns import COLUMNS
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import Header, Mapping, has_columns, header_of, row_of, with_header
from crmgraph.importing.pages import further
from crmgraph.importing.sheets import HEADINGS, with_themes
from crmgraph.reading.folding import tidy

__all__ = ["fitted"]


def fitted(grids: Sequence[Grid], mapping: Mapping) -> tuple[list[Grid], Mapping]:
    """The tables as a mapping has them, and the mapping with what it leaves to be found: the row of the headings, and
    the themes.

    Further tables have their columns in the order of the mapping's own. Where it names no column of themes, or that
    which a guess gives to tables without one, they are what `with_themes` takes.
    """
    found = aligned(grids, [header_of(number, grid) for number, grid in enumerate(grids, 1)])
    own = mapping.table - 1
    if own >= len(found):
        return found, mapping
    fitting = with_header(mapping, found[own])
    bare = with_header(_without_given(mapping, found[own]), found[own])
    if not has_columns(bare, found[own], bare.header):
        return found, fitting
    found = aligned(found, _headers(found, bare))
    if bare.columns.themes:
        return found, fitting
    tables = {own: bare.header, **{number - 1: row for number, row in further(found, mapping.table, bare.header)}}
    themed = with_themes(found, tables)
    is_given = themed[own] is not found[own]
    return themed, _renamed(bare, found[own], themed[own]) if is_given else fitting


def _without_given(mapping: Mapping, grid: Grid) -> Mapping:
    """The mapping without a column of themes that is not in the table, but was given to it when it was guessed."""
    themes = mapping.columns.themes
    is_given = len(themes) == 1 and themes[0] in HEADINGS.values()
    is_there = any(tidy(cell) == themes[0] for row in grid.rows for cell in row) if is_given else True
    return mapping if is_there else _with_columns(mapping, themes=())


def _headers(grids: Sequence[Grid], mapping: Mapping) -> Iterator[Header]:
    """Where the columns of a mapping are, in its own table and in those behind it that have all of them."""
    columns = {name: wanted for name, wanted in zip(COLUMNS, mapping.headings(), strict=True) if wanted}
    yield Header(mapping.table, mapping.header, columns)
    for number, grid in enumerate(grids[mapping.table :], mapping.table + 1):
        if row := row_of(mapping, grid):
            yield Header(number, row, columns)


def _renamed(mapping: Mapping, before: Grid, after: Grid) -> Mapping:
    """The mapping of a table that got a column on the left, by what its columns are called with it."""
    there = headings(after, mapping.header).names
    called = dict(zip(headings(before, mapping.header).names, there[1:], strict=True))
    columns = {
        name: tuple(called.get(tidy(heading), heading) for heading in wanted)
        for name, wanted in zip(COLUMNS, mapping.headings(), strict=True)
    }
    return _with_columns(mapping, **{**columns, "themes": (there[0],)})


def _with_columns(mapping: Mapping, **columns: tuple[str, ...]) -> Mapping:
    return mapping.model_copy(update={"columns": mapping.columns.model_copy(update=columns)})
