"""When the parts of a plan are and how they stand, by the words of the plan, where no reader has said it."""

import re
from collections.abc import Collection, Iterator

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.vocabulary import CG, date_literal, duration_literal
from crmgraph.describing.writer import OURS, RECOGNISER, GraphWriter, within
from crmgraph.extraction.cited_dates import dates_of_title, is_bare, is_cited, is_of_subject, is_told, tells_of_past
from crmgraph.extraction.dates import Moment, day_first, find_times, years_of_calendar
from crmgraph.extraction.gazetteer import Gazetteer, Mention
from crmgraph.extraction.statuses import find_occasion, find_outcome, find_statuses
from crmgraph.namespaces import Names
from crmgraph.reading.model import CrossReference, Note, Part, Passage, Plan, Referral, ScheduleEntry

__all__ = ["describe_occasions", "describe_statuses", "describe_times", "planned_times", "statuses_of"]

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


def describe_times(read: Collection[Annotation], named: Gazetteer, writer: GraphWriter) -> None:
    """Add the times in the words of a plan, each with those words, and the words of dates that no calendar has.

    Those in its title are dates of the plan itself. Where a reader said a time of some words, that stands.

    Args:
        read: what readers said of the plan.
        named: the names of things that a plan may mention.
        writer: the writer of the graph.
    """
    for line in writer.plan.leaves:
        for moment in dates_of_title(line.exact) if line.row == 0 else ():
            _describe(writer.root, moment, within(line, moment.start, moment.end), writer)
    said = [(row.element.id, row.passage) for row in read if row.row["property"] in _PROPERTIES]
    for part, passage, moment in planned_times(writer.plan, named, writer.names):
        if not any(id_ == part.id and passage.start < by.end and by.start < passage.end for id_, by in said):
            _describe(writer.iri(part.id), moment, passage, writer)


def _describe(subject: URIRef, moment: Moment, passage: Passage, writer: GraphWriter) -> None:
    if moment.property == "impossible":
        writer.add(subject, (CG.impossibleDate, writer.passage(passage)))
        return
    ends = ("since", "until") if moment.property == "reversed" else (moment.property,)
    for name, value in zip(ends, moment.value.split("/"), strict=True):
        predicate, literal = _PROPERTIES[name]
        writer.state(subject, predicate, literal(value), passage, RECOGNISER)


def planned_times(plan: Plan, named: Gazetteer, names: Names) -> Iterator[tuple[Part, Passage, Moment]]:
    """Yield the times in the words of each part, but for those of an instrument, a meeting or what else is cited.

    In a schedule entry there is nothing but what is to happen or has happened. A referral or cross-reference is among
    the words of the part that holds it.
    """
    parts = [part for part, _ in plan.walk()]
    texts = [part.passage.exact for part in parts]
    years = years_of_calendar([part.text for part in parts if isinstance(part, ScheduleEntry)], plan.title)
    dated = tuple(names.id(kind, "") for kind in _DATED)
    for part, text in zip(parts, day_first(texts) if plan.language == "en" else texts, strict=True):
        if isinstance(part, Referral | CrossReference):
            continue
        moments = _scheduled(text, years) if isinstance(part, ScheduleEntry) else _foreseen(text)
        own = [mention for mention in named.find(text) if mention.iri.startswith(dated)] if moments else []
        for moment in moments:
            if not any(_is_date_of(mention, moment, text) for mention in own):
                yield part, within(part.passage, moment.start, moment.end), moment


def _scheduled(text: str, years: Collection[int]) -> list[Moment]:
    """Return the times in a schedule entry, with that of what it tells to have been held or adopted."""
    found = set(find_times(text, years=years))
    for each in find_times(text, told=True, years=years):
        before = text[: each.start]
        if each not in found and (tells_of_past(before) or find_outcome(" ".join(before.split()))):
            found.add(each)
    return sorted(each for each in found if not is_of_subject(text, each.start, each.end))


def _foreseen(text: str) -> list[Moment]:
    """Return the times in the words of other parts, but for dates of what is cited or told there."""
    found = find_times(text)
    begun = {each[:2] for each in found if each.property in ("date", "since")}
    ended = {each[:2] for each in found if each.property == "until"} - begun
    return [
        each
        for each in found
        if not (each[:2] in begun and is_cited(text, each.start, each.end))
        and not (each[:2] in ended and is_told(text, each.start))
    ]


def _is_date_of(mention: Mention, moment: Moment, text: str) -> bool:
    """Return whether words about time are part of a name, or follow it as its date does (the Memorandum of May 2004).

    A date that begins with a word of its own (in May 2004) is when something is to be done.
    """
    if moment.start < mention.end:
        return mention.start < moment.end
    bare = is_bare(text[moment.start : moment.end])
    return bare and _ITS_DATE.fullmatch(text, mention.end, moment.start) is not None


def describe_occasions(writer: GraphWriter) -> None:
    """Add the words of each schedule entry that say when it is or how it stands in no date and no status: on request.

    The times and statuses of the plan have to be in the graph: only what has none of them gets such words.
    """
    said = (CG.status, CG.impossibleDate, *(predicate for predicate, _ in _PROPERTIES.values()))
    for part, _ in writer.plan.walk():
        subject = writer.iri(part.id)
        is_mute = isinstance(part, ScheduleEntry) and not any((subject, each, None) in writer.graph for each in said)
        if is_mute and (words := find_occasion(part.passage.exact)):
            writer.add(subject, (CG.otherTiming, writer.passage(within(part.passage, *words))))


def describe_statuses(names: Gazetteer, read: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the status of each calendar entry or note that its words give it, where no reader (see `read`) said it."""
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    for part, _ in writer.plan.walk():
        if isinstance(part, ScheduleEntry | Note) and part.id not in decided:
            for status, words in statuses_of(part, names):
                writer.state(writer.iri(part.id), CG.status, URIRef(status), words, OURS)


def statuses_of(entry: ScheduleEntry | Note, names: Gazetteer) -> list[tuple[str, Passage]]:
    """Return the IRIs of the statuses that the words of an entry or note say, each with these words.

    More than one status is a defect to be found.
    """
    found = find_statuses(entry.passage.exact, names, in_note=isinstance(entry, Note))
    return [(each.iri, within(entry.passage, each.start, each.end)) for each in found]
