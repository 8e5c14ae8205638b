"""What a reader saw of an element's topics, groups, times, places, meetings and status, and times no reader saw."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from rdflib import Literal, URIRef

from crmgraph.describing.annotations import Annotation, Reader
from crmgraph.describing.calendar_words import month_names
from crmgraph.describing.literals import date_literal, duration_literal
from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.describing.participations import AGENT_KINDS
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column
from crmgraph.describing.things import Things
from crmgraph.describing.times import Moment, find_times
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading.folding import key
from crmgraph.reading.plan import CrossReference, Part, Passage, Plan, Referral

__all__ = ["PLACE_KINDS", "RECOGNISER", "TABLES", "describe_values", "planned_times"]

TABLES = ("topics", "population-groups", "times", "places", "meetings", "statuses")
"""The tables of one kind: a row gives the element a property and its value."""

PLACE_KINDS = ("place", "country")
"""How the paths of places begin."""

RECOGNISER = "recogniser"
"""The id of the annotator that stands for the program which finds times in a text."""

Find = Callable[[Things, str], URIRef | Literal]


def _concept(scheme: str) -> Find:
    return lambda things, name: things.concept(scheme, name)


def _thing(*kinds: str) -> Find:
    return lambda things, path: things.thing(path, kinds)


_PROPERTIES: dict[str, tuple[URIRef, Find]] = {
    "topic": (CG.topic, _concept("topic")),
    "population-group": (CG.populationGroup, _concept("population-group")),
    "status": (CG.status, _concept("status")),
    "date": (CG.date, lambda _, text: date_literal(text)),
    "since": (CG.since, lambda _, text: date_literal(text)),
    "recurrence": (CG.recurrence, lambda _, text: duration_literal(text)),
    "delay": (CG.delay, lambda _, text: duration_literal(text)),
    "recurs-with": (CG.recursWith, _thing(*AGENT_KINDS)),
    "place": (CG.place, _thing(*PLACE_KINDS)),
    "meeting": (CG.meeting, _thing("meeting")),
}
_COLUMNS = (
    Column("property", required=True, pattern="|".join(_PROPERTIES), hint="one of " + ", ".join(_PROPERTIES)),
    Column("value", required=True),
)


_TIMES = ("date", "since", "recurrence", "delay")
"""The properties of times that can be stated; there is none for until when, nor for what no calendar has."""
_DATED = ("instrument", "meeting")
"""What has a date of its own, which is not when a plan foresees something."""
_ITS_DATE = re.compile(r"\s*(?:[,(]\s*)?(?:(?:del?|of)\s+)?")
"""What stands between the name of such a thing and its date."""


def describe_values(reader: Reader, named: Lexicon, scribe: Scribe) -> frozenset[str]:
    """The tables of properties and values, each row a statement with its words and its reader; then the other times.

    Those are what the words of a part say where no reader has said a time of them; `named` are the names of things
    that a plan may mention. Gives the ids of the parts whose status a reader said. Raises TableError for a row that
    does not fit.
    """
    rows = list(chain.from_iterable(reader.read(name, _COLUMNS) for name in TABLES))
    for row in rows:
        predicate, find = _PROPERTIES[row.row["property"]]
        value = row.resolve("value", lambda cell, find=find: find(reader.things, cell))  # type: ignore[misc]
        scribe.state(scribe.iri(row.element.id), predicate, value, row.passage, row.annotator)
    _describe_times(reader.things, rows, named, scribe)
    return frozenset(row.element.id for row in rows if row.row["property"] == "status")


def planned_times(plan: Plan, named: Lexicon, names: Names) -> Iterator[tuple[Part, Passage, Moment]]:
    """The times in the words of each part, but for those of an instrument or a meeting that is named there.

    A referral or cross-reference is among the words of the part that holds it.
    """
    for part, _ in plan.walk():
        if isinstance(part, Referral | CrossReference):
            continue
        text = part.passage.exact
        moments = find_times(text)
        own = [mention for mention in named.find(text) if _is_dated(mention.iri, names)] if moments else []
        for moment in moments:
            if not any(_is_date_of(mention, moment, text) for mention in own):
                yield part, within(part.passage, moment.start, moment.end), moment


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


def _describe_times(things: Things, rows: list[Annotation], named: Lexicon, scribe: Scribe) -> None:
    said = [(row.element.id, row.passage) for row in rows if row.row["property"] in _TIMES]
    for part, passage, moment in planned_times(scribe.plan, named, scribe.names):
        read = any(id_ == part.id and _overlap(passage, words) for id_, words in said)
        if moment.property in _TIMES and not read:
            predicate, find = _PROPERTIES[moment.property]
            scribe.state(scribe.iri(part.id), predicate, find(things, moment.value), passage, RECOGNISER)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end
