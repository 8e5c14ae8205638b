"""What a reader saw a plan tell: what happened, and what is to come at a time or place of its own."""

from collections.abc import Sequence

from rdflib import PROV, RDF, URIRef

from crmgraph.describing.annotations import Annotation, Reader, path_column
from crmgraph.describing.literals import date_literal
from crmgraph.describing.participations import AGENT_KINDS
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column
from crmgraph.describing.values import PLACE_KINDS
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.model import Action, Activity, Part

__all__ = ["describe_events"]

_CLASSES = {"past": CG.PastEvent, "planned": CG.PlannedEvent}
_BEFORE = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    Column("kind", required=True, pattern="past|planned", hint="past or planned"),
)
_COLUMNS = (
    Column("label_es", required=True),
    Column("label_en", required=True),
    Column("fulfils", many=True),
    Column("date"),
    Column("since"),
    path_column("places", many=True),
    path_column("meeting"),
    path_column("agents", many=True),
)


def describe_events(reader: Reader, scribe: Scribe) -> None:
    """The table `events`: what happened or is planned, where the plan tells it, when, where and with whom.

    Only what happened can fulfil an action or activity. An event is told where it is first told. Raises TableError for
    a row that does not fit.
    """
    told: set[str] = set()
    for row in reader.read("events", _COLUMNS, key=("id",), before=_BEFORE):
        if row.row["id"] in told:
            continue
        told.add(row.row["id"])
        node = URIRef(scribe.names.id("event", scribe.plan.id, row.row["id"]))
        scribe.graph.add((node, RDF.type, _CLASSES[row.row["kind"]]))
        scribe.label(node, row.row["label_es"], row.row["label_en"])
        scribe.graph.add((node, CG.toldIn, scribe.iri(row.element.id)))
        scribe.stand(node, row.passage)
        scribe.graph.add((node, PROV.wasAttributedTo, URIRef(scribe.names.id("annotator", row.annotator))))
        for step in _fulfilled(row, reader):
            scribe.graph.add((node, CG.fulfils, scribe.iri(step.id)))
        _describe_when_where_who(node, row, reader, scribe)


def _fulfilled(row: Annotation, reader: Reader) -> tuple[Part, ...]:
    def steps(id_: str) -> Sequence[Part]:
        parts = reader.parts(id_)
        if row.row["kind"] != "past":
            raise ValueError("what is still planned has fulfilled nothing; empty this cell")
        if not all(isinstance(part, Action | Activity) for part in parts):
            raise ValueError(f"{id_} is no action or activity, so nothing can have fulfilled it")
        return parts

    return tuple(part for parts in row.resolve_all("fulfils", steps) for part in parts)


def _describe_when_where_who(node: URIRef, row: Annotation, reader: Reader, scribe: Scribe) -> None:
    things = reader.things
    for column, predicate in (("date", CG.date), ("since", CG.since)):
        for date in row.resolve_all(column, date_literal):
            scribe.graph.add((node, predicate, date))
    for column, predicate, kinds in (
        ("places", CG.place, PLACE_KINDS),
        ("meeting", CG.meeting, ("meeting",)),
        ("agents", CG.eventAgent, AGENT_KINDS),
    ):
        for thing in row.resolve_all(column, lambda path, kinds=kinds: things.thing(path, kinds)):  # type: ignore[misc]
            scribe.graph.add((node, predicate, thing))
