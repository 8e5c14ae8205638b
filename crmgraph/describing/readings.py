"""Readings of a plan as RDF: who takes part, of what use an instrument is, topics, times, events, translations.

Each table is a row of what its columns become: a cell is a property and its value, said of the element itself or of a
node of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rdflib import PROV, RDF, RDFS, Literal, URIRef

from crmgraph.describing.annotations import Annotation, Reader, Things, path_column
from crmgraph.describing.mentions import Found
from crmgraph.describing.tables import Column, read_cell, read_table
from crmgraph.describing.vocabulary import AGENT_KINDS, CG, date_literal, duration_literal
from crmgraph.describing.writer import RECOGNISER, GraphWriter, Said, Value, labels
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import tidy
from crmgraph.reading.languages import other_language
from crmgraph.reading.model import Action, Activity, CrossReference, Leaf, Part, Passage, Plan, Referral

__all__ = [
    "TABLES",
    "TOPIC_TABLES",
    "Translation",
    "Translations",
    "describe_events",
    "describe_roles",
    "describe_title",
    "describe_topics",
    "describe_values",
    "read_translations",
]

_PLACE_KINDS = ("place", "country")
Find = Callable[[Things, str], Value]


def _concept(scheme: str) -> Find:
    return lambda things, name: things.concept(scheme, name)


def _thing(*kinds: str) -> Find:
    return lambda things, path: things.thing(path, kinds)


def _instrument(things: Things, id_: str) -> URIRef:
    return things.thing(f"instrument/{id_}", ("instrument",))


def _date(_: Things, text: str) -> Literal:
    return date_literal(text)


def _duration(_: Things, text: str) -> Literal:
    return duration_literal(text)


class _Cell(NamedTuple):
    """A column, the property that its values are given as, and how each value is found."""

    column: Column
    predicate: URIRef
    find: Find


_CONFIDENCE = _Cell(Column("confidence"), CG.confidence, _concept("confidence"))
"""How sure a reader is, where the words leave it to the reader what is meant, as “the network” does."""
_ROLES = {
    "participation": (
        CG.Participation,
        CG.participation,
        _Cell(path_column("agent", required=True), CG.agent, _thing(*AGENT_KINDS)),
        _Cell(Column("role", required=True), CG.role, _concept("participation-role")),
    ),
    "instrument-use": (
        CG.InstrumentUse,
        CG.instrumentUse,
        _Cell(
            Column("instrument", required=True),
            CG.instrument,
            _instrument,
        ),
        _Cell(Column("use", required=True), CG.use, _concept("instrument-use")),
    ),
}
"""The tables of who or what takes part in an element, and in which capacity: the class of a row's node, what leads to
it, and the two cells."""
TABLES = ("topics", "population-groups", "times", "places", "meetings", "statuses")
"""The tables in which a row gives the element a property and its value."""
_PROPERTIES: dict[str, tuple[URIRef, Find]] = {
    "topic": (CG.topic, _concept("topic")),
    "population-group": (CG.populationGroup, _concept("population-group")),
    "status": (CG.status, _concept("status")),
    "date": (CG.date, _date),
    "since": (CG.since, _date),
    "recurrence": (CG.recurrence, _duration),
    "delay": (CG.delay, _duration),
    "recurs-with": (CG.recursWith, _thing(*AGENT_KINDS)),
    "place": (CG.place, _thing(*_PLACE_KINDS)),
    "meeting": (CG.meeting, _thing("meeting")),
}
_VALUES = (
    Column("property", required=True, pattern="|".join(_PROPERTIES), hint="one of " + ", ".join(_PROPERTIES)),
    Column("value", required=True),
    _CONFIDENCE.column,
)
_EVENT_CLASSES = {"past": CG.PastEvent, "planned": CG.PlannedEvent}
_EVENT_KEY = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    Column("kind", required=True, pattern="past|planned", hint="past or planned"),
)
_EVENT_TEXTS = (Column("label_es", required=True), Column("label_en", required=True), Column("fulfils", many=True))
_EVENT = (
    _Cell(Column("date"), CG.date, _date),
    _Cell(Column("since"), CG.since, _date),
    _Cell(path_column("places", many=True), CG.place, _thing(*_PLACE_KINDS)),
    _Cell(path_column("meeting"), CG.meeting, _thing("meeting")),
    _Cell(path_column("agents", many=True), CG.eventAgent, _thing(*AGENT_KINDS)),
)


def _said(row: Annotation, cells: Iterable[_Cell], things: Things) -> list[tuple[URIRef, Value]]:
    """Return the properties and values that the cells of a row say. Raises TableError where there is no such value."""
    return [
        (cell.predicate, value)
        for cell in cells
        for value in row.values(cell.column.name, lambda text, find=cell.find: find(things, text))  # type: ignore[misc]
    ]


def _ground(row: Annotation, writer: GraphWriter) -> tuple[Said, Said]:
    """Return the words that a row rests on, and who read them."""
    return (CG.passage, writer.passage(row.passage)), (PROV.wasAttributedTo, writer.annotator(row.annotator))


def describe_roles(reader: Reader, writer: GraphWriter) -> None:
    """Add the tables `participations` and `instrument-uses`: element, agent or instrument, role or use, confidence.

    An element relies on an instrument where the use is a kind of reliance, but not on one that it says is to be made.
    Raises TableError where a row is wrong.
    """
    things = reader.things
    for name, (class_, leads, *cells) in _ROLES.items():
        cells = [*cells, _CONFIDENCE]
        columns = [cell.column for cell in cells]
        counted: Counter[str] = Counter()
        rows = reader.read(f"{name}s", columns)
        of, use = columns[0].name, columns[1].name
        drawn_up = {(row.element.id, row.row[of]) for row in rows if row.row[use] == "drawn-up"}
        for row in rows:
            said = _said(row, cells, things)
            thing, capacity = (URIRef(value) for _, value in said[:2])
            counted[row.element.id] += 1
            node = writer.iri(row.element.id, f"{name}-{counted[row.element.id]}")
            relies = name == "instrument-use" and things.is_below(capacity, "reliance")
            relied_on = thing if relies and (row.element.id, row.row[of]) not in drawn_up else None
            # A name for it, since a verb would have to agree with the thing.
            called = (f"{things.short_label(thing, each)}: {things.label(capacity, each)}" for each in ("es", "en"))
            writer.add(writer.iri(row.element.id), (leads, node))
            writer.add(node, (RDF.type, class_), *said, *_ground(row, writer), *labels(*called))
            writer.add(node, (CG.instrumentReliedOn, relied_on))


def describe_values(reader: Reader, writer: GraphWriter) -> list[Annotation]:
    """Add the tables of properties and values, each row a statement with its words and its reader; return the rows.

    Raises TableError for a row that does not fit.
    """
    rows = [row for name in TABLES for row in reader.read(name, _VALUES)]
    for row in rows:
        predicate, find = _PROPERTIES[row.row["property"]]
        [(_, value)] = _said(row, [_Cell(Column("value"), predicate, find)], reader.things)
        statement = writer.state(writer.iri(row.element.id), predicate, value, row.passage, row.annotator)
        writer.add(statement, *_said(row, [_CONFIDENCE], reader.things))
    return rows


def describe_events(reader: Reader, writer: GraphWriter) -> None:
    """Add the table `events`: what happened or is planned, where the plan tells it, when, where and with whom.

    Only what happened can fulfil an action or activity. An event is told where it is first told. Raises TableError for
    a row that does not fit.
    """
    told: set[str] = set()
    columns = (*_EVENT_TEXTS, *(cell.column for cell in _EVENT))
    for row in reader.read("events", columns, key=("id",), before=_EVENT_KEY):
        if row.row["id"] not in told:
            told.add(row.row["id"])
            steps = row.values("fulfils", lambda id_, row=row: _steps(id_, row, reader))  # type: ignore[misc]
            writer.add(
                URIRef(writer.names.id("event", writer.plan.id, row.row["id"])),
                (RDF.type, _EVENT_CLASSES[row.row["kind"]]),
                *labels(row.row["label_es"], row.row["label_en"]),
                (CG.toldIn, writer.iri(row.element.id)),
                *_ground(row, writer),
                *((CG.fulfils, writer.iri(step.id)) for parts in steps for step in parts),
                *_said(row, _EVENT, reader.things),
            )


def _steps(id_: str, row: Annotation, reader: Reader) -> Sequence[Part]:
    """Return the parts with an id, which what the row tells has fulfilled. Raises ValueError where it cannot have."""
    parts = reader.parts(id_)
    if row.row["kind"] != "past":
        raise ValueError("what is still planned has fulfilled nothing; empty this cell")
    if not all(isinstance(part, Action | Activity) for part in parts):
        raise ValueError(f"{id_} is no action or activity, so nothing can have fulfilled it")
    return parts


@dataclass(frozen=True)
class Translation:
    """A text in the other language and the id of the annotator who put it so."""

    text: str
    translator: str


Translations = dict[str, Translation]
"""By the text as the plan has it, with blank space folded."""
_TRANSLATIONS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """Return the translations in a CSV table of columns es, en, translator; none where there is no such file.

    The column of the plan's language has its own words. Raises TableError where a row lacks a text, names a
    translator that no table has, or has a text that is there twice or is not one of `plan`: its title, a heading, or
    all that a part says; and UsageError where the plan is in none of the two languages.
    """
    if not file.exists():
        return {}
    language = plan.language
    if language not in ("es", "en"):
        raise UsageError(
            f"the plan {plan.id} is in the language {language}, and tables translate es and en", Place(file)
        )
    said = {tidy(leaf.exact) for leaf in plan.leaves}
    said |= {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    translations = {}
    for row in read_table(file, _TRANSLATIONS, key=(language,)):
        own = row[language]
        if own not in said:
            raise row.problem(language, f'no part of the plan says "{own}"; write all its words, as they stand there')
        read_cell(row, "translator", lambda id_: things.thing(f"annotator/{id_}", ("annotator",)))
        translations[own] = Translation(row[other_language(language)], row["translator"])
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, writer: GraphWriter
) -> None:
    """Add the label of a subject: its text, and in the other language the translation of what a passage says, if any.

    The label that is a translation is a statement of its own, a cg:Translation, attributed to the translator.
    """
    label = tidy(text)
    writer.add(subject, (RDFS.label, Literal(label, writer.plan.language)))
    translation = translations.get(label)
    if translation is not None and passage is not None:
        other = Literal(translation.text, other_language(writer.plan.language))
        said = writer.state(subject, RDFS.label, other, passage, translation.translator)
        writer.add(said, (RDF.type, CG.Translation))


TOPIC_TABLES = {"topics": ("topic", CG.topic), "population-groups": ("population-group", CG.populationGroup)}
"""For each table of what and whom a plan is about, the vocabulary of its concepts and the property that it gives."""


def describe_topics(table: str, read: Set[str], found: Iterable[Found], writer: GraphWriter) -> None:
    """Add what mentions name of the concepts of a table, each as a statement with the words that name it.

    Args:
        table: the table.
        read: the ids of the parts that a reader read, who may have seen that the words are about something else.
        found: the mentions in the plan; those in its title do not count.
        writer: the writer of the graph.
    """
    scheme, predicate = TOPIC_TABLES[table]
    concepts, silent = f"{ONTOLOGY}/{scheme}#", {writer.root, *(writer.iri(id_) for id_ in read)}
    for each in found:
        if each.element not in silent and each.thing.startswith(concepts):
            writer.state(each.element, predicate, each.thing, each.passage, RECOGNISER)
