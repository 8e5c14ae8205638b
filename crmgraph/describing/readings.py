"""What readers saw in a plan, as RDF."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rdflib import PROV, RDF, RDFS, Literal, URIRef

from crmgraph.describing.annotations import Annotation, Reader, Things, path_column
from crmgraph.describing.mentions import Found
from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.vocabulary import CG, date_literal, duration_literal
from crmgraph.describing.writer import RECOGNISER, GraphWriter
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import tidy
from crmgraph.reading.languages import other_language
from crmgraph.reading.model import Action, Activity, CrossReference, Leaf, Part, Passage, Plan, Referral

__all__ = [
    "AGENT_KINDS",
    "CONFIDENCE",
    "PLACE_KINDS",
    "TABLES",
    "TOPIC_TABLES",
    "Translation",
    "Translations",
    "describe_confidence",
    "describe_events",
    "describe_instrument_uses",
    "describe_participations",
    "describe_title",
    "describe_topics",
    "describe_values",
    "read_translations",
]

AGENT_KINDS = ("actor", "network", "country", "process")
"""How the paths of agents begin."""

CONFIDENCE = Column("confidence")
"""How sure a reader is, where the words leave it to the reader what is meant, as “the network” does."""


def describe_participations(reader: Reader, writer: GraphWriter) -> None:
    """The table `participations`: element, agent (a path), role, confidence. Raises TableError where a row is wrong."""
    columns = (path_column("agent", required=True), Column("role", required=True), CONFIDENCE)
    counted: Counter[str] = Counter()
    for row in reader.read("participations", columns):
        agent = row.resolve("agent", lambda path: reader.things.thing(path, AGENT_KINDS))
        role = row.resolve("role", lambda name: reader.things.concept("participation-role", name))
        node = _node(row, "participation", CG.Participation, CG.participation, counted, writer)
        writer.graph.add((node, CG.agent, agent))
        writer.graph.add((node, CG.role, role))
        describe_confidence(node, row, reader, writer)
        _label(node, agent, role, reader, writer)


def describe_confidence(node: URIRef, row: Annotation, reader: Reader, writer: GraphWriter) -> None:
    """How sure the reader was of what `node` says, where the row has it. Raises TableError for no such confidence."""
    for confidence in row.resolve_all("confidence", lambda name: reader.things.concept("confidence", name)):
        writer.graph.add((node, CG.confidence, confidence))


def describe_instrument_uses(reader: Reader, writer: GraphWriter) -> None:
    """The table `instrument-uses`: element, instrument (its id), use, confidence. Raises TableError for a wrong row.

    An element relies on an instrument where the use is a kind of reliance, but not on one that it says is to be made.
    """
    columns = (Column("instrument", required=True), Column("use", required=True), CONFIDENCE)
    counted: Counter[str] = Counter()
    rows = reader.read("instrument-uses", columns)
    yet_to_be_made = {(row.element.id, row.row["instrument"]) for row in rows if row.row["use"] == "drawn-up"}
    for row in rows:
        instrument = row.resolve("instrument", lambda id_: reader.things.thing(f"instrument/{id_}", ("instrument",)))
        use = row.resolve("use", lambda name: reader.things.concept("instrument-use", name))
        node = _node(row, "instrument-use", CG.InstrumentUse, CG.instrumentUse, counted, writer)
        writer.graph.add((node, CG.instrument, instrument))
        writer.graph.add((node, CG.use, use))
        describe_confidence(node, row, reader, writer)
        made = (row.element.id, row.row["instrument"]) not in yet_to_be_made
        if made and reader.things.is_below(use, "reliance"):
            writer.graph.add((node, CG.instrumentReliedOn, instrument))
        _label(node, instrument, use, reader, writer)


def _node(
    row: Annotation, name: str, class_: URIRef, whose: URIRef, counted: Counter[str], writer: GraphWriter
) -> URIRef:
    """A node of the element, called `name` and a number in the order of the text, with its words and its reader."""
    counted[row.element.id] += 1
    node = writer.iri(row.element.id, f"{name}-{counted[row.element.id]}")
    writer.graph.add((node, RDF.type, class_))
    writer.graph.add((writer.iri(row.element.id), whose, node))
    writer.stand(node, row.passage)
    writer.graph.add((node, PROV.wasAttributedTo, URIRef(writer.names.id("annotator", row.annotator))))
    return node


def _label(node: URIRef, thing: URIRef, capacity: URIRef, reader: Reader, writer: GraphWriter) -> None:
    """The thing and, after a colon, its capacity: a name for it, since a verb would have to agree with the thing."""
    spanish, english = (
        f"{reader.things.short_label(thing, language)}: {reader.things.label(capacity, language)}"
        for language in ("es", "en")
    )
    writer.label(node, spanish, english)


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
_VALUES = (
    Column("property", required=True, pattern="|".join(_PROPERTIES), hint="one of " + ", ".join(_PROPERTIES)),
    Column("value", required=True),
    CONFIDENCE,
)


def describe_values(reader: Reader, writer: GraphWriter) -> list[Annotation]:
    """The tables of properties and values, each row a statement with its words and its reader; gives the rows.

    Raises TableError for a row that does not fit.
    """
    rows = list(chain.from_iterable(reader.read(name, _VALUES) for name in TABLES))
    for row in rows:
        predicate, find = _PROPERTIES[row.row["property"]]
        value = row.resolve("value", lambda cell, find=find: find(reader.things, cell))  # type: ignore[misc]
        statement = writer.state(writer.iri(row.element.id), predicate, value, row.passage, row.annotator)
        describe_confidence(statement, row, reader, writer)
    return rows


_CLASSES = {"past": CG.PastEvent, "planned": CG.PlannedEvent}
_BEFORE = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    Column("kind", required=True, pattern="past|planned", hint="past or planned"),
)
_EVENTS = (
    Column("label_es", required=True),
    Column("label_en", required=True),
    Column("fulfils", many=True),
    Column("date"),
    Column("since"),
    path_column("places", many=True),
    path_column("meeting"),
    path_column("agents", many=True),
)


def describe_events(reader: Reader, writer: GraphWriter) -> None:
    """The table `events`: what happened or is planned, where the plan tells it, when, where and with whom.

    Only what happened can fulfil an action or activity. An event is told where it is first told. Raises TableError for
    a row that does not fit.
    """
    told: set[str] = set()
    for row in reader.read("events", _EVENTS, key=("id",), before=_BEFORE):
        if row.row["id"] in told:
            continue
        told.add(row.row["id"])
        node = URIRef(writer.names.id("event", writer.plan.id, row.row["id"]))
        writer.graph.add((node, RDF.type, _CLASSES[row.row["kind"]]))
        writer.label(node, row.row["label_es"], row.row["label_en"])
        writer.graph.add((node, CG.toldIn, writer.iri(row.element.id)))
        writer.stand(node, row.passage)
        writer.graph.add((node, PROV.wasAttributedTo, URIRef(writer.names.id("annotator", row.annotator))))
        for step in _fulfilled(row, reader):
            writer.graph.add((node, CG.fulfils, writer.iri(step.id)))
        _describe_when_where_who(node, row, reader, writer)


def _fulfilled(row: Annotation, reader: Reader) -> tuple[Part, ...]:
    def steps(id_: str) -> Sequence[Part]:
        parts = reader.parts(id_)
        if row.row["kind"] != "past":
            raise ValueError("what is still planned has fulfilled nothing; empty this cell")
        if not all(isinstance(part, Action | Activity) for part in parts):
            raise ValueError(f"{id_} is no action or activity, so nothing can have fulfilled it")
        return parts

    return tuple(part for parts in row.resolve_all("fulfils", steps) for part in parts)


def _describe_when_where_who(node: URIRef, row: Annotation, reader: Reader, writer: GraphWriter) -> None:
    things = reader.things
    for column, predicate in (("date", CG.date), ("since", CG.since)):
        for date in row.resolve_all(column, date_literal):
            writer.graph.add((node, predicate, date))
    for column, predicate, kinds in (
        ("places", CG.place, PLACE_KINDS),
        ("meeting", CG.meeting, ("meeting",)),
        ("agents", CG.eventAgent, AGENT_KINDS),
    ):
        for thing in row.resolve_all(column, lambda path, kinds=kinds: things.thing(path, kinds)):  # type: ignore[misc]
            writer.graph.add((node, predicate, thing))


@dataclass(frozen=True)
class Translation:
    """A text in the other language and the id of the annotator who put it so."""

    text: str
    translator: str


Translations = Mapping[str, Translation]
"""By the text as the plan has it, with blank space folded."""

_TRANSLATIONS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """The translations in a CSV table of columns es, en, translator; none where there is no such file.

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
        try:
            things.thing(f"annotator/{row['translator']}", ("annotator",))
        except ValueError as error:
            raise row.problem("translator", str(error)) from None
        translations[own] = Translation(row[other_language(language)], row["translator"])
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, writer: GraphWriter
) -> None:
    """The label of `subject`: its text, and in the other language where there is a translation of what `passage` says.

    The label that is a translation is a statement of its own, a cg:Translation, attributed to the translator.
    """
    label = tidy(text)
    writer.graph.add((subject, RDFS.label, Literal(label, writer.plan.language)))
    translation = translations.get(label)
    if translation is not None and passage is not None:
        other = Literal(translation.text, other_language(writer.plan.language))
        said = writer.state(subject, RDFS.label, other, passage, translation.translator)
        writer.graph.add((said, RDF.type, CG.Translation))


TOPIC_TABLES = {"topics": ("topic", CG.topic), "population-groups": ("population-group", CG.populationGroup)}
"""For each table of what and whom a plan is about, the vocabulary of its concepts and the property that it gives."""


def describe_topics(table: str, read: Set[str], found: Iterable[Found], writer: GraphWriter) -> None:
    """What the mentions that were `found` name of the concepts of a table, each stated with the words that name it.

    Where a reader read the words, who may have seen that they are about something else, it is not said: `read` has the
    ids of these parts. The title of the plan is no part of it.
    """
    scheme, predicate = TOPIC_TABLES[table]
    concepts, silent = f"{ONTOLOGY}/{scheme}#", {writer.root, *(writer.iri(id_) for id_ in read)}
    for each in found:
        if each.element not in silent and each.thing.startswith(concepts):
            writer.state(each.element, predicate, each.thing, each.passage, RECOGNISER)
