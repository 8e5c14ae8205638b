"""What a reader saw of an element's topics, groups, times, places, meetings and status."""

from collections.abc import Callable
from itertools import chain

from rdflib import Literal, URIRef

from crmgraph.describing.annotations import Annotation, Reader
from crmgraph.describing.literals import date_literal, duration_literal
from crmgraph.describing.participations import AGENT_KINDS, CONFIDENCE, describe_confidence
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column
from crmgraph.describing.things import Things
from crmgraph.describing.vocabulary import CG

__all__ = ["PLACE_KINDS", "TABLES", "describe_values"]

TABLES = ("topics", "population-groups", "times", "places", "meetings", "statuses")
"""The tables of one kind: a row gives the element a property and its value."""

PLACE_KINDS = ("place", "country")
"""How the paths of places begin."""

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
    CONFIDENCE,
)


def describe_values(reader: Reader, scribe: Scribe) -> list[Annotation]:
    """The tables of properties and values, each row a statement with its words and its reader; gives the rows.

    Raises TableError for a row that does not fit.
    """
    rows = list(chain.from_iterable(reader.read(name, _COLUMNS) for name in TABLES))
    for row in rows:
        predicate, find = _PROPERTIES[row.row["property"]]
        value = row.resolve("value", lambda cell, find=find: find(reader.things, cell))  # type: ignore[misc]
        statement = scribe.state(scribe.iri(row.element.id), predicate, value, row.passage, row.annotator)
        describe_confidence(statement, row, reader, scribe)
    return rows
