"""Columns of years or parts of them, which are a calendar where marks stand below them, though no heading says so."""

import re
from collections.abc import Mapping

from crmgraph.importing.calendars.ticks import is_tick
from crmgraph.importing.calendars.times import is_part_of_year, is_year
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings

__all__ = ["dated_lines", "with_years", "years_apart"]

_WITH_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")


def years_apart(cell: str) -> str:
    """What the calendar says, years that stand in a line each with commas between them, and times of several years with
    semicolons; anything else as it is.
    """
    lines = dated_lines(cell)
    if len(lines) < 2:
        return cell
    return (", " if all(map(is_year, lines)) else "; ").join(lines)


def dated_lines(cell: str) -> list[str]:
    """The lines of what the calendar says, where there is a year in each; else none."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(_WITH_YEAR.search, lines)) else []


def with_years(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from; its years, or the quarters, months and so on below
    them, where nothing else is its calendar.

    Most of what stands below two years or more has to be marks, for amounts are a budget.
    """
    found = headings(grid, header)
    years = [
        place
        for place, (text, above) in enumerate(zip(found.texts, found.above, strict=True))
        if (is_year(text) and not above) or (is_year(above) and is_part_of_year(text))
    ]
    cells = [row[place] for row in grid.rows[header:] for place in years if row[place].strip()]
    if "schedule" in columns or len(years) < 2 or 2 * sum(map(is_tick, cells)) <= len(cells):
        return dict(columns)
    return {**columns, "schedule": tuple(found.names[place] for place in years)}
