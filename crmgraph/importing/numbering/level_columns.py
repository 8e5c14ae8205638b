"""Columns whose headings say nothing, and whose texts have the numbers of a level of the plan."""

from collections.abc import Iterator, Mapping

from crmgraph.importing.columns import COLUMNS, is_number, meaning
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.numbering.printed import NUMBER
from crmgraph.wording import quoted

__all__ = ["told", "with_levels"]

_LEVELS = COLUMNS[1:4]
"""Those that have numbers: 2 is an objective, 2.1 an action, 2.1.1 an activity."""


def with_levels(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from; for a level that has none, though there are those
    above it, the only one between its neighbours whose texts have numbers such as it has.
    """
    found = dict(columns)
    for depth, level in enumerate(_LEVELS):
        fitting = tuple(_fitting(found, depth, grid, header))
        if not found.get(level) and all(map(found.get, _LEVELS[:depth])) and len(fitting) == 1:
            found[level] = fitting
    return found


def told(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> Iterator[str]:
    """Which columns were taken for a level of the plan by their numbers, to be said."""
    for depth, level in enumerate(_LEVELS):
        others = {name: of for name, of in columns.items() if name != level}
        if columns.get(level) and columns[level] == tuple(_fitting(others, depth, grid, header)):
            yield f"taken as {level}, for its texts have numbers such as these have: {quoted(columns[level][0])}"


def _fitting(columns: Mapping[str, tuple[str, ...]], depth: int, grid: Grid, header: int) -> Iterator[str]:
    """The columns that may be a level of the plan, by the full stops in the numbers of their texts."""
    found = headings(grid, header)
    level = COLUMNS.index(_LEVELS[depth])
    places = {name: [found.names.index(each) for each in columns.get(name, ())] for name in COLUMNS[:-1]}
    first = max((place for name in COLUMNS[:level] for place in places[name]), default=-1)
    last = min((place for name in COLUMNS[level + 1 : -1] for place in places[name]), default=len(found.names))
    taken = {name for of in columns.values() for name in of}
    for place in range(first + 1, last):
        says = (found.texts[place], found.above[place])
        if found.names[place] in taken or any(is_number(text) or meaning(text) is not None for text in says):
            continue
        texts = [row[place] for row in grid.rows[header:] if row[place].strip()]
        numbered = {text for text in texts if _has_number(text, depth)}
        if len(numbered) > 1 and 2 * sum(text in numbered for text in texts) > len(texts):
            yield found.names[place]


def _has_number(text: str, depth: int) -> bool:
    """Whether words stand behind a number with so many full stops."""
    number = NUMBER.match(text)
    return number is not None and number[1].count(".") == depth and bool(text[number.end() :].strip())
