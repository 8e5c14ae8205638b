"""Columns for a beginning and an end, which are a calendar together."""

from collections.abc import Mapping

from crmgraph.importing.columns import meaning
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.reading.languages import is_beginning, is_end

__all__ = ["with_periods"]


def with_periods(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from; its first beginning and end, where nothing else is its
    calendar.
    """
    found = headings(grid, header)
    named = [
        (text, name)
        for text, above, name in zip(found.texts, found.above, found.names, strict=True)
        if (said := meaning(above)) is None or "schedule" in said.columns
    ]
    begins = [name for text, name in named if is_beginning(text)]
    ends = [name for text, name in named if is_end(text)]
    if not begins or not ends or not {*columns.get("schedule", ())} <= {*begins, *ends}:
        return dict(columns)
    return {**columns, "schedule": (begins[0], ends[0])}
