"""The dates of a document in its title, as opposed to dates of works and aims that the title cites.

The patterns are in `lexicon/title_dates.yaml`.
"""

from collections.abc import Iterator

from crmgraph.extraction.dates import TimeExpression, find_times
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import key

_TITLE = patterns("title_dates")


def dates_of_title(text: str) -> Iterator[TimeExpression]:
    """Yield the dates in a title that belong to the document itself; for a period, its first and last year.

    Dates in names that the title cites are left out (the 2030 Agenda, Law 25 of 2003). Dates that do not exist and
    periods that end before they begin are yielded as `impossible` and `reversed`.
    """
    found = find_times(text)
    exact = [each for each in found if len(each.value) > len("2010")]
    begun = {each[:2]: each.value for each in exact if each.property == "since"}
    places = [
        *(
            (*each[:2], (begun[each[:2]], each.value))
            for each in exact
            if each.property == "until" and each[:2] in begun
        ),
        *((*each[:2], (each.value,)) for each in exact if each.property == "date"),
        *((*each.span(), each.groups()) for each in _TITLE["title_period"].finditer(text)),
        *((*each.span(), (each[0],)) for each in _TITLE["title_year"].finditer(text)),
    ]
    taken: list[tuple[int, int]] = []
    for start, end, values in places:
        if all(end <= before or after <= start for before, after in taken):
            taken.append((start, end))
            if not _belongs_to_cited_work(text, start, end, len(values)):
                yield from (TimeExpression(start, end, "date", value) for value in values)
    for each in found:
        reverse = each.property == "reversed" and not _TITLE["title_period"].search(text[each.start : each.end])
        if reverse or (each.property == "impossible" and not _belongs_to_cited_work(text, each.start, each.end, 1)):
            yield each


def _belongs_to_cited_work(text: str, start: int, end: int, years: int) -> bool:
    """Return whether a date belongs to a work or aim that the title cites.

    Args:
        text: The title.
        start: The offset of the date.
        end: The offset after the date.
        years: The number of years: a period of two years is not the date of a law or treaty.
    """
    before = key(text[:start])
    if _TITLE["number_before"].search(before) or _TITLE["aim_before"].search(before):
        return True
    of_instrument = years == 1 and _TITLE["instrument_before"].search(before) and not _TITLE["adopted"].search(before)
    return bool(of_instrument or _TITLE["aim_after"].match(f" {key(text[end:])}"))
