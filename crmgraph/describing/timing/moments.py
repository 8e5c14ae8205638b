"""The times that the words of a plan say: dates, since when, until when, how often, after how long."""

from collections.abc import Collection
from itertools import chain
from typing import NamedTuple

from crmgraph.describing.timing.cells import read_cell
from crmgraph.describing.timing.dates import read_dates
from crmgraph.describing.timing.durations import read_durations
from crmgraph.describing.timing.ends import read_ends
from crmgraph.describing.timing.quarters import read_quarters
from crmgraph.describing.timing.short_years import whole_years
from crmgraph.describing.timing.slips import read_slips
from crmgraph.reading.folding import fold

__all__ = ["Moment", "find_times"]

_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_NOTES = dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "^")  # no number stands for a note
_ALIKE = str.maketrans(_DASHES | _NOTES)


class Moment(NamedTuple):
    """Words about time: their place in code points, end exclusive, a property, and its value.

    The property is `date`, `since`, `until`, `recurrence` or `delay`, `impossible` for what no calendar has, or
    `reversed` for a period that ends before it begins; the value is a year (2010), a month (2003-06), a day
    (2009-07-15), a duration (P6M), or the two ends of such a period (2012/2010).
    """

    start: int
    end: int
    property: str
    value: str


def find_times(text: str, told: bool = False, years: Collection[int] | None = None) -> list[Moment]:
    """The times that `text` says in Spanish or English, in its order; the same words may say two (in 2010 and 2011).

    Only what the words leave no doubt of; dates of what is told to have been adopted and the like only where they are
    wanted (`told`). Of words that overlap those that begin first count, or else the longest. In a calendar, which says
    `years` elsewhere, two figures behind a month may be one (mar-27).
    """
    folded = fold(text.translate(_ALIKE))
    folded = folded if years is None else whole_years(folded, years)
    said = folded.text
    readings = list(read_cell(said)) or sorted(
        chain(read_ends(said), read_slips(said), read_quarters(said), read_dates(said, told), read_durations(said)),
        key=lambda each: (each.start, -each.end),
    )
    moments: list[Moment] = []
    free = 0
    for reading in readings:
        if reading.start >= free:
            free = reading.end
            start, end = folded.original(reading.start, reading.end)
            moments += [Moment(start, end, *said) for said in reading.said]
    return moments
