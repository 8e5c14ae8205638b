"""Columns below which dates stand, which may be a calendar though their headings do not plainly say so."""

import re
from collections.abc import Collection, Iterator, Mapping

from crmgraph.importing.calendars.times import is_date
from crmgraph.importing.columns import is_number, meaning
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.reading.folding import key
from crmgraph.reading.languages import is_beginning, is_end

__all__ = ["dated", "with_dates"]

# In English, Spanish, French and Portuguese, without accents.
_TIME = re.compile(
    r"((target|expected|planned) )?"
    r"(years?|anos?|annees?|months?|mes(es)?|mois|quarters?|trimestres?|semesters?|semestres?|datas?|horizontes?|horizons?"
    r"|execution|ejecucion|execucao|implementation|implementacion|implementacao)"
    r"( (meta|alvo|cible|estimad[oa]|estimee?|previst[oa]|prevue?))?"
)
"""Headings that are those of a calendar where dates stand below them."""


def dated(grid: Grid, header: int, taken: Collection[str]) -> Iterator[tuple[str, str]]:
    """The names and headings of the columns, other than those `taken`, below which most of what stands are dates.

    A heading may say that they are of something else, such as a budget.
    """
    found = headings(grid, header)
    for place, (name, text, above) in enumerate(zip(found.names, found.texts, found.above, strict=True)):
        said = meaning(above if _may_be_a_calendar(text) else name)
        is_beside = is_number(text) or (said is not None and not said.columns)
        cells = [row[place] for row in grid.rows[header:] if row[place].strip()]
        if name not in taken and not is_beside and 2 * sum(map(is_date, cells)) > len(cells):
            yield name, text


def with_dates(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from; where nothing is its calendar, the first of dates that
    may be called so.
    """
    taken = {name for wanted in columns.values() for name in wanted}
    there = [name for name, text in dated(grid, header, taken) if _may_be_a_calendar(text)]
    return dict(columns) if "schedule" in columns or not there else {**columns, "schedule": (there[0],)}


def _may_be_a_calendar(heading: str) -> bool:
    return is_beginning(heading) or is_end(heading) or all(map(_TIME.fullmatch, re.split(r" ?[/|\n] ?", key(heading))))
