"""What a reader saw of who takes part in an element, in which role, and of what use an instrument is in it."""

from collections import Counter

from rdflib import PROV, RDF, URIRef

from crmgraph.describing.annotations import Annotation, Reader, path_column
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column
from crmgraph.describing.vocabulary import CG

__all__ = ["AGENT_KINDS", "CONFIDENCE", "describe_confidence", "describe_instrument_uses", "describe_participations"]

AGENT_KINDS = ("actor", "network", "country", "process")
"""How the paths of agents begin."""

CONFIDENCE = Column("confidence")
"""How sure a reader is, where the words leave it to the reader what is meant, as “the network” does."""


def describe_participations(reader: Reader, scribe: Scribe) -> None:
    """The table `participations`: element, agent (a path), role, confidence. Raises TableError where a row is wrong."""
    columns = (path_column("agent", required=True), Column("role", required=True), CONFIDENCE)
    counted: Counter[str] = Counter()
    for row in reader.read("participations", columns):
        agent = row.resolve("agent", lambda path: reader.things.thing(path, AGENT_KINDS))
        role = row.resolve("role", lambda name: reader.things.concept("participation-role", name))
        node = _node(row, "participation", CG.Participation, CG.participation, counted, scribe)
        scribe.graph.add((node, CG.agent, agent))
        scribe.graph.add((node, CG.role, role))
        describe_confidence(node, row, reader, scribe)
        _label(node, agent, role, reader, scribe)


def describe_confidence(node: URIRef, row: Annotation, reader: Reader, scribe: Scribe) -> None:
    """How sure the reader was of what `node` says, where the row has it. Raises TableError for no such confidence."""
    for confidence in row.resolve_all("confidence", lambda name: reader.things.concept("confidence", name)):
        scribe.graph.add((node, CG.confidence, confidence))


def describe_instrument_uses(reader: Reader, scribe: Scribe) -> None:
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
        node = _node(row, "instrument-use", CG.InstrumentUse, CG.instrumentUse, counted, scribe)
        scribe.graph.add((node, CG.instrument, instrument))
        scribe.graph.add((node, CG.use, use))
        describe_confidence(node, row, reader, scribe)
        made = (row.element.id, row.row["instrument"]) not in yet_to_be_made
        if made and reader.things.is_below(use, "reliance"):
            scribe.graph.add((node, CG.instrumentReliedOn, instrument))
        _label(node, instrument, use, reader, scribe)


def _node(row: Annotation, name: str, class_: URIRef, whose: URIRef, counted: Counter[str], scribe: Scribe) -> URIRef:
    """A node of the element, called `name` and a number in the order of the text, with its words and its reader."""
    counted[row.element.id] += 1
    node = scribe.iri(row.element.id, f"{name}-{counted[row.element.id]}")
    scribe.graph.add((node, RDF.type, class_))
    scribe.graph.add((scribe.iri(row.element.id), whose, node))
    scribe.stand(node, row.passage)
    scribe.graph.add((node, PROV.wasAttributedTo, URIRef(scribe.names.id("annotator", row.annotator))))
    return node


def _label(node: URIRef, thing: URIRef, capacity: URIRef, reader: Reader, scribe: Scribe) -> None:
    """The thing and, after a colon, its capacity: a name for it, since a verb would have to agree with the thing."""
    spanish, english = (
        f"{reader.things.short_label(thing, language)}: {reader.things.label(capacity, language)}"
        for language in ("es", "en")
    )
    scribe.label(node, spanish, english)
