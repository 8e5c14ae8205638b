"""Words that say when something is to happen, on what condition, or how far it has come, in no date and no status.

The patterns are in `lexicon/occasions.yaml`.
"""

from functools import cache

from crmgraph.extraction.dates import month_names, weekday_names
from crmgraph.extraction.patterns import Patterns, any_of, patterns
from crmgraph.reading.folding import fold

__all__ = ["find_occasion"]

_LONG_MONTHS = ("mayo", "june", "july")
"""Names of months that are no other words, though they are short."""


@cache
def _patterns() -> Patterns:
    return Patterns(
        "occasions",
        months=any_of(name for name in month_names() if len(name) > len("sept") or name in _LONG_MONTHS),
        days=any_of(weekday_names()),
        no_participle=patterns("cited_dates").source("no_participle"),
    )


def find_occasion(text: str) -> tuple[int, int] | None:
    """Return where an entry of a calendar first says when or how things stand with words of any kind.

    The place is in code points, end exclusive; None where it says nothing of the kind. Whether it says more, such as a
    date, is not asked.
    """
    said, folded = _patterns(), fold(text)
    if opening := said["opens"].match(folded.text) or said["all_said"].match(folded.text):
        return folded.original(*opening.span("words"))
    begun = said["beginning"].match(folded.text)
    found = said["within"].search(folded.text, begun.end() if begun else 0)
    return folded.original(*found.span()) if found else None
