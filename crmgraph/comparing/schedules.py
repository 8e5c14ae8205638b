"""What the calendar says of a part, and whether two versions say the same of it in other words."""

import re
from collections.abc import Iterator

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.statuses import statuses_of
from crmgraph.extraction.dates import Moment, find_times, month_names, number_words, weekday_names
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.plan import Part, ScheduleEntry

__all__ = ["say_the_same", "schedule_of"]

_WORD = re.compile(r"\d+|[^\W\d_]+")
_YEAR = 4
_LEADS = {
    "a", "al", "and", "de", "del", "desde", "el", "en", "for", "from", "hasta", "in", "la", "of", "on", "para",
    "partir", "since", "the", "to", "until", "y",
}  # fmt: skip
"""Words of a time that say no more than what was found: from when, until when, or when."""
_ARTICLES = frozenset(("un", "una", "uno", "one"))
_OF_TIME = re.compile(
    r"\d+|plazos?|dias?|semanas?|quincenas?|mes|meses|(?:bi|tri|cuatri)mestres?|semestres?|anos?|fin|fines|final|finales"
    r"|inicios?|principios?|mediados|antes|despues|hasta|desde|tardar|terms?|days?|weeks?|months?|quarters?|years?|end"
    r"|early|late|mid|before|after|by|until|since|later"
)
"""Words about time that may be left where no time is found that they are part of."""


def schedule_of(part: Part) -> str:
    """What the calendar says of a part, without the numbers, which follow those of the part."""
    return re.sub(r"\s+", " ", " / ".join(tidy(each.text) for each in _entries(part)))


def say_the_same(before: Part, after: Part, statuses: Lexicon) -> bool:
    """Whether the calendar says the same times of both, if any, and the same of how things stand, by the names of
    statuses.

    Words in which no time is found may still be about one; where these differ, it is not known.
    """
    times = [list(map(_times, _entries(part))) for part in (before, after)]
    return (
        any(said for said, _ in times[0])
        and times[0] == times[1]
        and _states(before, statuses) == _states(after, statuses)
    )


def _entries(part: Part) -> Iterator[ScheduleEntry]:
    return (each for each in part.parts if isinstance(each, ScheduleEntry))


def _states(part: Part, statuses: Lexicon) -> list[list[str]]:
    return [[status for status, _ in statuses_of(entry, statuses)] for entry in _entries(part)]


def _times(entry: ScheduleEntry) -> tuple[list[tuple[str, ...]], list[str]]:
    """The times that an entry says, and what is left in it of words about time."""
    moments = find_times(entry.text, told=True)
    rest = entry.text
    for start, end in sorted({moment[:2] for moment in moments}, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    known = {*month_names(), *weekday_names(), *number_words()} - _ARTICLES
    left = [word for word in _words(rest) if _OF_TIME.fullmatch(word) or word in known]
    return [_said(moment, entry.text) for moment in moments], left


def _said(moment: Moment, text: str) -> tuple[str, ...]:
    """What words about time say: the value, and of what is less than it tells (the end of 2027) the words, too."""
    if moment.property in ("recurrence", "delay"):
        return moment.property, moment.value
    is_known = len(moment.value) > _YEAR
    words = (word for word in _words(text[moment.start : moment.end]) if word not in _LEADS)
    return (
        moment.property,
        moment.value,
        *(word for word in words if not (is_known and (word.isdigit() or word in month_names()))),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(key(text))
