"""When the words of a plan say that something is foreseen, where no reader has said it."""

import re
from collections.abc import Collection, Iterator

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.literals import date_literal, duration_literal
from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.describing.outcomes import find_outcome
from crmgraph.describing.own_dates import describe_own_dates
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import RECOGNISER
from crmgraph.describing.timing import Moment, find_times
from crmgraph.describing.timing.calendar_words import month_names
from crmgraph.describing.timing.citing import is_cited, is_of_a_subject, is_told, tells
from crmgraph.describing.timing.orders import in_order
from crmgraph.describing.timing.short_years import years_beside
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading.folding import key
from crmgraph.reading.plan import CrossReference, Part, Passage, Plan, Referral, ScheduleEntry

__all__ = ["describe_times", "planned_times"]

_PROPERTIES = {
    "date": (CG.date, date_literal),
    "since": (CG.since, date_literal),
    "until": (CG.until, date_literal),
    "recurrence": (CG.recurrence, duration_literal),
    "delay": (CG.delay, duration_literal),
}
_DATED = ("instrument", "meeting")
"""What has a date of its own, which is not when a plan foresees something."""
_ITS_DATE = re.compile(r"\s*(?:[,(]\s*)?(?:(?:del?|of)\s+)?")
"""What stands between the name of such a thing and its date."""


def describe_times(read: Collection[Annotation], named: Lexicon, scribe: Scribe) -> None:
    """The times in the words of the plan, each a statement with those words; words of a date that no calendar has.

    Those in its title are dates of the plan itself. Where a reader said a time of some words, which is among what was
    `read`, that stands. `named` are the names of things that a plan may mention.
    """
    describe_own_dates(scribe, RECOGNISER)
    said = [(row.element.id, row.passage) for row in read if row.row["property"] in _PROPERTIES]
    for part, passage, moment in planned_times(scribe.plan, named, scribe.names):
        if any(id_ == part.id and _overlap(passage, words) for id_, words in said):
            continue
        if moment.property in _PROPERTIES:
            predicate, literal = _PROPERTIES[moment.property]
            scribe.state(scribe.iri(part.id), predicate, literal(moment.value), passage, RECOGNISER)
        elif moment.property == "reversed":
            for predicate, value in zip((CG.since, CG.until), moment.value.split("/"), strict=True):
                scribe.state(scribe.iri(part.id), predicate, date_literal(value), passage, RECOGNISER)
        else:
            scribe.stand(scribe.iri(part.id), passage, CG.impossibleDate)


def planned_times(plan: Plan, named: Lexicon, names: Names) -> Iterator[tuple[Part, Passage, Moment]]:
    """The times in the words of each part, but for those of an instrument, a meeting or anything else that is cited.

    In a schedule entry there is nothing but what is to happen or has happened. A referral or cross-reference is among
    the words of the part that holds it.
    """
    parts = [part for part, _ in plan.walk()]
    texts = [part.passage.exact for part in parts]
    years = years_beside([part.text for part in parts if isinstance(part, ScheduleEntry)], plan.title)
    for part, text in zip(parts, in_order(texts) if plan.language == "en" else texts, strict=True):
        if isinstance(part, Referral | CrossReference):
            continue
        moments = _scheduled(text, years) if isinstance(part, ScheduleEntry) else _foreseen(text)
        own = [mention for mention in named.find(text) if _is_dated(mention.iri, names)] if moments else []
        for moment in moments:
            if not any(_is_date_of(mention, moment, text) for mention in own):
                yield part, within(part.passage, moment.start, moment.end), moment


def _scheduled(text: str, years: Collection[int]) -> list[Moment]:
    """The times in a schedule entry, that of what it tells to have been held or adopted with them."""
    foreseen = find_times(text, years=years)
    told = [
        each for each in find_times(text, told=True, years=years) if each not in foreseen and _tells(text[: each.start])
    ]
    found = sorted({*foreseen, *told}) if told else foreseen
    return [each for each in found if not is_of_a_subject(text, each.start, each.end)]


def _tells(before: str) -> bool:
    return tells(before) or find_outcome(re.sub(r"\s+", " ", before)) is not None


def _foreseen(text: str) -> list[Moment]:
    """The times in the words of other parts, but for dates of what is cited or told there."""
    found = find_times(text)
    begun = {(each.start, each.end) for each in found if each.property in ("date", "since")}
    ended = {(each.start, each.end) for each in found if each.property == "until"} - begun
    return [
        each
        for each in found
        if not (each[:2] in begun and is_cited(text, each.start, each.end))
        and not (each[:2] in ended and is_told(text, each.start))
    ]


def _is_date_of(mention: Mention, moment: Moment, text: str) -> bool:
    """Whether words about time are part of a name, or follow it as its date does (the Puebla Memorandum of May 2004).

    A date that begins with a word of its own (in May 2004) is when something is to be done.
    """
    if moment.start < mention.end:
        return mention.start < moment.end
    first = re.match(r"\d|[a-z]+", key(text[moment.start : moment.end]))
    bare = first is not None and (first[0].isdigit() or first[0] in month_names())
    return bare and _ITS_DATE.fullmatch(text, mention.end, moment.start) is not None


def _is_dated(iri: str, names: Names) -> bool:
    return any(iri.startswith(names.id(kind, "")) for kind in _DATED)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end
